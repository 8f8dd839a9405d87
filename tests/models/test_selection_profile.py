"""The five attributes rank strategic customers among themselves, and do no more."""

from __future__ import annotations

import itertools
import math
import unicodedata
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import wire
from keyaccount.domain import (
    Cooperation,
    Customer,
    StrategicDesignation,
    StrategicIntent,
    StrategicIntentKind,
    StrategicProfile,
)
from keyaccount.models import selection
from keyaccount.models.selection import DesignationVerdict, Scale, StrategicRank
from keyaccount.rules import Interval
from keyaccount.tri import Tri
from tests.models.selection_customers import BEGIN, TODAY, cooperations, own
from tests.refusals import refused
from tests.strategies import strategic_profiles


NETWORK = StrategicIntent("n1", StrategicIntentKind.NETWORK_BUILDOUT, BEGIN)
WILLING = Cooperation(["a", "b"], Tri.NO, Tri.YES, Tri.YES, [NETWORK.kind])


def judged(slug: str, share: float = 0.3) -> DesignationVerdict:
    return selection.designate(
        Customer(slug, slug),
        as_of=TODAY,
        scale=Scale(slug, Interval(share, share), Tri.NO),
        cooperation=WILLING,
        intents=[NETWORK],
    )


def evenly(mark: int) -> StrategicProfile:
    return StrategicProfile(mark, mark, mark, mark, mark)


# ── ranking (S0-2) ──────────────────────────────────────────────────────────────


def test_the_score_is_the_weighted_mean_of_the_marks() -> None:
    """S0-2."""
    profiles = {"c1": StrategicProfile(100, 50, 0, 25, 75)}
    (found,) = selection.rank([judged("c1")], profiles)

    assert found.score == Interval(50.0, 50.0)
    assert (found.best, found.worst) == (1, 1)


def test_only_the_surely_strategic_are_ranked() -> None:
    """S0-2: good marks make nobody strategic."""
    small, large = judged("c1", 0.01), judged("c2")
    found = selection.rank([small, large], {"c1": evenly(100), "c2": evenly(1)})

    assert small.value is StrategicDesignation.HIGH_POTENTIAL
    assert [one.customer_id for one in found] == ["c2"]


def test_a_mark_that_nobody_gave_leaves_the_place_open() -> None:
    profiles = {
        "c1": attrs.evolve(evenly(80), benchmark=None),
        "c2": evenly(70),
        "c3": evenly(10),
    }
    found = selection.rank(map(judged, ("c3", "c2", "c1")), profiles)

    assert [(one.customer_id, one.best, one.worst) for one in found] == [
        ("c2", 1, 2),
        ("c1", 1, 2),
        ("c3", 3, 3),
    ]


def test_without_a_profile_any_place_is_possible() -> None:
    found = selection.rank(map(judged, ("c1", "c2")), {"c2": evenly(50)})

    assert [(one.customer_id, one.best, one.worst) for one in found] == [
        ("c2", 1, 2),
        ("c1", 1, 2),
    ]


def test_equals_share_a_place() -> None:
    profiles = {"c1": evenly(50), "c2": evenly(50), "c3": evenly(20)}
    found = selection.rank(map(judged, ("c3", "c2", "c1")), profiles)

    assert [(one.customer_id, one.best, one.worst) for one in found] == [
        ("c1", 1, 1),
        ("c2", 1, 1),
        ("c3", 3, 3),
    ]


def test_thousands_are_ranked_as_few_are() -> None:
    """Each beside each other one they would take the better part of a minute."""
    first = judged("c")
    many = [attrs.evolve(first, customer_id=f"c{at:05d}") for at in range(10_000)]

    found = selection.rank(many, {"c00007": evenly(90), "c09999": evenly(10)})

    best = found[0]
    assert (best.customer_id, best.best, best.worst) == ("c00007", 1, 9_999)
    assert {(one.best, one.worst) for one in found[2:]} == {(1, 10_000)}


def test_marks_are_found_however_the_letters_of_an_id_are_composed() -> None:
    profiles = {unicodedata.normalize("NFD", "café"): evenly(60)}
    (found,) = selection.rank([judged("café")], profiles)

    assert found.score == Interval(60.0, 60.0)


