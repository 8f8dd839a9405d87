"""Is there a plan, an owner, a date?

S2-22, S2-29, S3-4, S3-15, S3-18, S4-1, S4-2, S4-8, S4-9, S4-15, S4-16, C-14. The plan
for an account in its two phases, the project that attacks its weak points within a
set time, the templates of the toolkit, the targets of a year, what we have learned
elsewhere, and what each customer has been promised. It judges what is written down:
whether a plan is a good one nobody can tell from its dates.
"""

from __future__ import annotations

from ._action_map import ActionDue, ActionMapVerdict, action_map
from ._attainment import Attainment, AttainmentVerdict, attainment, target_facts
from ._can_promise import Offer, PromiseVerdict, can_promise
from ._capacity import CapacityVerdict, Load, capacity
from ._career import CareerTrack, career_track
from ._facts import CAREER_FACTS, PLAN_FACTS, PROJECT_FACTS, TARGET_FACTS, TOOL_FACTS
from ._findings import ProjectFinding, TaskDue
from ._months import KindAttainment
from ._obligation import Obligation
from ._obligations import obligations
from ._opinions import (
    PlanGapKind,
    ProjectFindingKind,
    ProjectStatus,
    TargetStanding,
    TemplateField,
)
from ._policy import PlansPolicy, default_policy
from ._project import ProjectVerdict, project_facts, status
from ._review import PlanVerdict, plan_facts, review
from ._review_days import PlanReview
from ._similar import KnowledgeHit, find_similar
from ._toolkit import (
    TemplateLine,
    TemplateVerdict,
    positioning,
    propositions,
    tool_facts,
)


__all__ = [
    "CAREER_FACTS",
    "PLAN_FACTS",
    "PROJECT_FACTS",
    "TARGET_FACTS",
    "TOOL_FACTS",
    "ActionDue",
    "ActionMapVerdict",
    "Attainment",
    "AttainmentVerdict",
    "CapacityVerdict",
    "CareerTrack",
    "KindAttainment",
    "KnowledgeHit",
    "Load",
    "Obligation",
    "Offer",
    "PlanGapKind",
    "PlanReview",
    "PlanVerdict",
    "PlansPolicy",
    "ProjectFinding",
    "ProjectFindingKind",
    "ProjectStatus",
    "ProjectVerdict",
    "PromiseVerdict",
    "TargetStanding",
    "TaskDue",
    "TemplateField",
    "TemplateLine",
    "TemplateVerdict",
    "action_map",
    "attainment",
    "can_promise",
    "capacity",
    "career_track",
    "default_policy",
    "find_similar",
    "obligations",
    "plan_facts",
    "positioning",
    "project_facts",
    "propositions",
    "review",
    "status",
    "target_facts",
    "tool_facts",
]
