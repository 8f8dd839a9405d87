"""Purchases, histories of purchases and contracts hold together (S3-1, S2-6)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from keyaccount.domain import Contract, Purchase, PurchaseHistory, TimeUnit
from tests.refusals import refused


DAY = dt.date(2025, 11, 1)


def test_a_purchase_may_be_of_an_unknown_amount_and_may_be_a_return() -> None:
    assert Purchase("c1", DAY).amount is None
    assert Purchase("c1", DAY, -5).amount == Decimal(-5)


def test_a_purchase_is_on_a_plain_day() -> None:
    noon = dt.datetime(2025, 11, 1, 12, tzinfo=dt.UTC)

    assert refused(Purchase, "c1", noon) == (("$.on", "wrong-type"),)


def test_a_history_is_told_in_days_unless_somebody_says_otherwise() -> None:
    history = PurchaseHistory("c1", 2, 30, 90)

    assert history.unit is TimeUnit.DAYS
    assert history.currency is None


def test_nobody_buys_after_we_looked() -> None:
    assert refused(PurchaseHistory, "c1", 1, 91, 90) == (
        ("$.last_after", "contradiction"),
    )


@pytest.mark.parametrize("repeats,last", [(0, 5), (2, 0)])
def test_a_last_purchase_comes_later_just_where_there_are_repeats(
    repeats: int, last: int
) -> None:
    assert refused(PurchaseHistory, "c1", repeats, last, 90) == (
        ("$.last_after", "contradiction"),
    )


def test_without_repeats_there_is_no_average() -> None:
    assert refused(PurchaseHistory, "c1", 0, 0, 90, 5) == (
        ("$.average_amount", "contradiction"),
    )


def test_a_history_says_everything_that_is_wrong_at_once() -> None:
    assert refused(PurchaseHistory, "", -1, -1, 90, -1, "days", "Dollar") == (
        ("$.customer_id", "empty"),
        ("$.repeats", "out-of-range"),
        ("$.last_after", "out-of-range"),
        ("$.average_amount", "out-of-range"),
        ("$.unit", "wrong-type"),
        ("$.currency", "unknown-choice"),
    )


def test_a_year_has_as_many_days_as_its_weeks_have() -> None:
    assert TimeUnit.DAYS.in_a_year == Fraction(1461, 4)
    assert TimeUnit.WEEKS.in_a_year * TimeUnit.WEEKS.days == Fraction(1461, 4)


def test_a_contract_may_cost_us_money_but_nobody_stays_more_than_surely() -> None:
    assert Contract("c1", "CNY", -5, 1).margin == Decimal(-5)
    assert refused(Contract, "c1", "CNY", 5, Decimal("1.01")) == (
        ("$.retention", "out-of-range"),
    )
