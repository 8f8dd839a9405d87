"""Scorers: marks from 0 to 100, and curves that can be trusted."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.exceptions import ScorerError, UnknownNameError
from keyaccount.rules import Decay, Fact, Linear, Lookup, Steps
from keyaccount.rules._scorers import mark_of
from tests.refusals import refused
from tests.rule_strategies import POOL, scorers


NAN = math.nan


@pytest.mark.parametrize(
    "fact, mark", [(-1.0, 0.0), (0.0, 0.0), (0.1, 25.0), (0.4, 100.0), (9.0, 100.0)]
)
def test_a_line_marks_between_its_anchors(fact: float, mark: float) -> None:
    assert Linear(0.0, 0.40)(fact) == mark


def test_a_falling_line_marks_the_lower_the_better() -> None:
    days_late = Linear(90, 0)

    assert [days_late(days) for days in (0.0, 45.0, 90.0, 120.0)] == [100, 50, 0, 0]


def test_a_mark_by_slope_is_one_subtraction_and_one_product() -> None:
    assert Linear(0.8, 1.3)(1.2) == (1.2 - 0.8) * (100.0 / (1.3 - 0.8))


def test_steps_mark_from_each_floor_on() -> None:
    steps = Steps(((10.0, 40.0), (20.0, 100.0)), below=5.0)

    assert [steps(fact) for fact in (9.9, 10.0, 19.9, 20.0)] == [5, 40, 40, 100]


def test_a_choice_is_looked_up() -> None:
    lookup = Lookup((("pre", 100), ("post", 0)))

    assert lookup("pre") == 100.0
    with pytest.raises(UnknownNameError, match="'post'"):
        lookup("posted")


def test_a_mark_halves_with_every_half_life() -> None:
    decay = Decay(30.0)

    assert [decay(days) for days in (-5.0, 0.0, 30.0, 60.0)] == [100, 100, 50, 25]
    assert Decay(1e-300)(1e300) == 0.0


@given(data=st.data())
def test_every_shipped_scorer_stays_within_its_marks(data: st.DataObject) -> None:
    scorer = data.draw(scorers(Fact.number("x")))
    anything = st.floats(allow_nan=False, allow_infinity=False)
    value = data.draw(st.sampled_from(POOL) | anything)

    assert 0.0 <= mark_of(scorer, value, "x") <= 100.0


@given(low=st.sampled_from(POOL), high=st.sampled_from(POOL), data=st.data())
def test_a_line_never_turns(low: float, high: float, data: st.DataObject) -> None:
    if abs(high - low) <= 1e-9 * max(abs(low), abs(high)):
        return
    ends = st.floats(allow_nan=False, allow_infinity=False)
    left, right = sorted([data.draw(ends), data.draw(ends)])

    marks = [Linear(low, high)(left), Linear(low, high)(right)]

    assert marks == sorted(marks, reverse=low > high)


ODD: Any = "0"
LOW, HIGH, AT = "$.low", "$.high", "$.at[0]"


@pytest.mark.parametrize(
    "make, found",
    [
        (lambda: Linear(1.0, 1.0), {("$", "bad-scorer")}),
        (lambda: Linear(0.3, 0.1 + 0.2), {("$", "bad-scorer")}),
        (lambda: Linear(0.0, 5e-324), {("$", "bad-scorer")}),
        (lambda: Linear(-1.7e308, 1.7e308), {("$", "bad-scorer")}),
        (lambda: Linear(NAN, math.inf), {(LOW, "not-finite"), (HIGH, "not-finite")}),
        (lambda: Linear(10**400, True), {(LOW, "not-finite"), (HIGH, "wrong-type")}),
        (lambda: Linear(ODD, ODD), {(LOW, "wrong-type"), (HIGH, "wrong-type")}),
        (lambda: Steps(()), {("$.at", "empty")}),
        (lambda: Steps(((2.0, 1.0), (1.0, 2.0))), {("$.at", "not-sorted")}),
        (lambda: Steps(((1.0, 1.0), (1.0, 2.0))), {("$.at", "not-sorted")}),
        (lambda: Steps(((NAN, 101.0),)), {(AT, "not-finite"), (AT, "out-of-range")}),
        (lambda: Steps(((1.0, 1.0),), below=-1.0), {("$.below", "out-of-range")}),
        (lambda: Steps(((ODD, ODD),)), {(AT, "wrong-type")}),
        (lambda: Lookup(()), {("$.marks", "empty")}),
        (lambda: Lookup((("a", 1), ("a", 2))), {("$.marks", "duplicate")}),
        (lambda: Lookup((("a", NAN),)), {("$.marks[0]", "out-of-range")}),
        (lambda: Lookup((("a", ODD),)), {("$.marks[0]", "wrong-type")}),
        (lambda: Decay(0.0), {("$.half_life", "out-of-range")}),
        (lambda: Decay(math.inf), {("$.half_life", "not-finite")}),
        (lambda: Decay(True), {("$.half_life", "wrong-type")}),
    ],
)
@pytest.mark.hostile
def test_a_curve_that_makes_no_sense_is_refused(
    make: Callable[[], object], found: set[tuple[str, str]]
) -> None:
    assert set(refused(make)) == found


@pytest.mark.parametrize("mark", [-1.0, 100.1, math.nan, math.inf, True, "50", None])
def test_a_scorer_that_gives_no_mark_is_blamed_by_name(mark: object) -> None:
    with pytest.raises(ScorerError, match="scorer my-curve gave") as caught:
        mark_of(lambda _: mark, 3.0, "my-curve")  # type: ignore[arg-type]  # under test

    assert caught.value.fact == 3.0


def test_a_whole_mark_and_a_minus_nothing_become_plain_floats() -> None:
    assert str(mark_of(lambda _: 7, 0.0, "x")) == "7.0"
    assert str(mark_of(lambda _: -0.0, 0.0, "x")) == "0.0"
