"""How a portfolio is spread: rows per outcome, open rows, problems, scores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import TypeAlias

import attrs
import narwhals as nw

from keyaccount.rules import DecisionTable, Interval

from ._columns import ColumnForm, Columns
from ._facts import Names
from ._portfolio import (
    REFUSALS,
    Rule,
    counted,
    folds_of,
    graded,
    problem_of,
    state,
    table_of,
)
from ._rails import Fold, Rails, any_rails
from ._sheet import NO_COLUMNS, NO_NAMES, Sheet


__all__ = ["Distribution", "OpenCount", "OutcomeCount", "ScoreSpread", "distribution"]


_Tally: TypeAlias = dict[tuple[int, ...], int]  # rows by low, high, problem, points

_MAYBE, _YES = 1, 2
_BINS = 10  # of ten points each
_FIGURES = (Fraction(0), Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(1))


@attrs.frozen
class ScoreSpread:
    """How the scores of some rows are spread, in whole points rounded down.

    A score is an interval while facts are missing; so each figure is one: the figure
    of the lowest scores that are possible, and of the highest. The true one lies
    between. `histogram` counts the lowest possible scores in ten bins of ten points,
    the last one with the hundred.
    """

    card: str
    least: Interval
    lower_quartile: Interval
    median: Interval
    upper_quartile: Interval
    most: Interval
    histogram: tuple[int, ...]


@attrs.frozen
class OutcomeCount:
    """How many rows have this outcome, settled, and what their scores are."""

    outcome: str
    count: int
    scores: tuple[ScoreSpread, ...] = ()


@attrs.frozen
class OpenCount:
    """How many rows are open between these two outcomes, both included."""

    low: str
    high: str
    count: int


@attrs.frozen
class Distribution:
    """How a portfolio is spread; what it counts adds up to `rows`.

    `outcomes` has every outcome of the table, the lowest first, whether a row has it
    or not; `open` the pairs that occur; `errors` how many rows the table refuses, by
    the code of the error. `problems` and `maybe_problems` (tiering only, else None)
    count across all of these.
    """

    name: str
    rows: int
    outcomes: tuple[OutcomeCount, ...]
    open: tuple[OpenCount, ...] = ()
    errors: tuple[tuple[str, int], ...] = ()
    problems: int | None = None
    maybe_problems: int | None = None

    @property
    def open_count(self) -> int:
        """How many rows are open."""
        return sum(pair.count for pair in self.open)

    def __getitem__(self, outcome: str) -> OutcomeCount:
        """Return the count of an outcome."""
        for one in self.outcomes:
            if one.outcome == outcome:
                return one
        raise KeyError(outcome)

    def to_dict(self) -> dict[str, object]:
        """Return plain data: numbers, text, lists, mappings."""
        return attrs.asdict(self)


def distribution(
    frame: object,
    policy: Rule = None,
    *,
    names: Names = NO_NAMES,
    columns: Mapping[type, ColumnForm] = NO_COLUMNS,
    rowwise: bool = False,
) -> Distribution:
    """Say how many rows have each outcome, how many are open, and what they score.

    Only counts leave the engine, one query a scorecard. They are exact, and the same
    on every engine.

    Args:
        frame: of any engine, with ready facts, a row a customer.
        policy: a tiering policy, the shipped one if left out, or any table that gives
            one outcome.
        names: as for `score`, as are the others.
        columns: column forms of your own scorers, by type.
        rowwise: whether scorers without one are asked row by row.

    Raises:
        InvalidValueError: a table that lists or adds up all that fires; no frame, or
            columns that cannot be used.
        UnknownFactError: *names* speaks of a fact that is not declared.
    """
    table, problem = table_of(policy), problem_of(policy)
    sheet = Sheet(
        frame,
        table.about,
        {*table.asks, *(() if problem is None else problem.asks)},
        cards=table.scorecards,
        names=names,
        columns=columns,
        rowwise=rowwise,
    )
    words = sheet.words
    folds = folds_of(table, words)
    rows = sheet.judged((row.when for row in table.rows), folds)
    low, high = state(table, rows, words)
    keys = words.keep({"low": low, "high": high})
    keys["problem"] = _problem(sheet, problem)
    tallies = [_tally(words, keys, fold) for fold in (folds.values() or (None,))]
    return _told(table, tallies, is_tiering=not isinstance(policy, DecisionTable))


def _problem(sheet: Sheet[object], table: DecisionTable | None) -> nw.Expr:
    """Write 2 where a row is a problem, 1 where it may be, else 0."""
    found: Rails[nw.Expr] = Rails(must=False, may=False)
    if table is not None:
        found = any_rails(sheet.judged((row.when for row in table.rows), {}))
    cases = ((found.may, _MAYBE), (found.must, _YES))
    code = graded(cases, sheet.words, otherwise=None)
    return sheet.words.keep({"problem": code})["problem"]


def _tally(
    words: Columns, keys: Mapping[str, nw.Expr], fold: Fold[nw.Expr] | None
) -> _Tally:
    """Count rows by outcome, problem and, in whole points, the ends of the score."""
    points = {}
    if fold is not None:
        hundredth = words.constant(0.01)
        points["points"] = (fold.low * hundredth).floor()
        points["most"] = (fold.high * hundredth).floor()
    found = counted(words.frame, {**keys, **points})
    return {tuple(map(int, key)): count for key, count in found.items()}


def _told(
    table: DecisionTable, tallies: list[_Tally], *, is_tiering: bool
) -> Distribution:
    ends: Counter[tuple[int, int]] = Counter()
    problems: Counter[int] = Counter()
    for key, count in tallies[0].items():
        ends[key[0], key[1]] += count
        problems[key[2]] += count
    slugs = table.outcomes
    refused = enumerate(REFUSALS, start=len(slugs))
    return Distribution(
        table.name,
        sum(ends.values()),
        tuple(
            OutcomeCount(slug, ends[at, at], _spreads(table, tallies, at))
            for at, slug in enumerate(slugs)
        ),
        tuple(
            OpenCount(slugs[low], slugs[high], count)
            for (low, high), count in sorted(ends.items())
            if low != high
        ),
        tuple((code, ends[at, at]) for at, code in refused if ends[at, at]),
        problems[_YES] if is_tiering else None,
        problems[_MAYBE] if is_tiering else None,
    )


def _spreads(
    table: DecisionTable, tallies: list[_Tally], at: int
) -> tuple[ScoreSpread, ...]:
    spreads = []
    for card, tally in zip(table.scorecards, tallies, strict=False):
        low: Counter[int] = Counter()
        high: Counter[int] = Counter()
        for key, count in tally.items():
            if key[0] == key[1] == at:
                low[key[3]] += count
                high[key[4]] += count
        if low:
            spreads.append(_spread(card.name, low, high))
    return tuple(spreads)


def _spread(card: str, low: Counter[int], high: Counter[int]) -> ScoreSpread:
    least, lower, median, upper, most = (
        Interval(_at(low, share), _at(high, share)) for share in _FIGURES
    )
    histogram = [0] * _BINS
    for points, count in low.items():
        histogram[min(points // _BINS, _BINS - 1)] += count
    return ScoreSpread(card, least, lower, median, upper, most, tuple(histogram))


def _at(points: Counter[int], share: Fraction) -> float:
    """Return the least number that this share of the rows does not exceed."""
    wanted, seen, value = points.total() * share, 0, 0
    for value in sorted(points):
        seen += points[value]
        if seen >= wanted:
            break
    return float(value)
