"""What stands beside a customer holds together."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from keyaccount.domain import (
    Cooperation,
    Outlook,
    Receivables,
    Standing,
    StrategicIntentKind,
    TierOverride,
    TierRecord,
    ValueTier,
)
from keyaccount.tri import Tri
from tests.refusals import refused


DAY = dt.date(2025, 12, 31)


@pytest.mark.parametrize("overdue", [0, 20, 100, None])
def test_overdue_is_part_of_what_is_owed(overdue: int | None) -> None:
    assert Receivables(DAY, 100, overdue).overdue_90 == overdue


def test_more_overdue_than_owed_is_refused() -> None:
    assert refused(Receivables, DAY, 100, Decimal("100.01")) == (
        ("$.overdue_90", "contradiction"),
    )


def test_receivables_say_everything_that_is_wrong() -> None:
    assert refused(Receivables, "today", None, -1) == (
        ("$.as_of", "wrong-type"),
        ("$.total", "missing"),
        ("$.overdue_90", "out-of-range"),
    )


def test_nobody_has_been_asked_until_told() -> None:
    assert Standing() == Standing(Tri.UNKNOWN, Tri.UNKNOWN)
    assert Cooperation().service_lines is None
    assert Cooperation().intents_served is None


def test_an_outlook_is_two_marks_from_0_to_100() -> None:
    assert Outlook(95, 55).closing_potential == 55
    assert refused(Outlook, 101, 5.5) == (
        ("$.industry_influence", "out-of-range"),
        ("$.closing_potential", "wrong-type"),
    )


@pytest.mark.parametrize("answer", [True, "yes", 1])
def test_an_answer_is_a_tri(answer: object) -> None:
    assert refused(Standing, answer, dispute=answer) == (
        ("$.reputation_harm", "wrong-type"),
        ("$.dispute", "wrong-type"),
    )


def test_cooperation_takes_any_collection() -> None:
    cooperation = Cooperation(
        ["express", "warehouse", "express"],
        intents_served={StrategicIntentKind.OTHER},
    )

    assert cooperation.service_lines == frozenset({"express", "warehouse"})
    assert Cooperation([]).service_lines == frozenset()


def test_cooperation_says_everything_that_is_wrong() -> None:
    assert refused(Cooperation, [""], None, True, "no", ["other"]) == (
        ("$.service_lines", "empty"),
        ("$.customised", "missing"),
        ("$.executives_meet_ours", "wrong-type"),
        ("$.commits_resources", "wrong-type"),
        ("$.intents_served", "wrong-type"),
    )


@pytest.mark.parametrize(
    "lines, code",
    [
        ("express", "wrong-type"),
        (5, "wrong-type"),
        ([[]], "wrong-type"),
        (range(100_001), "too-large"),
    ],
)
def test_service_lines_are_a_set_of_names(lines: object, code: str) -> None:
    assert refused(Cooperation, lines) == (("$.service_lines", code),)


def test_a_set_of_members_is_no_larger_than_its_list() -> None:
    assert refused(Cooperation, intents_served=range(6)) == (
        ("$.intents_served", "too-large"),
    )


def test_a_record_starts_without_strikes() -> None:
    record = TierRecord(ValueTier.GOLD, DAY)

    assert (record.strikes, record.struck_in, record.problem) == (0, None, False)
    assert TierRecord(ValueTier.GOLD, DAY, struck_in=2024).strikes == 0


def test_problem_is_no_rung() -> None:
    assert refused(TierRecord, ValueTier.PROBLEM, DAY) == (("$.rung", "contradiction"),)


def test_a_strike_has_a_year() -> None:
    assert refused(TierRecord, ValueTier.GOLD, DAY, strikes=1) == (
        ("$.struck_in", "missing"),
    )
    assert TierRecord(ValueTier.GOLD, DAY, strikes=1, struck_in=2025).strikes == 1


def test_a_record_says_everything_that_is_wrong() -> None:
    assert refused(
        TierRecord,
        "gold",
        None,
        strikes=-1,
        struck_in="2025",
        problem=Tri.NO,
        clean=1.0,
        override="diamond",
    ) == (
        ("$.rung", "wrong-type"),
        ("$.reviewed_on", "missing"),
        ("$.strikes", "out-of-range"),
        ("$.struck_in", "wrong-type"),
        ("$.problem", "wrong-type"),
        ("$.clean", "wrong-type"),
        ("$.override", "wrong-type"),
    )


def test_an_override_says_why_who_and_until_when() -> None:
    override = TierOverride(ValueTier.DIAMOND, "merger", "Li", DAY)

    assert TierRecord(ValueTier.GOLD, DAY, override=override).override is override
    assert refused(TierOverride, "gold", " ", "", None) == (
        ("$.tier", "wrong-type"),
        ("$.reason", "empty"),
        ("$.by", "empty"),
        ("$.until", "missing"),
    )
