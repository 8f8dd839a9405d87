"""Two reviews side by side: who moved and by which fact, and whom patience keeps."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from keyaccount import wording
from tests.shells.running import FINDINGS, FINE, INPUT, USAGE, Run


DEMO = Path(str(resources.files("keyaccount").joinpath("demo")))
NUMBERS = "numbers = { diamond = 90, gold = 50, strategic = 20, potential = 5 }\n"
POLICY = f'based_on = "tiering"\ncurrency = "USD"\n{NUMBERS}'
HEAD = "customer,year,sales,gross_profit,due,collected,on_time\n"
Firm = Callable[..., Path]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("COLUMNS", "140")
    return Run(capsys)


@pytest.fixture
def firm(tmp_path: Path) -> Firm:
    """Return a function that writes a firm's tables: sales by customer and year."""

    def write(name: str, **sales: dict[int, int]) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "policy.toml").write_text(POLICY)
        (folder / "customers.csv").write_text(
            "id,name,currency,influence\n"
            + "".join(f"{one},{one} Ltd,USD,50\n" for one in sales)
        )
        rows = (
            f"{one},{year},{amount},{amount * 0.3:.2f},100,99,95\n"
            for one, years in sales.items()
            for year, amount in years.items()
        )
        (folder / "years.csv").write_text(HEAD + "".join(rows))
        return folder

    return write


