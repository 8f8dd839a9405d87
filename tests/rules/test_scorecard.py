"""Scorecards: contributions that add up, bounds that hold, whole weights."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.exceptions import ScorerError
from keyaccount.rules import (
    Criterion,
    Fact,
    Facts,
    FactSchema,
    Interval,
    Linear,
    Lookup,
    Scorecard,
)
from tests.refusals import refused
from tests.rule_strategies import Plateau, completions, facts_for, schemas, scorecards


ABOUT = FactSchema(
    (
        Fact.number("margin"),
        Fact.number("growth_ratio"),
        Fact.choice("timing", ("pre", "post")),
        Fact.yes_no("dispute"),
    )
)
MARGIN = Criterion("margin", "margin", 60, Linear(0.0, 0.4))
GROWTH = Criterion("growth", "growth_ratio", 40, Linear(0.8, 1.3))
CARD = Scorecard("composite", ABOUT, (MARGIN, GROWTH))


@st.composite
def scored(draw: st.DrawFn) -> tuple[Scorecard, Facts]:
    schema = draw(schemas())
    return draw(scorecards(schema)), draw(facts_for(schema))


@given(case=scored())
def test_contributions_add_up_to_the_fold_exactly(
    case: tuple[Scorecard, Facts],
) -> None:
    card, facts = case
    low = high = 0.0
    for part in card.contributions(facts):
        low += part.low
        high += part.high

    assert card.fold(facts) == (low, high)
    assert card.score(facts) == Interval(low * 0.01, high * 0.01)


@given(case=scored())
def test_a_score_lies_from_0_to_100(case: tuple[Scorecard, Facts]) -> None:
    card, facts = case

    score = card.score(facts)

    assert 0.0 <= score.low <= score.high <= 100.0


@given(case=scored(), data=st.data())
def test_bounds_hold_for_every_way_of_filling_in(
    case: tuple[Scorecard, Facts], data: st.DataObject
) -> None:
    card, facts = case
    told = data.draw(completions(facts))

    score = card.score(told)

    assert score.is_exact
    assert score.low in card.score(facts)


@given(case=scored(), data=st.data())
def test_the_order_of_the_criteria_changes_nothing_but_rounding(
    case: tuple[Scorecard, Facts], data: st.DataObject
) -> None:
    card, facts = case
    shuffled = data.draw(st.permutations(card.criteria))

    left, right = (
        card.score(facts),
        attrs.evolve(card, criteria=tuple(shuffled)).score(facts),
    )

    assert left.low == pytest.approx(right.low, abs=1e-10)
    assert left.high == pytest.approx(right.high, abs=1e-10)


@given(case=scored())
def test_a_criterion_without_weight_changes_nothing(
    case: tuple[Scorecard, Facts],
) -> None:
    card, facts = case
    weightless = tuple(criterion for criterion in card.criteria if criterion.weight)

    assert attrs.evolve(card, criteria=weightless).fold(facts) == card.fold(facts)


def test_a_missing_fact_counts_as_nothing_and_as_everything() -> None:
    facts = ABOUT.read({"margin": 0.2})

    first, second = CARD.contributions(facts)

    assert (first.low, first.high, first.is_known) == (3000.0, 3000.0, True)
    assert (second.low, second.high, second.is_known) == (0.0, 4000.0, False)
    assert CARD.marks(facts) == ((50.0, 50.0), (0.0, 100.0))


def test_a_card_says_what_every_criterion_adds() -> None:
    open_score = CARD.why(ABOUT.read({"margin": 0.2}))
    score = CARD.why(ABOUT.read({"margin": 0.2, "growth_ratio": 9.0}))

    assert (open_score.code, score.code) == ("score-open", "score")
    assert [part.code for part in open_score.because] == ["points", "points-open"]
    assert [part.get("points") for part in score.because] == [30.0, 40.0]
    assert (score.get("low"), score.get("high")) == (70.0, 70.0)


def test_a_criterion_may_mark_a_choice() -> None:
    lookup = Lookup((("pre", 100), ("post", 20)))
    card = Scorecard("c", ABOUT, (Criterion("t", "timing", 100, lookup),))

    assert card.score(ABOUT.read({"timing": "post"})) == Interval(20.0, 20.0)


def test_a_scorer_of_ones_own_is_blamed_by_the_name_of_its_criterion() -> None:
    card = Scorecard("c", ABOUT, (Criterion("odd", "margin", 100, lambda x: x),))

    with pytest.raises(ScorerError, match="scorer odd gave 300"):
        card.fold(ABOUT.read({"margin": 300.0}))


def test_any_callable_is_a_scorer() -> None:
    card = Scorecard("c", ABOUT, (Criterion("edge", "margin", 100, Plateau(0.3)),))

    assert card.score(ABOUT.read({"margin": 0.3})) == Interval(90.0, 90.0)


def test_a_group_that_says_nearly_the_same_is_capped_together() -> None:
    criteria = (
        attrs.evolve(MARGIN, group="money"),
        attrs.evolve(GROWTH, group="money", weight=20),
        Criterion("t", "timing", 20, Lookup((("pre", 1), ("post", 2)))),
    )

    assert Scorecard("c", ABOUT, criteria, (("money", 80),)).caps == (("money", 80),)
    found = refused(Scorecard, "c", ABOUT, criteria, (("money", 79),))
    assert found == (("$.criteria", "too-large"),)


LOOKUP = Lookup((("pre", 1), ("post", 2)))


@pytest.mark.parametrize(
    "change, path, code",
    [
        ({"weight": 39}, "$.criteria", "sum"),
        ({"weight": -1}, "$.criteria[1].weight", "out-of-range"),
        ({"weight": 101}, "$.criteria[1].weight", "out-of-range"),
        ({"weight": 40.0}, "$.criteria[1].weight", "out-of-range"),
        ({"weight": True}, "$.criteria[1].weight", "out-of-range"),
        ({"weight": "40"}, "$.criteria[1].weight", "out-of-range"),
        ({"weight": None}, "$.criteria[1].weight", "out-of-range"),
        ({"fact": "growth"}, "$.criteria[1].fact", "unknown-fact"),
        ({"fact": "dispute"}, "$.criteria[1].fact", "wrong-type"),
        ({"fact": "timing"}, "$.criteria[1].scorer", "wrong-type"),
        ({"scorer": LOOKUP}, "$.criteria[1].scorer", "wrong-type"),
        ({"fact": "dispute", "scorer": LOOKUP}, "$.criteria[1].scorer", "wrong-type"),
        ({"scorer": 5}, "$.criteria[1].scorer", "wrong-type"),
        ({"better": "more"}, "$.criteria[1].better", "unknown-choice"),
        ({"id": "margin"}, "$.criteria", "duplicate"),
        (
            {"fact": "timing", "scorer": Lookup((("pre", 1), ("pst", 2)))},
            "$.criteria[1].scorer.marks",
            "contradiction",
        ),
    ],
)
@pytest.mark.hostile
def test_a_criterion_that_makes_no_sense_is_refused(
    change: dict[str, object], path: str, code: str
) -> None:
    changed = attrs.evolve(GROWTH, **change)  # type: ignore[arg-type]  # under test

    assert (path, code) in refused(Scorecard, "c", ABOUT, (MARGIN, changed))


@pytest.mark.parametrize("cap", [None, "80", float("nan")])
def test_a_cap_is_a_number(cap: int) -> None:
    criteria = (attrs.evolve(MARGIN, group="money"), GROWTH)

    found = refused(Scorecard, "c", ABOUT, criteria, (("money", cap),))

    assert "$.caps" in {path for path, _ in found}


def test_a_card_of_nothing_does_not_add_up() -> None:
    assert refused(Scorecard, "c", ABOUT, ()) == (("$.criteria", "sum"),)
