"""Whether the columns say what the object path says, bit for bit.

Every function returns the rows that an answer must have: what the object path gives
for the same facts, one by one, under the names of the columns.
"""

from __future__ import annotations

import struct
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import attrs

from keyaccount import frames
from keyaccount.exceptions import HitPolicyError, NoRowError
from keyaccount.models import tiering
from keyaccount.models.tiering import TieringPolicy
from keyaccount.rules import (
    DecisionTable,
    Facts,
    FactSchema,
    Gates,
    HitPolicy,
    Interval,
    Reason,
    Scorecard,
    asked_by,
    collect,
    explain_table,
    look_up,
    pass_through,
)
from keyaccount.tri import Tri
from tests.frames.drawn import AT, Raw, cells_of, facts_of
from tests.frames.engines import Engine, Plain, read


__all__ = [
    "EVERY_PART",
    "Told",
    "by_decide",
    "by_gates",
    "by_score",
    "by_tiering",
    "deciding",
    "differences",
    "told",
]


Told: TypeAlias = dict[str, object]

EVERY_PART: tuple[frames.Wanted, ...] = (*frames.PARTS, "row", "contributions")
"""All that can be asked for."""


def by_score(card: Scorecard, facts: Facts) -> Told:
    """Say what `frames.score` must say of these facts."""
    asked = {criterion.fact for criterion in card.criteria}
    return {
        **_ends(card.name, card.score(facts)),
        **_contributions(card.name, card, facts),
        f"{card.name}_missing": _missing(facts, asked),
    }


def by_decide(table: DecisionTable, facts: Facts) -> Told:
    """Say what `frames.decide` must say of these facts."""
    name = table.name
    found = _of_one(table, facts) if table.hit.is_single else _of_all(table, facts)
    for card in table.scorecards:
        own = "score" if len(table.scorecards) == 1 else card.name
        found |= _ends(f"{name}_{own}", card.score(facts))
        found |= _contributions(f"{name}_{own}", card, facts)
    return {**found, f"{name}_missing": _missing(facts, table.asks)}


def by_gates(gates: Gates, facts: Facts) -> Told:
    """Say what `frames.gates` must say of these facts."""
    passage = pass_through(gates, facts)
    asked = {name for gate in gates.gates for name in asked_by(gate.when)}
    return {
        gates.name: _answer(passage.passed),
        f"{gates.name}_first_failing": passage.first_failing,
        f"{gates.name}_first_open": passage.first_open,
        f"{gates.name}_missing": _missing(facts, asked),
    }


def by_tiering(policy: TieringPolicy, facts: Facts) -> Told:
    """Say what `frames.tiering` must say of these facts."""
    verdict = tiering.judge(facts, policy=policy)
    rungs = [tier.value for tier in verdict.possible]
    unknown = {gap.fact for gap in verdict.missing}
    return {
        "tiering": verdict.value.value if verdict.value else None,
        "tiering_low": rungs[0],
        "tiering_high": rungs[-1],
        "tiering_row": deciding(explain_table(policy.ladder.table, facts)),
        **_ends("tiering_score", verdict.score),
        **_contributions("tiering_score", policy.composite, facts),
        "tiering_problem": _answer(verdict.is_problem),
        "tiering_effective": verdict.effective.value if verdict.effective else None,
        "tiering_missing": ";".join(n for n in facts.schema.names if n in unknown),
    }


def _of_one(table: DecisionTable, facts: Facts) -> Told:
    name = table.name
    found: Told = dict.fromkeys(("", "_low", "_high", "_error"))
    row: str | None = None
    try:
        decision = look_up(table, facts)
    except (HitPolicyError, NoRowError) as error:
        found["_error"] = error.code
    else:
        possible = decision.possible
        found |= {"": decision.value, "_low": possible[0], "_high": possible[-1]}
        row = deciding(decision.why)
    told: Told = {f"{name}{ending}": value for ending, value in found.items()}
    if table.hit in {HitPolicy.FIRST, HitPolicy.PRIORITY}:
        told[f"{name}_row"] = row
    return told


def deciding(why: Reason) -> str | None:
    """Return the row that an explanation gives as the reason; None if one is open."""
    for part in why.because:
        if part.code == "row-fires":
            return str(dict(part.data)["row"])
        if part.code == "otherwise":
            return "otherwise"
        if part.code == "row-open":
            return None
    return None


def _of_all(table: DecisionTable, facts: Facts) -> Told:
    found, name = collect(table, facts), table.name
    if table.hit in {HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER}:
        certain, possible = ";".join(found.certain), ";".join(found.possible)
        return {name: certain, f"{name}_possible": possible}
    if found.total is None:
        return {f"{name}_low": None, f"{name}_high": None}
    return _ends(name, found.total)


def _ends(title: str, interval: Interval) -> Told:
    return {f"{title}_low": interval.low, f"{title}_high": interval.high}


def _contributions(title: str, card: Scorecard, facts: Facts) -> Told:
    found: Told = {}
    for part in card.contributions(facts):
        found[f"{title}_{part.criterion}_low"] = part.low + 0.0
        found[f"{title}_{part.criterion}_high"] = part.high + 0.0
    return found


def _missing(facts: Facts, asked: Iterable[str]) -> str:
    wanted = set(asked)
    return ";".join(name for name in facts.unknown if name in wanted)


def _answer(tri: Tri) -> bool | None:
    return None if tri is Tri.UNKNOWN else tri is Tri.YES


@attrs.frozen
class Difference:
    """Where the columns and the object path part."""

    engine: str
    row: int
    column: str
    got: object
    wanted: object


Ask: TypeAlias = Callable[[Any], Any]
"""Puts a question to a frame, and returns the frame with the answers."""


def told(engine: Engine, about: FactSchema, rows: Sequence[Raw], ask: Ask) -> Plain:
    """Return an engine's answer as plain rows, in the order that was given."""
    frame = engine.build(cells_of(about, rows))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", frames.MissingColumnWarning)
        answered = ask(frame)
    assert type(answered) is type(frame), (type(answered), type(frame))
    found = read(answered)
    return sorted(found, key=_place)


def _place(row: Mapping[str, object]) -> float:
    place = row[AT]
    assert isinstance(place, float)
    return place


def differences(
    engine: Engine,
    about: FactSchema,
    rows: Sequence[Raw],
    ask: Ask,
    expected: Callable[[Facts], Told],
) -> list[Difference]:
    """Compare an engine's answers with the object path's, row by row, bit by bit."""
    got = told(engine, about, rows, ask)
    assert len(got) == len(rows), (len(got), len(rows))
    found = []
    for at, (row, raw) in enumerate(zip(got, rows, strict=True)):
        wanted = expected(facts_of(about, raw))
        given = cells_of(about, [raw])
        extra = set(row) - set(wanted) - set(given)
        assert not extra, extra
        assert list(row)[: len(given)] == list(given), list(row)
        found += [
            Difference(engine.name, at, column, row.get(column), value)
            for column, value in wanted.items()
            if not _is_same(row, column, value)
        ]
    return found


def _is_same(row: Mapping[str, object], column: str, wanted: object) -> bool:
    if column not in row:  # a table that cannot err has no column for errors
        return column.endswith("_error") and wanted is None
    return _bits(row[column]) == _bits(wanted)


def _bits(value: object) -> tuple[type, object]:
    """Return a value so that 0.0 and -0.0 differ, and True and 1 do."""
    if isinstance(value, float):
        return float, struct.pack("d", value)
    return type(value), value
