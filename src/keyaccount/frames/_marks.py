"""Marks and folds in columns, operation by operation as on one object.

No constant is ever divided by, and sums go left to right: a fold comes out the same
to the last bit on every engine.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Sequence
from typing import Any, NamedTuple

from keyaccount.rules import Criterion, Linear, Lookup, Scorecard, Steps

from ._language import E, Language
from ._rails import Fold


__all__ = [
    "Part",
    "fold",
    "linear",
    "lookup",
    "part",
    "parts",
    "score_word",
    "spread",
    "steps",
]


_FULL = 100.0


def score_word(cards: Sequence[Scorecard], card: str) -> str:
    """Return what a table's score is called: the card's name where it has several."""
    return "score" if len(cards) == 1 else card


class Part(NamedTuple):
    """What a criterion adds to the lowest and to the highest fold.

    Expressions, or plain numbers where nobody knows the fact.
    """

    criterion: Criterion
    low: Any
    high: Any


def linear(scorer: Linear, weight: float, fact: E, words: Language[E]) -> E:
    """Write weight × mark of a slope.

    A falling slope is written as a rising one seen from the other side: that is the
    same number, and no minus zero where the mark begins.
    """
    low, slope = float(scorer.low), scorer.slope
    mark: Any
    if slope < 0.0:
        mark = (low - fact) * -slope
    else:
        above = fact - low if low else fact
        mark = above if slope == 1.0 else above * slope
    part: E = words.held(mark) * weight
    return part


def steps(scorer: Steps, weight: float, fact: E, words: Language[E]) -> E:
    """Write weight × mark of bands: the last floor that the fact reaches counts."""
    part = words.constant(weight * (scorer.below + 0.0))
    for floor, mark in scorer.at:
        part = words.choose(fact >= float(floor), weight * (mark + 0.0), part)
    return part


def lookup(scorer: Lookup, weight: float, fact: str, words: Language[E]) -> E:
    """Write weight × mark of a choice."""
    part = words.constant(0.0)
    for slug, mark in scorer.marks:
        part = words.choose(words.is_slug(fact, slug), weight * (mark + 0.0), part)
    return part


def parts(card: Scorecard, words: Language[E]) -> list[Part]:
    """Return what each criterion adds, in order."""
    return [part(criterion, words) for criterion in card.criteria]


def part(
    criterion: Criterion, words: Language[E], *, weight: float | None = None
) -> Part:
    """Return what one criterion adds, by its own weight or by another."""
    weight = float(criterion.weight) if weight is None else weight
    known = words.known(criterion.fact)
    if known is False:
        return Part(criterion, 0.0, weight * _FULL)
    marked = _weighed(criterion, weight, words)
    if known is True:
        return Part(criterion, marked, marked)
    is_nothing = words.is_nothing(criterion)
    low = marked if is_nothing else words.choose(known, marked, 0.0)
    return spread(criterion, low, words, weight=weight)


def spread(
    criterion: Criterion, low: E, words: Language[E], *, weight: float | None = None
) -> Part:
    """Return a part by what it adds at least: that is all of it where it is known."""
    known = words.known(criterion.fact)
    if isinstance(known, bool):  # known throughout: what nobody knows has no such part
        return Part(criterion, low, low)
    full = _FULL * (float(criterion.weight) if weight is None else weight)
    return Part(criterion, low, words.choose(known, low, full))


def _weighed(criterion: Criterion, weight: float, words: Language[E]) -> E:
    scorer, fact = criterion.scorer, criterion.fact
    mark = words.form(criterion)
    if mark is None:
        if type(scorer) is Linear:  # not what somebody made of it
            return linear(scorer, weight, words.number(fact), words)
        if type(scorer) is Steps:
            return steps(scorer, weight, words.number(fact), words)
        if type(scorer) is Lookup:
            return lookup(scorer, weight, fact, words)
        mark = words.strange(criterion)
    part: E = mark * weight
    return part


def fold(found: list[Part], words: Language[E]) -> Fold[E]:
    """Add the parts up, left to right, to a sum that is never a minus zero."""
    start = [0.0] if all(map(_may_be_minus_zero, found)) else []
    low = _sum([*start, *(part.low for part in found)], words)
    if all(part.low is part.high for part in found):
        return Fold(low, low)
    return Fold(low, _sum([*start, *(part.high for part in found)], words))


def _may_be_minus_zero(part: Part) -> bool:
    scorer = part.criterion.scorer
    if isinstance(scorer, Steps | Lookup):
        return False
    return not isinstance(scorer, Linear) or float(scorer.low) == 0.0


def _sum(found: list[Any], words: Language[E]) -> E:
    total = functools.reduce(operator.add, found)
    added: E = words.constant(total) if isinstance(total, float) else total
    return added
