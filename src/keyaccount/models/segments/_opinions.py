"""The words of segments, and the parts that a policy lists beside its rows."""

from __future__ import annotations

import enum
from decimal import Decimal

import attrs

from keyaccount.domain import AccountPhase, ValueTier, VolumeProfitType


__all__ = [
    "ClassRule",
    "CutPoints",
    "GoalRule",
    "Ladder",
    "OutsideReason",
    "RfmMeasure",
    "RfmSegment",
    "TargetReach",
    "ValueWord",
]


class RfmSegment(enum.Enum):
    """How a customer buys, by recency, frequency and spend (S2-6)."""

    CHAMPIONS = "champions"
    LOYAL = "loyal"
    POTENTIAL_LOYALIST = "potential-loyalist"
    NEW = "new"
    NEEDS_ATTENTION = "needs-attention"
    ABOUT_TO_SLEEP = "about-to-sleep"
    CANNOT_LOSE = "cannot-lose"
    AT_RISK = "at-risk"
    HIBERNATING = "hibernating"
    LOST = "lost"
    NO_PURCHASES = "no-purchases"


class RfmMeasure(enum.Enum):
    """What purchases are scored by."""

    RECENCY = "recency"
    FREQUENCY = "frequency"
    MONETARY = "monetary"


class OutsideReason(enum.Enum):
    """Why a customer is none of the three types of volume and profit (S4-7)."""

    BELOW_FLOOR = "below-floor"
    LOW_VOLUME_LOW_MARGIN = "low-volume-low-margin"


class TargetReach(enum.Enum):
    """Whether a target lies near the run-rate (S4-8)."""

    TOO_LOW = "too-low"
    WITHIN_REACH = "within-reach"
    TOO_HIGH = "too-high"


class Ladder(enum.Enum):
    """Whether we climb the ladder of the industry's customers (S3-3)."""

    STALLED = "stalled"
    CLIMBING = "climbing"


@attrs.frozen
class GoalRule:
    """A goal to set a customer of one type of volume and profit (S4-8), in a phase."""

    id: str
    type: VolumeProfitType
    phase: AccountPhase
    origin: str = "own"
    why: str = ""


@attrs.frozen
class ValueWord:
    """A word by which a dimension tells what a customer contributes (S3-2).

    *words* are looked for in a dimension's name, whole and whatever their case, and
    not where they are part of one of the phrases of *unless*.
    """

    id: str
    words: tuple[str, ...]
    unless: tuple[str, ...] = ()
    origin: str = "own"
    why: str = ""


@attrs.frozen
class ClassRule:
    """Whether a class must have a policy, and its customers a plan each (S3-4)."""

    id: ValueTier
    needs_policy: bool
    needs_plan: bool
    origin: str = "own"
    why: str = ""


@attrs.frozen
class CutPoints:
    """Where one measure of purchases is cut, to score a customer without others.

    Each edge that is reached (`≥`; for the days since the last purchase `≤`) gives
    one more point; edges go from the worst to the best.
    """

    id: RfmMeasure
    edges: tuple[Decimal, ...]
    origin: str = "own"
    why: str = ""
