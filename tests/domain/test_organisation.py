"""What our organisation answers of itself, and how far it is in an industry."""

from __future__ import annotations

import datetime as dt

import pytest

from keyaccount.domain import ChecklistAnswer, IndustryReach
from keyaccount.tri import Tri
from tests.refusals import refused


DAY = dt.date(2025, 12, 31)


def test_an_answer_that_nobody_gave_is_unknown() -> None:  # S0-16
    one = ChecklistAnswer("goals-beyond-revenue")

    assert one.answer is Tri.UNKNOWN
    assert (one.answered_on, one.by, one.note) == (None, None, None)


def test_everything_wrong_with_an_answer_is_told_at_once() -> None:
    assert refused(ChecklistAnswer, "Goals!", True, "today", 5, " ") == (
        ("$.item", "bad-syntax"),
        ("$.answer", "wrong-type"),
        ("$.answered_on", "wrong-type"),
        ("$.by", "wrong-type"),
        ("$.note", "empty"),
    )


@pytest.mark.parametrize(
    ("targets", "served"), [(5, 5), (5, 0), (0, 0), (None, 3), (3, None), (None, None)]
)
def test_we_serve_at_most_those_that_we_want(
    targets: int | None, served: int | None
) -> None:  # S0-22
    reach = IndustryReach("apparel", DAY, targets, served)

    assert (reach.targets, reach.served) == (targets, served)


def test_more_served_than_wanted_is_refused() -> None:
    assert refused(IndustryReach, "apparel", DAY, 5, 6) == (
        ("$.served", "contradiction"),
    )


def test_everything_wrong_with_a_count_is_told_at_once() -> None:
    assert refused(IndustryReach, "", "then", -1, 0.5) == (
        ("$.industry", "empty"),
        ("$.counted_on", "wrong-type"),
        ("$.targets", "out-of-range"),
        ("$.served", "wrong-type"),
    )
