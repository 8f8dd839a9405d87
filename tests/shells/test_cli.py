"""The command line: what it prints, how it ends, and that it never gives up in code."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from importlib import resources
from pathlib import Path

import pytest

from keyaccount import policies, wording
from keyaccount.cli import main
from keyaccount.cli._kinds import KINDS
from keyaccount.cli._text import amounts, csv_safe, plain, score
from tests.shells.running import FINDINGS, FINE, INPUT, USAGE, Run


DEMO = Path(str(resources.files("keyaccount").joinpath("demo")))
AMOUNTS = "numbers = { diamond = 90, gold = 50, strategic = 20, potential = 5 }\n"
POLICY = f'based_on = "tiering"\ncurrency = "CNY"\n{AMOUNTS}'


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("COLUMNS", "80")
    return Run(capsys)


@pytest.fixture
def firm(tmp_path: Path) -> Path:
    """Return a folder with two customers and a policy of their own."""
    (tmp_path / "customers.csv").write_text(
        "id,name,currency,influence\nC1,=Acme,CNY,50\nC2,Brix [bold],CNY,\n"
    )
    (tmp_path / "years.csv").write_text(
        "customer,year,sales,gross_profit,due,collected,on_time\n"
        "C1,2024,95,20,100,99,95\nC1,2025,99,30,100,99,95\nC2,2025,30,,,,\n"
    )
    (tmp_path / "policy.toml").write_text(POLICY)
    return tmp_path


def width(line: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in line)


# What it says


@pytest.mark.parametrize("lang", wording.LOCALES)
def test_the_demo_reviews_the_shipped_firm_in_each_language(
    run: Run, lang: str
) -> None:
    said = run("demo", "--lang", lang)

    assert said.code == FINE
    assert "Moonrabbit" in said.out
    assert wording.label("demo", "try", lang) in said.out
    for tier in ("diamond", "gold", "strategic", "potential", "general", "problem"):
        assert wording.label("tier-name", tier, lang) in said.out


@pytest.mark.parametrize("lang", wording.LOCALES)
@pytest.mark.parametrize("columns", [80, 100, 160])
def test_no_line_is_wider_than_the_terminal(
    run: Run, monkeypatch: pytest.MonkeyPatch, lang: str, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    said = run("review", DEMO, "--lang", lang)

    assert max(map(width, said.out.splitlines())) <= columns


def test_a_review_tells_the_day_the_policy_and_every_row(run: Run) -> None:
    said = run("review", DEMO)

    assert said.code == FINE
    assert "as of 2025-12-31" in said.out
    assert "demo-logistics" in said.out
    assert "--as-of sets another day" in said.err
    assert "years.csv" in said.out


def test_a_row_that_is_left_out_is_told_and_ends_in_findings(
    run: Run, firm: Path
) -> None:
    years = firm / "years.csv"
    years.write_text(years.read_text() + "C9,2025,1,,,,\nC2,2024,1 000,,,,\n")
    said = run("review", firm)

    assert said.code == FINDINGS
    assert "years.csv:5 customer" in said.out
    assert "years.csv:6 sales" in said.out
    assert "Brix" in said.out


def test_json_holds_the_verdicts_the_reasons_and_the_account(
    run: Run, firm: Path
) -> None:
    said = run("review", firm, "--format", "json")
    document = json.loads(said.out)

    assert said.out.isascii()
    acme, brix = document["customers"]
    assert (acme["tier"], acme["rung"]) == ("diamond", "diamond")
    assert (brix["rung"], brix["rung_low"], brix["rung_high"]) == (
        None,
        "general",
        "strategic",
    )
    assert brix["ask_first"] == brix["missing"][0]
    assert acme["reasons"]
    assert [table["accepted"] for table in document["import"]["tables"]] == [2, 3]


def test_csv_is_safe_from_formulas_and_counts_what_it_changed(
    run: Run, firm: Path
) -> None:
    said = run("review", firm, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(said.out)))

    assert [row["name"] for row in rows] == ["'=Acme", "Brix [bold]"]
    assert rows[0]["rung"] == "diamond"
    assert "1 cells begin with a quote" in said.err
    assert "years.csv: read 3" in said.err


@pytest.mark.parametrize(
    "text, changed",
    [
        ("Acme", False),
        ("-5", True),
        (" =x", True),
        ("a\n=x", True),
        ("＝x", True),
        ("a=b", False),
        ("\t", True),
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_gets_a_quote(
    text: str, changed: bool
) -> None:
    assert csv_safe(text) == (f"'{text}" if changed else text, changed)


def test_data_cannot_command_the_terminal(run: Run, firm: Path) -> None:
    (firm / "customers.csv").write_text(
        "id,name\nC1,\u202eeman\u202c\nC2,[bold red]Brix[/]\n", encoding="utf-8"
    )
    (firm / "years.csv").unlink()
    said = run("review", firm, "--as-of", "2025-12-31")

    assert "\u202e" not in said.out
    assert "[bold red]" in said.out.replace("\n", "")
    assert plain("a\x1b]0;x\x07b\r\nc") == "a ]0;x b c"


def test_a_score_is_told_without_false_precision() -> None:
    assert score(72.1, 72.1) == "72"
    assert score(59.6, 79.6) == "60–80"


# Policies


def test_init_proposes_amounts_that_work(run: Run, tmp_path: Path) -> None:
    said = run("policy", "init", DEMO)
    own = tmp_path / "own.toml"
    own.write_text(said.out)
    again = run("review", DEMO, "--policy", own)

    assert said.code == FINE
    assert "from 37 customers as of 2025-12-31" in said.out
    assert len(said.out.splitlines()) == 4
    assert again.code == FINE
    assert "example" not in again.out


def test_init_counts_those_who_are_still_open(run: Run, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id,currency\nC1,CNY\n")
    (tmp_path / "years.csv").write_text("customer,year,sales\nC1,2025,100\n")

    assert "still open: 1" in run("policy", "init", tmp_path).err


@pytest.mark.parametrize("other", ["payment", "terms.toml"])
def test_diff_compares_tiering_policies_only(run: Run, firm: Path, other: str) -> None:
    (firm / "terms.toml").write_text('based_on = "payment"\n')
    named = str(firm / other) if other.endswith("toml") else other
    said = run("policy", "diff", firm / "policy.toml", named, firm)

    assert said.code == USAGE
    assert "two tiering policies" in said.err


def test_a_very_long_name_is_cut_for_people_and_whole_for_machines(
    run: Run, firm: Path
) -> None:
    name = "Acme " * 60 + "Ltd"
    customers = firm / "customers.csv"
    customers.write_text(customers.read_text() + f"C9,{name},CNY,\n")

    assert "Ltd" not in run("review", firm).out
    assert name in run("review", firm, "--format", "json").out


@pytest.mark.parametrize("locale", wording.LOCALES)
def test_two_amounts_that_differ_are_never_written_alike(locale: str) -> None:
    now, to = amounts(Decimal("13961000.01"), Decimal("13961000.02"), locale)

    assert now != to


def test_a_closed_stdout_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)

    assert main(["schema"]) == FINE


def test_init_without_figures_says_what_it_lacks(run: Run, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id\nC1\n")
    said = run("policy", "init", tmp_path, "--as-of", "2025-12-31")

    assert said.code == INPUT
    assert "one customer with a full year" in said.err


@pytest.mark.parametrize("name", policies.shipped())
def test_show_prints_a_policy_with_its_sources(run: Run, name: str) -> None:
    said = run("policy", "show", name)

    assert said.code == FINE
    assert f"{name} 2026.1" in said.out
    assert "prop" in said.out


def test_show_prints_the_exits_and_tasks_of_each_stage(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    said = run("policy", "show", "stages").out

    for expected in ("solution-design: exits", "solution-design: tasks"):
        assert expected in said
    assert "is-real gate_is_real == 'pass' prop" in " ".join(said.split())
    assert "until=" not in said


def test_lint_finds_what_has_no_why(run: Run, firm: Path) -> None:
    said = run("policy", "lint", firm / "policy.toml")

    assert said.code == FINDINGS
    assert "'diamond' says no why" in said.out
    assert run("policy", "lint", firm / "years.csv").code == FINDINGS


def test_lint_lists_every_mistake_at_once(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(
        'based_on = "tiering"\ncurency = "CNY"\n'
        '[[rows]]\nid = "gold"\nwhen = "contributon >= gold"\n'
        '[[criteria]]\nid = "sales"\nweight = 29\n'
    )
    said = run("policy", "lint", file)

    assert said.code == FINDINGS
    for expected in ("curency", "contributon", "99"):
        assert expected in said.out


def test_a_file_with_the_four_classic_mistakes_names_them_all(
    run: Run, tmp_path: Path
) -> None:
    shipped = resources.files("keyaccount").joinpath("policies/tiering.toml")
    text = shipped.read_text(encoding="utf-8")
    never = """
    [[rows]]
    id   = "never"
    when = "contribution >= diamond and years_in_row >= years \
and lowest_contribution >= diamond"
    then = "diamond"
    """
    odd = '[[rows]]\nid = "odd"\nwhen = "gros_margin >= 0.3"\nthen = "gold"\n'
    wrong = text.replace('otherwise = "general"', "", 1).replace(
        "weight = 20", "weight = 19", 1
    )
    file = tmp_path / "own.toml"
    file.write_text(wrong + never + odd, encoding="utf-8")
    said = run("review", DEMO, "--policy", file)

    assert said.code == INPUT
    for expected in (
        "adds up to 99",
        "'gros_margin' is not a fact of this model; use 'gross_margin'",
        "row never can never fire",
        "no row answers for",
    ):
        assert expected in said.err


def test_a_clean_policy_has_no_findings(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text('based_on = "tiering"\nversion = "ours"\n')
    said = run("policy", "lint", file)

    assert (said.code, said.out) == (FINE, "no findings\n")


PIPELINE = """
name    = "resellers"
version = "1"

