"""The account of an import as CSV and as a page: every row, every changed cell."""

from __future__ import annotations

import csv
import io
from html.parser import HTMLParser
from pathlib import Path

import pytest

from keyaccount import wording
from keyaccount.intake import Company, read_folder
from tests.shells.running import FINDINGS, FINE, USAGE, Run


ATTACKS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=HYPERLINK(1)",
    "@SUM(1)",
    "'; DROP TABLE",
    "{{ 7 * 7 }}",
    "</title><svg onload=alert(1)>",
]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    return Run(capsys)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    there = tmp_path / "tables"
    there.mkdir()
    (there / "customers.csv").write_text("id,currency\nC1,CNY\n", encoding="utf-8")
    (there / "years.csv").write_text(
        "customer,year,sales,strange\nC1,2024,12万,x\nC1,soon,5,\nC1,2025,７,\n",
        encoding="utf-8",
    )
    return there


def hostile(folder: Path) -> Company:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["customer", "year", "sales", *ATTACKS])
    writer.writerows([attack, "2025", attack, *ATTACKS] for attack in ATTACKS)
    (folder / "years.csv").write_text(out.getvalue(), encoding="utf-8")
    return read_folder(folder)


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.given: set[str] = set()
        self.cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.given |= {name for name, _ in attrs}
        self.cells += tag == "td"


def seen(page: str) -> _Seen:
    parser = _Seen()
    parser.feed(page)
    return parser


def test_the_csv_accounts_for_every_row_and_changed_cell(folder: Path) -> None:
    report = read_folder(folder).report

    rows = list(csv.DictReader(io.StringIO(report.to_csv())))

    tables = [row for row in rows if row["kind"] == "table"]
    assert [(r["file"], r["read"], r["accepted"], r["rejected"]) for r in tables] == [
        ("customers.csv", "1", "1", "0"),
        ("years.csv", "3", "2", "1"),
    ]
    (left,) = [row for row in rows if row["kind"] == "left out"]
    assert (left["file"], left["line"], left["column"]) == ("years.csv", "3", "year")
    changed = [row for row in rows if row["kind"] == "changed cell"]
    assert [(r["line"], r["was"], r["became"]) for r in changed] == [
        ("2", "12万", "120000"),
        ("4", "７", "7"),
    ]
    (noticed,) = [row for row in rows if row["kind"] == "noticed"]
    assert "strange" in noticed["what"]


@pytest.mark.parametrize("locale", wording.LOCALES)
def test_the_page_says_the_same_in_three_languages(folder: Path, locale: str) -> None:
    report = read_folder(folder).report

    page = report.to_html(locale)

    assert f'<html lang="{locale}">' in page
    for heading in ("title", "left-out", "noticed", "changes"):
        assert wording.label("account", heading, locale) in page
    assert "12万" in page
    assert "120000" in page
    assert page == report.to_html(locale)


def test_where_every_row_stands_as_it_is_the_page_says_so(folder: Path) -> None:
    (folder / "years.csv").unlink()

    page = read_folder(folder).report.to_html()

    assert wording.label("account", "nothing", "en") in page
    assert wording.label("account", "left-out", "en") not in page


@pytest.mark.parametrize("locale", wording.LOCALES)
def test_nothing_in_the_page_runs_or_is_fetched(folder: Path, locale: str) -> None:
    page = hostile(folder).report.to_html(locale)

    found = seen(page)
    assert not found.tags & {"script", "img", "svg", "a", "link", "iframe", "object"}
    assert found.given <= {
        *("lang", "charset", "http-equiv", "content", "name", "class", "scope"),
    }
    assert "default-src 'none'" in page
    assert "http://" not in page
    assert "https://" not in page


def test_no_cell_of_the_csv_is_a_formula(folder: Path) -> None:
    text = hostile(folder).report.to_csv()

    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) > len(ATTACKS)
    assert not [
        cell for row in rows for cell in row if cell.startswith(("=", "@", "+"))
    ]


def test_a_dry_run_writes_the_account_and_ends_with_what_it_found(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    page, table = tmp_path / "account.html", tmp_path / "account.csv"

    said = run("import", "check", folder, "--report", page, "--lang", "zh-CN")
    again = run("import", "check", folder, "--report", table)
    wrong = run("import", "check", folder, "--report", tmp_path / "account.pdf")

    assert (said.code, again.code, wrong.code) == (FINDINGS, FINDINGS, USAGE)
    assert "years.csv:3 year" in said.out
    assert "导入对账" in page.read_text(encoding="utf-8")
    assert table.read_bytes().startswith(b"\xef\xbb\xbf")  # for a spreadsheet
    assert "diamond" not in said.out


def test_a_dry_run_without_a_rejected_row_is_fine(run: Run, folder: Path) -> None:
    (folder / "years.csv").unlink()

    assert run("import", "check", folder).code == FINE
