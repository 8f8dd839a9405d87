"""How long deals have been at their stages, stage by stage (S2-13, S2-26)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import attrs

from keyaccount import wire
from keyaccount.exceptions import Problems
from keyaccount.rules import Label, Reason, display

from ._deal import Deal
from ._decide import judged_by
from ._given import check_given
from ._policy import Pipeline, StagePlan, default_policy
from ._task import check_day, told


__all__ = ["StageAge", "ageing"]


@attrs.frozen
class StageAge(wire.Plain, display.Explained):
    """The open deals at one stage, and how long they have been there.

    Days count from the day on which a deal came to the stage, without those on hold.
    `over` lists the deals that have been there for longer than `max_days`, the
    longest first. Where no deal is, there is no median and no longest.
    """

    stage: str
    deals: int
    on_hold: int
    max_days: int | None
    median_days: float | None
    longest_days: int | None
    over: tuple[str, ...]
    labels: tuple[Label, ...] = attrs.field(default=(), repr=False)

    @property
    def why(self) -> Reason:
        """How many deals are there, for how long, and which for too long."""
        stage = ("stage", self.stage)
        if self.median_days is None or self.longest_days is None:
            return Reason("age-none", (stage,))
        days = (("got", self.median_days), ("high", self.longest_days))
        counts = (("count", self.deals), ("part", self.on_hold))
        because = []
        if self.over and self.max_days is not None:
            data = (("limit", self.max_days), ("names", ", ".join(self.over)))
            because.append(Reason("age-over", data))
        return Reason("age", (stage, *counts, *days), tuple(because))

    def explain(self, locale: str = "en") -> tuple[str, ...]:
        """Say in a language how old the deals are, a line each, indented."""
        return told(self.why, self.labels, locale)


def ageing(
    deals: Iterable[Deal], *, as_of: dt.date, pipeline: Pipeline | None = None
) -> tuple[StageAge, ...]:
    """Return how old the open deals are, a line for every stage of the pipeline.

    Raises:
        InvalidValueError: a deal twice, one of another pipeline, something that is no
            deal, no plain day.
        UnknownNameError: the pipeline no longer has a deal's stage.
    """
    check_day(as_of, "ageing")
    pipeline = default_policy() if pipeline is None else pipeline
    check_given("ageing", deals=deals, pipeline=pipeline)
    found: dict[str, list[Deal]] = {plan.id: [] for plan in pipeline.stages}
    seen: set[str] = set()
    problems = Problems()
    for index, deal in enumerate(deals):
        if not problems.is_a(f"deals[{index}]", deal, Deal, "a Deal"):
            continue
        if deal.id in seen:
            problems.add(f"deals[{index}].id", "duplicate", deal.id)
        seen.add(deal.id)
        if deal.is_open:
            found[judged_by(deal, pipeline).machine[deal.stage].id].append(deal)
    problems.check("ageing")
    return tuple(
        _aged(plan, found[plan.id], as_of, pipeline) for plan in pipeline.stages
    )


def _aged(
    plan: StagePlan, deals: list[Deal], as_of: dt.date, pipeline: Pipeline
) -> StageAge:
    aged = sorted((-deal.days_in_stage(as_of), deal.id) for deal in deals)
    days = [-age for age, _ in aged]
    limit = plan.max_days
    return StageAge(
        plan.id,
        len(days),
        sum(deal.pause is not None for deal in deals),
        limit,
        _median(days),
        days[0] if days else None,
        tuple(slug for age, slug in aged if limit is not None and -age > limit),
        tuple(one for one in pipeline.labels if one.address == f"stage.{plan.id}"),
    )


def _median(days: list[int]) -> float | None:
    """Return the middle of sorted numbers, None where there are none."""
    if not days:
        return None
    middle = len(days) // 2
    return (days[middle] + days[-1 - middle]) / 2
