"""The account of an import: what was read, what was accepted, what was not and why."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from keyaccount import wording
from keyaccount.exceptions import Problem, shorten

from ._account import as_csv, as_html


__all__ = ["Change", "ImportReport", "Note", "TableReport"]


@attrs.frozen
class Note:
    """One thing to tell about one place of a file: why a row was left out, or a remark.

    `line` is 0 where the file as a whole is meant, `column` empty where the row is.
    """

    file: str
    line: int
    column: str
    problem: Problem
    is_rejection: bool = True

    @property
    def place(self) -> str:
        """Where: `years.csv:14 sales`."""
        line = f":{self.line}" if self.line else ""
        return f"{self.file}{line} {self.column}".rstrip()

    def say(self, locale: str = "en") -> str:
        """Say where and what in a language."""
        sentence = f"error.{self.problem.code}"
        return f"{self.place}: {wording.say(sentence, dict(self.problem.data), locale)}"

    def to_dict(self) -> dict[str, str | int | bool]:
        """Return the note as plain data."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "rejected": self.is_rejection,
            **{k: v for k, v in self.problem.to_dict().items() if k != "path"},
        }

    def __str__(self) -> str:
        return self.say()


@attrs.frozen
class Change:
    """One cell that was not plain: where it stands, what it was, what it became."""

    file: str
    line: int
    column: str
    was: str
    became: str

    def say(self, locale: str = "en") -> str:
        """Say where and what in a language."""
        data = {"got": shorten(self.was), "expected": self.became}
        told = wording.say("error.read-as", data, locale)
        return f"{self.file}:{self.line} {self.column}: {told}"

    def to_dict(self) -> dict[str, str | int]:
        """Return the change as plain data."""
        return attrs.asdict(self)

    def __str__(self) -> str:
        return self.say()


@attrs.frozen
class TableReport:
    """How one table came in: rows read = rows accepted + rows rejected.

    `changed` counts the cells that were not plain and were read all the same.
    """

    table: str
    file: str
    encoding: str
    delimiter: str
    read: int
    rejected: int
    unprefixed: int = 0
    changed: int = 0

    @property
    def accepted(self) -> int:
        """The rows that the review stands on."""
        return self.read - self.rejected

    def to_dict(self) -> dict[str, str | int]:
        """Return the counts as plain data."""
        return {**attrs.asdict(self), "accepted": self.accepted}


@attrs.frozen
class ImportReport:
    """The account of a whole folder; nothing is left out without a note.

    Of large tables the first notes are kept; `unlisted` counts the others. The first
    of the changed cells stand in `changes`, all are counted by their tables.
    """

    tables: tuple[TableReport, ...]
    notes: tuple[Note, ...]
    unlisted: int = 0
    changes: tuple[Change, ...] = ()

    @property
    def rejections(self) -> tuple[Note, ...]:
        """The notes that say why a row was left out."""
        return tuple(note for note in self.notes if note.is_rejection)

    @property
    def remarks(self) -> tuple[Note, ...]:
        """The notes that left no row out."""
        return tuple(note for note in self.notes if not note.is_rejection)

    @property
    def rejected(self) -> int:
        """How many rows were left out."""
        return sum(table.rejected for table in self.tables)

    def __iter__(self) -> Iterator[TableReport]:
        return iter(self.tables)

    def to_csv(self, locale: str = "en") -> str:
        """Write the account as CSV: a row a table, a note and a changed cell."""
        return as_csv(self, locale)

    def to_html(self, locale: str = "en") -> str:
        """Write the account as one HTML page that stands by itself, without script."""
        return as_html(self, locale)

    def to_dict(self) -> dict[str, object]:
        """Return the whole account as plain data."""
        return {
            "tables": [table.to_dict() for table in self.tables],
            "notes": [note.to_dict() for note in self.notes],
            "changes": [change.to_dict() for change in self.changes],
            **({"unlisted": self.unlisted} if self.unlisted else {}),
        }
