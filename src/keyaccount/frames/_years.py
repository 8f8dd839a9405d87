"""From a table of years to the facts that tiering judges: a row a customer.

The rules are those that `tiering.facts` follows for one customer (DOMAIN 3.3): the
evaluated year is the latest full one that has ended, a part year is never evaluated
and never annualised, a gap ends the row. Every figure stands in the row of one year,
or is one division of two; nothing is added up, so the order of rows cannot show.
"""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar

import narwhals as nw

from keyaccount.exceptions import InvalidValueError, Problems, UnknownFactError
from keyaccount.models.tiering import (
    FACTS,
    TieringPolicy,
    ValueBasis,
    Yardstick,
    default_policy,
)
from keyaccount.rules import Fact, FactSchema

from ._doubts import FULL_YEAR, count_of, doubts, refuse
from ._engines import back, opened
from ._facts import Frame, MissingColumnWarning, Source, sources
from ._rows import (
    GROUP,
    Rows,
    by_group,
    day_of,
    days_to_anniversary,
    leap_day_in,
)


__all__ = ["tiering_facts"]


FrameT = TypeVar("FrameT")

_YEARS = FactSchema(
    (
        Fact.number("year"),
        Fact.number("months", unit="months", low=1, high=12),
        Fact.number("sales", unit="money"),
        Fact.number("gross_profit", unit="money"),
        Fact.number("due", unit="money", low=0),
        Fact.number("collected", unit="money", low=0),
        Fact.number("on_time", unit="money", low=0),
    )
)
_ENDS_ON = "ends_on"
_AMOUNTS = ("sales", "gross_profit", "due", "collected", "on_time")
_WEEK = 7.0
_ABOVE_ANY_PLACE = float(1 << 50)
_BEYOND_ANY_AMOUNT = 1e300
_NO_NAMES: Mapping[str, str] = MappingProxyType({})

_VALUE, _COUNT, _LOWEST, _GROWTH, _MARGIN, _PAID, _IN_TIME = FACTS.names[:7]


def tiering_facts(
    years: FrameT,
    *,
    as_of: dt.date,
    policy: TieringPolicy | None = None,
    customer: str = "customer",
    names: Mapping[str, str] = _NO_NAMES,
) -> FrameT:
    """Work out of a table of years what `frames.tiering` asks: a row a customer.

    The columns are those of `years.csv`, a row a customer and year: `customer`,
    `year`, `ends_on` (a date; 31 December unless said), `months` (12 unless said) and
    `sales`, `gross_profit`, `due`, `collected`, `on_time`. All amounts are in the
    policy's currency: convert others first, at the rate of each year's end. Null and
    NaN are unknown; so is a column that is not there, and a warning says so.

    The answer has the customer and `contribution`, `years_in_row`,
    `lowest_contribution`, `growth_ratio`, `gross_margin`, `collection_rate` and
    `timeliness`, bit for bit what `tiering.facts` says of the same customer. Every
    customer gets a row; without a full year that has ended, `years_in_row` is 0 and
    the rest unknown. Of rows without a customer nothing is known: one row stands for
    them all. The other facts of tiering are columns that you join: `influence`,
    `overdue_share`, `reputation_harm`, `dispute`, and for a policy that goes by
    lifetime value `contribution` and `lowest_contribution`.

    A customer's rows that contradict each other (a year twice, years that end in
    another order) are refused where the rows are here. In a lazy frame nothing is
    known of such a customer, not even `years_in_row`.

    Args:
        years: of any engine; the same kind comes back, lazy if it was lazy. Frames
            whose rows are here come back sorted by customer.
        as_of: years that end later are left out.
        policy: for its basis, and how many years its rule asks.
        customer: the column that tells customers apart.
        names: the column of a figure, where it is not called so.

    Raises:
        UnknownFactError: *names* speaks of a figure that no year has.
        InvalidValueError: no frame, an *as_of* that is no plain date, columns that
            cannot be used, rows that contradict each other; all at once.
    """
    given = opened(years)
    found, ends_on = _columns(given, as_of, customer, names)
    yardstick = (policy or default_policy()).yardstick

    def worked_out(part: Frame) -> Frame:
        rows = Rows(part.select(**_figures(customer, found, ends_on)))
        return _evaluated(rows, as_of, yardstick, customer)

    if given.implementation.is_dask():
        return back(by_group(given, customer, worked_out), years)
    return back(worked_out(given), years)


