"""Amounts that may not be fully known, and the one place where they are rounded.

Everything is computed in fractions and rounded once, half to even, to the minor unit
of the currency; where a currency has none, to the finest amount there is.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

import attrs

from keyaccount.domain import CURRENCIES, Money
from keyaccount.exceptions import CurrencyMismatchError, InvalidValueError


__all__ = ["AmountRange", "amount_text", "bound_of", "money_of"]


@attrs.frozen
class AmountRange:
    """An amount between two; a bound that nobody can name is None."""

    low: Money | None = None
    high: Money | None = None

    @property
    def exact(self) -> Money | None:
        """The amount, None while it is not fully known."""
        return self.low if self.low == self.high else None

    def __contains__(self, amount: object) -> bool:
        if not isinstance(amount, Money):
            return False
        above = self.low is None or self.low <= amount
        return above and (self.high is None or amount <= self.high)

    def plus(self, amount: Money) -> AmountRange:
        """Return the range with an amount on top of it.

        Raises:
            CurrencyMismatchError: the amount is in another currency.
        """
        for end in (self.low, self.high):
            if end is not None and end.currency != amount.currency:
                raise CurrencyMismatchError(end.currency, amount.currency)
        return AmountRange(
            None if self.low is None else self.low + amount,
            None if self.high is None else self.high + amount,
        )

    def __str__(self) -> str:
        low = "−∞" if self.low is None else amount_text(self.low)
        high = "∞" if self.high is None else amount_text(self.high)
        return low if self.exact is not None else f"{low} … {high}"


def amount_text(money: Money) -> str:
    """Write an amount for people, with all that it has.

    >>> amount_text(Money.of("1130000.50 USD")), amount_text(Money.of("7.00 USD"))
    ('1,130,000.50 USD', '7 USD')
    """
    amount = money.amount
    if amount == amount.to_integral_value():
        return f"{amount:,.0f} {money.currency}"
    return f"{amount:,f} {money.currency}"


_EXACT = Context(prec=100, rounding=ROUND_HALF_EVEN)
_FINEST = Decimal(1) / 100**2 / 100**2 / 100**2


def money_of(amount: Fraction, currency: str) -> Money:
    """Round an amount once, half to even, to the minor unit of its currency.

    Raises:
        InvalidValueError: it is larger than any amount that can be written.
    """
    places = CURRENCIES[currency]
    unit = _FINEST if places is None else Decimal((0, (1,), -places))
    units = round(amount / Fraction(unit))
    return Money(_EXACT.multiply(Decimal(units), unit), currency)


def bound_of(amount: Fraction | None, currency: str) -> Money | None:
    """Return a bound; None where there is none, or none that can be written."""
    if amount is None:
        return None
    try:
        return money_of(amount, currency)
    except InvalidValueError:
        return None
