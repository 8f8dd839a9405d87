"""Laws of a decision: pure, once, monotone; deals and answers are values."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import wire
from keyaccount.domain import EventKind
from keyaccount.exceptions import (
    EventReusedError,
    InvalidValueError,
    UnknownFactError,
)
from keyaccount.models import stages
from keyaccount.models.stages import Conflict, Deal, Duplicate, Moved, Refused, Ruling
from keyaccount.tri import Tri
from tests.models.stage_deals import (
    AT,
    DAY,
    FULL,
    MET,
    PIPELINES,
    SHIPPED,
    SIGNATURE,
    UNMET,
    branching,
    closed,
    complete,
    event,
    moved,
    opened,
    paused,
)


ADVANCE = event(EventKind.ADVANCE)


def facts_of(name: str) -> st.SearchStrategy[dict[str, object]]:
    """Some of the facts that meet the exits, some of those that do not."""
    met, unmet = MET[name], UNMET[name]
    return st.fixed_dictionaries(
        {one: st.sampled_from([met[one], met[one], unmet[one], None]) for one in met}
    )


PLACES = st.sampled_from(
    [(name, one.id) for name, pipeline in PIPELINES.items() for one in pipeline.stages]
)
GUARDED = st.sampled_from([EventKind.ADVANCE, EventKind.WIN])


@given(PLACES, GUARDED, st.data())
def test_the_same_question_has_the_same_answer_and_changes_nothing(
    place: tuple[str, str], kind: EventKind, data: st.DataObject
) -> None:
    name, stage = place
    pipeline = PIPELINES[name]
    facts = data.draw(facts_of(name))
    deal, kept = opened(pipeline, stage), dict(facts)
    before = wire.dumps(deal)

    first = stages.decide(deal, event(kind), facts, pipeline=pipeline)
    second = stages.decide(deal, event(kind), facts, pipeline=pipeline)

    assert first == second
    assert hash(first) == hash(second)
    assert first.why == second.why
    assert facts == kept
    assert wire.dumps(deal) == before


@given(PLACES, GUARDED, st.data())
def test_knowing_more_never_stops_a_deal_that_could_move(
    place: tuple[str, str], kind: EventKind, data: st.DataObject
) -> None:
    name, stage = place
    pipeline = PIPELINES[name]
    facts = data.draw(facts_of(name))
    more = {
        fact: data.draw(st.sampled_from([MET[name][fact], UNMET[name][fact]]))
        if value is None
        else value
        for fact, value in facts.items()
    }
    deal = opened(pipeline, stage)

    ruling = stages.decide(deal, event(kind), facts, pipeline=pipeline)
    later = stages.decide(deal, event(kind), more, pipeline=pipeline)

    if isinstance(ruling, Moved):
        assert isinstance(later, Moved)
    elif isinstance(ruling, Refused):
        sure = {gap.code for gap in ruling.unmet if gap.answer is Tri.NO}
        told = set(later.codes) if isinstance(later, Refused) else set()
        assert sure <= told <= set(ruling.codes)


@given(PLACES, GUARDED, st.data())
def test_facts_are_the_same_whoever_brings_them(
    place: tuple[str, str], kind: EventKind, data: st.DataObject
) -> None:
    name, stage = place
    pipeline = PIPELINES[name]
    facts = data.draw(facts_of(name))
    deal = opened(pipeline, stage)
    own = stages.decide(deal, event(kind), facts, pipeline=pipeline)
    twin = copy.deepcopy(pipeline)
    known = {fact: value for fact, value in facts.items() if value is not None}
    backwards = dict(reversed(known.items()))

    for told in (pipeline.read(facts), twin.read(facts), known, backwards):
        assert stages.decide(deal, event(kind), told, pipeline=pipeline) == own
    if isinstance(own, Moved):
        seen = wire.loads(wire.dumps(own.deal), Deal).last.facts
        assert stages.decide(deal, event(kind), seen, pipeline=pipeline) == own


@pytest.mark.parametrize("value", [1, 1.0, Decimal(1), Decimal("1.00"), 10**6])
def test_a_number_is_a_number_whatever_its_type(value: object) -> None:
    deal = opened(stage="contract-signing")

    won = moved(deal, event(EventKind.WIN), {**FULL, "contract_value": value})

    assert won.last.facts["contract_value"] == float(value)  # type: ignore[arg-type]  # a number


@pytest.mark.parametrize("value", [float("nan"), Decimal("NaN"), None])
def test_what_is_no_number_is_unknown(value: object) -> None:
    deal = opened(stage="contract-signing")
    ruling = stages.decide(
        deal, event(EventKind.WIN), {**FULL, "contract_value": value}
    )

    assert isinstance(ruling, Refused)
    (gap,) = ruling.unmet
    assert (gap.code, gap.answer) == ("value-known", Tri.UNKNOWN)
    assert [asked.fact for asked in ruling.missing] == ["contract_value"]


def test_a_fact_that_nobody_knows_is_an_error_with_the_near_one() -> None:
    with pytest.raises(UnknownFactError, match="source_recorded"):
        stages.decide(opened(), ADVANCE, {"source_record": True})
    with pytest.raises(InvalidValueError, match="mandatory_needs"):
        stages.decide(opened(), ADVANCE, {"mandatory_needs": -1})


@given(PLACES, GUARDED)
def test_an_event_happens_once(place: tuple[str, str], kind: EventKind) -> None:
    name, stage = place
    pipeline = PIPELINES[name]
    what = event(kind, approver="director", reason="so be it")
    ruling = stages.decide(opened(pipeline, stage), what, pipeline=pipeline)
    if not isinstance(ruling, Moved):
        return

    again = stages.decide(ruling.deal, what, MET[name], pipeline=pipeline)

    assert again == Duplicate(ruling.deal, ruling.record)
    assert again.explain()
    other = attrs.evolve(what, actor="Zhao")
    with pytest.raises(EventReusedError, match="d1"):
        stages.decide(ruling.deal, other, pipeline=pipeline)


def test_the_event_again_from_another_time_zone_is_the_same_event() -> None:
    deal = moved(opened(), ADVANCE, FULL)
    utc = attrs.evolve(ADVANCE, at=ADVANCE.at.astimezone(dt.UTC))

    assert isinstance(stages.decide(deal, utc), Duplicate)


def test_whoever_is_slower_hears_of_it() -> None:
    """QUALITY D3."""
    deal = opened()
    one = event(EventKind.ADVANCE, 1, "one", expected_version=1)
    other = event(EventKind.LOSE, 1, "other", expected_version=1)

    faster = moved(deal, one, FULL)
    slower = stages.decide(faster, other)

    assert slower == Conflict(faster, other)
    assert (slower.why.get("needed"), slower.why.get("got")) == (1, 2)
    assert stages.decide(faster, one) == Duplicate(faster, faster.last)


# Values.


def test_a_deal_is_a_value() -> None:
    deal, same = paused(), paused()
    other = opened()

    assert deal == same
    assert hash(deal) == hash(same)
    assert deal != other
    assert deal != "d1"
    assert len({deal, same, other}) == 2
    assert pickle.loads(pickle.dumps(deal)) == deal  # noqa: S301 - our own
    assert copy.deepcopy(deal) == deal


def test_equal_facts_are_equal_in_any_order() -> None:
    """A database may keep the keys of an object in an order of its own."""
    deal = moved(opened(), ADVANCE, FULL)
    plain = wire.unstructure(deal)
    for record in plain["history"]:
        record["facts"] = dict(reversed(record["facts"].items()))

    back = wire.structure(plain, Deal)

    assert back == deal
    assert hash(back.last) == hash(deal.last)
    assert wire.dumps(back) == wire.dumps(deal)


def answers() -> tuple[Ruling, ...]:
    deal = moved(opened(), ADVANCE, FULL)
    return (
        stages.decide(opened(), ADVANCE, FULL),
        stages.decide(opened(), ADVANCE, UNMET["stages"]),
        stages.decide(deal, ADVANCE),
        stages.decide(deal, event(EventKind.WIN, expected_version=1)),
    )


@pytest.mark.parametrize("answer", answers(), ids=lambda one: type(one).__name__)
def test_an_answer_is_a_value(answer: Ruling) -> None:
    back = pickle.loads(pickle.dumps(answer))  # noqa: S301 - our own

    assert back == answer == copy.deepcopy(answer)
    assert hash(back) == hash(answer)
    assert back.explain() == answer.explain()
    assert answer != "moved"
    assert len({type(one) for one in answers()}) == 4
    assert [answer == one for one in answers()].count(True) == 1


@pytest.mark.parametrize(
    "value", [opened(), *answers()], ids=lambda one: type(one).__name__
)
def test_nothing_about_a_deal_or_an_answer_can_be_set(value: object) -> None:
    for name in dir(value):
        if not name.startswith("_"):
            with pytest.raises(AttributeError):
                setattr(value, name, None)
            with pytest.raises(AttributeError):
                delattr(value, name)
    with pytest.raises(AttributeError):
        value.remark = "a new one"  # type: ignore[attr-defined]  # the point


def test_deals_and_answers_say_in_a_line_what_they_are() -> None:
    won = closed(EventKind.WIN, stage="contract-signing")
    gap = stages.decide(opened(), ADVANCE)

    assert repr(opened()) == "<Deal d1 v1 stages/identification>"
    assert repr(won) == "<Deal d1 v2 stages/contract-signing won>"
    assert "paused until 2026-02-05" in repr(paused())
    assert repr(gap) == "<Refused d1 advance: is-real>"
    assert repr(stages.decide(opened(), ADVANCE, FULL)) == (
        "<Moved <Deal d1 v2 stages/need-confirmation>>"
    )


@pytest.mark.parametrize(
    "pipeline", [SHIPPED, SIGNATURE, branching()], ids=lambda one: one.name
)
def test_a_trimmed_deal_is_decided_like_the_whole_one(
    pipeline: stages.Pipeline,
) -> None:
    deal = paused(pipeline, days=3)
    deal = moved(deal, event(EventKind.RESUME, 5), pipeline=pipeline)
    short = deal.latest
    day = AT.date() + 40 * DAY

    assert (short.version, short.stage, short.days_in_stage(day)) == (
        deal.version,
        deal.stage,
        deal.days_in_stage(day),
    )
    assert short.path == ()
    assert stages.options(short, pipeline=pipeline) == stages.options(
        deal, pipeline=pipeline
    )
    for kind in EventKind:
        whole = stages.decide(
            deal, complete(kind, 9), MET[pipeline.name], pipeline=pipeline
        )
        trimmed = stages.decide(
            short, complete(kind, 9), MET[pipeline.name], pipeline=pipeline
        )
        assert type(whole) is type(trimmed)
        if isinstance(whole, Moved) and isinstance(trimmed, Moved):
            assert whole.record == trimmed.record
            assert whole.why == trimmed.why
