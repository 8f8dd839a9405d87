"""What is still open on a day, invoice by invoice, in one currency.

An earlier day can be replayed: invoices issued and money received after it do not
count. An amount that is converted is rounded once, to the currency's minor unit, so
that the sum of what is shown is the total shown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple, cast

import attrs

from keyaccount.domain import FxTable, Invoice, Money
from keyaccount.exceptions import CurrencyMismatchError, Problems


__all__ = ["Balance", "Book", "book_of", "by_currency", "owed"]


class Balance(NamedTuple):
    """An invoice and what is open of it; below zero, we owe it to the customer."""

    invoice: Invoice
    amount: Money


@attrs.frozen
class Book:
    """Invoices, the currency in which they are added up, and the rates for it."""

    invoices: tuple[Invoice, ...]
    currency: str
    fx: FxTable | None = None

    @property
    def is_converted(self) -> bool:
        """Whether any of the invoices is in another currency."""
        return any(one.amount.currency != self.currency for one in self.invoices)

    def convert(self, money: Money, on: dt.date) -> Money:
        """Return an amount in the currency of the book, at the rate of a day."""
        if self.fx is None or money.currency == self.currency:
            return money
        return self.fx.convert(money, self.currency, on).rounded()

    def total(self, amounts: Iterable[Money]) -> Money:
        """Add up amounts that are in the book's currency."""
        return Money.total(amounts, self.currency)

    def open_on(self, day: dt.date) -> tuple[Balance, ...]:
        """Return what is open at the end of a day; what is settled is left out."""
        found: list[Balance] = []
        for invoice in self.invoices:
            if invoice.issued_on > day:
                continue
            left = invoice.amount
            for receipt in invoice.receipts:
                if receipt.on <= day:
                    left -= receipt.amount
            if left.amount != 0:
                found.append(Balance(invoice, self.convert(left, day)))
        return tuple(found)


def owed(balances: Iterable[Balance]) -> tuple[Balance, ...]:
    """Return what the customer owes; credits are left out, never set off."""
    return tuple(balance for balance in balances if balance.amount.amount > 0)


def by_currency(invoices: Iterable[Invoice]) -> dict[str, tuple[Invoice, ...]]:
    """Sort invoices by currency, so that each can be added up on its own.

    Raises:
        InvalidValueError: not invoices, or one that stands twice.
    """
    found: dict[str, list[Invoice]] = {}
    for invoice in _checked(invoices, Problems()):
        found.setdefault(invoice.amount.currency, []).append(invoice)
    return {currency: tuple(found[currency]) for currency in sorted(found)}


def book_of(
    invoices: Iterable[Invoice],
    currency: str | None,
    fx: FxTable | None,
    **days: dt.date,
) -> Book:
    """Check what a verb was given, all of it at once.

    Raises:
        InvalidValueError: not invoices, one that stands twice, no plain day, or no
            invoice and no currency either.
        CurrencyMismatchError: several currencies, and nothing said on how to add them.
    """
    problems = Problems()
    for name, day in days.items():
        problems.is_day(name, day)
    checked = _checked(invoices, problems)
    currencies = sorted({invoice.amount.currency for invoice in checked})
    if currency is None and not currencies:
        wanted = "a currency: there is no invoice that tells it"
        problems.add("currency", "missing", expected=wanted)
        problems.check("receivables")
    wanted_one = currencies[0] if currency is None else currency
    Money(Decimal(0), wanted_one)  # refuses what is no currency
    others = [one for one in currencies if one != wanted_one]
    if others and (currency is None or fx is None):
        remedy = (
            "add each up on its own, receivables.by_currency(invoices), or pass "
            "currency= and fx=FxTable.of(…)"
        )
        raise CurrencyMismatchError(wanted_one, others[0], remedy)
    return Book(checked, wanted_one, fx)


def _checked(invoices: Iterable[Invoice], problems: Problems) -> tuple[Invoice, ...]:
    """Return the invoices by id: their order changes no answer."""
    given = cast("object", invoices)
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        problems.add("invoices", "wrong-type", given, "a sequence of Invoice")
        problems.check("receivables")
    found: dict[str, Invoice] = {}
    for index, invoice in enumerate(cast("Iterable[object]", given)):
        path = f"invoices[{index}]"
        if not isinstance(invoice, Invoice):
            problems.add(path, "wrong-type", invoice, "an Invoice")
        elif invoice.id in found:
            problems.add(f"{path}.id", "duplicate", invoice.id)
        else:
            found[invoice.id] = invoice
    problems.check("receivables")
    return tuple(found[slug] for slug in sorted(found))
