"""Conditions: two rails, Kleene's laws, and no truth of their own."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.rules import (
    All,
    Any,
    Between,
    Compare,
    Condition,
    Fact,
    FactSchema,
    FactValue,
    Known,
    Named,
    Not,
    OneOf,
    Op,
    Yes,
    fact,
    holds,
)
from keyaccount.rules._conditions import Reading, compare, constants, rails, walk
from keyaccount.tri import Tri, all_of, any_of, negate
from tests.refusals import refused
from tests.rule_strategies import completions, conditions, facts_for, schemas


ABOUT = FactSchema(
    (
        Fact.number("margin"),
        Fact.choice("timing", ("pre", "doc", "post")),
        Fact.yes_no("dispute"),
    )
)
MARGIN = fact("margin")


@pytest.mark.parametrize(
    "condition, value, answer",
    [
        (MARGIN >= 0.3, 0.3, Tri.YES),
        (MARGIN >= 0.3, 0.29, Tri.NO),
        (MARGIN > 0.3, 0.3, Tri.NO),
        (MARGIN <= 0.3, 0.3, Tri.YES),
        (MARGIN < 0.3, 0.3, Tri.NO),
        (MARGIN.equals(0.3), 0.3, Tri.YES),
        (MARGIN.equals(0.3), 0.1 + 0.2, Tri.NO),
        (Compare("margin", Op.NE, 0.3), 0.3, Tri.NO),
        (Compare("margin", Op.NE, 0.3), 0.4, Tri.YES),
        (MARGIN.between(0.1, 0.3), 0.1, Tri.YES),
        (MARGIN.between(0.1, 0.3), 0.3, Tri.YES),
        (MARGIN.between(0.1, 0.3), 0.4, Tri.NO),
        (Between("margin", 0.1, 0.3, low_included=False), 0.1, Tri.NO),
        (Between("margin", 0.1, 0.3, high_included=False), 0.3, Tri.NO),
        (MARGIN.is_known(), 0.0, Tri.YES),
        (MARGIN.is_known(), None, Tri.NO),
        (~MARGIN.is_known(), None, Tri.YES),
        (MARGIN >= 0.3, None, Tri.UNKNOWN),
        (MARGIN.between(0.1, 0.3), None, Tri.UNKNOWN),
        (Compare("margin", Op.NE, 0.3), None, Tri.UNKNOWN),
        (MARGIN.equals(0.3), None, Tri.UNKNOWN),
        (fact("timing").one_of("pre", "doc"), "doc", Tri.YES),
        (fact("timing").one_of("pre", "doc"), "post", Tri.NO),
        (fact("timing").one_of("pre", "doc"), None, Tri.UNKNOWN),
        (fact("dispute").is_yes(), Tri.YES, Tri.YES),
        (fact("dispute").is_yes(), Tri.NO, Tri.NO),
        (fact("dispute").is_yes(), None, Tri.UNKNOWN),
    ],
)
def test_a_condition_answers_yes_no_or_not_known(
    condition: Condition, value: FactValue, answer: Tri
) -> None:
    asked = getattr(next(iter(reversed(list(walk(condition))))), "fact", "margin")

    assert holds(condition, ABOUT.read({asked: value})) is answer


@pytest.mark.parametrize("op", Op)
def test_a_span_is_compared_end_by_end(op: Op) -> None:
    ends = (1.0, 2.0, 3.0)
    for low in ends:
        for high in (end for end in ends if end >= low):
            for value in (0.5, *ends, 3.5):
                steps = [low, (low + high) / 2, high, min(max(value, low), high)]
                single = [compare(op, (x, x), value) for x in steps]

                must, may = compare(op, (low, high), value)

                assert must is all(surely for surely, _ in single)
                assert may is any(perhaps for _, perhaps in single)


def test_a_score_is_compared_as_a_fold() -> None:
    reading = Reading(ABOUT.read({}), {"composite": (5960.0, 7960.0)})

    assert rails(fact("composite") >= 60, reading) == (False, True)
    assert rails(fact("composite") >= 59.6, reading) == (True, True)
    assert rails(fact("composite").between(80, 90), reading) == (False, False)


def test_a_score_can_be_handed_to_a_question() -> None:
    facts = ABOUT.read({})

    assert holds(fact("composite") >= 60, facts, {"composite": (6e3, 7e3)}) is Tri.YES


# ── Kleene ───────────────────────────────────────────────────────────────────────


@given(data=st.data(), schema=schemas())
def test_not_swaps_the_rails(data: st.DataObject, schema: FactSchema) -> None:
    condition = data.draw(conditions(schema))
    reading = Reading(data.draw(facts_for(schema)))

    must, may = rails(condition, reading)

    assert rails(Not(condition), reading) == (not may, not must)
    assert rails(~Not(condition), reading) == (must, may)
    assert may or not must


@given(data=st.data(), schema=schemas())
def test_joined_conditions_follow_kleene(
    data: st.DataObject, schema: FactSchema
) -> None:
    terms = data.draw(st.lists(conditions(schema), min_size=1, max_size=3))
    facts = data.draw(facts_for(schema))
    answers = [holds(term, facts) for term in terms]

    assert holds(All(tuple(terms)), facts) is all_of(answers)
    assert holds(Any(tuple(terms)), facts) is any_of(answers)
    assert holds(Not(terms[0]), facts) is negate(answers[0])


@given(data=st.data(), schema=schemas())
def test_unknown_never_decides(data: st.DataObject, schema: FactSchema) -> None:
    condition = data.draw(conditions(schema).filter(_asks_no_known))
    facts = data.draw(facts_for(schema))
    told = data.draw(completions(facts))

    before, after = holds(condition, facts), holds(condition, told)

    assert after is not Tri.UNKNOWN
    assert before in {after, Tri.UNKNOWN}


def _asks_no_known(condition: Condition) -> bool:
    return not any(isinstance(part, Known) for part in walk(condition))


def test_signs_join_conditions() -> None:
    left, right = MARGIN >= 0.3, fact("dispute").is_yes()

    assert left & right == All((left, right))
    assert left | right == Any((left, right))
    assert ~left == Not(left)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: bool(MARGIN >= 0.3),
        lambda: not (MARGIN >= 0.3),
        lambda: (MARGIN >= 0.3) and (MARGIN <= 0.5),
        lambda: 0.3 <= MARGIN <= 0.5,
        lambda: bool(Known("margin")),
        lambda: bool(All((Yes("dispute"),))),
    ],
)
def test_a_condition_has_no_truth_of_its_own(ask: Callable[[], object]) -> None:
    with pytest.raises(TypeError, match=r"join with & \| ~"):
        ask()


# ── Looking through a condition ──────────────────────────────────────────────────


def test_every_part_and_every_constant_is_found() -> None:
    timing = fact("timing").one_of("pre")
    condition = ~((MARGIN >= 0.3) & timing) | MARGIN.between(0.5, 0.7)

    kinds = [type(part).__name__ for part in walk(condition)]

    assert kinds == ["Any", "Not", "All", "Compare", "OneOf", "Between"]
    found = list(constants(condition))
    assert found == [("margin", 0.3), ("margin", 0.5), ("margin", 0.7)]


def test_a_named_number_is_a_number_that_remembers_its_name() -> None:
    number = Named(60, "enter_strategic")

    assert number == 60.0
    assert repr(number) == "Named(60.0, 'enter_strategic')"
    sent = pickle.loads(pickle.dumps(number))  # noqa: S301 - our own bytes
    for copied in (sent, copy.deepcopy(number)):
        assert (copied, copied.name) == (60.0, "enter_strategic")


# ── What does not fit the facts ──────────────────────────────────────────────────


def deep(levels: int) -> Condition:
    condition: Condition = MARGIN >= 0.3
    for _ in range(levels - 1):
        condition = Not(condition)
    return condition


NOBODY = "margn"
NAN = float("nan")


@pytest.mark.parametrize(
    "condition, codes",
    [
        (fact(NOBODY) >= 3, ["unknown-fact"]),
        (fact(NOBODY).is_known(), ["unknown-fact"]),
        (OneOf(NOBODY, ("pre",)), ["unknown-fact"]),
        (fact("timing") >= 3, ["wrong-type"]),
        (MARGIN.is_yes(), ["wrong-type"]),
        (MARGIN.one_of("pre"), ["wrong-type"]),
        (fact("timing").one_of("late"), ["unknown-choice"]),
        (fact("timing").one_of(), ["empty"]),
        (Compare("margin", Op.GE, NAN), ["not-finite"]),
        (Compare("margin", Op.GE, float("inf")), ["not-finite"]),
        (MARGIN >= 10**400, ["not-finite"]),
        (MARGIN >= True, ["wrong-type"]),
        (MARGIN >= "0.3", ["wrong-type"]),  # type: ignore[operator]  # under test
        (MARGIN.between(0.5, 0.3), ["out-of-range"]),
        (MARGIN.between(0.5, NAN), ["not-finite"]),
        (Between("margin", "a", None), ["wrong-type", "wrong-type"]),  # type: ignore[arg-type]  # under test
        (All(()), ["empty"]),
        (Any(()), ["empty"]),
        (Not(True), ["wrong-type"]),  # type: ignore[arg-type]  # the value under test
        (All((None, MARGIN >= "x")), ["wrong-type", "wrong-type"]),  # type: ignore[arg-type, operator]  # under test
        (False, ["wrong-type"]),  # fact("margin") == 0.3 is plain False
        ("margin >= 0.3", ["wrong-type"]),
        (deep(17), ["too-deep"]),
        (deep(1_000_000), ["too-deep"]),
        (fact(NOBODY).is_yes() & (fact("timing") >= 3), ["unknown-fact", "wrong-type"]),
    ],
    ids=lambda value: "" if isinstance(value, list) else type(value).__name__,
)
@pytest.mark.hostile
def test_a_condition_that_does_not_fit_is_refused(
    condition: Condition, codes: list[str]
) -> None:
    found = refused(holds, condition, ABOUT.read({}))

    assert [code for _, code in found] == codes


def test_sixteen_levels_are_enough_for_anybody() -> None:
    assert holds(deep(16), ABOUT.read({"margin": 0.3})) is Tri.NO


def test_the_near_match_counts_the_scores_as_well() -> None:
    with pytest.raises(ValueError, match="'composite'"):
        holds(fact("compsite") >= 60, ABOUT.read({}), {"composite": (0.0, 1e4)})
