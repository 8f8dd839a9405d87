"""What purchases are worth: histories, what was learned from many, one customer."""

from __future__ import annotations

import datetime as dt
import math
import pickle
import random
from decimal import Decimal

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from keyaccount import wire
from keyaccount.domain import Money, Purchase, PurchaseHistory, TimeUnit
from keyaccount.exceptions import CurrencyMismatchError, InvalidValueError
from keyaccount.models import lifetime
from keyaccount.models.lifetime import (
    AmountRange,
    Histories,
    PurchaseFit,
    PurchaseVerdict,
    SpendFit,
)
from tests.refusals import refused
from tests.strategies import purchase_histories


DAY = dt.date(1997, 9, 30)
WEEKS = TimeUnit.WEEKS
# The literature's figures for the CDNOW sample: Fader, Hardie and Lee 2005; 2013.
FIT = PurchaseFit(0.243, 4.414, 0.793, 2.426, WEEKS, -9582.4, 2357, 946, 38.86)
SPEND = SpendFit(6.25, 3.74, 15.44, "USD", -4055.92, 946, 0.11)
OFTEN = PurchaseHistory(
    "c1", 2, Decimal("30.43"), Decimal("38.86"), Decimal("22.35"), WEEKS, "USD"
)

scales = st.floats(0.05, 50)
fits = st.builds(
    PurchaseFit,
    scales,
    st.floats(0.1, 500),
    scales,
    scales,
    st.sampled_from(TimeUnit),
    st.just(-1.0),
    st.just(100),
    st.just(50),
    st.just(365.0),
)
spends = st.builds(
    SpendFit,
    scales,
    st.floats(1.01, 50),
    st.floats(0.1, 10_000),
    st.just("USD"),
    st.just(-1.0),
    st.just(50),
    st.none() | st.floats(-1, 1),
)
ours = purchase_histories(currency="USD")
horizons = st.just(0.0) | st.floats(1e-6, 5_000)  # no time, a moment, ten years
shares = st.none() | st.decimals(-2, 1, places=3)


def worth(history: PurchaseHistory = OFTEN, **more: object) -> PurchaseVerdict:
    given_ = {"fit": FIT, "spend": SPEND, "margin": Decimal("0.3"), **more}
    return lifetime.purchase_value(history, as_of=DAY, **given_)  # type: ignore[arg-type]  # arguments by name


# ── from purchases to histories (S3-1) ──────────────────────────────────────────


def bought(customer: str, day: str, amount: str | None) -> Purchase:
    on = dt.date.fromisoformat(day)
    return Purchase(customer, on, None if amount is None else Decimal(amount))


def test_a_history_counts_the_days_after_the_first() -> None:
    found = lifetime.histories(
        [
            bought("c1", "1997-01-12", "20"),
            bought("c1", "1997-01-01", "99"),
            bought("c1", "1997-01-08", "5"),
            bought("c1", "1997-01-08", "5.5"),
        ],
        as_of=dt.date(1997, 1, 31),
        currency="USD",
    )

    assert found.histories == (
        PurchaseHistory("c1", 2, 11, 30, Decimal("15.25"), TimeUnit.DAYS, "USD"),
    )
    assert len(found) == 1
    assert list(found) == list(found.histories)


def test_a_week_has_sevenths() -> None:
    purchases = [bought("c1", "1997-01-01", "9"), bought("c1", "1997-01-09", "1")]

    [history] = lifetime.histories(purchases, as_of=dt.date(1997, 1, 15), unit=WEEKS)

    assert history.last_after == Decimal("1.142857142857")
    assert history.observed == 2
    assert history.unit is WEEKS


def test_what_is_bought_later_does_not_count_and_is_counted() -> None:
    purchases = [bought("c1", "1997-01-01", "9"), bought("c2", "1997-02-01", "9")]

    found = lifetime.histories(purchases, as_of=dt.date(1997, 1, 31))

    assert found.histories == (PurchaseHistory("c1", 0, 0, 30),)
    assert found.later == 1


