"""What stands beside a customer: debts, name, will, outlook, its tier so far."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

import attrs

from keyaccount.tri import Tri

from ._checks import FIRST_YEAR, LAST_YEAR, Checks
from ._conversions import decimal_of, gathered, known_decimal_of
from ._vocabulary import StrategicIntentKind, ValueTier


__all__ = [
    "Cooperation",
    "Outlook",
    "Receivables",
    "Standing",
    "TierOverride",
    "TierRecord",
]


_MAX_COUNT = 1000


@attrs.frozen
class Receivables:
    """What a customer owes on one day, in the customer's currency.

    `overdue_90` is the part that is more than 90 days late, None if not known.
    """

    as_of: dt.date
    total: Decimal = attrs.field(converter=known_decimal_of)
    overdue_90: Decimal | None = attrs.field(default=None, converter=decimal_of)

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.day("as_of", self.as_of)
        total = checks.number("total", self.total, 0)
        overdue = checks.number("overdue_90", self.overdue_90, 0, optional=True)
        if (
            total
            and overdue
            and self.overdue_90 is not None
            and self.overdue_90 > self.total
        ):
            wanted = f"at most the total, {self.total}"
            checks.add("overdue_90", "contradiction", self.overdue_90, wanted)
        checks.check("Receivables")


@attrs.frozen
class Standing:
    """Whether the customer harms our name (S3-21), and whether we are in dispute."""

    reputation_harm: Tri = Tri.UNKNOWN
    dispute: Tri = Tri.UNKNOWN

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.tri("reputation_harm", self.reputation_harm)
        checks.tri("dispute", self.dispute)
        checks.check("Standing")


@attrs.frozen
class Outlook:
    """What a customer promises that we do not sell to yet, or hardly (S3-22).

    `industry_influence` and `closing_potential` are marks from 0 to 100.
    """

    industry_influence: Decimal | None = attrs.field(default=None, converter=decimal_of)
    closing_potential: Decimal | None = attrs.field(default=None, converter=decimal_of)

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.number(
            "industry_influence", self.industry_influence, 0, 100, optional=True
        )
        checks.number(
            "closing_potential", self.closing_potential, 0, 100, optional=True
        )
        checks.check("Outlook")


def _names(names: Iterable[str] | None) -> frozenset[str] | None:
    return None if names is None else gathered(names)


def _intents(
    intents: Iterable[StrategicIntentKind] | None,
) -> frozenset[StrategicIntentKind] | None:
    return None if intents is None else gathered(intents)


@attrs.frozen
class Cooperation:
    """What a customer wants from us, and whether it works with us (S0-5 to S0-7).

    A set that is None is not known; an empty one is known to be empty.
    """

    service_lines: frozenset[str] | None = attrs.field(default=None, converter=_names)
    customised: Tri = Tri.UNKNOWN
    executives_meet_ours: Tri = Tri.UNKNOWN
    commits_resources: Tri = Tri.UNKNOWN
    intents_served: frozenset[StrategicIntentKind] | None = attrs.field(
        default=None, converter=_intents
    )

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.identifiers("service_lines", self.service_lines, optional=True)
        checks.tri("customised", self.customised)
        checks.tri("executives_meet_ours", self.executives_meet_ours)
        checks.tri("commits_resources", self.commits_resources)
        checks.members(
            "intents_served", self.intents_served, StrategicIntentKind, optional=True
        )
        checks.check("Cooperation")


@attrs.frozen
class TierOverride:
    """A tier that somebody has set by hand: why, who, and until when."""

    tier: ValueTier
    reason: str
    by: str
    until: dt.date

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.choice("tier", self.tier, ValueTier)
        checks.text("reason", self.reason)
        checks.text("by", self.by)
        checks.day("until", self.until)
        checks.check("TierOverride")


@attrs.frozen
class TierRecord:
    """Where the last review left a customer.

    `strikes` counts reviews in a row below the rung, `struck_in` is the fiscal year
    of the last strike; `clean` counts reviews in a row without a problem. The rung
    stays underneath while the customer is a problem.
    """

    rung: ValueTier
    reviewed_on: dt.date
    strikes: int = attrs.field(default=0, kw_only=True)
    struck_in: int | None = attrs.field(default=None, kw_only=True)
    problem: bool = attrs.field(default=False, kw_only=True)
    clean: int = attrs.field(default=0, kw_only=True)
    override: TierOverride | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.choice("rung", self.rung, ValueTier)
        if self.rung is ValueTier.PROBLEM:
            wanted = "give the rung underneath and say problem=True"
            checks.add("rung", "contradiction", self.rung, wanted)
        checks.day("reviewed_on", self.reviewed_on)
        struck = checks.whole("strikes", self.strikes, 0, _MAX_COUNT)
        checks.whole("struck_in", self.struck_in, FIRST_YEAR, LAST_YEAR, optional=True)
        if struck and self.strikes > 0 and self.struck_in is None:
            checks.add("struck_in", "missing", None, "the year of the last strike")
        checks.flag("problem", self.problem)
        checks.whole("clean", self.clean, 0, _MAX_COUNT)
        checks.instance("override", self.override, TierOverride, optional=True)
        checks.check("TierRecord")
