"""From a deal and a day to the facts that categories and risks are judged by."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from keyaccount.domain import Opportunity
from keyaccount.rules import Fact, Facts, FactSchema

from ._state import state_of


__all__ = ["FACTS", "facts"]


FACTS = FactSchema(
    (
        Fact.number("stage_probability", unit="share", low=0, high=1),
        Fact.number("days_past_close", unit="days"),
        Fact.number("slip_days", unit="days", movable=True),
        Fact.number("days_in_stage", unit="days", low=0),
    )
)
"""What categories and risks are judged by. A person's own number for winning a deal
and its assessed chance are not among them: three different things (C-11)."""


def facts(
    deal: Opportunity,
    *,
    as_of: dt.date,
    probability: Decimal | None = None,
) -> Facts:
    """Return what a day knows of a deal; what nobody has told us stays unknown.

    Args:
        deal: an open deal.
        as_of: the day; events after it have not happened yet.
        probability: what the deal's stage stands for, None if not known.
    """
    entered = state_of(deal, as_of).entered_on
    slips = [milestone.slip_days(as_of) for milestone in deal.milestones]
    row = (
        None if probability is None else float(probability),
        None if deal.expected_close is None else _days(as_of - deal.expected_close),
        float(max(slips, default=0)),
        None if entered is None else _days(as_of - entered),
    )
    return Facts(FACTS, row)


def _days(length: dt.timedelta) -> float:
    return float(length.days)
