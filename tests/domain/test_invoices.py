"""Invoices, receipts and a period's totals hold together."""

from __future__ import annotations

import datetime as dt

import pytest

from keyaccount.domain import Invoice, Money, Receipt, ReceivablesPeriod
from keyaccount.tri import Tri
from tests.refusals import refused


DAY = dt.date(2025, 11, 1)
LATER = dt.date(2025, 11, 30)
FIVE = Money.of("5 CNY")


def period(**changes: object) -> ReceivablesPeriod:
    return ReceivablesPeriod(DAY, LATER, **changes)  # type: ignore[arg-type]  # whatever the test puts


def test_an_invoice_need_not_tell_when_it_is_due() -> None:
    invoice = Invoice("i1", "c1", FIVE, DAY)

    assert invoice.due_on is None
    assert invoice.disputed is Tri.UNKNOWN


def test_an_invoice_is_not_due_before_it_is_issued() -> None:
    assert Invoice("i1", "c1", FIVE, DAY, DAY).due_on == DAY
    assert refused(Invoice, "i1", "c1", FIVE, LATER, DAY) == (
        ("$.due_on", "contradiction"),
    )


def test_receipts_are_kept_by_day() -> None:
    late, early = Receipt(LATER, FIVE), Receipt(DAY, FIVE)

    invoice = Invoice("i1", "c1", FIVE, DAY, receipts=[late, early])

    assert invoice.receipts == (early, late)


@pytest.mark.parametrize("amount", ["5 USD", "-5 CNY", "0 CNY"])
def test_a_receipt_has_the_currency_and_the_sign_of_its_invoice(amount: str) -> None:
    receipts = [Receipt(DAY, Money.of(amount))]

    assert refused(Invoice, "i1", "c1", FIVE, DAY, None, receipts) == (
        ("$.receipts[0].amount", "contradiction"),
    )


def test_a_refund_belongs_to_a_credit_note() -> None:
    refund = Receipt(LATER, Money.of("-5 CNY"))

    note = Invoice("i1", "c1", Money.of("-5 CNY"), DAY, receipts=[refund])

    assert note.receipts == (refund,)
    assert refused(
        Invoice, "i1", "c1", Money.of("-5 CNY"), DAY, None, [Receipt(DAY, FIVE)]
    ) == (("$.receipts[0].amount", "contradiction"),)


def test_an_invoice_says_everything_that_is_wrong() -> None:
    assert refused(Invoice, "", "c1", 5, "today", None, [1], "no") == (
        ("$.id", "empty"),
        ("$.amount", "wrong-type"),
        ("$.issued_on", "wrong-type"),
        ("$.receipts[0]", "wrong-type"),
        ("$.disputed", "wrong-type"),
    )
    assert refused(Receipt, None, None) == (
        ("$.on", "missing"),
        ("$.amount", "missing"),
    )


def test_a_period_counts_its_days_both_ends_included() -> None:
    assert period().days == 30
    assert ReceivablesPeriod(DAY, DAY).days == 1
    assert refused(ReceivablesPeriod, LATER, DAY) == (("$.ends_on", "contradiction"),)


@pytest.mark.parametrize(
    "begins_on, ends_on, months",
    [
        ("2025-11-01", "2025-11-30", 1),
        ("2025-07-01", "2025-09-30", 3),
        ("2024-02-01", "2024-02-29", 1),
        ("2024-02-01", "2024-02-28", None),
        ("2025-04-06", "2026-04-05", 12),
        ("2025-01-15", "2025-02-15", None),
        ("2025-01-15", "2025-01-14", None),
        ("2025-01-01", "2025-01-10", None),
    ],
)
def test_whole_calendar_months_are_counted(
    begins_on: str, ends_on: str, months: int | None
) -> None:
    first, last = map(dt.date.fromisoformat, (begins_on, ends_on))

    if first > last:
        assert refused(ReceivablesPeriod, first, last)[0][0] == "$.ends_on"
    else:
        assert ReceivablesPeriod(first, last).months == months


def test_somebody_may_say_of_how_many_months_the_sales_are() -> None:
    assert period(months=2).months == 2
    assert period(months=None).months is None
    assert refused(period, months=0) == (("$.months", "out-of-range"),)


def test_a_period_has_one_currency() -> None:
    assert period().currency is None
    assert period(closing=FIVE).currency == "CNY"
    assert refused(period, closing=FIVE, opening=Money.of("5 USD")) == (
        ("$.closing", "contradiction"),
    )


def test_what_is_not_overdue_is_part_of_what_is_owed() -> None:
    four = Money.of("4 CNY")

    assert period(closing=FIVE, closing_current=FIVE).closing_current == FIVE
    assert refused(period, closing=four, closing_current=FIVE) == (
        ("$.closing_current", "contradiction"),
    )


def test_a_debt_is_not_below_nothing_but_net_sales_may_be() -> None:
    minus = Money.of("-1 CNY")

    assert period(credit_sales=minus).credit_sales == minus
    assert refused(period, opening=minus, closing=minus) == (
        ("$.opening", "out-of-range"),
        ("$.closing", "out-of-range"),
    )


def test_a_period_says_everything_that_is_wrong() -> None:
    assert refused(ReceivablesPeriod, "2025", LATER) == (("$.begins_on", "wrong-type"),)
    assert refused(ReceivablesPeriod, "2025", None, opening=5, months=1.5) == (
        ("$.begins_on", "wrong-type"),
        ("$.ends_on", "missing"),
        ("$.opening", "wrong-type"),
        ("$.months", "wrong-type"),
    )
