"""An opportunity: what is asked, what we know about it, and how far it has come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import cast

import attrs

from keyaccount.tri import Tri

from ._checks import Checks
from ._conversions import (
    decimal_of,
    identifier_of,
    known_identifier_of,
    known_slug_of,
    listed,
    slug_of,
)
from ._deal_vocabulary import (
    ForecastCategory,
    LossReason,
    NeedCoverage,
    NeedKind,
    Outcome,
    Stage,
)
from ._money import Money
from ._progress import Milestone, ProbabilityOverride, StageAnswers, StageEvent
from ._terms import PaymentTerm


__all__ = [
    "FactorScore",
    "GateAnswers",
    "Need",
    "Opportunity",
    "WorthInputs",
]


_MAX_DAYS = 36_500
_NOTHING_ANSWERED = StageAnswers()


@attrs.frozen
class Need:
    """One thing that the customer asks for, and whether we have it (S1-10a)."""

    kind: NeedKind
    mandatory: Tri = Tri.UNKNOWN
    coverage: NeedCoverage = NeedCoverage.UNKNOWN
    text: str | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.choice("kind", self.kind, NeedKind)
        checks.tri("mandatory", self.mandatory)
        checks.choice("coverage", self.coverage, NeedCoverage)
        checks.text("text", self.text, optional=True)
        checks.check("Need")


@attrs.frozen
class GateAnswers:
    """Whether it is an opportunity at all (S1-9a to S1-9c)."""

    explicit_need: Tri = Tri.UNKNOWN
    empty_promise: Tri = Tri.UNKNOWN
    funded: Tri = Tri.UNKNOWN

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.tri("explicit_need", self.explicit_need)
        checks.tri("empty_promise", self.empty_promise)
        checks.tri("funded", self.funded)
        checks.check("GateAnswers")


@attrs.frozen
class FactorScore:
    """How we stand against the strongest rival on one factor (S1-11).

    -2 is far worse, +2 far better, always seen from us: a rival's close relation to
    the customer is -2. None is not known. A policy may ask for factors of its own.
    """

    factor: str = attrs.field(converter=slug_of)
    score: int | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.slug("factor", self.factor)
        checks.whole("score", self.score, -2, 2, optional=True)
        checks.check("FactorScore")


@attrs.frozen
class WorthInputs:
    """What winning would bring and cost (S1-12); None is not known.

    `annual_rate`, `default_probability` and `loss_given_default` are fractions.
    `importance`, `direction`, `side_effects` and `deviation` are marks from 0 to 3.
    The contract's value stands on the opportunity.
    """

    gross_profit: Money | None = None
    funds_tied: Money | None = None
    annual_rate: Decimal | None = attrs.field(default=None, converter=decimal_of)
    days: int | None = None
    exposure: Money | None = None
    default_probability: Decimal | None = attrs.field(
        default=None, converter=decimal_of
    )
    loss_given_default: Decimal | None = attrs.field(default=None, converter=decimal_of)
    importance: int | None = None
    direction: int | None = None
    side_effects: int | None = None
    deviation: int | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.instance("gross_profit", self.gross_profit, Money, optional=True)
        for name in ("funds_tied", "exposure"):
            money = getattr(self, name)
            if checks.instance(name, money, Money, optional=True) and money.amount < 0:
                checks.add(name, "out-of-range", money, "0 or more")
        for name in ("annual_rate", "default_probability", "loss_given_default"):
            checks.number(name, getattr(self, name), 0, 1, optional=True)
        checks.whole("days", self.days, 0, _MAX_DAYS, optional=True)
        for name in ("importance", "direction", "side_effects", "deviation"):
            checks.whole(name, getattr(self, name), 0, 3, optional=True)
        checks.check("WorthInputs")


def _needs(needs: Iterable[Need]) -> tuple[Need, ...]:
    return listed(needs)


def _scores(scores: Iterable[FactorScore]) -> tuple[FactorScore, ...]:
    return listed(scores)


def _events(events: Iterable[StageEvent]) -> tuple[StageEvent, ...]:
    return listed(events)


def _milestones(milestones: Iterable[Milestone]) -> tuple[Milestone, ...]:
    return listed(milestones)


@attrs.frozen
class Opportunity:
    """A deal that we may win, as far as we know it.

    `customer_id` and `value`, the contract's, are None if not known. `stage` is a slug
    that the pipeline in use knows (a member of Stage will do), None where an import
    does not tell, as of many a deal that has ended. `outcome` is None while nobody
    knows how it ends; `closed_on` is the day on which it did, `expected_close` the
    day on which somebody thinks it will. `probability` is a person's own number for
    winning it, beside the stage's. A history, if there is one, is dated in order and
    ends at the stage. All amounts stand in one currency.
    """

    id: str = attrs.field(converter=identifier_of)
    customer_id: str | None = attrs.field(converter=known_identifier_of)
    value: Money | None
    stage: str | None = attrs.field(
        default=Stage.IDENTIFICATION.value, converter=known_slug_of
    )
    name: str | None = None
    needs: tuple[Need, ...] = attrs.field(default=(), converter=_needs)
    answers: GateAnswers = GateAnswers()
    win_factors: tuple[FactorScore, ...] = attrs.field(default=(), converter=_scores)
    worth: WorthInputs = WorthInputs()
    payment_term: PaymentTerm | None = None
    forecast_category: ForecastCategory | None = None
    outcome: Outcome | None = None
    history: tuple[StageEvent, ...] = attrs.field(default=(), converter=_events)
    owner: str | None = None
    opened_on: dt.date | None = None
    expected_close: dt.date | None = None
    closed_on: dt.date | None = None
    loss_reason: LossReason | None = None
    probability: ProbabilityOverride | None = None
    progress: StageAnswers = _NOTHING_ANSWERED
    milestones: tuple[Milestone, ...] = attrs.field(default=(), converter=_milestones)
    product: str | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.identifier("id", self.id)
        checks.identifier("customer_id", self.customer_id, optional=True)
        checks.instance("value", self.value, Money, optional=True)
        if self.stage is not None:
            checks.slug("stage", self.stage)
        checks.text("name", self.name, optional=True)
        checks.each("needs", self.needs, Need)
        checks.instance("answers", self.answers, GateAnswers)
        if checks.each("win_factors", self.win_factors, FactorScore):
            self._check_factors(checks)
        if checks.instance("worth", self.worth, WorthInputs):
            self._check_currencies(checks)
        checks.instance("payment_term", self.payment_term, PaymentTerm, optional=True)
        checks.choice(
            "forecast_category", self.forecast_category, ForecastCategory, optional=True
        )
        checks.choice("outcome", self.outcome, Outcome, optional=True)
        if checks.each("history", self.history, StageEvent):
            self._check_history(checks)
        checks.text("owner", self.owner, optional=True)
        self._check_days(checks)
        self._check_end(checks)
        checks.instance(
            "probability", self.probability, ProbabilityOverride, optional=True
        )
        checks.instance("progress", self.progress, StageAnswers)
        checks.text("product", self.product, optional=True)
        if checks.each("milestones", self.milestones, Milestone):
            self._check_milestones(checks)
        checks.check("Opportunity")

    def _check_factors(self, checks: Checks) -> None:
        seen: set[str] = set()
        for index, scored in enumerate(self.win_factors):
            if scored.factor in seen:
                checks.add(f"win_factors[{index}].factor", "duplicate", scored.factor)
            seen.add(scored.factor)

    def _check_milestones(self, checks: Checks) -> None:
        seen: set[str] = set()
        for index, milestone in enumerate(self.milestones):
            if milestone.id in seen:
                checks.add(f"milestones[{index}].id", "duplicate", milestone.id)
            seen.add(milestone.id)

    def _check_days(self, checks: Checks) -> None:
        opened = checks.day("opened_on", self.opened_on, optional=True)
        checks.day("expected_close", self.expected_close, optional=True)
        closed = checks.day("closed_on", self.closed_on, optional=True)
        if opened and closed and self.closed_on < self.opened_on:  # type: ignore[operator]  # both are days
            wanted = f"on or after {self.opened_on}"
            checks.add("closed_on", "not-sorted", str(self.closed_on), wanted)

    def _check_end(self, checks: Checks) -> None:
        if isinstance(self.closed_on, dt.date) and self.outcome is None:
            wanted = "say how it ended: an outcome"
            checks.add("closed_on", "contradiction", str(self.closed_on), wanted)
        told = checks.choice("loss_reason", self.loss_reason, LossReason, optional=True)
        if told and self.outcome is not Outcome.LOST:
            wanted = "only a lost deal has a reason for its loss"
            checks.add("loss_reason", "contradiction", self.loss_reason, wanted)

    def _check_currencies(self, checks: Checks) -> None:
        named = {
            "value": cast("object", self.value),
            "worth.gross_profit": self.worth.gross_profit,
            "worth.funds_tied": self.worth.funds_tied,
            "worth.exposure": self.worth.exposure,
        }
        known = {path: m for path, m in named.items() if isinstance(m, Money)}
        first = next(iter(known.values()), None)
        for path, money in known.items():
            if first is not None and money.currency != first.currency:
                wanted = f"use one currency, {first.currency}"
                checks.add(path, "contradiction", money, wanted)

    def _check_history(self, checks: Checks) -> None:
        for index, event in enumerate(self.history[1:], start=1):
            before = self.history[index - 1].at
            if event.at < before:
                wanted = f"on or after {before}"
                checks.add(f"history[{index}].at", "not-sorted", str(event.at), wanted)
        if self.history and self.history[-1].stage != self.stage:
            wanted = f"the last event came to {self.history[-1].stage!r}"
            checks.add("stage", "contradiction", self.stage, wanted)
