"""How we sell and who of us does holds together, and says what is not known."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest

from keyaccount.domain import (
    AccountTeam,
    CoverageMode,
    CoverageModel,
    OfferMode,
    SalesMotion,
    SponsorshipMode,
    TeamMember,
    TeamProximity,
)
from tests.refusals import refused


DAY = dt.date(2025, 6, 1)
LI = TeamMember("Li", "sales", ["pricing"])


def test_each_part_of_a_motion_has_an_old_way_and_a_new_one() -> None:
    assert [one.value for one in OfferMode] == [  # S0-12
        "standard-product",
        "consultative",
    ]
    assert [one.value for one in CoverageMode] == ["solo", "team"]  # S0-13
    assert [one.value for one in SponsorshipMode] == [  # S0-14
        "sales-owned",
        "executive-sponsored",
    ]


def test_nobody_has_said_how_we_sell_until_told() -> None:
    assert SalesMotion() == SalesMotion(None, None, None)
    assert refused(SalesMotion, "consultative", True, CoverageMode.TEAM) == (
        ("$.offer", "wrong-type"),
        ("$.coverage", "wrong-type"),
        ("$.sponsorship", "wrong-type"),
    )


@pytest.mark.parametrize("kind", [CoverageModel, TeamProximity])
def test_the_closest_stands_first(  # S2-20, S0-24
    kind: type[CoverageModel | TeamProximity],
) -> None:
    assert [one.rank for one in kind] == list(range(len(kind)))
    assert CoverageModel.DEDICATED.rank < CoverageModel.PARTNER.rank
    assert TeamProximity.JOINT_TEAM.rank < TeamProximity.SAME_CITY.rank


def test_a_team_that_nobody_told_is_not_an_empty_one() -> None:
    unknown, empty = AccountTeam("c1"), AccountTeam("c1", [])

    assert unknown.members is None
    assert empty.members == ()
    assert unknown != empty


def test_a_team_keeps_its_members_in_order() -> None:
    wang = TeamMember("Wang")

    team = AccountTeam("c1", (one for one in (LI, wang)), since=DAY)

    assert team.members == (LI, wang)
    assert LI.strengths == frozenset({"pricing"})
    assert wang.department is None


def test_nobody_is_twice_on_a_team() -> None:
    again = attrs.evolve(LI, department="finance")

    assert refused(AccountTeam, "c1", [LI, again]) == (
        ("$.members[1].name", "duplicate"),
    )


def test_everything_wrong_with_a_team_is_told_at_once() -> None:
    found = refused(AccountTeam, "", [LI, "Wang"], "near", "named", "2025-06-01")

    assert found == (
        ("$.customer_id", "empty"),
        ("$.members[1]", "wrong-type"),
        ("$.proximity", "wrong-type"),
        ("$.model", "wrong-type"),
        ("$.since", "wrong-type"),
    )
    assert refused(TeamMember, " ", 5) == (
        ("$.name", "empty"),
        ("$.department", "wrong-type"),
    )
