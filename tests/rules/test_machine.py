"""A machine of stages: ways, guards, and what is wrong before anything runs."""

from __future__ import annotations

import itertools
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.exceptions import Problems, UnknownNameError
from keyaccount.rules import (
    Fact,
    FactSchema,
    Gate,
    Machine,
    Station,
    asked_by,
    checked_machine,
    fact,
    holds,
)
from keyaccount.tri import Tri
from tests.refusals import refused


ABOUT = FactSchema(
    (
        Fact.yes_no("asked"),
        Fact.yes_no("answered"),
        Fact.number("price", low=0, high=100),
        Fact.choice("mood", ("good", "bad")),
    )
)
EXITS = (
    Gate("asked", fact("asked").is_yes()),
    Gate("cheap", fact("price") < 50),
    Gate("cheerful", fact("mood").one_of("good") | fact("answered").is_yes()),
)
MACHINE = Machine(
    "short",
    ABOUT,
    (
        Station("a", to=("b", "c"), exits=EXITS),
        Station("b", to=("c",), back=("a",)),
        Station("c", back=("a", "b"), ends=True),
    ),
)
FACTS = st.fixed_dictionaries(
    {
        "asked": st.sampled_from([True, False, None]),
        "answered": st.sampled_from([True, False, None]),
        "price": st.sampled_from([None, 0, 49.9, 50, 100]),
        "mood": st.sampled_from([None, "good", "bad"]),
    }
)


def machine(*stations: Station) -> Machine:
    return Machine("m", ABOUT, stations)


def end(name: str, *exits: Gate, **more: object) -> Station:
    return Station(name, exits=exits, ends=True, **more)  # type: ignore[arg-type]  # a test's shorthand


def test_everything_begins_at_the_first_stage() -> None:
    assert MACHINE.start == "a"
    assert MACHINE["c"].ends
    assert list(MACHINE.by_id) == ["a", "b", "c"]


def test_a_stage_that_does_not_exist_is_an_error_with_the_near_one() -> None:
    with pytest.raises(UnknownNameError, match="stage"):
        MACHINE["d"]


@pytest.mark.parametrize(
    "start, end, left",
    [
        ("a", "b", ("a",)),
        ("a", "c", ("a",)),
        ("b", "c", ("b",)),
        ("b", "a", ()),
        ("a", "a", ()),
        ("a", "z", ()),
    ],
)
def test_the_way_on_is_the_shortest_one(
    start: str, end: str, left: tuple[str, ...]
) -> None:
    assert MACHINE.way(start, end) == left


def test_a_way_may_go_round() -> None:
    ring = machine(
        Station("a", to=("b",)), Station("b", to=("c",)), end("c", to=("a",))
    )

    assert ring.way("b", "a") == ("b", "c")
    assert ring.way("c", "b") == ("c", "a")


@given(FACTS)
def test_a_guard_says_what_its_conditions_say(known: dict[str, object]) -> None:
    facts = ABOUT.read(known)
    guard = MACHINE.guards["a"]
    plain = [(gate, holds(gate.when, facts)) for gate in EXITS]

    unmet = [(gate, answer) for gate, answer in plain if answer is not Tri.YES]

    assert list(guard.unmet(facts)) == unmet
    assert guard.codes(facts) == tuple(gate.id for gate, _ in unmet)
    assert (guard.passes(facts) == "met") is (not unmet)
    told = {Tri.YES: "exit-met", Tri.NO: "exit-unmet", Tri.UNKNOWN: "exit-open"}
    assert [(one.code, one.get("exit")) for one in guard.why(facts)] == [
        (told[answer], gate.id) for gate, answer in plain
    ]
    assert all(len(one.because) == 1 for one in guard.why(facts))


def test_where_nothing_guards_anybody_passes() -> None:
    guard = MACHINE.guards["b"]
    facts = ABOUT.read({})

    assert guard.passes(facts) == "met"
    assert (guard.codes(facts), guard.unmet(facts), guard.why(facts)) == ((), (), ())
    assert guard.asks == ()


def test_a_guard_asks_for_each_fact_once_in_order() -> None:
    assert MACHINE.guards["a"].asks == ("asked", "price", "mood", "answered")
    twice = (fact("price") < 50) | (fact("price") > 90) | ~fact("asked").is_yes()
    assert list(asked_by(twice)) == ["price", "price", "asked"]


def test_a_machine_is_a_value() -> None:
    same = pickle.loads(pickle.dumps(MACHINE))  # noqa: S301 - our own

    assert same == MACHINE
    assert hash(same) == hash(MACHINE)
    assert same.guards["a"].codes(ABOUT.read({})) == ("asked", "cheap", "cheerful")


@pytest.mark.parametrize(
    "stations, found",
    [
        ((), (("$.stations", "empty"),)),
        (
            tuple(end(f"s{index}") for index in range(101)),
            (("$.stations", "too-large"),),
        ),
        (
            (Station("a", to=("b",)), end("b"), end("b")),
            (("$.stations", "duplicate"),),
        ),
        (
            (Station("a", to=("b", "bb")), end("b")),
            (("$.stations[0].to[1]", "unknown-choice"),),
        ),
        (
            (Station("a", to=("b",), back=("z",)), end("b")),
            (("$.stations[0].back[0]", "unknown-choice"),),
        ),
        (
            (Station("a", to=("a", "b")), end("b", back=("b",))),
            (
                ("$.stations[0].to[0]", "contradiction"),
                ("$.stations[1].back[0]", "contradiction"),
            ),
        ),
        (
            (Station("a", to=("b", "b")), end("b", back=("a", "a"))),
            (
                ("$.stations[0].to[1]", "duplicate"),
                ("$.stations[1].back[1]", "duplicate"),
            ),
        ),
        (
            (Station("a", to=("b",)), end("b"), end("c")),
            (("$.stations[2]", "unreachable-stage"),),
        ),
        (
            (Station("a", to=("b", "c")), end("b"), Station("c")),
            (("$.stations[2]", "dead-end"),),
        ),
        (
            (Station("a", to=("b",)), Station("b", to=("a",))),
            (("$.stations[0]", "dead-end"), ("$.stations[1]", "dead-end")),
        ),
    ],
)
def test_a_machine_whose_ways_make_no_sense_is_refused(
    stations: tuple[Station, ...], found: tuple[tuple[str, str], ...]
) -> None:
    assert refused(Machine, "m", ABOUT, stations) == found