def _evaluated(
    rows: Rows, as_of: dt.date, yardstick: Yardstick, customer: str
) -> Frame:
    """Take the evaluated year of every customer, or any row if there is none."""
    _look_back(rows, as_of)
    if isinstance(rows.frame, nw.DataFrame):
        refuse(rows.frame)
    rows.keep(wrong=doubts())
    answers = _answers(rows, yardstick)
    rows.keep_highest(best="rank", doubts="wrong")
    known = ~nw.col(GROUP).is_null() & (nw.col("doubts") == 0.0)
    told = {name: nw.when(known).then(value) for name, value in answers.items()}
    last = rows.frame.filter(nw.col("rank") == nw.col("best"))
    answer: Frame = last.select(nw.col(GROUP).alias(customer), **told)
    if isinstance(answer, nw.DataFrame):
        return nw.maybe_reset_index(answer)
    return answer


# columns


def _columns(
    frame: Frame, as_of: dt.date, customer: str, names: Mapping[str, str]
) -> tuple[Mapping[str, Source], str | None]:
    """Find the columns of the figures, and that of the year's end if there is one."""
    offered = (*_YEARS.names, _ENDS_ON)
    for name in names:
        if name not in offered:
            raise UnknownFactError(name, offered)
    schema, problems = frame.collect_schema(), Problems()
    problems.is_day("as_of", as_of)
    if customer not in schema:
        problems.add("customer", "missing", customer, "a column of the frame")
    if customer in FACTS:
        problems.add("customer", "duplicate", customer, "another name for it")
    year, end = names.get("year", "year"), names.get(_ENDS_ON, _ENDS_ON)
    if year not in schema:
        wanted = "a column of whole numbers, or names={'year': column}"
        problems.add("columns['year']", "missing", expected=wanted)
    if end not in schema and _ENDS_ON in names:
        problems.add("names['ends_on']", "missing", end, "a column of the frame")
    if end in schema and not _is_date(schema[end]):
        problems.add(
            f"columns[{end!r}]", "wrong-type", str(schema[end]), "a date column"
        )
    asked = [*_AMOUNTS, *(n for n in ("year", "months") if names.get(n, n) in schema)]
    numbers = {name: column for name, column in names.items() if name != _ENDS_ON}
    found: Mapping[str, Source] = {}
    try:
        with warnings.catch_warnings():
            if problems:  # they are told, nothing else
                warnings.simplefilter("ignore", MissingColumnWarning)
            found = sources(frame, _YEARS, asked, numbers)
    except InvalidValueError as error:
        problems.take("", error)
    problems.check("frame")
    return found, end if end in schema else None


def _is_date(dtype: nw.dtypes.DType) -> bool:
    return dtype == nw.Date or isinstance(dtype, nw.Datetime)


# rows


def _figures(
    customer: str, found: Mapping[str, Source], ends_on: str | None
) -> dict[str, nw.Expr]:
    """Bring the columns through the door; a year's end is a year and a day of it."""
    year = _number(found["year"])
    last_day = leap_day_in(year) + 365.0
    end_year, end_day = year, last_day
    if ends_on is not None:
        end = nw.col(ends_on)
        said = ~end.is_null()
        end_year = nw.when(said).then(end.dt.year().cast(nw.Float64)).otherwise(year)
        day = end.dt.ordinal_day().cast(nw.Float64)
        end_day = nw.when(said).then(day).otherwise(last_day)
    full_year = nw.lit(float(FULL_YEAR))
    months = _number(found["months"]) if "months" in found else None
    return {
        GROUP: nw.col(customer),
        "order": nw.when(~year.is_null()).then(year).otherwise(-1.0),
        "year": year,
        "end_year": end_year,
        "end_day": end_day,
        "months": full_year if months is None else months.fill_null(float(FULL_YEAR)),
        **{name: _number(found[name]) for name in _AMOUNTS},
    }


