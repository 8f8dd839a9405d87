"""One portfolio judged under many weights: what they do not touch is worked out once.

Marks and conditions over facts stay as they are whatever the weights; so a trial is a
fold of marks, the few conditions that ask for a score, and which outcome.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeAlias, TypeVar, cast

import attrs
import narwhals as nw

from keyaccount import rules
from keyaccount.rules import All, Condition, DecisionTable, HitPolicy, Not, asked_by

from ._columns import Columns
from ._draws import Weights
from ._engines import back
from ._facts import Frame
from ._language import Truth, negate
from ._marks import Part, fold, part
from ._portfolio import collected, state
from ._rails import Fold, Rails, all_rails, any_rails, rails
from ._sheet import Sheet


__all__ = ["Trials"]


FrameT = TypeVar("FrameT")
T = TypeVar("T")

_Judge: TypeAlias = Callable[[Mapping[str, Fold[nw.Expr]]], Rails[nw.Expr]]
_FULL = 100.0 * 100.0
_AT_ONCE = 16  # draws in one query


class Trials(Generic[FrameT]):
    """A frame's marks and truths, ready to be judged under any weights."""

    def __init__(self, table: DecisionTable, sheet: Sheet[FrameT]) -> None:
        self._table, self._sheet, self._words = table, sheet, sheet.words
        self._once: dict[str, nw.Expr] = {}
        self._marks = [self._marked(card.criteria) for card in table.scorecards]
        for card in table.scorecards:
            self._words.check_marks(card)
        scores = {card.name for card in table.scorecards}
        self._rows = [self._judge(row.when, scores) for row in table.rows]
        present = [
            Weights(tuple(criterion.weight for criterion in card.criteria))
            for card in table.scorecards
        ]
        words = self._words.over(self._words.frame.with_columns(**self._once))
        low, high = self._state(self._folds(present, words), words)
        told = {"low": low, "high": high, "reach": self._hangs_on_scores(words)}
        told = {f"__keyaccount_{name}": value for name, value in told.items()}
        first, second, reach = map(nw.col, told)
        self._present, self._reach = (first, second), reach
        self._frame = words.frame.with_columns(**told)
        self._here = self._gathered([*self._once, *told])

    # what is worked out once

    def _keep(self, value: nw.Expr) -> nw.Expr:
        name = f"__keyaccount_once_{len(self._once)}"
        self._once[name] = value
        return nw.col(name)

    def _marked(self, criteria: Sequence[rules.Criterion]) -> list[Part]:
        """Work out the marks: what each criterion adds at a weight of one."""
        found = []
        for criterion in criteria:
            own = part(criterion, self._words, weight=1.0)
            if isinstance(own.low, float):
                found.append(own)
                continue
            low = self._keep(own.low)
            high = low if own.low is own.high else self._keep(own.high)
            found.append(Part(criterion, low, high))
        return found

    def _judge(self, condition: Condition, scores: set[str]) -> _Judge:
        """Judge now what asks for no score, and leave the rest for the trials."""
        if scores.isdisjoint(asked_by(condition)):
            found = self._kept(rails(condition, self._words, {}))
            return lambda _: found
        match condition:
            case All(terms=terms) | rules.Any(terms=terms):
                join = all_rails if isinstance(condition, All) else any_rails
                free = [t for t in terms if scores.isdisjoint(asked_by(t))]
                judged = join([rails(term, self._words, {}) for term in free])
                known = [self._kept(judged)] if free else []
                rest = [self._judge(t, scores) for t in terms if t not in free]
                return lambda folds: join([*known, *(judge(folds) for judge in rest)])
            case Not(term=term):
                inner = self._judge(term, scores)
                return lambda folds: _turned(inner(folds))
            case _:
                return lambda folds: rails(condition, self._words, folds)

    def _kept(self, found: Rails[nw.Expr]) -> Rails[nw.Expr]:
        must = self._truth(found.must)
        return Rails(must, must if found.is_crisp else self._truth(found.may))

    def _truth(self, truth: Truth[nw.Expr]) -> Truth[nw.Expr]:
        return truth if isinstance(truth, bool) else self._keep(truth)

    def _hangs_on_scores(self, words: Columns) -> nw.Expr:
        """Say where some score, from 0 to 100, would give another outcome."""
        sound = {HitPolicy.FIRST, HitPolicy.PRIORITY}
        if self._table.hit not in sound or self._table.otherwise is None:
            return nw.lit(True)  # noqa: FBT003 - a literal
        whole = Fold(words.constant(0.0), words.constant(_FULL))
        folds = {card.name: whole for card in self._table.scorecards}
        low, high = self._state(folds, words)
        return low != high

    # one trial

    def _folds(
        self, weights: Sequence[Weights], words: Columns
    ) -> dict[str, Fold[nw.Expr]]:
        return {
            card.name: fold(_weighed(marks, own.of), words)
            for card, marks, own in zip(
                self._table.scorecards, self._marks, weights, strict=True
            )
        }

    def _state(
        self, folds: Mapping[str, Fold[nw.Expr]], words: Columns
    ) -> tuple[nw.Expr, nw.Expr]:
        return state(self._table, [judge(folds) for judge in self._rows], words)

    def _changed(self, weights: Sequence[Weights], words: Columns) -> nw.Expr:
        low, high = self._state(self._folds(weights, words), words)
        if low is high:
            return (low != self._present[0]) | (low != self._present[1])
        return (low != self._present[0]) | (high != self._present[1])

    # the whole portfolio

    def _gathered(self, columns: Sequence[str]) -> _Here:
        """Bring the rows that hang on the scores here, with what was worked out."""
        frame, reach = self._frame, self._reach
        if isinstance(frame, nw.LazyFrame) and not self._words.is_apart:
            rows = collected(frame.select(nw.len().alias("rows"))).item(0, 0)
            found = collected(frame.filter(reach).select(*columns))
            return _Here(int(rows), None, found)
        whole = collected(frame.select(*columns))
        within = whole.select(reach=reach)["reach"]
        return _Here(len(whole), within, whole.filter(reach))

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self._here.rows

    @property
    def in_reach(self) -> int:
        """How many rows hang on the scores."""
        return len(self._here.found)

    def run(
        self, trials: Sequence[Sequence[Weights]]
    ) -> tuple[list[int], nw.Series[Any]]:
        """Count the rows that change in each trial, and the trials that change a row.

        The latter for the rows in reach.
        """
        here = self._here.found
        often = here.select(often=self._present[0].cast(nw.Int32) * 0)["often"]
        counts: list[int] = []
        for some in _batches(trials if len(here) else (), _AT_ONCE):
            words = self._words.over(here.lazy())
            changed = {
                f"trial_{at}": self._changed(one, words) for at, one in enumerate(some)
            }
            tried = collected(words.frame.select(**changed))
            counts += (
                int(count)
                for count in tried.select(nw.all().cast(nw.Int64).sum()).row(0)
            )
            total = _added(nw.col(name).cast(nw.Int32) for name in changed)
            often += tried.select(often=total)["often"]
        return counts or [0] * len(trials), often

    def answer(
        self, title: str, trials: Sequence[Sequence[Weights]], often: nw.Series[Any]
    ) -> FrameT:
        """Return the given frame with the share of trials that change each row."""
        shares = [count / len(trials) for count in range(len(trials) + 1)]
        given, within = self._sheet.given, self._here.within
        if within is None:
            words = self._words.over(self._frame)
            told = [words.constant(share) for share in shares]
            changed = [self._changed(one, words) for one in trials]
            frame = _told(words.frame, changed, told, title)
            return back(frame.select(*self._sheet.titles, title), given)
        values = nw.new_series(
            title,
            [shares[count] for count in often.to_list()],
            nw.Float64,
            backend=often.implementation,
        )
        told_of_all = (within.cast(nw.Float64) * 0.0).scatter(within.arg_true(), values)
        whole: Any = nw.from_native(cast("Any", given), eager_only=True)
        return back(whole.with_columns(told_of_all.alias(title)), given)


