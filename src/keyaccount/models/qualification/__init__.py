"""Is this deal real, can we compete, can we win, and is it worth winning?

S1-7 to S1-13, C-11. Four gates in a row: a hollow idea is no opportunity, what we
cannot supply or must lose is not bid for, and what is not worth it is left even if
it makes a profit. No resources before evidence: what nobody has told us waits, and
the verdict says what to find out first. The win index is an assessment, neither the
probability of a stage nor a forecast category: never multiply them.
"""

from __future__ import annotations

from ._compare import Comparison, Side, Standing, compare
from ._facts import FACTS, NEED_FACTS, REAL_FACTS, WIN_FACTS, WORTH_FACTS
from ._opinions import Emphasis, FactorRule, Release, ReturnMark
from ._policy import QualificationPolicy, default_policy
from ._portfolio import HollowShare, hollow_share
from ._qualify import CustomerClass, facts, qualify
from ._verdict import Bounds, DealVerdict, GateVerdict


__all__ = [
    "FACTS",
    "NEED_FACTS",
    "REAL_FACTS",
    "WIN_FACTS",
    "WORTH_FACTS",
    "Bounds",
    "Comparison",
    "CustomerClass",
    "DealVerdict",
    "Emphasis",
    "FactorRule",
    "GateVerdict",
    "HollowShare",
    "QualificationPolicy",
    "Release",
    "ReturnMark",
    "Side",
    "Standing",
    "compare",
    "default_policy",
    "facts",
    "hollow_share",
    "qualify",
]
