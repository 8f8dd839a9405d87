"""Conditions in columns, on two rails: must it hold, may it hold?

The same two rails as on one object (`rules.rails`), and neither is ever null: an
unknown number is compared with nothing, its rails are no and yes.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Generic, assert_never

import attrs

from keyaccount import rules
from keyaccount.rules import (
    All,
    Between,
    Compare,
    Condition,
    Known,
    Not,
    OneOf,
    Op,
    Yes,
)

from ._language import E, FactWords, Truth, both, either, negate


__all__ = ["Fold", "Rails", "all_rails", "any_rails", "rails"]


@attrs.frozen
class Rails(Generic[E]):
    """Where a condition must hold, and where it may; one object where both agree."""

    must: Truth[E]
    may: Truth[E]

    @property
    def is_crisp(self) -> bool:
        """Whether nothing unknown comes into it."""
        return self.must is self.may


@attrs.frozen
class Fold(Generic[E]):
    """A scorecard's lowest and highest Σ weight × mark; one object where both agree."""

    low: E
    high: E


_OPEN: Rails[Any] = Rails(must=False, may=True)


def rails(
    condition: Condition, words: FactWords[E], folds: Mapping[str, Fold[E]]
) -> Rails[E]:
    """Write a condition over facts and, by name, over scorecards."""
    match condition:
        case Compare(fact=name, op=op, value=value):
            if name in folds:
                return _of_fold(folds[name], op, value * 100.0)
            return _of_number(name, op, value, words)
        case Between(fact=name, low=low, high=high):
            low_op = Op.GE if condition.low_included else Op.GT
            high_op = Op.LE if condition.high_included else Op.LT
            ends = (Compare(name, low_op, low), Compare(name, high_op, high))
            return all_rails([rails(end, words, folds) for end in ends])
        case OneOf(fact=name, choices=choices):
            if words.known(name) is False:
                return _OPEN
            is_one = either(words.is_slug(name, slug) for slug in choices)
            return _told(words.known(name), is_one)
        case Yes(fact=name):
            if words.known(name) is False:
                return _OPEN
            return _told(words.known(name), words.is_yes(name))
        case Known(fact=name):
            known = words.known(name)
            return Rails(known, known)
        case All(terms=terms):
            return all_rails([rails(term, words, folds) for term in terms])
        case rules.Any(terms=terms):
            return any_rails([rails(term, words, folds) for term in terms])
        case Not(term=term):
            inner = rails(term, words, folds)
            if inner.is_crisp:
                turned = negate(inner.must)
                return Rails(turned, turned)
            return Rails(negate(inner.may), negate(inner.must))
        case _:
            assert_never(condition)


def all_rails(terms: list[Rails[E]]) -> Rails[E]:
    """Join by and."""
    must = both(term.must for term in terms)
    if all(term.is_crisp for term in terms):
        return Rails(must, must)
    return Rails(must, both(term.may for term in terms))


def any_rails(terms: list[Rails[E]]) -> Rails[E]:
    """Join by or."""
    must = either(term.must for term in terms)
    if all(term.is_crisp for term in terms):
        return Rails(must, must)
    return Rails(must, either(term.may for term in terms))


def _of_number(name: str, op: Op, value: float, words: FactWords[E]) -> Rails[E]:
    known = words.known(name)
    if known is False:
        return _OPEN
    return _told(known, _test(words.number(name), op, float(value)))


def _told(known: Truth[E], answer: Truth[E]) -> Rails[E]:
    """Spread an answer that counts only where the fact is known."""
    if known is True:
        return Rails(answer, answer)
    return Rails(both((known, answer)), either((negate(known), answer)))


def _of_fold(fold: Fold[E], op: Op, value: float) -> Rails[E]:
    low, high = fold.low, fold.high
    if low is high:
        answer = _test(low, op, value)
        return Rails(answer, answer)
    match op:
        case Op.GE | Op.GT:
            return Rails(_test(low, op, value), _test(high, op, value))
        case Op.LE | Op.LT:
            return Rails(_test(high, op, value), _test(low, op, value))
        case Op.EQ:
            must = _test(low, op, value) & _test(high, op, value)
            return Rails(must, _test(low, Op.LE, value) & _test(high, Op.GE, value))
        case Op.NE:
            must = _test(low, Op.GT, value) | _test(high, Op.LT, value)
            return Rails(must, _test(low, op, value) | _test(high, op, value))
        case _:
            assert_never(op)


def _test(number: E, op: Op, value: float) -> E:
    answer: E = _OPS[op](number, value)
    return answer


_OPS: Mapping[Op, Callable[[Any, Any], Any]] = MappingProxyType(
    {
        Op.GE: operator.ge,
        Op.GT: operator.gt,
        Op.LE: operator.le,
        Op.LT: operator.lt,
        Op.EQ: operator.eq,
        Op.NE: operator.ne,
    }
)
