"""Which outcome, in columns: the lowest and the highest that is possible.

Outcomes are ranks in the order of the table's `outcomes`. A single-hit table goes
from its last row up to its first, so that an expression stands for what the rows
behind would say; where the ranks allow it, that is a plain chain of choices.
"""

from __future__ import annotations

from typing import Generic

import attrs

from keyaccount.rules import DecisionTable, HitPolicy

from ._language import E, Language, Truth, both, either, negate
from ._rails import Rails


__all__ = ["ERRORS", "Ranks", "can_err", "fired", "ranks", "row_words"]


ERRORS = ("hit-policy", "no-row")
"""The codes of what the same row raises by itself: rows that clash, no row at all."""


@attrs.frozen
class Ranks(Generic[E]):
    """The ranks of the lowest and the highest outcome that is possible.

    One object where every row is settled. `clash` says where rows fire together that
    unique or any keeps apart, `none` where no row answers.
    """

    low: E | None
    high: E | None
    clash: Truth[E] = False
    none: Truth[E] = False


def can_err(table: DecisionTable) -> bool:
    """Whether rows can contradict each other, or none may answer."""
    return table.otherwise is None or table.hit in {HitPolicy.UNIQUE, HitPolicy.ANY}


def ranks(table: DecisionTable, rows: list[Rails[E]], words: Language[E]) -> Ranks[E]:
    """Write the answer of a single-hit table, whose rows are judged."""
    none: Truth[E] = False
    if table.otherwise is None:
        none = negate(either(row.may for row in rows))
    if table.hit in {HitPolicy.UNIQUE, HitPolicy.ANY}:
        return _exclusive(table, rows, words, none)
    high = _ordered(table, rows, words, highest=True)
    if all(row.is_crisp for row in rows):
        return Ranks(high, high, none=none)
    return Ranks(_ordered(table, rows, words, highest=False), high, none=none)


def _end(table: DecisionTable) -> int | None:
    if table.otherwise is None:
        return None
    return table.outcomes.index(table.otherwise)


def _ordered(
    table: DecisionTable, rows: list[Rails[E]], words: Language[E], *, highest: bool
) -> E | None:
    """Go from the last row to the first; `reach` holds what the rest may come to."""
    end = _end(table)
    answer, reach = words.rank(end), {end}
    for at in reversed(table.in_order):
        row, rank = rows[at], table.outcomes.index(table.rows[at].then)
        told = words.rank(rank)
        if row.is_crisp:
            answer = _choose(row.must, told, answer, words)
            reach.add(rank)
        elif _is_beyond(rank, reach, highest=highest):
            answer = _choose(row.may, told, answer, words)
            reach.add(rank)
        elif _is_within(rank, reach, highest=highest):
            answer = _choose(row.must, told, answer, words)
            reach.add(rank)
        else:
            perhaps = _choose(row.may, told, words.rank(None), words)
            either_one = words.outrank(perhaps, answer, highest=highest)
            answer = _choose(row.must, told, either_one, words)
            reach.add(rank)
    return answer


def _choose(
    when: Truth[E], then: E | None, otherwise: E | None, words: Language[E]
) -> E | None:
    if when is True:
        return then
    if when is False:
        return otherwise
    return words.choose_rank(when, then, otherwise)


def _is_beyond(rank: int, reach: set[int | None], *, highest: bool) -> bool:
    """Whether the rank wins over all that the rest may come to."""
    known = [other for other in reach if other is not None]
    return all(rank >= other if highest else rank <= other for other in known)


def _is_within(rank: int, reach: set[int | None], *, highest: bool) -> bool:
    """Whether all that the rest may come to wins over the rank, or equals it."""
    if None in reach:
        return False
    return _is_beyond(rank, reach, highest=not highest)


def _exclusive(
    table: DecisionTable, rows: list[Rails[E]], words: Language[E], none: Truth[E]
) -> Ranks[E]:
    """Rows that surely fire answer; where none does, all that may."""
    outcomes = [table.outcomes.index(row.then) for row in table.rows]
    groups = [[row.must] for row in rows]
    if table.hit is HitPolicy.ANY:
        groups = [
            [row.must for row, own in zip(rows, outcomes, strict=True) if own == rank]
            for rank in sorted(set(outcomes))
        ]
    clash = _at_least_two([either(group) for group in groups])
    ends: list[E | None] = []
    for highest in (False, True):
        answer = words.rank(_end(table))
        for row, rank in zip(rows, outcomes, strict=True):
            perhaps = _choose(row.may, words.rank(rank), words.rank(None), words)
            answer = words.outrank(perhaps, answer, highest=highest)
        for row, rank in zip(rows, outcomes, strict=True):
            answer = _choose(row.must, words.rank(rank), answer, words)
        ends.append(answer)
    return Ranks(ends[0], ends[1], clash, none)


def _at_least_two(terms: list[Truth[E]]) -> Truth[E]:
    """Say where two of the terms hold."""
    one: Truth[E] = False
    two: Truth[E] = False
    for term in terms:
        two = either((two, both((one, term))))
        one = either((one, term))
    return two


def fired(table: DecisionTable, rows: list[Rails[E]], words: Language[E]) -> E | None:
    """Write which row surely answers, by its place; a last place is `otherwise`.

    No rank where a row that only may fire stands in the way, or none fires.
    """
    last = None if table.otherwise is None else len(rows)
    answer = words.rank(last)
    for at in reversed(table.in_order):
        row = rows[at]
        if not row.is_crisp:
            answer = _choose(row.may, words.rank(None), answer, words)
        answer = _choose(row.must, words.rank(at), answer, words)
    return answer


def row_words(table: DecisionTable) -> tuple[str, ...]:
    """Return what the places that `fired` tells are called: the rows' ids, `otherwise`.

    Where a row is called so itself, what no row answers gets a dash behind it.
    """
    ids, last = [row.id for row in table.rows], "otherwise"
    while last in ids:
        last += "-"
    return (*ids, last)
