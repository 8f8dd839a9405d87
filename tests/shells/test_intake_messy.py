"""Messy tables end in the right numbers or in a clear report, with every row told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keyaccount import wording
from keyaccount.domain import YearMetrics
from keyaccount.exceptions import Problems, ReadError
from keyaccount.intake import (
    Company,
    Mapped,
    read_folder,
    read_mapping,
    spool_folder,
)
from keyaccount.intake._ways import Form, Way, tidy, unit_of


Write = Callable[..., Path]
CUSTOMERS = "id,name,currency\nC1,Acme,CNY\nC2,Brix,EUR\n"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes tables into a folder and returns it."""

    def write_tables(**tables: str | bytes) -> Path:
        for name, content in {"customers": CUSTOMERS, **tables}.items():
            data = content.encode() if isinstance(content, str) else content
            (tmp_path / f"{name}.csv").write_bytes(data)
        return tmp_path

    return write_tables


def years(company: Company) -> list[YearMetrics]:
    return [year for account in company.accounts for year in account.customer.years]


def sales(company: Company) -> list[Decimal | None]:
    return [year.sales for year in years(company)]


def said(company: Company) -> list[str]:
    return [note.say() for note in company.report.notes]


def changed(company: Company) -> list[tuple[int, str, str, str]]:
    return [
        (one.line, one.column, one.was, one.became) for one in company.report.changes
    ]


def plain(
    form: Form, text: str, way: Way | None = None
) -> tuple[str | None, list[str]]:
    """Tidy one cell; return what it became, and the codes of what is wrong."""
    problems = Problems()
    own = Way(form=form) if way is None else way
    found = tidy("cell", text, own, problems, typed=False)
    text_found = None if found is None else found.text
    return text_found, [problem.code for problem in problems.all()]


def each_row_is_told(company: Company) -> bool:
    places = {(note.file, note.line) for note in company.report.rejections}
    return len(places) == company.report.rejected and all(
        table.read == table.accepted + table.rejected for table in company.report
    )


# Acceptance


def test_a_gb18030_file_with_myriads_reads_as_the_right_amounts(write: Write) -> None:
    table = (
        "客户,年度,销售额,毛利（万元）,截止日\n"
        "C1,2024,１，２３４．５万,12.5,2024年12月31日\n"
        'C1,2025,"¥1,234,567",(3),2025/12/31\n'
        "C1,2023,0.5亿,,2023-12-31\n"
        "C1,2022,两万,,2022-12-31\n"
    )
    columns = {
        "客户": ("customer",),
        "年度": ("year",),
        "销售额": ("sales",),
        "毛利（万元）": ("gross_profit",),
        "截止日": ("ends_on",),
    }
    folder = write(years=table.encode("gb18030"))
    (folder / "mapping.toml").write_text(
        "[years.columns]\n"
        + "".join(f'"{theirs}" = "{ours[0]}"\n' for theirs, ours in columns.items()),
        encoding="utf-8",
    )

    company = read_folder(folder, read_mapping(folder / "mapping.toml"))

    assert sales(company) == [50_000_000, 12_345_000, 1_234_567]
    assert [year.gross_profit for year in years(company)] == [None, 125_000, -30_000]
    assert [year.ends_on.year for year in years(company)] == [2023, 2024, 2025]
    (rejected,) = company.report.rejections
    assert rejected.place == "years.csv:5 sales"
    assert company.report.tables[1].encoding == "gb18030"
    assert (2, "sales", "１，２３４．５万", "12345000") in changed(company)
    assert (2, "gross_profit", "12.5", "125000") in changed(company)
    assert company.report.tables[1].changed == len(company.report.changes) == 7
    assert each_row_is_told(company)


def test_a_semicolon_csv_with_per_cent_signs_reads_as_fractions(write: Write) -> None:
    company = read_folder(
        write(
            deals="id;customer;value;currency;probability;expected_close;"
            "probability_by;probability_on\n"
            "D1;C2;1.234,50 €;EUR;62,5 %;31.12.2025;Ann;2025-01-31\n"
            "D2;C2;1.500;EUR;５０％;2025-12-31;Ann;31/1/2025\n"
            "D3;C2;700%;EUR;50%;2025-12-31;Ann;2025-01-31\n"
            "D4;C2;9;EUR;0,1;03/04/2025;Ann;2025-01-31\n"
        )
    )

    (_, brix) = company.accounts
    values = {deal.id: deal.value for deal in brix.deals}
    assert {key: value and str(value) for key, value in values.items()} == {
        "D1": "1234.50 EUR",
        "D2": "1500 EUR",
    }
    assert [note.place for note in company.report.rejections] == [
        "deals.csv:4 value",
        "deals.csv:5 expected_close",
    ]
    assert (2, "probability", "62,5 %", "0.625") in changed(company)
    assert (3, "value", "1.500", "1500") in changed(company)
    assert each_row_is_told(company)


