"""Fitting many histories: what holds for every fit, and the fits that are refused."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import json
import math
import random
from decimal import Decimal

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyaccount import policies, wire
from keyaccount.domain import PurchaseHistory, TimeUnit
from keyaccount.exceptions import CurrencyMismatchError, FitError
from keyaccount.models import lifetime
from keyaccount.models.lifetime import LifetimePolicy, PurchaseFit, SpendFit
from tests.contracts.rooms import python
from tests.refusals import refused
from tests.strategies import purchase_histories


pytest.importorskip("scipy", reason="predict is the extra `clv`")

import numpy as np
from scipy import integrate, special

from keyaccount import predict
from keyaccount.predict._climb import Floats, climb


DAY = dt.date(2025, 12, 31)
LENIENT = policies.read(
    {
        "based_on": "lifetime",
        "numbers": {"fewest_customers": 1, "fewest_repeating": 1},
    },
    LifetimePolicy,
)
PARAMETERS = ("r", "alpha", "a", "b")


def drawn(seed: int, customers: int) -> tuple[PurchaseHistory, ...]:
    """Draw customers who buy and leave as the models say, in whole days."""
    dice = random.Random(seed)  # noqa: S311 - seeded, no cryptography
    found = []
    for number in range(customers):
        rate = dice.gammavariate(0.8, 1 / 40)
        leave = dice.betavariate(0.9, 2.5)
        paid = dice.gammavariate(6.0, 1 / dice.gammavariate(4.0, 1 / 16))
        seen = dice.randint(100, 400)
        at, days = 0.0, list[int]()
        while True:
            at += dice.expovariate(rate)
            if at >= seen or len(days) >= 500:
                break
            days.append(max(1, math.floor(at)))
            if dice.random() < leave:
                break
        found.append(
            PurchaseHistory(
                f"c{number}",
                len(days),
                days[-1] if days else 0,
                seen,
                Decimal(str(round(paid, 2))) if days else None,
                TimeUnit.DAYS,
                "USD",
            )
        )
    return tuple(found)


MANY = drawn(7, 600)


@functools.cache
def bought() -> PurchaseFit:
    return predict.fit_purchases(MANY)


@functools.cache
def paid() -> SpendFit:
    return predict.fit_spend(MANY)


def why_not(error: pytest.ExceptionInfo[FitError]) -> str:
    """Return the cause; the remedy and every language can be said."""
    assert error.value.remedy
    assert error.value.to_dict()["code"] == "no-fit"
    assert error.value.cause in str(error.value)
    return error.value.cause


# ── laws of a fit (S3-1) ────────────────────────────────────────────────────────


def test_a_fit_finds_what_the_customers_were_drawn_from() -> None:
    fit = predict.fit_purchases(drawn(1, 8_000))
    spend = predict.fit_spend(drawn(1, 8_000))

    assert fit.r == pytest.approx(0.8, rel=0.10)
    assert fit.alpha == pytest.approx(40, rel=0.10)
    assert fit.a / (fit.a + fit.b) == pytest.approx(0.9 / 3.4, rel=0.10)
    # the mean of what customers pay: 6 × 16 ÷ (4 − 1)
    assert spend.mean(0, 0.0) == pytest.approx(32, rel=0.05)
    assert spend.correlation == pytest.approx(0, abs=0.05)


def test_the_order_of_histories_plays_no_part() -> None:
    dice = random.Random(3)  # noqa: S311 - the same
    shuffled = list(MANY)
    dice.shuffle(shuffled)

    assert predict.fit_purchases(shuffled) == bought()
    assert predict.fit_spend(shuffled) == paid()


def test_a_history_of_weight_three_counts_as_three_of_them() -> None:
    weights = [1 + number % 3 for number in range(len(MANY))]
    written_out = [
        history
        for history, weight in zip(MANY, weights, strict=True)
        for _ in range(weight)
    ]

    assert predict.fit_purchases(MANY, weights=weights) == predict.fit_purchases(
        written_out
    )
    assert predict.fit_spend(MANY, weights=weights) == predict.fit_spend(written_out)


def test_twice_the_same_customers_say_the_same() -> None:
    twice = predict.fit_purchases(MANY * 2)

    for name in PARAMETERS:
        assert getattr(twice, name) == pytest.approx(getattr(bought(), name), rel=1e-9)
    assert twice.log_likelihood == pytest.approx(2 * bought().log_likelihood)
    assert twice.customers == 2 * bought().customers


def test_another_unit_of_time_changes_alpha_and_nothing_else() -> None:
    weeks = predict.fit_purchases(MANY, unit=TimeUnit.WEEKS)

    assert weeks.unit is TimeUnit.WEEKS
    assert weeks.alpha == pytest.approx(bought().alpha / 7, rel=1e-9)
    for name in ("r", "a", "b"):
        assert getattr(weeks, name) == pytest.approx(getattr(bought(), name), rel=1e-9)
    repeats = sum(history.repeats for history in MANY)
    likelier = bought().log_likelihood + repeats * math.log(7)
    assert weeks.log_likelihood == pytest.approx(likelier)


def test_histories_in_two_units_are_fitted_in_days() -> None:
    weeks = [
        attrs.evolve(
            history,
            last_after=round(history.last_after / 7, 12),
            observed=round(history.observed / 7, 12),
            unit=TimeUnit.WEEKS,
        )
        for history in MANY[:300]
    ]

    mixed = predict.fit_purchases([*weeks, *MANY[300:]])

    assert mixed.unit is TimeUnit.DAYS
    assert mixed.alpha == pytest.approx(bought().alpha, rel=1e-9)


def test_another_currency_changes_the_scale_and_nothing_else() -> None:
    cents = [
        attrs.evolve(
            history,
            average_amount=None
            if history.average_amount is None
            else history.average_amount * 100,
        )
        for history in MANY
    ]

    spend = predict.fit_spend(cents)

    assert spend.v == pytest.approx(100 * paid().v, rel=1e-9)
    assert (spend.p, spend.q) == pytest.approx((paid().p, paid().q), rel=1e-9)


def test_no_parameters_nearby_are_likelier() -> None:
    best = likelihood(bought())

    assert best == pytest.approx(bought().log_likelihood, rel=1e-10)
    for name, change in itertools.product(PARAMETERS, (0.98, 1.02)):
        beside = attrs.evolve(bought(), **{name: getattr(bought(), name) * change})
        assert likelihood(beside) < best


def likelihood(fit: PurchaseFit) -> float:
    """Integrate the likelihood of every history over how often one buys and leaves.

    It is the mean over customers alike, without any closed form: λ is integrated
    away by its gamma distribution, p by numbers.
    """
    kinds = {(h.repeats, float(h.last_after), float(h.observed)) for h in MANY}
    return sum(
        math.log(_chance(fit, *kind))
        * sum((h.repeats, float(h.last_after), float(h.observed)) == kind for h in MANY)
        for kind in kinds
    )


def _chance(fit: PurchaseFit, repeats: int, last: float, seen: float) -> float:
    """Return the mean of λ^x (1−p)^x e^{−λT} + p λ^x (1−p)^(x−1) e^{−λt}."""
    count = fit.r + repeats
    constant = (
        math.lgamma(count) - math.lgamma(fit.r) + fit.r * math.log(fit.alpha)
    )  # of the gamma distribution

    def of_rate(time: float) -> float:
        return math.exp(constant - count * math.log(fit.alpha + time))

    # the mean over p is a ratio of beta functions
    def mean(leaves: int, stays: int) -> float:
        return float(
            special.beta(fit.a + leaves, fit.b + stays) / special.beta(fit.a, fit.b)
        )

    there = mean(0, repeats) * of_rate(seen)
    return there + (mean(1, repeats - 1) * of_rate(last) if repeats else 0.0)


# ── what to expect, against brute force ─────────────────────────────────────────


@pytest.mark.parametrize("kind", [(0, 0, 30), (1, 12, 40), (9, 300, 365)])
@pytest.mark.parametrize("a,b", [(0.8, 2.4), (1.0, 1.0), (3.0, 0.5), (0.3, 40.0)])
@pytest.mark.parametrize("horizon", [1.0, 90.0, 3_650.0])
def test_what_to_expect_is_the_integral_it_stands_for(
    kind: tuple[int, int, int], a: float, b: float, horizon: float
) -> None:
    repeats, last, seen = kind
    fit = PurchaseFit(0.5, 30.0, a, b, TimeUnit.DAYS, -1.0, 1, 1, 365.0)
    history = PurchaseHistory("c1", repeats, last, seen)
    count, time = 0.5 + repeats, 30.0 + seen

    def made(odds: float) -> float:
        leave = 1 / (1 + math.exp(-odds))
        stay = -odds - math.log1p(math.exp(-odds))  # the logarithm of 1 − leave
        bought = -math.expm1(-count * math.log1p(leave * horizon / time)) / leave
        weight = a * math.log(leave) + (b + repeats) * stay
        return math.exp(weight) * bought

    summed = sum(
        integrate.quad(made, low, low + 5, epsrel=1e-12)[0]
        for low in range(-150, 150, 5)
    )
    expected = fit.alive(history) * summed / special.beta(a, b + repeats)
    assert fit.expected(history, horizon) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("repeats,last,seen", [(0, 0, 30), (2, 12, 40), (6, 300, 365)])
@pytest.mark.parametrize("a", [0.3, 0.8, 1.7])
def test_what_to_expect_is_the_closed_form_where_that_can_be_computed(
    repeats: int, last: int, seen: int, a: float
) -> None:
    # Fader, Hardie and Lee 2005, equation 10
    r, alpha, b, horizon = 0.5, 30.0, 2.4, 90.0
    fit = PurchaseFit(r, alpha, a, b, TimeUnit.DAYS, -1.0, 1, 1, 365.0)
    history = PurchaseHistory("c1", repeats, last, seen)
    ahead = alpha + seen + horizon

    gauss = special.hyp2f1(
        r + repeats, b + repeats, a + b + repeats - 1, horizon / ahead
    )
    power = ((alpha + seen) / ahead) ** (r + repeats)
    closed = (a + b + repeats - 1) / (a - 1) * (1 - power * gauss)
    if repeats:
        quiet = ((alpha + seen) / (alpha + last)) ** (r + repeats)
        closed /= 1 + a / (b + repeats - 1) * quiet
    assert fit.expected(history, horizon) == pytest.approx(closed, rel=1e-10)


def test_what_is_expected_of_a_new_customer_is_what_new_customers_do() -> None:
    # a year of 8,000 customers who are drawn alike, in whole days
    others = [one for one in drawn(5, 20_000) if one.observed > 200]
    new = PurchaseHistory("new", 0, 0, 0)
    fit = PurchaseFit(0.8, 40.0, 0.9, 2.5, TimeUnit.DAYS, -1.0, 1, 1, 400.0)

    expected = sum(fit.expected(new, one.observed) for one in others)

    assert expected == pytest.approx(sum(one.repeats for one in others), rel=0.03)


# ── a fit that is no good says so, and is no number ─────────────────────────────


def test_too_few_customers_are_no_fit() -> None:
    with pytest.raises(FitError) as buying:
        predict.fit_purchases(MANY[:20])
    with pytest.raises(FitError) as nobody:
        predict.fit_purchases([], policy=LENIENT)
    with pytest.raises(FitError) as spending:
        predict.fit_spend(MANY[:20])
    with pytest.raises(FitError) as nothing:
        predict.fit_spend([], policy=LENIENT)

    assert why_not(buying) == "20 customers, fewer than 100"
    assert why_not(nobody).startswith("0 customers")
    assert "came back for a known amount" in why_not(spending)
    assert why_not(nothing).startswith("0 customers")


def test_who_never_comes_back_teaches_nothing() -> None:
    once = [history for history in MANY if not history.repeats]
    twice = [history for history in MANY if history.repeats][:10]

    with pytest.raises(FitError) as none:
        predict.fit_purchases(once * 2)
    with pytest.raises(FitError) as few:
        predict.fit_purchases([*once * 2, *twice])

    assert why_not(none).startswith("none of")
    assert why_not(few).startswith("10 customers came back, fewer than 30")


def test_customers_too_much_alike_run_to_infinity_and_a_penalty_stops_that() -> None:
    alike = [PurchaseHistory(f"c{number}", 5, 100, 120) for number in range(200)]

    with pytest.raises(FitError) as caught:
        predict.fit_purchases(alike)
    tamed = predict.fit_purchases(alike, penalty=0.01)

    assert "infinity" in why_not(caught)
    assert tamed.penalty == 0.01
    assert all(math.isfinite(getattr(tamed, name)) for name in PARAMETERS)


def test_amounts_that_are_all_alike_are_no_fit() -> None:
    alike = [
        PurchaseHistory(f"c{number}", 1 + number % 5, 100, 120, 20, currency="USD")
        for number in range(200)
    ]

    with pytest.raises(FitError) as caught:
        predict.fit_spend(alike)
    tamed = predict.fit_spend(alike, penalty=1)

    assert "infinity" in why_not(caught)
    assert tamed.correlation is None


def test_amounts_without_a_mean_are_no_fit() -> None:
    dice = random.Random(2)  # noqa: S311 - the same
    wild = []
    for number in range(400):
        repeats = dice.randint(1, 5)
        scale = 10 / dice.gammavariate(0.6, 1)  # below a shape of 1 it has no mean
        paid = dice.gammavariate(6 * repeats, scale) / repeats
        average = Decimal(f"{min(paid, 1e9):.2f}")
        wild.append(PurchaseHistory(f"c{number}", repeats, 100, 120, average))

    with pytest.raises(FitError) as caught:
        predict.fit_spend(wild)

    assert "no mean" in why_not(caught)


def test_a_likelihood_that_is_no_number_is_no_fit() -> None:
    def nowhere(parameters: Floats) -> tuple[float, Floats]:
        return math.nan, parameters

    with pytest.raises(FitError) as caught:
        climb(nowhere, 3, 0.0, "a model")

    assert "not a finite number" in why_not(caught)


def test_a_search_that_finds_no_peak_is_no_fit() -> None:
    def misleading(parameters: Floats) -> tuple[float, Floats]:
        # it says that more is better, and is not
        return -float(np.sum(np.log(parameters) ** 2)), 1 / parameters

    with pytest.raises(FitError) as caught:
        climb(misleading, 3, 0.0, "a model")

    assert "did not come to a peak" in why_not(caught)


def test_amounts_of_two_currencies_are_no_fit() -> None:
    euros = attrs.evolve(next(one for one in MANY if one.repeats), currency="EUR")

    with pytest.raises(CurrencyMismatchError):
        predict.fit_spend([*MANY, euros])
    with pytest.raises(CurrencyMismatchError):
        predict.fit_spend([*MANY, attrs.evolve(euros, currency=None)])


@pytest.mark.parametrize("verb", [predict.fit_purchases, predict.fit_spend])
def test_whatever_else_is_wrong_is_said_at_once(verb: object) -> None:
    assert callable(verb)
    assert refused(verb, ["c1", MANY[0]], weights=[0], penalty="much") == (
        ("$.histories[0]", "wrong-type"),
        ("$.penalty", "wrong-type"),
        ("$.weights", "contradiction"),
        ("$.weights[0]", "wrong-type"),
    )
    for penalty in (-1, float("nan"), float("inf"), True):
        assert [path for path, _ in refused(verb, MANY, penalty=penalty)] == [
            "$.penalty"
        ]


def test_a_unit_is_a_unit() -> None:
    assert refused(predict.fit_purchases, MANY, unit="days") == (
        ("$.unit", "wrong-type"),
    )


@settings(max_examples=settings().max_examples // 2)
@given(
    st.lists(purchase_histories(currency="USD"), min_size=1, max_size=12),
    st.sampled_from([0.0, 0.001, 1.0]),
)
def test_whatever_the_histories_a_fit_is_finite_or_an_error(
    histories: list[PurchaseHistory], penalty: float
) -> None:
    for verb in (predict.fit_purchases, predict.fit_spend):
        try:
            fit = verb(histories, penalty=penalty, policy=LENIENT)
        except FitError as error:
            assert error.cause
        else:
            numbers = attrs.asdict(fit).values()
            assert all(
                math.isfinite(number) for number in numbers if type(number) is float
            )


WITHOUT = """
import sys

