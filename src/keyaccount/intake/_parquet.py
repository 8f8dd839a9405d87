"""From a Parquet file to rows of text, as if it had been exported as strict CSV.

Typed cells become what our readers take: dates as ISO, decimals digit by digit,
True and False as yes and no; null and NaN are blank. The line of a row is its number.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import attrs

from keyaccount.exceptions import MissingExtraError, Problems, shorten


__all__ = ["SUFFIX", "Parquet", "open_parquet", "text_of"]


SUFFIX = ".parquet"
_BATCH = 50_000
_MIDNIGHT = dt.time()


@attrs.frozen
class Parquet:
    """A Parquet file that can be read: its header, its rows, batch by batch.

    `typed` are the places of the columns that hold numbers themselves, and no text.
    """

    header: tuple[str, ...]
    rows: int
    cells: Callable[[], Iterator[tuple[str, ...]]]
    typed: frozenset[int]


def open_parquet(path: Path, problems: Problems) -> Parquet | None:
    """Open a Parquet file; what makes it unreadable goes into *problems*.

    Raises:
        MissingExtraError: neither Polars nor PyArrow is installed.
    """
    try:
        return _by_polars(path)
    except ImportError:
        pass
    except (OSError, ValueError) as error:
        _refuse(path, error, problems)
        return None
    try:
        return _by_pyarrow(path)
    except ImportError as error:
        raise MissingExtraError("large", "polars") from error
    except (OSError, ValueError) as error:
        _refuse(path, error, problems)
        return None


def _refuse(path: Path, error: Exception, problems: Problems) -> None:
    said = shorten(str(error).split("\n", 1)[0])
    problems.add(path.name, "bad-syntax", said, "write a Parquet file")


def _by_polars(path: Path) -> Parquet:
    import polars as pl  # noqa: PLC0415 - only where a table is Parquet

    try:
        lazy = pl.scan_parquet(path, glob=False)
        schema = lazy.collect_schema()
        header = tuple(schema.names())
        kinds = enumerate(schema.dtypes())
        typed = frozenset(at for at, kind in kinds if kind.is_numeric())
        count = int(lazy.select(pl.len()).collect().item())
    except pl.exceptions.PolarsError as error:
        raise ValueError(str(error)) from error

    def cells() -> Iterator[tuple[str, ...]]:
        for start in range(0, count, _BATCH):
            batch = lazy.slice(start, _BATCH).collect()
            columns = [map(text_of, one.to_list()) for one in batch.get_columns()]
            yield from zip(*columns, strict=True)

    return Parquet(header, count, cells, typed)


def _by_pyarrow(path: Path) -> Parquet:
    from pyarrow import parquet, types  # noqa: PLC0415 - only where a table is Parquet

    with parquet.ParquetFile(path) as file:  # its errors are ValueError and OSError
        header = tuple(str(name) for name in file.schema_arrow.names)
        numbers = (types.is_integer, types.is_floating, types.is_decimal)
        typed = frozenset(
            at
            for at, kind in enumerate(file.schema_arrow.types)
            if any(is_one(kind) for is_one in numbers)
        )
        count = int(file.metadata.num_rows)

    def cells() -> Iterator[tuple[str, ...]]:
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(_BATCH):
                columns = [map(text_of, one.to_pylist()) for one in batch.columns]
                yield from zip(*columns, strict=True)

    return Parquet(header, count, cells, typed)


def text_of(value: object) -> str:
    """Write a cell as our readers take it; what they will refuse stays readable."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dt.datetime):
        is_day = value.time() == _MIDNIGHT and value.tzinfo is None
        return (value.date() if is_day else value).isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


def _number(value: float) -> str:
    if math.isnan(value):
        return ""
    if math.isinf(value):
        return str(value)
    if value.is_integer():
        return str(int(value))
    return f"{Decimal(repr(value)):f}"
