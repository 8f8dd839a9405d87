"""The workbook: numbers as numbers, days as days, one sheet a question."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any, Protocol

import pytest

from keyaccount import book
from tests.report.demo_firm import RULES, company, portfolio


report = pytest.importorskip("keyaccount.report", reason="the extra report is not here")
openpyxl = pytest.importorskip("openpyxl", reason="reads workbooks back")
pytest.importorskip("xlsxwriter", reason="the extra excel is not here")


class Book(Protocol):
    """What is asked of a workbook that was read back."""

    sheetnames: list[str]

    def __getitem__(self, name: str, /) -> Any: ...  # noqa: ANN401 - openpyxl has no types


@pytest.fixture(scope="module")
def found() -> Book:
    data = report.workbook(portfolio(), policies=RULES, fx=company().fx)
    read: Book = openpyxl.load_workbook(io.BytesIO(data))
    return read


def rows(found: Book, sheet: str) -> Iterator[dict[str, Any]]:
    headings, *others = found[sheet].iter_rows(values_only=True)
    for row in others:
        yield dict(zip(headings, row, strict=True))


def test_a_workbook_has_the_week_the_customers_the_deals_and_ten_questions(
    found: Book,
) -> None:
    questions = [str(number) for number in range(1, 11)]

    assert found.sheetnames == ["This week", "Customers", "Deals", *questions]
    assert found["3"]["A1"].value.startswith("3. Should we bid")


def test_what_is_due_stands_with_its_day_and_how_late_it_is(found: Book) -> None:
    told = list(rows(found, "This week"))

    due = portfolio().agenda.within(7).items
    assert len(told) == len(due) > 0
    for row, item in zip(told, due, strict=True):
        assert row["When"].date() == item.due_on
        assert row["Days late"] == item.days_late(portfolio().as_of)


def test_every_customer_stands_with_its_numbers(found: Book) -> None:
    told = {row["Id"]: row for row in rows(found, "Customers")}

    assert len(told) == len(portfolio())
    assert told["C01"]["Sales, last year"] == 81718500
    open_score = told["C22"]
    assert open_score["Score from"] < 60 < open_score["Score to"]
    assert told["C01"]["Score from"] == told["C01"]["Score to"]


def test_every_open_deal_stands_with_its_value(found: Book) -> None:
    told = {row["Id"]: row for row in rows(found, "Deals")}

    assert {*told} == {deal.opportunity.id for deal in portfolio().deals}
    assert told["D01"]["Value"] == 18500000
    assert told["D01"]["Expected close"] == dt.datetime(2026, 1, 20)  # noqa: DTZ001 - the same


def test_what_is_not_known_is_an_empty_cell_and_no_nought(found: Book) -> None:
    unvalued = [
        deal.opportunity.id
        for deal in portfolio().deals
        if deal.opportunity.value is None
    ]
    told = {row["Id"]: row for row in rows(found, "Deals")}

    assert unvalued
    assert all(told[one]["Value"] is None for one in unvalued)


def test_a_firm_without_customers_gives_a_workbook_all_the_same() -> None:
    empty = book.review((), as_of=dt.date(2025, 12, 31))
    found = openpyxl.load_workbook(io.BytesIO(report.workbook(empty)))

    assert len(found.sheetnames) == 13
