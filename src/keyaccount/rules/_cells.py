"""Which few values of a fact stand for all of them.

Truth is constant between thresholds, so one value for every threshold and one for
every stretch between two of them show everything that a rule can do with a fact.
A score is a number of its own, from 0 to 100, kept as a fold: a hundred times that.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import pairwise

import attrs

from keyaccount.tri import Tri

from ._conditions import Condition, Known, constants, walk
from ._facts import Fact, FactKind, FactSchema, FactValue
from ._scorers import AnyScorer, Decay, Linear, Steps
from ._table import DecisionTable


__all__ = [
    "MOST_FOLD",
    "Axis",
    "anchors",
    "axes",
    "names_in",
    "pieces",
    "representatives",
    "say_value",
]


MOST_FOLD = 10_000.0


@attrs.frozen
class Axis:
    """A fact or a score, and a value for every piece of it; None is unknown."""

    name: str
    values: tuple[FactValue, ...]
    is_ordered: bool = False
    is_score: bool = False


def pieces(
    points: Iterable[float], low: float | None = None, high: float | None = None
) -> tuple[float, ...]:
    """Return every point within the range, and a number in every stretch between.

    >>> pieces([3.0], low=0.0)
    (1.5, 3.0, 4.5)
    """
    least = -math.inf if low is None else low
    most = math.inf if high is None else high
    inside = sorted({point for point in points if least <= point <= most})
    if not inside:
        return (_within(least, most),)
    found = [*_before(least, inside[0]), inside[0]]
    for left, right in pairwise(inside):
        middle = left / 2 + right / 2
        if left < middle < right:
            found.append(middle)
        found.append(right)
    return (*found, *(0.0 - value for value in _before(-most, -inside[-1])))


def _within(least: float, most: float) -> float:
    if math.isfinite(least) and math.isfinite(most):
        return least / 2 + most / 2
    return least if math.isfinite(least) else most if math.isfinite(most) else 0.0


def _before(least: float, first: float) -> Iterator[float]:
    if math.isfinite(least):
        middle = least / 2 + first / 2
        if least < first:
            yield middle if middle < first else least
        return
    lower = first - max(abs(first) / 2, 1.0)
    lower = lower if math.isfinite(lower) else math.nextafter(first, -math.inf)
    if math.isfinite(lower):
        yield lower


def anchors(scorer: AnyScorer) -> tuple[float, ...]:
    """Return the numbers at which a scorer's curve bends; none for a stranger's."""
    match scorer:
        case Linear(low=low, high=high):
            return float(low), float(high)
        case Steps(at=at):
            return tuple(float(floor) for floor, _ in at)
        case Decay(half_life=half_life):
            return 0.0, float(half_life), 4.0 * half_life
        case _:
            return ()


def representatives(table: DecisionTable) -> dict[str, tuple[FactValue, ...]]:
    """Return, for each fact that the table asks for, values that stand for all.

    Thresholds, the anchors of the scorers, and a number in every stretch between.
    """
    points: dict[str, set[float]] = {}
    for row in table.rows:
        for name, value in constants(row.when):
            points.setdefault(name, set()).add(float(value))
    for card in table.scorecards:
        for criterion in card.criteria:
            points.setdefault(criterion.fact, set()).update(anchors(criterion.scorer))
    return {
        name: _known_values(table.about[name], points.get(name, ()))
        for name in table.asks
    }


def _known_values(fact: Fact, points: Iterable[float]) -> tuple[FactValue, ...]:
    if fact.kind is FactKind.YES_NO:
        return Tri.YES, Tri.NO
    if fact.kind is FactKind.CHOICE:
        return fact.choices
    return pieces(points, fact.low, fact.high)


def axes(
    conditions: Iterable[Condition], about: FactSchema, scores: Iterable[str] = ()
) -> tuple[Axis, ...]:
    """Return the facts and scores that conditions ask for, with their pieces.

    Unknown is a piece of its own only where a condition asks what is known.
    """
    points: dict[str, set[float]] = {}
    known: set[str] = set()
    for condition in conditions:
        for name in names_in(condition):
            points.setdefault(name, set())
        for name, value in constants(condition):
            points[name].add(float(value))
        known.update(part.fact for part in walk(condition) if isinstance(part, Known))
    found = []
    for fact in about:
        if fact.name in points:
            values = _known_values(fact, points[fact.name])
            nothing = (None,) if fact.name in known else ()
            is_number = fact.kind is FactKind.NUMBER
            found.append(Axis(fact.name, (*values, *nothing), is_number))
    for name in scores:
        if name in points:
            floors = (floor * 100.0 for floor in points[name])
            folds = pieces(floors, 0.0, MOST_FOLD)
            found.append(Axis(name, folds, is_ordered=True, is_score=True))
    return tuple(found)


def names_in(condition: Condition) -> Iterator[str]:
    """Yield the name of every fact and score that the condition asks for."""
    for part in walk(condition):
        name = getattr(part, "fact", None)  # what joins conditions asks for none
        if name is not None:
            yield name


def say_value(value: FactValue, *, is_score: bool = False) -> str:
    """Write a value for a message, so that it can be typed in again."""
    match value:
        case None:
            return "unknown"
        case Tri():
            return value.value
        case str():
            return value
        case _:
            number = value * 0.01 if is_score else value
            return f"{number:.0f}" if _is_whole(number) else repr(float(number))


_MOST_DIGITS = 1e15


def _is_whole(number: float) -> bool:
    return number.is_integer() and abs(number) < _MOST_DIGITS
