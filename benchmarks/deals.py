"""Deals: T6 (five guarded moves), T7 (a refusal), replay, memory, the distribution."""

from __future__ import annotations

import datetime as dt
import gc
import random
import statistics
import subprocess
import sys
import time
import tracemalloc
from decimal import Decimal

from keyaccount import wire
from keyaccount.domain import Money, Opportunity, Stage
from keyaccount.models import forecast, stages

from .report import Held, Table, held, ways
from .timing import Figure, compare, way


__all__ = ["measure"]


WALKS = {
    "hand": "by hand: a frozen object of twelve fields, no history, no reasons",
    "ours": "keyaccount, events given: history, every guard reported",
    "events": "keyaccount, events built and checked on the way",
    "automat": "automat: no guards, no history",
    "transitions": "transitions, one machine for all deals",
    "each": "transitions, a machine a deal",
    "xstate": "xstate-statemachine, pure snapshots",
    "statemachine": "python-statemachine, an instance a deal",
}
DENIALS = {
    "transitions": "transitions: a bare False",
    "lazily": "keyaccount: refused, reasons on demand",
    "codes": "keyaccount: with the codes of all that is unmet",
    "full": "keyaccount: with needed, found and missing of all that is unmet",
    "statemachine": "python-statemachine: an exception with event and state",
}
COUNT = 100_000
REPLAYED = 2_000
DEALS = 10_000


def measure(rounds: int) -> list[Table]:
    """Measure what moves deals, and what adds them up."""
    from . import pipelines  # noqa: PLC0415 - the peers are loaded when asked for

    every = range(4)
    walks = {name: way(walk, every) for name, walk in pipelines.walks().items()}
    found = compare(walks, yardstick="hand", rounds=rounds, seconds=0.004)
    denials = {name: way(one, every) for name, one in pipelines.denials().items()}
    refused = compare(denials, yardstick="transitions", rounds=rounds, seconds=0.004)
    return [
        ways("J3: a deal built and moved five times", WALKS, found),
        ways("J3: a move that is refused", DENIALS, refused),
        held("T6 and T7, how many times faster than a peer", _held(found, refused)),
        held("Replay, memory, forecast", [*_replay(rounds), *_memory(), *_spread()]),
    ]


def _held(found: dict[str, Figure], refused: dict[str, Figure]) -> list[Held]:
    ours = found["ours"].ratio
    against = [
        ("automat", "than automat, which has neither guards nor history", 1.0),
        ("transitions", "than transitions on a shared machine", 15.0),
        ("each", "than transitions with a machine a deal", 25.0),
        ("xstate", "than xstate's pure snapshots", 35.0),
        ("statemachine", "than python-statemachine", 150.0),
    ]
    rows = [
        Held(
            "T6", "five moves, × the same by hand without history", ours, f"{ours:.2f}"
        )
    ]
    for name, what, must in against:
        times = found[name].ratio / ours
        shown = f"{times:.3g}"
        rows.append(Held("T6", f"faster {what}", times, shown, must, at_least=True))
    for name, what in (
        ("lazily", "reasons on demand"),
        ("codes", "the codes of all that is unmet"),
        ("full", "needed, found, missing of all that is unmet"),
    ):
        times = 1 / refused[name].ratio
        job = f"a refusal, faster than transitions' bare False: {what}"
        rows.append(Held("T7", job, times, f"{times:.3g}", 6.0, at_least=True))
    return rows


def _replay(rounds: int) -> list[Held]:
    """Fold stored histories: from records, and from the JSON that a host stores."""
    from .pipelines import EVENTS, FULL, PIPELINE  # noqa: PLC0415 - as above

    deal = stages.open_deal("d", EVENTS[0], FULL, pipeline=PIPELINE)
    for event in EVENTS[1:]:
        deal = stages.decide(deal, event, FULL, pipeline=PIPELINE).deal
    history, stored = deal.history, wire.dumps(deal)
    assert stages.replay("d", history) == wire.loads(stored, stages.Deal) == deal

    def rate(job: object, runs: int) -> float:
        spent = []
        for _ in range(max(rounds // 8, 3)):
            start = time.perf_counter()
            for _ in range(runs):
                job()
            spent.append(time.perf_counter() - start)
        return runs * len(history) / statistics.median(spent)

    folded = rate(lambda: stages.replay("d", history), REPLAYED)
    read = rate(lambda: wire.loads(stored, stages.Deal), REPLAYED // 20)
    return [
        Held(
            "",
            "events replayed a second, from records",
            folded,
            f"{folded:,.0f}",
            aim=200_000,
            at_least=True,
        ),
        Held("", "the same from JSON, every noun checked", read, f"{read:,.0f}"),
    ]


def _memory() -> list[Held]:
    rows = []
    for what, how in (
        ("kB a deal in memory beyond its events and facts, opened", "opened"),
        ("the same after five moves", "moved"),
    ):
        command = [sys.executable, "-m", "benchmarks.deals", how]
        answer = subprocess.run(  # noqa: S603 - our own module
            command, check=True, capture_output=True, text=True
        )
        kilobytes = float(answer.stdout) / COUNT / 1000
        rows.append(Held("", what, kilobytes, f"{kilobytes:.2f}", 1.0))
    return rows


def _weigh(how: str) -> int:
    """Weigh deals; the events and facts are there before."""
    from .pipelines import EVENTS, FULL, PIPELINE  # noqa: PLC0415 - as above

    events = EVENTS[:1] if how == "opened" else EVENTS

    def deal(name: str) -> stages.Deal:
        found = stages.open_deal(name, events[0], FULL, pipeline=PIPELINE)
        for event in events[1:]:
            found = stages.decide(found, event, FULL, pipeline=PIPELINE).deal
        return found

    names = [f"d{n}" for n in range(COUNT)]
    deal(names[0])
    gc.collect()
    tracemalloc.start()
    kept = [deal(name) for name in names]
    gc.collect()
    weight = tracemalloc.get_traced_memory()[0]
    assert len(kept) == COUNT
    return weight


def _spread() -> list[Held]:
    """Distribute 10,000 deals: amounts in whole thousands, and to the cent."""
    draw = random.Random(11)
    rows = []
    for what, cents in (
        ("amounts in whole thousands", 100_000),
        ("amounts to the cent", 1),
    ):
        deals = [
            Opportunity(
                f"d{n}",
                "c",
                Money(
                    Decimal(draw.randrange(10**6, 5 * 10**8) // cents * cents) / 100,
                    "CNY",
                ),
                draw.choice(list(Stage)),
            )
            for n in range(DEALS)
        ]
        quota = Money(Decimal(12_000_000_000), "CNY")
        start = time.perf_counter()
        found = forecast.distribution(deals, as_of=_DAY, quota=quota)
        spent = time.perf_counter() - start
        exact = "exact" if found.is_exact else f"error ≤ {found.error}"
        shown = f"{spent:.2f} s, {exact}"
        job = f"the distribution of {DEALS:,} deals, {what}"
        rows.append(Held("", job, spent, shown, 1.0))
    return rows


_DAY = dt.date(2026, 1, 5)


if __name__ == "__main__":
    print(_weigh(sys.argv[1]))