def _number(source: Source) -> nw.Expr:
    """Return a number, null where it is unknown; minus zero is zero."""
    if source.column is None:
        return nw.lit(None, nw.Float64)
    value = source.value  # Polars takes `+ 0.0` for nothing to do
    known = nw.when(~value.is_nan()).then(value)
    return nw.when(value == 0.0).then(0.0).otherwise(known)


def _look_back(rows: Rows, as_of: dt.date) -> None:
    """See of every row whether it is a full year that has ended; what it follows."""
    end_year, end_day = nw.col("end_year"), nw.col("end_day")
    rows.keep(
        day=day_of(end_year, end_day), to_next=days_to_anniversary(end_year, end_day)
    )
    has_ended = nw.col("day") <= float(as_of.toordinal())
    is_full = nw.col("months") >= float(FULL_YEAR)
    rows.keep(usable=count_of(has_ended & is_full), place=rows.place())
    rows.keep(
        year_before=rows.before("year"),
        day_before=rows.before("day"),
        next_due=rows.before("day") + rows.before("to_next"),
        usable_before=rows.before("usable"),
    )


# facts


def _answers(rows: Rows, yardstick: Yardstick) -> dict[str, nw.Expr]:
    """Say the facts of every row as if its year were the evaluated one."""
    apart = nw.col("day") - nw.col("next_due")
    is_next = (apart > -_WEEK) & (apart < _WEEK)
    follows = (nw.col("usable_before") == 1.0) & is_next
    begins = nw.when(follows).then(0.0).otherwise(nw.col("place"))
    is_profit = yardstick.basis == ValueBasis.GROSS_PROFIT.value
    amount = nw.col("gross_profit" if is_profit else "sales")
    rows.keep(begins=begins, amount=amount, sales_before=rows.before("sales"))
    earlier = range(1, yardstick.years)
    rows.keep(
        in_row=nw.col("place") - rows.highest_so_far("begins") + 1.0,
        rank=nw.col("place") + nw.col("usable") * _ABOVE_ANY_PLACE,
        **{f"amount_{at}": rows.before("amount", at) for at in earlier},
    )
    usable, in_row = nw.col("usable") == 1.0, nw.col("in_row")
    lowest = nw.col("amount")
    for at in earlier:
        lowest = _lesser(lowest, nw.col(f"amount_{at}"))
    found = {
        _VALUE: nw.when(usable).then(nw.col("amount")),
        _COUNT: nw.when(usable).then(in_row).otherwise(0.0),
        _LOWEST: nw.when(usable & (in_row >= float(yardstick.years))).then(lowest),
        _GROWTH: nw.when(usable & (in_row > 1.0)).then(_growth()),
        _MARGIN: nw.when(usable).then(_margin()),
        _PAID: nw.when(usable).then(_share(nw.col("collected"), nw.col("due"))),
        _IN_TIME: nw.when(usable).then(_share(nw.col("on_time"), nw.col("due"))),
    }
    if yardstick.basis == ValueBasis.LIFETIME.value:  # it is given, year by year alike
        unknown = nw.lit(None, nw.Float64)
        found |= {_VALUE: unknown, _LOWEST: unknown}
        found[_COUNT] = nw.lit(float(yardstick.years))
    return found


def _lesser(one: nw.Expr, other: nw.Expr) -> nw.Expr:
    """Return the lesser of two numbers, null if one of them is unknown."""
    return nw.when(one <= other).then(one).otherwise(nw.when(one > other).then(other))


def _growth() -> nw.Expr:
    sales = nw.col("sales")
    return nw.when(sales >= 0.0).then(_share(sales, nw.col("sales_before")))


def _margin() -> nw.Expr:
    sales, profit = nw.col("sales"), nw.col("gross_profit")
    return nw.when(profit <= sales).then(_share(profit, sales))


def _share(part: nw.Expr, whole: nw.Expr) -> nw.Expr:
    """Divide where there is something to divide by, row by row.

    A column that holds one number throughout Polars would divide by as a multiplication
    with the reciprocal, which is another number; what depends on the row is not.
    """
    of_the_row = nw.min_horizontal(whole, nw.col("place") + _BEYOND_ANY_AMOUNT)
    return part / nw.when(whole > 0.0).then(of_the_row)
