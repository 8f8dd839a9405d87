"""From the lines of a file to rows of values by our column names, or to notes."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias, TypeVar

import attrs

from keyaccount.exceptions import InvalidValueError, Problem, Problems, nearest

from ._cells import unprefixed
from ._columns import Column, Table
from ._files import Line, Sheet
from ._mapping import TableMapping
from ._report import Note, TableReport


__all__ = [
    "Entry",
    "Layout",
    "Ledger",
    "Progress",
    "each_of",
    "layout_of",
    "note_of",
    "one_problem",
    "read_entries",
    "read_row",
    "single",
    "tell_strange",
]


Progress: TypeAlias = Callable[[str, int, int], None]
"""Told now and then: the file, the rows done, the rows in all."""

Noun = TypeVar("Noun")

_TELL_EVERY = 1_000


@attrs.frozen
class Entry:
    """One row: where it stands, and its known values by our column names."""

    file: str
    line: int
    values: Mapping[str, object]

    def text(self, column: str) -> str | None:
        """Return a text, a choice as it is written, None if it is not known."""
        value = self.values.get(column)
        if isinstance(value, enum.Enum):
            return str(value.value)
        return None if value is None else str(value)


class Ledger:
    """Keeps the notes, and which rows are rejected; every row is counted once."""

    def __init__(self) -> None:
        self.notes: list[Note] = []
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
    column: str, code: str, got: str | None, wanted: str
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


@attrs.frozen
class Layout:
    """Which cell of a row is which of our columns."""

    places: tuple[tuple[int, Column], ...]
    fixed: tuple[tuple[str, str, Column], ...]
    values: Mapping[str, Mapping[str, str]]
    strange: tuple[tuple[int, str], ...]
    width: int


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
        cells, values, prefixes = read_row(line, layout, found)
        stripped += prefixes
        for at in strange if cells else ():
            strange[at] += bool(cells[at])
        if found:
            ledger.reject((sheet.file, line.number), found.all())
        else:
            entries.append(Entry(sheet.file, line.number, values))
        if done % _TELL_EVERY == 0 or done == len(sheet.lines):
            progress(sheet.file, done, len(sheet.lines))
    tell_strange(table, sheet, layout, strange, ledger)
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


def layout_of(
    table: Table, sheet: Sheet, mapping: TableMapping, problems: Problems
) -> Layout:
    """Find our columns in a header; what cannot be found goes into *problems*."""
    ours = {column.name: column for column in table.columns}
    places: dict[str, int] = {}
    strange = []
    for at, header in enumerate(sheet.header):
        for name in mapping.columns.get(header) or (_folded(header),):
            if name not in ours:
                strange.append((at, header))
            elif name in places:
                problems.add(sheet.file, "duplicate", f"the column {name!r}")
            else:
                places[name] = at
    for header in mapping.columns:
        if header not in sheet.header:
            hint = nearest(header, filter(None, sheet.header))
            problems.add(
                sheet.file, "unknown-key", f"the mapped column {header!r}", hint
            )
    for name in table.required:
        if name not in places and name not in mapping.fixed:
            near = nearest(name, filter(None, sheet.header))
            wanted = (
                f"a column {name!r} (its header has {near}; a mapping file may say)"
            )
            problems.add(sheet.file, "missing", None, wanted)
    return Layout(
        tuple((at, ours[name]) for name, at in places.items()),
        tuple((name, text, ours[name]) for name, text in mapping.fixed.items()),
        mapping.values,
        tuple(strange),
        len(sheet.header),
    )


def read_row(
    line: Line, layout: Layout, found: Problems
) -> tuple[tuple[str, ...], dict[str, object], int]:
    """Return a row's cells, its known values, how many quotes were taken off."""
    cells = _cells(line, layout, found)
    values: dict[str, object] = {}
    stripped = 0
    for at, column in layout.places if cells else ():
        text = unprefixed(cells[at])
        stripped += text != cells[at]
        _read(column, text, layout, values, found)
    for _, text, column in layout.fixed:
        if column.name not in values:
            _read(column, text, layout, values, found)
    return cells, values, stripped


def _folded(header: str) -> str:
    return header.casefold().replace(" ", "_").replace("-", "_")


def _cells(line: Line, layout: Layout, found: Problems) -> tuple[str, ...]:
    """Return the cells without the blanks around them; none where they do not fit."""
    cells = tuple(cell.strip() for cell in line.cells)
    more = any(cells[layout.width :])
    if len(cells) < layout.width or more:
        got = f"{len(cells)} cells"
        found.add("", "bad-syntax", got, f"the header has {layout.width}")
        return ()
    return cells


def _read(
    column: Column,
    text: str,
    layout: Layout,
    values: dict[str, object],
    found: Problems,
) -> None:
    text = layout.values.get(column.name, {}).get(text, text)
    if not text:
        if column.is_required:
            found.add(column.name, "missing", None, "a value in every row")
        return
    value = column.read(column.name, text, found)
    if value is not None:
        values[column.name] = value


def tell_strange(
    table: Table,
    sheet: Sheet,
    layout: Layout,
    filled: Mapping[int, int],
    ledger: Ledger,
) -> None:
    """Say which columns we do not know, so that a misspelt one is not lost."""
    ours = [column.name for column in table.columns]
    found = Problems()
    for at, header in layout.strange:
        if header or filled[at]:
            name = header or f"column {at + 1}, without a name"
            found.add("", "unknown-key", name, nearest(_folded(header), ours))
    ledger.remark(sheet.file, 1, found.all())


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
            lines = ", ".join(str(one.line) for one in group if one is not entry)
            got = f"the same row as line {lines}" if agree else f"line {lines} as well"
            known = (entry.text(column) for column in table.key)
            key_text = " ".join(filter(None, known))
            found.add(table.key[-1], "duplicate", f"{key_text} ({got})")
            ledger.reject(entry, found.all())
    return kept
