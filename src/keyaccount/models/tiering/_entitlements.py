"""What a class of customer gets from us (S3-9, S3-10, S3-13, S3-18)."""

from __future__ import annotations

from keyaccount.domain import ValueTier

from ._classify import TierVerdict
from ._policy import TieringPolicy, default_policy
from ._review import ReviewVerdict
from ._service import Entitlement, tier_named


__all__ = ["entitlements"]


def entitlements(
    tier: ValueTier | str | TierVerdict | ReviewVerdict,
    *,
    policy: TieringPolicy | None = None,
) -> Entitlement:
    """Return what a tier, or the customer of a verdict, is entitled to (S3-9).

    A problem customer gets what problems get; a verdict that is still open gets
    what the lowest rung still possible gets; a review's customer what its tier to
    act on gets; the unclassified are served as general.

    Raises:
        UnknownNameError: no tier has that slug.

    >>> entitlements("diamond").first_response_hours
    2
    """
    rules = policy or default_policy()
    if isinstance(tier, TierVerdict):
        tier = tier.effective or tier.provisional
    elif isinstance(tier, ReviewVerdict):
        tier = tier.effective
    return rules.entitlement(tier_named(tier))
