"""From the bytes of a file, CSV or Parquet, to its rows, each with its line."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import MappingProxyType

import attrs

from keyaccount.exceptions import Problems, shorten

from ._parquet import SUFFIX, open_parquet


__all__ = [
    "MARKS",
    "MOST_COLUMNS",
    "Line",
    "Sheet",
    "candidates",
    "delimiter_of",
    "name_of",
    "no_text",
    "not_decoded",
    "open_sheet",
]


_MOST_BYTES = 100_000_000
MOST_COLUMNS = 2_000
_MOST_ROWS = 1_048_576  # as many as a spreadsheet holds
MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DELIMITERS = MappingProxyType({",": "comma", ";": "semicolon", "\t": "tab"})
_TYPED = "typed"


@attrs.frozen
class Line:
    """One row of a table: the line of the file it begins on, and its cells."""

    number: int
    cells: tuple[str, ...]


@attrs.frozen
class Sheet:
    """One file as it was read: how it was decoded, its header and its rows."""

    file: str
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def delimiter_name(self) -> str:
        """What the delimiter is called: comma, semicolon or tab; typed has none."""
        return name_of(self.delimiter)


def name_of(delimiter: str) -> str:
    """Return what a delimiter is called."""
    return _DELIMITERS.get(delimiter, _TYPED)


def open_sheet(path: Path, encoding: str | None, problems: Problems) -> Sheet | None:
    """Read a file; what makes it unreadable as a whole goes into *problems*.

    The text is UTF-8 (with or without its mark), else GB 18030, unless *encoding*
    says otherwise; a file that begins with the mark of UTF-16 is that. The
    delimiter is the comma, semicolon or tab that the header holds most of.
    """
    name = path.name
    before = len(problems.all())
    if path.suffix.lower() == SUFFIX:
        return _typed_sheet(path, problems)
    data = _bytes(path, problems)
    decoded = None if data is None else _decode(data, encoding, name, problems)
    if decoded is None:
        return None
    text, used = decoded
    if not text.strip():
        no_text(name, problems)
        return None
    delimiter = delimiter_of(text)
    lines = _lines(text, delimiter, name, problems)
    if not lines:
        no_text(name, problems)
        return None
    header = tuple(cell.strip() for cell in lines[0].cells)
    if len(header) > MOST_COLUMNS:
        problems.add(name, "too-large", len(header), f"{MOST_COLUMNS} columns")
    if len(problems.all()) > before:
        return None
    return Sheet(name, used, delimiter, header, lines[1:])


def no_text(name: str, problems: Problems) -> None:
    """Note that a file holds nothing."""
    problems.add(name, "empty", None, "a header line")


def delimiter_of(text: str) -> str:
    """Return the comma, semicolon or tab that the header holds most of."""
    first = text.lstrip("\r\n").splitlines()[0]
    return max(_DELIMITERS, key=first.count)


def _typed_sheet(path: Path, problems: Problems) -> Sheet | None:
    """Read a Parquet file as rows of text; a row's line is its number."""
    found = open_parquet(path, problems)
    if found is None:
        return None
    for got, most, what in (
        (len(found.header), MOST_COLUMNS, "columns"),
        (found.rows, _MOST_ROWS, "rows"),
    ):
        if got > most:
            problems.add(path.name, "too-large", got, f"{most} {what}")
            return None
    lines = (Line(at, cells) for at, cells in enumerate(found.cells(), start=1))
    kept = tuple(line for line in lines if any(cell.strip() for cell in line.cells))
    header = tuple(name.strip() for name in found.header)
    return Sheet(path.name, SUFFIX[1:], "", header, kept)


def _bytes(path: Path, problems: Problems) -> bytes | None:
    try:
        size = path.stat().st_size
        if size > _MOST_BYTES:
            problems.add(path.name, "too-large", size, f"{_MOST_BYTES} bytes")
            return None
        return path.read_bytes()
    except OSError as error:
        problems.add(path.name, "bad-syntax", _why(error), "name a file to be read")
        return None


def _why(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _decode(
    data: bytes, encoding: str | None, name: str, problems: Problems
) -> tuple[str, str] | None:
    tried = candidates(data[: len(MARKS[0])], encoding)
    for candidate in tried:
        try:
            text = data.decode(candidate)
        except (UnicodeError, LookupError):
            continue
        shown = "utf-8" if candidate == "utf-8-sig" else candidate
        return text.removeprefix("\ufeff"), shown
    not_decoded(name, tried, problems)
    return None


def candidates(start: bytes, encoding: str | None) -> tuple[str, ...]:
    """Return the encodings to try, in their order, for a file that starts so."""
    if encoding is not None:
        return (encoding,)
    return ("utf-16",) if start.startswith(MARKS) else ("utf-8-sig", "gb18030")


def not_decoded(name: str, tried: Iterable[str], problems: Problems) -> None:
    """Note that a file is text in none of some encodings."""
    listed = " or ".join(one.removesuffix("-sig") for one in tried)
    remedy = 'save it as UTF-8, or say encoding = "…" in the mapping file'
    problems.add(name, "bad-syntax", f"text that is not {listed}", remedy)


def _lines(
    text: str, delimiter: str, name: str, problems: Problems
) -> tuple[Line, ...]:
    """Cut the text into rows; wholly blank ones are not rows."""
    found = []
    try:
        for line in _numbered(text, delimiter):
            if any(cell.strip() for cell in line.cells):
                found.append(line)
            if len(found) > _MOST_ROWS:
                problems.add(name, "too-large", len(found), f"{_MOST_ROWS} rows")
                break
    except csv.Error as error:
        problems.add(name, "bad-syntax", shorten(str(error)), "write plain CSV")
    return tuple(found)


def _numbered(text: str, delimiter: str) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    start = 1
    for cells in reader:
        yield Line(start, tuple(cells))
        start = reader.line_num + 1
