"""Shares of a total: what one row is of all rows, or of its group, exactly.

Amounts are added up as whole numbers of their last decimal place, so that neither the
order of rows nor the engine can show, and divided once. A float64 adds up differently
in every order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import narwhals as nw

from keyaccount.exceptions import Problems

from ._engines import back, opened
from ._facts import Frame
from ._groups import beside
from ._units import ROOM, check_places, units_of


__all__ = ["share_of_total"]


FrameT = TypeVar("FrameT")

_PARTS, _SIZE, _GAP, _TOTAL, _SIZES, _GAPS = (
    f"__keyaccount_{name}"
    for name in ("parts", "size", "gap", "total", "sizes", "gaps")
)


def share_of_total(
    frame: FrameT,
    amount: str,
    *,
    by: str | Sequence[str] = (),
    name: str = "share",
    places: int = 2,
) -> FrameT:
    """Add the column *name*: what share an amount is of all amounts, or of its group.

    The share is the exact quotient of two sums of decimals, rounded once to float64:
    the same on every engine, in whatever order the rows come. (Totals above 2 ** 53
    units of the last place, 90 trillion with two, are rounded once more before.)

    It is null where it is not known: where an amount of the group is unknown (null,
    NaN or infinite: unknown is never zero, so the total is not known either), or has
    more decimals than *places* in a lazy frame; and where the total is not above 0, for
    a share of nothing is none.

    Args:
        frame: of any engine; the same kind comes back, lazy if it was lazy.
        amount: the column of amounts, in one currency; negative ones are returns.
        by: the columns that tell groups apart; null is a group of its own. Left out,
            all rows are one.
        name: what the share is called.
        places: how many decimals the amounts have, at most 6.

    Raises:
        InvalidValueError: no frame; columns that are not there, no number, or there
            already; *places* out of range; where the rows are here, an amount with
            more decimals.
    """
    groups = (by,) if isinstance(by, str) else tuple(by)
    given = opened(frame)
    _check(given, amount, groups, name, places)
    titles = given.collect_schema().names()
    units = units_of(amount, places)
    if isinstance(given, nw.DataFrame):
        _refuse_finer(given, amount, units.is_finer, places)
    parted = given.with_columns(
        **{
            _PARTS: units.known.cast(nw.Int64),
            _SIZE: units.known.abs(),
            _GAP: nw.when(units.is_whole).then(0.0).otherwise(1.0),
        }
    )
    sums = {_TOTAL: _PARTS, _SIZES: _SIZE, _GAPS: _GAP}
    summed = _beside(parted, sums, groups)
    # Polars divides a column by one number as a multiplication with its reciprocal,
    # which is another number; a total that goes through the row is a column of its own.
    total = (nw.col(_TOTAL) - nw.col(_PARTS) + nw.col(_PARTS)).cast(nw.Float64)
    is_known = (nw.col(_GAPS) == 0.0) & (nw.col(_SIZES) < ROOM) & (total > 0.0)
    share = nw.col(_PARTS).cast(nw.Float64) / nw.when(is_known).then(total)
    answered = summed.with_columns(**{name: share})
    return back(answered.select(*titles, name), frame)


def _beside(frame: Frame, sums: Mapping[str, str], groups: tuple[str, ...]) -> Frame:
    """Put the sums beside every row; Spark would move all rows to one place for it."""
    if groups:
        return beside(frame, groups, {title: (of, "sum") for title, of in sums.items()})
    added = {title: nw.col(of).sum() for title, of in sums.items()}
    if isinstance(frame, nw.LazyFrame) and frame.implementation.is_spark_like():
        return frame.join(frame.select(**added), how="cross")
    return frame.with_columns(**added)


def _check(
    frame: Frame, amount: str, groups: tuple[str, ...], name: str, places: int
) -> None:
    schema, problems = frame.collect_schema(), Problems()
    wanted = f"a column of the frame: {', '.join(schema.names())}"
    for path, column in (("amount", amount), *(("by", group) for group in groups)):
        if column not in schema:
            problems.add(path, "missing", column, wanted)
    if amount in schema and not schema[amount].is_numeric():
        problems.add(
            f"columns[{amount!r}]",
            "wrong-type",
            str(schema[amount]),
            "a number column; cast text first",
        )
    if name in schema:
        another = "another name=, or drop the column first"
        problems.add(f"columns[{name!r}]", "duplicate", name, another)
    check_places(places, problems)
    problems.check("share_of_total")


def _refuse_finer(
    frame: nw.DataFrame[Any], amount: str, is_finer: nw.Expr, places: int
) -> None:
    """Refuse the first amount that has more decimals than were promised."""
    problems = Problems()
    rows = frame.filter(is_finer).select(amount).head(1)
    if len(rows):
        wanted = f"at most {places} decimals; say places=, or round the amounts"
        problems.add(f"columns[{amount!r}]", "out-of-range", rows.item(0, 0), wanted)
    problems.check("share_of_total")
