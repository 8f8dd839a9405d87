"""J2: classify a customer by six metrics, a score and a table, in four ways.

The two written by hand repeat each other on purpose: a call that they shared would
slow the yardstick and flatter us.
"""

from __future__ import annotations

import random

import attrs

from keyaccount.rules import (
    Criterion,
    DecisionTable,
    Fact,
    Facts,
    FactSchema,
    Linear,
    Row,
    Scorecard,
    Steps,
    fact,
)


__all__ = [
    "NAMES",
    "TABLE",
    "Metrics",
    "by_dict",
    "by_hand",
    "cases",
    "expression",
    "zen",
]


ABOUT = FactSchema(
    (
        Fact.number("sales", unit="money"),
        Fact.number("margin", unit="share"),
        Fact.number("collected", unit="share", low=0.0),
        Fact.number("on_time", unit="share", low=0.0, high=1.0),
        Fact.number("influence", unit="mark", low=0.0, high=100.0),
        Fact.number("growth", unit="ratio"),
    )
)
NAMES = ABOUT.names
_STEPS = ((0.9, 30.0), (1.0, 50.0), (1.1, 75.0), (1.25, 100.0))
CARD = Scorecard(
    "composite",
    ABOUT,
    (
        Criterion("size", "sales", 30, Linear(1e6, 1e8)),
        Criterion("margin", "margin", 20, Linear(0.0, 0.4)),
        Criterion("collected", "collected", 10, Linear(0.7, 1.0)),
        Criterion("on-time", "on_time", 10, Linear(0.5, 1.0)),
        Criterion("influence", "influence", 15, Linear(0.0, 100.0)),
        Criterion("growth", "growth", 15, Steps(_STEPS)),
    ),
)
TABLE = DecisionTable(
    "worth",
    ABOUT,
    (
        Row("diamond", (fact("sales") >= 1e8) & (fact("composite") >= 60), "diamond"),
        Row("gold", (fact("sales") >= 5e7) & (fact("composite") >= 50), "gold"),
        Row("silver", (fact("sales") >= 1e7) & (fact("composite") >= 60), "silver"),
        Row("bronze", (fact("sales") >= 1e6) & (fact("growth") >= 1.2), "bronze"),
    ),
    otherwise="ordinary",
    scorecards=(CARD,),
)


@attrs.frozen
class Metrics:
    """What somebody would write who needs no reasons: an object with six fields."""

    sales: float | None
    margin: float | None
    collected: float | None
    on_time: float | None
    influence: float | None
    growth: float | None


_BY_SALES = 100.0 / (1e8 - 1e6)
_BY_MARGIN = 100.0 / 0.4
_BY_COLLECTED = 100.0 / (1.0 - 0.7)
_BY_ON_TIME = 100.0 / 0.5


def by_hand(metrics: Metrics) -> str | None:
    """Classify by plain code; None where a fact that is needed is not known."""
    sales, margin = metrics.sales, metrics.margin
    collected, on_time = metrics.collected, metrics.on_time
    influence, growth = metrics.influence, metrics.growth
    if sales is None or margin is None or collected is None:
        return None
    if on_time is None or influence is None or growth is None:
        return None
    size = (sales - 1e6) * _BY_SALES
    size = 0.0 if size <= 0.0 else 100.0 if size >= 100.0 else size
    margin = margin * _BY_MARGIN
    margin = 0.0 if margin <= 0.0 else 100.0 if margin >= 100.0 else margin
    paid = (collected - 0.7) * _BY_COLLECTED
    paid = 0.0 if paid <= 0.0 else 100.0 if paid >= 100.0 else paid
    prompt = (on_time - 0.5) * _BY_ON_TIME
    prompt = 0.0 if prompt <= 0.0 else 100.0 if prompt >= 100.0 else prompt
    weight = 0.0 if influence <= 0.0 else 100.0 if influence >= 100.0 else influence
    if growth >= 1.25:
        rise = 100.0
    elif growth >= 1.1:
        rise = 75.0
    elif growth >= 1.0:
        rise = 50.0
    elif growth >= 0.9:
        rise = 30.0
    else:
        rise = 0.0
    fold = (
        30.0 * size
        + 20.0 * margin
        + 10.0 * paid
        + 10.0 * prompt
        + 15.0 * weight
        + 15.0 * rise
    )
    if sales >= 1e8 and fold >= 6000.0:
        return "diamond"
    if sales >= 5e7 and fold >= 5000.0:
        return "gold"
    if sales >= 1e7 and fold >= 6000.0:
        return "silver"
    if sales >= 1e6 and growth >= 1.2:
        return "bronze"
    return "ordinary"


