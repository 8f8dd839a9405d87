"""Which deals somebody should look at, and the questions that this comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from keyaccount.domain import Money
from keyaccount.rules import Missing, Reason

from ._chances import ChanceSource
from ._ledger import Line


__all__ = [
    "has_no_rate",
    "has_no_value",
    "has_unknown_stage",
    "listed",
    "questions",
]


def has_no_value(line: Line) -> bool:
    """Whether nobody has said what the deal is worth."""
    return line.value is None and line.stated is None


def has_no_rate(line: Line) -> bool:
    """Whether its value is told in a currency that has no rate."""
    return line.value is None and line.stated is not None


def has_unknown_stage(line: Line) -> bool:
    """Whether nobody knows what its stage stands for."""
    return line.chance is not None and line.chance.source is ChanceSource.UNKNOWN


_QUESTIONS = (
    ("unvalued", "deal_value"),
    ("unconverted", "exchange_rate"),
    ("unknown_stage", "stage_probability"),
    ("undated", "expected_close"),
)


def questions(
    told: Mapping[str, Sequence[str]], quota: Money | None
) -> tuple[Missing, ...]:
    """Return what to ask: what moves amounts first, and there what most deals lack."""
    facts = [fact for name, fact in _QUESTIONS if told[name]]
    lacking = {fact: len(told[name]) for name, fact in _QUESTIONS}
    facts.sort(key=lambda fact: (fact == "expected_close", -lacking[fact]))
    if quota is None:
        facts.append("quota")
    return tuple(Missing(fact, fact.replace("_", "-")) for fact in facts)


def listed(told: Mapping[str, Sequence[str]]) -> list[Reason]:
    """Say how many deals there are of each kind that somebody should look at."""
    return [
        Reason(f"roll-up-{name.replace('_', '-')}", (("count", str(len(ids))),))
        for name, ids in told.items()
        if ids
    ]
