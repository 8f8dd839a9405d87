"""A table as a stream of rows: of a file of any size little is held at a time."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO

import attrs

from keyaccount.exceptions import Problems, shorten

from ._files import (
    MARKS,
    MOST_COLUMNS,
    candidates,
    delimiter_of,
    name_of,
    no_text,
    not_decoded,
)
from ._parquet import SUFFIX, open_parquet


__all__ = ["Stream", "open_stream"]


Row = tuple[int, list[str]]

_CHUNK = 1 << 20
_HEADER = 1 << 16
_BOM = "\ufeff"


@attrs.frozen
class Stream:
    """A file that is read row by row: each with its line, and how far it has come.

    `rows` begins a new reading; `percent` tells how much of the file it has seen.
    """

    file: str
    encoding: str
    delimiter_name: str
    header: tuple[str, ...]
    rows: Callable[[], Iterator[Row]]
    percent: Callable[[], int]


def open_stream(path: Path, encoding: str | None, problems: Problems) -> Stream | None:
    """Open a table without reading it; the rules are those of `open_sheet`."""
    before = len(problems.all())
    is_typed = path.suffix.lower() == SUFFIX
    found = _typed(path, problems) if is_typed else _written(path, encoding, problems)
    if found is not None and len(found.header) > MOST_COLUMNS:
        wanted = f"{MOST_COLUMNS} columns"
        problems.add(path.name, "too-large", len(found.header), wanted)
    return found if len(problems.all()) == before else None


def _typed(path: Path, problems: Problems) -> Stream | None:
    found = open_parquet(path, problems)
    if found is None:
        return None
    seen = _Seen()

    def rows() -> Iterator[Row]:
        for seen.place, cells in enumerate(found.cells(), start=1):
            yield seen.place, list(cells)

    header = tuple(name.strip() for name in found.header)
    return Stream(
        path.name,
        SUFFIX[1:],
        name_of(""),
        header,
        rows,
        lambda: seen.percent(found.rows),
    )


@attrs.define
class _Seen:
    """How far a reading has come."""

    place: int = 0

    def percent(self, total: int) -> int:
        return min(99, self.place * 100 // max(total, 1))


def _written(path: Path, encoding: str | None, problems: Problems) -> Stream | None:
    name = path.name
    try:
        size, used = path.stat().st_size, _encoding(path, encoding, problems)
        if used is None:
            return None
        with _opened(path, used) as file:
            start = file.read(_HEADER)
        if not start.strip():
            no_text(name, problems)
            return None
        delimiter = delimiter_of(start)
        with _opened(path, used) as file:
            rows = _rows(file, delimiter)
            header = next((cells for _, cells in rows if any(map(str.strip, cells))))
    except OSError as error:
        said = error.strerror or type(error).__name__
        problems.add(name, "bad-syntax", said, "name a file to be read")
        return None
    except csv.Error as error:
        problems.add(name, "bad-syntax", shorten(str(error)), "write plain CSV")
        return None
    seen = _Seen()

    def body() -> Iterator[Row]:
        with _opened(path, used) as file:
            rows = _rows(file, delimiter)
            for _, cells in rows:
                if any(map(str.strip, cells)):
                    break  # the header
            for at, row in enumerate(rows):
                if not at % _CHUNK_ROWS:
                    seen.place = file.buffer.tell()
                yield row

    shown = "utf-8" if used == "utf-8-sig" else used
    titles = tuple(cell.strip() for cell in header)
    return Stream(
        name, shown, name_of(delimiter), titles, body, lambda: seen.percent(size)
    )


_CHUNK_ROWS = 10_000


def _encoding(path: Path, encoding: str | None, problems: Problems) -> str | None:
    """Say in which encoding a whole file is text."""
    with path.open("rb") as file:
        tried = candidates(file.read(len(MARKS[0])), encoding)
        for candidate in tried:
            file.seek(0)
            try:
                decoder = codecs.getincrementaldecoder(candidate)()
                while chunk := file.read(_CHUNK):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
            except (UnicodeError, LookupError):
                continue
            return candidate
    not_decoded(path.name, tried, problems)
    return None


def _opened(path: Path, encoding: str) -> TextIO:
    """Open a file for the CSV reader, behind the mark that it may begin with."""
    file = path.open(encoding=encoding, newline="")
    if file.read(1) != _BOM:
        file.seek(0)
    return file


def _rows(file: TextIO, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(file, delimiter=delimiter)
    line = 1
    for cells in reader:
        yield line, cells
        line = reader.line_num + 1
