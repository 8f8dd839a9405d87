"""What a customer has been promised in service, and how much of it we can give."""

from __future__ import annotations

import datetime as dt
import enum

import attrs

from ._checks import Checks
from ._conversions import identifier_of
from ._vocabulary import ValueTier, VisitLevel


__all__ = ["ObligationKind", "ServiceCapacity", "ServicePromise"]


_MOST = 1000
_HOURS = 24 * 366


class ObligationKind(enum.Enum):
    """What we owe a customer by its class (S3-18)."""

    EXECUTIVE_VISIT = "executive-visit"
    TECHNICAL_EXCHANGE = "technical-exchange"
    FIRST_RESPONSE = "first-response"
    RECEIVABLES_REVIEW = "receivables-review"


@attrs.frozen
class ServicePromise:
    """What one customer may expect of us in a year: by its class, or as agreed (S3-18).

    `owner` looks after the customer, `visitor` is the executive who visits it: None
    where nobody is named. `since` is the day from which it is owed. Hours are clock
    hours unless `business_hours`.
    """

    customer_id: str = attrs.field(converter=identifier_of)
    tier: ValueTier | None = None
    executive_visits_per_year: int = attrs.field(default=0, kw_only=True)
    visit_level: VisitLevel = attrs.field(default=VisitLevel.NONE, kw_only=True)
    technical_exchanges_per_year: int = attrs.field(default=0, kw_only=True)
    first_response_hours: int | None = attrs.field(default=None, kw_only=True)
    business_hours: bool = attrs.field(default=False, kw_only=True)
    weekly_receivables_review: bool = attrs.field(default=False, kw_only=True)
    owner: str | None = attrs.field(default=None, kw_only=True)
    visitor: str | None = attrs.field(default=None, kw_only=True)
    since: dt.date | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.identifier("customer_id", self.customer_id)
        checks.choice("tier", self.tier, ValueTier, optional=True)
        for name in ("executive_visits_per_year", "technical_exchanges_per_year"):
            checks.whole(name, getattr(self, name), 0, _MOST)
        checks.choice("visit_level", self.visit_level, VisitLevel)
        checks.whole(
            "first_response_hours", self.first_response_hours, 1, _HOURS, optional=True
        )
        checks.flag("business_hours", self.business_hours)
        checks.flag("weekly_receivables_review", self.weekly_receivables_review)
        checks.text("owner", self.owner, optional=True)
        checks.text("visitor", self.visitor, optional=True)
        checks.day("since", self.since, optional=True)
        checks.check("ServicePromise")


@attrs.frozen
class ServiceCapacity:
    """How much of one kind of service one of us can give in a year.

    `per_year` that is None is not known.
    """

    owner: str
    kind: ObligationKind
    per_year: int | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.text("owner", self.owner)
        checks.choice("kind", self.kind, ObligationKind)
        checks.whole("per_year", self.per_year, 0, _MOST * _MOST, optional=True)
        checks.check("ServiceCapacity")
