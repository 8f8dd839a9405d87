"""Rules asked about numbers of which only bounds are known, as tight as they allow."""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterable, Iterator, Mapping

import attrs

from keyaccount.rules import (
    All,
    Any,
    Condition,
    DecisionTable,
    Facts,
    FactSchema,
    Interval,
    Not,
    Reason,
    Row,
    constants,
    explain_rows,
    holds,
)
from keyaccount.tri import Tri


__all__ = ["Spans"]


@attrs.frozen
class Spans:
    """For every fact the bounds between which it lies; it may be all in between."""

    schema: FactSchema
    bounds: Mapping[str, Interval]

    def answer(self, condition: Condition) -> Tri:
        """Say whether a condition holds wherever in their bounds the facts lie."""
        found = {holds(condition, facts) for facts in self._ways(condition)}
        return found.pop() if len(found) == 1 else Tri.UNKNOWN

    def possible(self, table: DecisionTable) -> tuple[str, ...]:
        """Return what the first row that fires may answer, lowest first."""
        outcomes: set[str | None] = set()
        for row in table.rows:
            answer = self.answer(row.when)
            if answer is not Tri.NO:
                outcomes.add(row.then)
            if answer is Tri.YES:
                break
        else:
            outcomes.add(table.otherwise)
        return tuple(slug for slug in table.outcomes if slug in outcomes)

    def fired(self, rows: Iterable[Row], answer: Tri) -> tuple[str, ...]:
        """Return the outcomes of all rows that give one answer."""
        return tuple(row.then for row in rows if self.answer(row.when) is answer)

    def explain(self, table: DecisionTable) -> tuple[Reason, ...]:
        """Say what every row says; a bound stands for what is surely beyond it."""
        return tuple(
            self._said(table, place, row.when) for place, row in enumerate(table.rows)
        )

    def _said(self, table: DecisionTable, place: int, condition: Condition) -> Reason:
        """Say a row; a number counts as not known where a question on it is open."""
        unknown = {
            name
            for question in _questions(condition)
            if self.answer(question) is Tri.UNKNOWN
            for name, _ in constants(question)
        }
        said = explain_rows(table, self._facts(unknown))[place]
        if said.code == "row-open" and self.answer(condition) is not Tri.UNKNOWN:
            return explain_rows(table, self._facts(()))[place]  # sure as a whole only
        return said

    def _facts(self, unknown: Collection[str]) -> Facts:
        row = tuple(
            None if name in unknown else self.bounds[name].low
            for name in self.schema.names
        )
        return Facts(self.schema, row)

    def _ways(self, condition: Condition) -> Iterator[Facts]:
        """Yield facts that stand for every way in which the condition may answer."""
        limits: dict[str, set[float]] = {}
        for name, value in constants(condition):
            around = {math.nextafter(value, way) for way in (-math.inf, math.inf)}
            limits.setdefault(name, set()).update({float(value), *around})
        values = []
        for name in self.schema.names:
            span = self.bounds[name]
            inside = {value for value in limits.get(name, ()) if value in span}
            ends = {span.low, span.high} if name in limits else {span.low}
            values.append(sorted(ends | inside))
        return (Facts(self.schema, row) for row in itertools.product(*values))


def _questions(condition: Condition) -> Iterator[Condition]:
    """Yield the plain questions that a condition joins."""
    match condition:
        case All(terms=terms) | Any(terms=terms):
            for term in terms:
                yield from _questions(term)
        case Not(term=term):
            yield from _questions(term)
        case _:
            yield condition
