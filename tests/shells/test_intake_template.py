"""A template holds every column of every table, and what it writes reads back."""

from __future__ import annotations

import csv
import hashlib
import io
import sys
import zipfile
from importlib import resources
from pathlib import Path

import openpyxl
import pytest

from keyaccount import wording
from keyaccount.exceptions import MissingExtraError
from keyaccount.intake import (
    ONLY_IF_FILLED,
    TABLES,
    read_folder,
    template_files,
    template_workbook,
)
from tests.shells.running import FINE, USAGE, Run


DEMO = Path(str(resources.files("keyaccount") / "demo"))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    return Run(capsys)


def book_of(locale: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(template_workbook(locale)))


@pytest.mark.parametrize("locale", wording.LOCALES)
def test_every_column_of_every_table_stands_in_the_workbook(locale: str) -> None:
    book = book_of(locale)

    for table in TABLES.values():
        headings = [cell.value for cell in book[table.name][1]]
        assert headings == [column.name for column in table.columns]
        assert book[table.name].max_row == 1
    told = book[wording.label("workbook", "columns", locale)]
    rows = list(told.iter_rows(min_row=2, values_only=True))
    named = [
        (table.name, column.name)
        for table in TABLES.values()
        for column in table.columns
    ]
    assert [row[:2] for row in rows] == named
    assert all(row[3] and row[3] not in {row[1], f"{row[0]}-{row[1]}"} for row in rows)


@pytest.mark.parametrize("locale", wording.LOCALES)
def test_every_column_and_table_of_ours_is_explained(locale: str) -> None:
    labels = wording.table(locale)

    for table in TABLES.values():
        assert table.name in labels["intake-table"]
        for column in table.columns:
            keys = {column.name, f"{table.name}-{column.name}"}
            assert keys & set(labels["column"]), (table.name, column.name)


def test_a_word_for_a_column_that_is_none_is_not_kept() -> None:
    columns = {(table.name, c.name) for table in TABLES.values() for c in table.columns}
    known = {name for _, name in columns} | {
        f"{table}-{name}" for table, name in columns
    }

    assert set(wording.table("en")["column"]) <= known
    assert set(wording.table("en")["intake-table"]) == set(TABLES)


def test_choices_are_offered_in_their_cells() -> None:
    sheet = book_of("en")["customers"]

    (rule,) = sheet.data_validations.dataValidation
    assert (rule.type, rule.formula1) == ("list", '"trading,prospect"')
    assert str(rule.sqref) == "D2:D1001"
    comment = sheet["D1"].comment
    assert comment is not None
    assert "prospect" in comment.text


def test_an_example_stands_beside_the_explanation_and_in_no_table() -> None:
    book = book_of("en")

    examples = {row[:2]: row[6] for row in book["Columns"].iter_rows(values_only=True)}
    assert examples["customers", "id"] == "C01"
    assert all(examples.values())


def test_an_empty_template_reads_back_and_claims_nothing(tmp_path: Path) -> None:
    (tmp_path / "firm.xlsx").write_bytes(template_workbook("zh-Hans"))

    company = read_folder(tmp_path)

    assert company.accounts == ()
    assert company.report.notes == ()
    assert company.intents is None
    assert company.fx is None
    assert company.firm.executives is None
    assert company.firm.answers is None
    assert company.firm.capacities is None


def test_a_workbook_filled_in_reads_as_the_tables_it_was_filled_with(
    tmp_path: Path,
) -> None:
    book = book_of("zh-Hant")
    for table in TABLES.values():
        file = DEMO / table.file
        if not file.exists():
            continue
        sheet = book[table.name]
        places = {cell.value: cell.column for cell in sheet[1]}
        rows = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8")))
        for at, row in enumerate(rows, start=2):
            for name, text in row.items():
                if text:
                    sheet.cell(at, places[name], text)
    book.save(tmp_path / "firm.xlsx")

    ours, theirs = read_folder(tmp_path), read_folder(DEMO)

    assert ours.report.rejected == 0
    assert ours.accounts == theirs.accounts
    assert ours.firm == theirs.firm
    assert ours.intents == theirs.intents


def test_a_folder_of_csv_reads_back_and_claims_nothing(tmp_path: Path) -> None:
    for name, text in template_files("en").items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8-sig")

    company = read_folder(tmp_path)

    found = {*tmp_path.glob("*.csv"), *(tmp_path / ONLY_IF_FILLED).glob("*.csv")}
    assert {file.stem for file in found} == set(TABLES)
    assert company.accounts == ()
    assert company.report.notes == ()
    assert company.firm.executives is None
    assert company.intents is None


@pytest.mark.parametrize("locale", wording.LOCALES)
def test_the_same_language_gives_the_same_bytes(locale: str) -> None:
    one, two = template_workbook(locale), template_workbook(locale)

    assert hashlib.sha256(one).digest() == hashlib.sha256(two).digest()
    with zipfile.ZipFile(io.BytesIO(one)) as parts:
        assert {info.date_time for info in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"<f>" not in b"".join(parts.read(name) for name in parts.namelist())
    assert template_files(locale) == template_files(locale)


def test_without_its_extra_the_folder_is_still_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)

    with pytest.raises(MissingExtraError, match="excel"):
        template_workbook("en")
    assert "customers.csv" in template_files("en")


@pytest.mark.parametrize("name", ["firm.xlsx", "tables"])
def test_the_command_writes_a_template_once(
    run: Run, tmp_path: Path, name: str
) -> None:
    out = tmp_path / name

    first = run("template", "-o", out, "--lang", "zh-Hans")
    again = run("template", "-o", out)
    checked = run("import", "check", tmp_path if out.is_file() else out)

    assert first.code == FINE
    assert name in first.out
    assert again.code == USAGE
    assert checked.code == FINE
