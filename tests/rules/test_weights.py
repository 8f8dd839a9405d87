"""Weight sensitivity: how far a weight may be wrong before the answer changes."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given

from keyaccount.exceptions import UnknownNameError
from keyaccount.rules import (
    Criterion,
    DecisionTable,
    Fact,
    Facts,
    FactSchema,
    HitPolicy,
    Linear,
    Row,
    Scorecard,
    WeightRange,
    collect,
    fact,
    judge,
    sensitivity,
    weight_range,
)
from tests.rule_strategies import cases


ABOUT = FactSchema((Fact.number("x"), Fact.number("y"), Fact.number("z")))


def scored(*weights: int, hit: HitPolicy = HitPolicy.FIRST) -> DecisionTable:
    criteria = tuple(
        Criterion(name, name, weight, Linear(0, 100))
        for name, weight in zip("xyz", weights, strict=True)
    )
    card = Scorecard("score", ABOUT, criteria)
    rows = (Row("up", fact("score") >= 60, "up", adds=1.0),)
    return DecisionTable("t", ABOUT, rows, "down", hit, scorecards=(card,))


def test_the_range_ends_where_the_answer_changes() -> None:
    table = scored(50, 25, 25)
    facts = ABOUT.read({"x": 80, "y": 40, "z": 40})

    assert judge(table, facts) == ("up",)
    assert weight_range(table, "score", "x", facts) == (50, 100)
    assert weight_range(table, "score", "y", facts) == (0, 25)
    assert judge(scored(52, 24, 24), facts) == ("up",)
    assert judge(scored(48, 26, 26), facts) == ("down",)


def test_every_weight_of_every_card_is_told() -> None:
    facts = ABOUT.read({"x": 80, "y": 40, "z": 40})

    found = sensitivity(scored(50, 25, 25), facts)

    assert found[0] == WeightRange("score", "x", 50, 50, 100)
    assert [part.criterion for part in found] == ["x", "y", "z"]


def test_a_weight_of_everything_stays_so() -> None:
    facts = ABOUT.read({"x": 80})

    assert weight_range(scored(100, 0, 0), "score", "x", facts) == (100, 100)
    assert weight_range(scored(100, 0, 0), "score", "y", facts) == (0, 25)


def test_an_open_answer_has_a_range_as_well() -> None:
    facts = ABOUT.read({"x": 80})

    assert weight_range(scored(50, 25, 25), "score", "x", facts) == (0, 74)


def test_many_hits_have_a_range_as_well() -> None:
    table = scored(50, 25, 25, hit=HitPolicy.COUNT)
    facts = ABOUT.read({"x": 80, "y": 40, "z": 40})

    assert collect(table, facts).certain == ("up",)
    assert weight_range(table, "score", "x", facts) == (50, 100)


def test_a_table_that_refuses_has_one_answer_that() -> None:
    table = attrs.evolve(scored(50, 25, 25), otherwise=None)
    facts = ABOUT.read({"x": 0, "y": 80, "z": 80})

    assert weight_range(table, "score", "x", facts) == (26, 100)


@given(case=cases(hits=tuple(h for h in HitPolicy if h.is_single)))
def test_the_present_weight_lies_in_its_range(
    case: tuple[DecisionTable, Facts],
) -> None:
    table, facts = case

    for part in sensitivity(table, facts):
        assert 0 <= part.lowest <= part.weight <= part.highest <= 100


def test_a_name_that_nobody_gave_is_an_error_with_the_near_match() -> None:
    table, facts = scored(50, 25, 25), ABOUT.read({})

    with pytest.raises(UnknownNameError, match="'score'"):
        weight_range(table, "scor", "x", facts)
    with pytest.raises(UnknownNameError, match="one of x, y, z"):
        weight_range(table, "score", "sales", facts)