def written(run: Run, folder: Path, *more: str | Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(
        run("review", folder, "--format", "json", *more).out
    )
    return document


def saved(run: Run, folder: Path, to: Path, *more: str | Path) -> Path:
    to.write_text(run("review", folder, "--format", "json", *more).out)
    return to


def test_a_folder_and_what_its_review_wrote_say_the_same_of_who_moved(
    run: Run, firm: Firm, tmp_path: Path
) -> None:
    last = firm("last", a={2023: 95, 2024: 95}, b={2024: 10}, gone={2024: 5})
    now = firm("now", a={2024: 95, 2025: 60}, b={2025: 10}, new={2025: 7})
    json_file = saved(run, last, tmp_path / "last.json")

    by_folder = written(run, now, "--against", last)
    by_file = written(run, now, "--against", json_file)

    assert by_folder["moves"] == by_file["moves"]
    (move,) = by_folder["moves"]
    assert (move["customer"], move["before"], move["after"]) == (
        "a",
        ["diamond"],
        ["gold"],
    )
    assert move["fact"] in {"lowest_contribution", "contribution"}
    assert (move["was"], move["now"]) == (95.0, 60.0)
    assert (by_file["joined"], by_file["left"]) == (["new"], ["gone"])
    assert sum(flow["count"] for flow in by_file["matrix"]) == 4
    assert not by_file["against"]["judged_anew"]


def test_a_move_names_the_fact_with_its_old_and_its_new_value(
    run: Run, firm: Firm
) -> None:
    last = firm("last", a={2023: 95, 2024: 95})
    now = firm("now", a={2024: 95, 2025: 60})
    said = run("review", now, "--against", last)

    assert said.code == FINDINGS
    assert "Since 2024-12-31: 1 of 1 customers moved" in said.out
    (row,) = (line for line in said.out.splitlines() if "95 → 60" in line)
    assert row.split("  ")[0].strip() == "a Ltd"
    assert "diamond" in row
    assert "gold" in row


def test_patience_keeps_a_rung_for_one_weak_review_and_no_longer(
    run: Run, firm: Firm, tmp_path: Path
) -> None:
    first = firm("first", a={2023: 95, 2024: 95})
    second = firm("second", a={2024: 95, 2025: 60})
    third = firm("third", a={2025: 60, 2026: 60})
    one = saved(run, first, tmp_path / "1.json")
    two = saved(run, second, tmp_path / "2.json", "--against", one)

    said = run("review", second, "--against", one)
    document = json.loads(two.read_text())
    last = written(run, third, "--against", two)
    lowered = run("review", third, "--against", two)
    counted = run("review", third, "--against", two, "--format", "csv")

    assert "strike 1 of 2" in said.out
    assert "by its figures gold" in said.out
    (held,) = document["held"]
    assert (held["rung"], held["strikes"]) == ("diamond", 1)
    assert document["records"]["a"]["rung"] == "diamond"
    assert last["held"] == []
    assert last["records"]["a"]["rung"] == "gold"
    assert last["moves"] == []  # its figures said gold the last time, too
    assert document["rungs"] == []
    assert last["rungs"] == [
        {
            "customer": "a",
            "before": "diamond",
            "after": "gold",
            "reason": "review-down",
        }
    ]
    assert lowered.code == counted.code == FINDINGS
    assert "1 of 1 customers moved" in lowered.out
    assert "1 of 1 customers moved" in counted.err
    assert "a Ltd: moved down from diamond customer to gold customer" in lowered.out


def test_a_rung_that_the_figures_explain_is_told_once(
    run: Run, firm: Firm, tmp_path: Path
) -> None:
    first = firm("first", a={2023: 60, 2024: 60})
    second = firm("second", a={2024: 95, 2025: 95})
    one = saved(run, first, tmp_path / "1.json")
    document = written(run, second, "--against", one)

    (move,) = document["moves"]
    assert (move["before"], move["after"]) == (["gold"], ["diamond"])
    assert document["records"]["a"]["rung"] == "diamond"
    assert document["rungs"] == []


def test_a_problem_is_over_after_clean_reviews_only(
    run: Run, firm: Firm, tmp_path: Path
) -> None:
    last = firm("last", a={2023: 95, 2024: 95})
    (last / "standing.csv").write_text("customer,dispute\na,yes\n")
    now = firm("now", a={2024: 95, 2025: 95})
    for table in ("standing", "receivables"):
        (now / f"{table}.csv").write_text(
            "customer,reputation_harm,dispute\na,no,no\n"
            if table == "standing"
            else "customer,as_of,total,overdue_90\na,2025-12-31,100,0\n"
        )
    file = saved(run, last, tmp_path / "last.json")
    said = run("review", now, "--against", file)

    assert "still treated as a problem: 1 of 2" in said.out
    assert written(run, now, "--against", file)["held"][0]["is_problem"]


def test_nobody_moves_between_a_folder_and_itself(run: Run, tmp_path: Path) -> None:
    file = saved(run, DEMO, tmp_path / "last.json")

    for last in (DEMO, file):
        said = run("review", DEMO, "--against", last)
        assert said.code == FINE
        assert "Since 2025-12-31: 0 of 45 customers moved" in said.out
        assert "strike" not in said.out


@pytest.mark.parametrize("lang", wording.LOCALES)
@pytest.mark.parametrize("columns", [80, 140])
def test_what_has_changed_fits_the_screen_in_each_language(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    lang: str,
    columns: int,
) -> None:
    last = tmp_path / "last"
    last.mkdir()
    for table in DEMO.glob("*.csv"):
        (last / table.name).write_bytes(table.read_bytes())
    rows = (DEMO / "years.csv").read_text(encoding="utf-8").splitlines()
    kept = [row for row in rows if ",2025," not in row]
    (last / "years.csv").write_text("\n".join(kept), encoding="utf-8")
    monkeypatch.setenv("COLUMNS", str(columns))
    said = run("review", DEMO, "--against", last, "--lang", lang)

    def width(line: str) -> int:
        return sum(1 + (unicodedata.east_asian_width(one) in "WF") for one in line)

    assert said.code == FINDINGS
    assert max(map(width, said.out.splitlines())) <= columns
    assert wording.say("against.why", {}, lang).split()[0] in said.out
    for code in ("against.", "migration.", "moved-", "review-"):
        assert code not in said.out


def test_another_policy_then_moves_nobody_by_itself(
    run: Run, firm: Firm, tmp_path: Path
) -> None:
    last = firm("last", a={2023: 95, 2024: 95})
    now = firm("now", a={2024: 95, 2025: 95})
    file = saved(run, last, tmp_path / "last.json")
    cheaper = POLICY.replace("diamond = 90", "diamond = 99")
    (now / "policy.toml").write_text(cheaper)
    document = written(run, now, "--against", file)
    said = run("review", now, "--against", file)

    assert document["moves"] == []
    assert document["against"]["judged_anew"]
    assert "Another policy judged the last review" in said.out


def test_a_prospect_that_trades_now_has_turned(
    run: Run, firm: Firm, tmp_path: Path
) -> None:
    last = firm("last", a={2023: 95, 2024: 95})
    with (last / "customers.csv").open("a") as table:
        table.write("p,p Ltd,USD,70\n")
    text = (last / "customers.csv").read_text()
    text = text.replace("influence\n", "influence,relation,closing_potential\n")
    text = text.replace("USD,50\n", "USD,50,trading,\n")
    text = text.replace("USD,70\n", "USD,70,prospect,80\n")
    (last / "customers.csv").write_text(text)
    now = firm("now", a={2024: 95, 2025: 95}, p={2025: 3})
    file = saved(run, last, tmp_path / "last.json")
    document = written(run, now, "--against", file)

    (turn,) = document["moves"]
    assert (turn["customer"], turn["before"], turn["after"], turn["fact"]) == (
        "p",
        ["key-opportunity"],
        ["general"],
        None,
    )


def test_the_last_review_is_not_later_than_this_one(run: Run, firm: Firm) -> None:
    last = firm("last", a={2025: 95})
    now = firm("now", a={2024: 95})
    said = run("review", now, "--against", last)

    assert said.code == USAGE
    assert "2025-12-31" in said.err


def test_a_last_folder_without_a_full_year_says_so(run: Run, firm: Firm) -> None:
    said = run("review", firm("now", a={2024: 95}), "--against", firm("last", a={}))

    assert said.code == USAGE
    assert "full year" in said.err


def test_rows_left_out_of_the_last_tables_are_told(run: Run, firm: Firm) -> None:
    last = firm("last", a={2024: 95})
    with (last / "years.csv").open("a") as table:
        table.write("nobody,2024,1,1,,,\n")
    said = run("review", firm("now", a={2024: 95}), "--against", last)

    assert "1 rows were left out" in said.err


def _without(key: str) -> Callable[[dict[str, Any]], object]:
    return lambda document: document["customers"][0].pop(key)


def _without_currency(document: dict[str, Any]) -> None:
    del document["currency"]


def _as_prospect(document: dict[str, Any]) -> None:
    marks = {"industry_influence": 5, "closing_potential": None, "height": 5}
    document["customers"][0].update(relation="prospect", facts=marks)


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (_without("facts"), "customers[0].facts"),
        (_without("customer"), "customers[0].customer"),
        (_without("relation"), "customers[0].relation"),
        (lambda d: d.update(as_of="yesterday"), "as_of"),
        (lambda d: d.update(customers={}), "customers"),
        (lambda d: d.update(customers=[5]), "customers[0]"),
        (lambda d: d.update(records=[]), "records"),
        (lambda d: d["records"]["a"].update(rung="silver"), "records.a"),
        (lambda d: d["customers"][0]["facts"].update(height=5), "facts"),
        (lambda d: d["customers"][0]["facts"].update(dispute="maybe"), "dispute"),
        (lambda d: d["customers"][0]["facts"].update(influence=500), "influence"),
        (lambda d: d["customers"][0].update(relation="friend"), "relation"),
        (lambda d: d["customers"][0].update(facts=[1]), "customers[0].facts"),
        (lambda d: d["customers"][0].update(facts="x"), "customers[0].facts"),
        (lambda d: d["customers"][0]["facts"].pop("dispute"), "facts.dispute"),
        (lambda d: d["customers"][0]["facts"].update(contribution="yes"), "'yes'"),
        (lambda d: d["customers"][0].update(relation="prospect"), "closing_potential"),
        (_as_prospect, "facts.height"),
        (lambda d: d["customers"].append(d["customers"][0]), "customers[1].customer"),
        (lambda d: d.update(as_of="20241231"), "as_of"),
        (lambda d: d.update(as_of="0001-01-01"), "as_of"),
        (lambda d: d.update(groups=[]), "groups"),
        (lambda d: d.update(currency="CNY"), "currency"),
        (_without_currency, "currency"),
    ],
)
def test_a_last_review_with_a_mistake_is_refused_with_its_place(
    run: Run,
    firm: Firm,
    tmp_path: Path,
    spoil: Callable[[dict[str, Any]], object],
    place: str,
) -> None:
    now = firm("now", a={2024: 95})
    document = written(run, now)
    spoil(document)
    file = tmp_path / "last.json"
    file.write_text(json.dumps(document))
    said = run("review", now, "--against", file)

    assert said.code == INPUT
    assert place in said.err


