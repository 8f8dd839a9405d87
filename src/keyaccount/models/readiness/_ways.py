"""What shares that are not settled may still be, and the table asked for each of them.

A share is open as long as one of its lines is; a table that asks for it is asked for
every value that the share can still have and the table can tell apart. Only where a
row asks whether a fact is known is what is open left open: that is then its answer.
"""

from __future__ import annotations

import bisect
import functools
import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from keyaccount.rules import (
    Compiled,
    DecisionTable,
    Facts,
    FactValue,
    Known,
    asked,
    constants,
)
from keyaccount.tri import Tri


__all__ = [
    "Ask",
    "Choices",
    "Span",
    "asking",
    "fires",
    "pooled_values",
    "span_of",
    "weakest_values",
]


Span: TypeAlias = tuple[int, int, int]
"""How many lines are in place at least and at most, and how many there are."""

Choices: TypeAlias = tuple[tuple[FactValue, ...], ...]
"""For each fact that a table asks for, every value that it may have."""

Ask: TypeAlias = Callable[[Choices], tuple[str, ...]]
"""From what the facts may be to what the table may answer, lowest first."""

_MOST_ASKED = 100 * 100  # questions remembered
_MOST_WAYS = 100  # of filling in; beyond that the kernel's two rails answer


def asking(compiled: Compiled) -> Ask:
    """Return a table ready to be asked often; what was asked before is remembered."""
    marks = _marks(compiled.table)

    @functools.lru_cache(_MOST_ASKED)
    def ask(choices: Choices) -> tuple[str, ...]:
        ways = _ways(compiled.table, marks, choices)
        found = {outcome for way in ways for outcome in compiled.possible(way)}
        return tuple(one for one in compiled.table.outcomes if one in found)

    return ask


def fires(rule: Compiled, choices: Choices) -> Tri:
    """Tell whether a one-row table fires, whatever the open facts turn out to be."""
    ways = _ways(rule.table, _marks(rule.table), choices)
    found = [rule.hits(way) for way in ways]
    if all(hits.must for hits in found):
        return Tri.YES
    return Tri.UNKNOWN if any(hits.may for hits in found) else Tri.NO


def _marks(table: DecisionTable) -> tuple[tuple[float, ...], ...]:
    """Return the constants that each fact is compared with, in order."""
    pairs = [pair for row in table.rows for pair in constants(row.when)]
    return tuple(
        tuple(sorted({float(value) for fact, value in pairs if fact == name}))
        for name in table.asks
    )


def _ways(
    table: DecisionTable, marks: Sequence[Sequence[float]], choices: Choices
) -> Iterator[Facts]:
    """Yield the facts, with each value that the table can tell apart filled in."""
    by_known = {name for row in table.rows for name in asked(row.when, Known)}
    told = [
        (None,) if name in by_known and len(values) > 1 else _told_apart(values, cuts)
        for name, values, cuts in zip(table.asks, choices, marks, strict=True)
    ]
    if math.prod(map(len, told)) > _MOST_WAYS:
        told = [one if len(one) == 1 else (None,) for one in told]
    row = list(table.about.read({}).row)
    places = [table.about.positions[name] for name in table.asks]
    for way in itertools.product(*told):
        for place, value in zip(places, way, strict=True):
            row[place] = value
        yield Facts(table.about, tuple(row))


def _told_apart(
    values: tuple[FactValue, ...], cuts: Sequence[float]
) -> tuple[FactValue, ...]:
    """Keep one value of all that lie between the same two constants."""
    kept: dict[object, FactValue] = {}
    for value in values:
        place: object = value
        if isinstance(value, float):
            place = bisect.bisect_left(cuts, value), bisect.bisect_right(cuts, value)
        kept.setdefault(place, value)
    return tuple(kept.values())


def span_of(answers: Iterable[FactValue]) -> Span:
    """Count the lines that are in place, and those that may be."""
    given = list(answers)
    sure = given.count(Tri.YES)
    return sure, sure + given.count(None), len(given)


@functools.lru_cache(_MOST_ASKED)
def pooled_values(span: Span) -> tuple[float, ...]:
    """Return every share that may turn out to be in place.

    >>> pooled_values((1, 3, 4))
    (0.25, 0.5, 0.75)
    """
    least, most, count = span
    return tuple(part / count for part in range(least, most + 1))


@functools.lru_cache(_MOST_ASKED)
def weakest_values(spans: tuple[Span, ...]) -> tuple[float, ...]:
    """Return everything that the smallest of several shares may turn out to be.

    >>> weakest_values(((0, 2, 2), (1, 1, 4)))
    (0.0, 0.25)
    """
    shares = [pooled_values(span) for span in spans]
    highest = min(values[-1] for values in shares)
    found = {value for values in shares for value in values if value <= highest}
    return tuple(sorted(found))
