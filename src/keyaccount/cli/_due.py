"""`keyaccount due`: what is due, by whom and for whom, in one ordered list."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import attrs

from keyaccount import book
from keyaccount.domain import TierRecord, WorkCalendar
from keyaccount.exceptions import InvalidValueError

from ._against import check_order, last_review
from ._errors import FINDINGS, FINE, UsageError
from ._folder import judged, load, policies_of
from ._imported import show_account
from ._screen import Heading, Screen
from ._text import briefly, csv_safe, plain, shortened


__all__ = ["DueForm", "Wanted", "show_due", "work_days"]


DueForm = Literal["table", "json", "csv", "ical"]
_MOST_ROWS = 60
_MOST_DAYS = 3660
_MOST_OWNERS = 8


@attrs.frozen
class Wanted:
    """What the flags ask for: whose agenda, how far ahead, in which form.

    `country` names whose work days count, `against` the last review, which the next
    review of every class hangs on; None: nobody asked.
    """

    form: DueForm
    owner: str | None
    nobody: bool
    days: int
    country: str | None
    against: Path | None = None


def show_due(  # noqa: PLR0913, PLR0917 - the flags of the command
    folder: Path,
    wanted: Wanted,
    policy: tuple[Path, ...],
    mapping: Path | None,
    lang: str,
    as_of: str | None,
) -> int:
    """List what is due in a folder; something late is a finding."""
    screen = Screen(lang)
    _check(wanted, screen)
    policies = policies_of(folder, policy, screen)
    loaded = load(folder, mapping, as_of, screen, policies)
    company, calendar, as_of_day = loaded.company, None, loaded.as_of
    if wanted.country is not None:
        calendar = work_days(wanted.country, as_of_day, wanted.days, screen)
    records = _records(wanted.against, policies, mapping, as_of_day, screen)
    portfolio = judged(company, policies, screen, as_of=as_of_day, days=calendar)
    found = book.due(
        portfolio,
        as_of=as_of_day,
        loose_deals=portfolio.loose_deals,
        records=records,
        days=calendar,
        policies=policies,
    )
    if wanted.owner is not None:
        _check_owner(wanted.owner, _owners(found, portfolio), screen)
    if wanted.owner is not None or wanted.nobody:
        found = found.of(wanted.owner)
    found = found.within(wanted.days)
    _show(found, wanted.form, screen)
    if company.report.rejected:
        show_account(company.report, screen)
    return FINDINGS if found.late or company.report.rejected else FINE


def _check(wanted: Wanted, screen: Screen) -> None:
    """Refuse what no agenda can be, and what the installation cannot give.

    Raises:
        UsageError: flags that contradict each other, or a number out of bounds.
        MissingExtraError: a calendar is asked for, and the extra is not installed.
    """
    if not 0 <= wanted.days <= _MOST_DAYS:
        expected = screen.say("due.days", most=_MOST_DAYS)
        raise UsageError("--days", str(wanted.days), expected)
    if wanted.owner is not None and wanted.nobody:
        raise UsageError("--nobody", "", screen.say("due.nobody-or-owner"))
    if wanted.owner is not None and not wanted.owner.strip():
        raise UsageError("--owner", "", screen.say("due.owner-empty"))
    if wanted.form == "ical" or wanted.country is not None:
        from keyaccount import calendar  # noqa: F401, PLC0415 - before all is read


def _records(
    against: Path | None,
    policies: book.Policies,
    mapping: Path | None,
    as_of: dt.date,
    screen: Screen,
) -> Mapping[str, TierRecord]:
    """Return where the last review left everybody; nothing where none is named.

    Raises:
        ReadError: it can be read as no review.
        UsageError: it is later than the day.
    """
    if against is None:
        return {}
    last = last_review(
        against, policies, mapping=mapping, by_groups=False, screen=screen
    )
    check_order(last, as_of, screen)
    return last.records


def _owners(found: book.Agenda, portfolio: book.Portfolio) -> list[str]:
    """Return everybody who is named for something that is due, or for a customer."""
    named = {item.owner for item in found} | {one.customer.owner for one in portfolio}
    return sorted(name for name in named if name)


def _check_owner(owner: str, names: list[str], screen: Screen) -> None:
    """Say who is named, where the one who is asked for is not: a slip, most likely."""
    if owner in names:
        return
    asked = shortened(owner)
    if not names:
        screen.aside(screen.say("due.owner-none", name=asked))
        return
    listed = screen.say("review.comma").join(map(shortened, names[:_MOST_OWNERS]))
    if len(names) > _MOST_OWNERS:
        more = screen.say("review.more", count=len(names) - _MOST_OWNERS)
        listed = f"{listed} {more}"
    screen.aside(screen.say("due.owner-unknown", name=asked, names=listed))


def _show(found: book.Agenda, form: DueForm, screen: Screen) -> None:
    if form == "json":
        items = [dict(row) for row in found.records(screen.locale)]
        document = {"as_of": found.as_of.isoformat(), "items": items}
        screen.raw(json.dumps(document, ensure_ascii=True, indent=2))
    elif form == "csv":
        text, changed = _csv(found, screen.locale)
        screen.raw(text)
        if changed:
            screen.aside(screen.say("import.prefixed", count=changed))
    elif form == "ical":
        _ical(found, screen)
    else:
        _table(found, screen)


def _table(found: book.Agenda, screen: Screen) -> None:
    """Print a group for what is late, due on the day, and coming."""
    say = screen.say
    screen.line(say("due.title", day=found.as_of.isoformat()), "bold")
    if not found.items:
        screen.line(say("due.nothing"))
        return
    screen.line(found.counts(screen.locale))
    wide = screen.is_wide
    headings = (
        Heading(say("due.on")),
        Heading(say("due.what"), wraps=True),
        Heading(say("due.for"), wraps=True, most=None if wide else 22),
        Heading(say("due.owner"), wraps=True, most=None if wide else 16),
    )
    rows: list[tuple[str, ...] | None] = []
    late, today, _ = found.numbers
    for at, item in enumerate(found.items[:_MOST_ROWS]):
        if at and at in {late, late + today}:
            rows.append(None)
        rows.append(_row(item, found.as_of, screen))
    screen.table(headings, rows)
    more = len(found) - _MOST_ROWS
    if more > 0:
        screen.line(f"{say('review.more', count=more)} (--format csv)")


def _row(item: book.Item, as_of: dt.date, screen: Screen) -> tuple[str, ...]:
    say, days = screen.say, item.days_late(as_of)
    when = item.due_on.isoformat()
    if days:
        how_late = say("due.late-one" if days == 1 else "due.late", days=days)
        when = f"{when}\n{how_late}"
    elif item.act_by is not None:
        when = f"{when}\n{say('due.act-by', day=item.act_by.isoformat())}"
    customer = shortened(item.customer or item.customer_id or "")
    deal = shortened(item.deal or item.deal_id or "")
    whom = "\n".join(one for one in (customer, deal) if one)
    owner = shortened(item.owner) if item.owner else say("due.no-owner")
    return when, briefly(item.says(screen.locale)), whom, owner


def _csv(found: book.Agenda, locale: str) -> tuple[str, int]:
    """Write a row an item; return how many cells got a sign against formulas."""
    out, changed = io.StringIO(), 0
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_FIELDS)
    for row in found.records(locale):
        cells = list[str]()
        for name in _FIELDS:
            value = row[name]
            text, is_changed = csv_safe("" if value is None else str(value))
            changed += is_changed
            cells.append(text)
        writer.writerow(cells)
    return out.getvalue(), changed


_FIELDS = (
    "due_on",
    "act_by",
    "days_late",
    "owner",
    "what",
    "customer_id",
    "customer",
    "deal_id",
    "deal",
    "source",
    "code",
)


def _ical(found: book.Agenda, screen: Screen) -> None:
    """Write the agenda for a calendar, stamped with the day that it is of."""
    from keyaccount import calendar  # noqa: PLC0415 - behind an extra of its own

    stamp = dt.datetime.combine(found.as_of, dt.time(tzinfo=dt.UTC))
    title = plain(screen.say("due.title", day=found.as_of.isoformat()))
    written = calendar.to_ical(
        found, stamp=stamp, locale=screen.locale, name=title, late_today=True
    )
    stream = sys.stdout
    if isinstance(stream, io.TextIOWrapper):  # bytes, for its lines end in CR LF
        stream.flush()
        stream.buffer.write(written)
    else:
        stream.write(written.decode())


def work_days(country: str, as_of: dt.date, days: int, screen: Screen) -> WorkCalendar:
    """Return the work days of a country round the day; say where they are a guess.

    Raises:
        UsageError: there is no such country.
    """
    from keyaccount import calendar  # noqa: PLC0415 - behind an extra of its own

    last = as_of + dt.timedelta(days=days)
    try:
        found = calendar.work_days(country, years=range(as_of.year - 1, last.year + 1))
    except InvalidValueError as error:
        if any(problem.path == "$.country" for problem in error.problems):
            wanted = screen.say("due.country")
            raise UsageError("--country", country, wanted) from None
        raise
    if not found.is_sure(last):
        screen.aside(screen.say("due.not-sure", day=last.isoformat()))
    return found
