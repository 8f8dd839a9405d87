"""A whole portfolio judged by one table: what the questions about it share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

import narwhals as nw

from keyaccount.exceptions import Problems
from keyaccount.models.tiering import TieringPolicy, default_policy
from keyaccount.rules import DecisionTable

from ._columns import Columns
from ._facts import Frame
from ._language import Truth
from ._marks import fold, parts
from ._rails import Fold, Rails
from ._ranks import ranks


__all__ = [
    "REFUSALS",
    "Rule",
    "collected",
    "counted",
    "folds_of",
    "graded",
    "problem_of",
    "refuses",
    "state",
    "table_of",
]


Rule: TypeAlias = TieringPolicy | DecisionTable | None
"""What judges: a tiering policy, the shipped one if left out, or any table."""

REFUSALS: Final = ("hit-policy", "no-row")
"""Why a table does not answer: rows contradict each other, or none fires."""


def table_of(rule: Rule) -> DecisionTable:
    """Return the table that gives every row one outcome, the lowest of them first.

    Raises:
        InvalidValueError: no table, or one that lists or adds up all that fires.
    """
    table: object = rule
    if rule is None or isinstance(rule, TieringPolicy):
        table = (rule or default_policy()).ladder.table
    problems = Problems()
    wanted = "a tiering policy, or a table that gives one outcome"
    if not isinstance(table, DecisionTable):
        problems.add("policy", "wrong-type", type(rule).__name__, wanted)
        problems.check("portfolio")
        raise TypeError(wanted)
    if not table.hit.is_single:
        problems.add("policy", "contradiction", table.hit.value, wanted)
    problems.check("portfolio")
    return table


def problem_of(rule: Rule) -> DecisionTable | None:
    """Return the table that says whether a row is a problem; None: nothing does."""
    if isinstance(rule, DecisionTable):
        return None
    problem = (rule or default_policy()).problem
    return None if problem is None else problem.table


def folds_of(table: DecisionTable, words: Columns) -> dict[str, Fold[nw.Expr]]:
    """Score every card of a table, once for all that asks for it."""
    found = {}
    for card in table.scorecards:
        words.check_marks(card)
        added = fold(parts(card, words), words)
        if added.low is added.high:
            low = words.keep({"low": added.low})["low"]
            found[card.name] = Fold(low, low)
        else:
            kept = words.keep({"low": added.low, "high": added.high})
            found[card.name] = Fold(kept["low"], kept["high"])
    return found


def state(
    table: DecisionTable, rows: list[Rails[nw.Expr]], words: Columns
) -> tuple[nw.Expr, nw.Expr]:
    """Write the ranks of the lowest and the highest possible outcome; never null.

    Beyond the outcomes stand the refusals, in the order of `REFUSALS`.
    """
    words.most_ranks = max(words.most_ranks, len(table.outcomes) + len(REFUSALS))
    found = ranks(table, rows, words)
    clash, none = range(len(table.outcomes), len(table.outcomes) + len(REFUSALS))
    refused = ((found.none, none), (found.clash, clash))
    low = graded(refused, words, otherwise=found.low)
    if found.low is found.high:
        return low, low
    return low, graded(refused, words, otherwise=found.high)


def graded(
    cases: Iterable[tuple[Truth[nw.Expr], int]],
    words: Columns,
    *,
    otherwise: nw.Expr | None,
) -> nw.Expr:
    """Write the number of the last case that holds, else another number."""
    told = nw.lit(0, words.rank_type) if otherwise is None else otherwise
    for when, code in cases:
        number = nw.lit(code, words.rank_type)
        if isinstance(when, bool):
            told = number if when else told
        else:
            told = nw.when(when).then(number).otherwise(told)
    return told


def refuses(table: DecisionTable, rank: nw.Expr) -> nw.Expr:
    """Say where a table refuses to answer."""
    return rank >= len(table.outcomes)


def collected(frame: Frame) -> nw.DataFrame[Any]:
    """Return a frame whose rows are here."""
    return frame if isinstance(frame, nw.DataFrame) else frame.collect()


def counted(
    frame: Frame, keys: Mapping[str, nw.Expr]
) -> dict[tuple[float | str, ...], int]:
    """Count how many rows have each combination of keys, none of them null."""
    narrow = frame.select(**keys)
    groups = collected(narrow.group_by(*keys).agg(nw.len().alias("count")))
    found = groups.select(*keys, "count").rows()
    return {tuple(row[:-1]): int(row[-1]) for row in found}
