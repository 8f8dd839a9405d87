"""What figures that are not settled may still be, and a table asked for each of them.

A share of topics or a number of gaps is open as long as a topic or a level is; a
table that asks for it is asked for every value that it can still have, so that the
answer is as narrow as it can be. Only where a row asks whether a figure is known is
what is open left open: that is then its answer.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Collection
from typing import TypeAlias

from keyaccount.rules import Compiled, Facts, FactValue, Known, asked
from keyaccount.tri import Tri

from ._facts import FACTS, LEVELS, TOPICS


__all__ = ["Ask", "Ways", "asking", "counts", "gap_span", "shares"]


Way: TypeAlias = tuple[tuple[str, FactValue], ...]
"""Some facts, and one value that each may have."""

Ways: TypeAlias = tuple[Way, ...]
Ask: TypeAlias = Callable[[Facts, tuple[Ways, ...]], tuple[str, ...]]
"""From all the facts, and what open ones may be, to what a table may answer."""

_MOST = 100 * 100  # questions remembered


def asking(compiled: Compiled) -> Ask:
    """Return a table ready to be asked often; what was asked before is remembered."""
    about, asks = compiled.table.about, compiled.table.asks
    nothing = about.read({}).row
    here = [about.positions[name] for name in asks]
    there = [FACTS.positions[name] for name in asks]
    rows = compiled.table.rows
    by_known = {name for row in rows for name in asked(row.when, Known)}
    filled = set(asks) - by_known

    @functools.lru_cache(_MOST)
    def answer(told: tuple[FactValue, ...], ways: tuple[Ways, ...]) -> tuple[str, ...]:
        row = list(nothing)
        for place, value in zip(here, told, strict=True):
            row[place] = value
        found = set[str]()
        for parts in itertools.product(*ways):
            for name, value in itertools.chain.from_iterable(parts):
                row[about.positions[name]] = value
            found.update(compiled.possible(Facts(about, tuple(row))))
        return tuple(outcome for outcome in compiled.table.outcomes if outcome in found)

    def ask(facts: Facts, ways: tuple[Ways, ...]) -> tuple[str, ...]:
        told = tuple(facts.row[place] for place in there)
        wanted = [each for each in ways if any(name in filled for name, _ in each[0])]
        return answer(told, tuple(_without(by_known, each) for each in wanted))

    return ask


def _without(names: Collection[str], ways: Ways) -> Ways:
    """Leave facts out of what may be filled in; ways that are then alike, once."""
    if not names:
        return ways
    left = (tuple(part for part in way if part[0] not in names) for way in ways)
    return tuple(dict.fromkeys(left))


def gap_span(required: int | None, ours: int | None) -> tuple[int, int]:
    """Return by how many levels we fall short at least and at most.

    Whole numbers, so that the difference is exact. The lowest level that can be
    required is met by any, and the highest that can be ours meets any.
    """
    lowest, highest = LEVELS[0], LEVELS[-1]
    least = (lowest if required is None else required) - (
        highest if ours is None else ours
    )
    most = (highest if required is None else required) - (
        lowest if ours is None else ours
    )
    return max(0, least), max(0, most)


def shares(given: Facts) -> Ways:
    """Return every share of the topics that may turn out to be known."""
    topics = [given[name] for name in TOPICS]
    known = topics.count(Tri.YES)
    return _shares(known, known + topics.count(None))


@functools.lru_cache(_MOST)
def _shares(least: int, most: int) -> Ways:
    return tuple(
        (("background_completeness", count / len(TOPICS)),)
        for count in range(least, most + 1)
    )


@functools.lru_cache(_MOST)
def counts(spans: tuple[tuple[int, int], ...]) -> Ways:
    """Return how many gaps there may be together with how large the largest may be."""
    found = {(0, 0)}
    for low, high in spans:
        found = {
            (count + (gap > 0), max(most, gap))
            for count, most in found
            for gap in range(low, high + 1)
        }
    return tuple(
        (("gaps", float(count)), ("largest_gap", float(most)))
        for count, most in sorted(found)
    )
