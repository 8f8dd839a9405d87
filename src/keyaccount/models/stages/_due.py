"""What is due on a deal: a question that the host's scheduler asks, no timer.

S2-13, S2-19, S2-26, S2-27. Nothing here waits, remembers or rings: the same deal on
the same day has the same tasks. Days on hold never count.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from keyaccount.domain import Opportunity
from keyaccount.exceptions import Problems
from keyaccount.rules import (
    Facts,
    Missing,
    Reason,
    asked_by,
    days_later,
    holds,
    missing,
)
from keyaccount.tri import Tri

from ._deal import Accepted, Deal
from ._decide import Known, judged_by
from ._facts import known_of
from ._given import check_given
from ._milestones import milestones
from ._policy import Pipeline, StagePlan, TaskPlan
from ._task import Task, TaskKind, check_day


__all__ = ["due"]


class _Desk(NamedTuple):
    """What lies on the table when somebody asks what is due."""

    deal: Deal
    last: Accepted
    plan: StagePlan
    facts: Facts
    pipeline: Pipeline
    as_of: dt.date

    def task(  # noqa: PLR0913, PLR0917 - the fields of a task that differ
        self,
        kind: TaskKind,
        due_on: dt.date,
        what: Reason,
        code: str | None = None,
        is_done: Tri = Tri.NO,
        missing: tuple[Missing, ...] = (),
        next_on: dt.date | None = None,
    ) -> Task:
        """Return a task on this deal, with the pipeline's own words for it."""
        stage, code = self.plan.id, code or kind.value
        wanted = {f"stage.{stage}", f"stage-task.{code}"}
        labels = tuple(one for one in self.pipeline.labels if one.address in wanted)
        return Task(
            code,
            kind,
            self.deal.id,
            stage,
            due_on,
            self.as_of,
            what,
            is_done,
            missing,
            next_on,
            labels,
        )

    def is_near(self, day: dt.date, notice: str) -> bool:
        """Whether a day has passed, or comes within the notice of the policy."""
        return (day - self.as_of).days <= self.pipeline.days(notice)


def due(
    deal: Deal,
    facts: Known = None,
    *,
    as_of: dt.date,
    pipeline: Pipeline | None = None,
    opportunity: Opportunity | None = None,
) -> tuple[Task, ...]:
    """Return what is due on a deal, the oldest date first: what is late leads.

    The tasks of its stage that are not surely done, whenever they are due; that it
    has been at the stage for longer than the pipeline allows; and, where the
    opportunity is given, an expected close and milestones that are near or past. A
    deal on hold has nothing but the reminder to take it up again, a closed one has
    nothing. The deal is taken as it stands: to look back, pass `deal.before(day)`.

    Args:
        deal: the deal, with its last record at least.
        facts: what is known; left out: what the opportunity itself says.
        as_of: the day to ask for.
        pipeline: the deal's pipeline; left out: the shipped one.
        opportunity: the deal's opportunity, for its expected close and milestones.

    Raises:
        InvalidValueError: a fact out of range, no plain day, the pipeline or the
            opportunity of another deal.
        UnknownNameError: the pipeline no longer has the deal's stage.
        UnknownFactError: a fact that the pipeline does not know.
    """
    pipeline = judged_by(deal, pipeline)
    check_day(as_of, "due")
    _check_owner(deal, opportunity)
    if not deal.is_open:
        return ()
    if facts is None and opportunity is not None:
        facts = known_of(opportunity)
    plan = pipeline.by_id[pipeline.machine[deal.stage].id]
    desk = _Desk(deal, deal.last, plan, pipeline.read(facts), pipeline, as_of)
    return tuple(sorted(_tasks(desk, opportunity), key=_place))


def _check_owner(deal: Deal, opportunity: Opportunity | None) -> None:
    if opportunity is None:
        return
    check_given("due", opportunity=opportunity)
    if opportunity.id != deal.id:
        problems = Problems()
        wanted = f"pass the deal's own: {deal.id!r}"
        problems.add("opportunity", "contradiction", opportunity.id, wanted)
        problems.check("due")


_KINDS = tuple(TaskKind)


def _place(task: Task) -> tuple[dt.date, int, str]:
    return task.due_on, _KINDS.index(task.kind), task.code


