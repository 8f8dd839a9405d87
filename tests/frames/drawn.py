"""Random frames: the rows that rules meet, hard cases among them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import attrs
from hypothesis import strategies as st

from keyaccount.exceptions import InvalidValueError
from keyaccount.models import tiering
from keyaccount.models.tiering import TieringPolicy, Trigger
from keyaccount.rules import (
    DecisionTable,
    Fact,
    FactKind,
    Facts,
    FactSchema,
    FactValue,
    Gate,
    Gates,
    HitPolicy,
    Known,
    Row,
    Scorecard,
    constants,
)
from keyaccount.tri import Tri
from tests.frames.engines import Cells
from tests.rule_strategies import (
    Anchors,
    anchors_of,
    conditions,
    numbers,
    pick,
    schemas,
    scorecards,
    tables,
)


__all__ = [
    "AT",
    "Raw",
    "cells_of",
    "decisions",
    "facts_of",
    "gateways",
    "policies",
    "raw_rows",
    "scorings",
    "tierings",
]


Raw: TypeAlias = Mapping[str, object]
"""One row as a frame holds it: a null is None, and a number may be NaN."""

AT = "№"
"""A column that no rule asks for: it must come back as it was."""

_STRANGE = (None, None, math.nan, math.inf, -math.inf, -0.0, 0.0)
_COUNTS = (3, 5, 8, 1)


@st.composite
def raw_rows(
    draw: st.DrawFn,
    about: FactSchema,
    anchors: Anchors,
    *,
    unknown: bool = True,
) -> list[Raw]:
    """Draw rows: gaps, infinities, minus zero, anchors and their neighbours."""
    count = draw(pick(_COUNTS))
    pools = {fact.name: _pool(fact, anchors.get(fact.name, ())) for fact in about}
    rows: list[Raw] = []
    for _ in range(count):
        row = {name: draw(pool) for name, pool in pools.items()}
        if not unknown:
            row = {name: _known(about[name], value) for name, value in row.items()}
        rows.append(row)
    return rows


def _pool(fact: Fact, anchors: Sequence[float]) -> st.SearchStrategy[object]:
    if fact.kind is FactKind.YES_NO:
        return pick((True, False, None))
    if fact.kind is FactKind.CHOICE:
        return pick((*fact.choices, None))
    beside = tuple(
        value
        for anchor in anchors
        for value in (
            math.nextafter(anchor, -math.inf),
            float(anchor),
            math.nextafter(anchor, math.inf),
        )
    )
    hard: st.SearchStrategy[object] = pick((*_STRANGE, *beside))
    return hard | pick(beside) | numbers() if beside else hard | numbers()


def _known(fact: Fact, value: object) -> object:
    if fact.kind is FactKind.NUMBER:
        is_gap = value is None or (isinstance(value, float) and math.isnan(value))
        return -0.0 if is_gap else value
    if value is None:
        return fact.choices[0] if fact.kind is FactKind.CHOICE else False
    return value


def facts_of(about: FactSchema, row: Raw) -> Facts:
    """Return a row as the object path knows it; infinities pass by its door."""
    return Facts(about, tuple(_fact(row.get(name)) for name in about.names))


def _fact(value: object) -> FactValue:
    if isinstance(value, bool):
        return Tri.of(value)
    if isinstance(value, float):
        return None if math.isnan(value) else value + 0.0
    assert value is None or isinstance(value, str)
    return value


def cells_of(about: FactSchema, rows: Sequence[Raw]) -> Cells:
    """Return rows as the columns of a frame, with one column more."""
    columns = {
        fact.name: (fact.kind, [row[fact.name] for row in rows])
        for fact in about
        if not rows or fact.name in rows[0]
    }
    return {AT: (FactKind.NUMBER, [float(at) for at in range(len(rows))]), **columns}


@st.composite
def decisions(
    draw: st.DrawFn,
    *,
    columnar: bool = True,
    unknown: bool = True,
    hits: Sequence[HitPolicy] = tuple(HitPolicy),
) -> tuple[DecisionTable, list[Raw]]:
    """Draw a table and rows that meet its thresholds; a column may not be there."""
    table = draw(tables(columnar=columnar, hits=hits))
    rows = draw(raw_rows(table.about, anchors_of(table), unknown=unknown))
    return table, _without(draw, table.asks, rows) if unknown else rows


@st.composite
def scorings(
    draw: st.DrawFn, *, columnar: bool = True, unknown: bool = True
) -> tuple[Scorecard, list[Raw]]:
    """Draw a scorecard and rows."""
    about = draw(schemas())
    card = draw(scorecards(about, columnar=columnar))
    anchors = anchors_of(_only(card))
    rows = draw(raw_rows(about, anchors, unknown=unknown))
    asked = tuple({criterion.fact: None for criterion in card.criteria})
    return card, _without(draw, asked, rows) if unknown else rows


def _only(card: Scorecard) -> DecisionTable:
    """Return a table of nothing but this card, to ask it for its anchors."""
    rows = (Row("any", Known(card.about.names[0]), "any"),)
    return DecisionTable("only", card.about, rows, scorecards=(card,))


@st.composite
def gateways(draw: st.DrawFn) -> tuple[Gates, list[Raw]]:
    """Draw gates and rows."""
    about = draw(schemas())
    count = draw(pick((1, 2, 3, 4)))
    drawn = tuple(Gate(f"g{at}", draw(conditions(about))) for at in range(count))
    gates = Gates("random", about, drawn)
    anchors: dict[str, list[float]] = {}
    for gate in drawn:
        for name, value in constants(gate.when):
            anchors.setdefault(name, []).append(float(value))
    return gates, draw(raw_rows(about, anchors))


_RUNGS = ("potential", "strategic", "gold", "diamond")


@st.composite
def policies(draw: st.DrawFn) -> TieringPolicy:
    """Draw a ladder over a score, and triggers, in place of the shipped ones."""
    shipped = tiering.default_policy()
    if draw(pick((True, False))):
        return shipped
    about = tiering.FACTS
    card = draw(scorecards(about, columnar=True))
    rows = tuple(
        Row(f"r{at}", draw(conditions(about, ("composite",))), draw(pick(_RUNGS)))
        for at in range(draw(pick((1, 2, 3))))
    )
    triggers = tuple(
        Trigger(f"t{at}", draw(conditions(about)))
        for at in range(draw(pick((0, 1, 2))))
    )
    try:
        return attrs.evolve(
            shipped,
            rows=rows,
            criteria=card.criteria,
            caps=(),
            triggers=triggers,
            use_gold=draw(pick((True, False))),
        )
    except InvalidValueError:  # a row that never fires, a criterion that says nothing
        return shipped


@st.composite
def tierings(draw: st.DrawFn) -> tuple[TieringPolicy, list[Raw]]:
    """Draw a policy and rows that meet its amounts."""
    policy = draw(policies())
    asked = [policy.ladder.table]
    if policy.problem is not None:
        asked.append(policy.problem.table)
    anchors: dict[str, tuple[float, ...]] = {}
    for table in asked:
        for name, values in anchors_of(table).items():
            anchors[name] = (*anchors.get(name, ()), *values)
    return policy, draw(raw_rows(tiering.FACTS, anchors))


def _without(draw: st.DrawFn, asked: Sequence[str], rows: list[Raw]) -> list[Raw]:
    """Leave a column away now and then, but never all that is asked for."""
    if len(asked) < 2 or draw(pick((True, True, True, False))):
        return rows
    gone = draw(pick(tuple(asked)))
    return [{key: row[key] for key in row if key != gone} for row in rows]
