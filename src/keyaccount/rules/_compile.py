"""A decision table turned into a Python function: the same answers, much faster.

This is the one place of the package that runs code it built; it is built from
syntax nodes (`_syntax`), so that no text from a file reaches the compiler.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable
from typing import TypeAlias, cast

import attrs

from ._decision import Answer, Decision, decide, look_up
from ._facts import Facts, FactValue
from ._syntax import VERBS, Written, write
from ._table import DecisionTable, Found, Hits, collect, gather, hits, judge, resolve


__all__ = ["Compiled", "compile_table", "load", "run"]


_Bits: TypeAlias = tuple[int, int, tuple[tuple[float, float], ...]]
_JudgeRow: TypeAlias = Callable[[tuple[FactValue, ...]], _Bits]


@attrs.frozen(repr=False)
class Compiled:
    """A decision table ready for speed; it answers as the table does, bit for bit.

    Of a single-hit table, `answer(facts)` gives the outcome, None while it is open,
    `possible(facts)` the possible outcomes, lowest first, and `look_up(facts)` the
    decision that explains itself; `collect(facts)` gives all that fires in a
    multi-hit table; `hits(facts)` the rows and folds behind them, `must(facts)` the
    rows that surely fire, as bits. They raise what
    `judge`, `look_up` and `collect` raise. Pickling keeps the table and compiles it
    anew.
    """

    table: DecisionTable
    answer: Callable[[Facts], str | None] = attrs.field(eq=False)
    possible: Callable[[Facts], tuple[str, ...]] = attrs.field(eq=False)
    look_up: Callable[[Facts], Decision] = attrs.field(eq=False)
    collect: Callable[[Facts], Found] = attrs.field(eq=False)
    hits: Callable[[Facts], Hits] = attrs.field(eq=False)
    must: Callable[[Facts], int] = attrs.field(eq=False)

    def __reduce__(self) -> tuple[Callable[[DecisionTable], Compiled], tuple[object]]:
        return compile_table, (self.table,)

    def __repr__(self) -> str:
        return f"<Compiled {self.table.name}: {len(self.table.rows)} rows>"


def compile_table(table: DecisionTable) -> Compiled:
    """Turn a table into functions; this takes about as long as a thousand answers."""
    return load(table, write(table))


_MOST_PATTERNS = 4096  # of rows that fire together, remembered by a compiled table


def run(module: ast.Module, namespace: dict[str, object]) -> None:
    """Run a module that this package has built from syntax nodes, for its functions.

    Never hand over nodes that were parsed from a text: what they say would be done.
    """
    code = compile(module, f"<{__name__}>", "exec")
    exec(code, namespace)  # noqa: S102 - our own syntax nodes, no text from outside


def load(table: DecisionTable, written: Written) -> Compiled:
    """Run the written module, and put the long way of answering beside it."""
    namespace = written.namespace
    run(written.module, namespace)
    long_way = _LongWay(table, cast("_JudgeRow", namespace["hits"]))
    for verb in VERBS:
        namespace[f"{verb}_anyway"] = getattr(long_way, verb)
    return Compiled(
        table,
        cast("Callable[[Facts], str | None]", namespace["answer"]),
        cast("Callable[[Facts], tuple[str, ...]]", namespace["possible"]),
        cast("Callable[[Facts], Decision]", namespace["look_up"]),
        long_way.collect,
        long_way.hits,
        long_way.must,
    )


class _LongWay:
    """Answers by both rails: where facts are unknown, or many rows count.

    Facts of another schema are left to the reference, which reads them by name.
    """

    def __init__(self, table: DecisionTable, judge_row: _JudgeRow) -> None:
        self.table = table
        self.judge_row = judge_row
        remember = functools.lru_cache(_MOST_PATTERNS)
        self.resolved = remember(functools.partial(_resolved, table))
        self.gathered = remember(functools.partial(gather, table))

    def answer(self, facts: Facts) -> str | None:
        possible = self.possible(facts)
        return possible[0] if len(possible) == 1 else None

    def possible(self, facts: Facts) -> tuple[str, ...]:
        if self._is_strange(facts):
            return judge(self.table, facts)
        must, may, _ = self.judge_row(facts.row)
        return self.resolved(must, may).possible

    def look_up(self, facts: Facts) -> Decision:
        if self._is_strange(facts):
            return look_up(self.table, facts)
        must, may, folds = self.judge_row(facts.row)
        ends = [end for fold in folds for end in fold]
        return decide((facts, self.resolved(must, may), *ends))

    def collect(self, facts: Facts) -> Found:
        if self.table.hit.is_single or self._is_strange(facts):
            return collect(self.table, facts)
        must, may, _ = self.judge_row(facts.row)
        return self.gathered(must, may)

    def hits(self, facts: Facts) -> Hits:
        if self._is_strange(facts):
            return hits(self.table, facts)
        return Hits(*self.judge_row(facts.row))

    def must(self, facts: Facts) -> int:
        if self._is_strange(facts):
            return hits(self.table, facts).must
        return self.judge_row(facts.row)[0]

    def _is_strange(self, facts: Facts) -> bool:
        about = self.table.about
        return facts.schema is not about and facts.schema != about


def _resolved(table: DecisionTable, must: int, may: int) -> Answer:
    return Answer(table, resolve(table, must, may))
