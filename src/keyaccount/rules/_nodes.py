"""Short ways to build the syntax nodes that `_syntax` writes.

Nodes, never source text: nothing here parses anything. Every node says that it
stands at the very beginning, which the compiler wants to know.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from ._conditions import Op


__all__ = [
    "add_to",
    "all_of",
    "any_of",
    "assign",
    "call",
    "constant",
    "do",
    "function",
    "give",
    "if_",
    "is_",
    "is_in",
    "item",
    "minus",
    "name",
    "not_",
    "part_of",
    "raise_bit",
    "same",
    "test",
    "times",
    "tuple_",
]


_AT: Mapping[str, int] = MappingProxyType({"lineno": 1, "col_offset": 0})
_OPS: Mapping[Op, type[ast.cmpop]] = MappingProxyType(
    {
        Op.GE: ast.GtE,
        Op.GT: ast.Gt,
        Op.LE: ast.LtE,
        Op.LT: ast.Lt,
        Op.EQ: ast.Eq,
        Op.NE: ast.NotEq,
    }
)


def name(text: str) -> ast.expr:
    """Write a name."""
    return ast.Name(text, ast.Load(), **_AT)


def constant(value: float | str | None) -> ast.expr:
    """Write a number, a slug or None."""
    return ast.Constant(value, None, **_AT)


def tuple_(*items: ast.expr) -> ast.expr:
    """Write `(a, b)`."""
    return ast.Tuple([*items], ast.Load(), **_AT)


def part_of(value: str, attribute: str) -> ast.expr:
    """Write `value.attribute`."""
    return ast.Attribute(name(value), attribute, ast.Load(), **_AT)


def item(value: str, key: ast.expr) -> ast.expr:
    """Write `value[key]`."""
    return ast.Subscript(name(value), key, ast.Load(), **_AT)


def call(function: str, *arguments: ast.expr) -> ast.expr:
    """Write `function(a, b)`."""
    return ast.Call(name(function), [*arguments], [], **_AT)


def times(left: ast.expr, right: ast.expr) -> ast.expr:
    """Write `left * right`."""
    return ast.BinOp(left, ast.Mult(), right, **_AT)


def minus(left: ast.expr, right: ast.expr) -> ast.expr:
    """Write `left - right`."""
    return ast.BinOp(left, ast.Sub(), right, **_AT)


def same(left: ast.expr, right: ast.expr) -> ast.expr:
    """Write `left is right`."""
    return ast.Compare(left, [ast.Is()], [right], **_AT)


def test(value: str, op: Op, number: float) -> ast.expr:
    """Write `value >= 0.3`."""
    return ast.Compare(name(value), [_OPS[op]()], [constant(number)], **_AT)


def is_(value: str, other: str | None) -> ast.expr:
    """Write `value is other`, or `value is None`."""
    return same(name(value), constant(None) if other is None else name(other))


def is_in(value: str, choices: tuple[str, ...]) -> ast.expr:
    """Write `value == choice`, or `value in choices` where there are several."""
    if len(choices) == 1:
        return ast.Compare(name(value), [ast.Eq()], [constant(choices[0])], **_AT)
    return ast.Compare(
        name(value), [ast.In()], [tuple_(*map(constant, choices))], **_AT
    )


def not_(term: ast.expr) -> ast.expr:
    """Write `not term`."""
    return ast.UnaryOp(ast.Not(), term, **_AT)


def all_of(terms: Sequence[ast.expr]) -> ast.expr:
    """Write `a and b`."""
    return terms[0] if len(terms) == 1 else ast.BoolOp(ast.And(), [*terms], **_AT)


def any_of(terms: Sequence[ast.expr]) -> ast.expr:
    """Write `a or b`."""
    return terms[0] if len(terms) == 1 else ast.BoolOp(ast.Or(), [*terms], **_AT)


def assign(target: str, value: ast.expr) -> ast.stmt:
    """Write `target = value`."""
    return ast.Assign([ast.Name(target, ast.Store(), **_AT)], value, None, **_AT)


def add_to(target: str, value: ast.expr) -> ast.stmt:
    """Write `target += value`."""
    return ast.AugAssign(ast.Name(target, ast.Store(), **_AT), ast.Add(), value, **_AT)


def raise_bit(target: str, at: int) -> ast.stmt:
    """Write `target |= 1 << at`, with the shift done."""
    return ast.AugAssign(
        ast.Name(target, ast.Store(), **_AT),
        ast.BitOr(),
        ast.Constant(1 << at, None, **_AT),
        **_AT,
    )


def if_(
    condition: ast.expr, body: list[ast.stmt], otherwise: Sequence[ast.stmt] = ()
) -> ast.stmt:
    """Write `if condition: body`, and the `else`."""
    return ast.If(condition, body or [ast.Pass(**_AT)], [*otherwise], **_AT)


def do(value: ast.expr) -> ast.stmt:
    """Write a call for what it does."""
    return ast.Expr(value, **_AT)


def give(value: ast.expr) -> ast.stmt:
    """Write `return value`."""
    return ast.Return(value, **_AT)


def function(title: str, parameter: str, body: list[ast.stmt]) -> ast.FunctionDef:
    """Write `def title(parameter): body`."""
    given = ast.arg(parameter, None, None, **_AT)
    arguments = ast.arguments([], [given], None, [], [], None, [])
    return ast.FunctionDef(title, arguments, body, [], None, None, **_AT)
