"""Tables that look sound and are not: each is refused, and none is read wrongly."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from keyaccount.exceptions import ReadError
from keyaccount.intake import (
    Company,
    Mapped,
    TableMapping,
    read_folder,
    spool_folder,
    suggest,
)
from keyaccount.intake._units import named_money, named_unit


Rows = Sequence[Sequence[object]]
YEARS: Rows = [["customer", "year", "sales"], ["C1", 2024, 100]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with one customer."""
    (tmp_path / "customers.csv").write_text("id,name,currency\nC1,Acme,EUR\n")
    return tmp_path


def book(sheets: Mapping[str, Rows], merged: str = "") -> bytes:
    data = io.BytesIO()
    made = xlsxwriter.Workbook(data)
    for name, rows in sheets.items():
        sheet = made.add_worksheet(name)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
        if merged:
            sheet.merge_range(merged, "")
    made.close()
    return data.getvalue()


def sales(company: Company) -> list[Decimal | None]:
    return [y.sales for account in company.accounts for y in account.customer.years]


def codes(company: Company) -> list[str]:
    return [note.problem.code for note in company.report.rejections]


@pytest.mark.parametrize(
    "heading, power",
    [
        ("Sales (k€)", 3),
        ("Sales (kEUR)", 3),
        ("Sales in thousands", 3),
        ("Net sales '000", 3),
        ("Sales (Mio. EUR)", 6),
        ("年销售额(单位：万元，不含税)", 4),
        ("销售额（百万美元）", 6),
        ("销售额(RMB万)", 4),
        ("Revenue ($M)", None),
        ("Revenue (lakh)", None),
        ("销售额（万/月·人）", 4),
        ("销售额（约万）", None),
        ("Revenue (USD)", 0),
        ("Sales in 2000", 0),
        ("Sales (net)", 0),
        ("销售额（元）", 0),
    ],
)
def test_a_unit_in_a_heading_is_read_or_doubted(
    heading: str, power: int | None
) -> None:
    assert named_unit(heading) == power


@pytest.mark.parametrize(
    "heading, money",
    [
        ("Revenue (USD)", "USD"),
        ("Sales (kEUR)", "EUR"),
        ("Sales in thousands of EUR", "EUR"),
        ("销售额（万美元）", "USD"),
        ("销售额(人民币)", "CNY"),
        ("Amount ($)", "$"),
        ("Amount (USD/EUR)", ""),
        ("Amount (neuro)", ""),
        ("销售额（万元）", ""),
    ],
)
def test_a_currency_in_a_heading_is_seen(heading: str, money: str) -> None:
    assert named_money(heading) == money


def test_amounts_below_a_heading_of_another_currency_are_a_contradiction(
    folder: Path,
) -> None:
    customers = "id,currency\nC1,EUR\nC2,USD\n"
    (folder / "customers.csv").write_text(customers)
    rows = "C1,2024,5\nC2,2024,6\nC1,2023,\n"
    (folder / "years.csv").write_text(f"customer,year,Sales (USD)\n{rows}")
    named = TableMapping(columns={"Sales (USD)": "sales"})
    mapping = Mapped(tables={"years": named})

    company = read_folder(folder, mapping)

    assert [note.place for note in company.report.rejections] == ["years.csv:2 sales"]
    assert codes(company) == ["contradiction"]
    there = folder / "spooled"
    there.mkdir()
    spools = spool_folder(folder, there, mapping, progress=lambda *_: None)
    assert spools.report().rejections == company.report.rejections


def test_what_is_proposed_for_a_heading_with_a_unit_reads_it_or_refuses(
    folder: Path,
) -> None:
    for heading, wanted in (("Sales (k€)", [Decimal(100_000)]), ("Sales ($M)", None)):
        (folder / "years.csv").write_text(f"customer,year,{heading}\nC1,2024,100\n")
        found = suggest(["customer", "year", heading], file="years.csv")
        guess = next(one for one in found).headings[2]
        assert guess.is_sure
        named = TableMapping(columns={heading: guess.columns})
        mapping = Mapped(tables={"years": named})
        if wanted is not None:
            assert sales(read_folder(folder, mapping)) == wanted
        else:
            with pytest.raises(ReadError, match="name its unit otherwise"):
                read_folder(folder, mapping)


def test_open_quotes_never_take_the_row_below_into_a_cell(folder: Path) -> None:
    text = 'id,name,currency\nC1,"Acme,CNY\nC2,"Brix",EUR\nC3,"two\nlines",EUR\n'
    (folder / "customers.csv").write_text(text)

    with pytest.raises(ReadError, match="open quotes in a cell of line 2"):
        read_folder(folder)
    assert "open quotes in a cell of line 2" in str(suggest(folder).problems[0])
    there = folder / "spooled"
    there.mkdir()
    with pytest.raises(ReadError, match="open quotes in a cell of line 2"):
        spool_folder(folder, there, progress=lambda *_: None)

    (folder / "customers.csv").write_text(text.replace('"Acme', "Acme"))
    read = read_folder(folder).accounts
    assert [one.customer.name for one in read] == ["Acme", "Brix", "two\nlines"]


