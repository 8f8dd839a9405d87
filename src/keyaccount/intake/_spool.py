"""From a large table to a plain file that any engine reads column by column.

Every row is read as `read_entries` reads it, and so is every mistake told; what is
sound goes to a file of our columns, text without quotes, in an order of its own. A row
that a pattern knows at a glance costs a microsecond; any other is read cell by cell.
"""

from __future__ import annotations

import csv
import datetime as dt
import enum
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType
from typing import Literal, TypeAlias

import attrs

from keyaccount.exceptions import Problems, shorten

from ._columns import Table
from ._currencies import clashes
from ._files import Line, Sheet
from ._layout import Layout, layout_of, strange_columns
from ._mapping import TableMapping
from ._report import TableReport
from ._rows import Entry, Ledger, Progress, read_row, tell_ends
from ._stream import Stream


__all__ = [
    "SEPARATOR",
    "SPOOLED",
    "Kind",
    "Spool",
    "currency_rows",
    "entries_of",
    "spool",
]


Kind: TypeAlias = Literal["text", "whole", "number", "day"]

SEPARATOR = "\x1f"
_TELL_EVERY, _WHOLE = 20_000, 100
_ID_LENGTH = 200

_CONTROL = r"\x00-\x1f\x7f-\x9f\ud800-\udfff"
_AT_FIRST = r"(?!'[=+\-@])"  # a quote that makes a formula safe is taken off
_TEXT = rf"{_AT_FIRST}[^\s{_CONTROL}](?:[^{_CONTROL}]{{0,9998}}[^\s{_CONTROL}])?"
_ID = rf"{_AT_FIRST}[!-~](?:[ -~]{{0,198}}[!-~])?"
_SURE = r"(?![1-9][0-9]{0,2}\.[0-9]{3}(?![0-9]))"  # 1.234: its column says which
_SHORT = r"(?![0-9.]{17})"  # 15 digits: no two are one float
_AMOUNT = rf"{_SURE}{_SHORT}[0-9]{{1,15}}(?:\.[0-9]{{1,12}})?"
_MARK = rf"{_SURE}(?:100(?:\.0{{1,12}})?|[0-9]{{1,2}}(?:\.[0-9]{{1,12}})?)"
_DATED = r"(?:19[7-9][0-9]|2[01][0-9]{2})"
_DAY = rf"{_DATED}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
_LAST_DAYS = r"(?:(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
_ANY_DAY = rf"(?:{_DAY}|{_DATED}-{_LAST_DAYS})"
_MONTHS = r"(?:[1-9]|1[0-2])"
_TRI = "(?:yes|no|unknown)"

_SHAPES: Mapping[str, Mapping[str, tuple[Kind, str]]] = MappingProxyType(
    {
        "customers": {
            "id": ("text", _ID),
            "name": ("text", _TEXT),
            "industry": ("text", _TEXT),
            "relation": ("text", "(?:trading|prospect)"),
            "currency": ("text", "[A-Z]{3}"),
            "parent": ("text", _ID),
            "owner": ("text", _TEXT),
            "influence": ("number", _MARK),
            "closing_potential": ("number", _MARK),
        },
        "years": {
            "customer": ("text", _ID),
            "year": ("whole", _DATED),
            "ends_on": ("day", _ANY_DAY),
            "months": ("whole", _MONTHS),
            "sales": ("number", f"-?{_AMOUNT}"),
            "gross_profit": ("number", f"-?{_AMOUNT}"),
            "due": ("number", _AMOUNT),
            "collected": ("number", _AMOUNT),
            "on_time": ("number", _AMOUNT),
        },
        "receivables": {
            "customer": ("text", _ID),
            "as_of": ("day", _ANY_DAY),
            "total": ("number", _AMOUNT),
            "overdue_90": ("number", _AMOUNT),
        },
        "standing": {
            "customer": ("text", _ID),
            "reputation_harm": ("text", _TRI),
            "dispute": ("text", _TRI),
        },
    }
)
SPOOLED: Mapping[str, Mapping[str, Kind]] = MappingProxyType(
    {
        table: MappingProxyType({name: kind for name, (kind, _) in shapes.items()})
        for table, shapes in _SHAPES.items()
    }
)
"""The tables that columns read, and of what kind their columns are."""

