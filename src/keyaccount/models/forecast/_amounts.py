"""Amounts that may not be fully known, and the one place where they are rounded.

The rounding rule: every deal's amount, converted or weighted, is rounded once, half
to even, to the minor unit of its currency; sums only ever add what is so rounded.
So the rows shown add up to the total shown, however they are grouped, and leaving a
deal out changes a total by just that deal's part.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import cast

import attrs

from keyaccount import wording
from keyaccount.domain import CURRENCIES, FxTable, Money, Opportunity
from keyaccount.exceptions import CurrencyMismatchError, MissingRateError
from keyaccount.rules import Interval


__all__ = [
    "Span",
    "Tender",
    "amount_text",
    "converted",
    "currency_of",
    "rounded",
    "share_text",
    "weighed",
]


@attrs.frozen
class Span:
    """An amount between two; `high` is None where nothing bounds it from above."""

    low: Money
    high: Money | None

    @classmethod
    def exactly(cls, money: Money) -> Span:
        """Return an amount that is fully known."""
        return cls(money, money)

    @classmethod
    def nothing(cls, currency: str) -> Span:
        """Return no amount at all."""
        return cls.exactly(Money(Decimal(0), currency))

    @classmethod
    def total(cls, spans: Iterable[Span], currency: str) -> Span:
        """Add spans up; the sum has no upper bound where one of them has none."""
        found = tuple(spans)
        low = Money.total((span.low for span in found), currency)
        highs = [span.high for span in found if span.high is not None]
        if len(highs) < len(found):
            return cls(low, None)
        return cls(low, Money.total(highs, currency))

    @property
    def is_exact(self) -> bool:
        """Whether the amount is fully known."""
        return self.low == self.high

    def __str__(self) -> str:
        if self.high is None:
            return f"≥ {amount_text(self.low)}"
        if self.is_exact:
            return amount_text(self.low)
        low = amount_text(self.low).rpartition(" ")[0]
        return f"{low}–{amount_text(self.high)}"


def amount_text(money: Money) -> str:
    """Write an amount for people, to the last place it has.

    >>> amount_text(Money.of("1130000.5 USD")), amount_text(Money.of("7.00 USD"))
    ('1,130,000.50 USD', '7 USD')
    """
    amount, places = money.amount, CURRENCIES[money.currency]
    if amount == amount.to_integral_value():
        return f"{amount:,.0f} {money.currency}"
    exact = rounded(amount, money.currency).amount == amount
    if places is not None and exact:
        return f"{amount:,.{places}f} {money.currency}"
    return f"{amount:,f} {money.currency}"


def share_text(share: Interval) -> str:
    """Write a share for people: a number, or the two that it lies between.

    >>> share_text(Interval(0.5, 0.5)), share_text(Interval(0.125, 1.0))
    ('50%', '12.5%–100%')
    """
    low = wording.number(share.low, "share")
    if share.is_exact:
        return low
    return f"{low}–{wording.number(share.high, 'share')}"


@attrs.frozen
class Tender:
    """The one currency of an answer, and the rates that lead to it."""

    currency: str
    fx: FxTable | None = None


def currency_of(
    deals: Iterable[Opportunity],
    others: Iterable[Money | None],
    currency: str | None,
    fx: FxTable | None,
) -> Tender | None:
    """Return the currency to add up in: the one asked for, or the only one there is.

    None where there is no amount at all, and nobody asked for a currency.

    Raises:
        CurrencyMismatchError: several currencies, and no rates or no wish.
    """
    stated = [deal.value for deal in deals if deal.value is not None]
    fixed = [money.currency for money in others if money is not None]
    wanted = currency or next(iter(fixed), None)
    found = sorted({money.currency for money in stated})
    for other in fixed:
        if other != wanted:
            raise CurrencyMismatchError(other, str(wanted))
    if wanted is None and len(found) > 1:
        remedy = "say currency=… and pass fx=FxTable.of(…)"
        raise CurrencyMismatchError(found[0], found[1], remedy)
    wanted = wanted or next(iter(found), None)
    if wanted is None:
        return None
    for other in found:
        if other != wanted and fx is None:
            raise CurrencyMismatchError(other, wanted, "pass fx=FxTable.of(…)")
    return Tender(wanted, fx)


def converted(money: Money, tender: Tender, on: dt.date) -> Money | None:
    """Return the amount in the answer's currency, None where no rate is old enough."""
    if money.currency == tender.currency:
        return rounded(money.amount, money.currency)
    fx = tender.fx or FxTable()
    try:
        found = fx.convert(money, tender.currency, on)
    except MissingRateError:
        return None
    return rounded(found.amount, found.currency)


def weighed(money: Money, chance: Decimal) -> Money:
    """Return a chance's share of an amount, rounded once (see the top of this file)."""
    return rounded(_EXACT.multiply(money.amount, chance), money.currency)


_EXACT = Context(prec=100, rounding=ROUND_HALF_EVEN)
_FINEST = Decimal(1) / 100**2 / 100**2 / 100**2
"""The finest amount there is: where a currency has no minor unit."""


def rounded(amount: Decimal, currency: str) -> Money:
    """Round an amount once, half to even, to the minor unit of its currency."""
    places = CURRENCIES[currency]
    unit = _FINEST if places is None else Decimal((0, (1,), -places))
    if cast("int", amount.as_tuple().exponent) < cast("int", unit.as_tuple().exponent):
        amount = amount.quantize(unit, context=_EXACT)
    return Money(amount, currency)
