"""Is our organisation ready?

S0-16 to S0-26, S0-37, S2-21, S3-36. Before a firm asks what a strategic customer owes
it, it may ask what it owes itself: seven elements, four requirements on the team, four
supporting changes, a sales culture, and a whole company that pulls together. Each is a
checklist of lines that are yes, no or not known; what is in place, what is not, what
nobody has answered, and what to do first follow from them. It grades what somebody
says of us: it does not look for evidence, and it says nothing about any one customer.
"""

from __future__ import annotations

from ._answers import Answers
from ._assess import assess, facts
from ._checklists import Checklist, ChecklistItem, ChecklistKind, ProximityMark
from ._facts import FACTS
from ._penetration import IndustryPenetration, industry_penetration
from ._policy import ReadinessPolicy, default_policy
from ._proximity import ProximityScore, proximity
from ._verdict import ChecklistScore, FirstStep, Readiness, ReadinessVerdict


__all__ = [
    "FACTS",
    "Answers",
    "Checklist",
    "ChecklistItem",
    "ChecklistKind",
    "ChecklistScore",
    "FirstStep",
    "IndustryPenetration",
    "ProximityMark",
    "ProximityScore",
    "Readiness",
    "ReadinessPolicy",
    "ReadinessVerdict",
    "assess",
    "default_policy",
    "facts",
    "industry_penetration",
    "proximity",
]
