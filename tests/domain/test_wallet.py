"""What a customer buys in a category, from us and from others."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.domain import GrowthQuadrant, RivalSales, ShareGrowthCell
from tests.refusals import refused


def test_a_cell_may_know_nothing_but_what_it_is_about() -> None:
    cell = ShareGrowthCell("c1", 2025, "CNY")

    assert (cell.category, cell.ours, cell.spend) == (None, None, None)
    assert (cell.rivals, cell.business, cell.largest_rival) == (None, None, None)


def test_what_came_back_and_what_contradicts_itself_are_kept_as_told() -> None:
    returned = ShareGrowthCell("c1", 2025, "CNY", "parts", -3, 10)
    contradictory = ShareGrowthCell("c1", 2025, "CNY", "parts", 30, 10)

    assert returned.ours == -3
    assert contradictory.ours == 30


def test_known_to_have_no_rivals_is_not_the_same_as_unknown_rivals() -> None:
    alone = ShareGrowthCell("c1", 2025, "CNY", rivals=[])
    unknown = ShareGrowthCell("c1", 2025, "CNY")

    assert alone.rivals == ()
    assert alone != unknown
    assert alone.largest_rival is None


@given(st.permutations([("B", 40), ("A", 40), ("C", 7)]))
def test_the_largest_rival_does_not_depend_on_the_order_of_the_list(
    listed: list[tuple[str, int]],
) -> None:
    rivals = [RivalSales(name, amount) for name, amount in listed]

    cell = ShareGrowthCell("c1", 2025, "CNY", rivals=rivals)

    assert cell.largest_rival == RivalSales("A", Decimal(40))


def test_a_rival_listed_twice_is_refused() -> None:
    twice = [RivalSales("A", 1), RivalSales("B", 1), RivalSales("A", 2)]

    assert refused(ShareGrowthCell, "c1", 2025, "CNY", rivals=twice) == (
        ("$.rivals[2].name", "duplicate"),
    )


def test_a_rival_says_everything_that_is_wrong() -> None:
    assert refused(RivalSales, " ", -1) == (
        ("$.name", "empty"),
        ("$.amount", "out-of-range"),
    )


def test_a_cell_says_everything_that_is_wrong() -> None:
    assert refused(
        ShareGrowthCell, "", 1969, "cny", "", "x", -1, ["A"], Decimal(-1)
    ) == (
        ("$.customer_id", "empty"),
        ("$.year", "out-of-range"),
        ("$.currency", "unknown-choice"),
        ("$.category", "empty"),
        ("$.ours", "wrong-type"),
        ("$.spend", "out-of-range"),
        ("$.business", "out-of-range"),
        ("$.rivals[0]", "wrong-type"),
    )


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (GrowthQuadrant.LEADER, GrowthQuadrant.ERODING),
        (GrowthQuadrant.ERODING, GrowthQuadrant.CHALLENGER),
        (GrowthQuadrant.CHALLENGER, GrowthQuadrant.LAGGARD),
    ],
)
def test_quadrants_are_ranked_best_first(
    better: GrowthQuadrant, worse: GrowthQuadrant
) -> None:
    assert better.rank < worse.rank
