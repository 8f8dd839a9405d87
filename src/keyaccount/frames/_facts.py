"""The door from columns to facts: which column, of which type, and what is unknown.

A column that is not there is a fact that nobody knows, and a warning says so; a
column of the wrong type is refused by its name. Numbers become float64, NaN and null
are unknown, an infinity is ordered as usual. A yes-no is Boolean; a choice is text
among the declared slugs.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import attrs
import narwhals as nw

from keyaccount.exceptions import Problems, UnknownFactError, closest
from keyaccount.rules import Fact, FactKind, FactSchema


__all__ = ["Answers", "Frame", "MissingColumnWarning", "Names", "Source", "sources"]


Frame: TypeAlias = nw.DataFrame[Any] | nw.LazyFrame[Any]
"""A frame as narwhals has it."""


class MissingColumnWarning(UserWarning):
    """A rule asks for facts of which the frame has no column: they are unknown."""


@attrs.frozen
class Answers:
    """A column whose values mean facts: `Answers("blocked", {"Y": True, "N": False})`.

    A value that is not listed is refused, as a slug is that nobody declared.
    """

    column: str
    means: Mapping[object, bool | str] = attrs.field(hash=False)


Names: TypeAlias = Mapping[str, str | Answers]
"""Which column holds a fact, where it is not called like the fact."""


@attrs.frozen
class Source:
    """Where a fact comes from, and how it reads; None is nowhere.

    `is_blank` says that the column is there and holds nothing, of whatever type;
    `is_wide` that it holds numbers which not every engine turns into the nearest float.
    """

    fact: Fact
    column: str | None
    means: Mapping[object, bool | str] | None = None
    dtype: nw.dtypes.DType | None = None
    is_blank: bool = False
    is_wide: bool = False

    @property
    def value(self) -> nw.Expr:
        """The fact's value; what is unknown may be null or NaN."""
        value = nw.col(str(self.column))
        if self.means is not None:
            return _meant(value, self.means)
        if self.fact.kind is FactKind.NUMBER:
            if self.dtype == nw.Float64:
                return value
            # text is read as the nearest float everywhere, as Python reads it
            written = value.cast(nw.String) if self.is_wide else value
            return written.cast(nw.Float64)
        if self.fact.kind is FactKind.CHOICE and self.dtype != nw.String:
            return value.cast(nw.String)
        if self.dtype == nw.Object:  # pandas' True, False, None
            return value.fill_null(False).cast(nw.Boolean)  # noqa: FBT003 - a literal
        return value

    @property
    def is_ready(self) -> bool:
        """Whether the column can be used as it stands."""
        if self.means is not None:
            return False
        if self.fact.kind is FactKind.NUMBER:
            return self.dtype == nw.Float64
        return self.dtype in {nw.Boolean, nw.String}

    @property
    def gap(self) -> nw.Expr:
        """Where nobody knows."""
        if self.means is not None:
            return ~_one_of(nw.col(str(self.column)), self.means)
        value = nw.col(str(self.column))
        is_float = self.dtype is not None and self.dtype.is_float()
        return value.is_null() | value.is_nan() if is_float else value.is_null()


def _meant(value: nw.Expr, means: Mapping[object, bool | str]) -> nw.Expr:
    meant: nw.Expr | None = None
    for raw, fact in means.items():
        when = nw.when(value == raw).then(nw.lit(fact))
        meant = when if meant is None else when.otherwise(meant)
    return nw.lit(None) if meant is None else meant


def _one_of(value: nw.Expr, means: Iterable[object]) -> nw.Expr:
    found = nw.lit(False)  # noqa: FBT003 - a literal
    for raw in means:
        found |= (value == raw).fill_null(False)  # noqa: FBT003 - a literal
    return found


def sources(
    frame: Frame,
    about: FactSchema,
    asked: Iterable[str],
    names: Names,
    *,
    values: bool = True,
) -> dict[str, Source]:
    """Find the column of every fact that is asked for.

    *values* says whether to refuse values that are not listed; whoever reads every
    value does so himself.

    Raises:
        UnknownFactError: *names* speaks of a fact that is not declared.
        InvalidValueError: a mapped column that is not there, a column of the wrong
            type, a value that is not listed, or no column at all for any fact; all
            of them at once.
    """
    for name in names:
        if name not in about:
            raise UnknownFactError(name, about.names)
    schema, problems = frame.collect_schema(), Problems()
    found = {
        name: _source(about[name], names.get(name, name), frame, schema, problems)
        for name in asked
    }
    for name in names:  # what no rule asks for must be there all the same
        if name not in found:
            _source(about[name], names[name], frame, schema, problems)
    missing = [
        name
        for name, source in found.items()
        if source.column is None and not source.is_blank
    ]
    if found and len(missing) == len(found) and not problems:
        offered = f"one of {', '.join(found)}, or names={{fact: column}}"
        problems.add("columns", "missing", expected=offered)
    problems.check("frame")
    if values:
        _check_values(frame, found, problems)
    problems.check("frame")
    if missing:
        used = {source.column for source in found.values()}
        _warn(missing, [name for name in schema.names() if name not in used])
    return found


