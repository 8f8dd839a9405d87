"""What can be wrong in a table of years: rows that contradict themselves or each other.

A noun refuses them when it is made. In columns they are refused where the rows are
here; in a lazy frame nothing is known of a customer of whom they tell.
"""

from __future__ import annotations

import calendar
import datetime as dt
import functools
import operator
from typing import Any

import attrs
import narwhals as nw

from keyaccount.exceptions import Problems

from ._rows import GROUP


__all__ = ["FULL_YEAR", "count_of", "doubts", "refuse"]


FULL_YEAR = len(calendar.month_name) - 1


@attrs.frozen
class _Doubt:
    """How rows can contradict themselves or each other."""

    column: str
    code: str
    where: nw.Expr
    wanted: str = ""


def _all() -> tuple[_Doubt, ...]:
    year, full_year = nw.col("year"), float(FULL_YEAR)
    months, end_year = nw.col("months"), nw.col("end_year")
    no_month_count = (months < 1.0) | (months > full_year)
    ends_elsewhere = (end_year < year) | (end_year > year + 1.0)
    is_early = nw.col("day") <= nw.col("day_before")
    named = "a fiscal year ends in the year that it is named after, or in the next"
    return (
        _Doubt("year", "out-of-range", year.floor() < year, "a whole number"),
        _Doubt("year", "duplicate", year == nw.col("year_before")),
        _Doubt("months", "out-of-range", no_month_count, f"1 to {FULL_YEAR}"),
        _Doubt("ends_on", "contradiction", ends_elsewhere, named),
        _Doubt(
            "ends_on",
            "not-sorted",
            is_early & (year > nw.col("year_before")),
            "later than the end of the year before",
        ),
    )


def refuse(frame: nw.DataFrame[Any]) -> None:
    """Refuse rows that contradict themselves or each other, the first of each kind."""
    problems = Problems()
    for doubt in _all():
        rows = frame.filter(doubt.where & ~nw.col(GROUP).is_null())
        for row in rows.head(1).iter_rows(named=True):
            customer, year = row[GROUP], row["year"]
            path = f"rows[{customer!r}, {year:g}].{doubt.column}"
            got: object = row.get(doubt.column)
            if doubt.code == "duplicate":
                got = f"{customer}, {year:g}"
            elif doubt.column == "ends_on":
                got = dt.date.fromordinal(int(row["day"])).isoformat()
            problems.add(path, doubt.code, got, doubt.wanted or None)
    problems.check("frame")


def doubts() -> nw.Expr:
    """Count what is wrong in a row."""
    return functools.reduce(operator.add, (count_of(one.where) for one in _all()))


def count_of(holds: nw.Expr) -> nw.Expr:
    """Return 1 where something surely holds, else 0."""
    return nw.when(holds).then(1.0).otherwise(0.0)
