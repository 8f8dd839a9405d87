"""What every part of a report looks at: the review, the day, the words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TypedDict

import attrs

from keyaccount.book import (
    Agenda,
    Comparison,
    Item,
    Policies,
    Portfolio,
    Reclassified,
    Sheet,
)
from keyaccount.domain import FxTable
from keyaccount.wording import plain

from ._parts import Cell, Column, Table
from ._speech import Speech


__all__ = ["MOST_ROWS", "Beside", "Case"]


MOST_ROWS = 15
"""A table of a question shows so many rows; the sheets hold them all."""


class Beside(TypedDict, total=False):
    """What stands beside a review, as far as there is any; all of it by name.

    `policies` and `fx` are those of the review. `agenda` is what is due, from
    `book.due`, where work days or the next reviews are to count; the portfolio's own
    otherwise. `comparison` is this review beside the last one, from `book.compare`,
    `reclassified` where the dated review leaves each, from `book.reclassify`.
    `rejected` is how many rows of the tables were left out.
    """

    policies: Policies
    fx: FxTable | None
    agenda: Agenda | None
    comparison: Comparison | None
    reclassified: Reclassified | None
    rejected: int


@attrs.frozen
class Case:
    """A review, all that stands beside it, and the language to say it in."""

    portfolio: Portfolio
    policies: Policies
    speech: Speech
    agenda: Agenda
    anchors: Mapping[str, str]
    fx: FxTable | None = None
    comparison: Comparison | None = None
    reclassified: Reclassified | None = None
    rejected: int = 0

    @property
    def as_of(self) -> dt.date:
        """The day of the review."""
        return self.portfolio.as_of

    def who(self, sheet: Sheet, note: str = "") -> Cell:
        """Name a customer, and lead to its sheet."""
        customer = sheet.customer
        return self.customer(customer.id, customer.name, note)

    def customer(self, slug: str | None, name: str | None, note: str = "") -> Cell:
        """Name a customer by its id and, as far as known, its name."""
        to = "" if slug is None else self.anchors.get(slug, "")
        return Cell(self.speech.name(name, slug), note=note, to=to)

    def columns(self, *codes: str) -> tuple[Column, ...]:
        """Return headings by their codes; `#` before one is a column of numbers."""
        return tuple(
            Column(self.speech.say(f"col-{code.lstrip('#')}"), code.startswith("#"))
            for code in codes
        )

    def table(
        self,
        caption: str,
        columns: tuple[Column, ...],
        rows: Iterable[tuple[Cell, ...]],
        most: int | None = MOST_ROWS,
    ) -> tuple[Table, ...]:
        """Return a table, shortened; none where there are no rows."""
        found = tuple(rows)
        if not found:
            return ()
        shown = found if most is None else found[:most]
        more = ""
        if len(found) > len(shown):
            left = self.speech.count(len(found) - len(shown))
            more = self.speech.say("more-rows", count=left)
        return (Table(self.speech.say(caption), columns, shown, more),)

    def due(
        self, items: Iterable[Item], *, with_owner: bool
    ) -> Iterable[tuple[Cell, ...]]:
        """Return a row for everything due: when, what, for whom or by whom."""
        for item in items:
            last = self._owner(item) if with_owner else self._for_whom(item)
            yield self._when(item), self._what(item), last

    def _when(self, item: Item) -> Cell:
        speech, days = self.speech, item.days_late(self.as_of)
        day = speech.near(item.due_on, self.as_of)
        if days:
            return Cell(day, speech.late(days), "late", value=item.due_on)
        if item.due_on == self.as_of:
            return Cell(day, speech.say("today"), "today", value=item.due_on)
        if item.act_by is not None:
            act = speech.say("act-by", day=speech.near(item.act_by, self.as_of))
            return Cell(day, act, value=item.due_on)
        return Cell(day, value=item.due_on)

    def _what(self, item: Item) -> Cell:
        return Cell(plain(item.says(self.speech.locale)))

    def _for_whom(self, item: Item) -> Cell:
        deal = self.speech.name(item.deal, item.deal_id)
        if item.customer_id is None and item.customer is None:
            return Cell(deal)
        return self.customer(item.customer_id, item.customer, deal)

    def _owner(self, item: Item) -> Cell:
        if item.owner is None:
            return Cell(self.speech.say("nobody"), tone="bad")
        return Cell(self.speech.name(item.owner))
