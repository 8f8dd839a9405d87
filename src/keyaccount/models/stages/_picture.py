"""What a diagram shows: boxes and arrows of a pipeline, or of one deal's path."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from keyaccount import wording
from keyaccount.domain import EventKind, Outcome
from keyaccount.rules import Machine

from ._deal import Accepted, Deal
from ._policy import Pipeline


__all__ = ["ANYWHERE", "Arrow", "Box", "Look", "Picture", "Way", "path_of", "plan_of"]


ANYWHERE = "anywhere"
"""Where an arrow starts that may start at any stage."""


class Look(enum.Enum):
    """How a box is drawn."""

    STAGE = "stage"
    VISITED = "visited"
    CURRENT = "current"
    OUTCOME = "outcome"


class Way(enum.Enum):
    """How an arrow is drawn."""

    ON = "on"
    BACK = "back"
    WAIVED = "waived"
    AHEAD = "ahead"


class Box(NamedTuple):
    """A stage or an outcome, with a line of text for each thing to be said."""

    id: str
    lines: tuple[str, ...]
    look: Look
    is_end: bool = False


class Arrow(NamedTuple):
    """A way from one box to another."""

    start: str
    end: str
    lines: tuple[str, ...]
    way: Way


class Picture(NamedTuple):
    """Boxes and arrows, in the order in which they are drawn."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


class _Words(NamedTuple):
    """What things are called in a language, the pipeline's own words first."""

    pipeline: Pipeline
    locale: str

    def label(self, kind: str, slug: str) -> str:
        own = self.pipeline.own_labels
        return _short(wording.label(kind, slug, self.locale, own=own))

    def say(self, code: str, **data: float | str) -> str:
        own = self.pipeline.own_labels
        return _short(wording.say(f"diagram.{code}", data, self.locale, own=own))


_LONGEST = 100


def _short(text: str) -> str:
    """Return text on one line, as much of it as a diagram has room for."""
    shown = wording.plain(text)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"


def _stage(slug: str) -> str:
    return f"stage:{slug}"


def _end(outcome: Outcome) -> str:
    return f"end:{outcome.value}"


def plan_of(pipeline: Pipeline, locale: str) -> Picture:
    """Draw a pipeline: stages, ways on with their exits, ways back, outcomes."""
    words = _Words(pipeline, locale)
    boxes = [
        Box(_stage(plan.id), (words.label("stage", plan.id), odds), Look.STAGE)
        for plan in pipeline.stages
        for odds in [wording.number(float(plan.probability), "share", locale)]
    ]
    boxes += [_end_box(words, end, Look.OUTCOME) for end in Outcome]
    on, back = [], []
    for station in pipeline.machine.stations:
        start = _stage(station.id)
        exits = tuple(words.label("exit", gate.id) for gate in station.exits)
        on += [Arrow(start, _stage(to), exits, Way.ON) for to in station.to]
        if station.ends:
            on.append(Arrow(start, _end(Outcome.WON), exits, Way.ON))
        back += [Arrow(start, _stage(to), (), Way.BACK) for to in station.back]
    anywhere = (words.say("anywhere"),)
    back += [
        Arrow(ANYWHERE, _end(end), anywhere, Way.BACK)
        for end in (Outcome.LOST, Outcome.ABANDONED)
    ]
    return Picture(tuple(boxes), (*on, *back))


def _end_box(words: _Words, end: Outcome, look: Look) -> Box:
    return Box(_end(end), (words.label("outcome", end.value),), look, is_end=True)


def path_of(
    pipeline: Pipeline, deal: Deal, locale: str, as_of: dt.date | None
) -> Picture:
    """Draw a deal's path: the stages that it saw and when, and what lies ahead.

    A deal that was loaded without its beginning starts where its records do.
    """
    words, history = _Words(pipeline, locale), deal.history
    stays = tuple(_stays(history))
    ahead = tuple(_ahead(pipeline.machine, deal)) if deal.is_open else ()
    stages = (*(plan.id for plan in pipeline.stages), *(stay.stage for stay in stays))
    boxes = []
    for stage in dict.fromkeys(stages):
        mine = [stay for stay in stays if stay.stage == stage]
        lines = [words.label("stage", stage)]
        lines += [line for stay in mine for line in _told(words, deal, stay, as_of)]
        look = Look.VISITED if mine else Look.STAGE
        if deal.is_open and stage == deal.stage:
            look = Look.CURRENT
        boxes.append(Box(_stage(stage), tuple(lines), look))
    arrows = (*_steps(words, history), *ahead)
    touched = {name for arrow in arrows for name in (arrow.start, arrow.end)}
    for end in Outcome:
        if _end(end) in touched:
            look = Look.CURRENT if deal.outcome is end else Look.OUTCOME
            boxes.append(_end_box(words, end, look))
    return Picture(tuple(boxes), arrows)


