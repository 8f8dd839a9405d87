"""Tables that give all that fires: lists, sums, counts, least and greatest."""

from __future__ import annotations

from types import MappingProxyType
from typing import TypeVar

import narwhals as nw

from keyaccount.rules import DecisionTable, HitPolicy

from ._language import Truth
from ._rails import Rails
from ._sheet import Sheet, joined


__all__ = ["add_all"]


FrameT = TypeVar("FrameT")


def add_all(
    sheet: Sheet[FrameT], table: DecisionTable, rows: list[Rails[nw.Expr]], title: str
) -> None:
    """Put what a multi-hit table answers on a sheet."""
    if table.hit in {HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER}:
        places = list(range(len(rows)))
        if table.hit is HitPolicy.OUTPUT_ORDER:
            places.sort(key=lambda at: -table.outcomes.index(table.rows[at].then))
        for ending, rail in (("", "must"), ("_possible", "may")):
            texts = [(getattr(rows[at], rail), table.rows[at].then) for at in places]
            sheet.add(f"{title}{ending}", joined(texts))
        return
    adds = [row.adds for row in table.rows]
    low, high = _TOTALS[table.hit](sheet, adds, rows)
    sheet.add(f"{title}_low", low)
    sheet.add(f"{title}_high", high)


Ends = tuple[nw.Expr, nw.Expr]


def _sum(sheet: Sheet[FrameT], adds: list[float], rows: list[Rails[nw.Expr]]) -> Ends:
    low, high = sheet.words.constant(0.0), sheet.words.constant(0.0)
    for add, row in zip(adds, rows, strict=True):
        low += _weighed(sheet, row.must if add >= 0 else row.may, add)
        high += _weighed(sheet, row.may if add > 0 else row.must, add)
    return low, high


def _count(sheet: Sheet[FrameT], adds: list[float], rows: list[Rails[nw.Expr]]) -> Ends:
    ones = [1.0 for _ in adds]
    return _sum(sheet, ones, rows)


def _weighed(sheet: Sheet[FrameT], when: Truth[nw.Expr], add: float) -> nw.Expr:
    if isinstance(when, bool):
        return sheet.words.constant(add if when else 0.0)
    return sheet.words.choose(when, add, 0.0)


def _least(sheet: Sheet[FrameT], adds: list[float], rows: list[Rails[nw.Expr]]) -> Ends:
    """The least of all that may fire, and the least that surely does, if any."""
    rising = sorted(range(len(adds)), key=lambda at: adds[at])
    one = _first(sheet, adds, rows, rising, "may", None)
    greatest = _first(sheet, adds, rows, rising[::-1], "may", None)
    return one, _first(sheet, adds, rows, rising, "must", greatest)


def _greatest(
    sheet: Sheet[FrameT], adds: list[float], rows: list[Rails[nw.Expr]]
) -> Ends:
    rising = sorted(range(len(adds)), key=lambda at: adds[at])
    least = _first(sheet, adds, rows, rising, "may", None)
    one = _first(sheet, adds, rows, rising[::-1], "may", None)
    return _first(sheet, adds, rows, rising[::-1], "must", least), one


def _first(  # noqa: PLR0913, PLR0917 - a piece of the two above
    sheet: Sheet[FrameT],
    adds: list[float],
    rows: list[Rails[nw.Expr]],
    places: list[int],
    rail: str,
    otherwise: nw.Expr | None,
) -> nw.Expr:
    """Take the number of the first row, in this order, that fires."""
    answer = otherwise
    for at in reversed(places):
        when = getattr(rows[at], rail)
        number = sheet.words.constant(adds[at])
        if isinstance(when, bool):
            answer = number if when else answer
        else:
            chosen = nw.when(when).then(number)
            answer = chosen if answer is None else chosen.otherwise(answer)
    return nw.lit(None, nw.Float64) if answer is None else answer


_TOTALS = MappingProxyType(
    {
        HitPolicy.SUM: _sum,
        HitPolicy.COUNT: _count,
        HitPolicy.MIN: _least,
        HitPolicy.MAX: _greatest,
    }
)
