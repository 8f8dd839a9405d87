"""Which promises are to be kept, in the order in which they fall due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

import attrs

from keyaccount import wire, wording
from keyaccount.domain import Commitment
from keyaccount.exceptions import Problems
from keyaccount.rules import Reason, display
from keyaccount.tri import Tri

from ._facts import listed
from ._opinions import DueState


__all__ = ["DueCommitment", "commitments_due", "due_of"]


@attrs.frozen
class DueCommitment(wire.Plain, display.Explained):
    """A promise that is not known to be kept: by when, by whom, and can it be kept?

    `fulfilled` is NO, or UNKNOWN where nobody has told. `days` runs from the day of
    the judgement to the day it is due, below 0 where that has passed; None where no
    day is known. `feasible` that is NO was promised before anybody had made sure.
    """

    id: str
    customer_id: str
    text: str
    made_on: dt.date
    due: dt.date | None
    state: DueState
    days: int | None
    fulfilled: Tri
    feasible: Tri
    owner: str | None
    by: str | None
    as_of: dt.date

    @property
    def days_late(self) -> int:
        """How many days ago it was due; 0 if it is due today, later, or undated."""
        return 0 if self.days is None else max(-self.days, 0)

    @property
    def why(self) -> Reason:
        """What was promised, how it stands today, who must keep it."""
        data = (("text", wording.plain(self.text)), ("names", wording.plain(self.id)))
        customer = ("customer", wording.plain(self.customer_id))
        return Reason("promise", (*data, customer), tuple(self._parts()))

    def _parts(self) -> Iterator[Reason]:
        made = ("day", self.made_on.isoformat())
        if self.due is None or self.days is None:
            yield Reason("promise-undated", (made,))
        else:
            data = (("days", abs(self.days)), ("day", self.due.isoformat()))
            if self.state is DueState.LATE:
                yield Reason("due-yesterday" if self.days == -1 else "due-late", data)
            elif self.state is DueState.TODAY:
                yield Reason("due-today", data)
            else:
                yield Reason("due-tomorrow" if self.days == 1 else "due-coming", data)
        if self.owner is None:
            yield Reason("promise-nobody")
        else:
            yield Reason("promise-owner", (("by", wording.plain(self.owner)),))
        if self.fulfilled is Tri.UNKNOWN:
            yield Reason("promise-kept-open")
        if self.feasible is not Tri.YES:
            is_no = self.feasible is Tri.NO
            yield Reason("promise-unconfirmed" if is_no else "promise-feasible-open")

    def explain(self, locale: str = "en") -> tuple[str, ...]:
        """Say it in a language, a line each, indented."""
        return tuple(
            "  " * level + wording.say(part.code, dict(part.data), locale)
            for level, part in self.why.walk()
        )


def commitments_due(
    commitments: Iterable[Commitment], *, as_of: dt.date
) -> tuple[DueCommitment, ...]:
    """Return the promises that are not known to be kept, the oldest due day first.

    What is late leads; promises without a day come last. A promise that was made
    after *as_of* does not exist yet, one that was kept after it was not kept yet.

    Raises:
        InvalidValueError: no commitments, one of a customer twice, or no plain day.
    """
    problems = Problems()
    problems.is_day("as_of", as_of)
    promises = listed(problems, "commitments", commitments, Commitment)
    keys = [(one.customer_id, one.id) for one in promises]
    for index, key in enumerate(keys):
        if key in keys[:index]:
            problems.add(f"commitments[{index}].id", "duplicate", key[1])
    problems.check("commitments_due")
    return due_of(promises, as_of)


def due_of(promises: Iterable[Commitment], as_of: dt.date) -> tuple[DueCommitment, ...]:
    """Return what is due of promises that were checked already."""
    found = [
        _due(one, fulfilled, as_of)
        for one in promises
        if one.made_on <= as_of
        and (fulfilled := one.fulfilled_by(as_of)) is not Tri.YES
    ]
    return tuple(sorted(found, key=_place))


def _place(one: DueCommitment) -> tuple[object, ...]:
    return one.due or dt.date.max, one.due is None, one.customer_id, one.id, one.made_on


def _due(one: Commitment, fulfilled: Tri, as_of: dt.date) -> DueCommitment:
    days = None if one.due is None else (one.due - as_of).days
    return DueCommitment(
        one.id,
        one.customer_id,
        one.text,
        one.made_on,
        one.due,
        _state(days),
        days,
        fulfilled,
        one.feasibility_confirmed,
        one.owner,
        one.by,
        as_of,
    )


def _state(days: int | None) -> DueState:
    """Say how a promise stands that is due in so many days."""
    if days is None:
        return DueState.UNDATED
    if days < 0:
        return DueState.LATE
    return DueState.COMING if days else DueState.TODAY
