"""Which cell of a table is which of our columns, and how each of them is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import attrs

from keyaccount.exceptions import Problem, Problems, nearest

from ._cells import unprefixed
from ._columns import Column, Table
from ._files import Line, Sheet
from ._mapping import TableMapping
from ._units import named_money, named_unit
from ._ways import Form, Way, decimal_sign


__all__ = ["Layout", "folded", "layout_of", "strange_columns"]


_SIGNED = frozenset({Form.NUMBER, Form.AMOUNT, Form.RATE})
_PER_CENT = -2
_DOUBTFUL = frozenset({";", "\t"})  # where a lone point may mark the thousands


@attrs.frozen
class Layout:
    """Which cell of a row is which of our columns, and how it is written there."""

    places: tuple[tuple[int, Column, Way], ...]
    fixed: tuple[tuple[str, str, Column, Way], ...]
    values: Mapping[str, Mapping[str, str]]
    strange: tuple[tuple[int, str], ...]
    width: int


def layout_of(
    table: Table,
    sheet: Sheet,
    mapping: TableMapping,
    problems: Problems,
    lines: Callable[[], Iterable[Line]] | None = None,
) -> Layout:
    """Find our columns in a header; what cannot be found goes into *problems*.

    *lines* begins a reading of the rows, where the sheet does not hold them.
    """
    ours = {column.name: column for column in table.columns}
    places: dict[str, int] = {}
    strange = []
    for at, header in enumerate(sheet.header):
        for name in mapping.columns.get(header, (folded(header),)):
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
    plain = Way(
        decimal=mapping.decimal,
        dates=mapping.dates,
        serials=mapping.serials if sheet.serials is None else sheet.serials,
        is_doubtful=sheet.delimiter in _DOUBTFUL or sheet.serials is not None,
    )
    signed = [at for name, at in places.items() if ours[name].form in _SIGNED]
    evidence = _Evidence(lines or (lambda: sheet.lines), signed)
    ways = {
        name: attrs.evolve(
            plain,
            form=ours[name].form,
            unit=_unit(sheet, sheet.header[at], ours[name], mapping, problems),
            is_percent_told=name in mapping.percent,
            money=_money(sheet.header[at], ours[name]),
            seen=partial(evidence.of, at),
        )
        for name, at in places.items()
    }
    return Layout(
        tuple((at, ours[name], ways[name]) for name, at in places.items()),
        tuple(
            (name, text, ours[name], attrs.evolve(plain, form=ours[name].form))
            for name, text in mapping.fixed.items()
        ),
        mapping.values,
        tuple(strange),
        len(sheet.header),
    )


def _unit(
    sheet: Sheet,
    heading: str,
    column: Column,
    mapping: TableMapping,
    problems: Problems,
) -> int:
    """Read the unit in a heading; per cent is one of rates, 万 one of all others.

    That a column is counted in per cent the mapping may say as well.
    """
    is_told = column.name in mapping.percent
    unit = named_unit(heading) if column.form in _SIGNED else 0
    if unit is None:
        wanted = "name its unit otherwise, as in (k€), (million USD) or (万元)"
        problems.add(sheet.file, "bad-syntax", f"the heading {heading!r}", wanted)
        return 0
    is_share = is_told or unit == _PER_CENT
    if (unit or is_told) and is_share is not (column.form is Form.RATE):
        wanted = f"{column.name!r} is not counted in that"
        got = f"percent = [{column.name!r}]" if is_told else f"the heading {heading!r}"
        problems.add(sheet.file, "contradiction", got, wanted)
    return _PER_CENT if is_told else unit


def _money(heading: str, column: Column) -> str:
    return named_money(heading) if column.form is Form.AMOUNT else ""


class _Evidence:
    """What the cells of a column show of its decimal sign; looked at when asked."""

    def __init__(
        self, lines: Callable[[], Iterable[Line]], places: Sequence[int]
    ) -> None:
        self._lines = lines
        self._places = places
        self._seen: dict[int, set[str]] | None = None

    def of(self, at: int) -> frozenset[str]:
        """Return the decimal signs that a column shows beyond doubt."""
        if self._seen is None:
            self._seen = {place: set() for place in self._places}
            for line in self._lines():
                self._look(line, self._seen)
        return frozenset(self._seen[at] - {""})

    def _look(self, line: Line, seen: Mapping[int, set[str]]) -> None:
        cells = () if line.is_cut else line.cells
        for place, found in seen.items():
            if place < len(cells) and place not in line.typed:
                found.add(decimal_sign(unprefixed(cells[place].strip())))


def strange_columns(
    table: Table, layout: Layout, filled: Mapping[int, int]
) -> tuple[Problem, ...]:
    """Say which columns we do not know, so that a misspelt one is not lost."""
    ours = [column.name for column in table.columns]
    found = Problems()
    for at, header in layout.strange:
        if header or filled[at]:
            name = header or f"column {at + 1}, without a name"
            found.add("", "unknown-key", name, nearest(folded(header), ours))
    return found.all()


def folded(header: str) -> str:
    """Return a heading as our columns are called."""
    return header.casefold().replace(" ", "_").replace("-", "_")
