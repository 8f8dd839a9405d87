"""Where the tables of a folder stand: as CSV, as Parquet, or in a workbook."""

from __future__ import annotations

from pathlib import Path

from keyaccount.exceptions import Problems

from ._columns import Table
from ._excel import Books
from ._mapping import TableMapping
from ._parquet import SUFFIX
from ._tables import TABLES
from ._workbook import BOOKS


__all__ = ["table_file"]


_TABLES = (".csv", ".txt", ".tsv", SUFFIX, *BOOKS)
_MOST_LISTED = 5


def table_file(
    folder: Path,
    table: Table,
    mapping: TableMapping,
    problems: Problems,
    books: Books | None = None,
) -> Path | None:
    """Return the file of a table, None where there is none.

    *folder* may be a workbook whose sheets are called as the tables are; one that
    stands in the folder serves as well. It is *problems* where a file is missing that
    must be there, and where a table stands in two.
    """
    books = books or Books()
    is_needed = table.name == "customers" or mapping.file is not None
    if folder.suffix.lower() in BOOKS and folder.is_file():
        is_told = is_needed or mapping.sheet is not None
        is_there = is_told or books.holds(folder, table, mapping)
        return folder if is_there else None
    path = folder / (mapping.file or table.file)
    if mapping.file is not None:
        found = [path] if path.exists() else []
    else:
        named = (path, *(path.with_suffix(suffix) for suffix in (SUFFIX, *BOOKS)))
        found = [one for one in named if one.exists()]
        found += [one for one in _free(folder) if books.holds(one, table, mapping)]
    if len(found) > 1:
        wanted = f"one file a table; {found[0].name} stands there too"
        problems.add(found[1].name, "contradiction", found[1].name, wanted)
        return None
    if found:
        return found[0]
    if is_needed:
        problems.add(path.name, "missing", None, _what_is_there(folder, path))
        for one in _free(folder):
            books.book(one, problems)
    return None


def _free(folder: Path) -> list[Path]:
    """Return the workbooks that are not called as a table is."""
    try:
        files = sorted(folder.iterdir())
    except OSError:
        return []
    return [
        file
        for file in files
        if file.suffix.lower() in BOOKS
        and not file.name.startswith("~$")  # open in a spreadsheet
        and file.stem not in TABLES
    ]


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