def test_a_day_on_which_more_came_back_is_no_purchase() -> None:
    found = lifetime.histories(
        [
            bought("c1", "1997-01-01", "9"),
            bought("c1", "1997-01-03", "-9"),
            bought("c1", "1997-01-05", "6"),
            bought("c1", "1997-01-05", "-6"),
            bought("c2", "1997-01-02", "-1"),
        ],
        as_of=dt.date(1997, 1, 31),
    )

    assert found == Histories((PurchaseHistory("c1", 1, 4, 30, 0),), 0, 2, ("c2",))


def test_one_unknown_amount_leaves_the_average_unknown() -> None:
    purchases = [
        bought("c1", "1997-01-01", "9"),
        bought("c1", "1997-01-03", "9"),
        bought("c1", "1997-01-05", None),
        bought("c1", "1997-01-05", "3"),
    ]

    [history] = lifetime.histories(purchases, as_of=DAY)
    [known] = lifetime.histories(purchases[:2], as_of=DAY)

    assert (history.repeats, history.average_amount) == (2, None)
    assert known.average_amount == 9


def test_the_first_amount_may_be_unknown_and_does_not_count() -> None:
    purchases = [bought("c1", "1997-01-01", None), bought("c1", "1997-01-03", "9")]

    [history] = lifetime.histories(purchases, as_of=DAY)

    assert history.average_amount == 9


