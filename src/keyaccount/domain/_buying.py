"""What moves a buyer: the weights of the buying factors, and who observed them."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator
from typing import assert_never

import attrs

from ._checks import Checks
from ._conversions import known_identifier_of
from ._vocabulary import BuyingFactor, Ranked, ValueTier


__all__ = [
    "Aim",
    "AimMistake",
    "BuyingFactorProfile",
    "FactorWeights",
    "ProfileLevel",
    "Trust",
]


_WHOLE = 100


class ProfileLevel(Ranked):
    """What a profile is about, the most particular first (S3-25)."""

    SCENARIO = "scenario"
    OPPORTUNITY = "opportunity"
    CUSTOMER = "customer"
    CLASS = "class"
    PRIOR = "prior"


class Trust(Ranked):
    """How far a profile can be relied on, best first (S3-28)."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Aim(Ranked):
    """Whether what we stress is what the customer weighs, best first (S3-28)."""

    ALIGNED = "aligned"
    MISALIGNED = "misaligned"


class AimMistake(enum.Enum):
    """The two ways of stressing the wrong thing that have a name (S3-26, S3-27)."""

    PRICE_FIGHT_ON_INSENSITIVE = "price-fight-on-insensitive"
    DIFFERENTIATION_ON_PRICE_SENSITIVE = "differentiation-on-price-sensitive"


@attrs.frozen(kw_only=True)
class FactorWeights:
    """How much each buying factor weighs, in whole per cents that add up to 100.

    By keyword only: sources list the factors in several orders, and zipping them
    gives wrong weights without any error (S3-24). A weight that nobody knows is
    None, unless the others leave it no choice.

    >>> print(FactorWeights(relationship=46, price=36))
    46/36/18
    """

    relationship: int | None = None
    price: int | None = None
    innovation: int | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        for factor in BuyingFactor:
            checks.whole(factor.value, self.of(factor), 0, _WHOLE, optional=True)
        checks.check("FactorWeights")
        known = [weight for _, weight in self.items() if weight is not None]
        total = sum(known)
        is_open = len(known) < len(BuyingFactor)
        if total > _WHOLE or (total < _WHOLE and not is_open):
            checks.add("", "sum", total, "100, the weights in whole per cents")
        checks.check("FactorWeights")
        if total == _WHOLE or len(known) == len(BuyingFactor) - 1:
            for factor, weight in self.items():
                if weight is None:
                    object.__setattr__(self, factor.value, _WHOLE - total)

    def of(self, factor: BuyingFactor) -> int | None:
        """Return one factor's weight, None if nobody knows it."""
        match factor:
            case BuyingFactor.RELATIONSHIP:
                return self.relationship
            case BuyingFactor.PRICE:
                return self.price
            case BuyingFactor.INNOVATION:
                return self.innovation
            case _:
                assert_never(factor)

    def items(self) -> tuple[tuple[BuyingFactor, int | None], ...]:
        """Return every factor with its weight: relationship, price, innovation."""
        return tuple((factor, self.of(factor)) for factor in BuyingFactor)

    def __str__(self) -> str:
        weights = (weight for _, weight in self.items())
        return "/".join("?" if weight is None else str(weight) for weight in weights)

    @property
    def is_complete(self) -> bool:
        """Whether every weight is known."""
        return all(weight is not None for _, weight in self.items())

    @property
    def is_unknown(self) -> bool:
        """Whether no weight is known."""
        return all(weight is None for _, weight in self.items())

    def completions(self) -> Iterator[FactorWeights]:
        """Yield every way of filling in what is not known, itself if all is known."""
        gaps = [factor.value for factor, weight in self.items() if weight is None]
        if not gaps:
            yield self
            return
        known = sum(weight for _, weight in self.items() if weight is not None)
        for weight in range(_WHOLE - known + 1):
            yield from attrs.evolve(self, **{gaps[0]: weight}).completions()


@attrs.frozen
class BuyingFactorProfile:
    """What somebody saw to weigh in a customer's purchases, and when.

    It is about one customer: in one purchase scenario, in one opportunity, or at
    large; or, with a `tier` instead of a customer, about a class of customers.
    """

    customer_id: str | None = attrs.field(converter=known_identifier_of)
    weights: FactorWeights
    observed_on: dt.date
    scenario: str | None = attrs.field(default=None, converter=known_identifier_of)
    opportunity_id: str | None = attrs.field(
        default=None, converter=known_identifier_of
    )
    tier: ValueTier | None = None
    source: str = ""

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        is_of_class = self.tier is not None
        checks.identifier("customer_id", self.customer_id, optional=is_of_class)
        sound = checks.instance("weights", self.weights, FactorWeights)
        if sound and self.weights.is_unknown:
            checks.add("weights", "empty", None, "one weight")
        checks.day("observed_on", self.observed_on)
        checks.identifier("scenario", self.scenario, optional=True)
        checks.identifier("opportunity_id", self.opportunity_id, optional=True)
        checks.choice("tier", self.tier, ValueTier, optional=True)
        if self.source != "":
            checks.text("source", self.source)
        keys = (self.customer_id, self.scenario, self.opportunity_id)
        if is_of_class and any(key is not None for key in keys):
            wanted = "a profile of a class names no customer, scenario or opportunity"
            checks.add("tier", "contradiction", self.tier, wanted)
        checks.check("BuyingFactorProfile")

    @property
    def level(self) -> ProfileLevel:
        """What the profile is about."""
        if self.tier is not None:
            return ProfileLevel.CLASS
        if self.scenario is not None:
            return ProfileLevel.SCENARIO
        if self.opportunity_id is not None:
            return ProfileLevel.OPPORTUNITY
        return ProfileLevel.CUSTOMER
