"""Stored histories give the same deal for ever; another rule may say what it likes.

Issue 3, acceptance 2. The stored deals lie in `snapshots/histories`, one file each,
and are never written anew: with `KEYACCOUNT_ACCEPT=1` in the environment this file adds
those that are not there yet. Whoever changes a file changes somebody's history.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from keyaccount import wire
from keyaccount.domain import DealEvent, EventKind, GateResult, LossReason
from keyaccount.models import stages
from keyaccount.models.stages import Accepted, Deal, Moved, Pipeline
from keyaccount.rules import FactKind, Seen
from keyaccount.tri import Tri
from tests.models.stage_deals import (
    AT,
    MET,
    SHIPPED,
    SIGNATURE,
    UNMET,
    branching,
    complete,
    event,
    moved,
    opened,
)
from tests.refusals import refused


STORE = Path(__file__).parent.parent / "snapshots" / "histories"
SUMMARY = STORE.parent / "histories.json"
MANY = 60
AS_OF = dt.date(2027, 6, 30)


def lives(seed: int) -> Deal:
    """Live a deal's life by dice: what is refused has not happened."""
    dice = random.Random(f"keyaccount {seed}")  # noqa: S311 - dice, no secret
    pipeline = (SHIPPED, SIGNATURE)[seed % 2]
    zone = dt.timezone(dt.timedelta(hours=dice.choice([-5, 0, 8])))
    at = dt.datetime(2026, 1, 1, 9, 30, tzinfo=zone) + dt.timedelta(seed)
    name = dice.choice([f"deal-{seed}", f"机会{seed}"])
    first = DealEvent(f"{seed}-0", EventKind.OPEN, at, "Li")
    deal = stages.open_deal(name, first, facts(dice, pipeline, 2), pipeline=pipeline)
    for number in range(1, dice.randint(4, 30)):
        at += dt.timedelta(minutes=dice.randint(0, 30_000))
        if dice.random() < 0.1:
            at = at.astimezone(dt.timezone(dt.timedelta(hours=dice.choice([-5, 1, 8]))))
        what = happening(dice, f"{seed}-{number}", at, deal)
        told = facts(dice, pipeline, number)
        ruling = stages.decide(deal, what, told, pipeline=pipeline)
        if isinstance(ruling, Moved):
            deal = ruling.deal
    return deal


def happening(
    dice: random.Random, identifier: str, at: dt.datetime, deal: Deal
) -> DealEvent:
    found = [one for one in EventKind if one is not EventKind.OPEN]
    likely = [EventKind.ADVANCE] * 8 + [EventKind.WIN] * 2 + [EventKind.RESUME] * 2
    kind = dice.choice([*found, *likely])
    why = dice.choice(["预算推迟", "they insist", "line one\nline two"])
    match kind:
        case EventKind.ADVANCE | EventKind.WIN:
            if dice.random() < 0.5:
                return DealEvent(identifier, kind, at, "Li", reason=why, approver="王")
            return DealEvent(identifier, kind, at, "Li", expected_version=deal.version)
        case EventKind.PAUSE:
            until = at.date() + dt.timedelta(dice.randint(1, 90))
            return DealEvent(identifier, kind, at, "Li", reason=why, resume_on=until)
        case EventKind.LOSE:
            loss = dice.choice(list(LossReason))
            rival = "Rival" if loss is LossReason.COMPETITOR else None
            return DealEvent(
                identifier, kind, at, "Li", loss_reason=loss, competitor=rival
            )
        case EventKind.BACK | EventKind.ABANDON | EventKind.REOPEN:
            return DealEvent(identifier, kind, at, "Li", reason=why)
        case _:
            return DealEvent(identifier, kind, at, "Li")


def facts(dice: random.Random, pipeline: Pipeline, luck: int) -> dict[str, object]:
    """Most of what must hold, holds; some of it nobody knows."""
    met, unmet = MET[pipeline.name], UNMET[pipeline.name]
    told = {}
    for fact in pipeline.about:
        roll = dice.random() * (1 + luck / 10)
        told[fact.name] = met[fact.name] if roll > 0.1 else unmet[fact.name]
        if roll < 0.05:
            told[fact.name] = None
        elif fact.kind is FactKind.CHOICE and roll < 0.2:
            told[fact.name] = dice.choice(list(GateResult))
        elif fact.kind is FactKind.NUMBER and roll > 0.5:
            told[fact.name] = round(dice.uniform(0, 5e6), 2)
    return told


