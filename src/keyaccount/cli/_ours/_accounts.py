"""How we look after each customer: sold to, met, talked to, planned for, promised."""

from __future__ import annotations

from collections.abc import Iterable

from keyaccount import book
from keyaccount.book import OurView
from keyaccount.cli._lens._marks import MOST_ROWS, answered, legend, mark, show_table
from keyaccount.cli._screen import Heading
from keyaccount.cli._text import briefly, shortened
from keyaccount.cli._words import Words
from keyaccount.domain import CommChannel
from keyaccount.models import communication, engagement
from keyaccount.tri import Tri

from ._notes import Recorded, remarks


__all__ = ["show_accounts"]


_COLUMNS = ("sold", "executives", "talks", "plan")
_TALKS = _COLUMNS.index("talks")


def show_accounts(portfolio: book.Portfolio, words: Words) -> None:
    """Print a row for every customer of whom something on our side is told.

    What is wrong, and what to ask first, stands below, a line a customer: it is more
    than a cell has room for.
    """
    recorded = _recorded(portfolio)
    found = [
        (sheet, marks, remark)
        for sheet in portfolio
        for marks in (_marks(sheet.ours, words),)
        for remark in (remarks(sheet, recorded, words),)
        if any(marks) or remark
    ]
    sheets = [sheet for sheet in portfolio if sheet.ours.unread]
    if not found and not sheets:
        return
    screen, say = words.screen, words.screen.say
    told = [
        at for at in range(len(_COLUMNS)) if any(marks[at] for _, marks, _ in found)
    ]
    headings = (
        Heading(say("review.customer"), wraps=True),
        *(Heading(say(f"ours.{_COLUMNS[at]}")) for at in told),
    )
    shown = found[:MOST_ROWS]
    rows = (
        (shortened(sheet.customer.name), *(marks[at] for at in told))
        for sheet, marks, _ in shown
    )
    show_table("ours", headings, rows, len(found), screen)
    if told:
        screen.line(legend(screen))
        means = (say(f"ours.{_COLUMNS[at]}-means") for at in told)
        screen.line((" " if screen.locale == "en" else "").join(means))
    for sheet, _, remark in shown:
        if remark:
            name = shortened(sheet.customer.name)
            screen.indented(say("deals.person", name=name, remark=remark))
    if _TALKS in told:
        _unrecorded(recorded, words)
    _unread(sheets, words)


def _recorded(portfolio: book.Portfolio) -> Recorded:
    """See what anybody of ours writes down at all."""
    contacts = (one for sheet in portfolio for one in sheet.account.contacts)
    return Recorded(
        frozenset(contact.channel for contact in contacts),
        owners=any(sheet.customer.owner is not None for sheet in portfolio),
    )


def _marks(ours: OurView, words: Words) -> tuple[str, ...]:
    """Return the cells of a row, in the order of the columns; "" is not told."""
    return (
        "" if ours.motion is None else mark(answered(ours.motion.value)),
        _executives(ours.engagement),
        _talks(ours.communication, words),
        "" if ours.plan is None else mark(answered(ours.plan.value)),
    )


def _executives(verdict: engagement.EngagementVerdict | None) -> str:
    """Return a mark: whether they are engaged rightly; none where none need be."""
    if verdict is None or verdict.value is engagement.Engagement.NOT_OWED:
        return ""
    if verdict.value is None:
        return mark(Tri.UNKNOWN)
    return mark(Tri.of(verdict.value is engagement.Engagement.HEALTHY))


def _talks(verdict: communication.CommunicationVerdict | None, words: Words) -> str:
    if verdict is None:
        return ""
    if verdict.value is None:
        return mark(Tri.UNKNOWN)
    return words.screen.say(f"ours-talks.{verdict.value.value}")


def _unrecorded(recorded: Recorded, words: Words) -> None:
    """Say once on which channels nobody of ours writes contacts down at all."""
    silent = [one for one in CommChannel if one not in recorded.channels]
    if silent:
        listed = words.listed(words.label("comm-channel", one.value) for one in silent)
        words.screen.line(words.screen.say("ours.unrecorded", channels=listed))


def _unread(sheets: Iterable[book.Sheet], words: Words) -> None:
    """Tell what could not be read of whom, and why."""
    screen = words.screen
    lines = [
        screen.say("deals.person", name=shortened(sheet.customer.name), remark=why)
        for sheet in sheets
        for why in (briefly(str(error)) for error in sheet.ours.unread)
    ]
    if lines:
        screen.line(screen.say("lens.unread"))
    for line in lines:
        screen.indented(line)
