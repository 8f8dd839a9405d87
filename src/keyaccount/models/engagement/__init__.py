"""Are our executives engaged in the right way?

S0-23, S0-27 to S0-35, S0-40, DOMAIN 2.4 and 6.1. Four anti-patterns, each with the
contact, the promise or the trouble in which it shows, and what to do instead; which
executive stands for which customer; what must be known and done before a visit; which
promises are to be kept. Something that nobody has told us never makes a hit: it makes
a pattern possible, and a question. An executive's style is recorded and never judged.
These are rules about behaviour towards one customer, no marks for people.
"""

from __future__ import annotations

from ._assess import assess, facts
from ._facts import (
    COMMITMENT_FACTS,
    CUSTOMER_FACTS,
    FACTS,
    ISSUE_FACTS,
    PAIRING_FACTS,
    TARGET_FACTS,
    TOUCHPOINT_FACTS,
    VISIT_FACTS,
    commitment_facts,
    issue_facts,
    touchpoint_facts,
)
from ._opinions import (
    Concern,
    CounterBehaviour,
    DueState,
    Engagement,
    Responsibility,
    Role,
    Source,
    SponsorState,
    VisitRule,
)
from ._pair import pair
from ._pairing_verdict import (
    ExecutiveLoad,
    PairingVerdict,
    PairingWarning,
    Proposal,
    Sponsorship,
)
from ._policy import EngagementPolicy, default_policy
from ._prepare import prepare, visit_facts
from ._promises import DueCommitment, commitments_due
from ._targets import (
    RoleTarget,
    TargetAdvice,
    check_targets,
    responsibilities,
    target_facts,
)
from ._verdict import EngagementVerdict, Finding
from ._visit_verdict import OpenIssue, VisitCheck, VisitVerdict


__all__ = [
    "COMMITMENT_FACTS",
    "CUSTOMER_FACTS",
    "FACTS",
    "ISSUE_FACTS",
    "PAIRING_FACTS",
    "TARGET_FACTS",
    "TOUCHPOINT_FACTS",
    "VISIT_FACTS",
    "Concern",
    "CounterBehaviour",
    "DueCommitment",
    "DueState",
    "Engagement",
    "EngagementPolicy",
    "EngagementVerdict",
    "ExecutiveLoad",
    "Finding",
    "OpenIssue",
    "PairingVerdict",
    "PairingWarning",
    "Proposal",
    "Responsibility",
    "Role",
    "RoleTarget",
    "Source",
    "SponsorState",
    "Sponsorship",
    "TargetAdvice",
    "VisitCheck",
    "VisitRule",
    "VisitVerdict",
    "assess",
    "check_targets",
    "commitment_facts",
    "commitments_due",
    "default_policy",
    "facts",
    "issue_facts",
    "pair",
    "prepare",
    "responsibilities",
    "target_facts",
    "touchpoint_facts",
    "visit_facts",
]
