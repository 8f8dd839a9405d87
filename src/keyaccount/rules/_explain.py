"""Why a rule answered as it did, as a tree of codes and data.

This walks the same conditions as the reference evaluation and keeps what it saw.
It runs when somebody asks, never on the way to the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from keyaccount.tri import Tri

from ._conditions import (
    All,
    Any,
    Between,
    Compare,
    Condition,
    Known,
    Named,
    Not,
    OneOf,
    Rails,
    Reading,
    Yes,
    rails,
)
from ._facts import Facts
from ._table import DecisionTable, HitPolicy, Row, fire, read, resolve
from ._verdict import Reason


__all__ = [
    "explain_condition",
    "explain_outcomes",
    "explain_rows",
    "explain_table",
]


Datum = tuple[str, float | str]


def explain_table(
    table: DecisionTable, facts: Facts, outcomes: Sequence[str] | None = None
) -> Reason:
    """Say which outcomes are possible, and what every row on the way says.

    The two rails look at every fact by itself. Whoever knows more, as that weights
    add up to 100, gives the *outcomes* that are left, lowest first.
    """
    reading = read(table, facts)
    if outcomes is None:
        found = fire(table, reading)
        outcomes = resolve(table, found.must, found.may)
    return explain_outcomes(table, reading, outcomes)


def explain_outcomes(
    table: DecisionTable, reading: Reading, outcomes: Sequence[str]
) -> Reason:
    """Say why just these outcomes are possible, once they are known."""
    parts = []
    codes = set()
    for at in table.in_order:
        part = _row(table, table.rows[at], reading)
        parts.append(part)
        codes.add(part.code)
        if part.code == _FIRES and table.hit in {HitPolicy.FIRST, HitPolicy.PRIORITY}:
            break
    if _FIRES not in codes and table.otherwise is not None:
        code = "otherwise-open" if _OPEN in codes else "otherwise"
        parts.append(Reason(code, _outcome(table, table.otherwise)))
    parts.extend(card.why(reading.facts) for card in table.scorecards)
    if len(outcomes) == 1:
        return Reason("decided", _outcome(table, outcomes[0]), tuple(parts))
    lowest, highest = outcomes[0], outcomes[-1]
    data = (*_outcome(table, lowest), ("best", highest), ("count", len(outcomes)))
    return Reason("undecided", data, tuple(parts))


def explain_rows(table: DecisionTable, facts: Facts) -> tuple[Reason, ...]:
    """Say what every row says, one by one: for a table of which all rows may count."""
    reading = read(table, facts)
    return tuple(_row(table, row, reading) for row in table.rows)


def _outcome(table: DecisionTable, outcome: str) -> tuple[Datum, ...]:
    return ("outcome", outcome), ("answers", table.answers), ("table", table.name)


_FIRES, _OPEN, _FAILS = "row-fires", "row-open", "row-fails"


def _row(table: DecisionTable, row: Row, reading: Reading) -> Reason:
    """Say what a row says, and what decides it.

    Of terms that must all hold, those that do not decide.
    """
    terms = row.when.terms if isinstance(row.when, All) else (row.when,)
    both = [rails(term, reading) for term in terms]
    must, may = all(must for must, _ in both), all(may for _, may in both)
    telling = [
        _explain(term, found, reading)
        for term, found in zip(terms, both, strict=True)
        if found == (must, may)
    ]
    code = _FIRES if must else _OPEN if may else _FAILS
    data = (("row", row.id), *_outcome(table, row.then))
    return Reason(code, data, tuple(telling))


def explain_condition(condition: Condition, reading: Reading) -> Reason:
    """Say what the condition asks, what was found, and whether it holds."""
    return _explain(condition, rails(condition, reading), reading)


def _explain(condition: Condition, found: Rails, reading: Reading) -> Reason:
    must, may = found
    answer = "holds" if must else "open" if may else "fails"
    match condition:
        case Compare(fact=name, op=op, value=value):
            asked: tuple[Datum, ...] = (("op", op.value), *_needed("needed", value))
            data = (*_seen(name, reading), *asked)
            return Reason(f"compare-{answer}", data)
        case Between(fact=name, low=low, high=high):
            asked = (*_needed("low", low), *_needed("high", high))
            return Reason(f"between-{answer}", (*_seen(name, reading), *asked))
        case OneOf(fact=name, choices=choices):
            asked = (("needed", ", ".join(choices)),)
            code = f"one-of-{answer}" if len(choices) > 1 else f"is-{answer}"
            return Reason(code, (*_seen(name, reading), *asked))
        case Known(fact=name):
            return Reason(f"known-{answer}", (("fact", name),))
        case Yes(fact=name):
            return Reason(f"yes-{answer}", (("fact", name),))
        case All(terms=terms):
            parts = tuple(explain_condition(term, reading) for term in terms)
            return Reason(f"all-{answer}", (), parts)
        case Any(terms=terms):
            parts = tuple(explain_condition(term, reading) for term in terms)
            return Reason(f"any-{answer}", (), parts)
        case Not(term=All() | Any() | Not() as term):
            part = explain_condition(term, reading)
            return Reason(f"not-{answer}", (), (part,))
        case Not(term=term):  # what a plain question found says enough
            return explain_condition(term, reading)
        case _:
            assert_never(condition)


def _seen(name: str, reading: Reading) -> tuple[Datum, ...]:
    if name in reading.folds:
        low, high = reading.folds[name]
        bounds = (("got", low * 0.01), ("got_high", high * 0.01))
        return ("fact", name), ("unit", "mark"), *bounds
    schema = reading.facts.schema
    value = reading.facts[name]
    seen: tuple[Datum, ...] = (("fact", name), ("unit", schema[name].unit))
    if value is None:
        return seen
    return *seen, ("got", value.value if isinstance(value, Tri) else value)


def _needed(key: str, value: float) -> tuple[Datum, ...]:
    if isinstance(value, Named):
        return (key, float(value)), (f"{key}_name", value.name)
    return ((key, float(value)),)
