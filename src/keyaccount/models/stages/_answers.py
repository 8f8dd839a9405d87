"""What `decide` answers: moved, refused, seen before, or too late."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, TypeAlias

import attrs

from keyaccount import wire, wording
from keyaccount.domain import DealEvent, EventKind
from keyaccount.rules import Missing, Reason, Seen, display
from keyaccount.tri import Tri

from ._deal import Accepted, Deal, Row
from ._policy import Pipeline
from ._unmet import Unmet, exits_unmet


__all__ = ["Conflict", "Duplicate", "Moved", "Refused", "Ruling", "Unmet", "moved"]


_GUARDED = frozenset({EventKind.ADVANCE, EventKind.WIN})


class Moved(wire.Plain, display.Explained):
    """The event is accepted: the deal as it is now, its last record the event's."""

    __slots__ = ("_deal", "_judged_by")

    wire_fields: ClassVar[tuple[str, ...]] = ("deal",)

    def __init__(self, deal: Deal, judged_by: Pipeline | None = None) -> None:
        self._deal = deal
        self._judged_by = judged_by

    @property
    def deal(self) -> Deal:
        """The deal after the event."""
        return self._deal

    @property
    def record(self) -> Accepted:
        """What was accepted, and what was known at the time."""
        return self.deal.last

    @property
    def why(self) -> Reason:
        """What happened, and what every exit on the way said."""
        record = self.record
        event = record.event
        data = (*_event_data(event), ("onward", record.stage))
        because = (*_said(event), *self._guards())
        if not record.overridden:
            return Reason("deal-moved", data, because)
        waived = ("approver", event.approver or "")
        return Reason("deal-overridden", (*data, waived), because)

    def _guards(self) -> Iterator[Reason]:
        record = self.record
        if self._judged_by is None or record.event.kind not in _GUARDED:
            return
        machine = self._judged_by.machine
        for before in self.deal.history[-2:-1]:
            left = machine.way(before.stage, record.stage) or (before.stage,)
            for index, stage in enumerate(left):
                if index:
                    yield Reason("stage-skipped", (("stage", stage),))
                yield from machine.guards[stage].why(record.facts)

    def explain(self, locale: str = "en") -> tuple[str, ...]:
        """Say in a language what happened and why, a line each, indented."""
        return _told(self.why, self._judged_by, locale)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Moved):
            return NotImplemented
        return self._deal == other._deal

    def __hash__(self) -> int:
        return hash((Moved, self._deal))

    def __repr__(self) -> str:
        return f"<Moved {self._deal!r}>"


_new = object.__new__


def moved(old: Deal, row: Row, judged_by: Pipeline) -> Moved:
    """Answer that the deal has moved on by one row, which this library made.

    It fills both values itself: their constructors would check what is known to be
    sound, and cost more than the judgement did.
    """
    deal = _new(Deal)
    deal._id = old._id  # noqa: SLF001 - made here, and nobody has seen it
    deal._rows = old._rows + (row,)  # noqa: RUF005, SLF001 - half the time of (*_, row)
    deal._ids = old._ids + (row[0].id,)  # noqa: RUF005, SLF001 - the same
    answer = _new(Moved)
    answer._deal = deal  # noqa: SLF001 - made here, too
    answer._judged_by = judged_by  # noqa: SLF001 - the same
    return answer


