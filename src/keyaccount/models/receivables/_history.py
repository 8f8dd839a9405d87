"""From invoices to the figures that others ask for: of a day, and of a period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

import attrs

from keyaccount import wire, wording
from keyaccount.domain import (
    LONG_OVERDUE_DAYS,
    FxTable,
    Invoice,
    Money,
    Receivables,
    ReceivablesPeriod,
    YearMetrics,
)
from keyaccount.exceptions import Problems
from keyaccount.rules import Reason, display

from ._balances import Balance, Book, book_of, owed
from ._why import written


__all__ = ["Collections", "collected", "position", "totals"]


def position(
    invoices: Iterable[Invoice],
    *,
    as_of: dt.date,
    currency: str | None = None,
    fx: FxTable | None = None,
) -> Receivables:
    """Say what is owed on a day, and how much of it is more than 90 days late.

    It is what `tiering` asks for beside a customer. Credits are not set off against
    invoices. An invoice without a due date that may be so late leaves the late part
    unknown.

    Raises:
        InvalidValueError: not invoices, one that stands twice, no plain day.
        CurrencyMismatchError: several currencies, and not both of currency and fx.
        MissingRateError: no rate that is old enough.
    """
    book = book_of(invoices, currency, fx, as_of=as_of)
    open_ones = owed(book.open_on(as_of))
    late = [_is_late(one, as_of, LONG_OVERDUE_DAYS) for one in open_ones]
    overdue: Decimal | None = None
    if None not in late:
        pairs = zip(open_ones, late, strict=True)
        overdue = book.total(one.amount for one, is_late in pairs if is_late).amount
    total = book.total(one.amount for one in open_ones)
    return Receivables(as_of, total.amount, overdue)


def _is_late(balance: Balance, day: dt.date, days: int) -> bool | None:
    """Tell whether an amount is more than so many days late; None if nobody knows.

    It cannot be due before it was issued.
    """
    due_on = balance.invoice.due_on
    if due_on is not None:
        return (day - due_on).days > days
    return None if (day - balance.invoice.issued_on).days > days else False


@attrs.frozen
class Collections(wire.Plain, display.Explained):
    """What fell due in a period, what of it was paid by a day, and what in time.

    An invoice counts at most in full, however much was paid on it. `undated` is the
    amount of the invoices that may have fallen due in the period but tell no date;
    one that was paid before the period began is taken to have been due before it.
    """

    begins_on: dt.date
    ends_on: dt.date
    as_of: dt.date
    due: Money
    collected: Money
    on_time: Money
    undated: Money

    @property
    def collection_rate(self) -> float | None:
        """What was paid of what fell due (S3-16); None if nobody can know."""
        return self._rate(self.collected)

    @property
    def timeliness(self) -> float | None:
        """What was paid in time of what fell due (S3-16); None if nobody can know."""
        return self._rate(self.on_time)

    def _rate(self, part: Money) -> float | None:
        if self.undated.amount or not self.due.amount:
            return None
        return float(Fraction(part.amount) / Fraction(self.due.amount))

    def into(self, year: YearMetrics) -> YearMetrics:
        """Return a fiscal year with what fell due in it, was paid, and in time.

        Where invoices without a due date leave that open, the three are not known.

        Raises:
            InvalidValueError: the year ends on another day than the period.
        """
        problems = Problems()
        if year.ends_on != self.ends_on:
            wanted = f"a period that ends with the year, on {year.ends_on}"
            problems.add("ends_on", "contradiction", self.ends_on.isoformat(), wanted)
        problems.check("receivables")
        if self.undated.amount:
            return attrs.evolve(year, due=None, collected=None, on_time=None)
        return attrs.evolve(
            year,
            due=self.due.amount,
            collected=self.collected.amount,
            on_time=self.on_time.amount,
        )

    @property
    def why(self) -> Reason:
        """The figures as codes and data."""
        amounts = {
            "due": self.due,
            "collected": self.collected,
            "on_time": self.on_time,
            "undated": self.undated,
        }
        data: tuple[tuple[str, float | str], ...] = (
            ("begin", self.begins_on.isoformat()),
            ("end", self.ends_on.isoformat()),
            ("day", self.as_of.isoformat()),
            ("currency", self.due.currency),
            *((name, written(money.amount)) for name, money in amounts.items()),
        )
        parts = [
            Reason(code, (("unit", "share"), ("rate", rate)))
            for code, rate in (
                ("collected-rate", self.collection_rate),
                ("collected-timeliness", self.timeliness),
            )
            if rate is not None
        ]
        if self.undated.amount:
            parts.append(Reason("collected-undated", data))
        return Reason("collected", data, tuple(parts))

    def explain(self, locale: str = "en") -> tuple[str, ...]:
        """Say the figures in a language, a line each."""
        return tuple(
            "  " * level + wording.say(reason.code, dict(reason.data), locale)
            for level, reason in self.why.walk()
        )


def collected(  # noqa: PLR0913 - the invoices, two ends, a day, and how to convert
    invoices: Iterable[Invoice],
    *,
    begins_on: dt.date,
    ends_on: dt.date,
    as_of: dt.date,
    currency: str | None = None,
    fx: FxTable | None = None,
) -> Collections:
    """Say how what fell due in a period was paid: S3-16's two payment figures.

    Only what has fallen due and come in by *as_of* counts. Credit notes are no debts
    and are left out; amounts are converted at the rates of the period's last day.

    Raises:
        InvalidValueError: not invoices, one that stands twice, no plain days, or a
            period that ends before it begins.
        CurrencyMismatchError: several currencies, and not both of currency and fx.
        MissingRateError: no rate that is old enough.
    """
    book = book_of(
        invoices, currency, fx, begins_on=begins_on, ends_on=ends_on, as_of=as_of
    )
    _check_order(begins_on, ends_on)
    last = min(ends_on, as_of)
    due, paid, timely, undated = [], [], [], []
    for invoice in book.invoices:
        if invoice.issued_on > last or invoice.amount.amount <= 0:
            continue
        if invoice.due_on is None:
            if _paid(invoice, _day_before(begins_on)) != invoice.amount:
                undated.append(book.convert(invoice.amount, last))
        elif begins_on <= invoice.due_on <= last:
            due.append(book.convert(invoice.amount, last))
            paid.append(book.convert(_paid(invoice, as_of), last))
            in_time = _paid(invoice, min(as_of, invoice.due_on))
            timely.append(book.convert(in_time, last))
    sums = (book.total(amounts) for amounts in (due, paid, timely, undated))
    return Collections(begins_on, ends_on, as_of, *sums)


def _paid(invoice: Invoice, by: dt.date) -> Money:
    """Return what came in by a day, at most the whole invoice."""
    came_in = Money.total(
        (receipt.amount for receipt in invoice.receipts if receipt.on <= by),
        invoice.amount.currency,
    )
    return min(came_in, invoice.amount)


def totals(
    invoices: Iterable[Invoice],
    *,
    begins_on: dt.date,
    ends_on: dt.date,
    currency: str | None = None,
    fx: FxTable | None = None,
) -> ReceivablesPeriod:
    """Add invoices up to a period's totals, for `measure`.

    The invoices must be all there are, those from before the period too. Credit
    sales are what was issued in the period, credit notes taken off; what is owed is
    never less for a credit. An invoice without a due date that may be overdue leaves
    unknown what is not yet due.

    Raises:
        InvalidValueError: not invoices, one that stands twice, no plain days, or a
            period that ends before it begins.
        CurrencyMismatchError: several currencies, and not both of currency and fx.
        MissingRateError: no rate that is old enough.
    """
    book = book_of(invoices, currency, fx, begins_on=begins_on, ends_on=ends_on)
    _check_order(begins_on, ends_on)
    closing = owed(book.open_on(ends_on))
    late = [_is_late(one, ends_on, 0) for one in closing]
    current: Money | None = None
    if None not in late:
        pairs = zip(closing, late, strict=True)
        current = book.total(one.amount for one, is_late in pairs if not is_late)
    return ReceivablesPeriod(
        begins_on,
        ends_on,
        opening=_owed_on(book, _day_before(begins_on)),
        credit_sales=book.total(
            book.convert(invoice.amount, ends_on)
            for invoice in book.invoices
            if begins_on <= invoice.issued_on <= ends_on
        ),
        closing=book.total(one.amount for one in closing),
        closing_current=current,
    )


def _day_before(day: dt.date) -> dt.date:
    return dt.date.fromordinal(max(day.toordinal() - 1, 1))


def _owed_on(book: Book, day: dt.date) -> Money:
    return book.total(one.amount for one in owed(book.open_on(day)))


def _check_order(begins_on: dt.date, ends_on: dt.date) -> None:
    problems = Problems()
    if ends_on < begins_on:
        wanted = f"on or after the first day, {begins_on}"
        problems.add("ends_on", "contradiction", ends_on.isoformat(), wanted)
    problems.check("receivables")