@pytest.mark.parametrize("columns", [False, True])
@pytest.mark.parametrize(
    "cut, told",
    [
        ('C1,2025,5\nC2,2025,"1', "inside quotes"),
        ("C1,2025,5\nC2,20", "2 cells"),
        ("C1,2025,5\nC2,2025,12", "no line end"),
    ],
)
def test_a_truncated_file_says_so(
    write: Write, tmp_path: Path, cut: str, told: str, *, columns: bool
) -> None:
    folder = write(years=f"customer,year,sales\n{cut}")

    if columns:
        there = tmp_path / "spooled"
        there.mkdir()
        spools = spool_folder(folder, there, progress=lambda *_: None)
        notes = [note.say() for note in spools.report().notes]
        table = spools.report().tables[1]
    else:
        company = read_folder(folder)
        notes, table = said(company), company.report.tables[1]
        assert each_row_is_told(company)

    assert any(told in note for note in notes)
    assert table.read == 2
    assert table.rejected == ("no line end" not in told)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_file_cut_within_a_character_is_refused(write: Write, encoding: str) -> None:
    folder = write(customers="id,name\nC1,月兔".encode(encoding)[:-1])

    with pytest.raises(ReadError, match="ends within a character") as one_by_one:
        read_folder(folder)
    with pytest.raises(ReadError) as in_columns:
        spool_folder(folder, folder, progress=lambda *_: None)
    assert str(in_columns.value) == str(one_by_one.value)


def test_empty_files_folders_and_other_spreadsheets_are_refused(write: Write) -> None:
    folder = write(years=b"", terms=b"PK\x03\x04 is a zip file")
    (folder / "deals.csv").mkdir()

    with pytest.raises(ReadError) as caught:
        read_folder(folder)

    text = str(caught.value)
    assert text.count("\n") == 2
    assert "years.csv: empty; give at least a header line" in text
    assert "terms.csv: got '.csv'; save it as .xlsx or as CSV" in text
    assert "deals.csv: got 'Is a directory'" in text


# Numbers


def written(amount: Decimal, way: str) -> str:
    """Write an amount in one of the supported ways."""
    plain_text = f"{abs(amount):,.2f}"
    if way == "comma":
        plain_text = plain_text.translate(str.maketrans(",.", ".,"))
    if way == "wide":
        plain_text = plain_text.translate(
            str.maketrans("0123456789.,", "０１２３４５６７８９．，")
        )
    if way == "myriad":
        plain_text = f"{abs(amount).scaleb(-4):f}万"
    if way == "eight":
        plain_text = f"{abs(amount).scaleb(-8):f} 億"
    if way == "signed":
        plain_text = f"¥ {plain_text}"
    if way == "brackets":
        return f"({plain_text})" if amount < 0 else plain_text
    return f"-{plain_text}" if amount < 0 else plain_text


@given(
    amount=st.decimals(-(10**12), 10**12, places=2),
    way=st.sampled_from(
        ["point", "comma", "wide", "myriad", "eight", "signed", "brackets"]
    ),
)
def test_an_amount_reads_back_however_it_is_written(amount: Decimal, way: str) -> None:
    text, problems = plain(Form.AMOUNT, written(amount, way))

    assert not problems
    assert text is not None
    assert Decimal(text) == amount


