"""`keyaccount due`: who must do what, for whom, by when; for people and machines."""

from __future__ import annotations

import builtins
import csv
import io
import json
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path

import pytest

from keyaccount import wording
from tests.shells.running import FINDINGS, FINE, INPUT, USAGE, Run, Said


DEMO = Path(str(resources.files("keyaccount").joinpath("demo")))
DAY = ("--as-of", "2025-12-31")
FIELDS = [
    *("due_on", "act_by", "days_late", "owner", "what"),
    *("customer_id", "customer", "deal_id", "deal", "source", "code"),
]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("COLUMNS", "200")
    return Run(capsys)


@pytest.fixture
def firm(tmp_path: Path) -> Path:
    """Return a folder of one customer to whom a thing was promised."""
    (tmp_path / "customers.csv").write_text(
        "id,name,currency,owner\nC1,Acme,USD,Wu\nC2,Brix,USD,Li\n"
    )
    promised(tmp_path, due="2025-12-31")
    return tmp_path


def promised(
    folder: Path, *, due: str, text: str = "a crane", owner: str = "Wu"
) -> None:
    """Write down one promise to the first customer."""
    (folder / "commitments.csv").write_text(
        "id,customer,text,made_on,due,owner,fulfilled\n"
        f'K1,C1,"{text}",2025-06-01,{due},"{owner}",no\n',
        encoding="utf-8",
    )


def items(said: Said) -> list[dict[str, str | int | None]]:
    document = json.loads(said.out)
    found: list[dict[str, str | int | None]] = document["items"]
    return found


def width(line: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in line)


def test_what_is_due_on_the_very_day_is_no_finding(run: Run, firm: Path) -> None:
    on_the_day = run("due", firm, *DAY)
    a_day_later = run("due", firm, "--as-of", "2026-01-01")
    two_days_later = run("due", firm, "--as-of", "2026-01-02")

    assert (on_the_day.code, a_day_later.code) == (FINE, FINDINGS)
    assert "late: 0, today: 1, coming: 0" in on_the_day.out
    assert "a day late" in a_day_later.out
    assert "2 days late" in two_days_later.out


def test_nothing_due_is_said_in_words(run: Run, firm: Path) -> None:
    promised(firm, due="2026-03-31")
    english = run("due", firm, *DAY)
    chinese = run("due", firm, *DAY, "--lang", "zh-Hans")

    assert english.out.splitlines() == [
        "What is due as of 2025-12-31",
        "Nothing is due.",
    ]
    assert chinese.out.splitlines()[-1] == "没有待办事项。"
    assert english.code == FINE


def test_days_say_how_far_ahead_to_look_and_bounds_are_kept(
    run: Run, firm: Path
) -> None:
    promised(firm, due="2026-01-10")

    assert items(run("due", firm, *DAY, "--days", "9", "--format", "json")) == []
    (found,) = items(run("due", firm, *DAY, "--days", "10", "--format", "json"))
    assert found["due_on"] == "2026-01-10"


@pytest.mark.parametrize("days", ["-1", "3661", "soon", "2w"])
def test_days_that_are_no_number_of_days_are_refused(
    run: Run, firm: Path, days: str
) -> None:
    said = run("due", firm, *DAY, f"--days={days}")

    assert said.code == USAGE
    assert "--days" in said.err
    assert not said.out


def test_an_owner_sees_his_own_list_and_nobody_what_has_none(run: Run) -> None:
    every = items(run("due", DEMO, "--format", "json"))
    south = items(run("due", DEMO, "--owner", "South desk", "--format", "json"))
    none = items(run("due", DEMO, "--nobody", "--format", "json"))

    assert south == [one for one in every if one["owner"] == "South desk"]
    assert none == [one for one in every if one["owner"] is None]
    assert south
    assert {one["customer_id"] for one in none} >= {"C07"}


