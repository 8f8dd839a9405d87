"""What we aim at in a year, and how far we have come (S4-1)."""

from __future__ import annotations

import enum
from decimal import Decimal

import attrs

from ._checks import FIRST_YEAR, LAST_YEAR, Checks
from ._conversions import decimal_of, known_decimal_of, known_identifier_of


__all__ = ["AnnualTarget", "TargetKind"]


_MONTHS = 12


class TargetKind(enum.Enum):
    """What an annual plan aims at (S4-1)."""

    MARKET_SHARE = "market-share"
    SALES_AMOUNT = "sales-amount"
    SALES_VOLUME = "sales-volume"
    SATISFACTION = "satisfaction"


@attrs.frozen
class AnnualTarget:
    """One target of a year, or of one month of it, and what was reached (S4-1).

    A market share is a fraction, a sales amount stands in `currency`, volume and
    satisfaction in units of the house. `actual` is None while it is not known.
    Without a `customer_id` it is the whole firm's.
    """

    year: int
    kind: TargetKind
    target: Decimal = attrs.field(converter=known_decimal_of)
    actual: Decimal | None = attrs.field(default=None, converter=decimal_of)
    month: int | None = None
    currency: str | None = None
    customer_id: str | None = attrs.field(default=None, converter=known_identifier_of)
    owner: str | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.whole("year", self.year, FIRST_YEAR, LAST_YEAR)
        chosen = checks.choice("kind", self.kind, TargetKind)
        most = 1 if self.kind is TargetKind.MARKET_SHARE else None
        sound = checks.number("target", self.target, 0, most)
        if sound and self.target == 0:
            checks.add("target", "out-of-range", self.target, "above 0")
        least = None if self.kind is TargetKind.SALES_AMOUNT else 0
        checks.number("actual", self.actual, least, most, optional=True)
        checks.whole("month", self.month, 1, _MONTHS, optional=True)
        named = checks.currency("currency", self.currency, optional=True)
        if chosen and self.kind is TargetKind.SALES_AMOUNT and self.currency is None:
            checks.add("currency", "missing", None, 'an ISO 4217 code such as "CNY"')
        if chosen and named and self.kind is not TargetKind.SALES_AMOUNT:
            wanted = "a currency only for a sales amount"
            checks.add("currency", "contradiction", self.currency, wanted)
        checks.identifier("customer_id", self.customer_id, optional=True)
        checks.text("owner", self.owner, optional=True)
        checks.check("AnnualTarget")
