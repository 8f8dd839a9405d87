"""A deal: where it stands, and every event that brought it there."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate, pairwise
from typing import ClassVar, TypeAlias, cast

import attrs

from keyaccount import wire, wording
from keyaccount.domain import (
    DealEvent,
    EventKind,
    LossReason,
    Outcome,
    Pause,
    StageEvent,
)
from keyaccount.exceptions import Problems
from keyaccount.rules import FactValue, PolicyRef, Seen, display

from ._policy import KEBAB_CASE, SLUG
from ._task import check_day


__all__ = ["Accepted", "Deal", "Row", "born", "listed"]


def _known(facts: Seen) -> frozenset[tuple[str, FactValue]]:
    """Return what was known, in whichever order a host has kept it."""
    return frozenset(item for item in facts.items() if item[1] is not None)


@attrs.frozen
class Accepted:
    """An event that was accepted, and where the deal stands after it.

    `facts` are those that were known at the time, `policy` is the pipeline that
    judged, `overridden` the codes of what was not met and waived by the approver.
    `paused_days` is how long the deal has rested since it came to the stage.
    """

    event: DealEvent
    version: int
    stage: str
    entered_at: dt.datetime
    outcome: Outcome | None
    pause: Pause | None
    paused_days: int
    facts: Seen = attrs.field(eq=_known, repr=False)
    policy: PolicyRef
    overridden: tuple[str, ...] = ()


Row: TypeAlias = tuple[
    DealEvent,
    int,
    str,
    dt.datetime,
    Outcome | None,
    Pause | None,
    int,
    Seen,
    PolicyRef,
    tuple[str, ...],
]
"""The fields of an accepted event, in their order."""


class Deal(wire.Plain, display.Shown):
    """A deal is its history: where it stands is what the last event left behind.

    It is a value: nothing about it can be set. It holds at least the last accepted
    event; a host that keeps the rest elsewhere may load no more than that (`latest`),
    and then finds repeated events itself. Inside, the history is rows of plain
    values, so that a move costs little more than the judgement; `history` gives them
    their names.
    """

    __slots__ = ("_id", "_ids", "_rows")

    _id: str
    _rows: tuple[Row, ...]
    _ids: tuple[str, ...]

    wire_fields: ClassVar[tuple[str, ...]] = ("id", "history")

    def __init__(self, id: str, history: Iterable[Accepted]) -> None:  # noqa: A002 - what it is called on every noun
        given = listed(history)
        _check(id, given)
        self._id = id
        self._rows = tuple(_row_of(record) for record in given)
        self._ids = tuple(record.event.id for record in given)

    @property
    def id(self) -> str:
        """The deal's id: the opportunity's."""
        return self._id

    @property
    def history(self) -> tuple[Accepted, ...]:
        """Every accepted event, the first one first."""
        return tuple(Accepted(*row) for row in self._rows)

    @property
    def last(self) -> Accepted:
        """The last accepted event, and where it left the deal."""
        return Accepted(*self._rows[-1])

    @property
    def version(self) -> int:
        """How many events brought the deal here; a host's guard against clashes."""
        return self._rows[-1][1]

    @property
    def stage(self) -> str:
        """Where it stands, or stood when it ended."""
        return self._rows[-1][2]

    @property
    def pipeline(self) -> str:
        """The name of the pipeline that the deal goes through."""
        return self.last.policy.name

    @property
    def outcome(self) -> Outcome | None:
        """How it ended, None while it is open."""
        return self.last.outcome

    @property
    def pause(self) -> Pause | None:
        """Why it rests, None if it does not."""
        return self.last.pause

    @property
    def loss_reason(self) -> LossReason | None:
        """Why it was lost, None if it is not lost."""
        return self.last.event.loss_reason

    @property
    def is_open(self) -> bool:
        """Whether nobody knows yet how it ends."""
        return self.last.outcome is None

    @property
    def latest(self) -> Deal:
        """The same deal with its last event only: all that a decision needs.

        Where ways branch, a step back that names no stage needs the history, too.
        """
        return Deal(self.id, (self.last,))

    @property
    def path(self) -> tuple[StageEvent, ...]:
        """On which day it came to which stage: an opportunity's history."""
        return tuple(
            StageEvent(record.stage, day)
            for record, day in zip(self.history, self._days(), strict=True)
            if record.event.kind in _ENTERING
        )

    def _days(self) -> Iterator[dt.date]:
        """Yield the day of every event where it happened, never before the last one.

        East of here it may be tomorrow already: a later event can have an earlier day.
        """
        return accumulate((row[0].at.date() for row in self._rows), max)

    def days_in_stage(self, as_of: dt.date) -> int:
        """Count the days since it came to the stage, without those on hold.

        A deal that has ended stopped ageing on that day.

        Raises:
            InvalidValueError: no plain day.
        """
        check_day(as_of, "Deal.days_in_stage")
        last = self.last
        until = as_of
        if last.outcome is not None:
            until = min(until, last.event.at.date())
        if last.pause is not None:
            until = min(until, last.pause.since.date())
        return max((until - last.entered_at.date()).days - last.paused_days, 0)

    def before(self, day: dt.date) -> Deal | None:
        """Return the deal as it stood at the end of a day; None if not yet open.

        Raises:
            InvalidValueError: no plain day.
        """
        check_day(day, "Deal.before", "day")
        kept = bisect_right(tuple(self._days()), day)
        return Deal(self.id, self.history[:kept]) if kept else None

    def html(self, locale: str = "en") -> display.Html:
        """Write it as HTML in a language: where it stands, then every event."""
        last = self.last
        where: dict[str, float | str] = {"deal": self.id, "stage": last.stage}
        where["version"] = self.version
        told = [wording.say("shown.deal", where, locale)]
        if last.outcome is not None:
            told.append(wording.label("outcome", last.outcome.value, locale))
        if last.pause is not None:
            until = {"day": last.pause.resume_on.isoformat()}
            told.append(wording.say("event-resume", until, locale))
        rows = (
            (
                row[0].at.date().isoformat(),
                wording.label("event-kind", row[0].kind.value, locale),
                wording.label("stage", row[2], locale),
                row[0].actor,
                row[0].reason or "",
            )
            for row in reversed(self._rows)
        )
        codes = ("on", "event", "stage", "actor", "reason")
        columns = [wording.say(f"shown.{code}", {}, locale) for code in codes]
        title = wording.say("shown.history", {}, locale)
        return display.block(
            locale,
            display.headline(told[0]),
            display.remarks(told[1:]),
            display.table(title, columns, rows, locale, count=len(self._rows)),
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Deal):
            return NotImplemented
        return (self.id, self.history) == (other.id, other.history)

    def __hash__(self) -> int:
        return hash((self._id, self._ids))

    def __repr__(self) -> str:
        last = self.last
        end = f" {last.outcome.value}" if last.outcome else ""
        rest = f" paused until {last.pause.resume_on}" if last.pause else ""
        where = f"{last.policy.name}/{last.stage}"
        return f"<Deal {self.id} v{last.version} {where}{end}{rest}>"


