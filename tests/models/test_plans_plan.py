"""What the plans of a customer lack: laws that hold whatever the plans are."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import policies, wire
from keyaccount.domain import AccountPhase, AccountPlan
from keyaccount.models import plans
from keyaccount.models.plans import PlanGapKind, PlansPolicy, PlanVerdict
from keyaccount.tri import Tri
from tests.refusals import refused
from tests.strategies import account_plans, days


START, END = dt.date(2026, 1, 1), dt.date(2026, 6, 30)
SPRING = dt.date(2026, 3, 31)
ONE = dt.timedelta(1)
DEVELOP, MAINTAIN = AccountPhase
WIN = AccountPlan(
    "harbour",
    DEVELOP,
    "Li",
    "win the spare parts",
    ["raise-wallet"],
    START,
    END,
    review_on=SPRING,
)
KEEP = attrs.evolve(
    WIN, phase=MAINTAIN, valid_from=END + ONE, valid_until=None, review_on=None
)


def reviewed(*given: AccountPlan, as_of: dt.date = SPRING) -> PlanVerdict:
    return plans.review(given, as_of=as_of, customer_id="harbour")


def test_a_plan_in_force_and_one_to_come_cover_both_phases() -> None:  # S4-9
    verdict = reviewed(WIN, KEEP)

    assert verdict.value is Tri.YES
    assert verdict.in_force == (DEVELOP,)
    assert verdict.covered == (DEVELOP, MAINTAIN)
    assert verdict.gaps == verdict.perhaps == ()
    assert [(one.phase, one.due_on, one.days_late) for one in verdict.reviews] == [
        (DEVELOP, SPRING, 0)
    ]


def test_no_plan_for_this_customer_is_a_gap_three_times() -> None:  # S3-4
    other = attrs.evolve(WIN, customer_id="other")

    for verdict in (reviewed(), reviewed(other)):
        assert verdict.value is Tri.NO
        assert verdict.gaps == (
            PlanGapKind.NO_PLAN_IN_FORCE,
            PlanGapKind.NO_DEVELOPMENT_PLAN,
            PlanGapKind.NO_MAINTENANCE_PLAN,
        )


def test_not_told_is_not_none() -> None:
    verdict = plans.review(None, as_of=SPRING, customer_id="harbour")

    assert verdict.value is None
    assert verdict.possible == (Tri.NO, Tri.YES)
    assert verdict.gaps == ()
    assert set(verdict.perhaps) == set(PlanGapKind)
    assert [gap.question for gap in verdict.missing] == ["plan-in-force"]


@pytest.mark.parametrize(("as_of", "late"), [(SPRING, 0), (SPRING + ONE, 1)])
def test_on_the_day_of_its_review_it_is_not_late(as_of: dt.date, late: int) -> None:
    verdict = reviewed(WIN, KEEP, as_of=as_of)

    assert [one.days_late for one in verdict.reviews] == [late]
    assert (PlanGapKind.REVIEW_LATE in verdict.gaps) == bool(late)


@pytest.mark.parametrize(
    ("as_of", "force", "ended"),
    [
        (START - ONE, (), ()),
        (START, (DEVELOP,), ()),
        (END, (DEVELOP,), ()),
        (END + ONE, (MAINTAIN,), ((DEVELOP, END),)),
    ],
)
def test_a_plan_is_in_force_on_its_first_and_its_last_day(
    as_of: dt.date,
    force: tuple[AccountPhase, ...],
    ended: tuple[tuple[AccountPhase, dt.date], ...],
) -> None:
    verdict = reviewed(WIN, KEEP, as_of=as_of)

    assert verdict.in_force == force
    assert verdict.ended == ended
    assert verdict.covered == (DEVELOP, MAINTAIN)  # developed, and kept since


def test_a_development_that_ended_with_nothing_after_it_covers_nothing() -> None:
    verdict = reviewed(WIN, as_of=END + ONE)

    assert verdict.covered == ()
    assert verdict.gaps[0] is PlanGapKind.NO_PLAN_IN_FORCE


def test_a_review_hangs_on_the_last_one_or_on_the_first_day() -> None:
    quarter = dt.timedelta(90)
    done = attrs.evolve(WIN, reviewed_on=SPRING)
    early = attrs.evolve(WIN, reviewed_on=SPRING - ONE)
    later = attrs.evolve(WIN, reviewed_on=SPRING + ONE)
    plain = attrs.evolve(WIN, review_on=None)
    bare = attrs.evolve(plain, valid_from=None)

    (first,) = reviewed(done).reviews
    assert first.due_on == SPRING + quarter
    assert reviewed(early).reviews[0].due_on == SPRING
    assert reviewed(later).reviews[0].due_on == SPRING  # not yet
    assert reviewed(plain).reviews[0].due_on == START + quarter
    (now,) = reviewed(bare).reviews
    assert (now.due_on, now.days_late, now.is_anchored) == (SPRING, 0, False)
    *_, last = reviewed(bare).explain()
    assert last.endswith("it counts as due on the day of the question")


def test_a_house_that_never_reviews_is_no_trouble() -> None:
    policy = policies.read(
        {"based_on": "plans", "numbers": {"review_every": 10**12}}, PlansPolicy
    )
    plain = attrs.evolve(WIN, review_on=None)

    verdict = plans.review([plain], as_of=SPRING, customer_id="harbour", policy=policy)
    assert [one.due_on for one in verdict.reviews] == [dt.date.max]


def test_a_plan_needs_an_owner_and_something_to_say() -> None:
    empty = attrs.evolve(WIN, owner=None, text=None, goals=[])

    assert reviewed(empty, KEEP).gaps == (
        PlanGapKind.NO_OWNER,
        PlanGapKind.NOTHING_WRITTEN,
    )
    assert repr(reviewed(empty, KEEP)) == (
        "<PlanVerdict no · no-owner · nothing-written · as of 2026-03-31>"
    )
    assert reviewed(attrs.evolve(WIN, text=None), KEEP).gaps == ()


def test_a_goal_that_nobody_offers_is_told() -> None:  # S4-8
    verdict = plans.review(
        [WIN, KEEP], as_of=SPRING, customer_id="harbour", offered=["retain"]
    )

    assert verdict.gaps == (PlanGapKind.UNKNOWN_GOAL,)
    assert verdict.strange_goals == ("raise-wallet",)
    said = "  the house does not offer the goal “raise-wallet”"
    assert said in verdict.explain()
    assert "  rule “a goal that the house does not offer” applies" in verdict.explain()
    assert not any("does not apply" in line for line in verdict.explain())
    assert reviewed(WIN, KEEP).strange_goals == ()


def test_two_plans_for_one_phase_raise_a_flag() -> None:
    both = reviewed(WIN, attrs.evolve(WIN, owner="Wang"), KEEP)

    assert both.flags == ("two-plans-in-force",)
    assert [one.owner for one in both.reviews] == ["Li", "Wang"]


def test_a_house_may_do_without_a_plan_for_maintenance() -> None:
    policy = policies.read({"based_on": "plans", "drop": ["maintenance"]}, PlansPolicy)

    verdict = plans.review([WIN], as_of=SPRING, customer_id="harbour", policy=policy)
    assert verdict.value is Tri.YES


def test_everything_wrong_with_the_arguments_is_told_at_once() -> None:
    assert refused(
        plans.review, [WIN, 5], as_of=1, customer_id=None, offered="retain"
    ) == (
        ("$.as_of", "wrong-type"),
        ("$.customer_id", "wrong-type"),
        ("$.plans[1]", "wrong-type"),
        ("$.offered", "wrong-type"),
    )
    assert refused(
        plans.plan_facts, WIN, as_of=SPRING, customer_id="harbour", offered=5
    ) == (("$.plans", "wrong-type"), ("$.offered", "wrong-type"))
    assert refused(
        plans.review, [WIN], as_of=SPRING, customer_id="harbour", offered=[["retain"]]
    ) == (("$.offered[0]", "wrong-type"),)


def test_the_doorway_knows_everything_once_the_plans_are_told() -> None:
    told = plans.plan_facts([], as_of=SPRING, customer_id="harbour")
    untold = plans.plan_facts(None, as_of=SPRING, customer_id="harbour")

    assert told.unknown == ()
    assert untold.unknown == tuple(untold)


MANY = st.lists(account_plans("harbour"), max_size=4)


@given(MANY, days, st.randoms(use_true_random=False))
def test_the_order_of_plans_changes_nothing(
    given_: list[AccountPlan], as_of: dt.date, random: object
) -> None:
    one = reviewed(*given_, as_of=as_of)
    random.shuffle(given_)  # type: ignore[attr-defined]  # a Random

    other = reviewed(*given_, as_of=as_of)
    assert one == other
    assert one.why == other.why


@given(MANY, days, st.integers(0, 400))
def test_a_later_day_never_removes_a_late_review(
    given_: list[AccountPlan], as_of: dt.date, more: int
) -> None:
    day = as_of + dt.timedelta(min(more, (dt.date(2200, 12, 31) - as_of).days))
    quiet = [
        attrs.evolve(plan, valid_until=None, reviewed_on=None, valid_from=None)
        for plan in given_
    ]

    now, later = reviewed(*quiet, as_of=as_of), reviewed(*quiet, as_of=day)
    late = [one.due_on for one in now.reviews if one.days_late]
    assert late == [one.due_on for one in later.reviews if one.days_late][: len(late)]


@given(st.none() | MANY, days)
def test_a_verdict_explains_itself_and_can_be_sent(
    given_: list[AccountPlan] | None, as_of: dt.date
) -> None:
    verdict = plans.review(given_, as_of=as_of, customer_id="harbour")

    again = wire.structure(wire.unstructure(verdict), PlanVerdict)
    assert again == verdict
    assert again.explain("zh-Hant") == verdict.explain("zh-Hant")
    for locale in ("en", "zh-Hans", "zh-Hant"):
        assert not [line for line in verdict.explain(locale) if "{" in line]
    if given_ is not None:
        told = plans.review(given_, as_of=as_of, customer_id="harbour")
        open_ = plans.review(None, as_of=as_of, customer_id="harbour")
        assert told.value in open_.possible
