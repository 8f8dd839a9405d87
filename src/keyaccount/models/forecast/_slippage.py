"""What is late: landmarks, close dates, and the risks of each open deal."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable

import attrs

from keyaccount import wire
from keyaccount.domain import ForecastCategory, Milestone, Opportunity
from keyaccount.rules import PolicyRef, Reason

from ._facts import facts
from ._ledger import category_of
from ._policy import ForecastPolicy, rules_of
from ._probabilities import Chances, Probabilities, probabilities_of
from ._risks import DealRisk
from ._state import DealState, checked_deals, state_of
from ._telling import Telling


__all__ = [
    "DealSlip",
    "MilestoneSlip",
    "MilestoneState",
    "Slippage",
    "slippage",
]


class MilestoneState(enum.Enum):
    """How a landmark stands against its first plan."""

    REACHED = "reached"
    REACHED_LATE = "reached-late"
    AHEAD = "ahead"
    MOVED = "moved"
    OVERDUE = "overdue"


@attrs.frozen
class MilestoneSlip:
    """One landmark: planned, moved, reached, and how many days late (S2-19).

    `slip_days` counts from the first plan; negative where it was reached early.
    """

    deal: str
    milestone: str
    state: MilestoneState
    planned_on: dt.date
    due_on: dt.date
    reached_on: dt.date | None
    slip_days: int


@attrs.frozen
class DealSlip:
    """An open deal: how far past its close date, and what it suffers from.

    `days_past_close` is None where nobody said when it closes, negative where there
    is time left. `possible_risks` hold those, too, that nobody can rule out.
    """

    id: str
    category: ForecastCategory
    expected_close: dt.date | None
    days_past_close: int | None
    slip_days: int
    risks: tuple[DealRisk, ...]
    possible_risks: tuple[DealRisk, ...]


@attrs.frozen(repr=False)
class Slippage(wire.Plain, Telling):
    """What is late on a day: landmarks of all deals, and every open deal.

    `commit_late` are deals in commit whose day has passed: somebody promised them.
    """

    as_of: dt.date
    milestones: tuple[MilestoneSlip, ...]
    deals: tuple[DealSlip, ...]
    overdue: tuple[str, ...]
    undated: tuple[str, ...]
    commit_late: tuple[str, ...]
    mean_slip_days: float | None
    flags: tuple[str, ...]
    policy: PolicyRef

    def reason(self) -> Reason:
        """Say how many are late, then which landmark and which deal."""
        late = [part for part in self.milestones if part.slip_days > 0]
        parts = [_milestone(part) for part in late]
        parts += [_deal(part) for part in self.deals if part.risks]
        data = (
            ("day", self.as_of.isoformat()),
            ("late", str(len(late))),
            ("milestones", str(len(self.milestones))),
            ("overdue", str(len(self.overdue))),
            ("deals", str(len(self.deals))),
        )
        return Reason("slippage", data, tuple(parts))

    def __repr__(self) -> str:
        late = sum(part.slip_days > 0 for part in self.milestones)
        overdue = len(self.overdue)
        return f"<Slippage {late} late, {overdue} overdue · as of {self.as_of}>"


def _milestone(part: MilestoneSlip) -> Reason:
    data = (
        ("deal", part.deal),
        ("milestone", part.milestone),
        ("outcome", part.state.value),
        ("answers", "milestone-state"),
        ("planned", part.planned_on.isoformat()),
        ("days", str(part.slip_days)),
    )
    return Reason("slippage-milestone", data)


def _deal(part: DealSlip) -> Reason:
    because = tuple(
        Reason("slippage-risk", (("outcome", risk.value), ("answers", "deal-risk")))
        for risk in part.risks
    )
    data = (
        ("deal", part.id),
        ("outcome", part.category.value),
        ("answers", "forecast-category"),
    )
    return Reason("slippage-deal", data, because)


def slippage(
    deals: Iterable[Opportunity],
    *,
    as_of: dt.date,
    probabilities: Chances | None = None,
    policy: ForecastPolicy | None = None,
) -> Slippage:
    """Compare landmarks and close dates with their plans (S2-19, S2-26).

    A landmark that is not reached is at least as late as today and as its latest
    plan; moving it does not make it any earlier.

    Raises:
        InvalidValueError: a deal twice, no plain day.
    """
    rules = rules_of(policy)
    told = probabilities_of(probabilities)
    given = checked_deals(deals, as_of)
    states = [(deal, state_of(deal, as_of)) for deal in given]
    existing = [(deal, state) for deal, state in states if state.exists]
    milestones = tuple(
        _slip(deal.id, milestone, as_of)
        for deal, _ in existing
        for milestone in sorted(deal.milestones, key=_place)
    )
    found = tuple(
        _judged(deal, state, as_of, told, rules)
        for deal, state in existing
        if state.is_open
    )
    late = [part.id for part in found if DealRisk.CLOSE_DATE_PASSED in part.risks]
    promised = [
        part.id
        for part in found
        if part.id in late and part.category is ForecastCategory.COMMIT
    ]
    slips = [part.slip_days for part in milestones]
    return Slippage(
        as_of=as_of,
        milestones=milestones,
        deals=found,
        overdue=tuple(late),
        undated=tuple(part.id for part in found if part.expected_close is None),
        commit_late=tuple(promised),
        mean_slip_days=sum(slips) / len(slips) if slips else None,
        flags=("commit-late",) if promised else (),
        policy=rules.ref,
    )


def _place(milestone: Milestone) -> tuple[dt.date, str]:
    return milestone.planned_on, milestone.id


def _slip(deal: str, milestone: Milestone, as_of: dt.date) -> MilestoneSlip:
    reached, slip = milestone.reached_by(as_of), milestone.slip_days(as_of)
    due = milestone.moved_to or milestone.planned_on
    if reached is not None:
        state = MilestoneState.REACHED_LATE if slip > 0 else MilestoneState.REACHED
    elif due < as_of:
        state = MilestoneState.OVERDUE
    else:
        state = MilestoneState.MOVED if slip else MilestoneState.AHEAD
    planned = milestone.planned_on
    return MilestoneSlip(deal, milestone.id, state, planned, due, reached, slip)


def _judged(
    deal: Opportunity,
    state: DealState,
    as_of: dt.date,
    told: Probabilities,
    rules: ForecastPolicy,
) -> DealSlip:
    stage = told.at(state.stage)
    number = None if stage is None else stage.probability
    known = facts(deal, as_of=as_of, probability=number)
    found = rules.risk_table.collect(known)
    close = deal.expected_close
    return DealSlip(
        deal.id,
        category_of(deal, state, as_of, told, rules),
        close,
        None if close is None else (as_of - close).days,
        max((milestone.slip_days(as_of) for milestone in deal.milestones), default=0),
        tuple(map(DealRisk, found.certain)),
        tuple(map(DealRisk, found.possible)),
    )