@given(st.lists(strategic_profiles, min_size=1, max_size=4))
def test_any_way_of_marking_stays_within_the_places(
    given_marks: list[StrategicProfile],
) -> None:
    slugs = [f"c{at}" for at in range(len(given_marks))]
    profiles = dict(zip(slugs, given_marks, strict=True))
    before = {
        one.customer_id: one for one in selection.rank(map(judged, slugs), profiles)
    }
    for fill in itertools.product([0, 100], repeat=len(slugs)):
        told = {
            slug: _filled(profile, mark)
            for (slug, profile), mark in zip(profiles.items(), fill, strict=True)
        }
        for one in selection.rank(map(judged, slugs), told):
            first = before[one.customer_id]

            assert first.score.low <= one.score.low <= first.score.high
            assert first.best <= one.best <= one.worst <= first.worst


def _filled(profile: StrategicProfile, mark: int) -> StrategicProfile:
    marks = attrs.asdict(profile)
    return StrategicProfile(
        **{name: mark if given is None else given for name, given in marks.items()}
    )


def test_a_house_may_weigh_the_attributes_otherwise() -> None:
    only_value = own(
        attributes=[
            {"id": "value", "weight": 100},
            *(
                {"id": name, "weight": 0}
                for name in ("potential", "scarcity", "loyalty", "benchmark")
            ),
        ]
    )
    profiles = {"c1": StrategicProfile(value=Decimal(30))}
    (found,) = selection.rank([judged("c1")], profiles, policy=only_value)

    assert found.score == Interval(30.0, 30.0)


def test_a_customer_is_ranked_once() -> None:
    assert refused(selection.rank, [judged("c1"), judged("c1")], {}) == (
        ("$.verdicts", "duplicate"),
    )


def test_a_rank_explains_itself_and_is_read_back() -> None:
    profiles = {"c1": StrategicProfile(value=80)}
    (found,) = selection.rank([judged("c1")], profiles)
    back = wire.structure(wire.unstructure(found), StrategicRank)

    assert back == found
    assert back.why == found.why
    assert found.explain()[:3] == (
        "score between 16 and 96 of 100",
        "  value: 16 of 20 points",
        "  potential: 0 to 20 points, potential is not known",
    )
    assert "价值" in found.explain("zh-Hans")[1]


# ── the complexity of what it needs (S0-5a) ─────────────────────────────────────


def test_complexity_counts_lines_touch_points_and_what_is_made_alone() -> None:
    """S0-5a."""
    told = Cooperation(["a", "b"], customised=Tri.YES)

    assert selection.solution_complexity(told, touch_points=4) == Interval(7, 7)
    assert selection.solution_complexity(told) == Interval(3, 3)


def test_an_unknown_number_of_lines_leaves_complexity_open() -> None:
    assert selection.solution_complexity(Cooperation()) == Interval(0, math.inf)
    known = Cooperation(["a"])
    assert selection.solution_complexity(known) == Interval(1, 2)
    assert selection.solution_complexity(known, touch_points=None) == Interval(
        1, math.inf
    )


@given(cooperations, st.integers(0, 5), st.integers(0, 5))
def test_complexity_never_falls_as_lines_or_touch_points_are_added(
    cooperation: Cooperation, points: int, more: int
) -> None:
    """S0-5a."""
    before = selection.solution_complexity(cooperation, touch_points=points)
    lines = (cooperation.service_lines or frozenset()) | {"one more"}
    wider = attrs.evolve(cooperation, service_lines=lines)
    for after in (
        selection.solution_complexity(cooperation, touch_points=points + more),
        selection.solution_complexity(wider, touch_points=points),
    ):
        assert after.low >= before.low
        assert after.high >= before.high or cooperation.service_lines is None


def test_touch_points_are_counted_from_nothing() -> None:
    assert refused(selection.solution_complexity, WILLING, touch_points=-1) == (
        ("$.touch_points", "out-of-range"),
    )


@pytest.mark.parametrize("lines", [["a"], ["a", "b", "c"]])
def test_complexity_decides_nothing(lines: list[str]) -> None:
    """A solution is needed or not; how complex it is changes no answer."""
    told = attrs.evolve(WILLING, service_lines=lines, customised=Tri.YES)
    found = selection.designate(
        Customer("c1", "c1"),
        as_of=TODAY,
        scale=Scale("c1", Interval(0.3, 0.3)),
        cooperation=told,
        intents=[NETWORK],
    )

    assert found.value is StrategicDesignation.STRATEGIC
