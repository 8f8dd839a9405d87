"""Taking over a deal that has lived elsewhere: it begins where it stands."""

from __future__ import annotations

import datetime as dt

from keyaccount.domain import DealEvent, EventKind, Opportunity
from keyaccount.exceptions import Problems

from ._deal import Deal
from ._decide import Known, open_deal
from ._given import check_given
from ._policy import Pipeline


__all__ = ["adopt"]


_MIDNIGHT = dt.time(tzinfo=dt.UTC)


def adopt(
    opportunity: Opportunity,
    facts: Known = None,
    *,
    as_of: dt.date,
    actor: str,
    pipeline: Pipeline | None = None,
) -> Deal:
    """Open a deal at the stage where an opportunity stands, on the day it came there.

    What happened before was not judged here and is not made up: it stays in the
    opportunity's history. The day is the history's last, else the day of opening,
    else *as_of*.

    Raises:
        InvalidValueError: it has ended, or nobody knows at which stage it stands.
        UnknownNameError: the pipeline has no such stage.
    """
    check_given("adopt", opportunity=opportunity)
    problems = Problems()
    if opportunity.stage is None:
        problems.add("stage", "missing", expected="the stage where the deal stands")
    if opportunity.outcome is not None:
        got, wanted = opportunity.outcome.value, "only an open deal is taken over"
        problems.add("outcome", "contradiction", got, wanted)
    problems.check(f"opportunity {opportunity.id}")
    dates = [event.at for event in opportunity.history]
    day = dates[-1] if dates else opportunity.opened_on or as_of
    event = DealEvent(
        f"adopted-{opportunity.id}",
        EventKind.OPEN,
        dt.datetime.combine(day, _MIDNIGHT),
        actor,
        to=opportunity.stage,
    )
    return open_deal(opportunity.id, event, facts, pipeline=pipeline)
