"""What each kind of event needs, and where it would leave the deal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from keyaccount.domain import DealEvent, EventKind, Outcome, Pause
from keyaccount.rules import Machine, Station

from ._deal import Accepted
from ._unmet import Unmet, lack


__all__ = ["Change", "Judged", "judge"]


class Change(NamedTuple):
    """Where an event would leave the deal."""

    stage: str
    entered_at: dt.datetime
    outcome: Outcome | None
    pause: Pause | None
    paused_days: int


def _stay(last: Accepted, outcome: Outcome | None = None) -> Change:
    return Change(last.stage, last.entered_at, outcome, None, last.paused_days)


class Judged(NamedTuple):
    """What the event lacks, whose exits it must meet, and where it leads.

    `skips` is what an approver can wave through, as unmet exits can be.
    """

    lacks: tuple[Unmet, ...]
    left: tuple[str, ...]
    change: Change
    skips: tuple[Unmet, ...] = ()


def judge(
    last: Accepted, event: DealEvent, machine: Machine, been: Sequence[str] = ()
) -> Judged:
    """Judge an event as far as no fact is needed for it.

    `been` lists the stages where the deal has been, the latest last: where ways
    branch, a step back leads to where it came from.
    """
    if event.kind is EventKind.BACK:
        judged = _back(last, event, machine, been)
    else:
        judged = _KINDS[event.kind](last, event, machine)
    return judged._replace(lacks=(*_hindrances(last, event), *judged.lacks))


def _hindrances(last: Accepted, event: DealEvent) -> Iterator[Unmet]:
    """Yield what stands in the way of any event, as the deal stands."""
    if event.at < last.event.at:
        needed = f">= {last.event.at.isoformat()}"
        yield lack("early", needed, ("at", event.at.isoformat()))
    if event.kind is EventKind.OPEN:
        yield lack("opened", "no deal of this id")
    elif event.kind is EventKind.REOPEN:
        if last.outcome is None:
            yield lack("open", "an outcome")
    elif last.outcome is not None:
        yield lack("closed", "no outcome", ("outcome", last.outcome.value))
    elif last.pause is not None and event.kind in _NOT_WHILE_PAUSED:
        until = last.pause.resume_on.isoformat()
        yield lack("paused", "no pause", ("resume_on", until))
    elif last.pause is None and event.kind is EventKind.RESUME:
        yield lack("not-paused", "a pause")


_NOT_WHILE_PAUSED = frozenset(
    {EventKind.ADVANCE, EventKind.BACK, EventKind.WIN, EventKind.PAUSE}
)


Judge: TypeAlias = Callable[[Accepted, DealEvent, Machine], Judged]


def _advance(last: Accepted, event: DealEvent, machine: Machine) -> Judged:
    station = machine[last.stage]
    if event.to is None:
        if len(station.to) == 1:
            return Judged((), (last.stage,), _arrive(station.to[0], event))
        code, needed = "last-stage", "win, lose, abandon"
        if station.to:
            code, needed = "which-way", ", ".join(station.to)
        lacks = lack(code, needed, ("stage", last.stage))
        return Judged((lacks,), (last.stage,), _arrive(last.stage, event))
    target = machine[event.to].id
    left = machine.way(last.stage, target)
    change = _arrive(target, event)
    if not left:
        return Judged((_no_way(station, target),), (), change)
    if target in station.to:
        return Judged((), left, change)
    return Judged((), left, change, _skip(station, target))


def _arrive(stage: str, event: DealEvent) -> Change:
    return Change(stage, event.at, None, None, 0)


def _no_way(station: Station, target: str) -> Unmet:
    return lack("no-way", ", ".join(station.to) or "win", ("stage", target))


def _skip(station: Station, target: str) -> tuple[Unmet, ...]:
    return (lack("skip", ", ".join(station.to), ("stage", target)),)


def _back(
    last: Accepted, event: DealEvent, machine: Machine, been: Sequence[str]
) -> Judged:
    station = machine[last.stage]
    unmet = [] if event.reason else [lack("reason", "reason")]
    needed = ", ".join(station.back)
    target: str | None
    if event.to is None:
        target = _came_from(station, machine, been)
    else:
        target = machine[event.to].id
    if target is None:
        target = last.stage
        unmet.append(lack("which-way", needed, ("stage", target)))
    elif target not in station.back:
        unmet.append(lack("no-way-back", needed, ("stage", target)))
    return Judged(tuple(unmet), (), _arrive(target, event))


def _came_from(station: Station, machine: Machine, been: Sequence[str]) -> str | None:
    """Return where a step back leads that names no stage; None if nobody can tell.

    Where the ways branch, that is the latest stage where the deal has been and to
    which a way leads back; where they do not, the last of the ways back.
    """
    if len(station.back) > 1 and any(len(one.to) > 1 for one in machine.stations):
        return next((one for one in reversed(been) if one in station.back), None)
    return station.back[-1] if station.back else station.id


def _pause(last: Accepted, event: DealEvent, _: Machine) -> Judged:
    unmet = [] if event.reason else [lack("reason", "reason")]
    day = event.resume_on
    if day is None:
        unmet.append(lack("resume-on", "resume_on"))
    elif day <= event.at.date():
        needed = f"> {event.at.date().isoformat()}"
        unmet.append(lack("resume-past", needed, ("resume_on", day.isoformat())))
    pause = None
    if event.reason and day is not None:
        pause = Pause(event.reason, event.at, day)
    return Judged(tuple(unmet), (), _stay(last)._replace(pause=pause))


def _resume(last: Accepted, event: DealEvent, _: Machine) -> Judged:
    return Judged((), (), _rested(last, event))


def _rested(last: Accepted, event: DealEvent) -> Change:
    """Count the days on hold that end with this event."""
    rested = 0
    if last.pause is not None:
        rested = max((event.at.date() - last.pause.since.date()).days, 0)
    return _stay(last)._replace(paused_days=last.paused_days + rested)


def _win(last: Accepted, _: DealEvent, machine: Machine) -> Judged:
    lacks: tuple[Unmet, ...] = ()
    if not machine[last.stage].ends:
        ends = (one.id for one in machine.stations if one.ends)
        lacks = (lack("no-end", ", ".join(ends), ("stage", last.stage)),)
    return Judged(lacks, (last.stage,), _stay(last, Outcome.WON))


def _lose(last: Accepted, event: DealEvent, _: Machine) -> Judged:
    is_told = event.loss_reason is not None
    unmet = [] if is_told else [lack("loss-reason", "loss_reason")]
    return Judged(tuple(unmet), (), _ended(last, event, Outcome.LOST))


def _abandon(last: Accepted, event: DealEvent, _: Machine) -> Judged:
    unmet = [] if event.reason else [lack("reason", "reason")]
    return Judged(tuple(unmet), (), _ended(last, event, Outcome.ABANDONED))


def _ended(last: Accepted, event: DealEvent, outcome: Outcome) -> Change:
    """End a deal; one that rests stops resting first."""
    return _rested(last, event)._replace(outcome=outcome)


def _reopen(last: Accepted, event: DealEvent, machine: Machine) -> Judged:
    unmet = [] if event.reason else [lack("reason", "reason")]
    target = last.stage if event.to is None else machine[event.to].id
    offered = (last.stage, *machine[last.stage].back)
    if target not in offered:
        needed = ", ".join(offered)
        unmet.append(lack("no-way-back", needed, ("stage", target)))
    return Judged(tuple(unmet), (), Change(target, event.at, None, None, 0))


def _open(last: Accepted, _: DealEvent, __: Machine) -> Judged:
    return Judged((), (), _stay(last))


_KINDS: Mapping[EventKind, Judge] = MappingProxyType(
    {
        EventKind.OPEN: _open,
        EventKind.ADVANCE: _advance,
        EventKind.PAUSE: _pause,
        EventKind.RESUME: _resume,
        EventKind.WIN: _win,
        EventKind.LOSE: _lose,
        EventKind.ABANDON: _abandon,
        EventKind.REOPEN: _reopen,
    }
)
