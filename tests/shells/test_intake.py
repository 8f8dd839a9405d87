"""Tables come in whole: every row is accepted, or accounted for by its line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keyaccount.book import Account
from keyaccount.domain import PaymentTerm, Relation
from keyaccount.exceptions import ReadError
from keyaccount.intake import (
    Company,
    Mapped,
    TableMapping,
    read_folder,
    read_mapping,
)
from keyaccount.tri import Tri


Write = Callable[..., Path]
CUSTOMERS = "id,name,currency\nC1,Acme,CNY\nC2,Brix,CNY\n"
YEARS = "customer,year,sales,gross_profit\nC1,2024,100,20\nC1,2025,120,30\nC2,2025,7,\n"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes tables into a folder and returns it."""

    def write_tables(**tables: str | bytes) -> Path:
        for name, content in tables.items():
            data = content.encode() if isinstance(content, str) else content
            (tmp_path / f"{name}.csv").write_bytes(data)
        return tmp_path

    return write_tables


def by_id(company: Company) -> Mapping[str, Account]:
    return {account.customer.id: account for account in company.accounts}


def said(company: Company) -> list[str]:
    return [note.say() for note in company.report.notes]


def refusals(folder: Path) -> list[str]:
    with pytest.raises(ReadError) as caught:
        read_folder(folder)
    return str(caught.value).splitlines()


def test_customers_and_their_years_come_together(write: Write) -> None:
    company = read_folder(write(customers=CUSTOMERS, years=YEARS))

    acme = by_id(company)["C1"].customer
    assert [year.year for year in acme.years] == [2024, 2025]
    assert [year.sales for year in acme.years] == [Decimal(100), Decimal(120)]
    assert company.latest_full_year_end == dt.date(2025, 12, 31)
    counts = [(t.read, t.accepted, t.rejected) for t in company.report]
    assert counts == [(2, 2, 0), (3, 3, 0)]


def test_a_blank_cell_is_not_known_and_never_zero(write: Write) -> None:
    company = read_folder(write(customers=CUSTOMERS, years=YEARS))

    (year,) = by_id(company)["C2"].customer.years
    assert year.gross_profit is None
    assert year.due is None


def test_customers_alone_are_enough(write: Write) -> None:
    company = read_folder(write(customers="id\nC1\n"))

    (account,) = company.accounts
    assert account.customer.name == "C1"
    assert account.customer.relation is Relation.TRADING
    assert company.latest_full_year_end is None


def test_every_rejected_row_is_named_by_file_line_and_column(write: Write) -> None:
    years = (
        "customer,year,sales\nC1,2024,1 200\nC1,2025,120\nC9,2025,5\nC2,soon,5\n"
        "\nC2,2025\n"
    )
    company = read_folder(write(customers=CUSTOMERS, years=years))

    assert [note.place for note in company.report.rejections] == [
        "years.csv:2 sales",
        "years.csv:4 customer",
        "years.csv:5 year",
        "years.csv:7",
    ]
    (_, table) = company.report.tables
    assert (table.read, table.accepted, table.rejected) == (5, 1, 4)


def test_a_customer_that_lost_a_row_says_so(write: Write) -> None:
    years = "customer,year,sales,months\nC1,2024,5,13\nC2,2024,5,12\n"
    company = read_folder(write(customers=CUSTOMERS, years=years))

    assert by_id(company)["C1"].is_partly_read
    assert not by_id(company)["C2"].is_partly_read


def test_a_row_that_no_noun_accepts_is_rejected_with_the_nouns_reason(
    write: Write,
) -> None:
    years = "customer,year,collected,on_time\nC1,2025,10,11\n"
    company = read_folder(write(customers=CUSTOMERS, years=years))

    assert said(company) == [
        "years.csv:2 on_time: got 11; at most what was collected, 10"
    ]


def test_the_rows_of_a_rejected_customer_are_rejected_too(write: Write) -> None:
    customers = "id,name,currency,influence\nC1,Acme,CNY,101\n"
    company = read_folder(write(customers=customers, years="customer,year\nC1,2025\n"))

    assert company.accounts == ()
    assert company.report.rejected == 2