def _tasks(desk: _Desk, opportunity: Opportunity | None) -> Iterator[Task]:
    if desk.last.pause is not None:
        yield from _resuming(desk)
        return
    for task in desk.plan.tasks:
        yield from _of_stage(desk, task)
    yield from _ageing(desk)
    if opportunity is not None:
        yield from _closing(desk, opportunity)
        yield from _landmarks(desk, opportunity)


def _since(desk: _Desk) -> dt.date:
    """Return the day from which a stage's days count: its first, moved by the rests."""
    return days_later(desk.last.entered_at.date(), desk.last.paused_days)


def _of_stage(desk: _Desk, task: TaskPlan) -> Iterator[Task]:
    """Yield a task of the stage unless it is surely done."""
    is_done, asked = _done(desk, task)
    if is_done is Tri.YES:
        return
    due_on = days_later(_since(desk), task.after_days)
    entered = desk.last.entered_at.date().isoformat()
    because = [Reason("task-from", (("limit", task.after_days), ("day", entered)))]
    if desk.last.paused_days:
        because.append(Reason("task-rested", (("days", desk.last.paused_days),)))
    next_on = None
    if task.every_days is not None:
        rounds = max((desk.as_of - due_on).days, 0) // task.every_days
        due_on = days_later(due_on, rounds * task.every_days)
        next_on = days_later(due_on, task.every_days)
        data = (("limit", task.every_days), ("day", next_on.isoformat()))
        because.append(Reason("task-repeats", data))
    if asked:
        facts = tuple(Reason("task-asks", (("fact", gap.fact),)) for gap in asked)
        because.append(Reason("task-open", (), facts))
    named = (("task", task.id), ("stage", desk.plan.id))
    what = Reason("task-stage", named, tuple(because))
    yield desk.task(TaskKind.STAGE, due_on, what, task.id, is_done, asked, next_on)


def _done(desk: _Desk, task: TaskPlan) -> tuple[Tri, tuple[Missing, ...]]:
    """Say whether a task is done, and what to ask where nobody knows."""
    if task.until is None:
        return Tri.NO, ()
    is_done = holds(task.until, desk.facts)
    if is_done is not Tri.UNKNOWN:
        return is_done, ()
    names = dict.fromkeys(asked_by(task.until))
    unknown = (name for name in names if desk.facts[name] is None)
    return is_done, missing(desk.pipeline.about, unknown)


def _ageing(desk: _Desk) -> Iterator[Task]:
    """Yield the warning that a deal has been at its stage for too long."""
    limit, days = desk.plan.max_days, desk.deal.days_in_stage(desk.as_of)
    if limit is None or days <= limit:
        return
    data = (("stage", desk.plan.id), ("days", days), ("limit", limit))
    what = Reason("task-ageing", data)
    yield desk.task(TaskKind.AGEING, days_later(_since(desk), limit), what)


def _resuming(desk: _Desk) -> Iterator[Task]:
    """Yield the reminder that a deal on hold is to be taken up again."""
    pause = desk.last.pause
    if pause is None or not desk.is_near(pause.resume_on, "resume_notice"):
        return
    since = pause.since.date().isoformat()
    rest = Reason("task-paused", (("day", since), ("reason", pause.reason)))
    what = Reason("task-resume", (("stage", desk.plan.id),), (rest,))
    yield desk.task(TaskKind.RESUME, pause.resume_on, what)


def _closing(desk: _Desk, opportunity: Opportunity) -> Iterator[Task]:
    """Yield the question whether the deal closes on the day that somebody told."""
    day = opportunity.expected_close
    if day is None or not desk.is_near(day, "close_notice"):
        return
    what = Reason("task-close", (("day", day.isoformat()),))
    yield desk.task(TaskKind.CLOSE, day, what)


def _landmarks(desk: _Desk, opportunity: Opportunity) -> Iterator[Task]:
    """Yield the milestones that are not reached, and near or past."""
    for status in milestones(opportunity, as_of=desk.as_of):
        if status.is_reached or not desk.is_near(status.due_on, "milestone_notice"):
            continue
        what = Reason("task-milestone", status.why.data, status.why.because)
        code = status.milestone.id
        yield desk.task(TaskKind.MILESTONE, status.due_on, what, code)
