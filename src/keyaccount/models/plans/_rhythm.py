"""On which days something falls due that comes again and again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

import attrs

from keyaccount.rules import days_later


__all__ = ["Rhythm"]


@attrs.frozen
class Rhythm:
    """So many times within so many days, spread evenly, in whole days.

    The k-th time falls `days × k ÷ count` days, rounded down, after the start: four
    times in 365 days are 91, 182, 273 and 365 days.
    """

    days: int
    count: int = 1

    def step(self, times: int = 1) -> int:
        """Return how many days after the start it falls for the so-many-th time."""
        return self.days * times // self.count

    def due(self, anchor: dt.date | None, as_of: dt.date) -> Iterator[dt.date]:
        """Yield the days after the last time; from *as_of* on where there was none.

        What is late is owed once: the time after it counts from *as_of*, the first
        day on which it can be made good.
        """
        first = as_of if anchor is None else days_later(anchor, self.step())
        yield first
        start, done = as_of, 0
        if anchor is not None and first >= as_of:
            start, done = anchor, 1
        while True:
            done += 1
            yield days_later(start, self.step(done))

    def between(
        self, anchors: Iterable[dt.date | None], as_of: dt.date
    ) -> Iterator[tuple[dt.date, dt.date]]:
        """Yield the earliest and the latest days, the last time being one of several.

        It ends with the last day there is.
        """
        ways = [self.due(anchor, as_of) for anchor in anchors]
        while True:
            days = [next(way) for way in ways]
            yield min(days), max(days)
            if min(days) == dt.date.max:
                return
