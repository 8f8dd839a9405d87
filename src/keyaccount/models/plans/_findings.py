"""What was found about a project, and what it leaves to do by when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType

import attrs

from keyaccount import wording
from keyaccount.domain import AccountProject, ProjectTask
from keyaccount.rules import Reason
from keyaccount.tri import Tri, negate

from ._opinions import ProjectFindingKind as Kind
from ._tasks import Tasks, tasks_of


__all__ = ["ProjectFinding", "TaskDue", "due_of", "findings_of"]


_NO_LABELS: wording.Labels = MappingProxyType({})


@attrs.frozen
class ProjectFinding:
    """One thing that was found: about a task, a weak point, or the whole project.

    `holds` is UNKNOWN where it hangs on what nobody has told us: whether that task
    is done, who is on the team, whether the analyses are complete. `task` and
    `weak_point` are ids, `text` is what they are called, `strength` what is missing.
    """

    kind: Kind
    holds: Tri = Tri.YES
    task: str | None = None
    weak_point: str | None = None
    text: str | None = None
    due_on: dt.date | None = None
    days_late: int = 0
    strength: str | None = None

    @property
    def reason(self) -> Reason:
        """The finding as a reason."""
        data: list[tuple[str, float | str]] = []
        if self.text is not None:
            data.append(("name", wording.plain(self.text)))
        if self.due_on is not None:
            data.append(("due", self.due_on.isoformat()))
        if self.days_late:
            data.append(("count", float(self.days_late)))
        if self.strength is not None:
            data.append(("strength", wording.plain(self.strength)))
        return Reason(f"finding-{self.kind.value}", tuple(data))

    def say(
        self,
        locale: str = "en",
        *,
        own: Mapping[str, Mapping[str, str]] = _NO_LABELS,
    ) -> str:
        """Say it in a language; *own* are a policy's own labels."""
        reason = self.reason
        return wording.say(reason.code, dict(reason.data), locale, own=own)


@attrs.frozen
class TaskDue:
    """A task that is still to do, for the calendar.

    A task without a day of its own is due on the project's deadline: `is_dated` is
    then False. `is_sure` is False where nobody has told whether it is done.
    """

    task: str
    text: str
    due_on: dt.date
    owner: str | None
    days_late: int
    is_dated: bool
    is_sure: bool


def due_of(project: AccountProject, as_of: dt.date) -> tuple[TaskDue, ...]:
    """Return what is still to do, what is due first first; of a closed one nothing."""
    if project.closed_on is not None and project.closed_on <= as_of:
        return ()
    found = []
    for task in project.tasks:
        answer = task.done_by(as_of)
        if answer is Tri.YES:
            continue
        due_on = project.deadline if task.due is None else task.due
        late = max(0, (as_of - due_on).days)
        found.append(
            TaskDue(
                task=task.id,
                text=task.text,
                due_on=due_on,
                owner=task.owner,
                days_late=late,
                is_dated=task.due is not None,
                is_sure=answer is Tri.NO,
            )
        )
    return tuple(sorted(found, key=lambda one: (one.due_on, one.task)))


def findings_of(
    project: AccountProject,
    as_of: dt.date,
    analysed: Tri,
    strengths: Collection[str] | None,
) -> tuple[ProjectFinding, ...]:
    """Return everything that was found, by kind, and by id within a kind."""
    tasks = tasks_of(project, as_of)
    if project.closed_on is not None and project.closed_on <= as_of:
        found = [
            ProjectFinding(Kind.CLOSED_WITH_OPEN_TASK, holds, task.id, text=task.text)
            for task, holds in _not_done(tasks)
        ]
    else:
        found = [
            *_of_tasks(project, tasks, as_of),
            *_of_strengths(tasks, strengths),
            *_of_project(project, tasks, as_of, analysed),
        ]
    order = list(Kind)
    return tuple(
        sorted(
            found,
            key=lambda one: (order.index(one.kind), one.task or one.weak_point or ""),
        )
    )


def _not_done(tasks: Tasks) -> Iterator[tuple[ProjectTask, Tri]]:
    """Yield what is still to do, and what may be."""
    yield from ((task, Tri.YES) for task in tasks.left)
    yield from ((task, Tri.UNKNOWN) for task in tasks.unsure)


def _of_tasks(
    project: AccountProject, tasks: Tasks, as_of: dt.date
) -> Iterator[ProjectFinding]:
    for task, holds in _not_done(tasks):
        about = ProjectFinding(
            Kind.UNDATED_TASK, holds, task.id, text=task.text, due_on=task.due
        )
        if task.due is None:
            yield about
        elif task.due < as_of:
            late = (as_of - task.due).days
            yield attrs.evolve(about, kind=Kind.LATE_TASK, days_late=late)
        if task.due is not None and task.due > project.deadline:
            yield attrs.evolve(about, kind=Kind.TASK_AFTER_DEADLINE)
        if task.owner is None:
            yield attrs.evolve(about, kind=Kind.UNOWNED_TASK, due_on=None)


def _of_strengths(
    tasks: Tasks, strengths: Collection[str] | None
) -> Iterator[ProjectFinding]:
    """Yield the tasks whose strength nobody has; nothing where nobody told of a team.

    Who is on the team is then one question, and not one for each task.
    """
    if strengths is None:
        return
    for task, holds in _not_done(tasks):
        if task.strength is not None and task.strength not in strengths:
            yield ProjectFinding(
                Kind.STRENGTH_MISSING,
                holds,
                task.id,
                text=task.text,
                strength=task.strength,
            )


def _of_project(
    project: AccountProject, tasks: Tasks, as_of: dt.date, analysed: Tri
) -> Iterator[ProjectFinding]:
    attacked = {task.weak_point for task in project.tasks}
    alone = [point for point in project.weak_points if point.id not in attacked]
    for point in alone:
        yield ProjectFinding(
            Kind.UNATTACKED_POINT, weak_point=point.id, text=point.text or point.id
        )
    if project.deadline < as_of:
        late = (as_of - project.deadline).days
        sure = bool(tasks.left or alone or not tasks.count)
        holds = Tri.YES if sure else Tri.UNKNOWN if tasks.unsure else Tri.NO
        if holds is not Tri.NO:
            yield ProjectFinding(
                Kind.PAST_DEADLINE, holds, due_on=project.deadline, days_late=late
            )
    if not tasks.count:
        yield ProjectFinding(Kind.NO_TASKS)
    if project.owner is None:
        yield ProjectFinding(Kind.NO_OWNER)
    if project.waiver is None and analysed is not Tri.YES:
        yield ProjectFinding(Kind.NOT_ANALYSED, negate(analysed))
