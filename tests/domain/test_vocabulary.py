"""Every closed list is written in slugs; the ordered ones know their order."""

from __future__ import annotations

import enum
import pickle
import re

import pytest

from keyaccount import domain
from keyaccount.domain import (
    AdminLevel,
    BuyingFactor,
    Controllability,
    CoverQuality,
    ProspectClass,
    Ranked,
    Safety,
    StrategicDesignation,
    ThreeLevelGrade,
    TitleControl,
    ValueTier,
)


LISTS = [
    value
    for name in domain.__all__
    if isinstance(value := getattr(domain, name), enum.EnumType) and value is not Ranked
]


@pytest.mark.parametrize("words", LISTS)
def test_every_value_is_a_kebab_case_slug(words: type[enum.Enum]) -> None:
    for member in words:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", member.value)
        assert words(member.value) is member
        assert pickle.loads(pickle.dumps(member)) is member  # noqa: S301 - our own bytes
    assert words.__doc__


@pytest.mark.parametrize(
    "words, slugs",
    [
        (Safety, "safe fairly-safe unsafe"),
        (
            Controllability,
            "controllable conditionally-controllable uncontrollable",
        ),
        (CoverQuality, "prime strong moderate weak own-paper uncovered"),
        (TitleControl, "full weak none"),
        (
            ValueTier,
            "diamond gold strategic potential general problem unclassified",
        ),
        (ProspectClass, "key-opportunity general-opportunity"),
        (ThreeLevelGrade, "strategic important ordinary"),
        (StrategicDesignation, "strategic key-account high-potential ordinary"),
        (AdminLevel, "top-executive director manager supervisor staff"),
    ],
)
def test_a_ranked_list_counts_from_the_best(words: type[Ranked], slugs: str) -> None:
    assert [member.value for member in words] == slugs.split()
    assert [member.rank for member in words] == list(range(len(words)))


def test_problem_and_unclassified_are_no_rungs() -> None:  # S3-7
    rungs = [tier.name for tier in ValueTier if tier.is_rung]

    assert rungs == ["DIAMOND", "GOLD", "STRATEGIC", "POTENTIAL", "GENERAL"]


def test_levels_are_numbered_as_people_do() -> None:
    assert AdminLevel.TOP_EXECUTIVE.level == 5  # S1-2
    assert AdminLevel.STAFF.level == 1


def test_buying_factors_stand_in_the_order_of_their_shares() -> None:
    names = [factor.name for factor in BuyingFactor]

    assert names == ["RELATIONSHIP", "PRICE", "INNOVATION"]  # S3-24: 46, 36, 18
