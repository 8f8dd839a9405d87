"""Is it strategic to us, now, or merely large?

S0-1 to S0-11, S0-36 to S0-38, S4-3 to S4-5, DOMAIN 3.1 (C-1, C-2, C-13). Four
criteria, each a rule over facts with an answer of yes, no or unknown: a large share
of our business, a need for solutions, a fit with what we want in this period, and the
will to work with us. All that are required make a strategic customer; large alone
makes a key account. What we want is dated, so a designation grows old, and a change
of strategy says whose. Beside it: what the loss of a customer would cost, and whom an
industry hangs on. It is another axis than the value tier of `tiering`, and neither
looks at the other.
"""

from __future__ import annotations

from ._designate import designate, pool
from ._drift import DriftReason, Invalidated, invalidated_by, is_stale
from ._exposure import CustomerShare, IndustryExposure, industry_exposure
from ._facts import CRITERIA_FACTS, FACTS, PROFILE_FACTS, facts
from ._loss import LossImpact, loss_impact, loss_impacts
from ._opinions import (
    AttributeWeight,
    RequiredCriterion,
    ScaleBasis,
    SelectionAdvice,
    UnknownOthers,
)
from ._policy import SelectionPolicy, default_policy
from ._profile import StrategicRank, profile_facts, rank, solution_complexity
from ._scale import scales
from ._scale_value import Scale
from ._verdict import CriterionAnswer, DesignationVerdict, IntentRef


__all__ = [
    "CRITERIA_FACTS",
    "FACTS",
    "PROFILE_FACTS",
    "AttributeWeight",
    "CriterionAnswer",
    "CustomerShare",
    "DesignationVerdict",
    "DriftReason",
    "IndustryExposure",
    "IntentRef",
    "Invalidated",
    "LossImpact",
    "RequiredCriterion",
    "Scale",
    "ScaleBasis",
    "SelectionAdvice",
    "SelectionPolicy",
    "StrategicRank",
    "UnknownOthers",
    "default_policy",
    "designate",
    "facts",
    "industry_exposure",
    "invalidated_by",
    "is_stale",
    "loss_impact",
    "loss_impacts",
    "pool",
    "profile_facts",
    "rank",
    "scales",
    "solution_complexity",
]
