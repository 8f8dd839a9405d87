"""What deals went through: conversion, what is learned, velocity and slippage."""

from __future__ import annotations

import datetime as dt
import math
import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import policies, wire
from keyaccount.domain import (
    ForecastCategory,
    FxTable,
    LossReason,
    Milestone,
    Money,
    Opportunity,
    Outcome,
    StageEvent,
)
from keyaccount.exceptions import CurrencyMismatchError, InvalidValueError
from keyaccount.models import forecast
from keyaccount.models.forecast import (
    ChanceSource,
    Conversion,
    DealRisk,
    ForecastPolicy,
    MilestoneState,
    Probabilities,
    Slippage,
    StageConversion,
    Velocity,
)
from keyaccount.models.forecast._history import wilson
from tests.models.forecast_deals import DAY, PIPELINE, books, deal, moved


FIRST, SECOND, THIRD = "identification", "need-confirmation", "solution-design"
WON, LOST, ABANDONED = Outcome.WON, Outcome.LOST, Outcome.ABANDONED


def counted(*held: Opportunity, **more: object) -> Conversion:
    given: dict[str, object] = {"as_of": DAY, "probabilities": PIPELINE, **more}
    return forecast.conversion(held, **given)  # type: ignore[arg-type]  # a test's shorthand


def at(found: Conversion, stage: str) -> StageConversion:
    return next(part for part in found.stages if part.stage == stage)


def closed(name: str, outcome: Outcome | None = WON, **more: object) -> Opportunity:
    return moved(name, FIRST, SECOND, outcome=outcome, **more)


# Conversion, S2-13: what becomes of deals


def test_a_deal_still_open_at_a_stage_is_no_loss() -> None:
    found = counted(
        moved("a", FIRST, SECOND),
        moved("b", FIRST),
        moved("c", FIRST, outcome=LOST),
        moved("d", FIRST, outcome=ABANDONED),
        moved("e", FIRST, outcome=WON),
    )

    first = at(found, FIRST)
    assert (first.entered, first.moved_on, first.lost) == (5, 2, 1)
    assert (first.abandoned, first.still_there) == (1, 1)
    assert first.rate.value == 2 / 4
    assert at(found, SECOND).rate.value is None
    assert (
        at(found, SECOND).rate.interval
        == forecast.Rate(0, 0, wilson(0, 0, 1.0), is_enough=False).interval
    )


def test_going_back_is_not_moving_on_and_counts_once() -> None:
    found = counted(moved("a", SECOND, FIRST, SECOND, FIRST))

    assert (at(found, SECOND).entered, at(found, SECOND).moved_on) == (1, 0)
    assert (at(found, FIRST).entered, at(found, FIRST).moved_on) == (1, 1)


def test_of_stages_that_no_pipeline_knows_any_other_counts_as_later() -> None:
    found = counted(moved("a", "lead", "lead", "pitch"), moved("b", "lead", "lead"))

    assert at(found, "lead").moved_on == 1
    assert at(found, "lead").still_there == 1


def test_no_decision_and_abandoned_are_told_apart_from_a_rivals_win() -> None:
    found = counted(
        closed("a"),
        closed("b", LOST, loss_reason=LossReason.COMPETITOR),
        closed("c", LOST, loss_reason=LossReason.NO_DECISION),
        closed("d", ABANDONED),
        closed("e", None),
    )

    assert (found.won, found.lost, found.no_decision) == (1, 2, 1)
    assert (found.abandoned, found.still_open) == (1, 1)
    assert found.win_rate.value == 1 / 3
    assert found.against_rivals.value == 1 / 2


def test_few_deals_are_said_to_be_too_few() -> None:
    thin = counted(closed("a"))
    enough = counted(*(closed(f"d{n}") for n in range(30)))

    assert thin.flags == ("not-enough-data",)
    assert "not enough data" in thin.explain()[0]
    assert not thin.win_rate.is_enough
    assert enough.flags == ()
    assert "not enough data" not in " ".join(enough.explain())
    assert repr(enough) == "<Conversion won 30 of 30 · as of 2026-03-31>"


