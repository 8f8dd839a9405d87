"""The engines that are here: how each gets a frame from plain rows, and gives it back.

A frame is told as columns of plain Python values, each with its kind; None is null
and a NaN stays a NaN where the engine tells the two apart.
"""

# ruff: noqa: PLC0415 - an engine is imported where it is used

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
import math
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import attrs

from keyaccount.rules import FactKind


__all__ = ["ENGINES", "PRESENT", "Cells", "Engine", "Plain", "absent", "read", "spark"]


Cells: TypeAlias = Mapping[str, tuple[FactKind, Sequence[object]]]
"""The columns of a frame, by name: what kind each is, and its values."""

Plain: TypeAlias = list[dict[str, object]]
"""A frame as plain Python rows, null as None."""


@attrs.frozen
class Engine:
    """A kind of frame, the packages it needs, the variable that must be set for it."""

    name: str
    packages: tuple[str, ...]
    build: Callable[[Cells], Any]
    is_lazy: bool = False
    opt_in: str = ""

    @property
    def why_not(self) -> str:
        """Why it cannot run here; empty if it can."""
        for package in self.packages:
            if importlib.util.find_spec(_MODULES.get(package, package)) is None:
                return f"{package} is not installed"
        if self.opt_in and not os.environ.get(self.opt_in):
            return f"set {self.opt_in}=1 to run it"
        return ""

    @property
    def versions(self) -> str:
        """The packages with their versions."""
        found = (f"{name} {importlib.metadata.version(name)}" for name in self.packages)
        return ", ".join(found)

    def __str__(self) -> str:
        return self.name


_MODULES = {"ibis-framework": "ibis"}


def _polars(cells: Cells) -> Any:
    import polars as pl

    kinds: dict[FactKind, Any] = {
        FactKind.NUMBER: pl.Float64,
        FactKind.CHOICE: pl.String,
        FactKind.YES_NO: pl.Boolean,
    }
    return pl.DataFrame(
        {name: list(values) for name, (_, values) in cells.items()},
        schema={name: kinds[kind] for name, (kind, _) in cells.items()},
        strict=True,
    )


def _polars_lazy(cells: Cells) -> Any:
    return _polars(cells).lazy()


def _pandas(cells: Cells) -> Any:
    """What a user gets by hand: NaN for nothing, objects for yes and no with gaps."""
    import pandas as pd

    found = {}
    for name, (kind, values) in cells.items():
        dtype = {FactKind.NUMBER: "float64", FactKind.CHOICE: "str"}.get(kind)
        if kind is FactKind.YES_NO:
            dtype = "object" if None in values or not values else "bool"
        found[name] = pd.Series(list(values), dtype=dtype)
    return pd.DataFrame(found)


def _pandas_nullable(cells: Cells) -> Any:
    import numpy as np
    import pandas as pd

    found: dict[str, Any] = {}
    for name, (kind, values) in cells.items():
        if kind is FactKind.NUMBER:  # a null and a NaN side by side
            told = [math.nan if value is None else value for value in values]
            gaps = np.array([value is None for value in values], dtype=bool)
            found[name] = pd.arrays.FloatingArray(np.array(told, dtype=float), gaps)
        else:
            dtype = "string" if kind is FactKind.CHOICE else "boolean"
            found[name] = pd.array(list(values), dtype=dtype)
    return pd.DataFrame(found)


def _pandas_arrow(cells: Cells) -> Any:
    import pandas as pd

    return _pyarrow(cells).to_pandas(types_mapper=pd.ArrowDtype)


def _pyarrow(cells: Cells) -> Any:
    """In two chunks, as what is read from two files."""
    import pyarrow as pa

    kinds = {
        FactKind.NUMBER: pa.float64(),
        FactKind.CHOICE: pa.string(),
        FactKind.YES_NO: pa.bool_(),
    }
    whole = pa.table(
        {
            name: pa.array(list(values), kinds[kind])
            for name, (kind, values) in cells.items()
        }
    )
    half = len(whole) // 2
    return pa.concat_tables([whole.slice(0, half), whole.slice(half)])


def _duckdb(cells: Cells) -> Any:
    import duckdb

    return duckdb.from_arrow(_pyarrow(cells))


def _dask(cells: Cells) -> Any:
    import dask.dataframe as dd

    build: Any = dd.from_pandas
    return build(_pandas_arrow(cells), npartitions=2)


def _ibis(cells: Cells) -> Any:
    import ibis

    return ibis.memtable(_pyarrow(cells))


@functools.cache
def spark() -> Any:
    """Start Spark in this process, two workers and no more than the tests need."""
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    # hundreds of small plans, each run once: no time to compile them well
    quick = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.default.parallelism": "2",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.session.timeZone": "UTC",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.extraJavaOptions": quick,
        "spark.ui.showConsoleProgress": "false",
    }
    builder = SparkSession.builder.master("local[2]").appName("keyaccount")
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def _pyspark(cells: Cells) -> Any:
    """In three partitions."""
    return spark().createDataFrame(_pyarrow(cells)).repartition(3)


ENGINES = (
    Engine("polars", ("polars",), _polars),
    Engine("polars-lazy", ("polars",), _polars_lazy, is_lazy=True),
    Engine("pandas", ("pandas",), _pandas),
    Engine("pandas-nullable", ("pandas",), _pandas_nullable),
    Engine("pandas-arrow", ("pandas", "pyarrow"), _pandas_arrow),
    Engine("pyarrow", ("pyarrow",), _pyarrow),
    Engine("duckdb", ("duckdb", "pyarrow"), _duckdb, is_lazy=True),
    Engine("dask", ("dask", "pandas", "pyarrow"), _dask, is_lazy=True),
    Engine("ibis", ("ibis-framework", "pyarrow"), _ibis, is_lazy=True),
    Engine(
        "pyspark",
        ("pyspark", "pyarrow"),
        _pyspark,
        is_lazy=True,
        opt_in="KEYACCOUNT_SPARK",
    ),
)
"""Every engine that the answers are held alike on."""

PRESENT = tuple(engine for engine in ENGINES if not engine.why_not)


def absent() -> dict[str, str]:
    """Say which engines cannot run here, and why."""
    return {engine.name: engine.why_not for engine in ENGINES if engine.why_not}


def read(frame: Any) -> Plain:
    """Return any engine's frame as plain rows."""
    kind = type(frame).__module__.split(".", maxsplit=1)[0]
    if kind == "polars":
        eager = frame.collect() if hasattr(frame, "collect") else frame
        return list(eager.rows(named=True))
    if kind == "pandas":
        return _read_pandas(frame)
    if kind == "pyarrow":
        return list(frame.to_pylist())
    if kind in {"duckdb", "_duckdb"}:
        names = frame.columns
        return [dict(zip(names, row, strict=True)) for row in frame.fetchall()]
    if kind == "dask":
        return _read_pandas(frame.compute())
    if kind == "ibis":
        return list(frame.to_pyarrow().to_pylist())
    if kind == "narwhals":
        return read(frame.to_native())
    assert kind == "pyspark", kind
    return [row.asDict() for row in frame.collect()]


def _read_pandas(frame: Any) -> Plain:
    import pandas as pd

    names = list(frame.columns)
    columns = [
        [None if pd.isna(value) else value for value in frame[name].tolist()]
        for name in names
    ]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
