"""The engines that read plain files column by column: Polars, else DuckDB."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, cast

import narwhals as nw

from keyaccount.intake import SEPARATOR, SPOOLED, Spool


if TYPE_CHECKING:
    import duckdb
    import polars as pl


__all__ = ["Columns", "DuckDB", "Engine", "Held", "Polars"]


Columns: TypeAlias = nw.LazyFrame[Any]
"""A table that nobody has worked out yet, of whatever engine."""

Held: TypeAlias = nw.DataFrame[Any]
"""A table in memory."""

_BATCH = 10_000
_PLACE = ("line", "rank")


class Engine(Protocol):
    """What a review in columns asks of an engine."""

    name: str

    def scan(self, spool: Spool, *, is_typed: bool = True) -> Columns:
        """Return a table, its cells typed or as the text that they were."""
        ...

    def keep(self, frame: Columns) -> Columns:
        """Work a frame out once, to be asked several times."""
        ...

    def near(self, frame: Columns) -> Columns | Held:
        """Bring what looks from row to row where the engine does that best."""
        ...

    def rows(self, frame: Columns) -> Iterator[tuple[object, ...]]:
        """Work a frame out, and yield its rows."""
        ...

    def close(self) -> None:
        """Let go of what is held."""
        ...


class Polars:
    """Scans lazily and collects in a stream."""

    name = "Polars"

    def scan(self, spool: Spool, *, is_typed: bool = True) -> Columns:
        """Return a table as a lazy frame."""
        import polars as pl  # noqa: PLC0415 - only where this engine is asked

        kinds = {"text": pl.String, "whole": pl.Int64, "number": pl.Float64}
        days = []
        schema: dict[str, type[pl.DataType]] = {"line": pl.Int64, "rank": pl.String}
        for name, kind in SPOOLED[spool.table.name].items():
            schema[name] = kinds.get(kind, pl.String) if is_typed else pl.String
            if kind == "day" and is_typed:
                days.append(pl.col(name).str.to_date("%Y-%m-%d"))
        lazy = pl.scan_csv(
            spool.path,
            separator=SEPARATOR,
            quote_char=None,
            has_header=False,
            schema=schema,
            glob=False,
            raise_if_empty=False,
        )
        return nw.from_native(lazy.with_columns(days))

    def keep(self, frame: Columns) -> Columns:
        """Collect, and be lazy again."""
        return nw.from_native(_collected(frame).lazy())

    def near(self, frame: Columns) -> Columns | Held:
        """Hold it: in memory a window over many groups costs a tenth."""
        return nw.from_native(_collected(frame), eager_only=True)

    def rows(self, frame: Columns) -> Iterator[tuple[object, ...]]:
        """Collect, and yield row by row."""
        yield from _collected(frame).iter_rows(buffer_size=_BATCH)

    def close(self) -> None:
        """Nothing is held."""


def _collected(frame: Columns) -> pl.DataFrame:
    lazy = cast("pl.LazyFrame", frame.to_native())
    return lazy.collect(engine="streaming")


class DuckDB:
    """Keeps its tables in memory, and on disk what does not fit."""

    name = "DuckDB"

    def __init__(self, spill: Path) -> None:
        import duckdb  # noqa: PLC0415 - only where this engine is asked

        self._connection: duckdb.DuckDBPyConnection = duckdb.connect(
            config={"temp_directory": str(spill)}
        )
        self._count = itertools.count()

    def scan(self, spool: Spool, *, is_typed: bool = True) -> Columns:
        """Return a table as a relation."""
        kinds = SPOOLED[spool.table.name]
        typed = {name: _TYPES[kind] for name, kind in kinds.items()}
        columns = {"line": "BIGINT", "rank": "VARCHAR"}
        columns |= typed if is_typed else dict.fromkeys(kinds, "VARCHAR")
        declared = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
        file = str(spool.path).replace("'", "''")
        relation = self._connection.sql(
            f"SELECT * FROM read_csv('{file}', delim='{SEPARATOR}', quote='', "  # noqa: S608 - a file and columns of our own
            "escape='', header=false, nullstr='', auto_detect=false, "
            f"columns={{{declared}}})"
        )
        return cast("Columns", nw.from_native(relation))

    def keep(self, frame: Columns) -> Columns:
        """Make a table of it."""
        table = self._connection.table(self._table_of(frame))
        return cast("Columns", nw.from_native(table))

    def near(self, frame: Columns) -> Columns | Held:
        """Leave it as it is."""
        return frame

    def rows(self, frame: Columns) -> Iterator[tuple[object, ...]]:
        """Fetch batch by batch."""
        name = self._table_of(frame)
        cursor = self._connection.cursor()
        cursor.execute(f"FROM {name}")
        while batch := cursor.fetchmany(_BATCH):
            yield from batch
        cursor.execute(f"DROP TABLE {name}")
        cursor.close()

    def _table_of(self, frame: Columns) -> str:
        name = f"kept_{next(self._count)}"
        frame.to_native().create(name)
        return name

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


_TYPES = MappingProxyType(
    {"text": "VARCHAR", "whole": "BIGINT", "number": "DOUBLE", "day": "DATE"}
)
