"""Whether we sell in the right way: laws that hold whatever is known of a customer."""

from __future__ import annotations

import datetime as dt
import itertools
import pickle
import random
from typing import TypeAlias

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import policies, wire
from keyaccount.domain import (
    AccountTeam,
    CoverageMode,
    OfferMode,
    SalesMotion,
    SponsorshipMode,
    StrategicDesignation,
    TeamMember,
)
from keyaccount.models import motion
from keyaccount.models.motion import MotionPolicy, MotionVerdict, SalesShift
from keyaccount.tri import Tri
from tests.refusals import refused
from tests.strategies import account_teams, sales_motions


TODAY = dt.date(2025, 12, 31)
TOMORROW = TODAY + dt.timedelta(1)
STRATEGIC, KEY, HIGH, ORDINARY = StrategicDesignation
Mode: TypeAlias = OfferMode | CoverageMode | SponsorshipMode
LOWEST_FIRST = (ORDINARY, HIGH, KEY, STRATEGIC)
OLD = SalesMotion(
    OfferMode.STANDARD_PRODUCT, CoverageMode.SOLO, SponsorshipMode.SALES_OWNED
)
NEW = SalesMotion(
    OfferMode.CONSULTATIVE, CoverageMode.TEAM, SponsorshipMode.EXECUTIVE_SPONSORED
)
PARTS = ("offer", "coverage", "sponsorship")
QUESTIONS = ("offer_mode", "coverage_mode", "sponsorship_mode")
EVERY_WAY = [
    SalesMotion(*way)
    for way in itertools.product(OfferMode, CoverageMode, SponsorshipMode)
]
designations = st.lists(st.sampled_from(StrategicDesignation), min_size=1, unique=True)


def own(**changes: object) -> MotionPolicy:
    return policies.read({"based_on": "motion", **changes}, MotionPolicy)


def team(*departments: str | None, since: dt.date | None = None) -> AccountTeam:
    named = [TeamMember(f"p{at}", one) for at, one in enumerate(departments)]
    return AccountTeam("c1", named, since=since)


def filled(one: SalesMotion) -> list[SalesMotion]:
    """Return every way in which a motion may turn out once all of it is known."""
    return [
        way
        for way in EVERY_WAY
        if all(getattr(one, part) in {None, getattr(way, part)} for part in PARTS)
    ]


def with_mode(one: SalesMotion, shift: SalesShift, mode: Mode) -> SalesMotion:
    """Return the motion with one of its parts told."""
    told = {**wire.unstructure(one), shift.part: mode.value}
    return wire.structure(told, SalesMotion)


IN_STEP = own(
    right_rows=[
        {
            "id": "no-shift-missing",
            "when": 'coverage_mode in ("team",) and offer_mode in ("consultative",) '
            'or coverage_mode in ("solo",) and offer_mode in ("standard-product",)',
        }
    ]
)
lenient = st.sampled_from(
    [
        IN_STEP,
        motion.default_policy(),
        own(
            right_rows=[
                {
                    "id": "no-shift-missing",
                    "when": "not consultative_shift_missing and not team_shift_missing",
                }
            ]
        ),
        own(
            right_rows=[
                {
                    "id": "no-shift-missing",
                    "when": 'coverage_mode in ("team",) and not team_shift_missing '
                    'or strategic_designation in ("ordinary",)',
                }
            ]
        ),
        own(
            offer_rows=[
                {
                    "id": "needs-more-than-a-product",
                    "when": 'strategic_designation in ("strategic", "ordinary")',
                }
            ]
        ),
    ]
)


# ── what is asked for (S0-12 to S0-15) ──────────────────────────────────────────


def test_the_three_shifts_lead_from_the_old_way_to_the_new_one() -> None:
    # S0-12, S0-13, S0-14
    parts = [shift.part for shift in SalesShift]

    assert tuple(parts) == PARTS
    assert SalesMotion(*(shift.now for shift in SalesShift)) == OLD  # type: ignore[arg-type]  # in their order
    assert SalesMotion(*(shift.to for shift in SalesShift)) == NEW  # type: ignore[arg-type]  # in their order


