"""The how-to page's own blocks, run on the real data where it is present."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from keyaccount.cli import main


pytest.importorskip("polars", reason="the page's lines are Polars")

PROJECT = Path(__file__).parents[2]
PAGE = PROJECT / "docs" / "how-to" / "real-data.md"
DATA = Path(os.environ.get("KEYACCOUNT_DATA", PROJECT.parent / "shared" / "data"))
BLOCK = re.compile(r"^```(python|toml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

pytestmark = pytest.mark.skipif(
    not (DATA / "adventureworks_dw").is_dir() or not (DATA / "scms_delivery").is_dir(),
    reason="the data sets are not here; KEYACCOUNT_DATA names their folder",
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Run the page from top to bottom in an empty folder with `data` beside it."""
    desk = tmp_path_factory.mktemp("desk")
    (desk / "data").symlink_to(DATA, target_is_directory=True)
    before = Path.cwd()
    os.chdir(desk)
    names: dict[str, object] = {}
    try:
        for language, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
            if language == "python":
                exec(compile(text, str(PAGE), "exec"), names)  # noqa: S102 - our own page
            else:
                file = text.splitlines()[0].removeprefix("# ")
                (desk / file).write_text(text, encoding="utf-8")
        yield desk
    finally:
        os.chdir(before)


Found = dict[str, Any]


def reviewed(folder: Path, day: str) -> Found:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        code = main(["review", str(folder), "--as-of", day, "--format", "json"])
    assert code == 0
    found: Found = json.loads(out.getvalue())
    return found


@pytest.fixture(scope="module")
def resellers(desk: Path) -> Found:
    return reviewed(desk / "resellers", "2013-11-30")


@pytest.fixture(scope="module")
def programmes(desk: Path) -> Found:
    return reviewed(desk / "programmes", "2015-09-14")


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def test_every_reseller_and_every_cent_comes_through(
    desk: Path, resellers: Found
) -> None:
    sales = [row["sales"] for row in rows(desk / "resellers" / "years.csv")]
    found = resellers

    assert len(found["customers"]) == 635
    assert round(sum(map(Decimal, sales)), 2) == Decimal("80450596.98")
    assert [table["rejected"] for table in found["import"]["tables"]] == [0, 0]
    assert found["import"]["notes"] == []


def test_part_years_are_reported_and_not_taken_for_full(resellers: Found) -> None:
    found = resellers

    assert all("part-year" in one["flags"] for one in found["customers"])
    new = [one for one in found["customers"] if "no-full-year" in one["flags"]]
    assert len(new) == found["tiers"]["unclassified"] == 172


def test_facts_that_the_resellers_data_lacks_stay_unknown(resellers: Found) -> None:
    found = resellers
    absent = {
        "influence",
        "collection_rate",
        "timeliness",
        "overdue_share",
        "reputation_harm",
        "dispute",
    }

    for one in found["customers"]:
        assert absent <= set(one["missing"])
        assert one["is_problem"] == "unknown"
        assert one["score_high"] - one["score_low"] >= 35 - 1e-9


def test_the_resellers_tiers_are_those_that_the_page_tells(
    desk: Path, resellers: Found
) -> None:
    found = resellers

    assert (found["tiers"]["diamond"], found["tiers"]["gold"]) == (1, 5)
    full = {
        (row["customer"], row["year"]): Decimal(row["sales"])
        for row in rows(desk / "resellers" / "years.csv")
        if row["months"] == "12"
    }
    for one in found["customers"]:
        both = [full.get((one["customer"], year)) for year in ("2011", "2012")]
        reaches = [amount is not None and amount >= 300_000 for amount in both]
        assert (one["rung"] == "diamond") == all(reaches)


def test_every_programme_and_every_cent_comes_through(
    desk: Path, programmes: Found
) -> None:
    sales = [row["sales"] for row in rows(desk / "programmes" / "years.csv")]
    found = programmes

    assert len(found["customers"]) == 43
    assert sum(map(Decimal, sales)) == Decimal("1627584457.29")
    assert found["import"]["notes"] == []
    assert all("gross_margin" in one["missing"] for one in found["customers"])


def test_a_programme_that_stopped_buying_is_not_judged_by_its_past(
    programmes: Found,
) -> None:
    found = programmes
    by_name = {one["customer"]: one for one in found["customers"]}

    assert by_name["South Africa"]["rung_high"] not in {"diamond", "gold"}
    assert by_name["Nigeria"]["rung"] == "diamond"
