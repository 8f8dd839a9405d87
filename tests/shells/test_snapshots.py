"""Answers are API: the demo's review, as it was when it was last read and accepted.

A snapshot that changes asks for a line under `### Changed answers` in CHANGELOG.md.
Write it anew with `KEYACCOUNT_ACCEPT=1 pytest tests/shells/test_snapshots.py`, and
read the difference before you commit it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import keyaccount


pytest.importorskip("cyclopts", reason="needs the extra cli")

SNAPSHOTS = Path(__file__).parent.parent / "snapshots"
SNAPSHOT = SNAPSHOTS / "demo-review.json"
DEALS = SNAPSHOTS / "demo-deals.json"
LENSES = SNAPSHOTS / "demo-lenses.json"
OURS = SNAPSHOTS / "demo-ours.json"
DEMO = Path(keyaccount.__file__).parent / "demo"
ANSWERS = (
    "customer",
    "tier",
    "rung_low",
    "rung_high",
    "prospect_low",
    "prospect_high",
    "score_low",
    "score_high",
    "is_problem",
    "triggers",
    "unchecked",
    "missing",
    "next_rung",
    "worst_term",
    "safety",
    "controllability",
    "flags",
)


def review(output: str, **env: str) -> bytes:
    command = [sys.executable, "-m", "keyaccount", "review", str(DEMO)]
    done = subprocess.run(  # noqa: S603 - our own command
        [*command, "--format", output],
        capture_output=True,
        check=True,
        env={**os.environ, **env},
    )
    return done.stdout


def test_the_demos_answers_are_those_that_were_accepted() -> None:
    customers = json.loads(review("json"))["customers"]
    found = [{key: customer[key] for key in ANSWERS} for customer in customers]

    if os.environ.get("KEYACCOUNT_ACCEPT"):
        text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
        SNAPSHOT.write_text(text, encoding="utf-8")
    assert found == json.loads(SNAPSHOT.read_text(encoding="utf-8"))


def test_the_answers_on_the_demos_deals_are_those_that_were_accepted() -> None:
    document = json.loads(review("json"))
    found = {key: document[key] for key in ("deals", "forecast")}

    if os.environ.get("KEYACCOUNT_ACCEPT"):
        text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
        DEALS.write_text(text, encoding="utf-8")
    assert found == json.loads(DEALS.read_text(encoding="utf-8"))


def test_the_answers_of_the_demos_lenses_are_those_that_were_accepted() -> None:
    document = json.loads(review("json"))
    found = {"all": document["lenses"], "customers": {}}
    for customer in document["customers"]:
        told = {key: one for key, one in customer["lenses"].items() if one}
        if "selection" in told:
            told["selection"].pop("reasons")  # words are held by the labels' tests
        if told:
            found["customers"][customer["customer"]] = told

    if os.environ.get("KEYACCOUNT_ACCEPT"):
        text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
        LENSES.write_text(text, encoding="utf-8")
    assert found == json.loads(LENSES.read_text(encoding="utf-8"))


def test_the_answers_on_our_own_side_are_those_that_were_accepted() -> None:
    document = json.loads(review("json"))
    found = {
        "firm": document["firm"],
        "agenda": [
            {key: item[key] for key in ("due_on", "owner", "customer_id", "code")}
            for item in document["agenda"]
        ],
        "customers": {
            customer["customer"]: customer["ours"]
            for customer in document["customers"]
            if customer["ours"]["communication"]
        },
    }

    if os.environ.get("KEYACCOUNT_ACCEPT"):
        text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
        OURS.write_text(text, encoding="utf-8")
    assert found == json.loads(OURS.read_text(encoding="utf-8"))


@pytest.mark.parametrize("output", ["json", "csv", "table"])
def test_the_same_tables_give_the_same_bytes_everywhere(output: str) -> None:
    first = review(output, PYTHONHASHSEED="0", TZ="UTC", LC_ALL="C.UTF-8")

    for seed, zone, locale in (
        ("1", "Asia/Shanghai", "C.UTF-8"),
        ("2", "America/New_York", "C"),
        ("random", "UTC", "C.UTF-8"),
    ):
        again = review(
            output, PYTHONHASHSEED=seed, TZ=zone, LC_ALL=locale, PYTHONUTF8="1"
        )
        assert again == first
