"""Deals for the tests of the forecast: a short way to write one, and any at all."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import strategies as st

from keyaccount.domain import (
    ForecastCategory,
    LossReason,
    Milestone,
    Money,
    Opportunity,
    Outcome,
    ProbabilityOverride,
    StageEvent,
)


__all__ = ["DAY", "PIPELINE", "books", "deal", "deals", "moved"]


DAY = dt.date(2026, 3, 31)
PIPELINE = {
    "identification": Decimal("0.10"),
    "need-confirmation": Decimal("0.25"),
    "solution-design": Decimal("0.50"),
    "proposal-negotiation": Decimal("0.75"),
    "contract-signing": Decimal("0.90"),
}
_SOME_DAYS = st.dates(dt.date(2025, 6, 1), dt.date(2026, 12, 31))


def deal(
    name: str, value: str | None = "100 CNY", stage: str | None = None, **more: object
) -> Opportunity:
    """Write one deal: its id, its value, its stage, and what else matters."""
    worth = None if value is None else Money.of(value)
    at = "solution-design" if stage is None else stage
    return Opportunity(name, "c1", worth, at, **more)  # type: ignore[arg-type]  # a test's shorthand


def moved(name: str, *stages: str, **more: object) -> Opportunity:
    """Write a deal that came to these stages, a month each, the last one in March."""
    first = DAY - dt.timedelta(days=31 * len(stages))
    history = [
        StageEvent(stage, first + dt.timedelta(days=31 * at))
        for at, stage in enumerate(stages)
    ]
    return deal(name, stage=stages[-1], history=history, **more)  # type: ignore[arg-type]  # a test's shorthand


@st.composite
def deals(draw: st.DrawFn, name: str = "d", *, known: bool = False) -> Opportunity:
    """Draw a deal in yuan; with *known* nothing about it is unknown."""
    amounts = st.decimals(0, 10**7, places=2)
    outcome = draw(st.none() | st.sampled_from(Outcome))
    stages = [*PIPELINE] if known else [*PIPELINE, "elsewhere"]
    history = sorted(draw(st.lists(_SOME_DAYS, max_size=3)))
    path = [StageEvent(draw(st.sampled_from(stages)), at) for at in history]
    stage = path[-1].stage if path else draw(st.sampled_from(stages))
    maybe_days = _SOME_DAYS if known else st.none() | _SOME_DAYS
    override = st.builds(
        ProbabilityOverride,
        st.decimals(Decimal("0.001"), Decimal("0.999"), places=3),
        by=st.just("li"),
        on=_SOME_DAYS,
    )
    slips = draw(st.lists(_SOME_DAYS, max_size=2))
    milestones = [Milestone(f"m{at}", day) for at, day in enumerate(slips)]
    value = draw(amounts if known else st.none() | amounts)
    reason = st.none() | st.sampled_from(LossReason)
    return Opportunity(
        name,
        "c1",
        None if value is None else Money(value, "CNY"),
        stage,
        forecast_category=draw(st.none() | st.sampled_from(ForecastCategory)),
        outcome=outcome,
        history=path,
        owner=draw(st.none() | st.sampled_from(["li", "wang"])),
        expected_close=draw(maybe_days),
        closed_on=None if outcome is None else draw(maybe_days),
        loss_reason=draw(reason) if outcome is Outcome.LOST else None,
        probability=draw(st.none() | override),
        milestones=milestones,
    )


@st.composite
def books(
    draw: st.DrawFn, *, most: int = 6, known: bool = False
) -> tuple[Opportunity, ...]:
    """Draw a few deals, each with an id of its own."""
    count = draw(st.integers(0, most))
    return tuple(draw(deals(f"d{at}", known=known)) for at in range(count))
