"""From amounts to whole steps of a grid: exactly where that fits, else on purpose.

Where the totals are few, or the amounts' own greatest common divisor is coarse
enough, every amount is a whole number of steps and nothing is rounded. Otherwise
amounts go up or down to a round step, in such a way that the mean and the standard
deviation of their sum stay what they are; what that may move the sum by is told.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

import attrs

from ._grid import Grain, Row, lay_out
from ._policy import ForecastPolicy
from ._sums import Bet, Sums, enumerate_sums


__all__ = ["Stake", "Steps", "arranged"]


@attrs.frozen(order=True)
class Stake:
    """An amount that is won or not, and the chance that it is."""

    amount: Decimal
    chance: float
    id: str = ""

    @property
    def variance(self) -> float:
        """How far it spreads the sum."""
        return float(self.amount) ** 2 * self.chance * (1 - self.chance)


@attrs.frozen
class Steps:
    """Stakes as whole steps; `step` in money, `error` what rounding may move.

    `totals` holds all stakes but the *apart* ones, whose bets stand beside it.
    """

    step: Decimal
    error: float
    totals: Sums | Row
    apart: tuple[Bet, ...]

    def needed(self, amount: Decimal) -> int:
        """Return how many steps reach an amount."""
        return math.ceil(amount / self.step)


def arranged(
    stakes: Sequence[Stake], apart: Sequence[Stake], policy: ForecastPolicy
) -> Steps:
    """Lay stakes out, those *apart* left for later: they are asked about one by one."""
    every = (*stakes, *apart)
    unit = _common(every)
    bets = [(int(stake.amount / unit), stake.chance) for stake in every]
    rest, others = bets[: len(stakes)], tuple(bets[len(stakes) :])
    most = policy.whole("sums")
    few = enumerate_sums(rest, most)
    if few is not None and enumerate_sums(bets, most) is not None:
        return Steps(unit, 0.0, few, others)
    cells, grain = policy.whole("cells"), _grain(len(every), policy)
    width = _width(every, policy) / float(unit)
    if width <= cells:
        row = lay_out(rest, grain, policy.whole("bundle"))
        return Steps(unit, 0.0, row, others)
    step = _round_step(width / cells)
    rounded, error = _onto(bets, step)
    rest, others = rounded[: len(stakes)], tuple(rounded[len(stakes) :])
    row = lay_out(rest, grain, policy.whole("bundle"))
    return Steps(unit * step, error * float(unit), row, others)


def _grain(count: int, policy: ForecastPolicy) -> Grain:
    """Return the grain of so many deals: each cut gets its part of what is nothing."""
    rows = 2 * (1 + count // policy.whole("bundle") + policy.whole("largest"))
    negligible = policy.real("negligible") / (2 * rows)
    return Grain(policy.whole("precision"), negligible)


def _common(stakes: Sequence[Stake]) -> Decimal:
    """Return the greatest amount of which every stake is a whole multiple."""
    exponents = [stake.amount.normalize().as_tuple().exponent for stake in stakes]
    finest = min((int(part) for part in exponents), default=0)
    unit = Decimal((0, (1,), min(finest, 0)))
    common = math.gcd(*(int(stake.amount / unit) for stake in stakes))
    return unit * max(common, 1)


def _width(stakes: Sequence[Stake], policy: ForecastPolicy) -> float:
    """Return how wide the totals lie: all, or as far as they ever get."""
    whole = float(sum((stake.amount for stake in stakes), Decimal(0)))
    deviation = math.sqrt(math.fsum(stake.variance for stake in stakes))
    return min(whole, 2 * policy.real("reach") * deviation)


def _round_step(least: float) -> int:
    """Return the least of 1, 2, 5, 10, 20, 50, … that is not below."""
    ten = 1
    while True:
        for digit in (1, 2, 2 + 2 + 1):
            if digit * ten >= least:
                return digit * ten
        ten *= 100 // (2 * (2 + 2 + 1))


def _onto(bets: Sequence[Bet], step: int) -> tuple[list[Bet], float]:
    """Round amounts to whole steps, up or down, keeping mean and spread of the sum.

    The smallest first, so that the large ones, which can, make good what the small
    ones could not. Returns the bets in steps, and in units the root of the mean square
    of what rounding moves the sum by: on average no quantile is further off.
    """
    variance = math.fsum(amount**2 * part * (1 - part) for amount, part in bets)
    scale = 2 * math.sqrt(variance)
    shift = widening = 0.0
    moved: list[float] = []
    found: list[Bet] = [(0, 0.0)] * len(bets)
    for place in sorted(range(len(bets)), key=bets.__getitem__):
        amount, chance = bets[place]
        steps, left = divmod(amount, step)
        best = (math.inf, shift, widening, steps, 0)
        for up in (0, 1) if left else (0,):
            off = up * step - left
            mean = shift + chance * off
            wider = widening + chance * (1 - chance) * off * (2 * amount + off)
            badness = mean * mean + (wider / scale) ** 2
            if badness < best[0]:
                best = badness, mean, wider, steps + up, off
        _, shift, widening, steps, off = best
        found[place] = steps, chance
        moved.append(off * off * chance * (1 - chance))
    return found, math.sqrt(shift**2 + math.fsum(moved))
