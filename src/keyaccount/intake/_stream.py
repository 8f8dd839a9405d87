"""A table as a stream of rows: of a file of any size little is held at a time."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

import attrs

from keyaccount.exceptions import Problems, shorten

from ._files import (
    MARKS,
    MOST_COLUMNS,
    Line,
    Sheet,
    candidates,
    cut_off,
    delimiter_of,
    ends_in_quotes,
    ends_open,
    name_of,
    no_text,
    not_decoded,
    numbered,
    was_cut,
)
from ._parquet import SUFFIX, open_parquet


__all__ = ["Stream", "open_stream", "streamed"]


Row = tuple[int, list[str]]

_CHUNK = 1 << 20
_HEADER = 1 << 16
_BOM = "\ufeff"


def _nothing() -> Line | None:
    return None


def _line(number: int, cells: Sequence[str]) -> Line:
    return Line(number, tuple(cells))


@attrs.frozen
class Stream:
    """A file that is read row by row: each with its line, and how far it has come.

    `rows` begins a new reading; `percent` tells how much of the file it has seen.
    A row within which the file ends is none of them: `rest` returns it afterwards.
    `line` tells all that is known of a row; the others say what a `Sheet` says.
    """

    file: str
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    rows: Callable[[], Iterator[Row]]
    percent: Callable[[], int]
    rest: Callable[[], Line | None] = _nothing
    line: Callable[[int, Sequence[str]], Line] = _line
    header_line: int = 1
    serials: int | None = None
    aside: tuple[Line, ...] = ()
    is_open: bool = False

    @property
    def delimiter_name(self) -> str:
        """What the delimiter is called: comma, semicolon or tab; typed has none."""
        return name_of(self.delimiter)


def open_stream(path: Path, encoding: str | None, problems: Problems) -> Stream | None:
    """Open a table without reading it; the rules are those of `open_sheet`."""
    before = len(problems.all())
    is_typed = path.suffix.lower() == SUFFIX
    found = _typed(path, problems) if is_typed else _written(path, encoding, problems)
    if found is not None and len(found.header) > MOST_COLUMNS:
        wanted = f"{MOST_COLUMNS} columns"
        problems.add(path.name, "too-large", len(found.header), wanted)
    return found if len(problems.all()) == before else None


def streamed(sheet: Sheet) -> Stream:
    """Give out the rows of a sheet that is read already."""
    by_number = {line.number: line for line in sheet.lines}
    seen = _Seen()

    def rows() -> Iterator[Row]:
        for seen.place, line in enumerate(sheet.lines, start=1):
            yield line.number, list(line.cells)

    def line_of(number: int, cells: Sequence[str]) -> Line:
        del cells
        return by_number[number]

    return Stream(
        sheet.file,
        sheet.encoding,
        sheet.delimiter,
        sheet.header,
        rows,
        lambda: seen.percent(len(by_number)),
        line=line_of,
        header_line=sheet.header_line,
        serials=sheet.serials,
        aside=sheet.aside,
    )


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
        "",
        header,
        rows,
        lambda: seen.percent(found.rows),
        line=lambda number, cells: Line(number, tuple(cells), found.typed),
    )


@attrs.define
class _Seen:
    """How far a reading has come, and the row within which the file ends."""

    place: int = 0
    rest: Line | None = None

    def percent(self, total: int) -> int:
        return min(99, self.place * 100 // max(total, 1))


def _written(path: Path, encoding: str | None, problems: Problems) -> Stream | None:
    name = path.name
    try:
        size, used = path.stat().st_size, _encoding(path, encoding, problems)
        is_open = _ends_within(path, size)
        if used is None:
            return None
        with _opened(path, used) as file:
            start = file.read(_HEADER)
        if not start.strip():
            no_text(name, problems)
            return None
        delimiter = delimiter_of(start)
        with _opened(path, used) as file:
            rows = numbered(file, delimiter)
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
            rows = numbered(file, delimiter)
            for _, cells in rows:
                if any(map(str.strip, cells)):
                    break  # the header
            last: Row | None = None
            for at, row in enumerate(rows):
                if not at % _CHUNK_ROWS:
                    seen.place = file.buffer.tell()
                if last is not None:
                    yield last
                last = row
        if last is None:
            return
        line = Line(last[0], tuple(last[1]), is_cut=True)
        if (is_open or _ends_a_line(last)) and _is_cut(path, used, line, delimiter):
            seen.rest = line
        else:
            yield last

    shown = "utf-8" if used == "utf-8-sig" else used
    titles = tuple(cell.strip() for cell in header)
    return Stream(
        name,
        shown,
        delimiter,
        titles,
        body,
        lambda: seen.percent(size),
        rest=lambda: seen.rest,
        is_open=is_open,
    )


_CHUNK_ROWS = 10_000
_TAIL = 4


def _ends_within(path: Path, size: int) -> bool:
    """Whether the text ends without a line end."""
    with path.open("rb") as file:
        file.seek(max(size - _TAIL, 0))
        return ends_open(file.read().rstrip(b"\0")[-1:].decode("ascii", "replace"))


def _ends_a_line(row: Row) -> bool:
    """Whether the last cell ends with a line end, as one with open quotes does."""
    return bool(row[1]) and not ends_open(row[1][-1])


def _is_cut(path: Path, used: str, last: Line, delimiter: str) -> bool:
    with _opened(path, used) as file:
        return ends_in_quotes(file, last, delimiter)


def _encoding(path: Path, encoding: str | None, problems: Problems) -> str | None:
    """Say in which encoding a whole file is text."""
    size = path.stat().st_size
    with path.open("rb") as file:
        tried = candidates(file.read(len(MARKS[0])), encoding)
        for candidate in tried:
            file.seek(0)
            try:
                decoder = codecs.getincrementaldecoder(candidate)()
                while chunk := file.read(_CHUNK):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError as error:
                if file.tell() == size and was_cut(error, len(error.object)):
                    cut_off(path.name, problems)
                    return None
                continue
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