def test_of_two_rows_that_disagree_neither_is_taken(write: Write) -> None:
    years = "customer,year,sales\nC1,2025,1\nC1,2025,2\nC2,2025,3\nC2,2025,3\n"
    company = read_folder(write(customers=CUSTOMERS, years=years))

    accounts = by_id(company)
    assert accounts["C1"].customer.years == ()
    assert [year.sales for year in accounts["C2"].customer.years] == [3]
    assert [note.line for note in company.report.rejections] == [2, 3, 5]


def test_a_column_nobody_knows_is_told_with_the_near_name(write: Write) -> None:
    company = read_folder(write(customers="id,infuence\nC1,5\n"))

    assert said(company) == [
        "customers.csv:1: 'infuence' is not a key here; use 'influence'"
    ]
    assert company.report.rejected == 0


@pytest.mark.parametrize(
    "encoding, shown",
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encoding_and_delimiter_are_found_and_shown(
    write: Write, encoding: str, shown: str, delimiter: str
) -> None:
    text = "id,name\r\nC1,月兔电池\r\n".replace(",", delimiter)
    company = read_folder(write(customers=text.encode(encoding)))

    assert company.accounts[0].customer.name == "月兔电池"
    (table,) = company.report
    assert table.encoding == shown
    names = {",": "comma", ";": "semicolon", "\t": "tab"}
    assert table.delimiter == names[delimiter]


def test_line_numbers_count_lines_and_not_rows(write: Write) -> None:
    customers = 'id,name,influence\nC1,"two\nlines",5\n\nC2,Brix,many\n'
    company = read_folder(write(customers=customers))

    assert [note.line for note in company.report.rejections] == [5]


def test_the_quote_of_a_formula_safe_csv_is_taken_off_and_counted(write: Write) -> None:
    company = read_folder(write(customers="id,name\nC1,'=Sum & Co\nC2,'s Heeren\n"))

    names = [account.customer.name for account in company.accounts]
    assert names == ["=Sum & Co", "'s Heeren"]
    assert next(iter(company.report)).unprefixed == 1


def test_terms_come_by_name_or_by_tranche(write: Write) -> None:
    terms = (
        "customer,term,share,timing,tenor_days,title,cover,ratio\n"
        "C1,open-account,,,,,,\n"
        "C2,ours,0.3,pre,,,uncovered,1\n"
        "C2,ours,0.7,post,60,,credit-insurance,0.9\n"
    )
    company = read_folder(write(customers=CUSTOMERS, terms=terms))

    accounts = by_id(company)
    assert accounts["C1"].terms == ("open-account",)
    (term,) = accounts["C2"].terms
    assert isinstance(term, PaymentTerm)
    assert [tranche.share for tranche in term.tranches] == [
        Decimal("0.3"),
        Decimal("0.7"),
    ]
    assert not company.report.notes


def test_tranches_that_do_not_add_up_are_rejected_together(write: Write) -> None:
    terms = "customer,term,share,timing\nC1,ours,0.3,pre\nC1,ours,0.6,post\n"
    company = read_folder(write(customers=CUSTOMERS, terms=terms))

    assert by_id(company)["C1"].terms == ()
    assert [note.line for note in company.report.rejections] == [2, 3]
    assert "must be exactly 1" in said(company)[0]


def test_an_unknown_term_is_rejected_with_the_near_name(write: Write) -> None:
    terms = "customer,term\nC1,open-acount\n"
    company = read_folder(write(customers=CUSTOMERS, terms=terms))

    assert said(company) == ["terms.csv:2 term: got 'open-acount'; use 'open-account'"]


def test_receivables_standing_deals_and_rates_stand_beside(write: Write) -> None:
    folder = write(
        customers=CUSTOMERS,
        receivables="customer,as_of,total,overdue_90\nC1,2025-06-30,9,1\nC1,2025-12-31,8,\n",
        standing="customer,reputation_harm,dispute\nC1,no,YES\n",
        deals="id,customer,value,stage\nD1,C1,500,identification\n",
        rates="base,quote,on,rate\nUSD,CNY,2025-12-31,7.1\n",
    )
    company = read_folder(folder)

    acme = by_id(company)["C1"]
    owed = acme.owed(dt.date(2025, 12, 30))
    assert owed is not None
    assert owed.total == 9
    assert acme.standing is not None
    assert acme.standing.dispute is Tri.YES
    assert [str(deal.value) for deal in acme.deals] == ["500 CNY"]
    assert company.fx is not None
    assert len(company.fx.rates) == 1
    assert not company.report.notes


def test_a_parent_that_is_not_there_is_told_and_nothing_is_dropped(
    write: Write,
) -> None:
    company = read_folder(write(customers="id,parent\nC1,C9\nC2,C1\n"))

    assert len(company.accounts) == 2
    assert [note.place for note in company.report.remarks] == ["customers.csv:2 parent"]


def test_a_mapping_translates_files_columns_and_values(
    write: Write, tmp_path: Path
) -> None:
    folder = write(客户="客户编号;客户名称;类型\n1;月兔;老客户\n2;云塔;新客户\n")
    (tmp_path / "mapping.toml").write_text(
        """
        [customers]
        file = "客户.csv"
        columns = { "客户编号" = "id", "客户名称" = "name", "类型" = "relation" }
        values.relation = { "老客户" = "trading", "新客户" = "prospect" }
        fixed = { currency = "CNY" }
        """,
        encoding="utf-8",
    )

    company = read_folder(folder, read_mapping(tmp_path / "mapping.toml"))

    accounts = by_id(company)
    assert accounts["1"].customer.currency == "CNY"
    assert accounts["2"].customer.relation is Relation.PROSPECT
    assert not company.report.notes


def test_a_mapping_with_mistakes_is_refused_with_all_of_them(tmp_path: Path) -> None:
    file = tmp_path / "mapping.toml"
    file.write_text(
        """
        encoding = "klingon"
        [custmers]
        [years]
        file = "../secret.csv"
        column = {}
        columns = { "Umsatz" = "sale", "A" = "sales", "B" = "sales" }
        values = { sales = { "x" = 5 } }
        """
    )

    with pytest.raises(ReadError) as caught:
        read_mapping(file)
    text = str(caught.value)
    for expected in (
        "klingon",
        "use 'customers'",
        "plain file name",
        "use 'columns'",
        "use 'sales'",
        "'sales' stands twice",
        "text in quotes",
    ):
        assert expected in text


def test_a_mapped_column_that_is_not_there_is_an_error(write: Write) -> None:
    folder = write(customers="id,name\nC1,Acme\n")
    mapping = {"customers": TableMapping(columns={"Name": "owner"})}

    with pytest.raises(ReadError, match="mapped column 'Name'"):
        read_folder(folder, mapped(mapping))


def mapped(tables: Mapping[str, TableMapping]) -> Mapped:
    return Mapped(None, tables)


@pytest.mark.parametrize(
    "name",
    ["absent.toml", "folder.toml", "broken.toml", "gbk.toml", "huge.toml", "deep.toml"],
)
def test_a_mapping_that_cannot_be_read_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "broken.toml").write_text("[customers\n")
    (tmp_path / "huge.toml").write_text("x = " + "9" * 5_000)
    (tmp_path / "deep.toml").write_text("x = " + "[" * 5_000)
    (tmp_path / "gbk.toml").write_bytes("x = '客户'".encode("gbk"))

    with pytest.raises(ReadError):
        read_mapping(tmp_path / name)


