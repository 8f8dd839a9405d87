"""Other weights for a scorecard: drawn by a seed, or moved one by one.

Fractions throughout: no float is added up, so that every Python and every machine
draws the same whole per cents from the same seed.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from fractions import Fraction

import attrs

from keyaccount.rules import Scorecard


__all__ = ["Weights", "drawn", "shifted"]


_WHOLE = 100
_HALF = Fraction(1, 2)


@attrs.frozen
class Weights:
    """Whole per cents that add up to 100; `is_capped` where a cap held them down."""

    of: tuple[int, ...]
    is_capped: bool = False


def drawn(card: Scorecard, dice: random.Random, within: float) -> Weights:
    """Draw every weight evenly within a share of itself, and bring the sum to 100."""
    share = Fraction(within)
    moved = [
        criterion.weight * (1 + share * (2 * Fraction(dice.random()) - 1))
        for criterion in card.criteria
    ]
    return _whole(card, moved)


def shifted(card: Scorecard, at: int, within: float) -> Weights:
    """Move one weight by a share of itself, a point at least; the rest keep pace.

    A weight of 0 or of 100 stays: there is nothing to take a share of, or nobody to
    give it to.
    """
    present = [criterion.weight for criterion in card.criteria]
    own = present[at]
    if own in {0, _WHOLE}:
        return Weights(tuple(present))
    points = max(int(own * abs(Fraction(within)) + _HALF), 1)
    target = min(max(own + (points if within > 0 else -points), 0), _WHOLE)
    scale = Fraction(_WHOLE - target, _WHOLE - own)
    moved = [weight * scale for weight in present]
    moved[at] = Fraction(target)
    return _whole(card, moved)


def _whole(card: Scorecard, weights: Sequence[Fraction]) -> Weights:
    """Scale to 100, hold to the caps, and round by the largest remainder.

    What a cap takes from a group goes to all others in proportion. A criterion that
    carries nothing is given nothing; where all others stand at their caps, nothing
    moves.
    """
    groups = [criterion.group for criterion in card.criteria]
    caps = dict(card.caps)
    scaled, is_capped = _capped(weights, groups, caps)
    whole = [int(weight) for weight in scaled]
    left = _WHOLE - sum(whole)
    in_turn = sorted(
        (at for at, weight in enumerate(scaled) if weight),
        key=lambda at: (whole[at] - scaled[at], at),
    )
    while left:  # a group at its cap passes its turn on
        before = left
        for at in in_turn:
            if not left:
                break
            group = groups[at]
            if group in caps and _carried(whole, groups, group) >= caps[group]:
                is_capped = True
                continue
            whole[at] += 1
            left -= 1
        if left == before:  # nobody may carry more: the weights stay as they are
            return Weights(tuple(one.weight for one in card.criteria), is_capped=True)
    return Weights(tuple(whole), is_capped)


def _capped(
    weights: Sequence[Fraction], groups: Sequence[str | None], caps: dict[str, int]
) -> tuple[list[Fraction], bool]:
    """Scale weights to 100 so that no group carries more than its cap."""
    held: dict[str | None, Fraction] = {}  # what each group that is held down is times
    while True:
        total = sum(
            weight
            for weight, group in zip(weights, groups, strict=True)
            if group not in held
        )
        spare = _WHOLE - sum(caps[str(group)] for group in held)
        scaled = [
            weight * held.get(group, Fraction(spare) / total if total else Fraction(0))
            for weight, group in zip(weights, groups, strict=True)
        ]
        over = [
            group for group in caps if _carried(scaled, groups, group) > caps[group]
        ]
        if not over:
            return scaled, bool(held)
        for group in over:
            held[group] = caps[group] / _carried(weights, groups, group)


def _carried(
    weights: Iterable[Fraction | int], groups: Sequence[str | None], group: str
) -> Fraction:
    found = Fraction(0)
    for weight, own in zip(weights, groups, strict=True):
        if own == group:
            found += weight
    return found
