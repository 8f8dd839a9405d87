"""Gates: the first that is not passed decides, the rest is informative."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.rules import (
    Fact,
    FactSchema,
    Gate,
    GateAnswer,
    Gates,
    fact,
    pass_through,
)
from keyaccount.tri import Tri, all_of
from tests.refusals import refused


NAMES = ("is_real", "can_compete", "can_win", "worth_winning")
ABOUT = FactSchema(tuple(Fact.yes_no(name) for name in NAMES))
GATES = Gates("go", ABOUT, tuple(Gate(name, fact(name).is_yes()) for name in NAMES))
ANSWERS = st.sampled_from(Tri)


def test_all_gates_are_judged_and_the_first_closed_one_decides() -> None:
    facts = ABOUT.read({"is_real": True, "can_compete": False, "can_win": True})

    passage = pass_through(GATES, facts)

    assert passage.answers == (
        GateAnswer("is_real", Tri.YES, is_informative=False),
        GateAnswer("can_compete", Tri.NO, is_informative=False),
        GateAnswer("can_win", Tri.YES, is_informative=True),
        GateAnswer("worth_winning", Tri.UNKNOWN, is_informative=True),
    )
    assert passage.passed is Tri.NO
    assert passage.first_failing == "can_compete"
    assert passage.first_open == "worth_winning"


def test_an_open_gate_leaves_the_way_open() -> None:
    passage = pass_through(GATES, ABOUT.read({"is_real": True}))

    assert passage.passed is Tri.UNKNOWN
    assert passage.first_failing is None
    assert passage.first_open == "can_compete"


@given(answers=st.tuples(ANSWERS, ANSWERS, ANSWERS, ANSWERS))
def test_the_way_is_passed_if_every_gate_is(answers: tuple[Tri, ...]) -> None:
    facts = ABOUT.read(dict(zip(NAMES, answers, strict=True)))

    passage = pass_through(GATES, facts)

    assert passage.passed is all_of(answers)
    assert (passage.first_failing is None) is (Tri.NO not in answers)
    assert (passage.first_open is None) is (Tri.UNKNOWN not in answers)


@pytest.mark.parametrize(
    "gates, found",
    [
        ((), ("$.gates", "empty")),
        (GATES.gates[:1] * 2, ("$.gates", "duplicate")),
        ((Gate("a", fact("is_rael").is_yes()),), ("$.gates[0].when", "unknown-fact")),
        ((Gate("a", fact("is_real") >= 1),), ("$.gates[0].when", "wrong-type")),
    ],
)
def test_gates_that_make_no_sense_are_refused(
    gates: tuple[Gate, ...], found: tuple[str, str]
) -> None:
    assert refused(Gates, "go", ABOUT, gates) == (found,)