_ENTERING = frozenset(
    {EventKind.OPEN, EventKind.ADVANCE, EventKind.BACK, EventKind.REOPEN}
)


def _row_of(record: Accepted) -> Row:
    return (
        record.event,
        record.version,
        record.stage,
        record.entered_at,
        record.outcome,
        record.pause,
        record.paused_days,
        record.facts,
        record.policy,
        record.overridden,
    )


def listed(history: object) -> tuple[Accepted, ...]:
    """Return the records of a history, and refuse what is none."""
    problems = Problems()
    found: tuple[object, ...] = ()
    if problems.is_a("history", history, Iterable, "a list of Accepted"):
        found = tuple(cast("Iterable[object]", history))
    for index, record in enumerate(found):
        problems.is_a(f"history[{index}]", record, Accepted, "an Accepted")
    problems.check("Deal")
    return cast("tuple[Accepted, ...]", found)


def _check(deal_id: str, history: tuple[Accepted, ...]) -> None:
    problems = Problems()
    if not deal_id or not isinstance(deal_id, str):
        problems.add("id", "wrong-type", deal_id, "the opportunity's id")
    if not history:
        problems.add("history", "empty", expected="the event that opened the deal")
    seen: set[str] = set()
    for index, record in enumerate(history):
        path = f"history[{index}]"
        if record.event.id in seen:
            problems.add(f"{path}.event.id", "duplicate", record.event.id)
        seen.add(record.event.id)
        if record.version < 1:
            problems.add(f"{path}.version", "out-of-range", record.version, "1 or more")
        if not SLUG.fullmatch(record.stage):
            problems.add(f"{path}.stage", "bad-syntax", record.stage, KEBAB_CASE)
        rested = record.paused_days
        if rested < 0:
            problems.add(f"{path}.paused_days", "out-of-range", rested, "0 or more")
    for index, (before, after) in enumerate(pairwise(history), start=1):
        path = f"history[{index}]"
        if after.version != before.version + 1:
            wanted = str(before.version + 1)
            problems.add(f"{path}.version", "not-sorted", after.version, wanted)
        if after.event.at < before.event.at:
            got, wanted = str(after.event.at), f"on or after {before.event.at}"
            problems.add(f"{path}.event.at", "not-sorted", got, wanted)
    problems.check("Deal")


_new = object.__new__


def born(deal_id: str, row: Row) -> Deal:
    """Return a deal of one row, which this library made."""
    if not deal_id or not isinstance(deal_id, str):
        _check(deal_id, (Accepted(*row),))
    deal = _new(Deal)
    deal._id = deal_id  # noqa: SLF001 - made here, and nobody has seen it
    deal._rows = (row,)  # noqa: SLF001 - the same
    deal._ids = (row[0].id,)  # noqa: SLF001 - the same
    return deal
