"""What a customer bought and when: single purchases, and what they add up to."""

from __future__ import annotations

import datetime as dt
import enum
from decimal import Decimal
from fractions import Fraction

import attrs

from ._checks import Checks
from ._conversions import decimal_of, identifier_of, known_decimal_of


__all__ = ["Contract", "Purchase", "PurchaseHistory", "TimeUnit"]


_MOST_REPEATS = 1_000_000
_MOST_DAYS = 100_000
_DAYS_A_YEAR = Fraction(1461, 4)  # the leap years of a lifetime shared out


class TimeUnit(enum.Enum):
    """In which unit the times of a purchase history are told."""

    DAYS = "days"
    WEEKS = "weeks"

    @property
    def days(self) -> int:
        """How many days one of it has."""
        return 7 if self is TimeUnit.WEEKS else 1

    @property
    def in_a_year(self) -> Fraction:
        """How many of it a year has on average."""
        return _DAYS_A_YEAR / self.days


@attrs.frozen
class Purchase:
    """One purchase: who, when, for how much (S2-6).

    The amount stands in `currency`, the customer's own where none is given; None is
    an amount that nobody knows. A negative amount is a return.
    """

    customer_id: str = attrs.field(converter=identifier_of)
    on: dt.date
    amount: Decimal | None = attrs.field(default=None, converter=decimal_of)
    currency: str | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.identifier("customer_id", self.customer_id)
        checks.day("on", self.on)
        checks.number("amount", self.amount, optional=True)
        checks.currency("currency", self.currency, optional=True)
        checks.check("Purchase")


@attrs.frozen
class PurchaseHistory:
    """A customer's purchases as the models of purchase histories count them (S3-1).

    `repeats` counts the days with a purchase after the first one; `last_after` is
    how long after the first the last came, `observed` how long after it we looked,
    both in `unit`, which may be parts of a week. `average_amount` is the mean amount
    of the repeats in `currency`, None where nobody knows or there was none.
    """

    customer_id: str = attrs.field(converter=identifier_of)
    repeats: int
    last_after: Decimal = attrs.field(converter=known_decimal_of)
    observed: Decimal = attrs.field(converter=known_decimal_of)
    average_amount: Decimal | None = attrs.field(default=None, converter=decimal_of)
    unit: TimeUnit = TimeUnit.DAYS
    currency: str | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.identifier("customer_id", self.customer_id)
        counted = checks.whole("repeats", self.repeats, 0, _MOST_REPEATS)
        last = checks.number("last_after", self.last_after, 0, _MOST_DAYS)
        seen = checks.number("observed", self.observed, 0, _MOST_DAYS)
        if last and seen and self.last_after > self.observed:
            wanted = f"at most what was observed, {self.observed}"
            checks.add("last_after", "contradiction", self.last_after, wanted)
        if counted and last and (self.repeats > 0) != (self.last_after > 0):
            wanted = "0 without repeats, more than 0 with them"
            checks.add("last_after", "contradiction", self.last_after, wanted)
        paid = checks.number("average_amount", self.average_amount, 0, optional=True)
        if paid and counted and self.repeats == 0:
            wanted = "no average without repeats"
            checks.add("average_amount", "contradiction", self.average_amount, wanted)
        checks.choice("unit", self.unit, TimeUnit)
        checks.currency("currency", self.currency, optional=True)
        checks.check("PurchaseHistory")


@attrs.frozen
class Contract:
    """What a contractual customer brings a year, and how likely it stays (S3-1).

    `margin` is the yearly gross profit in `currency`, `retention` the chance to keep
    the customer from one year to the next, as a fraction; None where nobody knows.
    """

    customer_id: str = attrs.field(converter=identifier_of)
    currency: str
    margin: Decimal | None = attrs.field(default=None, converter=decimal_of)
    retention: Decimal | None = attrs.field(default=None, converter=decimal_of)

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.identifier("customer_id", self.customer_id)
        checks.currency("currency", self.currency)
        checks.number("margin", self.margin, optional=True)
        checks.number("retention", self.retention, 0, 1, optional=True)
        checks.check("Contract")