@given(designations, lenient)
def test_what_every_possible_designation_asks_for_is_sure(
    possible: list[StrategicDesignation], policy: MotionPolicy
) -> None:
    together = motion.required(possible, policy=policy)
    alone = [motion.required(one, policy=policy) for one in possible]

    for shift in SalesShift:
        asked = {
            "optional" if shift in one.optional else getattr(one.motion, shift.part)
            for one in alone
        }
        assert (shift in together.undecided) is (len(asked) > 1)
        is_optional = asked == {"optional"}
        assert (shift in together.optional) is is_optional
        if len(asked) == 1 and not is_optional:
            assert getattr(together.motion, shift.part) in asked
        else:
            assert getattr(together.motion, shift.part) is None


@given(designations, st.randoms())
def test_the_order_of_designations_does_not_matter(
    possible: list[StrategicDesignation], chance: random.Random
) -> None:
    shuffled = [*possible, possible[0]]
    chance.shuffle(shuffled)

    assert motion.required(shuffled) == motion.required(possible)
    assert motion.required(possible).designations == tuple(
        one for one in LOWEST_FIRST if one in possible
    )


def test_an_unknown_designation_may_be_any() -> None:  # S0-15
    found = motion.required(None)

    assert found == motion.required(StrategicDesignation)
    assert found.motion == SalesMotion()
    assert found.undecided == tuple(SalesShift)


def test_a_higher_designation_asks_for_no_less() -> None:  # S0-15
    for lower, higher in itertools.pairwise(LOWEST_FIRST):
        for way in EVERY_WAY:
            below = motion.gaps(way, lower).shifts
            assert set(below) <= set(motion.gaps(way, higher).shifts)


# ── who sells, as the team shows it (S0-13) ─────────────────────────────────────


@pytest.mark.parametrize(
    "departments, expected",
    [
        ([], CoverageMode.SOLO),
        (["sales"], CoverageMode.SOLO),
        ([None], CoverageMode.SOLO),
        (["sales", "sales"], CoverageMode.SOLO),
        (["sales", "Ｓales "], CoverageMode.SOLO),
        (["sales", None], None),
        ([None, None], None),
        (["sales", "delivery"], CoverageMode.TEAM),
        (["销售部", "技术部", None], CoverageMode.TEAM),
    ],
)
def test_a_team_is_two_departments_or_more(
    departments: list[str | None], expected: CoverageMode | None
) -> None:
    assert motion.actual(team=team(*departments)).coverage is expected


def test_without_a_team_what_was_told_stands() -> None:
    told = CoverageMode.TEAM

    assert motion.actual(coverage=told).coverage is told
    assert motion.actual(coverage=told, team=AccountTeam("c1")).coverage is told
    assert motion.actual(coverage=told, team=team(None, None)).coverage is told
    assert motion.actual() == SalesMotion()


def test_what_the_team_shows_beats_what_was_told() -> None:
    verdict = motion.gaps(NEW, STRATEGIC, team=team("sales"))

    assert motion.actual(coverage=CoverageMode.TEAM, team=team("sales")) == SalesMotion(
        coverage=CoverageMode.SOLO
    )
    assert verdict.actual.coverage is CoverageMode.SOLO
    assert verdict.flags == ("team-contradicts",)
    assert verdict.shifts == (SalesShift.TO_TEAM,)
    assert motion.gaps(NEW, STRATEGIC, team=team("a", "b")).flags == ()


@pytest.mark.parametrize(
    "since, as_of, expected",
    [
        (TODAY, TODAY, CoverageMode.SOLO),
        (TOMORROW, TODAY, None),
        (TOMORROW, None, CoverageMode.SOLO),
        (None, TODAY, CoverageMode.SOLO),
    ],
)
def test_a_team_counts_from_its_first_day_on(
    since: dt.date | None, as_of: dt.date | None, expected: CoverageMode | None
) -> None:
    ours = team("sales", since=since)

    verdict = motion.gaps(None, KEY, team=ours, as_of=as_of)

    assert motion.actual(team=ours, as_of=as_of).coverage is expected
    assert verdict.actual.coverage is expected
    assert ("team-not-yet" in verdict.flags) is (expected is None)


def test_an_empty_team_is_told() -> None:
    verdict = motion.gaps(None, KEY, team=AccountTeam("c1", []))

    assert verdict.flags == ("team-empty",)
    assert verdict.departments == (0, 0)
    assert verdict.shifts == (SalesShift.TO_TEAM,)
    later = AccountTeam("c1", [], since=TOMORROW)
    assert motion.gaps(None, KEY, team=later, as_of=TODAY).flags == ("team-not-yet",)


