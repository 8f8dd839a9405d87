"""What a rule is written in: a few words that every engine of columns has.

A rule is put into columns in one place (`_rails`, `_marks`, `_ranks`), over
expressions of any kind that can be compared, joined by `& | ~`, added and
multiplied. What kind they are is for the language to say: `_columns` has narwhals
expressions, `_loop` the syntax nodes of one fused loop.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeAlias, TypeVar

from keyaccount.rules import Criterion


__all__ = ["E", "FactWords", "Language", "Truth", "both", "either", "negate"]


E = TypeVar("E", bound=Any)
"""An expression over columns: it has operators, as numbers and conditions have."""

E_co = TypeVar("E_co", bound=Any, covariant=True)

Truth: TypeAlias = E | bool
"""A condition; True or False where it comes out alike in every row."""


class FactWords(Protocol[E_co]):
    """The words that conditions need: what is known of the facts."""

    def known(self, fact: str) -> Truth[E_co]:
        """Say where a fact is known."""
        ...

    def number(self, fact: str) -> E_co:
        """Return a number; what stands where it is unknown is nobody's business."""
        ...

    def is_slug(self, fact: str, slug: str) -> E_co:
        """Say where a choice is this one; what it says of an unknown is not asked."""
        ...

    def is_yes(self, fact: str) -> Truth[E_co]:
        """Say where the answer is yes; what it says of an unknown is not asked."""
        ...


class Language(FactWords[E], Protocol[E]):
    """The words that rules need beside the operators of an expression."""

    def is_nothing(self, criterion: Criterion) -> bool:
        """Say whether an unknown fact is read as one that is worth nothing."""
        ...

    def choose(self, when: E, then: E | float, otherwise: E | float) -> E:
        """Choose between two numbers, row by row."""
        ...

    def constant(self, number: float) -> E:
        """Return the same number in every row."""
        ...

    def held(self, mark: E) -> E:
        """Hold a number between 0 and 100; a minus zero may stay one."""
        ...

    def form(self, criterion: Criterion) -> E | None:
        """Return the mark that a caller's own column form gives, if there is one."""
        ...

    def strange(self, criterion: Criterion) -> E:
        """Return the mark from 0 to 100 of a scorer that is not ours."""
        ...

    def rank(self, at: int | None) -> E | None:
        """Return the rank of an outcome; None stands for no outcome."""
        ...

    def choose_rank(self, when: E, then: E | None, otherwise: E | None) -> E | None:
        """Choose between two ranks, row by row."""
        ...

    def outrank(self, one: E | None, other: E | None, *, highest: bool) -> E | None:
        """Return the higher, or the lower, of two ranks; none yields to any."""
        ...


def both(terms: Iterable[Truth[E]]) -> Truth[E]:
    """Join by and; what is known beforehand needs no engine."""
    found: list[E] = []
    for term in terms:
        if term is False:
            return False
        if term is not True:
            found.append(term)
    return _joined(found, operator.and_) if found else True


def either(terms: Iterable[Truth[E]]) -> Truth[E]:
    """Join by or."""
    found: list[E] = []
    for term in terms:
        if term is True:
            return True
        if term is not False:
            found.append(term)
    return _joined(found, operator.or_) if found else False


def _joined(terms: list[E], join: Callable[[Any, Any], Any]) -> E:
    """Join in pairs: engines follow an expression down, and 500 steps are too deep."""
    while len(terms) > 1:
        pairs = zip(terms[::2], terms[1::2], strict=False)
        odd = terms[len(terms) // 2 * 2 :]
        terms = [join(one, other) for one, other in pairs] + odd
    return terms[0]


def negate(term: Truth[E]) -> Truth[E]:
    """Turn a condition round."""
    return (not term) if isinstance(term, bool) else ~term