def test_nothing_to_count_is_no_rate_of_nothing() -> None:
    found = counted()

    assert found.win_rate.value is None
    assert "?" in found.explain()[0]
    assert "数据不足" in found.explain("zh-Hans")[0]


def test_a_period_counts_what_ended_in_it() -> None:
    january = dt.date(2026, 1, 31)
    held = [
        deal("a", outcome=WON, closed_on=january),
        deal("b", outcome=WON, closed_on=DAY),
        deal("c", outcome=WON),
        deal("d"),
    ]

    found = counted(*held, begins_on=dt.date(2026, 2, 1))

    assert (found.won, found.still_open) == (1, 1)
    assert found.undated == ("c",)


def test_what_ended_later_is_still_open_on_the_day() -> None:
    later = DAY + dt.timedelta(days=1)
    unborn = deal("b", opened_on=later)

    found = counted(deal("a", outcome=WON, closed_on=later), unborn)

    assert (found.won, found.still_open) == (0, 1)


def test_a_deal_without_a_stage_is_counted_as_won_and_at_no_stage() -> None:
    found = counted(Opportunity("a", "c1", None, None, outcome=WON))

    assert found.won == 1
    assert found.stages == ()


@given(books(most=8))
def test_what_came_to_a_stage_is_somewhere(held: tuple[Opportunity, ...]) -> None:
    found = counted(*held)

    for part in found.stages:
        gone = part.moved_on + part.lost + part.abandoned
        assert part.entered == gone + part.still_there
        assert part.rate.of == gone
        assert part.rate.value is None or part.rate.value in part.rate.interval
    assert wire.structure(wire.unstructure(found), Conversion) == found
    assert counted(*reversed(held)) == found


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_interval_holds_the_share_and_stays_within_0_and_1(
    hits: int, misses: int
) -> None:
    found = wilson(hits, hits + misses, 1.645)

    assert 0 <= found.low <= found.high <= 1
    if hits + misses:
        assert found.low - 1e-12 <= hits / (hits + misses) <= found.high + 1e-12
        assert found.low < found.high


# Learning


def test_one_won_deal_does_not_make_a_stage_certain() -> None:
    found = forecast.learn([closed("a")], as_of=DAY, defaults=PIPELINE)

    stage = found.by_stage[SECOND]
    assert (stage.probability, stage.is_learned) == (Decimal("0.25"), False)
    assert (stage.won, stage.closed, stage.default) == (1, 1, Decimal("0.25"))
    assert found.flags == ("not-enough-data",)
    assert "not enough data (1 won of 1 closed deals)" in " ".join(found.explain())


def test_enough_deals_move_a_stage_but_the_default_still_weighs() -> None:
    held = [closed(f"w{n}") for n in range(30)] + [
        closed(f"l{n}", LOST) for n in range(10)
    ]

    found = forecast.learn(held, as_of=DAY, defaults=PIPELINE)

    stage = found.by_stage[SECOND]
    assert stage.is_learned
    assert stage.probability == Decimal("0.5833")  # (30 + 20 × 0.25) ÷ (40 + 20)
    assert stage.interval is not None
    assert float(stage.probability) in stage.interval
    assert found.by_stage[THIRD].probability == Decimal("0.50")
    assert "58.33%, from 40 closed deals (30 won)" in " ".join(found.explain())


def test_learning_from_what_was_learned_starts_at_the_same_default() -> None:
    held = [closed(f"w{n}") for n in range(30)]
    once = forecast.learn(held, as_of=DAY, defaults=PIPELINE)

    assert forecast.learn(held, as_of=DAY, defaults=once) == once


def test_only_what_has_ended_by_then_teaches() -> None:
    later = DAY + dt.timedelta(days=1)
    held = [
        closed("a", None),
        closed("b", closed_on=later),
        deal("c", outcome=WON, stage=SECOND, opened_on=later, closed_on=later),
        deal("d", outcome=WON, stage=SECOND, opened_on=later),
        closed("e", ABANDONED),
    ]

    found = forecast.learn(held, as_of=DAY, defaults=PIPELINE)

    assert (found.by_stage[SECOND].won, found.by_stage[SECOND].closed) == (0, 1)


