"""The words for customers, their people and our own side; each a closed list.

Values are the slugs that stand on the wire. Where a list has an order it is written
best first and its members carry a `rank`, 0 for the best: compare ranks, never
slugs, and do no arithmetic with them. Labels live in `labels/`, by slug.
"""

from __future__ import annotations

import enum


__all__ = [
    "AccountPhase",
    "AdminLevel",
    "Attitude",
    "BuyingFactor",
    "CommChannel",
    "CommPurpose",
    "ExecutiveAntiPattern",
    "ExecutiveResponse",
    "ExecutiveStyle",
    "NeedType",
    "OrgElement",
    "ProspectClass",
    "PurchasingRole",
    "Ranked",
    "Relation",
    "RootCause",
    "SelectionCriterion",
    "StrategicDesignation",
    "StrategicIntentKind",
    "TeamRequirement",
    "ThreeLevelGrade",
    "TouchpointKind",
    "ValueTier",
    "VisitLevel",
    "VolumeProfitType",
]


class Ranked(enum.Enum):
    """A closed list written best first; `rank` counts from 0, the best."""

    _value_: str
    rank: int

    def __init__(self, _slug: str) -> None:
        self.rank = len(type(self).__members__)


class Relation(enum.Enum):
    """Whether the customer trades with us already."""

    TRADING = "trading"
    PROSPECT = "prospect"


class AccountPhase(enum.Enum):
    """Winning more of a customer, or keeping what we have of it (S4-9)."""

    DEVELOPMENT = "development"
    MAINTENANCE = "maintenance"


class StrategicDesignation(Ranked):
    """What selection makes of a customer (S0-8 to S0-10); not a value tier."""

    STRATEGIC = "strategic"
    KEY_ACCOUNT = "key-account"
    HIGH_POTENTIAL = "high-potential"
    ORDINARY = "ordinary"


class SelectionCriterion(enum.Enum):
    """The four that a strategic customer must meet at once (S0-4 to S0-7)."""

    SCALE = "scale"
    SOLUTION_NEED = "solution-need"
    STRATEGIC_FIT = "strategic-fit"
    WILLINGNESS = "willingness"


class StrategicIntentKind(enum.Enum):
    """What a customer may help us to build (S0-6a)."""

    INDUSTRY_BENCHMARK = "industry-benchmark"
    NETWORK_BUILDOUT = "network-buildout"
    INDUSTRY_SOLUTION = "industry-solution"
    CORE_CAPABILITY = "core-capability"
    OTHER = "other"


class ValueTier(Ranked):
    """The value classes of S3-7, best first; the last two are not rungs.

    PROBLEM is a condition that overlays a rung, UNCLASSIFIED means that the sales
    are not known; neither is compared with the rungs.
    """

    DIAMOND = "diamond"
    GOLD = "gold"
    STRATEGIC = "strategic"
    POTENTIAL = "potential"
    GENERAL = "general"
    PROBLEM = "problem"
    UNCLASSIFIED = "unclassified"

    @property
    def is_rung(self) -> bool:
        """Whether the tier stands on the ladder."""
        return self not in {ValueTier.PROBLEM, ValueTier.UNCLASSIFIED}


class ProspectClass(Ranked):
    """What a customer that does not trade yet promises (S3-22)."""

    KEY_OPPORTUNITY = "key-opportunity"
    GENERAL_OPPORTUNITY = "general-opportunity"


class ThreeLevelGrade(Ranked):
    """The three levels of S2-4, derived from the value tier."""

    STRATEGIC = "strategic"
    IMPORTANT = "important"
    ORDINARY = "ordinary"


class NeedType(enum.Enum):
    """What kind of offer moves the customer (S2-5)."""

    PRICE_SENSITIVE = "price-sensitive"
    SERVICE_DEMANDING = "service-demanding"
    SOLUTION_SEEKING = "solution-seeking"
    INNOVATION_SEEKING = "innovation-seeking"
    BALANCED = "balanced"


class VolumeProfitType(enum.Enum):
    """Volume against profit of a strategic customer (S4-7)."""

    VOLUME_DRIVER = "volume-driver"
    PROFIT_DRIVER = "profit-driver"
    DUAL_DRIVER = "dual-driver"
    OUTSIDE = "outside"


class BuyingFactor(enum.Enum):
    """What decides a purchase (S3-23, in the order of the shares of S3-24).

    RELATIONSHIP is also called trusted supplier, INNOVATION value or innovation
    partner.
    """

    RELATIONSHIP = "relationship"
    PRICE = "price"
    INNOVATION = "innovation"


