"""A customer has one currency and years in order; what is not known stays None."""

from __future__ import annotations

import datetime as dt
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given

from keyaccount.domain import Customer, Relation, YearMetrics
from tests.refusals import refused
from tests.strategies import customers


def test_a_year_needs_its_number_only() -> None:
    year = YearMetrics(2025)

    assert year.ends_on == dt.date(2025, 12, 31)
    assert year.months == 12
    assert (year.sales, year.due, year.on_time) == (None, None, None)


def test_whole_numbers_become_decimals() -> None:
    year = YearMetrics(2025, sales=-100, due=0, collected=5, on_time=5)

    assert isinstance(year.sales, Decimal)
    assert year.sales == -100


@pytest.mark.parametrize("ends_on", [dt.date(2025, 1, 31), dt.date(2026, 12, 31)])
def test_a_fiscal_year_ends_in_its_year_or_the_next(ends_on: dt.date) -> None:
    assert YearMetrics(2025, ends_on).ends_on == ends_on


@pytest.mark.parametrize("ends_on", [dt.date(2024, 12, 31), dt.date(2027, 1, 1)])
def test_a_fiscal_year_that_ends_elsewhere_is_refused(ends_on: dt.date) -> None:
    assert refused(YearMetrics, 2025, ends_on) == (("$.ends_on", "contradiction"),)


def test_a_year_says_everything_that_is_wrong() -> None:
    year = {"sales": 1.5, "gross_profit": "3", "due": -1, "collected": 5, "on_time": 6}

    assert refused(YearMetrics, "2025", "2025-12-31", 13, **year) == (
        ("$.year", "wrong-type"),
        ("$.ends_on", "wrong-type"),
        ("$.months", "out-of-range"),
        ("$.sales", "wrong-type"),
        ("$.gross_profit", "wrong-type"),
        ("$.due", "out-of-range"),
        ("$.on_time", "contradiction"),
    )


@pytest.mark.parametrize(
    "year, code",
    [
        (1969, "out-of-range"),
        (2201, "out-of-range"),
        (True, "wrong-type"),
        (2025.0, "wrong-type"),
        (None, "missing"),
    ],
)
def test_a_year_that_is_none_is_refused(year: object, code: str) -> None:
    assert refused(YearMetrics, year) == (("$.year", code),)


@pytest.mark.parametrize(
    "day, code",
    [
        (dt.date(1969, 12, 31), "bad-date"),
        (dt.date(2201, 1, 1), "bad-date"),
        (dt.date.max, "bad-date"),
        (dt.datetime(2025, 12, 31, tzinfo=dt.UTC), "wrong-type"),
        (20251231, "wrong-type"),
        (None, "missing"),
    ],
)
def test_a_day_is_a_date_between_1970_and_2200(day: object, code: str) -> None:
    assert refused(YearMetrics, 2025, day) == (("$.ends_on", code),)


@pytest.mark.parametrize(
    "paid", [{"collected": 5, "on_time": 5}, {"on_time": 5}, {"collected": 5}]
)
def test_at_most_what_was_collected_came_on_time(paid: dict[str, int]) -> None:
    assert YearMetrics(2025, **paid).year == 2025  # type: ignore[arg-type]  # amounts


@given(customers())
def test_years_may_be_given_in_any_order(customer: Customer) -> None:
    turned = Customer(
        customer.id,
        customer.name,
        customer.currency,
        relation=customer.relation,
        years=reversed(customer.years),
    )

    assert turned.years == customer.years
    assert list(turned.years) == sorted(turned.years, key=lambda metrics: metrics.year)


def test_a_year_that_stands_twice_is_refused() -> None:
    years = [YearMetrics(2025), YearMetrics(2024), YearMetrics(2025)]

    assert refused(Customer, "c1", "Acme", "CNY", years=years) == (
        ("$.years[2].year", "duplicate"),
    )


