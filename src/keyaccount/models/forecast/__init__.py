"""What will close, and how sure are we?

S2-13, S2-19, S2-26, DOMAIN 2.3, C-11, F-1 and F-3. Open deals weighted by their
chance and sorted by category, month, stage and owner; what independent deals may add
up to, as a range with the chance of the quota; what share goes on from each stage and
what share is won, with what it was counted from; what stages stand for, learned from
one's own closed deals; money a day; what is late. A deal of which nobody knows the
value, the day or the odds is listed and widens the answer; it is never taken for
nothing. Won and lost are states, never chances: an open deal is never sure. Whether a
deal is real and worth it is `qualification`'s to say; its marks are no odds.
"""

from __future__ import annotations

from ._amounts import Span
from ._chances import Chance, ChanceSource, Predictor, probability
from ._conversion import Conversion, Rate, StageConversion, conversion
from ._coverage import Coverage, CoverageState
from ._distribution import distribution
from ._facts import FACTS, facts
from ._learn import Baseline, baseline, learn
from ._ledger import Line
from ._policy import ForecastPolicy, QuantileRule, default_policy
from ._probabilities import Probabilities, StageProbability
from ._range import Distribution, Quantile, Reliance
from ._risks import DealRisk
from ._roll_up import CategoryPart, Part, RollUp, roll_up
from ._slippage import DealSlip, MilestoneSlip, MilestoneState, Slippage, slippage
from ._velocity import CycleDays, Velocity, cycle_days, velocity


__all__ = [
    "FACTS",
    "Baseline",
    "CategoryPart",
    "Chance",
    "ChanceSource",
    "Conversion",
    "Coverage",
    "CoverageState",
    "CycleDays",
    "DealRisk",
    "DealSlip",
    "Distribution",
    "ForecastPolicy",
    "Line",
    "MilestoneSlip",
    "MilestoneState",
    "Part",
    "Predictor",
    "Probabilities",
    "Quantile",
    "QuantileRule",
    "Rate",
    "Reliance",
    "RollUp",
    "Slippage",
    "Span",
    "StageConversion",
    "StageProbability",
    "Velocity",
    "baseline",
    "conversion",
    "cycle_days",
    "default_policy",
    "distribution",
    "facts",
    "learn",
    "probability",
    "roll_up",
    "slippage",
    "velocity",
]
