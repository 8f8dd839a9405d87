"""Everything that is due, in one ordered list: who must do what, for whom, by when.

S2-27. An item may come from anywhere: whoever has something due builds an `Item`,
and `agenda` puts all of them in order. The tasks of deals are such a source.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

import attrs

from keyaccount import wording
from keyaccount.domain import Customer, Opportunity
from keyaccount.exceptions import Problems
from keyaccount.models import stages
from keyaccount.rules import Label, Reason


__all__ = ["Agenda", "Item", "agenda", "deal_items", "item_of"]


@attrs.frozen
class Item:
    """One thing that is due, whoever said so.

    `source` names who said so and `code` what it is, both as slugs; `what` is its
    sentence. `owner` is who must act, None where nobody is named. Customer and deal
    have an id and, where somebody told it, a name. `labels` are a policy's own words.
    """

    source: str
    code: str
    due_on: dt.date
    what: Reason
    owner: str | None = None
    customer_id: str | None = None
    customer: str | None = None
    deal_id: str | None = None
    deal: str | None = None
    labels: tuple[Label, ...] = attrs.field(default=(), repr=False)

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        for name in ("source", "code"):
            if not getattr(self, name):
                problems.add(name, "empty", expected="a slug")
        problems.is_day("due_on", self.due_on)
        problems.is_a("what", self.what, Reason, "a Reason")
        problems.check("Item")

    def days_late(self, as_of: dt.date) -> int:
        """Return how many days ago it was due; 0 if it is due on that day or later."""
        return max((as_of - self.due_on).days, 0)

    def says(self, locale: str = "en") -> str:
        """Say in a language what is to be done."""
        return self._said(self.what, locale)

    def parts(self, as_of: dt.date, locale: str = "en") -> tuple[str, ...]:
        """Say what is to be done, when, for which customer and deal, and by whom."""
        when = self._said(stages.when_due(self.due_on, as_of), locale)
        found = [self.says(locale), when]
        for name, slug in (
            (self.customer, self.customer_id),
            (self.deal, self.deal_id),
        ):
            found.append(wording.plain(name or "") or wording.plain(slug or ""))
        owner = wording.plain(self.owner or "")
        if owner:
            found.append(wording.say("notice.owner", {"name": owner}, locale))
        return tuple(part for part in found if part)

    def _said(self, reason: Reason, locale: str) -> str:
        own: dict[str, dict[str, str]] = {}
        for label in self.labels:
            own.setdefault(label.locale, {})[label.address] = label.text
        return wording.plain(
            wording.say(reason.code, dict(reason.data), locale, own=own)
        )


def item_of(
    task: stages.Task,
    *,
    opportunity: Opportunity | None = None,
    customer: Customer | None = None,
) -> Item:
    """Return a deal's task as an item: with owner and names where they are given."""
    return Item(
        "deals",
        task.code,
        task.due_on,
        task.what,
        None if opportunity is None else opportunity.owner,
        _customer_id(opportunity, customer),
        None if customer is None else customer.name,
        task.deal_id,
        None if opportunity is None else opportunity.name,
        task.labels,
    )


def _customer_id(
    opportunity: Opportunity | None, customer: Customer | None
) -> str | None:
    if customer is not None:
        return customer.id
    return None if opportunity is None else opportunity.customer_id


def deal_items(  # noqa: PLR0913 - what `stages.due` asks for, and the customer's name
    deal: stages.Deal,
    facts: Mapping[str, object] | None = None,
    *,
    as_of: dt.date,
    pipeline: stages.Pipeline | None = None,
    opportunity: Opportunity | None = None,
    customer: Customer | None = None,
) -> tuple[Item, ...]:
    """Return all that is due on one deal as items; see `stages.due`."""
    tasks = stages.due(
        deal, facts, as_of=as_of, pipeline=pipeline, opportunity=opportunity
    )
    return tuple(
        item_of(task, opportunity=opportunity, customer=customer) for task in tasks
    )


@attrs.frozen
class Agenda:
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
