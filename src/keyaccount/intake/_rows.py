"""From the lines of a file to rows of values by our column names, or to notes."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import TypeAlias, TypeVar

import attrs

from keyaccount.exceptions import InvalidValueError, Problem, Problems

from ._cells import unprefixed
from ._columns import Column, Table
from ._files import Line, Sheet
from ._layout import Layout, layout_of, strange_columns
from ._mapping import EVERYTHING_ELSE, TableMapping
from ._report import Change, ImportReport, Note, TableReport
from ._ways import Way, tidy


__all__ = [
    "Entry",
    "Ledger",
    "Progress",
    "Row",
    "account_of",
    "each_of",
    "note_of",
    "one_problem",
    "read_entries",
    "read_row",
    "single",
    "tell_ends",
]


Progress: TypeAlias = Callable[[str, int, int], None]
"""Told now and then: the file, the rows done, the rows in all."""

Noun = TypeVar("Noun")

_TELL_EVERY = 1_000
_MOST_CHANGES = 100_000
_MOST_SAME = 10  # lines that are named of rows with one key


@attrs.frozen
class Entry:
    """One row: where it stands, and its known values by our column names.

    `signs` are the signs of currency beside amounts, and what their headings name.
    """

    file: str
    line: int
    values: Mapping[str, object]
    signs: tuple[tuple[str, str], ...] = ()

    def text(self, column: str) -> str | None:
        """Return a text, a choice as it is written, None if it is not known."""
        value = self.values.get(column)
        if isinstance(value, enum.Enum):
            return str(value.value)
        return None if value is None else str(value)


class Ledger:
    """Keeps the notes, and which rows are rejected; every row is counted once."""

    most_changes = _MOST_CHANGES

    def __init__(self) -> None:
        self.notes: list[Note] = []
        self.changes: list[Change] = []
        self._changed: Counter[str] = Counter()
        self._rejected: set[tuple[str, int]] = set()

    def reject(
        self, entry: Entry | tuple[str, int], problems: Iterable[Problem]
    ) -> None:
        """Leave a row out, and say why."""
        file, line = (entry.file, entry.line) if isinstance(entry, Entry) else entry
        self._rejected.add((file, line))
        self.notes.extend(note_of(file, line, problem) for problem in problems)

    def remark(self, file: str, line: int, problems: Iterable[Problem]) -> None:
        """Tell something that leaves no row out."""
        notes = (note_of(file, line, problem) for problem in problems)
        self.notes.extend(attrs.evolve(note, is_rejection=False) for note in notes)

    def change(
        self, file: str, line: int, changes: Iterable[tuple[str, str, str]]
    ) -> None:
        """Count the cells of a row that were not plain, and keep the first of them."""
        for column, was, became in changes:
            self._changed[file] += 1
            if self._changed[file] <= self.most_changes:
                self.changes.append(Change(file, line, column, was, became))

    def changed_in(self, file: str) -> int:
        """How many cells of a file were not plain, and were read all the same."""
        return self._changed[file]

    @property
    def rejected(self) -> frozenset[tuple[str, int]]:
        """The rows that have been left out: their files and lines."""
        return frozenset(self._rejected)

    def has_rejected(self, file: str, line: int) -> bool:
        """Whether a row has been left out."""
        return (file, line) in self._rejected

    def rejected_in(self, file: str) -> int:
        """How many rows of a file have been left out."""
        return sum(name == file for name, _ in self._rejected)


def note_of(file: str, line: int, problem: Problem) -> Note:
    """Say where and what, as an account of the rows holds it."""
    column = problem.path.removeprefix("$").lstrip(".").split(".")[0].split("[")[0]
    return Note(file, line, column, problem)


def one_problem(
    column: str, code: str, got: str | None, wanted: str | None
) -> tuple[Problem, ...]:
    """Say what is wrong with one cell."""
    problems = Problems()
    problems.add(column, code, got, wanted)
    return problems.all()


def each_of(
    rows: Iterable[Entry], build: Callable[[Entry], Noun], ledger: Ledger
) -> tuple[Noun, ...]:
    """Build a noun of every row; one that no noun accepts is rejected, and told."""
    found = []
    for row in rows:
        try:
            found.append(build(row))
        except InvalidValueError as error:
            ledger.reject(row, error.problems)
    return tuple(found)


def read_entries(  # noqa: PLR0913, PLR0917 - one table, and who is told what of it
    table: Table,
    sheet: Sheet,
    mapping: TableMapping,
    ledger: Ledger,
    problems: Problems,
    progress: Progress,
) -> tuple[list[Entry], TableReport]:
    """Read the rows of one table; what is wrong with the file goes into *problems*."""
    before = len(problems.all())
    layout = layout_of(table, sheet, mapping, problems)
    lines = sheet.lines if len(problems.all()) == before else ()
    entries: list[Entry] = []
    stripped = 0
    strange = dict.fromkeys((at for at, _ in layout.strange), 0)
    for done, line in enumerate(lines, start=1):
        found = Problems()
        row = read_row(line, layout, found)
        stripped += row.unprefixed
        for at in strange if row.cells else ():
            strange[at] += bool(row.cells[at])
        if found:
            ledger.reject((sheet.file, line.number), found.all())
        else:
            ledger.change(sheet.file, line.number, row.changes)
            entries.append(Entry(sheet.file, line.number, row.values, row.signs))
        if done % _TELL_EVERY == 0 or done == len(sheet.lines):
            progress(sheet.file, done, len(sheet.lines))
    ledger.remark(
        sheet.file, sheet.header_line, strange_columns(table, layout, strange)
    )
    tell_ends(sheet.file, sheet.aside, sheet.is_open and sheet.lines, ledger)
    report = TableReport(
        table.name,
        sheet.file,
        sheet.encoding,
        sheet.delimiter_name,
        len(sheet.lines),
        rejected=0,  # counted when all tables have met
        unprefixed=stripped,
    )
    return single(table, entries, ledger), report


def tell_ends(
    file: str, aside: Iterable[Line], is_open: object, ledger: Ledger
) -> None:
    """Say which rows stand outside the table, and that a file may have been cut."""
    for line in aside:
        text = " ".join(filter(None, (cell.strip() for cell in line.cells)))
        ledger.remark(file, line.number, one_problem("", "set-aside", text, None))
    if is_open:
        ledger.remark(file, 0, one_problem("", "no-line-end", None, None))


@attrs.define
class Row:
    """One row as it is being read: what it says, and what had to be changed for it."""

    cells: tuple[str, ...]
    values: dict[str, object] = attrs.field(factory=dict)
    unprefixed: int = 0
    changes: list[tuple[str, str, str]] = attrs.field(factory=list)
    signs: tuple[tuple[str, str], ...] = ()


def read_row(line: Line, layout: Layout, found: Problems) -> Row:
    """Return a row's cells and its known values, and note what was changed."""
    row = Row(_cells(line, layout, found))
    for at, column, way in layout.places if row.cells else ():
        text = unprefixed(row.cells[at])
        row.unprefixed += text != row.cells[at]
        if at in line.faults:
            wanted = "a value: this is an error, or a formula never worked out"
            found.add(column.name, "bad-syntax", text, wanted)
        else:
            cell = _Cell(column, way, at in line.typed)
            _read(cell, text, layout, row, found)
    for _, text, column, way in layout.fixed:
        if column.name not in row.values:
            _read(_Cell(column, way), text, layout, row, found)
    return row


