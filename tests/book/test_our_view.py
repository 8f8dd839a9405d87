"""Our own side of one customer: each lens speaks once something is told for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import attrs
import pytest

from keyaccount.book import Account, Firm, OurSide, OurView, Policies, Whole, review
from keyaccount.book.our_view import our_view
from keyaccount.domain import (
    AccountPhase,
    AccountPlan,
    AccountProject,
    AccountTeam,
    BusinessPositioning,
    Commitment,
    CommPurpose,
    Cooperation,
    CoverageMode,
    Customer,
    CustomerAction,
    Executive,
    ExecutiveAntiPattern,
    Issue,
    KnowledgeItem,
    KnowledgeKind,
    OfferMode,
    Pairing,
    Relation,
    SalesMotion,
    ServicePromise,
    Stakeholder,
    TeamMember,
    Touchpoint,
    ValueProposition,
    VolumeProfitType,
    YearMetrics,
)
from keyaccount.models import communication, engagement, motion, plans
from keyaccount.tri import Tri


TODAY = dt.date(2025, 12, 31)
TOUCHED: Callable[..., Touchpoint] = attrs.evolve
ACCOUNT: Callable[..., Account] = attrs.evolve


def day(days: int) -> dt.date:
    return TODAY + dt.timedelta(days)


def seen(ours: OurSide | None = None, **beside: object) -> OurView:
    """Judge one customer; *beside* is what stands in its account."""
    firm = beside.pop("firm", Firm())
    assert isinstance(firm, Firm)
    one = Account(Customer("c1", "Acme", "USD", owner="Li"), ours=ours or OurSide())
    [sheet] = review([ACCOUNT(one, **beside)], as_of=TODAY, firm=firm)
    return sheet.ours


def visit(days: int, *, executive: Tri = Tri.YES, **more: object) -> Touchpoint:
    met = Touchpoint("c1", day(days), executive=executive, purpose=CommPurpose.TRUST)
    return TOUCHED(met, **more)


def test_where_nothing_is_told_nothing_is_said() -> None:
    assert seen() == OurView()


def test_how_we_sell_is_held_against_what_the_customer_may_be() -> None:
    alone = AccountTeam("c1", [TeamMember("Li", "sales")])

    found = seen(OurSide(SalesMotion(OfferMode.CONSULTATIVE), alone)).motion

    assert found is not None
    assert found.actual.coverage is CoverageMode.SOLO
    assert found.value is None  # nobody knows whether it is strategic
    assert motion.SalesShift.TO_TEAM in found.undecided


def test_a_contact_alone_tells_nothing_of_executives() -> None:
    found = seen(contacts=(visit(-3, executive=Tri.UNKNOWN),))

    assert found.engagement is None
    assert found.communication is not None
    assert found.communication.customer_id == "c1"


def test_a_visit_on_a_whim_shows_in_the_review() -> None:
    whim = visit(-3, planned=Tri.NO, prepared=Tri.NO, sales_team_notified=Tri.NO)

    found = seen(contacts=(whim,)).engagement

    assert found is not None
    assert found.patterns == (ExecutiveAntiPattern.WHIM,)
    assert found.value is engagement.Engagement.HARMFUL


@pytest.mark.parametrize(
    ("people", "is_single"),
    [(["Li"], True), (["Li", "Zhao"], False), ([], False)],
)
def test_whether_one_of_us_alone_talks_to_them_comes_from_the_map(
    people: list[str], *, is_single: bool
) -> None:
    met = visit(-3, our_people=people)

    found = seen(contacts=(met,)).engagement

    assert found is not None
    assert ("single-threaded-our-side" in found.flags) is is_single


def test_a_visit_ahead_is_checked_with_the_executive_who_goes() -> None:
    trained = Executive("x1", "chief executive", is_chief=True, trained=Tri.YES)
    fresh = Executive("x2", "finance director", trained=Tri.NO)
    firm = Firm(executives=(trained, fresh))
    ahead = visit(9, our_people=["finance director"])
    unnamed = visit(9)
    ours = OurSide(pairings=(Pairing("c1", "x1"),))

    [goes] = seen(ours, contacts=(ahead,), firm=firm).visits
    [stands] = seen(ours, contacts=(unnamed,), firm=firm).visits

    def answer(found: engagement.VisitVerdict) -> Tri:
        return next(one.answer for one in found.checks if "trained" in one.id)

    assert (answer(goes), answer(stands)) == (Tri.NO, Tri.YES)
    assert not seen(ours, contacts=(visit(-9),), firm=firm).visits


def test_where_nobody_writes_promises_down_a_visit_asks_for_them() -> None:
    ahead = Account(Customer("c1", "Acme"), contacts=(visit(9),))
    promise = Commitment("k1", "c2", "a sample", day(-9))
    other = Account(Customer("c2", "Beta"), ours=OurSide(commitments=(promise,)))

    def answer(*accounts: Account) -> Tri:
        [found] = [
            one for sheet in review(accounts, as_of=TODAY) for one in sheet.ours.visits
        ]
        return next(one.answer for one in found.checks if "commitments" in one.id)

    assert answer(ahead) is Tri.UNKNOWN
    assert answer(ahead, other) is Tri.YES  # known to have none


def test_a_visit_on_the_very_day_still_lies_ahead() -> None:
    assert [one.days_left for one in seen(contacts=(visit(0),)).visits] == [0]


def test_issues_are_aged_and_what_is_owed_is_dated() -> None:
    issue = Issue("i1", "c1", "late truck", day(-40), resolved=Tri.NO)
    agreed = ServicePromise("c1", technical_exchanges_per_year=2, since=day(-365))

    found = seen(OurSide(issues=(issue,), promise=agreed))

    assert found.issues is not None
    assert found.issues.value is communication.IssueAge.STALE
    assert [one.due_on for one in found.obligations] == [day(-365 + 182)]
    assert found.promise is not None
    assert found.promise.owner == "Li"


def test_of_a_class_nothing_is_owed_while_no_contact_is_on_record() -> None:
    years = [YearMetrics(year, sales=150_000_000) for year in (2024, 2025)]
    rich = Customer("c1", "Acme", "USD", owner="Li", years=years)

    def owed(*contacts: Touchpoint) -> tuple[plans.Obligation, ...]:
        [sheet] = review([Account(rich, contacts=contacts)], as_of=TODAY)
        return sheet.ours.obligations

    assert owed() == ()
    assert {one.kind.value for one in owed(visit(-3))} == {
        "executive-visit",
        "technical-exchange",
    }


def test_a_project_asks_whether_the_analyses_are_complete() -> None:
    project = AccountProject("j1", "c1", "two plants", day(-9), day(90))
    waived = attrs.evolve(project, waiver="in a hurry", waived_by="board")

    def asked(one: AccountProject) -> bool:
        [found] = seen(OurSide(projects=(one,))).projects
        return any(
            finding.kind is plans.ProjectFindingKind.NOT_ANALYSED
            for finding in found.findings
        )

    assert asked(project)
    assert not asked(waived)


def test_goals_that_do_not_suit_the_type_of_a_customer_are_strange() -> None:
    plan = AccountPlan("c1", AccountPhase.MAINTENANCE, goals=["retain", "to the moon"])
    ours = OurSide(plans=(plan,))
    one = Account(Customer("c1", "Acme"), ours=ours)

    def strange(kind: VolumeProfitType | None) -> tuple[str, ...]:
        found = our_view(
            one,
            tier=None,
            designation=None,
            match=None,
            people=None,
            type=kind,
            as_of=TODAY,
            policies=Policies(),
            whole=Whole(),
        )
        assert found.plan is not None
        return found.plan.strange_goals

    assert strange(None) == ()
    assert strange(VolumeProfitType.DUAL_DRIVER) == ("to the moon",)


def test_the_templates_that_somebody_began_are_judged() -> None:
    ours = OurSide(
        positioning=BusinessPositioning("c1", "grow"),
        propositions=(ValueProposition("v1", "c1", "speed"),),
        actions=(CustomerAction("a1", "c1", "s1"),),
    )

    found = seen(ours, people=(Stakeholder("s2", "c1", "Wu"),))

    shares = [
        found.positioning and found.positioning.completeness,
        found.propositions and found.propositions.completeness,
        found.action_map and found.action_map.completeness,
    ]
    assert shares == [pytest.approx(1 / 3), 0.25, 0.25]
    assert found.action_map is not None
    assert found.action_map.strangers == ("s1",)


def test_what_we_learned_elsewhere_is_found_where_somebody_is_at_work() -> None:
    lessons = (
        KnowledgeItem("n1", KnowledgeKind.SOLUTION, "hub", "steel", recorded_on=TODAY),
        KnowledgeItem("n2", KnowledgeKind.SOLUTION, "own", "steel", customer_id="c1"),
        KnowledgeItem(
            "n3", KnowledgeKind.SOLUTION, "late", "steel", recorded_on=day(1)
        ),
        KnowledgeItem("n4", KnowledgeKind.SOLUTION, "other", "toys"),
    )
    steel = Customer("c1", "Acme", industry="steel")
    project = AccountProject("j1", "c1", "two plants", day(-9), day(90))
    firm = Firm(knowledge=lessons)

    busy = seen(OurSide(projects=(project,)), customer=steel, firm=firm)
    idle = seen(customer=steel, firm=firm)

    assert [one.item.id for one in busy.similar] == ["n1"]
    assert idle.similar == ()


def test_a_prospect_has_a_side_of_ours_too() -> None:
    prospect = Customer("c1", "Acme", relation=Relation.PROSPECT)

    [sheet] = review(
        [Account(prospect, contacts=(visit(-3),), cooperation=Cooperation())],
        as_of=TODAY,
    )

    assert sheet.ours.communication is not None
    assert sheet.ours.engagement is not None
    assert sheet.ours.obligations == ()


def test_records_that_cannot_be_read_are_told_and_hide_nothing_else() -> None:
    same = Issue("i1", "c1", "late truck", day(-4))

    found = seen(OurSide(issues=(same, same)), contacts=(visit(-3),))

    assert found.engagement is None
    assert [error.what for error in found.unread] == [
        "engagement",
        "issue_ageing",
    ]
    assert found.communication is not None
