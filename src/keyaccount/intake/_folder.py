"""Where the tables of a folder stand: as CSV or as Parquet."""

from __future__ import annotations

from pathlib import Path

from keyaccount.exceptions import Problems

from ._columns import Table
from ._mapping import TableMapping
from ._parquet import SUFFIX


__all__ = ["table_file"]


_TABLES = (".csv", ".txt", ".tsv", SUFFIX)
_MOST_LISTED = 5


def table_file(
    folder: Path, table: Table, mapping: TableMapping, problems: Problems
) -> Path | None:
    """Return the file of a table, None where there is none.

    It is *problems* where a file is missing that must be there, and where a table
    stands in two.
    """
    path = folder / (mapping.file or table.file)
    other = path.with_suffix(SUFFIX)
    if mapping.file is None and other.exists():
        if path.exists():
            wanted = f"one file a table; {path.name} stands there too"
            problems.add(other.name, "contradiction", other.name, wanted)
            return None
        return other
    if path.exists():
        return path
    if table.name == "customers" or mapping.file is not None:
        problems.add(path.name, "missing", None, _what_is_there(folder, path))
    return None


def _what_is_there(folder: Path, path: Path) -> str:
    """Say which file is wanted, and which others stand there."""
    try:
        others = sorted(child.name for child in folder.iterdir() if child.is_file())
    except OSError:
        others = []
    tables = [name for name in others if name.lower().endswith(_TABLES)]
    if not tables:
        return f"a file {path.name} in this folder"
    listed = ", ".join(tables[:_MOST_LISTED])
    return f"{path.name} (there is {listed}: a mapping file can say which is which)"