DEPARTMENTS = ("sales", "delivery", "finance", "legal")
departments = st.lists(st.none() | st.sampled_from(DEPARTMENTS), max_size=4)


@given(departments, st.sampled_from(DEPARTMENTS))
def test_telling_a_department_never_contradicts_what_was_sure(
    known: list[str | None], department: str
) -> None:
    before = motion.actual(team=team(None, *known)).coverage

    after = motion.actual(team=team(department, *known)).coverage

    assert before in {None, after}


@given(departments, st.randoms())
def test_the_order_of_the_members_does_not_matter(
    known: list[str | None], chance: random.Random
) -> None:
    shuffled = list(known)
    chance.shuffle(shuffled)

    assert motion.gaps(None, None, team=team(*shuffled)) == motion.gaps(
        None, None, team=team(*known)
    )


# ── which shifts are missing (S0-15) ────────────────────────────────────────────


@given(sales_motions, designations, lenient)
def test_the_answer_holds_however_the_unknown_turns_out(
    one: SalesMotion, possible: list[StrategicDesignation], policy: MotionPolicy
) -> None:
    verdict = motion.gaps(one, possible, policy=policy)

    ways = [
        motion.gaps(way, designation, policy=policy)
        for way in filled(one)
        for designation in possible
    ]
    assert set(verdict.possible) == {way.value for way in ways}
    assert all(way.is_settled and not way.missing for way in ways)
    for shift in SalesShift:
        answers = {shift in way.shifts for way in ways}
        assert (shift in verdict.shifts) is (answers == {True})
        assert (shift in verdict.undecided) is (len(answers) > 1)


@given(sales_motions, designations, lenient)
def test_questions_are_asked_as_long_as_anything_is_open(
    one: SalesMotion, possible: list[StrategicDesignation], policy: MotionPolicy
) -> None:
    verdict = motion.gaps(one, possible, policy=policy)

    is_open = not verdict.is_settled or bool(verdict.undecided)
    assert bool(verdict.missing) is is_open
    left = []
    for gap in verdict.missing:
        after = answered(one, possible, gap.fact, policy)
        left.append(sum(len(found.possible) for found in after) / len(after))
    assert left == sorted(left)


def answered(
    one: SalesMotion,
    possible: list[StrategicDesignation],
    name: str,
    policy: MotionPolicy,
) -> list[MotionVerdict]:
    """Return the verdicts after each answer to one of the questions."""
    if name == "strategic_designation":
        return [motion.gaps(one, told, policy=policy) for told in possible]
    shift = list(SalesShift)[QUESTIONS.index(name)]
    told_ways = [with_mode(one, shift, mode) for mode in (shift.now, shift.to)]
    return [motion.gaps(told, possible, policy=policy) for told in told_ways]


def test_what_would_change_nothing_is_not_asked() -> None:
    verdict = motion.gaps(SalesMotion(), ORDINARY)

    assert verdict.value is Tri.YES
    assert verdict.missing == ()
    when = 'coverage_mode in ("team",) or strategic_designation in ("ordinary",)'
    row = {"id": "no-shift-missing", "when": when}
    either = motion.gaps(SalesMotion(), ORDINARY, policy=own(right_rows=[row]))
    assert (either.value, either.missing) == (Tri.YES, ())
    made = motion.gaps(NEW, [KEY, STRATEGIC])
    assert made.value is Tri.YES
    assert made.missing == ()


def test_a_missing_shift_settles_it_and_the_rest_is_still_asked() -> None:
    verdict = motion.gaps(SalesMotion(OfferMode.STANDARD_PRODUCT), STRATEGIC)

    assert verdict.value is Tri.NO
    assert verdict.shifts == (SalesShift.TO_CONSULTATIVE,)
    assert [gap.fact for gap in verdict.missing] == [
        "coverage_mode",
        "sponsorship_mode",
    ]


def test_what_tells_nothing_alone_is_asked_all_the_same() -> None:
    verdict = motion.gaps(SalesMotion(), ORDINARY, policy=IN_STEP)

    assert verdict.undecided == ()
    assert [gap.fact for gap in verdict.missing] == ["offer_mode", "coverage_mode"]


