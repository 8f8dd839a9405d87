"""Rules in the syntax nodes of one loop: a rule becomes a few lines of arithmetic.

Every operation is a local of the loop's body, and the same operation asked for twice
is the same local. There is no branch: what depends is chosen, so that the compiler
can work out several rows at a time. Nodes, never source text.
"""

from __future__ import annotations

import ast
from typing import TypeAlias

from keyaccount.exceptions import NotColumnarError
from keyaccount.rules import Criterion, FactKind, FactSchema, Linear

from ._language import Truth


__all__ = ["Code", "Loop", "Number"]


_FULL = 100.0


class Code:
    """An expression of the loop; an operator adds a line to the loop's body."""

    __slots__ = ("lines", "node", "text")

    def __init__(self, lines: Lines, node: ast.expr, text: str) -> None:
        self.lines = lines
        self.node = node
        self.text = text

    def __add__(self, other: Number) -> Code:
        return self.lines.reckon(ast.Add, self, other)

    def __radd__(self, other: Number) -> Code:
        return self.lines.reckon(ast.Add, other, self)

    def __sub__(self, other: Number) -> Code:
        return self.lines.reckon(ast.Sub, self, other)

    def __rsub__(self, other: Number) -> Code:
        return self.lines.reckon(ast.Sub, other, self)

    def __mul__(self, other: Number) -> Code:
        return self.lines.reckon(ast.Mult, self, other)

    def __and__(self, other: Code) -> Code:
        return self.lines.reckon(ast.BitAnd, self, other)

    def __or__(self, other: Code) -> Code:
        return self.lines.reckon(ast.BitOr, self, other)

    def __invert__(self) -> Code:
        node = ast.UnaryOp(ast.Not(), self.node)
        return self.lines.add(node, f"not {self.text}")

    def __ge__(self, other: Number) -> Code:
        return self.lines.compare(ast.GtE, self, other)

    def __gt__(self, other: Number) -> Code:
        return self.lines.compare(ast.Gt, self, other)

    def __le__(self, other: Number) -> Code:
        return self.lines.compare(ast.LtE, self, other)

    def __lt__(self, other: Number) -> Code:
        return self.lines.compare(ast.Lt, self, other)

    def __eq__(self, other: Number) -> Code:  # type: ignore[override]  # a condition
        return self.lines.compare(ast.Eq, self, other)

    def __ne__(self, other: Number) -> Code:  # type: ignore[override]  # a condition
        return self.lines.compare(ast.NotEq, self, other)

    __hash__ = object.__hash__


Number: TypeAlias = Code | float
"""What an operator takes: an expression, or the same number in every row.

A whole number is a rank or a code; marks and facts are floats.
"""


class Lines:
    """What the loop does with one row, line by line."""

    def __init__(self) -> None:
        self.body: list[ast.stmt] = []
        self._found: dict[str, Code] = {}

    def __len__(self) -> int:
        return len(self.body)

    def code(self, number: Number) -> Code:
        """Return an expression; a plain number as a constant."""
        if isinstance(number, Code):
            return number
        return Code(self, ast.Constant(number), repr(number))

    def reckon(self, by: type[ast.operator], left: Number, right: Number) -> Code:
        """Join two expressions by an operator."""
        one, two = self.code(left), self.code(right)
        node = ast.BinOp(one.node, by(), two.node)
        return self.add(node, f"{one.text} {by.__name__} {two.text}")

    def compare(self, by: type[ast.cmpop], left: Code, right: Number) -> Code:
        """Compare two expressions."""
        other = self.code(right)
        node = ast.Compare(left.node, [by()], [other.node])
        return self.add(node, f"{left.text} {by.__name__} {other.text}")

    def call(self, word: str, *of: Number) -> Code:
        """Ask one of the compiler's own words (`_words`)."""
        given = [self.code(one) for one in of]
        node = _call(word, *(one.node for one in given))
        return self.add(node, f"{word} {' '.join(one.text for one in given)}")

    def name(self, title: str) -> Code:
        """Return what the loop is given."""
        return Code(self, _name(title), title)

    def add(self, node: ast.expr, text: str) -> Code:
        """Add a line, unless the same stands already; return its local."""
        if text not in self._found:
            title = f"t{len(self._found)}"
            self.body.append(ast.Assign([ast.Name(title, ast.Store())], node))
            self._found[text] = self.name(title)
        return self._found[text]

    def put(self, title: str, value: Number) -> None:
        """Store a value in the row's place of an array."""
        node = _call("put", _name(title), _name("at"), self.code(value).node)
        self.body.append(ast.Expr(node))


