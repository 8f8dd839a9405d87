"""The distribution: exact where it says so, and told where it is not."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyaccount import policies, wire
from keyaccount.domain import Money, Opportunity, Outcome
from keyaccount.exceptions import InvalidValueError
from keyaccount.models import forecast
from keyaccount.models.forecast import Distribution, ForecastPolicy, Span
from keyaccount.models.forecast._grid import Grain, lay_out
from keyaccount.models.forecast._sums import Bet, enumerate_sums
from tests.models.forecast_deals import DAY, PIPELINE, books, deal


def spread(*held: Opportunity, **more: object) -> Distribution:
    given: dict[str, object] = {
        "as_of": DAY,
        "probabilities": PIPELINE,
        "currency": "CNY",
        **more,
    }
    return forecast.distribution(held, **given)  # type: ignore[arg-type]  # a test's shorthand


def policy(**numbers: object) -> ForecastPolicy:
    data = {"based_on": "forecast", "numbers": numbers}
    return policies.read(data, ForecastPolicy)


def enumerated(bets: Sequence[Bet]) -> dict[int, float]:
    """Go through every way in which deals may end, the slow and certain way."""
    found: dict[int, float] = {}
    for ends in itertools.product((False, True), repeat=len(bets)):
        total = sum(amount for (amount, _), won in zip(bets, ends, strict=True) if won)
        chances = [p if won else 1 - p for (_, p), won in zip(bets, ends, strict=True)]
        found[total] = found.get(total, 0.0) + math.prod(chances)
    return found


_BETS = st.tuples(st.integers(0, 500), st.floats(0.01, 0.99))
GRAIN = Grain(6, 1e-13)


# The engines, against enumeration


@given(st.lists(_BETS, max_size=12))
@settings(max_examples=settings().max_examples // 2)
def test_every_total_has_the_chance_that_enumeration_finds(bets: list[Bet]) -> None:
    wanted = enumerated(bets)

    sums = enumerate_sums(bets, 10_000)
    row = lay_out(bets, GRAIN, 4)

    assert sums is not None
    for found in (sums.spread(), row.spread()):
        held = dict(zip(found.totals, found.chances, strict=True))
        for total, chance in wanted.items():
            assert held.get(total, 0.0) == pytest.approx(chance, abs=1e-9)
        assert math.fsum(found.chances) == pytest.approx(1, abs=1e-12)
        assert list(found.below) == sorted(found.below)


@given(st.lists(_BETS, max_size=10), st.integers(-10, 6_000))
@settings(max_examples=settings().max_examples // 2)
def test_the_chance_of_a_total_is_that_of_all_totals_above(
    bets: list[Bet], needed: int
) -> None:
    wanted = math.fsum(p for total, p in enumerated(bets).items() if total >= needed)

    sums = enumerate_sums(bets, 10_000)

    assert sums is not None
    assert sums.spread().at_least(needed) == pytest.approx(wanted, abs=1e-9)
    assert lay_out(bets, GRAIN, 3).spread().at_least(needed) == pytest.approx(
        wanted, abs=1e-9
    )


def test_too_many_totals_are_not_counted_one_by_one() -> None:
    many = [(2**at, 0.5) for at in range(12)]

    assert enumerate_sums(many, 1_000) is None
    assert enumerate_sums([(1, 0.5)] * 500, 1_000) is None  # too much work
    assert enumerate_sums(many, 5_000) is not None


# What the verb says


@given(books(most=9, known=True))
@settings(max_examples=settings().max_examples // 2)
def test_quantiles_are_those_of_enumeration(held: tuple[Opportunity, ...]) -> None:
    found = spread(*held)
    lines = [
        line
        for line in forecast.roll_up(
            held, as_of=DAY, probabilities=PIPELINE, currency="CNY"
        ).lines
        if line.is_open
    ]
    bets = [
        (int(line.value.amount * 100), float(line.chance.value))
        for line in lines
        if line.value is not None and line.chance is not None and line.chance.value
    ]
    closed = int(found.closed.low.amount * 100)
    totals = enumerated(bets)

    assert found.is_exact
    for quantile in found.quantiles:
        amount = int(quantile.amount.low.amount * 100) - closed
        below = math.fsum(p for total, p in totals.items() if total < amount)
        upto = math.fsum(p for total, p in totals.items() if total <= amount)
        assert below <= quantile.percent / 100 + 1e-8
        assert upto >= quantile.percent / 100 - 1e-8


def test_the_worked_deals_reach_their_quota_with_a_known_chance() -> None:
    held = [
        deal("a", "1000000 CNY", "proposal-negotiation"),
        deal("b", "500000 CNY", "solution-design"),
        deal("c", "400000 CNY", "need-confirmation"),
        deal("d", "300000 CNY", "identification"),
        deal("e", "200000 CNY", outcome=Outcome.WON),
    ]

    found = spread(*held, quota=Money.of("1000000 CNY"))

    assert found.reaches is not None
    assert found.reaches.low == found.reaches.high == pytest.approx(0.790625)
    assert found.mean == Span.exactly(Money.of("1330000.00 CNY"))
    assert [found.quantile(name).low.amount for name in ("p10", "p50", "p90")] == [
        600_000,
        1_200_000,
        2_000_000,
    ]
    first = found.largest[0]
    assert (first.id, round(first.share, 4)) == ("a", 0.6637)
    assert first.without is not None
    assert first.won is not None
    assert first.without.low == pytest.approx(0.1625)
    assert first.won.low == pytest.approx(1)
    assert found.equal_deals == pytest.approx(
        1130**2 / (750**2 + 250**2 + 100**2 + 30**2)
    )
    assert found.is_exact
    assert "exact" in found.explain()[-2]
    assert repr(found).startswith("<Distribution p10 600,000 CNY")


def test_what_is_closed_reaches_a_quota_for_sure() -> None:
    found = spread(deal("a", outcome=Outcome.WON), quota=Money.of("100 CNY"))

    assert found.reaches is not None
    assert found.reaches.low == 1.0
    assert found.largest == ()
    assert found.equal_deals is None
    assert found.flags == ()


def test_deals_that_are_worth_nothing_weigh_nothing() -> None:
    found = spread(deal("a", "0 CNY"), quota=Money.of("1 CNY"))

    assert found.equal_deals is None
    assert found.largest[0].share == 0
    assert found.reaches is not None
    assert found.reaches.high == 0


def test_a_deal_without_value_leaves_no_upper_bound() -> None:
    held = [deal("a", "100 CNY"), deal("b", None, "proposal-negotiation")]

    found = spread(*held, quota=Money.of("150 CNY"))

    assert found.unvalued == ("b",)
    assert found.quantile("p90") == Span(Money.of("100 CNY"), None)
    assert found.deviation.high is None
    assert found.reaches is not None
    assert (found.reaches.low, found.reaches.high) == (0.0, 0.75)
    assert "0%–75%" in " ".join(found.explain())
    assert found.missing[0].fact == "deal_value"


def test_a_win_of_unknown_value_may_have_reached_the_quota_already() -> None:
    found = spread(deal("a", None, outcome=Outcome.WON), quota=Money.of("150 CNY"))

    assert found.reaches is not None
    assert (found.reaches.low, found.reaches.high) == (0.0, 1.0)
    assert found.unvalued == ("a",)


def test_an_unknown_stage_widens_every_figure() -> None:
    found = spread(deal("a", stage="elsewhere"), quota=Money.of("100 CNY"))

    assert found.reaches is not None
    assert (found.reaches.low, found.reaches.high) == (0.01, 0.99)
    assert found.quantile("p50") == Span(Money.of("0 CNY"), Money.of("100.00 CNY"))
    assert found.deviation == Span(Money.of("9.94 CNY"), Money.of("50.00 CNY"))
    assert found.unknown_stage == ("a",)


def test_a_deal_of_unknown_day_counts_in_the_upper_bound_alone() -> None:
    found = spread(deal("a"), quota=Money.of("100 CNY"), ends_on=DAY)

    assert found.reaches is not None
    assert (found.reaches.low, found.reaches.high) == (0.0, 0.5)
    assert found.undated == ("a",)


def test_nothing_at_all_is_worth_nothing_for_sure() -> None:
    found = spread()

    assert found.quantile("p90") == Span.exactly(Money.of("0 CNY"))
    assert found.reaches is None
    assert found.missing[0].fact == "quota"


def test_a_distribution_without_a_quota_tells_shares_alone() -> None:
    found = spread(deal("a"))

    assert found.largest[0].without is None
    assert "100% of the weighted sum" in " ".join(found.explain())


def test_a_distribution_needs_a_currency() -> None:
    with pytest.raises(InvalidValueError, match="currency"):
        forecast.distribution([], as_of=DAY)


# Many deals


def some(count: int, *, cents: bool, seed: int = 7) -> list[Opportunity]:
    dice = random.Random(seed)  # noqa: S311 - seeded noise is not cryptography
    stages = [*PIPELINE]
    found = []
    for at in range(count):
        amount = Decimal(dice.randrange(10, 5_001)) * 1_000
        if cents:
            amount = Decimal(dice.randrange(10**6, 5 * 10**8)) / 100
        found.append(deal(f"d{at:05}", f"{amount:f} CNY", dice.choice(stages)))
    return found


def test_amounts_that_share_a_coarse_step_stay_exact_however_many() -> None:
    held = [
        deal(f"d{at}", f"{10_000 * (1 + at % 7)} CNY", [*PIPELINE][at % 5])
        for at in range(400)
    ]

    found = spread(*held, quota=Money.of("8000000 CNY"))

    assert found.is_exact
    assert found.step == Money.of("10000 CNY")
    assert found.reaches is not None
    bets = [(1 + at % 7, float([*PIPELINE.values()][at % 5])) for at in range(400)]
    totals = {0: 1.0}
    for amount, chance in bets:
        after: dict[int, float] = {}
        for total, part in totals.items():
            after[total] = after.get(total, 0.0) + part * (1 - chance)
            after[total + amount] = after.get(total + amount, 0.0) + part * chance
        totals = after
    wanted = math.fsum(part for total, part in totals.items() if total >= 800)
    assert found.reaches.low == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize("cents", [False, True])
def test_very_many_deals_are_rounded_and_the_error_is_told(cents: bool) -> None:
    held = some(1_500, cents=cents)

    found = spread(*held, quota=Money.of("1900000000 CNY"))

    mean, deviation = found.mean.low.amount, float(found.deviation.low.amount)
    assert not found.is_exact
    assert 0 < float(found.error.amount) < deviation / 10
    assert "rounded to steps of" in " ".join(found.explain())
    p10, p50, p90 = (float(part.amount.low.amount) for part in found.quantiles)
    assert p10 < p50 < p90
    assert p50 == pytest.approx(float(mean), abs=deviation / 20)
    assert (p90 - p10) / deviation == pytest.approx(2 * 1.2816, rel=0.02)


def test_rounding_keeps_to_what_simulation_finds() -> None:
    held = some(300, cents=True)
    found = spread(*held)
    dice = random.Random(11)  # noqa: S311 - seeded noise is not cryptography
    bets = [
        (float(one.value.amount), float(PIPELINE[str(one.stage)]))
        for one in held
        if one.value is not None
    ]
    totals = sorted(
        sum(amount for amount, chance in bets if dice.random() < chance)
        for _ in range(4_000)
    )

    for quantile in found.quantiles:
        simulated = totals[len(totals) * quantile.percent // 100]
        slack = float(found.deviation.low.amount) / 10
        assert float(quantile.amount.low.amount) == pytest.approx(simulated, abs=slack)


def test_a_coarser_grid_says_the_same_within_its_error() -> None:
    held = some(120, cents=True)
    quota = Money.of("150000000 CNY")

    fine = spread(*held, quota=quota)
    coarse = spread(*held, quota=quota, policy=policy(cells=500))

    assert coarse.step > fine.step
    assert coarse.error > fine.error
    off = [
        abs(float((one.amount.low - other.amount.low).amount))
        for one, other in zip(fine.quantiles, coarse.quantiles, strict=True)
    ]
    assert max(off) <= 2 * float(coarse.error.amount) + float(coarse.step.amount)
    assert fine.reaches is not None
    assert coarse.reaches is not None
    assert coarse.reaches.low == pytest.approx(fine.reaches.low, abs=0.02)


def test_a_grid_widens_where_something_is_unknown() -> None:
    held = some(200, cents=True)
    unknown = [deal(f"u{at}", "1234567.89 CNY", "elsewhere") for at in range(20)]

    found = spread(*held, *unknown)

    assert not found.is_exact
    for quantile in found.quantiles:
        assert quantile.amount.high is not None
        assert quantile.amount.low < quantile.amount.high


# Laws


@given(books(most=7), st.integers(0, 10**7))
def test_a_distribution_survives_the_wire(
    held: tuple[Opportunity, ...], quota: int
) -> None:
    found = spread(*held, quota=Money(Decimal(quota), "CNY"))

    assert wire.structure(wire.unstructure(found), Distribution) == found


@given(books(most=7), st.randoms())
def test_the_order_of_deals_changes_nothing(
    held: tuple[Opportunity, ...], dice: random.Random
) -> None:
    shuffled = list(held)
    dice.shuffle(shuffled)

    assert spread(*held) == spread(*shuffled)


@given(books(most=7), st.integers(1, 10**7))
def test_quantiles_and_chances_run_the_right_way(
    held: tuple[Opportunity, ...], quota: int
) -> None:
    low = spread(*held, quota=Money(Decimal(quota), "CNY"))
    more = spread(*held, quota=Money(Decimal(2 * quota), "CNY"))

    amounts = [part.amount.low for part in low.quantiles]
    assert amounts == sorted(amounts)
    assert low.reaches is not None
    assert more.reaches is not None
    assert 0 <= low.reaches.low <= low.reaches.high <= 1
    assert more.reaches.low <= low.reaches.low + 1e-12
    for part in low.largest:
        assert part.without is not None
        assert part.won is not None
        assert part.without.low <= low.reaches.low + 1e-9 <= part.won.low + 2e-9


@given(books(most=6), st.integers(1, 10**7), st.decimals(0, 10**6, places=2))
def test_a_value_that_gets_known_stays_within_the_bounds(
    held: tuple[Opportunity, ...], quota: int, amount: Decimal
) -> None:
    open_deal = deal("x", None, "proposal-negotiation")
    known = deal("x", f"{amount:f} CNY", "proposal-negotiation")
    asked = Money(Decimal(quota), "CNY")

    before = spread(*held, open_deal, quota=asked)
    after = spread(*held, known, quota=asked)

    assert before.reaches is not None
    assert after.reaches is not None
    assert before.reaches.low <= after.reaches.low + 1e-9
    assert after.reaches.high <= before.reaches.high + 1e-9
    for wide, narrow in zip(before.quantiles, after.quantiles, strict=True):
        assert wide.amount.low <= narrow.amount.low
        assert wide.amount.high is None


def test_a_quota_below_nothing_is_refused_as_in_a_roll_up() -> None:
    with pytest.raises(InvalidValueError, match="quota"):
        spread(deal("a"), quota=Money.of("-5 CNY"))