def test_of_what_settles_nothing_more_the_most_open_shifts_are_closed_first() -> None:
    verdict = motion.gaps(SalesMotion(OfferMode.STANDARD_PRODUCT), [KEY, STRATEGIC])

    assert verdict.value is Tri.NO
    assert [gap.fact for gap in verdict.missing] == [
        "coverage_mode",
        "strategic_designation",
        "sponsorship_mode",
    ]


@given(sales_motions, designations)
def test_making_a_shift_never_makes_it_worse(
    one: SalesMotion, possible: list[StrategicDesignation]
) -> None:
    before = motion.gaps(one, possible)

    for shift in SalesShift:
        after = motion.gaps(with_mode(one, shift, shift.to), possible)
        assert set(after.shifts) <= set(before.shifts)
        assert (Tri.YES in after.possible) >= (Tri.YES in before.possible)


@pytest.mark.parametrize("way", EVERY_WAY)
def test_more_than_asked_is_told_and_is_no_gap(way: SalesMotion) -> None:
    verdict = motion.gaps(way, ORDINARY)

    new = [s for s in SalesShift if getattr(way, s.part) is s.to]
    assert verdict.value is Tri.YES
    assert verdict.shifts == ()
    assert verdict.more == tuple(new)
    assert verdict.flags == (("more-than-asked",) if new else ())
    assert motion.gaps(way, [ORDINARY, HIGH]).more == ()


@pytest.mark.parametrize(
    ("fact", "one", "possible"),
    [
        ("offer_mode", SalesMotion(), [ORDINARY]),
        ("strategic_designation", NEW, [KEY, STRATEGIC]),
        ("sponsorship_shift_missing", OLD, [KEY, STRATEGIC]),
    ],
)
def test_a_row_may_ask_whether_something_is_known(
    fact: str, one: SalesMotion, possible: list[StrategicDesignation]
) -> None:
    row = {"id": "untold", "when": f"not known({fact})", "then": "yes"}
    before = {"before": "no-shift-missing"}
    yes = own(right_rows=[{**row, **before}])
    no = own(right_rows=[{**row, **before, "then": "no"}])

    told = motion.gaps(one, possible, policy=no)

    assert told.value is Tri.NO
    assert told.explain()[1] == "  rule “untold” applies"
    assert motion.gaps(one, possible, policy=yes).value is Tri.YES
    assert motion.gaps(NEW, STRATEGIC, policy=no).value is Tri.YES


def test_the_facts_are_all_there() -> None:
    facts = motion.facts(OLD, KEY)

    assert dict(facts) == {
        "strategic_designation": "key-account",
        "offer_mode": "standard-product",
        "coverage_mode": "solo",
        "sponsorship_mode": "sales-owned",
        "consultative_shift_missing": Tri.YES,
        "team_shift_missing": Tri.YES,
        "sponsorship_shift_missing": Tri.NO,
    }
    assert motion.facts(None, None).unknown == motion.FACTS.names


# ── telling, writing, refusing ──────────────────────────────────────────────────


@given(st.none() | sales_motions, designations, st.none() | account_teams(), lenient)
def test_a_verdict_is_told_written_and_read_back(
    one: SalesMotion | None,
    possible: list[StrategicDesignation],
    ours: AccountTeam | None,
    policy: MotionPolicy,
) -> None:
    verdict = motion.gaps(one, possible, team=ours, as_of=TODAY, policy=policy)

    assert verdict == motion.gaps(one, possible, team=ours, as_of=TODAY, policy=policy)
    assert pickle.loads(pickle.dumps(verdict)) == verdict  # noqa: S301 - our own
    assert wire.loads(wire.dumps(verdict), MotionVerdict) == verdict
    assert hash(verdict)
    assert len(repr(verdict)) <= 120
    for locale in ("en", "zh-Hans", "zh-Hant"):
        lines = verdict.explain(locale)
        assert len(lines) > 3
        assert not any("{" in line or "?" in line.rstrip("?") for line in lines)