def test_one_cannot_ask_for_somebody_and_nobody(run: Run, firm: Path) -> None:
    both = run("due", firm, *DAY, "--owner", "Wu", "--nobody")
    blank = run("due", firm, *DAY, "--owner", " ")

    assert (both.code, blank.code) == (USAGE, USAGE)
    assert "either one owner, or what nobody is named for" in both.err
    assert "--nobody lists what has no owner" in blank.err


def test_an_owner_whom_nobody_knows_is_told_who_there_is(run: Run, firm: Path) -> None:
    slip = run("due", firm, *DAY, "--owner", "wu")
    idle = run("due", firm, *DAY, "--owner", "Li")
    (firm / "customers.csv").write_text("id,name,currency\nC1,Acme,USD\n")
    (firm / "commitments.csv").unlink()
    empty = run("due", firm, *DAY, "--owner", "Wu")

    assert "Nobody is called wu here; named are: Li, Wu" in slip.err
    assert "Nobody is called" not in idle.err
    assert "nobody else is named either" in empty.err
    assert (slip.code, idle.code, empty.code) == (FINE, FINE, FINE)


def test_of_many_owners_the_first_are_named(run: Run, firm: Path) -> None:
    names = "".join(f"D{at},Firm {at},USD,Owner {at}\n" for at in range(12))
    (firm / "customers.csv").write_text(
        f"id,name,currency,owner\nC1,Acme,USD,Wu\n{names}"
    )
    said = run("due", firm, *DAY, "--owner", "Nemo")

    assert "… and 5 more" in said.err


def test_the_demos_list_tells_its_story(run: Run) -> None:
    english = run("due", DEMO).out
    chinese = run("due", DEMO, "--lang", "zh-Hans").out

    assert "keep the promise: rates 5% lower from November on" in english
    assert "兑现承诺：rates 5% lower from November on" in chinese
    lines = english.splitlines()
    (trust,) = (at for at, line in enumerate(lines) if "2025-05-28" in line)
    assert "talk with the customer: build trust" in lines[trust]
    assert "云雀夜班医药 Nightlark Pharma" in lines[trust]
    assert "217 days late" in lines[trust + 1]
    (plan,) = (line for line in lines if "review the account plan (dev" in line)
    assert "Cardboard Comet Retail" in plan
    assert plan.endswith("nobody")
    assert any(
        "复核客户计划（开发）" in line and line.endswith("无人")
        for line in chinese.splitlines()
    )


@pytest.mark.parametrize("lang", wording.LOCALES)
@pytest.mark.parametrize("columns", [60, 80, 120])
def test_the_list_fits_the_screen_in_each_language(
    run: Run, monkeypatch: pytest.MonkeyPatch, lang: str, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    out = run("due", DEMO, "--lang", lang, "--days", "60").out

    assert max(map(width, out.splitlines())) <= columns
    for slug in ("agenda.", "due.", "comm-", "engagement-action", "{", "}"):
        assert slug not in out


def test_a_long_list_is_cut_and_says_where_the_rest_is(run: Run, firm: Path) -> None:
    (firm / "commitments.csv").write_text(
        "id,customer,text,made_on,due,owner,fulfilled\n"
        + "".join(f"K{n},C1,crane {n},2025-06-01,2025-12-31,,no\n" for n in range(62))
    )
    shown = run("due", firm, *DAY).out
    whole = run("due", firm, *DAY, "--format", "json")

    assert "… and 2 more (--format csv)" in shown
    assert len(items(whole)) == 62


def test_the_csv_has_a_row_an_item_and_the_same_cells(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("due", DEMO, "--format", "csv").out)))
    found = items(run("due", DEMO, "--format", "json"))

    assert list(rows[0]) == FIELDS
    assert len(rows) == len(found)
    for row, item in zip(rows, found, strict=True):
        assert {name: row[name] for name in FIELDS} == {
            name: "" if item[name] is None else str(item[name]) for name in FIELDS
        }


