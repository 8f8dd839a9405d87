"""What a report is made of, before it is a page, a Markdown text or a workbook.

Every text in here is one line without controls, in the reader's language, and raw: it
is escaped by whoever writes it out, in one place each.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TypeAlias

import attrs


__all__ = [
    "PLAIN",
    "AccountSheet",
    "Answer",
    "Cell",
    "Column",
    "Document",
    "Judged",
    "Owner",
    "Table",
    "Tile",
    "Week",
]


Value: TypeAlias = "str | int | float | Decimal | dt.date | None"


@attrs.frozen
class Cell:
    """One cell: its text, a second line in small, where it leads, what it means.

    `tone` is one of late, today, good, bad, open, or empty. `to` is the anchor of an
    account in this report. `value` is what a spreadsheet keeps instead of the text.
    """

    text: str = ""
    note: str = ""
    tone: str = ""
    to: str = ""
    value: Value = None


PLAIN = Cell()


@attrs.frozen
class Column:
    """A column: its heading, and whether it holds numbers."""

    text: str
    is_number: bool = False


@attrs.frozen
class Table:
    """A table; the first cell of a row is its heading. `more` says what is left out."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    more: str = ""


@attrs.frozen
class Tile:
    """A number that is to be seen at once, and what it counts."""

    number: str
    text: str
    tone: str = ""
    to: str = ""


@attrs.frozen
class Owner:
    """What one person must do: the most pressing first, the rest folded away."""

    anchor: str
    name: str
    counts: str
    first: Table
    rest: Table | None
    rest_title: str
    is_nobody: bool = False


@attrs.frozen
class Week:
    """The first page: what to do this week."""

    headline: str
    tiles: tuple[Tile, ...]
    owners: tuple[Owner, ...]
    remarks: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


@attrs.frozen
class Answer:
    """One of the ten questions: answered in a line, in a few more, in a table."""

    anchor: str
    number: int
    question: str
    short: str
    lines: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    chart: str = ""
    tone: str = ""


@attrs.frozen
class Judged:
    """What one lens says of an account, and its reasons with their depth."""

    lens: str
    answer: str
    reasons: tuple[tuple[int, str], ...] = ()
    flags: tuple[str, ...] = ()


@attrs.frozen
class AccountSheet:
    """One account on a sheet of its own."""

    anchor: str
    name: str
    slug: str
    standing: str
    tone: str
    score: str
    span: tuple[float, float] | None
    facts: tuple[tuple[str, str], ...]
    lifts: tuple[str, ...]
    questions: tuple[str, ...]
    verdicts: tuple[Judged, ...]
    tables: tuple[Table, ...]
    remarks: tuple[str, ...] = ()
    chart: str = ""


@attrs.frozen
class Document:
    """A whole report in a language."""

    locale: str
    title: str
    subtitle: str
    basis: tuple[str, ...]
    week: Week
    answers: tuple[Answer, ...]
    index: Table
    accounts: tuple[AccountSheet, ...]
