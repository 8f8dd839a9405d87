"""Folding a stored history, and asking what another rule would have said of it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import attrs

from keyaccount.domain import EventKind
from keyaccount.exceptions import Problems
from keyaccount.rules import Facts, Seen
from keyaccount.tri import Tri

from ._deal import Accepted, Deal, listed
from ._given import check_given
from ._moves import judge
from ._policy import Pipeline
from ._unmet import Unmet, exits_unmet


__all__ = ["Rejudged", "rejudge", "replay"]


def replay(deal_id: str, history: Iterable[Accepted]) -> Deal:
    """Fold accepted events into the deal that they made; nothing is judged again.

    Where an event led is what its record says, whatever the pipeline has become
    since: the same history gives the same deal for ever.

    Raises:
        InvalidValueError: no event, one that stands twice, or one out of order.
    """
    return Deal(deal_id, history)


@attrs.frozen
class Rejudged:
    """What another pipeline would have said of an event that was accepted.

    `unmet` lists what it would have missed, `stopped` whether that would have stopped
    the deal: UNKNOWN where the new rule asks for facts that nobody had told then, or
    has no such stage.
    """

    record: Accepted
    unmet: tuple[Unmet, ...]
    stopped: Tri


def rejudge(
    history: Deal | Iterable[Accepted], pipeline: Pipeline
) -> tuple[Rejudged, ...]:
    """Ask of every event that was guarded what a pipeline would have done with it.

    Each event is judged where the deal then stood, on the facts that were then known:
    an earlier event that the new rule would have stopped does not change what it says
    of a later one. What was overridden then counts as unmet again. Of an event at a
    stage that the pipeline does not have nobody can say: it is `unknown-stage`, and
    `stopped` is UNKNOWN.

    Raises:
        InvalidValueError: no history, or no pipeline.
    """
    check_given("rejudge", pipeline=pipeline)
    records = history.history if isinstance(history, Deal) else listed(history)
    return tuple(
        _rejudged(before, record, pipeline)
        for before, record in pairwise(records)
        if record.event.kind in _GUARDED
    )


_GUARDED = frozenset({EventKind.ADVANCE, EventKind.WIN})


def _rejudged(before: Accepted, record: Accepted, pipeline: Pipeline) -> Rejudged:
    if before.stage not in pipeline.by_id:
        stages, where = ", ".join(pipeline.by_id), (("stage", before.stage),)
        unknown = Unmet("unknown-stage", Tri.UNKNOWN, stages, where)
        return Rejudged(record, (unknown,), Tri.UNKNOWN)
    facts = _as_seen_by(pipeline, record.facts)
    event = record.event
    if event.to is not None and event.to not in pipeline.by_id:
        event = attrs.evolve(event, to=None)
    judged = judge(before, event, pipeline.machine)
    unmet = [*judged.lacks, *judged.skips]
    for stage in judged.left:
        unmet += exits_unmet(stage, facts, pipeline)
    stopped = Tri.NO
    if unmet:
        is_sure = any(gap.answer is Tri.NO for gap in unmet)
        stopped = Tri.YES if is_sure else Tri.UNKNOWN
    return Rejudged(record, tuple(unmet), stopped)


def _as_seen_by(pipeline: Pipeline, facts: Seen) -> Seen:
    """Tell the facts of old to another pipeline; what it cannot read is unknown."""
    told, unread = dict(facts), Problems()
    row = (fact.read(told.get(fact.name), unread) for fact in pipeline.about)
    return Seen(Facts(pipeline.about, tuple(row)))
