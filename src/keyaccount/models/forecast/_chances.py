"""How likely an open deal is won, and who says so.

Three numbers that are not the same (C-11): what an assessment found, what a stage
stands for, and the category that somebody judged. Only the second is a chance here,
unless a person stated one. They are never multiplied.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from decimal import Decimal
from typing import Protocol

import attrs

from keyaccount import wire
from keyaccount.domain import Opportunity, ProbabilityOverride
from keyaccount.exceptions import Problems
from keyaccount.rules import Interval, Reason

from ._policy import ForecastPolicy, rules_of
from ._probabilities import (
    Chances,
    Probabilities,
    StageProbability,
    probabilities_of,
)
from ._state import check_day, state_of
from ._telling import Datum, Telling


__all__ = [
    "Chance",
    "ChanceSource",
    "Predictor",
    "chance_of",
    "odds_of",
    "probability",
]


class ChanceSource(enum.Enum):
    """Who says how likely a deal is won."""

    OVERRIDE = "override"
    LEARNED = "learned"
    STAGE = "stage"
    PREDICTED = "predicted"
    UNKNOWN = "unknown"


@attrs.frozen
class Chance(wire.Plain, Telling):
    """How likely an open deal is won.

    `value` is None where nobody can say; it then lies between `low` and `high`. An
    `interval` tells how well a learned value is known, from so many closed deals.
    `by` and `until` belong to a person's own number; `expired` says that there was
    one, and that its time is over. `clamped` says that the number stood outside what
    an open deal can have.
    """

    value: Decimal | None
    low: Decimal
    high: Decimal
    source: ChanceSource
    interval: Interval | None = None
    sample: int | None = None
    by: str | None = None
    until: dt.date | None = None
    expired: bool = False
    clamped: bool = False

    @property
    def flags(self) -> tuple[str, ...]:
        """What a reader must know about the number."""
        expired = ("expired-probability",) if self.expired else ()
        clamped = ("clamped-probability",) if self.clamped else ()
        return expired + clamped

    def reason(self) -> Reason:
        """Say the chance, and who says so."""
        data: tuple[Datum, ...] = (("unit", "share"),)
        if self.value is None:
            bounds = (("low", float(self.low)), ("high", float(self.high)))
            code = "chance-unknown"
            if self.source is ChanceSource.PREDICTED:
                code = "chance-predicted-open"
            return Reason(code, (*data, *bounds))
        data = (*data, ("got", float(self.value)))
        if self.source is ChanceSource.OVERRIDE:
            by = ("by", str(self.by))
            if self.until is None:
                return Reason("chance-override-open", (*data, by))
            until = ("until", self.until.isoformat())
            return Reason("chance-override", (*data, by, until))
        if self.source is ChanceSource.LEARNED and self.interval is not None:
            bounds = (("low", self.interval.low), ("high", self.interval.high))
            return Reason("chance-learned", (*data, ("of", str(self.sample)), *bounds))
        is_stage = self.source is ChanceSource.STAGE
        return Reason("chance-stage" if is_stage else "chance-predicted", data)


class Predictor(Protocol):
    """Anything that says how likely an open deal is won (S2-26)."""

    def __call__(self, deal: Opportunity, /, *, as_of: dt.date) -> Chance:
        """Judge one deal by what was known on that day."""
        ...


def probability(
    deal: Opportunity,
    *,
    as_of: dt.date,
    probabilities: Chances | Predictor | None = None,
    policy: ForecastPolicy | None = None,
) -> Chance:
    """Say how likely an open deal is won, and who says so.

    A person's own number counts while it is in force, then what was learned, then
    what the stage stands for; a stage that nobody knows leaves the whole range open.
    Whatever it is, an open deal is never sure: it is clamped to the policy's limits.

    Raises:
        InvalidValueError: the deal has ended by then: that is a state, no chance.
    """
    check_day(as_of)
    state = state_of(deal, as_of)
    if not state.is_open:
        problems = Problems()
        ended = state.outcome.value if state.outcome else "not opened yet"
        wanted = "an open deal: won, lost and abandoned are states, not chances"
        problems.add("deal.outcome", "contradiction", ended, wanted)
        problems.check("forecast")
    told = odds_of(probabilities)
    return chance_of(deal, state.stage, as_of, told, rules_of(policy))


def odds_of(given: Chances | Predictor | None) -> Probabilities | Predictor:
    """Return what judges deals: something of one's own, or what stages stand for."""
    if given is None or isinstance(given, Probabilities | Mapping):
        return probabilities_of(given)
    return given


def chance_of(
    deal: Opportunity,
    stage: str | None,
    as_of: dt.date,
    told: Probabilities | Predictor,
    policy: ForecastPolicy,
) -> Chance:
    """Return the chance of a deal that is open at a stage."""
    own = deal.probability
    expired = False
    if own is not None and own.on <= as_of:
        if own.until is None or as_of <= own.until:
            return _overridden(own, policy)
        expired = True
    if isinstance(told, Probabilities):
        found = _of_stage(told.at(stage), policy)
    else:
        found = _kept(told(deal, as_of=as_of), policy)
    return attrs.evolve(found, expired=True) if expired else found


def _overridden(own: ProbabilityOverride, policy: ForecastPolicy) -> Chance:
    value, clamped = _clamped(own.value, policy)
    source = ChanceSource.OVERRIDE
    return Chance(
        value, value, value, source, by=own.by, until=own.until, clamped=clamped
    )


def _of_stage(stage: StageProbability | None, policy: ForecastPolicy) -> Chance:
    if stage is None:
        return Chance(None, *policy.limits, ChanceSource.UNKNOWN)
    value, clamped = _clamped(stage.probability, policy)
    if not stage.is_learned:
        return Chance(value, value, value, ChanceSource.STAGE, clamped=clamped)
    return Chance(
        value,
        value,
        value,
        ChanceSource.LEARNED,
        stage.interval,
        stage.closed,
        clamped=clamped,
    )


def _clamped(value: Decimal, policy: ForecastPolicy) -> tuple[Decimal, bool]:
    least, most = policy.limits
    kept = min(max(value, least), most)
    return kept, kept != value


def _kept(found: Chance, policy: ForecastPolicy) -> Chance:
    """Keep what somebody else's prediction says within what an open deal can have."""
    low, _ = _clamped(found.low, policy)
    high, _ = _clamped(found.high, policy)
    value, clamped = found.value, False
    if value is not None:
        value, clamped = _clamped(value, policy)
    kept = found.clamped or clamped
    return attrs.evolve(found, value=value, low=low, high=high, clamped=kept)