def test_a_formula_in_a_cell_is_defused_and_told(run: Run, firm: Path) -> None:
    promised(firm, due="2025-12-31", owner="=cmd|' /C calc'!A0")
    said = run("due", firm, *DAY, "--format", "csv")

    (row,) = csv.DictReader(io.StringIO(said.out))
    assert row["owner"] == "'=cmd|' /C calc'!A0"
    assert wording.say("import.prefixed", {"count": 1}) in said.err


def test_a_calendar_file_has_an_event_an_item(run: Run) -> None:
    icalendar = pytest.importorskip("icalendar", reason="needs the extra calendar")
    pytest.importorskip("holidays", reason="needs the extra calendar")
    said = run("due", DEMO, "--format", "ical", "--lang", "zh-Hans")
    found = items(run("due", DEMO, "--format", "json", "--lang", "zh-Hans"))

    calendar = icalendar.Calendar.from_ical(said.out)
    events = calendar.walk("VEVENT")
    assert calendar["X-WR-CALNAME"] == "待办事项（截至 2025-12-31）"
    assert len(events) == len(found)
    assert len({str(event["UID"]) for event in events}) == len(found)
    for event, item in zip(events, found, strict=True):
        assert str(item["what"])[:40] in str(event["SUMMARY"])
    assert said.code == FINDINGS


def test_work_days_say_by_when_to_act(run: Run, firm: Path) -> None:
    pytest.importorskip("holidays", reason="needs the extra calendar")
    promised(firm, due="2026-01-03")  # a Saturday, the last day of the New Year
    bare = run("due", firm, *DAY)
    china = run("due", firm, *DAY, "--country", "CN")
    (found,) = items(run("due", firm, *DAY, "--country", "CN", "--format", "json"))

    assert "act by" not in bare.out
    assert "act by 2025-12-31" in china.out
    assert (found["due_on"], found["act_by"]) == ("2026-01-03", "2025-12-31")


def test_holidays_that_are_estimates_are_told(run: Run, firm: Path) -> None:
    pytest.importorskip("holidays", reason="needs the extra calendar")
    said = run("due", firm, *DAY, "--country", "CN", "--days", "3660")

    assert "are not all known yet" in said.err


@pytest.mark.parametrize("country", ["XX", "", "cn", "Atlantis"])
def test_a_country_that_is_none_is_refused(run: Run, firm: Path, country: str) -> None:
    pytest.importorskip("holidays", reason="needs the extra calendar")
    said = run("due", firm, *DAY, "--country", country)

    assert said.code == USAGE
    assert "--country" in said.err
    assert not said.out


def test_years_of_which_nobody_knows_the_holidays_are_an_input_error(
    run: Run, firm: Path
) -> None:
    pytest.importorskip("holidays", reason="needs the extra calendar")
    said = run("due", firm, "--as-of", "2200-12-31", "--country", "CN")

    assert said.code == INPUT
    assert "years" in said.err


def test_the_next_review_of_a_class_hangs_on_the_last_one(
    run: Run, firm: Path, tmp_path: Path
) -> None:
    (firm / "years.csv").write_text("customer,year,sales,gross_profit\nC1,2024,80,8\n")
    last = tmp_path / "last.json"
    written = run("review", firm, "--as-of", "2024-12-31", "--format", "json")
    last.write_text(written.out)

    def reviews(day: str, *flags: str | Path) -> list[dict[str, str | int | None]]:
        said = run("due", firm, "--as-of", day, "--format", "json", *flags)
        found = [one for one in items(said) if one["source"] == "review"]
        return [one for one in found if one["customer_id"] == "C1"]

    assert not reviews("2026-02-04")
    [on_the_day] = reviews("2026-02-04", "--against", last)
    assert on_the_day["owner"] == "Wu"
    assert (on_the_day["due_on"], on_the_day["days_late"]) == ("2026-02-04", 0)
    assert reviews("2026-02-04", "--against", firm) == [on_the_day]
    [a_day_later] = reviews("2026-02-05", "--against", last)
    assert a_day_later["days_late"] == 1


