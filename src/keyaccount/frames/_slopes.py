"""Marks beside marks, outcomes before and after a step: does any go the wrong way?"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Literal

import attrs
import narwhals as nw

from keyaccount.rules import Criterion, DecisionTable, Fact, FactKind

from ._columns import Columns
from ._facts import Frame
from ._language import Truth, both
from ._marks import part
from ._portfolio import collected, folds_of, refuses, state
from ._rails import rails


__all__ = [
    "Drop",
    "FactCheck",
    "Fall",
    "MarkCheck",
    "Stride",
    "neighbours",
    "steps_on",
]


@attrs.frozen
class Drop:
    """Two neighbouring facts of which the greater one has the mark that is worse."""

    fact: float
    mark: float
    next_fact: float
    next_mark: float


@attrs.frozen
class MarkCheck:
    """Whether a criterion's marks go the way that it declares, on the facts at hand.

    `known` rows tell the fact; `wrong` neighbours, when sorted by it, go the other way.
    """

    card: str
    criterion: str
    fact: str
    better: str
    known: int
    wrong: int
    first: tuple[Drop, ...] = ()


@attrs.frozen
class Fall:
    """A row whose outcome falls as one of its facts gets better.

    `before` and `after` are the lowest and the highest outcome that is possible; `key`
    says which row it is, where a key column was named.
    """

    key: object
    fact: float
    better: float
    before: tuple[str, str]
    after: tuple[str, str]


@attrs.frozen
class FactCheck:
    """Whether any row's outcome falls as this fact, by itself, gets better.

    `moved` rows tell the fact and have another number after the step; `fell` of them
    have a lower outcome then.
    """

    fact: str
    way: Literal["up", "down"]
    moved: int
    fell: int
    first: tuple[Fall, ...] = ()


@attrs.frozen
class Stride:
    """How much better a fact is made: a share of itself, or its own measure."""

    share: float
    own: Mapping[str, float]

    def step(
        self, fact: Fact, value: nw.Expr, way: Literal["up", "down"], words: Columns
    ) -> nw.Expr:
        """Write the fact a step better; within its range, and never worse.

        A share of infinity is no step: such a fact stays as it is.
        """
        if fact.name in self.own:
            size = words.constant(float(self.own[fact.name]))
        else:
            nothing, most = words.constant(0.0), words.constant(sys.float_info.max)
            far = words.choose(value >= 0.0, value, value * -1.0)
            far = words.choose(far <= most, far, nothing)
            size = far * words.constant(float(self.share))
        if way == "up":
            moved = value + size
            if fact.high is not None:
                high = words.constant(float(fact.high))
                end = words.choose(value > high, value, high)
                moved = words.choose(moved > high, end, moved)
            return moved
        moved = value - size
        if fact.low is not None:
            low = words.constant(float(fact.low))
            end = words.choose(value < low, value, low)
            moved = words.choose(moved < low, end, moved)
        return moved


def neighbours(
    card: str, criterion: Criterion, words: Columns, first: int
) -> MarkCheck:
    """Compare every mark with the one before it, when sorted by the fact."""
    fact, better, known = criterion.fact, criterion.better, words.known(criterion.fact)
    if known is False:
        return MarkCheck(card, criterion.id, fact, better, known=0, wrong=0)
    mark = part(criterion, words, weight=1.0).low
    frame = words.frame if known is True else words.frame.filter(known)
    pairs = frame.select(fact=words.number(fact), mark=mark)
    pairs = pairs.with_columns(
        **{
            f"{name}_before": nw.col(name).shift(1).over(order_by="fact")
            for name in ("fact", "mark")
        }
    )
    now, before = nw.col("mark"), nw.col("mark_before")
    is_wrong = now < before if better == "higher" else now > before
    pairs = pairs.with_columns(wrong=is_wrong.fill_null(False))  # noqa: FBT003
    wrong = nw.col("wrong")
    counts = collected(pairs.select(nw.len(), wrong.cast(nw.Int64).sum())).row(0)
    count, many = (int(number or 0) for number in counts)
    drops: tuple[Drop, ...] = ()
    if many:
        shown = pairs.filter(wrong).sort("fact").head(first)
        told = collected(shown.select("fact_before", "mark_before", "fact", "mark"))
        drops = tuple(Drop(*(float(one) + 0.0 for one in row)) for row in told.rows())
    return MarkCheck(card, criterion.id, fact, better, count, many, drops)


def steps_on(
    table: DecisionTable, words: Columns, stride: Stride, key: str | None, first: int
) -> tuple[FactCheck, ...]:
    """Make each number that can be moved a step better, and judge again."""
    before = _judged(table, words)
    steps = []
    for fact in _movable(table, words):
        way = _way(table, fact.name)
        value = words.number(fact.name)
        column = f"__keyaccount_better_{fact.name}"
        better = stride.step(fact, value, way, words)
        known = words.known(fact.name)
        if known is not True:
            better = nw.when(_expr(known)).then(better)
        words.frame = words.frame.with_columns(**{column: better})
        other = words.moved(fact.name, column)
        after = _judged(table, other)
        words.frame = other.frame
        steps.append(_Step(table, fact.name, way, value, nw.col(column), before, after))
    if not steps:
        return ()
    asked = {}
    for at, step in enumerate(steps):
        known = words.known(step.fact)
        moved = (step.better != step.value).fill_null(False)  # noqa: FBT003
        asked[f"moved_{at}"] = _expr(both((known, moved)))
        asked[f"fell_{at}"] = _expr(both((known, step.fell)))
    frame = words.frame.with_columns(**asked)
    sums = (nw.col(name).cast(nw.Int64).sum() for name in asked)
    counts = collected(frame.select(*sums)).row(0)
    found = []
    for at, step in enumerate(steps):
        count, fell = (int(one or 0) for one in counts[2 * at : 2 * at + 2])
        rows = frame.filter(nw.col(f"fell_{at}")) if fell else None
        falls = () if rows is None else _falls(table, rows, step, key, first)
        found.append(FactCheck(step.fact, step.way, count, fell, falls))
    return tuple(found)


@attrs.frozen
class _Step:
    table: DecisionTable
    fact: str
    way: Literal["up", "down"]
    value: nw.Expr
    better: nw.Expr
    before: tuple[nw.Expr, nw.Expr]
    after: tuple[nw.Expr, nw.Expr]

    @property
    def fell(self) -> nw.Expr:
        """Where an end of what is possible is lower after the step."""
        (low, high), (low_after, high_after) = self.before, self.after
        falls = (low_after < low) | (high_after < high)
        is_refused = refuses(self.table, low) | refuses(self.table, low_after)
        return falls & ~is_refused


def _judged(table: DecisionTable, words: Columns) -> tuple[nw.Expr, nw.Expr]:
    folds = folds_of(table, words)
    low, high = state(
        table, [rails(row.when, words, folds) for row in table.rows], words
    )
    kept = words.keep({"low": low, "high": high})
    return kept["low"], kept["high"]


def _movable(table: DecisionTable, words: Columns) -> list[Fact]:
    return [
        fact
        for fact in table.about
        if fact.name in table.asks
        and fact.movable
        and fact.kind is FactKind.NUMBER
        and words.known(fact.name) is not False
    ]


def _way(table: DecisionTable, fact: str) -> Literal["up", "down"]:
    """Say which way is better: down where every criterion on the fact says lower."""
    declared = {
        criterion.better
        for card in table.scorecards
        for criterion in card.criteria
        if criterion.fact == fact
    }
    return "down" if declared == {"lower"} else "up"


def _falls(
    table: DecisionTable, rows: Frame, step: _Step, key: str | None, first: int
) -> tuple[Fall, ...]:
    """Show the rows that fall, those of the least facts."""
    shown = {
        "fact": step.value,
        "better": step.better,
        "low": step.before[0],
        "high": step.before[1],
        "low_after": step.after[0],
        "high_after": step.after[1],
    }
    if key is not None:
        shown["key"] = nw.col(key)
    in_order = ("fact",) if key is None else ("fact", "key")
    found = collected(rows.select(**shown).sort(*in_order).head(first)).rows(named=True)
    slugs = table.outcomes
    return tuple(
        Fall(
            row.get("key"),
            row["fact"],
            row["better"],
            (slugs[int(row["low"])], slugs[int(row["high"])]),
            (slugs[int(row["low_after"])], slugs[int(row["high_after"])]),
        )
        for row in found
    )


def _expr(truth: Truth[nw.Expr]) -> nw.Expr:
    return nw.lit(truth) if isinstance(truth, bool) else truth
