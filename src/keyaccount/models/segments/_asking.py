"""Which segments the scores that are still possible make, asked of many customers.

Customers by the thousand share a few patterns of scores: what was asked before is
remembered, so that a portfolio takes no longer than its patterns and its rows.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable
from typing import TypeAlias

import attrs

from keyaccount.rules import Compiled, Facts, FactValue, Interval, ask_first

from ._answers import near, thresholds
from ._facts import FACTS


__all__ = ["SCORES", "Asking", "asking"]


SCORES = ("recency_score", "frequency_score", "monetary_score")

_MOST = 100 * 100  # patterns remembered

_Row: TypeAlias = tuple[FactValue, ...]
_Spans: TypeAlias = tuple[tuple[int, int], ...]


@attrs.frozen
class Asking:
    """A table of segments ready to be asked often.

    `possible` gives every outcome that some of the scores still possible gives, the
    lowest first; `first` the facts to ask for, the most telling first.
    """

    possible: Callable[[Facts, tuple[Interval, ...]], tuple[str, ...]]
    first: Callable[[Facts], tuple[str, ...]]


def asking(compiled: Compiled) -> Asking:
    """Return a table of segments that remembers what it was asked."""
    table = compiled.table
    asked = [FACTS.positions[name] for name in table.asks]
    places = [FACTS.positions[name] for name in SCORES]
    edges = [thresholds(table, name) for name in SCORES]

    def pattern(told: Facts) -> _Row:
        row: list[FactValue] = [None] * len(FACTS.facts)
        for place in asked:
            row[place] = told.row[place]
        return tuple(row)

    @functools.lru_cache(_MOST)
    def outcomes(told: _Row, spans: _Spans) -> tuple[str, ...]:
        found, row = set[str](), list(told)
        marks = (near(edge, *span) for edge, span in zip(edges, spans, strict=True))
        for way in itertools.product(*marks):
            for place, mark in zip(places, way, strict=True):
                row[place] = float(mark)
            found.update(compiled.possible(Facts(FACTS, tuple(row))))
        return tuple(outcome for outcome in table.outcomes if outcome in found)

    @functools.lru_cache(_MOST)
    def names(told: _Row) -> tuple[str, ...]:
        gaps = ask_first(
            (table,), Facts(FACTS, told), lambda _, way: compiled.possible(way)
        )
        return tuple(gap.fact for gap in gaps)

    def possible(told: Facts, scores: tuple[Interval, ...]) -> tuple[str, ...]:
        spans = tuple((int(score.low), int(score.high)) for score in scores)
        return outcomes(pattern(told), spans)

    return Asking(possible, lambda told: names(pattern(told)))
