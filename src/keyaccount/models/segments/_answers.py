"""What the verbs of this model do alike: read names, say outcomes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal

from keyaccount.exceptions import Problems
from keyaccount.rules import DecisionTable, Facts, constants, explain_table


__all__ = ["is_finite", "names_of", "near", "pinned", "thresholds"]


def pinned(
    table: DecisionTable, told: Facts, name: str, values: Sequence[float]
) -> Facts:
    """Return the facts with an open one at its first value, if all say the same.

    Where every value that it may have passes and fails the same rows, the rows can be
    told outright; where not, the fact stays open.
    """
    ways = [told.with_(**{name: value}) for value in values]
    said = {
        tuple(
            (reason.code, *(part for _, part in reason.data if isinstance(part, str)))
            for _, reason in explain_table(table, way).walk()
        )
        for way in ways
    }
    return ways[0] if len(said) == 1 else told


def names_of(path: str, given: object) -> tuple[str, ...]:
    """Return a list of names as a tuple.

    Raises:
        InvalidValueError: no list, or something in it that is no text.
    """
    problems = Problems()
    held: tuple[object, ...] = ()
    if isinstance(given, str) or not isinstance(given, Iterable):
        problems.add(path, "wrong-type", given, "a list of names")
    else:
        held = tuple(given)
    for at, name in enumerate(held):
        problems.is_a(f"{path}[{at}]", name, str, "a name")
    problems.check("segments")
    return tuple(map(str, held))


def is_finite(number: int | Decimal) -> bool:
    """Whether the number may go through the door to the facts."""
    try:
        return math.isfinite(float(number))
    except (OverflowError, ValueError):  # a huge int, a signalling NaN
        return False


def thresholds(table: DecisionTable, name: str) -> tuple[float, ...]:
    """Return the numbers that the rows compare a fact with."""
    found = {
        edge
        for row in table.rows
        for asked, edge in constants(row.when)
        if asked == name
    }
    return tuple(sorted(found))


def near(edges: Iterable[float], low: int, high: int) -> tuple[int, ...]:
    """Return whole numbers that stand for all from *low* to *high*.

    A rule changes its mind at an edge only: the ends and those on both sides of each
    edge show everything, however many lie between.
    """
    found = {low, high}
    for edge in edges:
        floor = math.floor(edge)
        found.update((floor - 1, floor, floor + 1, floor + 2))
    return tuple(one for one in sorted(found) if low <= one <= high)
