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

NEEDED = ("adventureworks_dw", "online_retail", "scms_delivery")

pytestmark = [
    pytest.mark.skipif(
        not all((DATA / name).is_dir() for name in NEEDED),
        reason="the data sets are not here; KEYACCOUNT_DATA names their folder",
    ),
    # one section judges in columns; tests/frames/test_online_retail.py looks at it
    pytest.mark.filterwarnings("ignore::keyaccount.frames.MissingColumnWarning"),
]


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


def reviewed(folder: Path, day: str, *more: str) -> Found:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        code = main(["review", str(folder), "--as-of", day, "--format", "json", *more])
    assert code == 0
    found: Found = json.loads(out.getvalue())
    return found


@pytest.fixture(scope="module")
def resellers(desk: Path) -> Found:
    return reviewed(desk / "resellers", "2013-11-30")


@pytest.fixture(scope="module")
def programmes(desk: Path) -> Found:
    return reviewed(desk / "programmes", "2015-09-14")


@pytest.fixture(scope="module")
def hardware(desk: Path) -> Found:
    if not (DATA / "maven_crm").is_dir():
        pytest.skip("the deals of the hardware maker are not here")
    mapping = ("--mapping", str(desk / "hardware.toml"))
    return reviewed(desk / "data" / "maven_crm", "2017-12-31", *mapping)


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


def test_every_deal_comes_through_and_the_won_value_with_it(hardware: Found) -> None:
    tables = {table["table"]: table for table in hardware["import"]["tables"]}
    (dollars,) = hardware["forecast"]["currencies"]

    assert (tables["deals"]["read"], tables["deals"]["rejected"]) == (8_800, 0)
    assert list(map(Decimal, dollars["closed"])) == [Decimal(10_005_534)] * 2
    assert (hardware["forecast"]["won"], hardware["forecast"]["lost"]) == (4_238, 2_473)
    assert round(hardware["forecast"]["win_rate"], 4) == 0.6315
    assert hardware["forecast"]["win_rate_is_enough"]


def test_the_open_value_is_not_known_and_never_nothing(hardware: Found) -> None:
    (dollars,) = hardware["forecast"]["currencies"]

    assert len(hardware["deals"]) == dollars["unvalued"] == 2_089
    assert dollars["open"] == ["0", None]
    assert dollars["weighted"][1] is None


def test_deals_without_an_account_and_a_dirty_product_are_reported(
    hardware: Found,
) -> None:
    notes = {note["code"]: note for note in hardware["import"]["notes"]}

    assert notes["not-linked"]["got"] == "1425"
    assert notes["unlisted"]["got"] == "'GTXPro' × 1,480"
    assert notes["unlisted"]["expected"] == "'GTX Pro'"
    assert not any(note["rejected"] for note in hardware["import"]["notes"])
    loose = [deal for deal in hardware["deals"] if deal["customer"] is None]
    assert len(loose) == 1_425


def test_every_gate_of_a_deal_that_nobody_was_asked_about_waits(
    hardware: Found,
) -> None:
    assert {deal["decision"] for deal in hardware["deals"]} == {"hold"}
    assert {deal["release_high"] for deal in hardware["deals"]} == {0.0}
