"""What allocation judges by, and what it may answer."""

from __future__ import annotations

import enum

from keyaccount.rules import Fact, FactSchema


__all__ = [
    "ATTRACTIVENESS",
    "CONCENTRATION_FACTS",
    "DISTRIBUTION_FACTS",
    "MATRIX_FACTS",
    "STRENGTH",
    "TOPS",
    "Dependence",
    "MatrixCell",
    "Shape",
]


class Dependence(enum.Enum):
    """On how few customers we rest, the best first."""

    SPREAD = "spread"
    RESTS_ON_FEW = "rests-on-few"
    RESTS_ON_ONE = "rests-on-one"


class MatrixCell(enum.Enum):
    """The cells of the portfolio matrix, attractiveness × our strength (2.1).

    STRATEGIC is both, STAR attractive where others are stronger, STATUS the other way
    round, STREAMLINE neither. No cell is a value tier of the same name.
    """

    STRATEGIC = "strategic"
    STAR = "star"
    STATUS = "status"
    STREAMLINE = "streamline"


class Shape(enum.Enum):
    """Whether a distribution of tiers looks sane."""

    SOUND = "sound"
    ODD = "odd"


TOPS = ("top_share", "top_three_share", "top_five_share", "top_ten_share")
"""What the largest customers make of the whole; the policy says how many count."""

CONCENTRATION_FACTS = FactSchema(
    (
        *(Fact.number(name, unit="share", low=0, high=1) for name in TOPS),
        Fact.number("hhi", unit="share", low=0, high=1),
    )
)
"""Shares of the largest, and the Herfindahl index: the sum of all squared shares."""

ATTRACTIVENESS = (
    "sales_potential",
    "strategic_alignment",
    "margin_outlook",
    "growth_outlook",
)
STRENGTH = (
    "offer_strength",
    "relationship_strength",
    "service_strength",
    "price_strength",
)

MATRIX_FACTS = FactSchema(
    tuple(
        Fact.number(name, unit="mark", low=0, high=100)
        for name in (*ATTRACTIVENESS, *STRENGTH)
    )
)
"""Marks from 0 to 100: how attractive an account is, and how strong we are with it."""

DISTRIBUTION_FACTS = FactSchema(
    (
        Fact.number("customers", low=0),
        Fact.number("diamonds", low=0),
        Fact.number("key_accounts", low=0),
        Fact.number("followers", low=0),
        Fact.number("key_share", unit="share", low=0, high=1),
        Fact.number("problem_share", unit="share", low=0, high=1),
        Fact.number("unclassified_share", unit="share", low=0, high=1),
    )
)
"""Counts and shares of tiers; key accounts are diamond, gold and strategic (2.1)."""
