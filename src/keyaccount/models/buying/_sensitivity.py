"""How far one weight may move before the need type, or the ranking, changes."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TypeVar

import attrs

from keyaccount.domain import BuyingFactor, FactorWeights, NeedType
from keyaccount.exceptions import Problems
from keyaccount.rules import Reason
from keyaccount.tri import Tri

from ._answers import factor_data
from ._facts import WHOLE, Shares, ranking, share_facts
from ._policy import BuyingPolicy, default_policy


__all__ = ["WeightRange", "sensitivity"]


T = TypeVar("T")


@attrs.frozen
class WeightRange:
    """From *low* to *high* per cent of one factor the need type stays the same.

    The other two factors share the rest as they do now. `below` and `above` are the
    types just outside; None where the range ends at 0 or 100. The ranking of the
    factors stays the same from `ranking_low` to `ranking_high`.
    """

    factor: BuyingFactor
    weight: int
    low: int
    high: int
    below: NeedType | None
    above: NeedType | None
    ranking_low: int
    ranking_high: int

    def reasons(self) -> tuple[Reason, ...]:
        """Say both ranges."""
        unit = (*factor_data(self.factor), ("unit", "percent"))
        low, high = float(self.low), float(self.high)
        ranks = float(self.ranking_low), float(self.ranking_high)
        return (
            Reason("need-range", (*unit, ("low", low), ("high", high))),
            Reason("ranking-range", (*unit, ("low", ranks[0]), ("high", ranks[1]))),
        )


def sensitivity(
    weights: FactorWeights,
    *,
    solution_need: Tri | None = None,
    policy: BuyingPolicy | None = None,
) -> tuple[WeightRange, ...]:
    """Tell for each factor how far its weight may move before the answer changes.

    Whole per cents are tried one by one, upwards and downwards; the answer beyond
    the range may return later on, which the range does not tell.

    Raises:
        InvalidValueError: a weight is not known, so that there is nothing to move.
    """
    policy = default_policy() if policy is None else policy
    problems = Problems()
    for factor, weight in weights.items():
        if weight is None:
            problems.add(factor.value, "missing", None, "every weight")
    problems.check("weights")
    known = {factor: weight for factor, weight in weights.items() if weight is not None}
    return tuple(_range(factor, known, solution_need, policy) for factor in known)


def _range(
    factor: BuyingFactor,
    weights: dict[BuyingFactor, int],
    solution_need: Tri | None,
    policy: BuyingPolicy,
) -> WeightRange:
    ties = policy.tie_order

    def type_at(weight: int) -> tuple[str, ...]:
        shares = _moved(factor, weight, weights)
        need = Tri.UNKNOWN if solution_need is None else solution_need
        table = policy.by_weights if solution_need is None else policy.needs
        return table.possible(share_facts(shares, ties, need))

    def ranking_at(weight: int) -> tuple[BuyingFactor, ...]:
        return ranking(_moved(factor, weight, weights), ties)

    now = weights[factor]
    low, high = _span(type_at, now)
    ranking_low, ranking_high = _span(ranking_at, now)
    below = None if low == 0 else NeedType(type_at(low - 1)[-1])
    above = None if high == WHOLE else NeedType(type_at(high + 1)[-1])
    return WeightRange(factor, now, low, high, below, above, ranking_low, ranking_high)


def _moved(
    factor: BuyingFactor, weight: int, weights: dict[BuyingFactor, int]
) -> Shares:
    """Return the weights once one of them is moved and the others share the rest."""
    rest = sum(weights.values()) - weights[factor]
    moved: dict[BuyingFactor, int | Fraction] = {}
    for other, share in weights.items():
        part = Fraction(share, rest) if rest else Fraction(1, 2)
        moved[other] = weight if other is factor else part * (WHOLE - weight)
    return moved


def _span(answer: Callable[[int], T], now: int) -> tuple[int, int]:
    """Return how far one can go down and up while the answer stays what it is."""
    same = answer(now)
    low = high = now
    while low > 0 and answer(low - 1) == same:
        low -= 1
    while high < WHOLE and answer(high + 1) == same:
        high += 1
    return low, high