@pytest.mark.parametrize(
    "exits, found",
    [
        (EXITS[:1] * 2, (("exits", "duplicate"),)),
        (
            (
                Gate("e", fact("price") < 5),
                Gate("f", fact("price") < 50),
                Gate("g", fact("price") > 60),
            ),
            (("exits", "impossible-exit"), ("exits", "impossible-exit")),
        ),
        ((Gate("e", fact("aksed").is_yes()),), (("exits[0].when", "unknown-fact"),)),
        ((Gate("e", fact("asked") >= 1),), (("exits[0].when", "wrong-type"),)),
        ((Gate("e", fact("price") > 100),), (("exits[0]", "impossible-exit"),)),
        (
            (Gate("e", fact("asked").is_yes() & ~fact("asked").is_yes()),),
            (("exits[0]", "impossible-exit"),),
        ),
        (
            (Gate("low", fact("price") < 5), Gate("high", fact("price") > 7)),
            (("exits", "impossible-exit"),),
        ),
        (
            (
                Gate("either", fact("asked").is_yes() | fact("answered").is_yes()),
                Gate("not-one", ~fact("asked").is_yes()),
                Gate("not-other", ~fact("answered").is_yes()),
            ),
            (("exits", "impossible-exit"),),
        ),
        (
            (
                Gate("wrong", fact("aksed").is_yes()),
                Gate("never", fact("price") < 0),
                Gate("fine", fact("asked").is_yes()),
            ),
            (("exits[0].when", "unknown-fact"), ("exits[1]", "impossible-exit")),
        ),
    ],
)
def test_exits_that_nobody_can_meet_are_refused(
    exits: tuple[Gate, ...], found: tuple[tuple[str, str], ...]
) -> None:
    assert refused(machine, end("a", *exits)) == tuple(
        (f"$.stations[0].{path}", code) for path, code in found
    )


def test_a_machine_has_five_hundred_exits_at_most() -> None:
    exits = tuple(Gate(f"e{index}", fact("asked").is_yes()) for index in range(251))
    stations = (Station("a", to=("b",), exits=exits), end("b", *exits))

    assert refused(Machine, "m", ABOUT, stations) == (("$.stations", "too-large"),)
    assert machine(end("a", *exits)).start == "a"


def test_exits_that_are_too_many_to_try_are_given_the_benefit_of_the_doubt() -> None:
    about = FactSchema(tuple(Fact.number(f"n{index}") for index in range(20)))
    steps = tuple(
        Gate(f"g{index}-{step}", fact(f"n{index}") > step)
        for index, step in itertools.product(range(20), range(4))
    )

    assert Machine("many", about, (end("a", *steps),)).guards["a"].exits == steps


def test_a_machine_is_built_or_all_that_is_wrong_is_noted() -> None:
    problems = Problems()
    built = checked_machine(problems, name="m", about=ABOUT, stations=MACHINE.stations)
    none = checked_machine(
        problems, "ways", name="m", about=ABOUT, stations=(Station("a", to=("b",)),)
    )

    assert built == Machine("m", ABOUT, MACHINE.stations)
    assert none is None
    assert [(one.path, one.code) for one in problems.all()] == [
        ("$.ways[0].to[0]", "unknown-choice"),
        ("$.ways[0]", "dead-end"),
    ]


@given(st.data())
def test_whatever_is_accepted_can_be_walked_to_its_end(data: st.DataObject) -> None:
    """From every stage of a machine that stands some end can be reached, on facts."""
    names = [f"s{index}" for index in range(data.draw(st.integers(1, 5)))]
    ways = st.lists(st.sampled_from(names), unique=True, max_size=3)
    stations = tuple(
        Station(
            name, tuple(data.draw(ways)), exits=EXITS, ends=data.draw(st.booleans())
        )
        for name in names
    )
    problems = Problems()

    built = checked_machine(problems, name="m", about=ABOUT, stations=stations)

    assert (built is None) is bool(problems)
    if built is None:
        return
    met = ABOUT.read({"asked": True, "price": 1, "mood": "good"})
    ends = [one.id for one in stations if one.ends]
    for name in names:
        assert built.guards[name].passes(met) == "met"
        assert name == built.start or built.way(built.start, name)
        assert name in ends or any(built.way(name, one) for one in ends)


def test_exits_that_are_too_many_to_be_tried_are_taken_on_trust() -> None:
    about = FactSchema(tuple(Fact.number(f"f{at}") for at in range(200)))
    exits = [Gate(f"g{at}", fact(f"f{at}") >= 1) for at in range(200)]
    opposed = Gate("opposed", fact("f0") < 0)
    problems = Problems()

    many = (end("a", *exits, opposed),)
    assert checked_machine(problems, name="m", about=about, stations=many)
    assert not problems
    few = (end("a", exits[0], opposed),)
    assert checked_machine(problems, name="m", about=about, stations=few) is None
