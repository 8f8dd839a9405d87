"""Do we sell to it in the right way?

S0-12 to S0-15, S2-20. A strategic customer asks for three shifts in how we sell: from
standard products to advice, from one salesperson to a team of departments, from sales
alone to the number-one leader. Which of them a designation asks for is a table; what
an account team shows beats what somebody told. Beside it: by whom a customer of each
tier is to be looked after, and of how many that is so. It does not ask whether the
team is any good (`readiness`), nor how executives behave (`engagement`).
"""

from __future__ import annotations

from ._actual import actual
from ._coverage import CoverageRatio, TierCoverage, coverage_model, coverage_ratio
from ._facts import COVERAGE_FACTS, DESIGNATION_FACTS, FACTS
from ._gaps import facts, gaps
from ._policy import MotionPolicy, TierModel, default_policy
from ._required import required
from ._shifts import SalesShift, ShiftDemand
from ._verdict import MotionVerdict, RequiredMotion


__all__ = [
    "COVERAGE_FACTS",
    "DESIGNATION_FACTS",
    "FACTS",
    "CoverageRatio",
    "MotionPolicy",
    "MotionVerdict",
    "RequiredMotion",
    "SalesShift",
    "ShiftDemand",
    "TierCoverage",
    "TierModel",
    "actual",
    "coverage_model",
    "coverage_ratio",
    "default_policy",
    "facts",
    "gaps",
    "required",
]