class Refused(wire.Plain, display.Explained):
    """The event is not accepted, and the deal stays as it is; `unmet` says it all.

    What the reasons need is kept, and worked out when somebody asks: what the event
    lacks, and the stages of which some exit is not met.
    """

    __slots__ = ("_deal", "_event", "_facts", "_judged_by", "_lacks", "_left")

    wire_fields: ClassVar[tuple[str, ...]] = ("deal", "event", "unmet")

    def __init__(  # noqa: PLR0913, PLR0917 - what it says, and what that rests on
        self,
        deal: Deal,
        event: DealEvent,
        unmet: tuple[Unmet, ...],
        left: tuple[str, ...] = (),
        facts: Seen | None = None,
        judged_by: Pipeline | None = None,
    ) -> None:
        self._deal = deal
        self._event = event
        self._lacks = unmet
        self._left = left
        self._facts = facts
        self._judged_by = judged_by

    @property
    def deal(self) -> Deal:
        """The deal, as it was."""
        return self._deal

    @property
    def event(self) -> DealEvent:
        """What did not happen."""
        return self._event

    @property
    def unmet(self) -> tuple[Unmet, ...]:
        """Everything that stands in the way: needed, found, still to be asked."""
        found = [*self._lacks]
        if self._judged_by is not None and self._facts is not None:
            for stage in self._left:
                found += exits_unmet(stage, self._facts, self._judged_by)
        return tuple(found)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all that is unmet, without the details."""
        found = tuple(gap.code for gap in self._lacks) if self._lacks else ()
        if self._judged_by is not None and self._facts is not None:
            guards = self._judged_by.machine.guards
            for stage in self._left:
                found += guards[stage].codes(self._facts)
        return found

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What to ask: the unknown facts that stand in the way."""
        gaps = (gap for unmet in self.unmet for gap in unmet.missing)
        return tuple(dict.fromkeys(gaps))

    @property
    def why(self) -> Reason:
        """Everything that stands in the way."""
        data = (*_event_data(self.event), ("stage", self.deal.stage))
        return Reason("deal-refused", data, tuple(map(self._hindrance, self.unmet)))

    def _hindrance(self, unmet: Unmet) -> Reason:
        if unmet.stage is None:
            data = (("needed", unmet.needed), *unmet.found)
            return Reason(f"refused-{unmet.code}", data)
        if self._judged_by is not None and self._facts is not None:
            guard = self._judged_by.machine.guards[unmet.stage]
            told = {one.get("exit"): one for one in guard.why(self._facts)}
            return told[unmet.code]
        code = "exit-open" if unmet.answer is Tri.UNKNOWN else "exit-unmet"
        return Reason(code, (("exit", unmet.code),))

    def explain(self, locale: str = "en") -> tuple[str, ...]:
        """Say in a language what stands in the way, a line each, indented."""
        return _told(self.why, self._judged_by, locale)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Refused):
            return NotImplemented
        mine = (self._deal, self._event, self.unmet)
        return mine == (other._deal, other._event, other.unmet)

    def __hash__(self) -> int:
        return hash((Refused, self._deal, self._event))

    def __repr__(self) -> str:
        why = ", ".join(self.codes)
        return f"<Refused {self._deal.id} {self._event.kind.value}: {why}>"


@attrs.frozen
class Duplicate(wire.Plain, display.Explained):
    """The very event was accepted before: nothing changes, `record` is what it did."""

    deal: Deal
    record: Accepted

    @property
    def why(self) -> Reason:
        """Which event it was, and the version that it made."""
        data = (*_event_data(self.record.event), ("version", self.record.version))
        return Reason("deal-duplicate", data)

    def explain(self, locale: str = "en") -> tuple[str, ...]:
        """Say in a language that this has happened already."""
        return _told(self.why, None, locale)


@attrs.frozen
class Conflict(wire.Plain, display.Explained):
    """Somebody was faster: the deal is not at the version that the actor saw."""

    deal: Deal
    event: DealEvent

    @property
    def why(self) -> Reason:
        """Which version was expected, and which one was found."""
        expected = self.event.expected_version or 0
        data = (*_event_data(self.event), ("needed", expected))
        return Reason("deal-conflict", (*data, ("got", self.deal.version)))

    def explain(self, locale: str = "en") -> tuple[str, ...]:
        """Say in a language that the deal has moved on in the meantime."""
        return _told(self.why, None, locale)


Ruling: TypeAlias = Moved | Refused | Duplicate | Conflict
"""What becomes of an event: one of four."""


def _event_data(event: DealEvent) -> tuple[tuple[str, float | str], ...]:
    return ("event", event.id), ("move", event.kind.value), ("actor", event.actor)


def _said(event: DealEvent) -> Iterator[Reason]:
    """Yield what the event itself says: why, to whom it was lost, until when."""
    if event.loss_reason is not None:
        yield Reason("event-loss", (("loss", event.loss_reason.value),))
    if event.competitor is not None:
        yield Reason("event-competitor", (("names", event.competitor),))
    if event.reason is not None:
        yield Reason("event-reason", (("remark", event.reason),))
    if event.resume_on is not None:
        yield Reason("event-resume", (("day", event.resume_on.isoformat()),))


def _told(why: Reason, judged_by: Pipeline | None, locale: str) -> tuple[str, ...]:
    own = {} if judged_by is None else judged_by.own_labels
    return tuple(
        "  " * level + wording.say(reason.code, dict(reason.data), locale, own=own)
        for level, reason in why.walk()
    )
