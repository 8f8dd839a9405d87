"""440 real wholesale customers: their shares and fifths are what arithmetic says."""

from __future__ import annotations

import csv
import datetime as dt
import os
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from keyaccount.domain import Purchase
from keyaccount.models import segments
from keyaccount.models.segments import Behaviour, RfmSegment, RfmVerdict


ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("KEYACCOUNT_DATA", ROOT.parent / "shared" / "data"))
FILE = DATA / "uci_wholesale" / "Wholesale_customers_data.csv"
YEAR_END = dt.date(2011, 12, 31)

pytestmark = pytest.mark.skipif(
    not FILE.is_file(),
    reason="the data set is not here; KEYACCOUNT_DATA names its folder",
)

Spend = dict[str, dict[str, Decimal]]


@pytest.fixture(scope="module")
def spend() -> Spend:
    """Return what each customer spends a year, by category."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["Fresh"] != "NA"]
    return {
        f"w{at:03}": {
            name: Decimal(value)
            for name, value in row.items()
            if name not in {"Channel", "Region"}
        }
        for at, row in enumerate(rows)
    }


@pytest.fixture(scope="module")
def verdicts(spend: Spend) -> tuple[RfmVerdict, ...]:
    """Judge all of them by their yearly total: nothing tells when they bought it."""
    known = {name: Behaviour(spend=sum(row.values())) for name, row in spend.items()}
    return segments.rfm(known, as_of=YEAR_END)


def test_the_categories_add_up_to_what_the_source_says(spend: Spend) -> None:
    assert len(spend) == 440
    assert sum(row["Fresh"] for row in spend.values()) == 5_280_131


def test_the_shares_of_every_customer_add_up_to_one(spend: Spend) -> None:
    for row in spend.values():
        shares = [segments.concentration_ratio(row.values(), n=n) for n in range(1, 7)]
        gains = [one.low for one in shares]

        assert gains == sorted(gains)
        assert gains[-1] == 1
        assert gains[0] == float(max(row.values())) / float(sum(row.values()))


def test_a_fifth_of_the_customers_is_eighty_eight(
    spend: Spend, verdicts: tuple[RfmVerdict, ...]
) -> None:
    totals = [sum(row.values()) for row in spend.values()]
    ties = len(totals) - len(set(totals))

    sizes = Counter(one.monetary.low for one in verdicts)

    assert len(sizes) == 5
    for size in sizes.values():
        assert abs(size - 88) <= ties
    for one in verdicts:
        assert one.monetary.is_exact
        assert one.customers == 440
        assert "few-customers" not in one.flags


def test_a_larger_spender_never_scores_lower(verdicts: tuple[RfmVerdict, ...]) -> None:
    ranked = sorted(verdicts, key=lambda one: one.behaviour.spend or 0)

    marks = [one.monetary.low for one in ranked]
    assert marks == sorted(marks)


def test_spend_alone_settles_no_segment(verdicts: tuple[RfmVerdict, ...]) -> None:
    for one in verdicts:
        assert one.value is None
        assert {gap.fact for gap in one.missing} >= {
            "days_since_purchase",
            "orders_a_year",
        }
        may_be_champion = RfmSegment.CHAMPIONS in one.possible
        assert may_be_champion is (one.monetary.low >= 4)


def test_as_single_purchases_the_categories_make_the_same_spend(
    spend: Spend, verdicts: tuple[RfmVerdict, ...]
) -> None:
    listed = [
        Purchase(name, YEAR_END, amount)
        for name, row in spend.items()
        for amount in row.values()
    ]

    found = segments.rfm(listed, as_of=YEAR_END)

    assert [one.monetary for one in found] == [one.monetary for one in verdicts]
    assert {one.recency.low for one in found} == {3}  # all on one day
    assert {one.frequency.low for one in found} == {3}  # six lines each
    assert all(one.is_settled for one in found)