def test_a_missing_customers_table_says_what_is_there(write: Write) -> None:
    (line,) = refusals(write(kunden="id\n1\n"))

    assert "there is kunden.csv: a mapping file can say which is which" in line


def test_all_unreadable_tables_are_told_at_once(write: Write) -> None:
    folder = write(customers=b"", years=b"\xff\xff\xff", terms="share\n1\n")

    text = "\n".join(refusals(folder))
    assert "customers.csv: empty" in text
    assert "years.csv: got 'text that is not utf-8 or gb18030'" in text
    assert "terms.csv: nothing given; a column 'customer'" in text


def test_progress_is_told(write: Write) -> None:
    rows = "".join(f"C{at}\n" for at in range(2_500))
    told: list[tuple[str, int, int]] = []

    read_folder(
        write(customers=f"id\n{rows}"), progress=lambda *args: told.append(args)
    )

    assert told == [("customers.csv", done, 2_500) for done in (1_000, 2_000, 2_500)]


HOSTILE = {
    "nothing": b"",
    "only a header": b"id,name\n",
    "only a mark": b"\xef\xbb\xbf",
    "only newlines": b"\r\n\n\r\n",
    "NUL bytes": b"id,name\nC1,a\x00b\n\x00,\x00\n",
    "nothing but NUL": b"\x00" * 5_000,
    "bytes of no encoding": b"id\n\x80\x81\xff\xfe\n",
    "a lone quote": b'id,name\nC1,"never closed\n' + b"x" * 1_000,
    "a thousand columns": ",".join(f"c{n}" for n in range(1_000)).encode() + b"\n1\n",
    "five thousand columns": b"," * 5_000,
    "one row of a thousand cells": b"id\n" + b"1," * 1_000 + b"\n",
    "a megabyte in one cell": b"id\n" + b"x" * 1_000_000 + b"\n",
    "the same column twice": b"id,id\n1,2\n",
    "escape codes": b"id,name\nC1,\x1b[2Jgone\n",
    "text turned round": "id,name\nC\u202e1,x\n".encode(),
    "half of an emoji": b"id\n\xed\xa0\xbd\n",
    "a huge number": b"id,influence\nC1,1e999999\nC2," + b"9" * 400 + b"\n",
    "full-width digits": "id,influence\nC1,１２\n".encode(),
    "old Mac line ends": b"id,name\rC1,Acme\r",
}


