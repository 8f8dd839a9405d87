"""Dated exchange rates, the only way from one currency to another."""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

import attrs

from keyaccount.exceptions import InvalidValueError, MissingRateError

from ._checks import EXACT, Checks, is_each
from ._conversions import known_decimal_of, listed
from ._money import Money, to_twelve_decimals


__all__ = ["FxRate", "FxTable"]


@attrs.frozen
class FxRate:
    """What one unit of *base* costs in *quote* from one day on."""

    base: str
    quote: str
    on: dt.date
    rate: Decimal = attrs.field(converter=known_decimal_of)

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        base = checks.currency("base", self.base)
        quote = checks.currency("quote", self.quote)
        if base and quote and self.base == self.quote:
            checks.add("quote", "contradiction", self.quote, "name another currency")
        checks.day("on", self.on)
        if checks.number("rate", self.rate) and self.rate <= 0:
            checks.add("rate", "out-of-range", self.rate, "above 0")
        checks.check("FxRate")


def _place(rate: FxRate) -> tuple[str, str, dt.date]:
    return rate.base, rate.quote, rate.on


def _by_day(rates: Iterable[FxRate]) -> tuple[FxRate, ...]:
    found = listed(rates)
    if not is_each(found, FxRate):
        return found
    return tuple(sorted(found, key=_place))


@attrs.frozen
class FxTable:
    """Exchange rates by day; a pair is read in both directions.

    Nothing is guessed: no rate of a later day, none by way of a third currency.
    """

    rates: tuple[FxRate, ...] = attrs.field(default=(), converter=_by_day)

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        if checks.each("rates", self.rates, FxRate):
            for index, rate in enumerate(self.rates[1:], start=1):
                if _place(rate) == _place(self.rates[index - 1]):
                    stated = f"{rate.base}/{rate.quote} on {rate.on}"
                    checks.add(f"rates[{index}]", "duplicate", stated)
        checks.check("FxTable")

    @classmethod
    def of(cls, rates: Iterable[FxRate | tuple[str, str, dt.date, Decimal]]) -> FxTable:
        """Build a table from rates or plain (base, quote, day, rate).

        >>> day = dt.date(2025, 12, 31)
        >>> table = FxTable.of([("USD", "CNY", day, Decimal("7.10"))])
        >>> table.convert(Money.of("10 USD"), "CNY", on=day)
        Money.of('71.00 CNY')
        """
        checks = Checks()
        read: list[FxRate] = []
        for index, row in enumerate(listed(rates)):
            try:
                read.append(row if isinstance(row, FxRate) else FxRate(*row))
            except InvalidValueError as error:
                checks.extend(part.under(f"$[{index}]") for part in error.problems)
            except TypeError:
                checks.add(f"$[{index}]", "wrong-type", row, "(base, quote, day, rate)")
        checks.check("FxTable")
        return cls(tuple(read))

    def convert(self, money: Money, to: str, on: dt.date) -> Money:
        """Express an amount in another currency at the latest rate up to that day.

        The result is rounded half to even to twelve decimals. Of a pair listed in
        both directions the later rate counts, on the same day the direct one.

        Raises:
            MissingRateError: If no rate of the pair is that old.

        """
        checks = Checks()
        checks.instance("money", money, Money)
        checks.currency("to", to)
        checks.day("on", on)
        checks.check("FxTable.convert")
        if money.currency == to:
            return money
        direct = self._latest(money.currency, to, on)
        inverse = self._latest(to, money.currency, on)
        if direct is not None and (inverse is None or direct.on >= inverse.on):
            amount = EXACT.multiply(money.amount, direct.rate)
        elif inverse is not None:
            amount = EXACT.divide(money.amount, inverse.rate)
        else:
            raise MissingRateError(money.currency, to, on.isoformat())
        return Money(to_twelve_decimals(amount), to)

    def _latest(self, base: str, quote: str, on: dt.date) -> FxRate | None:
        place = bisect.bisect_right(self.rates, (base, quote, on), key=_place)
        rate = self.rates[place - 1] if place else None
        if rate is None or (rate.base, rate.quote) != (base, quote):
            return None
        return rate
