"""A whole portfolio: on how few it rests, how its tiers look, who gets what."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import attrs

from keyaccount.domain import ValueTier
from keyaccount.models import allocation

from .policies import SHIPPED, Policies
from .portfolio import Portfolio
from .standings import ground_of


__all__ = ["Resources", "resources"]


@attrs.frozen
class Resources:
    """What all customers that trade add up to, and how to share effort out among them.

    `concentration` is of what each contributed in the evaluated year, in the
    policy's currency, and not known of those whose amounts could not be brought into
    it; `shares` are a hundred units of effort, shared out by class.
    """

    concentration: allocation.ConcentrationVerdict
    distribution: allocation.DistributionVerdict
    shares: allocation.AllocationVerdict

    @property
    def by_tier(self) -> tuple[tuple[ValueTier, int, Decimal], ...]:
        """How many customers of each class there are, and what they get together."""
        shares = self.shares.value
        found = () if shares is None else shares.shares
        told = []
        for tier in ValueTier:
            units = [one.units for one in found if one.tier is tier]
            if units:
                told.append((tier, len(units), sum(units, Decimal(0))))
        return tuple(told)


_UNITS = 100


def resources(
    portfolio: Portfolio, *, policies: Policies = SHIPPED
) -> Resources | None:
    """Look at all customers that trade at once (S2-1, S3-19); None without any.

    Args:
        portfolio: what `review` returned.
        policies: your own weights and limits, as far as `allocation` has them.
    """
    tiers: dict[str, ValueTier | None] = {}
    possible: dict[str, tuple[ValueTier, ...]] = {}
    amounts: dict[str, Decimal | None] = {}
    for sheet in portfolio:
        slug = sheet.customer.id
        if sheet.unconverted is not None:  # it trades, and nobody knows its amount
            tiers[slug] = amounts[slug] = None
        if sheet.tier is None:
            continue
        tiers[slug] = sheet.tier.effective
        possible[slug] = sheet.tier.possible
        ground = ground_of(sheet.tier.evidence)
        known = None if ground is None else ground.facts["contribution"]
        amounts[slug] = Decimal(known) if isinstance(known, float) else None
    if not tiers:
        return None
    return _resources(tiers, possible, amounts, portfolio, policies)


def _resources(
    tiers: Mapping[str, ValueTier | None],
    possible: Mapping[str, tuple[ValueTier, ...]],
    amounts: Mapping[str, Decimal | None],
    portfolio: Portfolio,
    policies: Policies,
) -> Resources:
    as_of, rules = portfolio.as_of, policies.allocation
    return Resources(
        allocation.concentration(amounts, as_of=as_of, policy=rules),
        allocation.distribution(tiers, as_of=as_of, policy=rules),
        allocation.allocate(
            tiers, _UNITS, possible=possible, as_of=as_of, policy=rules
        ),
    )
