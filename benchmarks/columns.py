"""T11 to T14: J2 over a million rows, by the same table that judges one object.

Every figure is taken in a process of its own, with as many threads as it says. The
yardstick is what somebody who knows Polars would write: one lazy query, constants
folded, outcomes as small whole numbers, which nobody can read. Ours are words.
"""

from __future__ import annotations

import gc
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from .report import Held, Table, held, ways
from .timing import Figure, figures, short


__all__ = ["measure"]


ROWS = 1_000_000
GAPS = 0.02  # of every column's values are unknown where some are

NAMES = MappingProxyType(
    {
        "hand": "Polars by hand: one lazy query, complete data, codes",
        "hand words": "the same with words for outcomes",
        "lazy": "`frames.decide(lazy, table, complete=True)`: outcomes",
        "eager": "`frames.decide(frame, table)`, looked at for gaps: outcomes",
        "row and score": "the same with the winning row and the score (T14)",
        "default": "the same with bounds, score, missing",
        "planned": "the lazy one, its plan built before",
        "rails": "full rails on complete data: outcome, lowest, highest",
        "rails planned": "the same, its plan built before",
        "gaps": "full rails where 2 % of every column are unknown",
        "gaps, default": "the same with score and the names of what is missing",
        "fused": "`fused=True`: outcomes",
        "fused row and score": "`fused=True` with the winning row and the score",
        "fused gaps": "`fused=True` with 2 % unknown: outcome, lowest, highest, score",
        "pandas": "`frames.decide` of a pandas frame",
        "pandas fused": "the same with `fused=True`: numpy and no Polars (T12)",
        "pyarrow": "`frames.decide` of a PyArrow table",
        "numpy": "numpy by hand",
        "duckdb": "DuckDB by hand: one SQL query, codes",
        "duckdb ours": "`frames.decide` of a DuckDB relation, words",
    }
)


