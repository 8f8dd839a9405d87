"""Whose share and growth to read: each of few customers, of many those that count."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import attrs

from keyaccount import wire
from keyaccount.domain import ValueTier
from keyaccount.exceptions import Problems
from keyaccount.rules import Facts, PolicyRef, Reason, display
from keyaccount.tri import Tri

from ._facts import SCOPE_FACTS
from ._policy import GrowthPolicy, ScopeAnswer, default_policy
from ._telling import told


__all__ = ["AnalysisScope", "ScopeAnswer", "TierCount", "analysis_scope"]


@attrs.frozen
class TierCount:
    """How many customers stand on a tier (None: nobody knows), and what is said of it.

    Of several possible answers the tier decides, once it is known.
    """

    tier: ValueTier | None
    customers: int
    possible: tuple[ScopeAnswer, ...]


@attrs.frozen
class AnalysisScope(wire.Plain, display.Explained):
    """Whose share and growth to read, whose not, and who hangs on an unknown tier."""

    customers: tuple[str, ...]
    undecided: tuple[str, ...]
    left_out: tuple[str, ...]
    tiers: tuple[TierCount, ...]
    policy: PolicyRef

    def includes(self, customer_id: str) -> Tri:
        """Tell whether a customer is to be read; one that was not named is not."""
        return self._answers.get(customer_id, Tri.NO)

    @functools.cached_property
    def _answers(self) -> Mapping[str, Tri]:
        inside = dict.fromkeys(self.customers, Tri.YES)
        return MappingProxyType(inside | dict.fromkeys(self.undecided, Tri.UNKNOWN))

    @property
    def why(self) -> Reason:
        """The reasons, as a tree of codes and data."""
        inside, undecided = float(len(self.customers)), float(len(self.undecided))
        count = inside + undecided + len(self.left_out)
        data = ("count", count), ("got", inside), ("may", undecided)
        return Reason("scope-counted", data, tuple(map(_tier, self.tiers)))

    def explain(self, locale: str = "en") -> tuple[str, ...]:
        """Say the answer and its reasons in a language, a line each, indented."""
        questions = ("tier",) if self.undecided else ()
        return told(self.why, locale, {}, questions=questions)


def analysis_scope(
    tiers: Mapping[str, ValueTier | None], *, policy: GrowthPolicy | None = None
) -> AnalysisScope:
    """Choose whose share and growth to read: of few customers all (S3-33).

    Of many at least those on the tiers that count. Whoever's tier is not known, or
    not classified for want of data, is listed as undecided: neither read by a guess
    nor left out by one.

    >>> analysis_scope({"c1": ValueTier.GENERAL}).customers
    ('c1',)

    Args:
        tiers: the value tier of every customer, by id.
        policy: whose opinion; left out, the shipped one.

    Raises:
        InvalidValueError: a tier that is none.
    """
    policy = default_policy() if policy is None else policy
    problems = Problems()
    for slug, tier in tiers.items():
        if tier is not None:
            problems.is_a(f"tiers[{slug!r}]", tier, ValueTier, "a ValueTier or None")
    problems.check("growth")
    found: dict[str, tuple[ScopeAnswer, ...]] = {}
    known = {slug: _known(tier) for slug, tier in sorted(tiers.items())}
    for slug, tier in known.items():
        possible = policy.scope.possible(_facts(len(known), tier))
        found[slug] = tuple(map(ScopeAnswer, possible))
    counts = Counter(known.values())
    order = (*ValueTier, None)
    return AnalysisScope(
        customers=tuple(_answered(found, ScopeAnswer.IN_SCOPE)),
        undecided=tuple(slug for slug, answers in found.items() if len(answers) > 1),
        left_out=tuple(_answered(found, ScopeAnswer.OUT_OF_SCOPE)),
        tiers=tuple(
            TierCount(
                tier,
                counts[tier],
                next(found[slug] for slug, one in known.items() if one is tier),
            )
            for tier in order
            if tier in counts
        ),
        policy=policy.ref,
    )


def _known(tier: ValueTier | None) -> ValueTier | None:
    return None if tier is ValueTier.UNCLASSIFIED else tier


def _facts(count: int, tier: ValueTier | None) -> Facts:
    return SCOPE_FACTS.read({"customers": count, "tier": tier})


def _answered(
    found: Mapping[str, tuple[ScopeAnswer, ...]], wanted: ScopeAnswer
) -> Iterator[str]:
    return (slug for slug, answers in found.items() if answers == (wanted,))


def _tier(tier: TierCount) -> Reason:
    data: tuple[tuple[str, float | str], ...] = (
        ("count", float(tier.customers)),
        ("outcome", tier.possible[-1].value),
        ("answers", "scope-answer"),
    )
    if tier.tier is not None:
        data = (*data, ("row", tier.tier.value), ("table", "value-tier"))
        return Reason("scope-tier", data)
    is_open = len(tier.possible) > 1
    return Reason("scope-tier-open" if is_open else "scope-tier-unknown", data)