@pytest.mark.hostile
@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("table", ["customers", "years"])
def test_hostile_tables_are_read_or_refused_in_words(
    write: Write, table: str, content: bytes
) -> None:
    tables = {"customers": b"id,name\nC1,Acme\n", table: content}
    folder = write(**tables)

    try:
        company = read_folder(folder)
    except ReadError as error:
        said = str(error)
    else:
        said = "read"
        for row in company.report:
            assert row.read == row.accepted + row.rejected
    assert said


@pytest.mark.hostile
def test_a_folder_in_the_place_of_a_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").mkdir()

    assert "customers.csv" in refusals(tmp_path)[0]


CELLS = st.sampled_from(["", "C1", "C2", "C9", "2024", "2025", "x", "-5", "1,2", "'=1"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELLS, min_size=2, max_size=5), max_size=12))
def test_no_row_is_ever_lost(write: Write, rows: list[list[str]]) -> None:
    table = "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows)
    folder = write(customers=CUSTOMERS, years=f"customer,year,sales,due\n{table}")

    company = read_folder(folder)

    (_, report) = company.report
    blank = sum(not any(row) for row in rows)
    assert report.read == len(rows) - blank
    rejected = {note.line for note in company.report.rejections}
    assert report.rejected == len(rejected)
    kept = sum(len(account.customer.years) for account in company.accounts)
    assert kept == report.accepted


def test_letters_that_unicode_spells_in_two_ways_make_one_id(write: Write) -> None:
    customers = "id,parent,currency\nCafe\u0301,Nobody,CNY\nC2,Caf\u00e9,CNY\n"
    years = "customer,year,sales\nCaf\u00e9,2025,5\nCafe\u0301,2024,4\n"
    company = read_folder(write(customers=customers, years=years))

    account = by_id(company)["Caf\u00e9"]
    assert [year.year for year in account.customer.years] == [2024, 2025]
    assert [note.place for note in company.report.notes] == ["customers.csv:2 parent"]


def test_one_customer_spelt_in_two_ways_is_one_row_too_many(write: Write) -> None:
    customers = "id,name\nCafe\u0301,Acme\nCaf\u00e9,Brix\n"
    company = read_folder(write(customers=customers))

    assert company.accounts == ()
    assert company.report.rejected == 2
