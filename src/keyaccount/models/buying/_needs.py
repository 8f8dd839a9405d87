"""What kind of offer moves the customer, and how firmly that stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias, overload

import attrs

from keyaccount import wire
from keyaccount.domain import FactorWeights, NeedType
from keyaccount.rules import (
    Compiled,
    DecisionTable,
    Facts,
    Reason,
    Verdict,
    explain_table,
)
from keyaccount.tri import Tri

from ._answers import agreed, questions, ways
from ._facts import facts
from ._policy import BuyingPolicy, default_policy
from ._profile import ProfileVerdict
from ._sensitivity import sensitivity


__all__ = ["NeedVerdict", "Weighed", "need_type"]


Weighed: TypeAlias = FactorWeights | ProfileVerdict
"""What a customer weighs: bare weights, or what `profile` has found."""


@attrs.frozen(repr=False)
class NeedVerdict(wire.Plain, Verdict[NeedType]):
    """What kind of offer moves the customer.

    `by_weights` is what the weights say alone: it differs only where somebody has
    said that the customer needs a solution, or that nobody knows.
    """

    by_weights: tuple[NeedType, ...]
    solution_need: Tri | None = None


@overload
def need_type(
    weights: Weighed,
    *,
    solution_need: Tri | None = None,
    policy: BuyingPolicy | None = None,
) -> NeedVerdict: ...


@overload
def need_type(
    weights: Iterable[Weighed],
    *,
    solution_need: Tri | None = None,
    policy: BuyingPolicy | None = None,
) -> tuple[NeedVerdict, ...]: ...


def need_type(
    weights: Weighed | Iterable[Weighed],
    *,
    solution_need: Tri | None = None,
    policy: BuyingPolicy | None = None,
) -> NeedVerdict | tuple[NeedVerdict, ...]:
    """Tell what kind of offer moves a customer, or each of several (S2-5).

    The weights never make a customer solution-seeking: *solution_need* does (S0-5).
    Left out, the question is what the weights say; UNKNOWN says that nobody knows,
    and leaves the verdict open. Of a weight that is not known every whole per cent
    is tried.

    >>> weights = FactorWeights(relationship=25, price=60, innovation=15)
    >>> need_type(weights).value
    <NeedType.PRICE_SENSITIVE: 'price-sensitive'>
    """
    policy = default_policy() if policy is None else policy
    if isinstance(weights, FactorWeights | ProfileVerdict):
        return _need_type(weights, solution_need, policy)
    return tuple(_need_type(one, solution_need, policy) for one in weights)


def _need_type(
    given: Weighed, solution_need: Tri | None, policy: BuyingPolicy
) -> NeedVerdict:
    known = given if isinstance(given, ProfileVerdict) else None
    rivals = (given,) if isinstance(given, FactorWeights) else given.possible
    by_weights = _possible(policy.by_weights, rivals, Tri.UNKNOWN, policy)
    possible = by_weights
    if solution_need is not None:
        possible = _possible(policy.needs, rivals, solution_need, policy)
    evidence = NeedEvidence(policy, rivals, solution_need, possible, known)
    types = tuple(map(NeedType, possible))
    return NeedVerdict(
        value=types[0] if len(types) == 1 else None,
        possible=types,
        missing=() if len(types) == 1 else questions((evidence.table,), evidence.facts),
        flags=() if known is None else known.flags,
        policy=policy.ref,
        as_of=None if known is None else known.as_of,
        by_weights=tuple(map(NeedType, by_weights)),
        solution_need=solution_need,
        evidence=evidence,
    )


def _possible(
    table: Compiled,
    rivals: tuple[FactorWeights, ...],
    solution_need: Tri,
    policy: BuyingPolicy,
) -> tuple[str, ...]:
    """Return every outcome that some way of filling in the weights gives."""
    ties, found = policy.tie_order, set[str]()
    for way in ways(rivals):
        told = facts(way, ties=ties, solution_need=solution_need)
        found.update(table.possible(told))
    return tuple(outcome for outcome in table.table.outcomes if outcome in found)


@attrs.frozen
class NeedEvidence:
    """What a need verdict keeps to explain itself."""

    policy: BuyingPolicy
    rivals: tuple[FactorWeights, ...]
    solution_need: Tri | None
    possible: tuple[str, ...]
    known: ProfileVerdict | None

    @property
    def table(self) -> DecisionTable:
        """The table that was asked."""
        if self.solution_need is None:
            return self.policy.by_weights.table
        return self.policy.needs.table

    @property
    def facts(self) -> Facts:
        """What the table was asked about."""
        need = Tri.UNKNOWN if self.solution_need is None else self.solution_need
        weights, ties = agreed(self.rivals), self.policy.tie_order
        return facts(weights, ties=ties, solution_need=need)

    def reason(self) -> Reason:
        """Say the type, what each row says, and how far the weights may move."""
        why = explain_table(self.table, self.facts, self.possible)
        parts = list(why.because)
        weights = self.rivals[0]
        if len(self.rivals) == 1 and weights.is_complete:
            ranges = sensitivity(
                weights, solution_need=self.solution_need, policy=self.policy
            )
            parts.extend(part for span in ranges for part in span.reasons())
        if self.known is not None:
            parts.append(self.known.why)
        return attrs.evolve(why, because=tuple(parts))

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels
