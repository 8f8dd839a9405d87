"""`keyaccount report`: the file it writes, what it says, how it ends."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.report.demo_firm import DEMO
from tests.report.seen import seen
from tests.shells.running import FINDINGS, FINE, INPUT, USAGE, Run


pytest.importorskip("keyaccount.report", reason="the extra report is not here")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    return Run(capsys)


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "What to do this week"),
        ("zh-Hans", "本周要做什么"),
        ("zh-Hant", "本週要做什麼"),
    ],
)
def test_a_folder_becomes_a_page(
    run: Run, tmp_path: Path, lang: str, title: str
) -> None:
    out = tmp_path / "week.html"
    said = run("report", DEMO, "-o", out, "--lang", lang)
    found = seen(out.read_text(encoding="utf-8"))

    assert said.code == FINE
    assert not said.out
    assert "week.html" in said.err
    assert title in found.text
    assert found.tags["img"] == 4  # charts beside the answers
    assert not found.tags["script"]


def test_charts_can_be_left_out(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "week.html"
    run("report", DEMO, "--out", out, "--no-charts", "--title", "Demo logistics")
    found = seen(out.read_text(encoding="utf-8"))

    assert not found.tags["img"]
    assert "Demo logistics" in found.text


def test_the_ending_says_which_form_is_wanted(run: Run, tmp_path: Path) -> None:
    text, sheets = tmp_path / "week.md", tmp_path / "week.xlsx"

    assert run("report", DEMO, "-o", text).code == FINE
    assert text.read_text(encoding="utf-8").startswith("# Key accounts")
    assert run("report", DEMO, "-o", sheets).code == FINE
    assert sheets.read_bytes().startswith(b"PK")
    said = run("report", DEMO, "-o", tmp_path / "week.pdf")
    assert said.code == USAGE
    assert ".html, .md or .xlsx" in said.err


def test_a_last_review_tells_who_moved(run: Run, tmp_path: Path) -> None:
    last, out = tmp_path / "last.json", tmp_path / "week.html"
    said = run("review", DEMO, "--as-of", "2024-12-31", "--format", "json")
    last.write_text(said.out, encoding="utf-8")
    ended = run("report", DEMO, "-o", out, "--against", last, "--no-charts")

    assert ended.code == FINE
    text = seen(out.read_text(encoding="utf-8")).text
    assert "accounts moved since Dec 31, 2024." in text
    assert "What moved it most" in text


def test_work_days_say_by_when_to_act(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("holidays", reason="the extra calendar is not here")
    out = tmp_path / "week.html"
    run("report", DEMO, "-o", out, "--country", "CN", "--no-charts")

    assert "act by" in seen(out.read_text(encoding="utf-8")).text


def test_rows_that_are_left_out_are_a_finding(run: Run, tmp_path: Path) -> None:
    folder, out = tmp_path / "firm", tmp_path / "week.html"
    shutil.copytree(DEMO, folder)
    with (folder / "years.csv").open("a", encoding="utf-8") as years:
        years.write("C01,once,,,,,,\n")
    said = run("report", folder, "-o", out, "--no-charts")

    assert said.code == FINDINGS
    assert "1 rows of the tables were left out" in out.read_text(encoding="utf-8")


def test_a_place_that_cannot_be_written_to_is_told(run: Run, tmp_path: Path) -> None:
    said = run("report", DEMO, "-o", tmp_path / "no" / "week.html", "--no-charts")

    assert said.code == INPUT
    assert "week.html" in said.err
    assert "Traceback" not in said.err


def test_groups_are_judged_as_one(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "week.html"
    run("report", DEMO, "-o", out, "--groups", "--no-charts")

    assert seen(out.read_text(encoding="utf-8")).tags["article"] < 45
