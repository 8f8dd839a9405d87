"""Half a million invoice lines become customers and tiers in one lazy query."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from keyaccount import frames
from keyaccount.domain import Customer
from keyaccount.models import tiering
from tests.frames.engines import Plain, read


PROJECT = Path(__file__).parents[2]
PAGE = PROJECT / "docs" / "how-to" / "real-data.md"
DATA = Path(os.environ.get("KEYACCOUNT_DATA", PROJECT.parent / "shared" / "data"))
FILE = DATA / "online_retail" / "online_retail.parquet"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)

NET = Decimal("9747747.934")  # the file's prices have up to three decimals
LINES, RETURNS, NOBODYS = 541_909, 10_624, 135_080
AS_OF = dt.date(2011, 12, 9)

pytestmark = [
    pytest.mark.skipif(
        not FILE.is_file(),
        reason="the invoice lines are not here; KEYACCOUNT_DATA names their folder",
    ),
    # margin, payment, influence: the file tells none of them
    pytest.mark.filterwarnings("ignore::keyaccount.frames.MissingColumnWarning"),
]


@pytest.fixture(scope="module")
def block() -> str:
    """Return the page's own lines."""
    (found,) = (
        text
        for text in BLOCK.findall(PAGE.read_text(encoding="utf-8"))
        if "online_retail" in text
    )
    return str(found)


@pytest.fixture(scope="module")
def names(block: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Run them in an empty folder with `data` beside it."""
    desk = tmp_path_factory.mktemp("desk")
    (desk / "data").symlink_to(DATA, target_is_directory=True)
    before, found = Path.cwd(), {"pl": pl}
    os.chdir(desk)
    try:
        exec(compile(block, str(PAGE), "exec"), found)  # noqa: S102 - our own page
        yield found
    finally:
        os.chdir(before)


@pytest.fixture(scope="module")
def found(names: dict[str, Any]) -> pl.DataFrame:
    told: pl.DataFrame = names["found"]
    return told


def test_it_is_one_lazy_query_collected_once(block: str, names: dict[str, Any]) -> None:
    assert isinstance(names["tiers"], pl.LazyFrame)
    assert block.count(".collect(") == 1


def test_every_line_return_and_penny_of_the_file_comes_through(
    found: pl.DataFrame,
) -> None:
    totals = found.select(pl.sum("net", "lines", "returns")).row(0)

    assert totals == (NET, LINES, RETURNS)
    assert round(totals[0], 2) == Decimal("9747747.93")
    assert len(found) == 4_372 + 1
    assert found["customer"].n_unique() == len(found)


def test_lines_without_a_customer_are_a_row_of_which_nothing_is_known(
    found: pl.DataFrame,
) -> None:
    (nobody,) = found.filter(pl.col("customer").is_null()).to_dicts()

    assert (nobody["lines"], nobody["net"]) == (NOBODYS, Decimal("1447682.120"))
    assert nobody["years_in_row"] is None
    assert nobody["tiering"] == "unclassified"
    assert nobody["share"] == 1_447_682_120 / 9_747_747_934


def test_the_largest_five_together_bring_less_than_nobody(found: pl.DataFrame) -> None:
    known = found.drop_nulls("customer")["share"].top_k(5).sum()

    assert known < found.filter(pl.col("customer").is_null())["share"].item()


def test_the_tiers_are_those_that_the_page_tells(found: pl.DataFrame) -> None:
    counted = found.drop_nulls("customer").group_by("tiering_low", "tiering_high").len()

    assert {(row[0], row[1]): row[2] for row in counted.iter_rows()} == {
        ("diamond", "diamond"): 2,
        ("gold", "gold"): 4,
        ("general", "strategic"): 19,
        ("general", "potential"): 221,
        ("general", "general"): 4_085,
        ("unclassified", "unclassified"): 41,
    }


def test_the_object_path_says_the_same_of_every_customer(
    names: dict[str, Any], found: pl.DataFrame
) -> None:
    years = names["years"].drop_nulls("customer").collect()
    rows = [
        {
            **row,
            "customer": str(row["customer"]),
            "ends_on": dt.date(row["year"], 11, 30),
        }
        for row in years.iter_rows(named=True)
    ]
    firms = Customer.from_records(rows, currency="GBP")

    told = found.drop_nulls("customer").rows_by_key("customer", named=True, unique=True)

    for firm in firms:
        verdict = tiering.classify(firm, as_of=AS_OF, policy=names["own"])
        row = told[int(firm.id)]
        assert verdict.possible[0].value == row["tiering_low"]
        assert verdict.possible[-1].value == row["tiering_high"]
        assert verdict.score.low == row["tiering_score_low"]
        assert verdict.score.high == row["tiering_score_high"]


SQL_LINES = """
    create view lines as
    select cast(CustomerID as bigint) as customer,
           cast(UnitPrice as decimal(18, 3)) * Quantity as amount,
           Quantity < 0 as is_return,
           year(InvoiceDate + interval 1 month) as year
    from raw
"""
SQL_YEARS = """
    select customer, year, make_date(year, 11, 30) as ends_on, sum(amount) as sales
    from lines group by customer, year
"""
SQL_CUSTOMERS = """
    select lines.*, facts.* exclude (customer) from (
        select customer, sum(amount) as net, count(*) as lines,
               count(*) filter (is_return) as returns
        from lines group by customer
    ) as lines
    join facts on lines.customer is not distinct from facts.customer
"""


def test_duckdb_says_the_same_of_every_customer(
    names: dict[str, Any], found: pl.DataFrame
) -> None:
    duckdb = pytest.importorskip("duckdb")
    base = duckdb.connect()
    base.read_parquet(str(FILE)).create_view("raw")
    base.execute(SQL_LINES)

    facts = frames.tiering_facts(base.sql(SQL_YEARS), as_of=AS_OF, policy=names["own"])
    facts.create_view("facts")
    tiers = frames.tiering(base.sql(SQL_CUSTOMERS), policy=names["own"])
    answer = frames.share_of_total(tiers, "net", places=3)

    assert in_order(read(answer)) == in_order(read(found))


def in_order(rows: Plain) -> Plain:
    return sorted(rows, key=lambda row: int(str(row["customer"] or 0)))
