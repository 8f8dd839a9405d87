"""A folder of large tables, made ready for an engine, with an account of every row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

import attrs

from keyaccount.book import Account
from keyaccount.domain import FxTable
from keyaccount.exceptions import Problem, Problems, ReadError

from ._build import build
from ._currencies import currencies_of
from ._excel import Books, open_table, stream_table
from ._folder import table_file
from ._mapping import NO_MAPPING, Mapped
from ._report import ImportReport, Note, TableReport
from ._rows import (
    Entry,
    Ledger,
    Progress,
    account_of,
    note_of,
    read_entries,
    single,
)
from ._spool import SPOOLED, Spool, currency_rows, entries_of, spool
from ._tables import TABLES


__all__ = ["Spools", "Tally", "spool_folder"]


_MOST_NOTES = 1_000


class Tally(Ledger):
    """A ledger for any number of rows: it counts all, and keeps the first notes."""

    most_changes = _MOST_NOTES

    def __init__(self) -> None:
        super().__init__()
        self._counts: Counter[str] = Counter()
        self._kept: Counter[tuple[str, bool]] = Counter()
        self.unlisted: int = 0

    def reject(
        self, entry: Entry | tuple[str, int], problems: Iterable[Problem]
    ) -> None:
        """Count a row that is left out, and say why while there is room."""
        file, line = (entry.file, entry.line) if isinstance(entry, Entry) else entry
        self._counts[file] += 1
        for problem in problems:
            self._keep(note_of(file, line, problem))

    def remark(self, file: str, line: int, problems: Iterable[Problem]) -> None:
        """Tell something that leaves no row out, while there is room."""
        for problem in problems:
            note = note_of(file, line, problem)
            self._keep(attrs.evolve(note, is_rejection=False))

    def absorb(self, other: Ledger) -> None:
        """Take over what a ledger of a few rows holds."""
        for file, _ in other.rejected:
            self._counts[file] += 1
        for note in other.notes:
            self._keep(note)
        for one in other.changes:
            self.change(one.file, one.line, ((one.column, one.was, one.became),))

    def rejected_in(self, file: str) -> int:
        """How many rows of a file have been left out."""
        return self._counts[file]

    def _keep(self, note: Note) -> None:
        kind = (note.file, note.is_rejection)
        if self._kept[kind] < _MOST_NOTES:
            self._kept[kind] += 1
            self.notes.append(note)
        else:
            self.unlisted += 1


@attrs.frozen
class Spools:
    """The tables of a folder as plain files, and what stands beside them.

    `fx` is None where there is no table of rates; `unread` are the files of tables
    that columns do not read.
    """

    tables: Mapping[str, Spool]
    fx: FxTable | None
    unread: tuple[str, ...]
    reports: tuple[TableReport, ...]
    tally: Tally

    def accounts(
        self, rows: Mapping[str, Iterable[Sequence[object]]], ledger: Ledger
    ) -> tuple[Account, ...]:
        """Build the customers of some rows, as `read_folder` builds them of all.

        Args:
            rows: of each table the line, the rank and our columns as text; all rows
                of a customer, or none.
            ledger: told which rows are rejected, and why. Parents are not looked up.
        """
        found: dict[str, list[Entry]] = {"customers": []}
        for name, given in rows.items():
            one = self.tables[name]
            entries = sorted(entries_of(one, given), key=lambda entry: entry.line)
            found[name] = single(one.table, entries, ledger)
        told = Ledger()
        built = build(found, {}, told, {})
        for note in told.notes:
            if note.is_rejection:
                ledger.reject((note.file, note.line), (note.problem,))
        return built.accounts

    def report(self) -> ImportReport:
        """Return the account of all rows, when every table has met."""
        return account_of(self.reports, self.tally, self.tally.unlisted)


def spool_folder(
    folder: Path, to: Path, mapping: Mapped = NO_MAPPING, *, progress: Progress
) -> Spools:
    """Read the tables of a folder row by row, and write what is sound as plain files.

    Args:
        folder: holds `customers.csv`, and any of the other tables.
        to: a folder for the plain files.
        mapping: which file, column and value of yours is which of ours.
        progress: told the file, the per cent done and a hundred, now and then.

    Raises:
        ReadError: a table cannot be read as a whole, or `customers.csv` is missing;
            every such problem is listed.
        MissingExtraError: what reads a kind of file is not installed.
    """
    problems, tally, books = Problems(), Tally(), Books()
    spools: dict[str, Spool] = {}
    reports: list[TableReport] = []
    unread: list[str] = []
    fx: FxTable | None = None
    for table in TABLES.values():
        mapped = mapping.table(table.name)
        path = table_file(folder, table, mapped, problems, books)
        if path is None:
            continue
        if table.name in SPOOLED:
            stream = stream_table(path, table, mapping, books, problems)
            if stream is None:
                continue
            there = to / f"{table.name}.txt"
            told = (table, stream, mapped, there, tally, problems, progress)
            one = spool(*told, _currency_of(spools))
            if one is not None:
                spools[table.name] = one
                reports.append(one.report)
        elif table.name == "rates":
            sheet, ledger = open_table(path, table, mapping, books, problems), Ledger()
            if sheet is not None:
                asked = (table, sheet, mapped, ledger, problems, progress)
                entries, report = read_entries(*asked)
                rows = {"customers": (), "rates": entries}
                fx = build(rows, {}, ledger, {}).fx
                tally.absorb(ledger)
                reports.append(report)
        else:
            unread.append(path.name)
    if problems:
        raise ReadError(f"folder {folder.name or folder}", problems.all())
    return Spools(MappingProxyType(spools), fx, tuple(unread), tuple(reports), tally)


def _currency_of(spools: Mapping[str, Spool]) -> Callable[[str | None], str | None]:
    """Return what tells a customer's currency; the customers are read when asked."""

    @cache
    def of_all() -> Callable[[str | None], str | None]:
        return currencies_of(currency_rows(spools["customers"]))

    def of_one(customer: str | None) -> str | None:
        return of_all()(customer) if "customers" in spools else None

    return of_one
