"""An amount of money that knows its currency."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import cast

import attrs

from keyaccount.exceptions import CurrencyMismatchError, InvalidValueError

from ._checks import EXACT, Checks
from ._conversions import known_decimal_of
from ._currencies import CURRENCIES


__all__ = ["Money", "to_twelve_decimals"]


_WRITTEN = re.compile(
    r"(?P<code>[A-Z]{3}) +(?P<amount>[+-]?[0-9]+(?:\.[0-9]+)?)"
    r"|(?P<amount_first>[+-]?[0-9]+(?:\.[0-9]+)?) +(?P<code_last>[A-Z]{3})"
)
_REMEDY = 'write an amount without separators and a code, as in "1200000.50 CNY"'
_PLACES = 12
_FINEST = Decimal((0, (1,), -_PLACES))


@functools.total_ordering
@attrs.frozen(repr=False)
class Money:
    """An amount in one currency; two currencies never mix without a dated rate.

    Sums and differences are exact; a product is rounded to twelve decimals, half to
    even, if it has more. An amount has at most 28 digits, twelve decimals, and stays
    within 10**15 either way. A float is refused: 0.1 is not a tenth.

    >>> Money.of("1200000 CNY") + Money.of("0.50 CNY")
    Money.of('1200000.50 CNY')
    """

    amount: Decimal = attrs.field(converter=known_decimal_of)
    currency: str

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.number("amount", self.amount)
        checks.currency("currency", self.currency)
        checks.check("Money")

    @classmethod
    def of(cls, text: str) -> Money:
        """Read an amount and an ISO 4217 code, in either order, a space between.

        >>> Money.of("CNY 1200000") == Money.of("1200000 CNY")
        True
        """
        checks = Checks()
        written = _WRITTEN.fullmatch(text) if checks.text("", text) else None
        if written is None:
            if not checks:
                checks.add("", "bad-syntax", text, _REMEDY)
            raise InvalidValueError("Money", checks.all())
        amount = written["amount"] or written["amount_first"]
        return cls(Decimal(amount), written["code"] or written["code_last"])

    @classmethod
    def total(cls, amounts: Iterable[Money], currency: str) -> Money:
        """Add up any number of amounts of one currency; of none, zero.

        >>> Money.total([Money.of("1 EUR"), Money.of("2.5 EUR")], "EUR")
        Money.of('3.5 EUR')
        """
        zero = cls(Decimal(0), currency)
        checks = Checks()
        sum_so_far = zero.amount
        for index, money in enumerate(amounts):
            if checks.instance(f"$[{index}]", money, Money) and _meets(zero, money):
                sum_so_far = EXACT.add(sum_so_far, money.amount)
        checks.check("Money.total")
        return cls(sum_so_far, currency)

    def rounded(self) -> Money:
        """Round half to even to the currency's minor unit, where it has one.

        >>> Money.of("0.125 EUR").rounded(), Money.of("10.5 JPY").rounded()
        (Money.of('0.12 EUR'), Money.of('10 JPY'))
        """
        places = CURRENCIES[self.currency]
        if places is None:
            return self
        unit = Decimal((0, (1,), -places))
        return Money(self.amount.quantize(unit, context=EXACT), self.currency)

    def __add__(self, other: Money) -> Money:
        if not _meets(self, other):
            return NotImplemented
        return Money(EXACT.add(self.amount, other.amount), self.currency)

    def __sub__(self, other: Money) -> Money:
        if not _meets(self, other):
            return NotImplemented
        return Money(EXACT.subtract(self.amount, other.amount), self.currency)

    def __neg__(self) -> Money:
        return Money(EXACT.minus(self.amount), self.currency)

    def __mul__(self, factor: Decimal | int) -> Money:
        if isinstance(cast("object", factor), Money):
            return NotImplemented
        checks = Checks()
        number = known_decimal_of(factor)
        checks.number("factor", number)
        checks.check("Money")
        product = EXACT.multiply(self.amount, number)
        return Money(to_twelve_decimals(product), self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: Money) -> bool:
        if not _meets(self, other):
            return NotImplemented
        return self.amount < other.amount

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"

    def __repr__(self) -> str:
        return f"Money.of('{self}')"


def to_twelve_decimals(number: Decimal) -> Decimal:
    """Round half to even to the finest grid that amounts stand on."""
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -_PLACES:
        return number.quantize(_FINEST, context=EXACT)
    return number


def _meets(left: Money, right: object) -> bool:
    """Tell whether the right one is money too; two currencies must not meet."""
    if not isinstance(right, Money):
        return False
    if left.currency != right.currency:
        raise CurrencyMismatchError(left.currency, right.currency)
    return True
