"""What the four criteria answer while a share lies somewhere between two bounds.

Between two thresholds of the rows nothing changes, so a few values stand for all of a
stretch; each is judged, and an answer counts as known only if all give it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator

from keyaccount.rules import (
    Compiled,
    DecisionTable,
    FactKind,
    Facts,
    FactValue,
    Interval,
    Missing,
    constants,
    missing,
    narrowing,
)
from keyaccount.tri import Tri

from ._facts import FACTS
from ._policy import MET, UNMET, Answers, SelectionPolicy


__all__ = ["SHARE", "answers_of", "asked", "ways"]


SHARE = "share_of_total"


def answers_of(
    policy: SelectionPolicy, facts: Facts, share: Interval | None
) -> Answers:
    """Return what each criterion says, in their order."""
    return tuple(_answer(table, facts, share) for table in policy.tables)


def _answer(table: Compiled, facts: Facts, share: Interval | None) -> Tri:
    found = {
        outcome
        for way in ways(table.table, facts, share)
        for outcome in table.possible(way)
    }
    if found == {MET}:
        return Tri.YES
    return Tri.NO if found == {UNMET} else Tri.UNKNOWN


def ways(table: DecisionTable, facts: Facts, share: Interval | None) -> Iterator[Facts]:
    """Yield the facts with each share filled in that the table could tell apart."""
    if share is None or facts[SHARE] is not None or SHARE not in table.asks:
        yield facts
        return
    for value in _values(table, SHARE, share):
        yield _told(facts, SHARE, value)


def asked(
    policy: SelectionPolicy, facts: Facts, share: Interval | None, answers: Answers
) -> tuple[Missing, ...]:
    """Return what to ask of the criteria that are open, the most telling first.

    That is whatever leaves the fewest designations on average, then the fewest open
    criteria.
    """
    tables = [
        table.table
        for table, answer in zip(policy.tables, answers, strict=True)
        if answer is Tri.UNKNOWN
    ]
    wanted = {name for table in tables for name in table.asks}
    names = [name for name in facts.unknown if name in wanted]
    if len(names) > 1:
        values = {name: tuple(_representatives(tables, name, share)) for name in names}

        def left(told: Facts) -> float:
            found = answers_of(policy, told, share)
            return len(policy.designations[found]) * 100 + found.count(Tri.UNKNOWN)

        names = list(narrowing(left, facts, names, values))
    return missing(FACTS, names)


def _representatives(
    tables: Iterable[DecisionTable], name: str, share: Interval | None
) -> Iterator[FactValue]:
    """Yield values that stand for all that a fact may turn out to be."""
    fact = FACTS[name]
    if fact.kind is FactKind.YES_NO:
        yield from (Tri.YES, Tri.NO)
        return
    low = -math.inf if fact.low is None else fact.low
    bounds = share if name == SHARE and share is not None else Interval(low, math.inf)
    found = {value for table in tables for value in _values(table, name, bounds)}
    yield from sorted(filter(math.isfinite, found)) or (0.0,)


def _values(table: DecisionTable, name: str, bounds: Interval) -> tuple[float, ...]:
    """Return the ends, and around each threshold between them."""
    marks = (
        float(value)
        for row in table.rows
        for fact, value in constants(row.when)
        if fact == name
    )
    around = itertools.chain.from_iterable(
        (math.nextafter(mark, -math.inf), mark, math.nextafter(mark, math.inf))
        for mark in marks
    )
    inside = {value for value in around if value in bounds}
    return tuple(sorted({bounds.low, *inside, bounds.high}))


def _told(facts: Facts, name: str, value: FactValue) -> Facts:
    row = list(facts.row)
    row[FACTS.positions[name]] = value
    return Facts(FACTS, tuple(row))
