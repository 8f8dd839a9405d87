"""Everything that is due, in one ordered list: who must do what, for whom, by when.

S2-27. Whoever has something due builds an `Item`, and `agenda` puts all of them in
order.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import cast

import attrs

from keyaccount import wording
from keyaccount.domain import TierRecord, WorkCalendar
from keyaccount.exceptions import Problems
from keyaccount.rules import display

from .deals import DealSheet
from .dues import deal_dues, dues, review_due
from .items import Item, Record
from .policies import SHIPPED, Policies
from .sheet import Sheet
from .shown import Page, headings, name_of, said


__all__ = ["Agenda", "agenda", "due"]


@attrs.frozen(repr=False)
class Agenda(Page):
    """What is due as of a day: what is late first, then by date."""

    items: tuple[Item, ...]
    as_of: dt.date

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def late(self) -> tuple[Item, ...]:
        """What was due before the day, the oldest first."""
        return tuple(item for item in self.items if item.due_on < self.as_of)

    @property
    def today(self) -> tuple[Item, ...]:
        """What is due on the very day."""
        return tuple(item for item in self.items if item.due_on == self.as_of)

    def coming(self, days: int) -> tuple[Item, ...]:
        """Return what comes due within so many days after the day."""
        return tuple(
            item for item in self.items if 0 < (item.due_on - self.as_of).days <= days
        )

    def within(self, days: int) -> Agenda:
        """Return the agenda without what comes later than so many days ahead."""
        return Agenda((*self.late, *self.today, *self.coming(days)), self.as_of)

    def of(self, owner: str | None) -> Agenda:
        """Return what one person must do; None: what has no owner."""
        mine = tuple(item for item in self.items if item.owner == owner)
        return Agenda(mine, self.as_of)

    def on_workdays(self, days: WorkCalendar) -> Agenda:
        """Return it with the day to act by, where what comes falls on a free day.

        The due days stay as they are. What is late, or has no workday left before it,
        bears none.
        """
        return Agenda(tuple(map(self._moved(days), self.items)), self.as_of)

    def _moved(self, days: WorkCalendar) -> Callable[[Item], Item]:
        def moved(item: Item) -> Item:
            act_by = days.on_or_before(item.due_on)
            if not self.as_of <= act_by < item.due_on:
                return attrs.evolve(item, act_by=None)
            return attrs.evolve(item, act_by=act_by)

        return moved

    def records(self, locale: str = "en") -> tuple[Record, ...]:
        """Return it as plain data, a row an item: for a table, or JSON."""
        return tuple(item.record(self.as_of, locale) for item in self.items)

    @property
    def by_owner(self) -> tuple[tuple[str | None, Agenda], ...]:
        """Everybody's own agenda by name; what has no owner stands last."""
        owners = sorted({item.owner for item in self.items}, key=_last)
        return tuple((owner, self.of(owner)) for owner in owners)

    @property
    def by_day(self) -> tuple[tuple[dt.date, tuple[Item, ...]], ...]:
        """What is due on each day that has something, the earliest day first."""
        days: dict[dt.date, list[Item]] = {}
        for item in self.items:
            days.setdefault(item.due_on, []).append(item)
        return tuple((day, tuple(items)) for day, items in days.items())

    @property
    def numbers(self) -> tuple[int, int, int]:
        """How many items are late, due today, and coming."""
        late, today = len(self.late), len(self.today)
        return late, today, len(self.items) - late - today

    def counts(self, locale: str = "en") -> str:
        """Say in a language how many items are late, due today, and coming."""
        late, today, coming = self.numbers
        data = {"late": late, "today": today, "coming": coming}
        return wording.say("agenda-counts", data, locale)

    def explain(self, locale: str = "en") -> tuple[str, ...]:
        """Say in a language all that is due, a line each under the counts."""
        lines = (" · ".join(item.parts(self.as_of, locale)) for item in self.items)
        return (self.counts(locale), *(f"  {line}" for line in lines))

    def html(self, locale: str = "en") -> display.Html:
        """Write it as HTML in a language: the counts, then a row for what is due."""
        rows = (
            (
                item.due_on.isoformat(),
                item.says(locale),
                name_of(item.customer, item.customer_id),
                name_of(item.deal, item.deal_id),
                wording.plain(item.owner or "") or said("due.no-owner", locale),
            )
            for item in self.items
        )
        columns = ("due.on", "due.what", "due.for", "deals.deal", "due.owner")
        return display.block(
            locale,
            display.headline(self.counts(locale)),
            display.table(
                said("due.title", locale, day=self.as_of.isoformat()),
                headings(locale, *columns),
                rows,
                locale,
                count=len(self),
            ),
        )

    def _counts(self) -> tuple[str, ...]:
        late, today, coming = self.numbers
        told = (f"{late} late", f"{today} today", f"{coming} coming")
        return *told, f"as of {self.as_of}"


