"""What is none of what a forecast asks for: refused by name."""

from __future__ import annotations

import datetime as dt

import pytest

from keyaccount.models import forecast, tiering
from tests.refusals import refused


DAY = dt.date(2026, 3, 31)


@pytest.mark.parametrize(
    "verb",
    [
        forecast.learn,
        forecast.roll_up,
        forecast.velocity,
        forecast.conversion,
        forecast.distribution,
        forecast.slippage,
        forecast.baseline,
    ],
)
def test_a_forecast_takes_its_own_policy_and_a_list_of_deals(verb: object) -> None:
    call = getattr(forecast, getattr(verb, "__name__", ""))

    for wrong in ("forecast", tiering.default_policy()):
        assert refused(call, [], as_of=DAY, policy=wrong) == (
            ("$.policy", "wrong-type"),
        )
    assert refused(call, None, as_of=DAY) == (("$.deals", "wrong-type"),)


def test_a_quota_is_an_amount_with_a_currency() -> None:
    for verb in (forecast.roll_up, forecast.distribution):
        assert refused(verb, [], as_of=DAY, quota=3_000_000) == (
            ("$.quota", "wrong-type"),
        )


def test_the_four_figures_of_velocity_are_numbers_and_an_amount() -> None:
    assert refused(
        forecast.velocity, as_of=DAY, count="4", win_rate="x", size=5, cycle_days=True
    ) == (
        ("$.count", "wrong-type"),
        ("$.win_rate", "wrong-type"),
        ("$.cycle_days", "wrong-type"),
        ("$.size", "wrong-type"),
    )
    assert refused(forecast.velocity, as_of=DAY, count=True) == (
        ("$.count", "wrong-type"),
    )
