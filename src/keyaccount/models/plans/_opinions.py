"""The words of plans, in the order in which they matter."""

from __future__ import annotations

import enum

from keyaccount.domain import Ranked


__all__ = [
    "PlanGapKind",
    "ProjectFindingKind",
    "ProjectStatus",
    "TargetStanding",
    "TemplateField",
]


class ProjectStatus(Ranked):
    """Where a project stands, the best first (S4-15)."""

    DONE = "done"
    ON_TRACK = "on-track"
    AT_RISK = "at-risk"
    OVERDUE = "overdue"


class ProjectFindingKind(enum.Enum):
    """What was found about a project: with a date, an owner, a weak point, a task."""

    PAST_DEADLINE = "past-deadline"
    LATE_TASK = "late-task"
    TASK_AFTER_DEADLINE = "task-after-deadline"
    UNATTACKED_POINT = "unattacked-point"
    UNOWNED_TASK = "unowned-task"
    UNDATED_TASK = "undated-task"
    STRENGTH_MISSING = "strength-missing"
    NO_TASKS = "no-tasks"
    NO_OWNER = "no-owner"
    NOT_ANALYSED = "not-analysed"
    CLOSED_WITH_OPEN_TASK = "closed-with-open-task"


class PlanGapKind(enum.Enum):
    """What is missing in the plans of a customer, the most pressing first (S4-9)."""

    NO_PLAN_IN_FORCE = "no-plan-in-force"
    NO_DEVELOPMENT_PLAN = "no-development-plan"
    NO_MAINTENANCE_PLAN = "no-maintenance-plan"
    NO_OWNER = "no-owner"
    REVIEW_LATE = "review-late"
    NOTHING_WRITTEN = "nothing-written"
    UNKNOWN_GOAL = "unknown-goal"


class TargetStanding(Ranked):
    """Where a target stands, the best first (S4-1)."""

    REACHED = "reached"
    ON_PACE = "on-pace"
    PENDING = "pending"
    BEHIND = "behind"
    MISSED = "missed"


class TemplateField(enum.Enum):
    """A field of a template that is still empty (S2-22)."""

    CUSTOMER_STRATEGY = "customer-strategy"
    OUR_POSITION = "our-position"
    COMPETITOR = "competitor"
    STAKEHOLDER = "stakeholder"
    ACTION = "action"
    OWNER = "owner"
    DUE = "due"
    NEED = "need"
    CAPABILITY = "capability"
    BENEFIT = "benefit"
    AMOUNT = "amount"
    PROOF = "proof"
