"""What a review prints of deals: gates, stage, what is missing and due, forecast."""

from __future__ import annotations

import json
import unicodedata
from importlib import resources
from pathlib import Path

import pytest

from keyaccount import wording
from keyaccount.cli import main
from keyaccount.intake import TABLES


DEMO = Path(str(resources.files("keyaccount").joinpath("demo")))
DAY = ("--as-of", "2025-12-31")


@pytest.fixture
def firm(tmp_path: Path) -> Path:
    """Return a folder with one customer, and a deal whose name means no good."""
    (tmp_path / "customers.csv").write_text("id,name,currency\nC1,Acme,USD\n")
    (tmp_path / "deals.csv").write_text(
        "id,customer,name,value,stage,opened_on,explicit_need,funded\n"
        "D1,C1,<script>alert(1)</script>,5000,identification,2025-01-01,yes,yes\n"
        "D2,C1,turned \u202eround [bold],,need-confirmation,,no,\n"
        "D3,,,,,,,\n",
        encoding="utf-8",
    )
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *argv: str | Path) -> str:
    assert main([str(part) for part in argv]) == 0
    return capsys.readouterr().out


def width(line: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in line)


@pytest.mark.parametrize("lang", wording.LOCALES)
@pytest.mark.parametrize("columns", ["80", "140"])
def test_the_demos_deals_fit_the_screen_in_each_language(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    lang: str,
    columns: str,
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    out = run(capsys, "review", DEMO, *DAY, "--lang", lang)

    title = wording.say("deals.title", {"count": "9"}, lang)
    assert title in out
    assert wording.say("deals.forecast", {}, lang) in out
    assert "35.59M" in out or "3,559" in out
    assert max(map(width, out.splitlines())) <= int(columns)
    for slug in ("stage.", "exit.", "refused-", "stage-task."):
        assert slug not in out


def test_a_deal_that_fails_says_why_and_one_that_waits_asks(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    lines = run(capsys, "review", DEMO, *DAY).splitlines()

    by_name = {
        line.split("  ")[0].strip(): line
        for line in lines
        if line.startswith((" Drill", " Kettle", " Hull", " Robot spares"))
    }
    assert "no bid" in by_name["Drill pipe to the west"]
    assert "we cannot supply what is mandatory" in by_name["Drill pipe to the west"]
    assert "Is there money for it" in by_name["Kettle export lanes"]
    assert "does not pass" in by_name["Hull blocks"]
    assert "! 72" in by_name["Robot spares warehouse"]


def test_names_are_text_and_command_nothing(
    capsys: pytest.CaptureFixture[str], firm: Path
) -> None:
    out = run(capsys, "review", firm, *DAY)

    assert "\u202e" not in out
    assert "[bold]" in out
    assert "script" in out


def test_a_machine_gets_every_deal_and_the_forecast(
    capsys: pytest.CaptureFixture[str], firm: Path
) -> None:
    found = json.loads(run(capsys, "review", firm, *DAY, "--format", "json"))

    first, second, third = found["deals"]
    assert first["name"] == "<script>alert(1)</script>"
    assert (first["decision"], first["first_failing"]) == ("hold", None)
    assert first["days_in_stage"] == 364
    assert first["to_advance"] == []
    assert {"ageing"} <= {task["kind"] for task in first["tasks"]}
    assert second["decision"] == "not-an-opportunity"
    assert second["first_failing"] == "is-real"
    assert (second["value"], second["release_high"]) == (None, 0.0)
    assert (third["customer"], third["stage"], third["tasks"]) == (None, None, [])
    (dollars,) = found["forecast"]["currencies"]
    assert dollars["open"] == ["5000", None]
    assert dollars["unvalued"] == 2
    assert found["forecast"]["win_rate"] is None


def test_a_review_without_deals_says_nothing_of_them(
    capsys: pytest.CaptureFixture[str], firm: Path
) -> None:
    (firm / "deals.csv").unlink()
    out = run(capsys, "review", firm, *DAY)

    assert wording.say("deals.forecast", {}, "en") not in out


def test_many_deals_and_tasks_are_cut_and_counted(
    capsys: pytest.CaptureFixture[str], firm: Path
) -> None:
    rows = [f"D{n},C1,Deal {n},{n},identification,2025-01-01,," for n in range(60)]
    head = "id,customer,name,value,stage,opened_on,explicit_need,funded"
    (firm / "deals.csv").write_text("\n".join([head, *rows]))
    out = run(capsys, "review", firm, *DAY)

    assert "Open deals: 60" in out
    assert "20 more" in out
    assert "105 more" in out


def test_a_firm_in_two_currencies_has_two_forecasts(
    capsys: pytest.CaptureFixture[str], firm: Path
) -> None:
    (firm / "deals.csv").write_text(
        "id,customer,value,currency,stage\n"
        "D1,C1,5000,USD,identification\nD2,C1,7000,EUR,identification\n"
    )
    out = run(capsys, "review", firm, *DAY)

    assert "EUR: open 7k" in out
    assert "USD: open 5k" in out


def test_a_pipeline_of_ones_own_judges_the_deals(
    capsys: pytest.CaptureFixture[str], firm: Path
) -> None:
    (firm / "pipeline.toml").write_text(
        'based_on = "stages"\nname = "ours"\n[[stages]]\nid = "identification"\n'
        'max_days = 999\n[[stages.exits]]\nid = "big"\n'
        'when = "contract_value >= 9000"\n'
    )
    pipeline = ("--policy", firm / "pipeline.toml")
    out = run(capsys, "review", firm, *DAY, *pipeline, "--format", "json")

    first, *_ = json.loads(out)["deals"]
    assert first["to_advance"] == ["big"]
    assert "ageing" not in {task["kind"] for task in first["tasks"]}


def test_a_pipelines_own_facts_open_its_exits(
    capsys: pytest.CaptureFixture[str], firm: Path
) -> None:
    (firm / "pipeline.toml").write_text(
        'based_on = "stages"\nname = "ours"\n[[facts]]\nid = "fit"\n'
        '[[stages]]\nid = "identification"\n'
        '[[stages.exits]]\nid = "fits"\nwhen = "fit"\n'
    )
    (firm / "deals.csv").write_text(
        "id,customer,value,stage,fit\nD1,C1,3,identification,yes\n"
        "D2,C1,2,identification,no\nD3,,,identification,yes\n"
    )
    flags = ("--policy", firm / "pipeline.toml", "--format", "json")
    found = json.loads(run(capsys, "review", firm, *DAY, *flags))

    waiting = [deal["deal"] for deal in found["deals"] if "fits" in deal["to_advance"]]
    assert waiting == ["D2"]


def test_a_deal_below_zero_is_left_out_and_the_rest_goes_on(
    capsys: pytest.CaptureFixture[str], firm: Path
) -> None:
    (firm / "deals.csv").write_text("id,customer,value\nD1,C1,-7000\nD2,C1,8000\n")

    assert main(["review", str(firm), *DAY]) == 1
    out = capsys.readouterr().out
    assert "Open deals: 1" in out
    assert "deals.csv:2 value: got '-7000'; must be 0 or more" in out


def test_a_deal_on_hold_asks_and_names_the_exits_where_there_is_room(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    lines = run(capsys, "review", DEMO, *DAY).splitlines()
    at = next(n for n, line in enumerate(lines) if "Kettle export" in line)

    assert "ask: Is there money for it" in lines[at]
    assert "somebody from business or technology" in lines[at + 1]


@pytest.mark.parametrize("lang", wording.LOCALES)
def test_what_the_gates_advise_against_is_told_below_the_forecast(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    out = run(capsys, "review", DEMO, *DAY, "--lang", lang)
    weighted = {"en": "2.875M", "zh-Hans": "287.5万", "zh-Hant": "287.5萬"}[lang]

    data: dict[str, float | str] = {"count": 3, "weighted": f"≥ {weighted}"}
    told = wording.say("deals.against", data, lang)
    assert told in out


def test_a_machine_gets_what_the_gates_advise_against(
    capsys: pytest.CaptureFixture[str], firm: Path
) -> None:
    flags = (*DAY, "--format", "json")
    demo = json.loads(run(capsys, "review", DEMO, *flags))["forecast"]["currencies"]
    assert demo[0]["advised_against"] == {"count": 3, "weighted": ["2875000.00", None]}
    (firm / "deals.csv").write_text("id,customer,value\nD1,C1,5\n")
    found = json.loads(run(capsys, "review", firm, *flags))["forecast"]["currencies"]
    assert found[0]["advised_against"] == {"count": 0, "weighted": ["0", "0"]}


def deals_of(count: int, value: str = "1000") -> str:
    rows = [f"D{n},C1,{value},identification" for n in range(count)]
    return "\n".join(["id,customer,value,stage", *rows, ""])


@pytest.mark.parametrize("count, is_told", [(1, False), (2, False), (3, True)])
def test_the_middle_is_named_from_three_open_deals_on(
    capsys: pytest.CaptureFixture[str], firm: Path, count: int, is_told: bool
) -> None:
    (firm / "deals.csv").write_text(deals_of(count))
    out = run(capsys, "review", firm, *DAY)

    assert ("in the middle (P50)" in out) is is_told
    assert f"Open deals: {count}" in out
    assert "at least" not in out


def test_without_an_upper_bound_at_least_is_said_once(
    capsys: pytest.CaptureFixture[str], firm: Path
) -> None:
    (firm / "deals.csv").write_text(deals_of(3) + "D9,C1,,identification\n")
    out = run(capsys, "review", firm, *DAY)

    (line,) = [line for line in out.splitlines() if "(P50)" in line]
    assert "at least" in line
    assert "≥" not in line


@pytest.mark.parametrize("lang", wording.LOCALES)
def test_what_is_wrong_with_the_people_is_told_for_five_customers(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    lines = run(capsys, "review", DEMO, *DAY, "--lang", lang).splitlines()

    at = lines.index(wording.say("deals.people", {}, lang))
    block = lines[at + 1 : lines.index("", at)]
    names = [line for line in block if "Paperlantern" in line]
    assert len(names) == 1
    assert wording.label("flag", "opposed-decision-maker", lang) in names[0]
    assert block[-1].strip() == wording.say("review.more", {"count": 3}, lang)


@pytest.mark.parametrize("lang", wording.LOCALES)
def test_deals_dated_after_the_day_are_told(
    capsys: pytest.CaptureFixture[str], firm: Path, lang: str
) -> None:
    (firm / "deals.csv").write_text(
        "id,customer,name,stage,entered_on,opened_on,outcome,closed_on\n"
        "D1,C1,Later,identification,2026-02-01,,,\n"
        "D2,C1,,,,,won,2026-01-02\n"
        "D3,C1,Today,identification,2025-12-31,2025-01-01,,\n"
        "D4,,,,,2026-03-01,,\n"
    )
    out = run(capsys, "review", firm, *DAY, "--lang", lang)
    found = json.loads(run(capsys, "review", firm, *DAY, "--format", "json"))

    assert sorted(found["dated_ahead"]) == ["D1", "D2", "D4"]
    names = wording.say("review.comma", {}, lang).join(["D4", "Later", "D2"])
    assert wording.say("deals.dated-ahead", {"names": names}, lang) in out


def test_many_deals_dated_ahead_are_cut_and_counted(
    capsys: pytest.CaptureFixture[str], firm: Path
) -> None:
    rows = [f"D{n},C1,2026-01-01" for n in range(8)]
    (firm / "deals.csv").write_text("\n".join(["id,customer,opened_on", *rows]))
    out = run(capsys, "review", firm, *DAY)

    assert "D0, D1, D2, D3, D4 … and 3 more" in out


def test_the_help_names_every_table_that_is_read(
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = run(capsys, "review", "--help")

    assert [table.file for table in TABLES.values() if table.file not in out] == []


def test_a_policy_that_no_review_asks_for_is_a_usage_mistake(
    capsys: pytest.CaptureFixture[str], firm: Path
) -> None:
    own = firm / "receivables.toml"
    own.write_text('based_on = "receivables"\n')

    assert main(["review", str(firm), *DAY, "--policy", str(own)]) == 2
    assert "this one is for receivables" in capsys.readouterr().err
