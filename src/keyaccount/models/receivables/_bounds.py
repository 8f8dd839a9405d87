"""Which answers a table may give while a figure lies somewhere between two bounds.

Between two thresholds of the rows nothing changes, so a few values stand for all of a
stretch. Each figure is tried on its own: that is sound, not always tight.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import attrs

from keyaccount import rules
from keyaccount.rules import Condition, DecisionTable, Facts, FactValue, constants

from ._facts import FACTS
from ._figures import Figure, Figures
from ._policy import ReceivablesPolicy


__all__ = ["Outlook", "look_out"]


_MOST = 100 * 100  # ways of filling in that are tried; with more, less is concluded


@attrs.frozen
class Outlook:
    """What may be answered, the worst first, and which rows must and may fire."""

    possible: tuple[str, ...]
    must: int
    may: int


def look_out(figures: Figures, policy: ReceivablesPolicy) -> Outlook:
    """Ask the table of health for every way in which the figures may turn out."""
    compiled = policy.health
    found: set[str] = set()
    must, may = -1, 0
    for facts in _ways(figures, compiled.table):
        hits = compiled.hits(facts)
        must &= hits.must
        may |= hits.may
        found.update(compiled.possible(facts))
    outcomes = compiled.table.outcomes
    return Outlook(tuple(slug for slug in outcomes if slug in found), must, may)


def _ways(figures: Figures, table: DecisionTable) -> Iterator[Facts]:
    spans = [
        _values(figure, name, table)
        for name, figure in zip(FACTS.names, figures, strict=True)
    ]
    if math.prod(map(len, spans)) > _MOST:
        spans = [[figure.exact] for figure in figures]
    return (Facts(FACTS, row) for row in itertools.product(*spans))


def _values(figure: Figure, name: str, table: DecisionTable) -> list[FactValue]:
    """Return values that stand for all that a figure may be."""
    conditions = [row.when for row in table.rows]
    if figure.exact is not None or not figure.is_bounded or name not in table.asks:
        return [figure.exact]
    if any(name in _asked_if_known(condition) for condition in conditions):
        return [None]
    low = -math.inf if figure.low is None else figure.low
    high = math.inf if figure.high is None else figure.high
    found = {end for end in (low, high) if math.isfinite(end)}
    for condition in conditions:
        for other, value in constants(condition):
            if other == name:
                around = (math.nextafter(value, way) for way in (-math.inf, math.inf))
                found.update((float(value), *around))
    return [value for value in sorted(found) if low <= value <= high]


def _asked_if_known(condition: Condition) -> Iterator[str]:
    match condition:
        case rules.Known(fact=name):
            yield name
        case rules.All(terms=terms) | rules.Any(terms=terms):
            for term in terms:
                yield from _asked_if_known(term)
        case rules.Not(term=term):
            yield from _asked_if_known(term)
        case _:
            return