def test_thousands_of_wins_are_still_no_certainty() -> None:
    held = [closed(f"w{n}") for n in range(5_000)]

    found = forecast.learn(held, as_of=DAY, defaults=PIPELINE)

    assert found.by_stage[SECOND].probability == Decimal("0.99")


def test_what_was_learned_is_what_a_deal_is_judged_by() -> None:
    held = [closed(f"w{n}") for n in range(40)]
    learned = forecast.learn(held, as_of=DAY)

    found = forecast.probability(
        deal("a", stage=SECOND), as_of=DAY, probabilities=learned
    )

    assert found.source is ChanceSource.LEARNED
    assert found.value == Decimal("0.7500")
    assert found.sample == 40
    assert found.explain()[0].startswith("75%, learned from 40 closed deals")


def test_plain_numbers_say_what_they_are() -> None:
    stages = tuple(
        forecast.StageProbability(stage, value) for stage, value in PIPELINE.items()
    )

    assert Probabilities(stages).explain()[1] == "  identification: 10%"
    assert Probabilities(stages).flags == ()


def test_the_baseline_judges_by_history_and_not_by_what_a_person_says() -> None:
    held = [closed(f"w{n}") for n in range(40)]
    predictor = forecast.baseline(held, as_of=DAY)

    found = forecast.roll_up(
        [deal("a", stage=SECOND)], as_of=DAY, probabilities=predictor
    )

    assert found.weighted.low == Money.of("75.00 CNY")
    assert found.lines[0].category is ForecastCategory.PIPELINE


@given(books(most=8), st.randoms())
def test_what_is_learned_depends_on_the_deals_alone(
    held: tuple[Opportunity, ...], dice: random.Random
) -> None:
    shuffled = list(held)
    dice.shuffle(shuffled)
    rules = policies.read(
        {"based_on": "forecast", "numbers": {"enough_closed": 1}}, ForecastPolicy
    )

    found = forecast.learn(held, as_of=DAY, defaults=PIPELINE, policy=rules)

    again = forecast.learn(shuffled, as_of=DAY, defaults=PIPELINE, policy=rules)
    assert found == again
    assert wire.structure(wire.unstructure(found), Probabilities) == found
    for stage in found.stages:
        assert Decimal("0.01") <= stage.probability <= Decimal("0.99")
        assert stage.interval is not None
        assert stage.interval.low <= float(stage.probability) + 1e-3
        assert float(stage.probability) <= stage.interval.high + 1e-3


# Velocity, F-3: money a day


def test_the_worked_velocity_comes_out() -> None:
    found = forecast.velocity(
        as_of=DAY, count=4, win_rate=0.25, size=Money.of("550000 CNY"), cycle_days=90
    )

    assert found.per_day == Money.of("6111.11 CNY")
    assert found.measured == ()
    assert found.sample is None
    assert found.explain() == (
        "6,111.11 CNY a day = 4 deals × win rate 25% × 550,000 CNY ÷ 90 days",
    )
    assert repr(found) == "<Velocity 6,111.11 CNY a day>"


def test_what_is_not_given_is_measured_on_the_deals() -> None:
    start = dt.date(2026, 1, 1)
    held = [
        deal("a", "100 CNY", outcome=WON, opened_on=start, closed_on=start),
        deal(
            "b",
            "300 CNY",
            outcome=WON,
            opened_on=start,
            closed_on=start + dt.timedelta(days=20),
        ),
        deal("c", outcome=LOST),
        deal("d", outcome=LOST),
        deal("e"),
    ]

    found = forecast.velocity(held, as_of=DAY)

    assert (found.deals, found.win_rate) == (1, Decimal("0.5000"))
    assert (found.size, found.cycle_days) == (Money.of("200.00 CNY"), Decimal(10))
    assert found.per_day == Money.of("10.00 CNY")
    assert found.measured == ("count", "win_rate", "size", "cycle_days")
    assert found.flags == ("not-enough-data",)
    assert wire.structure(wire.unstructure(found), Velocity) == found


