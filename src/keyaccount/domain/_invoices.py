"""What is owed to us: invoices, what came in on them, and a period's totals."""

from __future__ import annotations

import calendar
import datetime as dt
import enum
from collections.abc import Iterable
from typing import cast

import attrs

from keyaccount.tri import Tri

from ._checks import FIRST_YEAR, LAST_YEAR, Checks, is_each
from ._conversions import identifier_of, listed
from ._money import Money


__all__ = [
    "LONG_OVERDUE_DAYS",
    "MAX_RECEIPTS",
    "CollectionHealth",
    "Invoice",
    "Receipt",
    "ReceivablesPeriod",
]


LONG_OVERDUE_DAYS = 90
"""More days late than this, and an amount counts in `Receivables.overdue_90`."""

MAX_RECEIPTS = 1_000
"""So many receipts an invoice may have at most."""


class CollectionHealth(enum.Enum):
    """How well what is owed to us comes in; the best first."""

    PROMPT = "prompt"
    SLOW = "slow"
    LATE = "late"


@attrs.frozen
class Receipt:
    """Money that came in on an invoice, and the day on which it did."""

    on: dt.date
    amount: Money

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.day("on", self.on)
        checks.instance("amount", self.amount, Money)
        checks.check("Receipt")


def _by_day(receipts: Iterable[Receipt]) -> tuple[Receipt, ...]:
    found = listed(receipts)
    if not is_each(found, Receipt):
        return found
    return tuple(sorted(found, key=lambda receipt: (receipt.on, receipt.amount.amount)))


@attrs.frozen
class Invoice:
    """A bill of ours; with an amount below zero it is a credit note.

    `due_on` is the last day on which payment is on time, None if not known. The
    receipts have the sign of the invoice, may come in parts and may exceed it;
    `disputed` says whether the customer contests it.
    """

    id: str = attrs.field(converter=identifier_of)
    customer_id: str = attrs.field(converter=identifier_of)
    amount: Money
    issued_on: dt.date
    due_on: dt.date | None = None
    receipts: tuple[Receipt, ...] = attrs.field(default=(), converter=_by_day)
    disputed: Tri = Tri.UNKNOWN

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.identifier("id", self.id)
        checks.identifier("customer_id", self.customer_id)
        is_money = checks.instance("amount", self.amount, Money)
        issued = checks.day("issued_on", self.issued_on)
        due = checks.day("due_on", self.due_on, optional=True)
        if issued and due and cast("dt.date", self.due_on) < self.issued_on:
            wanted = f"not before the invoice itself, {self.issued_on}"
            checks.add("due_on", "contradiction", str(self.due_on), wanted)
        listed_well = checks.each(
            "receipts", self.receipts, Receipt, at_most=MAX_RECEIPTS
        )
        if listed_well and is_money:
            self._check_receipts(checks)
        checks.tri("disputed", self.disputed)
        checks.check("Invoice")

    def _check_receipts(self, checks: Checks) -> None:
        for index, receipt in enumerate(self.receipts):
            path, money = f"receipts[{index}].amount", receipt.amount
            if money.currency != self.amount.currency:
                wanted = f"use the currency of the invoice, {self.amount.currency}"
                checks.add(path, "contradiction", money, wanted)
            elif money.amount == 0 or (money.amount > 0) != (self.amount.amount > 0):
                sign = "above" if self.amount.amount > 0 else "below"
                checks.add(path, "contradiction", money, f"the amount is {sign} 0 here")


def _whole_months(period: ReceivablesPeriod) -> int | None:
    """Count the calendar months from the first day to the last, if these are whole."""
    first, last = cast("object", period.begins_on), cast("object", period.ends_on)
    if not (isinstance(first, dt.date) and isinstance(last, dt.date)):
        return None  # they are refused
    months = (last.year - first.year) * 12 + last.month - first.month
    if first.day == 1:
        is_whole = last.day == calendar.monthrange(last.year, last.month)[1]
        months += 1
    else:
        is_whole = last.day == first.day - 1
    return months if is_whole and 1 <= months <= _MOST_MONTHS else None


_MOST_MONTHS = 12 * (LAST_YEAR - FIRST_YEAR + 1)


@attrs.frozen
class ReceivablesPeriod:
    """A period's totals, all in one currency: what was owed, sold, and is owed now.

    `opening` and `closing` are what was owed at the beginning and at the end,
    `closing_current` the part of the latter that was not yet overdue, and
    `credit_sales` what was sold on credit in between (below zero where more came
    back). `months` is how many months these sales are of; left out, it is counted
    where the period is whole calendar months. None means not known.
    """

    begins_on: dt.date
    ends_on: dt.date
    opening: Money | None = None
    credit_sales: Money | None = None
    closing: Money | None = None
    closing_current: Money | None = None
    months: int | None = attrs.field(
        default=attrs.Factory(_whole_months, takes_self=True)
    )

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        began = checks.day("begins_on", self.begins_on)
        ended = checks.day("ends_on", self.ends_on)
        if began and ended and self.ends_on < self.begins_on:
            wanted = f"on or after the first day, {self.begins_on}"
            checks.add("ends_on", "contradiction", str(self.ends_on), wanted)
        sound = [
            checks.instance(name, money, Money, optional=True) or money is None
            for name, money in self._amounts()
        ]
        if all(sound):
            self._check_amounts(checks)
        checks.whole("months", self.months, 1, _MOST_MONTHS, optional=True)
        checks.check("ReceivablesPeriod")

    def _amounts(self) -> tuple[tuple[str, Money | None], ...]:
        return (
            ("opening", self.opening),
            ("credit_sales", self.credit_sales),
            ("closing", self.closing),
            ("closing_current", self.closing_current),
        )

    def _check_amounts(self, checks: Checks) -> None:
        first = self.currency
        is_one = True
        for name, money in self._amounts():
            if money is None:
                continue
            if money.currency != first:
                checks.add(name, "contradiction", money, f"use one currency, {first}")
                is_one = False
            if name != "credit_sales" and money.amount < 0:
                checks.add(name, "out-of-range", money, "0 or more")
        closing, current = self.closing, self.closing_current
        if is_one and closing is not None and current is not None and current > closing:
            wanted = f"at most what is owed at the end, {closing}"
            checks.add("closing_current", "contradiction", current, wanted)

    @property
    def days(self) -> int:
        """How many days the period has, the first and the last included."""
        return (self.ends_on - self.begins_on).days + 1

    @property
    def currency(self) -> str | None:
        """The currency of the amounts, None while none is known."""
        known = [money for _, money in self._amounts() if money is not None]
        return known[0].currency if known else None
