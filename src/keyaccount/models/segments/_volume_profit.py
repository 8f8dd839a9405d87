"""Which type a strategic customer is by volume and profit."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from decimal import Decimal

import attrs

from keyaccount import wire
from keyaccount.domain import StrategicDesignation, VolumeProfitType
from keyaccount.exceptions import Problems
from keyaccount.rules import (
    Compiled,
    Facts,
    FactValue,
    Missing,
    Reason,
    Verdict,
    ask_first,
    explain_table,
)
from keyaccount.tri import Tri

from ._answers import thresholds
from ._facts import facts
from ._opinions import OutsideReason
from ._policy import SegmentsPolicy, default_policy


__all__ = ["VolumeProfitVerdict", "volume_profit"]


@attrs.frozen(repr=False)
class VolumeProfitVerdict(wire.Plain, Verdict[VolumeProfitType]):
    """What a strategic customer brings: volume, profit, both, or neither (S4-7).

    `asked` is NO for a customer that is not strategic: there is no answer then, and
    `possible` is empty. `outside` says why it is none of the three types, as far as
    it may be none. The type never touches the tier (C-6).
    """

    asked: Tri
    outside: tuple[OutsideReason, ...]
    designation: StrategicDesignation | None = None

    def _extras(self) -> tuple[str, ...]:
        return tuple(reason.value for reason in self.outside)


def volume_profit(
    volume: Decimal | float | None = None,
    margin: Decimal | float | None = None,
    *,
    designation: StrategicDesignation | None = None,
    policy: SegmentsPolicy | None = None,
) -> VolumeProfitVerdict:
    """Tell which of the three types of volume and profit a customer is (S4-7).

    Large volume with little profit, some volume with fairly good profit, large
    volume with good profit; everything else is outside, with the reason. The type
    serves to set goals for strategic customers and is not asked of others (C-6);
    where nobody says whether the customer is strategic, it is worked out all the
    same and flagged.

    Args:
        volume: orders a year, in the unit of the policy's thresholds.
        margin: gross profit ÷ sales, a fraction.
        designation: what selection makes of the customer.
        policy: your own; the shipped one has example thresholds.

    Raises:
        InvalidValueError: a volume below 0, a margin above 1, no numbers, or no
            designation.

    >>> volume_profit(12_000, Decimal("0.15")).value
    <VolumeProfitType.DUAL_DRIVER: 'dual-driver'>
    """
    rules = default_policy() if policy is None else policy
    problems = Problems()
    if designation is not None:
        wanted = "a StrategicDesignation"
        problems.is_a("designation", designation, StrategicDesignation, wanted)
    problems.check("segments")
    told = facts(volume=volume, profit_margin=margin)
    return TypeEvidence(rules, told, designation).verdict()


@attrs.frozen
class TypeEvidence:
    """What a verdict on volume and profit keeps to explain itself."""

    policy: SegmentsPolicy
    facts: Facts
    designation: StrategicDesignation | None

    @property
    def asked(self) -> Tri:
        """Whether the customer is one of whom the question is asked."""
        if self.designation is None:
            return Tri.UNKNOWN
        return Tri.of(self.designation is StrategicDesignation.STRATEGIC)

    def verdict(self) -> VolumeProfitVerdict:
        """Put the answer together."""
        asked = self.asked
        types = () if asked is Tri.NO else self._possible(self.policy.types)
        value = VolumeProfitType(types[0]) if len(types) == 1 else None
        gaps = any(self.facts[name] is None for name in ("volume", "profit_margin"))
        flags = (
            ("not-asked", asked is Tri.NO),
            ("designation-unknown", asked is Tri.UNKNOWN),
            ("incomplete", value is not None and gaps),
            ("example-volumes", bool(types) and self.policy.has_example_volumes),
        )
        return VolumeProfitVerdict(
            value=value,
            possible=tuple(map(VolumeProfitType, types)),
            missing=self._missing() if len(types) > 1 else (),
            flags=tuple(flag for flag, is_raised in flags if is_raised),
            policy=self.policy.ref,
            as_of=None,
            asked=asked,
            outside=self._outside() if VolumeProfitType.OUTSIDE.value in types else (),
            designation=self.designation,
            evidence=self,
        )

    def _outside(self) -> tuple[OutsideReason, ...]:
        """Return why the customer is outside, in every way in which it is."""
        types, outsides = self.policy.types, self.policy.outsides
        found = {
            reason
            for way in _ways((types, outsides), self.facts)
            if VolumeProfitType.OUTSIDE.value in types.possible(way)
            for reason in outsides.possible(way)
        }
        return tuple(reason for reason in OutsideReason if reason.value in found)

    def _possible(self, table: Compiled) -> tuple[str, ...]:
        ways = _ways((table,), self.facts)
        found = {outcome for way in ways for outcome in table.possible(way)}
        return tuple(outcome for outcome in table.table.outcomes if outcome in found)

    def _missing(self) -> tuple[Missing, ...]:
        return ask_first((self.policy.types.table,), self.facts)

    def reason(self) -> Reason:
        """Say the type, what each row says, and why it is none of the three."""
        if self.asked is Tri.NO:
            told = str(self.designation and self.designation.value)
            data = (("outcome", told), ("answers", "strategic-designation"))
            return Reason("type-not-asked", data)
        possible = self._possible(self.policy.types)
        why = explain_table(self.policy.types.table, self.facts, possible)
        if VolumeProfitType.OUTSIDE.value not in possible:
            return why
        outside = tuple(
            Reason(
                "type-outside",
                (("outcome", reason.value), ("answers", "outside-reason")),
            )
            for reason in self._outside()
        )
        return attrs.evolve(why, because=(*why.because, *outside))

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels


def _ways(tables: tuple[Compiled, ...], told: Facts) -> Iterator[Facts]:
    """Yield the facts with every unknown one on, below and above every threshold."""
    offered: dict[str, list[FactValue]] = {}
    for name in ("volume", "profit_margin"):
        if told[name] is None:
            fact = told.schema[name]
            edges = {
                near
                for table in tables
                for edge in thresholds(table.table, name)
                for near in (
                    math.nextafter(edge, -math.inf),
                    float(edge),
                    math.nextafter(edge, math.inf),
                )
            }
            low = -math.inf if fact.low is None else fact.low
            high = math.inf if fact.high is None else fact.high
            within = [edge for edge in sorted(edges) if low <= edge <= high]
            offered[name] = list(within) or [None]
    for values in itertools.product(*offered.values()):
        yield told.with_(**dict(zip(offered, values, strict=True)))
