"""A sales team's real pipeline, 8,800 deals, through the verbs as they are."""

from __future__ import annotations

import csv
import datetime as dt
import os
from decimal import Decimal
from pathlib import Path

import pytest

from keyaccount.domain import Money, Opportunity, Outcome
from keyaccount.models import forecast


PROJECT = Path(__file__).parents[2]
DATA = Path(os.environ.get("KEYACCOUNT_DATA", PROJECT.parent / "shared" / "data"))
FILE = DATA / "maven_crm" / "sales_pipeline.csv"
DAY = dt.date(2017, 12, 31)
STAGES = {"Prospecting": "identification", "Engaging": "need-confirmation"}
OUTCOMES = {"Won": Outcome.WON, "Lost": Outcome.LOST}

pytestmark = pytest.mark.skipif(
    not FILE.is_file(),
    reason="the data set is not here; KEYACCOUNT_DATA names its folder",
)


def day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def read(row: dict[str, str]) -> Opportunity:
    outcome = OUTCOMES.get(row["deal_stage"])
    value = row["close_value"] if outcome is Outcome.WON else ""
    return Opportunity(
        row["opportunity_id"],
        row["account"] or None,
        Money(Decimal(value), "USD") if value else None,
        STAGES.get(row["deal_stage"], "need-confirmation"),
        owner=row["sales_agent"],
        outcome=outcome,
        opened_on=day(row["engage_date"]),
        closed_on=day(row["close_date"]),
    )


@pytest.fixture(scope="module")
def pipeline() -> list[Opportunity]:
    with FILE.open(encoding="utf-8", newline="") as table:
        return [read(row) for row in csv.DictReader(table)]


def test_what_was_won_comes_out_to_the_dollar(pipeline: list[Opportunity]) -> None:
    found = forecast.roll_up(pipeline, as_of=DAY)

    assert len(found.lines) == 8_800
    assert found.closed.low == found.closed.high == Money.of("10005534.00 USD")


def test_open_deals_without_a_value_are_listed_and_not_worth_nothing(
    pipeline: list[Opportunity],
) -> None:
    found = forecast.roll_up(pipeline, as_of=DAY)

    assert len(found.unvalued) == 500 + 1_589
    assert found.open.low == Money.of("0 USD")
    assert found.open.high is None
    assert found.missing[0].fact == "deal_value"


def test_the_win_rate_is_the_known_one(pipeline: list[Opportunity]) -> None:
    found = forecast.conversion(pipeline, as_of=DAY)

    assert (found.won, found.lost, found.still_open) == (4_238, 2_473, 2_089)
    assert found.win_rate.value == pytest.approx(0.6315, abs=0.00005)
    assert found.win_rate.is_enough


def test_the_owners_add_up_to_what_was_won(pipeline: list[Opportunity]) -> None:
    found = forecast.roll_up(pipeline, as_of=DAY)

    owners = Money.total((part.closed.low for part in found.owners), "USD")
    assert owners == found.closed.low
    assert len(found.owners) == 30


def test_the_pace_of_the_team_can_be_measured(pipeline: list[Opportunity]) -> None:
    found = forecast.velocity(pipeline, as_of=DAY)

    assert found.deals == 2_089
    assert found.size == Money.of("2360.91 USD")
    assert found.per_day is not None
    assert found.flags == ()


def test_what_a_stage_stands_for_is_learned_from_enough_deals(
    pipeline: list[Opportunity],
) -> None:
    only = {"need-confirmation": Decimal("0.25")}
    (found,) = forecast.learn(pipeline, as_of=DAY, defaults=only).stages

    assert found.is_learned
    assert found.closed == 6_711
    assert float(found.probability) == pytest.approx(0.6304, abs=0.0001)


def test_a_way_that_nobody_recorded_teaches_nothing_of_a_later_stage(
    pipeline: list[Opportunity],
) -> None:
    found = forecast.learn(pipeline, as_of=DAY)

    assert {stage.closed for stage in found.stages} == {0}