def test_a_last_review_later_than_the_day_is_a_usage_error(
    run: Run, firm: Path, tmp_path: Path
) -> None:
    last = tmp_path / "last.json"
    last.write_text(run("review", firm, *DAY, "--format", "json").out)

    said = run("due", firm, "--as-of", "2025-12-30", "--against", last)

    assert said.code == USAGE
    assert "2025-12-31" in said.err


@pytest.mark.parametrize("flags", [("--format", "ical"), ("--country", "CN")])
def test_without_the_extra_one_line_says_how_to_install_it(
    run: Run, firm: Path, monkeypatch: pytest.MonkeyPatch, flags: tuple[str, str]
) -> None:
    there = builtins.__import__

    def bare(
        name: str,
        globals: Mapping[str, object] | None = None,  # noqa: A002 - Python's name
        locals: Mapping[str, object] | None = None,  # noqa: A002 - Python's name
        fromlist: Sequence[str] = (),
        level: int = 0,
    ) -> object:
        if name.split(".", maxsplit=1)[0] == "holidays":
            raise ModuleNotFoundError(name)
        return there(name, globals, locals, fromlist, level)

    for name in list(sys.modules):
        if name.startswith(("keyaccount.calendar", "holidays")):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr("keyaccount.calendar", raising=False)
    monkeypatch.setattr(builtins, "__import__", bare)
    said = run("due", firm, *DAY, *flags)
    without = run("due", firm, *DAY)

    assert said.code == INPUT
    assert not said.out
    (line,) = said.err.splitlines()
    assert 'pip install "keyaccount[calendar]"' in line
    assert without.code == FINE  # nothing else asks for it


def test_rows_that_had_to_be_left_out_are_a_finding_and_told_beside(
    run: Run, firm: Path
) -> None:
    with (firm / "commitments.csv").open("a", encoding="utf-8") as file:
        file.write("K2,C1,a lift,yesterday,,,\n")
    said = run("due", firm, *DAY, "--format", "json")

    assert said.code == FINDINGS
    assert "commitments.csv" in said.err
    assert len(items(said)) == 1


def test_a_folder_that_is_none_is_a_usage_error(run: Run, firm: Path) -> None:
    assert run("due", firm / "nowhere").code == USAGE
    assert run("due", firm, "--as-of", "tomorrow").code == USAGE
    assert run("due", firm, *DAY, "--format", "xlsx").code == USAGE
    assert run("due", firm, *DAY, "--lang", "fr").code == USAGE


def test_tables_that_cannot_be_read_are_an_input_error(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "customers.csv").write_bytes(b"")

    assert run("due", tmp_path, *DAY).code == INPUT


@pytest.mark.parametrize("form", ["table", "json", "csv", "ical"])
@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", "=cmd", "a\r\nEND:VEVENT", "a\u202eb", "x" * 10_000],
)
def test_names_that_mean_no_good_do_no_harm(
    run: Run, firm: Path, name: str, form: str
) -> None:
    if form == "ical":
        pytest.importorskip("holidays", reason="needs the extra calendar")
    promised(firm, due="2025-12-31", text=name, owner=name)
    said = run("due", firm, *DAY, "--format", form)

    assert said.code in {FINE, FINDINGS}
    if form == "table":
        assert "\u202e" not in said.out
        assert len(said.out) < 6000
    if form == "ical":
        assert said.out.count("END:VEVENT\n") <= 1
    if form == "csv":
        assert all(
            not (cell or "").startswith("=")
            for row in csv.DictReader(io.StringIO(said.out))
            for cell in row.values()
        )


def test_a_console_that_lacks_letters_gets_the_list_all_the_same(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="gbk", errors="strict")
    monkeypatch.setattr(sys, "stdout", stream)
    said = run("due", DEMO, "--lang", "zh-Hans", "--format", "json")
    stream.flush()
    found = json.loads(stream.buffer.getvalue().decode("gbk"))

    assert said.code == FINDINGS
    assert any("云雀" in str(item["customer"]) for item in found["items"])
