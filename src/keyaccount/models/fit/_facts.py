"""From the analyses of a customer to the facts that its fit is judged by."""

from __future__ import annotations

from collections.abc import Iterable

from keyaccount.domain import (
    LEAST_DEMAND_LEVEL,
    MOST_DEMAND_LEVEL,
    BackgroundAnalysis,
    BackgroundTopic,
    ChannelOutlook,
    ChannelPlans,
    ProductDemand,
    ProductRequirement,
)
from keyaccount.rules import Fact, Facts, FactSchema, FactValue
from keyaccount.tri import Tri


__all__ = [
    "BACKGROUND_FACTS",
    "CHANNEL_FACTS",
    "DEMANDS",
    "FACTS",
    "LEVELS",
    "PLANS",
    "PRODUCT_FACTS",
    "TERM",
    "TOPICS",
    "gap_fact",
    "levels_of",
    "our_fact",
    "part_of",
    "required_fact",
    "told",
    "topic_fact",
    "with_",
]


DEMANDS = tuple(ProductDemand)
LEVELS = range(LEAST_DEMAND_LEVEL, MOST_DEMAND_LEVEL + 1)
PLANS = ("builds_warehouses", "widens_channel", "raises_investment")
TERM = "term_within_appetite"

_WIDEST = MOST_DEMAND_LEVEL - LEAST_DEMAND_LEVEL


def topic_fact(topic: BackgroundTopic) -> str:
    """Return the name of the fact that says whether a topic is known.

    >>> topic_fact(BackgroundTopic.REPUTATION)
    'background_reputation'
    """
    return f"background_{_snake(topic.value)}"


def required_fact(demand: ProductDemand) -> str:
    """Return the name of the level that the customer requires."""
    return f"required_{_snake(demand.value)}"


def our_fact(demand: ProductDemand) -> str:
    """Return the name of the level that is ours."""
    return f"our_{_snake(demand.value)}"


def gap_fact(demand: ProductDemand) -> str:
    """Return the name of the fact that says by how many levels we fall short."""
    return f"gap_{_snake(demand.value)}"


def _snake(slug: str) -> str:
    return slug.replace("-", "_")


def _level(name: str, *, movable: bool = False) -> Fact:
    low, high = LEAST_DEMAND_LEVEL, MOST_DEMAND_LEVEL
    return Fact.number(name, unit="level", low=low, high=high, movable=movable)


TOPICS = tuple(topic_fact(topic) for topic in BackgroundTopic)

BACKGROUND_FACTS = FactSchema(
    (
        *(Fact.yes_no(name) for name in TOPICS),
        Fact.number("background_completeness", unit="share", low=0, high=1),
    )
)
"""Which topics are known (S4-10): yes once somebody wrote it down, never no."""

PRODUCT_FACTS = FactSchema(
    (
        *(
            fact
            for demand in DEMANDS
            for fact in (
                _level(required_fact(demand)),
                _level(our_fact(demand), movable=True),
                Fact.number(gap_fact(demand), unit="level", low=0, high=_WIDEST),
            )
        ),
        Fact.number("gaps", unit="count", low=0, high=len(DEMANDS)),
        Fact.number("largest_gap", unit="level", low=0, high=_WIDEST),
        Fact.yes_no("product_analysed"),
    )
)
"""What is required of our product, and what we have (S4-11).

A gap is by how many whole levels ours falls short, 0 where it does not; `gaps`
counts those above 0. `product_analysed` is yes once all ten levels are known, else
not known: an analysis that is not finished is no bad one.
"""

CHANNEL_FACTS = FactSchema(
    (*(Fact.yes_no(name) for name in PLANS), Fact.yes_no("channel_analysed"))
)
"""What the customer does for its channel (S4-12), and whether all three are known."""

FACTS = FactSchema(
    (
        *BACKGROUND_FACTS,
        Fact.yes_no("background_complete"),
        *PRODUCT_FACTS,
        Fact.yes_no("product_match"),
        *CHANNEL_FACTS,
        Fact.choice("channel_outlook", tuple(one.value for one in ChannelOutlook)),
        Fact.yes_no(TERM),
    )
)
"""Everything that the fit may be judged by (S4-14).

`background_complete`, `product_match` and `channel_outlook` are what the policy's
own rows make of the facts before them.
"""


def told(
    background: BackgroundAnalysis = BackgroundAnalysis(),  # noqa: B008 - frozen
    requirements: Iterable[ProductRequirement] = (),
    channel: ChannelPlans = ChannelPlans(),  # noqa: B008 - frozen
    term: Tri = Tri.UNKNOWN,
) -> Facts:
    """Bring what somebody has told us through the door; nothing follows from it yet."""
    given: dict[str, object] = {TERM: term}
    for topic in BackgroundTopic:
        known = background.on(topic) is not None
        given[topic_fact(topic)] = Tri.YES if known else Tri.UNKNOWN
    for one in requirements:
        given[required_fact(one.demand)] = one.required
        given[our_fact(one.demand)] = one.ours
    for plan in PLANS:
        given[plan] = getattr(channel, plan)
    return FACTS.read(given)


def with_(facts: Facts, **changes: FactValue) -> Facts:
    """Return the same facts with some of them changed, without reading them again."""
    row = list(facts.row)
    for name, value in changes.items():
        row[FACTS.positions[name]] = value
    return Facts(FACTS, tuple(row))


def part_of(facts: Facts, schema: FactSchema) -> Facts:
    """Return the facts that one table is about; they stand together in `FACTS`."""
    first = FACTS.positions[schema.facts[0].name]
    return Facts(schema, facts.row[first : first + len(schema.facts)])


def levels_of(facts: Facts, demand: ProductDemand) -> tuple[int | None, int | None]:
    """Return what level is required and what ours is, None where nobody knows."""
    return _whole(facts[required_fact(demand)]), _whole(facts[our_fact(demand)])


def _whole(value: FactValue) -> int | None:
    return int(value) if isinstance(value, float) else None
