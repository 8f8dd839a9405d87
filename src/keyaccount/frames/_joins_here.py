"""The distinct cases of frames whose rows are here, and their answers beside the rows.

Polars joins null-safely, lazily too; pandas and PyArrow number the cases, column by
column, and take the answers by number. Rows and index stay as they stand.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeAlias


__all__ = [
    "Answered",
    "Found",
    "Join",
    "Kind",
    "Native",
    "array",
    "of_pandas",
    "of_polars",
    "of_pyarrow",
    "series",
]


Kind: TypeAlias = tuple[str, ...] | type[float] | type[str] | type[bool]
"""What an answer is: one of several words (the lowest first), a number, a text, a
yes or no."""

Answered: TypeAlias = Mapping[str, tuple[Kind, Sequence[object]]]
"""The answers by title: of what kind, and one for every case."""

Native: TypeAlias = Any
"""A frame of an engine, whose types are its own."""

Join: TypeAlias = Callable[[Answered], Native]

Found: TypeAlias = tuple[list[tuple[object, ...]], Sequence[int] | None, Join]
"""The cases, the row in which each first stands (None without order), and the join."""

_ROW = "__keyaccount_row"


# Polars


def of_polars(native: Native, keys: list[str]) -> Found:
    """Find the cases of Polars, whose joins take null for null, eager or lazy."""
    import polars as pl  # noqa: PLC0415 - the frame is one of Polars

    if not keys:
        return [()], [0], functools.partial(_join_polars, native, None, keys)
    lean, first = native.select(keys), None
    if isinstance(lean, pl.LazyFrame):
        cases = lean.unique().collect()
    else:
        numbered = lean.with_row_index(_ROW)
        cases = numbered.unique(keys, keep="first", maintain_order=True)
        first = cases[_ROW].to_list()
        cases = cases.drop(_ROW)
    return cases.rows(), first, functools.partial(_join_polars, native, cases, keys)


def _join_polars(
    native: Native, cases: Native, keys: list[str], answers: Answered
) -> Native:
    import polars as pl  # noqa: PLC0415 - the frame is one of Polars

    kinds: dict[object, Any] = {float: pl.Float64, str: pl.String, bool: pl.Boolean}
    columns = [
        pl.Series(
            title, values, pl.Enum(kind) if isinstance(kind, tuple) else kinds[kind]
        )
        for title, (kind, values) in answers.items()
    ]
    if cases is None:
        return native.with_columns(
            pl.lit(one.first(), one.dtype).alias(one.name) for one in columns
        )
    small = cases.with_columns(columns)
    if isinstance(native, pl.LazyFrame):
        return native.join(small.lazy(), on=keys, how="left", **_NULL_SAFE)
    found = native.select(keys).join(small, on=keys, how="left", **_NULL_SAFE)
    return native.with_columns(found.select(answers.keys()).iter_columns())


_NULL_SAFE: Mapping[str, Any] = MappingProxyType(
    {"nulls_equal": True, "maintain_order": "left"}
)


# pandas


def of_pandas(native: Native, keys: list[str]) -> Found:
    """Find the cases of pandas, of whatever types its columns are."""
    import numpy as np  # noqa: PLC0415 - pandas stands on it
    import pandas as pd  # noqa: PLC0415 - the frame is one of pandas

    code = np.zeros(len(native), dtype="int64")
    count = 1
    for key in keys:
        own, values = pd.factorize(native[key])
        code = code * (len(values) + 1) + own + 1
        count *= len(values) + 1
        if count > _MANY:  # before numbers of numbers outgrow 64 bits
            code, values = pd.factorize(code)
            count = len(values)
    code, values = pd.factorize(code)
    first = np.empty(len(values), dtype="int64")
    first[code[::-1]] = np.arange(len(code))[::-1]  # the last to be written stands
    columns = [_told(native[key].iloc[first]) for key in keys]
    rows: list[tuple[object, ...]] = [()] * len(first)
    if keys:
        rows = list(zip(*columns, strict=True))
    join = functools.partial(_take_pandas, native, code)
    return rows, first.tolist(), join


_MANY = 2**31


def _told(series: Native) -> list[object]:
    gaps = series.isna().tolist()
    return [
        None if gap else value for gap, value in zip(gaps, series.tolist(), strict=True)
    ]


def _take_pandas(native: Native, code: Native, answers: Answered) -> Native:
    return native.assign(
        **{
            title: series(kind, values).take(code).set_axis(native.index)
            for title, (kind, values) in answers.items()
        }
    )


def series(kind: Kind, values: Sequence[object]) -> Native:
    """Return one answer to every case, as pandas has it."""
    import pandas as pd  # noqa: PLC0415 - the frame is one of pandas

    if isinstance(kind, tuple):
        return pd.Series(pd.Categorical(values, list(kind), ordered=True))
    dtypes: dict[object, str] = {float: "float64", str: "str", bool: "boolean"}
    return pd.Series(list(values), dtype=dtypes[kind])


# PyArrow


def of_pyarrow(native: Native, keys: list[str]) -> Found:
    """Find the cases of a PyArrow table."""
    import pyarrow as pa  # noqa: PLC0415 - the frame is one of PyArrow
    import pyarrow.compute  # noqa: PLC0415 - the same

    pc: Any = pyarrow.compute  # its functions are made when it is loaded
    code, _ = numbered(native, keys)
    most = pc.cumulative_max(code)
    grows = pc.not_equal(most.slice(1), most.slice(0, max(0, len(code) - 1)))
    first = pa.concat_arrays(
        [
            pa.array([0][: len(code)]).cast(pa.int64()),
            pc.add(pc.indices_nonzero(grows).cast(pa.int64()), 1),
        ]
    )
    columns = [native.column(key).take(first).to_pylist() for key in keys]
    rows: list[tuple[object, ...]] = [()] * len(first)
    if keys:
        rows = list(zip(*columns, strict=True))
    join = functools.partial(_take_pyarrow, native, code)
    return rows, first.to_pylist(), join


def numbered(native: Native, keys: Sequence[str]) -> tuple[Native, int]:
    """Number a table's rows by their keys from 0 up, as they first appear."""
    import pyarrow as pa  # noqa: PLC0415 - the frame is one of PyArrow
    import pyarrow.compute  # noqa: PLC0415 - the same

    pc: Any = pyarrow.compute  # its functions are made when it is loaded
    code = pa.nulls(len(native), pa.int64()).fill_null(0)
    count = 1
    for key in keys:
        own, size = _numbered(native.column(key))
        code = pc.add(pc.multiply(code, size), own)
        count *= size
        if count > _MANY:  # before numbers of numbers outgrow 64 bits
            code, count = _numbered(code)
    return _numbered(code)


def _numbered(values: Native) -> tuple[Native, int]:
    """Number the distinct values from 0 up, null among them."""
    import pyarrow as pa  # noqa: PLC0415 - the frame is one of PyArrow

    if isinstance(values, pa.ChunkedArray):
        if pa.types.is_dictionary(values.type):
            values = values.cast(values.type.value_type)
        values = values.combine_chunks()
    encoded = values.dictionary_encode(null_encoding="encode")
    return encoded.indices.cast(pa.int64()), max(1, len(encoded.dictionary))


def _take_pyarrow(native: Native, code: Native, answers: Answered) -> Native:
    for title, (kind, values) in answers.items():
        native = native.append_column(title, array(kind, values).take(code))
    return native


def array(kind: Kind, values: Sequence[object]) -> Native:
    """Return one answer to every case, as Arrow has it."""
    import pyarrow as pa  # noqa: PLC0415 - the frame is one of PyArrow

    kinds: dict[object, Any] = {float: pa.float64(), bool: pa.bool_()}
    return pa.array(values, kinds.get(kind, pa.string()))
