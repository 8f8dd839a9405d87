"""An agenda as an iCalendar file (RFC 5545), which calendar programs import.

An item is an all-day event, and no VTODO: Outlook and Google Calendar leave those out
without a word. Names come from anybody, so nothing in them may become a property.
"""

from __future__ import annotations

import collections
import datetime as dt
import hashlib
import json

import icalendar

from keyaccount import wording
from keyaccount.book import Agenda, Item
from keyaccount.exceptions import Problems


__all__ = ["to_ical"]


_MAKER = "-//keyaccount//agenda//EN"
_FIRST_YEAR, _LAST_YEAR = 1970, 2200  # of every date in the library
_DAY = dt.timedelta(days=1)
_LONGEST_SUMMARY, _LONGEST_PART = 200, 1_000  # calendar programs cut earlier or never


def to_ical(
    agenda: Agenda,
    *,
    stamp: dt.datetime,
    locale: str = "en",
    name: str | None = None,
    late_today: bool = False,
) -> bytes:
    """Write an agenda as an iCalendar file: an all-day event for every item.

    An event stands on the day its item is due, and leaves the day free for other
    things. Where people are off on that day, it begins on the day to act by. Its id
    is made of what is due, for whom, and when, whatever its words and its owner: what
    is imported again takes the place of what was there. Owners stand in the text, for
    an invitation would need an address.

    Args:
        agenda: what to write; `agenda.of(owner)` or `agenda.within(days)` is less.
        stamp: when the file is written, with a time zone.
        locale: the language.
        name: what the calendar is called; left out, the program names it.
        late_today: put what is late on the agenda's own day, where somebody sees it,
            and not on the day it was due; its text says how late it is.

    Raises:
        InvalidValueError: no agenda, or no moment that has a time zone.
    """
    problems = Problems()
    problems.is_a("agenda", agenda, Agenda, "an Agenda")
    _check_stamp(problems, stamp)
    problems.check("to_ical")
    calendar = icalendar.Calendar()
    calendar.add("prodid", _MAKER)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if shown := wording.plain(name or ""):
        calendar.add("x-wr-calname", _Text(_cut(shown, _LONGEST_SUMMARY)))
    moment = stamp.astimezone(dt.UTC).replace(microsecond=0)
    as_of = agenda.as_of
    for item, number in _numbered(agenda):
        event = icalendar.Event()
        event.add("uid", _uid(item, number))
        event.add("dtstamp", moment)
        first, last = _span(item, as_of if late_today else dt.date.min)
        event.add("dtstart", first)
        if last < dt.date.max:
            event.add("dtend", last + _DAY)  # the first day that is not part of it
        event.add("summary", _Text(_summary(item, locale)))
        event.add("description", _Text(_description(item, as_of, locale)))
        if kind := _category(item, locale):
            event.add("categories", _Text(kind))
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


class _Text(icalendar.vText):
    r"""Text, escaped as RFC 5545, 3.3.11, has it.

    The package itself takes the `\N` of a folder called `D:\New` for a line break.
    """

    def to_ical(self) -> bytes:
        """Write it."""
        text = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        return text.replace("\n", "\\n").encode()


def _check_stamp(problems: Problems, stamp: object) -> None:
    wanted = "a datetime with a time zone: tzinfo=datetime.UTC"
    if not isinstance(stamp, dt.datetime) or stamp.utcoffset() is None:
        problems.add("stamp", "wrong-type", stamp, wanted)
    elif not _FIRST_YEAR <= stamp.year <= _LAST_YEAR:
        problems.add("stamp", "bad-date", stamp.isoformat())


def _span(item: Item, earliest: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of an event, none before the earliest."""
    last = max(item.due_on, earliest)
    if item.act_by is None or last == dt.date.max:
        return last, last
    return max(item.act_by, earliest), last


def _numbered(agenda: Agenda) -> list[tuple[Item, int]]:
    """Return every item with its place among those that have the same identity."""
    seen = collections.Counter[str]()
    found = []
    for item in agenda:
        identity = _identity(item)
        found.append((item, seen[identity]))
        seen[identity] += 1
    return found


def _identity(item: Item) -> str:
    """Return what is due, for whom, and when, as one text."""
    customer = (item.customer_id, None if item.customer_id else item.customer)
    deal = (item.deal_id, None if item.deal_id else item.deal)
    parts = (item.source, item.code, *customer, *deal, item.due_on.isoformat())
    return json.dumps(parts)


def _uid(item: Item, number: int) -> str:
    digest = hashlib.sha256(_identity(item).encode()).hexdigest()
    return f"{digest[:32]}-{number}@keyaccount"


def _summary(item: Item, locale: str) -> str:
    what = item.says(locale) or wording.plain(item.code)
    whom = wording.plain(item.customer or "") or wording.plain(item.customer_id or "")
    shown = (_cut(part, _LONGEST_SUMMARY) for part in (what, whom) if part)
    return " · ".join(shown)


def _description(item: Item, as_of: dt.date, locale: str) -> str:
    """Write all that is known of an item, and of which day that is the knowledge."""
    known = wording.say("notice.title", {"day": as_of.isoformat()}, locale)
    parts = (*item.parts(as_of, locale), known)
    return "\n".join(_cut(part, _LONGEST_PART) for part in parts)


def _category(item: Item, locale: str) -> str:
    return wording.plain(wording.label("agenda-source", item.source, locale))


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
