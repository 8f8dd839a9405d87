"""May this event happen to this deal? A pure decision, with every reason at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from keyaccount.domain import DealEvent, EventKind, Outcome
from keyaccount.exceptions import (
    EventReusedError,
    InvalidValueError,
    Problems,
    UnknownNameError,
)
from keyaccount.rules import Facts, Seen

from ._answers import Conflict, Duplicate, Moved, Refused, Ruling, moved
from ._deal import Deal, Row, born
from ._given import check_given
from ._moves import judge
from ._policy import Pipeline, default_policy
from ._unmet import lack


__all__ = ["decide", "judged_by", "open_deal"]


_OPEN, _ADVANCE, _WIN = EventKind.OPEN, EventKind.ADVANCE, EventKind.WIN
_WON = Outcome.WON

Known: TypeAlias = Mapping[str, object] | None


def open_deal(
    deal_id: str,
    event: DealEvent,
    facts: Known = None,
    *,
    pipeline: Pipeline | None = None,
) -> Deal:
    """Open a deal at the first stage of a pipeline, or at the one that `to` names.

    Raises:
        InvalidValueError: an event of another kind, a fact out of range, or an
            argument that is none of what is asked for.
        UnknownNameError: the pipeline has no such stage.
        UnknownFactError: a fact that the pipeline does not know.
    """
    pipeline = default_policy() if pipeline is None else pipeline
    try:
        kind, bench = event.kind, pipeline.bench
    except AttributeError:
        check_given("open_deal", event=event, pipeline=pipeline)
        raise
    if kind is not _OPEN:
        problems = Problems()
        wanted = "EventKind.OPEN, with which every deal begins"
        problems.add("event.kind", "wrong-type", kind.value, wanted)
        problems.check("open_deal")
    start, _, doors, ref = bench
    stage = start if event.to is None else event.to
    if stage not in doors:
        raise UnknownNameError("stage", stage, tuple(doors))
    told = Seen(pipeline.read(facts))
    return born(deal_id, (event, 1, stage, event.at, None, None, 0, told, ref, ()))


def decide(
    deal: Deal,
    event: DealEvent,
    facts: Known = None,
    *,
    pipeline: Pipeline | None = None,
) -> Ruling:
    """Decide whether an event may happen to a deal; nothing is changed in place.

    The same event again is a `Duplicate` and changes nothing; an event that expects
    another version is a `Conflict`; anything else is `Moved` to a new deal with one
    more record, or `Refused` with everything that is not met. Facts that are not
    given are unknown, and an exit that asks for them is not met.

    Args:
        deal: the deal, with its last record at least.
        event: what is to happen.
        facts: what is known: a mapping, or what `pipeline.read` made of one.
        pipeline: the deal's pipeline; left out: the shipped one.

    Raises:
        EventReusedError: the event's id was used before, for something else.
        UnknownNameError: a stage that the pipeline does not have.
        UnknownFactError: a fact that the pipeline does not know.
        InvalidValueError: a fact out of range, the pipeline of another deal, or an
            argument that is none of what is asked for.
    """
    if pipeline is None:
        pipeline = default_policy()
    try:
        if event.id in deal._ids:  # noqa: SLF001 - a deal and its decision are one
            return _again(deal, event)
        last = deal._rows[-1]  # noqa: SLF001 - the same
        before, version, stage, entered, outcome, pause, days, _, ref, _ = last
        _, about, doors, mine = pipeline.bench
        if ref is not mine and ref.name != mine.name:
            judged_by(deal, pipeline)
        if event.expected_version is not None and event.expected_version != version:
            return Conflict(deal, event)
        told: Seen
        if type(facts) is Facts and facts.schema is about:
            told = facts  # type: ignore[assignment]  # the same
        else:
            told = Seen(pipeline.read(facts))
        at, to = event.at, event.to
        door = doors.get(stage) if outcome is None and pause is None else None
        if door is not None and at >= before.at:
            onward, wins, passes = door  # the common way, without many words
            row: Row | None = None
            if event.kind is _ADVANCE and onward and (to is None or to == onward):
                row = (event, version + 1, onward, at, None, None, 0, told, mine, ())
            elif event.kind is _WIN and wins:
                row = (
                    event,
                    version + 1,
                    stage,
                    entered,
                    _WON,
                    None,
                    days,
                    told,
                    mine,
                    (),
                )
            if row is not None:
                if passes(told) == "met":
                    return moved(deal, row, pipeline)
                if event.approver is None:
                    return Refused(deal, event, (), (stage,), told, pipeline)
        return _the_long_way(deal, event, told, pipeline)
    except AttributeError:
        check_given("decide", deal=deal, event=event, pipeline=pipeline)
        raise


def _the_long_way(
    deal: Deal, event: DealEvent, facts: Seen, pipeline: Pipeline
) -> Moved | Refused:
    """Judge any event, whatever it is and wherever the deal stands."""
    guards = pipeline.machine.guards
    been = tuple(row[2] for row in deal._rows)  # noqa: SLF001 - the same
    lacks, left, change, skips = judge(deal.last, event, pipeline.machine, been)
    left = tuple(stage for stage in left if guards[stage].passes(facts) != "met")
    needs_approval = bool(left or skips)
    if needs_approval and event.approver is not None and event.reason is None:
        lacks = (*lacks, lack("reason", "reason"))
    if lacks or (needs_approval and event.approver is None):
        return Refused(deal, event, (*lacks, *skips), left, facts, pipeline)
    waived = tuple(gap.code for gap in skips)
    waived += tuple(code for stage in left for code in guards[stage].codes(facts))
    version = deal.version + 1
    stage, entered, outcome, pause, days = change
    ref = pipeline.ref
    row = (event, version, stage, entered, outcome, pause, days, facts, ref, waived)
    return moved(deal, row, pipeline)


def _again(deal: Deal, event: DealEvent) -> Duplicate:
    """Recognise an event that was accepted before, or one that borrows its id."""
    record = next(one for one in deal.history if one.event.id == event.id)
    if record.event != event:
        raise EventReusedError(event.id, deal.id)
    return Duplicate(deal, record)


def judged_by(deal: Deal, pipeline: Pipeline | None) -> Pipeline:
    """Return the pipeline to judge by, once it is known to be the deal's.

    Raises:
        InvalidValueError: the deal goes through a pipeline of another name, or
            either is none.
    """
    found = default_policy() if pipeline is None else pipeline
    check_given("stages", deal=deal, pipeline=found)
    if found.name != deal.pipeline:
        problems = Problems()
        wanted = f"pass as pipeline= the Pipeline named {deal.pipeline!r}"
        problems.add("pipeline", "contradiction", found.name, wanted)
        raise InvalidValueError(f"deal {deal.id}", problems.all())
    return found
