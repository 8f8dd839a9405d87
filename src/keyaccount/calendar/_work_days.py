"""The work days of a country: weekends, holidays, and days that make up for them."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable
from typing import cast

import holidays

from keyaccount.domain import WorkCalendar
from keyaccount.exceptions import Problems, nearest


__all__ = ["work_days"]


_FIRST_YEAR, _LAST_YEAR = 1970, 2200  # of every date in the library
_DAY = dt.timedelta(days=1)

# Where the government moved working days from year to year, and does so no more.
_BY_LAW_ALONE = frozenset({"BG", "TW"})  # since 2017, since 2026


def work_days(
    country: str = "CN", *, years: int | Iterable[int], subdivision: str | None = None
) -> WorkCalendar:
    """Return which days are worked in a country, from the first to the last year.

    Nothing is asked of a network or a clock: what is known hangs on the version of
    the package `holidays` that is installed. Some governments say late in a year
    which days of the next are free, and on which weekends people work for them;
    China's State Council does so in November. Until the package knows of it, a year
    is estimated: its holidays are those of the law, without the days that make up
    for them. The same goes for feasts whose day depends on the moon being seen. The
    calendar is known up to the first year of which anything is estimated.

    Args:
        country: its code of two letters as in ISO 3166-1, or of three.
        years: one year, or several; those between them are told too.
        subdivision: a state or a province by its code of ISO 3166-2, where holidays
            differ within the country.

    Raises:
        InvalidValueError: no such country or subdivision, or years that nobody knows.
    """
    problems = Problems()
    _check_place(problems, country, subdivision)
    found = _years(problems, years)
    problems.check("work_days")
    bare = _source(country, subdivision)
    known = max(_FIRST_YEAR, bare.start_year), min(_LAST_YEAR, bare.end_year)
    for year in sorted({found[0], found[-1]}):
        if not known[0] <= year <= known[1]:
            wanted = f"between {known[0]} and {known[1]}"
            problems.add("years", "out-of-range", year, wanted)
    problems.check("work_days")
    # to the end: a decree for a later year tells that an earlier one had its own
    end = known[1] if bare.has_substituted_holidays else found[-1]
    source = _source(country, subdivision, range(found[0], end + 1))
    return _calendar(source, range(found[0], found[-1] + 1))


def _check_place(problems: Problems, country: object, subdivision: object) -> None:
    offered = holidays.list_supported_countries()
    if not isinstance(country, str) or country not in offered:
        problems.add("country", "unknown-choice", country, _near(country, offered))
    elif subdivision is not None and subdivision not in offered[country]:
        near = _near(subdivision, offered[country])
        problems.add("subdivision", "unknown-choice", subdivision, near)


def _near(given: object, offered: Iterable[str]) -> str:
    """Say which code was probably meant; case is a slip, not a mystery."""
    names = sorted(offered)
    text = given.strip().upper() if isinstance(given, str) else given
    return repr(text) if text in names else nearest(text, names)


def _years(problems: Problems, given: object) -> tuple[int, ...]:
    """Return the years in order, once they are known to be years."""
    wanted = "a year such as 2026, or several"
    if isinstance(given, int) and not isinstance(given, bool):
        given = (given,)
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        problems.add("years", "wrong-type", given, wanted)
        return ()
    most = _LAST_YEAR - _FIRST_YEAR + 1
    found = list(itertools.islice(cast("Iterable[object]", given), most + 1))
    if not found:
        problems.add("years", "empty", expected="one year")
    elif len(found) > most:
        problems.add("years", "too-large", len(found), f"{most} years")
        return ()
    years = [
        year for year in found if isinstance(year, int) and not isinstance(year, bool)
    ]
    if len(years) < len(found):
        wrong = next(year for year in found if year not in years)
        problems.add("years", "wrong-type", wrong, wanted)
    return tuple(sorted(set(years)))


def _source(
    country: str, subdivision: str | None, years: range | None = None
) -> holidays.HolidayBase:
    # with a language of its own, or else the machine's would name the holidays
    return holidays.country_holidays(
        country, subdiv=subdivision, years=years, language="en_US"
    )


def _calendar(source: holidays.HolidayBase, years: range) -> WorkCalendar:
    free, worked = set[dt.date](), set[dt.date]()
    weekend = frozenset(source.weekend)
    first, last = dt.date(years[0], 1, 1), dt.date(years[-1], 12, 31)
    for at in range((last - first).days + 1):
        day = first + at * _DAY
        at_weekend = day.weekday() in weekend
        if source.is_working_day(day):
            if at_weekend:
                worked.add(day)
        elif not at_weekend or day in source:
            free.add(day)
    estimated = min(_estimated(source) & set(years), default=None)
    is_known = estimated != years[0]
    until = last if estimated is None else dt.date(estimated, 1, 1) - _DAY
    return WorkCalendar(
        free,
        worked,
        weekend,
        known_from=first if is_known else None,
        known_until=until if is_known else None,
        estimated_from=None if estimated is None else dt.date(estimated, 1, 1),
    )


def _estimated(source: holidays.HolidayBase) -> set[int]:
    """Return the years that wait for a decree, or for the moon."""
    marks = [
        source.tr(label).replace("%s", "")
        for name in ("estimated_label", "observed_estimated_label")
        if (label := getattr(source, name, None))
    ]
    found = {
        day.year for day, name in source.items() if any(mark in name for mark in marks)
    }
    if source.has_substituted_holidays and source.country not in _BY_LAW_ALONE:
        decreed = max((day.year for day in source.weekend_workdays), default=0)
        found.update(range(decreed + 1, source.end_year + 1))
    return found