@given(whole=st.integers(1, 999), thousands=st.integers(0, 999))
def test_one_comma_before_three_digits_is_refused_without_a_witness(
    whole: int, thousands: int
) -> None:
    text = f"{whole},{thousands:03}"
    point, comma = Decimal(f"{whole}{thousands:03}"), Decimal(f"{whole}.{thousands:03}")

    assert plain(Form.AMOUNT, text) == (None, ["ambiguous-number"])
    for seen, expected in ((".", point), (",", comma)):
        way = Way(form=Form.AMOUNT, seen=partial(frozenset, seen))
        found, _ = plain(Form.AMOUNT, text, way)
        assert found is not None
        assert Decimal(found) == expected
        told, _ = plain(Form.AMOUNT, text, Way(form=Form.AMOUNT, decimal=seen))
        assert told is not None
        assert Decimal(told) == expected
    both = Way(form=Form.AMOUNT, seen=lambda: frozenset(",."))
    assert plain(Form.AMOUNT, text, both) == (None, ["ambiguous-number"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text("0123456789.,-+()%¥$€万亿 '１，．", max_size=12))
def test_a_cell_is_read_refused_or_left_and_never_breaks(
    write: Write, text: str
) -> None:
    quoted = text.replace('"', '""')
    company = read_folder(write(years=f'customer,year,sales\nC1,2025,"{quoted}"\n'))

    assert len(years(company)) + company.report.rejected == 1


@pytest.mark.parametrize(
    "text",
    ["1 200", "1,23,456", "1,2,3", "12%", "-(5)", "+-5", "¥5€", "5千", "²", "٣", "1e5"],
)
def test_what_is_no_amount_stays_as_it_is_and_is_refused(
    write: Write, text: str
) -> None:
    assert plain(Form.AMOUNT, text) == (text, [])
    company = read_folder(write(years=f'customer,year,sales\nC1,2025,"{text}"\n'))
    assert company.report.rejected == 1


def test_the_column_tells_what_a_comma_means(write: Write) -> None:
    point = 'customer,year,sales\nC1,2024,"1,234"\nC1,2025,12.50\n'
    assert sales(read_folder(write(years=point))) == [1234, Decimal("12.5")]
    comma = 'customer,year,sales\nC1,2024,"1,234"\nC1,2025,"12,50"\n'
    expected = [Decimal("1.234"), Decimal("12.5")]
    assert sales(read_folder(write(years=comma))) == expected
    both = f'{comma}C1,2023,"1,234.5"\n'
    company = read_folder(write(years=both))
    assert sales(company) == [Decimal("1234.5")]
    assert company.report.rejected == 2


def test_a_point_in_a_semicolon_file_needs_a_witness(write: Write) -> None:
    company = read_folder(write(years="customer;year;sales\nC1;2025;1.234\n"))
    assert [note.problem.code for note in company.report.notes] == ["ambiguous-number"]
    mapped = Mapped(decimal=",")
    assert sales(read_folder(write(), mapped)) == [1234]
    assert sales(read_folder(write(), Mapped(decimal="."))) == [Decimal("1.234")]
    company = read_folder(write(years="customer;year;sales\nC1;2025;12.5\n"), mapped)
    assert company.report.rejected == 1


def test_the_sign_of_another_currency_is_a_contradiction(
    write: Write, tmp_path: Path
) -> None:
    folder = write(
        years="customer,year,sales\nC1,2025,$5\nC1,2024,¥5\nC2,2025,5€\nC2,2024,5元\n"
    )

    company = read_folder(folder)

    assert [note.place for note in company.report.rejections] == [
        "years.csv:2 sales",
        "years.csv:5 sales",
    ]
    assert "the amounts of this row are in CNY" in said(company)[0]
    there = tmp_path / "spooled"
    there.mkdir()
    spools = spool_folder(folder, there, progress=lambda *_: None)
    assert spools.report() == company.report


@pytest.mark.parametrize(
    "heading, power",
    [
        ("销售额（万元）", 4),
        ("销售额(单位：万元)", 4),
        ("金额（亿）", 8),
        ("金额百万元", 6),
        ("金额（千元）", 3),
        ("回款率(%)", -2),
        ("万科", 0),
        ("sales", 0),
    ],
)
def test_a_heading_may_name_the_unit(heading: str, power: int) -> None:
    assert unit_of(heading) == power


def test_a_heading_of_per_cent_over_amounts_is_refused(write: Write) -> None:
    folder = write(years="customer,year,销售(%)\nC1,2025,5\n")
    (folder / "mapping.toml").write_text(
        '[years.columns]\n"销售(%)" = "sales"\n', "utf-8"
    )

    with pytest.raises(ReadError, match="'sales' is not counted in that"):
        read_folder(folder, read_mapping(folder / "mapping.toml"))


# Days


@given(day=st.dates(dt.date(1970, 1, 1), dt.date(2200, 12, 31)))
def test_a_day_reads_back_however_it_is_written(day: dt.date) -> None:
    texts = (
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}-{day.month}-{day.day} 0:00",
    )
    for text in texts:
        assert plain(Form.DAY, text) == (day.isoformat(), [])
    for order, text in (
        ("dmy", f"{day.day:02}.{day.month:02}.{day.year}"),
        ("mdy", f"{day.month}/{day.day}/{day.year}"),
    ):
        found, codes = plain(Form.DAY, text)
        if day.day <= 12 and day.day != day.month:
            assert (found, codes) == (None, ["ambiguous-date"])
        else:
            assert found == day.isoformat()
        way = Way(form=Form.DAY, dates="dmy" if order == "dmy" else "mdy")
        assert plain(Form.DAY, text, way) == (day.isoformat(), [])


