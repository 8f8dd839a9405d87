"""Deals and pipelines from somebody who means no good.

A stored history is somebody else's text, and so is a pipeline's file: each ends in an
error of ours that says where and what, or in a defined value, and soon.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from typing import Any

import attrs
import pytest

from keyaccount import policies, wire
from keyaccount.domain import DealEvent, EventKind
from keyaccount.exceptions import InvalidValueError, UnknownFactError
from keyaccount.models import stages
from keyaccount.models.stages import Accepted, Deal, Pipeline


AT = dt.datetime(2026, 1, 5, 9, 30, tzinfo=dt.UTC)
DEAL = stages.open_deal("d1", DealEvent("o", EventKind.OPEN, AT, "Li"))


EVENT = {field.name for field in attrs.fields(DealEvent)}


def held(act: Callable[[], object]) -> set[str]:
    """Return the codes of what was wrong, every one of them with a path."""
    with pytest.raises(InvalidValueError) as caught:
        act()
    error = caught.value
    assert all(problem.path.startswith("$") for problem in error.problems)
    assert len(str(error)) < 1000 * len(error.problems)
    str(error).encode()
    json.dumps(error.to_dict())
    return {problem.code for problem in error.problems}


def record(**changes: object) -> dict[str, Any]:
    plain: dict[str, Any] = wire.unstructure(DEAL.last)
    said = {key: changes.pop(key) for key in tuple(changes) if key in EVENT}
    return {**plain, **changes, "event": {**plain["event"], **said}}


RECORDS: Mapping[str, tuple[dict[str, Any], str]] = {
    "a version without bound": (record(version=10**40), "too-long"),
    "a version below one": (record(version=0), "out-of-range"),
    "a version that is true": (record(version=True), "wrong-type"),
    "a rest below nothing": (record(paused_days=-1), "out-of-range"),
    "an id of nothing that can be seen": (record(id="\u200b"), "not-text"),
    "an id without end": (record(id="x" * 9_999), "too-long"),
    "a moment without a zone": (record(at="2026-01-05T09:30:00"), "wrong-type"),
    "a moment on the last day there is": (
        record(at="9999-12-31T23:59:59-14:00"),
        "bad-date",
    ),
    "a zone of another world": (record(at="2026-01-05T09:30:00+99:99"), "wrong-type"),
    "a kind of event that is none": (record(kind="__class__"), "unknown-choice"),
    "a stage that is a path": (record(stage="../x"), "bad-syntax"),
    "a way to a path": (record(to="../x"), "bad-syntax"),
    "a name with a NUL": (record(actor="Li\0"), "not-text"),
    "facts that are a list": (record(facts=[["x", 1]]), "wrong-type"),
    "a fact that reaches inside": (record(facts={"x.__class__": True}), "bad-syntax"),
    "a fact that is a keyword": (record(facts={"lambda": True}), "bad-syntax"),
    "a fact in a fact": (record(facts={"x": {"y": True}}), "wrong-type"),
    "a fact without bound": (record(facts={"x": 10**20_000}), "too-long"),
    "a fact of no size": (record(facts={"x": float("inf")}), "not-finite"),
    "a key that nobody knows": ({**record(), "stagee": "x"}, "unknown-key"),
}


@pytest.mark.parametrize("name", RECORDS)
def test_a_hostile_record_is_refused(name: str) -> None:
    plain, code = RECORDS[name]

    assert code in held(lambda: wire.structure({"id": "d", "history": [plain]}, Deal))


@pytest.mark.parametrize(
    "history", [None, {}, "history", 5, [None], [[]], ["x"], [{}]], ids=repr
)
def test_a_history_that_is_none_is_refused(history: object) -> None:
    assert held(lambda: wire.structure({"id": "d", "history": history}, Deal))


def test_a_history_of_ten_thousand_events_is_read_soon() -> None:
    plain = [
        record(id=f"e{index}", version=index + 1, kind="pause" if index else "open")
        for index in range(10_000)
    ]

    deal = wire.structure({"id": "d", "history": plain}, Deal)

    assert deal.version == 10_000
    ruling = stages.decide(deal, DealEvent("new", EventKind.RESUME, AT, "Li"))
    assert ruling.explain()


def test_facts_under_the_names_of_python_are_only_names() -> None:
    names = ("__class__", "__init__", "self", "facts", "s", "row", "_", "print")
    kept = wire.structure(record(facts=dict.fromkeys(names, True)), Accepted)

    assert set(kept.facts) == set(names)
    assert wire.structure(wire.unstructure(kept), Accepted) == kept


def test_a_thousand_facts_that_nobody_declared_are_unknown_to_the_pipeline() -> None:
    many = {f"fact_{index}": True for index in range(1_000)}
    plain = {"id": "d", "history": [record(facts=many)]}
    deal = wire.structure(plain, Deal)

    what = DealEvent("new", EventKind.ADVANCE, AT, "Li")

    assert stages.rejudge(deal, stages.default_policy()) == ()
    with pytest.raises(UnknownFactError, match="fact_0"):
        stages.decide(deal, what, deal.last.facts)


# Pipelines.


def pipeline(count: int, exits: list[dict[str, object]], **more: object) -> object:
    plan = {"probability": "0.5", "wins": True, "exits": exits}
    facts = [{"id": f"n{index}", "kind": "number"} for index in range(40)]
    return {
        "name": "x",
        "version": "1",
        "facts": facts,
        "stages": [{"id": f"s{index}", **plan} for index in range(count)],
        **more,
    }


def asked(*whens: str) -> list[dict[str, object]]:
    return [{"id": f"e{index}", "when": when} for index, when in enumerate(whens)]


WIDE = " and ".join(f"n{index} > {index}" for index in range(30))
TANGLED = [
    " or ".join(f"n{(index * 7 + step) % 40} > {index}" for index in range(20))
    for step in range(10)
]
PIPELINES: Mapping[str, tuple[object, str]] = {
    "a thousand stages": (pipeline(1_000, []), "too-large"),
    "a thousand exits": (pipeline(10, asked(*["n0 > 1"] * 100)), "too-large"),
    "a call in an exit": (pipeline(1, asked("exit()")), "bad-syntax"),
    "an attribute in an exit": (pipeline(1, asked("n0.real > 1")), "bad-syntax"),
    "a fact called like a part of Python": (
        pipeline(1, [], facts=[{"id": "lambda"}]),
        "bad-syntax",
    ),
    "a stage called like a file": (
        pipeline(1, [], stages=[{"id": "../x", "probability": "0.5", "wins": True}]),
        "bad-syntax",
    ),
    "odds without bound": (
        pipeline(1, [], stages=[{"id": "a", "probability": "1e999", "wins": True}]),
        "out-of-range",
    ),
    "days without bound": (
        pipeline(
            1,
            [],
            stages=[
                {"id": "a", "probability": "0.5", "wins": True, "max_days": 10**29}
            ],
        ),
        "out-of-range",
    ),
}


@pytest.mark.parametrize("name", PIPELINES)
def test_a_hostile_pipeline_is_refused(name: str) -> None:
    plain, code = PIPELINES[name]

    assert code in held(lambda: policies.read(plain, Pipeline))  # type: ignore[arg-type]  # plain data


@pytest.mark.parametrize("exits", [[WIDE] * 10, TANGLED], ids=["wide", "tangled"])
def test_a_pipeline_does_not_choose_how_long_it_takes_to_be_read(
    exits: list[str],
) -> None:
    """What cannot be tried in time is given the benefit of the doubt."""
    found = policies.read(pipeline(50, asked(*exits)), Pipeline)  # type: ignore[arg-type]  # plain data

    assert len(found.machine.stations) == 50


def test_a_web_of_ways_is_walked_soon() -> None:
    ids = [f"s{index}" for index in range(100)]
    plans = [
        {
            "id": slug,
            "probability": "0.5",
            "wins": True,
            "to": [other for other in ids if other != slug],
        }
        for slug in ids
    ]
    web = policies.read(pipeline(1, [], stages=plans), Pipeline)  # type: ignore[arg-type]  # plain data
    deal = stages.open_deal("d", DealEvent("o", EventKind.OPEN, AT, "Li"), pipeline=web)

    assert len(stages.options(deal, pipeline=web)) == 99 + 1 + 3
    what = DealEvent("e", EventKind.ADVANCE, AT, "Li", to="s99")
    assert stages.decide(deal, what, pipeline=web).deal.stage == "s99"
