"""One of the six talks about a customer: how it stands on a day, and when it is due."""

from __future__ import annotations

import datetime as dt
from types import MappingProxyType

import attrs

from keyaccount import wire, wording
from keyaccount.domain import CommChannel, CommPurpose
from keyaccount.rules import Reason, days_later, display
from keyaccount.tri import Tri

from ._opinions import TalkState


__all__ = ["Talk", "state_of"]


_NO_LABELS: wording.Labels = MappingProxyType({})


@attrs.frozen
class Talk(wire.Plain, display.Explained):
    """How one of the six talks about a customer stands on a day (S2-15 to S2-17).

    `last` is the last contact that was surely for this, `unsaid` the latest after it
    on the same channel of which nobody has said what it was for. `cadence` days after
    the last one the next is due; where there was none, so many after `since`, and
    where that is not known either, on the day itself. `due_on` is the day by which
    nobody can say that it is late for want of knowing. `scheduled` is the next
    contact that is planned for this, `scheduled_unsaid` one for nobody knows what:
    neither is a talk yet.
    """

    customer_id: str
    purpose: CommPurpose
    state: TalkState
    possible: tuple[TalkState, ...]
    due_on: dt.date
    cadence: int
    as_of: dt.date
    last: dt.date | None = None
    unsaid: dt.date | None = None
    since: dt.date | None = None
    scheduled: dt.date | None = None
    scheduled_unsaid: dt.date | None = None

    @property
    def channel(self) -> CommChannel:
        """The channel that the talk belongs to."""
        return self.purpose.channel

    @property
    def anchor(self) -> dt.date | None:
        """The day that `due_on` hangs on; None where nothing is recorded."""
        return self.last or self.since

    @property
    def days_since(self) -> int | None:
        """How many days ago it was last held for sure; None: never."""
        return None if self.last is None else (self.as_of - self.last).days

    @property
    def days_late(self) -> int:
        """How many days ago it was due; 0 if it is due today or later."""
        return max((self.as_of - self.due_on).days, 0)

    @property
    def is_overdue(self) -> Tri:
        """Whether its day has passed; what is due today is not late."""
        if self.state is TalkState.OPEN:
            return Tri.UNKNOWN
        return Tri.of(self.state.is_gap)

    @property
    def what(self) -> Reason:
        """What is to be done, as an agenda says it; under it how the talk stands."""
        data = (
            ("row", self.purpose.value),
            ("table", "comm-purpose"),
            ("criterion", self.channel.value),
            ("card", "comm-channel"),
        )
        told = (self.why,)
        if self.state is TalkState.OPEN and self.unsaid is not None:
            unsaid = ("day", self.unsaid.isoformat())
            return Reason("talk-wanted-open", (*data, unsaid), told)
        met = self.last is not None or self.unsaid is not None
        code = "talk-wanted" if met else "talk-wanted-first"
        return Reason(code, data, told)

    @property
    def why(self) -> Reason:
        """How the talk stands: when it last was, how often it should be, what comes."""
        data: list[tuple[str, float | str]] = [
            ("row", self.purpose.value),
            ("table", "comm-purpose"),
            ("unit", "days"),
            ("limit", float(self.cadence)),
        ]
        anchor = self.anchor
        if anchor is not None:
            days = float((self.as_of - anchor).days)
            data += [("day", anchor.isoformat()), ("days", days)]
        return Reason(self._code(), tuple(data), tuple(self._because()))

    def explain(
        self, locale: str = "en", *, own: wording.Labels = _NO_LABELS
    ) -> tuple[str, ...]:
        """Say in a language what is to be done and why, a line each, indented."""
        return tuple(
            "  " * level + wording.say(reason.code, dict(reason.data), locale, own=own)
            for level, reason in self.what.walk()
        )

    def _code(self) -> str:
        if self.anchor is None:
            return "talk-never-open" if self.state is TalkState.OPEN else "talk-never"
        held = "talk" if self.last is not None else "talk-none"
        return f"{held}-{_ENDINGS[self.state]}"

    def _because(self) -> list[Reason]:
        days = (
            ("talk-unsaid", self.unsaid if len(self.possible) > 1 else None),
            ("talk-scheduled", self.scheduled),
            ("talk-scheduled-unsaid", self.scheduled_unsaid),
        )
        return [
            Reason(code, (("day", day.isoformat()),))
            for code, day in days
            if day is not None
        ]


_ENDINGS = MappingProxyType(
    {
        TalkState.FINE: "fine",
        TalkState.DUE: "due",
        TalkState.OPEN: "open",
        TalkState.GAP: "late",
        TalkState.NEVER: "late",
    }
)


def state_of(
    last: dt.date | None, since: dt.date | None, cadence: int, as_of: dt.date
) -> TalkState:
    """Say how a talk stands whose last one was on that day, None for never."""
    anchor = last or since
    if anchor is None:
        return TalkState.NEVER
    due_on = days_later(anchor, cadence)
    if due_on < as_of:
        return TalkState.GAP if last is not None else TalkState.NEVER
    return TalkState.DUE if due_on == as_of else TalkState.FINE
