"""Rates are dated, read in both directions, and never guessed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.domain import FxRate, FxTable, Money
from keyaccount.exceptions import MissingRateError
from tests.refusals import refused
from tests.strategies import amounts, days, fx_tables, moneys


JAN, FEB, MAR = (dt.date(2025, month, 1) for month in (1, 2, 3))
TABLE = FxTable.of(
    [
        ("USD", "CNY", FEB, Decimal("7.2")),
        ("USD", "CNY", JAN, Decimal("7.0")),
        FxRate("EUR", "USD", JAN, Decimal("1.05")),
    ]
)


def test_the_latest_rate_up_to_the_day_counts() -> None:
    dollars = Money.of("10 USD")

    assert TABLE.convert(dollars, "CNY", on=JAN) == Money.of("70 CNY")
    assert TABLE.convert(dollars, "CNY", on=dt.date(2025, 1, 31)) == Money.of("70 CNY")
    assert TABLE.convert(dollars, "CNY", on=FEB) == Money.of("72 CNY")
    assert TABLE.convert(dollars, "CNY", on=MAR) == Money.of("72 CNY")


def test_a_pair_is_read_in_both_directions() -> None:
    yuan = Money.of("70 CNY")

    assert TABLE.convert(yuan, "USD", on=JAN) == Money.of("10 USD")


def test_of_two_directions_the_later_rate_counts_then_the_direct_one() -> None:
    both = FxTable.of(
        [
            ("USD", "CNY", JAN, Decimal(7)),
            ("CNY", "USD", FEB, Decimal("0.125")),
            ("USD", "CNY", MAR, Decimal(5)),
            ("CNY", "USD", MAR, Decimal("0.25")),
        ]
    )
    dollar = Money.of("1 USD")

    assert both.convert(dollar, "CNY", on=JAN) == Money.of("7 CNY")
    assert both.convert(dollar, "CNY", on=FEB) == Money.of("8 CNY")
    assert both.convert(dollar, "CNY", on=MAR) == Money.of("5 CNY")


@pytest.mark.parametrize(
    "money, to, on",
    [
        ("1 USD", "CNY", dt.date(2024, 12, 31)),  # no rate that old
        ("1 EUR", "CNY", MAR),  # only by way of the dollar
        ("1 JPY", "CNY", MAR),
        ("0 JPY", "CNY", MAR),
    ],
)
def test_a_missing_rate_is_an_error_and_never_zero(
    money: str, to: str, on: dt.date
) -> None:
    with pytest.raises(MissingRateError, match=to) as caught:
        TABLE.convert(Money.of(money), to, on)
    assert isinstance(caught.value, LookupError)


@given(fx_tables(), moneys(), days)
def test_the_same_currency_needs_no_rate(
    table: FxTable, money: Money, on: dt.date
) -> None:
    assert table.convert(money, money.currency, on) == money


@given(amounts(-(10**9), 10**9), st.decimals(Decimal("0.001"), 1000, places=4))
def test_there_and_back_differs_by_rounding_only(
    amount: Decimal, rate: Decimal
) -> None:
    table = FxTable.of([("USD", "CNY", JAN, rate)])
    money = Money(amount, "USD")

    dear = table.convert(money, "CNY", on=JAN)
    cheap = table.convert(Money(amount, "CNY"), "USD", on=JAN)

    assert Fraction(dear.amount) == Fraction(amount) * Fraction(rate)
    assert table.convert(dear, "USD", on=JAN) == money
    back = Fraction(table.convert(cheap, "CNY", on=JAN).amount)
    half = Fraction(1, 2 * 10**12)
    assert abs(back - Fraction(amount)) <= half * (Fraction(rate) + 1)


@given(fx_tables())
def test_the_order_of_the_rates_does_not_matter(table: FxTable) -> None:
    assert FxTable(table.rates[::-1]) == table
    assert FxTable.of(table.rates[::-1]) == table


def test_a_rate_with_everything_wrong_says_so_at_once() -> None:
    assert refused(FxRate, "usd", 3, "2025-01-01", 7.1) == (
        ("$.base", "unknown-choice"),
        ("$.quote", "wrong-type"),
        ("$.on", "wrong-type"),
        ("$.rate", "wrong-type"),
    )


@pytest.mark.parametrize("rate", [0, -1, Decimal("-0.5")])
def test_a_rate_is_above_zero(rate: Decimal) -> None:
    assert refused(FxRate, "USD", "CNY", JAN, rate) == (("$.rate", "out-of-range"),)


def test_a_rate_joins_two_currencies() -> None:
    assert refused(FxRate, "USD", "USD", JAN, 1) == (("$.quote", "contradiction"),)


def test_two_rates_of_a_pair_and_day_are_refused() -> None:
    rate = FxRate("USD", "CNY", JAN, Decimal(7))

    assert refused(FxTable, [rate, rate]) == (("$.rates[1]", "duplicate"),)


def test_rows_that_are_no_rates_are_named() -> None:
    rows = [("USD", "CNY", JAN, 0), ("USD", "CNY"), 5, ("USD", "EUR", JAN, 1)]

    assert refused(FxTable.of, rows) == (
        ("$[0].rate", "out-of-range"),
        ("$[1]", "wrong-type"),
        ("$[2]", "wrong-type"),
    )
    assert refused(FxTable, [5]) == (("$.rates[0]", "wrong-type"),)
    assert refused(FxTable, "USD") == (("$.rates", "wrong-type"),)


def test_conversion_checks_what_it_is_given() -> None:
    assert refused(TABLE.convert, 5, "cny", "today") == (
        ("$.money", "wrong-type"),
        ("$.to", "unknown-choice"),
        ("$.on", "wrong-type"),
    )
