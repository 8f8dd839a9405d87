"""Large folders: in columns the same answers, and nothing dropped without a word."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from keyaccount import wording
from keyaccount.cli import _large, main
from keyaccount.intake import _parquet, _spools
from tests.shells.large_firms import POLICY, write_firm


FINE, FINDINGS, USAGE, INPUT = 0, 1, 2, 3
DAY = ("--as-of", "2025-12-31")
ENGINES = ("polars", "duckdb")


@attrs.frozen
class Said:
    """How a run ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, list[dict[str, object]]]:
        """The answer, where it is JSON."""
        document: dict[str, list[dict[str, object]]] = json.loads(self.out)
        return document


Run = Callable[..., Said]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("COLUMNS", "100")

    def said(*argv: str | Path) -> Said:
        code = main([str(part) for part in argv])
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return said


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let one engine do the work, whichever else is installed."""
    name = str(request.param)
    pytest.importorskip(name)
    monkeypatch.setattr(_large, "ENGINES", (name,))
    return name


def alike(run: Run, folder: Path, *flags: str | Path) -> tuple[Said, Said]:
    """Review a folder both ways; hold every row and every note against each other."""
    asked = ("review", folder, "--format", "json", *flags)
    one_by_one, in_columns = run(*asked, "--no-columns"), run(*asked, "--columns")
    expected, found = one_by_one.document, in_columns.document
    rows = {row["customer"]: row for row in expected["customers"]}

    assert found["customers"]
    assert [row["customer"] for row in found["customers"]] == list(rows)
    for row in found["customers"]:
        same = {name: rows[row["customer"]][name] for name in row}
        for told in (row, same):
            told["missing"] = set(told["missing"])  # type: ignore[call-overload]  # a list of facts
        assert row == same
    assert found["import"] == expected["import"]
    for key in ("as_of", "policy", "currency", "tiers", "open", "problems"):
        assert found[key] == expected[key]
    assert in_columns.code == one_by_one.code
    return one_by_one, in_columns


# The same answers


@pytest.mark.parametrize("seed", [1, 2])
def test_both_ways_say_the_same_of_everybody(
    run: Run, tmp_path: Path, engine: str, seed: int
) -> None:
    write_firm(tmp_path, 240, seed=seed)

    one_by_one, in_columns = alike(run, tmp_path, *DAY)

    assert in_columns.code == FINDINGS
    assert "One by one" in in_columns.err
    assert {"polars": "Polars", "duckdb": "DuckDB"}[engine] in in_columns.err
    reasons = {note["code"] for note in one_by_one.document["import"]["notes"]}  # type: ignore[call-overload]  # the account
    assert {"bad-syntax", "bad-date", "duplicate", "contradiction"} <= reasons


def test_a_sound_firm_is_judged_in_columns_to_the_last_customer(
    run: Run, tmp_path: Path, engine: str
) -> None:
    del engine
    write_firm(tmp_path, 120, sound=True)

    _, in_columns = alike(run, tmp_path)

    assert in_columns.code == FINE
    assert "120 customers are judged in columns" in in_columns.err
    assert "One by one" not in in_columns.err
    tiers = in_columns.document["tiers"]
    assert {"diamond", "gold", "strategic", "potential", "general"} <= {*tiers}


def test_with_customers_alone_nothing_is_known_and_nobody_is_lost(
    run: Run, tmp_path: Path, engine: str
) -> None:
    del engine
    write_firm(tmp_path, 60, seed=3)
    for name in ("years", "receivables", "standing"):
        (tmp_path / f"{name}.csv").unlink()

    alike(run, tmp_path, *DAY)


def test_rates_convert_what_columns_cannot(run: Run, tmp_path: Path) -> None:
    write_firm(tmp_path, 40, seed=4)
    with (tmp_path / "customers.csv").open("a") as customers:
        customers.write("E1,Euro,,,EUR,,,,\nU1,Dollar,,,USD,,,,\n")
    with (tmp_path / "years.csv").open("a") as years:
        years.write("E1,2024,,,120000,,,,\nE1,2025,,,120000,,,,\n")
        years.write("U1,2024,,,120000,,,,\nU1,2025,,,120000,,,,\n")
    (tmp_path / "rates.csv").write_text(
        "base,quote,on,rate\nEUR,CNY,2020-01-01,7.8\nUSD,CNY,2020-01-01,x\n"
    )

    _, in_columns = alike(run, tmp_path, *DAY)

    tiers = {row["customer"]: row["rung"] for row in in_columns.document["customers"]}
    assert (tiers["E1"], tiers["U1"]) == ("diamond", None)
    assert "Not judged, in another currency" in in_columns.err
    assert "USD" in in_columns.err


def test_a_policy_on_gross_profit_of_one_year_reads_the_same(
    run: Run, tmp_path: Path
) -> None:
    write_firm(tmp_path, 80, seed=5)
    policy = tmp_path / "policy.toml"
    policy.write_text(
        POLICY.replace("900000", "200000")
        .replace("500000", "120000")
        .replace("= 200000, potential", "= 90000, potential")
        .replace("}", ", years = 1 }")
        + 'basis = "gross-profit"\n'
    )

    alike(run, tmp_path, *DAY)


def test_other_peoples_names_and_letters_are_read_the_same(
    run: Run, tmp_path: Path, engine: str
) -> None:
    del engine
    write_firm(tmp_path, 80, seed=6)
    text = (tmp_path / "customers.csv").read_text().replace("trading", "老客户")
    text = text.replace("é", "e").replace("e\u0301", "e")
    text = text.replace("id,name", "客户编号,name", 1).replace(
        ",currency,", ",ours,", 1
    )
    (tmp_path / "customers.csv").unlink()
    (tmp_path / "kunden.csv").write_bytes(text.encode("gb18030"))
    years = (tmp_path / "years.csv").read_text().replace(",", ";")
    (tmp_path / "years.csv").write_text(years, encoding="utf-16")
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        '[customers]\nfile = "kunden.csv"\nfixed = { currency = "CNY" }\n'
        'columns = { "客户编号" = "id" }\nvalues.relation = { "老客户" = "trading" }\n',
        encoding="utf-8",
    )

    one_by_one, _ = alike(run, tmp_path, *DAY, "--mapping", mapping)

    read = {t["encoding"] for t in one_by_one.document["import"]["tables"]}  # type: ignore[call-overload]  # the account
    assert read == {"gb18030", "utf-16", "utf-8"}


# Parquet


@pytest.mark.parametrize("reader", ["polars", "pyarrow"])
def test_parquet_reads_as_the_same_tables(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: str
) -> None:
    pl = pytest.importorskip("polars")
    pytest.importorskip(reader)
    if reader == "pyarrow":
        monkeypatch.setattr(_parquet, "_by_polars", _missing)
    write_firm(tmp_path, 90, sound=True)
    expected = run("review", tmp_path, "--format", "json").document["customers"]
    numbers = ("sales", "gross_profit", "due", "collected", "on_time", "total")
    kinds = {name: pl.Decimal(20, 2) for name in numbers} | {"overdue_90": pl.Float64}
    kinds |= {"year": pl.Int16, "influence": pl.Float64}
    for file in sorted(tmp_path.glob("*.csv")):
        frame = pl.read_csv(file, infer_schema=False)
        typed = {name: kind for name, kind in kinds.items() if name in frame.columns}
        frame = frame.cast(typed)
        if "as_of" in frame.columns:
            frame = frame.with_columns(pl.col("as_of").str.to_date())
        if "dispute" in frame.columns:
            frame = frame.with_columns(pl.col("dispute") == "yes")
        frame.write_parquet(file.with_suffix(".parquet"))
        file.unlink()

    found, _ = alike(run, tmp_path)

    assert found.document["customers"] == expected
    assert '"delimiter": "typed"' in found.out
    assert "typed cells" in run("review", tmp_path).out


def _missing(path: Path) -> None:
    raise ModuleNotFoundError(str(path))


def test_without_a_reader_of_parquet_it_says_what_to_install(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_parquet, "_by_polars", _missing)
    monkeypatch.setattr(_parquet, "_by_pyarrow", _missing)
    (tmp_path / "customers.parquet").write_bytes(b"PAR1")

    said = run("review", tmp_path)

    assert said.code == INPUT
    assert said.err.count("\n") == 1
    assert "keyaccount[large]" in said.err


@pytest.mark.parametrize("flag", ["--columns", "--no-columns"])
def test_what_is_no_parquet_is_an_input_mistake(
    run: Run, tmp_path: Path, flag: str
) -> None:
    (tmp_path / "customers.parquet").write_bytes(b"id,name\nC1,Acme\n")

    said = run("review", tmp_path, flag)

    assert said.code == INPUT
    assert "customers.parquet" in said.err


def test_a_table_stands_in_one_file(run: Run, tmp_path: Path) -> None:
    write_firm(tmp_path, 5, sound=True)
    (tmp_path / "years.parquet").write_bytes(b"PAR1")

    for flag in ("--columns", "--no-columns"):
        said = run("review", tmp_path, flag)

        assert said.code == INPUT
        assert "years.csv stands there too" in said.err


# When it goes by columns


def test_a_large_folder_goes_by_columns_by_itself(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_firm(tmp_path, 50, sound=True)
    assert "in columns" not in run("review", tmp_path).err
    monkeypatch.setattr(_large, "LARGE_CUSTOMERS", 40)

    assert "50 customers are judged in columns" in run("review", tmp_path).err
    assert "in columns" not in run("review", tmp_path, "--no-columns").err
    monkeypatch.setattr(_large, "LARGE_CUSTOMERS", 1_000)
    monkeypatch.setattr(_large, "LARGE_BYTES", 1_000)
    assert "50 customers are judged in columns" in run("review", tmp_path).err


def test_without_an_engine_large_tables_are_read_one_by_one_and_it_says_so(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_firm(tmp_path, 50, sound=True)
    monkeypatch.setattr(_large, "LARGE_CUSTOMERS", 40)
    monkeypatch.setattr(_large, "ENGINES", ("no_such_engine",))

    said = run("review", tmp_path)
    assert said.code == FINE
    assert 'pip install "keyaccount[large]"' in said.err
    assert "Review of 50 customers" in said.out
    wished = run("review", tmp_path, "--columns")
    assert wished.code == INPUT
    assert 'pip install "keyaccount[large]"' in wished.err


def test_a_policy_on_lifetime_values_has_no_columns(run: Run, tmp_path: Path) -> None:
    write_firm(tmp_path, 5, sound=True)
    (tmp_path / "policy.toml").write_text(f'{POLICY}basis = "lifetime"\n')

    said = run("review", tmp_path, "--columns")

    assert "lifetime" in said.err
    assert "Review of 5 customers" in said.out


def test_a_review_needs_no_guest_as_long_as_the_tables_are_small(
    tmp_path: Path,
) -> None:
    write_firm(tmp_path, 5, sound=True)
    code = (
        "import sys\n"
        "for guest in ('narwhals', 'polars', 'duckdb', 'pyarrow', 'pandas', 'numpy'):\n"
        "    sys.modules[guest] = None\n"
        "from keyaccount.cli import main\n"
        f"sys.exit(main(['review', {str(tmp_path)!r}]))\n"
    )

    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", code], capture_output=True, check=False, timeout=60
    )

    assert (done.returncode, b"Traceback" in done.stderr) == (FINE, False)
    assert b"5 customers" in done.stdout


# What it says


@pytest.mark.parametrize("lang", wording.LOCALES)
def test_the_table_shows_the_best_and_counts_the_rest(
    run: Run, tmp_path: Path, lang: str
) -> None:
    write_firm(tmp_path, 90, seed=7)
    (tmp_path / "deals.csv").write_text("id,customer\nD1,C1\n")
    counts = run("review", tmp_path, *DAY, "--lang", lang).out
    said = run("review", tmp_path, *DAY, "--lang", lang, "--columns")

    rows = run("review", tmp_path, *DAY, "--format", "csv", "--columns").out
    more = sum(1 for _ in csv.reader(io.StringIO(rows))) - 1 - 40
    assert wording.say("review.more", {"count": str(more)}, lang) in said.out
    assert wording.label("large", "untold", lang) in said.err
    assert "deals.csv" in said.err
    tiers = wording.say("review.tiers", {"tiers": ""}, lang).rstrip()
    of_all = [line for line in counts.splitlines() if line.startswith(tiers)]
    assert of_all == [line for line in said.out.splitlines() if line.startswith(tiers)]
    assert "customers.csv" in said.out


def test_csv_holds_every_row_and_no_formula(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from keyaccount.cli._large import _review  # noqa: PLC0415 - needs an engine

    monkeypatch.setattr(_review, "_CHUNK", 7)
    write_firm(tmp_path, 60, sound=True)
    customers = tmp_path / "customers.csv"
    customers.write_text(customers.read_text().replace("Firm 3,", "=1+1,"))
    expected = run("review", tmp_path, "--format", "csv")
    said = run("review", tmp_path, "--format", "csv", "--columns")

    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert len(rows) == 60
    full = list(csv.DictReader(io.StringIO(expected.out)))
    for row in (*rows, *full):
        row["missing"] = ";".join(sorted(row["missing"].split(";")))
    assert rows == [{name: row[name] for name in rows[0]} for row in full]
    assert sum(row["name"] == "'=1+1" for row in rows) == 1
    assert "1 cells begin with a quote" in said.err
    assert "customers.csv: read 60, accepted 60, rejected 0" in said.err


def test_of_very_many_bad_rows_the_first_are_told_and_all_are_counted(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_spools, "_MOST_NOTES", 20)
    write_firm(tmp_path, 40, sound=True)
    with (tmp_path / "years.csv").open("a") as file:
        file.write("C1,20x5,,,,,,,\n" * 300)

    said = run("review", tmp_path, "--format", "json", "--columns")

    account = json.loads(said.out)["import"]
    assert (len(account["notes"]), account["unlisted"]) == (20, 280)
    assert [table["rejected"] for table in account["tables"]] == [0, 300, 0, 0]
    assert said.code == FINDINGS
    table = run("review", tmp_path, "--columns").out
    assert table.count("20x5") == 20
    assert "280 more" in table


def test_progress_shows_on_a_terminal_only(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_firm(tmp_path, 5, sound=True)
    assert "\r" not in run("review", tmp_path, "--columns").err
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    said = run("review", tmp_path, "--columns", "--format", "csv")

    assert "reading years.csv: " in said.err
    assert "judging in columns with" in said.err


# Mistakes


def test_a_folder_in_another_currency_altogether_is_an_input_mistake(
    run: Run, tmp_path: Path
) -> None:
    write_firm(tmp_path, 5, sound=True)
    (tmp_path / "policy.toml").write_text(POLICY.replace("CNY", "USD"))

    said = run("review", tmp_path, "--columns")

    assert said.code == INPUT
    assert "rates.csv" in said.err


def test_tables_without_a_full_year_ask_for_the_day(run: Run, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id\nC1\n")
    assert run("review", tmp_path, "--columns").code == USAGE
    assert run("review", tmp_path, "--columns", "--as-of", "soon").code == USAGE
    assert run("review", tmp_path, "--columns", *DAY).code == FINE


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \n \n",
        b"name\nAcme\n",
        b"id,id\nC1,C2\n",
        b"\x81\xff\x00id",
        b"id,name\nC1," + b"x" * 140_000 + b"\n",
        b",".join(b"c%d" % at for at in range(2_001)),
    ],
    ids=["empty", "blank", "no id", "two ids", "no text", "huge cell", "wide"],
)
def test_a_table_that_cannot_be_read_is_refused_in_the_same_words(
    run: Run, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "customers.csv").write_bytes(content)

    one_by_one = run("review", tmp_path, *DAY, "--no-columns")

    assert one_by_one.code == INPUT
    assert run("review", tmp_path, *DAY, "--columns") == one_by_one


# Two policies


def test_diff_counts_who_moves_and_tells_why_of_the_first(
    run: Run, tmp_path: Path, engine: str
) -> None:
    del engine
    write_firm(tmp_path, 120, seed=8)
    customers = tmp_path / "customers.csv"
    text = customers.read_text()
    customers.write_text(text.replace(",EUR,", ",CNY,").replace(",USD,", ",CNY,"))
    policy, dearer = tmp_path / "policy.toml", tmp_path / "dearer.toml"
    dearer.write_text(POLICY.replace("500000", "600000").replace("50000 ", "90000 "))
    asked = ("policy", "diff", policy, dearer, tmp_path, *DAY)

    one_by_one, in_columns = run(*asked, "--no-columns"), run(*asked, "--columns")

    title = one_by_one.out.splitlines()[0]
    assert in_columns.out.splitlines()[0] == title
    assert (one_by_one.code, in_columns.code) == (FINDINGS, FINDINGS)
    first = in_columns.out.splitlines()[2:]
    moved = int(title.split(" ", 1)[0])
    counted = first[2 : first.index("")]
    assert sum(int(line.split()[-1]) for line in counted) == moved
    assert moved > 0
    if moved <= 40:
        assert (
            one_by_one.out.splitlines()[2:]
            == in_columns.out.splitlines()[-len(one_by_one.out.splitlines()) + 2 :]
        )


def test_diff_over_another_yardstick_judges_twice(run: Run, tmp_path: Path) -> None:
    write_firm(tmp_path, 60, sound=True)
    policy, other = tmp_path / "policy.toml", tmp_path / "other.toml"
    other.write_text(POLICY.replace("}", ", years = 1 }"))
    asked = ("policy", "diff", policy, other, tmp_path)

    one_by_one, in_columns = run(*asked, "--no-columns"), run(*asked, "--columns")

    assert in_columns.code == FINDINGS
    assert one_by_one.out.splitlines()[0] == in_columns.out.splitlines()[0]


def test_diff_of_a_policy_with_itself_finds_nothing(run: Run, tmp_path: Path) -> None:
    write_firm(tmp_path, 30, sound=True)
    policy = tmp_path / "policy.toml"

    said = run("policy", "diff", policy, policy, tmp_path, "--columns")

    assert (said.code, said.out) == (FINE, "No customer changes its tier.\n")
