"""What has been found out about a customer: its background, demands and channels."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable

import attrs

from keyaccount.tri import Tri

from ._checks import Checks
from ._conversions import identifier_of, listed
from ._vocabulary import Ranked


__all__ = [
    "LEAST_DEMAND_LEVEL",
    "MOST_DEMAND_LEVEL",
    "AccountAnalysis",
    "BackgroundAnalysis",
    "BackgroundTopic",
    "ChannelOutlook",
    "ChannelPlans",
    "ProductDemand",
    "ProductRequirement",
]


LEAST_DEMAND_LEVEL, MOST_DEMAND_LEVEL = 1, 5


class BackgroundTopic(enum.Enum):
    """The six things to know of a customer's background (S4-10)."""

    STRUCTURE_AND_SCALE = "structure-and-scale"
    REPUTATION = "reputation"
    STRATEGIC_DIRECTION = "strategic-direction"
    FINANCIAL_CONDITION = "financial-condition"
    COMPETITOR_COOPERATION = "competitor-cooperation"
    CHANNEL_CAPABILITY = "channel-capability"


class ProductDemand(enum.Enum):
    """What a customer demands of a product and its maker (S4-11)."""

    RESEARCH_AND_DEVELOPMENT = "research-and-development"
    QUALITY = "quality"
    PRICE = "price"
    FAST_DELIVERY = "fast-delivery"
    AFTER_SALES = "after-sales"


class ChannelOutlook(Ranked):
    """Where the customer's channel is heading, best first (S4-12)."""

    EXPANDING = "expanding"
    MIXED = "mixed"
    FLAT = "flat"


@attrs.frozen
class BackgroundAnalysis:
    """What we know of the customer's background, in words (S4-10).

    None where nobody has found out.
    """

    structure_and_scale: str | None = None
    reputation: str | None = None
    strategic_direction: str | None = None
    financial_condition: str | None = None
    competitor_cooperation: str | None = None
    channel_capability: str | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        for attribute in attrs.fields(BackgroundAnalysis):
            name = attribute.name
            checks.text(name, getattr(self, name), optional=True)
        checks.check("BackgroundAnalysis")

    def on(self, topic: BackgroundTopic) -> str | None:
        """Return what is known of one topic, None where nobody has found out."""
        texts = (
            self.structure_and_scale,
            self.reputation,
            self.strategic_direction,
            self.financial_condition,
            self.competitor_cooperation,
            self.channel_capability,
        )
        return dict(zip(BackgroundTopic, texts, strict=True))[topic]


@attrs.frozen
class ProductRequirement:
    """What level a customer demands, and what ours is (S4-11).

    Levels are whole numbers from 1, the lowest, to 5; for a price the level is how
    good it is for the buyer. None where nobody knows.
    """

    demand: ProductDemand
    required: int | None = None
    ours: int | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.choice("demand", self.demand, ProductDemand)
        span = LEAST_DEMAND_LEVEL, MOST_DEMAND_LEVEL
        checks.whole("required", self.required, *span, optional=True)
        checks.whole("ours", self.ours, *span, optional=True)
        checks.check("ProductRequirement")


@attrs.frozen
class ChannelPlans:
    """Whether the customer builds up its channel (S4-12).

    New warehouses in other regions, a wider channel, more money for it.
    """

    builds_warehouses: Tri = Tri.UNKNOWN
    widens_channel: Tri = Tri.UNKNOWN
    raises_investment: Tri = Tri.UNKNOWN

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        for attribute in attrs.fields(ChannelPlans):
            checks.tri(attribute.name, getattr(self, attribute.name))
        checks.check("ChannelPlans")


def _requirements(
    requirements: Iterable[ProductRequirement],
) -> tuple[ProductRequirement, ...]:
    return listed(requirements)


@attrs.frozen
class AccountAnalysis:
    """The analyses of one customer, and when they were last looked at (S4-14)."""

    customer_id: str = attrs.field(converter=identifier_of)
    background: BackgroundAnalysis = BackgroundAnalysis()
    requirements: tuple[ProductRequirement, ...] = attrs.field(
        default=(), converter=_requirements
    )
    channel: ChannelPlans = ChannelPlans()
    analysed_on: dt.date | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.identifier("customer_id", self.customer_id)
        checks.instance("background", self.background, BackgroundAnalysis)
        if checks.each("requirements", self.requirements, ProductRequirement):
            seen = set[ProductDemand]()
            for index, one in enumerate(self.requirements):
                if one.demand in seen:
                    path = f"requirements[{index}].demand"
                    checks.add(path, "duplicate", one.demand)
                seen.add(one.demand)
        checks.instance("channel", self.channel, ChannelPlans)
        checks.day("analysed_on", self.analysed_on, optional=True)
        checks.check("AccountAnalysis")