def _name(title: str) -> ast.expr:
    return ast.Name(title, ast.Load())


def _call(word: str, *of: ast.expr) -> ast.expr:
    return ast.Call(_name(word), [*of], [])


class Loop:
    """The words of rules in one loop over rows: what `Language` asks for.

    A fact called by its place, `f3`, is an array that the loop is given: numbers with
    NaN where nobody knows, choices by their place and yes-nos as 1 and 0, both −1
    where nobody knows. With *has_nulls* `k3` says, for numbers, where there is one.
    """

    def __init__(
        self, about: FactSchema, *, absent: frozenset[str], has_nulls: bool
    ) -> None:
        self.lines = Lines()
        self._about = about
        self._absent = absent
        self._has_nulls = has_nulls

    def _fact(self, fact: str) -> Code:
        place, at = self._about.positions[fact], self.lines.name("at")
        found = self.lines.call("read", self.lines.name(f"f{place}"), at)
        if not self._has_nulls or self._about[fact].kind is not FactKind.NUMBER:
            return found
        is_there = self.lines.call("read", self.lines.name(f"k{place}"), at) != 0
        return self.lines.call("choose", is_there, found, self.lines.name("nan"))

    def known(self, fact: str) -> Truth[Code]:
        """Say where a fact is known."""
        if fact in self._absent:
            return False
        found = self._fact(fact)
        if self._about[fact].kind is FactKind.NUMBER:
            return self.lines.compare(ast.Eq, found, found)
        return found >= 0

    def is_nothing(self, criterion: Criterion) -> bool:
        """Say whether an unknown fact is read as one that is worth nothing.

        A slope holds NaN at 0, as `held` is written.
        """
        return type(criterion.scorer) is Linear

    def number(self, fact: str) -> Code:
        """Return a number, NaN where it is unknown."""
        return self._fact(fact)

    def is_slug(self, fact: str, slug: str) -> Code:
        """Say where a choice is this one."""
        return self._fact(fact) == self._about[fact].choices.index(slug)

    def is_yes(self, fact: str) -> Code:
        """Say where the answer is yes."""
        return self._fact(fact) == 1

    def choose(self, when: Code, then: Number, otherwise: Number) -> Code:
        """Choose between two numbers, row by row."""
        return self.lines.call("choose", when, then, otherwise)

    def constant(self, number: float) -> Code:
        """Return the same number in every row."""
        return self.lines.code(number)

    def held(self, mark: Code) -> Code:
        """Hold a number between 0 and 100; NaN is above nothing, and becomes 0."""
        above = self.choose(mark > 0.0, mark, 0.0)
        return self.choose(above < _FULL, above, _FULL)

    def form(self, criterion: Criterion) -> None:
        """Return nothing: a caller's own column form is no loop."""
        del criterion

    def strange(self, criterion: Criterion) -> Code:
        """Refuse a scorer that is not ours; `_fused` leaves those to the columns."""
        kind = type(criterion.scorer).__name__
        raise NotColumnarError(criterion.id, kind, "leave fused= out")

    def rank(self, at: int | None) -> Code:
        """Return the rank of an outcome; −1 stands for no outcome."""
        return self.lines.code(-1 if at is None else at)

    def choose_rank(
        self, when: Code, then: Code | None, otherwise: Code | None
    ) -> Code:
        """Choose between two ranks, row by row."""
        one = self.rank(None) if then is None else then
        other = self.rank(None) if otherwise is None else otherwise
        return self.lines.call("choose", when, one, other)

    def outrank(self, one: Code | None, other: Code | None, *, highest: bool) -> Code:
        """Return the higher, or the lower, of two ranks; none yields to any."""
        left = self.rank(None) if one is None else one
        right = self.rank(None) if other is None else other
        if highest:
            return self.lines.call("choose", left > right, left, right)
        is_lower = (left >= 0) & ((right < 0) | (left < right))
        return self.lines.call("choose", is_lower, left, right)
