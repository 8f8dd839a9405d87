"""Does anybody talk to them, on every channel?

S2-15 to S2-17, S0-26, DOMAIN 5 (C-1). Three channels, two purposes each: with the
customer, within our team, across our departments. Every purpose has a cadence, by
tier where the policy says so; a talk is due so many days after the last one. A
contact of which nobody has said what it was for closes no gap and is none: it leaves
both talks of its channel open. `gaps` judges a customer, `next_due` lists what is due
when, `issue_ageing` how long open issues have waited, those among ourselves apart. It
counts that we talked, not whether it helped.
"""

from __future__ import annotations

from ._facts import FACTS, INPUT_FACTS, ISSUE_FACTS
from ._gaps import facts, gaps, next_due
from ._issue_verdict import CauseCount, IssueFigures, IssueVerdict, OpenIssue
from ._issues import issue_ageing, issue_facts
from ._opinions import Cadence, CommunicationState, IssueAge, TalkState
from ._policy import CommunicationPolicy, default_policy
from ._talk import Talk
from ._verdict import CommunicationVerdict


__all__ = [
    "FACTS",
    "INPUT_FACTS",
    "ISSUE_FACTS",
    "Cadence",
    "CauseCount",
    "CommunicationPolicy",
    "CommunicationState",
    "CommunicationVerdict",
    "IssueAge",
    "IssueFigures",
    "IssueVerdict",
    "OpenIssue",
    "Talk",
    "TalkState",
    "default_policy",
    "facts",
    "gaps",
    "issue_ageing",
    "issue_facts",
    "next_due",
]