def by_dict(metrics: dict[str, object]) -> str | None:
    """Classify a mapping by plain code, absent being unknown."""
    sales, margin = metrics.get("sales"), metrics.get("margin")
    collected, on_time = metrics.get("collected"), metrics.get("on_time")
    influence, growth = metrics.get("influence"), metrics.get("growth")
    if sales is None or margin is None or collected is None:
        return None
    if on_time is None or influence is None or growth is None:
        return None
    size = (sales - 1e6) * _BY_SALES
    size = 0.0 if size <= 0.0 else 100.0 if size >= 100.0 else size
    margin = margin * _BY_MARGIN
    margin = 0.0 if margin <= 0.0 else 100.0 if margin >= 100.0 else margin
    paid = (collected - 0.7) * _BY_COLLECTED
    paid = 0.0 if paid <= 0.0 else 100.0 if paid >= 100.0 else paid
    prompt = (on_time - 0.5) * _BY_ON_TIME
    prompt = 0.0 if prompt <= 0.0 else 100.0 if prompt >= 100.0 else prompt
    weight = 0.0 if influence <= 0.0 else 100.0 if influence >= 100.0 else influence
    if growth >= 1.25:
        rise = 100.0
    elif growth >= 1.1:
        rise = 75.0
    elif growth >= 1.0:
        rise = 50.0
    elif growth >= 0.9:
        rise = 30.0
    else:
        rise = 0.0
    fold = (
        30.0 * size
        + 20.0 * margin
        + 10.0 * paid
        + 10.0 * prompt
        + 15.0 * weight
        + 15.0 * rise
    )
    if sales >= 1e8 and fold >= 6000.0:
        return "diamond"
    if sales >= 5e7 and fold >= 5000.0:
        return "gold"
    if sales >= 1e7 and fold >= 6000.0:
        return "silver"
    if sales >= 1e6 and growth >= 1.2:
        return "bronze"
    return "ordinary"


_MARKS = (  # weight, name, mark
    (30, "size", "max([0, min([100, (sales - 1000000) * (100 / 99000000)])])"),
    (20, "earned", "max([0, min([100, margin * 250])])"),
    (10, "paid", "max([0, min([100, (collected - 0.7) * (100 / 0.3)])])"),
    (10, "prompt", "max([0, min([100, (on_time - 0.5) * 200])])"),
    (15, "weight", "max([0, min([100, influence])])"),
    (
        15,
        "rise",
        (
            "(growth >= 1.25 ? 100 : growth >= 1.1 ? 75"
            " : growth >= 1 ? 50 : growth >= 0.9 ? 30 : 0)"
        ),
    ),
)
_ZEN_ROWS = (
    (">= 100000000", "", ">= 6000", "diamond"),
    (">= 50000000", "", ">= 5000", "gold"),
    (">= 10000000", "", ">= 6000", "silver"),
    (">= 1000000", ">= 1.2", "", "bronze"),
    ("", "", "", "ordinary"),
)


def zen() -> dict[str, object]:
    """Write the same score and table as a zen-engine decision."""
    asked = ("sales", "growth", "fold")
    rules = [
        {
            "_id": f"r{at}",
            **dict(zip(asked, row[:3], strict=True)),
            "out": f"'{row[3]}'",
        }
        for at, row in enumerate(_ZEN_ROWS)
    ]
    table = {
        "hitPolicy": "first",
        "inputs": [{"id": name, "name": name, "field": name} for name in asked],
        "outputs": [{"id": "out", "name": "out", "field": "out"}],
        "rules": rules,
    }
    # each mark is named, so that its trace shows what our explanation shows
    fold = " + ".join(f"{weight} * $.{name}" for weight, name, _ in _MARKS)
    named = [*((name, mark) for _, name, mark in _MARKS), ("fold", fold)]
    score = {
        "expressions": [
            {"id": name, "key": name, "value": value} for name, value in named
        ],
        "passThrough": True,
    }
    return {
        "contentType": "application/vnd.gorules.decision",
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in"},
            {"id": "s", "type": "expressionNode", "name": "s", "content": score},
            {"id": "t", "type": "decisionTableNode", "name": "t", "content": table},
            {"id": "end", "type": "outputNode", "name": "end"},
        ],
        "edges": [
            {"id": "e1", "sourceId": "in", "targetId": "s", "type": "edge"},
            {"id": "e2", "sourceId": "s", "targetId": "t", "type": "edge"},
            {"id": "e3", "sourceId": "t", "targetId": "end", "type": "edge"},
        ],
    }


def expression() -> str:
    """Write the same score and table as one expression of zen's language."""
    # the language has no local names: the score stands wherever it is asked for
    fold = " + ".join(f"{weight} * {mark}" for weight, _, mark in _MARKS)
    return (
        f"sales >= 100000000 and {fold} >= 6000 ? 'diamond'"
        f" : sales >= 50000000 and {fold} >= 5000 ? 'gold'"
        f" : sales >= 10000000 and {fold} >= 6000 ? 'silver'"
        " : sales >= 1000000 and growth >= 1.2 ? 'bronze' : 'ordinary'"
    )


def cases(
    count: int = 512, *, unknown: float = 0.0
) -> list[tuple[dict[str, object], Metrics, Facts]]:
    """Draw customers, each as a mapping, as an object and as facts."""
    dice = random.Random(2026)
    found = []
    for _ in range(count):
        given: dict[str, object] = {
            "sales": float(round(10 ** dice.uniform(5.5, 8.5))),
            "margin": round(dice.uniform(-0.05, 0.5), 3),
            "collected": round(dice.uniform(0.5, 1.1), 2),
            "on_time": round(dice.uniform(0.4, 1.0), 2),
            "influence": float(dice.randrange(101)),
            "growth": round(dice.uniform(0.7, 1.5), 2),
        }
        for name in NAMES:
            if dice.random() < unknown:
                given[name] = None
        found.append((given, Metrics(**given), ABOUT.read(given)))
    return found
