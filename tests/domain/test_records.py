"""A notebook's rows become customers, or say by row what is wrong with them."""

from __future__ import annotations

import datetime as dt
import numbers
import types
from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.domain import Customer, Relation, YearMetrics
from tests.refusals import refused
from tests.strategies import customers


def read(*rows: Mapping[str, object], currency: str | None = "CNY") -> object:
    return Customer.from_records(rows, currency=currency)


def test_rows_become_customers_with_their_years() -> None:
    rows: list[dict[str, object]] = [
        {"customer": "b", "name": "Beta", "year": 2025, "sales": 1.5},
        {"customer": "a", "year": "2025", "sales": "2e3", "due": Decimal(5)},
        {"customer": "b", "year": 2024.0, "sales": 7, "ends_on": "2025-03-31"},
    ]

    beta, alpha = Customer.from_records(rows, currency="CNY")

    assert beta == Customer(
        "b",
        "Beta",
        "CNY",
        years=[
            YearMetrics(2024, dt.date(2025, 3, 31), sales=7),
            YearMetrics(2025, sales=Decimal("1.5")),
        ],
    )
    assert alpha == Customer(
        "a", "a", "CNY", years=[YearMetrics(2025, sales=2000, due=5)]
    )


def test_all_that_a_table_may_hold_is_read() -> None:
    row: dict[str, object] = {
        "id": 1001,
        "name": " Acme ",
        "industry": "steel",
        "relation": "trading",
        "currency": "EUR",
        "parent": 1000,
        "owner": "Li",
        "influence": 70.5,
        "year": 2025,
        "ends_on": dt.datetime(2025, 6, 30),  # noqa: DTZ001 - as pandas gives a day
        "months": "6",
        "sales": 4,
        "gross_profit": 1,
        "due": 3,
        "collected": 2,
        "on_time": "1.0",
    }

    (customer,) = Customer.from_records([row], currency=None)

    assert customer == Customer(
        "1001",
        "Acme",
        "EUR",
        industry="steel",
        parent_id="1000",
        owner="Li",
        influence=Decimal("70.5"),
        years=[YearMetrics(2025, dt.date(2025, 6, 30), 6, 4, 1, 3, 2, 1)],
    )


NAType = type("NAType", (), {})


class Single:
    """A number of another library, as numpy's float32 and int64 are."""

    def __init__(self, value: float) -> None:
        self.value = value

    def __float__(self) -> float:
        return float(self.value)

    def __int__(self) -> int:
        return int(self.value)

    def __str__(self) -> str:
        return str(self.value)


class Whole(Single):
    """The same, for whole numbers."""


numbers.Real.register(Single)
numbers.Integral.register(Whole)


@pytest.mark.parametrize(
    "gap",
    [
        None,
        "",
        "  ",
        float("nan"),
        Decimal("NaN"),
        Decimal("sNaN"),
        NAType(),
        Single(float("nan")),
    ],
)
def test_a_gap_is_not_known(gap: object) -> None:
    row = {"customer": "a", "year": 2025, "sales": gap, "name": gap, "ends_on": gap}

    (customer,) = Customer.from_records([row], currency="CNY")

    assert customer == Customer("a", "a", "CNY", years=[YearMetrics(2025)])


def test_a_row_without_a_year_tells_about_the_customer_only() -> None:
    row: dict[str, object] = {"id": "p", "relation": Relation.PROSPECT, "influence": 3}

    (prospect,) = Customer.from_records([row], currency=None)

    assert prospect == Customer("p", "p", relation=Relation.PROSPECT, influence=3)


@pytest.mark.parametrize(
    "value, kept",
    [
        (0.1, "0.1"),
        (0.1 + 0.2, "0.300000000000"),
        (1.1368683772161603e-13, "0"),
        (1e15, "1E+15"),
        (Decimal(1) / 3, "0.333333333333"),
        (Single(0.1), "0.1"),
        (Whole(7), "7"),
        (-5, "-5"),
        (" 12.50 ", "12.50"),
        ("1.", "1"),
    ],
)
def test_numbers_of_any_kind_are_kept_to_twelve_decimals(
    value: object, kept: str
) -> None:
    (customer,) = Customer.from_records(
        [{"customer": "a", "year": 2025, "sales": value}], currency="CNY"
    )

    assert customer.years[0].sales == Decimal(kept)


@pytest.mark.parametrize(
    "value, code",
    [
        ("1,200", "bad-syntax"),
        ("１２", "bad-syntax"),
        ("1_000", "bad-syntax"),
        ("¥5", "bad-syntax"),
        ("abc", "bad-syntax"),
        ("9" * 9_999, "bad-syntax"),
        (True, "bad-syntax"),
        ([], "bad-syntax"),
        (1j, "bad-syntax"),
        (float("inf"), "not-finite"),
        (Decimal("-Infinity"), "not-finite"),
        ("1e999", "out-of-range"),
        (1e300, "out-of-range"),
        (1e16, "out-of-range"),
        (Decimal("1E+999999"), "out-of-range"),
        pytest.param(10**5_000, "out-of-range", id="five thousand digits"),
    ],
)
def test_what_is_no_number_is_named_by_its_cell(value: object, code: str) -> None:
    rows = [{"customer": "a"}, {"customer": "a", "year": 2025, "sales": value}]

    assert refused(read, *rows) == (("$[1].sales", code),)


