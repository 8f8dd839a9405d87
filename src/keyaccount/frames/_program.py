"""A rule written as one loop over rows: what goes in, what is told of every row."""

from __future__ import annotations

import ast
import functools
from collections.abc import Mapping
from typing import TypeAlias, cast

import attrs

from keyaccount.rules import (
    Condition,
    DecisionTable,
    FactKind,
    FactSchema,
    HitPolicy,
    Linear,
    Lookup,
    Scorecard,
    Steps,
    asked_by,
)

from ._language import Truth, either
from ._loop import Code, Loop, Number
from ._marks import fold, parts
from ._rails import Fold, Rails, any_rails, rails
from ._ranks import can_err, fired, ranks


__all__ = ["Plan", "Written", "has_loop", "write"]


@attrs.frozen
class Plan:
    """What a loop is to answer: of scorecards, of a single-hit table, of triggers.

    `absent` facts are unknown in every row; with `has_nulls` numbers come with the
    places where they are null.
    """

    about: FactSchema
    cards: tuple[Scorecard, ...]
    table: DecisionTable | None = None
    triggers: tuple[Condition, ...] | None = None
    want: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    has_nulls: bool = False

    @property
    def asks(self) -> tuple[str, ...]:
        """The facts that are asked for, as declared in order."""
        found = {one.fact for card in self.cards for one in card.criteria}
        found.update(self.table.asks if self.table is not None else ())
        for trigger in self.triggers or ():
            found.update(asked_by(trigger))
        return tuple(name for name in self.about.names if name in found)


@attrs.frozen
class Written:
    """A loop in syntax nodes: its arrays in order, with the type of each."""

    module: ast.Module
    given: Mapping[str, str]
    told: Mapping[str, str]
    lines: int


@functools.lru_cache(256)
def has_loop(plan: Plan) -> bool:
    """Whether all of a plan can be written as a loop that compiles in a few seconds."""
    if plan.table is not None and not plan.table.hit.is_single:
        return False
    scorers = {type(one.scorer) for card in plan.cards for one in card.criteria}
    if not scorers <= {Linear, Steps, Lookup} or len(plan.asks) > _MOST_FACTS:
        return False
    return write(plan).lines <= _MOST_LINES


_MOST_FACTS = 63  # one bit each, for the unknown ones
_MOST_LINES = 2_000  # as many compile in a few seconds; more are left to the columns


def write(plan: Plan) -> Written:
    """Write the loop of a plan."""
    writer = _Writer(plan)
    folds = {
        card.name: fold(parts(card, writer.loop), writer.loop) for card in plan.cards
    }
    if plan.table is not None:
        writer.decide(plan.table, folds)
    if plan.table is None or "score" in plan.want:
        writer.score(folds)
    if "missing" in plan.want:
        writer.missing()
    return writer.written()


_Folds: TypeAlias = dict[str, Fold[Code]]


class _Writer:
    """Writes what is told of every row, and remembers its type."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.loop = Loop(plan.about, absent=plan.absent, has_nulls=plan.has_nulls)
        self._told: dict[str, str] = {}

    def _tell(self, title: str, value: Number, kind: str) -> None:
        self._told[title] = kind
        self.loop.lines.put(title, value)

    def decide(self, table: DecisionTable, folds: _Folds) -> None:
        """Tell the outcome and its bounds, and what a table can tell beside them."""
        loop, want = self.loop, self.plan.want
        rows = [rails(row.when, loop, folds) for row in table.rows]
        found = ranks(table, rows, loop)
        wrong = either((found.clash, found.none))
        low = self._pick(wrong, loop.rank(None), cast("Code", found.low))
        high = self._pick(wrong, loop.rank(None), cast("Code", found.high))
        kind = _whole(len(table.outcomes))
        value = low
        if low is not high:
            value = self._pick(low == high, low, loop.rank(None))
        self._tell("value", value, kind)
        if "bounds" in want:
            self._tell("low", low, kind)
            self._tell("high", high, kind)
        if can_err(table):
            none = self._pick(found.none, loop.rank(1), loop.rank(None))
            self._tell("error", self._pick(found.clash, loop.rank(0), none), "int8")
        if "row" in want and table.hit in {HitPolicy.FIRST, HitPolicy.PRIORITY}:
            place = cast("Code", fired(table, rows, loop))
            self._tell("row", place, _whole(len(rows)))
        if self.plan.triggers is not None:
            self._problem(self.plan.triggers, value, len(table.outcomes))

    def _problem(self, triggers: tuple[Condition, ...], value: Code, rank: int) -> None:
        """Tell whether a trigger holds, and what then counts instead."""
        judged = [rails(trigger, self.loop, {}) for trigger in triggers]
        found: Rails[Code] = any_rails(judged)
        yes, no, perhaps = (self.loop.rank(at) for at in (1, 0, None))
        is_problem = self._pick(found.may, perhaps, no)
        self._tell("problem", self._pick(found.must, yes, is_problem), "int8")
        effective = self._pick(found.must, self.loop.rank(rank), value)
        self._tell("effective", effective, _whole(rank))

    def _pick(self, when: Truth[Code], then: Code, otherwise: Code) -> Code:
        if isinstance(when, bool):
            return then if when else otherwise
        return self.loop.choose(when, then, otherwise)

    def score(self, folds: _Folds) -> None:
        """Tell the scores, as bounds."""
        for at, added in enumerate(folds.values()):
            self._tell(f"low{at}", added.low * 0.01, "float64")
            self._tell(f"high{at}", added.high * 0.01, "float64")

    def missing(self) -> None:
        """Tell which facts are unknown: one bit each, the first the lowest."""
        told = self.loop.constant(0)
        for at, name in enumerate(self.plan.asks):
            known, bit = self.loop.known(name), self.loop.constant(1 << at)
            told = told + self._pick(known, self.loop.constant(0), bit)
        kind = next(kind for kind, most in _BITS if len(self.plan.asks) <= most)
        self._tell("missing", told, kind)

    def written(self) -> Written:
        """Return the loop over rows, with all that it tells."""
        about, given = self.plan.about, dict[str, str]()
        for name in self.plan.asks:
            if name in self.plan.absent:
                continue
            is_number = about[name].kind is FactKind.NUMBER
            place = about.positions[name]
            given[f"f{place}"] = "float64" if is_number else "int8"
            if is_number and self.plan.has_nulls:
                given[f"k{place}"] = "uint8"
        names = [ast.arg(title) for title in ("rows", *given, *self._told)]
        arguments = ast.arguments([], names, None, [], [], None, [])
        places = ast.Call(_name("range"), [_name("rows")], [])
        target = ast.Name("at", ast.Store())
        body: list[ast.stmt] = [ast.For(target, places, self.loop.lines.body, [])]
        function = ast.FunctionDef("loop", arguments, body, [])
        module = ast.fix_missing_locations(ast.Module([function], []))
        return Written(module, given, self._told, len(self.loop.lines))


_BITS = (("int16", 15), ("int32", 31), ("int64", 63))


def _whole(most: int) -> str:
    """Return the least type that holds ranks up to this one, and −1."""
    return "int8" if most < 1 << 7 else "int16"


def _name(title: str) -> ast.expr:
    return ast.Name(title, ast.Load())
