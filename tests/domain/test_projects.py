"""The plan for an account, and the project that attacks its weak points in time."""

from __future__ import annotations

import datetime as dt

import pytest

from keyaccount.domain import (
    AccountPhase,
    AccountPlan,
    AccountProject,
    ProjectTask,
    WeakPoint,
    WeakPointOwner,
)
from keyaccount.tri import Tri
from tests.refusals import refused


FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 6, 30)
ONE = dt.timedelta(1)


@pytest.mark.parametrize(
    ("day", "holds"),
    [(FIRST - ONE, False), (FIRST, True), (LAST, True), (LAST + ONE, False)],
)
def test_both_ends_of_a_plan_belong_to_it(day: dt.date, *, holds: bool) -> None:
    # S4-9
    plan = AccountPlan(
        "c1", AccountPhase.DEVELOPMENT, valid_from=FIRST, valid_until=LAST
    )

    assert plan.holds_on(day) is holds


def test_a_plan_without_days_is_always_in_force() -> None:
    plan = AccountPlan("c1", AccountPhase.MAINTENANCE)

    assert plan.holds_on(dt.date.min)
    assert plan.holds_on(dt.date.max)


def test_everything_wrong_with_a_plan_is_told_at_once() -> None:
    assert refused(
        AccountPlan,
        "c1",
        "development",
        owner=" ",
        text=5,
        goals="retain",
        valid_from=LAST,
        valid_until=FIRST,
        review_on="soon",
        reviewed_on=1,
    ) == (
        ("$.phase", "wrong-type"),
        ("$.owner", "empty"),
        ("$.text", "wrong-type"),
        ("$.goals", "wrong-type"),
        ("$.valid_until", "not-sorted"),
        ("$.review_on", "wrong-type"),
        ("$.reviewed_on", "wrong-type"),
    )


def test_a_project_without_a_deadline_is_none() -> None:  # S4-15
    with pytest.raises(TypeError, match="deadline"):
        AccountProject("p1", "c1", "win", FIRST)  # type: ignore[call-arg]

    assert refused(AccountProject, "p1", "c1", "win", FIRST, None) == (
        ("$.deadline", "missing"),
    )


def test_a_project_may_end_on_the_day_it_begins_but_not_before() -> None:
    assert AccountProject("p1", "c1", "win", FIRST, FIRST).deadline == FIRST
    assert refused(AccountProject, "p1", "c1", "win", LAST, FIRST) == (
        ("$.deadline", "not-sorted"),
    )
    assert refused(
        AccountProject, "p1", "c1", "win", FIRST, LAST, closed_on=FIRST - ONE
    ) == (("$.closed_on", "not-sorted"),)


@pytest.mark.parametrize("owner", WeakPointOwner)
def test_a_weak_point_says_whose_it_is(owner: WeakPointOwner) -> None:  # C-14
    assert WeakPoint("w1", owner).owner is owner


def test_nobody_has_a_weak_point_of_nobody() -> None:  # C-14
    assert refused(WeakPoint, "w1", None, "") == (
        ("$.owner", "missing"),
        ("$.text", "empty"),
    )


def test_a_task_addresses_a_weak_point_of_its_own_project() -> None:  # S4-15
    point = WeakPoint("w1", WeakPointOwner.COMPETITOR)
    tasks = [ProjectTask("t1", "call", weak_point="w1"), ProjectTask("t2", "write")]
    stranger = ProjectTask("t1", "visit", weak_point="w2")

    project = AccountProject("p1", "c1", "win", FIRST, LAST, None, [point], tasks)
    assert project.tasks == tuple(tasks)
    assert refused(
        AccountProject,
        *("p1", "c1", "win", FIRST, LAST, None),
        [point, point],
        [*tasks, stranger],
    ) == (
        ("$.weak_points[1].id", "duplicate"),
        ("$.tasks[2].id", "duplicate"),
        ("$.tasks[2].weak_point", "unknown-choice"),
    )


@pytest.mark.parametrize("done", [Tri.NO, Tri.UNKNOWN])
def test_a_day_of_being_done_makes_a_task_done(done: Tri) -> None:
    assert ProjectTask("t1", "call", done=Tri.YES, done_on=FIRST).done_on == FIRST
    assert refused(ProjectTask, "t1", "call", done=done, done_on=FIRST) == (
        ("$.done", "contradiction"),
    )


def test_everything_wrong_with_a_task_is_told_at_once() -> None:
    assert refused(ProjectTask, "", "", "", "soon", "", "", True, "then") == (
        ("$.id", "empty"),
        ("$.text", "empty"),
        ("$.owner", "empty"),
        ("$.due", "wrong-type"),
        ("$.strength", "empty"),
        ("$.weak_point", "empty"),
        ("$.done", "wrong-type"),
        ("$.done_on", "wrong-type"),
    )


def test_everything_wrong_with_a_project_is_told_at_once() -> None:
    assert refused(
        AccountProject, "", "c1", " ", "now", "then", "", [1], ["x"], "", "", 5
    ) == (
        ("$.id", "empty"),
        ("$.objective", "empty"),
        ("$.starts_on", "wrong-type"),
        ("$.deadline", "wrong-type"),
        ("$.owner", "empty"),
        ("$.weak_points[0]", "wrong-type"),
        ("$.tasks[0]", "wrong-type"),
        ("$.waiver", "empty"),
        ("$.waived_by", "empty"),
        ("$.closed_on", "wrong-type"),
    )