_PLAIN, _LONG, _ODD = "0", "1", "2"
_HIDDEN = MappingProxyType({at: at + 0xF700 for at in (*range(0x20), 0x7F)})
_SHOWN = MappingProxyType({there: here for here, there in _HIDDEN.items()})


@attrs.frozen
class Spool:
    """A table on its way to an engine: `line`, `rank`, then our columns.

    `rank` is 0 where a row is plain, 1 where an amount has more digits than a float
    holds, 2 where only the nouns themselves can say whether it is sound.
    """

    table: Table
    path: Path
    report: TableReport


def spool(  # noqa: PLR0913, PLR0917 - one table, and who is told what of it
    table: Table,
    stream: Stream,
    mapping: TableMapping,
    to: Path,
    ledger: Ledger,
    problems: Problems,
    progress: Progress,
    currency_of: Callable[[str | None], str | None],
) -> Spool | None:
    """Write the rows of a table to a plain file; *progress* is told the per cent.

    *currency_of* tells in what a customer's amounts are, where a sign stands beside
    one. A row that cannot be read is rejected in the *ledger*, with its reasons; what
    is wrong with the file as a whole goes into *problems*.
    """
    before = len(problems.all())
    header = Sheet(
        stream.file,
        stream.encoding,
        stream.delimiter,
        stream.header,
        (),
        serials=stream.serials,
    )
    layout = layout_of(
        table,
        header,
        mapping,
        problems,
        lambda: (stream.line(line, row) for line, row in stream.rows()),
    )
    if len(problems.all()) > before:
        return None
    reading = _Reading(table, layout, stream, ledger, currency_of)
    try:
        with to.open("w", encoding="utf-8", newline="") as out:
            for at, (line, row) in enumerate(stream.rows()):
                reading.take(line, row, out.write)
                if not at % _TELL_EVERY:
                    progress(stream.file, stream.percent(), _WHOLE)
            reading.take_rest(stream.rest(), out.write)
    except csv.Error as error:
        problems.add(stream.file, "bad-syntax", shorten(str(error)), "write plain CSV")
        return None
    finally:
        progress(stream.file, _WHOLE, _WHOLE)
    strange = strange_columns(table, layout, reading.filled)
    ledger.remark(stream.file, stream.header_line, strange)
    tell_ends(stream.file, stream.aside, stream.is_open and reading.read, ledger)
    report = TableReport(
        table.name,
        stream.file,
        stream.encoding,
        stream.delimiter_name,
        reading.read,
        rejected=0,  # counted when all tables have met
        unprefixed=reading.unprefixed,
    )
    return Spool(table, to, report)


