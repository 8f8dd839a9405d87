"""From the bytes of a CSV file to its rows, each with the line it stands on."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType

import attrs

from keyaccount.exceptions import Problems, shorten


__all__ = ["Line", "Sheet", "open_sheet"]


_MOST_BYTES = 100_000_000
_MOST_COLUMNS = 2_000
_MOST_ROWS = 1_048_576  # as many as a spreadsheet holds
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DELIMITERS = MappingProxyType({",": "comma", ";": "semicolon", "\t": "tab"})


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
        """What the delimiter is called: comma, semicolon or tab."""
        return _DELIMITERS[self.delimiter]


def open_sheet(path: Path, encoding: str | None, problems: Problems) -> Sheet | None:
    """Read a CSV file; what makes it unreadable as a whole goes into *problems*.

    The text is UTF-8 (with or without its mark), else GB 18030, unless *encoding*
    says otherwise; a file that begins with the mark of UTF-16 is that. The
    delimiter is the comma, semicolon or tab that the header holds most of.
    """
    name = path.name
    before = len(problems.all())
    data = _bytes(path, problems)
    decoded = None if data is None else _decode(data, encoding, name, problems)
    if decoded is None:
        return None
    text, used = decoded
    if not text.strip():
        problems.add(name, "empty", None, "a header line")
        return None
    first = text.lstrip("\r\n").splitlines()[0]
    delimiter = max(_DELIMITERS, key=first.count)
    lines = _lines(text, delimiter, name, problems)
    if not lines:
        problems.add(name, "empty", None, "a header line")
        return None
    header = tuple(cell.strip() for cell in lines[0].cells)
    if len(header) > _MOST_COLUMNS:
        problems.add(name, "too-large", len(header), f"{_MOST_COLUMNS} columns")
    if len(problems.all()) > before:
        return None
    return Sheet(name, used, delimiter, header, lines[1:])


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
    if encoding is not None:
        candidates = [encoding]
    elif data.startswith(_UTF_16):
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8-sig", "gb18030"]
    for candidate in candidates:
        try:
            text = data.decode(candidate)
        except (UnicodeError, LookupError):
            continue
        shown = "utf-8" if candidate == "utf-8-sig" else candidate
        return text.removeprefix("\ufeff"), shown
    tried = " or ".join(name.removesuffix("-sig") for name in candidates)
    remedy = 'save it as UTF-8, or say encoding = "…" in the mapping file'
    problems.add(name, "bad-syntax", f"text that is not {tried}", remedy)
    return None


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
