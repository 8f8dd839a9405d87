"""Where we stand with a customer in a category, and whether we keep up."""

from __future__ import annotations

import enum

import attrs

from keyaccount import wire
from keyaccount.domain import GrowthQuadrant, Money
from keyaccount.rules import Verdict


__all__ = ["GrowthBasis", "GrowthVerdict"]


class GrowthBasis(enum.Enum):
    """What our growth is held against: the wallet, or the whole business (S3-32)."""

    CATEGORY_SPEND = "category-spend"
    CUSTOMER_BUSINESS = "customer-business"


@attrs.frozen(repr=False)
class GrowthVerdict(wire.Plain, Verdict[GrowthQuadrant]):
    """A customer in a category (None: in all that it buys), a year and the one before.

    Shares and growths are fractions: 0.2 is 20 %. None is not known, or has no value:
    nothing grows from nothing, and nothing is a share of nothing. A share may exceed
    1, where sources contradict each other. `gap_to_customer` and `gap_to_rival` are
    our growth less theirs; `basis` says which growth of the customer. `rival` is the
    largest competitor of the year, `rival_before` that of the year before.
    `flags` surely hold, `open_flags` may, once more is known. `headroom` is what the
    customer bought from others. `accounts` are those whose amounts these are.
    """

    customer_id: str
    category: str | None
    year: int
    accounts: tuple[str, ...]
    share: float | None
    share_before: float | None
    growth: float | None
    customer_growth: float | None
    rival_growth: float | None
    gap_to_customer: float | None
    gap_to_rival: float | None
    basis: GrowthBasis | None
    relative_share: float | None
    relative_share_before: float | None
    rival: str | None
    rival_before: str | None
    headroom: Money | None
    open_flags: tuple[str, ...]

    def _extras(self) -> tuple[str, ...]:
        names = (self.customer_id, self.category, str(self.year))
        whose = " ".join(name for name in names if name is not None)
        share, growth = _percent(self.share), _percent(self.growth)
        return whose, f"share {share}", f"growth {growth}"


def _percent(share: float | None) -> str:
    return "unknown" if share is None else f"{share:.1%}"
