"""From weights, an emphasis and a profile to the facts that buying judges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TypeAlias

from keyaccount.domain import BuyingFactor, FactorWeights, ProfileLevel
from keyaccount.rules import Fact, Facts, FactSchema
from keyaccount.tri import Tri


__all__ = [
    "FACTS",
    "Given",
    "Shares",
    "each_way",
    "facts",
    "mismatch",
    "ranking",
    "share_facts",
    "weight_fact",
]


Shares: TypeAlias = Mapping[BuyingFactor, int | Fraction]
"""What every factor weighs, in per cents that add up to 100."""

Given: TypeAlias = dict[str, object]

WHOLE = 100


def weight_fact(factor: BuyingFactor) -> str:
    """Return the name of the fact that says what the factor weighs."""
    return f"{factor.value}_weight"


def _weights(ending: str, *, movable: bool) -> tuple[Fact, ...]:
    return tuple(
        Fact.number(
            factor.value + ending, unit="percent", low=0, high=WHOLE, movable=movable
        )
        for factor in BuyingFactor
    )


def _tops(ending: str) -> tuple[Fact, ...]:
    return tuple(Fact.yes_no(factor.value + ending) for factor in BuyingFactor)


FACTS = FactSchema(
    (
        *_weights("_weight", movable=False),
        *_tops("_on_top"),
        *_weights("_emphasis", movable=True),
        *_tops("_emphasis_on_top"),
        Fact.number("mismatch", unit="percent", low=0, high=WHOLE),
        Fact.yes_no("solution_need"),
        Fact.choice("profile_level", tuple(level.value for level in ProfileLevel)),
        Fact.number("profile_age", unit="days", low=0),
    )
)
"""What the customer weighs, what we stress, and how good our knowledge is.

Exactly one factor is on top; where two weigh the same, the policy's `ties` say
which. Weights are whole per cents, so that every comparison is exact.
"""


def facts(  # noqa: PLR0913 - each is one thing that may be known
    weights: FactorWeights | None = None,
    *,
    ties: Sequence[BuyingFactor],
    emphasis: FactorWeights | None = None,
    solution_need: Tri = Tri.UNKNOWN,
    level: ProfileLevel | None = None,
    age_days: int | None = None,
) -> Facts:
    """Bring what is known about a purchase through the door.

    A weight that is not known is an unknown fact; whether a factor is on top is
    known as soon as every way of filling in the weights agrees.
    """
    given: Given = {"solution_need": solution_need}
    if weights is not None:
        given |= _weighed(weights, ties, "_weight", "_on_top")
    if emphasis is not None:
        given |= _weighed(emphasis, ties, "_emphasis", "_emphasis_on_top")
    if weights is not None and emphasis is not None:
        low, high = mismatch(emphasis, weights)
        given["mismatch"] = low if low == high else None
    if level is not None:
        given["profile_level"] = level
    given["profile_age"] = age_days
    return FACTS.read(given)


def share_facts(
    shares: Shares, ties: Sequence[BuyingFactor], solution_need: Tri
) -> Facts:
    """Bring weights that are no whole per cents through the door, to try them out."""
    top = ranking(shares, ties)[0]
    given: Given = {"solution_need": solution_need}
    for factor, share in shares.items():
        given[weight_fact(factor)] = float(share)
        given[f"{factor.value}_on_top"] = factor is top
    return FACTS.read(given)


def ranking(shares: Shares, ties: Sequence[BuyingFactor]) -> tuple[BuyingFactor, ...]:
    """Return the factors, the heaviest first (S3-25)."""
    return tuple(sorted(ties, key=lambda factor: -shares[factor]))


def each_way(weights: FactorWeights) -> tuple[FactorWeights, ...]:
    """Return every way of filling in the weights; itself if nothing is known of them.

    Where nothing is known the rails answer; to try 5,151 ways would tell no more.
    """
    return (weights,) if weights.is_unknown else tuple(weights.completions())


def mismatch(emphasis: FactorWeights, weights: FactorWeights) -> tuple[int, int]:
    """Return the least and the greatest ½Σ|e − f|, in whole per cents (S3-28).

    Both add up to 100, so what is stressed too much is half of what differs.
    """
    stressed = _known(emphasis)
    if weights.is_unknown:
        return 0, WHOLE - min(stressed.values())
    found = [_surplus(stressed, _known(way)) for way in weights.completions()]
    return min(found), max(found)


def _surplus(stressed: Mapping[BuyingFactor, int], asked: Shares) -> int:
    return sum(
        max(0, int(weight - asked[factor])) for factor, weight in stressed.items()
    )


def _known(weights: FactorWeights) -> dict[BuyingFactor, int]:
    return {factor: weight for factor, weight in weights.items() if weight is not None}


def _weighed(
    weights: FactorWeights, ties: Sequence[BuyingFactor], weight: str, on_top: str
) -> Given:
    given: Given = {factor.value + weight: known for factor, known in weights.items()}
    if not weights.is_unknown:
        ways = weights.completions()
        tops = {ranking(_known(way), ties)[0] for way in ways}
        for factor in BuyingFactor:
            is_sure = factor not in tops or len(tops) == 1
            answer = Tri.of(factor in tops) if is_sure else Tri.UNKNOWN
            given[factor.value + on_top] = answer
    return given