class _Stay(NamedTuple):
    """One stay at a stage; `left` is None where the deal still is there."""

    stage: str
    came: dt.date
    left: dt.date | None
    rested: int


_ENTERING = frozenset(
    {EventKind.OPEN, EventKind.ADVANCE, EventKind.BACK, EventKind.REOPEN}
)


def _stays(history: tuple[Accepted, ...]) -> Iterator[_Stay]:
    """Yield every stay at a stage, the first one first."""
    came: Accepted | None = history[0]
    for before, record in pairwise((history[0], *history)):
        is_over, enters = record.outcome is not None, record.event.kind in _ENTERING
        if came is not None and (is_over or (enters and record is not came)):
            rested = record.paused_days if is_over else before.paused_days
            yield _stay(came, record.event.at.date(), rested)
            came = None
        if enters:
            came = record
    if came is not None:
        yield _stay(came, None, history[-1].paused_days)


def _stay(came: Accepted, left: dt.date | None, rested: int) -> _Stay:
    return _Stay(came.stage, came.entered_at.date(), left, rested)


def _told(
    words: _Words, deal: Deal, stay: _Stay, as_of: dt.date | None
) -> Iterator[str]:
    """Yield when the deal was at a stage, for how long, and whether it rests."""
    begin = stay.came.isoformat()
    if stay.left is not None:
        days = max((stay.left - stay.came).days - stay.rested, 0)
        yield words.say("stay", begin=begin, end=stay.left.isoformat(), days=days)
        return
    if as_of is None:
        yield words.say("since", begin=begin)
    else:
        yield words.say("since-days", begin=begin, days=deal.days_in_stage(as_of))
    if deal.pause is not None:
        yield words.say("rests", day=deal.pause.resume_on.isoformat())


def _steps(words: _Words, history: tuple[Accepted, ...]) -> Iterator[Arrow]:
    """Yield an arrow for every event that led elsewhere, numbered in their order."""
    step = 0
    befores: tuple[Accepted | None, ...] = (None, *history)
    for before, record in zip(befores, history, strict=False):
        found = _step(words, before, record)
        if found is not None:
            step += 1
            day = record.event.at.date().isoformat()
            line = words.say("step", step=step, day=day)
            yield found._replace(lines=(line, *found.lines))


def _step(words: _Words, before: Accepted | None, record: Accepted) -> Arrow | None:
    """Return where an event led, and what is to be said of it."""
    event, here = record.event, _stage(record.stage)
    if record.outcome is not None:
        way = Way.WAIVED if record.overridden else Way.ON
        return Arrow(here, _end(record.outcome), tuple(_because(words, record)), way)
    if before is None:
        return None
    if event.kind is EventKind.REOPEN and before.outcome is not None:
        line = words.say("reopened", reason=event.reason or "")
        return Arrow(_end(before.outcome), here, (line,), Way.BACK)
    start = _stage(before.stage)
    if event.kind is EventKind.BACK:
        line = words.say("back", reason=event.reason or "")
        return Arrow(start, here, (line,), Way.BACK)
    if event.kind is EventKind.ADVANCE:
        way = Way.WAIVED if record.overridden else Way.ON
        return Arrow(start, here, tuple(_because(words, record)), way)
    return None


_SKIP = "skip"


def _because(words: _Words, record: Accepted) -> Iterator[str]:
    """Yield why a deal ended, or what was waived so that it could move on, by whom."""
    event = record.event
    if event.loss_reason is not None:
        yield words.label("loss-reason", event.loss_reason.value)
    if event.competitor is not None:
        yield words.say("competitor", name=event.competitor)
    if _SKIP in record.overridden:
        yield words.say("skipped")
    for code in record.overridden:
        if code != _SKIP:
            yield words.say("unmet", exit=code)
    if record.overridden:
        yield words.say("approved", approver=event.approver or "")
    if event.reason is not None:
        yield words.say("reason", reason=event.reason)


def _ahead(machine: Machine, deal: Deal) -> Iterator[Arrow]:
    """Yield the ways that are still open to a deal, up to the win."""
    if deal.stage not in machine.by_id:
        return
    waiting = [deal.stage]
    for stage in waiting:
        station = machine[stage]
        for onward in station.to:
            yield Arrow(_stage(stage), _stage(onward), (), Way.AHEAD)
            if onward not in waiting:
                waiting.append(onward)
        if station.ends:
            yield Arrow(_stage(stage), _end(Outcome.WON), (), Way.AHEAD)
