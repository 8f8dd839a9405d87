"""The tables of the lenses come in whole, and our own intents with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from keyaccount.book import Account
from keyaccount.domain import (
    AccountAnalysis,
    BackgroundAnalysis,
    BuyingFactorProfile,
    ChannelPlans,
    Contract,
    Cooperation,
    FactorWeights,
    ProductDemand,
    ProductRequirement,
    Purchase,
    RivalSales,
    ShareGrowthCell,
    StrategicIntent,
    StrategicIntentKind,
    StrategicProfile,
)
from keyaccount.intake import Company, read_folder, read_mapping
from keyaccount.tri import Tri


Write = Callable[..., Path]
CUSTOMERS = "id,currency\nC1,CNY\nC2,CNY\n"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes tables beside those of two customers."""

    def write_tables(**tables: str) -> Path:
        for name, content in {"customers": CUSTOMERS, **tables}.items():
            (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
        return tmp_path

    return write_tables


def by_id(company: Company) -> Mapping[str, Account]:
    return {account.customer.id: account for account in company.accounts}


def said(company: Company) -> list[str]:
    return [note.say() for note in company.report.rejections]


def test_a_customer_of_whom_no_table_tells_more_has_nothing_beside_it(
    write: Write,
) -> None:
    company = read_folder(write())

    account = by_id(company)["C1"]
    assert company.intents is None
    assert account == Account(account.customer)


def test_cooperation_tells_a_set_that_is_empty_from_one_that_is_unknown(
    write: Write,
) -> None:
    rows = (
        "customer,service_lines,customised,executives_meet_ours,intents_served\n"
        "C1,warehousing; line haul,yes,no,core-capability;other\n"
        "C2,none,,,\n"
    )
    company = read_folder(write(cooperation=rows))

    assert by_id(company)["C1"].cooperation == Cooperation(
        frozenset({"warehousing", "line haul"}),
        customised=Tri.YES,
        executives_meet_ours=Tri.NO,
        intents_served=frozenset(
            {StrategicIntentKind.CORE_CAPABILITY, StrategicIntentKind.OTHER}
        ),
    )
    assert by_id(company)["C2"].cooperation == Cooperation(frozenset())


def test_a_cell_of_semicolons_is_unknown_and_none_may_be_written_in_capitals(
    write: Write,
) -> None:
    rows = "customer,service_lines,intents_served\nC1,;;,;\nC2,None,NONE\n"
    company = read_folder(write(cooperation=rows))

    assert by_id(company)["C1"].cooperation == Cooperation()
    assert by_id(company)["C2"].cooperation == Cooperation(
        frozenset(), intents_served=frozenset()
    )
    assert company.report.rejected == 0


def test_a_rival_that_is_spelt_in_two_ways_of_unicode_stands_twice(
    write: Write,
) -> None:
    shares = "customer,category,year,ours\nC1,air,2025,36\n"
    rivals = (
        "customer,category,year,name,amount\n"
        "C1,air,2025,caf\u00e9,5\nC1,air,2025,cafe\u0301,5\n"
    )
    company = read_folder(write(shares=shares, rivals=rivals))

    (cell,) = by_id(company)["C1"].cells
    assert cell.rivals == (RivalSales("caf\u00e9", Decimal(5)),)
    (line,) = said(company)
    assert "stands twice" in line


def test_nobody_sells_nothing_and_that_may_be_written(write: Write) -> None:
    shares = "customer,category,year,ours\nC1,air,2025,36\n"
    rivals = "customer,category,year,name,amount\nC1,air,2025,none,0\n"
    company = read_folder(write(shares=shares, rivals=rivals))

    (cell,) = by_id(company)["C1"].cells
    assert cell.rivals == ()


def test_our_intents_stand_on_the_company(write: Write) -> None:
    rows = (
        "id,kind,valid_from,valid_until,text\n"
        "I1,network-buildout,2024-01-01,2026-12-31,warehouses in ten cities\n"
        "I2,industry-benchmark,2025-01-01,2024-12-31,\n"
        "I3,world-peace,2025-01-01,,\n"
    )
    company = read_folder(write(intents=rows))

    assert company.intents == (
        StrategicIntent(
            "I1",
            StrategicIntentKind.NETWORK_BUILDOUT,
            dt.date(2024, 1, 1),
            dt.date(2026, 12, 31),
            "warehouses in ten cities",
        ),
    )
    assert [line.split(":")[0] for line in said(company)] == ["intents.csv"] * 2
    assert company.report.rejected == 2


def test_marks_on_the_strategic_attributes_stay_within_a_hundred(write: Write) -> None:
    rows = "customer,value,scarcity\nC1,80,\nC2,101,5\n"
    company = read_folder(write(attributes=rows))

    assert by_id(company)["C1"].attributes == StrategicProfile(value=Decimal(80))
    assert by_id(company)["C2"].attributes is None
    assert company.report.rejected == 1


def test_shares_and_rivals_make_the_cells_of_a_customer(write: Write) -> None:
    shares = (
        "customer,category,year,ours,spend,business\n"
        "C1,line haul,2025,36,130,900\nC1,line haul,2024,30,100,\nC1,,2025,50,,\n"
    )
    rivals = (
        "customer,category,year,name,amount\n"
        "C1,line haul,2025,Fast Ox,56\nC1,line haul,2025,Slow Ox,5\n"
        "C1,line haul,2024,none,\n"
    )
    company = read_folder(write(shares=shares, rivals=rivals))

    assert by_id(company)["C1"].cells == (
        ShareGrowthCell("C1", 2025, "CNY", ours=Decimal(50)),
        ShareGrowthCell(
            "C1", 2024, "CNY", "line haul", Decimal(30), Decimal(100), rivals=()
        ),
        ShareGrowthCell(
            "C1",
            2025,
            "CNY",
            "line haul",
            Decimal(36),
            Decimal(130),
            (RivalSales("Fast Ox", Decimal(56)), RivalSales("Slow Ox", Decimal(5))),
            Decimal(900),
        ),
    )
    assert company.report.rejected == 0


@pytest.mark.parametrize(
    ("rivals", "place"),
    [
        ("C1,air,2025,Fast Ox,56", "rivals.csv:2 category"),
        ("C1,line haul,2024,Fast Ox,56", "rivals.csv:2 category"),
        ("C1,line haul,2025,Fast Ox,", "rivals.csv:2 amount"),
        ("C1,line haul,2025,Fast Ox,-1", "rivals.csv:2 amount"),
        ("C1,line haul,2025,none,\nC1,line haul,2025,Ox,1", "rivals.csv:2 name"),
        ("C9,line haul,2025,Fast Ox,5", "rivals.csv:2 customer"),
        ("C1,line haul,2025,None,5", "rivals.csv:2 amount"),
    ],
)
def test_where_a_rival_is_lost_nobody_claims_to_know_the_largest(
    write: Write, rivals: str, place: str
) -> None:
    shares = "customer,category,year,ours\nC1,line haul,2025,36\n"
    head = "customer,category,year,name,amount\n"
    company = read_folder(write(shares=shares, rivals=f"{head}{rivals}\n"))

    (cell,) = by_id(company)["C1"].cells
    assert cell.rivals is None
    assert [note.place for note in company.report.rejections] == [place]


def test_what_rivals_sold_goes_with_the_row_it_belongs_to(write: Write) -> None:
    shares = "customer,year,spend\nC1,2025,-1\n"
    rivals = "customer,year,name,amount\nC1,2025,Fast Ox,5\n"
    company = read_folder(write(shares=shares, rivals=rivals))

    assert by_id(company)["C1"].cells == ()
    assert by_id(company)["C1"].is_partly_read
    assert [note.place for note in company.report.rejections] == [
        "shares.csv:2 spend",
        "rivals.csv:2 category",
    ]


def test_two_rows_on_the_same_category_and_year_that_disagree_are_both_left_out(
    write: Write,
) -> None:
    shares = "customer,category,year,ours\nC1,,2025,1\nC1,,2025,2\nC1,air,2025,3\n"
    company = read_folder(write(shares=shares))

    (cell,) = by_id(company)["C1"].cells
    assert cell.category == "air"
    assert said(company)[0].startswith("shares.csv:2 year: ")


def test_a_cell_without_a_currency_is_asked_for_one(write: Write) -> None:
    tables = {"customers": "id\nC1\n", "contracts": "customer,margin\nC1,5\n"}
    company = read_folder(write(**tables, shares="customer,year,ours\nC1,2025,1\n"))

    places = [note.place for note in company.report.rejections]
    assert places == ["shares.csv:2 currency", "contracts.csv:2 currency"]


def test_the_three_analyses_make_one(write: Write) -> None:
    company = read_folder(
        write(
            background=(
                "customer,structure_and_scale,reputation,analysed_on\n"
                "C1,two plants,pays,2025-06-30\n"
            ),
            requirements=(
                "customer,demand,required,ours\n"
                "C1,quality,4,5\nC1,price,3,\nC1,fast-delivery,6,1\nC2,price,3,3\n"
            ),
            channels="customer,builds_warehouses,widens_channel\nC1,yes,no\n",
        )
    )

    assert by_id(company)["C1"].analysis == AccountAnalysis(
        "C1",
        BackgroundAnalysis(structure_and_scale="two plants", reputation="pays"),
        (
            ProductRequirement(ProductDemand.QUALITY, 4, 5),
            ProductRequirement(ProductDemand.PRICE, 3),
        ),
        ChannelPlans(builds_warehouses=Tri.YES, widens_channel=Tri.NO),
        dt.date(2025, 6, 30),
    )
    assert by_id(company)["C2"].analysis == AccountAnalysis(
        "C2", requirements=(ProductRequirement(ProductDemand.PRICE, 3, 3),)
    )
    assert [note.place for note in company.report.rejections] == [
        "requirements.csv:4 required"
    ]


def test_two_purchases_on_a_day_are_two_and_they_come_by_day(write: Write) -> None:
    rows = "customer,on,amount\nC1,2025-03-01,5\nC1,2025-01-01,7\nC1,2025-03-01,5\n"
    company = read_folder(write(purchases=rows))

    assert by_id(company)["C1"].purchases == (
        Purchase("C1", dt.date(2025, 1, 1), Decimal(7), "CNY"),
        Purchase("C1", dt.date(2025, 3, 1), Decimal(5), "CNY"),
        Purchase("C1", dt.date(2025, 3, 1), Decimal(5), "CNY"),
    )


def test_a_buying_profile_keeps_its_scenario_and_its_source(write: Write) -> None:
    rows = (
        "customer,relationship,price,innovation,observed_on,scenario,source\n"
        "C1,20,60,20,2025-11-02,tender,lost bid\n"
        "C1,50,60,,2025-11-02,,\nC1,,,,2025-11-02,,\nC1,20,130,,2025-11-02,,\n"
    )
    company = read_folder(write(profiles=rows))

    weights = FactorWeights(relationship=20, price=60, innovation=20)
    assert by_id(company)["C1"].profiles == (
        BuyingFactorProfile(
            "C1", weights, dt.date(2025, 11, 2), "tender", source="lost bid"
        ),
    )
    assert [note.place for note in company.report.rejections] == [
        "profiles.csv:3 relationship",
        "profiles.csv:4 relationship",
        "profiles.csv:5 price",
    ]


def test_a_contract_speaks_the_customers_currency_unless_it_says_another(
    write: Write,
) -> None:
    rows = "customer,margin,retention,currency\nC1,900,0.9,\nC2,5,1.5,USD\n"
    company = read_folder(write(contracts=rows))

    assert by_id(company)["C1"].contract == Contract(
        "C1", "CNY", Decimal(900), Decimal("0.9")
    )
    assert by_id(company)["C2"].contract is None
    assert [note.place for note in company.report.rejections] == [
        "contracts.csv:3 retention"
    ]


def test_rows_of_a_customer_that_is_rejected_are_rejected_with_it(write: Write) -> None:
    tables = {
        "customers": "id,currency\nC1,XXQ\n",
        "cooperation": "customer,customised\nC1,yes\n",
        "purchases": "customer,on\nC1,2025-01-01\n",
    }
    company = read_folder(write(**tables))

    assert company.accounts == ()
    assert company.report.rejected == 3


def test_a_mapping_file_knows_the_tables_of_the_lenses(
    write: Write, tmp_path: Path
) -> None:
    folder = write(wallet="客户,品类,年度,我方\nC1,干线,2025,5\n")
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        '[shares]\nfile = "wallet.csv"\n'
        'columns = { "客户" = "customer", "品类" = "category", "年度" = "year",'
        ' "我方" = "ours" }\n',
        encoding="utf-8",
    )
    company = read_folder(folder, read_mapping(mapping))

    (cell,) = by_id(company)["C1"].cells
    assert (cell.category, cell.ours) == ("干线", Decimal(5))
