"""Units of effort shared out by class: people, days or money (S2-1)."""

from __future__ import annotations

import datetime as dt
import decimal
import functools
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

import attrs

from keyaccount import wire
from keyaccount.domain import ValueTier
from keyaccount.exceptions import Problems
from keyaccount.rules import Missing, Reason, Verdict

from ._policy import AllocationPolicy, default_policy


__all__ = ["AllocationVerdict", "Share", "Shares", "allocate"]


@attrs.frozen
class Share:
    """What one customer gets, and the class that it gets it for.

    `is_open` says that its tier is not settled: it gets what its lowest possible
    class does.
    """

    id: str
    tier: ValueTier
    units: Decimal
    is_open: bool = False


@attrs.frozen
class Shares:
    """Everybody's share, who gets most first, and what nobody gets."""

    shares: tuple[Share, ...]
    rest: Decimal

    def of(self, customer_id: str) -> Decimal:
        """Return what one customer gets, 0 if it is not among them."""
        found = (share.units for share in self.shares if share.id == customer_id)
        return next(found, Decimal(0))

    def __str__(self) -> str:
        return f"{_total(self.shares):f} units over {len(self.shares)} customers"


_DIGITS = 100
_EXACT = decimal.Context(prec=2 * _DIGITS)  # so many before and after the point


def _total(shares: Iterable[Share]) -> Decimal:
    units = (share.units for share in shares)
    return functools.reduce(_EXACT.add, units, Decimal(0))


@attrs.frozen
class AllocationEvidence:
    """What an allocation keeps to explain itself."""

    policy: AllocationPolicy
    shares: Shares

    def reason(self) -> Reason:
        """Say what each class weighs and gets, and what nobody gets."""
        parts = []
        for tier in ValueTier:
            of_tier = [one for one in self.shares.shares if one.tier is tier]
            if not of_tier:
                continue
            data = (
                ("outcome", tier.value),
                ("answers", "value-tier"),
                ("customers", str(len(of_tier))),
                ("weight", str(self.policy.weights[tier])),
                ("units", f"{_total(of_tier):f}"),
            )
            parts.append(Reason("allocated-tier", data))
        open_ones = [one.id for one in self.shares.shares if one.is_open]
        if open_ones:
            told = (("count", str(len(open_ones))), ("ids", ", ".join(open_ones)))
            parts.append(Reason("allocated-open", told))
        if self.shares.rest:
            parts.append(
                Reason("allocated-rest", (("units", f"{self.shares.rest:f}"),))
            )
        units, customers = _total(self.shares.shares), len(self.shares.shares)
        whole = (("units", f"{units:f}"), ("customers", str(customers)))
        return Reason("allocated", whole, tuple(parts))

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels


@attrs.frozen(repr=False)
class AllocationVerdict(wire.Plain, Verdict[Shares]):
    """Who gets how much; `missing` asks for the tiers that are not settled."""


_NONE: Mapping[str, tuple[ValueTier, ...]] = MappingProxyType({})


def allocate(  # noqa: PLR0913 - what effort is shared out by, all by name
    tiers: Mapping[str, ValueTier | None],
    units: Decimal | int,
    *,
    possible: Mapping[str, tuple[ValueTier, ...]] = _NONE,
    step: Decimal | int = 1,
    as_of: dt.date | None = None,
    policy: AllocationPolicy | None = None,
) -> AllocationVerdict:
    """Share units out so that each customer gets by the weight of its class (S2-1).

    A customer's quota is `units × weight ÷ Σ weights`. Quotas are cut down to whole
    steps; what is left goes, a step each, to the largest remainders, among equals to
    the higher class, then by id. So all units are given, nobody of a lower rung gets
    more than anybody of a higher one, and the order of the customers changes nothing.
    It knows nothing of what a customer needs: start from it, do not end there.

    Args:
        tiers: the tier of each customer by its id; None where it is not settled.
        units: what there is to give: people, days, money.
        possible: what an unsettled tier may be; it gets the least of these, of all
            rungs where nothing is said. Who stands here only is not settled.
        step: what cannot be divided further, 0.5 for half days.
        as_of: the day that the verdict bears.
        policy: your own weights.

    Raises:
        InvalidValueError: units below 0 or no whole number of steps; a step of 0; a
            number of more than a hundred digits.
    """
    rules = policy or default_policy()
    whole = _steps(units, step)
    found: list[tuple[str, ValueTier, bool]] = []
    for slug in sorted({*tiers, *possible}):
        tier = tiers.get(slug)
        lowest = tier or _lowest(possible.get(slug, ()), rules)
        found.append((slug, lowest, tier is None))
    counts = _largest_remainders(
        whole, {slug: (rules.weights[tier], tier.rank) for slug, tier, _ in found}
    )
    size = Decimal(step)
    shares = [
        Share(slug, tier, _EXACT.multiply(Decimal(counts[slug]), size), is_open)
        for slug, tier, is_open in found
    ]
    shares.sort(key=lambda share: (-share.units, share.tier.rank, share.id))
    rest = _EXACT.multiply(Decimal(whole - sum(counts.values())), size)
    given = Shares(tuple(shares), rest)
    is_open = any(share.is_open for share in shares)
    flags = (
        *(("allocated-at-lowest",) if is_open else ()),
        *(("nobody-to-give-to",) if rest else ()),
    )
    return AllocationVerdict(
        given,
        (given,),
        (Missing("tier", "tier"),) if is_open else (),
        flags,
        rules.ref,
        as_of,
        evidence=AllocationEvidence(rules, given),
    )


def _steps(units: Decimal | int, step: Decimal | int) -> int:
    problems = Problems()
    _check(problems, "units", units, "0 or more")
    _check(problems, "step", step, "above 0")
    problems.check("allocate")
    steps = Fraction(units) / Fraction(step)
    if steps.denominator != 1:
        problems.add("units", "out-of-range", units, f"a whole number of {step}")
    problems.check("allocate")
    return int(steps)


def _check(problems: Problems, name: str, value: object, wanted: str) -> None:
    if not isinstance(value, Decimal | int):
        problems.add(name, "wrong-type", value, "a Decimal or a whole number")
    elif not _is_sound(Decimal(value)) or (name == "step" and value == 0):
        short = f"{wanted}, at most {_DIGITS} digits"
        problems.add(name, "out-of-range", value, short)


def _is_sound(value: Decimal) -> bool:
    """Whether a number is not negative, and short enough to be divided exactly."""
    if not value.is_finite() or value < 0:
        return False
    _, digits, exponent = value.as_tuple()
    return int(exponent) >= -_DIGITS and len(digits) + int(exponent) <= _DIGITS


def _lowest(possible: tuple[ValueTier, ...], policy: AllocationPolicy) -> ValueTier:
    """Return the class that gets least of those that a customer may belong to."""
    offered = possible or tuple(tier for tier in ValueTier if tier.is_rung)
    return min(offered, key=lambda tier: (policy.weights[tier], -tier.rank))


def _largest_remainders(
    units: int, weights: Mapping[str, tuple[int, int]]
) -> dict[str, int]:
    """Divide whole units by weight; a rank breaks the tie of equal remainders."""
    total = sum(weight for weight, _ in weights.values())
    if total == 0:
        return dict.fromkeys(weights, 0)
    counts: dict[str, int] = {}
    left: dict[str, int] = {}
    for slug, (weight, _) in weights.items():
        counts[slug], left[slug] = divmod(units * weight, total)
    missing = units - sum(counts.values())
    order = sorted(weights, key=lambda slug: (-left[slug], weights[slug][1], slug))
    for slug in order[:missing]:
        counts[slug] += 1
    return counts
