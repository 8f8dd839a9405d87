"""What a review says of our own side: customer by customer, and of our firm."""

from __future__ import annotations

import json
import re
import unicodedata
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from keyaccount import wording
from tests.shells.our_tables import FILLED
from tests.shells.running import FINDINGS, FINE, Run


DEMO = Path(str(resources.files("keyaccount").joinpath("demo")))
DAY = ("--as-of", "2025-12-31")
TITLES = ("ours.title", "firm.title", "firm.checklist")
CHIPS = "玻璃屋半导体 Glasshouse Chips"
PHARMA = "云雀夜班医药 Nightlark Pharma"
RETAIL = "Cardboard Comet Retail"
BATTERIES = "月兔电池 Moonrabbit Batteries"
HOSTILE = ("<script>a</script>", "=cmd|x", "a\r\nb", "a\u202eb", "x" * 10_000)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("COLUMNS", "10000")  # a line a customer, never wrapped
    return Run(capsys)


@pytest.fixture
def firm(tmp_path: Path) -> Path:
    """Return a folder with two customers of whom nothing but figures is known."""
    (tmp_path / "customers.csv").write_text(
        "id,name,currency,owner\nC1,Acme,USD,Wu\nC2,Brix,USD,\n"
    )
    (tmp_path / "years.csv").write_text(
        "customer,year,sales,gross_profit\nC1,2025,80,8\nC2,2025,15,3\n"
    )
    return tmp_path


def width(line: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in line)


def row(out: str, name: str) -> list[str]:
    """Return the cells of a customer's row in the table of our own side."""
    found = [line for line in section(out) if line.startswith(f" {name}")]
    return re.split(r"\s{2,}", found[0].strip())


def remark(out: str, name: str) -> str:
    """Return what is said of a customer below the table; "" where nothing is."""
    found = [line for line in section(out) if re.match(rf"  {name}[:：]", line)]
    return found[0].strip() if found else ""


def section(out: str) -> list[str]:
    """Return the lines of the part on how we look after each customer."""
    lines = out.splitlines()
    titles = {wording.say("ours.title", {}, lang) for lang in wording.LOCALES}
    start = next(at for at, line in enumerate(lines) if line in titles)
    return lines[start:]


def ours(run: Run, folder: Path, customer: str) -> dict[str, Any]:
    document = json.loads(run("review", folder, *DAY, "--format", "json").out)
    (found,) = (one for one in document["customers"] if one["customer"] == customer)
    told: dict[str, Any] = found["ours"]
    return told


def test_the_healthy_account_of_the_demo_has_nothing_to_see_to(run: Run) -> None:
    english = run("demo").out
    chinese = run("demo", "--lang", "zh-Hans").out

    assert row(english, BATTERIES)[1:] == ["✓", "✓", "in touch", "✓"]
    assert row(chinese, BATTERIES)[1:] == ["✓", "✓", "保持联系", "✓"]
    assert not remark(english, BATTERIES)
    assert not remark(chinese, BATTERIES)


def test_the_over_promised_account_of_the_demo_says_who_promised_what(
    run: Run,
) -> None:
    english = run("demo").out
    chinese = run("demo", "--lang", "zh-Hans").out

    said = remark(english, CHIPS)
    assert "our executives: acting on a whim, promising too much" in said
    assert "a promise was made before anybody made sure that we can keep it" in said
    assert "the promise “rates 5% lower from November on” is 31 days late" in said
    load = "promised 16 times a year, with room for 12: "
    assert f"chief executive: executive visit {load}{BATTERIES}, {CHIPS}" in english
    said = remark(chinese, CHIPS)
    assert "我方高层：拍脑门、拍胸脯、拍桌子；有承诺未确认能否做到就已许下" in said
    assert "承诺“rates 5% lower from November on”逾期 31 天" in said
    load = "chief executive：一年承诺了 16 次高层拜访，只排得下 12 次"
    assert f"{load}：{BATTERIES}、{CHIPS}" in chinese


def test_the_neglected_account_of_the_demo_says_since_when(run: Run) -> None:
    english = run("demo").out
    chinese = run("demo", "--lang", "zh-Hans").out

    assert "neglected" in row(english, PHARMA)
    said = remark(english, PHARMA)
    assert "executive visit owed, 114 days late" in said
    assert "the talk “build trust” is 217 days late" in said
    assert "an issue has been open since 2025-07-02" in said
    assert "issues that nobody is named to solve: 1" in said
    assert "被冷落" in row(chinese, PHARMA)
    said = remark(chinese, PHARMA)
    assert "应做的高层拜访逾期 114 天；“建立信任”的沟通逾期 217 天" in said
    assert "有问题自 2025-07-02 起一直未解决；没有指定人解决的问题：1 个" in said


