"""Marks written as Python statements that add `weight × mark` to a fold.

The arithmetic is that of the scorers, operation by operation, so that a fold comes
out the same to the last bit. A part of nothing is left out: it changes no fold.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TypeAlias

from ._conditions import Op
from ._nodes import (
    assign,
    call,
    constant,
    if_,
    item,
    minus,
    name,
    test,
    times,
)
from ._scorecard import Criterion
from ._scorers import AnyScorer, Linear, Lookup, Steps


__all__ = ["Add", "HandOver", "is_ours", "write_mark"]


Add: TypeAlias = Callable[[ast.expr], list[ast.stmt]]
HandOver: TypeAlias = Callable[[object], str]

_FULL = 100.0
_MOST_STEPS = 32  # an if-chain nests as deep as it is long; longer ones are called


def is_ours(scorer: AnyScorer) -> bool:
    """Whether the mark is written in line: then it never blames the scorer."""
    if type(scorer) is Steps:
        return len(scorer.at) <= _MOST_STEPS
    return type(scorer) in {Linear, Lookup}  # not what somebody made of them


def write_mark(
    criterion: Criterion, place: str, add: Add, hand_over: HandOver
) -> list[ast.stmt]:
    """Write what the criterion adds, for the known fact that *place* holds.

    What code cannot hold, a scorer or a table of marks, is *handed over*.
    """
    scorer, weight = criterion.scorer, float(criterion.weight)
    if not isinstance(scorer, Linear | Steps | Lookup) or not is_ours(scorer):
        blamed = constant(criterion.id)
        mark = call("mark_of", name(hand_over(scorer)), name(place), blamed)
        return add(times(constant(weight), mark))
    if isinstance(scorer, Linear):
        return _linear(scorer, place, weight, add)
    if isinstance(scorer, Steps):
        return _steps(scorer, place, weight, add)
    parts = {slug: weight * (float(mark) + 0.0) for slug, mark in scorer.marks}
    return add(item(hand_over(parts), name(place)))


def _linear(scorer: Linear, place: str, weight: float, add: Add) -> list[ast.stmt]:
    low = float(scorer.low)
    above = minus(name(place), constant(low)) if low else name(place)
    between = add(times(constant(weight), name("mark")))
    return [
        assign("mark", times(above, constant(scorer.slope))),
        if_(
            test("mark", Op.GE, _FULL),
            add(constant(weight * _FULL)),
            [if_(test("mark", Op.GT, 0.0), between)],
        ),
    ]


def _steps(scorer: Steps, place: str, weight: float, add: Add) -> list[ast.stmt]:
    def add_mark(mark: float) -> list[ast.stmt]:
        part = weight * (float(mark) + 0.0)
        return add(constant(part)) if part else []

    chain = add_mark(scorer.below)
    for floor, mark in scorer.at:
        number = float(floor) if floor == float(floor) else floor  # a huge int is not
        chain = [if_(test(place, Op.GE, number), add_mark(mark), chain)]
    return chain
