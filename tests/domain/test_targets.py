"""What we aim at in a year, and how far we have come."""

from __future__ import annotations

from decimal import Decimal

import pytest

from keyaccount.domain import AnnualTarget, TargetKind
from tests.refusals import refused


MONEY, VOLUME = TargetKind.SALES_AMOUNT, TargetKind.SALES_VOLUME
SHARE, MOOD = TargetKind.MARKET_SHARE, TargetKind.SATISFACTION


def test_an_actual_that_nobody_told_is_none_and_not_zero() -> None:  # S4-1
    assert AnnualTarget(2026, VOLUME, Decimal(5)).actual is None
    assert AnnualTarget(2026, VOLUME, Decimal(5), Decimal(0)).actual == 0


def test_a_target_of_nothing_is_none() -> None:
    assert refused(AnnualTarget, 2026, MOOD, Decimal(0)) == (
        ("$.target", "out-of-range"),
    )


@pytest.mark.parametrize("kind", [VOLUME, SHARE, MOOD])
def test_only_an_amount_has_a_currency(kind: TargetKind) -> None:
    assert refused(AnnualTarget, 2026, kind, Decimal("0.5"), currency="CNY") == (
        ("$.currency", "contradiction"),
    )
    assert refused(AnnualTarget, 2026, MONEY, Decimal(5)) == (
        ("$.currency", "missing"),
    )


def test_a_market_share_is_at_most_the_whole_market() -> None:
    assert AnnualTarget(2026, SHARE, Decimal(1), Decimal(1)).target == 1
    assert refused(AnnualTarget, 2026, SHARE, Decimal("1.01"), Decimal(2)) == (
        ("$.target", "out-of-range"),
        ("$.actual", "out-of-range"),
    )


def test_sales_may_be_below_zero_and_volume_may_not() -> None:
    back = AnnualTarget(2026, MONEY, Decimal(5), Decimal(-1), currency="CNY")

    assert back.actual == -1
    assert refused(AnnualTarget, 2026, VOLUME, Decimal(5), Decimal(-1)) == (
        ("$.actual", "out-of-range"),
    )


@pytest.mark.parametrize("month", [0, 13])
def test_a_year_has_twelve_months(month: int) -> None:
    assert AnnualTarget(2026, MOOD, Decimal(5), month=12).month == 12
    assert refused(AnnualTarget, 2026, MOOD, Decimal(5), month=month) == (
        ("$.month", "out-of-range"),
    )


def test_everything_wrong_with_a_target_is_told_at_once() -> None:
    assert refused(
        AnnualTarget, 0, "mood", None, 0.5, 1.5, "yuan", customer_id="", owner=""
    ) == (
        ("$.year", "out-of-range"),
        ("$.kind", "wrong-type"),
        ("$.target", "missing"),
        ("$.actual", "wrong-type"),
        ("$.month", "wrong-type"),
        ("$.currency", "unknown-choice"),
        ("$.customer_id", "empty"),
        ("$.owner", "empty"),
    )
