"""How the cost of columns grows: from 10⁴ to 10⁷ rows, from 1 to 50 criteria."""

from __future__ import annotations

import functools
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from keyaccount import frames
from keyaccount.rules import (
    Criterion,
    DecisionTable,
    Fact,
    FactSchema,
    Linear,
    Row,
    Scorecard,
    fact,
)

from .report import Table


__all__ = ["draw", "measure"]


ROWS = (10_000, 100_000, 1_000_000, 10_000_000)
CRITERIA = (1, 6, 20, 50)
WAYS = ("Polars, complete", "Polars, 2 % unknown", "fused, 2 % unknown")

_FEW, _MANY = 3, 9


def measure(rounds: int) -> list[Table]:
    """Time one table of every size on every number of rows, on one thread."""
    del rounds
    found = _grown()
    rows = [
        (way, f"{criteria}", *(_shown(found, way, criteria, count) for count in ROWS))
        for way in WAYS
        for criteria in CRITERIA
    ]
    columns = ("way", "criteria", *(f"{count:,} rows" for count in ROWS))
    title = "How cost grows: nanoseconds a row, one thread"
    return [Table(title, columns, tuple(rows))]


def draw(folder: Path) -> None:
    """Draw the same as a picture, both axes logarithmic."""
    import altair as alt  # noqa: PLC0415 - only where a page is written
    import vl_convert  # noqa: PLC0415 - the same

    values = [
        {"way": way, "criteria": criteria, "rows": count, "seconds": seconds}
        for way, criteria, count, seconds in _grown()
    ]
    chart = (
        alt.Chart(alt.Data(values=values), width=230, height=260)
        .mark_line(point=True)
        .encode(
            x=alt.X(
                "rows:Q",
                scale=alt.Scale(type="log"),
                axis=alt.Axis(values=list(ROWS), format="~s", grid=False),
                title="rows",
            ),
            y=alt.Y(
                "seconds:Q",
                scale=alt.Scale(type="log"),
                axis=alt.Axis(values=[0.001, 0.01, 0.1, 1, 10], format="~g"),
                title="seconds",
            ),
            color=alt.Color(
                "criteria:O", title="criteria", scale=alt.Scale(scheme="viridis")
            ),
            column=alt.Column("way:N", title=None, sort=list(WAYS)),
        )
        .configure(background="white")
    )
    picture = vl_convert.vegalite_to_svg(chart.to_json())
    (folder / "benchmarks-growth.svg").write_text(picture, encoding="utf-8")


def _shown(
    found: tuple[tuple[str, int, int, float], ...], way: str, criteria: int, count: int
) -> str:
    for its_way, its_criteria, its_count, seconds in found:
        if (its_way, its_criteria, its_count) == (way, criteria, count):
            return f"{seconds / count * 1e9:.1f}"
    return "–"


@functools.cache
def _grown() -> tuple[tuple[str, int, int, float], ...]:
    command = [sys.executable, "-m", "benchmarks.growth"]
    told = {**os.environ, "POLARS_MAX_THREADS": "1"}
    done = subprocess.run(  # noqa: S603 - our own module
        command, check=True, stdout=subprocess.PIPE, text=True, env=told
    )
    return tuple((*key, seconds) for *key, seconds in json.loads(done.stdout))


def _table(criteria: int) -> DecisionTable:
    """Declare so many slopes of nearly equal weight, and four rows over their sum."""
    about = FactSchema(tuple(Fact.number(f"fact_{at}") for at in range(criteria)))
    each, rest = divmod(100, criteria)
    card = Scorecard(
        "composite",
        about,
        tuple(
            Criterion(
                one.name.replace("_", "-"),
                one.name,
                each + (at < rest),
                Linear(0.0, 1.0),
            )
            for at, one in enumerate(about)
        ),
    )
    rows = [
        Row(then, fact("composite") >= floor, then)
        for then, floor in (("a", 60.0), ("b", 50.0), ("c", 45.0), ("d", 40.0))
    ]
    return DecisionTable("worth", about, tuple(rows), "e", scorecards=(card,))


def _jobs(
    whole: pl.DataFrame, gappy: pl.DataFrame, table: DecisionTable
) -> tuple[Callable[[], object], ...]:
    want: tuple[frames.Wanted, ...] = ("bounds", "score")
    return (
        lambda: frames.decide(whole, table, parts=()),
        lambda: frames.decide(gappy, table, parts=want),
        lambda: frames.decide(gappy, table, fused=True, parts=want),
    )


def _time_all() -> list[tuple[str, int, int, float]]:
    found = []
    draw_ = np.random.default_rng(3).uniform
    for criteria in CRITERIA:
        table = _table(criteria)
        for count in ROWS:
            if criteria * count > 20 * ROWS[-1]:
                continue  # 4 GB and more of facts
            whole = pl.DataFrame({n: draw_(0, 1, count) for n in table.about.names})
            gaps = draw_(0.0, 1.0, count) < 0.02
            gappy = whole.select(
                pl.when(~pl.Series(np.roll(gaps, at * 7))).then(name).alias(name)
                for at, name in enumerate(whole.columns)
            ).rechunk()
            jobs = _jobs(whole, gappy, table)
            for way, job in zip(WAYS, jobs, strict=True):
                job()
                times = []
                for _ in range(_MANY if criteria * count < ROWS[-1] else _FEW):
                    start = time.perf_counter()
                    job()
                    times.append(time.perf_counter() - start)
                found.append((way, criteria, count, statistics.median(times)))
            del whole, gappy
    return found


if __name__ == "__main__":
    print(json.dumps(_time_all()))