class AdminLevel(Ranked):
    """Where a person stands in the customer's hierarchy (S1-2)."""

    TOP_EXECUTIVE = "top-executive"
    DIRECTOR = "director"
    MANAGER = "manager"
    SUPERVISOR = "supervisor"
    STAFF = "staff"

    @property
    def level(self) -> int:
        """The number that people use: 5 for a top executive, 1 for staff."""
        return len(AdminLevel) - self.rank


class PurchasingRole(enum.Enum):
    """What a person has to say in a purchase; one person may hold several (S1-3)."""

    TECHNICAL = "technical"
    BUSINESS = "business"
    FINANCIAL = "financial"
    DECISION_MAKER = "decision-maker"
    PROCUREMENT = "procurement"
    COACH = "coach"
    LEGAL = "legal"


class Attitude(enum.Enum):
    """How a person stands towards us (S1-5); not known is not neutral."""

    SUPPORT = "support"
    NEUTRAL = "neutral"
    OPPOSE = "oppose"
    UNKNOWN = "unknown"


class CommChannel(enum.Enum):
    """Between whom we talk (S2-15 to S2-17)."""

    CUSTOMER = "customer"
    TEAM = "team"
    CROSS_DEPT = "cross-dept"


class CommPurpose(enum.Enum):
    """What a talk is for; each purpose belongs to one channel."""

    TRUST = "trust"
    FEEDBACK = "feedback"
    INFO_SHARING = "info-sharing"
    COLLABORATION = "collaboration"
    RESOURCE = "resource"
    PROBLEM = "problem"

    @property
    def channel(self) -> CommChannel:
        """The channel that this purpose belongs to."""
        if self in {CommPurpose.TRUST, CommPurpose.FEEDBACK}:
            return CommChannel.CUSTOMER
        if self in {CommPurpose.INFO_SHARING, CommPurpose.COLLABORATION}:
            return CommChannel.TEAM
        return CommChannel.CROSS_DEPT


class TouchpointKind(enum.Enum):
    """How we met; not only visits count (S0-31)."""

    VISIT = "visit"
    CALL = "call"
    MESSAGE = "message"
    MEETING = "meeting"
    EVENT = "event"
    JOINT_REVIEW = "joint-review"
    TECHNICAL_EXCHANGE = "technical-exchange"
    OTHER = "other"


class ExecutiveStyle(enum.Enum):
    """How an executive likes to work; recorded, never scored (S0-33)."""

    SOCIAL = "social"
    BUSINESS = "business"
    OTHER = "other"


class ExecutiveAntiPattern(enum.Enum):
    """The four ways of slapping that spoil a customer (S0-27 to S0-30)."""

    WHIM = "whim"
    OVER_PROMISE = "over-promise"
    BLAME = "blame"
    HANDS_OFF = "hands-off"


class ExecutiveResponse(enum.Enum):
    """What an executive did about an issue (S0-29)."""

    BLAME_SALES = "blame-sales"
    COORDINATE = "coordinate"
    DELEGATE = "delegate"
    OTHER = "other"


class RootCause(enum.Enum):
    """Where an issue came from (S0-29)."""

    SALES = "sales"
    INTERNAL_COORDINATION = "internal-coordination"
    PRODUCT = "product"
    CUSTOMER = "customer"
    EXTERNAL = "external"
    OTHER = "other"


class OrgElement(enum.Enum):
    """The seven elements of a key-account organisation (S0-16 to S0-22)."""

    GOALS = "goals"
    ORGANISATION = "organisation"
    MECHANISM = "mechanism"
    PROCESS = "process"
    TOOLS = "tools"
    BENCHMARK = "benchmark"
    REPLICATION = "replication"


class TeamRequirement(enum.Enum):
    """The four things asked of a key-account team (S0-23 to S0-26)."""

    STAND_HIGH = "stand-high"
    STAY_CLOSE = "stay-close"
    SEE_WIDE = "see-wide"
    BE_PATIENT = "be-patient"


class VisitLevel(enum.Enum):
    """Who of ours visits the customer (S3-18)."""

    NONE = "none"
    CREDIT_MANAGER = "credit-manager"
    MANAGER = "manager"
    DIRECTOR = "director"
    EXECUTIVE = "executive"
    CHIEF_EXECUTIVE = "chief-executive"
