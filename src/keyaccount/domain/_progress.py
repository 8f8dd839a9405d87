"""How far a deal has come: answers on the way, milestones, a person's odds."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import attrs

from keyaccount.tri import Tri

from ._checks import Checks
from ._conversions import identifier_of, known_decimal_of, slug_of


__all__ = ["Milestone", "ProbabilityOverride", "StageAnswers", "StageEvent"]


_MOST_CONCERNS = 10_000


@attrs.frozen
class StageEvent:
    """On which day an opportunity came to a stage."""

    stage: str = attrs.field(converter=slug_of)
    at: dt.date

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.slug("stage", self.stage)
        checks.day("at", self.at)
        checks.check("StageEvent")


@attrs.frozen
class StageAnswers:
    """What is asked on the way to a contract, beside the four gates (S2-8 to S2-12).

    `source_recorded`: we know where the opportunity came from. `feasibility_reviewed`
    and `resources_confirmed`: the solution can be built, and we have the hands.
    `competitiveness_approved`: somebody in charge wants to go on although the third
    gate is not passed. `open_concerns` counts what the customer still doubts, and
    `concerns_accepted` says that both sides can live with it. The last three are
    about the contract. Unknown and None mean that nobody has said so.
    """

    source_recorded: Tri = Tri.UNKNOWN
    feasibility_reviewed: Tri = Tri.UNKNOWN
    resources_confirmed: Tri = Tri.UNKNOWN
    competitiveness_approved: Tri = Tri.UNKNOWN
    open_concerns: int | None = None
    concerns_accepted: Tri = Tri.UNKNOWN
    terms_reasonable: Tri = Tri.UNKNOWN
    terms_executable: Tri = Tri.UNKNOWN
    contract_signed: Tri = Tri.UNKNOWN

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        for field in attrs.fields(type(self)):
            if field.name == "open_concerns":
                continue
            checks.tri(field.name, getattr(self, field.name))
        concerns = self.open_concerns
        checks.whole("open_concerns", concerns, 0, _MOST_CONCERNS, optional=True)
        checks.check("StageAnswers")


@attrs.frozen
class Milestone:
    """A landmark on the way to a deal: when it is planned, when it was reached (S2-19).

    `planned_on` is the first plan and stays; a new plan stands in `moved_to`.
    """

    id: str = attrs.field(converter=identifier_of)
    planned_on: dt.date
    reached_on: dt.date | None = None
    moved_to: dt.date | None = None
    text: str | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.identifier("id", self.id)
        checks.day("planned_on", self.planned_on)
        checks.day("reached_on", self.reached_on, optional=True)
        checks.day("moved_to", self.moved_to, optional=True)
        checks.text("text", self.text, optional=True)
        checks.check("Milestone")

    @property
    def due_on(self) -> dt.date:
        """The latest plan: where it was moved to, or the first plan."""
        return self.moved_to or self.planned_on

    def reached_by(self, day: dt.date) -> dt.date | None:
        """Return when it was reached, None if not by that day."""
        reached = self.reached_on
        return None if reached is None or reached > day else reached

    def slip_days(self, as_of: dt.date) -> int:
        """Count the days late against the first plan, below 0 if early.

        One that is not reached is at least as late as its latest plan, and as today:
        moving the plan makes nothing any earlier.
        """
        day = self.reached_by(as_of) or max(self.due_on, as_of)
        return (day - self.planned_on).days


@attrs.frozen
class ProbabilityOverride:
    """What a person thinks the chance of winning is, who, when, and until when.

    A fraction between 0 and 1, neither included: an open deal is never sure.
    """

    value: Decimal = attrs.field(converter=known_decimal_of)
    by: str
    on: dt.date
    until: dt.date | None = None
    reason: str | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        if checks.number("value", self.value) and not 0 < self.value < 1:
            wanted = "above 0 and below 1: an open deal is never sure"
            checks.add("value", "out-of-range", self.value, wanted)
        checks.text("by", self.by)
        since = checks.day("on", self.on)
        if checks.day("until", self.until, optional=True) and since:
            _check_until(checks, self.on, self.until)
        checks.text("reason", self.reason, optional=True)
        checks.check("ProbabilityOverride")


def _check_until(checks: Checks, on: dt.date, until: dt.date | None) -> None:
    if until is not None and until < on:
        checks.add("until", "not-sorted", str(until), f"on or after {on}")
