"""Dates as people and spreadsheets write them; what may be two days is refused."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

from keyaccount.exceptions import Problems


__all__ = ["DAY_ORDERS", "PLAIN_DAY", "SERIALS", "DayOrder", "tidy_day"]


DayOrder: TypeAlias = Literal["dmy", "mdy"]
"""Which comes first in 03/04/2025: the day or the month."""

DAY_ORDERS: tuple[DayOrder, ...] = ("dmy", "mdy")
PLAIN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
SERIALS: Mapping[int, dt.date] = MappingProxyType(
    {1900: dt.date(1899, 12, 30), 1904: dt.date(1904, 1, 1)}
)
"""The day before the first of each date system of a spreadsheet, as of March 1900."""

_LONGEST = 40
_CLOCK = r"(?:[T ]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?)?"
_YEAR_FIRST = re.compile(
    r"(?:([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})"
    r"|([0-9]{4}) ?年 ?([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?[日号號])" + _CLOCK,
    re.ASCII,
)
_YEAR_LAST = re.compile(
    r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})" + _CLOCK, re.ASCII
)
_SERIAL = re.compile(r"([0-9]{5})(?:\.[0-9]{1,15})?", re.ASCII)  # 100125 is ddmmyy
_FIRST_YEAR, _LAST_YEAR = 1970, 2200  # as every date of a noun


def tidy_day(
    text: str,
    column: str,
    order: DayOrder | None,
    serials: int | None,
    problems: Problems,
) -> str | None:
    """Return a day as YYYY-MM-DD; None, and the problem, where it may be two days.

    What is no date stays as it is. A time of the day is left out.
    """
    if len(text) > _LONGEST:
        return text
    first = _YEAR_FIRST.fullmatch(text)
    if first is not None:
        year, _, month, day = first.group(1, 2, 3, 4)
        if year is None:
            year, month, day = first.group(5, 6, 7)
        return _iso(year, month, day) or text
    last = _YEAR_LAST.fullmatch(text)
    if last is not None:
        one, _, two, year = last.group(1, 2, 3, 4)
        by = {"dmy": _iso(year, two, one), "mdy": _iso(year, one, two)}
        found = {by[order]} if order is not None else {*by.values()}
        days = sorted(day for day in found if day is not None)
        if len(days) > 1:
            problems.add(column, "ambiguous-date", text, " or ".join(days))
            return None
        return days[0] if days else text
    serial = _SERIAL.fullmatch(text)
    if serial is not None and serials is not None:
        found_day = SERIALS[serials] + dt.timedelta(days=int(serial[1]))
        if _FIRST_YEAR <= found_day.year <= _LAST_YEAR:
            return found_day.isoformat()
    return text


def _iso(year: str, month: str, day: str) -> str | None:
    try:
        return dt.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None  # the 31st of June
