"""What it would take: the least levels to raise, and whether the term must move."""

from __future__ import annotations

from keyaccount.rules import Facts
from keyaccount.tri import Tri

from ._facts import DEMANDS, TERM, levels_of, our_fact, with_
from ._judge import Judged, judge
from ._policy import FitPolicy
from ._verdict import DemandGap, FitGap, FitPart


__all__ = ["closing", "demand_gaps"]


def demand_gaps(given: Facts) -> tuple[DemandGap, ...]:
    """Return the demands that we surely fall short of."""
    found = []
    for demand in DEMANDS:
        required, ours = levels_of(given, demand)
        if required is not None and ours is not None and required > ours:
            found.append(DemandGap(demand, required, ours))
    return tuple(found)


def closing(judged: Judged, policy: FitPolicy) -> tuple[FitGap, ...]:
    """Return a least set of changes after which nothing known forbids the fit.

    Everything that we can change is changed, and then taken back as far as it goes:
    the term first, then the widest gaps. Nothing where nothing forbids the fit, or
    where all of it together would not help.
    """
    given = judged.facts
    gaps = demand_gaps(given)
    raised = {our_fact(gap.demand): float(gap.required) for gap in gaps}
    moved = with_(given, **raised)
    if given[TERM] is Tri.NO:
        moved = with_(moved, **{TERM: Tri.YES})
    if _is_open(judged) or not _may_fit(moved, policy):
        return ()
    kept = with_(moved, **{TERM: given[TERM]})
    if _may_fit(kept, policy):
        moved = kept
    for gap in sorted(gaps, key=lambda gap: -gap.size):
        moved = _lowered(moved, gap, policy)
    return _changes(given, moved)


def _may_fit(given: Facts, policy: FitPolicy) -> bool:
    return _is_open(judge(given, policy))


def _is_open(judged: Judged) -> bool:
    """Whether the fit is given, or nothing that is known forbids it."""
    return Tri.YES.value in judged.account


def _lowered(moved: Facts, gap: DemandGap, policy: FitPolicy) -> Facts:
    """Take one level back as far as the fit stays possible."""
    name = our_fact(gap.demand)
    tries = (
        with_(moved, **{name: float(level)}) for level in range(gap.ours, gap.required)
    )
    return next((less for less in tries if _may_fit(less, policy)), moved)


def _changes(given: Facts, moved: Facts) -> tuple[FitGap, ...]:
    found = []
    for demand in DEMANDS:
        (_, now), (_, to) = levels_of(given, demand), levels_of(moved, demand)
        if now != to:
            found.append(FitGap(FitPart.PRODUCT, demand, now, to))
    if given[TERM] is not moved[TERM]:
        found.append(FitGap(FitPart.PAYMENT_TERM))
    return tuple(found)
