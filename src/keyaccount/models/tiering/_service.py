"""What a class of customer may get from us, as fields that compare (S3-18, S3-10)."""

from __future__ import annotations

import enum

import attrs

from keyaccount.domain import ThreeLevelGrade, ValueTier, VisitLevel
from keyaccount.exceptions import UnknownNameError


__all__ = [
    "Entitlement",
    "OnSiteEngineer",
    "ValueAdded",
    "VisitLevel",
    "grade",
    "tier_named",
]


def tier_named(tier: ValueTier | str) -> ValueTier:
    """Return the tier of that slug, or the tier itself.

    Raises:
        UnknownNameError: no tier is called so.
    """
    slugs = {one.value: one for one in ValueTier}
    found = tier if isinstance(tier, ValueTier) else slugs.get(tier)
    if found is None:
        raise UnknownNameError("tier", str(tier), tuple(slugs))
    return found


def grade(tier: ValueTier | str) -> ThreeLevelGrade | None:
    """Return the level of S2-4 for a rung or its slug (C-5); None for what is no rung.

    Raises:
        UnknownNameError: no tier is called so.

    >>> grade("gold")
    <ThreeLevelGrade.STRATEGIC: 'strategic'>
    """
    rung = tier_named(tier)
    if rung in {ValueTier.DIAMOND, ValueTier.GOLD, ValueTier.STRATEGIC}:
        return ThreeLevelGrade.STRATEGIC
    if rung is ValueTier.POTENTIAL:
        return ThreeLevelGrade.IMPORTANT
    return ThreeLevelGrade.ORDINARY if rung is ValueTier.GENERAL else None


class OnSiteEngineer(enum.Enum):
    """Whose engineer stands at the customer's site, from nobody's to its own."""

    NONE = "none"
    ON_DEMAND = "on-demand"
    SHARED = "shared"
    DEDICATED = "dedicated"


class ValueAdded(enum.Enum):
    """Which value-added services the customer may use, from none to all."""

    NONE = "none"
    PAID = "paid"
    TRIAL = "trial"
    SELECTED = "selected"
    FULL = "full"


@attrs.frozen(kw_only=True)
class Entitlement:
    """What a class of customer gets from us: S3-18's six topics and S3-10's.

    `id` is the slug of the tier. `capacity_priority` goes from 1, served first, to 6;
    visits and exchanges are counted per year; hours are clock hours unless
    `business_hours`.
    """

    id: str
    on_site_engineer: OnSiteEngineer
    capacity_priority: int
    executive_visits_per_year: int
    visit_level: VisitLevel
    first_response_hours: int
    business_hours: bool = False
    technical_exchanges_per_year: int
    value_added: ValueAdded
    priority_experts: bool = False
    dedicated_executive_partner: bool = False
    named_sponsor: bool = False
    resource_dispatch: bool = False
    strategic_alignment: bool = False
    escalation: bool = False
    weekly_receivables_review: bool = False
    credit_hold: bool = False
    origin: str = "own"
    why: str = ""

    def covers(self, other: Entitlement) -> bool:
        """Whether this gives at least what *other* gives (S3-13).

        All of S3-18's topics and S3-10's count, who visits and in which hours we
        answer included; an executive partner of its own is more than a sponsor.
        Supervision is no service: it is left out.
        """
        engineers, added = list(OnSiteEngineer), list(ValueAdded)
        levels = list(VisitLevel)
        return (
            engineers.index(self.on_site_engineer)
            >= engineers.index(other.on_site_engineer)
            and self.capacity_priority <= other.capacity_priority
            and self.executive_visits_per_year >= other.executive_visits_per_year
            and levels.index(self.visit_level) >= levels.index(other.visit_level)
            and self.first_response_hours <= other.first_response_hours
            and self.business_hours <= other.business_hours
            and self.technical_exchanges_per_year >= other.technical_exchanges_per_year
            and added.index(self.value_added) >= added.index(other.value_added)
            and self._mechanisms() >= other._mechanisms()
        )

    def _mechanisms(self) -> frozenset[str]:
        """What S3-10 names, as a set."""
        given = {
            "experts": self.priority_experts,
            "partner": self.dedicated_executive_partner,
            "sponsor": self.named_sponsor or self.dedicated_executive_partner,
            "dispatch": self.resource_dispatch,
            "alignment": self.strategic_alignment,
            "escalation": self.escalation,
        }
        return frozenset(name for name, is_given in given.items() if is_given)
