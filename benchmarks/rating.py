"""J1: rate a payment term by a table of six rows, in four ways that agree.

The two written by hand repeat each other on purpose: a call that they shared would
slow the yardstick and flatter us.
"""

from __future__ import annotations

import random

import attrs

from keyaccount.rules import DecisionTable, Fact, Facts, FactSchema, Row, fact


__all__ = ["NAMES", "TABLE", "Term", "by_dict", "by_hand", "cases", "expression", "zen"]


TIMINGS = ("pre", "doc", "post")
TITLES = ("full", "weak", "none")
COVERS = ("prime", "strong", "moderate", "weak", "own-paper", "none")
ABOUT = FactSchema(
    (
        Fact.choice("timing", TIMINGS),
        Fact.choice("title", TITLES),
        Fact.choice("cover", COVERS),
        Fact.number("tenor", unit="days", low=0.0),
        Fact.number("deposit", unit="share", low=0.0),
    )
)
NAMES = ABOUT.names
_DOC = fact("timing").one_of("doc") & fact("title").one_of("full", "weak")
TABLE = DecisionTable(  # the rows of the shipped policy's question of safety
    "rating",
    ABOUT,
    (
        Row("paid-first", fact("timing").one_of("pre"), "safe"),
        Row("prime", fact("cover").one_of("prime") & (fact("tenor") <= 180), "safe"),
        Row("sight", fact("cover").one_of("strong") & (fact("tenor") <= 0), "safe"),
        Row("bank", fact("cover").one_of("prime", "strong"), "fairly-safe"),
        Row(
            "third-party",
            fact("cover").one_of("moderate") & (fact("tenor") <= 180),
            "fairly-safe",
        ),
        Row("deposit", _DOC & (fact("deposit") >= 1), "fairly-safe"),
    ),
    otherwise="unsafe",
)


@attrs.frozen
class Term:
    """What somebody would write who needs no reasons: an object with five fields."""

    timing: str | None
    title: str | None
    cover: str | None
    tenor: float | None
    deposit: float | None


def by_hand(term: Term) -> str | None:
    """Rate by plain code; None where a fact that is needed is not known."""
    timing = term.timing
    if timing is None:
        return None
    if timing == "pre":
        return "safe"
    cover, tenor = term.cover, term.tenor
    if cover is None or tenor is None:
        return None
    if cover == "prime" and tenor <= 180.0:
        return "safe"
    if cover == "strong" and tenor <= 0.0:
        return "safe"
    if cover in ("prime", "strong"):
        return "fairly-safe"
    if cover == "moderate" and tenor <= 180.0:
        return "fairly-safe"
    title, deposit = term.title, term.deposit
    if title is None or deposit is None:
        return None
    if timing == "doc" and title in ("full", "weak") and deposit >= 1.0:
        return "fairly-safe"
    return "unsafe"


def by_dict(term: dict[str, object]) -> str | None:
    """Rate a mapping by plain code, absent being unknown."""
    timing = term.get("timing")
    if timing is None:
        return None
    if timing == "pre":
        return "safe"
    cover, tenor = term.get("cover"), term.get("tenor")
    if cover is None or tenor is None:
        return None
    if cover == "prime" and tenor <= 180.0:
        return "safe"
    if cover == "strong" and tenor <= 0.0:
        return "safe"
    if cover in ("prime", "strong"):
        return "fairly-safe"
    if cover == "moderate" and tenor <= 180.0:
        return "fairly-safe"
    title, deposit = term.get("title"), term.get("deposit")
    if title is None or deposit is None:
        return None
    if timing == "doc" and title in ("full", "weak") and deposit >= 1.0:
        return "fairly-safe"
    return "unsafe"


_ZEN_ROWS = (
    ("'pre'", "", "", "", "", "safe"),
    ("", "", "'prime'", "<= 180", "", "safe"),
    ("", "", "'strong'", "<= 0", "", "safe"),
    ("", "", "'prime', 'strong'", "", "", "fairly-safe"),
    ("", "", "'moderate'", "<= 180", "", "fairly-safe"),
    ("'doc'", "'full', 'weak'", "", "", ">= 1", "fairly-safe"),
    ("", "", "", "", "", "unsafe"),
)


def zen() -> dict[str, object]:
    """Write the same table as a zen-engine decision."""
    rules = [
        {
            "_id": f"r{at}",
            **dict(zip(NAMES, row[:5], strict=True)),
            "out": f"'{row[5]}'",
        }
        for at, row in enumerate(_ZEN_ROWS)
    ]
    table = {
        "hitPolicy": "first",
        "inputs": [{"id": name, "name": name, "field": name} for name in NAMES],
        "outputs": [{"id": "out", "name": "out", "field": "out"}],
        "rules": rules,
    }
    return {
        "contentType": "application/vnd.gorules.decision",
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in"},
            {"id": "t", "type": "decisionTableNode", "name": "t", "content": table},
            {"id": "end", "type": "outputNode", "name": "end"},
        ],
        "edges": [
            {"id": "e1", "sourceId": "in", "targetId": "t", "type": "edge"},
            {"id": "e2", "sourceId": "t", "targetId": "end", "type": "edge"},
        ],
    }


def expression() -> str:
    """Write the same table as one expression of zen's language."""
    return (
        "timing == 'pre' ? 'safe'"
        " : cover == 'prime' and tenor <= 180 ? 'safe'"
        " : cover == 'strong' and tenor <= 0 ? 'safe'"
        " : cover in ['prime', 'strong'] ? 'fairly-safe'"
        " : cover == 'moderate' and tenor <= 180 ? 'fairly-safe'"
        " : timing == 'doc' and title in ['full', 'weak'] and deposit >= 1"
        " ? 'fairly-safe' : 'unsafe'"
    )


def cases(
    count: int = 512, *, unknown: float = 0.0
) -> list[tuple[dict[str, object], Term, Facts]]:
    """Draw terms, each as a mapping, as an object and as facts."""
    dice = random.Random(2026)
    found = []
    for _ in range(count):
        given: dict[str, object] = {
            "timing": dice.choice(TIMINGS),
            "title": dice.choice(TITLES),
            "cover": dice.choice(COVERS),
            "tenor": float(dice.choice([0, 0, 30, 60, 90, 180, 270])),
            "deposit": dice.choice([0.0, 0.0, 0.5, 1.0, 1.5]),
        }
        for name in NAMES:
            if dice.random() < unknown:
                given[name] = None
        found.append((given, Term(**given), ABOUT.read(given)))
    return found
