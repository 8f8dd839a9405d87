"""Deals, their answers and the facts they saw, both ways; the unknown is left out."""

from __future__ import annotations

import functools
import json
import keyword
from collections.abc import Mapping
from typing import Any, cast

import jsonschema  # type: ignore[import-untyped]  # its stubs are a package of their own
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import wire
from keyaccount.domain import EventKind
from keyaccount.exceptions import ReadError
from keyaccount.models import stages
from keyaccount.models.stages import (
    Accepted,
    Conflict,
    Deal,
    Duplicate,
    Moved,
    Option,
    Pipeline,
    Refused,
    Rejudged,
    Ruling,
)
from keyaccount.tri import Tri
from tests.models.stage_deals import (
    MET,
    PIPELINES,
    SHIPPED,
    UNMET,
    closed,
    complete,
    event,
    moved,
    opened,
    paused,
)
from tests.refusals import refused


def deals() -> list[Deal]:
    skip = event(EventKind.ADVANCE, 2, to="solution-design", approver="王", reason="急")
    return [
        opened(),
        paused(),
        closed(EventKind.LOSE),
        closed(EventKind.ABANDON, stage="solution-design"),
        closed(EventKind.WIN, stage="contract-signing"),
        moved(opened(facts=UNMET["stages"]), skip, MET["stages"]),
        moved(opened(), skip).latest,
        *(opened(pipeline, facts=MET[name]) for name, pipeline in PIPELINES.items()),
    ]


def rulings() -> list[Ruling]:
    deal = moved(opened(), event(EventKind.ADVANCE), MET["stages"])
    whats = (
        event(EventKind.ADVANCE),
        event(EventKind.WIN, 2, expected_version=9),
        *(complete(kind, 2) for kind in EventKind),
        *(event(kind, -9, identifier="early") for kind in EventKind),
    )
    return [
        stages.decide(deal, what, facts)
        for what in whats
        for facts in (MET["stages"], UNMET["stages"], {})
    ]


DEALS, RULINGS = deals(), rulings()


def kind_of(ruling: Ruling) -> str:
    return type(ruling).__name__.lower()


@functools.cache
def validator(type_: object) -> Any:  # noqa: ANN401 - its class has no types
    schema = wire.schema(cast("type", type_))  # a union is an alias, no class
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def valid(data: object, type_: object) -> bool:
    return bool(validator(type_).is_valid(data))


@pytest.mark.parametrize("deal", DEALS, ids=repr)
def test_a_deal_that_is_written_is_read_back(deal: Deal) -> None:
    text = wire.dumps(deal)

    back = wire.loads(text, Deal)

    assert back == deal
    assert wire.dumps(back) == text
    assert wire.structure(wire.unstructure(deal), Deal) == deal
    assert json.loads(text)["type"] == "deal"


@pytest.mark.parametrize("deal", DEALS, ids=repr)
def test_a_deal_keeps_to_its_schema(deal: Deal) -> None:
    plain = wire.unstructure(deal)

    assert valid(plain, Deal)
    assert valid(json.loads(wire.dumps(deal)), Deal)
    for record in plain["history"]:
        assert valid(record, Accepted)
        assert wire.structure(record, Accepted) in deal.history


def test_there_is_an_answer_of_every_kind() -> None:
    assert {type(ruling) for ruling in RULINGS} == {Moved, Refused, Duplicate, Conflict}


@pytest.mark.parametrize("ruling", RULINGS, ids=kind_of)
def test_an_answer_says_which_one_it_is_and_is_read_back(ruling: Ruling) -> None:
    plain = {"kind": kind_of(ruling), **wire.unstructure(ruling)}

    assert wire.structure(plain, Ruling) == ruling  # type: ignore[arg-type]  # a union is an alias, no class
    assert wire.structure(wire.unstructure(ruling), type(ruling)) == ruling
    assert wire.loads(wire.dumps(ruling), type(ruling)) == ruling
    assert valid(json.loads(wire.dumps(ruling)), type(ruling))
    assert valid(plain, Ruling)
    assert not valid({**plain, "kind": "perhaps"}, Ruling)


def test_an_answer_of_no_kind_is_none() -> None:
    plain = wire.unstructure(RULINGS[0])

    assert refused(wire.structure, plain, Ruling) == (("$.kind", "missing"),)
    assert refused(wire.structure, {**plain, "kind": "won"}, Ruling) == (
        ("$.kind", "unknown-choice"),
    )


