"""What a review says of the lenses beside the tiers, and that it is quiet otherwise."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keyaccount import wording
from keyaccount.cli import main
from keyaccount.intake import TABLES
from keyaccount.intake._lens_tables import LENS_TABLES


DEMO = Path(str(resources.files("keyaccount").joinpath("demo")))
DAY = ("--as-of", "2025-12-31")
TITLES = (
    "lens-selection.title",
    "lens-segments.title",
    "lens-growth.title",
    "lens-fit.title",
    "lens-lifetime.title",
    "lens-whole.title",
)
Run = Callable[..., str]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a command and gives back what it printed."""

    def command(*argv: str | Path, columns: int = 200, code: int = 0) -> str:
        monkeypatch.setenv("COLUMNS", str(columns))
        assert main([str(part) for part in argv]) == code
        return capsys.readouterr().out

    return command


@pytest.fixture
def firm(tmp_path: Path) -> Path:
    """Return a folder with three customers of whom nothing but figures is known."""
    (tmp_path / "customers.csv").write_text(
        "id,name,currency,industry\nC1,Acme,USD,toys\nC2,Brix,USD,\nC3,Cog,USD,\n"
    )
    (tmp_path / "years.csv").write_text(
        "customer,year,sales,gross_profit\nC1,2025,80,8\nC2,2025,15,3\nC3,2025,5,1\n"
    )
    return tmp_path


def width(line: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in line)


def told_of(run: Run, firm: Path, customer: str, *more: str | Path) -> dict[str, Any]:
    document = json.loads(run("review", firm, *DAY, "--format", "json", *more))
    (found,) = (one for one in document["customers"] if one["customer"] == customer)
    lenses: dict[str, Any] = found["lenses"]
    return lenses


@pytest.mark.parametrize("lang", wording.LOCALES)
@pytest.mark.parametrize("columns", [80, 100, 140])
def test_every_lens_of_the_demo_fits_the_screen_in_each_language(
    run: Run, lang: str, columns: int
) -> None:
    out = run("review", DEMO, "--lang", lang, columns=columns)

    assert max(map(width, out.splitlines())) <= columns
    for code in TITLES:
        assert wording.say(code, {}, lang) in out
    for slug in ("lens-", "growth-quadrant.", "rfm-segment.", "flag.", "question."):
        assert slug not in out


@pytest.mark.parametrize("lang", wording.LOCALES)
def test_a_lens_for_which_nothing_is_told_says_nothing(
    run: Run, firm: Path, lang: str
) -> None:
    out = run("review", firm, *DAY, "--lang", lang)

    for code in TITLES:
        assert wording.say(code, {}, lang) not in out
    assert told_of(run, firm, "C1") == {
        "selection": None,
        "segment": None,
        "growth": [],
        "fit": None,
        "lifetime": None,
        "unread": [],
    }


def test_who_is_strategic_who_merely_large_and_who_open_stands_in_the_demo(
    run: Run,
) -> None:
    lines = run("review", DEMO).splitlines()
    at = lines.index(wording.say("lens-selection.title", {}))
    rows = {line.split("  ")[0].strip(): line for line in lines[at : at + 12]}

    batteries = rows["月兔电池 Moonrabbit Batteries"]
    assert "strategic" in batteries
    assert batteries.count("✓") == 4
    assert "hangs on it" in batteries
    assert "one-sided zeal" in rows["玻璃屋半导体 Glasshouse Chips"]
    assert rows["玻璃屋半导体 Glasshouse Chips"].count("✗") == 1
    assert "big orders alone" in rows["Tin Whistle Auto Parts"]
    robotics = rows["纸灯笼机器人 Paperlantern"]
    assert "key account or" in robotics
    assert robotics.count("?") == 2
    assert "Does it commit people" in robotics


def test_a_narrow_screen_tells_below_the_table_what_a_wide_one_tells_in_it(
    run: Run,
) -> None:
    out = run("review", DEMO, columns=80)

    joined = " ".join(out.split())
    assert "Glasshouse Chips: one-sided zeal: the customer does not want it" in joined
    assert "Robotics: Does it commit people and material" in joined


