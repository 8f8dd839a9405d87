"""What the rules may ask about a project, a plan, a template and a target."""

from __future__ import annotations

import attrs

from keyaccount.domain import ValueTier
from keyaccount.rules import Fact, FactSchema


__all__ = ["CAREER_FACTS", "PLAN_FACTS", "PROJECT_FACTS", "TARGET_FACTS", "TOOL_FACTS"]


def _asked(fact: Fact, question: str) -> Fact:
    return attrs.evolve(fact, question=question)


def _of_tasks(name: str) -> Fact:
    """Declare a yes-no fact that hangs on which tasks are done."""
    return _asked(Fact.yes_no(name), "tasks-done")


PROJECT_FACTS = FactSchema(
    (
        Fact.yes_no("project_closed"),
        Fact.number("days_left", unit="days"),
        Fact.yes_no("project_owned"),
        Fact.number("tasks", unit="count", low=0),
        _asked(Fact.number("share_done", unit="share", low=0, high=1), "tasks-done"),
        _of_tasks("task_late"),
        _of_tasks("task_unowned"),
        _of_tasks("task_undated"),
        _of_tasks("task_after_deadline"),
        Fact.yes_no("point_unattacked"),
        Fact.yes_no("strength_missing"),
        Fact.yes_no("analyses_settled"),
    )
)
"""Everything that a project may be judged by (S4-15, S4-16).

`days_left` counts to the deadline, below 0 once it is past. `share_done` is the share
of the tasks that are done; a share of no tasks has no value. The four facts on a task
say whether there is such a task that is not done. `strength_missing` says whether
such a task asks for a strength that nobody on the team has. `analyses_settled` is yes
where the four analyses are complete, or somebody said why not to wait for them.
"""

PLAN_FACTS = FactSchema(
    (
        Fact.yes_no("plan_in_force"),
        Fact.yes_no("development_planned"),
        Fact.yes_no("maintenance_planned"),
        Fact.yes_no("plan_unowned"),
        Fact.yes_no("plan_empty"),
        Fact.yes_no("plan_review_late"),
        Fact.yes_no("plan_goal_unknown"),
    )
)
"""Everything that the plans of a customer may be judged by (S3-4, S4-9).

`plan_unowned`, `plan_empty` and `plan_review_late` say whether there is such a plan
among those in force; a plan is empty where it says neither text nor goals.
"""

TOOL_FACTS = FactSchema(
    (
        Fact.number("lines", unit="count", low=0),
        Fact.number("share_filled", unit="share", low=0, high=1),
        Fact.number("people_without_action", unit="people", low=0),
    )
)
"""Everything that a template may be judged by (S2-22).

`lines` counts what is there, `share_filled` the fields that are filled in; of nothing
there is no share. `people_without_action` is about the action map alone.
"""

TARGET_FACTS = FactSchema(
    (
        Fact.yes_no("target_accumulates"),
        Fact.yes_no("period_ended"),
        Fact.number("share_elapsed", unit="share", low=0, high=1),
        _asked(Fact.number("attainment", unit="ratio"), "target-actual"),
        _asked(Fact.number("target_pace", unit="ratio"), "target-actual"),
    )
)
"""Everything that a target may be judged by (S4-1).

`attainment` is actual ÷ target. `target_pace` is attainment ÷ `share_elapsed`, the
pace of an even year: 1 is exactly on it. It has no value before the period begins,
nor for what does not add up over a year, a market share or satisfaction.
"""

CAREER_FACTS = FactSchema(
    (Fact.choice("career_tier", tuple(tier.value for tier in ValueTier)),)
)
"""Which class of customer somebody looks after (S3-15)."""
