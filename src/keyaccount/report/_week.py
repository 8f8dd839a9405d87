"""The first page: what to do this week, by owner, and what nobody owns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from keyaccount.book import Agenda, Item

from ._case import Case
from ._parts import Owner, Tile, Week
from ._watch import watch


__all__ = ["DAYS_AHEAD", "week"]


DAYS_AHEAD = 7
_AT_ONCE = 6


def week(case: Case) -> Week:
    """Say what is late, due today and coming within a week, and who must do it."""
    found = case.agenda.within(DAYS_AHEAD)
    late, today, coming = found.numbers
    nobody = found.of(None)
    speech = case.speech
    end = case.as_of + dt.timedelta(days=DAYS_AHEAD)
    if not found.items:
        headline = speech.say("week-nothing", day=speech.near(end, case.as_of))
    else:
        headline = speech.say(
            "week-headline",
            late=speech.count(late),
            today=speech.count(today),
            coming=speech.count(coming),
            day=speech.near(end, case.as_of),
        )
    tiles = [
        Tile(speech.count(late), speech.say("tile-late"), "late" if late else ""),
        Tile(speech.count(today), speech.say("tile-today"), "today" if today else ""),
        Tile(speech.count(coming), speech.say("tile-coming")),
    ]
    owners = tuple(_owners(case, found))
    if nobody.items:
        count = speech.count(len(nobody))
        text = speech.say("tile-nobody")
        tiles.append(Tile(count, text, "bad", _anchor(len(owners))))
    tables = () if owners else watch(case, _AT_ONCE)
    return Week(headline, tuple(tiles), owners, tuple(_remarks(case)), tables)


def _owners(case: Case, found: Agenda) -> Iterator[Owner]:
    """Yield everybody's own table, whoever has most that is late first."""

    def place(pair: tuple[str | None, Agenda]) -> tuple[bool, int, int, str]:
        owner, theirs = pair
        late, today, _ = theirs.numbers
        return owner is None, -late, -today, owner or ""

    speech = case.speech
    columns = case.columns("when", "what", "for")
    for at, (owner, theirs) in enumerate(sorted(found.by_owner, key=place), start=1):
        late, today, coming = map(speech.count, theirs.numbers)
        counts = speech.say("owner-counts", late=late, today=today, coming=coming)
        first, rest = _split(theirs)
        rows = tuple(case.due(first, with_owner=False))
        tables = case.table("caption-due", columns, rows, None)
        more = case.table(
            "caption-due-rest", columns, case.due(rest, with_owner=False), None
        )
        yield Owner(
            _anchor(at),
            speech.say("nobody-owns") if owner is None else speech.name(owner),
            counts,
            tables[0],
            more[0] if more else None,
            speech.say("rest-title", count=speech.count(len(rest))),
            owner is None,
        )


def _split(theirs: Agenda) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """Return what is to be seen at once, and what is folded away."""
    if len(theirs) <= _AT_ONCE + 1:  # nobody folds one row away
        return theirs.items, ()
    return theirs.items[:_AT_ONCE], theirs.items[_AT_ONCE:]


def _anchor(at: int) -> str:
    return f"w{at}"


def _remarks(case: Case) -> Iterator[str]:
    """Yield what a reader must know before relying on all this."""
    speech, portfolio = case.speech, case.portfolio
    if case.rejected:
        yield speech.say("rejected", count=speech.count(case.rejected))
    unknown = portfolio.unknown_of_all
    if unknown:
        facts = [speech.label("fact", one) for one in unknown]
        yield speech.say("unknown-of-all", facts=speech.listed(facts))
    silent = () if portfolio.firm is None else portfolio.firm.silent
    if silent:
        yield speech.say("silent", count=speech.count(len(silent)))
    without = [one for one in portfolio if one.unconverted is not None]
    if without:
        names = [speech.name(one.customer.name) for one in without]
        yield speech.say("unconverted", names=speech.names(names))
    if portfolio.dated_ahead:
        names = [speech.name(one.name, one.id) for one in portfolio.dated_ahead]
        yield speech.say("dated-ahead", names=speech.names(names))
