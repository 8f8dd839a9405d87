"""From a sheet of a workbook to a table: which sheet, which header, which rows.

Titles above the header and notes below the rows are set aside, and told; a header may
stand in two rows, where its cells are merged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import attrs

from keyaccount.exceptions import Problems

from ._columns import Table
from ._files import Line, Sheet, open_sheet
from ._layout import folded
from ._mapping import Mapped, TableMapping
from ._stream import Stream, open_stream, streamed
from ._tables import TABLES
from ._workbook import BOOKS, Book, Grid, Title


__all__ = ["Books", "open_table", "stream_table"]


_MOST_ABOVE = 50  # rows, before a header has to come
_SHEETS_OF_OTHERS = (".xls", ".xlsb", ".ods")
_NOTES = (
    *("注", "註", "备注", "備註", "说明", "說明", "来源", "來源", "数据来源"),
    *("資料來源", "单位", "單位", "制表", "製表", "note", "source", "remark", "*", "※"),
)


class Books:
    """The workbooks of a folder, each opened once."""

    def __init__(self) -> None:
        self._found: dict[Path, tuple[Book | None, Problems]] = {}
        self._told: set[Path] = set()

    def book(self, path: Path, problems: Problems | None = None) -> Book | None:
        """Return a workbook; what is wrong with it is told once, to whoever asks."""
        if path not in self._found:
            found = Problems()
            self._found[path] = Book.open(path, found), found
        book, wrong = self._found[path]
        if problems is not None and path not in self._told:
            self._told.add(path)
            problems.extend(wrong.all())
        return book

    def holds(self, path: Path, table: Table, mapping: TableMapping) -> bool:
        """Whether a workbook has a sheet that is called as a table is."""
        book = self.book(path)
        return book is not None and _by_name(book, table, mapping) is not None


def open_table(
    path: Path, table: Table, mapping: Mapped, books: Books, problems: Problems
) -> Sheet | None:
    """Read a table, of whatever kind its file is.

    Raises:
        MissingExtraError: what reads that kind is not installed.
    """
    if path.suffix.lower() in BOOKS:
        return _sheet(path, table, mapping.table(table.name), books, problems)
    if _is_of_others(path, problems):
        return None
    return open_sheet(path, mapping.encoding, problems)


def stream_table(
    path: Path, table: Table, mapping: Mapped, books: Books, problems: Problems
) -> Stream | None:
    """Open a table row by row; a sheet of a workbook is read as a whole.

    Raises:
        MissingExtraError: what reads that kind is not installed.
    """
    if path.suffix.lower() in BOOKS:
        sheet = open_table(path, table, mapping, books, problems)
        return None if sheet is None else streamed(sheet)
    if _is_of_others(path, problems):
        return None
    return open_stream(path, mapping.encoding, problems)


def _is_of_others(path: Path, problems: Problems) -> bool:
    """Refuse a spreadsheet that is none of ours, whatever it is called."""
    try:
        with path.open("rb") as file:
            is_zip = file.read(4) == b"PK\x03\x04"
    except OSError:
        return False  # who reads it will say so
    if is_zip or path.suffix.lower() in _SHEETS_OF_OTHERS:
        problems.add(path.name, "bad-syntax", path.suffix, "save it as .xlsx or as CSV")
        return True
    return False


def _sheet(
    path: Path, table: Table, mapping: TableMapping, books: Books, problems: Problems
) -> Sheet | None:
    book = books.book(path, problems)
    if book is None:
        return None
    named = _by_name(book, table, mapping)
    if named is not None:
        titles = [named]
    elif mapping.sheet is None:
        shown = (title for title in book.titles if title.is_shown)
        titles = [title for title in shown if _called(title) not in TABLES]
    else:
        titles = []
    first: Sheet | None = None
    fitting: list[tuple[str, Sheet]] = []
    for title in titles:
        grid = book.grid(title, problems)
        if grid is None:
            return None
        found = _table_of(book, title, grid, table, mapping)
        if found is None:
            continue
        if _reads(found.header, table, mapping):
            fitting.append((title.name, found))
        first = first or found
    if len(fitting) > 1:
        listed = ", ".join(name for name, _ in fitting)
        wanted = 'one sheet of this table: the mapping file may say sheet = "…"'
        problems.add(path.name, "bad-syntax", f"the sheets {listed}", wanted)
    if fitting:
        return fitting[0][1]
    if first is None and titles:
        problems.add(f"{path.name}!{titles[0].name}", "empty", None, "a header line")
    elif first is None:
        listed = ", ".join(title.name for title in book.titles)
        wanted = f"a sheet {mapping.sheet or table.name!r} (there is {listed})"
        problems.add(path.name, "missing", None, wanted)
    return first


def _by_name(book: Book, table: Table, mapping: TableMapping) -> Title | None:
    if mapping.sheet is not None:
        return next((one for one in book.titles if one.name == mapping.sheet), None)
    return next((one for one in book.titles if _called(one) == table.name), None)


def _called(title: Title) -> str:
    """Return a sheet's name as our tables are called."""
    return folded(title.name.strip())


