"""The tables that tell of our own side of a customer."""

from __future__ import annotations

from keyaccount.domain import (
    AccountPhase,
    CoverageMode,
    CoverageModel,
    ExecutiveResponse,
    OfferMode,
    RootCause,
    SponsorshipMode,
    TargetKind,
    TeamProximity,
    VisitLevel,
    WeakPointOwner,
)

from ._cells import (
    choice,
    listed,
    read_amount,
    read_day,
    read_flag,
    read_id,
    read_text,
    read_whole,
    read_yes_no,
)
from ._columns import Column, Table, needed


__all__ = ["OF_CUSTOMERS", "OF_PROJECTS", "OUR_TABLES"]


_MOTION = Table(
    "motion",
    (
        needed("customer", read_id),
        Column("offer", choice(OfferMode)),
        Column("coverage", choice(CoverageMode)),
        Column("sponsorship", choice(SponsorshipMode)),
        Column("proximity", choice(TeamProximity)),
        Column("model", choice(CoverageModel)),
        Column("since", read_day),
    ),
    ("customer",),
)
_TEAM = Table(
    "team",
    (
        needed("customer", read_id),
        needed("name"),
        Column("department", read_text),
        Column("strengths", listed(read_id)),
    ),
    (),  # whom rows disagree about is told where the team is put together
)
_COMMITMENTS = Table(
    "commitments",
    (
        needed("id", read_id),
        needed("customer", read_id),
        needed("text"),
        needed("made_on", read_day),
        Column("due", read_day),
        Column("by", read_text),
        Column("owner", read_text),
        Column("feasibility_confirmed", read_yes_no),
        Column("fulfilled", read_yes_no),
        Column("fulfilled_on", read_day),
    ),
    ("id",),
)
_ISSUES = Table(
    "issues",
    (
        needed("id", read_id),
        needed("customer", read_id),
        needed("text"),
        needed("opened_on", read_day),
        Column("owner", read_text),
        Column("internal", read_yes_no),
        Column("root_cause", choice(RootCause)),
        Column("executive_response", choice(ExecutiveResponse)),
        Column("cross_department_action", read_yes_no),
        Column("resolved", read_yes_no),
        Column("resolved_on", read_day),
        Column("responded", read_yes_no),
        Column("responded_on", read_day),
    ),
    ("id",),
)
_PAIRINGS = Table(
    "pairings",
    (
        needed("customer", read_id),
        needed("executive", read_id),
        Column("since", read_day),
        Column("until", read_day),
    ),
    ("customer", "since", "executive"),
)
_PLANS = Table(
    "plans",
    (
        needed("customer", read_id),
        needed("phase", choice(AccountPhase)),
        Column("owner", read_text),
        Column("text", read_text),
        Column("goals", listed(read_id)),
        Column("valid_from", read_day),
        Column("valid_until", read_day),
        Column("review_on", read_day),
        Column("reviewed_on", read_day),
    ),
    ("customer", "valid_from", "phase"),
)
_PROJECTS = Table(
    "projects",
    (
        needed("id", read_id),
        needed("customer", read_id),
        needed("objective"),
        needed("starts_on", read_day),
        needed("deadline", read_day),
        Column("owner", read_text),
        Column("waiver", read_text),
        Column("waived_by", read_text),
        Column("closed_on", read_day),
    ),
    ("id",),
)
_WEAK_POINTS = Table(
    "weak_points",
    (
        needed("project", read_id),
        needed("id", read_id),
        needed("owner", choice(WeakPointOwner)),
        Column("text", read_text),
    ),
    ("project", "id"),
)
_PROJECT_TASKS = Table(
    "project_tasks",
    (
        needed("project", read_id),
        needed("id", read_id),
        needed("text"),
        Column("owner", read_text),
        Column("due", read_day),
        Column("strength", read_id),
        Column("weak_point", read_id),
        Column("done", read_yes_no),
        Column("done_on", read_day),
    ),
    ("project", "id"),
)
_POSITIONING = Table(
    "positioning",
    (
        needed("customer", read_id),
        Column("customer_strategy", read_text),
        Column("our_position", read_text),
        Column("competitor", read_text),
        Column("written_on", read_day),
    ),
    ("customer",),
)
_ACTIONS = Table(
    "actions",
    (
        needed("id", read_id),
        needed("customer", read_id),
        Column("person", read_id),
        Column("action", read_text),
        Column("owner", read_text),
        Column("due", read_day),
        Column("done", read_yes_no),
    ),
    ("id",),
)
_PROPOSITIONS = Table(
    "propositions",
    (
        needed("id", read_id),
        needed("customer", read_id),
        Column("need", read_text),
        Column("capability", read_text),
        Column("benefit", read_text),
        Column("amount", read_amount),
        Column("currency", read_text),
        Column("proof", read_text),
    ),
    ("id",),
)
_PROMISES = Table(
    "promises",
    (
        needed("customer", read_id),
        Column("executive_visits_per_year", read_whole),
        Column("visit_level", choice(VisitLevel)),
        Column("technical_exchanges_per_year", read_whole),
        Column("first_response_hours", read_whole),
        Column("business_hours", read_flag),
        Column("weekly_receivables_review", read_flag),
        Column("owner", read_text),
        Column("visitor", read_text),
        Column("since", read_day),
    ),
    ("customer",),
)
_TARGETS = Table(
    "targets",
    (
        needed("year", read_whole),
        needed("kind", choice(TargetKind)),
        needed("target", read_amount),
        Column("actual", read_amount),
        Column("month", read_whole),
        Column("currency", read_text),
        Column("customer", read_id),
        Column("owner", read_text),
    ),
    ("customer", "year", "month", "kind"),
)
_BY_CUSTOMER = (
    _MOTION,
    _TEAM,
    _COMMITMENTS,
    _ISSUES,
    _PAIRINGS,
    _PLANS,
    _PROJECTS,
    _POSITIONING,
    _ACTIONS,
    _PROPOSITIONS,
    _PROMISES,
    _TARGETS,
)
_BY_PROJECT = (_WEAK_POINTS, _PROJECT_TASKS)

OUR_TABLES = (*_BY_CUSTOMER, *_BY_PROJECT)
OF_CUSTOMERS = tuple(table.name for table in _BY_CUSTOMER)
"""Those of which a row is about one customer; of the targets, where it names one."""

OF_PROJECTS = tuple(table.name for table in _BY_PROJECT)
"""Those of which a row is about one project."""
