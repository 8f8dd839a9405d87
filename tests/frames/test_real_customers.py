"""Real customers in columns: 23,570 who bought CDs, and 440 who buy wholesale."""

from __future__ import annotations

import csv
import datetime as dt
import os
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from keyaccount import frames
from keyaccount.domain import Customer, Purchase, YearMetrics
from keyaccount.models import segments, selection
from keyaccount.tri import Tri


pl = pytest.importorskip("polars")

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("KEYACCOUNT_DATA", ROOT.parent / "shared" / "data"))
CDNOW = DATA / "cdnow" / "CDNOW_master.txt"
WHOLESALE = DATA / "uci_wholesale" / "Wholesale_customers_data.csv"
END = dt.date(1998, 6, 30)
YEAR_END = dt.date(2011, 12, 31)

pytestmark = pytest.mark.skipif(
    not (CDNOW.is_file() and WHOLESALE.is_file()),
    reason="the data sets are not here; KEYACCOUNT_DATA names their folder",
)


def test_customers_of_a_shop_get_the_segments_that_they_get_one_by_one() -> None:
    with CDNOW.open(encoding="utf-8") as file:
        rows = [line.split() for line in file][1:]
    days = [dt.datetime.strptime(row[1], "%Y%m%d").date() for row in rows]  # noqa: DTZ007 - a day has no zone
    bought = [
        Purchase(row[0], day, Decimal(row[3]))
        for row, day in zip(rows, days, strict=True)
    ]
    frame = pl.DataFrame(
        {
            "customer": [one.customer_id for one in bought],
            "on": days,
            "amount": [float(row[3]) for row in rows],
        }
    )

    found = frames.rfm(frame, as_of=END)

    verdicts = segments.rfm(bought, as_of=END)
    assert len(found) == 23_570
    for column, told in (
        ("customer", [one.customer_id for one in verdicts]),
        ("rfm", [one.value and one.value.value for one in verdicts]),
        ("spend_a_year", [float(one.behaviour.spend or 0) for one in verdicts]),
        ("rfm_monetary_low", [one.monetary.low for one in verdicts]),
    ):
        assert found[column].to_list() == told
    fifths = Counter(found["rfm_recency_low"])
    assert max(fifths.values()) - min(fifths.values()) < 50


def test_the_head_of_each_channel_is_that_of_its_customers() -> None:
    with WHOLESALE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["Fresh"] != "NA"]
    categories = [name for name in rows[0] if name not in {"Channel", "Region"}]
    spend = [sum(int(row[name]) for name in categories) for row in rows]
    channels = [row["Channel"] for row in rows]
    frame = pl.DataFrame({"channel": channels, "spend": spend})

    shared = frames.share_of_total(frame.lazy(), "spend", by="channel", places=0)
    found = frames.head(shared, "spend", by="channel").collect()

    for channel in set(channels):
        own = [at for at, other in enumerate(channels) if other == channel]
        customers = [
            Customer(str(at), "W", "EUR", years=[YearMetrics(2011, sales=spend[at])])
            for at in own
        ]
        total = sum(spend[at] for at in own)
        scales = selection.scales(customers, as_of=YEAR_END)
        for at in own:
            row = found.row(at, named=True)
            assert row["share"] == float(Fraction(spend[at], total))
            assert row["in_head"] is (scales[str(at)].in_head is Tri.YES)
    in_heads = found.filter("in_head").group_by("channel").len().sort("channel")
    assert in_heads["len"].to_list() == [75, 44]  # of 298 and 142
