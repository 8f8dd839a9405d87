"""Rules in narwhals expressions: Polars, pandas, PyArrow, DuckDB, PySpark, others."""

from __future__ import annotations

import copy
import functools
import itertools
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

import attrs
import narwhals as nw

from keyaccount.exceptions import NotColumnarError, Problems, ScorerError
from keyaccount.rules import Criterion, FactKind, Linear, Lookup, Scorecard, Steps

from ._facts import Frame, Source
from ._language import Truth
from ._rowwise import with_marks


__all__ = ["ColumnForm", "Columns", "column", "refuse_gaps"]


ColumnForm: TypeAlias = Callable[[Any, nw.Expr], nw.Expr]
"""Takes a scorer and a fact, and gives the mark from 0 to 100 as an expression."""

_REMEDY = "pass columns={{{kind}: function}}, or rowwise=True"
_FULL = 100.0
_MOST_IN_A_BYTE = 250
_DEEP = 40  # engines follow an expression down, and some give up
_UNSIGNED = frozenset(
    {
        nw.Implementation.POLARS,
        nw.Implementation.PANDAS,
        nw.Implementation.PYARROW,
    }
)


@functools.singledispatch
def column(scorer: object, fact: nw.Expr) -> nw.Expr:
    """Write a scorer's mark as an expression over its fact, a column of float64.

    Register your own scorer's type here, or pass `columns={Type: function}`; write it
    as the scorer reckons, operation by operation, or the last bits will differ.

    Raises:
        NotColumnarError: the scorer has no column form.
    """
    del fact
    kind = type(scorer).__name__
    raise NotColumnarError(kind, kind, _REMEDY.format(kind=kind))


