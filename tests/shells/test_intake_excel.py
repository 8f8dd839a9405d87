"""Workbooks come in like any table: values, dates of two systems, every row told."""

from __future__ import annotations

import datetime as dt
import io
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from keyaccount import wording
from keyaccount.cli import main
from keyaccount.exceptions import MissingExtraError, Problems, ReadError
from keyaccount.intake import (
    TABLES,
    Company,
    Mapped,
    TableMapping,
    read_folder,
    spool_folder,
    table_file,
)


openpyxl = pytest.importorskip("openpyxl")
pytest.importorskip("python_calamine")
xlsxwriter = pytest.importorskip("xlsxwriter")

Rows = Sequence[Sequence[object]]
CUSTOMERS: Rows = [["id", "name", "currency"], ["C1", "Acme", "CNY"]]
YEARS: Rows = [["customer", "year", "sales"], ["C1", 2025, 120.5], ["C1", 2024, 100]]
SHEET = "xl/worksheets/sheet1.xml"
END = b"</sheetData>"
MEASURED = """
import re, sys, time
from pathlib import Path
import python_calamine
from keyaccount.exceptions import ReadError
from keyaccount.intake import read_folder

STATUS = Path("/proc/self/status")

def peak():
    return int(re.search("VmHWM: *\\t *(\\d+)", STATUS.read_text())[1])

before, start = peak(), time.monotonic()
try:
    read_folder(Path(sys.argv[1]))
except ReadError as error:
    print(time.monotonic() - start, peak() - before, error)
"""


def book(sheets: Mapping[str, Rows], *, is_1904: bool = False) -> bytes:
    """Write a workbook; a tuple is a formula and its value."""
    data = io.BytesIO()
    made = xlsxwriter.Workbook(data, {"date_1904": is_1904})
    days = made.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = made.add_worksheet(name)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, tuple):
                    sheet.write_formula(at, column, value[0], None, value[1])
                elif isinstance(value, (dt.date, dt.datetime)):
                    sheet.write_datetime(at, column, value, days)
                elif value is not None:
                    sheet.write(at, column, value)
    made.close()
    return data.getvalue()