def test_the_account_of_the_demo_without_an_owner_says_so_first(run: Run) -> None:
    english = run("demo").out
    chinese = run("demo", "--lang", "zh-Hans").out

    assert remark(english, RETAIL).startswith(f"{RETAIL}: no owner is named; ")
    assert "nobody answers for the project" in remark(english, RETAIL)
    nobody = "nobody is named for the executive visit promised 4 times a year"
    assert nobody in english
    assert remark(chinese, RETAIL).startswith(f"{RETAIL}：没有指定负责人；")
    assert "项目没有负责人" in remark(chinese, RETAIL)
    assert "一年承诺了 4 次高层拜访，却没有指定由谁来做" in chinese


def test_where_something_is_open_the_question_is_asked_last(run: Run) -> None:
    out = run("review", DEMO).out

    for name in (PHARMA, RETAIL):
        assert "?" in row(out, name)
        last = remark(out, name).rsplit("; ", maxsplit=1)[-1]
        assert last.startswith("ask first: ")
        assert last.endswith("?")
    assert "ask first" not in remark(out, CHIPS)  # the answer is settled


def test_our_readiness_is_told_in_words_and_old_answers_by_name(run: Run) -> None:
    english = run("review", DEMO).out
    chinese = run("review", DEMO, "--lang", "zh-Hans").out

    assert "not ready or partly ready (48.9%–61.7% in place)" in english
    assert "do first: the goal of new solutions, and of keeping what was learnt" in (
        english
    )
    assert "answered long ago, ask again: sales training" in english
    assert "答案时间已久，请重新询问：销售培训" in chinese
    for out in (english, chinese):
        assert not re.search(r"\b(goals|mechanism|stand-high|culture)-[a-z]", out)


def test_a_readiness_policy_of_ones_own_brings_its_own_words(
    run: Run, firm: Path
) -> None:
    (firm / "own.toml").write_text(
        'based_on = "readiness"\n'
        'drop = ["joint-force", "joint-force-top-down"]\n'
        '[[items]]\nid = "tools-crm"\nchecklist = "tools"\n'
        '[[items]]\nid = "tools-bare"\nchecklist = "tools"\n'
        '[labels.en]\n"fact.tools_crm" = "a CRM that people use"\n'
        '"org-element.tools" = "our tool box"\n'
    )
    (firm / "readiness.csv").write_text(
        "item,answer,answered_on\ntools-crm,no,2025-11-03\ntools-bare,no,\n"
    )
    out = run("review", firm, *DAY, "--policy", firm / "own.toml").out

    (tools,) = (line for line in out.splitlines() if line.startswith(" our tool box"))
    assert "a CRM that people use; tools-bare; not answered: 5" in tools
    assert "nobody noted when this was answered: tools-bare" in out