class Columns:
    """The words of rules over a frame: what `Language` asks for.

    `frame` grows by hidden columns as parts are kept; `complete` says which facts are
    known in every row.
    """

    def __init__(  # noqa: PLR0913 - what a caller can say, all by name
        self,
        frame: Frame,
        found: Mapping[str, Source],
        *,
        cards: Iterable[Scorecard],
        complete: bool | None,
        columns: Mapping[type, ColumnForm],
        rowwise: bool,
    ) -> None:
        self.frame = frame
        self._anchors = _anchors(cards, columns)
        self.sources = found
        self.columns = columns
        self.rowwise = rowwise
        self._numbers = itertools.count()
        self._prefix = _prefix(frame.collect_schema().names())
        self._values: dict[str, nw.Expr] = {}
        self._known: dict[str, Truth[nw.Expr]] = {}
        self._marks: dict[int, nw.Expr] = {}
        self.most_ranks = 0
        self._depth = 0
        self._given: nw.DataFrame[Any] | None = None
        if isinstance(frame, nw.DataFrame) and frame.implementation.is_polars():
            self._given = frame
        self._read(complete=complete)

    # facts

    def _read(self, *, complete: bool | None) -> None:
        """Bring every column through the door, and see which have gaps."""
        there = {name: one for name, one in self.sources.items() if one.column}
        if isinstance(self.frame, nw.LazyFrame):
            sound = set(there) if complete else set()
        else:
            sound = _without_gaps(self.frame, there)
            if complete and len(sound) < len(there):
                refuse_gaps([one for name, one in there.items() if name not in sound])
            if self._given is not None:
                self.frame = self.frame.lazy()
        kept: dict[str, nw.Expr] = {}
        for name, source in self.sources.items():
            if source.column is None:
                self._known[name] = False
                continue
            value, is_sound = source.value, name in sound
            is_number = source.fact.kind is FactKind.NUMBER
            if is_number and not is_sound and self.frame.implementation.is_polars():
                # numbers without nulls are faster there than numbers with some
                anchor, known = self._anchors.get(name, 0.0), ~source.gap
                filled = nw.when(known).then(value).otherwise(anchor)
                self._values[name] = self._hide(kept, filled)
                self._known[name] = self._hide(kept, known)
                continue
            self._values[name] = value if source.is_ready else self._hide(kept, value)
            self._known[name] = is_sound or self._hide(kept, ~source.gap)
        if kept:
            self.frame = self.frame.with_columns(**kept)

    def keep(self, values: Mapping[str, nw.Expr]) -> dict[str, nw.Expr]:
        """Work expressions out in every row, so that what follows can name them."""
        kept: dict[str, nw.Expr] = {}
        named = {title: self._hide(kept, value) for title, value in values.items()}
        if kept:
            self.frame = self.frame.with_columns(**kept)
        return named

    def _hide(self, kept: dict[str, nw.Expr], value: nw.Expr) -> nw.Expr:
        name = self._new_name()
        kept[name] = value
        return nw.col(name)

    def _new_name(self) -> str:
        return f"{self._prefix}{next(self._numbers)}"

    def over(self, frame: Frame) -> Columns:
        """Return these words over another frame, which has what they speak of."""
        other = copy.copy(self)
        other.frame = frame
        return other

    def moved(self, fact: str, column: str) -> Columns:
        """Return these words with another column of numbers for a fact.

        It is null where the fact was unknown, and only there.
        """
        other = copy.copy(self)
        moved = attrs.evolve(
            self.sources[fact], column=column, means=None, dtype=nw.Float64()
        )
        anchors = {one: at for one, at in self._anchors.items() if one != fact}
        vars(other).update(
            sources={**self.sources, fact: moved},
            _values={**self._values, fact: nw.col(column)},
            _marks={},
            _anchors=anchors,
            _given=None,  # which does not have the column
        )
        return other

    @property
    def is_apart(self) -> bool:
        """Whether the answers are worked out apart from the frame that was given.

        Polars plans best lazily, for frames whose rows are here, too; their columns
        need not go through the plan.
        """
        return self._given is not None

    def joined(self, frame: Frame) -> Frame:
        """Return the given frame with the answers beside it."""
        if self._given is None or isinstance(frame, nw.DataFrame):
            return frame
        answers = frame.collect()
        return self._given.with_columns(*answers.iter_columns())

    @property
    def gaps(self) -> nw.Expr:
        """Where any fact that has a column is unknown."""
        found = [one.gap for one in self.sources.values() if one.column is not None]
        return functools.reduce(lambda one, other: one | other, found)

    @property
    def rank_type(self) -> type[nw.UInt8 | nw.Int16]:
        """The small whole numbers that outcomes are, till they become words."""
        is_small = self.most_ranks < _MOST_IN_A_BYTE
        is_unsigned = self.frame.implementation in _UNSIGNED
        return nw.UInt8 if is_small and is_unsigned else nw.Int16

    @property
    def no_rank(self) -> nw.Expr:
        """No outcome in any row; a null by itself has no type everywhere."""
        first = nw.col(self.frame.collect_schema().names()[0]).is_null()
        return nw.when(first & ~first).then(nw.lit(0, self.rank_type))

    @property
    def has_texts(self) -> bool:
        """Whether the engine looks words up by their number."""
        return self.frame.implementation in _UNSIGNED

    # what `Language` asks for

    def known(self, fact: str) -> Truth[nw.Expr]:
        """Say where a fact is known."""
        return self._known[fact]

    def is_nothing(self, criterion: Criterion) -> bool:
        """Say whether an unknown fact is read as one that is worth nothing."""
        if (
            type(criterion.scorer) is not Linear
            or type(criterion.scorer) in self.columns
        ):
            return False
        is_anchored = self._anchors.get(criterion.fact) == criterion.scorer.low
        return is_anchored and self.frame.implementation.is_polars()

    def number(self, fact: str) -> nw.Expr:
        """Return a number."""
        return self._values[fact]

    def is_slug(self, fact: str, slug: str) -> nw.Expr:
        """Say where a choice is this one."""
        return self._values[fact] == slug

    def is_yes(self, fact: str) -> nw.Expr:
        """Say where the answer is yes."""
        return self._values[fact]

    def choose(
        self, when: nw.Expr, then: nw.Expr | float, otherwise: nw.Expr | float
    ) -> nw.Expr:
        """Choose between two numbers, row by row."""
        self._depth += 1
        if isinstance(otherwise, nw.Expr) and self._depth % _DEEP == 0:
            otherwise = self.keep({"number": otherwise})["number"]
        return nw.when(when).then(self._told(then)).otherwise(self._told(otherwise))

    def _told(self, number: nw.Expr | float) -> nw.Expr:
        return number if isinstance(number, nw.Expr) else self.constant(number)

    def constant(self, number: float) -> nw.Expr:
        """Return the same number in every row."""
        if self.frame.implementation.is_ibis():
            # it writes 33.3 down, and a database reads a decimal, not a float
            return nw.lit(repr(number)).cast(nw.Float64)
        return nw.lit(number, nw.Float64)

    def held(self, mark: nw.Expr) -> nw.Expr:
        """Hold a number between 0 and 100."""
        if self.frame.implementation.is_polars():  # three times as fast as its clip
            above = nw.max_horizontal(mark, nw.lit(0.0))
            return nw.min_horizontal(above, nw.lit(_FULL))
        return mark.clip(0.0, _FULL)

    def rank(self, at: int | None) -> nw.Expr | None:
        """Return the rank of an outcome; None is no rank."""
        return None if at is None else nw.lit(at, self.rank_type)

    def choose_rank(
        self, when: nw.Expr, then: nw.Expr | None, otherwise: nw.Expr | None
    ) -> nw.Expr | None:
        """Choose between two ranks, row by row; left out is null."""
        self._depth += 1
        if otherwise is not None and self._depth % _DEEP == 0:
            otherwise = self.keep({"rank": otherwise})["rank"]
        if then is None:
            return None if otherwise is None else nw.when(~when).then(otherwise)
        if otherwise is None:
            return nw.when(when).then(then)
        return nw.when(when).then(then).otherwise(otherwise)

    def outrank(
        self, one: nw.Expr | None, other: nw.Expr | None, *, highest: bool
    ) -> nw.Expr | None:
        """Return the higher, or the lower, of two ranks; null yields to any."""
        if one is None or other is None:
            return other if one is None else one
        if self.frame.implementation.is_dask():  # its own wants columns, no constants
            wins = one >= other if highest else one <= other
            return nw.when(other.is_null() | wins).then(one).otherwise(other)
        if highest:
            return nw.max_horizontal(one, other)
        return nw.min_horizontal(one, other)

    def form(self, criterion: Criterion) -> nw.Expr | None:
        """Return the mark that a caller's own column form gives, if there is one."""
        form = self.columns.get(type(criterion.scorer))
        if form is None:
            return None
        return form(criterion.scorer, self.number(criterion.fact))

    def strange(self, criterion: Criterion) -> nw.Expr:
        """Return the mark of a scorer that is not ours."""
        try:
            return column(criterion.scorer, self.number(criterion.fact))
        except NotColumnarError as error:
            if not self.rowwise:
                raise NotColumnarError(
                    criterion.id, error.scorer, error.remedy
                ) from None
        return self._row_by_row(criterion)

    def _row_by_row(self, criterion: Criterion) -> nw.Expr:
        """Ask a scorer that has no column form, value by value."""
        implementation = self.frame.implementation
        if isinstance(self.frame, nw.LazyFrame) and not implementation.is_polars():
            kind = type(criterion.scorer).__name__
            remedy = "collect the frame first, or pass columns={Type: function}"
            raise NotColumnarError(criterion.id, kind, remedy)

        key = id(criterion)
        if key not in self._marks:
            name = self._new_name()
            source = self.sources[criterion.fact]
            self.frame = with_marks(self.frame, self._given, criterion, source, name)
            self._marks[key] = nw.col(name)
        return self._marks[key]

    # scorecards

    def check_marks(self, card: Scorecard) -> None:
        """Hold the marks of strangers' column forms to the range, where rows are here.

        Raises:
            ScorerError: a mark that is none; it blames the scorer by its criterion.
        """
        if isinstance(self.frame, nw.LazyFrame) and self._given is None:
            return
        for criterion in card.criteria:
            is_own = type(criterion.scorer) in self.columns
            if type(criterion.scorer) in {Linear, Steps, Lookup} and not is_own:
                continue
            known = self.known(criterion.fact)
            if known is False:
                continue
            own = self.form(criterion)
            mark = self.strange(criterion) if own is None else own
            is_mark = (mark >= 0.0) & (mark <= _FULL)
            wrong = ~is_mark.fill_null(False)  # noqa: FBT003 - a literal
            if known is not True:
                wrong &= known
            fact = self.number(criterion.fact).alias("fact")
            shown = self.frame.filter(wrong).select(fact, mark.alias("mark")).head(1)
            found = shown.collect() if isinstance(shown, nw.LazyFrame) else shown
            if len(found):
                raise ScorerError(criterion.id, found.item(0, 0), found.item(0, 1))


