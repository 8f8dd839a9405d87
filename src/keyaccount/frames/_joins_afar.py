"""The distinct cases of frames whose rows are elsewhere, joined null-safely there.

To find the cases a query is run; the frame that comes back is as lazy as it was.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, cast

from ._joins_here import Answered, Found, Native, array, of_pandas, series


__all__ = ["of_dask", "of_duckdb", "of_ibis", "of_pyspark"]


_KEY = "__keyaccount_key_{}"


# Dask, whose partitions are frames of pandas


def of_dask(native: Native, keys: list[str]) -> Found:
    """Find the cases of Dask, partition by partition: each is a frame of pandas."""
    whole = native[keys].drop_duplicates().compute()
    rows, first, _ = of_pandas(whole, keys)
    cases = whole.iloc[first].reset_index(drop=True)
    return rows, None, functools.partial(_join_dask, native, cases, keys)


def _join_dask(
    native: Native, cases: Native, keys: list[str], answers: Answered
) -> Native:
    small = cases.assign(
        **{title: series(kind, values) for title, (kind, values) in answers.items()}
    )
    return native.map_partitions(
        _join_part,
        small,
        keys,
        list(answers),
        meta=_join_part(native._meta, small, keys, list(answers)),  # noqa: SLF001 - as Dask's users pass it
    )


def _join_part(
    part: Native, small: Native, keys: list[str], titles: list[str]
) -> Native:
    """Join one partition; pandas takes null for equal to null."""
    if keys:
        found = part[keys].merge(small, how="left", on=keys)
    else:
        found = small.take([0] * len(part))
    return part.assign(**{title: found[title].set_axis(part.index) for title in titles})


# DuckDB


def of_duckdb(native: Native, keys: list[str]) -> Found:
    """Find the cases of a relation of DuckDB, in its own connection."""
    if not keys:
        return [()], None, functools.partial(_join_duckdb, native, keys, [()])
    rows = native.project(", ".join(map(_quoted, keys))).distinct().fetchall()
    return rows, None, functools.partial(_join_duckdb, native, keys, rows)


def _join_duckdb(
    native: Native,
    keys: list[str],
    rows: Sequence[tuple[object, ...]],
    answers: Answered,
) -> Native:
    types = dict(zip(native.columns, native.types, strict=True))
    told: list[tuple[str, object, Sequence[object]]] = [
        (_KEY.format(at), types[key], [row[at] for row in rows])
        for at, key in enumerate(keys)
    ]
    for title, (kind, values) in answers.items():
        told.append((title, _SQL.get(kind, "VARCHAR"), values))
    # one row of the frame's own connection, whatever the frame holds
    one = native.limit(0).aggregate("count(*)")
    cases = one.select(*(_unnested(*column) for column in told))
    same = (
        f"given.{_quoted(key)} IS NOT DISTINCT FROM cases.{_KEY.format(at)}"
        for at, key in enumerate(keys)
    )
    found = native.set_alias("given").join(
        cases.set_alias("cases"), " AND ".join(same) or "TRUE", how="left"
    )
    shown = [f"given.{_quoted(name)}" for name in native.columns]
    shown += [f"cases.{_quoted(title)}" for title in answers]
    return found.project(", ".join(shown))


_SQL: Mapping[object, str] = MappingProxyType({float: "DOUBLE", bool: "BOOLEAN"})


def _unnested(title: str, kind: object, values: Sequence[object]) -> Native:
    import duckdb  # noqa: PLC0415 - the frame is one of DuckDB

    whole = duckdb.FunctionExpression("unnest", duckdb.ConstantExpression(list(values)))
    return whole.cast(cast("Any", kind)).alias(title)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


# PySpark and Ibis


def of_pyspark(native: Native, keys: list[str]) -> Found:
    """Find the cases of a frame of PySpark."""
    if not keys:
        return [()], None, functools.partial(_join_pyspark, native, keys, [()])
    lean = native.select([native[key] for key in keys])
    rows = [tuple(row) for row in lean.distinct().collect()]
    return rows, None, functools.partial(_join_pyspark, native, keys, rows)


def _join_pyspark(
    native: Native,
    keys: list[str],
    rows: Sequence[tuple[object, ...]],
    answers: Answered,
) -> Native:
    from pyspark.sql import functions, types  # noqa: PLC0415 - the frame is one

    own: dict[object, Any] = {float: types.DoubleType(), bool: types.BooleanType()}
    kinds = [own.get(kind, types.StringType()) for kind, _ in answers.values()]
    fields = [
        *(
            types.StructField(_KEY.format(at), native.schema[key].dataType)
            for at, key in enumerate(keys)
        ),
        *map(types.StructField, answers, kinds),
    ]
    columns = zip(*(values for _, values in answers.values()), strict=True)
    told = [(*row, *given) for row, given in zip(rows, columns, strict=True)]
    cases = native.sparkSession.createDataFrame(told, types.StructType(fields))
    same = functions.lit(True)  # noqa: FBT003 - a literal
    for at, key in enumerate(keys):
        same &= native[key].eqNullSafe(cases[_KEY.format(at)])
    found = native.join(cases, same, "left")
    return found.drop(*(_KEY.format(at) for at in range(len(keys))))


def of_ibis(native: Native, keys: list[str]) -> Found:
    """Find the cases of a table of Ibis."""
    if not keys:
        return [()], None, functools.partial(_join_ibis, native, keys, None)
    table = native.select(keys).distinct().to_pyarrow()
    rows = list(zip(*(table.column(key).to_pylist() for key in keys), strict=True))
    return rows, None, functools.partial(_join_ibis, native, keys, table)


def _join_ibis(
    native: Native, keys: list[str], table: Native, answers: Answered
) -> Native:
    import ibis  # noqa: PLC0415 - the frame is one of Ibis
    import pyarrow as pa  # noqa: PLC0415 - which Ibis answers in

    if table is None:
        own: dict[object, str] = {float: "float64", bool: "boolean"}
        told = {
            title: ibis.literal(values[0], own.get(kind, "string"))
            for title, (kind, values) in answers.items()
        }
        return native.mutate(**told)
    columns = {_KEY.format(at): table.column(key) for at, key in enumerate(keys)}
    for title, (kind, values) in answers.items():
        columns[title] = pa.chunked_array([array(kind, values)])
    cases = ibis.memtable(pa.table(columns))
    same = [
        native[key].identical_to(cases[_KEY.format(at)]) for at, key in enumerate(keys)
    ]
    found = native.left_join(cases, same)
    return found.drop(*(_KEY.format(at) for at in range(len(keys))))
