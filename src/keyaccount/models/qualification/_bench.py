"""What each gate says of what is known, remembered: there are few ways to know little.

What is unknown is filled in with every answer there is. The four gates ask of
different things, so what one may say does not hang on another.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterable, Iterator
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from keyaccount.domain import NeedCoverage, NeedKind
from keyaccount.rules import Compiled, Facts, FactSchema, FactValue
from keyaccount.tri import Tri

from ._facts import (
    MARK_NAMES,
    MARKS,
    NEED_FACTS,
    REAL_FACTS,
    SCORES,
    WIN_FACTS,
    WORTH_FACTS,
)
from ._results import HOLD, PASS, RESULTS, Ranks, worst_of


__all__ = [
    "Bench",
    "Marks",
    "Said",
    "Tables",
    "Tris",
    "bench_of",
    "fold",
    "index_of",
    "sums",
]


Tris: TypeAlias = tuple[Tri, Tri, Tri]
"""Need, funds, empty promise: the answers of gate 1 in the order of its facts."""

Marks: TypeAlias = tuple[int | None, ...]
"""Importance, direction, side effects, deviation; None is not known."""

_Asked: TypeAlias = Callable[[Facts], tuple[str, ...]]

_ANSWERS = (Tri.YES, Tri.NO)
_COVERAGES = tuple(one for one in NeedCoverage if one is not NeedCoverage.UNKNOWN)
_RANKS = MappingProxyType({result.value: rank for rank, result in enumerate(RESULTS)})
_MOST = 100 * 100  # answers remembered


class Said(NamedTuple):
    """What a gate says today, and all that it may say once everything is known."""

    today: int
    ranks: Ranks


class Tables(NamedTuple):
    """The table of each gate."""

    real: Compiled
    need: Compiled
    win: Compiled
    worth: Compiled


class Bench(NamedTuple):
    """The gates of one policy."""

    real: Callable[[Tris], Said]
    need: Callable[[NeedKind, Tri, NeedCoverage], Ranks]
    any_need: Ranks
    win: Callable[[int, int], Ranks]
    worth: Callable[[int, int, Marks], Ranks]
    telling: Callable[[int, int, Marks], frozenset[str]]


def index_of(total: int, count: int) -> float:
    """Return the win index of *count* factors whose scores add up to *total* (S1-11f).

    >>> index_of(-3, 5)
    0.35
    """
    return (total + 2 * count) / (2 * 2 * count)


def sums(total: int, unknown: int) -> range:
    """Return what the scores may add up to, each unknown one being any score."""
    return range(total + unknown * SCORES[0], total + unknown * SCORES[-1] + 1)


def bench_of(tables: Tables, marks: tuple[int, ...], count: int) -> Bench:
    """Set the gates up to be asked often.

    *marks* are those of the returns, *count* is how many win factors there are.
    """
    remember = functools.lru_cache(_MOST)
    need = remember(functools.partial(_need, tables.need.possible))
    grid = functools.partial(_grid, tables.worth.possible, marks, {})
    every_need = itertools.product(NeedKind, _ANSWERS, _COVERAGES)
    return Bench(
        remember(functools.partial(_real, tables.real.possible)),
        need,
        tuple(sorted({rank for one in every_need for rank in need(*one)})),
        remember(functools.partial(_win, tables.win.possible, count)),
        remember(functools.partial(_worth, grid)),
        remember(functools.partial(_telling, grid)),
    )


def _ask(possible: _Asked, about: FactSchema, row: tuple[FactValue, ...]) -> Ranks:
    return tuple(_RANKS[slug] for slug in possible(Facts(about, row)))


def _real(possible: _Asked, answers: Tris) -> Said:
    """Judge gate 1; what is not known may still let it pass, if the rows say so."""
    row = tuple(None if answer is Tri.UNKNOWN else answer for answer in answers)
    today = _ask(possible, REAL_FACTS, row)
    ways = itertools.product(*map(_either, answers))
    found = {_ask(possible, REAL_FACTS, way)[0] for way in ways}
    ranks = tuple(sorted(found))
    if len(ranks) == 1:
        today = ranks
    return Said(today[0] if len(today) == 1 else HOLD, ranks)


def _either(answer: Tri) -> tuple[Tri, ...]:
    return _ANSWERS if answer is Tri.UNKNOWN else (answer,)


def _need(
    possible: _Asked, kind: NeedKind, mandatory: Tri, coverage: NeedCoverage
) -> Ranks:
    is_open = coverage is NeedCoverage.UNKNOWN
    coverages = _COVERAGES if is_open else (coverage,)
    found = {
        _ask(possible, NEED_FACTS, (kind.value, answer, one.value))[0]
        for answer, one in itertools.product(_either(mandatory), coverages)
    }
    return tuple(sorted(found))


def _win(possible: _Asked, count: int, total: int, unknown: int) -> Ranks:
    found = {
        _ask(possible, WIN_FACTS, (index_of(one, count),))[0]
        for one in sums(total, unknown)
    }
    return tuple(sorted(found))


_Cell: TypeAlias = tuple[int, ...]
"""The step of the return and the four marks, all known."""


def _grid(
    possible: _Asked, returns: tuple[int, ...], known: dict[_Cell, int], cell: _Cell
) -> int:
    """Judge gate 4 where everything is known; every cell is judged once."""
    rank = known.get(cell)
    if rank is None:
        step, *marks = cell
        importance, direction, side_effects, deviation = marks
        mark = returns[step]
        total = mark + importance + direction - side_effects - deviation
        row = tuple(float(number) for number in (total, mark, *marks))
        rank = known[cell] = _ask(possible, WORTH_FACTS, row)[0]
    return rank


def _cells(first: int, last: int, marks: Marks) -> Iterator[_Cell]:
    choices = (MARKS if mark is None else (mark,) for mark in marks)
    return itertools.product(range(first, last + 1), *choices)


def _worth(grid: Callable[[_Cell], int], first: int, last: int, marks: Marks) -> Ranks:
    return tuple(sorted({grid(cell) for cell in _cells(first, last, marks)}))


def _telling(
    grid: Callable[[_Cell], int], first: int, last: int, marks: Marks
) -> frozenset[str]:
    """Return the unknown marks that may make a difference, and whether the return may.

    A name counts where, all else being equal, two of its values are judged apart.
    """
    found = set()
    cells = {cell: grid(cell) for cell in _cells(first, last, marks)}
    for at, name in enumerate(("return_mark", *MARK_NAMES)):
        apart: dict[_Cell, set[int]] = {}
        for cell, rank in cells.items():
            apart.setdefault((*cell[:at], *cell[at + 1 :]), set()).add(rank)
        if any(len(ranks) > 1 for ranks in apart.values()):
            found.add(name)
    return frozenset(found)


def fold(needs: Iterable[Ranks]) -> Ranks:
    """Return what the worst of several needs may say; of none, that all is well."""
    return functools.reduce(worst_of, needs, (PASS,))