def test_where_we_grow_and_lose_those_who_lose_stand_first(run: Run) -> None:
    document = json.loads(run("review", DEMO, "--format", "json"))
    (drinks,) = (one for one in document["customers"] if one["customer"] == "C09")

    (cell,) = drinks["lenses"]["growth"]
    assert cell["flags"][:3] == [
        "lagging-customer",
        "losing-to-competitor",
        "surface-growth",
    ]
    assert (cell["quadrant"], cell["headroom"]) == ("laggard", "47000000")
    assert cell["share"] == pytest.approx(18 / 65)
    assert cell["gap_to_rival"] == pytest.approx(-0.2)
    assert document["lenses"]["growth"]["rows"][0]["customer"] == "C09"


def test_of_many_customers_only_those_on_the_tiers_that_count_are_read(
    run: Run, tmp_path: Path
) -> None:
    names = [f"C{at:02}" for at in range(1, 38)]
    (tmp_path / "customers.csv").write_text(
        "id,currency\n" + "".join(f"{name},USD\n" for name in names)
    )
    (tmp_path / "years.csv").write_text(
        "customer,year,sales,gross_profit\n"
        + "".join(f"{name},2025,5,1\n" for name in names)
    )
    (tmp_path / "shares.csv").write_text("customer,year,ours,spend\nC01,2025,5,9\n")
    out = run("review", tmp_path, *DAY)
    told = json.loads(run("review", tmp_path, *DAY, "--format", "json"))

    assert "Not read" in out
    assert told["lenses"]["growth"] == {
        "rows": [],
        "left_out": ["C01"],
        "headroom": None,
        "attainable": None,
        "year": None,
    }


def test_a_share_above_the_whole_is_told_and_not_clipped(run: Run, firm: Path) -> None:
    (firm / "shares.csv").write_text(
        "customer,category,year,ours,spend\nC1,air,2025,9,6\nC1,air,2024,9,6\n"
    )
    out = run("review", firm, *DAY)

    assert "150%" in out
    assert "sources contradict" in out


def test_what_a_lens_cannot_read_is_told_and_stops_nothing(
    run: Run, firm: Path
) -> None:
    (firm / "shares.csv").write_text(
        "customer,category,year,ours,spend\n"
        "C1,air,2025,9,20\nC1,air,2024,-1,20\nC1,sea,2025,4,8\n"
    )
    (firm / "background.csv").write_text(
        "customer,reputation,analysed_on\nC1,x,2026-01-05\n"
    )
    out = run("review", firm, *DAY)
    told = told_of(run, firm, "C1")

    assert wording.say("lens.unread", {}) in out
    assert "nothing grows from less than nothing" in out
    assert "nobody knew that on 2025-12-31" in out
    assert [cell["category"] for cell in told["growth"]] == ["sea"]
    assert told["fit"] is None
    assert len(told["unread"]) == 2


def test_terms_that_we_do_not_accept_forbid_the_fit(run: Run, firm: Path) -> None:
    (firm / "terms.csv").write_text("customer,term\nC1,open-account\n")
    (firm / "channels.csv").write_text("customer,widens_channel\nC1,yes\nC2,no\n")
    out = run("review", firm, *DAY)

    assert "a payment term that we accept" in out
    assert told_of(run, firm, "C1")["fit"]["term_within_appetite"] == "no"
    assert told_of(run, firm, "C2")["fit"]["term_within_appetite"] == "unknown"
    assert told_of(run, firm, "C2")["fit"]["fit"] == "unknown"
    assert told_of(run, firm, "C3")["fit"] is None


def test_without_any_intents_the_fit_with_our_strategy_is_open(
    run: Run, firm: Path
) -> None:
    (firm / "cooperation.csv").write_text(
        "customer,customised,executives_meet_ours,commits_resources,intents_served\n"
        "C1,yes,yes,yes,other\n"
    )
    open_one = told_of(run, firm, "C1")["selection"]
    (firm / "intents.csv").write_text("id,kind,valid_from\nI1,other,2025-01-01\n")
    told = told_of(run, firm, "C1")["selection"]

    assert open_one["possible"] == ["key-account", "strategic"]
    assert "no-valid-intents" in open_one["flags"]
    assert told["designation"] == "strategic"
    assert told["share"] == [0.8, 0.8]
    assert told["loss"]["anchors"] == ["toys"]


