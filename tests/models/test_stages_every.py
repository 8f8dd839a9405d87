"""Every move there is: each stage, event, target, gate result and state of a deal.

Issue 3, acceptance 2: each ends in one of the four answers, none in an exception, and
what `options` offers is what `decide` accepts.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

import pytest

from keyaccount import wire
from keyaccount.domain import DealEvent, EventKind, GateId, GateResult
from keyaccount.models import stages
from keyaccount.models.stages import (
    Conflict,
    Deal,
    Duplicate,
    Moved,
    Option,
    Pipeline,
    Refused,
)
from keyaccount.tri import Tri
from tests.models.stage_deals import (
    MET,
    NOTHING,
    PIPELINES,
    UNMET,
    closed,
    complete,
    event,
    opened,
    paused,
)


NAMED = {EventKind.ADVANCE, EventKind.BACK, EventKind.OPEN, EventKind.REOPEN}
APPROVED = {EventKind.ADVANCE, EventKind.WIN}
NEEDING = {
    EventKind.BACK,
    EventKind.PAUSE,
    EventKind.LOSE,
    EventKind.ABANDON,
    EventKind.REOPEN,
}
RESULTS = (*(result.value for result in GateResult), None)
PLACES = [
    (name, plan.id) for name, pipeline in PIPELINES.items() for plan in pipeline.stages
]


def states(pipeline: Pipeline, stage: str) -> Iterator[Deal]:
    """Yield a deal at the stage: open, on hold, and ended in every way."""
    yield opened(pipeline, stage)
    yield paused(pipeline, stage)
    yield closed(EventKind.LOSE, pipeline, stage)
    yield closed(EventKind.ABANDON, pipeline, stage)
    if pipeline.by_id[stage].wins:
        yield closed(EventKind.WIN, pipeline, stage)


def known(name: str) -> Iterator[Mapping[str, object]]:
    """Yield facts: every result of the gates, with the rest met, not met, unknown."""
    for rest, result in itertools.product((MET[name], UNMET[name], NOTHING), RESULTS):
        gates = {f"gate_{gate.value.replace('-', '_')}": result for gate in GateId}
        yield {**rest, **gates}


def targets(pipeline: Pipeline, kind: EventKind) -> tuple[str | None, ...]:
    ids = tuple(plan.id for plan in pipeline.stages)
    return (None, *ids) if kind in NAMED else (None,)


def check(deal: Deal, what: DealEvent, ruling: object) -> None:
    """Hold what is true of every answer to a new event."""
    if isinstance(ruling, Moved):
        assert ruling.deal.version == deal.version + 1
        assert ruling.deal.id == deal.id
        assert ruling.deal.history[:-1] == deal.history
        assert ruling.record.event is what
        return
    assert isinstance(ruling, Refused)
    assert ruling.deal is deal
    assert ruling.event is what
    assert ruling.unmet
    assert ruling.codes == tuple(gap.code for gap in ruling.unmet)
    assert all(gap.answer is not Tri.YES for gap in ruling.unmet)
    asked = [gap for gap in ruling.unmet if gap.answer is Tri.UNKNOWN]
    assert bool(ruling.missing) is bool(asked)


def meant(pipeline: Pipeline, deal: Deal, what: DealEvent) -> str | None:
    """Say which stage an event means that names none."""
    station = pipeline.machine[deal.stage]
    if what.to is not None or what.kind not in NAMED:
        return what.to
    if what.kind is EventKind.ADVANCE:
        return station.to[0] if len(station.to) == 1 else None
    if what.kind is EventKind.BACK:
        return station.back[-1] if station.back else None
    return deal.stage


def offered(
    found: tuple[Option, ...], kind: EventKind, to: str | None
) -> Option | None:
    return next((one for one in found if (one.kind, one.to) == (kind, to)), None)


@pytest.mark.parametrize("name, stage", PLACES)
def test_every_event_anywhere_ends_in_one_of_four_answers(
    name: str, stage: str
) -> None:
    """S2-8 to S2-12, S2-14; `decide` accepts what `options` offers, nothing else."""
    pipeline = PIPELINES[name]
    for deal in states(pipeline, stage):
        before = wire.dumps(deal)
        for facts in known(name):
            told = pipeline.read(facts)
            options = stages.options(deal, told, pipeline=pipeline)
            for kind in EventKind:
                for to in targets(pipeline, kind):
                    what = complete(kind, 2, to=to)
                    option = offered(options, kind, meant(pipeline, deal, what))
                    ruling = stages.decide(deal, what, told, pipeline=pipeline)

                    check(deal, what, ruling)
                    is_open = option is not None and option.is_open_to is Tri.YES
                    assert isinstance(ruling, Moved) is is_open
                    if option is not None and isinstance(ruling, Refused):
                        assert ruling.unmet == option.unmet
        assert wire.dumps(deal) == before


@pytest.mark.parametrize("name, stage", PLACES)
def test_an_event_that_says_too_little_is_refused_wherever_it_happens(
    name: str, stage: str
) -> None:
    pipeline = PIPELINES[name]
    for deal, kind in itertools.product(states(pipeline, stage), NEEDING):
        for to in targets(pipeline, kind):
            what = event(kind, 2, to=to)
            ruling = stages.decide(deal, what, MET[name], pipeline=pipeline)
            whole = stages.decide(
                deal, complete(kind, 2, to=to), MET[name], pipeline=pipeline
            )

            check(deal, what, ruling)
            assert isinstance(ruling, Refused)
            needed = {"reason", "resume-on", "loss-reason"} & set(ruling.codes)
            assert needed
            others = () if isinstance(whole, Moved) else whole.unmet  # type: ignore[union-attr]  # a new event, no version
            assert set(others) == {
                gap for gap in ruling.unmet if gap.code not in needed
            }


@pytest.mark.parametrize("name, stage", PLACES)
def test_an_approver_waves_through_exits_and_skips_and_nothing_else(
    name: str, stage: str
) -> None:
    pipeline = PIPELINES[name]
    way = pipeline.machine.way
    for deal, facts in itertools.product(states(pipeline, stage), known(name)):
        is_free = deal.is_open and deal.pause is None
        told = pipeline.read(facts)
        for kind in APPROVED:
            for to in targets(pipeline, kind):
                what = event(kind, 2, to=to, approver="boss", reason="a friend's word")
                plain = stages.decide(
                    deal, event(kind, 2, to=to), told, pipeline=pipeline
                )
                ruling = stages.decide(deal, what, told, pipeline=pipeline)

                check(deal, what, ruling)
                target = meant(pipeline, deal, what)
                leads = bool(target and way(stage, target))
                if kind is EventKind.WIN:
                    leads = pipeline.by_id[stage].wins
                assert isinstance(ruling, Moved) is (is_free and leads)
                if isinstance(ruling, Moved):
                    waived = plain.codes if isinstance(plain, Refused) else ()
                    assert ruling.record.overridden == waived


@pytest.mark.parametrize("name, stage", PLACES)
def test_an_approver_without_a_reason_waves_nothing_through(
    name: str, stage: str
) -> None:
    pipeline = PIPELINES[name]
    for deal, kind in itertools.product(states(pipeline, stage), APPROVED):
        for facts, to in itertools.product(known(name), targets(pipeline, kind)):
            told = pipeline.read(facts)
            plain = stages.decide(deal, event(kind, 2, to=to), told, pipeline=pipeline)
            ruling = stages.decide(
                deal, event(kind, 2, to=to, approver="boss"), told, pipeline=pipeline
            )

            assert type(ruling) is type(plain)
            if isinstance(ruling, Refused) and isinstance(plain, Refused):
                assert set(ruling.codes) - {"reason"} == set(plain.codes)


@pytest.mark.parametrize("name, stage", PLACES)
def test_the_event_again_is_a_duplicate_and_an_old_version_a_conflict(
    name: str, stage: str
) -> None:
    pipeline = PIPELINES[name]
    for deal in states(pipeline, stage):
        for record in deal.history:
            ruling = stages.decide(deal, record.event, pipeline=pipeline)
            assert ruling == Duplicate(deal, record)
        for kind in EventKind:
            for version in {deal.version - 1, deal.version + 1, 10**9}:
                what = complete(kind, 2, expected_version=version)
                ruling = stages.decide(deal, what, MET[name], pipeline=pipeline)
                assert ruling == Conflict(deal, what)
            same = complete(kind, 2, expected_version=deal.version)
            told = stages.decide(deal, same, MET[name], pipeline=pipeline)
            free = stages.decide(deal, complete(kind, 2), MET[name], pipeline=pipeline)
            assert type(told) is type(free)


@pytest.mark.parametrize("name, stage", PLACES)
def test_an_event_from_before_the_last_one_is_refused_with_all_the_rest(
    name: str, stage: str
) -> None:
    pipeline = PIPELINES[name]
    for deal, kind in itertools.product(states(pipeline, stage), EventKind):
        for to in targets(pipeline, kind):
            late = complete(kind, 2, to=to)
            early = complete(kind, -2, to=to)
            usual = stages.decide(deal, late, MET[name], pipeline=pipeline)
            ruling = stages.decide(deal, early, MET[name], pipeline=pipeline)

            assert isinstance(ruling, Refused)
            others = usual.codes if isinstance(usual, Refused) else ()
            assert set(ruling.codes) == {"early", *others}


@pytest.mark.parametrize("name, stage", PLACES)
def test_every_answer_can_be_told_in_three_languages(name: str, stage: str) -> None:
    pipeline = PIPELINES[name]
    for deal, kind in itertools.product(states(pipeline, stage), EventKind):
        for facts in (MET[name], UNMET[name], NOTHING):
            for what in (complete(kind, 2), event(kind, -2, "old")):
                ruling = stages.decide(deal, what, facts, pipeline=pipeline)
                for locale in ("en", "zh-Hans", "zh-Hant"):
                    lines = ruling.explain(locale)
                    assert len(lines) == len(list(ruling.why.walk()))
                    assert all(line.strip() for line in lines)
