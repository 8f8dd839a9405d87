"""Conditions written as Python expressions: on one rail, and on two.

One rail is enough where every fact that is asked for is known. On two, a number
is the span from `low_f3` to `high_f3`, as in the reference evaluation.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple, assert_never

from ._conditions import (
    All,
    Any,
    Between,
    Compare,
    Condition,
    Known,
    Not,
    OneOf,
    Op,
    Yes,
    walk,
)
from ._nodes import all_of, any_of, is_, is_in, not_, test
from ._table import DecisionTable


__all__ = ["Places", "asked", "one_rail", "two_rails"]


class Places(NamedTuple):
    """What facts and scores are called in the code: by their place, not by name."""

    table: DecisionTable

    def of(self, name: str) -> str:
        """Return `f3` for the fourth fact, `s0` for the first scorecard."""
        position = self.table.about.positions.get(name)
        if position is not None:
            return f"f{position}"
        return f"s{[card.name for card in self.table.scorecards].index(name)}"

    def scaled(self, name: str, value: float) -> float:
        """Return the constant that is compared: a fold is a hundred scores."""
        return value * (1.0 if name in self.table.about else 100.0)


def asked(condition: Condition, *kinds: type[Condition]) -> Iterator[str]:
    """Yield the names that questions of these kinds ask for; all kinds if none."""
    for part in walk(condition):
        if not isinstance(part, All | Any | Not) and (
            not kinds or isinstance(part, kinds)
        ):
            yield part.fact


def one_rail(condition: Condition, places: Places) -> ast.expr:
    """Write a condition whose facts are known."""
    match condition:
        case Compare(fact=fact, op=op, value=value):
            return test(places.of(fact), op, places.scaled(fact, value))
        case Between(fact=fact, low=low, high=high):
            low_op, high_op = _ends(condition)
            above = test(places.of(fact), low_op, places.scaled(fact, low))
            below = test(places.of(fact), high_op, places.scaled(fact, high))
            return all_of([above, below])
        case OneOf(fact=fact, choices=choices):
            return is_in(places.of(fact), choices)
        case Known(fact=fact):
            return not_(is_(places.of(fact), None))
        case Yes(fact=fact):
            return is_(places.of(fact), "yes")
        case All(terms=terms):
            return all_of([one_rail(term, places) for term in terms])
        case Any(terms=terms):
            return any_of([one_rail(term, places) for term in terms])
        case Not(term=term):
            return not_(one_rail(term, places))
        case _:
            assert_never(condition)


def two_rails(condition: Condition, places: Places) -> tuple[ast.expr, ast.expr]:
    """Write whether a condition must hold, and whether it may."""
    match condition:
        case Compare(fact=fact, op=op, value=value):
            return _compare(fact, op, value, places)
        case Between(fact=fact, low=low, high=high):
            low_op, high_op = _ends(condition)
            low_must, low_may = _compare(fact, low_op, low, places)
            high_must, high_may = _compare(fact, high_op, high, places)
            return all_of([low_must, high_must]), all_of([low_may, high_may])
        case OneOf(fact=fact) | Yes(fact=fact):
            must, may = one_rail(condition, places), one_rail(condition, places)
            return must, any_of([is_(places.of(fact), None), may])
        case Known():
            return one_rail(condition, places), one_rail(condition, places)
        case All(terms=terms):
            both = [two_rails(term, places) for term in terms]
            return all_of([must for must, _ in both]), all_of([may for _, may in both])
        case Any(terms=terms):
            both = [two_rails(term, places) for term in terms]
            return any_of([must for must, _ in both]), any_of([may for _, may in both])
        case Not(term=term):
            must, may = two_rails(term, places)
            return not_(may), not_(must)
        case _:
            assert_never(condition)


def _compare(
    fact: str, op: Op, value: float, places: Places
) -> tuple[ast.expr, ast.expr]:
    number = places.scaled(fact, value)
    low, high = f"low_{places.of(fact)}", f"high_{places.of(fact)}"
    match op:
        case Op.GE | Op.GT:
            return test(low, op, number), test(high, op, number)
        case Op.LE | Op.LT:
            return test(high, op, number), test(low, op, number)
        case Op.EQ:
            must = all_of([test(low, op, number), test(high, op, number)])
            may = all_of([test(low, Op.LE, number), test(high, Op.GE, number)])
            return must, may
        case Op.NE:
            must = any_of([test(low, Op.GT, number), test(high, Op.LT, number)])
            may = any_of([test(low, op, number), test(high, op, number)])
            return must, may
        case _:
            assert_never(op)


def _ends(condition: Between) -> tuple[Op, Op]:
    low = Op.GE if condition.low_included else Op.GT
    high = Op.LE if condition.high_included else Op.LT
    return low, high
