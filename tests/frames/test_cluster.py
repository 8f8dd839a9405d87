"""The page about clusters: its own lines, run on a Spark of two workers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from keyaccount import frames
from keyaccount.models import tiering
from tests.frames.engines import ENGINES, read, spark


PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "columns-cluster.md"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WHY_NOT = next(engine for engine in ENGINES if engine.name == "pyspark").why_not

pytestmark = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT or "it runs")

NAMES = [f"客户{at:02}" for at in range(40)]
YEARS = pl.DataFrame(
    {
        "customer": NAMES * 2,
        "year": [2024] * 40 + [2025] * 40,
        "sales": [float(at * 2_000_000) for at in range(80)],
        "gross_profit": [float(at * 300_000) for at in range(80)],
        "due": [100.0] * 80,
        "collected": [100.0 - at / 4 for at in range(80)],
        "on_time": [80.0 - at for at in range(80)],
    }
)
STANDING = pl.DataFrame(
    {
        "customer": NAMES,
        "influence": [None, 90.0, 10.0, 55.0] * 10,
        "overdue_share": [0.0, 0.5] * 20,
        "reputation_harm": [False] * 40,
        "dispute": [None, False, False, True] * 10,
    }
)


def test_the_page_gives_a_cluster_the_answers_of_one_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    session = spark()  # the page takes the one that runs
    at_home = session._jvm.org.apache.hadoop.fs  # it stays where it was started
    files = at_home.FileSystem.get(session._jsc.hadoopConfiguration())
    files.setWorkingDirectory(at_home.Path(str(tmp_path)))
    for table, name in ((YEARS, "years"), (STANDING, "standing")):
        (tmp_path / name).mkdir()
        for part in range(3):  # several files: several partitions
            table[part::3].write_parquet(tmp_path / name / f"{part}.parquet")
    (block,) = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    names: dict[str, Any] = {}

    exec(compile(block, str(PAGE), "exec"), names)  # noqa: S102 - our own page

    own: tiering.TieringPolicy = names["own"]
    facts = frames.tiering_facts(
        YEARS, as_of=names["dt"].date(2025, 12, 31), policy=own
    )
    here = frames.tiering(facts.join(STANDING, on="customer"), policy=own)
    written = session.read.parquet(str(tmp_path / "tiers"))
    assert names["years"].rdd.getNumPartitions() > 1
    assert in_order(read(written), here.columns) == in_order(read(here), here.columns)


def in_order(rows: list[dict[str, object]], columns: list[str]) -> list[list[object]]:
    told = [[row[column] for column in columns] for row in rows]
    return sorted(told, key=lambda row: str(row[0]))
