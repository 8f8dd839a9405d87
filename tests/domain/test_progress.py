"""Answers on the way, landmarks, and what a person thinks the odds are."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import attrs
import pytest

from keyaccount.domain import Milestone, ProbabilityOverride, Stage, StageAnswers
from keyaccount.domain import StageEvent as Came
from keyaccount.tri import Tri
from tests.refusals import refused


DAY = dt.date(2026, 3, 1)
NEXT = dt.date(2026, 3, 2)
TRIS = [
    field.name for field in attrs.fields(StageAnswers) if field.name != "open_concerns"
]


def test_nobody_has_said_anything_at_first() -> None:
    answers = StageAnswers()

    assert {getattr(answers, name) for name in TRIS} == {Tri.UNKNOWN}
    assert answers.open_concerns is None


@pytest.mark.parametrize("name", TRIS)
@pytest.mark.parametrize("value", [True, None, "yes", 1])
def test_an_answer_is_yes_no_or_unknown(name: str, value: object) -> None:
    code = "missing" if value is None else "wrong-type"

    assert refused(StageAnswers, **{name: value}) == ((f"$.{name}", code),)


@pytest.mark.parametrize(
    "count, code",
    [
        (-1, "out-of-range"),
        (10_001, "out-of-range"),
        (True, "wrong-type"),
        (1.0, "wrong-type"),
    ],
)
def test_concerns_are_counted(count: object, code: str) -> None:
    assert refused(StageAnswers, open_concerns=count) == (("$.open_concerns", code),)
    assert StageAnswers(open_concerns=0).open_concerns == 0


def test_a_landmark_keeps_its_first_plan() -> None:
    """S2-19."""
    moved = Milestone("proposal", DAY, moved_to=NEXT)

    assert (moved.planned_on, moved.moved_to, moved.reached_on) == (DAY, NEXT, None)


def test_a_landmark_says_everything_that_is_wrong() -> None:
    assert refused(Milestone, "", None, "soon", 5, "") == (
        ("$.id", "empty"),
        ("$.planned_on", "missing"),
        ("$.reached_on", "wrong-type"),
        ("$.moved_to", "wrong-type"),
        ("$.text", "empty"),
    )


@pytest.mark.parametrize(
    "value", [0, 1, Decimal(0), Decimal(1), Decimal("-0.1"), Decimal("1.01")]
)
def test_an_open_deal_is_never_sure(value: object) -> None:
    """QUALITY D16."""
    assert refused(ProbabilityOverride, value, "Li", DAY) == (
        ("$.value", "out-of-range"),
    )


@pytest.mark.parametrize("value", [0.5, "0.5", None, True, Decimal("NaN")])
def test_odds_are_an_exact_fraction(value: object) -> None:
    ((path, _),) = refused(ProbabilityOverride, value, "Li", DAY)

    assert path == "$.value"


def test_odds_are_somebodys_from_a_day_until_a_day() -> None:
    odds = ProbabilityOverride(Decimal("0.35"), "Li", DAY, NEXT, "the board met")

    assert (odds.value, odds.until) == (Decimal("0.35"), NEXT)
    assert ProbabilityOverride(Decimal("0.35"), "Li", DAY, DAY).until == DAY
    assert ProbabilityOverride(Decimal("0.35"), "Li", DAY).until is None
    assert refused(ProbabilityOverride, Decimal("0.35"), "Li", NEXT, DAY) == (
        ("$.until", "not-sorted"),
    )


def test_odds_say_everything_that_is_wrong() -> None:
    assert refused(ProbabilityOverride, Decimal(2), "", "today", DAY, "") == (
        ("$.value", "out-of-range"),
        ("$.by", "empty"),
        ("$.on", "wrong-type"),
        ("$.reason", "empty"),
    )
    assert refused(ProbabilityOverride, Decimal("0.5"), "Li", DAY, "later") == (
        ("$.until", "wrong-type"),
    )


def test_a_stage_is_come_to_on_a_day() -> None:
    assert Came(Stage.IDENTIFICATION, DAY).stage == "identification"
    assert refused(Came, "", dt.datetime(2026, 3, 1, tzinfo=dt.UTC)) == (
        ("$.stage", "empty"),
        ("$.at", "wrong-type"),
    )


@pytest.mark.parametrize(
    "reached_on, moved_to, as_of, late",
    [
        (None, None, DAY - dt.timedelta(5), 0),  # not due yet
        (None, None, DAY + dt.timedelta(5), 5),  # due, and not there
        (None, DAY + dt.timedelta(9), DAY, 9),  # a later plan is late already
        (None, DAY - dt.timedelta(9), DAY, 0),  # an earlier plan makes nothing early
        (DAY - dt.timedelta(3), None, NEXT, -3),  # there before its time
        (NEXT, None, DAY, 0),  # nobody knows tomorrow
        (NEXT, None, DAY + dt.timedelta(30), 1),
    ],
)
def test_a_landmark_is_late_against_its_first_plan(
    reached_on: dt.date | None, moved_to: dt.date | None, as_of: dt.date, late: int
) -> None:
    """S2-19: planned against actual."""
    landmark = Milestone("demo", DAY, reached_on, moved_to)

    assert landmark.slip_days(as_of) == late
    assert landmark.due_on == (moved_to or DAY)
    is_reached = reached_on is not None and reached_on <= as_of
    assert landmark.reached_by(as_of) == (reached_on if is_reached else None)
