"""Where does the deal stand, and may it move on?

S2-8 to S2-14, S2-18, S2-19, S2-26 to S2-28, DOMAIN 2.3. A pipeline is data: stages,
ways between them, exits that facts must meet, tasks, odds. A deal is its history.
Whether an event may happen is a pure decision: no clock, no lock, no callback; the
deal carries a version, the event an id, and the host's database is the arbiter.
"""

from __future__ import annotations

from ._adopt import adopt
from ._ages import StageAge, ageing
from ._answers import Conflict, Duplicate, Moved, Refused, Ruling
from ._deal import Accepted, Deal
from ._decide import decide, open_deal
from ._diagrams import dot, mermaid
from ._due import due
from ._facts import FACTS, known_of
from ._milestones import MilestoneStatus, milestones
from ._options import Option, options
from ._policy import (
    AskedFact,
    MethodStep,
    Pipeline,
    StagePlan,
    TaskPlan,
    default_policy,
)
from ._replay import Rejudged, rejudge, replay
from ._task import Task, TaskKind, when_due
from ._unmet import Unmet


__all__ = [
    "FACTS",
    "Accepted",
    "AskedFact",
    "Conflict",
    "Deal",
    "Duplicate",
    "MethodStep",
    "MilestoneStatus",
    "Moved",
    "Option",
    "Pipeline",
    "Refused",
    "Rejudged",
    "Ruling",
    "StageAge",
    "StagePlan",
    "Task",
    "TaskKind",
    "TaskPlan",
    "Unmet",
    "adopt",
    "ageing",
    "decide",
    "default_policy",
    "dot",
    "due",
    "known_of",
    "mermaid",
    "milestones",
    "open_deal",
    "options",
    "rejudge",
    "replay",
    "when_due",
]
