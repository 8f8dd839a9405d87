"""What the tasks of a project say by one day: done, still open, or nobody knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection

import attrs

from keyaccount.domain import AccountProject, ProjectTask
from keyaccount.rules import Facts
from keyaccount.tri import Tri

from ._facts import PROJECT_FACTS


__all__ = ["Tasks", "merged", "readings", "tasks_of"]


@attrs.frozen
class Tasks:
    """The tasks of a project by whether they are done on a day."""

    done: tuple[ProjectTask, ...]
    unsure: tuple[ProjectTask, ...]
    left: tuple[ProjectTask, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.done) + len(self.unsure) + len(self.left)


def tasks_of(project: AccountProject, as_of: dt.date) -> Tasks:
    """Sort the tasks of a project by whether they are done on a day."""
    by: dict[Tri, list[ProjectTask]] = {answer: [] for answer in Tri}
    for task in project.tasks:
        by[task.done_by(as_of)].append(task)
    return Tasks(*(tuple(by[answer]) for answer in (Tri.YES, Tri.UNKNOWN, Tri.NO)))


def readings(
    project: AccountProject,
    as_of: dt.date,
    analysed: Tri,
    strengths: Collection[str] | None,
) -> tuple[Facts, ...]:
    """Return the facts once for every way in which the open tasks may turn out.

    Two ways that leave as many tasks, with the same flaws among them, are one.
    """
    tasks = tasks_of(project, as_of)
    attacked = {task.weak_point for task in project.tasks}
    closed = project.closed_on is not None and project.closed_on <= as_of
    same = {
        "project_closed": Tri.of(closed),
        "days_left": (project.deadline - as_of).days,
        "project_owned": Tri.of(project.owner is not None),
        "tasks": tasks.count,
        "point_unattacked": Tri.of(
            any(point.id not in attacked for point in project.weak_points)
        ),
        "analyses_settled": Tri.YES if project.waiver is not None else analysed,
    }

    def flaws(task: ProjectTask) -> frozenset[str]:
        return _flaws(task, project.deadline, as_of, strengths)

    return tuple(
        PROJECT_FACTS.read({**same, **_of_tasks(tasks.count, left, found, strengths)})
        for left, found in _ways(tasks, flaws)
    )


def _ways(
    tasks: Tasks, flaws: Callable[[ProjectTask], frozenset[str]]
) -> list[tuple[int, frozenset[str]]]:
    """Return how many tasks may be left, with which flaws among them."""
    for_sure = frozenset[str]().union(*map(flaws, tasks.left))
    ways = {(len(tasks.left), for_sure)}
    for task in tasks.unsure:
        ways |= {(left + 1, found | flaws(task)) for left, found in ways}
    return sorted(ways, key=lambda way: (way[0], sorted(way[1])))


def _flaws(
    task: ProjectTask,
    deadline: dt.date,
    as_of: dt.date,
    strengths: Collection[str] | None,
) -> frozenset[str]:
    """Return what is wrong with a task as long as it is not done, by facts.

    Where nobody has told who is on the team, any strength may be missing.
    """
    told = {
        "task_late": task.due is not None and task.due < as_of,
        "task_unowned": task.owner is None,
        "task_undated": task.due is None,
        "task_after_deadline": task.due is not None and task.due > deadline,
        "strength_missing": task.strength is not None
        and (strengths is None or task.strength not in strengths),
    }
    return frozenset(name for name, is_so in told.items() if is_so)


_FLAWS = (
    "task_late",
    "task_unowned",
    "task_undated",
    "task_after_deadline",
    "strength_missing",
)


def _of_tasks(
    count: int, left: int, flaws: frozenset[str], strengths: Collection[str] | None
) -> dict[str, object]:
    """Return the facts that hang on which tasks are left."""
    facts: dict[str, object] = {name: name in flaws for name in _FLAWS}
    if strengths is None and "strength_missing" in flaws:
        facts["strength_missing"] = None
    return {**facts, "share_done": (count - left) / count if count else None}


def merged(facts: tuple[Facts, ...]) -> Facts:
    """Return what all of these facts agree on; the rest is not known."""
    first, *rest = facts
    differing = {
        name: None
        for name in first
        if any(other[name] != first[name] for other in rest)
    }
    return first.with_(**differing)