def test_an_open_verdict_says_what_is_open_and_who_asks_for_what() -> None:
    verdict = motion.gaps(
        SalesMotion(OfferMode.CONSULTATIVE), [KEY, STRATEGIC], team=team("sales", None)
    )

    assert repr(verdict) == (
        "<MotionVerdict no or yes · perhaps to-team, to-executive-sponsored · missing "
        "coverage_mode,strategic_designation,spons…>"
    )
    assert verdict.explain()[0] == (
        "still open between not sold to in the right way and sold to in the right way"
    )
    lines = [line.strip() for line in verdict.explain("zh-Hans")]
    assert "标准产品销售→顾问式销售：已经到位" in lines
    assert "单兵作战→团队作战：是否到位尚不清楚" in lines
    assert "客户团队来自 1 至 2 个部门；达到 2 个才算团队作战" in lines


@pytest.mark.parametrize(
    "one, designation, sentence",
    [
        (OLD, STRATEGIC, "from sales alone to the number-one leader: missing"),
        (NEW, STRATEGIC, "from sales alone to the number-one leader: made"),
        (NEW, KEY, "from sales alone to the number-one leader: made"),
        (OLD, KEY, "from sales alone to the number-one leader: as you like"),
        (OLD, ORDINARY, "from sales alone to the number-one leader: not asked for"),
        (
            NEW,
            ORDINARY,
            "from one salesperson alone to a team: made, though nothing asks for it",
        ),
    ],
)
def test_each_shift_says_how_it_stands(
    one: SalesMotion, designation: StrategicDesignation, sentence: str
) -> None:
    verdict = motion.gaps(one, designation, team=team("sales", "delivery"))

    assert f"  {sentence}" in verdict.explain()
    told = "    departments on the account team: 2; it is a team from 2 on"
    assert told in verdict.explain()


def test_a_policy_brings_its_own_words() -> None:
    policy = own(labels={"en": {"sales-shift.to-team": "one head to many"}})

    assert (
        "  one head to many: missing" in motion.gaps(OLD, KEY, policy=policy).explain()
    )


def test_what_is_no_motion_no_designation_and_no_team_is_refused() -> None:
    assert refused(motion.required, []) == (("$.designation", "empty"),)
    assert refused(motion.required, "strategic") == (("$.designation", "wrong-type"),)
    assert refused(motion.required, 5) == (("$.designation", "wrong-type"),)
    assert refused(motion.required, [KEY, "strategic"]) == (
        ("$.designation[1]", "wrong-type"),
    )
    assert refused(motion.gaps, "team", KEY) == (("$.actual", "wrong-type"),)
    assert refused(motion.gaps, None, KEY, team="Li", as_of="today") == (
        ("$.team", "wrong-type"),
        ("$.as_of", "wrong-type"),
    )
    assert refused(motion.actual, offer="advice") == (("$.offer", "wrong-type"),)


# ── the policy ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("value", ["0", "-1", "1.5"])
def test_a_team_is_counted_in_whole_departments(value: str) -> None:
    assert refused(own, numbers={"team_from": value}) == (
        ("$.numbers.team_from.value", "out-of-range"),
    )


def test_one_department_may_do_for_a_team_and_nobody_never_does() -> None:
    policy = own(numbers={"team_from": 1})

    one, none = (
        motion.actual(team=ours, policy=policy).coverage
        for ours in (team(None), AccountTeam("c1", []))
    )

    assert (one, none) == (CoverageMode.TEAM, CoverageMode.SOLO)


def test_a_policy_is_checked_whole() -> None:
    pooled = [{"id": "diamond", "model": "pooled"}]

    found = refused(
        own,
        numbers={"team_from": "1.5"},
        models=[*pooled, {"id": "general", "model": "dedicated"}],
        offer_rows=[{"id": "needs-more-than-a-product", "then": "perhaps"}],
    )

    assert ("$.numbers.team_from.value", "out-of-range") in found
    assert ("$.offer_rows[needs-more-than-a-product].then", "unknown-choice") in found
    assert ("$.models", "contradiction") in found


def test_a_policy_has_a_line_for_every_tier_and_a_number() -> None:
    shipped = motion.default_policy()

    found = refused(attrs.evolve, shipped, numbers=(), models=shipped.models[1:])
    twice = refused(attrs.evolve, shipped, models=shipped.models + shipped.models[:1])

    assert found == (("$.numbers", "missing"), ("$.models", "missing"))
    assert twice == (("$.models[7].id", "duplicate"),)
