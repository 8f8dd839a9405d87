"""What-if: the least change that reaches the aim, judged as reported."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.rules import Change, Lever, Lift, reach
from tests.refusals import refused


D = Decimal
Figures = Mapping[str, Decimal]


def lever(name: str, now: int, least: int, most: int, step: str = "1") -> Lever:
    return Lever(name, D(now), D(least), D(most), D(step))


SALES = lever("sales", 30, 30, 100)
MARGIN = lever("margin", 20, 0, 40)


def at_least(**floors: int) -> Callable[[Figures], bool]:
    return lambda figures: all(figures[name] >= at for name, at in floors.items())


def test_a_lever_that_reaches_alone_is_moved_no_further_than_needed() -> None:
    (lift,) = reach((SALES, MARGIN), at_least(sales=47))

    assert lift == Lift((Change(SALES, D(30), D(47)),))


def test_every_lever_that_reaches_alone_is_named_in_order() -> None:
    lifts = reach((SALES, MARGIN), lambda f: f["sales"] + f["margin"] >= 60)

    assert [lift.changes[0].to for lift in lifts] == [D(40), D(30)]


def test_a_lever_moves_down_where_that_helps() -> None:
    days = lever("days", 90, 0, 120)

    (lift,) = reach((days,), lambda figures: figures["days"] <= 60)

    assert lift.changes == (Change(days, D(90), D(60)),)


def test_the_nearer_of_two_ways_is_taken() -> None:
    days = lever("days", 50, 0, 100)

    (up,) = reach((days,), lambda f: f["days"] <= 20 or f["days"] >= 70)
    (down,) = reach((days,), lambda f: f["days"] <= 40 or f["days"] >= 70)

    assert up.changes[0].to == D(70)
    assert down.changes[0].to == D(40)


def test_the_last_step_may_be_a_short_one() -> None:
    coarse = lever("sales", 30, 30, 100, step="30")

    assert reach((coarse,), at_least(sales=91))[0].changes[0].to == D(100)
    assert reach((coarse,), at_least(sales=61))[0].changes[0].to == D(90)


def test_a_window_in_the_middle_of_the_way_is_found() -> None:
    (lift,) = reach((lever("x", 0, 0, 80),), lambda figures: 20 <= figures["x"] <= 30)

    assert lift.changes[0].to == D(20)


def test_two_levers_move_together_where_one_is_not_enough() -> None:
    (lift,) = reach((SALES, MARGIN), at_least(sales=50, margin=31))

    moved = {change.lever.name: change.to for change in lift.changes}
    assert moved == {"sales": D(50), "margin": D(31)}


def test_three_levers_move_where_two_are_not_enough() -> None:
    levers = (SALES, MARGIN, lever("influence", 0, 0, 100), lever("idle", 0, 0, 9))

    (lift,) = reach(levers, at_least(sales=50, margin=31, influence=7))

    moved = {change.lever.name: change.to for change in lift.changes}
    assert moved == {"sales": D(50), "margin": D(31), "influence": D(7)}


def test_what_cannot_be_moved_is_never_named() -> None:
    fixed = attrs.evolve(SALES, movable=False)

    assert reach((fixed, MARGIN), at_least(sales=31)) == ()
    assert reach((fixed, MARGIN), at_least(sales=30, margin=21)) == (
        Lift((Change(MARGIN, D(20), D(21)),)),
    )


@pytest.mark.parametrize(
    "judge",
    [
        at_least(sales=30),  # reached already
        at_least(sales=101),  # out of reach
        at_least(sales=101, margin=41),
    ],
)
def test_nothing_is_reported_where_nothing_helps(
    judge: Callable[[Figures], bool],
) -> None:
    levers = (SALES, MARGIN, lever("x", 5, 5, 5), lever("y", 0, 0, 1))

    assert reach(levers, judge) == ()


def test_a_lever_without_room_does_not_stand_in_the_way() -> None:
    stuck = lever("stuck", 5, 5, 5)

    (lift,) = reach((stuck, SALES, MARGIN), at_least(sales=50, margin=31))

    assert [change.lever.name for change in lift.changes] == ["sales", "margin"]


LEVERS = st.lists(
    st.tuples(
        st.integers(0, 50), st.integers(0, 50), st.sampled_from(["0.25", "1", "7"])
    ),
    min_size=1,
    max_size=4,
).map(
    lambda drawn: tuple(
        lever(f"x{at}", now, 0, now + room, step)
        for at, (now, room, step) in enumerate(drawn)
    )
)


@given(levers=LEVERS, floor=st.integers(0, 260), data=st.data())
def test_a_lift_reaches_and_one_step_less_does_not(
    levers: tuple[Lever, ...], floor: int, data: st.DataObject
) -> None:
    weights = [data.draw(st.integers(0, 4)) for _ in levers]

    def judge(figures: Figures) -> bool:
        marks = (figures[x.name] * w for x, w in zip(levers, weights, strict=True))
        return sum(marks) >= floor

    now = {x.name: x.now for x in levers}
    lifts = reach(levers, judge)

    assert not (judge(now) and lifts)
    for lift in lifts:
        moved = {change.lever.name: change.to for change in lift.changes}
        assert judge({**now, **moved})
        for change in lift.changes:
            assert change.now == change.lever.now < change.to <= change.lever.most
            shorter = max(change.to - change.lever.step, change.now)
            assert not judge({**now, **moved, change.lever.name: shorter})
    ends = {x.name: x.most for x in levers}
    assert bool(lifts) is (judge(ends) and not judge(now))


@given(levers=LEVERS, salt=st.integers(0, 10**6))
def test_whatever_the_judge_says_only_what_it_accepts_is_reported(
    levers: tuple[Lever, ...], salt: int
) -> None:
    def judge(figures: Figures) -> bool:
        return sum(map(int, figures.values())) * 31 % 97 == salt % 97

    now = {x.name: x.now for x in levers}
    for lift in reach(levers, judge):
        moved = {change.lever.name: change.to for change in lift.changes}
        assert judge({**now, **moved})
        assert all(change.to != change.now for change in lift.changes)


@pytest.mark.parametrize(
    "change, found",
    [
        ({"now": D(101)}, ("$.now", "out-of-range")),
        ({"now": D(29)}, ("$.now", "out-of-range")),
        ({"step": D(0)}, ("$.step", "out-of-range")),
        ({"step": D("1e-30")}, ("$.step", "out-of-range")),
        ({"most": D("1e999999")}, ("$.step", "out-of-range")),
        ({"most": D("9e999999"), "step": D("1e-9")}, ("$.step", "out-of-range")),
        ({"now": 30.0}, ("$.now", "wrong-type")),
        ({"most": D("Infinity")}, ("$.most", "not-finite")),
        ({"least": D("NaN")}, ("$.least", "not-finite")),
    ],
)
@pytest.mark.hostile
def test_a_lever_that_makes_no_sense_is_refused(
    change: dict[str, object], found: tuple[str, str]
) -> None:
    assert refused(attrs.evolve, SALES, **change) == (found,)


def test_a_lever_stands_only_once() -> None:
    assert refused(reach, (SALES, SALES), at_least(sales=31)) == (
        ("$.levers", "duplicate"),
    )
