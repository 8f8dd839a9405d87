"""Which share of deals goes on from each stage, and which share is won (S2-13)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import attrs

from keyaccount import wire
from keyaccount.domain import LossReason, Opportunity, Outcome
from keyaccount.rules import Interval, PolicyRef, Reason

from ._history import Journey, ending, journey_of, wilson
from ._ledger import Period
from ._policy import ForecastPolicy, rules_of
from ._probabilities import Chances, probabilities_of
from ._state import checked_deals
from ._telling import Datum, Telling


__all__ = ["Conversion", "Rate", "StageConversion", "conversion"]


@attrs.frozen
class Rate:
    """A share of so many: None where there were none, an interval in any case.

    `is_enough` is False where they are fewer than the policy asks for.
    """

    hits: int
    of: int
    interval: Interval
    is_enough: bool

    @property
    def value(self) -> float | None:
        """The share itself."""
        return self.hits / self.of if self.of else None

    def data(self) -> tuple[Datum, ...]:
        """Return the share and its bounds, as a sentence needs them."""
        value = self.value
        return (
            ("unit", "share"),
            ("rate", "?" if value is None else float(value)),
            ("low", self.interval.low),
            ("high", self.interval.high),
            ("hits", str(self.hits)),
            ("of", str(self.of)),
        )


@attrs.frozen
class StageConversion:
    """What became of the deals that came to a stage.

    `entered` = `moved_on` + `lost` + `abandoned` + `still_there`. Those still there
    are no losses: they take no part in the rate.
    """

    stage: str
    entered: int
    moved_on: int
    lost: int
    abandoned: int
    still_there: int
    rate: Rate


@attrs.frozen(repr=False)
class Conversion(wire.Plain, Telling):
    """Stage conversion and win rate, each with what it was counted from.

    `win_rate` is won ÷ (won + lost); `no_decision` are those of the lost that ended
    without anybody deciding, `against_rivals` leaves them out. Abandoned deals are
    our own decision and take no part. `undated` ended on a day nobody noted, and are
    left out where a period is asked for.
    """

    as_of: dt.date
    won: int
    lost: int
    no_decision: int
    abandoned: int
    still_open: int
    win_rate: Rate
    against_rivals: Rate
    stages: tuple[StageConversion, ...]
    undated: tuple[str, ...]
    flags: tuple[str, ...]
    policy: PolicyRef

    def reason(self) -> Reason:
        """Say the win rate, then each stage, with what it was counted from."""
        parts = [
            Reason("win-rate-rivals", self.against_rivals.data()),
            Reason(
                "win-rate-counts",
                (
                    ("won", str(self.won)),
                    ("lost", str(self.lost)),
                    ("undecided", str(self.no_decision)),
                    ("abandoned", str(self.abandoned)),
                    ("open", str(self.still_open)),
                ),
            ),
        ]
        parts += [_stage(part) for part in self.stages]
        code = "win-rate" if self.win_rate.is_enough else "win-rate-thin"
        return Reason(code, self.win_rate.data(), tuple(parts))

    def __repr__(self) -> str:
        hits, of = self.win_rate.hits, self.win_rate.of
        return f"<Conversion won {hits} of {of} · as of {self.as_of}>"


def _stage(part: StageConversion) -> Reason:
    data = (
        ("stage", part.stage),
        ("entered", str(part.entered)),
        ("still", str(part.still_there)),
        *part.rate.data(),
    )
    code = "conversion-rate" if part.rate.is_enough else "conversion-thin"
    return Reason(code, data)


def conversion(  # noqa: PLR0913 - what surrounds a count, all by name
    deals: Iterable[Opportunity],
    *,
    as_of: dt.date,
    begins_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    probabilities: Chances | None = None,
    policy: ForecastPolicy | None = None,
) -> Conversion:
    """Count what became of deals at each stage, and how many were won (S2-13).

    A deal counts once a stage, however often it came there; it moved on if it later
    came to a stage further along, or was won. One that is still open there has not
    failed: it is counted and left out of the rate. One that has ended and whose way
    nobody recorded from the first stage on counts for the win rate only; a flag tells.

    Args:
        deals: open and ended ones.
        as_of: the day; what happened after it is not known yet.
        begins_on: count only deals that ended in this period, both days included,
            and those still open.
        ends_on: its last day.
        probabilities: the pipeline, for the order of its stages.
        policy: your own; the shipped one otherwise.

    Raises:
        InvalidValueError: a deal twice, no plain day.
    """
    rules = rules_of(policy)
    period = Period(begins_on, ends_on)
    pipeline = probabilities_of(probabilities)
    journeys: list[Journey] = []
    lost_without: list[bool] = []
    undated: list[str] = []
    for deal in checked_deals(deals, as_of):
        journey = journey_of(deal, as_of, pipeline.first)
        if not journey.state.exists:
            continue
        if journey.state.outcome is not None and not period.is_all:
            day = ending(deal, journey.state)
            if day is None:
                undated.append(deal.id)
            if day is None or not period.holds(day):
                continue
        journeys.append(journey)
        is_lost = journey.state.outcome is Outcome.LOST
        lost_without.append(is_lost and deal.loss_reason is LossReason.NO_DECISION)
    won, lost, abandoned, still = (
        sum(journey.state.outcome is outcome for journey in journeys)
        for outcome in (Outcome.WON, Outcome.LOST, Outcome.ABANDONED, None)
    )
    undecided = sum(lost_without)
    ranks = pipeline.ranks
    found = {stage for journey in journeys for stage in journey.stages}
    order = sorted(found, key=lambda stage: (ranks.get(stage, len(ranks)), stage))
    stages = tuple(_counted(stage, journeys, ranks, rules) for stage in order)
    win_rate = _rate(won, won + lost, rules)
    is_thin = not win_rate.is_enough or not all(part.rate.is_enough for part in stages)
    return Conversion(
        as_of=as_of,
        won=won,
        lost=lost,
        no_decision=undecided,
        abandoned=abandoned,
        still_open=still,
        win_rate=win_rate,
        against_rivals=_rate(won, won + lost - undecided, rules),
        stages=stages,
        undated=tuple(undated),
        flags=(
            *(("not-enough-data",) if is_thin else ()),
            *(
                ()
                if all(one.is_recorded for one in journeys)
                else ("way-not-recorded",)
            ),
        ),
        policy=rules.ref,
    )


def _rate(hits: int, of: int, rules: ForecastPolicy) -> Rate:
    interval = wilson(hits, of, rules.real("spread"))
    return Rate(hits, of, interval, of >= rules.whole("enough_closed"))


def _counted(
    stage: str,
    journeys: list[Journey],
    ranks: Mapping[str, int],
    rules: ForecastPolicy,
) -> StageConversion:
    there = [journey for journey in journeys if stage in journey.stages]
    on = lost = abandoned = 0
    for journey in there:
        if journey.passed(stage, ranks):
            on += 1
        elif journey.state.outcome is Outcome.LOST:
            lost += 1
        elif journey.state.outcome is Outcome.ABANDONED:
            abandoned += 1
    still = len(there) - on - lost - abandoned
    rate = _rate(on, on + lost + abandoned, rules)
    return StageConversion(stage, len(there), on, lost, abandoned, still, rate)
