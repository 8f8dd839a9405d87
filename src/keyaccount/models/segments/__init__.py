"""How does it buy and behave?

S2-5 to S2-7, S3-2 to S3-4, S4-6 to S4-8, DOMAIN 3.1 (C-1, C-5, C-6). Value, need and
behaviour are three axes that never overwrite one another; volume and profit make a
type of a strategic customer, to set goals by. Segments by purchases are places among
other customers: they say how one buys beside the rest, not what it is worth to us
(`tiering`) nor whether it is strategic (`selection`).
"""

from __future__ import annotations

from ._behaviour import Behaviour, behaviour_facts, behaviours
from ._classify import Classification, classify
from ._concentration import concentration_ratio
from ._coverage import CoverageVerdict, coverage
from ._diagnose import Diagnosis, diagnose
from ._facts import FACTS, facts
from ._goals import Goal, TargetVerdict, achievable, goals
from ._ladder import Penetration, top_n_penetration
from ._opinions import (
    ClassRule,
    CutPoints,
    GoalRule,
    Ladder,
    OutsideReason,
    RfmMeasure,
    RfmSegment,
    TargetReach,
    ValueWord,
)
from ._policy import SegmentsPolicy, default_policy
from ._rfm import RfmVerdict, rfm, segment
from ._volume_profit import VolumeProfitVerdict, volume_profit


__all__ = [
    "FACTS",
    "Behaviour",
    "ClassRule",
    "Classification",
    "CoverageVerdict",
    "CutPoints",
    "Diagnosis",
    "Goal",
    "GoalRule",
    "Ladder",
    "OutsideReason",
    "Penetration",
    "RfmMeasure",
    "RfmSegment",
    "RfmVerdict",
    "SegmentsPolicy",
    "TargetReach",
    "TargetVerdict",
    "ValueWord",
    "VolumeProfitVerdict",
    "achievable",
    "behaviour_facts",
    "behaviours",
    "classify",
    "concentration_ratio",
    "coverage",
    "default_policy",
    "diagnose",
    "facts",
    "goals",
    "rfm",
    "segment",
    "top_n_penetration",
    "volume_profit",
]
