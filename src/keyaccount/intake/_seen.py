"""The tables that stand in a folder, whatever they are called, and their headings."""

from __future__ import annotations

import contextlib
import csv
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from types import MappingProxyType

import attrs

from keyaccount.exceptions import Problems, shorten

from ._aliases import aliases
from ._cells import read_text
from ._columns import Column, Table
from ._excel import Books, stream_table
from ._mapping import NO_MAPPING, Mapped, TableMapping
from ._parquet import SUFFIX
from ._stream import Stream
from ._workbook import BOOKS


__all__ = ["Seen", "seen_in"]


_READ = (".csv", ".txt", ".tsv", SUFFIX, *BOOKS)
_MOST_FILES = 200
_UNNAMED = re.compile(r"(?:sheet|工作表|table|tabelle|feuil)? ?[0-9]*")
_ANYTHING = "anything"


@attrs.frozen
class Seen:
    """A table as it was found: its file, its sheet in a workbook, its first rows."""

    file: str
    sheet: str | None
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def stem(self) -> str:
        """What it is called; a sheet that nobody has named is called as its file."""
        if self.sheet is None or _UNNAMED.fullmatch(self.sheet.casefold().strip()):
            return Path(self.file).stem
        return self.sheet

    @property
    def headings(self) -> tuple[str, ...]:
        """Its headings, each once."""
        return tuple(dict.fromkeys(filter(None, self.header)))


def seen_in(folder: Path, problems: Problems, most_rows: int = 0) -> Iterator[Seen]:
    """Open the tables of a folder, or of a workbook; what is unreadable is told.

    Raises:
        MissingExtraError: what reads a kind of file is not installed.
    """
    books = Books()
    found = [folder] if folder.is_file() else sorted(folder.iterdir())
    for file in [file for file in found if _is_table(file)][:_MOST_FILES]:
        if file.suffix.lower() not in BOOKS:
            whole = Table(_ANYTHING, (), ())
            stream = stream_table(file, whole, NO_MAPPING, books, problems)
            if stream is not None:
                yield Seen(
                    file.name, None, stream.header, _rows(stream, most_rows, problems)
                )
            continue
        book = books.book(file, problems)
        for title in () if book is None else book.titles:
            if title.is_shown:
                named = {_ANYTHING: TableMapping(sheet=title.name)}
                mapped = Mapped(tables=MappingProxyType(named))
                said = Problems()
                stream = stream_table(file, _any_table(), mapped, books, said)
                if stream is not None:
                    rows = _rows(stream, most_rows, problems)
                    yield Seen(file.name, title.name, stream.header, rows)


def _is_table(file: Path) -> bool:
    is_named = file.suffix.lower() in _READ and not file.name.startswith(("~$", "."))
    return is_named and file.is_file()


def _any_table() -> Table:
    """Return a table of every heading we know, by which a header is found."""
    words = sorted(aliases().every_heading())
    return Table(_ANYTHING, tuple(Column(word, read_text) for word in words), ())


def _rows(stream: Stream, most: int, problems: Problems) -> tuple[tuple[str, ...], ...]:
    try:
        with contextlib.closing(stream.rows()) as rows:  # type: ignore[type-var]  # a generator
            return tuple(tuple(cells) for _, cells in islice(rows, most))
    except csv.Error as error:
        said = shorten(str(error))
        problems.add(stream.file, "bad-syntax", said, "write plain CSV")
        return ()
