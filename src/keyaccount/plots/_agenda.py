"""The calendar load: how much is due for whom, week by week."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

import altair as alt

from keyaccount.book import Agenda, Item, Portfolio
from keyaccount.exceptions import Problems

from ._theme import BAD, DARK, MAIN, PAPER, ROW, Page, Row, page_of, rows_of, said
from ._words import Words, distinct


__all__ = ["calendar_load"]


_WEEK = dt.timedelta(days=7)
_MOST_WEEKS = 53


def calendar_load(
    of: Agenda | Portfolio,
    *,
    weeks: int = 8,
    locale: str = "en",
    title: str | None = None,
    width: int = 640,
) -> alt.LayerChart:
    """Draw how much is due for whom: what is late, week by week, and what comes later.

    A row is an owner, a column a week from Monday on; the first week is that of the
    agenda's day. What was due before that day is late and stands first.

    Args:
        of: an agenda, as `book.due` gives it, or a portfolio.
        weeks: how many weeks get a column of their own.
        locale: the language.
        title: another title; "" for none.
        width: how wide the drawing is, in pixels, without its labels.

    Raises:
        InvalidValueError: neither of the two, no such number of weeks, an odd width.
    """
    page = page_of("calendar-load", locale, title, width)
    problems = Problems()
    agenda = of.agenda if isinstance(of, Portfolio) else of
    problems.is_a("of", agenda, Agenda, "an Agenda or a Portfolio")
    given: object = weeks
    if not isinstance(given, int) or isinstance(given, bool):
        problems.add("weeks", "wrong-type", given, "a whole number")
    elif not 1 <= given <= _MOST_WEEKS:
        problems.add("weeks", "out-of-range", weeks, f"1 to {_MOST_WEEKS}")
    problems.check("calendar_load")
    if not len(agenda):
        return page.empty("nothing-due")
    return _drawn(agenda, weeks, page)


def _drawn(agenda: Agenda, weeks: int, page: Page) -> alt.LayerChart:
    words = page.words
    monday = agenda.as_of - dt.timedelta(days=agenda.as_of.weekday())
    columns = _columns(agenda, monday, weeks, words)
    owners = [owner for owner, _ in agenda.by_owner]
    names = distinct(_name(owner, words) for owner in owners)
    rows: list[Row] = []
    for owner, name in zip(owners, names, strict=True):
        counts = Counter(
            _place(item, agenda.as_of, monday, weeks) for item in agenda.of(owner)
        )
        rows += [
            {
                "owner": name,
                "week": columns[place],
                "count": count,
                "kind": words.say("late" if place == _LATE else "kind-due"),
                "text": words.number(count),
            }
            for place, count in sorted(counts.items())
        ]
    y = alt.Y(
        "owner:N",
        scale=alt.Scale(domain=list(names), paddingInner=0.06),
        sort=None,
        axis=alt.Axis(title=None, ticks=False, domain=False),
    )
    x = alt.X(
        "week:N",
        scale=alt.Scale(domain=list(columns.values()), paddingInner=0.03),
        sort=None,
        axis=alt.Axis(
            title=words.say("weeks"),
            ticks=False,
            domain=False,
            labelAngle=0,
            orient="top",
        ),
    )
    layers = [
        *_grounds(rows, x, y, words),
        said(rows, align="center", ink=DARK, size=12).encode(x=x, y=y),
    ]
    late, today, coming = agenda.numbers
    told = words.say("load", late=late, today=today, coming=coming)
    return page.drawn(layers, height=1.3 * ROW * len(names), notes=[told])


_LATE = -1


def _place(item: Item, as_of: dt.date, monday: dt.date, weeks: int) -> int:
    """Return the column of an item: late, a week from 0 on, or later than all."""
    if item.due_on < as_of:
        return _LATE
    return min((item.due_on - monday) // _WEEK, weeks)


def _columns(
    agenda: Agenda, monday: dt.date, weeks: int, words: Words
) -> dict[int, str]:
    """Name the columns; what is late or comes later has one where there is any."""
    places = {_place(item, agenda.as_of, monday, weeks) for item in agenda}
    columns = {_LATE: words.say("late")} if _LATE in places else {}
    for week in range(weeks):
        day = monday + week * _WEEK
        columns[week] = f"{day.month:02d}-{day.day:02d}"
    if weeks in places:
        columns[weeks] = words.say("later")
    return columns


def _name(owner: str | None, words: Words) -> str:
    return words.say("no-owner") if owner is None else words.named(owner, None)


def _grounds(rows: Sequence[Row], x: alt.X, y: alt.Y, words: Words) -> list[alt.Chart]:
    """Colour the fields, the darker the more is due; what is late in another colour."""
    most = max(int(row["count"] or 0) for row in rows)
    opacity = alt.Opacity(
        "count:Q",
        scale=alt.Scale(domain=[0, most], range=[0.12, 0.5]),
        legend=None,
    )
    late = words.say("late")
    found = []
    for color, some in (
        (BAD, [row for row in rows if row["kind"] == late]),
        (MAIN, [row for row in rows if row["kind"] != late]),
    ):
        under = rows_of(some).mark_rect(color=PAPER).encode(x=x, y=y)
        over = rows_of(some).mark_rect(color=color).encode(x=x, y=y, opacity=opacity)
        found += [under, over]
    return found
