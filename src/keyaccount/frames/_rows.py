"""Rows in the order of groups and of time: what stands before, what comes last.

Where rows are here they are sorted once, and a look back is a shift of the whole
column; elsewhere it is a window, which is what databases have. (PyArrow has only the
first way, and Dask neither: there every part is a frame of pandas.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import narwhals as nw

from ._facts import Frame
from ._groups import Totals, beside


__all__ = [
    "GROUP",
    "Rows",
    "by_group",
    "day_of",
    "days_to_anniversary",
    "leap_day_in",
]


GROUP = "group"
_ORDER, _ONE, _IS_NOBODY = "order", "one", "is_nobody"


class Rows:
    """The rows of a frame, by group and, within one, in a rising order.

    The frame comes with the columns `group` and `order`; columns of other names are
    kept beside. No order is null.
    """

    def __init__(self, frame: Frame) -> None:
        nobody = nw.when(nw.col(GROUP).is_null()).then(1.0).otherwise(0.0)
        self.frame = frame.with_columns(**{_ONE: nw.lit(1.0), _IS_NOBODY: nobody})
        self.are_here = isinstance(frame, nw.DataFrame)
        if self.are_here:
            self.frame = self.frame.sort(GROUP, _ORDER)

    def keep(self, **values: nw.Expr) -> None:
        """Work columns out, so that what follows can name them."""
        self.frame = self.frame.with_columns(**values)

    def before(self, name: str, rows: int = 1) -> nw.Expr:
        """Return a number as it stands some rows earlier in the group, or null."""
        earlier = nw.col(name).shift(rows)
        if not self.are_here:
            return earlier.over(GROUP, order_by=_ORDER)
        group, nobody = nw.col(GROUP), nw.col(_IS_NOBODY)
        same = (group == group.shift(rows)).fill_null(False)  # noqa: FBT003 - a literal
        nobodies = (nobody + nobody.shift(rows)).fill_null(0.0) == 2.0  # noqa: PLR2004 - both
        return nw.when(same | nobodies).then(earlier)

    def place(self) -> nw.Expr:
        """Count the rows: 1, 2, 3, … in every group, or through all of them."""
        return self._so_far(nw.col(_ONE).cum_sum())

    def highest_so_far(self, name: str) -> nw.Expr:
        """Return the highest of a number up to here, of what is never less later on."""
        return self._so_far(nw.col(name).cum_max())

    def _so_far(self, value: nw.Expr) -> nw.Expr:
        return value if self.are_here else value.over(GROUP, order_by=_ORDER)

    def keep_highest(self, **columns: str) -> None:
        """Put the highest number of a row's group beside it."""
        totals: Totals = {title: (of, "max") for title, of in columns.items()}
        self.frame = beside(self.frame, [GROUP], totals)


def by_group(frame: Frame, group: str, work: Callable[[Frame], Frame]) -> Frame:
    """Work on the parts of a Dask frame, which has no windows, each group in one."""

    def on_part(part: object) -> object:
        return work(nw.from_native(cast("Any", part))).to_native()

    native: Any = frame.to_native()
    parts = native.shuffle(on=group)
    empty = on_part(native._meta)  # noqa: SLF001 - guessing would run it on made-up rows
    return cast("Frame", nw.from_native(parts.map_partitions(on_part, meta=empty)))


# Days are counted in floats, exactly: engines disagree about dates, and about what an
# integer division is, but not about `floor`.


def day_of(year: nw.Expr, day: nw.Expr) -> nw.Expr:
    """Count the days since the year 1: what `date.toordinal` says.

    Args:
        year: a whole number.
        day: of the year, from 1.
    """
    past = year - 1.0
    leaps = (past * 0.25).floor() - (past * 0.01).floor() + (past * 0.0025).floor()
    return past * 365.0 + leaps + day


def leap_day_in(year: nw.Expr) -> nw.Expr:
    """Return 1 for a leap year, else 0."""
    new_year = nw.lit(1.0)
    return day_of(year + 1.0, new_year) - day_of(year, new_year) - 365.0


def days_to_anniversary(year: nw.Expr, day: nw.Expr) -> nw.Expr:
    """Count the days to the same day of the next year; 29 February's is the 28th."""
    after_february = day >= 60.0  # noqa: PLR2004 - 31 + 28 + 1, leap year or not
    leap = nw.when(after_february).then(leap_day_in(year + 1.0))
    return leap.otherwise(leap_day_in(year)) + 365.0
