"""Ten yearly reviews of real customers in a row, with patience and without.

Deliveries of a public health programme to 43 countries; a country is a customer, a
fiscal year ends on 30 September as that of its payer does. S2-25, DOMAIN 3.6.
"""

from __future__ import annotations

import csv
import datetime as dt
import os
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from keyaccount import book, policies
from keyaccount.domain import Customer, YearMetrics
from keyaccount.models import tiering


PROJECT = Path(__file__).parents[2]
DATA = Path(os.environ.get("KEYACCOUNT_DATA", PROJECT.parent / "shared" / "data"))
FOLDER = DATA / "scms_delivery"
FIRST, LAST = 2006, 2015
DAYS = tuple(dt.date(year, 9, 30) for year in range(FIRST, LAST + 1))

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason="the deliveries are not here; KEYACCOUNT_DATA names their folder",
)


def fiscal_year(day: dt.date) -> int:
    return day.year + (day > dt.date(day.year, 9, 30))


@pytest.fixture(scope="module")
def accounts() -> tuple[book.Account, ...]:
    (file,) = FOLDER.glob("*.csv")
    sales: dict[str, dict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    with file.open(encoding="utf-8-sig", newline="") as table:
        for row in csv.DictReader(table):
            stamp = row["Delivered to Client Date"]
            day = dt.datetime.strptime(stamp, "%d-%b-%y")  # noqa: DTZ007 - no time in it
            sales[row["Country"]][fiscal_year(day.date())] += Decimal(
                row["Line Item Value"]
            )
    return tuple(
        book.Account(
            Customer(
                country,
                country,
                "USD",
                years=tuple(
                    YearMetrics(year, dt.date(year, 9, 30), sales=by_year[year])
                    for year in range(min(by_year), LAST + 1)
                ),
            )
        )
        for country, by_year in sorted(sales.items())
    )


@pytest.fixture(scope="module")
def rules(accounts: tuple[book.Account, ...]) -> book.Policies:
    """Amounts proposed from the very customers (S2-24)."""
    customers = [account.customer for account in accounts]
    found = tiering.propose(customers, currency="USD", as_of=DAYS[-1])
    own = policies.read(
        {
            "based_on": "tiering",
            "currency": "USD",
            "numbers": {tier.value: amount for tier, amount in found.amounts},
        },
        tiering.TieringPolicy,
    )
    return book.Policies(tiering=own)


@pytest.fixture(scope="module")
def history(
    accounts: tuple[book.Account, ...], rules: book.Policies
) -> tuple[book.Reclassified, ...]:
    return book.reclassify_over(accounts, DAYS, policies=rules)


def test_every_country_and_every_cent_comes_through(
    accounts: tuple[book.Account, ...],
) -> None:
    total = sum(year.sales or 0 for one in accounts for year in one.customer.years)

    assert len(accounts) == 43
    assert round(total) == 1_627_584_457


def test_patience_takes_two_moves_in_five_away_and_three_flaps_in_five(
    history: tuple[book.Reclassified, ...],
) -> None:
    assert book.steadiness(history) == book.Steadiness(
        10, moves=51, raw_moves=87, flaps=26, raw_flaps=62
    )


def test_no_review_saw_a_year_that_had_not_ended(
    accounts: tuple[book.Account, ...],
    rules: book.Policies,
    history: tuple[book.Reclassified, ...],
) -> None:
    half = book.reclassify_over(accounts, DAYS[:5], policies=rules)

    assert half == history[:5]


def test_no_country_whose_sales_stood_still_was_moved(
    history: tuple[book.Reclassified, ...],
) -> None:
    for review in history:
        for one in review.moved:
            *_, before, latest = one.customer.years
            assert before.sales != latest.sales


def test_two_reviews_name_every_country_that_moved_and_its_fact(
    accounts: tuple[book.Account, ...], rules: book.Policies
) -> None:
    old, new = (book.review(accounts, as_of=day, policies=rules) for day in DAYS[-2:])
    found = book.compare(old, new)

    assert found.matrix.total == 43
    assert found.moves
    assert {move.fact for move in found.moves} <= {
        "contribution",
        "lowest_contribution",
        "growth_ratio",
        "years_in_row",
    }
    told = {one.customer.name: one.mover for one in found.moves}
    nigeria = told["Nigeria"]
    assert nigeria is not None
    assert (nigeria.fact, nigeria.alone) == ("lowest_contribution", True)
    assert all(mover is not None and not mover.by_policy for mover in told.values())
