"""From the bytes of a file, CSV or Parquet, to its rows, each with its line."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from types import MappingProxyType

import attrs

from keyaccount.exceptions import Problems, shorten

from ._parquet import SUFFIX, open_parquet


__all__ = [
    "MARKS",
    "MOST_COLUMNS",
    "MOST_FILE_BYTES",
    "Line",
    "Sheet",
    "candidates",
    "cut_off",
    "delimiter_of",
    "ends_in_quotes",
    "ends_open",
    "name_of",
    "no_text",
    "not_decoded",
    "numbered",
    "open_sheet",
    "was_cut",
]


MOST_FILE_BYTES = 100_000_000
MOST_COLUMNS = 2_000
_MOST_ROWS = 1_048_576  # as many as a spreadsheet holds
MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DELIMITERS = MappingProxyType({",": "comma", ";": "semicolon", "\t": "tab"})
_TYPED = "typed"
_HALVES = frozenset(
    {"unexpected end of data", "incomplete multibyte sequence", "truncated data"}
)
_LONGEST_CHARACTER = 4
_WITHIN_QUOTES = "unexpected end of data"


_NOWHERE: frozenset[int] = frozenset()


@attrs.frozen
class Line:
    """One row of a table: the line of the file it begins on, and its cells.

    `typed` are the places where a workbook holds a number itself and not its text,
    `faults` those that hold an error, or a formula that was never worked out. `is_cut`
    says that the file ends within this row, inside quotes.
    """

    number: int
    cells: tuple[str, ...]
    typed: frozenset[int] = _NOWHERE
    faults: frozenset[int] = _NOWHERE
    is_cut: bool = False


@attrs.frozen
class Sheet:
    """One table as it was read: how it was decoded, its header and its rows.

    `serials` is the date system of its workbook; `aside` are rows that stand above or
    below the table; `is_open` says that the text ends without a line end.
    """

    file: str
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    lines: tuple[Line, ...]
    header_line: int = 1
    serials: int | None = None
    aside: tuple[Line, ...] = ()
    is_open: bool = False

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
    is_open = ends_open(text[-1:])
    return Sheet(name, used, delimiter, header, lines[1:], is_open=is_open)


def ends_open(tail: str) -> bool:
    """Whether a text ends within a line, as one does that was cut off."""
    return not tail.endswith(("\n", "\r"))


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
    rows = enumerate(found.cells(), start=1)
    lines = (Line(at, cells, found.typed) for at, cells in rows)
    kept = tuple(line for line in lines if any(cell.strip() for cell in line.cells))
    header = tuple(name.strip() for name in found.header)
    return Sheet(path.name, SUFFIX[1:], "", header, kept)


def _bytes(path: Path, problems: Problems) -> bytes | None:
    try:
        size = path.stat().st_size
        if size > MOST_FILE_BYTES:
            problems.add(path.name, "too-large", size, f"{MOST_FILE_BYTES} bytes")
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
        except UnicodeDecodeError as error:
            if was_cut(error, len(data)):
                cut_off(name, problems)
                return None
            continue
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


def was_cut(error: UnicodeDecodeError, size: int) -> bool:
    """Whether bytes are text but for half a character at their end."""
    return error.reason in _HALVES and size - error.start <= _LONGEST_CHARACTER


def cut_off(name: str, problems: Problems) -> None:
    """Note that a file ends within a character."""
    remedy = "copy or export it again; it was cut off"
    problems.add(name, "bad-syntax", "a file that ends within a character", remedy)


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
        for start, cells in numbered(io.StringIO(text, newline=""), delimiter):
            line = Line(start, tuple(cells))
            if any(cell.strip() for cell in line.cells):
                found.append(line)
            if len(found) > _MOST_ROWS:
                problems.add(name, "too-large", len(found), f"{_MOST_ROWS} rows")
                break
    except csv.Error as error:
        problems.add(name, "bad-syntax", shorten(str(error)), "write plain CSV")
    if found and ends_in_quotes(io.StringIO(text, newline=""), found[-1], delimiter):
        found[-1] = attrs.evolve(found[-1], is_cut=True)
    return tuple(found)


def ends_in_quotes(lines: Iterable[str], last: Line, delimiter: str) -> bool:
    """Whether the text ends inside quotes that the last row opens."""
    rest = list(islice(lines, last.number - 1, None))
    if not rest or '"' not in "".join(rest):
        return False
    try:
        list(csv.reader(rest, delimiter=delimiter, strict=True))
    except csv.Error as error:
        return str(error) == _WITHIN_QUOTES
    return False


def numbered(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Cut lines into rows, each with the line it begins on.

    Raises:
        csv.Error: quotes that are not closed take the rows below into a cell.
    """
    held: list[str] = []
    reader = csv.reader(_held(lines, held), delimiter=delimiter)
    start = 1
    for cells in reader:
        if reader.line_num > start and not _is_quoted_well(held, delimiter):
            raise csv.Error(f"open quotes in a cell of line {start}")
        yield start, cells
        start = reader.line_num + 1
        held.clear()


def _held(lines: Iterable[str], held: list[str]) -> Iterator[str]:
    for line in lines:
        held.append(line)
        yield line


def _is_quoted_well(lines: Iterable[str], delimiter: str) -> bool:
    """Whether quotes end where cells do; a text that ends within them is cut off."""
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as error:
        return str(error) == _WITHIN_QUOTES
    return True