@attrs.frozen
class _Here:
    """How many rows there are, which of them are in reach, and those, worked out."""

    rows: int
    within: nw.Series[Any] | None
    found: nw.DataFrame[Any]


def _told(
    frame: Frame, changed: Iterable[nw.Expr], shares: Sequence[nw.Expr], title: str
) -> Frame:
    """Add the share of trials that change a row, layer by layer, none of them deep.

    No engine divides: some have decimals of their own, and another last bit.
    """
    ones = [nw.when(one).then(nw.lit(1, nw.Int32)).otherwise(0) for one in changed]
    parts = {
        f"__keyaccount_part_{at}": _added(some)
        for at, some in enumerate(_batches(ones, _AT_ONCE))
    }
    frame = frame.with_columns(**parts)
    frame = frame.with_columns(__keyaccount_often=_added(map(nw.col, parts)))
    often = nw.col("__keyaccount_often")
    steps = {}
    for at, some in enumerate(_batches(list(enumerate(shares)), _AT_ONCE)):
        value = some[0][1]
        for count, share in some[1:]:
            value = nw.when(often == count).then(share).otherwise(value)
        steps[f"__keyaccount_step_{at}"] = value
    frame = frame.with_columns(**steps)
    names = list(steps)
    answer = nw.col(names[0])
    for at, name in enumerate(names[1:], start=1):
        answer = nw.when(often >= at * _AT_ONCE).then(nw.col(name)).otherwise(answer)
    return frame.with_columns(answer.alias(title))


def _added(numbers: Iterable[nw.Expr]) -> nw.Expr:
    return functools.reduce(operator.add, numbers)


def _batches(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _weighed(marks: Sequence[Part], weights: Sequence[int]) -> list[Part]:
    found = []
    for mark, whole in zip(marks, weights, strict=True):
        weight = float(whole)
        low = mark.low * weight
        high = low if mark.low is mark.high else mark.high * weight
        found.append(Part(mark.criterion, low, high))
    return found


def _turned(inner: Rails[nw.Expr]) -> Rails[nw.Expr]:
    must = negate(inner.may)
    return Rails(must, must if inner.is_crisp else negate(inner.must))