def test_what_a_review_by_columns_wrote_is_refused_in_a_line(
    run: Run, tmp_path: Path
) -> None:
    document = written(run, DEMO)
    del document["records"]
    for customer in document["customers"]:
        del customer["facts"]
    file = tmp_path / "last.json"
    file.write_text(json.dumps(document))
    said = run("review", DEMO, "--against", file, "--as-of", "2025-12-31")

    assert said.code == INPUT
    (line,) = (line for line in said.err.splitlines() if "last.json" in line)
    assert "records" in line


@pytest.mark.parametrize("text", ["", "[]", "{", '"x"', "\x00"])
def test_what_is_no_review_at_all_is_refused(
    run: Run, firm: Firm, tmp_path: Path, text: str
) -> None:
    file = tmp_path / "last.json"
    file.write_text(text)
    said = run("review", firm("now", a={2024: 95}), "--against", file)

    assert said.code == INPUT
    assert "last.json" in said.err


def test_what_could_not_be_converted_then_is_no_mistake(
    run: Run, firm: Firm, tmp_path: Path
) -> None:
    now = firm("now", a={2024: 95}, b={2024: 10})
    text = (now / "customers.csv").read_text().replace("b Ltd,USD", "b Ltd,EUR")
    (now / "customers.csv").write_text(text)
    file = saved(run, now, tmp_path / "last.json")
    document = written(run, now, "--against", file)

    assert document["moves"] == []
    assert {"before": "unconverted", "after": "unconverted", "count": 1} in (
        document["matrix"]
    )