def _cells(line: Line, layout: Layout, found: Problems) -> tuple[str, ...]:
    """Return the cells without the blanks around them; none where they do not fit."""
    if line.is_cut:
        wanted = "the file ends inside quotes that begin here: close them, or export it"
        found.add("", "bad-syntax", line.cells[-1], f"{wanted} again")
        return ()
    cells = tuple(cell.strip() for cell in line.cells)
    more = any(cells[layout.width :])
    if len(cells) < layout.width or more:
        got = f"{len(cells)} cells"
        found.add("", "bad-syntax", got, f"the header has {layout.width}")
        return ()
    return cells


@attrs.frozen
class _Cell:
    """Where a cell stands: in which column, written how, whether it is typed."""

    column: Column
    way: Way
    is_typed: bool = False


def _read(cell: _Cell, text: str, layout: Layout, row: Row, found: Problems) -> None:
    column = cell.column
    said = layout.values.get(column.name, {})
    text = said.get(text, said.get(EVERYTHING_ELSE, text)) if text else ""
    if not text:
        if column.is_required:
            found.add(column.name, "missing", None, "a value in every row")
        return
    tidied = tidy(column.name, text, cell.way, found, typed=cell.is_typed)
    if tidied is None:
        return
    if tidied.text != text:
        row.changes.append((column.name, text, tidied.text))
    for sign in filter(None, (tidied.sign, cell.way.money)):
        row.signs += ((column.name, sign),)
    value = column.read(column.name, tidied.text, found)
    if value is not None:
        row.values[column.name] = value


def account_of(
    tables: Iterable[TableReport], ledger: Ledger, unlisted: int = 0
) -> ImportReport:
    """Return the account of all tables, when they have met and every row is judged."""
    counted = tuple(
        attrs.evolve(
            one,
            rejected=ledger.rejected_in(one.file),
            changed=ledger.changed_in(one.file),
        )
        for one in tables
    )
    order = {one.file: at for at, one in enumerate(counted)}
    notes = sorted(ledger.notes, key=lambda note: (order[note.file], note.line))
    changes = sorted(ledger.changes, key=lambda one: (order[one.file], one.line))
    return ImportReport(counted, tuple(notes), unlisted, tuple(changes))


def single(table: Table, entries: list[Entry], ledger: Ledger) -> list[Entry]:
    """Keep one of rows that say the same twice; of rows that disagree, keep none."""
    if not table.key:
        return entries
    groups: dict[tuple[object, ...], list[Entry]] = {}
    for entry in entries:
        key = tuple(entry.values.get(column) for column in table.key)
        groups.setdefault(key, []).append(entry)
    kept = []
    for group in groups.values():
        first, *others = group
        agree = all(entry.values == first.values for entry in others)
        if agree:
            kept.append(first)
        for entry in others if agree else group if others else ():
            found = Problems()
            same = (str(one.line) for one in group if one is not entry)
            lines = ", ".join(islice(same, _MOST_SAME))
            if len(group) > _MOST_SAME + 1:
                lines += f" and {len(group) - _MOST_SAME - 1} more"
            got = f"the same row as line {lines}" if agree else f"line {lines} as well"
            known = (entry.text(column) for column in table.key)
            key_text = " ".join(filter(None, known))
            found.add(table.key[-1], "duplicate", f"{key_text} ({got})")
            ledger.reject(entry, found.all())
    return kept