def measure(rounds: int) -> list[Table]:
    """Time all ways on one thread, and Polars on two; weigh them; stream."""
    rounds = max(5, rounds // 4)
    one = _times(rounds, threads=1)
    two = _times(rounds, threads=2)
    both = {
        "hand": statistics.median(one["hand"]) / statistics.median(two["hand"]),
        "lazy": statistics.median(one["lazy"]) / statistics.median(two["lazy"]),
    }
    found = figures(one, "hand")
    return [
        _targets(found, both),
        ways(f"{ROWS:,} rows by J2's table, one thread", NAMES, found),
        _memory(),
        _stream(),
    ]


def _targets(found: Mapping[str, Figure], both: Mapping[str, float]) -> Table:
    """Hold the figures to what was asked: times as fast as Polars by hand."""

    def fast(key: str, *, of: str = "hand") -> float:
        return found[of].ratio / found[key].ratio

    listed = [
        (
            "T11",
            "complete data, lazy: × the speed of Polars by hand",
            fast("lazy"),
            0.85,
            1.0,
        ),
        (
            "T11",
            "complete data, a frame that is looked at for gaps",
            fast("eager"),
            0.85,
            1.0,
        ),
        (
            "T11",
            "the same, by hand with words",
            fast("lazy", of="hand words"),
            None,
            1.0,
        ),
        ("T11", "full rails on complete data", fast("rails"), 0.65, None),
        ("T11", "the same, the plan built before", fast("rails planned"), 0.65, None),
        ("T11", "full rails with gaps", fast("gaps"), 0.65, None),
        ("T11", "two threads, × the speed of one", both["lazy"], 1.25, None),
        ("T12", "numpy buffers, no Polars (fused)", fast("pandas fused"), 0.9, 1.3),
        (
            "T12",
            "the same, × the speed of numpy by hand",
            fast("pandas fused", of="numpy"),
            1.6,
            None,
        ),
        (
            "T12",
            "the same, × the speed of DuckDB by hand",
            fast("pandas fused", of="duckdb"),
            4,
            None,
        ),
        ("T13", "fused", fast("fused"), 5, 10),
        ("T13", "fused, 2 % unknown, all bounds", fast("fused gaps"), 5, 10),
    ]
    rows = [
        Held(id_, what, value, short(value), must, aim, at_least=True)
        for id_, what, value, must, aim in listed
    ]
    for id_, what, key, of in (
        ("T14", "winning row and score, × the cost without", "row and score", "eager"),
        ("T14", "the same, fused", "fused row and score", "fused"),
    ):
        value = found[key].ratio / found[of].ratio
        rows.append(Held(id_, what, value, short(value), 1.3, 1.1))
    return held("Columns, against Polars by hand", rows)


# what happens in processes of its own


def _times(rounds: int, *, threads: int) -> dict[str, list[float]]:
    answer: dict[str, list[float]] = json.loads(
        _in_a_process("times", str(rounds), threads=threads)
    )
    return answer


def _in_a_process(*words: str, threads: int) -> str:
    command = [sys.executable, "-m", "benchmarks.columns", *words]
    told = {
        **os.environ,
        "POLARS_MAX_THREADS": str(threads),
        "OMP_NUM_THREADS": str(threads),
        "KEYACCOUNT_THREADS": str(threads),
    }
    done = subprocess.run(  # noqa: S603 - our own module
        command, check=True, stdout=subprocess.PIPE, text=True, env=told
    )
    return done.stdout


def _memory() -> Table:
    rows = []
    for key in ("hand", "lazy", "eager", "gaps", "fused", "pandas fused"):
        told = json.loads(_in_a_process("memory", key, threads=1))
        rows.append((NAMES[key], f"{told['data']:.0f}", f"{told['peak']:.0f}"))
    title = f"Memory of {ROWS:,} rows, MiB"
    return Table(title, ("way", "the data", "peak beyond it"), tuple(rows))


def _stream() -> Table:
    told = json.loads(_in_a_process("stream", threads=2))
    rows = (
        ("rows", f"{told['rows']:,}"),
        ("the columns, were they held", f"{told['held']:.0f} MiB"),
        (
            "peak resident, of which the libraries",
            f"{told['peak']:.0f} MiB, {told['idle']:.0f}",
        ),
        ("read, judged and written, two threads", f"{told['seconds']:.1f} s"),
    )
    title = "Ten million rows from Parquet to Parquet, streamed by Polars"
    return Table(title, ("", "measured"), rows)


def _frames() -> tuple[Any, Any]:
    """Draw the data: complete, and with gaps."""
    import numpy as np  # noqa: PLC0415 - not in the parent process
    import polars as pl  # noqa: PLC0415 - the same

    draw = np.random.default_rng(1).uniform
    frame = pl.DataFrame(
        {
            "sales": 10 ** draw(5.0, 8.5, ROWS),
            "margin": draw(-0.1, 0.6, ROWS),
            "collected": draw(0.5, 1.1, ROWS),
            "on_time": draw(0.3, 1.0, ROWS),
            "influence": draw(0.0, 100.0, ROWS),
            "growth": draw(0.5, 1.6, ROWS),
        }
    )
    gappy = frame.select(
        pl.when(pl.Series(draw(0.0, 1.0, ROWS) >= GAPS)).then(name).alias(name)
        for name in frame.columns
    ).rechunk()
    return frame, gappy


def _jobs() -> dict[str, Callable[[], object]]:
    import duckdb  # noqa: PLC0415 - not in the parent process

    from keyaccount import frames  # noqa: PLC0415 - the same

    from . import columns_by_hand as by_hand  # noqa: PLC0415 - the same
    from .worth import TABLE  # noqa: PLC0415 - the same

    frame, gappy = _frames()
    arrow, pandas = frame.to_arrow(), frame.to_pandas()
    arrays = [frame[name].to_numpy() for name in frame.columns]
    base = duckdb.connect()
    base.execute(f"set threads to {os.environ['KEYACCOUNT_THREADS']}")
    relation = base.from_arrow(arrow)
    plain: Any = {"parts": ()}
    bounds: Any = {"parts": ("bounds",)}
    planned = frames.decide(frame.lazy(), TABLE, complete=True, **plain).select("worth")
    planned_rails = frames.decide(frame.lazy(), TABLE, **bounds).select(
        "worth", "worth_low", "worth_high"
    )
    return {
        "hand": lambda: by_hand.polars(frame).collect(),
        "hand words": lambda: by_hand.polars(frame, words=True).collect(),
        "lazy": lambda: (
            frames.decide(frame.lazy(), TABLE, complete=True, **plain)
            .select("worth")
            .collect()
        ),
        "eager": lambda: frames.decide(frame, TABLE, **plain),
        "row and score": lambda: frames.decide(frame, TABLE, parts=("row", "score")),
        "default": lambda: frames.decide(frame, TABLE),
        "planned": planned.collect,
        "rails planned": planned_rails.collect,
        "rails": lambda: (
            frames.decide(frame.lazy(), TABLE, **bounds)
            .select("worth", "worth_low", "worth_high")
            .collect()
        ),
        "gaps": lambda: frames.decide(gappy, TABLE, **bounds),
        "gaps, default": lambda: frames.decide(gappy, TABLE),
        "fused": lambda: frames.decide(frame, TABLE, fused=True, **plain),
        "fused row and score": lambda: frames.decide(
            frame, TABLE, fused=True, parts=("row", "score")
        ),
        "fused gaps": lambda: frames.decide(
            gappy, TABLE, fused=True, parts=("bounds", "score")
        ),
        "pandas": lambda: frames.decide(pandas, TABLE, **plain),
        "pandas fused": lambda: frames.decide(pandas, TABLE, fused=True, **plain),
        "pyarrow": lambda: frames.decide(arrow, TABLE, **plain),
        "numpy": lambda: by_hand.numpy(*arrays),
        "duckdb": lambda: by_hand.duckdb(relation).to_arrow_table(),
        "duckdb ours": lambda: (
            frames.decide(relation, TABLE, **plain).select("worth").to_arrow_table()
        ),
    }


def _time_all(rounds: int) -> dict[str, list[float]]:
    """Time all ways in turn, once they are seen to say the same."""
    jobs = _jobs()
    _check()
    order, shuffle = list(jobs), random.Random(7).shuffle
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for job in jobs.values():
        job()  # plans and loops are compiled once
    gc.collect()
    for _ in range(rounds):
        shuffle(order)
        for name in order:
            start = time.perf_counter()
            jobs[name]()
            times[name].append(time.perf_counter() - start)
    return times


def _check() -> None:
    """See that hand and ours agree, in every row."""
    from keyaccount import frames  # noqa: PLC0415 - not in the parent process

    from . import columns_by_hand as by_hand  # noqa: PLC0415 - the same
    from .worth import TABLE  # noqa: PLC0415 - the same

    frame, gappy = _frames()
    hand = by_hand.polars(frame, words=True).collect()["worth"]
    for fused in (False, True):
        ours = frames.decide(frame, TABLE, fused=fused)["worth"]
        assert hand.to_list() == ours.to_list()
    one = frames.decide(gappy, TABLE)
    assert one.equals(frames.decide(gappy, TABLE, fused=True))


def _weigh(key: str) -> dict[str, float]:
    job = _jobs()[key]
    frame, _ = _frames()
    frame.lazy().select("sales").collect()
    gc.collect()
    before = _peak()
    job()
    return {"data": frame.estimated_size("mb"), "peak": _peak() - before}


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _streamed() -> dict[str, float]:
    """Judge ten files of a million rows as one, in a process that starts afresh."""
    import tempfile  # noqa: PLC0415 - not in the parent process
    from pathlib import Path  # noqa: PLC0415 - the same

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _in_a_process("write", name, threads=1)
        told: dict[str, float] = json.loads(
            _in_a_process("through", str(folder), threads=2)
        )
    return told


_FILES = 10


def _write(folder: str) -> None:
    frame, _ = _frames()
    for at in range(_FILES):
        frame.write_parquet(f"{folder}/rows-{at}.parquet")


def _through(folder: str) -> dict[str, float]:
    import polars as pl  # noqa: PLC0415 - not in the parent process

    from keyaccount import frames  # noqa: PLC0415 - the same

    from .worth import TABLE  # noqa: PLC0415 - the same

    rows = pl.scan_parquet(f"{folder}/rows-*.parquet")
    small = frames.decide(rows.head(1), TABLE).collect()
    idle, start = _peak(), time.perf_counter()
    frames.decide(rows, TABLE).sink_parquet(f"{folder}/answers.parquet")
    seconds = time.perf_counter() - start
    answers = pl.scan_parquet(f"{folder}/answers.parquet")
    count = answers.select(pl.len()).collect().item()
    assert count == _FILES * ROWS
    return {
        "rows": count,
        "held": count * small.width * 8 / 2**20,
        "peak": _peak(),
        "idle": idle,
        "seconds": seconds,
    }


def _run(what: str, *rest: str) -> object:
    if what == "times":
        return _time_all(int(rest[0]))
    if what == "memory":
        return _weigh(rest[0])
    if what == "stream":
        return _streamed()
    if what == "write":
        return _write(rest[0])
    return _through(rest[0])


if __name__ == "__main__":
    print(json.dumps(_run(*sys.argv[1:])))
