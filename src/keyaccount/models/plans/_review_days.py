"""When a plan in force is to be looked at again (S4-9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import attrs

from keyaccount.domain import AccountPhase, AccountPlan
from keyaccount.rules import days_later

from ._policy import PlansPolicy


__all__ = ["PlanReview", "reviews_of"]


@attrs.frozen
class PlanReview:
    """A plan in force that is to be looked at again, for the calendar.

    Where it names no day, the day follows from the last review, or from its first
    day; where it has none of these it is due now, and `is_anchored` is False.
    """

    phase: AccountPhase
    due_on: dt.date
    owner: str | None
    days_late: int
    is_anchored: bool


def reviews_of(
    plans: Iterable[AccountPlan], as_of: dt.date, policy: PlansPolicy
) -> tuple[PlanReview, ...]:
    """Return when each plan is to be looked at again, the earliest first."""
    every, order = policy.whole("review_every"), list(AccountPhase)
    found = []
    for plan in plans:
        due_on = _due_on(plan, as_of, every)
        late = 0 if due_on is None else max(0, (as_of - due_on).days)
        found.append(
            PlanReview(
                plan.phase, due_on or as_of, plan.owner, late, due_on is not None
            )
        )

    def place(one: PlanReview) -> tuple[dt.date, int, str]:
        return one.due_on, order.index(one.phase), one.owner or ""

    return tuple(sorted(found, key=place))


def _due_on(plan: AccountPlan, as_of: dt.date, every: int) -> dt.date | None:
    """Return when a plan is to be looked at again; None where nothing tells."""
    last = plan.reviewed_on
    if last is not None and last > as_of:
        last = None
    if plan.review_on is not None and (last is None or last < plan.review_on):
        return plan.review_on
    anchor = plan.valid_from if last is None else last
    if anchor is None:
        return None
    return days_later(anchor, every)
