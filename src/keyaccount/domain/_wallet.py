"""What a customer buys in a category, from us and from others, year by year."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import attrs

from ._checks import FIRST_YEAR, LAST_YEAR, Checks
from ._conversions import (
    decimal_of,
    identifier_of,
    known_decimal_of,
    known_identifier_of,
    listed,
)
from ._vocabulary import Ranked


__all__ = ["GrowthQuadrant", "RivalSales", "ShareGrowthCell"]


class GrowthQuadrant(Ranked):
    """Our place against the largest competitor, and whether we keep up (DOMAIN 5).

    A leader or eroding supplier sells at least as much as the largest competitor, a
    challenger or laggard less; eroding and laggard ones grow more slowly than what
    the customer buys.
    """

    LEADER = "leader"
    ERODING = "eroding"
    CHALLENGER = "challenger"
    LAGGARD = "laggard"


@attrs.frozen
class RivalSales:
    """What a competitor sold to the customer in the category, in the same year."""

    name: str
    amount: Decimal = attrs.field(converter=known_decimal_of)

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.text("name", self.name)
        checks.number("amount", self.amount, 0)
        checks.check("RivalSales")


def _rivals(rivals: Iterable[RivalSales] | None) -> tuple[RivalSales, ...] | None:
    return None if rivals is None else listed(rivals)


@attrs.frozen
class ShareGrowthCell:
    """A customer's purchases in one category in one fiscal year (S3-30 to S3-32).

    `ours` is what it bought from us, `spend` what it bought from anybody (the
    wallet), `rivals` what competitors sold to it, `business` the customer's own
    sales in the year; all in `currency`, None where nobody knows. Without a
    `category` the cell is about all that the customer buys.

    `ours` may be negative (returns) and may exceed `spend`, as sources contradict
    each other; rivals known to be none are an empty tuple.
    """

    customer_id: str = attrs.field(converter=identifier_of)
    year: int
    currency: str
    category: str | None = attrs.field(default=None, converter=known_identifier_of)
    ours: Decimal | None = attrs.field(default=None, converter=decimal_of)
    spend: Decimal | None = attrs.field(default=None, converter=decimal_of)
    rivals: tuple[RivalSales, ...] | None = attrs.field(default=None, converter=_rivals)
    business: Decimal | None = attrs.field(default=None, converter=decimal_of)

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.identifier("customer_id", self.customer_id)
        checks.whole("year", self.year, FIRST_YEAR, LAST_YEAR)
        checks.currency("currency", self.currency)
        checks.identifier("category", self.category, optional=True)
        checks.number("ours", self.ours, optional=True)
        checks.number("spend", self.spend, 0, optional=True)
        checks.number("business", self.business, 0, optional=True)
        if self.rivals is not None and checks.each("rivals", self.rivals, RivalSales):
            seen = set[str]()
            for index, rival in enumerate(self.rivals):
                if rival.name in seen:
                    checks.add(f"rivals[{index}].name", "duplicate", rival.name)
                seen.add(rival.name)
        checks.check("ShareGrowthCell")

    @property
    def largest_rival(self) -> RivalSales | None:
        """The competitor that sells most, None if none is known or there is none.

        Of equals the first by name, so that the order of a list decides nothing.
        """
        if not self.rivals:
            return None
        most = max(rival.amount for rival in self.rivals)
        equals = (rival for rival in self.rivals if rival.amount == most)
        return min(equals, key=lambda rival: rival.name)