[[stages]]
id          = "trial"
probability = 0.4
wins        = true
why         = "ours"

[[stages.exits]]
id   = "signed"
when = "contract_signed"
"""


@pytest.mark.parametrize("name", ["deal", "refused", "ruling", "deal-event"])
def test_schema_draws_what_a_service_stores_and_sends(run: Run, name: str) -> None:
    drawn = json.loads(run("schema", name).out)

    assert drawn["$schema"].endswith("2020-12/schema")
    assert name in run("schema").out.splitlines()


def test_a_pipeline_of_ones_own_is_known_by_its_stages(
    run: Run, tmp_path: Path
) -> None:
    whole, changed = tmp_path / "resellers.toml", tmp_path / "seven.toml"
    whole.write_text(PIPELINE)
    changed.write_text('based_on = "stages-signature"\nname = "seven"\n')

    said = run("policy", "lint", whole)
    assert (said.code, said.out) == (
        FINDINGS,
        "$.stages[0].exits[0]: 'signed' says no why; add why = \"…\"\nFindings: 1\n",
    )
    assert "trial: exits" in run("policy", "show", whole).out
    assert run("policy", "lint", changed).out == "no findings\n"


def test_a_pipeline_with_a_lost_stage_and_a_hopeless_exit_names_both(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "resellers.toml"
    file.write_text(
        PIPELINE.replace("wins ", "to = []\nwins ")
        + 'why = "ours"\n[[stages.exits]]\nid = "free"\nwhen = "mandatory_needs < 0"\n'
        + '[[stages]]\nid = "afterwards"\nprobability = 0.5\nwins = true\n'
    )
    said = run("policy", "lint", file)

    assert said.code == FINDINGS
    assert "no way leads from trial to stage afterwards" in said.out
    assert "no facts can meet free" in said.out


def test_a_file_that_is_for_no_model_says_what_there_is(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "odd.toml"
    for text in ('based_on = "nothing"', "name = 3", "version = 1"):
        file.write_text(text)
        said = run("policy", "show", file)

        assert said.code == INPUT
        assert "or [[stages]] of a pipeline" in said.err


def test_examples_are_held_against_a_pipeline_of_ones_own(
    run: Run, tmp_path: Path
) -> None:
    pipeline, examples = tmp_path / "resellers.toml", tmp_path / "cases.toml"
    pipeline.write_text(PIPELINE)
    examples.write_text(
        '[[case]]\nname = "won when signed"\nmodel = "stages"\n'
        "[case.given]\nfacts = { contract_signed = true }\n"
        'event = { id = "e2", kind = "win", at = 2026-02-01T09:00:00Z, actor = "Li" }\n'
        '[case.given.deal]\nid = "o1"\n[[case.given.deal.history]]\n'
        'event = { id = "e1", kind = "open", at = 2026-01-05T09:00:00Z, '
        'actor = "Li" }\n'
        'version = 1\nstage = "trial"\nentered_at = 2026-01-05T09:00:00Z\n'
        "paused_days = 0\nfacts = {}\n"
        'policy = { name = "resellers", version = "1", digest = "-" }\n'
        '[case.expect]\nkind = "moved"\n'
    )
    said = run("check", examples, "--policy", pipeline)

    assert said.code == FINE
    assert "1 of 1 cases hold" in said.out


def test_diff_says_who_moves_and_why(run: Run, firm: Path) -> None:
    dearer = firm / "dearer.toml"
    dearer.write_text(POLICY.replace("diamond = 90", "diamond = 97"))
    said = run("policy", "diff", firm / "policy.toml", dearer, firm)

    assert said.code == FINDINGS
    assert "1 of 2 customers" in said.out
    assert "diamond" in said.out
    assert "gold" in said.out
    assert "97: no" in said.out


@pytest.mark.parametrize("way", ["--no-columns", "--columns"])
@pytest.mark.parametrize("lang", wording.LOCALES)
def test_an_amount_without_a_rate_says_what_a_reader_of_tables_can_do(
    run: Run, firm: Path, lang: str, way: str
) -> None:
    customers = firm / "customers.csv"
    customers.write_text(customers.read_text().replace("[bold],CNY", "[bold],EUR"))
    said = run("review", firm, way, "--lang", lang)

    told = " ".join((said.out + said.err).split())
    assert "rates.csv" in told
    assert "FxTable" not in told
    assert said.code == FINDINGS


def test_diff_of_a_policy_with_itself_finds_nothing(run: Run, firm: Path) -> None:
    policy = firm / "policy.toml"
    said = run("policy", "diff", policy, policy, firm)

    assert (said.code, said.out) == (FINE, "No customer changes its tier.\n")


@pytest.mark.parametrize("way", ["--no-columns", "--columns"])
def test_diff_tells_the_prospects_whose_class_changes(
    run: Run, firm: Path, way: str
) -> None:
    customers = firm / "customers.csv"
    rows = customers.read_text().replace("\n", ",,\n").splitlines()
    heading = "id,name,currency,influence,relation,closing_potential"
    promising = "P1,Promising,CNY,80,prospect,70"
    customers.write_text("\n".join([heading, *rows[1:], promising]) + "\n")
    harder = firm / "harder.toml"
    harder.write_text(POLICY.replace("{ diamond", "{ enter_closing = 75, diamond"))
    said = run("policy", "diff", firm / "policy.toml", harder, firm, way)

    assert said.code == FINDINGS
    assert "No customer changes its tier." in said.out
    assert "Prospects that change their class: 1" in said.out
    assert "most of all: closing potential" in said.out


def test_every_model_with_a_policy_has_a_line_of_its_own() -> None:
    models = {name.partition("-")[0] for name in policies.shipped()}

    assert set(KINDS) == models


def test_schema_prints_valid_json_and_lists_types(run: Run) -> None:
    types = run("schema").out.split()

    assert {"customer", "payment-term", "tiering-policy", "pipeline"} <= set(types)
    for name in types:
        assert json.loads(run("schema", name).out)["$schema"]


# Cases


def test_check_passes_and_fails_case_by_case(run: Run, tmp_path: Path) -> None:
    case = (
        '[[case]]\nname = "{name}"\nmodel = "payment"\n'
        '[case.given]\nterm = "open-account"\n'
        '[case.expect.value]\nsafety = "{safety}"\n'
    )
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(case.format(name="open account is unsafe", safety="unsafe"))
    bad.write_text(case.format(name="open account is safe", safety="safe"))

    assert run("check", good).code == FINE
    said = run("check", good, bad)
    assert said.code == FINDINGS
    assert "expected safe, found unsafe" in said.out.replace("'", "")
    assert "1 of 2 cases hold" in said.out


# Mistakes


USAGES: Sequence[Sequence[str]] = (
    ("revew",),
    ("review",),
    ("review", "no-such-folder"),
    ("review", __file__),
    ("review", ".", "--format", "xml"),
    ("review", ".", "--lnag", "en"),
    ("review", ".", "--policy", "no-such.toml"),
    ("check",),
    ("check", "no-such.toml"),
    ("check", "."),
    ("demo", "--lang", "klingon"),
    ("demo", "extra"),
    ("policy", "init"),
    ("policy", "diff", "tiering"),
    ("policy", "lint", "."),
)


@pytest.mark.parametrize("argv", USAGES, ids=" ".join)
def test_a_mistaken_call_ends_in_usage_and_a_line(
    run: Run, argv: Sequence[str]
) -> None:
    said = run(*argv)

    assert said.code == USAGE
    assert said.err.startswith("keyaccount: ")
    assert "Traceback" not in said.err
    assert not said.out


@pytest.mark.parametrize(
    "day",
    [
        "yesterday",
        "2025-13-01",
        "20251231",
        "2025-W01-1",
        "1969-12-31",
        "9999-12-31",
        "",
        "١",
    ],
)
def test_a_day_that_is_none_is_a_usage_mistake(run: Run, firm: Path, day: str) -> None:
    assert run("review", firm, "--as-of", day).code == USAGE


def test_a_folder_without_customers_is_an_input_mistake(
    run: Run, tmp_path: Path
) -> None:
    said = run("review", tmp_path)

    assert said.code == INPUT
    assert "customers.csv" in said.err


def test_tables_without_a_full_year_ask_for_the_day(run: Run, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id\nC1\n")
    said = run("review", tmp_path)

    assert said.code == USAGE
    assert "--as-of" in said.err


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[broken",
        b'based_on = "teiring"\n',
        'x = "客户"'.encode("gbk"),
        b'based_on = "tiering"\ncurency = "CNY"\n',
        b"x = " + b"9" * 5_000,
        b"x = " + b"[" * 5_000,
        b'based_on = "tiering"\n[[rows]]\nid="x"\nwhen="__import__(1)"\nthen="gold"\n',
    ],
    ids=[
        "empty",
        "broken",
        "unknown base",
        "gbk",
        "unknown key",
        "a huge number",
        "nested deeply",
        "code",
    ],
)
def test_a_policy_that_cannot_be_read_is_an_input_mistake(
    run: Run, firm: Path, content: bytes
) -> None:
    (firm / "bad.toml").write_bytes(content)
    said = run("review", firm, "--policy", firm / "bad.toml")

    assert said.code == INPUT
    assert said.err.startswith("keyaccount: ")


def test_two_policies_for_one_model_are_a_usage_mistake(run: Run, firm: Path) -> None:
    (firm / "other.toml").write_text(POLICY)
    files = ("--policy", firm / "policy.toml", "--policy", firm / "other.toml")

    assert run("review", firm, *files).code == USAGE


def test_another_currency_than_the_policys_says_both_ways_out(
    run: Run, firm: Path
) -> None:
    (firm / "policy.toml").unlink()
    said = run("review", firm)

    assert said.code == INPUT
    assert "policy init" in said.err
    assert "rates.csv" in said.err


def test_a_table_of_rates_converts(run: Run, firm: Path) -> None:
    (firm / "policy.toml").write_text(POLICY.replace("CNY", "USD"))
    (firm / "rates.csv").write_text("base,quote,on,rate\nUSD,CNY,2024-12-31,2\n")
    said = run("review", firm, "--format", "json")

    assert [one["rung_low"] for one in json.loads(said.out)["customers"]] == [
        "strategic",
        "general",
    ]


def test_a_customer_that_cannot_be_converted_is_told_and_never_zero(
    run: Run, firm: Path
) -> None:
    customers = firm / "customers.csv"
    customers.write_text(customers.read_text().replace("[bold],CNY", "[bold],EUR"))
    said = run("review", firm, "--format", "json")
    brix = json.loads(said.out)["customers"][-1]

    assert said.code == FINDINGS
    assert brix["rung_low"] is None
    assert "EUR" in brix["lift"]


def test_payment_policies_name_terms_of_their_own(run: Run, firm: Path) -> None:
    (firm / "pay.toml").write_text(
        'based_on = "payment"\n[[terms]]\nid = "house-term"\n'
        'tranches = [{ share = "1", timing = "post", tenor_days = 20, '
        'cover = { kind = "uncovered" } }]\n'
    )
    (firm / "terms.csv").write_text("customer,term\nC1,house-term\n")

    assert run("review", firm).code == FINDINGS
    files = ("--policy", firm / "policy.toml", "--policy", firm / "pay.toml")
    assert run("review", firm, *files).code == FINE


# The process


def process(
    *argv: str | Path, tail: str = "", **env: str
) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "keyaccount", *map(str, argv)]
    plain_env = {
        k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG"))
    }
    if tail:
        quoted = " ".join(f"'{part}'" for part in command)
        command = ["bash", "-c", f"set -o pipefail; {quoted} | {tail}"]
    return subprocess.run(  # noqa: S603 - our own command
        command, capture_output=True, env={**plain_env, **env}, check=False, timeout=60
    )


@pytest.mark.parametrize(
    "env",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "gbk"},
        {"PYTHONIOENCODING": "ascii"},
        {"TERM": "dumb"},
    ],
    ids=["C", "C without help", "gbk", "ascii", "dumb"],
)
@pytest.mark.parametrize("lang", ["en", "zh-Hant"])
def test_any_console_shows_the_demo(env: dict[str, str], lang: str) -> None:
    done = process("demo", "--lang", lang, **env)

    assert done.returncode == FINE
    assert b"Traceback" not in done.stderr
    assert b"Moonrabbit" in done.stdout


def test_a_closed_pipe_is_no_mistake() -> None:
    done = process("review", DEMO, "--format", "json", tail="head -c 10")

    assert done.returncode == FINE
    assert b"Error" not in done.stderr


def test_help_loads_no_model() -> None:
    code = (
        "import sys; from keyaccount.cli import main; main(['--help']); "
        "sys.exit('keyaccount.models' in sys.modules or 'cattrs' in sys.modules)"
    )
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", code], capture_output=True, check=False, timeout=60
    )

    assert done.returncode == FINE
    assert b"review" in done.stdout
