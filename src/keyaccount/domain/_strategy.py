"""What our strategy wants of customers for a time, and what a strategic one offers."""

from __future__ import annotations

import datetime as dt
import enum
from decimal import Decimal

import attrs

from ._checks import Checks
from ._conversions import decimal_of, identifier_of
from ._vocabulary import StrategicIntentKind


__all__ = ["StrategicAttribute", "StrategicIntent", "StrategicProfile"]


class StrategicAttribute(enum.Enum):
    """In what strategic customers beat others (S0-2); it explains, never decides."""

    VALUE = "value"
    POTENTIAL = "potential"
    SCARCITY = "scarcity"
    LOYALTY = "loyalty"
    BENCHMARK = "benchmark"


@attrs.frozen
class StrategicIntent:
    """Something that our firm wants to build in a certain time (S0-6, S4-3, S4-5).

    It holds from `valid_from` to `valid_until`, both days included; None means that
    no end has been set.
    """

    id: str = attrs.field(converter=identifier_of)
    kind: StrategicIntentKind
    valid_from: dt.date
    valid_until: dt.date | None = None
    text: str | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.identifier("id", self.id)
        checks.choice("kind", self.kind, StrategicIntentKind)
        begins = checks.day("valid_from", self.valid_from)
        ends = checks.day("valid_until", self.valid_until, optional=True)
        until = self.valid_until
        if begins and ends and until is not None and until < self.valid_from:
            wanted = f"not before it begins, {self.valid_from}"
            checks.add("valid_until", "contradiction", until.isoformat(), wanted)
        checks.text("text", self.text, optional=True)
        checks.check("StrategicIntent")

    def holds_on(self, day: dt.date) -> bool:
        """Whether our firm wants this on a day."""
        return self.valid_from <= day and (
            self.valid_until is None or day <= self.valid_until
        )


@attrs.frozen
class StrategicProfile:
    """How far a customer has each of the five strategic attributes (S0-2).

    Marks from 0 to 100, None where nobody has judged. They rank strategic customers
    among themselves and never make one.
    """

    value: Decimal | None = attrs.field(default=None, converter=decimal_of)
    potential: Decimal | None = attrs.field(default=None, converter=decimal_of)
    scarcity: Decimal | None = attrs.field(default=None, converter=decimal_of)
    loyalty: Decimal | None = attrs.field(default=None, converter=decimal_of)
    benchmark: Decimal | None = attrs.field(default=None, converter=decimal_of)

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        for attribute in StrategicAttribute:
            mark = self.of(attribute)
            checks.number(attribute.value, mark, 0, 100, optional=True)
        checks.check("StrategicProfile")

    def of(self, attribute: StrategicAttribute) -> Decimal | None:
        """Return one attribute's mark, None where nobody has judged."""
        marks = (
            self.value,
            self.potential,
            self.scarcity,
            self.loyalty,
            self.benchmark,
        )
        return dict(zip(StrategicAttribute, marks, strict=True))[attribute]
