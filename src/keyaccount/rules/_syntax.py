"""A decision table written as Python code, node by node, for `_compile` to run.

No text of a policy file becomes a name or a piece of source: facts are called by
their place (`f3`), scorecards too (`s0`), numbers and slugs are constants, and
whatever else is needed is handed over in the namespace.

Four functions are written. `hits(row)` judges every row on two rails. `answer`,
`possible` and `look_up` take the short way: row after row, as one would write it by
hand; where a fact that a row asks for is unknown they go the long way, by `hits`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple, TypeAlias

from keyaccount.tri import Tri

from ._conditions import Between, Compare, Known, OneOf, Yes
from ._decision import Answer, Decision, set_found
from ._expressions import Places, asked, one_rail, two_rails
from ._marks import Add, is_ours, write_mark
from ._nodes import (
    add_to,
    assign,
    call,
    constant,
    do,
    function,
    give,
    if_,
    is_,
    item,
    name,
    not_,
    part_of,
    raise_bit,
    same,
    tuple_,
)
from ._scorecard import Criterion, Scorecard
from ._scorers import mark_of
from ._table import DecisionTable, HitPolicy


__all__ = ["VERBS", "Written", "write"]


class Written(NamedTuple):
    """A module of code, and what its code finds under the names it uses."""

    module: ast.Module
    namespace: dict[str, object]


def write(table: DecisionTable) -> Written:
    """Write the functions `hits`, `answer`, `possible` and `look_up` of one table."""
    writer = _Writer(table)
    short_ways = [writer.short_way(verb) for verb in VERBS]
    functions: list[ast.stmt] = [writer.hits(), *short_ways]
    return Written(ast.Module(functions, []), writer.namespace)


Verb: TypeAlias = Literal["answer", "possible", "look_up"]
VERBS: tuple[Verb, ...] = ("answer", "possible", "look_up")

_INF = float("inf")
_FULL = 100.0


class _Writer:
    """Writes the functions, and hands over what they need in the namespace."""

    def __init__(self, table: DecisionTable) -> None:
        self.table = table
        self.places = Places(table)
        self.namespace: dict[str, object] = {
            "__builtins__": {},
            "schema": table.about,
            "yes": Tri.YES,
            "mark_of": mark_of,
            "Decision": Decision,
            "set_found": set_found,
        }
        for at, outcome in enumerate(table.outcomes):
            self.namespace[f"answer{at}"] = Answer(table, (outcome,))

    # the long way: every row, on two rails

    def hits(self) -> ast.FunctionDef:
        """Write the function that judges every row, whatever is known."""
        rows, cards = self.table.rows, self.table.scorecards
        names = {criterion.fact for card in cards for criterion in card.criteria}
        names |= {name for row in rows for name in asked(row.when)}
        facts = [fact for fact in self.table.about.names if fact in names]
        numbers = {name for row in rows for name in asked(row.when, Compare, Between)}
        body = [self._fetch(fact) for fact in facts]
        body += [self._spread(fact) for fact in facts if fact in numbers]
        for card in cards:
            body += self._bounds(card)
        body += [assign("must", constant(0)), assign("may", constant(0))]
        for at, row in enumerate(rows):
            must, may = two_rails(row.when, self.places)
            surely = [raise_bit("must", at), raise_bit("may", at)]
            body.append(if_(must, surely, [if_(may, [raise_bit("may", at)])]))
        folds = [
            tuple_(name(f"low_{fold}"), name(f"high_{fold}"))
            for fold in (self.places.of(card.name) for card in cards)
        ]
        body.append(give(tuple_(name("must"), name("may"), tuple_(*folds))))
        return function("hits", "row", body)

    def _spread(self, fact: str) -> ast.stmt:
        place = self.places.of(fact)
        low, high = f"low_{place}", f"high_{place}"
        return if_(
            is_(place, None),
            [assign(low, constant(-_INF)), assign(high, constant(_INF))],
            [assign(low, name(place)), assign(high, name(place))],
        )

    def _bounds(self, card: Scorecard) -> Iterator[ast.stmt]:
        fold = self.places.of(card.name)
        low, high = f"low_{fold}", f"high_{fold}"

        def add(part: ast.expr) -> list[ast.stmt]:
            weighed = assign("part", part)
            return [weighed, add_to(low, name("part")), add_to(high, name("part"))]

        yield from (assign(low, constant(0.0)), assign(high, constant(0.0)))
        for criterion in card.criteria:
            most = add_to(high, constant(criterion.weight * _FULL))
            known = self._mark(criterion, add)
            yield if_(is_(self.places.of(criterion.fact), None), [most], known)

    # the short way: all that a row asks for is known

    def short_way(self, verb: Verb) -> ast.FunctionDef:
        """Write the function that goes row by row, until one fires."""
        stranger = not_(same(part_of("facts", "schema"), name("schema")))
        body = [if_(stranger, [_long_way(verb)])]
        if self.table.hit in {HitPolicy.FIRST, HitPolicy.PRIORITY}:
            body += [assign("row", part_of("facts", "row")), *self._rows(verb)]
        else:
            body.append(_long_way(verb))
        return function(verb, "facts", body)

    def _rows(self, verb: Verb) -> Iterator[ast.stmt]:
        known: set[str] = set()
        waiting = list(self.table.scorecards)
        for card in self.table.scorecards:
            # a strange scorer may be to blame, whichever row would decide
            if verb == "look_up" or not all(is_ours(c.scorer) for c in card.criteria):
                waiting.remove(card)
                yield from self._fold(card, known, verb)
        for at in self.table.in_order:
            row = self.table.rows[at]
            names = list(asked(row.when, Compare, Between, OneOf, Yes))
            for card in [card for card in waiting if card.name in names]:
                waiting.remove(card)
                yield from self._fold(card, known, verb)
            facts = [name for name in names if name in self.table.about]
            yield from self._learn(facts, known, verb)
            for fact in asked(row.when, Known):
                yield self._fetch(fact)
            when = one_rail(row.when, self.places)
            yield if_(when, self._answer(verb, row.then))
        if self.table.otherwise is None:
            yield _long_way(verb)
        else:
            yield from self._answer(verb, self.table.otherwise)

    def _learn(
        self, facts: Iterable[str], known: set[str], verb: Verb
    ) -> Iterator[ast.stmt]:
        for fact in facts:
            if fact not in known:
                known.add(fact)
                yield self._fetch(fact)
                yield if_(is_(self.places.of(fact), None), [_long_way(verb)])

    def _fold(self, card: Scorecard, known: set[str], verb: Verb) -> Iterator[ast.stmt]:
        fold = self.places.of(card.name)
        yield from self._learn((c.fact for c in card.criteria), known, verb)
        yield assign(fold, constant(0.0))
        for criterion in card.criteria:
            yield from self._mark(criterion, lambda part: [add_to(fold, part)])

    def _answer(self, verb: Verb, outcome: str) -> list[ast.stmt]:
        if verb == "possible":
            return [give(tuple_(constant(outcome)))]
        if verb == "answer":
            return [give(constant(outcome))]
        at = self.table.outcomes.index(outcome)
        folds = [name(self.places.of(card.name)) for card in self.table.scorecards]
        ends = [end for fold in folds for end in (fold, fold)]
        found = tuple_(name("facts"), name(f"answer{at}"), *ends)
        return [
            assign("decision", call("Decision")),
            do(call("set_found", name("decision"), found)),
            give(name("decision")),
        ]

    # both ways: facts and marks

    def _fetch(self, fact: str) -> ast.stmt:
        position = self.table.about.positions[fact]
        return assign(self.places.of(fact), item("row", constant(position)))

    def _mark(self, criterion: Criterion, add: Add) -> list[ast.stmt]:
        place = self.places.of(criterion.fact)
        return write_mark(criterion, place, add, self._hand_over)

    def _hand_over(self, value: object) -> str:
        title = f"given{len(self.namespace)}"
        self.namespace[title] = value
        return title


def _long_way(verb: Verb) -> ast.stmt:
    return give(call(f"{verb}_anyway", name("facts")))
