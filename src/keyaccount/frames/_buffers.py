"""Columns as plain arrays: facts for a loop on the way in, answers on the way out.

Nothing is copied that need not be: numbers are read where Arrow, Polars or pandas
keep them, with their places of null beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

import attrs
import narwhals as nw
import numpy as np

from keyaccount.rules import FactKind

from ._facts import Source


__all__ = ["Array", "Column", "Given", "beside", "taken"]


FrameT = TypeVar("FrameT")
Array = np.ndarray[Any, np.dtype[Any]]


@attrs.frozen(eq=False)
class Given:
    """A fact of every row; for numbers, where they are not null, if any is."""

    array: Array
    there: Array | None = None


@attrs.frozen(eq=False)
class Column:
    """An answer for every row; with *words* it is their place, and −1 is null.

    Words are text, or True and False; *is_ladder* says that their order means
    something.
    """

    array: Array
    words: tuple[str, ...] | tuple[bool, ...] | None = None
    is_ladder: bool = True


# on the way in


def taken(frame: nw.DataFrame[Any], found: Mapping[str, Source]) -> dict[str, Given]:
    """Take the facts out of a frame."""
    there = {name: one for name, one in found.items() if one.column is not None}
    ready = {name for name, one in there.items() if _is_ready(one)}
    worked_out = {
        name: _worked_out(one) for name, one in there.items() if name not in ready
    }
    others = frame.select(**worked_out) if worked_out else frame
    given = {}
    for name, one in there.items():
        if one.fact.kind is FactKind.NUMBER:
            where, title = (frame, one.column) if name in ready else (others, name)
            given[name] = _numbers(where.get_column(str(title)))
        else:
            given[name] = Given(_plain(others[name].to_numpy(), "int8"))
    return given


def _is_ready(source: Source) -> bool:
    return source.fact.kind is FactKind.NUMBER and source.is_ready


def _worked_out(source: Source) -> nw.Expr:
    """Write a number as float64, a choice as its place, a yes-no as 1 or 0."""
    value = source.value
    if source.fact.kind is FactKind.NUMBER:
        return value
    choices: tuple[object, ...] = source.fact.choices or (False, True)
    code = nw.lit(-1, nw.Int8)
    for at, choice in enumerate(choices):
        code = nw.when(value == choice).then(nw.lit(at, nw.Int8)).otherwise(code)
    return nw.when(source.gap).then(nw.lit(-1, nw.Int8)).otherwise(code)


def _numbers(column: nw.Series[Any]) -> Given:
    native = column.to_native()
    if column.implementation.is_polars():
        return _of_polars(native)
    is_arrow = hasattr(getattr(native, "dtype", None), "pyarrow_dtype")
    if is_arrow or column.implementation.is_pyarrow():
        found = column.to_arrow()
        in_chunks = hasattr(found, "chunks")
        return _of_arrow(found.combine_chunks() if in_chunks else found)
    return Given(_plain(column.to_numpy(), "float64"))


def _of_polars(native: Any) -> Given:  # noqa: ANN401 - a Series, and no hard import
    if not native.null_count():
        return Given(_plain(native.rechunk().to_numpy(), "float64"))
    try:
        return _of_arrow(native.to_arrow())
    except ImportError:  # Polars itself needs no PyArrow; then null is copied as NaN
        return Given(_plain(native.to_numpy(), "float64"))


def _of_arrow(array: Any) -> Given:  # noqa: ANN401 - an Array, and no hard import
    bits, values = array.buffers()
    first, last = array.offset, array.offset + len(array)
    if not len(array):
        return Given(np.empty(0))
    numbers = _plain(np.frombuffer(values, np.float64, last)[first:], "float64")
    if bits is None or not array.null_count:
        return Given(numbers)
    places = np.unpackbits(np.frombuffer(bits, np.uint8), count=last, bitorder="little")
    return Given(numbers, _plain(places[first:], "uint8"))


def _plain(values: Array, kind: str) -> Array:
    """Return an array as the loop reads it: one after the other, not to be changed."""
    plain = np.ascontiguousarray(values, kind).view()
    plain.flags.writeable = False
    return plain


# on the way out


def beside(native: FrameT, columns: Mapping[str, Column]) -> FrameT:
    """Return a frame of Polars, pandas or PyArrow with answers beside its columns."""
    kind = type(native).__module__.split(".")[0]
    made = {"pandas": _pandas, "polars": _polars, "pyarrow": _pyarrow}[kind]
    return cast("FrameT", made(native, columns))


def _polars(native: Any, columns: Mapping[str, Column]) -> Any:  # noqa: ANN401
    import polars as pl  # noqa: PLC0415 - the frame is one of Polars

    def made(column: Column) -> pl.Series:
        values, words = column.array, column.words
        if words is None:
            return pl.Series(values)
        has_nulls = values.min(initial=0) < 0
        if isinstance(words[0], bool):
            word = pl.Series(values == 1)
        else:
            # a Series picks by place four times as fast as an expression does, and
            # without a null among the words once more; −1 is the last place of all
            places = values.view(f"u{values.dtype}")
            most = np.iinfo(places.dtype).max + 1 if has_nulls else 0
            kind = pl.Enum(map(str, words)) if column.is_ladder else pl.String
            given = [*words, *[words[0]] * (most - len(words))]
            word = pl.Series(given, dtype=kind)[pl.Series(places)]
        if not has_nulls:
            return word
        return pl.select(pl.when(pl.Series(values) >= 0).then(word)).to_series()

    done: dict[int, pl.Series | pl.Expr] = {}
    for one in columns.values():
        if id(one) not in done:
            words = one.words or ()
            done[id(one)] = pl.lit(words[0]) if len(words) == 1 else made(one)
    return native.with_columns(
        done[id(one)].alias(title) for title, one in columns.items()
    )


def _pandas(native: Any, columns: Mapping[str, Column]) -> Any:  # noqa: ANN401
    import pandas as pd  # noqa: PLC0415 - the frame is one of pandas

    def made(column: Column) -> Any:  # noqa: ANN401
        words = column.words
        if words is None:
            return column.array
        if isinstance(words[0], bool):
            told = np.array([*words, None], object)[column.array]
            return told if (column.array < 0).any() else told.astype(bool)
        if column.is_ladder:
            own = column.array.copy()  # bounds may be the outcome's own array
            return pd.Categorical.from_codes(own, list(words), ordered=True)
        return pd.array(words, dtype="str").take(column.array, allow_fill=True)

    index = native.index
    return native.assign(
        **{
            title: pd.Series(made(one), index=index, copy=False)
            for title, one in columns.items()
        }
    )


def _pyarrow(native: Any, columns: Mapping[str, Column]) -> Any:  # noqa: ANN401
    import pyarrow as pa  # noqa: PLC0415 - the frame is one of PyArrow

    for title, column in columns.items():
        made = pa.array(column.array)
        if column.words is not None:
            places = pa.array(column.array, mask=column.array < 0)
            made = pa.array(column.words).take(places)
        native = native.append_column(title, pa.chunked_array([made]))
    return native