def test_a_group_is_judged_as_one_and_says_who_is_in_it(run: Run, firm: Firm) -> None:
    now = firm("now", a={2023: 60, 2024: 60}, b={2023: 35, 2024: 35})
    text = (now / "customers.csv").read_text()
    text = text.replace("influence\n", "influence,parent\n")
    text = text.replace("a Ltd,USD,50\n", "a Ltd,USD,50,\n")
    text = text.replace("b Ltd,USD,50\n", "b Ltd,USD,50,a\nc,c Ltd,USD,50,zz\n")
    (now / "customers.csv").write_text(text)
    plain = written(run, now)
    rolled = written(run, now, "--groups")
    said = run("review", now, "--groups")

    assert [one["rung_low"] for one in plain["customers"]][:2] == ["gold", "strategic"]
    assert "groups" not in plain
    assert rolled["customers"][0]["rung_low"] == "diamond"
    assert rolled["groups"] == [{"parent": "a", "members": ["b"]}]
    assert rolled["kept_apart"][0]["reason"] == "no-parent"
    assert "a Ltd: with b" in said.out
    assert "c Ltd stays a customer of its own" in said.out


def test_of_a_large_group_the_first_members_are_named_and_all_are_counted(
    run: Run, firm: Firm
) -> None:
    now = firm("now", a={2024: 60}, **{f"s{at:02}": {2024: 5} for at in range(15)})
    text = (now / "customers.csv").read_text().replace("USD,50\n", "USD,50,a\n")
    text = text.replace("influence\n", "influence,parent\n")
    text = text.replace("a Ltd,USD,50,a\n", "a Ltd,USD,50,\n")
    (now / "customers.csv").write_text(text)
    said = run("review", now, "--groups")

    assert "a Ltd: with s00, s01" in said.out
    assert "… and 3 more" in said.out
    assert "s12" not in said.out
    (group,) = written(run, now, "--groups")["groups"]
    assert len(group["members"]) == 15


def test_columns_and_a_look_back_do_not_go_together(run: Run) -> None:
    for flags in (("--against", DEMO), ("--groups",)):
        said = run("review", DEMO, "--columns", *flags)

        assert said.code == USAGE
        assert "--columns" in said.err


def test_a_policy_diff_names_the_one_fact_too(
    run: Run, firm: Firm, tmp_path: Path
) -> None:
    now = firm("now", a={2023: 95, 2024: 95})
    dearer = tmp_path / "dearer.toml"
    dearer.write_text(POLICY.replace("diamond = 90", "diamond = 99"))
    said = run("policy", "diff", now / "policy.toml", dearer, now)

    assert said.code == FINDINGS
    assert "most of all: " in said.out
    assert "contribution" in said.out