def remade(data: bytes, change: Callable[[bytes], bytes], part: str = SHEET) -> bytes:
    """Return a workbook with one part of it changed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            content = old.read(info)
            new.writestr(
                info.filename, change(content) if info.filename == part else content
            )
    return out.getvalue()


def with_rows(rows: bytes) -> Callable[[bytes], bytes]:
    return lambda sheet: sheet.replace(END, rows + END)


def refusal(folder: Path) -> str:
    with pytest.raises(ReadError) as caught:
        read_folder(folder)
    return str(caught.value)


def sales(company: Company) -> list[Decimal | None]:
    return [y.sales for account in company.accounts for y in account.customer.years]


def notes(company: Company) -> list[tuple[str, str]]:
    return [(note.place, note.problem.code) for note in company.report.notes]


# Acceptance


@pytest.mark.parametrize("is_1904", [False, True])
def test_merged_headers_and_both_date_systems_read_as_the_right_numbers(
    tmp_path: Path, *, is_1904: bool
) -> None:
    made = xlsxwriter.Workbook(tmp_path / "firm.xlsx", {"date_1904": is_1904})
    days = made.add_format({"num_format": "yyyy-mm-dd"})
    sheet = made.add_worksheet("Customers")
    for at, row in enumerate(CUSTOMERS):
        sheet.write_row(at, 0, row)
    sheet = made.add_worksheet("years")
    sheet.merge_range(0, 0, 0, 4, "Sales by customer")
    sheet.merge_range(2, 0, 3, 0, "customer")
    sheet.merge_range(2, 1, 3, 1, "year")
    sheet.merge_range(2, 2, 2, 3, "in CNY")
    sheet.write_row(3, 2, ["sales", "gross_profit"])
    sheet.merge_range(2, 4, 3, 4, "ends_on")
    serial = 46_022 - (1_462 if is_1904 else 0)
    sheet.write_row(4, 0, ["C1", 2025, 1.234, "(1.234,50)", serial])
    sheet.write_row(6, 0, ["C1", 2024, "1,234.5万"])
    sheet.write_datetime(6, 4, dt.datetime(2024, 12, 31, 14, 30), days)  # noqa: DTZ001 - a cell has no zone
    sheet.write_row(7, 0, ["C1", 2023, "n/a"])
    sheet.write(9, 0, "Audited, without the services")
    sheet.write(10, 1, "by the firm's own accountants")
    made.close()

    company = read_folder(tmp_path)

    (account,) = company.accounts
    assert [(y.sales, y.gross_profit, y.ends_on) for y in account.customer.years] == [
        (Decimal(12_345_000), None, dt.date(2024, 12, 31)),
        (Decimal("1.234"), Decimal("-1234.5"), dt.date(2025, 12, 31)),
    ]
    assert notes(company) == [
        ("firm.xlsx!years:1", "set-aside"),
        ("firm.xlsx!years:8 sales", "bad-syntax"),
        ("firm.xlsx!years:10", "set-aside"),
        ("firm.xlsx!years:11", "set-aside"),
    ]
    assert [(c.line, c.column, c.became) for c in company.report.changes] == [
        (5, "gross_profit", "-1234.50"),
        (5, "ends_on", "2025-12-31"),
        (7, "sales", "12345000"),
        (7, "ends_on", "2024-12-31"),
    ]
    (_, table) = company.report.tables
    assert (table.read, table.accepted, table.rejected, table.changed) == (3, 2, 1, 4)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells")
@pytest.mark.parametrize("size", [200_000_000, 50_000_000])
def test_a_zip_bomb_is_refused_at_once_and_in_little_memory(
    tmp_path: Path, size: int
) -> None:
    bomb = remade(book({"customers": CUSTOMERS}), with_rows(b"\n" * size))
    (tmp_path / "customers.xlsx").write_bytes(bomb)
    assert len(bomb) < 250_000

    done = subprocess.run(  # noqa: S603 - our own code, its memory measured alone
        [sys.executable, "-c", MEASURED, str(tmp_path)],
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )

    seconds, kilobytes, said = done.stdout.split(" ", 2)
    assert float(seconds) < 1
    assert int(kilobytes) < 50_000
    assert "customers.xlsx" in said
    assert "unpacked" in said


def far(cell: bytes) -> Callable[[bytes], bytes]:
    return with_rows(b'<row r="1048576">%s</row>' % cell)


def lying(data: bytes) -> bytes:
    """Say of a large sheet that it is small, in both of its directories."""
    large = remade(data, with_rows(b" " * 30_000_000))
    with zipfile.ZipFile(io.BytesIO(large)) as zipped:
        true = zipped.getinfo(SHEET).file_size
    return large.replace(struct.pack("<I", true), struct.pack("<I", 1_000))


def many_parts(data: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as zipped:
        for at in range(1_001):
            zipped.writestr(f"xl/{at}.bin", b"")
    return out.getvalue()


def with_part(name: str, content: bytes) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        out = io.BytesIO(data)
        with zipfile.ZipFile(out, "a") as zipped:
            zipped.writestr(name, content)
        return out.getvalue()

    return change


def on_sheet(change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    return lambda data: remade(data, change)


def long_text(data: bytes) -> bytes:
    """Name one long text from very many cells."""
    row = b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>'
    rows = b"".join(row % (at, at) for at in range(10, 10_000))
    long = remade(
        data,
        lambda part: part.replace(b"<t>id<", b"<t>" + b"x" * 30_000 + b"<"),
        "xl/sharedStrings.xml",
    )
    return remade(long, with_rows(rows))


HOSTILE: Mapping[str, tuple[Callable[[bytes], bytes], str]] = {
    "half a file": (lambda data: data[: len(data) // 2], "no whole workbook"),
    "without its end": (lambda data: data[:-30], "no whole workbook"),
    "empty": (lambda _: b"", "no whole workbook"),
    "text": (lambda _: b"id,name\nC1,Acme\n", "no whole workbook"),
    "sizes that lie": (lying, "another size than declared"),
    "too many parts": (many_parts, "1000 parts"),
    "a zip file within": (with_part("xl/x.bin", b"PK\3\4" * 9), "a zip file within"),
    "a hidden sheet": (with_part("xl/x.bin", b"<sheetData/>"), "under another name"),
    "a path that climbs": (with_part("xl/../../x.xml", b"<x/>"), "save it as .xlsx"),
    "two parts of a name": (with_part("XL/workbook.xml", b"<x/>"), "two parts"),
    "cells far apart": (
        on_sheet(far(b'<c r="BXX1048576"><v>1</v></c>')),
        "too far apart",
    ),
    "an empty cell far away": (
        on_sheet(far(b'<c r="BXX1048576" t="s"><v></v></c>')),
        "too far apart",
    ),
    "too many columns": (on_sheet(far(b'<c r="XFD9"><v>1</v></c>')), "column 16384"),
    "a cell of no place": (on_sheet(far(b'<c r="?"><v>1</v></c>')), "has no place"),
    "a text of no number": (
        on_sheet(with_rows(b'<row r="9"><c r="A9" t="s"><v>77</v></c></row>')),
        "not there",
    ),
    "one text repeated": (long_text, "characters in a sheet"),
    "entities": (
        on_sheet(
            lambda s: s.replace(
                b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet', 1
            )
        ),
        "document type",
    ),
    "no XML": (on_sheet(lambda sheet: sheet.replace(END, b"")), "is no XML"),
}


@pytest.mark.hostile
@pytest.mark.parametrize("change, told", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_workbook_is_refused_in_words(
    tmp_path: Path, change: Callable[[bytes], bytes], told: str
) -> None:
    data = change(book({"customers": CUSTOMERS}))
    (tmp_path / "customers.xlsx").write_bytes(data)

    said = refusal(tmp_path)

    assert told in said
    assert said.count("\n") == 0


def test_a_workbook_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "customers.xlsx").mkdir()

    assert "Is a directory" in refusal(tmp_path)


# Cells


def test_errors_and_formulas_never_worked_out_are_refused(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.active.title = "customers"
    for row in (["id", "name"], ["C1", "=A1"], ["C2", "#N/A"], ["C3", "Caro"]):
        made.active.append(row)
    made.save(tmp_path / "firm.xlsx")

    company = read_folder(tmp_path)

    assert [account.customer.name for account in company.accounts] == ["Caro"]
    assert notes(company) == [
        ("firm.xlsx!customers:2 name", "bad-syntax"),
        ("firm.xlsx!customers:3 name", "bad-syntax"),
    ]
    assert "'=A1'" in company.report.notes[0].say()


def test_of_a_formula_the_value_is_read(tmp_path: Path) -> None:
    years = [*YEARS, ["C1", 2023, ("=1+1", 7)], ["C1", 2022, ("=1/0", "#DIV/0!")]]
    (tmp_path / "firm.xlsx").write_bytes(book({"customers": CUSTOMERS, "years": years}))

    company = read_folder(tmp_path)

    assert sales(company) == [7, 100, Decimal("120.5")]
    assert notes(company) == [("firm.xlsx!years:5 sales", "bad-syntax")]


def test_a_number_is_itself_whatever_the_column_writes(tmp_path: Path) -> None:
    years: Rows = [
        *(["customer", "year", "sales"], ["C1", 2025, 1.234]),
        *(["C1", 2024, "1.234,5"], ["C1", 2023, "1.234"], ["C1", 2022, True]),
    ]
    (tmp_path / "firm.xlsx").write_bytes(book({"customers": CUSTOMERS, "years": years}))

    company = read_folder(tmp_path)

    assert sales(company) == [1234, Decimal("1234.5"), Decimal("1.234")]
    assert notes(company) == [("firm.xlsx!years:5 sales", "bad-syntax")]


# Sheets and notes


def test_a_header_said_twice_is_read_with_what_stands_above_it(tmp_path: Path) -> None:
    made = xlsxwriter.Workbook(tmp_path / "years.xlsx")
    sheet = made.add_worksheet()
    sheet.write(0, 0, "customer")
    sheet.write(0, 1, "year")
    sheet.merge_range(0, 2, 0, 3, "A")
    sheet.merge_range(0, 4, 0, 5, "B")
    sheet.write_row(1, 2, ["in", "out", "in", "out"])
    sheet.write_row(2, 0, ["C1", 2025, 1, 2, 3, 4])
    made.close()
    (tmp_path / "customers.csv").write_text("id,currency\nC1,CNY\n")
    mapping = TableMapping(columns={"A in": ("sales",), "B out": ("gross_profit",)})

    company = read_folder(tmp_path, Mapped(tables={"years": mapping}))

    assert sales(company) == [1]
    assert company.accounts[0].customer.years[0].gross_profit == 4


@pytest.mark.parametrize(
    "below, aside, rejected",
    [
        ([[None], ["Note: all of it"]], 1, 0),
        ([["※ all of it"]], 1, 0),
        ([["C9"]], 0, 1),
        ([["C1", 2023, "x"], [None], ["the end"]], 1, 1),
    ],
)
def test_notes_below_are_set_aside_and_rows_are_not(
    tmp_path: Path, below: Rows, aside: int, rejected: int
) -> None:
    data = book({"customers": CUSTOMERS, "years": [*YEARS, *below]})
    (tmp_path / "firm.xlsx").write_bytes(data)

    company = read_folder(tmp_path)

    assert len(company.report.remarks) == aside
    assert company.report.rejected == rejected
    assert sales(company) == [100, Decimal("120.5")]


def test_a_lone_id_below_the_customers_stays_a_row(tmp_path: Path) -> None:
    rows = [*CUSTOMERS, [None], ["C2"]]
    (tmp_path / "customers.xlsx").write_bytes(book({"Sheet1": rows}))
    assert len(read_folder(tmp_path).accounts) == 2

    rows = [*CUSTOMERS, [None], ["备注：截至年底"]]
    (tmp_path / "customers.xlsx").write_bytes(book({"Sheet1": rows}))
    company = read_folder(tmp_path)
    assert len(company.accounts) == 1
    assert notes(company) == [("customers.xlsx!Sheet1:4", "set-aside")]
    for locale in wording.LOCALES:
        assert "备注" in company.report.notes[0].say(locale)


def test_of_a_tables_own_workbook_the_sheet_with_its_columns_is_read(
    tmp_path: Path,
) -> None:
    cover: Rows = [["Sales"]]
    sheets = {"Cover": cover, "Data": YEARS}
    (tmp_path / "years.xlsx").write_bytes(book(sheets))
    (tmp_path / "customers.csv").write_text("id,currency\nC1,CNY\n")
    assert sales(read_folder(tmp_path)) == [100, Decimal("120.5")]

    named = Mapped(tables={"years": TableMapping(sheet="Data")})
    assert sales(read_folder(tmp_path, named)) == [100, Decimal("120.5")]
    absent = Mapped(tables={"years": TableMapping(sheet="Daten")})
    with pytest.raises(ReadError, match="'Daten' \\(there is Cover, Data\\)"):
        read_folder(tmp_path, absent)
    nothing: Rows = []
    (tmp_path / "years.xlsx").write_bytes(book({"Empty": nothing}))
    assert "years.xlsx!Empty: empty" in refusal(tmp_path)


def test_a_table_stands_in_one_place(tmp_path: Path) -> None:
    (tmp_path / "firm.xlsx").write_bytes(book({"customers": CUSTOMERS}))
    (tmp_path / "~$firm.xlsx").write_bytes(b"open in a spreadsheet")
    (tmp_path / "customers.csv").write_text("id\nC1\n")
    assert "customers.csv stands there too" in refusal(tmp_path)

    (tmp_path / "customers.csv").unlink()
    assert len(read_folder(tmp_path).accounts) == 1
    (tmp_path / "firm.xlsx").rename(tmp_path / "others.xlsx")
    (tmp_path / "customers.csv").write_text("id\nC1\n")
    (tmp_path / "others.xlsx").write_bytes(b"")
    assert len(read_folder(tmp_path).accounts) == 1  # it need not be ours
    (tmp_path / "customers.csv").unlink()
    assert "others.xlsx: got 'no whole workbook'" in refusal(tmp_path)


def test_a_workbook_may_stand_for_the_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    firm = tmp_path / "firm.xlsx"
    firm.write_bytes(
        book({"customers": CUSTOMERS, "years": [*YEARS, ["C1", 2023, "5万"]]})
    )
    assert sales(read_folder(firm)) == [50_000, 100, Decimal("120.5")]
    assert table_file(firm, TABLES["deals"], TableMapping(), Problems()) is None

    (tmp_path / "rates.csv").write_text("base,quote,on,rate\nUSD,CNY,2020-01-01,7\n")
    assert main(["review", str(tmp_path)]) == 0

    out = capsys.readouterr().out
    assert "firm.xlsx!years" in out
    assert "'5万' was read as 50000" in out

    (tmp_path / "other.xlsx").write_bytes(book({"years": YEARS}))
    assert "a sheet 'customers' (there is years)" in refusal(tmp_path / "other.xlsx")


@pytest.mark.parametrize("password", [False, True])
def test_a_workbook_that_says_no_sheets_or_needs_a_password_is_refused(
    tmp_path: Path, *, password: bool
) -> None:
    data = book({"customers": CUSTOMERS})
    if password:
        at = data.index(b"PK\x01\x02")
        data = data[: at + 8] + b"\x01" + data[at + 9 :]
    else:
        data = remade(data, lambda _: b"<workbook/>", "xl/workbook.xml")
    (tmp_path / "customers.xlsx").write_bytes(data)

    assert ("a password" if password else "a sheet 'customers'") in refusal(tmp_path)


def test_a_large_folder_reads_a_workbook_the_same(tmp_path: Path) -> None:
    years = [["Sales"], *YEARS, ["C1", 2023, "1.234,5"], ["C1", 2022, 1.5], ["C1", "x"]]
    (tmp_path / "firm.xlsx").write_bytes(book({"customers": CUSTOMERS, "years": years}))
    there = tmp_path / "spooled"
    there.mkdir()

    spools = spool_folder(tmp_path, there, progress=lambda *_: None)

    assert spools.report() == read_folder(tmp_path).report
    assert spools.report().tables[1].changed == 1


def test_without_the_reader_one_line_says_what_to_install(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "firm.xlsx").write_bytes(book({"customers": CUSTOMERS}))
    monkeypatch.setitem(sys.modules, "python_calamine", None)

    with pytest.raises(MissingExtraError, match="keyaccount\\[excel\\]"):
        read_folder(tmp_path)
    assert main(["review", str(tmp_path)]) == 3
    assert capsys.readouterr().err.count("\n") == 1


def test_workbooks_of_another_kind_are_refused(tmp_path: Path) -> None:
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    mapped = Mapped(tables={"customers": TableMapping(file="old.xls")})

    with pytest.raises(ReadError, match="save it as \\.xlsx or as CSV"):
        read_folder(tmp_path, mapped)
