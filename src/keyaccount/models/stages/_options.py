"""What could happen to a deal next, and what each of it still needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import attrs

from keyaccount.domain import EventKind
from keyaccount.rules import Guard, Missing, Seen, ask_first
from keyaccount.tri import Tri

from ._deal import Deal
from ._decide import Known, judged_by
from ._policy import Pipeline
from ._unmet import Unmet, exits_unmet


__all__ = ["Option", "options"]


@attrs.frozen
class Option:
    """One thing that could happen: an event's kind, and the stage it would lead to.

    `fields` names what the event must say (a form shows them), `unmet` the exits
    that facts do not meet; an approver with a reason can wave those through.
    `missing` asks for what is unknown, the question that settles most first.
    """

    kind: EventKind
    to: str | None
    fields: tuple[str, ...] = ()
    unmet: tuple[Unmet, ...] = ()
    missing: tuple[Missing, ...] = ()

    @property
    def is_open_to(self) -> Tri:
        """YES if nothing but the fields is needed, UNKNOWN if questions decide."""
        if not self.unmet:
            return Tri.YES
        is_known = any(gap.answer is Tri.NO for gap in self.unmet)
        return Tri.NO if is_known else Tri.UNKNOWN


def options(
    deal: Deal, facts: Known = None, *, pipeline: Pipeline | None = None
) -> tuple[Option, ...]:
    """Answer for every move that the deal could make, without making one.

    The ways on come first, then the win, then what leads elsewhere; `decide` says the
    same of each, given the fields that it asks for.

    Raises:
        UnknownFactError: a fact that the pipeline does not know.
        InvalidValueError: a fact out of range, or the pipeline of another deal.
    """
    pipeline = judged_by(deal, pipeline)
    told = Seen(pipeline.read(facts))
    return tuple(_options(deal, told, pipeline))


_FIELDS: Mapping[EventKind, tuple[str, ...]] = MappingProxyType(
    {
        EventKind.BACK: ("reason",),
        EventKind.PAUSE: ("reason", "resume_on"),
        EventKind.LOSE: ("loss_reason",),
        EventKind.ABANDON: ("reason",),
        EventKind.REOPEN: ("reason",),
    }
)


def _option(kind: EventKind, to: str | None = None) -> Option:
    return Option(kind, to, _FIELDS.get(kind, ()))


def _options(deal: Deal, facts: Seen, pipeline: Pipeline) -> Iterator[Option]:
    station = pipeline.machine[deal.stage]
    if not deal.is_open:
        for stage in (station.id, *reversed(station.back)):
            yield _option(EventKind.REOPEN, stage)
        return
    if deal.pause is not None:
        yield _option(EventKind.RESUME)
    else:
        unmet = tuple(exits_unmet(station.id, facts, pipeline))
        asked = _asked(unmet, pipeline.machine.guards[station.id], facts)
        for stage in station.to:
            yield Option(EventKind.ADVANCE, stage, (), unmet, asked)
        if station.ends:
            yield Option(EventKind.WIN, None, (), unmet, asked)
        for stage in reversed(station.back):
            yield _option(EventKind.BACK, stage)
        yield _option(EventKind.PAUSE)
    yield _option(EventKind.LOSE)
    yield _option(EventKind.ABANDON)


def _asked(unmet: tuple[Unmet, ...], guard: Guard, facts: Seen) -> tuple[Missing, ...]:
    """Order the questions that the open exits ask, and no others."""
    wanted = {gap for one in unmet for gap in one.missing}
    tables = [compiled.table for compiled in guard.tables]
    return tuple(gap for gap in ask_first(tables, facts) if gap in wanted)