@given(number=st.integers(26_000, 99_999))
def test_a_serial_number_is_a_day_where_the_system_is_told(number: int) -> None:
    assert plain(Form.DAY, str(number)) == (str(number), [])
    found = {
        system: plain(Form.DAY, str(number), Way(form=Form.DAY, serials=system))[0]
        for system in (1900, 1904)
    }
    assert found[1900] is not None
    assert found[1904] is not None
    one, other = map(dt.date.fromisoformat, (found[1900], found[1904]))
    assert (other - one).days == 1462
    assert (one - dt.date(2025, 12, 31)).days == number - 46_022


@pytest.mark.parametrize(
    "text", ["2025-02-30", "31.06.2025", "3/4/25", "20251231", "2025", "1/2-2025", "x"]
)
def test_what_is_no_day_is_refused(write: Write, text: str) -> None:
    company = read_folder(write(years=f"customer,year,ends_on\nC1,2025,{text}\n"))

    assert [note.problem.code for note in company.report.notes] == ["bad-date"]


@pytest.mark.parametrize(
    "rows",
    [
        "C1;2025;1.234\nC1;2024;1.234,5\nC2;2025;5万\n",
        "C1;2025;1.234\nC1;2024;12.5\nC2;2025;(12,5)\n",
        'C1;2025;1.234\nC1;2024;"x\n',
    ],
)
def test_both_ways_of_reading_tell_the_same(
    write: Write, tmp_path: Path, rows: str
) -> None:
    folder = write(years=f"customer;year;sales\n{rows}")
    there = tmp_path / "spooled"
    there.mkdir()

    spools = spool_folder(folder, there, progress=lambda *_: None)

    company = read_folder(folder)
    assert spools.report() == company.report
    assert company.report.rejected or company.report.changes


# What is told


def test_the_ways_are_told_by_the_mapping_and_mistakes_in_it_at_once(
    tmp_path: Path,
) -> None:
    file = tmp_path / "mapping.toml"
    file.write_text(
        'decimal = ","\ndates = "dmy"\nserials = 1904\n[years]\ndecimal = "."\n'
        'sheet = "Jahre"\n'
    )
    mapped = read_mapping(file)
    assert (mapped.table("years").decimal, mapped.table("deals").decimal) == (".", ",")
    assert mapped.table("years").serials == 1904
    assert mapped.table("years").sheet == "Jahre"

    file.write_text(
        'decimal = ";"\ndates = "ymd"\n[years]\nserials = 1905\nsheet = 5\n'
    )
    with pytest.raises(ReadError) as caught:
        read_mapping(file)
    for told in ('"." or ","', '"dmy" or "mdy"', "1900 or 1904", "text in quotes"):
        assert told in str(caught.value)


@pytest.mark.parametrize("locale", wording.LOCALES)
def test_changes_and_doubts_are_told_in_every_language(
    write: Write, locale: str
) -> None:
    table = 'customer,year,sales,ends_on\nC1,2025,"1,234",03/04/2025\nC1,2024,5万,'
    company = read_folder(write(years=table))

    told = [note.say(locale) for note in company.report.notes]
    assert len(told) == 3
    assert any("1234" in one and "decimal" in one for one in told)
    assert any("2025-03-04" in one and "dates" in one for one in told)
    (change,) = company.report.changes
    assert "'5万'" in change.say(locale)
    assert "50000" in change.say(locale)
    assert company.report.to_dict()["changes"] == [change.to_dict()]
