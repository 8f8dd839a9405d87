"""From single purchases to what is known of each customer's buying."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from keyaccount.domain import Purchase
from keyaccount.exceptions import CurrencyMismatchError
from keyaccount.models import segments
from keyaccount.models.segments import Behaviour, RfmSegment
from keyaccount.tri import Tri
from tests.refusals import refused


TODAY = dt.date(2025, 12, 31)


def test_orders_and_spend_are_of_the_last_twelve_months_and_no_more() -> None:
    listed = [
        Purchase("a", dt.date(2025, 1, 1), Decimal(10)),
        Purchase("a", dt.date(2024, 12, 31), Decimal(90)),
        Purchase("a", TODAY, Decimal(5)),
    ]

    found = segments.behaviours(listed, as_of=TODAY)["a"]

    assert found == Behaviour(
        has_bought=Tri.YES, recency_days=0, orders=2, spend=Decimal(15)
    )


def test_a_customer_without_orders_in_the_year_ordered_nothing_and_spent_nothing() -> (
    None
):
    found = segments.behaviours(
        [Purchase("a", dt.date(2020, 1, 1), Decimal(90))], as_of=TODAY
    )["a"]

    assert found.orders == 0
    assert found.spend == 0
    assert found.recency_days == 2191


def test_an_unknown_amount_is_an_order_and_leaves_the_spend_open_upwards() -> None:
    listed = [Purchase("a", TODAY, Decimal(15)), Purchase("a", TODAY)]

    found = segments.behaviours(listed, as_of=TODAY)["a"]

    assert found.orders == 2
    assert found.spend is None
    assert found.least_spend == 15


def test_a_return_lowers_the_spend_and_is_no_order() -> None:
    listed = [
        Purchase("a", dt.date(2025, 3, 1), Decimal(50)),
        Purchase("a", TODAY, Decimal(-20)),
    ]

    found = segments.behaviours(listed, as_of=TODAY)["a"]

    assert (found.orders, found.spend, found.recency_days) == (1, Decimal(30), 305)


def test_who_only_returns_has_bought_before_nobody_knows_when() -> None:
    found = segments.behaviours([Purchase("a", TODAY, Decimal(-20))], as_of=TODAY)["a"]

    assert found.bought is Tri.YES
    assert found.recency_days is None


def test_who_only_buys_later_has_not_bought_yet() -> None:
    tomorrow = TODAY + dt.timedelta(days=1)

    (found,) = segments.rfm([Purchase("a", tomorrow, Decimal(9))], as_of=TODAY)

    assert found.value is RfmSegment.NO_PURCHASES
    assert found.flags == ("later-purchase", "few-customers")


def test_sums_are_exact_whatever_the_decimals() -> None:
    listed = [Purchase("a", TODAY, Decimal("0.1"))] * 3

    assert segments.behaviours(listed, as_of=TODAY)["a"].spend == Decimal("0.3")


def test_amounts_in_two_currencies_are_not_compared() -> None:
    listed = [
        Purchase("a", TODAY, Decimal(1), "CNY"),
        Purchase("b", TODAY, Decimal(1)),
        Purchase("b", TODAY, Decimal(1), "USD"),
    ]

    with pytest.raises(CurrencyMismatchError, match="CNY and USD"):
        segments.rfm(listed, as_of=TODAY)
    assert len(segments.rfm(listed[:2], as_of=TODAY)) == 2


def test_what_is_no_purchase_is_refused() -> None:
    noon = dt.datetime(2025, 12, 31, 12, tzinfo=dt.UTC)

    assert refused(segments.rfm, 5, as_of=noon) == (
        ("$.as_of", "wrong-type"),
        ("$.purchases", "wrong-type"),
    )
    assert refused(segments.rfm, ["a"], as_of=TODAY) == (
        ("$.purchases[0]", "wrong-type"),
    )
    assert refused(segments.rfm, {1: "a"}, as_of=None) == (
        ("$.as_of", "wrong-type"),
        ("$.purchases", "wrong-type"),
        ("$.purchases[1]", "wrong-type"),
    )
    assert refused(segments.segment, "a", as_of=None) == (
        ("$.as_of", "wrong-type"),
        ("$.behaviour", "wrong-type"),
    )


def test_a_behaviour_says_everything_that_is_wrong() -> None:
    assert refused(
        Behaviour,
        has_bought="yes",
        recency_days=-1,
        orders=True,
        spend=0.5,
        least_spend=Decimal("sNaN"),
        later=None,
    ) == (
        ("$.has_bought", "wrong-type"),
        ("$.recency_days", "out-of-range"),
        ("$.orders", "wrong-type"),
        ("$.later", "wrong-type"),
        ("$.spend", "wrong-type"),
        ("$.least_spend", "not-finite"),
    )
    assert refused(Behaviour, has_bought=Tri.NO, orders=2, spend=5, least_spend=4) == (
        ("$.has_bought", "contradiction"),
        ("$.least_spend", "contradiction"),
    )


def test_a_figure_too_large_to_compute_with_is_refused_at_once() -> None:
    assert refused(
        Behaviour,
        recency_days=10**400,
        orders=10**400,
        spend=Decimal("1e400"),
        least_spend=Decimal("-1e999999"),
    ) == (
        ("$.recency_days", "not-finite"),
        ("$.orders", "not-finite"),
        ("$.spend", "not-finite"),
        ("$.least_spend", "not-finite"),
    )


@pytest.mark.parametrize(
    "paid",
    [
        {"spend": Decimal(5)},
        {"spend": Decimal(-5)},
        {"least_spend": Decimal(5)},
    ],
)
def test_an_amount_tells_that_the_customer_has_bought(paid: dict[str, Decimal]) -> None:
    assert Behaviour(**paid).bought is Tri.YES  # type: ignore[arg-type]  # one field
    assert refused(Behaviour, has_bought=Tri.NO, **paid) == (
        ("$.has_bought", "contradiction"),
    )


def test_an_amount_of_nothing_tells_nothing() -> None:
    assert Behaviour(spend=Decimal(0)).bought is Tri.UNKNOWN
    assert Behaviour(least_spend=Decimal(0)).bought is Tri.UNKNOWN
