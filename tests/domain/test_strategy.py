"""What our strategy wants for a time, and what a strategic customer offers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from keyaccount.domain import (
    StrategicAttribute,
    StrategicIntent,
    StrategicIntentKind,
    StrategicProfile,
)
from tests.refusals import refused


KIND = StrategicIntentKind.NETWORK_BUILDOUT
FIRST = dt.date(2025, 1, 1)
LAST = dt.date(2026, 12, 31)
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    "day, holds",
    [
        (FIRST - DAY, False),
        (FIRST, True),
        (dt.date(2025, 6, 30), True),
        (LAST, True),
        (LAST + DAY, False),
    ],
)
def test_an_intent_holds_from_its_first_day_to_its_last(
    day: dt.date, *, holds: bool
) -> None:
    """S0-6, S4-3."""
    assert StrategicIntent("n1", KIND, FIRST, LAST).holds_on(day) is holds


def test_an_intent_without_an_end_goes_on() -> None:
    """S4-5."""
    assert StrategicIntent("n1", KIND, FIRST).holds_on(dt.date(2199, 1, 1))


def test_an_intent_may_hold_for_one_day() -> None:
    assert StrategicIntent("n1", KIND, FIRST, FIRST).holds_on(FIRST)


def test_there_are_five_kinds_of_intent() -> None:
    """S0-6a."""
    assert [kind.value for kind in StrategicIntentKind] == [
        "industry-benchmark",
        "network-buildout",
        "industry-solution",
        "core-capability",
        "other",
    ]


def test_an_intent_that_ends_before_it_begins_is_refused() -> None:
    assert refused(StrategicIntent, "n1", KIND, LAST, FIRST) == (
        ("$.valid_until", "contradiction"),
    )


def test_an_intent_says_everything_that_is_wrong() -> None:
    assert refused(StrategicIntent, "", "other", None, "2026", " ") == (
        ("$.id", "empty"),
        ("$.kind", "wrong-type"),
        ("$.valid_from", "missing"),
        ("$.valid_until", "wrong-type"),
        ("$.text", "empty"),
    )


def test_a_profile_has_five_marks_of_which_any_may_be_unknown() -> None:
    """S0-2."""
    profile = StrategicProfile(value=80, benchmark=Decimal("62.5"))
    marks = {attribute.value: profile.of(attribute) for attribute in StrategicAttribute}

    assert marks == {
        "value": 80,
        "potential": None,
        "scarcity": None,
        "loyalty": None,
        "benchmark": Decimal("62.5"),
    }


def test_a_mark_lies_between_0_and_100() -> None:
    assert refused(StrategicProfile, -1, 101, 0.5, "80", Decimal("NaN")) == (
        ("$.value", "out-of-range"),
        ("$.potential", "out-of-range"),
        ("$.scarcity", "wrong-type"),
        ("$.loyalty", "wrong-type"),
        ("$.benchmark", "not-finite"),
    )
    assert StrategicProfile(0, 100).of(StrategicAttribute.POTENTIAL) == 100
