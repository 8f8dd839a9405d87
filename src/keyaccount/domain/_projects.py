"""The plan for an account, and the project that attacks its weak points in time."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable

import attrs

from keyaccount.tri import Tri

from ._checks import Checks, answer_by, is_each
from ._conversions import gathered, identifier_of, known_identifier_of, listed
from ._vocabulary import AccountPhase


__all__ = [
    "AccountPlan",
    "AccountProject",
    "ProjectTask",
    "WeakPoint",
    "WeakPointOwner",
]


class WeakPointOwner(enum.Enum):
    """Whose weak point it is that we attack, or mend (S4-15, C-14)."""

    CUSTOMER = "customer"
    COMPETITOR = "competitor"
    OURS = "ours"


def _goals(goals: Iterable[str]) -> frozenset[str]:
    return gathered(goals)


@attrs.frozen
class AccountPlan:
    """What we mean to do with one customer in one phase (S3-4, S4-9).

    A customer that is developed and then maintained has a plan for each phase. It
    holds from `valid_from` to `valid_until`, both days included. `goals` are ids of
    goals in words of the house; `review_on` is when it is to be looked at again.
    """

    customer_id: str = attrs.field(converter=identifier_of)
    phase: AccountPhase
    owner: str | None = None
    text: str | None = None
    goals: frozenset[str] = attrs.field(default=frozenset(), converter=_goals)
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    review_on: dt.date | None = None
    reviewed_on: dt.date | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.identifier("customer_id", self.customer_id)
        checks.choice("phase", self.phase, AccountPhase)
        checks.text("owner", self.owner, optional=True)
        checks.text("text", self.text, optional=True)
        checks.identifiers("goals", self.goals)
        begins = checks.day("valid_from", self.valid_from, optional=True)
        ends = checks.day("valid_until", self.valid_until, optional=True)
        if begins and ends:
            _check_order(checks, "valid_until", self.valid_until, self.valid_from)
        checks.day("review_on", self.review_on, optional=True)
        checks.day("reviewed_on", self.reviewed_on, optional=True)
        checks.check("AccountPlan")

    def holds_on(self, day: dt.date) -> bool:
        """Whether the plan is in force on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


@attrs.frozen
class WeakPoint:
    """Something to attack or to mend, and whose it is (S4-15)."""

    id: str = attrs.field(converter=identifier_of)
    owner: WeakPointOwner
    text: str | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.identifier("id", self.id)
        checks.choice("owner", self.owner, WeakPointOwner)
        checks.text("text", self.text, optional=True)
        checks.check("WeakPoint")


@attrs.frozen
class ProjectTask:
    """A step of a project: who does it by when, with which strength, against what.

    `weak_point` is the id of the weak point that it addresses. A day of being done
    makes it done.
    """

    id: str = attrs.field(converter=identifier_of)
    text: str
    owner: str | None = None
    due: dt.date | None = None
    strength: str | None = None
    weak_point: str | None = attrs.field(default=None, converter=known_identifier_of)
    done: Tri = Tri.UNKNOWN
    done_on: dt.date | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.identifier("id", self.id)
        checks.text("text", self.text)
        checks.text("owner", self.owner, optional=True)
        checks.day("due", self.due, optional=True)
        checks.identifier("strength", self.strength, optional=True)
        checks.identifier("weak_point", self.weak_point, optional=True)
        answered = checks.tri("done", self.done)
        dated = checks.day("done_on", self.done_on, optional=True)
        if answered and dated and self.done is not Tri.YES:
            wanted = "there is a day for it: say yes, or take the day away"
            checks.add("done", "contradiction", self.done.value, wanted)
        checks.check("ProjectTask")

    def done_by(self, day: dt.date) -> Tri:
        """Whether it was done by a day, that day included."""
        return answer_by(day, self.done, self.done_on)


def _points(points: Iterable[WeakPoint]) -> tuple[WeakPoint, ...]:
    return listed(points)


def _tasks(tasks: Iterable[ProjectTask]) -> tuple[ProjectTask, ...]:
    return listed(tasks)


@attrs.frozen
class AccountProject:
    """An attack on one customer's weak points within a set time (S4-15).

    A project without a `deadline` is none. `waiver` says why it may begin before the
    four analyses are complete (S4-16), `waived_by` who allowed it. `closed_on` is the
    day on which it was declared over.
    """

    id: str = attrs.field(converter=identifier_of)
    customer_id: str = attrs.field(converter=identifier_of)
    objective: str
    starts_on: dt.date
    deadline: dt.date
    owner: str | None = None
    weak_points: tuple[WeakPoint, ...] = attrs.field(default=(), converter=_points)
    tasks: tuple[ProjectTask, ...] = attrs.field(default=(), converter=_tasks)
    waiver: str | None = None
    waived_by: str | None = None
    closed_on: dt.date | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.identifier("id", self.id)
        checks.identifier("customer_id", self.customer_id)
        checks.text("objective", self.objective)
        begins = checks.day("starts_on", self.starts_on)
        if checks.day("deadline", self.deadline) and begins:
            _check_order(checks, "deadline", self.deadline, self.starts_on)
        checks.text("owner", self.owner, optional=True)
        checks.each("weak_points", self.weak_points, WeakPoint)
        checks.each("tasks", self.tasks, ProjectTask)
        if is_each(self.weak_points, WeakPoint) and is_each(self.tasks, ProjectTask):
            self._check_points(checks)
        checks.text("waiver", self.waiver, optional=True)
        checks.text("waived_by", self.waived_by, optional=True)
        if checks.day("closed_on", self.closed_on, optional=True) and begins:
            _check_order(checks, "closed_on", self.closed_on, self.starts_on)
        checks.check("AccountProject")

    def _check_points(self, checks: Checks) -> None:
        """Check that ids stand once, and that a task addresses a weak point of ours."""
        known = set[str]()
        for index, point in enumerate(self.weak_points):
            if point.id in known:
                checks.add(f"weak_points[{index}].id", "duplicate", point.id)
            known.add(point.id)
        seen = set[str]()
        for index, task in enumerate(self.tasks):
            if task.id in seen:
                checks.add(f"tasks[{index}].id", "duplicate", task.id)
            seen.add(task.id)
            if task.weak_point is not None and task.weak_point not in known:
                wanted = "the id of one of the project's weak points"
                path = f"tasks[{index}].weak_point"
                checks.add(path, "unknown-choice", task.weak_point, wanted)


def _check_order(
    checks: Checks, path: str, later: dt.date | None, earlier: dt.date | None
) -> None:
    if later is not None and earlier is not None and later < earlier:
        checks.add(path, "not-sorted", str(later), f"on or after {earlier}")