def test_options_and_second_opinions_can_be_sent_too() -> None:
    deal = moved(opened(), event(EventKind.ADVANCE), MET["stages"])

    for option in stages.options(deal):
        assert wire.structure(wire.unstructure(option), Option) == option
        assert valid(wire.unstructure(option), Option)
    for judged in stages.rejudge(deal, SHIPPED):
        assert wire.structure(wire.unstructure(judged), Rejudged) == judged


@pytest.mark.parametrize("pipeline", PIPELINES.values(), ids=lambda one: one.name)
def test_a_pipeline_keeps_to_its_schema(pipeline: Pipeline) -> None:
    assert valid(wire.unstructure(pipeline), Pipeline)


# What a judgement saw.


def record(**facts: object) -> dict[str, object]:
    plain: dict[str, object] = wire.unstructure(opened().last)
    return {**plain, "facts": facts}


SEEN = st.dictionaries(
    st.from_regex(r"[a-z_][a-z0-9_]{0,20}", fullmatch=True).filter(
        lambda name: not keyword.iskeyword(name)
    ),
    st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | st.integers(-(10**9), 10**9)
    | st.sampled_from(["pass", "on-hold", "2"]),
)


@given(SEEN)
def test_what_was_seen_needs_nobody_to_declare_it(known: Mapping[str, object]) -> None:
    seen = wire.structure(record(**known), Accepted).facts

    assert list(seen) == list(known)
    for name, value in known.items():
        assert seen[name] == (Tri.of(value) if isinstance(value, bool) else value)


def test_what_was_seen_is_written_by_name_and_without_the_unknown() -> None:
    deal = moved(
        opened(),
        event(EventKind.ADVANCE),
        {"source_recorded": True, "gate_is_real": "pass", "term_rated": False},
    )

    plain = wire.unstructure(deal)["history"][1]["facts"]

    assert list(plain.items()) == [
        ("gate_is_real", "pass"),
        ("source_recorded", True),
        ("term_rated", False),
    ]


@pytest.mark.parametrize(
    "facts, found",
    [
        ({"a b": 1}, ("$.facts['a b'].name", "bad-syntax")),
        ({"class": True}, ("$.facts.class.name", "bad-syntax")),
        ({"x": [1]}, ("$.facts.x", "wrong-type")),
        ({"x": {}}, ("$.facts.x", "wrong-type")),
        ({"x": float("inf")}, ("$.facts.x", "not-finite")),
        ({"x": 10**400}, ("$.facts.x", "too-long")),
    ],
)
def test_what_nobody_can_have_seen_is_refused_by_its_name(
    facts: dict[str, object], found: tuple[str, str]
) -> None:
    assert refused(wire.structure, record(**facts), Accepted) == (found,)


def test_all_that_is_wrong_with_a_stored_deal_is_said_at_once() -> None:
    plain = wire.unstructure(paused())
    first, second = plain["history"]
    first["version"] = "1"
    first["facts"] = {"x": [1], "y-z": True}
    second["event"]["kind"] = "sleep"
    second["event"]["at"] = "2026-01-05T09:30:00"
    second["pause"]["until"] = "2026-02-01"
    del second["policy"]

    assert set(refused(wire.structure, plain, Deal)) == {
        ("$.history[0].version", "wrong-type"),
        ("$.history[0].facts.x", "wrong-type"),
        ("$.history[0].facts.y-z.name", "bad-syntax"),
        ("$.history[1].event.kind", "unknown-choice"),
        ("$.history[1].event.at", "wrong-type"),
        ("$.history[1].pause.until", "unknown-key"),
        ("$.history[1].policy", "missing"),
    }


def test_a_stored_deal_out_of_order_is_refused_where_it_stands() -> None:
    plain = wire.unstructure(paused())
    plain["history"].reverse()

    assert refused(wire.structure, plain, Deal) == (
        ("$.history[1].version", "not-sorted"),
        ("$.history[1].event.at", "not-sorted"),
    )


def test_a_deal_that_was_read_goes_on_as_if_it_had_never_been_written() -> None:
    deal = wire.loads(wire.dumps(opened()), Deal)

    assert moved(deal, event(EventKind.ADVANCE), MET["stages"]).stage == (
        "need-confirmation"
    )
    with pytest.raises(ReadError):
        wire.loads(wire.dumps(opened()), Pipeline)


def test_a_document_says_which_of_several_answers_it_is() -> None:
    deal = opened()
    ruling = stages.decide(deal, event(EventKind.ADVANCE))
    one_of_four = cast("type[Any]", stages.Ruling)

    assert wire.loads(wire.dumps(ruling), one_of_four) == ruling
    with pytest.raises(ReadError, match=r"\$\.type: got 'deal'; use one of conflict"):
        wire.loads(wire.dumps(deal), one_of_four)