def test_what_cannot_be_measured_stays_open() -> None:
    found = forecast.velocity(as_of=DAY)

    assert found.per_day is None
    assert [gap.fact for gap in found.missing] == [
        "open_deals",
        "win_rate",
        "deal_size",
        "cycle_days",
    ]
    assert found.explain()[0] == "money a day: not known yet"
    assert repr(found) == "<Velocity open a day>"


def test_wins_without_value_or_rate_tell_no_size() -> None:
    held = [deal("a", None, outcome=WON), deal("b", "1 USD", outcome=WON)]

    found = forecast.velocity(held, as_of=DAY, currency="CNY", fx=FxTable())

    assert found.size is None
    with pytest.raises(CurrencyMismatchError):
        forecast.velocity(held, as_of=DAY, currency="CNY")


def test_figures_that_cannot_be_are_refused_all_at_once() -> None:
    with pytest.raises(InvalidValueError) as caught:
        forecast.velocity(
            as_of=DAY,
            count=-1,
            win_rate=math.inf,
            size=Money.of("-1 CNY"),
            cycle_days=0,
        )

    assert [problem.path for problem in caught.value.problems] == [
        "$.count",
        "$.win_rate",
        "$.size",
        "$.cycle_days",
    ]


def test_the_cycle_is_counted_on_wins_alone() -> None:
    start = dt.date(2026, 1, 1)
    end = dt.date(2026, 1, 11)
    held = [
        deal("a", outcome=WON, opened_on=start, closed_on=end),
        deal("b", outcome=LOST, opened_on=start, closed_on=start),
        deal("c", outcome=WON),
        deal(
            "d",
            outcome=WON,
            history=[StageEvent(THIRD, start)],
            closed_on=end + dt.timedelta(days=2),
        ),
        deal("e", outcome=WON, history=[StageEvent(THIRD, end)], closed_on=start),
    ]

    found = forecast.cycle_days(held, as_of=DAY)

    assert (found.mean, found.median, found.deals) == (11.0, 11.0, 2)
    assert found.undated == ("c", "e")


# Slippage, S2-19 and S2-26: what is late


def slipped(*held: Opportunity) -> Slippage:
    return forecast.slippage(held, as_of=DAY, probabilities=PIPELINE)


PLAN = dt.date(2026, 3, 1)


@pytest.mark.parametrize(
    "more,state,days",
    [
        ({"reached_on": dt.date(2026, 2, 27)}, MilestoneState.REACHED, -2),
        ({"reached_on": dt.date(2026, 3, 11)}, MilestoneState.REACHED_LATE, 10),
        ({}, MilestoneState.OVERDUE, 30),
        ({"moved_to": dt.date(2026, 3, 20)}, MilestoneState.OVERDUE, 30),
        ({"moved_to": dt.date(2026, 5, 1)}, MilestoneState.MOVED, 61),
        ({"reached_on": dt.date(2026, 4, 1)}, MilestoneState.OVERDUE, 30),
    ],
)
def test_a_milestone_is_late_against_its_first_plan(
    more: dict[str, dt.date], state: MilestoneState, days: int
) -> None:
    offer = Milestone("offer", PLAN, **more)  # type: ignore[arg-type]  # a test's shorthand

    found = slipped(deal("a", milestones=[offer]))

    [slip] = found.milestones
    assert (slip.state, slip.slip_days) == (state, days)
    assert found.mean_slip_days == days


def test_a_milestone_that_lies_ahead_is_not_late() -> None:
    found = slipped(deal("a", milestones=[Milestone("offer", dt.date(2026, 5, 1))]))

    assert found.milestones[0].state is MilestoneState.AHEAD
    assert found.deals[0].risks == ()


def test_a_deal_that_was_promised_and_is_late_is_named() -> None:
    late = deal(
        "a",
        expected_close=dt.date(2026, 3, 1),
        forecast_category=ForecastCategory.COMMIT,
        history=[StageEvent(THIRD, dt.date(2025, 12, 1))],
        milestones=[Milestone("offer", dt.date(2026, 2, 1))],
    )

    found = slipped(late, deal("b"), deal("c", outcome=WON))

    assert found.overdue == found.commit_late == ("a",)
    assert found.undated == ("b",)
    assert found.flags == ("commit-late",)
    assert found.deals[0].risks == tuple(DealRisk)
    assert found.deals[0].days_past_close == 30
    assert "a, offer: overdue; planned for 2026-02-01, 58 days late" in " ".join(
        found.explain()
    )
    assert repr(found) == "<Slippage 1 late, 1 overdue · as of 2026-03-31>"


