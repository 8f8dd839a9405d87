"""Every total that independent deals can add up to, and how likely each is.

Deals are pairs: a whole number of units, and the chance of winning it. Each is won
or not, on its own; the totals of several are found deal after deal, exactly.
"""

from __future__ import annotations

import bisect
import itertools
import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

import attrs


__all__ = ["Bet", "Spread", "Sums", "enumerate_sums"]


Bet: TypeAlias = tuple[int, float]
"""What a deal brings, in whole units, and the chance that it does."""


@attrs.frozen
class Spread:
    """Totals in rising order, each with its chance; chances add up to 1."""

    totals: tuple[int, ...]
    chances: tuple[float, ...]
    below: tuple[float, ...]

    @classmethod
    def of(cls, totals: Sequence[int], chances: Sequence[float]) -> Spread:
        """Scale chances so that they add up to 1, and sum them up from below."""
        whole = math.fsum(chances)
        fair = tuple(chance / whole for chance in chances)
        below = tuple(min(part, 1.0) for part in itertools.accumulate(fair))
        return cls(tuple(totals), fair, below)

    def at_least(self, total: int) -> float:
        """Return the chance of reaching a total."""
        place = bisect.bisect_left(self.totals, total)
        if place == 0:
            return 1.0
        return min(math.fsum(self.chances[place:]), 1.0)

    def quantile(self, share: float, slack: float) -> int:
        """Return the least total that is not exceeded with that chance."""
        place = bisect.bisect_left(self.below, share - slack)
        return self.totals[min(place, len(self.totals) - 1)]


@attrs.frozen
class Sums:
    """The totals of some deals, each kept on its own."""

    chances: Mapping[int, float]

    def with_bet(self, bet: Bet) -> Sums:
        """Return the totals with one more deal."""
        return Sums(MappingProxyType(_with(self.chances, bet)))

    def spread(self) -> Spread:
        """Return the totals in rising order."""
        totals = sorted(self.chances)
        return Spread.of(totals, [self.chances[total] for total in totals])


def enumerate_sums(bets: Sequence[Bet], most: int) -> Sums | None:
    """Return every total of the deals; None if that takes more than *most* sums."""
    found: Mapping[int, float] = {0: 1.0}
    work = 0
    for bet in sorted(bets):
        work += len(found)
        found = _with(found, bet)
        if len(found) > most or work > 2 * most:
            return None
    return Sums(MappingProxyType(dict(found)))


def _with(before: Mapping[int, float], bet: Bet) -> dict[int, float]:
    amount, chance = bet
    lost = 1 - chance
    found = {total: part * lost for total, part in before.items()}
    for total, part in before.items():
        more = total + amount
        found[more] = found.get(more, 0.0) + part * chance
    return found
