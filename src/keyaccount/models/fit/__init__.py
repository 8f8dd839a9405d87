"""Do they and we match?

S4-10 to S4-12, S4-14. Four analyses lie behind the answer: the customer's background
in six topics, what it requires of our product and what we have in five demands, where
its channel is heading, and whether the payment term is one that we accept, which is
for `payment` to say (S4-13). They and we match where all four are complete, the
product is a full match and the term is within what we accept: the first step, the
direction. It says nothing of how large the customer is, or whether it is strategic.
"""

from __future__ import annotations

from ._assess import assess, background, channel_outlook, product_match
from ._facts import BACKGROUND_FACTS, CHANNEL_FACTS, FACTS, PRODUCT_FACTS
from ._judge import facts
from ._policy import FitPolicy, default_policy
from ._verdict import (
    BackgroundVerdict,
    ChannelVerdict,
    DemandGap,
    FitGap,
    FitPart,
    FitVerdict,
    MatchVerdict,
)


__all__ = [
    "BACKGROUND_FACTS",
    "CHANNEL_FACTS",
    "FACTS",
    "PRODUCT_FACTS",
    "BackgroundVerdict",
    "ChannelVerdict",
    "DemandGap",
    "FitGap",
    "FitPart",
    "FitPolicy",
    "FitVerdict",
    "MatchVerdict",
    "assess",
    "background",
    "channel_outlook",
    "default_policy",
    "facts",
    "product_match",
]
