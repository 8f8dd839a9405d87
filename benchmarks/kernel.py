"""T1 to T5: the kernel, from ready facts (T5: from a mapping) to the answer."""

from __future__ import annotations

import json
from types import MappingProxyType, ModuleType

import zen

from keyaccount.rules import compile_table, judge

from . import rating, worth
from .report import Held, Table, held, ways
from .timing import Figure, compare, short, way


__all__ = ["measure"]


NAMES = MappingProxyType(
    {
        "hand": "a function written by hand, None-safe, over `attrs.frozen`",
        "answer": "`compiled.answer(facts)`",
        "possible": "`compiled.possible(facts)`",
        "look up": "`compiled.look_up(facts)`: explains itself when asked",
        "open": "the same, 15 % of the facts unknown: with bounds",
        "judge": "the reference evaluation: `judge(table, facts)`",
        "why": "`compiled.look_up(facts).why`: every reason at once",
        "dict": "a function written by hand over a mapping that it trusts",
        "door": "a mapping through `FactSchema.read`, then `answer`",
        "expression": "zen-engine: compiled expression",
        "static": "zen-engine: static loader",
        "trace": "zen-engine: static loader, with trace",
        "created": "zen-engine: `create_decision`, with trace",
    }
)

# figure, way, must, aim: at most so many times the function written by hand
_BY_HAND = (
    ("T1", "J1", "answer", 2.0, 1.4),
    ("T2", "J1", "look up", 5.0, 4.0),
    ("T3", "J2", "answer", 1.5, 1.25),
    ("T4", "J2", "look up", 2.5, 1.9),
)
# figure, our way, zen's way, must, aim: at least so many times faster than zen
_BY_ZEN = (
    ("T1", "J1", "answer", "static", 55, 80),
    ("T1", "J1", "answer", "expression", 10, 15),
    ("T2", "J1", "look up", "static", 24, None),
    ("T2", "J1", "look up", "trace", 65, None),
    ("T2", "J1", "look up", "created", 400, None),
    ("T3", "J2", "answer", "static", 35, 42),
    ("T3", "J2", "answer", "expression", 18, 21),
    ("T4", "J2", "look up", "static", 20, 28),
    ("T4", "J2", "look up", "trace", 60, 78),
    ("T4", "J2", "look up", "created", 300, None),
    ("", "J2", "why", "trace", 3, None),
)


def measure(rounds: int) -> list[Table]:
    """Time both jobs, and hold them to their targets."""
    jobs = {"J1": _time(rating, rounds), "J2": _time(worth, rounds)}
    by_hand = [
        Held(
            id_, f"{job}: `{ours}`", jobs[job][ours].ratio, jobs[job][ours].spread, *to
        )
        for id_, job, ours, *to in _BY_HAND
    ]
    for job, found in jobs.items():
        ratio = found["door"].ratio / found["dict"].ratio
        what = f"{job}: a mapping, checked, to the answer; × one that is trusted"
        by_hand.append(Held("T5", what, ratio, f"{ratio:.1f}", 2.0, 1.4))
    by_zen = []
    for id_, job, ours, theirs, must, aim in _BY_ZEN:
        ratio = jobs[job][theirs].ratio / jobs[job][ours].ratio
        what = f"{job}: `{ours}` against {NAMES[theirs]}"
        by_zen.append(Held(id_, what, ratio, short(ratio), must, aim, at_least=True))
    return [
        held("The kernel, × the same written by hand", by_hand),
        held("The kernel, how many times faster than zen-engine", by_zen),
        ways("J1: a term by a table of six rows", NAMES, jobs["J1"]),
        ways("J2: a customer by six metrics, a score and a table", NAMES, jobs["J2"]),
    ]


def _time(job: ModuleType, rounds: int) -> dict[str, Figure]:
    drawn = job.cases()
    mappings, objects, facts = (list(column) for column in zip(*drawn, strict=True))
    half_known = [found for _, _, found in job.cases(unknown=0.15)]
    compiled = compile_table(job.TABLE)
    read, key = job.TABLE.about.read, job.TABLE.name
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {key: job.zen()}}})
    created = zen.ZenEngine().create_decision(json.dumps(job.zen()))
    expression = zen.compile_expression(job.expression())
    for given, noun, found in drawn:
        expected = job.by_hand(noun)
        assert expected == job.by_dict(given)
        assert compiled.answer(found) == expected
        assert compiled.possible(found) == (expected,)
        assert compiled.look_up(found).value == expected
        assert engine.evaluate(key, given)["result"]["out"] == expected
        assert expression.evaluate(given) == expected
    few = mappings[:64]  # as many as the slow ones get through in a round
    traced = {"trace": True}
    return compare(
        {
            "hand": way(job.by_hand, objects),
            "answer": way(compiled.answer, facts),
            "possible": way(compiled.possible, facts),
            "look up": way(compiled.look_up, facts),
            "open": way(compiled.look_up, half_known),
            "judge": way(lambda found: judge(job.TABLE, found), facts[:64]),
            "why": way(lambda found: compiled.look_up(found).why, facts[:64]),
            "dict": way(job.by_dict, mappings),
            "door": way(lambda given: compiled.answer(read(given)), mappings),
            "expression": way(expression.evaluate, few),
            "static": way(lambda given: engine.evaluate(key, given), few),
            "trace": way(lambda given: engine.evaluate(key, given, traced), few),
            "created": way(lambda given: created.evaluate(given, traced), few[:4]),
        },
        yardstick="hand",
        rounds=rounds,
    )
