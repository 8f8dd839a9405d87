"""Weights are whole per cents of a whole, and a profile says what it is about."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.domain import (
    BuyingFactor,
    BuyingFactorProfile,
    FactorWeights,
    ProfileLevel,
    ValueTier,
)
from tests.refusals import refused


DAY = dt.date(2025, 12, 31)
WEIGHTS = FactorWeights(relationship=46, price=36, innovation=18)


def test_the_last_weight_follows_from_the_others() -> None:
    assert FactorWeights(relationship=46, price=36) == WEIGHTS
    assert FactorWeights(price=100) == FactorWeights(
        relationship=0, price=100, innovation=0
    )
    assert str(FactorWeights(price=40)) == "?/40/?"


@pytest.mark.parametrize(
    "weights",
    [
        {"relationship": 46, "price": 36, "innovation": 19},
        {"relationship": 46, "price": 36, "innovation": 17},
        {"relationship": 60, "price": 60},
    ],
)
def test_weights_that_are_no_whole_are_refused(weights: dict[str, int]) -> None:
    assert refused(FactorWeights, **weights) == (("$", "sum"),)


def test_weights_are_whole_per_cents() -> None:
    assert refused(FactorWeights, relationship=0.46, price="36", innovation=-1) == (
        ("$.relationship", "wrong-type"),
        ("$.price", "wrong-type"),
        ("$.innovation", "out-of-range"),
    )


@given(st.none() | st.integers(0, 100))
def test_completions_are_all_the_ways_to_fill_the_gaps(price: int | None) -> None:
    open_weights = FactorWeights(price=price)

    filled = list(open_weights.completions())

    rest = None if price is None else 100 - price
    assert len(set(filled)) == len(filled) == (5151 if rest is None else rest + 1)
    assert all(weights.is_complete for weights in filled)
    assert all(price in {None, weights.price} for weights in filled)
    assert open_weights.is_unknown is (price is None)


def test_weights_are_listed_in_the_order_of_the_factors() -> None:
    assert WEIGHTS.items() == (
        (BuyingFactor.RELATIONSHIP, 46),
        (BuyingFactor.PRICE, 36),
        (BuyingFactor.INNOVATION, 18),
    )


def test_a_profile_is_about_the_most_particular_thing_it_names() -> None:
    customer = BuyingFactorProfile("c1", WEIGHTS, DAY)
    deal = BuyingFactorProfile("c1", WEIGHTS, DAY, opportunity_id="o1")
    scenario = BuyingFactorProfile("c1", WEIGHTS, DAY, "peak season", "o1")
    tier = BuyingFactorProfile(None, WEIGHTS, DAY, tier=ValueTier.GOLD, source="CRM")

    assert customer.level is ProfileLevel.CUSTOMER
    assert deal.level is ProfileLevel.OPPORTUNITY
    assert scenario.level is ProfileLevel.SCENARIO
    assert tier.level is ProfileLevel.CLASS


def test_a_profile_of_a_class_names_no_customer() -> None:
    assert refused(BuyingFactorProfile, "c1", WEIGHTS, DAY, tier=ValueTier.GOLD) == (
        ("$.tier", "contradiction"),
    )
    assert refused(BuyingFactorProfile, None, FactorWeights(), DAY) == (
        ("$.customer_id", "missing"),
        ("$.weights", "empty"),
    )