def test_a_later_year_ends_later() -> None:
    years = [
        YearMetrics(2024, dt.date(2025, 3, 31)),
        YearMetrics(2025, dt.date(2025, 3, 31)),
    ]

    assert refused(Customer, "c1", "Acme", "CNY", years=years) == (
        ("$.years[1].ends_on", "not-sorted"),
    )


def test_a_prospect_has_no_years() -> None:
    prospect = Customer("p1", "Perhaps", relation=Relation.PROSPECT, influence=80)

    assert prospect.currency is None
    assert prospect.influence == 80
    assert refused(
        Customer,
        "p1",
        "Perhaps",
        "CNY",
        relation=Relation.PROSPECT,
        years=[YearMetrics(2025)],
    ) == (("$.years", "contradiction"),)


def test_years_need_a_currency() -> None:
    assert refused(Customer, "c1", "Acme", years=[YearMetrics(2025)]) == (
        ("$.currency", "missing"),
    )


@pytest.mark.parametrize(
    "influence, code",
    [
        (-1, "out-of-range"),
        (101, "out-of-range"),
        (Decimal("100.01"), "out-of-range"),
        (70.0, "wrong-type"),
        (True, "wrong-type"),
        ("70", "wrong-type"),
    ],
)
def test_influence_is_a_mark_from_0_to_100(influence: object, code: str) -> None:
    assert refused(Customer, "c1", "Acme", influence=influence) == (
        ("$.influence", code),
    )


def test_a_customer_says_everything_that_is_wrong() -> None:
    assert refused(
        Customer,
        "",
        None,
        "cny",
        " ",
        "trading",
        5,
        "",
        [YearMetrics(2025), 2024],
        "5",
    ) == (
        ("$.id", "empty"),
        ("$.name", "missing"),
        ("$.industry", "empty"),
        ("$.relation", "wrong-type"),
        ("$.parent_id", "wrong-type"),
        ("$.owner", "empty"),
        ("$.influence", "wrong-type"),
        ("$.currency", "unknown-choice"),
        ("$.years[1]", "wrong-type"),
    )


def test_a_customer_is_not_its_own_parent() -> None:
    assert refused(Customer, "c1", "Acme", parent_id="c1") == (
        ("$.parent_id", "contradiction"),
    )
    assert Customer("c1", "Acme", parent_id="c0").parent_id == "c0"


@pytest.mark.parametrize(
    "identifier, code",
    [
        ("a\0", "not-text"),
        ("a\nb", "not-text"),
        ("a\ud800", "not-text"),
        ("a\u202eb", "not-text"),
        ("a\u200bb", "not-text"),
        ("a\u2028b", "not-text"),
        ("\u3000 ", "empty"),
        ("x" * 201, "too-long"),
        (b"a", "wrong-type"),
    ],
)
def test_an_id_holds_nothing_that_cannot_be_seen(identifier: object, code: str) -> None:
    assert refused(Customer, identifier, "Acme") == (("$.id", code),)


@pytest.mark.parametrize(
    "identifier", ["c 1", "国家电网", "Ünï-1", "العميل", "x" * 200]
)
def test_an_id_may_be_in_any_script(identifier: str) -> None:
    assert Customer(identifier, "Acme").id == identifier


def test_ids_that_look_alike_because_of_their_spelling_are_one() -> None:
    spelt_apart = unicodedata.normalize("NFD", "Ünion")

    assert Customer(spelt_apart, "Acme").id == "Ünion"
    assert Customer("c1", "Acme", parent_id=spelt_apart).parent_id == "Ünion"


@pytest.mark.parametrize(
    "name, code",
    [("a\0", "not-text"), ("a\x1b[31m", "not-text"), ("\ud800", "not-text")],
)
def test_a_name_holds_no_control_characters(name: str, code: str) -> None:
    assert refused(Customer, "c1", name) == (("$.name", code),)


@pytest.mark.parametrize(
    "name", ["a\tb\nc", "\u202eabc", "می\u200cخواهم", "國家電網 𠮷"]
)
def test_a_name_may_be_in_any_script_and_direction(name: str) -> None:
    assert Customer("c1", name).name == name
