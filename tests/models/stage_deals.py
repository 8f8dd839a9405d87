"""Deals, events and pipelines for the tests of `stages`."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from decimal import Decimal

from keyaccount import policies
from keyaccount.domain import DealEvent, EventKind, LossReason
from keyaccount.models import stages
from keyaccount.models.stages import Deal, Moved, Pipeline, Refused, Ruling


__all__ = [
    "AT",
    "BRANCHES",
    "DAY",
    "MET",
    "NOTHING",
    "PIPELINES",
    "SHIPPED",
    "SIGNATURE",
    "UNMET",
    "after",
    "branching",
    "closed",
    "complete",
    "event",
    "moved",
    "opened",
    "paused",
]


AT = dt.datetime(2026, 1, 5, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
DAY = dt.timedelta(days=1)
SHIPPED = policies.read("stages", Pipeline)
SIGNATURE = policies.read("stages-signature", Pipeline)
NOTHING: Mapping[str, object] = {}

_GATES = ("is_real", "can_compete", "can_win", "worth_winning")
_OWN = tuple(asked.id for asked in SIGNATURE.facts)
_MET: Mapping[str, object] = {
    "source_recorded": True,
    **{f"gate_{gate}": "pass" for gate in _GATES},
    "mandatory_needs": 1,
    "business_or_technical_contacted": True,
    "feasibility_reviewed": True,
    "resources_confirmed": True,
    "competitiveness_approved": True,
    "open_concerns": 0,
    "concerns_accepted": True,
    "term_rated": True,
    "term_within_appetite": True,
    "decision_maker_covered": True,
    "contract_signed": True,
    "contract_value": 1_200_000,
    "terms_reasonable": True,
    "terms_executable": True,
}
_UNMET: Mapping[str, object] = {
    **dict.fromkeys(_MET, False),
    **{f"gate_{gate}": "fail" for gate in _GATES},
    "mandatory_needs": 0,
    "open_concerns": 2,
    "contract_value": 0,
}

# Two ways from the first stage, one way round, two stages where a deal can be won.
BRANCHES = """
name = "branches"
version = "1"
question = "Which way?"

[[facts]]
id = "pilot_wanted"

[[facts]]
id = "pilot_users"
kind = "number"
low = 0
high = 500

[[facts]]
id = "colour"
kind = "choice"
choices = ["red", "green"]

[[stages]]
id = "lead"
probability = 0.1
to = ["pilot", "offer"]
[[stages.exits]]
id = "source"
when = "source_recorded"

[[stages]]
id = "pilot"
probability = 0.3
to = ["review", "offer"]
wins = true
[[stages.exits]]
id = "wanted"
when = "pilot_wanted"
[[stages.exits]]
id = "users"
when = "pilot_users >= 10 and colour == 'green'"

[[stages]]
id = "review"
probability = 0.4
to = ["pilot"]
back = []

[[stages]]
id = "offer"
probability = 0.6
to = []
back = ["lead"]
wins = true
[[stages.exits]]
id = "signed"
when = "contract_signed"
"""


def branching() -> Pipeline:
    return policies.read(tomllib.loads(BRANCHES, parse_float=Decimal), Pipeline)


_BRANCHING = branching()
PIPELINES: Mapping[str, Pipeline] = {
    pipeline.name: pipeline for pipeline in (SHIPPED, SIGNATURE, _BRANCHING)
}
MET: Mapping[str, Mapping[str, object]] = {
    "stages": _MET,
    "stages-signature": {**_MET, **dict.fromkeys(_OWN, True)},
    "branches": {**_MET, "pilot_wanted": True, "pilot_users": 10, "colour": "green"},
}
UNMET: Mapping[str, Mapping[str, object]] = {
    "stages": _UNMET,
    "stages-signature": {**_UNMET, **dict.fromkeys(_OWN, False)},
    "branches": {**_UNMET, "pilot_wanted": False, "pilot_users": 0, "colour": "red"},
}


def after(days: float) -> dt.datetime:
    return AT + days * DAY


def event(
    kind: EventKind, days: float = 1, identifier: str = "", **more: object
) -> DealEvent:
    """An event some days after the deal was opened."""
    name = identifier or f"{kind.value}-{days}"
    at = more.pop("at", after(days))
    actor = more.pop("actor", "Li")
    return DealEvent(name, kind, at, actor, **more)  # type: ignore[arg-type]  # a test's shorthand


def complete(kind: EventKind, days: float = 1, **more: object) -> DealEvent:
    """An event that says all that its kind has to say."""
    said: dict[str, object] = {}
    if kind in {EventKind.BACK, EventKind.PAUSE, EventKind.ABANDON, EventKind.REOPEN}:
        said["reason"] = "the budget moved"
    if kind is EventKind.PAUSE:
        said["resume_on"] = (after(days) + 30 * DAY).date()
    if kind is EventKind.LOSE:
        said["loss_reason"] = LossReason.NO_DECISION
    return event(kind, days, **{**said, **more})  # type: ignore[arg-type]  # a test's shorthand


def opened(
    pipeline: Pipeline = SHIPPED,
    stage: str | None = None,
    facts: Mapping[str, object] = NOTHING,
) -> Deal:
    """A deal that was opened at a stage."""
    first = event(EventKind.OPEN, 0, to=stage)
    return stages.open_deal("d1", first, facts, pipeline=pipeline)


def moved(
    deal: Deal,
    what: DealEvent,
    facts: Mapping[str, object] = NOTHING,
    pipeline: Pipeline = SHIPPED,
) -> Deal:
    """The deal after an event that must be accepted."""
    ruling = stages.decide(deal, what, facts, pipeline=pipeline)
    assert isinstance(ruling, Moved), ruling
    return ruling.deal


def paused(
    pipeline: Pipeline = SHIPPED, stage: str | None = None, days: float = 1
) -> Deal:
    """A deal on hold since some days after it was opened."""
    deal = opened(pipeline, stage)
    return moved(deal, complete(EventKind.PAUSE, days), pipeline=pipeline)


def closed(
    kind: EventKind,
    pipeline: Pipeline = SHIPPED,
    stage: str | None = None,
    days: float = 1,
) -> Deal:
    """A deal that ended: won where it can be won, lost or abandoned anywhere."""
    deal = opened(pipeline, stage)
    facts = MET[pipeline.name]
    return moved(deal, complete(kind, days), facts, pipeline)


FULL = MET["stages"]


def ruled(deal: Deal, kind: EventKind, facts: Mapping[str, object] = FULL) -> Ruling:
    """What becomes of a complete event of a kind."""
    return stages.decide(deal, complete(kind, 9), facts)


def codes(ruling: Ruling) -> tuple[str, ...]:
    """What stands in the way, of an event that is refused."""
    assert isinstance(ruling, Refused)
    return ruling.codes


HEAD = 'name = "mine"\nversion = "1"\n'
SOUND = """
[[stages]]
id = "talk"
probability = 0.2
[[stages.exits]]
id = "source"
when = "source_recorded"

[[stages]]
id = "deal"
probability = 0.7
wins = true
"""
