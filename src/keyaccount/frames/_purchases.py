"""What the purchases of every customer add up to, exactly, on any engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

import attrs
import narwhals as nw

from keyaccount.exceptions import Problems

from ._facts import Frame
from ._rows import day_of
from ._units import ROOM, check_places, units_of


__all__ = ["WHO", "Purchases", "Sums"]


WHO = "who"
_BEYOND_ANY_AMOUNT = 1e300
_ADDED = ("known", "later", "orders", "size", "gaps", "undated", "nobody")
_HIGHEST = ("latest", "odd")


@attrs.frozen
class Sums:
    """What the purchases of one customer add up to.

    `known` counts those up to the day, `later` the others; `orders`, `units` of
    amount and `gaps`, unknown amounts, are of the window; `latest` is the day of the
    last order, 0 if there is none. `size` adds amounts up regardless of their sign,
    `odd` is an amount that is no whole number of units.
    """

    units: int
    known: float
    later: float
    orders: float
    size: float
    gaps: float
    undated: float
    nobody: float
    latest: float
    odd: float


@attrs.frozen
class Purchases:
    """A table of purchases, and which of its columns tell who, when and how much."""

    frame: Frame
    customer: str
    on: str
    amount: str
    places: int

    def check(self, as_of: dt.date, answers: Collection[str]) -> None:
        """Refuse columns that cannot be used; all at once.

        Raises:
            InvalidValueError: one that is not there or of the wrong type, *places*
                out of range, an *as_of* that is no plain date.
        """
        schema, problems = self.frame.collect_schema(), Problems()
        problems.is_day("as_of", as_of)
        wanted = f"a column of the frame: {', '.join(schema.names())}"
        for path in ("customer", "on", "amount"):
            column = getattr(self, path)
            if column not in schema:
                problems.add(path, "missing", column, wanted)
        day, paid = schema.get(self.on), schema.get(self.amount)
        if day is not None and not (day == nw.Date or isinstance(day, nw.Datetime)):
            path = f"columns[{self.on!r}]"
            problems.add(path, "wrong-type", str(day), "a date column")
        if paid is not None and not paid.is_numeric():
            path, wanted = (
                f"columns[{self.amount!r}]",
                "a number column; cast text first",
            )
            problems.add(path, "wrong-type", str(paid), wanted)
        if self.customer in answers:
            problems.add("customer", "duplicate", self.customer, "another name for it")
        check_places(self.places, problems)
        problems.check("rfm")

    def by_customer(self, as_of: dt.date, window: float) -> Frame:
        """Add up what counts on a day: a row a customer, in whole numbers."""
        rows = self._rows(float(as_of.toordinal()), window)
        added = (nw.col(name).sum() for name in ("units", *_ADDED))
        highest = (nw.col(name).max() for name in _HIGHEST)
        found: Frame = rows.group_by(WHO).agg(*added, *highest)
        if isinstance(found, nw.DataFrame):
            return nw.maybe_reset_index(found.sort(WHO))
        return found

    def _rows(self, last: float, window: float) -> Frame:
        """Say of every purchase what it adds to its customer."""
        date, paid = nw.col(self.on), nw.col(self.amount).cast(nw.Float64)
        units = units_of(self.amount, self.places)
        day = day_of(
            date.dt.year().cast(nw.Float64), date.dt.ordinal_day().cast(nw.Float64)
        )
        is_told = paid.abs() < _BEYOND_ANY_AMOUNT
        read = self.frame.select(
            nw.col(self.customer).alias(WHO),
            nobody=_one(nw.col(self.customer).is_null()),
            undated=_one(date.is_null()),
            day=nw.when(~date.is_null()).then(day).otherwise(0.0),
            paid=nw.when(is_told).then(paid).otherwise(0.0),
            told=_one(is_told),
            whole=_one(units.is_whole),
            units=units.known,
        )
        day, is_told = nw.col("day"), nw.col("told") == 1.0
        is_known = (nw.col("undated") == 0.0) & (day <= last)
        is_recent = is_known & (day > last - window)
        is_order = is_known & (nw.col("paid") >= 0.0)  # 0 where it is not known
        is_odd = is_recent & is_told & (nw.col("whole") == 0.0)
        units_now = nw.when(is_recent).then(nw.col("units")).otherwise(0.0)
        return read.select(
            WHO,
            "nobody",
            "undated",
            known=_one(is_known),
            later=_one(day > last),
            orders=_one(is_order & is_recent),
            latest=nw.when(is_order).then(day).otherwise(0.0),
            gaps=_one(is_recent & ~is_told),
            odd=nw.when(is_odd).then(nw.col("paid").abs()).otherwise(0.0),
            units=units_now.cast(nw.Int64),
            size=units_now.abs(),
        )

    def collected(self, summed: Frame) -> Mapping[object, Sums]:
        """Return what each customer's purchases add up to.

        Raises:
            InvalidValueError: purchases of nobody or on no day; amounts with more
                decimals than was said, or too large to be added.
        """
        asked = summed.select(WHO, "units", *_ADDED, *_HIGHEST)
        here: nw.DataFrame[Any] = (
            asked.collect() if isinstance(asked, nw.LazyFrame) else asked
        )
        found = {
            who: Sums(int(units), *map(float, sums))
            for who, units, *sums in here.iter_rows()
        }
        self._refuse(found)
        return found

    def _refuse(self, found: Mapping[object, Sums]) -> None:
        problems, sums = Problems(), found.values()
        if any(one.nobody for one in sums):
            path, wanted = f"columns[{self.customer!r}]", "a customer in every row"
            problems.add(path, "missing", expected=wanted)
        if any(one.undated for one in sums):
            path, wanted = f"columns[{self.on!r}]", "a date in every row"
            problems.add(path, "missing", expected=wanted)
        path = f"columns[{self.amount!r}]"
        finest = max((one.odd for one in sums), default=0.0)
        if finest:
            wanted = f"at most {self.places} decimals; say places=, or round"
            problems.add(path, "out-of-range", finest, wanted)
        for who, one in found.items():
            if one.size >= ROOM:
                wanted = "less in a year, or fewer places="
                problems.add(path, "out-of-range", who, wanted)
        problems.check("rfm")


def _one(when: nw.Expr) -> nw.Expr:
    return nw.when(when).then(1.0).otherwise(0.0)
