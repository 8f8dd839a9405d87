"""Where do we grow but lose?

S3-30 to S3-35, DOMAIN 2.1. A year's sales to a customer in a category beside the year
before, held against what the customer buys there at all and against the largest
competitor: growth on the surface may hide that our share falls. Subsidiaries are
rolled up to their parent before anything is judged. What nobody knows (a spend, a
competitor, a subsidiary's year) stays unknown: no share is guessed, no headroom, no
flag. It compares two years and forecasts nothing: that is `forecast`.
"""

from __future__ import annotations

from ._estimate import EstimatedShare, estimated_share
from ._facts import FACTS, SCOPE_FACTS, facts
from ._policy import GrowthPolicy, default_policy
from ._read import read
from ._roll_up import roll_up
from ._scope import AnalysisScope, ScopeAnswer, TierCount, analysis_scope
from ._verdict import GrowthBasis, GrowthVerdict
from ._white_space import Room, SpaceKind, WhiteSpace, WhiteSpaceBoard, white_space


__all__ = [
    "FACTS",
    "SCOPE_FACTS",
    "AnalysisScope",
    "EstimatedShare",
    "GrowthBasis",
    "GrowthPolicy",
    "GrowthVerdict",
    "Room",
    "ScopeAnswer",
    "SpaceKind",
    "TierCount",
    "WhiteSpace",
    "WhiteSpaceBoard",
    "analysis_scope",
    "default_policy",
    "estimated_share",
    "facts",
    "read",
    "roll_up",
    "white_space",
]
