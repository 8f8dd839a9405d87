"""What a customer still buys from others: money between two bounds."""

from __future__ import annotations

from decimal import Decimal

import attrs

from keyaccount.domain import CURRENCIES, Money


__all__ = ["Room", "amount_text", "headroom", "room"]


@attrs.frozen
class Room:
    """An amount between two, both included; the same twice where it is known."""

    low: Money
    high: Money

    @property
    def is_exact(self) -> bool:
        """Whether the amount is fully known."""
        return self.low == self.high

    def __add__(self, other: Room) -> Room:
        return Room(self.low + other.low, self.high + other.high)

    def __str__(self) -> str:
        if self.is_exact:
            return amount_text(self.low)
        return f"{amount_text(self.low)}–{amount_text(self.high)}"


def amount_text(money: Money) -> str:
    """Write an amount for people, to the last place it has.

    >>> amount_text(Money.of("1130000.5 USD")), amount_text(Money.of("7.00 USD"))
    ('1,130,000.50 USD', '7 USD')
    """
    amount, places = money.amount, CURRENCIES[money.currency]
    if amount == amount.to_integral_value():
        return f"{amount:,.0f} {money.currency}"
    if places is not None and money.rounded().amount == amount:
        return f"{amount:,.{places}f} {money.currency}"
    return f"{amount:,f} {money.currency}"


def headroom(ours: Money | None, spend: Money | None) -> Money | None:
    """Return what is bought from others; None where not known, or less than nothing.

    More than the whole is a contradiction, no room of nothing. What came back makes no
    room either: less than nothing sold counts as nothing.
    """
    if ours is None or spend is None or ours > spend:
        return None
    return spend - max(ours, Money(Decimal(0), ours.currency))


def room(ours: Money | None, spend: Money | None) -> Room | None:
    """Bound the headroom; of a wallet that is known, ours may be any part."""
    if spend is None:
        return None
    if ours is None:
        return Room(Money(Decimal(0), spend.currency), spend)
    exactly = headroom(ours, spend)
    return None if exactly is None else Room(exactly, exactly)