def _prefix(taken: list[str]) -> str:
    """Return how hidden columns begin, and no column of the frame does."""
    prefix = "__keyaccount_"
    while any(name.startswith(prefix) for name in taken):
        prefix = f"_{prefix}"
    return prefix


def _anchors(
    cards: Iterable[Scorecard], columns: Mapping[type, ColumnForm]
) -> dict[str, float]:
    """Return where the slope over a fact begins: there it is worth nothing."""
    found: dict[str, float] = {}
    for card in cards:
        for criterion in card.criteria:
            scorer = criterion.scorer
            if type(scorer) is Linear and Linear not in columns:
                found.setdefault(criterion.fact, float(scorer.low))
    return found


def _without_gaps(frame: nw.DataFrame[Any], there: Mapping[str, Source]) -> set[str]:
    """Return the facts that every row tells."""
    if not there:
        return set()
    asked = (source.gap.any().alias(name) for name, source in there.items())
    gaps = frame.select(*asked).row(0)
    return {name for name, has_gap in zip(there, gaps, strict=True) if not has_gap}


def refuse_gaps(open_: list[Source]) -> None:
    """Refuse columns with gaps, where somebody said that nothing is unknown.

    Raises:
        InvalidValueError: that is what it does; it names every column.
    """
    problems = Problems()
    for source in open_:
        wanted = "no unknown value; leave complete= out, and the bounds allow for it"
        problems.add(f"columns[{source.column!r}]", "missing", expected=wanted)
    problems.check("frame")