def agenda(*sources: Iterable[Item], as_of: dt.date) -> Agenda:
    """Put all that is due into one list; the order of the sources changes nothing.

    What is late stands first, then what is due by date; on a day by owner, customer
    and deal. What two sources say in the very same words is said once.

    Raises:
        InvalidValueError: something that is no `Item`, or no plain day.
    """
    problems = Problems()
    problems.is_day("as_of", as_of)
    found: dict[Item, None] = {}
    for at, source in enumerate(sources):
        for index, item in enumerate(source):
            if not isinstance(cast("object", item), Item):
                path = f"sources[{at}][{index}]"
                problems.add(path, "wrong-type", item, "an Item")
                continue
            found[item] = None
    problems.check("agenda")
    return Agenda(tuple(_sorted(found)), as_of)


def due(  # noqa: PLR0913 - what is due comes from many places, all by name
    sheets: Iterable[Sheet],
    *,
    as_of: dt.date,
    loose_deals: Iterable[DealSheet] = (),
    records: Mapping[str, TierRecord] = MappingProxyType({}),
    days: WorkCalendar | None = None,
    policies: Policies = SHIPPED,
) -> Agenda:
    """Merge all that is due into one ordered list, with owners (S2-27).

    The tasks of deals, talks by their cadence, promises, visits ahead, what a class
    is owed, the tasks of projects, the action map, reviews of plans and of classes.
    On the very day nothing is late; a later day never takes away what is overdue.

    Args:
        sheets: the customers as `review` judged them on the day; a portfolio is one.
        as_of: the day.
        loose_deals: deals of which nobody knows whose they are.
        records: where the last review left each customer, by its id: the next review
            is due before that one is stale.
        days: which days are worked; what comes on a free one then says by when to act.
        policies: your own; the same as in the review.

    Raises:
        InvalidValueError: something else than sheets, one of another day, no plain day.
    """
    listed = tuple(sheets)
    problems = Problems()
    if problems.is_day("as_of", as_of):
        for at, one in enumerate(listed):
            if not isinstance(cast("object", one), Sheet):
                problems.add(f"sheets[{at}]", "wrong-type", one, "a Sheet")
            elif one.as_of != as_of:
                path, wanted = f"sheets[{at}].as_of", f"judged on {as_of}"
                problems.add(path, "contradiction", one.as_of.isoformat(), wanted)
    if days is not None:
        problems.is_a("days", days, WorkCalendar, "a WorkCalendar")
    problems.check("due")
    channels = frozenset(
        contact.channel for one in listed for contact in one.account.contacts
    )
    theirs = [dues(one, policies=policies, channels=channels) for one in listed]
    loose = [deal_dues(deal) for deal in loose_deals]
    again = [
        review_due(one.customer, records[one.customer.id], policies=policies)
        for one in listed
        if one.customer.id in records
    ]
    found = agenda(*theirs, *loose, again, as_of=as_of)
    return found if days is None else found.on_workdays(days)


def _sorted(items: Iterable[Item]) -> Iterator[Item]:
    """Yield items in their order; only what is alike up to its words costs a look."""
    for _, alike in itertools.groupby(sorted(items, key=_place), key=_place):
        yield from sorted(alike, key=repr)


def _last(name: str | None) -> tuple[bool, str]:
    """Sort by name, what has none last."""
    return name is None, name or ""


def _place(item: Item) -> tuple[object, ...]:
    names = (item.owner, item.customer_id, item.deal_id)
    return item.due_on, *(_last(name) for name in names), item.source, item.code