def _known(header: Sequence[str], table: Table, mapping: TableMapping) -> set[str]:
    """Return which of our columns a header names."""
    ours = {column.name for column in table.columns}
    told = (mapping.columns.get(name) or (folded(name),) for name in header)
    return ours & {name for names in told for name in names}


def _reads(header: Sequence[str], table: Table, mapping: TableMapping) -> bool:
    return {*table.required} <= _known(header, table, mapping) | {*mapping.fixed}


def _table_of(
    book: Book, title: Title, grid: Grid, table: Table, mapping: TableMapping
) -> Sheet | None:
    """Find the header, the rows below it, and what stands outside of them."""
    if not grid.lines:
        return None
    width = max(len(line.cells) for line in grid.lines)
    blank = ("",) * width
    lines = [
        attrs.evolve(line, cells=(*line.cells, *blank[len(line.cells) :]))
        for line in grid.lines
    ]
    at, depth, header = _header(lines, grid, table, mapping)
    rows = lines[at + depth :]
    above = lines[at + depth - 1].number
    required = {*table.required} - {*mapping.fixed}
    notes = _notes(rows, above, needs_more=len(required) > 1)
    return Sheet(
        f"{book.path.name}!{title.name}",
        book.path.suffix[1:].lower(),
        "",
        header,
        tuple(rows[: len(rows) - notes]),
        header_line=lines[at].number,
        serials=book.serials,
        aside=(*lines[:at], *rows[len(rows) - notes :]),
    )


def _header(
    lines: Sequence[Line], grid: Grid, table: Table, mapping: TableMapping
) -> tuple[int, int, tuple[str, ...]]:
    """Return where the header stands, in how many rows, and what it says."""
    best, most = (0, 1, _names(lines[0])), 0
    for at, line in enumerate(lines[:_MOST_ABOVE]):
        header = _names(line)
        known = len(_known(header, table, mapping))
        if known > most:
            best, most = (at, 1, header), known
        below = lines[at + 1] if at + 1 < len(lines) else None
        if below is not None and below.number == line.number + 1:
            both = _joined(line, below, grid)
            alone = len(_known(_names(below), table, mapping))
            if len(_known(both, table, mapping)) > max(most, alone):
                best, most = (at, 2, both), len(_known(both, table, mapping))
    return best


def _names(line: Line) -> tuple[str, ...]:
    return tuple(" ".join(cell.split()) for cell in line.cells)


def _joined(upper: Line, lower: Line, grid: Grid) -> tuple[str, ...]:
    """Read a header of two rows: the lower one, or both where that says it twice."""
    above, below = list(_names(upper)), _names(lower)
    for (row, first), (_, last) in grid.merged:
        if row == upper.number - 1:
            filled = range(first, min(last + 1, len(above)))
            for at in filled:
                above[at] = above[first]
    counts = Counter(below)
    return tuple(
        f"{over} {name}".strip() if not name or counts[name] > 1 else name
        for over, name in zip(above, below, strict=True)
    )


def _notes(rows: Sequence[Line], above: int, *, needs_more: bool) -> int:
    """Count the rows at the end that are notes: each a lone cell, apart or marked."""
    lone = 0
    for line in reversed(rows):
        if sum(bool(cell.strip()) for cell in line.cells) != 1:
            break
        lone += 1
    while lone:
        block = rows[len(rows) - lone :]
        before = rows[-lone - 1].number if lone < len(rows) else above
        is_apart = block[0].number > before + 1
        text = next(filter(None, (cell.strip() for cell in block[0].cells)))
        is_marked = text.casefold().startswith(_NOTES)
        if (is_apart or is_marked) if needs_more else (is_apart and is_marked):
            return lone
        lone -= 1
    return 0
