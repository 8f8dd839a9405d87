"""Contacts and issues of one customer, as the tests of communication draw them."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st

from keyaccount.domain import CommChannel, CommPurpose, Issue, RootCause, Touchpoint
from keyaccount.tri import Tri


__all__ = ["TODAY", "ago", "contact", "contacts", "issues", "near_days"]


TODAY = dt.date(2025, 12, 31)


def ago(days: int) -> dt.date:
    """Return the day so many days before today; below 0 it is to come."""
    return TODAY - dt.timedelta(days)


def contact(
    days: int, purpose: CommPurpose | None = None, channel: CommChannel | None = None
) -> Touchpoint:
    """Return a contact so many days ago."""
    if channel is None:
        channel = CommChannel.CUSTOMER if purpose is None else purpose.channel
    return Touchpoint("c1", ago(days), channel, purpose)


near_days = st.integers(-20, 120)
"""Days ago, among them the boundaries of every cadence, some to come."""


@st.composite
def contacts(draw: st.DrawFn, days: st.SearchStrategy[int] = near_days) -> Touchpoint:
    """Contacts through any channel, for a purpose or for nobody knows what."""
    channel = draw(st.sampled_from(CommChannel))
    purposes = [one for one in CommPurpose if one.channel is channel]
    purpose = draw(st.none() | st.sampled_from(purposes))
    return contact(draw(days), purpose, channel)


@st.composite
def issues(draw: st.DrawFn) -> tuple[Issue, ...]:
    """Issues of a customer, resolved or not, with all that may be unknown."""
    found = []
    for place in range(draw(st.integers(0, 4))):
        opened = draw(st.integers(-5, 60))
        resolved = draw(st.sampled_from(Tri))
        is_dated = resolved is Tri.YES and draw(st.booleans())
        issue = Issue(
            f"i{place}",
            "c1",
            "late truck",
            ago(opened),
            owner=draw(st.sampled_from([None, "Li"])),
            internal=draw(st.sampled_from(Tri)),
            root_cause=draw(st.none() | st.sampled_from(RootCause)),
            resolved=resolved,
            resolved_on=ago(opened - draw(st.integers(0, 70))) if is_dated else None,
        )
        found.append(issue)
    return tuple(found)
