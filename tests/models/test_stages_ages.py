"""How milestones slip, and how old deals are, stage by stage (S2-13, S2-19)."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import wire
from keyaccount.domain import DealEvent, EventKind, Milestone
from keyaccount.models import stages
from keyaccount.models.stages import Deal, MilestoneStatus, StageAge
from tests.models.due_deals import FIRST, LANGUAGES, OWN, day, deal_of
from tests.models.stage_deals import AT, SHIPPED, branching, closed, opened, paused
from tests.refusals import refused


# Milestones.


@pytest.mark.parametrize(
    ("milestone", "slip", "expected", "overdue"),
    [
        (Milestone("m", day(10)), 0, 10, False),
        (Milestone("m", day(0)), 0, 0, False),
        (Milestone("m", day(-1)), 1, 0, True),
        (Milestone("m", day(-9), moved_to=day(20)), 29, 20, False),
        (Milestone("m", day(20), moved_to=day(5)), -15, 5, False),
        (Milestone("m", day(-9), moved_to=day(-2)), 9, 0, True),
        (Milestone("m", day(-9), reached_on=day(-9)), 0, -9, False),
        (Milestone("m", day(-9), reached_on=day(-4)), 5, -4, False),
        (Milestone("m", day(-4), reached_on=day(-9)), -5, -9, False),
        (Milestone("m", day(3), reached_on=day(1)), 0, 3, False),
    ],
)
def test_a_milestone_slips_against_its_first_plan(
    milestone: Milestone, slip: int, expected: int, overdue: bool
) -> None:
    """S2-19: planned against actual, and a forecast for what is not reached."""
    [status] = stages.milestones(deal_of(milestone), as_of=FIRST)

    assert status.slip_days == slip
    assert status.expected_on == day(expected)
    assert status.is_overdue is overdue


def test_milestones_stand_in_the_order_of_their_latest_plans() -> None:
    planned = [
        Milestone("b", day(4)),
        Milestone("a", day(4)),
        Milestone("c", day(1), moved_to=day(9)),
        Milestone("d", day(2)),
    ]

    for order in itertools.permutations(planned):
        found = stages.milestones(deal_of(*order), as_of=FIRST)
        assert [one.milestone.id for one in found] == ["d", "a", "b", "c"]


@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(0, 30))
def test_to_move_a_plan_makes_no_milestone_any_earlier(
    planned: int, moved_to: int, on: int
) -> None:
    later = Milestone("m", day(planned), moved_to=day(max(moved_to, planned)))

    [before] = stages.milestones(deal_of(Milestone("m", day(planned))), as_of=FIRST)
    [after] = stages.milestones(deal_of(later), as_of=FIRST)
    [tomorrow] = stages.milestones(deal_of(later), as_of=day(on))

    assert before.slip_days <= after.slip_days <= tomorrow.slip_days


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("reached", [None, -12, 0, 12])
@pytest.mark.parametrize("moved_to", [None, -12, 12])
def test_a_milestone_explains_itself(
    locale: str, reached: int | None, moved_to: int | None
) -> None:
    milestone = Milestone(
        "m",
        day(0),
        None if reached is None else day(reached),
        None if moved_to is None else day(moved_to),
        "pilot plant runs",
    )

    [status] = stages.milestones(
        deal_of(milestone), as_of=day(-20 if reached is None else 20)
    )
    first, second = status.explain(locale)

    assert "pilot plant runs" in first
    assert status.expected_on.isoformat() in second


# How old deals are.


def at(stage: str, slug: str, after: int = 0) -> Deal:
    first = DealEvent(
        f"open-{slug}", EventKind.OPEN, AT + dt.timedelta(after), "Li", to=stage
    )
    return stages.open_deal(slug, first)


def aged(deals: list[Deal], after: int = 100) -> Mapping[str, StageAge]:
    found = stages.ageing(deals, as_of=day(after))
    return {one.stage: one for one in found}


def test_ages_are_counted_stage_by_stage() -> None:
    """S2-13: how many deals, their median and longest days, and which are too old."""
    days = (10, 50, 90, 99)
    deals = [at("solution-design", f"d{after}", after) for after in days]

    found = aged([*deals, at("identification", "x", 95)])

    design = found["solution-design"]
    assert (design.deals, design.on_hold, design.max_days) == (4, 0, 60)
    assert (design.median_days, design.longest_days) == (30, 90)
    assert design.over == ("d10",)
    assert found["identification"].median_days == 5
    assert list(found) == [plan.id for plan in SHIPPED.stages]


def test_a_stage_without_deals_has_no_median() -> None:
    empty = aged([])["identification"]

    assert (empty.deals, empty.median_days, empty.longest_days) == (0, None, None)
    assert empty.explain() == ("identification: no open deals",)


def test_only_open_deals_age_and_a_rest_stops_it() -> None:
    held = paused()  # since the second day

    found = aged([held, Deal("lost", closed(EventKind.LOSE).history)])

    first = found["identification"]
    assert (first.deals, first.on_hold, first.longest_days) == (1, 1, 1)
    assert not first.over


@given(st.lists(st.integers(0, 99), max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_deals_changes_no_age(
    days: list[int], dice: random.Random
) -> None:
    deals = [at("need-confirmation", f"d{at_}", on) for at_, on in enumerate(days)]
    shuffled = list(deals)
    dice.shuffle(shuffled)

    found = aged(deals)["need-confirmation"]

    assert found == aged(shuffled)["need-confirmation"]
    ages = sorted(100 - on for on in days)
    if ages:
        assert found.median_days is not None
        assert ages[0] <= found.median_days <= ages[-1] == found.longest_days
        assert len(found.over) == sum(age > 45 for age in ages)


@pytest.mark.parametrize("locale", LANGUAGES)
def test_ages_explain_themselves(locale: str) -> None:
    deals = [at("identification", slug, on) for slug, on in (("a", 0), ("b", 95))]

    head, over = aged(deals)["identification"].explain(locale)

    assert "52.5" in head
    assert "100" in head
    assert "a" in over


def test_a_stage_without_a_limit_has_no_deal_over_it() -> None:
    own = branching()
    [lead, *_] = stages.ageing([opened(own)], as_of=day(900), pipeline=own)

    assert (lead.longest_days, lead.max_days, lead.over) == (900, None, ())
    assert len(lead.explain()) == 1


def test_ages_bear_the_names_that_the_pipeline_gives() -> None:
    [only] = stages.ageing([opened(OWN)], as_of=day(1), pipeline=OWN)

    assert only.explain()[0].startswith("first talk: ")


def test_a_deal_counts_once() -> None:
    problems = refused(stages.ageing, [opened(), opened()], as_of=FIRST)

    assert problems == (("$.deals[1].id", "duplicate"),)


def test_ages_and_milestones_are_values() -> None:
    for age in stages.ageing([opened(OWN)], as_of=day(1), pipeline=OWN):
        assert wire.loads(wire.dumps(age), StageAge) == age
    for status in stages.milestones(deal_of(Milestone("m", FIRST)), as_of=FIRST):
        assert wire.loads(wire.dumps(status), MilestoneStatus) == status