@pytest.mark.parametrize("lang", wording.LOCALES)
@pytest.mark.parametrize("columns", [60, 80, 120])
def test_our_own_side_of_the_demo_fits_the_screen_in_each_language(
    run: Run, monkeypatch: pytest.MonkeyPatch, lang: str, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    out = run("review", DEMO, "--lang", lang).out

    start = out.index(wording.say("ours.title", {}, lang))
    until = out.index(wording.say("deals.title", {"count": "9"}, lang))
    part = out[start:until]
    assert max(map(width, part.splitlines())) <= columns
    for slug in ("ours.", "firm.", "flag.", "question.", "due.", "{", "}"):
        assert slug not in part


@pytest.mark.parametrize("lang", wording.LOCALES)
def test_a_folder_that_tells_nothing_of_our_side_prints_none_of_it(
    run: Run, firm: Path, lang: str
) -> None:
    out = run("review", firm, *DAY, "--lang", lang).out

    for code in TITLES:
        assert wording.say(code, {}, lang) not in out
    document = json.loads(run("review", firm, *DAY, "--format", "json").out)
    assert document["firm"] is None
    assert document["agenda"] == []


def test_only_the_columns_for_which_something_is_told_are_shown(
    run: Run, firm: Path
) -> None:
    (firm / "plans.csv").write_text(
        "customer,phase,owner,text,valid_from,valid_until\n"
        "C1,maintenance,Wu,keep the lanes,2025-01-01,2026-12-31\n"
    )
    lines = section(run("review", firm, *DAY).out)

    assert lines[2].split() == ["Customer", "Plan"]
    assert "Selling:" not in "\n".join(lines)
    assert "Plan: in force" in "\n".join(lines)


def test_targets_alone_make_no_empty_table(run: Run, firm: Path) -> None:
    (firm / "targets.csv").write_text(
        "year,kind,target,actual,month,currency,customer,owner\n"
        "2025,sales-volume,900,890,,,C1,Wu\n2025,sales-volume,900,90,6,,C2,Wu\n"
    )
    told = run("review", firm, *DAY).out
    lines = section(told)

    assert lines[2].split() == ["Customer"]
    assert not remark(told, "Acme")
    assert "sales volume 2025, month 6: 10% of the target; missed" in (
        remark(told, "Brix")
    )
    chinese = run("review", firm, *DAY, "--lang", "zh-Hans").out
    assert "2025 年 6 月销售量：完成目标的 10%；" in remark(chinese, "Brix")


def test_where_nobody_has_an_owner_none_is_missed(run: Run, firm: Path) -> None:
    (firm / "contacts.csv").write_text(
        "customer,on,channel,kind,purpose\nC2,2025-12-30,customer,call,trust\n"
    )
    before = run("review", firm, *DAY).out
    (firm / "customers.csv").write_text("id,name,currency\nC1,Acme,USD\nC2,Brix,USD\n")
    after = run("review", firm, *DAY).out

    assert "no owner is named" in remark(before, "Brix")
    assert "no owner is named" not in remark(after, "Brix")


def test_channels_that_nobody_writes_down_are_told_once_and_no_gap_of_each(
    run: Run, firm: Path
) -> None:
    (firm / "contacts.csv").write_text(
        "customer,on,channel,kind,purpose\n"
        "C1,2025-12-30,customer,call,trust\nC2,2025-12-30,customer,call,trust\n"
    )
    out = run("review", firm, *DAY).out

    assert out.count("within the team, across departments") == 1
    assert "Of nobody is any contact on record within the team" in out
    assert "no talk on record: feedback and adjustment" in remark(out, "Acme")


def test_a_contact_of_which_nobody_says_what_for_is_not_called_no_talk(
    run: Run, firm: Path
) -> None:
    (firm / "contacts.csv").write_text("customer,on\nC1,2025-06-01\n")

    told = remark(run("review", firm, *DAY).out, "Acme")
    listed = run("due", firm, *DAY).out

    assert "no talk on record" not in told
    assert "nobody has said what the contact on 2025-06-01 was for" in told
    assert "there was none yet" not in listed


def test_what_was_learned_elsewhere_is_told_where_we_are_at_work(
    run: Run, firm: Path
) -> None:
    (firm / "customers.csv").write_text(
        "id,name,currency,industry\nC1,Acme,USD,food\nC2,Brix,USD,steel\n"
    )
    (firm / "knowledge.csv").write_text(
        "id,kind,text,industry\nN1,experience,count the pallets twice,food\n"
    )
    head = "id,customer,objective,starts_on,deadline\n"
    (firm / "projects.csv").write_text(
        f"{head}P1,C1,win,2025-01-01,2026-09-30\nP2,C2,win,2025-01-01,2026-09-30\n"
    )

    told = run("review", firm, *DAY).out

    asked = "learned elsewhere: “count the pallets twice”"
    assert asked in remark(told, "Acme")
    assert asked not in remark(told, "Brix")


def test_one_day_is_no_days(run: Run, firm: Path) -> None:
    (firm / "commitments.csv").write_text(
        "id,customer,text,made_on,due,owner,fulfilled\n"
        "K1,C1,a crane,2025-12-01,2025-12-30,Wu,no\n"
        "K2,C1,a lift,2025-12-01,2025-12-31,Wu,no\n"
    )
    out = run("review", firm, *DAY).out

    assert "the promise “a crane” is a day late" in remark(out, "Acme")
    assert "a lift" not in remark(out, "Acme")  # on the very day nothing is late


def test_of_several_late_promises_the_oldest_is_named_and_all_are_counted(
    run: Run, firm: Path
) -> None:
    (firm / "commitments.csv").write_text(
        "id,customer,text,made_on,due,owner,fulfilled\n"
        "K1,C1,a crane,2025-06-01,2025-12-20,Wu,no\n"
        "K2,C1,a lift,2025-06-01,2025-10-20,Wu,no\n"
    )
    out = run("review", firm, *DAY).out

    assert "“a lift” is 72 days late; promises late: 2" in remark(out, "Acme")


def test_what_machines_read_holds_our_side_our_firm_and_the_agenda(run: Run) -> None:
    document = json.loads(run("review", DEMO, "--format", "json").out)
    by_id = {one["customer"]: one["ours"] for one in document["customers"]}

    assert by_id["C02"]["engagement"]["patterns"] == ["whim", "over-promise", "blame"]
    assert by_id["C02"]["promises"][0]["days_late"] == 31
    assert by_id["C06"]["communication"]["possible"] == ["neglected"]
    assert by_id["C20"]["engagement"] is None
    ready = document["firm"]["readiness"]
    assert ready["stale"] == ["culture-training"]
    assert ready["checklists"]["see-wide"]["questions"] == [
        "see_wide_competitors",
        "see_wide_opportunities",
    ]
    short = {
        (one["owner"], one["kind"]): one["shortfall"]
        for one in document["firm"]["capacity"]["loads"]
        if one["shortfall"]
    }
    assert short["chief executive", "executive-visit"] == 4
    assert {one["source"] for one in document["agenda"]} >= {
        "deals",
        "contact",
        "commitment",
        "obligation",
        "project",
        "plan",
        "action",
    }


def test_every_table_of_our_side_filled_is_read_and_shown(run: Run, firm: Path) -> None:
    (firm / "people.csv").write_text("id,customer,name\nS1,C1,Ms Li\n")
    for name, text in FILLED.items():
        (firm / f"{name}.csv").write_text(text, encoding="utf-8")
    said = run("review", firm, *DAY)

    assert said.code == FINE, said.out[-2000:]
    for code in TITLES:
        assert wording.say(code, {}) in said.out
    assert ours(run, firm, "C1")["projects"][0]["project"] == "P1"


def test_what_the_how_to_shows_of_the_demo_is_what_the_demo_says(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    page = Path(__file__).parents[2] / "docs" / "how-to" / "our-side.md"
    text = page.read_text(encoding="utf-8")
    said = run("demo").out + run("due", DEMO).out

    *of_the_demo, _, _ = re.findall(r"```text\n(.*?)```", text, re.DOTALL)
    assert len(of_the_demo) == 4  # the last two are what the blocks of Python print
    for line in "".join(of_the_demo).splitlines():
        assert line.rstrip() in said


@pytest.mark.parametrize("name", HOSTILE)
def test_names_that_mean_no_good_do_no_harm(run: Run, firm: Path, name: str) -> None:
    (firm / "customers.csv").write_text(
        f'id,name,currency,owner\nC1,"{name}",USD,"{name}"\nC2,Brix,USD,\n',
        encoding="utf-8",
    )
    (firm / "commitments.csv").write_text(
        f'id,customer,text,made_on,due,owner,fulfilled\nK1,C1,"{name}",2025-06-01,'
        f'2025-10-20,"{name}",no\n',
        encoding="utf-8",
    )
    (firm / "projects.csv").write_text(
        f'id,customer,objective,starts_on,deadline,owner\nP1,C1,"{name}",2025-01-01,'
        "2025-06-30,\n",
        encoding="utf-8",
    )
    (firm / "weak_points.csv").write_text(
        f'project,id,owner,text\nP1,W1,ours,"{name}"\n', encoding="utf-8"
    )
    (firm / "capacities.csv").write_text(
        f'owner,kind,per_year\n"{name}",executive-visit,1\n', encoding="utf-8"
    )
    (firm / "industries.csv").write_text(
        f'industry,counted_on,targets,served\n"{name}",2024-12-31,20,7\n'
        f'"{name}",2025-12-31,20,8\n',
        encoding="utf-8",
    )
    shown = run("review", firm, *DAY)
    document = run("review", firm, *DAY, "--format", "json")

    assert shown.code in {FINE, FINDINGS}
    assert "\u202e" not in shown.out
    assert max(map(len, shown.out.splitlines())) < 2500
    assert json.loads(document.out)["customers"]
