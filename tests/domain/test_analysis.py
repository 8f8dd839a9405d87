"""What was found out about a customer holds together, and says what is not known."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest

from keyaccount.domain import (
    LEAST_DEMAND_LEVEL,
    MOST_DEMAND_LEVEL,
    AccountAnalysis,
    BackgroundAnalysis,
    BackgroundTopic,
    ChannelOutlook,
    ChannelPlans,
    ProductDemand,
    ProductRequirement,
)
from keyaccount.tri import Tri
from tests.refusals import refused


DAY = dt.date(2025, 6, 1)


def test_nothing_is_known_of_a_background_until_told() -> None:
    nothing = BackgroundAnalysis()

    assert [nothing.on(topic) for topic in BackgroundTopic] == [None] * 6


@pytest.mark.parametrize("topic", BackgroundTopic)
def test_every_topic_has_a_text_of_its_own(topic: BackgroundTopic) -> None:  # S4-10
    name = topic.value.replace("-", "_")
    known = attrs.evolve(BackgroundAnalysis(), **{name: "looked into"})

    found = [one for one in BackgroundTopic if known.on(one) is not None]

    assert found == [topic]
    assert known.on(topic) == "looked into"


def test_a_blank_text_is_no_knowledge() -> None:
    assert refused(BackgroundAnalysis, " ", 5, financial_condition="\0") == (
        ("$.structure_and_scale", "empty"),
        ("$.reputation", "wrong-type"),
        ("$.financial_condition", "not-text"),
    )


@pytest.mark.parametrize("level", [LEAST_DEMAND_LEVEL, 3, MOST_DEMAND_LEVEL, None])
def test_a_level_is_a_whole_number_from_1_to_5(level: int | None) -> None:  # S4-11
    one = ProductRequirement(ProductDemand.QUALITY, level, level)

    assert (one.required, one.ours) == (level, level)


@pytest.mark.parametrize(
    "level, code",
    [
        (0, "out-of-range"),
        (6, "out-of-range"),
        (2.5, "wrong-type"),
        (True, "wrong-type"),
    ],
)
def test_a_level_off_the_scale_is_refused(level: object, code: str) -> None:
    assert refused(ProductRequirement, "quality", level, level) == (
        ("$.demand", "wrong-type"),
        ("$.required", code),
        ("$.ours", code),
    )


def test_nobody_has_asked_about_the_channel_until_told() -> None:  # S4-12
    assert ChannelPlans() == ChannelPlans(Tri.UNKNOWN, Tri.UNKNOWN, Tri.UNKNOWN)
    assert refused(ChannelPlans, True, "yes", None) == (
        ("$.builds_warehouses", "wrong-type"),
        ("$.widens_channel", "wrong-type"),
        ("$.raises_investment", "missing"),
    )


def test_an_expanding_channel_is_the_best_outlook() -> None:
    ranked = sorted(ChannelOutlook, key=lambda outlook: outlook.rank)

    assert ranked == [
        ChannelOutlook.EXPANDING,
        ChannelOutlook.MIXED,
        ChannelOutlook.FLAT,
    ]


def test_requirements_are_kept_as_listed() -> None:
    price = ProductRequirement(ProductDemand.PRICE, 4)
    quality = ProductRequirement(ProductDemand.QUALITY, ours=3)

    analysis = AccountAnalysis("c1", requirements=[price, quality])

    assert analysis.requirements == (price, quality)
    assert analysis.analysed_on is None


def test_a_demand_stands_once_in_an_analysis() -> None:
    price = ProductRequirement(ProductDemand.PRICE, 4)
    again = ProductRequirement(ProductDemand.PRICE, 5)

    assert refused(AccountAnalysis, "c1", requirements=[price, again]) == (
        ("$.requirements[1].demand", "duplicate"),
    )


def test_an_analysis_says_everything_that_is_wrong() -> None:
    assert refused(AccountAnalysis, "", None, ["price"], "plans", "today") == (
        ("$.customer_id", "empty"),
        ("$.background", "missing"),
        ("$.requirements[0]", "wrong-type"),
        ("$.channel", "wrong-type"),
        ("$.analysed_on", "wrong-type"),
    )


def test_a_moment_is_no_day_of_analysis() -> None:
    noon = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)

    assert AccountAnalysis("c1", analysed_on=DAY).analysed_on == DAY
    assert refused(AccountAnalysis, "c1", analysed_on=noon) == (
        ("$.analysed_on", "wrong-type"),
    )