def summary(deal: Deal) -> dict[str, object]:
    """What the history comes to: small enough to be read before it is accepted."""
    return {
        "id": deal.id,
        "version": deal.version,
        "stage": deal.stage,
        "outcome": deal.outcome and deal.outcome.value,
        "loss_reason": deal.loss_reason and deal.loss_reason.value,
        "resume_on": deal.pause and deal.pause.resume_on.isoformat(),
        "days_in_stage": deal.days_in_stage(AS_OF),
        "path": [f"{one.at} {one.stage}" for one in deal.path],
    }


def accept() -> None:
    STORE.mkdir(parents=True, exist_ok=True)
    for seed in range(MANY):
        path = STORE / f"{seed:02}.json"
        if not path.exists():
            path.write_bytes(wire.dumps(lives(seed)))
    found = {
        path.stem: summary(wire.loads(path.read_bytes(), Deal))
        for path in sorted(STORE.glob("*.json"))
    }
    text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    SUMMARY.write_text(text, encoding="utf-8")


if os.environ.get("KEYACCOUNT_ACCEPT"):
    accept()
STORED = sorted(STORE.glob("*.json"))


def stored() -> Iterator[Deal]:
    for path in STORED:
        yield wire.loads(path.read_bytes(), Deal)


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_a_stored_history_replays_to_the_same_bytes(path: Path) -> None:
    text = path.read_bytes()

    deal = wire.loads(text, Deal)

    assert wire.dumps(deal) == text
    assert wire.dumps(stages.replay(deal.id, deal.history)) == text


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_a_stored_history_comes_to_what_it_came_to(path: Path) -> None:
    known = json.loads(SUMMARY.read_text(encoding="utf-8"))

    assert summary(wire.loads(path.read_bytes(), Deal)) == known[path.stem]


def test_a_record_at_a_time_or_all_at_once_is_the_same_deal() -> None:
    for deal in stored():
        for number, record in enumerate(deal.history, start=1):
            part = stages.replay(deal.id, deal.history[:number])
            assert part.last == record
            assert part.version == number


def test_the_stored_histories_have_seen_everything() -> None:
    records = [record for deal in stored() for record in deal.history]

    assert len(STORED) >= 50
    assert {record.event.kind for record in records} == set(EventKind)
    assert {record.policy.name for record in records} == {"stages", "stages-signature"}
    assert {record.event.loss_reason for record in records} >= {None, *LossReason}
    assert any(record.overridden for record in records)
    assert any(record.paused_days for record in records)
    assert any(deal.pause for deal in stored())
    assert {deal.outcome for deal in stored()} > {None}
    assert {record.event.at.utcoffset() for record in records} >= {
        dt.timedelta(hours=hours) for hours in (-5, 0, 1, 8)
    }


# Another rule's opinion.


def rejudged(deal: Deal, pipeline: Pipeline) -> list[tuple[str, Tri, tuple[str, ...]]]:
    return [
        (one.record.event.id, one.stopped, tuple(gap.code for gap in one.unmet))
        for one in stages.rejudge(deal, pipeline)
    ]


def walked(gate: str = "pass") -> Deal:
    """A deal that came to the second stage, stepped back, and was lost."""
    facts = {**MET["stages"], "gate_is_real": gate}
    wave = {"approver": "director", "reason": "they insist"}
    deal = moved(opened(), event(EventKind.ADVANCE, 1, "on", **wave), facts)
    deal = moved(deal, complete(EventKind.BACK, 2, identifier="back"))
    return moved(deal, complete(EventKind.LOSE, 3, identifier="lost"))


def stricter(when: str) -> Pipeline:
    """The shipped pipeline with one exit more at its first stage."""
    plain = wire.unstructure(SHIPPED)
    plain["stages"][0]["exits"].append({"id": "more", "when": when})
    return wire.structure(plain, Pipeline)


def test_the_same_rule_finds_what_was_overridden_and_nothing_else() -> None:
    assert rejudged(walked(), SHIPPED) == [("on", Tri.NO, ())]
    assert rejudged(walked("hold"), SHIPPED) == [("on", Tri.YES, ("is-real",))]


