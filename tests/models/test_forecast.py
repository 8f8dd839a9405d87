"""What will close: roll-ups, categories, coverage and the chance of a deal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import policies, wire
from keyaccount.domain import (
    ForecastCategory,
    FxTable,
    Money,
    Opportunity,
    Outcome,
    ProbabilityOverride,
    Stage,
)
from keyaccount.exceptions import (
    CurrencyMismatchError,
    InvalidValueError,
    PolicyError,
)
from keyaccount.models import forecast
from keyaccount.models.forecast import (
    Chance,
    ChanceSource,
    CoverageState,
    ForecastPolicy,
    RollUp,
    Span,
)
from tests.models.forecast_deals import DAY, PIPELINE, books, deal, deals


WORKED = (
    deal(
        "a",
        "1000000 CNY",
        "proposal-negotiation",
        forecast_category=ForecastCategory.COMMIT,
    ),
    deal("b", "500000 CNY", "solution-design"),
    deal("c", "400000 CNY", "need-confirmation"),
    deal("d", "300000 CNY", "identification"),
    deal("e", "200000 CNY", "contract-signing", outcome=Outcome.WON),
    deal("f", "900000 CNY", "contract-signing", outcome=Outcome.LOST),
)
QUOTA = Money.of("1000000 CNY")


def rolled(*held: Opportunity, **more: object) -> RollUp:
    given: dict[str, object] = {
        "as_of": DAY,
        "probabilities": PIPELINE,
        "currency": "CNY",
        **more,
    }
    return forecast.roll_up(held, **given)  # type: ignore[arg-type]  # a test's shorthand


def yuan(amount: str) -> Span:
    return Span.exactly(Money.of(f"{amount} CNY"))


def own(name: str, chance: str, **more: object) -> Opportunity:
    override = ProbabilityOverride(
        Decimal(chance),
        by="li",
        on=dt.date(2026, 1, 1),
        **more,  # type: ignore[arg-type]  # a test's shorthand
    )
    return deal(name, probability=override)


# The worked example (F-1)


def test_the_worked_example_comes_out_exactly() -> None:
    found = rolled(*WORKED, quota=QUOTA)

    assert found.weighted == yuan("1130000.00")
    assert found.closed == yuan("200000.00")
    assert found.omitted == yuan("900000.00")
    assert found.coverage is not None
    assert found.coverage.value is CoverageState.LOW
    assert found.coverage.low == found.coverage.high == 2.75
    assert found.flags == ("low-coverage", "coverage-alone")


def test_categories_add_up_from_the_surest_down() -> None:
    found = {part.category: part for part in rolled(*WORKED).categories}

    assert found[ForecastCategory.COMMIT].value == yuan("1000000.00")
    assert found[ForecastCategory.COMMIT].cumulative == yuan("1200000.00")
    assert found[ForecastCategory.BEST_CASE].cumulative == yuan("1700000.00")
    assert found[ForecastCategory.PIPELINE].cumulative == yuan("2400000.00")
    assert found[ForecastCategory.OMITTED].cumulative == yuan("900000.00")


def test_the_shipped_pipeline_is_what_counts_where_none_is_given() -> None:
    shipped = forecast.roll_up(WORKED, as_of=DAY, quota=QUOTA)

    assert shipped.weighted == yuan("1130000.00")


def test_an_answer_explains_itself_in_three_languages() -> None:
    found = rolled(*WORKED, quota=QUOTA)

    english, simplified, traditional = map(found.explain, ("en", "zh-Hans", "zh-Hant"))

    assert english[0] == "As of 2026-03-31: weighted 1,130,000 CNY; open deals: 4"
    assert "1,130,000 CNY" in simplified[0]
    assert len(english) == len(simplified) == len(traditional)
    assert simplified[0] != traditional[0] != english[0]
    assert found.why.code == "roll-up-weighted"
    assert found._repr_html_().startswith('<div lang="en"><p><strong>')
    assert repr(found) == (
        "<RollUp weighted 1,130,000 CNY · closed 200,000 CNY · coverage low"
        " · as of 2026-03-31>"
    )


# Coverage


def test_a_quota_that_is_reached_needs_no_coverage() -> None:
    found = rolled(*WORKED, quota=Money.of("200000 CNY"))

    assert found.coverage is not None
    assert found.coverage.value is CoverageState.REACHED
    assert found.coverage.low is None
    assert found.gap == yuan("0.00")
    assert "coverage-alone" not in found.flags
    assert "200,000 CNY" in " ".join(found.explain())


def test_a_pipeline_of_three_times_the_rest_is_enough() -> None:
    found = rolled(deal("a", "300 CNY"), quota=Money.of("100 CNY"))

    assert found.coverage is not None
    assert found.coverage.possible == (CoverageState.ENOUGH,)
    assert found.flags == ("coverage-alone",)


def test_a_deal_without_value_may_be_what_was_missing() -> None:
    found = rolled(deal("a", "200 CNY"), deal("b", None), quota=Money.of("100 CNY"))

    assert found.coverage is not None
    assert found.coverage.possible == (CoverageState.LOW, CoverageState.ENOUGH)
    assert found.coverage.value is None
    assert found.gap == Span(Money.of("0 CNY"), Money.of("0 CNY"))
    assert "≥ 2" in found.coverage.reason().data[0][1:]


def test_a_coverage_between_two_figures_says_both() -> None:
    undated = deal("b", "400 CNY")
    dated = deal("a", "200 CNY", expected_close=DAY)

    found = rolled(dated, undated, quota=Money.of("100 CNY"), ends_on=DAY)

    assert found.coverage is not None
    assert (found.coverage.low, found.coverage.high) == (2.0, 6.0)
    assert found.coverage.reason().get("ratio") == "2–6"


def test_a_win_of_unknown_day_may_have_reached_the_quota() -> None:
    won = deal("a", "100 CNY", outcome=Outcome.WON)

    found = rolled(won, quota=Money.of("100 CNY"), ends_on=DAY)

    assert found.coverage is not None
    assert found.coverage.possible == (CoverageState.LOW, CoverageState.REACHED)
    assert found.closed == Span(Money.of("0 CNY"), Money.of("100.00 CNY"))


def test_a_win_of_unknown_value_may_have_reached_any_quota() -> None:
    found = rolled(deal("a", None, outcome=Outcome.WON), quota=QUOTA)

    assert found.coverage is not None
    assert found.coverage.possible == (CoverageState.LOW, CoverageState.REACHED)
    assert found.gap == Span(Money.of("0 CNY"), QUOTA)
    assert found.unvalued == ("a",)


def test_a_negative_quota_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="quota"):
        rolled(quota=Money.of("-1 CNY"))


# Unknown is not nothing


def test_a_deal_without_value_is_listed_and_bounds_nothing_from_above() -> None:
    found = rolled(deal("a"), deal("b", None))

    assert found.weighted == Span(Money.of("50.00 CNY"), None)
    assert found.unvalued == ("b",)
    assert found.missing[0].fact == "deal_value"
    assert found.missing[-1].fact == "quota"
    assert "≥ 50 CNY" in found.explain()[0]


def test_a_stage_that_nobody_knows_leaves_the_whole_range_open() -> None:
    found = rolled(deal("a", stage="elsewhere"), deal("b"))

    assert found.weighted == Span(Money.of("51.00 CNY"), Money.of("149.00 CNY"))
    assert found.unknown_stage == ("a",)
    assert "51–149 CNY" in found.explain()[0]


def test_a_deal_without_a_stage_is_listed() -> None:
    bare = Opportunity("a", "c1", Money.of("100 CNY"), None)

    found = rolled(bare)

    assert found.unknown_stage == ("a",)
    assert found.stages[0].key is None
    assert found.lines[0].category is ForecastCategory.PIPELINE


def test_nothing_at_all_needs_a_currency() -> None:
    with pytest.raises(InvalidValueError, match="currency"):
        forecast.roll_up([], as_of=DAY)
    with pytest.raises(InvalidValueError, match="currency"):
        forecast.distribution([deal("a", None)], as_of=DAY)

    assert rolled().weighted == yuan("0")


# Currencies


def test_currencies_never_add() -> None:
    mixed = [deal("a", "100 CNY"), deal("b", "100 USD")]

    with pytest.raises(CurrencyMismatchError, match="CNY and USD"):
        forecast.roll_up(mixed, as_of=DAY)
    with pytest.raises(CurrencyMismatchError, match="FxTable"):
        forecast.roll_up(mixed, as_of=DAY, currency="CNY")
    with pytest.raises(CurrencyMismatchError):
        forecast.roll_up(mixed, as_of=DAY, currency="CNY", quota=Money.of("1 USD"))


def test_open_deals_are_converted_today_and_ended_ones_when_they_ended() -> None:
    rates = [
        ("USD", "CNY", dt.date(2026, 1, 1), Decimal("7.00")),
        ("USD", "CNY", dt.date(2026, 3, 1), Decimal("8.00")),
    ]
    january = dt.date(2026, 1, 31)
    won = deal("b", "100 USD", outcome=Outcome.WON, closed_on=january)

    found = rolled(deal("a", "100 USD"), won, fx=FxTable.of(rates))

    assert found.open == yuan("800.00")
    assert found.closed == yuan("700.00")
    assert found.lines[0].stated == Money.of("100 USD")


def test_a_deal_without_a_rate_is_listed_and_never_taken_for_nothing() -> None:
    found = rolled(deal("a", "100 CNY"), deal("b", "5 USD"), fx=FxTable())

    assert found.unconverted == ("b",)
    assert found.unvalued == ()
    assert found.open == Span(Money.of("100.00 CNY"), None)
    assert found.missing[0].fact == "exchange_rate"


# Categories


@pytest.mark.parametrize(
    "stated,expected",
    [
        (None, ForecastCategory.BEST_CASE),
        (ForecastCategory.COMMIT, ForecastCategory.COMMIT),
        (ForecastCategory.OMITTED, ForecastCategory.OMITTED),
        (ForecastCategory.CLOSED, ForecastCategory.BEST_CASE),
    ],
)
def test_a_stated_category_wins_but_closes_nothing(
    stated: ForecastCategory | None, expected: ForecastCategory
) -> None:
    found = rolled(deal("a", forecast_category=stated))

    assert found.lines[0].category is expected


def test_a_deal_left_out_on_purpose_is_omitted() -> None:
    found = rolled(deal("a", forecast_category=ForecastCategory.OMITTED))

    assert found.weighted == found.open == yuan("0")
    assert found.omitted == yuan("100.00")


@pytest.mark.parametrize("outcome", [Outcome.LOST, Outcome.ABANDONED])
def test_how_a_deal_ended_is_stronger_than_what_was_stated(outcome: Outcome) -> None:
    found = rolled(
        deal("a", outcome=outcome, forecast_category=ForecastCategory.COMMIT)
    )

    assert found.lines[0].category is ForecastCategory.OMITTED
    assert found.lines[0].chance is None


def test_the_shipped_pipeline_says_where_its_stages_are_sorted() -> None:
    held = [deal(stage, stage=stage) for stage in PIPELINE]

    by_pipeline = forecast.roll_up(held, as_of=DAY)
    by_number = rolled(*held)

    assert [line.category for line in by_pipeline.lines] == [
        line.category for line in by_number.lines
    ]


# Months, owners, periods


def test_months_are_those_of_the_close_and_the_undated_stand_apart() -> None:
    found = rolled(
        deal("a", expected_close=dt.date(2026, 5, 1)),
        deal("b", expected_close=dt.date(2026, 2, 1)),
        deal("c"),
        deal("d", outcome=Outcome.WON, closed_on=dt.date(2026, 3, 1)),
    )

    assert [part.key for part in found.months] == [
        "2026-02",
        "2026-03",
        "2026-05",
        None,
    ]
    assert found.overdue == ("b",)
    assert found.undated == ("c",)
    said = found.explain()
    assert "  2026-05: weighted 50 CNY, closed 0 CNY, deals: 1" in said
    assert "  no close date: weighted 50 CNY, closed 0 CNY, deals: 1" in said
    assert "coverage" not in repr(found)


def test_owners_and_stages_are_told_one_by_one() -> None:
    found = rolled(deal("a", owner="li"), deal("b", owner="li"), deal("c"))

    assert [(part.key, part.deals) for part in found.owners] == [("li", 2), (None, 1)]
    assert [part.key for part in found.stages] == ["solution-design"]


@pytest.mark.parametrize(
    "close,as_of,is_in",
    [
        (dt.date(2026, 4, 1), DAY, True),
        (dt.date(2026, 6, 30), DAY, True),
        (dt.date(2026, 7, 1), DAY, False),
        (dt.date(2026, 3, 1), DAY, True),  # its day has passed: it closes from now on
        (dt.date(2026, 3, 1), dt.date(2026, 2, 1), False),
        (dt.date(2026, 5, 1), dt.date(2026, 7, 1), False),  # the period is over
    ],
)
def test_a_period_takes_what_closes_in_it(
    close: dt.date, as_of: dt.date, is_in: bool
) -> None:
    found = rolled(
        deal("a", expected_close=close),
        as_of=as_of,
        begins_on=dt.date(2026, 4, 1),
        ends_on=dt.date(2026, 6, 30),
    )

    assert bool(found.lines) is is_in
    assert found.outside == (() if is_in else ("a",))


def test_an_overdue_deal_belongs_to_a_period_without_an_end() -> None:
    late = deal("a", expected_close=dt.date(2026, 1, 1))

    assert rolled(late, begins_on=DAY).overdue == ("a",)


def test_a_deal_of_unknown_day_counts_in_the_upper_bound_alone() -> None:
    found = rolled(deal("a"), ends_on=DAY)

    assert found.open == Span(Money.of("0 CNY"), Money.of("100.00 CNY"))
    assert found.weighted == Span(Money.of("0 CNY"), Money.of("50.00 CNY"))


def test_an_unknown_stage_and_an_unknown_day_widen_both_ends() -> None:
    found = rolled(deal("a", stage="elsewhere"), ends_on=DAY)

    assert found.weighted == Span(Money.of("0 CNY"), Money.of("99.00 CNY"))


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="ends_on"):
        rolled(begins_on=DAY, ends_on=DAY - dt.timedelta(days=1))


def test_what_happened_after_the_day_is_not_known_yet() -> None:
    later = DAY + dt.timedelta(days=1)
    won = deal("a", outcome=Outcome.WON, closed_on=later)
    unborn = deal("b", opened_on=later)

    found = rolled(won, unborn)

    assert found.open == yuan("100.00")
    assert found.closed == yuan("0")
    assert found.not_yet == ("b",)


# What is wrong with the data


def test_everything_wrong_with_the_deals_is_said_at_once() -> None:
    broken = [deal("a"), deal("a"), deal("b", "-1 CNY"), "c"]

    with pytest.raises(InvalidValueError) as caught:
        forecast.roll_up(broken, as_of=DAY)  # type: ignore[arg-type]  # on purpose

    assert [problem.path for problem in caught.value.problems] == [
        "$.deals[1].id",
        "$.deals[2].value",
        "$.deals[3]",
    ]


def test_a_day_with_a_time_is_refused() -> None:
    moment = dt.datetime(2026, 3, 31, tzinfo=dt.UTC)

    with pytest.raises(InvalidValueError, match="as_of"):
        rolled(as_of=moment)
    with pytest.raises(InvalidValueError, match="as_of"):
        forecast.probability(deal("a"), as_of=moment)


@pytest.mark.parametrize("number", [Decimal("1.1"), -0.1, True, float("nan"), "half"])
def test_a_stage_stands_for_a_fraction(number: object) -> None:
    odds: Mapping[str, Decimal] = {"solution-design": number}  # type: ignore[dict-item]  # on purpose

    with pytest.raises(InvalidValueError, match=r"probabilities\.solution-design"):
        rolled(deal("a"), probabilities=odds)


def test_a_pipeline_names_each_stage_once_and_with_a_fraction() -> None:
    stage = forecast.StageProbability("a", Decimal("0.5"))

    with pytest.raises(InvalidValueError, match="twice"):
        forecast.Probabilities((stage, stage))
    with pytest.raises(InvalidValueError, match="between 0 and 1"):
        forecast.Probabilities((forecast.StageProbability("a", Decimal(2)),))


# The chance of a deal


def test_a_persons_own_number_counts_while_it_is_in_force() -> None:
    held = own("a", "0.35", until=DAY)

    today = forecast.probability(held, as_of=DAY, probabilities=PIPELINE)
    tomorrow = forecast.probability(
        held, as_of=DAY + dt.timedelta(days=1), probabilities=PIPELINE
    )
    before = forecast.probability(
        held, as_of=dt.date(2025, 12, 31), probabilities=PIPELINE
    )

    assert (today.value, today.source) == (Decimal("0.35"), ChanceSource.OVERRIDE)
    assert (today.by, today.until) == ("li", DAY)
    assert (tomorrow.value, tomorrow.source) == (Decimal("0.50"), ChanceSource.STAGE)
    assert tomorrow.flags == ("expired-probability",)
    assert before.value == Decimal("0.50")
    assert not before.expired
    assert today.explain() == ("35%, set by hand by li, until 2026-03-31",)


def test_an_expired_number_is_told_in_the_roll_up() -> None:
    held = own("a", "0.35", until=DAY - dt.timedelta(days=1))

    assert rolled(held).flags == ("expired-probability",)
    assert rolled(own("a", "0.999")).flags == ("clamped-probability",)


@pytest.mark.parametrize(
    "stated,kept", [("0.001", "0.01"), ("0.9999", "0.99"), ("0.5", "0.5")]
)
def test_an_open_deal_is_never_sure(stated: str, kept: str) -> None:
    found = forecast.probability(own("a", stated), as_of=DAY)

    assert found.value == Decimal(kept)
    assert found.clamped is (stated != kept)
    assert "without an end" in found.explain()[0]


@pytest.mark.parametrize("number", [0, 1])
def test_a_stage_that_stands_for_certainty_is_brought_back(number: int) -> None:
    found = forecast.probability(
        deal("a"), as_of=DAY, probabilities={"solution-design": number}
    )

    assert found.value == (Decimal("0.99") if number else Decimal("0.01"))
    assert found.flags == ("clamped-probability",)


@pytest.mark.parametrize("outcome", Outcome)
def test_how_a_deal_ended_is_no_chance(outcome: Outcome) -> None:
    with pytest.raises(InvalidValueError, match=outcome.value):
        forecast.probability(deal("a", outcome=outcome), as_of=DAY)


def test_a_deal_that_is_not_there_yet_has_no_chance() -> None:
    later = deal("a", opened_on=DAY + dt.timedelta(days=1))

    with pytest.raises(InvalidValueError, match="not opened yet"):
        forecast.probability(later, as_of=DAY)


def test_a_prediction_of_ones_own_is_taken_and_kept_within_limits() -> None:
    def sure(held: Opportunity, /, *, as_of: dt.date) -> Chance:
        assert (held.id, as_of) == ("a", DAY)
        return Chance(Decimal(1), Decimal(0), Decimal(1), ChanceSource.PREDICTED)

    def unsure(_: Opportunity, /, *, as_of: dt.date) -> Chance:
        del as_of
        low, high = Decimal("0.2"), Decimal("0.4")
        return Chance(None, low, high, ChanceSource.PREDICTED)

    certain = forecast.probability(deal("a"), as_of=DAY, probabilities=sure)
    between = forecast.probability(deal("a"), as_of=DAY, probabilities=unsure)

    assert (certain.value, certain.clamped) == (Decimal("0.99"), True)
    assert (certain.low, certain.high) == (Decimal("0.01"), Decimal("0.99"))
    assert certain.explain()[0] == "99%, as predicted"
    assert between.explain() == ("between 20% and 40%, as predicted",)
    assert rolled(deal("a"), probabilities=unsure).weighted == Span(
        Money.of("20.00 CNY"), Money.of("40.00 CNY")
    )


def test_a_chance_says_where_it_comes_from() -> None:
    of_stage = forecast.probability(deal("a"), as_of=DAY)
    unknown = forecast.probability(deal("a", stage="elsewhere"), as_of=DAY)

    assert of_stage.explain() == ("50%, what its stage stands for",)
    assert unknown.value is None
    assert unknown.explain("zh-Hans")[0].startswith("在 1% 至 99% 之间")


def test_facts_are_unknown_until_somebody_tells_them() -> None:
    found = forecast.facts(deal("a"), as_of=DAY)

    assert found["stage_probability"] is None
    assert found["days_past_close"] is None
    assert found["days_in_stage"] is None
    assert found["slip_days"] == 0


# Policy


@pytest.mark.parametrize(
    "changes,path",
    [
        ({"numbers": {"least_chance": 0}}, "numbers.least_chance"),
        ({"numbers": {"least_chance": "0.995"}}, "numbers.least_chance"),
        ({"numbers": {"largest": "2.5"}}, "numbers.largest"),
        ({"numbers": {"cells": 0}}, "numbers.cells"),
        ({"numbers": {"precision": 9}}, "numbers.precision"),
        ({"numbers": {"spread": 0}}, "numbers.spread"),
        ({"drop": ["spread"]}, "numbers"),
        ({"drop": ["p10", "p50", "p90"]}, "quantiles"),
        ({"quantiles": [{"id": "p50", "percent": 100}]}, "quantiles"),
        ({"quantiles": [{"id": "p50", "percent": 5}]}, "quantiles"),
        ({"categories": [{"id": "commit", "then": "closed"}]}, "categories"),
        ({"risks": [{"id": "ageing", "then": "rust"}]}, "risks"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(
    changes: dict[str, object], path: str
) -> None:
    data = {"based_on": "forecast", **changes}

    with pytest.raises(PolicyError) as caught:
        policies.read(data, ForecastPolicy)

    assert any(path in problem.path for problem in caught.value.problems)


def test_a_number_that_is_not_finite_is_refused() -> None:
    shipped = forecast.default_policy()
    broken = [
        attrs.evolve(number, value=Decimal("NaN")) if number.id == "reach" else number
        for number in shipped.numbers
        if number.id != "least_chance"
    ]

    with pytest.raises(InvalidValueError) as caught:
        attrs.evolve(shipped, numbers=tuple(broken))

    codes = {problem.code for problem in caught.value.problems}
    assert codes == {"missing", "not-finite"}


def test_a_firm_sets_its_own_numbers() -> None:
    own_policy = policies.read(
        {"based_on": "forecast", "numbers": {"enough_coverage": 2}}, ForecastPolicy
    )

    found = rolled(*WORKED, quota=QUOTA, policy=own_policy)

    assert found.coverage is not None
    assert found.coverage.value is CoverageState.ENOUGH
    assert found.policy == own_policy.ref


# Laws


@given(books(), st.randoms())
def test_the_order_of_deals_changes_nothing(
    held: tuple[Opportunity, ...], dice: st.DataObject
) -> None:
    shuffled = list(held)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random

    assert rolled(*held) == rolled(*shuffled)


@given(books(), st.booleans())
def test_the_rows_shown_add_up_to_the_total_shown(
    held: tuple[Opportunity, ...], has_period: bool
) -> None:
    found = rolled(*held, ends_on=DAY + dt.timedelta(days=90) if has_period else None)

    for parts in (found.months, found.stages, found.owners):
        for name in ("open", "weighted", "closed", "omitted"):
            spans = [getattr(part, name) for part in parts]
            assert Span.total(spans, "CNY") == getattr(found, name)
        assert sum(part.deals for part in parts) == len(found.lines)
    assert sum(part.deals for part in found.categories) == len(found.lines)


@given(books(known=True), deals("x", known=True))
def test_leaving_a_deal_out_changes_a_total_by_its_part(
    held: tuple[Opportunity, ...], more: Opportunity
) -> None:
    without, alone, both = rolled(*held), rolled(more), rolled(*held, more)

    for name in ("open", "weighted", "closed", "omitted"):
        parts = [getattr(without, name), getattr(alone, name)]
        assert Span.total(parts, "CNY") == getattr(both, name)


@given(books())
def test_no_open_deal_is_ever_sure(held: tuple[Opportunity, ...]) -> None:
    for line in rolled(*held).lines:
        assert (line.chance is None) is (line.outcome is not None)
        if line.chance is not None:
            assert Decimal("0.01") <= line.chance.low <= line.chance.high
            assert line.chance.high <= Decimal("0.99")


@given(books(), deals("x"), st.decimals(0, 10**6, places=2), st.sampled_from(Stage))
def test_filling_in_what_is_unknown_stays_within_the_bounds(
    held: tuple[Opportunity, ...], last: Opportunity, amount: Decimal, stage: Stage
) -> None:
    told = attrs.evolve(last, value=last.value or Money(amount, "CNY"))
    if told.stage == "elsewhere" and not told.history:
        told = attrs.evolve(told, stage=stage.value)
    quota = Money.of("1000 CNY")

    before = rolled(*held, last, quota=quota)
    after = rolled(*held, told, quota=quota)

    for name in ("open", "weighted", "closed", "omitted", "gap"):
        wide, narrow = getattr(before, name), getattr(after, name)
        assert wide.low <= narrow.low
        assert wide.high is None or narrow.high <= wide.high
    assert before.coverage is not None
    assert after.coverage is not None
    assert set(after.coverage.possible) <= set(before.coverage.possible)


@given(books())
def test_a_roll_up_survives_the_wire(held: tuple[Opportunity, ...]) -> None:
    found = rolled(*held, quota=QUOTA)

    assert wire.structure(wire.unstructure(found), RollUp) == found
    assert wire.loads(wire.dumps(found), RollUp) == found


def test_a_cent_is_rounded_once_a_deal_and_in_one_place() -> None:
    half = {"solution-design": Decimal("0.5")}
    held = [deal("a", "411.51 CNY"), deal("b", "411.51 CNY"), deal("c", "411.49 CNY")]

    found = rolled(*held, probabilities=half)

    # D17: rows of 205.76, 205.76 and 205.74 add up to 617.26, not to half of 1,234.51
    assert [str(line.weighted.low.amount) for line in found.lines] == [
        "205.76",
        "205.76",
        "205.74",
    ]
    assert found.weighted == yuan("617.26")


def test_an_amount_is_written_to_the_last_place_it_has() -> None:
    texts = ["1130000.5 CNY", "7.00 CNY", "0.125 CNY", "2.5 XAU"]

    found = [str(Span.exactly(Money.of(text))) for text in texts]

    assert found == ["1,130,000.50 CNY", "7 CNY", "0.125 CNY", "2.5 XAU"]
