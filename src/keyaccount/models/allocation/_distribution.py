"""Whether the tiers of a portfolio look sane (S3-19)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import attrs

from keyaccount import wire
from keyaccount.domain import ValueTier
from keyaccount.rules import Interval, Missing, Reason, Verdict
from keyaccount.tri import Tri

from ._facts import DISTRIBUTION_FACTS, Shape
from ._policy import AllocationPolicy, default_policy
from ._spans import Spans


__all__ = ["DistributionVerdict", "distribution"]


@attrs.frozen
class DistributionEvidence:
    """What a look at a distribution keeps to explain itself."""

    policy: AllocationPolicy
    spans: Spans
    counts: tuple[tuple[ValueTier, int], ...]
    unsettled: int
    possible: tuple[Shape, ...]

    def reason(self) -> Reason:
        """Say how many there are of each tier, and which rows find it odd."""
        parts = [
            Reason(
                "tier-distribution-count",
                (
                    ("outcome", tier.value),
                    ("answers", "value-tier"),
                    ("count", str(count)),
                ),
            )
            for tier, count in self.counts
        ]
        if self.unsettled:
            told = (("count", str(self.unsettled)),)
            parts.append(Reason("tier-distribution-unsettled", told))
        table = self.policy.sanity
        if table is not None:
            said = self.spans.explain(table)
            parts += [part for part in said if part.code != "row-fails"]
        answer = (("outcome", self.possible[0].value), ("answers", "tier-shape"))
        is_settled = len(self.possible) == 1
        code = "tier-distribution" if is_settled else "tier-distribution-open"
        return Reason(code, answer, tuple(parts))

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels


@attrs.frozen(repr=False)
class DistributionVerdict(wire.Plain, Verdict[Shape]):
    """Whether a distribution is sound or odd; the flags say what is odd about it.

    `perhaps` are the flags that depend on tiers which are not settled; `counts` are
    the settled ones, `unsettled` how many are not.
    """

    counts: tuple[tuple[ValueTier, int], ...]
    unsettled: int = 0
    perhaps: tuple[str, ...] = ()


_KEY = frozenset({ValueTier.DIAMOND, ValueTier.GOLD, ValueTier.STRATEGIC})
_FOLLOWERS = frozenset({ValueTier.POTENTIAL, ValueTier.GENERAL})


def distribution(
    tiers: Mapping[str, ValueTier | None],
    *,
    as_of: dt.date | None = None,
    policy: AllocationPolicy | None = None,
) -> DistributionVerdict:
    """Say whether the tiers of a portfolio look as those of a firm do (S3-19).

    A distribution that looks odd is no mistake of anybody's: it asks whether the
    amounts fit the firm. A tier that is not settled (None) may be any rung.

    Args:
        tiers: the effective tier of each customer that trades, by its id.
        as_of: the day that the verdict bears.
        policy: your own limits.
    """
    rules = policy or default_policy()
    settled = [tier for tier in tiers.values() if tier is not None]
    unsettled = len(tiers) - len(settled)
    spans = Spans(DISTRIBUTION_FACTS, _bounds(settled, unsettled))
    rows = () if rules.sanity is None else rules.sanity.rows
    flags = tuple(dict.fromkeys(spans.fired(rows, Tri.YES)))
    open_ones = dict.fromkeys(spans.fired(rows, Tri.UNKNOWN))
    perhaps = tuple(flag for flag in open_ones if flag not in flags)
    possible = _possible(flags, perhaps)
    counts = tuple((tier, settled.count(tier)) for tier in ValueTier)
    told = tuple((tier, count) for tier, count in counts if count)
    return DistributionVerdict(
        possible[0] if len(possible) == 1 else None,
        possible,
        (Missing("tier", "tier"),) if perhaps else (),
        flags,
        rules.ref,
        as_of,
        counts=told,
        unsettled=unsettled,
        perhaps=perhaps,
        evidence=DistributionEvidence(rules, spans, told, unsettled, possible),
    )


def _possible(flags: tuple[str, ...], perhaps: tuple[str, ...]) -> tuple[Shape, ...]:
    if flags:
        return (Shape.ODD,)
    return (Shape.ODD, Shape.SOUND) if perhaps else (Shape.SOUND,)


def _bounds(settled: Iterable[ValueTier], unsettled: int) -> dict[str, Interval]:
    """Count; whoever is not settled may stand on any rung."""
    found = tuple(settled)
    total = len(found) + unsettled

    def among(kinds: Iterable[ValueTier], more: int) -> Interval:
        least = sum(tier in kinds for tier in found)
        return Interval(float(least), float(least + more))

    def share(kinds: Iterable[ValueTier], more: int) -> Interval:
        span = among(kinds, more)
        return Interval(span.low / total, span.high / total) if total else _NOBODY

    return {
        "customers": Interval(float(total), float(total)),
        "diamonds": among({ValueTier.DIAMOND}, unsettled),
        "key_accounts": among(_KEY, unsettled),
        "followers": among(_FOLLOWERS, unsettled),
        "key_share": share(_KEY, unsettled),
        "problem_share": share({ValueTier.PROBLEM}, unsettled),
        "unclassified_share": share({ValueTier.UNCLASSIFIED}, unsettled),
    }


_NOBODY = Interval(0.0, 0.0)