@given(
    st.lists(
        st.builds(
            Purchase,
            st.sampled_from(["a", "b", "c"]),
            st.dates(dt.date(1997, 1, 1), dt.date(1997, 12, 31)),
            st.none() | st.decimals(-50, 500, places=2),
        )
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_purchases_plays_no_part_and_none_is_lost(
    purchases: list[Purchase], dice: random.Random
) -> None:
    shuffled = purchases.copy()
    dice.shuffle(shuffled)

    found = lifetime.histories(purchases, as_of=DAY)

    assert lifetime.histories(shuffled, as_of=DAY) == found
    days = {(one.customer_id, one.on) for one in purchases if one.on <= DAY}
    counted = sum(history.repeats + 1 for history in found) + found.returned
    assert counted == len(days)
    assert found.later == sum(one.on > DAY for one in purchases)
    customers = {customer for customer, _ in days}
    assert customers == {*found.without, *(one.customer_id for one in found)}


def test_wrong_purchases_are_refused_all_at_once() -> None:
    assert refused(
        lifetime.histories, ["c1", 5], as_of="1997", unit="days", currency="Dollar"
    ) == (
        ("$.as_of", "wrong-type"),
        ("$.unit", "wrong-type"),
        ("$.currency", "unknown-choice"),
        ("$.purchases[0]", "wrong-type"),
        ("$.purchases[1]", "wrong-type"),
    )


# ── the chance to be still there, and what to expect (Fader, Hardie, Lee 2005) ──


def test_the_literatures_example_comes_out() -> None:
    # customer 1 of the sample: x = 2, t = 30.43, T = 38.86, next 39 weeks
    assert FIT.expected(OFTEN, Decimal(39)) == pytest.approx(1.226, abs=0.001)
    assert FIT.alive(OFTEN) == pytest.approx(0.7266, abs=0.0001)


@given(fits, purchase_histories())
def test_the_chance_to_be_there_is_a_chance(
    fit: PurchaseFit, history: PurchaseHistory
) -> None:
    assert 0 <= fit.alive(history) <= 1
    assert history.repeats or fit.alive(history) == 1


@given(fits, purchase_histories(), st.decimals(0, 1_000, places=2))
def test_silence_makes_it_less_likely_that_somebody_is_still_there(
    fit: PurchaseFit, history: PurchaseHistory, more: Decimal
) -> None:
    silent = attrs.evolve(history, observed=history.observed + more)

    assert fit.alive(silent) <= fit.alive(history) * (1 + 1e-9)


@given(fits, purchase_histories(), horizons, horizons)
def test_what_to_expect_is_finite_and_grows_with_the_horizon(
    fit: PurchaseFit, history: PurchaseHistory, one: float, other: float
) -> None:
    near, far = sorted((one, other))

    sooner, later = fit.expected(history, near), fit.expected(history, far)

    assert math.isfinite(later)
    assert 0 <= sooner <= later * (1 + 1e-12)
    assert fit.expected(history, 0) == 0


@given(fits, purchase_histories(), horizons)
def test_nobody_is_expected_to_buy_more_than_if_it_never_left(
    fit: PurchaseFit, history: PurchaseHistory, horizon: float
) -> None:
    scale = history.unit.days / fit.unit.days
    rate = (fit.r + history.repeats) / (fit.alpha + float(history.observed) * scale)

    most = fit.alive(history) * rate * horizon

    assert fit.expected(history, horizon) <= most * (1 + 1e-9)


@given(fits, purchase_histories(), st.lists(horizons, max_size=4))
def test_several_horizons_at_once_are_the_same_as_one_by_one(
    fit: PurchaseFit, history: PurchaseHistory, several: list[float]
) -> None:
    together = fit.expected_by(history, several)

    apart = [fit.expected(history, horizon) for horizon in several]
    assert together == pytest.approx(apart, rel=1e-9, abs=1e-300)


@given(fits, purchase_histories(unit=TimeUnit.DAYS), horizons)
def test_a_history_may_be_told_in_another_unit_than_the_fit(
    fit: PurchaseFit, history: PurchaseHistory, horizon: float
) -> None:
    days = attrs.evolve(fit, unit=TimeUnit.DAYS)
    weeks = attrs.evolve(fit, unit=WEEKS, alpha=max(fit.alpha / 7, 0.001))
    days = attrs.evolve(days, alpha=weeks.alpha * 7)

    told = weeks.expected(history, horizon / 7)

    assert told == pytest.approx(days.expected(history, horizon), rel=1e-9, abs=1e-300)
    assert weeks.alive(history) == pytest.approx(days.alive(history), rel=1e-9)


def test_the_chance_to_leave_may_be_spread_in_any_way() -> None:
    # the closed form of the literature divides by a − 1
    at_one = attrs.evolve(FIT, a=1.0).expected(OFTEN, 39)
    beside = attrs.evolve(FIT, a=1.0 + 1e-9).expected(OFTEN, 39)
    loyal = attrs.evolve(FIT, a=1e-6, b=1e6)

    assert at_one == pytest.approx(beside, rel=1e-7)
    never_leaves = (FIT.r + 2) / (FIT.alpha + 38.86) * 39
    assert loyal.expected(OFTEN, 39) == pytest.approx(never_leaves, rel=1e-5)


def test_a_customer_of_a_million_purchases_overflows_nothing() -> None:
    busy = PurchaseHistory("c1", 1_000_000, 99_000, 100_000)

    assert math.isfinite(FIT.expected(busy, 10**6))
    assert FIT.alive(busy) == 0


def test_a_fit_asks_for_a_history_and_a_horizon() -> None:
    assert refused(FIT.alive, "c1") == (("$.history", "wrong-type"),)
    assert refused(FIT.expected, OFTEN, "39") == (("$.horizon", "wrong-type"),)
    assert refused(FIT.expected, OFTEN, True) == (("$.horizon", "wrong-type"),)
    for horizon in (-1, 10**7, float("nan"), Decimal("sNaN"), 10**400):
        assert refused(FIT.expected, OFTEN, horizon) == (("$.horizon", "out-of-range"),)


def test_a_fit_is_finite_or_none() -> None:
    assert refused(attrs.evolve, FIT, r=float("nan"), a=0.0, b=1, unit="weeks") == (
        ("$.r", "out-of-range"),
        ("$.a", "out-of-range"),
        ("$.b", "wrong-type"),
        ("$.unit", "wrong-type"),
    )
    assert refused(
        attrs.evolve, FIT, log_likelihood=float("inf"), customers=-1, repeating=1.5
    ) == (
        ("$.log_likelihood", "not-finite"),
        ("$.customers", "out-of-range"),
        ("$.repeating", "wrong-type"),
    )
    assert refused(attrs.evolve, SPEND, q=1.0) == (("$.q", "out-of-range"),)
    assert refused(attrs.evolve, SPEND, log_likelihood="-1", customers=True) == (
        ("$.log_likelihood", "wrong-type"),
        ("$.customers", "wrong-type"),
    )


@given(fits, spends)
def test_a_fit_is_stored_and_read_back(fit: PurchaseFit, spend: SpendFit) -> None:
    assert wire.loads(wire.dumps(fit), PurchaseFit) == fit
    assert wire.loads(wire.dumps(spend), SpendFit) == spend


# ── what a customer pays (Fader and Hardie 2013) ────────────────────────────────


@given(spends, st.integers(0, 300), st.just(0.0) | st.floats(1e-6, 10**6))
def test_what_a_customer_is_expected_to_pay_lies_between_its_own_and_everybodys(
    spend: SpendFit, repeats: int, average: float
) -> None:
    everybody, told = spend.mean(0, 0), spend.mean(repeats, average)

    least, most = sorted((everybody, average if repeats else everybody))
    assert least * (1 - 1e-9) <= told <= most * (1 + 1e-9)


def test_the_more_it_bought_the_more_its_own_average_counts() -> None:
    paid = [SPEND.mean(repeats, 100.0) for repeats in range(20)]

    assert paid == sorted(paid)
    assert paid[0] == pytest.approx(6.25 * 15.44 / 2.74)


# ── the value (S3-1, S3-6) ──────────────────────────────────────────────────────


def test_a_value_is_purchases_times_amount_times_margin_discounted() -> None:
    free = worth(discount=Decimal(0), years=1)
    dear = worth(discount=Decimal("0.5"), years=1)

    ahead = FIT.expected(OFTEN, float(WEEKS.in_a_year))
    plain = ahead * SPEND.mean(2, 22.35) * 0.3
    assert free.value == Money(Decimal(plain).quantize(Decimal("0.01")), "USD")
    assert free.expected == pytest.approx(ahead)
    assert free.alive == pytest.approx(FIT.alive(OFTEN))
    assert dear.own.high is not None
    assert free.own.low is not None
    assert free.own.low * Decimal("0.66") < dear.own.high < free.own.low


@given(ours, fits, spends, shares, st.integers(1, 3))
def test_a_verdict_on_purchases_survives_and_speaks(
    history: PurchaseHistory,
    fit: PurchaseFit,
    spend: SpendFit,
    margin: Decimal | None,
    years: int,
) -> None:
    verdict = worth(history, fit=fit, spend=spend, margin=margin, years=years)

    assert pickle.loads(pickle.dumps(verdict)) == verdict  # noqa: S301 - our own bytes
    back = wire.loads(wire.dumps(verdict), PurchaseVerdict)
    assert back == verdict
    for locale in ("en", "zh-Hans", "zh-Hant"):
        assert back.explain(locale) == verdict.explain(locale)
        assert not [line for line in verdict.explain(locale) if "lifetime-" in line]
    assert len(repr(verdict)) <= 120


@given(ours, fits, spends, shares, st.data())
def test_whatever_is_unknown_of_purchases_the_truth_stays_within_the_bounds(
    history: PurchaseHistory,
    fit: PurchaseFit,
    spend: SpendFit,
    margin: Decimal | None,
    data: st.DataObject,
) -> None:
    paid, share = history.average_amount, margin
    if history.repeats and paid is None:
        paid = data.draw(st.decimals(0, 10**6, places=2))
    if share is None:
        share = data.draw(st.decimals(-2, 1, places=3))
    whole = attrs.evolve(history, average_amount=paid)
    terms = {"fit": fit, "spend": spend, "years": 1}

    verdict = worth(history, margin=margin, **terms)
    truth = worth(whole, margin=share, **terms).value

    assert truth is not None
    assert truth in verdict.own
    if verdict.is_settled:
        assert verdict.value == truth
    else:
        lacks = history.repeats > 0 and history.average_amount is None
        asked = ["average_amount"] * lacks + ["margin_share"] * (margin is None)
        assert [gap.fact for gap in verdict.missing] == asked


@given(ours, st.integers(1, 2), st.decimals(0, 2, places=2))
def test_more_years_and_cheaper_money_are_never_worth_less(
    history: PurchaseHistory, years: int, discount: Decimal
) -> None:
    assume(history.average_amount is not None or history.repeats == 0)

    told = worth(history, years=years, discount=discount).value
    longer = worth(history, years=years + 1, discount=discount).value
    dearer = worth(history, years=years, discount=discount + 1).value

    assert told is not None
    assert longer is not None
    assert dearer is not None
    assert dearer <= told <= longer


def test_an_unknown_share_leaves_what_is_bought_as_the_most() -> None:
    verdict = worth(margin=None)

    assert verdict.own.low is None
    assert verdict.own.high == worth(margin=Decimal(1)).value
    assert [gap.fact for gap in verdict.missing] == ["margin_share"]
    assert verdict.explain()[0].startswith("Own value: at most")


def test_an_unknown_average_leaves_a_least_or_a_most() -> None:
    open_ = attrs.evolve(OFTEN, average_amount=None)
    gain, loss = worth(open_), worth(open_, margin=Decimal("-0.3"))

    assert gain.own.low is not None
    assert gain.own.high is None
    assert loss.own == AmountRange(None, -gain.own.low)
    assert "negative-margin" in loss.flags
    assert worth(open_, margin=Decimal(0)).value == Money.of("0.00 USD")
    assert gain.average.high is None


def test_influence_stands_apart_from_what_is_bought() -> None:
    referral = Money.of("500 USD")

    assert worth(referral=referral).own == worth().own
    assert worth(referral=referral).referral == referral
    assert "500 USD" in worth(referral=referral).explain()[-2]


def test_a_verdict_says_how_far_it_can_be_relied_on() -> None:
    tied = attrs.evolve(SPEND, correlation=-0.5)

    assert worth(years=1).flags == ("beyond-observation",)
    assert worth(fit=attrs.evolve(FIT, longest=999.0)).flags == ()
    assert "spend-follows-frequency" in worth(spend=tied).flags
    assert worth(spend=attrs.evolve(SPEND, correlation=None), years=1).years == 1


def test_there_is_one_currency_and_there_is_one() -> None:
    nowhere = attrs.evolve(SPEND, currency=None)
    bare = attrs.evolve(OFTEN, currency=None)

    assert worth(bare).value == worth().value
    assert worth(spend=nowhere).value == worth().value
    assert refused(worth, bare, spend=nowhere) == (("$.currency", "missing"),)
    with pytest.raises(CurrencyMismatchError):
        worth(spend=attrs.evolve(SPEND, currency="CNY"))
    with pytest.raises(CurrencyMismatchError):
        worth(referral=Money.of("5 CNY"))


def test_everything_that_is_wrong_with_purchases_is_said_at_once() -> None:
    assert refused(
        lifetime.purchase_value,
        "c1",
        SPEND,
        FIT,
        as_of=None,
        margin=0.3,
        discount=Decimal(-1),
        years=True,
    ) == (
        ("$.as_of", "wrong-type"),
        ("$.history", "wrong-type"),
        ("$.fit", "wrong-type"),
        ("$.spend", "wrong-type"),
        ("$.discount", "out-of-range"),
        ("$.years", "wrong-type"),
        ("$.margin", "wrong-type"),
    )


@pytest.mark.parametrize("margin", ["1.01", "-101", "NaN", "sNaN", "0.00001"])
def test_a_share_of_gross_profit_is_at_most_all(margin: str) -> None:
    assert refused(worth, margin=Decimal(margin)) == (("$.margin", "out-of-range"),)


def test_the_facts_are_what_is_known() -> None:
    known = lifetime.purchase_facts(OFTEN, Decimal("0.3"))
    bare = lifetime.purchase_facts(PurchaseHistory("c1", 0, 0, 5))

    assert dict(known) == {"average_amount": 22.35, "margin_share": 0.3}
    assert bare.unknown == ("average_amount", "margin_share")
    with pytest.raises(InvalidValueError):
        lifetime.purchase_facts(OFTEN, Decimal("1.5"))