def test_a_new_rule_would_have_stopped_the_deal_or_not_or_nobody_knows() -> None:
    own = stricter("term_rated and not concerns_accepted")
    deal = walked()
    record = deal.history[1]
    unasked = attrs.evolve(
        record,
        facts=Seen(SHIPPED.read({"source_recorded": True, "gate_is_real": "pass"})),
    )

    assert rejudged(deal, stricter("contract_value > 10")) == [("on", Tri.NO, ())]
    assert rejudged(deal, own) == [("on", Tri.YES, ("more",))]
    assert [
        one.stopped
        for one in stages.rejudge([deal.history[0], unasked, *deal.history[2:]], own)
    ] == [Tri.UNKNOWN]


def test_a_fact_that_the_new_rule_reads_in_another_way_is_unknown_to_it() -> None:
    old = branching()
    facts = MET["branches"]
    deal = opened(old, "pilot")
    deal = moved(deal, event(EventKind.WIN, 1, "won"), facts, old)
    plain = wire.unstructure(old)
    plain["facts"][1] |= {"low": 100}
    plain["facts"][2] |= {"choices": ["green", "blue"]}
    plain["stages"][1]["exits"][1]["when"] = "pilot_users >= 100"

    assert rejudged(deal, wire.structure(plain, Pipeline)) == [
        ("won", Tri.UNKNOWN, ("users",))
    ]


def test_what_happened_at_a_stage_that_the_new_rule_lacks_nobody_can_judge() -> None:
    (found,) = stages.rejudge(walked(), SIGNATURE)
    (gap,) = found.unmet

    assert (found.record.event.id, found.stopped) == ("on", Tri.UNKNOWN)
    assert (gap.code, gap.answer) == ("unknown-stage", Tri.UNKNOWN)
    assert gap.found == (("stage", "identification"),)
    assert gap.needed.startswith("noticing, identifying")


def test_a_stage_to_which_an_event_led_may_be_no_more() -> None:
    plain = wire.unstructure(SHIPPED)
    del plain["stages"][1]
    shorter = wire.structure(plain, Pipeline)
    deal = moved(
        opened(),
        event(EventKind.ADVANCE, 1, "on", to="need-confirmation"),
        MET["stages"],
    )

    # Where the event led is no more: what it would have left is judged all the same.
    assert rejudged(deal, shorter) == [("on", Tri.NO, ())]


def test_a_way_that_the_new_rule_closes_would_have_stopped_the_deal() -> None:
    skip = event(
        EventKind.ADVANCE, 1, "on", to="solution-design", approver="W", reason="r"
    )
    deal = moved(opened(), skip, MET["stages"])
    plain = wire.unstructure(SHIPPED)
    plain["stages"][0]["to"] = ["proposal-negotiation", "need-confirmation"]

    assert rejudged(deal, wire.structure(plain, Pipeline)) == [
        ("on", Tri.YES, ("skip",))
    ]


# Histories that are none.


def test_a_history_out_of_order_is_refused_with_all_that_is_wrong() -> None:
    first, second, third, fourth = walked().history
    again = attrs.evolve(third, event=first.event, version=2)

    assert refused(stages.replay, "d1", [first, fourth, again]) == (
        ("$.history[2].event.id", "duplicate"),
        ("$.history[1].version", "not-sorted"),
        ("$.history[2].version", "not-sorted"),
        ("$.history[2].event.at", "not-sorted"),
    )
    assert refused(stages.replay, "d1", [second, first])[0][1] == "not-sorted"
    assert refused(stages.replay, "d1", []) == (("$.history", "empty"),)
    assert refused(
        stages.replay,
        "d1",
        [attrs.evolve(first, version=0, stage="", paused_days=-1)],
    ) == (
        ("$.history[0].version", "out-of-range"),
        ("$.history[0].stage", "bad-syntax"),
        ("$.history[0].paused_days", "out-of-range"),
    )


def test_a_history_may_begin_late() -> None:
    deal = walked()

    late = stages.replay("d1", deal.history[2:])

    assert (late.version, late.stage, late.outcome) == (4, deal.stage, deal.outcome)
    assert late.latest == deal.latest


def test_a_record_may_be_made_by_hand_from_a_hosts_own_columns() -> None:
    what = DealEvent("o", EventKind.OPEN, AT, "Li")
    seen = Seen(SHIPPED.read({}))
    record = Accepted(what, 1, "identification", AT, None, None, 0, seen, SHIPPED.ref)

    deal = stages.replay("d1", iter([record]))

    assert deal == stages.open_deal("d1", what)
    assert moved(deal, event(EventKind.ADVANCE), MET["stages"]).version == 2
