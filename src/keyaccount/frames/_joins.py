"""The distinct cases of a frame, and how their answers meet its rows again.

Every engine has its own way of taking null for equal to null and of keeping the rows
as they stand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

import attrs
import narwhals as nw

from keyaccount.exceptions import Problems

from ._facts import Frame
from ._joins_afar import of_dask, of_duckdb, of_ibis, of_pyspark
from ._joins_here import Answered, Found, Kind, Native, of_pandas, of_polars, of_pyarrow


__all__ = ["Answered", "Cases", "Kind", "distinct"]


@attrs.frozen
class Cases:
    """Every combination of values that some row has, and the way back to the rows.

    `rows` holds the values, null as None; `first` the row in which each case first
    stands, None where rows have no order. `joined` returns the frame with answers.
    """

    rows: Sequence[tuple[object, ...]]
    first: Sequence[int] | None
    joined: Callable[[Answered], Frame]


def distinct(frame: Frame, keys: Sequence[str]) -> Cases:
    """Find the distinct cases; of a lazy frame this is a query, and it is run.

    Raises:
        InvalidValueError: a frame of an engine that has no null-safe join here.
    """
    rows, first, join = _engine(frame)(frame.to_native(), list(keys))
    return Cases(rows, first, lambda answers: nw.from_native(join(answers)))


_Engine: TypeAlias = Callable[[Native, list[str]], Found]

_ENGINES: Mapping[nw.Implementation, _Engine] = MappingProxyType(
    {
        nw.Implementation.POLARS: of_polars,
        nw.Implementation.PANDAS: of_pandas,
        nw.Implementation.PYARROW: of_pyarrow,
        nw.Implementation.DUCKDB: of_duckdb,
        nw.Implementation.PYSPARK: of_pyspark,
        nw.Implementation.DASK: of_dask,
        nw.Implementation.IBIS: of_ibis,
    }
)


def _engine(frame: Frame) -> _Engine:
    if frame.implementation not in _ENGINES:
        problems = Problems()
        offered = ", ".join(kind.value for kind in _ENGINES)
        wanted = f"a frame of {offered}: convert or collect it first"
        problems.add("frame", "wrong-type", frame.implementation.value, wanted)
        problems.check("frame")
    return _ENGINES[frame.implementation]
