"""What is this customer worth to us, and how do we serve it?

S2-4, S3-5 to S3-22, DOMAIN 3.4 to 3.7. A rung on a ladder (diamond, gold,
strategic, potential, general), beside it a problem condition that overlays the
rung, and for those who do not trade yet a prospect class. It tells worth to us,
not how big the customer is (S3-5), and not whether it is strategic in the sense of
S0 and S4: that is `selection`.
"""

from __future__ import annotations

from ._classify import TierVerdict, classify, judge, yardstick
from ._entitlements import entitlements
from ._facts import FACTS, LEVERS, OUTLOOK_FACTS, Yardstick, facts, years_of
from ._lift import NextRung, next_rung, what_if
from ._policy import TieringPolicy, Trigger, ValueBasis, default_policy
from ._propose import Proposal, propose
from ._prospect import ProspectVerdict, prospect
from ._review import ReviewVerdict, review
from ._service import (
    Entitlement,
    OnSiteEngineer,
    ValueAdded,
    VisitLevel,
    grade,
)


__all__ = [
    "FACTS",
    "LEVERS",
    "OUTLOOK_FACTS",
    "Entitlement",
    "NextRung",
    "OnSiteEngineer",
    "Proposal",
    "ProspectVerdict",
    "ReviewVerdict",
    "TierVerdict",
    "TieringPolicy",
    "Trigger",
    "ValueAdded",
    "ValueBasis",
    "VisitLevel",
    "Yardstick",
    "classify",
    "default_policy",
    "entitlements",
    "facts",
    "grade",
    "judge",
    "next_rung",
    "propose",
    "prospect",
    "review",
    "what_if",
    "yardstick",
    "years_of",
]