@pytest.mark.parametrize(
    "column, value, code",
    [
        ("year", "2025.5", "wrong-type"),
        ("year", 1e300, "wrong-type"),
        ("year", float("inf"), "wrong-type"),
        ("year", "soon", "bad-syntax"),
        ("year", 1200, "out-of-range"),
        ("months", 0, "out-of-range"),
        ("ends_on", "20251231", "bad-date"),
        ("ends_on", "2026-W01-1", "bad-date"),
        ("ends_on", "2025-02-30", "bad-date"),
        ("ends_on", 45657, "bad-date"),
        ("ends_on", dt.datetime(2025, 6, 30, 12), "bad-date"),  # noqa: DTZ001 - as given
        ("ends_on", dt.date(2020, 6, 30), "contradiction"),
        ("relation", "friend", "unknown-choice"),
        ("name", 7, "wrong-type"),
        ("name", "\0x", "not-text"),
        ("currency", "cny", "unknown-choice"),
        ("influence", 101, "out-of-range"),
        ("parent", True, "wrong-type"),
        ("parent", -1, "out-of-range"),
    ],
)
def test_a_cell_that_cannot_be_is_named(column: str, value: object, code: str) -> None:
    row = {"customer": "a", "year": 2025} | {column: value}

    ((path, found), *_) = refused(read, row)

    assert (path, found) == (f"$[0].{column}", code)


def test_a_day_may_be_a_date() -> None:
    row = {"customer": "a", "year": 2025, "ends_on": dt.date(2025, 6, 30)}

    (customer,) = Customer.from_records([row], currency="CNY")

    assert customer.years[0].ends_on == dt.date(2025, 6, 30)


def test_everything_wrong_is_said_at_once_and_by_row() -> None:
    rows: list[object] = [
        {"customer": "a", "year": 2025, "sales": "x", "gros_profit": 3},
        {"customer": "a", "year": 2025, "gros_profit": 4, 7: 8},
        {"customer": "b", "id": "c"},
        {"name": "nobody"},
        "a row",
        {"customer": "d", "sales": 3},
        {"customer": "e", "name": "E"},
        {"customer": "e", "name": "Other"},
        {"customer": True},
        {"customer": "f", "year": 2025, "collected": 1, "on_time": 2},
    ]

    assert refused(Customer.from_records, rows, currency="CNY") == (
        ("$[0]", "unknown-key"),
        ("$[0].sales", "bad-syntax"),
        ("$[1]", "unknown-key"),
        ("$[1].year", "duplicate"),
        ("$[2].id", "contradiction"),
        ("$[3].customer", "missing"),
        ("$[4]", "wrong-type"),
        ("$[5].year", "missing"),
        ("$[7].name", "contradiction"),
        ("$[8].customer", "wrong-type"),
        ("$[9].on_time", "contradiction"),
    )


@pytest.mark.parametrize("rows", ["abc", {"customer": "a"}, 5, None])
def test_what_is_no_table_is_refused(rows: object) -> None:
    assert refused(Customer.from_records, rows, currency="CNY") == (
        ("$", "wrong-type"),
    )


def test_a_wrong_currency_is_said_once() -> None:
    rows = [{"customer": str(row), "year": 2025} for row in range(3)]

    assert refused(read, *rows, currency="yuan") == (("$.currency", "unknown-choice"),)


def test_any_mapping_is_a_row() -> None:
    row = types.MappingProxyType({"customer": "a", "year": 2025})

    assert Customer.from_records(iter([row]), currency="CNY")[0].id == "a"


def rows_of(customer: Customer) -> list[dict[str, object]]:
    who = {
        "id": customer.id,
        "name": customer.name,
        "industry": customer.industry,
        "relation": customer.relation,
        "currency": customer.currency,
        "parent_id": customer.parent_id,
        "owner": customer.owner,
        "influence": customer.influence,
    }
    columns = ["year", "months", "sales", "gross_profit", "due", "collected", "on_time"]
    years = [
        {column: getattr(metrics, column) for column in columns}
        for metrics in customer.years
    ]
    return [who | year for year in years] or [who]


@given(st.lists(customers(), max_size=4, unique_by=lambda customer: customer.id))
def test_customers_written_as_rows_come_back(some: list[Customer]) -> None:
    some = [
        Customer.from_records(rows_of(customer), currency=None)[0] for customer in some
    ]  # texts are stripped at this door
    unique = {customer.id: customer for customer in some}
    rows = [row for customer in unique.values() for row in rows_of(customer)]

    assert Customer.from_records(rows, currency=None) == tuple(unique.values())
