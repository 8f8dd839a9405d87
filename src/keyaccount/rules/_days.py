"""Counting in days of the calendar, weekends and holidays included."""

from __future__ import annotations

import datetime as dt


__all__ = ["days_later"]


def days_later(day: dt.date, days: int) -> dt.date:
    """Return the day so many days later; the last day there is, where that ends."""
    end = dt.date.max
    return end if days > (end - day).days else day + dt.timedelta(days)