def willing(folder: Path, meets: str) -> Path:
    """Say that a customer wants us, but for whether its executives meet ours."""
    (folder / "cooperation.csv").write_text(
        "customer,customised,executives_meet_ours,commits_resources,intents_served\n"
        f"a,yes,{meets},yes,other\n"
    )
    (folder / "intents.csv").write_text("id,kind,valid_from\nI,other,2020-01-01\n")
    return folder


def test_who_is_something_else_to_us_is_named_with_the_criterion(
    run: Run, firm: Firm, tmp_path: Path
) -> None:
    last = willing(firm("last", a={2024: 95}, b={2024: 95}), "yes")
    now = willing(firm("now", a={2025: 95}, b={2025: 95}), "no")
    file = saved(run, last, tmp_path / "last.json")
    said = run("review", now, "--against", last)

    assert said.code == FINDINGS
    assert "a Ltd: strategic → key account (Will ✓ → ✗)" in said.out
    for source in (last, file):
        assert written(run, now, "--against", source)["designations"] == [
            {
                "customer": "a",
                "before": ["strategic"],
                "after": ["key-account"],
                "criteria": ["willingness"],
            }
        ]


@pytest.mark.parametrize(
    "lenses",
    [
        None,
        [],
        {},
        {"selection": 5},
        {"selection": {"possible": "strategic", "criteria": {}}},
        {"selection": {"possible": [], "criteria": []}},
        {"selection": {"possible": [], "criteria": {}}},
        {"selection": {"possible": ["golden"], "criteria": {}}},
        {"selection": {"possible": [], "criteria": {"scale": "maybe"}}},
    ],
)
def test_a_designation_that_cannot_be_read_moves_nobody(
    run: Run, firm: Firm, tmp_path: Path, lenses: object
) -> None:
    now = willing(firm("now", a={2025: 95}), "no")
    document = written(run, now)
    document["customers"][0]["lenses"] = lenses
    file = tmp_path / "last.json"
    file.write_text(json.dumps(document))
    said = run("review", now, "--against", file)

    assert said.code == FINE
    assert written(run, now, "--against", file)["designations"] == []


def test_a_csv_tells_beside_it_how_many_moved(run: Run, firm: Firm) -> None:
    last = firm("last", a={2023: 95, 2024: 95})
    now = firm("now", a={2024: 95, 2025: 60})
    said = run("review", now, "--against", last, "--format", "csv")

    assert said.code == FINDINGS
    assert "1 of 1 customers moved" in said.err
    assert len(said.out.splitlines()) == 2


def test_the_last_tables_are_read_by_the_same_pipeline_and_terms(
    run: Run, firm: Firm, tmp_path: Path
) -> None:
    own = tmp_path / "payment.toml"
    own.write_text(
        'based_on = "payment"\n[[terms]]\nid = "our-way"\nwhy = "x"\n'
        '[[terms.tranches]]\nshare = "1"\ntiming = "pre"\nat_order = "yes"\n'
    )
    last = firm("last", a={2024: 95})
    (last / "terms.csv").write_text("customer,term\na,our-way\n")
    now = firm("now", a={2025: 95})
    flags = ("--policy", now / "policy.toml", "--policy", own)
    said = run("review", now, "--against", last, *flags)

    assert "left out" not in said.err
    assert said.code == FINE


def test_groups_are_rolled_up_in_both_reviews(
    run: Run, firm: Firm, tmp_path: Path
) -> None:
    now = firm("now", a={2023: 60, 2024: 60}, b={2023: 35, 2024: 35})
    text = (now / "customers.csv").read_text()
    text = text.replace("influence\n", "influence,parent\n")
    text = text.replace("a Ltd,USD,50\n", "a Ltd,USD,50,\n")
    text = text.replace("b Ltd,USD,50\n", "b Ltd,USD,50,a\n")
    (now / "customers.csv").write_text(text)
    file = saved(run, now, tmp_path / "last.json", "--groups")

    for last in (now, file):
        document = written(run, now, "--groups", "--against", last)
        assert (document["moves"], document["left"]) == ([], [])
        assert document["matrix"] == [
            {"before": "diamond", "after": "diamond", "count": 1}
        ]
