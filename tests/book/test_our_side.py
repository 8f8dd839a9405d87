"""Our side of a group is our side of one customer: nothing of it is lost."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.book import Account, OurSide, due, review, roll_up
from keyaccount.book.our_side import NOTHING_OF_OURS, merged
from keyaccount.domain import (
    AccountPhase,
    AccountPlan,
    AccountProject,
    AccountTeam,
    AnnualTarget,
    BusinessPositioning,
    Commitment,
    CoverageModel,
    Customer,
    CustomerAction,
    Issue,
    OfferMode,
    Pairing,
    ProjectTask,
    SalesMotion,
    ServicePromise,
    SponsorshipMode,
    TargetKind,
    TeamMember,
    TeamProximity,
    ValueProposition,
    ValueTier,
    VisitLevel,
    WeakPoint,
    WeakPointOwner,
)
from keyaccount.models import plans


DAY = dt.date(2025, 3, 1)
SEVERAL = (
    "commitments",
    "issues",
    "pairings",
    "plans",
    "projects",
    "actions",
    "propositions",
)


def side(of: str) -> OurSide:
    """Return one of everything of which a customer may have several."""
    point = WeakPoint("w1", WeakPointOwner.OURS)
    return OurSide(
        commitments=(Commitment(f"k-{of}", of, "a crane", DAY),),
        issues=(Issue(f"i-{of}", of, "late", DAY),),
        pairings=(Pairing(of, f"boss-{of}"),),
        plans=(AccountPlan(of, AccountPhase.DEVELOPMENT),),
        projects=(
            AccountProject(f"p-{of}", of, "win it", DAY, DAY, weak_points=(point,)),
        ),
        actions=(CustomerAction(f"a-{of}", of),),
        propositions=(ValueProposition(f"v-{of}", of),),
        targets=(AnnualTarget(2025, TargetKind.SALES_VOLUME, 5, customer_id=of),),
    )


def counted(sides: list[OurSide], name: str) -> Counter[object]:
    """Count what the sides hold, whose ever it is."""
    return Counter(
        attrs.evolve(one, customer_id="any")
        for found in sides
        for one in getattr(found, name)
    )


@given(st.lists(st.sampled_from(["a", "b", "c"]), unique=True))
def test_of_what_a_customer_may_have_several_nothing_is_lost(
    members: list[str],
) -> None:
    sides = [side(of) for of in members]
    found = merged("top", sides)

    for name in SEVERAL:
        assert counted([found], name) == counted(sides, name)
        assert {one.customer_id for one in getattr(found, name)} <= {"top"}
    assert [one.customer_id for one in found.targets] == members


def test_a_group_takes_over_what_its_subsidiaries_hold() -> None:
    top = Account(Customer("top", "Top"))
    sub = Account(Customer("sub", "Sub", parent_id="top"), ours=side("sub"))
    (found,) = roll_up([top, sub]).accounts

    assert found.ours == merged("top", [NOTHING_OF_OURS, side("sub")])
    assert found.ours.projects[0].weak_points == side("sub").projects[0].weak_points


def test_what_two_companies_call_alike_are_two_things_of_their_group() -> None:
    """Equal ids of two customers are no slip; they must not blind a lens."""
    late = DAY - dt.timedelta(1)
    accounts = [
        Account(
            Customer(of, of, parent_id=None if of == "top" else "top"),
            ours=OurSide(
                commitments=(Commitment("k", of, f"crane {of}", late, late),),
                issues=(Issue("i", of, f"late {of}", late),),
                projects=(
                    AccountProject(
                        "p", of, f"win {of}", late, DAY, tasks=[ProjectTask("t", of)]
                    ),
                ),
                actions=(CustomerAction("a", of, None, f"show {of}", due=late),),
                propositions=(ValueProposition("v", of),),
            ),
        )
        for of in ("top", "one", "two")
    ]

    [found] = review(roll_up(accounts).accounts, as_of=DAY)

    assert found.ours.unread == ()
    assert found.ours.issues is not None
    assert len(found.ours.issues.issues) == 3
    said = [item.says() for item in due([found], as_of=DAY)]
    for of in ("top", "one", "two"):
        assert any(f"“win {of}”: {of};" in line for line in said)
        assert any(f"show {of}" in line for line in said)
    ids = {one.id for one in found.account.ours.commitments}
    assert ids == {"top/k", "one/k", "two/k"}


@pytest.mark.hostile
def test_an_id_that_is_full_takes_no_company_before_it() -> None:
    longest = "k" * 200
    sides = [
        OurSide(commitments=(Commitment(longest, of, "a crane", DAY),))
        for of in ("top", "sub")
    ]

    assert [one.id for one in merged("top", sides).commitments] == [longest] * 2


def test_where_nothing_is_known_of_ours_nothing_is_made_up() -> None:
    assert merged("top", []) is NOTHING_OF_OURS
    assert merged("top", [NOTHING_OF_OURS, OurSide()]) is NOTHING_OF_OURS


def test_one_executive_who_stands_for_both_is_paired_once() -> None:
    sides = [OurSide(pairings=(Pairing(of, "boss"),)) for of in ("top", "sub")]

    assert merged("top", sides).pairings == (Pairing("top", "boss"),)


def test_what_each_company_aims_at_is_measured_by_itself() -> None:
    sides = [
        OurSide(targets=(AnnualTarget(2025, kind, 1, currency=money, customer_id=of),))
        for of, kind, money in (
            ("top", TargetKind.MARKET_SHARE, None),
            ("sub", TargetKind.MARKET_SHARE, None),
            ("sub", TargetKind.SALES_AMOUNT, "CNY"),
            ("last", TargetKind.SALES_AMOUNT, "EUR"),
        )
    ]
    reached = plans.attainment(merged("top", sides).targets, as_of=DAY)

    told = [(line.customer_id, line.kind) for line in reached.kinds]
    assert sorted(told, key=str) == [
        ("last", TargetKind.SALES_AMOUNT),
        ("sub", TargetKind.MARKET_SHARE),
        ("sub", TargetKind.SALES_AMOUNT),
        ("top", TargetKind.MARKET_SHARE),
    ]


def test_what_is_told_once_is_the_parents_word_or_the_first_subsidiarys() -> None:
    ours = SalesMotion(offer=OfferMode.CONSULTATIVE)
    other = SalesMotion(sponsorship=SponsorshipMode.SALES_OWNED)
    written = BusinessPositioning("sub", competitor="Fast Ox")
    sides = [
        OurSide(motion=ours),
        OurSide(motion=other, positioning=written),
        OurSide(positioning=BusinessPositioning("last", competitor="Slow Ox")),
    ]
    found = merged("top", sides)

    assert found.motion == ours
    assert found.positioning == BusinessPositioning("top", competitor="Fast Ox")


def test_everybody_of_ours_is_on_the_groups_team_once() -> None:
    near = TeamProximity.JOINT_TEAM
    teams = [
        AccountTeam("top", (TeamMember("Wu"), TeamMember("Li", "sales", {"price"}))),
        AccountTeam("a", None, near, CoverageModel.NAMED, DAY),
        AccountTeam("b", (TeamMember("Wu", "service", {"repairs"}),)),
    ]
    found = merged("top", [OurSide(team=team) for team in teams])

    assert found.team == AccountTeam(
        "top",
        (
            TeamMember("Wu", "service", {"repairs"}),
            TeamMember("Li", "sales", {"price"}),
        ),
        near,
        CoverageModel.NAMED,
        DAY,
    )


def test_a_team_of_which_nobody_tells_who_is_on_it_stays_unknown() -> None:
    near = AccountTeam("sub", proximity=TeamProximity.SAME_CITY)
    found = merged("top", [NOTHING_OF_OURS, OurSide(team=near)])

    assert found.team == attrs.evolve(near, customer_id="top")
    assert found.promise is None


def test_what_was_agreed_with_each_company_is_owed_to_the_group() -> None:
    promises = [
        ServicePromise(
            "top",
            ValueTier.GOLD,
            executive_visits_per_year=4,
            visit_level=VisitLevel.MANAGER,
            first_response_hours=24,
            owner="Wu",
            since=DAY,
        ),
        ServicePromise(
            "sub",
            executive_visits_per_year=2,
            visit_level=VisitLevel.EXECUTIVE,
            technical_exchanges_per_year=3,
            first_response_hours=8,
            business_hours=True,
            weekly_receivables_review=True,
            owner="Li",
            visitor="Boss",
        ),
    ]
    found = merged("top", [OurSide(promise=one) for one in promises])

    assert found.promise == ServicePromise(
        "top",
        ValueTier.GOLD,
        executive_visits_per_year=6,
        visit_level=VisitLevel.EXECUTIVE,
        technical_exchanges_per_year=3,
        first_response_hours=8,
        business_hours=True,
        weekly_receivables_review=True,
        owner="Wu",
        visitor="Boss",
        since=DAY,
    )


def test_a_single_promise_stands_as_it_is() -> None:
    agreed = ServicePromise("sub", business_hours=True)
    found = merged("top", [NOTHING_OF_OURS, OurSide(promise=agreed)])

    assert found.promise == attrs.evolve(agreed, customer_id="top")


@pytest.mark.parametrize("companies", [200, 2_000])
def test_more_visits_than_a_year_holds_are_as_many_as_it_holds(companies: int) -> None:
    agreed = ServicePromise("sub", executive_visits_per_year=12)
    found = merged("top", [OurSide(promise=agreed)] * companies)

    assert found.promise is not None
    assert found.promise.executive_visits_per_year == 1000
