"""CDNOW: 2,357 real customers, whose fit every textbook prints (S3-1).

Fader, Hardie and Lee, "Counting Your Customers" the Easy Way, Marketing Science 2005:
r 0.243, alpha 4.414 weeks, a 0.793, b 2.426, log-likelihood −9582.4. Fader and Hardie,
The Gamma-Gamma Model of Monetary Value, 2013: p 6.25, q 3.74, v 15.44 US dollars.
Figures are held to half a unit of their last printed place, and one more such half,
for the summaries are rounded to a hundredth of a week and to a cent.
"""

from __future__ import annotations

import csv
import datetime as dt
import os
from decimal import Decimal
from pathlib import Path

import pytest

from keyaccount.domain import Purchase, PurchaseHistory, TimeUnit
from keyaccount.models import lifetime
from keyaccount.models.lifetime import Histories, PurchaseFit, SpendFit


pytest.importorskip("scipy", reason="predict is the extra `clv`")

from keyaccount import predict


PROJECT = Path(__file__).parents[2]
DATA = Path(os.environ.get("KEYACCOUNT_DATA", PROJECT.parent / "shared" / "data"))
FOLDER = DATA / "cdnow"
END_OF_CALIBRATION = dt.date(1997, 9, 30)
END = dt.date(1998, 6, 30)
WEEKS = TimeUnit.WEEKS

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason="the data set is not here; KEYACCOUNT_DATA names its folder",
)


@pytest.fixture(scope="module")
def summaries() -> tuple[PurchaseHistory, ...]:
    file = FOLDER / "cdnow_customers_summary_with_transactions.csv"
    with file.open(encoding="utf-8", newline="") as table:
        return tuple(
            PurchaseHistory(
                row["ID"],
                int(row["x"]),
                Decimal(row["t_x"]),
                Decimal(row["T"]),
                Decimal(row["zbar"]) if int(row["x"]) else None,
                WEEKS,
                "USD",
            )
            for row in csv.DictReader(table)
        )


@pytest.fixture(scope="module")
def purchases() -> tuple[Purchase, ...]:
    found = []
    with (FOLDER / "CDNOW_sample.txt").open(encoding="utf-8") as table:
        for line in table:
            _, customer, day, _, amount = line.split()
            on = dt.datetime.strptime(day, "%Y%m%d").date()  # noqa: DTZ007 - a plain day
            found.append(Purchase(customer, on, Decimal(amount)))
    return tuple(found)


@pytest.fixture(scope="module")
def calibration(purchases: tuple[Purchase, ...]) -> Histories:
    return lifetime.histories(
        purchases, as_of=END_OF_CALIBRATION, unit=WEEKS, currency="USD"
    )


@pytest.fixture(scope="module")
def fit(summaries: tuple[PurchaseHistory, ...]) -> PurchaseFit:
    return predict.fit_purchases(summaries)


@pytest.fixture(scope="module")
def spend(summaries: tuple[PurchaseHistory, ...]) -> SpendFit:
    return predict.fit_spend(summaries)


def test_the_published_fit_of_buying_comes_out(fit: PurchaseFit) -> None:
    assert fit.r == pytest.approx(0.243, abs=0.001)
    assert fit.alpha == pytest.approx(4.414, abs=0.001)
    assert fit.a == pytest.approx(0.793, abs=0.001)
    assert fit.b == pytest.approx(2.426, abs=0.001)
    assert fit.log_likelihood == pytest.approx(-9582.4, abs=0.1)
    assert (fit.customers, fit.repeating, fit.unit) == (2_357, 946, WEEKS)


def test_the_published_fit_of_spending_comes_out(spend: SpendFit) -> None:
    assert spend.p == pytest.approx(6.25, abs=0.01)
    assert spend.q == pytest.approx(3.74, abs=0.01)
    assert spend.v == pytest.approx(15.44, abs=0.01)
    assert spend.log_likelihood == pytest.approx(-4055.92, abs=0.01)
    assert spend.customers == 946
    assert spend.correlation == pytest.approx(0.11, abs=0.01)


def test_the_purchases_themselves_count_as_the_published_summaries(
    calibration: Histories, summaries: tuple[PurchaseHistory, ...]
) -> None:
    counted = {int(history.customer_id): history for history in calibration}

    assert len(calibration) == len(summaries) == 2_357
    assert calibration.returned == 0
    for told in summaries:
        own = counted[int(told.customer_id)]
        assert own.repeats == told.repeats
        assert abs(own.last_after - told.last_after) <= Decimal("0.006")
        assert abs(own.observed - told.observed) <= Decimal("0.006")
        assert (own.average_amount is None) == (told.average_amount is None)


def test_nine_months_that_the_fit_has_not_seen_come_within_fifteen_per_cent(
    purchases: tuple[Purchase, ...], calibration: Histories, fit: PurchaseFit
) -> None:
    weeks = Decimal((END - END_OF_CALIBRATION).days) / 7
    days = {(one.customer_id, one.on) for one in purchases}
    actual = sum(day > END_OF_CALIBRATION for _, day in days)

    expected = sum(fit.expected(history, weeks) for history in calibration)

    # 1,653 were expected, 1,882 came: the model is known to be cautious here. Of all
    # repeats in eighteen months it misses a twentieth.
    assert expected == pytest.approx(1_882, rel=0.15)
    assert actual == 1_882
    seen = sum(history.repeats for history in calibration)
    assert seen + expected == pytest.approx(seen + actual, rel=0.06)


def test_those_who_will_buy_most_are_found_among_those_expected_to(
    purchases: tuple[Purchase, ...], calibration: Histories, fit: PurchaseFit
) -> None:
    weeks = Decimal((END - END_OF_CALIBRATION).days) / 7
    days = {(one.customer_id, one.on) for one in purchases}
    made = dict.fromkeys((history.customer_id for history in calibration), 0)
    for customer, day in days:
        made[customer] += day > END_OF_CALIBRATION
    ranked = sorted(calibration, key=lambda history: -fit.expected(history, weeks))

    best = sum(made[history.customer_id] for history in ranked[: len(ranked) // 10])

    assert best > 0.4 * sum(made.values())  # a tenth of them; by chance it is a tenth


def test_customers_have_a_value(
    summaries: tuple[PurchaseHistory, ...], fit: PurchaseFit, spend: SpendFit
) -> None:
    for history in summaries[::10]:
        verdict = lifetime.purchase_value(
            history, fit, spend, as_of=END_OF_CALIBRATION, margin=Decimal("0.3")
        )
        assert verdict.is_settled
        assert 0 <= verdict.alive <= 1
