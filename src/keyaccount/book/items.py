"""What is due, whoever says so: one thing, its day, its owner, and in what words.

S2-27. An item may come from anywhere: whoever has something due builds an `Item`. The
tasks of deals are such a source.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TypeAlias

import attrs

from keyaccount import wording
from keyaccount.domain import Customer, Opportunity
from keyaccount.exceptions import Problems
from keyaccount.models import stages
from keyaccount.rules import Label, Reason


__all__ = ["Item", "Record", "deal_items", "item_of"]


Record: TypeAlias = Mapping[str, str | int | None]
"""An item as plain data, a row of a table."""


@attrs.frozen
class Item:
    """One thing that is due, whoever said so.

    `source` names who said so and `code` what it is, both as slugs; `what` is its
    sentence. `owner` is who must act, None where nobody is named. Customer and deal
    have an id and, where somebody told it, a name. `labels` are a policy's own words.
    `act_by` is the last day before it on which people work, None where they work on
    the day itself or nobody has asked.
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
    act_by: dt.date | None = None

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        for name in ("source", "code"):
            if not getattr(self, name):
                problems.add(name, "empty", expected="a slug")
        is_due = problems.is_day("due_on", self.due_on)
        problems.is_a("what", self.what, Reason, "a Reason")
        act_by = self.act_by
        acts = act_by is not None and problems.is_day("act_by", act_by)
        if acts and is_due and act_by is not None and act_by > self.due_on:
            wanted = f"on or before {self.due_on}"
            problems.add("act_by", "not-sorted", act_by.isoformat(), wanted)
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
        if self.act_by is not None:
            act = {"day": self.act_by.isoformat()}
            found.append(wording.say("agenda.act-by", act, locale))
        for name, slug in (
            (self.customer, self.customer_id),
            (self.deal, self.deal_id),
        ):
            found.append(wording.plain(name or "") or wording.plain(slug or ""))
        owner = wording.plain(self.owner or "")
        if owner:
            found.append(wording.say("notice.owner", {"name": owner}, locale))
        return tuple(part for part in found if part)

    def record(self, as_of: dt.date, locale: str = "en") -> Record:
        """Return it as plain data, dates as text, for a table or a host's own list."""
        return {
            "source": self.source,
            "code": self.code,
            "due_on": self.due_on.isoformat(),
            "act_by": None if self.act_by is None else self.act_by.isoformat(),
            "days_late": self.days_late(as_of),
            "what": self.says(locale),
            "owner": self.owner,
            "customer_id": self.customer_id,
            "customer": self.customer,
            "deal_id": self.deal_id,
            "deal": self.deal,
        }

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
