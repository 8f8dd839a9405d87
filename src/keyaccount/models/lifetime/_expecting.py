"""How many purchases to expect of one customer: an integral that cannot overflow.

The closed form of the literature is a hypergeometric function times a power, less 1,
divided by a − 1. It overflows for customers who buy much, and is 0 ÷ 0 at a = 1.
What it stands for has neither fault. Of a customer who has not left, the chance p to
leave after a purchase is beta distributed, and over a time t, z = t ÷ (α + T) of what
counts so far, one with that chance makes (1 − (1 + p·z)^−(r + x)) ÷ p purchases. The
mean of that is taken here, over y = log(p ÷ (1 − p)) in equal steps: such a sum of a
smooth bell closes in on the integral faster than any power of the step. Every term is
positive and grows with the horizon, and so does the sum.
"""

from __future__ import annotations

import functools
import math
import sys
from collections.abc import Sequence
from typing import NamedTuple

import attrs


__all__ = ["Posterior"]


class Node(NamedTuple):
    """A chance to leave, and how much it counts."""

    leave: float
    weight: float


_EPSILON = sys.float_info.epsilon
_LOST = math.log(_EPSILON / 100)  # what weighs less than this is not seen in a sum


@attrs.frozen
class Posterior:
    """What is known of one customer: how often it buys, whether and how it leaves.

    Its rate is gamma distributed (`shape`, `time`), its chance to leave after a
    purchase beta distributed (`leave`, `stay`), if it has not left yet. Since its
    last purchase there was `silence`, in the same unit as `time`.
    """

    shape: float
    time: float
    silence: float
    leave: float
    stay: float
    has_left_open: bool

    @property
    def alive(self) -> float:
        """The chance that it has not left."""
        if not self.has_left_open:
            return 1.0
        quiet = -self.shape * math.log1p(-self.silence / self.time)
        odds = math.log(self.leave / (self.stay - 1)) + quiet
        if odds > 0:  # so that nothing overflows
            gone = math.exp(-odds)
            return gone / (1 + gone)
        return 1 / (1 + math.exp(odds))

    def expected(self, horizons: Sequence[float]) -> tuple[float, ...]:
        """Return how many purchases to expect within each horizon."""
        ahead = [horizon / self.time for horizon in horizons]
        furthest = math.ldexp(1.0, math.frexp(max(ahead, default=0.0))[1])
        nodes = _nodes(self.leave, self.stay, self.shape, furthest)
        whole = math.fsum(node.weight for node in nodes)
        alive = self.alive
        return tuple(
            alive
            * math.fsum(node.weight * self._made(node, z) for node in nodes)
            / whole
            for z in ahead
        )

    def _made(self, node: Node, ahead: float) -> float:
        """Return what one with that chance to leave buys, (1 − (1 + p·z)^−s) ÷ p."""
        chance = node.leave
        if chance * ahead * self.shape < _EPSILON:
            return self.shape * ahead
        return -math.expm1(-self.shape * math.log1p(chance * ahead)) / chance


@functools.lru_cache(maxsize=100)
def _nodes(leave: float, stay: float, shape: float, ahead: float) -> tuple[Node, ...]:
    """Return chances to leave, evenly spaced in log odds, with their weights.

    They serve for every horizon up to *ahead*.
    """
    centre = math.log(leave / stay)
    peak = _weight(leave, stay, centre)
    most = math.log1p(shape * ahead)  # by as much may one node count more than another
    flat = _EPSILON / (1 + leave + stay) / (1 + shape * (1 + ahead))
    # a quarter: (1 + p·z)^−s swings within half a turn of the axis; and never more than
    # half of the bell's standard deviation
    step = min(1 / 2, math.sqrt(1 / leave + 1 / stay)) / 2
    nodes = [Node(_chance(centre), 1.0)]
    for way, slope in ((-1, leave), (1, stay)):
        odds = centre
        while True:
            odds += way * step
            logarithm = _weight(leave, stay, odds) - peak
            if logarithm < _LOST - most:
                break
            weight, chance = math.exp(logarithm), _chance(odds)
            if _chance(-abs(odds)) < flat:
                # from here on the bell is a plain exponential, and what is averaged a
                # constant: the rest is a geometric series, and stands in one node
                nodes.append(Node(chance, weight / -math.expm1(-slope * step)))
                break
            nodes.append(Node(chance, weight))
    return tuple(nodes)


def _weight(leave: float, stay: float, odds: float) -> float:
    """Return the logarithm of p^leave × (1 − p)^stay."""
    return leave * _log_chance(odds) + stay * _log_chance(-odds)


def _log_chance(odds: float) -> float:
    if odds < 0:
        return odds - math.log1p(math.exp(odds))
    return -math.log1p(math.exp(-odds))


def _chance(odds: float) -> float:
    return math.exp(_log_chance(odds))
