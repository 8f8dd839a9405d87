"""Facts: one door for values, and nothing unheard of behind it."""

from __future__ import annotations

import enum
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.exceptions import UnknownFactError
from keyaccount.rules import Fact, FactSchema, FactValue
from keyaccount.tri import Tri
from tests.refusals import refused
from tests.rule_strategies import facts_for, schemas


class Timing(enum.Enum):
    """When the money comes, as a program would write it."""

    PRE = "pre"
    POST = "post"


ABOUT = FactSchema(
    (
        Fact.number("margin", unit="share", low=-1.0, high=1.0),
        Fact.choice("timing", ("pre", "post")),
        Fact.yes_no("dispute"),
        Fact.number("due", low=0.0),
        Fact.number("loss", high=0.0),
    )
)


@pytest.mark.parametrize(
    "given, found",
    [
        ({"margin": 0.25}, 0.25),
        ({"margin": 1}, 1.0),
        ({"margin": Decimal("0.1")}, 0.1),
        ({"margin": -0.0}, 0.0),
        ({"margin": float("nan")}, None),
        ({"margin": Decimal("NaN")}, None),
        ({"margin": None}, None),
        ({}, None),
        ({"timing": "post"}, "post"),
        ({"timing": Timing.PRE}, "pre"),
        ({"dispute": True}, Tri.YES),
        ({"dispute": Tri.NO}, Tri.NO),
        ({"dispute": Tri.UNKNOWN}, None),
    ],
)
def test_the_door_lets_one_form_of_every_value_in(
    given: dict[str, object], found: FactValue
) -> None:
    name = next(iter(given), "margin")

    value = ABOUT.read(given)[name]

    assert value == found
    assert type(value) is type(found)


def test_minus_nothing_is_nothing() -> None:
    assert str(ABOUT.read({"margin": -0.0})["margin"]) == "0.0"


@pytest.mark.parametrize(
    "given, code",
    [
        ({"margin": "0.3"}, "wrong-type"),
        ({"margin": True}, "wrong-type"),
        ({"margin": Tri.YES}, "wrong-type"),
        ({"margin": float("inf")}, "not-finite"),
        ({"margin": 10**400}, "not-finite"),
        ({"margin": Decimal("sNaN")}, "not-finite"),
        ({"margin": 1.5}, "out-of-range"),
        ({"margin": -1.5}, "out-of-range"),
        ({"due": -1}, "out-of-range"),
        ({"loss": 1}, "out-of-range"),
        ({"timing": "later"}, "unknown-choice"),
        ({"timing": 7}, "unknown-choice"),
        ({"timing": ["pre"]}, "unknown-choice"),
        ({"dispute": "yes"}, "wrong-type"),
        ({"dispute": 1}, "wrong-type"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_by_name(
    given: dict[str, object], code: str
) -> None:
    (name,) = given

    assert refused(ABOUT.read, given) == ((f"$.{name}", code),)


def test_all_wrong_values_are_told_at_once() -> None:
    found = refused(ABOUT.read, {"margin": "x", "timing": "x", "dispute": "x"})

    assert [path for path, _ in found] == ["$.margin", "$.timing", "$.dispute"]


def test_a_name_nobody_declared_is_an_error_with_the_near_match() -> None:
    with pytest.raises(UnknownFactError, match="'margin'"):
        ABOUT.read({"margn": 0.3})
    with pytest.raises(UnknownFactError):
        ABOUT.read({})["sales"]
    with pytest.raises(UnknownFactError):
        ABOUT["sales"]


def test_facts_are_a_mapping_in_declared_order() -> None:
    facts = ABOUT.read({"dispute": True, "margin": 0.5})

    assert list(facts) == list(ABOUT.names)
    assert len(facts) == 5
    assert facts.unknown == ("timing", "due", "loss")
    assert repr(facts) == "Facts(margin=0.5, dispute=yes)"
    assert [fact.name for fact in ABOUT] == list(ABOUT.names)
    assert "margin" in ABOUT
    assert ABOUT["timing"].choices == ("pre", "post")


def test_changed_facts_pass_the_door_again() -> None:
    facts = ABOUT.read({"margin": 0.5})

    assert facts.with_(margin=None, timing="pre") == ABOUT.read({"timing": "pre"})
    assert refused(facts.with_, margin=7) == (("$.margin", "out-of-range"),)


def test_the_question_is_the_name_unless_another_is_given() -> None:
    assert Fact.number("gross_margin").question == "gross-margin"
    assert Fact("gross_margin", question="ask-margin").question == "ask-margin"


@pytest.mark.parametrize(
    "make, found",
    [
        (lambda: Fact.number("two words"), ("$.name", "bad-syntax")),
        (lambda: Fact.number("class"), ("$.name", "bad-syntax")),
        (lambda: Fact.number(""), ("$.name", "bad-syntax")),
        (lambda: Fact.number(7), ("$.name", "bad-syntax")),  # type: ignore[arg-type]  # the value under test
        (lambda: Fact.choice("timing", ()), ("$.choices", "empty")),
        (lambda: Fact("margin", choices=("a",)), ("$.choices", "empty")),
        (lambda: Fact.choice("timing", ("a", "a")), ("$.choices", "duplicate")),
        (lambda: Fact.number("x", low=2.0, high=1.0), ("$.low", "out-of-range")),
        (lambda: Fact.number("x", low=float("nan")), ("$.low", "not-finite")),
        (lambda: Fact.number("x", high=float("inf")), ("$.high", "not-finite")),
        (lambda: Fact.number("x", high=10**400), ("$.high", "not-finite")),
        (lambda: Fact.number("x", low="1"), ("$.low", "wrong-type")),  # type: ignore[arg-type]  # the value under test
        (
            lambda: FactSchema((Fact.number("x"), Fact.yes_no("x"))),
            ("$.facts", "duplicate"),
        ),
    ],
)
def test_a_declaration_that_makes_no_sense_is_refused(
    make: object, found: tuple[str, str]
) -> None:
    assert refused(make) == (found,)  # type: ignore[arg-type]  # callables of the table


@given(data=st.data(), schema=schemas())
def test_what_came_through_the_door_comes_through_again(
    data: st.DataObject, schema: FactSchema
) -> None:
    facts = data.draw(facts_for(schema))

    assert schema.read(facts) == facts
    assert hash(schema.read(facts)) == hash(facts)
