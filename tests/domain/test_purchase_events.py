"""A purchase says who, when and for how much, as far as anybody knows."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from keyaccount.domain import Purchase
from tests.refusals import refused


DAY = dt.date(2025, 6, 1)


def test_a_purchase_needs_no_amount() -> None:
    found = Purchase("c1", DAY)

    assert found.amount is None
    assert found.currency is None


def test_a_whole_amount_becomes_a_decimal() -> None:
    assert Purchase("c1", DAY, 5, "CNY").amount == Decimal(5)


def test_a_negative_amount_is_a_return() -> None:
    assert Purchase("c1", DAY, Decimal(-5)).amount == Decimal(-5)


def test_ids_of_one_spelling_match() -> None:
    assert Purchase("Cafe\u0301", DAY) == Purchase("Caf\u00e9", DAY)


def test_a_purchase_says_everything_that_is_wrong() -> None:
    noon = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)

    assert refused(Purchase, "", noon, 0.1, "yuan") == (
        ("$.customer_id", "empty"),
        ("$.on", "wrong-type"),
        ("$.amount", "wrong-type"),
        ("$.currency", "unknown-choice"),
    )
    assert refused(Purchase, None, None) == (
        ("$.customer_id", "missing"),
        ("$.on", "missing"),
    )