def test_a_policy_of_ones_own_judges_its_lens(run: Run, firm: Path) -> None:
    (firm / "contracts.csv").write_text("customer,margin,retention\nC1,100,0.9\n")
    (firm / "own.toml").write_text(
        'based_on = "lifetime"\nnumbers = { discount = "0.5" }\n'
    )
    shipped = told_of(run, firm, "C1")["lifetime"]
    own = told_of(run, firm, "C1", "--policy", firm / "own.toml")["lifetime"]

    assert (shipped["low"], own["low"]) == ("450.00", "150.00")
    assert own["discount"] == "0.5"


def test_a_profile_that_is_stale_says_so(run: Run, firm: Path) -> None:
    (firm / "profiles.csv").write_text(
        "customer,relationship,price,innovation,observed_on\nC1,20,60,20,2024-01-05\n"
    )
    told = told_of(run, firm, "C1")["segment"]

    assert "the profile is stale" in run("review", firm, *DAY)
    assert (told["need"], told["value"]) == ("price-sensitive", "ordinary")
    assert "stale-profile" in told["need_flags"]


def test_what_a_strategic_customer_brings_is_told_to_set_its_goals_by(
    run: Run, firm: Path
) -> None:
    (firm / "cooperation.csv").write_text(
        "customer,customised,executives_meet_ours,commits_resources,intents_served\n"
        "C1,yes,yes,yes,other\n"
    )
    (firm / "intents.csv").write_text("id,kind,valid_from\nI1,other,2025-01-01\n")
    (firm / "purchases.csv").write_text("customer,on,amount\nC1,2025-12-01,5\n")
    told = told_of(run, firm, "C1")["segment"]

    assert told["type"] == "outside"
    assert wording.label("volume-profit-type", "outside") in run("review", firm, *DAY)


def test_purchases_of_two_currencies_are_ranked_apart(run: Run, firm: Path) -> None:
    (firm / "customers.csv").write_text("id,currency\nC1,USD\nC2,USD\nC3,EUR\n")
    (firm / "rates.csv").write_text("base,quote,on,rate\nEUR,USD,2025-01-01,1.1\n")
    (firm / "purchases.csv").write_text(
        "customer,on,amount\nC1,2025-12-01,5\nC2,2025-02-01,5\nC3,2025-03-01,9\n"
    )

    first, second, third = (told_of(run, firm, f"C{at}")["segment"] for at in (1, 2, 3))
    assert first["recency"] > second["recency"]
    assert third["recency"] == third["monetary"]


def test_names_in_the_tables_of_the_lenses_command_nothing(
    run: Run, firm: Path
) -> None:
    (firm / "shares.csv").write_text(
        "customer,category,year,ours,spend\nC1,[bold]air\u202e,2025,4,6\n",
        encoding="utf-8",
    )
    out = run("review", firm, *DAY, code=1)

    assert "\u202e" not in out


def test_the_columns_of_the_csv_hold_the_designation(run: Run) -> None:
    head, *rows = run("review", DEMO, "--format", "csv").splitlines()

    assert head.endswith(",flags,designation,question,lift")
    assert sum(",strategic,," in row or ",key-account," in row for row in rows) >= 2


def test_a_case_of_a_lens_runs_under_a_policy_of_ones_own(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "own.toml").write_text(
        'based_on = "selection"\n'
        'drop = ["required_criteria.scale", "required_criteria.solution-need",'
        ' "required_criteria.willingness"]\n'
    )
    (tmp_path / "cases.toml").write_text(
        "[[case]]\n"
        'name = "our house goes by the fit with our strategy alone"\n'
        'id = "S4-3"\nmodel = "selection"\nas_of = 2025-12-31\n'
        '[case.given.customer]\nid = "c1"\nname = "Acme"\n'
        '[case.given.cooperation]\nintents_served = ["other"]\n'
        "[[case.given.intents]]\n"
        'id = "I1"\nkind = "other"\nvalid_from = 2025-01-01\n'
        '[case.expect]\nvalue = "strategic"\n'
    )
    own = run("check", tmp_path / "cases.toml", "--policy", tmp_path / "own.toml")
    shipped = run("check", tmp_path / "cases.toml", code=1)

    assert "1 of 1 cases hold" in own
    assert "0 of 1 cases hold" in shipped


