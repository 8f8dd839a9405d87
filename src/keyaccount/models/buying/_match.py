"""Do we stress what the customer weighs, or put our force into the wrong place?"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Mapping
from typing import TypeAlias, overload

import attrs

from keyaccount import wire
from keyaccount.domain import (
    Aim,
    AimMistake,
    BuyingFactor,
    BuyingFactorProfile,
    FactorWeights,
    ProfileLevel,
    Trust,
)
from keyaccount.exceptions import Problems
from keyaccount.rules import (
    Facts,
    Found,
    Interval,
    Reason,
    Verdict,
    explain_rows,
    explain_table,
)

from ._answers import agreed, factor_data, questions, ways
from ._facts import WHOLE, facts, mismatch
from ._policy import BuyingPolicy, default_policy
from ._profile import ProfileVerdict, verdict_on


__all__ = ["MatchVerdict", "match"]


Customer: TypeAlias = FactorWeights | BuyingFactorProfile | ProfileVerdict
"""What a customer weighs: bare weights, one profile, or what `profile` has found."""


@attrs.frozen(repr=False)
class MatchVerdict(wire.Plain, Verdict[Aim]):
    """Whether we aim at what the customer weighs.

    `mismatch` is ½Σ|e − f|, from 0 to 1, as bounds. `mistakes` have a name and are
    surely made, `possible_mistakes` perhaps; even a good aim on the whole may hold
    one. `level` and `trust` tell whose weights they are; None for bare weights.
    """

    mismatch: Interval
    mistakes: tuple[AimMistake, ...] = ()
    possible_mistakes: tuple[AimMistake, ...] = ()
    level: ProfileLevel | None = None
    trust: Trust | None = None

    def _extras(self) -> tuple[str, ...]:
        low, high = self.mismatch.low, self.mismatch.high
        span = f"{low:.2f}" if self.mismatch.is_exact else f"{low:.2f}…{high:.2f}"
        return f"mismatch {span}", *(mistake.value for mistake in self.mistakes)


@overload
def match(
    emphasis: FactorWeights,
    customer: Customer,
    *,
    as_of: dt.date,
    policy: BuyingPolicy | None = None,
) -> MatchVerdict: ...


@overload
def match(
    emphasis: FactorWeights,
    customer: Iterable[Customer],
    *,
    as_of: dt.date,
    policy: BuyingPolicy | None = None,
) -> tuple[MatchVerdict, ...]: ...


def match(
    emphasis: FactorWeights,
    customer: Customer | Iterable[Customer],
    *,
    as_of: dt.date,
    policy: BuyingPolicy | None = None,
) -> MatchVerdict | tuple[MatchVerdict, ...]:
    """Compare what we stress with what a customer weighs, or each of several.

    The mismatch is ½Σ|e − f|: the share of our emphasis that would have to move
    (S3-28). It is worked out in whole per cents, so that 30 % is 30 %.

    >>> emphasis = FactorWeights(relationship=20, price=60, innovation=20)
    >>> weights = FactorWeights(relationship=55, price=15, innovation=30)
    >>> match(emphasis, weights, as_of=dt.date(2025, 12, 31)).mistakes[0].value
    'price-fight-on-insensitive'

    Raises:
        InvalidValueError: we do not know what we stress ourselves, or a profile was
            observed after *as_of*.
    """
    policy = default_policy() if policy is None else policy
    problems = Problems()
    for factor, weight in emphasis.items():
        if weight is None:
            wanted = "a weight: what we stress is ours to say"
            problems.add(f"emphasis.{factor.value}", "missing", None, wanted)
    problems.check("match")
    if isinstance(customer, FactorWeights | BuyingFactorProfile | ProfileVerdict):
        return _match(emphasis, customer, as_of, policy)
    return tuple(_match(emphasis, one, as_of, policy) for one in customer)


def _match(
    emphasis: FactorWeights, customer: Customer, as_of: dt.date, policy: BuyingPolicy
) -> MatchVerdict:
    known = None
    if isinstance(customer, FactorWeights):
        rivals: tuple[FactorWeights, ...] = (customer,)
    else:
        known = _judged(customer, as_of, policy)
        rivals = known.possible
    evidence = MatchEvidence(policy, emphasis, rivals, known)
    aims = evidence.aims
    found = evidence.mistakes
    is_open = len(aims) > 1 or found.certain != found.possible
    tables = policy.aims.table, policy.mistakes.table
    return MatchVerdict(
        value=Aim(aims[0]) if len(aims) == 1 else None,
        possible=tuple(map(Aim, aims)),
        missing=questions(tables, evidence.facts) if is_open else (),
        flags=() if known is None else known.flags,
        policy=policy.ref,
        as_of=as_of,
        mismatch=evidence.mismatch,
        mistakes=tuple(map(AimMistake, found.certain)),
        possible_mistakes=tuple(map(AimMistake, found.possible)),
        level=None if known is None else known.level,
        trust=None if known is None else known.trust,
        evidence=evidence,
    )


def _judged(
    customer: BuyingFactorProfile | ProfileVerdict,
    as_of: dt.date,
    policy: BuyingPolicy,
) -> ProfileVerdict:
    fresher = None
    if isinstance(customer, ProfileVerdict):
        if customer.profile is None or customer.as_of == as_of:
            return customer
        fresher, customer = customer.fresher, customer.profile  # found on another day
    problems = Problems()
    if customer.observed_on > as_of:
        on = customer.observed_on.isoformat()
        wanted = f"nobody knew that on {as_of}: give a later as_of"
        problems.add("customer.observed_on", "contradiction", on, wanted)
    problems.check("match")
    return verdict_on((customer,), as_of=as_of, policy=policy, fresher=fresher)


@attrs.frozen
class MatchEvidence:
    """What a match keeps to explain itself."""

    policy: BuyingPolicy
    emphasis: FactorWeights
    rivals: tuple[FactorWeights, ...]
    known: ProfileVerdict | None

    @property
    def facts(self) -> Facts:
        """What is known for sure of emphasis and weights."""
        ties = self.policy.tie_order
        return facts(agreed(self.rivals), emphasis=self.emphasis, ties=ties)

    @functools.cached_property
    def each(self) -> tuple[Facts, ...]:
        """The facts of every way of filling in what is not known."""
        emphasis, ties = self.emphasis, self.policy.tie_order
        return tuple(
            facts(way, emphasis=emphasis, ties=ties) for way in ways(self.rivals)
        )

    @property
    def aims(self) -> tuple[str, ...]:
        """The possible aims, lowest first."""
        table = self.policy.aims
        found = {aim for told in self.each for aim in table.possible(told)}
        return tuple(aim for aim in table.table.outcomes if aim in found)

    @property
    def mistakes(self) -> Found:
        """The mistakes that are surely made, and those that perhaps are."""
        found = [self.policy.mistakes.collect(told) for told in self.each]
        outcomes = self.policy.mistakes.table.outcomes
        return Found(
            tuple(one for one in outcomes if all(one in way.certain for way in found)),
            tuple(one for one in outcomes if any(one in way.possible for way in found)),
        )

    @property
    def mismatch(self) -> Interval:
        """The least and the greatest mismatch, from 0 to 1."""
        found = [mismatch(self.emphasis, weights) for weights in self.rivals]
        low, high = min(low for low, _ in found), max(high for _, high in found)
        return Interval(low / WHOLE, high / WHOLE)

    def reason(self) -> Reason:
        """Say the aim, factor by factor, the mistakes, and whose weights these are."""
        told, weights = self.facts, agreed(self.rivals)
        parts = [
            _shift(factor, stressed, weights.of(factor))
            for factor, stressed in self.emphasis.items()
            if stressed is not None
        ]
        parts.append(explain_table(self.policy.aims.table, told, self.aims))
        parts.extend(self._mistakes(told))
        if self.known is not None:
            parts.append(self.known.why)
        bounds = self.mismatch
        if bounds.is_exact:
            data: tuple[tuple[str, float | str], ...] = (("got", bounds.low),)
            return Reason("mismatch", (("unit", "share"), *data), tuple(parts))
        data = (("low", bounds.low), ("high", bounds.high))
        return Reason("mismatch-open", (("unit", "share"), *data), tuple(parts))

    def _mistakes(self, told: Facts) -> tuple[Reason, ...]:
        """Say of every mistake that is made, or may be, why."""
        found, table = self.mistakes, self.policy.mistakes.table
        parts = []
        for part in explain_rows(table, told):
            outcome = part.get("outcome")
            if outcome in found.possible:
                is_sure = outcome in found.certain
                code = "mistake-made" if is_sure else "mistake-open"
                parts.append(attrs.evolve(part, code=code))
        return tuple(parts)

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels


def _shift(factor: BuyingFactor, stressed: int, asked: int | None) -> Reason:
    """Say of one factor whether we stress it more or less than it weighs."""
    data = (*factor_data(factor), ("unit", "percent"), ("got", float(stressed)))
    if asked is None:
        return Reason("stress-open", data)
    code = "stress-right"
    if stressed != asked:
        code = "stress-too-much" if stressed > asked else "stress-too-little"
    return Reason(code, (*data, ("needed", float(asked))))
