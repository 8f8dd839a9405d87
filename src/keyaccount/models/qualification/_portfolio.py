"""How many of the deals that we follow are no opportunities at all?"""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from keyaccount.domain import GateResult
from keyaccount.rules import Interval

from ._verdict import DealVerdict


__all__ = ["HollowShare", "hollow_share"]


@attrs.frozen
class HollowShare:
    """Which share of the open deals fails the first gate, as bounds (S1-9e).

    `count` is how many open deals there are, `failing` how many surely fail, `waiting`
    how many may fail once more is known of them. Of no deals at all the share is
    anything from 0 to 1.
    """

    share: Interval
    count: int
    failing: int
    waiting: int


def hollow_share(verdicts: Iterable[DealVerdict]) -> HollowShare:
    """Measure how much of the pipeline is only talk: whoever follows it all wastes it.

    Deals that have ended, won or not, are left out.

    >>> hollow_share([]).share
    Interval(low=0.0, high=1.0)
    """
    count = failing = waiting = 0
    for verdict in verdicts:
        if verdict.outcome is not None:
            continue
        count += 1
        possible = verdict.gates[0].possible
        if possible == (GateResult.FAIL,):
            failing += 1
        elif GateResult.FAIL in possible:
            waiting += 1
    if not count:
        return HollowShare(Interval(0.0, 1.0), 0, 0, 0)
    share = Interval(failing / count, (failing + waiting) / count)
    return HollowShare(share, count, failing, waiting)