def test_a_point_needs_a_witness_behind_tabs_and_in_a_workbooks_text(
    folder: Path,
) -> None:
    (folder / "years.csv").write_text("customer\tyear\tsales\nC1\t2024\t1.234\n")
    assert codes(read_folder(folder)) == ["ambiguous-number"]
    (folder / "years.csv").unlink()

    rows: Rows = [*YEARS, ["C1", 2023, "1.234"], ["C1", 2022, 1.234]]
    (folder / "years.xlsx").write_bytes(book({"years": rows}))
    company = read_folder(folder)
    assert codes(company) == ["ambiguous-number"]
    assert sales(company) == [Decimal("1.234"), 100]


@pytest.mark.parametrize("number, reads", [(1.234, "1.234"), (1234.5, "1234.5")])
def test_a_number_of_a_parquet_file_is_itself_whatever_the_mapping_says(
    folder: Path, number: float, reads: str
) -> None:
    pl = pytest.importorskip("polars")
    rows = {"customer": ["C1"], "year": [2024], "sales": [number]}
    pl.DataFrame(rows).write_parquet(folder / "years.parquet")

    company = read_folder(folder, Mapped(decimal=","))

    assert sales(company) == [Decimal(reads)]
    there = folder / "spooled"
    there.mkdir()
    spools = spool_folder(folder, there, Mapped(decimal=","), progress=lambda *_: None)
    assert spools.report() == company.report


def test_a_day_without_marks_is_no_serial_number(folder: Path) -> None:
    rows: Rows = [["customer", "as_of", "total"], ["C1", 100125, 5]]
    (folder / "receivables.xlsx").write_bytes(book({"receivables": rows}))
    assert codes(read_folder(folder)) == ["bad-date"]


def test_cells_merged_beyond_the_header_are_no_heading(folder: Path) -> None:
    (folder / "years.xlsx").write_bytes(book({"years": YEARS}, merged="X1:Y1"))
    assert sales(read_folder(folder)) == [100]


@pytest.mark.parametrize(
    "more",
    [
        b'<c r="C2"><v>7</v></c></row>',
        b'</row><row r="2"><c r="A2"><v>1</v></c></row>',
        b'</row><row r="1"><c r="D1"><v>1</v></c></row>',
    ],
)
def test_a_cell_that_stands_there_twice_is_not_read_over_the_first(
    folder: Path, more: bytes
) -> None:
    data = io.BytesIO(book({"years": YEARS}))
    with (
        zipfile.ZipFile(data) as old,
        zipfile.ZipFile(folder / "years.xlsx", "w") as new,
    ):
        for info in old.infolist():
            head, end, tail = old.read(info).rpartition(b"</row>")
            new.writestr(info.filename, head + (more if end else b"") + tail)

    with pytest.raises(ReadError, match="stands there twice, or out of order"):
        read_folder(folder)


def test_of_two_sheets_with_the_same_table_none_is_left_out_in_silence(
    folder: Path,
) -> None:
    (folder / "years.xlsx").write_bytes(book({"2023": YEARS, "2024": YEARS}))
    with pytest.raises(ReadError, match="the sheets 2023, 2024"):
        read_folder(folder)
    named = Mapped(tables={"years": TableMapping(sheet="2024")})
    assert sales(read_folder(folder, named)) == [100]


@pytest.mark.parametrize("total", ["合计", "总 计：", "Total", "Grand total"])
def test_a_row_of_totals_is_no_deal(folder: Path, total: str) -> None:
    (folder / "deals.csv").write_text(
        f"id,customer,value,currency\nD1,C1,100,EUR\n{total},,100,EUR\n", "utf-8"
    )
    company = read_folder(folder)
    assert not company.loose_deals
    assert [note.place for note in company.report.rejections] == ["deals.csv:3 id"]


def test_a_cell_formatted_as_per_cent_is_not_divided_again(folder: Path) -> None:
    rows: Rows = [
        ["id", "customer", "value", "赢率(%)", "probability_by", "probability_on"],
        ["D1", "C1", 100, 0.75, "Li", "2024-05-05"],
        ["D2", "C1", 100, 75, "Li", "2024-05-05"],
        ["D3", "C1", 100, "75%", "Li", "2024-05-05"],
    ]
    (folder / "deals.xlsx").write_bytes(book({"deals": rows}))
    named = TableMapping(columns={"赢率(%)": "probability"})

    def changes(mapping: TableMapping) -> list[tuple[int, str]]:
        report = read_folder(folder, Mapped(tables={"deals": mapping})).report
        refused = [note.line for note in report.rejections]
        return [(at, "") for at in refused] + [
            (one.line, one.became) for one in report.changes
        ]

    assert changes(named) == [(2, ""), (3, "0.75"), (4, "0.75")]
    told = TableMapping(
        columns={"赢率(%)": "probability"}, percent=frozenset({"probability"})
    )
    assert changes(told) == [(2, "0.0075"), (3, "0.75"), (4, "0.75")]
