"""Whether the pipeline is wide enough for what is still to be sold."""

from __future__ import annotations

import enum

import attrs

from keyaccount import wording
from keyaccount.domain import Money
from keyaccount.rules import Reason

from ._amounts import Span, amount_text


__all__ = ["Coverage", "CoverageState", "cover"]


class CoverageState(enum.Enum):
    """How the pipeline compares with what is still to be sold, lowest first."""

    LOW = "low"
    ENOUGH = "enough"
    REACHED = "reached"


@attrs.frozen
class Coverage:
    """Open pipeline ÷ (quota − closed), a rule of thumb that misleads alone (2.3).

    `possible` lists what it may be, lowest first. `low` and `high` bound the ratio;
    None where the quota may be reached, so that there is nothing to divide by, or
    where nothing bounds the pipeline.
    """

    possible: tuple[CoverageState, ...]
    low: float | None
    high: float | None
    needed: float
    quota: Money
    pipeline: Span
    remaining: Span

    @property
    def value(self) -> CoverageState | None:
        """The state, None while it is open."""
        return self.possible[0] if len(self.possible) == 1 else None

    def reason(self) -> Reason:
        """Say the ratio and what it is made of."""
        quota = ("quota", amount_text(self.quota))
        if self.low is None:
            return Reason("coverage-reached", (quota,))
        low = wording.number(self.low, "ratio")
        ratio = low if self.high == self.low else f"≥ {low}"
        if self.high is not None and self.high != self.low:
            ratio = f"{low}–{wording.number(self.high, 'ratio')}"
        value = self.value
        code = "coverage-open" if value is None else f"coverage-{value.value}"
        data = (
            ("ratio", ratio),
            ("pipeline", str(self.pipeline)),
            ("remaining", str(self.remaining)),
            quota,
            ("least", self.needed),
        )
        return Reason(code, data)


def cover(pipeline: Span, closed: Span, quota: Money, needed: float) -> Coverage:
    """Compare the open pipeline with what the quota still asks for.

    Both ends of the ratio grow with the pipeline and with what is closed.
    """
    nothing = quota - quota
    least = max(quota - closed.low, nothing)
    rest = None if closed.high is None else max(quota - closed.high, nothing)
    low = high = None
    if least > nothing:
        low = float(pipeline.low.amount) / float(least.amount)
    if pipeline.high == nothing and low is not None:
        high = low
    elif rest is not None and rest > nothing and pipeline.high is not None:
        high = float(pipeline.high.amount) / float(rest.amount)
    states = []
    if low is not None and low < needed:
        states.append(CoverageState.LOW)
    if low is not None and (high is None or high >= needed):
        states.append(CoverageState.ENOUGH)
    if rest is None or rest <= nothing:
        states.append(CoverageState.REACHED)
    remaining = Span(rest if rest is not None else nothing, least)
    return Coverage(tuple(states), low, high, needed, quota, pipeline, remaining)