def test_what_nobody_has_told_rules_no_risk_out() -> None:
    found = slipped(deal("a"))

    assert found.deals[0].risks == ()
    assert found.deals[0].possible_risks == (
        DealRisk.CLOSE_DATE_PASSED,
        DealRisk.AGEING,
    )
    assert found.mean_slip_days is None


def test_a_stage_that_no_pipeline_knows_is_no_reason_to_fail() -> None:
    found = slipped(deal("a", stage="elsewhere", opened_on=DAY + dt.timedelta(days=1)))

    assert found.deals == ()
    assert slipped(deal("a", stage="elsewhere")).deals[0].id == "a"


def test_coming_back_to_a_stage_starts_its_days_anew() -> None:
    back = moved("a", SECOND, FIRST, SECOND, SECOND)

    found = forecast.facts(back, as_of=DAY)
    before = forecast.facts(back, as_of=DAY - dt.timedelta(days=70))

    assert found["days_in_stage"] == 62
    assert before["days_in_stage"] == 23


@given(books(most=8))
def test_slippage_survives_the_wire_and_any_order(
    held: tuple[Opportunity, ...],
) -> None:
    found = slipped(*held)

    assert wire.structure(wire.unstructure(found), Slippage) == found
    assert slipped(*reversed(held)) == found
    for part in found.deals:
        assert set(part.risks) <= set(part.possible_risks)


def test_a_currency_without_a_minor_unit_keeps_twelve_places() -> None:
    found = forecast.velocity(
        as_of=DAY, count=1, win_rate=1, size=Money.of("10 XAU"), cycle_days=3
    )

    assert found.per_day == Money.of("3.333333333333 XAU")


def test_no_later_stage_leaks_into_an_earlier_day() -> None:
    deal = Opportunity(
        "x",
        "c",
        Money.of("100 USD"),
        stage="contract-signing",
        opened_on=dt.date(2025, 1, 1),
        history=(
            StageEvent("need-confirmation", dt.date(2025, 3, 1)),
            StageEvent("contract-signing", dt.date(2025, 6, 1)),
        ),
    )
    found = forecast.roll_up([deal], as_of=dt.date(2025, 2, 1))

    assert found.unknown_stage == ("x",)
    assert found.weighted.high is not None
    assert (found.weighted.low, found.weighted.high) == (
        Money.of("1 USD"),
        Money.of("99 USD"),
    )


def test_a_win_of_unknown_day_is_not_before_the_last_stage() -> None:
    deal = Opportunity(
        "x",
        "c",
        Money.of("100 USD"),
        stage="contract-signing",
        outcome=Outcome.WON,
        history=(
            StageEvent("identification", dt.date(2025, 3, 1)),
            StageEvent("contract-signing", dt.date(2025, 6, 1)),
        ),
    )

    before = forecast.roll_up([deal], as_of=dt.date(2025, 4, 1))
    after = forecast.roll_up([deal], as_of=dt.date(2025, 6, 1))

    assert before.closed.low == Money.of("0 USD")
    assert after.closed.low == Money.of("100 USD")


def test_deals_whose_way_nobody_recorded_do_not_make_a_stage_look_hopeless() -> None:
    def ended(name: str, stage: str, outcome: Outcome) -> Opportunity:
        return Opportunity(name, "c", None, stage=stage, outcome=outcome)

    deals = [ended(f"l{n}", "solution-design", Outcome.LOST) for n in range(30)]
    deals += [ended(f"w{n}", "contract-signing", Outcome.WON) for n in range(30)]

    learned = forecast.learn(deals, as_of=dt.date(2025, 12, 31)).by_stage
    counted = forecast.conversion(deals, as_of=dt.date(2025, 12, 31))

    assert not learned["solution-design"].is_learned
    assert (counted.win_rate.hits, counted.win_rate.of) == (30, 60)
    assert counted.stages == ()
    assert "way-not-recorded" in counted.flags
