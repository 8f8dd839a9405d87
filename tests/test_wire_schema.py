"""JSON Schema: drawn from the shapes that the converter reads by."""

from __future__ import annotations

import json
from typing import Generic, TypeVar

import attrs
import jsonschema  # type: ignore[import-untyped]  # its stubs are a package of their own
import pytest

from keyaccount import rules, wire
from keyaccount.domain import Attitude, Customer, Money, Tranche
from keyaccount.rules import Condition, Evidence, Policy, Row, Scorer, Verdict
from keyaccount.wire import Limits
from tests.policies.ladder import TEXT, LadderPolicy
from tests.refusals import refused


CARRIED = [
    rule
    for rule in map(rules.__dict__.get, rules.__all__)
    if isinstance(rule, type) and attrs.has(rule)
]


def is_valid(data: object, type_: type) -> bool:
    return bool(jsonschema.Draft202012Validator(wire.schema(type_)).is_valid(data))


@pytest.mark.parametrize(
    "rule",
    [
        rules.Criterion,
        rules.DecisionTable,
        rules.FactSchema,
        rules.Gates,
        rules.Policy,
        rules.Reason,
        rules.Scorecard,
    ],
)
def test_every_rule_has_a_schema(rule: type) -> None:
    assert rule in CARRIED
    jsonschema.Draft202012Validator.check_schema(wire.schema(rule))


@pytest.mark.parametrize(
    ("type_", "data"),
    [
        (Money, {"amount": "1_0", "currency": "CNY"}),
        (Money, {"amount": True, "currency": "CNY"}),
        (Money, {"amount": "1"}),
        (Money, {"amount": "1", "currency": "CNY", "x": 1}),
        (Customer, {"id": "c", "name": None}),
        (Customer, {"id": "c", "name": "n", "relation": "trader"}),
        (Customer, {"id": "c", "name": "n", "years": [{"year": "2025"}]}),
        (Customer, {"keyaccount": 2, "id": "c", "name": "n"}),
        (Tranche, {"share": "1", "timing": "pre", "tenor_days": "7"}),
        (Row, {"id": "a", "when": "", "then": "b"}),
        (Row, {"id": "a", "when": "x", "then": "b", "adds": "c"}),
        (Policy, {"name": "p", "version": "1", "numbers": {"a b": 1}}),
        (Policy, {"name": "p", "version": "1", "numbers": {"a": {"unit": "x"}}}),
        (Policy, {"name": "p", "version": "1", "labels": 3}),
    ],
)
def test_what_the_schema_refuses_is_refused_on_reading(
    type_: type, data: object
) -> None:
    assert not is_valid(data, type_)
    assert refused(wire.loads, json.dumps(data), type_)


@pytest.mark.parametrize(
    ("type_", "data"),
    [
        (Money, {"amount": 1.5, "currency": "CNY"}),
        (Tranche, {"share": "1", "timing": None, "tenor_days": "unknown"}),
        (Tranche, {"share": 1, "cover": "unknown"}),
        (Policy, {"name": "p", "version": "1", "numbers": {"a": 1, "b": {"value": 2}}}),
    ],
)
def test_what_reading_accepts_the_schema_allows(type_: type, data: object) -> None:
    assert is_valid(data, type_)
    assert wire.loads(json.dumps(data), type_)


def test_a_policys_numbers_may_stand_by_name() -> None:
    data = wire.unstructure(wire.structure(wire.read_toml(TEXT), LadderPolicy))
    data["rows"][0]["adds"] = "large"

    assert is_valid(data, LadderPolicy)
    assert repr(wire.structure(data, LadderPolicy).rows[0].adds) == (
        "Named(1000.0, 'large')"
    )


def test_a_class_that_holds_itself_is_defined_once() -> None:
    assert "reason" in wire.schema(rules.Reason)["$defs"]
    assert wire.schema(Money)["$defs"] == {}


def test_a_scorer_that_is_no_attrs_class_has_no_schema() -> None:
    with pytest.raises(TypeError, match="no attrs class"):
        wire.schema(rules.Criterion, kinds={"list": list})


def test_a_list_and_a_condition_have_schemas_without_a_header() -> None:
    several = wire.schema(tuple[Money, ...])

    assert several["type"] == "array"
    assert list(several["$defs"]) == ["money"]
    assert wire.schema(Condition)["type"] == "string"


def test_what_is_left_open_may_be_anything() -> None:
    schema = wire.schema(Verdict)

    assert schema["properties"]["value"] == {"anyOf": [{}, {"type": "null"}]}


T = TypeVar("T")


@attrs.frozen
class Box(Generic[T]):
    """Holds one thing."""

    held: T


@attrs.frozen
class Boxes:
    number: Box[int]
    text: Box[str]
    attitude: Attitude | None = Attitude.NEUTRAL
    scorer: Scorer | None = None
    note: str | None = "-"
    pairs: tuple[tuple[int | str, int], ...] = ()


def test_two_shapes_of_one_name_are_told_apart() -> None:
    schema = wire.schema(Boxes)

    assert set(schema["$defs"]) == {"box", "box-2"}
    boxes = Boxes(Box(1), Box("a"), pairs=((1, 2),))
    plain = wire.unstructure(boxes)
    assert jsonschema.Draft202012Validator(schema).is_valid(plain)
    assert wire.structure(plain, Boxes) == boxes


def test_null_says_unknown_where_the_word_would_be_a_value() -> None:
    boxes = Boxes(Box(1), Box("a"), None, None, None)

    plain = wire.unstructure(boxes)

    assert plain["attitude"] is None
    assert plain["note"] is None
    assert wire.structure(plain, Boxes) == boxes
    said = wire.structure({**plain, "attitude": "unknown", "note": "unknown"}, Boxes)
    assert said.attitude is Attitude.UNKNOWN
    assert said.note == "unknown"


def test_a_part_that_cannot_be_written_is_found_in_its_list() -> None:
    steps = rules.Row("a", rules.Compare("x", rules.Op.GE, float("nan")), "b")

    assert refused(wire.unstructure, (steps,)) == (("$[0].when", "not-finite"),)


@pytest.mark.parametrize("value", [object(), Boxes, print])
def test_what_is_no_data_is_not_written(value: object) -> None:
    with pytest.raises(TypeError, match="cannot write"):
        wire.unstructure(value)
    with pytest.raises(TypeError, match=r"no attrs class|cannot read|does not carry"):
        wire.schema(Evidence)


def test_a_longer_number_needs_more_than_a_wider_limit() -> None:
    wide = Limits(digits=100)
    huge = {"amount": 10**40, "currency": "CNY"}

    assert refused(wire.structure, huge, Money, limits=wide) == (
        ("$.amount", "out-of-range"),
    )
    assert refused(wire.structure, {"held": 10**40}, Box[int], limits=wide) == (
        ("$.held", "too-long"),
    )
