"""Which question to ask first: the one whose answer narrows the verdict furthest.

For every unknown fact its representative values are filled in, one at a time, and
the outcomes that are then still possible are counted. The fewer are left on
average, the earlier the question stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from keyaccount.exceptions import HitPolicyError, NoRowError

from ._cells import representatives
from ._facts import Facts, FactSchema, FactValue
from ._table import DecisionTable, hits, judge
from ._verdict import Missing


__all__ = ["ask_first", "missing", "narrowing"]


Judge = Callable[[DecisionTable, Facts], Sequence[str]]


def ask_first(
    tables: Sequence[DecisionTable], facts: Facts, judge: Judge = judge
) -> tuple[Missing, ...]:
    """Return the unknown facts that these tables ask for, the most telling first.

    The tables' counts of possible outcomes are multiplied. Where several facts
    leave equally many, the one that leaves the narrower scores comes first, then
    the one declared first. *judge* may be a faster way to the same outcomes.
    """
    asked = {name for table in tables for name in table.asks}
    names = [name for name in facts.unknown if name in asked]
    if len(names) > 1:
        values = _values(tables, names)
        left = narrowing(lambda told: _count(tables, told, judge), facts, names, values)
        ties = [name for name in names if list(left.values()).count(left[name]) > 1]
        widths = narrowing(lambda told: _width(tables, told), facts, ties, values)
        names.sort(key=lambda name: (left[name], widths.get(name, 0.0)))
    return missing(facts.schema, names)


def missing(schema: FactSchema, names: Iterable[str]) -> tuple[Missing, ...]:
    """Return facts with the code of the question that asks for each."""
    return tuple(Missing(name, schema[name].question) for name in names)


def narrowing(
    possible_count: Callable[[Facts], float],
    facts: Facts,
    names: Iterable[str],
    representatives: Mapping[str, Sequence[FactValue]],
) -> dict[str, float]:
    """Return how much *possible_count* leaves on average once each fact is told.

    For a model that is more than tables; the fact that leaves least comes first,
    of equals the one named first.
    """
    left = {}
    for name in names:
        values = representatives[name]
        counts = (possible_count(_told(facts, name, value)) for value in values)
        left[name] = sum(counts) / len(values)
    return dict(sorted(left.items(), key=lambda pair: pair[1]))


def _told(facts: Facts, name: str, value: FactValue) -> Facts:
    row = list(facts.row)
    row[facts.schema.positions[name]] = value
    return Facts(facts.schema, tuple(row))


def _values(
    tables: Sequence[DecisionTable], names: Iterable[str]
) -> dict[str, tuple[FactValue, ...]]:
    """Return what stands for each fact in any of the tables."""
    found: dict[str, dict[FactValue, None]] = {name: {} for name in names}
    for table in tables:
        for name, values in representatives(table).items():
            if name in found:
                found[name].update(dict.fromkeys(values))
    return {name: tuple(values) for name, values in found.items()}


def _count(tables: Sequence[DecisionTable], facts: Facts, judge: Judge) -> float:
    """Return how many answers are left; a table that refuses leaves one."""
    count = 1.0
    for table in tables:
        if table.hit.is_single:
            try:
                count *= len(judge(table, facts))
            except (HitPolicyError, NoRowError):
                continue
        else:
            found = hits(table, facts)
            count *= 2.0 ** (found.may & ~found.must).bit_count()
    return count


def _width(tables: Sequence[DecisionTable], facts: Facts) -> float:
    width = 0.0
    for table in tables:
        for card in table.scorecards:
            low, high = card.fold(facts)
            width += high - low
    return width