sys.modules["scipy"] = None  # as if nobody had installed it
import keyaccount as ka

try:
    from keyaccount import predict
except ka.MissingExtraError as error:
    print(error)
fit = ka.wire.loads({stored!r}, ka.lifetime.PurchaseFit)
print(fit.expected(ka.PurchaseHistory("c1", 2, 30, 90), 90))
"""


def test_without_scipy_one_is_told_and_a_stored_fit_still_answers() -> None:
    said, number = python(WITHOUT.format(stored=wire.dumps(bought()))).splitlines()

    assert said == 'this needs scipy; pip install "keyaccount[clv]"'
    assert float(number) == bought().expected(PurchaseHistory("c1", 2, 30, 90), 90)


def test_a_stored_fit_gives_the_same_answers() -> None:
    back = wire.loads(wire.dumps(bought()), PurchaseFit)

    assert back == bought()
    assert json.loads(wire.dumps(bought()))["unit"] == "days"
    for history in MANY[:50]:
        assert back.expected(history, 90) == bought().expected(history, 90)


def test_no_history_gives_anything_but_a_number() -> None:
    for history in MANY:
        verdict = lifetime.purchase_value(
            history, bought(), paid(), as_of=DAY, margin=Decimal("0.3")
        )
        assert verdict.value is not None
        assert verdict.value.amount >= 0