def test_a_large_folder_says_that_it_leaves_the_lenses_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("narwhals", reason="needs the extra frames")
    assert main(["review", str(DEMO), "--columns"]) == 0

    said = capsys.readouterr()
    assert wording.say("lens-selection.title", {}) not in said.out
    assert "cooperation.csv" in said.err
    assert wording.say("large.untold", {}) in said.err


CELLS = st.sampled_from(
    [
        *(
            "",
            "C1",
            "C2",
            "C3",
            "C9",
            "none",
            "unknown",
            "yes",
            "no",
            "[bold]x",
            "é\u202e",
        ),
        *(
            "0",
            "1",
            "3",
            "5",
            "20",
            "60",
            "100",
            "-5",
            "0.9",
            "1.0",
            "1e5",
            "2024",
            "2025",
        ),
        *(
            "999999999999999",
            "9999999999999999999",
            "99999",
            "quality",
            "price",
            "other",
        ),
        *("2025-06-30", "2024-02-29", "2026-01-01", "2025-02-30", "USD", "EUR", "air"),
        *("network-buildout", "other;core-capability", "a;b", "NaN", "∞", "=1+1"),
    ]
)
LENSES = tuple(table for table in TABLES.values() if table in LENS_TABLES)


@st.composite
def folders(draw: st.DrawFn) -> dict[str, str]:
    """Draw every table of the lenses with rows that make sense or do not."""
    found = {}
    for table in LENSES:
        names = [column.name for column in table.columns]
        lines = [",".join(names)]
        for _ in range(draw(st.integers(0, 4))):
            cells = [draw(CELLS) for _ in names]
            if draw(st.booleans()) and names[0] == "customer":
                cells[0] = draw(st.sampled_from(["C1", "C2", "C3"]))
            lines.append(",".join(cells))
        found[table.name] = "\n".join(lines) + "\n"
    return found


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(tables=folders())
def test_whatever_the_tables_hold_every_row_is_accounted_for_and_the_review_ends(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    firm: Path,
    tables: dict[str, str],
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for name, text in tables.items():
        (firm / f"{name}.csv").write_text(text, encoding="utf-8")
    capsys.readouterr()

    code = main(["review", str(firm), *DAY, "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    assert main(["review", str(firm), *DAY]) == code
    shown = capsys.readouterr().out

    rejected = {
        (note["file"], note["line"])
        for note in told["import"]["notes"]
        if note["rejected"]
    }
    for report in told["import"]["tables"]:
        lost = sum(file == report["file"] for file, _ in rejected)
        assert report["rejected"] == lost
        assert report["read"] == report["accepted"] + lost
    assert code == int(bool(rejected))
    assert max(map(width, shown.splitlines())) <= 80
    assert "\u202e" not in shown


def test_of_many_who_buy_the_first_are_shown_and_all_are_counted(
    run: Run, tmp_path: Path
) -> None:
    names = [f"C{at:02}" for at in range(45)]
    (tmp_path / "customers.csv").write_text(
        "id,currency\n" + "".join(f"{name},USD\n" for name in names)
    )
    (tmp_path / "purchases.csv").write_text(
        "customer,on,amount\n" + "".join(f"{name},2025-06-01,5\n" for name in names)
    )
    out = run("review", tmp_path, *DAY)

    assert "… and 5 more (--format json)" in out
    (counts,) = (line for line in out.splitlines() if line.startswith("By behaviour"))
    assert counts.endswith(" 45")
    assert wording.say("lens-whole.title", {}) not in out  # no amount is known
