"""Conditions as text: a small part of Python's expressions, read without running it.

    gross_margin >= 0.3 and not dispute
    0.1 <= growth_ratio < 0.3 or timing in ("pre", "doc")
    known(influence) and composite >= enter_strategic

A name beside a comparison is a fact; a name that the policy lists among its numbers
may stand for the constant. A bare name asks whether a yes-no fact is yes.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import TypeAlias

from keyaccount.exceptions import ReadError, nearest
from keyaccount.rules import (
    All,
    Any,
    Between,
    Compare,
    Condition,
    Known,
    Named,
    Not,
    OneOf,
    Op,
    Yes,
)

from ._context import Numbers
from ._refusals import refusal


__all__ = ["DEEPEST", "LONGEST", "condition", "finite"]


LONGEST, DEEPEST = 500, 16
_NO_NUMBERS: Numbers = MappingProxyType({})
_OPS: Mapping[type[ast.cmpop], Op] = MappingProxyType(
    {
        ast.GtE: Op.GE,
        ast.Gt: Op.GT,
        ast.LtE: Op.LE,
        ast.Lt: Op.LT,
        ast.Eq: Op.EQ,
        ast.NotEq: Op.NE,
    }
)
_FLIPPED: Mapping[Op, Op] = MappingProxyType(
    {Op.GE: Op.LE, Op.GT: Op.LT, Op.LE: Op.GE, Op.LT: Op.GT, Op.EQ: Op.EQ, Op.NE: Op.NE}
)
_SOUND_ESCAPE = re.compile(r"\\[\\'\"]")


def condition(text: str, numbers: Numbers = _NO_NUMBERS) -> Condition:
    """Read a condition; *numbers* are the policy's, which it may name.

    >>> condition('gross_margin >= 0.3 and timing in ("pre", "doc")').terms[1]
    OneOf(fact='timing', choices=('pre', 'doc'))

    Raises:
        ReadError: not this small language, or a number that nobody offers.
    """
    if not isinstance(text, str):
        raise refusal("wrong-type", text, 'text, such as "gross_margin >= 0.3"')
    if len(text) > LONGEST:
        raise refusal("too-long", text, f"{LONGEST} characters")
    try:
        return _Reader(numbers).read(_parsed(text), 1)
    except ReadError as error:
        raise ReadError("condition", error.problems) from None


def _parsed(text: str) -> ast.expr:
    line = re.sub(r"[\n\r\t]", " ", text).strip()
    if not line:
        raise refusal("empty", "", "one comparison")
    if not line.isprintable():
        raise refusal("not-text", text)
    if "\n" in text.strip() and "#" in text:
        raise _unclear(text, "leave comments out of a text of several lines")
    if "\\" in _SOUND_ESCAPE.sub("", line):
        raise _unclear(text, "write a backslash as \\\\")
    try:
        return ast.parse(line, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        hint = 'compare a fact with a number, as in "gross_margin >= 0.3"'
        raise _unclear(text, hint) from None


def _unclear(got: str, hint: str) -> ReadError:
    return refusal("bad-syntax", got, hint)


_HINTS: Mapping[type[ast.expr], str] = MappingProxyType(
    {
        ast.BinOp: "arithmetic is no condition: compare a derived fact or a number",
        ast.Call: "the only call is known(fact)",
        ast.Attribute: "a fact has a plain name, without points",
        ast.Subscript: "a fact has a plain name, without brackets",
        ast.IfExp: "write and, or, not instead of if",
        ast.Lambda: "nothing is called here: compare a fact with a constant",
        ast.Constant: "a constant alone asks nothing: compare a fact with it",
        ast.UnaryOp: "only not may stand before a question, and - before a number",
        ast.NamedExpr: "nothing is assigned here: write == to compare",
    }
)
_ANY_HINT = "compare a fact with a constant; join with and, or, not"
_TWO_FACTS = "two facts are not compared: a ratio of them is a fact of its own"

_Constant: TypeAlias = float | str | tuple[str, ...]


class _Reader:
    """Turns the syntax tree of one text into a condition."""

    __slots__ = ("_numbers",)

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers

    def read(self, node: ast.expr, level: int) -> Condition:
        if level > DEEPEST:
            raise refusal("too-deep", "the condition", str(DEEPEST))
        match node:
            case ast.BoolOp(op=ast.And(), values=values):
                return All(tuple(self.read(value, level + 1) for value in values))
            case ast.BoolOp(values=values):
                return Any(tuple(self.read(value, level + 1) for value in values))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Not(self.read(operand, level + 1))
            case ast.Name(id=name):
                return Yes(name)
            case ast.Call(func=ast.Name(id="known"), args=[ast.Name(id=name)]):
                if not node.keywords:
                    return Known(name)
                raise _refused(node)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self._comparison(node, left, op, right)
            case ast.Compare(left=left, ops=[one, two], comparators=[middle, right]):
                return self._chain(node, (left, middle, right), (one, two))
            case ast.Compare():
                raise _unclear(
                    _source(node), "a chain has two signs: low <= fact < high"
                )
            case _:
                raise _refused(node)

    def _comparison(
        self, node: ast.expr, left: ast.expr, op: ast.cmpop, right: ast.expr
    ) -> Condition:
        if isinstance(op, ast.In | ast.NotIn):
            found: Condition = OneOf(self._fact(left), self._choices(right))
            return Not(found) if isinstance(op, ast.NotIn) else found
        sign = _OPS.get(type(op))
        if sign is None:
            raise _unclear(_source(node), "write == instead of is")
        if self._is_constant(left) and not self._is_constant(right):
            left, right, sign = right, left, _FLIPPED[sign]
        name, constant = self._fact(left), self._constant(right)
        if not isinstance(constant, float):
            return self._choice(node, name, sign, constant)
        return Compare(name, sign, constant)

    def _choice(
        self, node: ast.expr, name: str, sign: Op, constant: _Constant
    ) -> Condition:
        if isinstance(constant, str) and sign is Op.EQ:
            return OneOf(name, (constant,))
        if isinstance(constant, str) and sign is Op.NE:
            return Not(OneOf(name, (constant,)))
        hint = "choices have no order: use ==, != or in"
        raise _unclear(_source(node), hint)

    def _chain(
        self,
        node: ast.expr,
        parts: tuple[ast.expr, ast.expr, ast.expr],
        ops: tuple[ast.cmpop, ast.cmpop],
    ) -> Condition:
        low, middle, high = parts
        signs = [_OPS.get(type(op)) for op in ops]
        if set(signs) <= {Op.GE, Op.GT}:
            low, high = high, low
            signs = [_FLIPPED[sign] for sign in reversed(signs) if sign is not None]
        if not set(signs) <= {Op.LE, Op.LT}:
            raise _unclear(_source(node), "write a chain as low <= fact < high")
        name = self._fact(middle)
        least, most = self._number(low), self._number(high)
        return Between(name, least, most, signs[0] is Op.LE, signs[1] is Op.LE)

    def _is_constant(self, node: ast.expr) -> bool:
        return not isinstance(node, ast.Name) or node.id in self._numbers

    def _fact(self, node: ast.expr) -> str:
        if isinstance(node, ast.Name):
            return node.id
        if isinstance(node, ast.Constant):
            raise _unclear(_source(node), "name a fact beside it: one is compared here")
        raise _refused(node)

    def _choices(self, node: ast.expr) -> tuple[str, ...]:
        hint = 'list choices after in, as in timing in ("pre", "doc")'
        if not isinstance(node, ast.Tuple | ast.List | ast.Set):
            raise _unclear(_source(node), hint)
        found = []
        for part in node.elts:
            if not (isinstance(part, ast.Constant) and isinstance(part.value, str)):
                raise _unclear(_source(node), hint)
            if part.value in found:
                raise refusal("duplicate", part.value)
            found.append(part.value)
        if not found:
            raise refusal("empty", "", "one choice")
        return tuple(found)

    def _constant(self, node: ast.expr) -> float | str:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value
        return self._number(node)

    def _number(self, node: ast.expr) -> float:
        match node:
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant() as operand):
                return -self._number(operand)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Name(id=name)):
                raise _unclear(f"-{name}", "make the number itself negative")
            case ast.Constant(value=bool()):
                hint = "a yes-no fact stands alone: write fact, or not fact"
                raise _unclear(_source(node), hint)
            case ast.Constant(value=int() | float() as value):
                return finite(value)
            case ast.Name(id=name) if name in self._numbers:
                return Named(finite(self._numbers[name]), name)
            case ast.Name(id=name):
                offered = nearest(name, self._numbers) if self._numbers else _TWO_FACTS
                raise refusal("unknown-number", name, offered)
            case ast.Constant():
                hint = "compare with a number; a choice is compared with == or in"
                raise _unclear(_source(node), hint)
            case _:
                raise _refused(node)


def finite(value: float | Decimal) -> float:
    """Return the number as a float, refuse one that is not finite."""
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise refusal("not-finite", value)
    return number


def _refused(node: ast.expr) -> ReadError:
    return _unclear(_source(node), _HINTS.get(type(node), _ANY_HINT))


def _source(node: ast.expr) -> str:
    try:
        return ast.unparse(node)
    except RecursionError:
        return "an expression without end"
