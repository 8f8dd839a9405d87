"""How far we are in an industry on two days, and whether we got further (S0-22)."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

import attrs

from keyaccount import wire, wording
from keyaccount.domain import IndustryReach
from keyaccount.exceptions import Problems
from keyaccount.rules import Interval, Reason, display
from keyaccount.tri import Tri

from ._telling import told


__all__ = ["IndustryPenetration", "industry_penetration"]


Bounds: TypeAlias = tuple[Fraction, Fraction]
"""What an exact number lies between, both included."""


@attrs.frozen
class IndustryPenetration(wire.Plain, display.Explained):
    """Which share of the customers that we want buys from us, before and after.

    `before` and `after` are what was counted. Each share is one division, served by
    targets: bounds where a count is not known, None where nobody is wanted at all.
    `points` is the change in percentage points, for people to read; `risen` is
    decided on the counts, exactly.
    """

    before: IndustryReach
    after: IndustryReach
    share_before: Interval | None
    share_after: Interval | None
    points: Interval | None
    risen: Tri

    @property
    def industry(self) -> str:
        """The industry that was counted."""
        return self.after.industry

    @property
    def why(self) -> Reason:
        """The reasons, as a tree of codes and data."""
        days = (
            _day(self.before, self.share_before),
            _day(self.after, self.share_after),
        )
        parts = days if self.points is None else (*days, _change(self.points))
        data = (("industry", wording.plain(self.industry)),)
        if self.risen is Tri.YES:
            return Reason("penetration-risen", data, parts)
        if self.risen is Tri.NO:
            return Reason("penetration-not-risen", data, parts)
        return Reason("penetration-open", data, parts)

    def explain(self, locale: str = "en") -> tuple[str, ...]:
        """Say the answer and its reasons in a language, a line each, indented."""
        return told(self.why, locale)


def industry_penetration(
    before: IndustryReach, after: IndustryReach
) -> IndustryPenetration:
    """Compare how far we were in an industry with how far we are (S0-22).

    Penetration is the share of the customers that we want who buy from us. Where the
    list of those changed in between, the share may fall though we serve more. An
    industry whose targets nobody has counted is taken to have one at least.

    >>> import datetime as dt
    >>> then = IndustryReach("apparel", dt.date(2024, 12, 31), targets=40, served=6)
    >>> now = IndustryReach("apparel", dt.date(2025, 12, 31), targets=40, served=10)
    >>> industry_penetration(then, now).points
    Interval(low=10.0, high=10.0)

    Raises:
        InvalidValueError: no counts, two industries, or not the earlier day first.
    """
    problems = Problems()
    wanted = "an IndustryReach"
    one = problems.is_a("before", before, IndustryReach, wanted)
    other = problems.is_a("after", after, IndustryReach, wanted)
    if one and other:
        if after.industry != before.industry:
            needed = f"compare one industry with itself: {before.industry!r}"
            path = "after.industry"
            problems.add(path, "contradiction", after.industry, needed)
        if after.counted_on <= before.counted_on:
            needed = f"later than {before.counted_on}, the day before.counted_on"
            path = "after.counted_on"
            problems.add(path, "not-sorted", after.counted_on.isoformat(), needed)
    problems.check("industry_penetration")
    change = _span_of_change(before, after)
    return IndustryPenetration(
        before,
        after,
        _share(before),
        _share(after),
        None if change is None else _points(*change),
        _risen(change),
    )


def _bounds(reach: IndustryReach) -> Bounds | None:
    """Return the share exactly, or what it lies between; None where there is none."""
    if reach.targets == 0:
        return None
    if reach.served == 0:
        return Fraction(0), Fraction(0)
    if reach.served is None or reach.targets is None:
        return Fraction(0), Fraction(1)
    share = Fraction(reach.served, reach.targets)
    return share, share


def _share(reach: IndustryReach) -> Interval | None:
    bounds = _bounds(reach)
    return None if bounds is None else Interval(*map(float, bounds))


def _span_of_change(before: IndustryReach, after: IndustryReach) -> Bounds | None:
    then, now = _bounds(before), _bounds(after)
    if then is None or now is None:
        return None
    return now[0] - then[1], now[1] - then[0]


def _points(low: Fraction, high: Fraction) -> Interval:
    return Interval(float(low * 100), float(high * 100))


def _risen(change: Bounds | None) -> Tri:
    if change is None:
        return Tri.UNKNOWN
    low, high = change
    if low > 0:
        return Tri.YES
    return Tri.NO if high <= 0 else Tri.UNKNOWN


def _day(reach: IndustryReach, share: Interval | None) -> Reason:
    data: tuple[tuple[str, float | str], ...] = (("day", reach.counted_on.isoformat()),)
    if share is None:
        return Reason("penetration-day-void", data)
    if reach.targets is not None and reach.served is not None:
        counts = ("served", str(reach.served)), ("targets", str(reach.targets))
        share_data = (("got", share.low), ("unit", "share"))
        return Reason("penetration-day", (*data, *counts, *share_data))
    return Reason("penetration-day-open", data)


def _change(points: Interval) -> Reason:
    if not points.is_exact:
        data = (("low", points.low), ("high", points.high))
        return Reason("penetration-between", data)
    if points.low == 0:
        return Reason("penetration-same")
    code = "penetration-up" if points.low > 0 else "penetration-down"
    return Reason(code, (("points", abs(points.low)),))
