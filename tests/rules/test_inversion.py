"""Inversion: the values of one fact that give the answer, to the last bit."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.exceptions import (
    HitPolicyError,
    NoRowError,
    ScorerError,
    UnknownFactError,
)
from keyaccount.rules import (
    Criterion,
    Decay,
    DecisionTable,
    Fact,
    Facts,
    FactSchema,
    HitPolicy,
    Interval,
    Linear,
    Row,
    Scorecard,
    Steps,
    fact,
    judge,
    reaching,
)
from keyaccount.rules._inversion import _float, _rank
from tests.refusals import refused
from tests.rule_strategies import anchors_of, cases


ABOUT = FactSchema(
    (
        Fact.number("sales", low=0.0),
        Fact.number("margin", low=-1.0, high=1.0),
        Fact.choice("timing", ("pre", "post")),
    )
)
CARD = Scorecard(
    "composite",
    ABOUT,
    (
        Criterion("sales", "sales", 70, Linear(0.0, 50e6)),
        Criterion("margin", "margin", 30, Linear(0.0, 0.4)),
    ),
)
LADDER = DecisionTable(
    "ladder",
    ABOUT,
    (
        Row("gold", fact("sales") >= 50e6, "gold"),
        Row("strategic", (fact("sales") >= 10e6) & (fact("composite") >= 60), "good"),
        Row("growing", fact("sales").between(1e6, 2e6), "odd"),
    ),
    "plain",
    scorecards=(CARD,),
)
INF = math.inf


def below(value: float) -> float:
    return math.nextafter(value, -INF)


def test_a_threshold_is_found() -> None:
    facts = ABOUT.read({"margin": 0.0})

    assert reaching(LADDER, facts, "sales", ("gold",)) == (Interval(50e6, INF),)


def test_a_score_is_inverted_through_its_curve_to_the_last_bit() -> None:
    facts = ABOUT.read({"margin": 0.2})

    ((low, high),) = (
        (found.low, found.high) for found in reaching(LADDER, facts, "sales", ("good",))
    )

    assert low == pytest.approx(45 / 70 * 50e6)
    assert high == below(50e6)
    assert judge(LADDER, facts.with_(sales=low)) == ("good",)
    assert judge(LADDER, facts.with_(sales=below(low))) == ("plain",)


def test_several_stretches_are_told_apart() -> None:
    facts = ABOUT.read({"margin": 0.2})

    found = reaching(LADDER, facts, "sales", ("plain",))

    assert [interval.low for interval in found] == [0.0, math.nextafter(2e6, INF)]
    assert found[0].high == below(1e6)


def test_an_unknown_fact_leaves_only_what_is_sure() -> None:
    (found,) = reaching(LADDER, ABOUT.read({}), "sales", ("good", "gold"))

    assert found.low == pytest.approx(60 / 70 * 50e6)
    assert found.high == INF


def test_a_declared_range_ends_the_search() -> None:
    facts = ABOUT.read({"sales": 45e6})

    (found,) = reaching(LADDER, facts, "margin", ("good",))
    everything = reaching(LADDER, facts, "margin", ("good", "plain"))

    assert found.high == 1.0
    assert everything == (Interval(-1.0, 1.0),)
    assert reaching(LADDER, facts, "margin", ("gold",)) == ()


def test_without_a_range_there_is_no_end() -> None:
    about = FactSchema((Fact.number("x"),))
    rows = (Row("a", fact("x") < 3, "a"), Row("b", fact("x") > 3, "b"))
    table = DecisionTable("t", about, rows, None)
    facts = about.read({})

    assert reaching(table, facts, "x", ("a",)) == (Interval(-INF, below(3.0)),)
    assert reaching(table, facts, "x", ("b",)) == (
        Interval(math.nextafter(3.0, INF), INF),
    )
    assert len(reaching(table, facts, "x", ("a", "b"))) == 2  # the gap is no answer


def test_rows_that_clash_are_no_answer() -> None:
    about = FactSchema((Fact.number("x"),))
    rows = (Row("a", fact("x") <= 3, "a"), Row("b", fact("x") >= 2, "b"))
    table = DecisionTable("t", about, rows, None, HitPolicy.UNIQUE)

    found = reaching(table, about.read({}), "x", ("a", "b"))

    assert found == (
        Interval(-INF, below(2.0)),
        Interval(math.nextafter(3.0, INF), INF),
    )


def wave(fact: float, /) -> float:
    return 50.0 + 50.0 * math.sin(fact)


@pytest.mark.parametrize(
    "scorer",
    [Linear(10.0, -10.0), Steps(((0.0, 20.0), (5.0, 90.0))), Decay(3.0), wave],
)
def test_every_curve_can_be_inverted(scorer: Linear) -> None:
    about = FactSchema((Fact.number("x", low=-10.0, high=10.0),))
    card = Scorecard("score", about, (Criterion("x", "x", 100, scorer),))
    rows = (Row("up", fact("score") >= 60, "up"),)
    table = DecisionTable("t", about, rows, "down", scorecards=(card,))

    found = reaching(table, about.read({}), "x", ("up",))

    assert found
    for at in range(-1000, 1001):
        facts = about.read({"x": at / 100})
        inside = any(at / 100 in interval for interval in found)
        assert inside is (judge(table, facts) == ("up",))


def test_a_curve_that_fails_is_no_answer() -> None:
    about = FactSchema((Fact.number("x"),))
    wild = Criterion("x", "x", 100, lambda x: x)
    card = Scorecard("score", about, (wild,))
    rows = (Row("up", fact("x") >= 60, "up"),)
    table = DecisionTable("t", about, rows, "down", scorecards=(card,))

    (found,) = reaching(table, about.read({}), "x", ("up",))

    assert found == Interval(60.0, 100.0)


SINGLE = tuple(hit for hit in HitPolicy if hit.is_single)


@given(case=cases(hits=SINGLE, columnar=True), data=st.data())
def test_inside_is_the_answer_and_beside_it_is_not(
    case: tuple[DecisionTable, Facts], data: st.DataObject
) -> None:
    table, facts = case
    name = table.about.facts[0].name
    fact_ = table.about[name]
    wanted = set(data.draw(st.sets(st.sampled_from(table.outcomes), min_size=1)))

    found = reaching(table, facts, name, wanted)

    values = {*anchors_of(table).get(name, ()), 0.0, 0.5}
    for interval in found:
        ends = {interval.low, interval.high}
        values |= ends | {math.nextafter(end, -INF) for end in ends}
        values |= {math.nextafter(end, INF) for end in ends}
    least = -INF if fact_.low is None else fact_.low
    most = INF if fact_.high is None else fact_.high
    for value in values:
        if math.isfinite(value) and least <= value <= most:
            inside = any(value in interval for interval in found)
            assert inside is (_outcomes(table, facts.with_(**{name: value})) <= wanted)


def _outcomes(table: DecisionTable, facts: Facts) -> set[str]:
    try:
        return set(judge(table, facts))
    except (HitPolicyError, NoRowError, ScorerError):
        return {"no answer"}


def test_only_a_number_can_be_looked_for() -> None:
    facts = ABOUT.read({})

    assert refused(reaching, LADDER, facts, "timing", ("gold",)) == (
        ("$.timing", "wrong-type"),
    )
    with pytest.raises(UnknownFactError):
        reaching(LADDER, facts, "sale", ("gold",))


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_the_float_grid_is_walked_in_order(value: float) -> None:
    assert _float(_rank(value)) == value
    assert _rank(math.nextafter(value, INF)) in {_rank(value) + 1, _rank(INF)}
