"""Our executives, and which customer each of them stands for."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.domain import Executive, Pairing
from keyaccount.tri import Tri
from tests.refusals import refused
from tests.strategies import pairings


DAY = dt.date(2025, 6, 1)
BEFORE = dt.date(2025, 5, 31)
AFTER = dt.date(2025, 6, 2)


def test_of_an_executive_nobody_knows_more_than_is_told() -> None:  # S0-23
    executive = Executive("e1", "Wu")

    assert executive.trained is Tri.UNKNOWN
    assert not executive.is_chief
    assert executive.most_accounts is None
    assert executive.visits_per_year is None


@pytest.mark.parametrize("name", ["most_accounts", "visits_per_year"])
@pytest.mark.parametrize("room", [-1, 1001, 2.5, True])
def test_room_is_a_whole_number_from_0_up(name: str, room: object) -> None:
    assert [path for path, _ in refused(Executive, "e1", "Wu", **{name: room})] == [
        f"$.{name}"
    ]


@pytest.mark.parametrize("room", [0, 1000])
def test_an_executive_may_have_no_room_at_all(room: int) -> None:
    assert Executive("e1", "Wu", most_accounts=room).most_accounts == room


def test_all_that_is_wrong_with_an_executive_is_said_at_once() -> None:
    found = refused(Executive, " ", "", is_chief=Tri.YES, trained=True)

    assert {path for path, _ in found} == {"$.id", "$.name", "$.is_chief", "$.trained"}


def test_a_pairing_ends_after_it_began() -> None:
    assert Pairing("c1", "e1", DAY, DAY).holds_on(DAY)
    assert refused(Pairing, "c1", "e1", DAY, BEFORE) == (("$.until", "contradiction"),)


def test_a_pairing_wants_plain_days() -> None:
    noon = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)

    found = refused(Pairing, "c1", "e1", noon, "2025-06-02")

    assert {path for path, _ in found} == {"$.since", "$.until"}


@pytest.mark.parametrize(
    ("pairing", "holds"),
    [
        (Pairing("c1", "e1"), (True, True, True)),
        (Pairing("c1", "e1", DAY), (False, True, True)),
        (Pairing("c1", "e1", None, DAY), (True, True, False)),
        (Pairing("c1", "e1", DAY, DAY), (False, True, False)),
    ],
)
def test_a_pairing_holds_on_its_first_day_and_on_its_last(
    pairing: Pairing, holds: tuple[bool, ...]
) -> None:
    assert tuple(pairing.holds_on(day) for day in (BEFORE, DAY, AFTER)) == holds


@given(pairings(), st.dates(dt.date(1970, 1, 1), dt.date(2200, 12, 31)))
def test_outside_its_days_no_pairing_holds(pairing: Pairing, day: dt.date) -> None:
    is_before = pairing.since is not None and day < pairing.since
    is_after = pairing.until is not None and day > pairing.until

    assert pairing.holds_on(day) is not (is_before or is_after)
