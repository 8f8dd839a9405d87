"""Share, growth and headroom of real resellers; what the data lacks stays unknown."""

from __future__ import annotations

import os
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from keyaccount.domain import GrowthQuadrant, Money, ShareGrowthCell
from keyaccount.models import growth
from keyaccount.models.growth import SpaceKind


if TYPE_CHECKING:
    import polars as pl
else:
    pl = pytest.importorskip("polars", reason="the data is Parquet, read with Polars")

PROJECT = Path(__file__).parents[2]
DATA = Path(os.environ.get("KEYACCOUNT_DATA", PROJECT.parent / "shared" / "data"))
HERE = DATA / "adventureworks_dw"
YEAR = 2012  # 2011 and 2012 are the two full years; 2010 and 2013 are parts

pytestmark = pytest.mark.skipif(
    not HERE.is_dir(),
    reason="the data set is not here; KEYACCOUNT_DATA names its folder",
)


def table(name: str) -> pl.DataFrame:
    return pl.read_parquet(HERE / f"{name}.parquet")


@pytest.fixture(scope="module")
def sales() -> pl.DataFrame:
    """What each reseller bought of us, by category and calendar year of the order."""
    products = table("DimProduct").select("ProductKey", "ProductSubcategoryKey")
    kinds = table("DimProductSubcategory").select(
        "ProductSubcategoryKey", "ProductCategoryKey"
    )
    names = table("DimProductCategory").select(
        "ProductCategoryKey", category="EnglishProductCategoryName"
    )
    lines = table("FactResellerSales").with_columns(year=pl.col("OrderDate").dt.year())
    joined = lines.join(products, on="ProductKey").join(
        kinds, on="ProductSubcategoryKey"
    )
    joined = joined.join(names, on="ProductCategoryKey")
    assert len(joined) == len(lines) == 60_855
    return joined.group_by(
        pl.col("ResellerKey").cast(pl.String).alias("reseller"), "category", "year"
    ).agg(pl.col("SalesAmount").sum().alias("ours"))


@pytest.fixture(scope="module")
def wallets() -> dict[str, Decimal]:
    """The resellers' own annual sales: one figure each, without a year or category."""
    found = table("DimReseller").select("ResellerKey", "AnnualSales")
    return {str(key): amount for key, amount in found.iter_rows()}


@pytest.fixture(scope="module")
def by_category(sales: pl.DataFrame) -> tuple[ShareGrowthCell, ...]:
    """A cell a reseller, category and year; what our own books do not hold is 0."""
    years = sales.filter(pl.col("year").is_in([YEAR - 1, YEAR]))
    told = {(one[0], one[1], one[2]): one[3] for one in years.iter_rows()}
    return tuple(
        ShareGrowthCell(
            reseller,
            year,
            "USD",
            category,
            ours=told.get((reseller, category, year), Decimal(0)),
        )
        for reseller in sorted({key[0] for key in told})
        for category in sorted({key[1] for key in told})
        for year in (YEAR - 1, YEAR)
    )


def as_a_whole(
    sales: pl.DataFrame, wallets: dict[str, Decimal], years: Iterable[int]
) -> tuple[ShareGrowthCell, ...]:
    """A cell a reseller: all that it bought in the years beside its annual sales."""
    summed = sales.filter(pl.col("year").is_in(list(years))).group_by("reseller")
    rows = summed.agg(pl.col("ours").sum()).iter_rows()
    return tuple(
        ShareGrowthCell(reseller, YEAR, "USD", ours=ours, spend=wallets[reseller])
        for reseller, ours in rows
    )


def test_every_category_grew_from_2011_to_2012_as_the_ledger_says(
    sales: pl.DataFrame, by_category: tuple[ShareGrowthCell, ...]
) -> None:
    parents = {one.customer_id: "all" for one in by_category}

    verdicts = growth.read(by_category, year=YEAR, parents=parents)

    totals = sales.group_by("category", "year").agg(pl.col("ours").sum())
    told = {(name, year): float(ours) for name, year, ours in totals.iter_rows()}
    assert [one.category for one in verdicts] == [
        "Accessories",
        "Bikes",
        "Clothing",
        "Components",
    ]
    for one in verdicts:
        ratio = told[str(one.category), 2012] / told[str(one.category), 2011]
        assert one.growth == pytest.approx(ratio - 1)
        assert one.growth
        assert one.growth > 0
    accessories = verdicts[0].explain()[2]
    assert accessories == (
        "  our sales: 145,107.4903 USD after 45,596.7872 USD, growth 218.24%"
    )


def test_what_the_data_does_not_hold_by_category_stays_unknown(
    by_category: tuple[ShareGrowthCell, ...],
) -> None:
    verdicts = growth.read(by_category, year=YEAR)
    board = growth.white_space(by_category, year=YEAR)

    assert len(verdicts) == len(board.rows) == len(by_category) // 2
    for one in verdicts:
        assert one.share is None
        assert one.customer_growth is None
        assert one.headroom is None
        assert "lagging-customer" not in one.flags
        assert "surface-growth" not in one.flags
    assert all(row.kind is SpaceKind.UNKNOWN for row in board.rows)
    assert board.total is None
    growing = [one for one in verdicts if one.growth is not None and one.growth > 0]
    assert growing
    for one in growing:
        assert not one.is_settled
        assert set(one.open_flags) == {
            "lagging-customer",
            "losing-to-competitor",
            "surface-growth",
        }
        asked = {gap.fact for gap in one.missing}
        assert asked >= {"category_spend", "category_spend_before", "rival_sales"}
    lost = [one for one in verdicts if one.growth == -1]
    assert lost
    assert all(one.value is GrowthQuadrant.LAGGARD for one in lost)


def test_a_share_of_the_total_wallet_may_exceed_it_and_is_not_clipped(
    sales: pl.DataFrame, wallets: dict[str, Decimal]
) -> None:
    one_year = growth.read(as_a_whole(sales, wallets, [YEAR]), year=YEAR)
    all_years = growth.read(as_a_whole(sales, wallets, range(2010, 2014)), year=YEAR)

    above = [one for one in one_year if "share-above-one" in one.flags]
    assert sorted(round(one.share or 0, 3) for one in above) == [
        1.065,
        1.129,
        1.2,
        1.264,
        1.322,
    ]
    largest = max(all_years, key=lambda one: one.share or 0)
    assert round(largest.share or 0, 3) == 2.846
    assert largest.headroom is None
    assert "share-above-one" in largest.flags
    assert largest.explain("zh-Hans")[3] == "  我方占有率 284.62%，上年未知"


def test_the_headroom_is_what_resellers_buy_from_others(
    sales: pl.DataFrame, wallets: dict[str, Decimal]
) -> None:
    cells = as_a_whole(sales, wallets, [YEAR])

    board = growth.white_space(cells, year=YEAR)

    known = [row for row in board.rows if row.headroom is not None]
    assert (len(board.rows), board.unknown, len(known)) == (401, 5, 396)
    assert {row.kind for row in board.rows[len(known) :]} == {SpaceKind.CONTRADICTORY}
    figures = [(one.ours or Decimal(0), one.spend or Decimal(0)) for one in cells]
    expected = sum(spend - ours for ours, spend in figures if ours <= spend)
    assert board.total is not None
    assert board.total.is_exact
    assert board.total.low.amount == expected
    first = known[0]
    assert first.headroom
    assert first.spend == Money(max(wallets.values()), "USD")
    for row in known:
        assert row.headroom
        assert row.ours
        assert row.headroom.low + row.ours == row.spend
