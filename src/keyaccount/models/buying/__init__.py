"""What moves this buyer, and do we stress what it weighs?

S3-23 to S3-29, S2-5, DOMAIN 3.1 (C-8). Three factors decide a purchase:
relationship, price, innovation; each carries a weight in whole per cents. The
weights of the market at large are a prior, nobody's profile: ask the customer, and
ask again in every purchase scenario. It tells what kind of offer to lead with, not
whether the deal can be won: that is `qualification`.
"""

from __future__ import annotations

from ._facts import FACTS, facts
from ._match import MatchVerdict, match
from ._needs import NeedVerdict, need_type
from ._policy import BuyingPolicy, default_policy
from ._profile import ProfileVerdict, prior, profile
from ._sensitivity import WeightRange, sensitivity


__all__ = [
    "FACTS",
    "BuyingPolicy",
    "MatchVerdict",
    "NeedVerdict",
    "ProfileVerdict",
    "WeightRange",
    "default_policy",
    "facts",
    "match",
    "need_type",
    "prior",
    "profile",
    "sensitivity",
]
