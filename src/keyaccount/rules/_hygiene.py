"""What is wrong with a table that may well be read without error.

A gap, an overlap, a row that can never fire, a fact that never matters: each is
found with a witness. The check is exact, by one
representative of every cell, up to 200,000 cells; beyond that rows are held against
each other pair by pair, the rest is sampled, and the finding says so. A score is
taken for a number of its own, whatever the facts that it is made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

import attrs

from keyaccount.exceptions import Problem, Problems

from ._cells import Axis, axes, names_in
from ._facts import FactSchema
from ._grid import MOST_CELLS, Grid, Sets, size_of
from ._table import DecisionTable, HitPolicy, Row, gather, in_order


__all__ = ["Sheet", "lint_sheet", "lint_table"]


@attrs.frozen
class Sheet:
    """What hygiene needs of a table: its rows with their places, and how they are read.

    A table with mistakes is looked at as well, without the rows that make no sense.
    """

    about: FactSchema
    places: tuple[int, ...]
    rows: tuple[Row, ...]
    otherwise: str | None
    hit: HitPolicy
    outcomes: tuple[str, ...]
    scores: tuple[str, ...]
    table: DecisionTable | None = None

    def axes(self, rows: Iterable[Row]) -> tuple[Axis, ...]:
        """Return the facts and scores that some of the rows ask for."""
        return axes((row.when for row in rows), self.about, self.scores)


class _Room:
    """How many cells may still be looked at, so that every table ends in time."""

    __slots__ = ("left",)

    def __init__(self, cells: int) -> None:
        self.left = cells

    def grid(self, sheet: Sheet, *rows: Row) -> Grid | None:
        """Lay out what a few rows ask for; None if that is too much."""
        if self.left <= 0:
            return None
        asked = sheet.axes(rows)
        cells = size_of(asked)
        self.left -= min(cells, MOST_CELLS) + _LEAST_CELLS
        return Grid.of(sheet.about, asked) if cells <= MOST_CELLS else None


_ALL_CELLS = 4_000_000
_LEAST_CELLS = 5_000  # what even the smallest grid costs


def lint_table(table: DecisionTable) -> tuple[Problem, ...]:
    """Return every gap, overlap, row that cannot fire and fact that never matters."""
    scores = tuple(card.name for card in table.scorecards)
    sheet = Sheet(
        table.about,
        tuple(range(len(table.rows))),
        table.rows,
        table.otherwise,
        table.hit,
        table.outcomes,
        scores,
        table,
    )
    return lint_sheet(sheet)


def lint_sheet(sheet: Sheet) -> tuple[Problem, ...]:
    """Return the findings on what can be read of a table."""
    problems = Problems()
    grid = Grid.of(sheet.about, sheet.axes(sheet.rows))
    fired = [grid.rails(row.when) for row in sheet.rows]
    idle = _idle_rows(sheet, grid, fired, problems)
    _overlaps(sheet, grid, fired, problems)
    _gaps(sheet, grid, fired, problems)
    _dead_columns(sheet, grid, fired, idle, problems)
    return problems.all()


def _idle_rows(
    sheet: Sheet, grid: Grid, fired: list[Sets], problems: Problems
) -> frozenset[int]:
    """Note the rows that never fire, because of themselves or of those before."""
    idle, room = set(), _Room(_ALL_CELLS)
    order = in_order(sheet.rows, sheet.hit, sheet.outcomes)
    for rank, at in enumerate(order):
        before = order[:rank] if sheet.hit in _ORDERED else ()
        left = own = fired[at][1]
        for other in before:
            left &= ~fired[other][0]
        if left:
            continue
        shadows = tuple(other for other in before if fired[other][0] & own)
        if grid.is_sampled:  # it may yet fire: hold it against one row at a time
            near = [other for other in before if not own & ~fired[other][0]]
            found = _shadow(sheet, at, near, room)
            if found is None:
                continue
            shadows = found
        idle.add(at)
        path, row = f"rows[{sheet.places[at]}]", sheet.rows[at].id
        if shadows:
            first = ", ".join(sheet.rows[other].id for other in sorted(shadows))
            problems.add(path, "unreachable-row", row, first)
        else:
            problems.add(path, "impossible-row", row)
    return frozenset(idle)


_ORDERED = frozenset({HitPolicy.FIRST, HitPolicy.PRIORITY})


def _shadow(
    sheet: Sheet, at: int, before: list[int], room: _Room
) -> tuple[int, ...] | None:
    """Return an earlier row that covers this one; none if it can never hold at all.

    None is for a row that can fire, for all that is seen.
    """
    row = sheet.rows[at]
    alone = room.grid(sheet, row)
    if alone is None:
        return None
    if not alone.rails(row.when)[1]:
        return ()
    for other in before:
        pair = room.grid(sheet, row, sheet.rows[other])
        if pair is None:
            continue
        surely, _ = pair.rails(sheet.rows[other].when)
        if not pair.rails(row.when)[1] & ~surely:
            return (other,)
    return None


_MOST_OVERLAPS = 20


def _overlaps(sheet: Sheet, grid: Grid, fired: list[Sets], problems: Problems) -> None:
    """Note rows that fire together though the hit policy keeps them apart."""
    if sheet.hit not in {HitPolicy.UNIQUE, HitPolicy.ANY}:
        return
    room, told = _Room(_ALL_CELLS if grid.is_sampled else 0), 0
    for left, right in combinations(range(len(sheet.rows)), 2):
        rows = sheet.rows[left], sheet.rows[right]
        if sheet.hit is HitPolicy.ANY and rows[0].then == rows[1].then:
            continue
        where = _meeting(grid, fired[left][0] & fired[right][0])
        if grid.is_sampled:
            pair = room.grid(sheet, *rows)
            if pair is not None:
                both = pair.rails(rows[0].when)[0] & pair.rails(rows[1].when)[0]
                where = _meeting(pair, both)
        if where:
            told += 1
            ids = f"{rows[0].id}, {rows[1].id}"
            problems.add(f"rows[{sheet.places[right]}]", "overlap", ids, where)
        if told == _MOST_OVERLAPS:
            return


def _meeting(grid: Grid, both: int) -> str:
    """Say where two rows meet; nothing if they do not."""
    return "".join(grid.say(box) + _sampled(grid) for box in grid.boxes(both, 1))


_MOST_GAPS = 5


def _gaps(sheet: Sheet, grid: Grid, fired: list[Sets], problems: Problems) -> None:
    """Note what no row and no otherwise answers for, piece by piece."""
    if sheet.otherwise is not None or not sheet.hit.is_single:
        return
    left = grid.full
    for _, may in fired:
        left &= ~may
    for box in grid.boxes(left, 1 if grid.is_sampled else _MOST_GAPS):
        problems.add("rows", "gap", grid.say(box) + _sampled(grid))


def _dead_columns(
    sheet: Sheet,
    grid: Grid,
    fired: list[Sets],
    idle: frozenset[int],
    problems: Problems,
) -> None:
    """Note the facts and scores that rows ask for and that never matter."""
    rows = [row for at, row in enumerate(sheet.rows) if at not in idle]
    asked = {name for row in rows for name in names_in(row.when)}
    for axis in grid.axes:
        if axis.name not in asked:
            continue
        along, seen = grid, fired
        if grid.is_sampled:
            along = Grid.sample(sheet.about, grid.axes, axis.name)
            seen = [along.rails(row.when) for row in sheet.rows]
        if not _matters(sheet, along, seen, axis.name):
            problems.add("rows", "dead-column", axis.name + _sampled(along))


def _matters(sheet: Sheet, grid: Grid, fired: list[Sets], name: str) -> bool:
    if sheet.hit.is_single:
        answers = _answers(sheet, grid, fired)
        return any(grid.varies(cells, name) for cells in answers.values())
    changed, stride = 0, grid.strides[name]
    for must, may in fired:
        changed |= grid.varies(must, name) | grid.varies(may, name)
    if sheet.table is None or changed.bit_count() > _MOST_LOOKED_AT:
        return bool(changed)
    return any(
        _gathered(sheet.table, fired, cell)
        != _gathered(sheet.table, fired, cell + stride)
        for cell in _bits_of(changed)
    )


def _answers(sheet: Sheet, grid: Grid, fired: list[Sets]) -> dict[str | None, int]:
    """Return, per outcome of a single-hit table, the cells where it is possible."""
    answers = dict.fromkeys((*(row.then for row in sheet.rows), sheet.otherwise), 0)
    left = grid.full
    if sheet.hit in _ORDERED:
        for at in in_order(sheet.rows, sheet.hit, sheet.outcomes):
            answers[sheet.rows[at].then] |= fired[at][1] & left
            left &= ~fired[at][0]
    else:
        for must, _ in fired:
            left &= ~must
        for row, (must, may) in zip(sheet.rows, fired, strict=True):
            answers[row.then] |= must | may & left
    answers[sheet.otherwise] |= left
    return answers


def _gathered(table: DecisionTable, fired: list[Sets], cell: int) -> object:
    must = sum((surely >> cell & 1) << at for at, (surely, _) in enumerate(fired))
    may = sum((perhaps >> cell & 1) << at for at, (_, perhaps) in enumerate(fired))
    return gather(table, must, may)


_MOST_LOOKED_AT = 20_000


def _bits_of(cells: int) -> Iterator[int]:
    while cells:
        lowest = cells & -cells
        yield lowest.bit_length() - 1
        cells ^= lowest


def _sampled(grid: Grid) -> str:
    return " (sampled)" if grid.is_sampled else ""