class _Reading:
    """Takes the rows of a table, one after the other."""

    def __init__(
        self,
        table: Table,
        layout: Layout,
        stream: Stream,
        ledger: Ledger,
        currency_of: Callable[[str | None], str | None],
    ) -> None:
        shapes = _SHAPES[table.name]
        self.read = self.unprefixed = 0
        self.filled = dict.fromkeys((at for at, _ in layout.strange), 0)
        self._layout, self._stream, self._ledger = layout, stream, ledger
        self._currency_of = currency_of
        self._names = tuple(shapes)
        self._unnamed = [at for at, header in layout.strange if not header]
        self._width = layout.width
        places = {column.name: at for at, column, _ in layout.places}
        fixed = {name: text for name, text, _, _ in layout.fixed}
        self._more = ["", *fixed.values()]
        more = {name: layout.width + 1 + at for at, name in enumerate(fixed)}
        where = [places.get(n, more.get(n, layout.width)) for n in self._names]
        self._pick: Callable[[Sequence[str]], tuple[str, ...]] = itemgetter(*where)
        self._means = [
            (at, layout.values[name])
            for at, name in enumerate(self._names)
            if name in layout.values
        ]
        required = table.required
        self._glance = _pattern(shapes, required, {})
        self._is_plain = _pattern(shapes, required, {_SURE: ""})
        wider = {_ID: _TEXT, _SURE: "", _SHORT: ""}
        self._look = _pattern(shapes, required, wider)
        self._ids = [at for at, n in enumerate(self._names) if shapes[n][1] == _ID]
        ways = [way for _, _, way in layout.places]
        has_own_ways = any(way.unit or way.money or way.decimal == "," for way in ways)
        self._is_slow = has_own_ways or bool(places.keys() & fixed.keys())

    def take(self, line: int, row: list[str], write: Callable[[str], object]) -> None:
        """Write a row, reject it, or let it go where it is blank."""
        if len(row) == self._width and not self._is_slow:
            cells = self._pick([*row, *self._more])
            if self._means:
                cells = self._meant(cells)
            text = SEPARATOR.join(cells)
            if self._glance(text):
                self.read += 1
                for at in self._unnamed:
                    self.filled[at] += bool(row[at].strip())
                write(f"{line}{SEPARATOR}{_PLAIN}{SEPARATOR}{text}\n")
                return
        if any(map(str.strip, row)):
            self.read += 1
            self._read_slowly(self._stream.line(line, row), write)

    def take_rest(self, rest: Line | None, write: Callable[[str], object]) -> None:
        """Take the row within which the file ends, if there is one."""
        if rest is not None:
            self.read += 1
            self._read_slowly(rest, write)

    def _meant(self, cells: tuple[str, ...]) -> tuple[str, ...]:
        changed = list(cells)
        for at, means in self._means:
            changed[at] = means.get(changed[at], changed[at])
        return tuple(changed)

    def _read_slowly(self, line: Line, write: Callable[[str], object]) -> None:
        found = Problems()
        file, number = self._stream.file, line.number
        row = read_row(line, self._layout, found)
        self.unprefixed += row.unprefixed
        for at in self.filled if row.cells else ():
            self.filled[at] += bool(row.cells[at])
        if found:
            self._ledger.reject((file, number), found.all())
            return
        self._ledger.change(file, number, row.changes)
        if row.signs:
            currency = self._currency_of(_text(row.values.get("customer")))
            wrong = clashes(row.signs, currency)
            if wrong:
                self._ledger.reject((file, number), wrong)
                return
        texts = [_text(row.values.get(name)) for name in self._names]
        text = SEPARATOR.join(texts)
        if self._is_plain(text):
            rank = _PLAIN
        elif self._look(text) and all(_is_id(texts[at]) for at in self._ids):
            rank = _LONG
        else:
            rank = _ODD
            text = SEPARATOR.join(one.translate(_HIDDEN) for one in texts)
        write(f"{line.number}{SEPARATOR}{rank}{SEPARATOR}{text}\n")


def _pattern(
    shapes: Mapping[str, tuple[Kind, str]],
    required: Iterable[str],
    wider: Mapping[str, str],
) -> Callable[[str], object]:
    """Return what knows a whole row; *wider* gives a shape another one's place."""
    needed = set(required)
    parts = []
    for name, (_, shape) in shapes.items():
        for narrow, wide in wider.items():
            shape = shape.replace(narrow, wide)  # noqa: PLW2901 - the same, wider
        parts.append(f"(?:{shape})" if name in needed else f"(?:{shape})?")
    return re.compile(SEPARATOR.join(parts)).fullmatch


def _is_id(text: str) -> bool:
    """Whether an id stays as it is, and has nothing in it that cannot be seen."""
    is_short = len(text) <= _ID_LENGTH and text.isprintable()
    return is_short and unicodedata.is_normalized("NFC", text)


def _text(value: object) -> str:
    """Write a value as its column reads it."""
    if value is None:
        return ""
    if isinstance(value, enum.Enum):
        return str(value.value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def entries_of(spool: Spool, rows: Iterable[Sequence[object]]) -> list[Entry]:
    """Read rows of a spool again: the line, the rank, then our columns as text."""
    columns = {column.name: column for column in spool.table.columns}
    read = [columns[name] for name in SPOOLED[spool.table.name]]
    found = []
    for line, rank, *texts in rows:
        values = {}
        for column, text in zip(read, texts, strict=True):
            if text:
                known = str(text).translate(_SHOWN) if rank == _ODD else str(text)
                values[column.name] = column.read(column.name, known, Problems())
        found.append(Entry(spool.report.file, int(str(line)), values))
    return found


def currency_rows(spool: Spool) -> Iterator[tuple[str, str | None]]:
    """Read every customer's id and currency from a spool of customers."""
    names = ("line", "rank", *SPOOLED[spool.table.name])
    identifier, currency = names.index("id"), names.index("currency")
    with spool.path.open(encoding="utf-8", newline="") as file:
        for line in file:
            cells = line.rstrip("\n").split(SEPARATOR)
            texts = cells[identifier], cells[currency] or None
            yield (
                texts[0].translate(_SHOWN) if cells[1] == _ODD else texts[0],
                texts[1],
            )
