"""Scores from 1 up: by a customer's place among others, or by given cut points.

Ties: equal values always get the same score. A customer's place is the share of
customers below it, those equal to it counting half (the midrank), so that neither
the order of customers nor the way ties are broken makes a difference; where all are
equal, all stand in the middle.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import attrs

from keyaccount.rules import Interval

from ._opinions import RfmMeasure
from ._policy import SegmentsPolicy


__all__ = ["Bounds", "Scores", "cut", "ranked"]


Bounds: TypeAlias = Mapping[RfmMeasure, tuple[float, float]]
"""Between which values each measure lies; the more, the better."""


@attrs.frozen
class Scores:
    """Between which scores a customer lies by each measure, both included."""

    recency: Interval
    frequency: Interval
    monetary: Interval


def ranked(customers: Sequence[Bounds], groups: int) -> tuple[Scores, ...]:
    """Score every customer among all, by every measure."""
    recency, frequency, monetary = (
        _ranked([bounds[measure] for bounds in customers], groups)
        for measure in RfmMeasure
    )
    return tuple(map(Scores, recency, frequency, monetary))


def _ranked(bounds: Sequence[tuple[float, float]], groups: int) -> list[Interval]:
    """Return the lowest and the highest score that the unknown values allow.

    The lowest is that of the own lowest value among the highest of the others.
    """
    lows, highs = sorted(low for low, _ in bounds), sorted(high for _, high in bounds)
    found: list[Interval] = []
    for low, high in bounds:
        is_open = low != high
        # twice the customers below, plus the equal ones, itself included
        least = bisect_left(highs, low) + bisect_right(highs, low) + is_open
        most = bisect_left(lows, high) + bisect_right(lows, high) - is_open
        whole = 2 * len(bounds)
        ends = (1 + groups * least // whole, 1 + groups * most // whole)
        found.append(Interval(*map(float, ends)))
    return found


def cut(bounds: Bounds, policy: SegmentsPolicy) -> Scores:
    """Score one customer by the policy's cut points; any score where it has none."""
    return Scores(*(_cut(measure, bounds, policy) for measure in RfmMeasure))


def _cut(measure: RfmMeasure, bounds: Bounds, policy: SegmentsPolicy) -> Interval:
    edges = policy.edges.get(measure)
    if edges is None:
        return Interval(1.0, float(policy.groups))
    low, high = bounds[measure]
    return Interval(
        float(1 + bisect_right(edges, low)), float(1 + bisect_right(edges, high))
    )
