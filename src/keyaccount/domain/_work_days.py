"""Which days are worked: weekends, holidays, and the days that make up for them."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable
from typing import cast

import attrs

from ._checks import Checks
from ._conversions import gathered


__all__ = ["WorkCalendar"]


_DAY = dt.timedelta(days=1)
_DAYS_OF_WEEK = 7
_SATURDAY, _SUNDAY = 5, 6
_MOST_LATER = 10_000  # workdays: some forty years


def _days(days: Iterable[dt.date]) -> frozenset[dt.date]:
    return gathered(days)


def _weekdays(days: Iterable[int]) -> frozenset[int]:
    return gathered(days)


def _counted(days: frozenset[dt.date]) -> str:
    return f"<{len(days)} days>"


def _in_order(days: frozenset[int]) -> str:
    return f"{{{', '.join(map(str, sorted(days)))}}}"


@attrs.frozen
class WorkCalendar:
    """Which days are worked in a place.

    `weekend` holds weekdays from 0, Monday, to 6. A day of `workdays` is worked though
    it falls on a weekend, as the days in China that make up for a long holiday.

    What is written here is known from `known_from` to `known_until`: `is_sure` tells.
    From `estimated_from` on it is what is to be expected: in China the government
    says late in a year which days of the next are free, and which make up for them.
    Anywhere else only the weekend counts.
    """

    holidays: frozenset[dt.date] = attrs.field(
        default=frozenset(), converter=_days, repr=_counted
    )
    workdays: frozenset[dt.date] = attrs.field(
        default=frozenset(), converter=_days, repr=_counted
    )
    weekend: frozenset[int] = attrs.field(
        default=frozenset({_SATURDAY, _SUNDAY}), converter=_weekdays, repr=_in_order
    )
    known_from: dt.date | None = None
    known_until: dt.date | None = None
    estimated_from: dt.date | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        free = checks.days("holidays", self.holidays)
        worked = checks.days("workdays", self.workdays)
        if free and worked:
            for day in sorted(self.holidays & self.workdays):
                wanted = "either a holiday or a workday"
                checks.add("workdays", "contradiction", day.isoformat(), wanted)
        self._check_weekend(checks)
        spans = ("known_from", "known_until", "estimated_from")
        days = {name: getattr(self, name) for name in spans}
        sound = [checks.day(name, day, optional=True) for name, day in days.items()]
        told = [
            item for item, is_day in zip(days.items(), sound, strict=True) if is_day
        ]
        for (_, before), (name, day) in itertools.pairwise(told):
            least = before + _DAY if name == "estimated_from" else before
            if day < least:
                wanted = f"on or after {least}"
                checks.add(name, "not-sorted", day.isoformat(), wanted)
        checks.check("WorkCalendar")

    def _check_weekend(self, checks: Checks) -> None:
        given = cast("object", self.weekend)
        if not isinstance(given, frozenset):
            wanted = "a set of weekdays: 0 is Monday"
            checks.add("weekend", "wrong-type", given, wanted)
            return
        last = _DAYS_OF_WEEK - 1
        if len(given) > _DAYS_OF_WEEK:
            checks.add("weekend", "too-large", len(given), f"{last} weekdays")
            return
        sound = [checks.whole("weekend", day, 0, last) for day in self.weekend]
        if all(sound) and len(self.weekend) == _DAYS_OF_WEEK:
            wanted = "at least one day that is worked"
            checks.add("weekend", "contradiction", "all seven", wanted)

    def is_sure(self, day: dt.date) -> bool:
        """Whether the holidays of that day's time are known.

        Raises:
            InvalidValueError: no plain day.
        """
        _check(day)
        return (
            self.known_from is not None
            and self.known_until is not None
            and self.known_from <= day <= self.known_until
        )

    def is_estimated(self, day: dt.date) -> bool:
        """Whether what is written of that day is only to be expected.

        Raises:
            InvalidValueError: no plain day.
        """
        _check(day)
        return self.estimated_from is not None and day >= self.estimated_from

    def is_workday(self, day: dt.date) -> bool:
        """Whether people work on that day.

        Raises:
            InvalidValueError: no plain day.
        """
        _check(day)
        return self._is_worked(day)

    def on_or_before(self, day: dt.date) -> dt.date:
        """Return the day itself if it is worked, else the last one before that is.

        The very first day there is is returned even if nobody works on it.

        Raises:
            InvalidValueError: no plain day.
        """
        _check(day)
        while not self._is_worked(day) and day > dt.date.min:
            day -= _DAY
        return day

    def on_or_after(self, day: dt.date) -> dt.date:
        """Return the day itself if it is worked, else the next one that is.

        The very last day there is is returned even if nobody works on it.

        Raises:
            InvalidValueError: no plain day.
        """
        _check(day)
        return self._next(day)

    def later(self, day: dt.date, count: int) -> dt.date:
        """Return the workday so many workdays after a day; 0 is the day or the next.

        Counting from a day on which nobody works begins with the next one that is
        worked: three workdays after a Saturday is Thursday.

        Raises:
            InvalidValueError: no plain day, or no whole number from 0 to 10,000.
        """
        _check(day, count)
        day = self._next(day)
        for _ in range(count):
            if day == dt.date.max:
                break
            day = self._next(day + _DAY)
        return day

    def _is_worked(self, day: dt.date) -> bool:
        if day in self.workdays:
            return True
        return day not in self.holidays and day.weekday() not in self.weekend

    def _next(self, day: dt.date) -> dt.date:
        while not self._is_worked(day) and day < dt.date.max:
            day += _DAY
        return day


def _check(day: object, count: object = 0) -> None:
    checks = Checks()
    checks.is_day("day", day)
    checks.whole("count", count, 0, _MOST_LATER)
    checks.check("WorkCalendar")