def _warn(missing: list[str], columns: list[str]) -> None:
    hints = (
        f"{name} (near: {near})" if (near := closest(name, columns)) else name
        for name in missing
    )
    message = f"no column, so unknown in every row: {', '.join(hints)}"
    warnings.warn(message, MissingColumnWarning, stacklevel=5)


def _source(
    fact: Fact,
    told: str | Answers,
    frame: Frame,
    schema: nw.Schema,
    problems: Problems,
) -> Source:
    column = told.column if isinstance(told, Answers) else told
    dtype = schema.get(column)
    if dtype is None:
        if isinstance(told, Answers) or column != fact.name:
            path = f"names[{fact.name!r}]"
            problems.add(path, "missing", column, "a column of the frame")
        return Source(fact, None)
    if isinstance(told, Answers):
        _check_meaning(fact, told, problems)
        return Source(fact, column, told.means, dtype)
    if not _fits(fact, dtype):
        if _is_blank(frame, column, dtype):
            return Source(fact, None, is_blank=True)
        if fact.kind is FactKind.YES_NO and _holds_booleans(frame, column, dtype):
            return Source(fact, column, None, dtype)
        problems.add(f"columns[{column!r}]", "wrong-type", str(dtype), _wanted(fact))
    is_wide = fact.kind is FactKind.NUMBER and _is_wide(frame, column, dtype)
    return Source(fact, column, None, dtype, is_wide=is_wide)


_EXACT = 2**53  # up to here every whole number is a float, and no engine has doubts


def _is_wide(frame: Frame, column: str, dtype: nw.dtypes.DType) -> bool:
    if isinstance(dtype, nw.Decimal | nw.Int128 | nw.UInt128):
        return True
    if not isinstance(dtype, nw.Int64 | nw.UInt64):
        return False
    if isinstance(frame, nw.LazyFrame):
        return frame.implementation.is_dask()  # whose columns are Arrow's
    if frame.implementation.is_polars():
        return False
    values = frame[column].drop_nulls()  # Arrow refuses what is no float exactly
    return len(values) > 0 and max(values.max(), -values.min()) > _EXACT


def _fits(fact: Fact, dtype: nw.dtypes.DType) -> bool:
    if fact.kind is FactKind.NUMBER:
        return dtype.is_numeric()
    if fact.kind is FactKind.CHOICE:
        return isinstance(dtype, nw.String | nw.Categorical | nw.Enum)
    return dtype == nw.Boolean


def _is_blank(frame: Frame, column: str, dtype: nw.dtypes.DType) -> bool:
    """Whether a column has no type because nobody has told a single value."""
    if isinstance(frame, nw.LazyFrame):
        return dtype == nw.Unknown
    return bool(frame[column].is_null().all())


def _holds_booleans(frame: Frame, column: str, dtype: nw.dtypes.DType) -> bool:
    """Whether it is a column of objects that are True, False or nothing."""
    if isinstance(frame, nw.LazyFrame) or dtype != nw.Object:
        return False
    return all(isinstance(one, bool) for one in frame[column].drop_nulls().to_list())


def _wanted(fact: Fact) -> str:
    if fact.kind is FactKind.NUMBER:
        return "a number column; cast text first"
    if fact.kind is FactKind.CHOICE:
        return f"text, one of {', '.join(fact.choices)}; or names with Answers"
    return 'Boolean; else names={fact: Answers(column, {"Y": True, "N": False})}'


def _check_meaning(fact: Fact, told: Answers, problems: Problems) -> None:
    path = f"names[{fact.name!r}]"
    if fact.kind is FactKind.NUMBER:
        problems.add(path, "wrong-type", told.column, "a column of numbers, no Answers")
    for raw, meant in told.means.items():
        if fact.kind is FactKind.YES_NO and not isinstance(meant, bool):
            problems.add(f"{path}[{raw!r}]", "wrong-type", meant, "True or False")
        if fact.kind is FactKind.CHOICE and meant not in fact.choices:
            offered = f"one of {', '.join(fact.choices)}"
            problems.add(f"{path}[{raw!r}]", "unknown-choice", meant, offered)


def _check_values(
    frame: Frame, found: Mapping[str, Source], problems: Problems
) -> None:
    """Refuse the first value of a column that is none of the listed ones."""
    strange = {
        source.column: _is_strange(source)
        for source in found.values()
        if source.column is not None
        and (source.means is not None or source.fact.kind is FactKind.CHOICE)
    }
    for source in found.values():
        if source.column not in strange:
            continue
        rows = frame.filter(strange[source.column]).select(source.column).head(1)
        if isinstance(rows, nw.LazyFrame):
            rows = rows.collect()
        if len(rows):
            got, listed = rows.item(0, 0), source.means or source.fact.choices
            offered = f"one of {', '.join(map(str, listed))}"
            path = f"columns[{source.column!r}]{_row_of(frame, source.column, got)}"
            problems.add(path, "unknown-choice", got, offered)


def _is_strange(source: Source) -> nw.Expr:
    value = nw.col(str(source.column))
    if source.means is not None:
        return ~value.is_null() & ~_one_of(value, source.means)
    return ~value.is_null() & ~_one_of(source.value, source.fact.choices)


def _row_of(frame: Frame, column: str, value: object) -> str:
    """Return the row of a value, where rows have an order."""
    if isinstance(frame, nw.LazyFrame):
        return ""
    return f"[{frame[column].to_list().index(value)}]"
