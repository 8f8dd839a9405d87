"""What gates may say, the worst first, and what four of them come to together."""

from __future__ import annotations

import functools
import itertools
from typing import NamedTuple, TypeAlias

from keyaccount.domain import Decision, GateId, GateResult


__all__ = [
    "DECISIONS",
    "FAIL",
    "GATES",
    "HOLD",
    "PASS",
    "RESULTS",
    "Ranks",
    "Reach",
    "decide",
    "decide_alone",
    "reach",
    "worst_of",
]


RESULTS = (
    GateResult.FAIL,
    GateResult.HOLD,
    GateResult.REVIEW,
    GateResult.LIMITED,
    GateResult.PASS,
)
"""The worst first; a rank is a place in this list."""

DECISIONS = (
    Decision.NOT_AN_OPPORTUNITY,
    Decision.NO_BID,
    Decision.NOT_WORTH,
    Decision.HOLD,
    Decision.REVIEW,
    Decision.LIMITED,
    Decision.PURSUE,
)
"""The worst first: what must not be done, before what waits, before what may be."""

GATES = tuple(GateId)
FAIL, HOLD, PASS = 0, 1, len(RESULTS) - 1

Ranks: TypeAlias = tuple[int, ...]
"""What a gate may say, the worst first."""

_FAILED = (
    Decision.NOT_AN_OPPORTUNITY,
    Decision.NO_BID,
    Decision.NO_BID,
    Decision.NOT_WORTH,
)
_LED_TO = (
    Decision.NO_BID,  # never read: which gate failed says more
    Decision.HOLD,
    Decision.REVIEW,
    Decision.LIMITED,
    Decision.PURSUE,
)


class Reach(NamedTuple):
    """The decisions that four gates may come to, and which gates make a difference."""

    decisions: tuple[Decision, ...]
    telling: tuple[bool, ...]


def decide(ranks: Ranks) -> Decision:
    """Return the worst of the gates; of those that fail, the earliest (S1-13)."""
    worst = min(ranks)
    return decide_alone(ranks.index(worst), worst)


def decide_alone(gate: int, rank: int) -> Decision:
    """Return what one gate would decide if all the others were passed."""
    return _FAILED[gate] if rank == FAIL else _LED_TO[rank]


_MOST = 100 * 100  # combinations remembered


@functools.lru_cache(_MOST)
def reach(gates: tuple[Ranks, ...]) -> Reach:
    """Try every way in which the gates may turn out; they do not hang together."""
    found = {ranks: decide(ranks) for ranks in itertools.product(*gates)}
    reached = set(found.values())
    telling = []
    for at, possible in enumerate(gates):
        apart: dict[Ranks, set[Decision]] = {}
        for ranks, decision in found.items():
            rest = (*ranks[:at], *ranks[at + 1 :])
            apart.setdefault(rest, set()).add(decision)
        is_telling = any(len(each) > 1 for each in apart.values())
        telling.append(len(possible) > 1 and is_telling)
    return Reach(tuple(one for one in DECISIONS if one in reached), tuple(telling))


@functools.lru_cache(_MOST)
def worst_of(left: Ranks, right: Ranks) -> Ranks:
    """Return what the worse of two answers may be, if they do not hang together."""
    return tuple(sorted({min(pair) for pair in itertools.product(left, right)}))
