"""Words in which some facts are told otherwise: by an answer, or by a supposition."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import attrs
import narwhals as nw

from ._language import FactWords, Truth, either, negate
from ._rails import Rails


__all__ = ["Supposing"]


@attrs.frozen
class Supposing:
    """What conditions are written in while these facts are as we say.

    `numbers` are known in every row. `answers` are yes or no between two rails: what
    another rule has said of the row. All other facts are as `words` has them.
    """

    words: FactWords[nw.Expr]
    numbers: Mapping[str, nw.Expr] = MappingProxyType({})
    answers: Mapping[str, Rails[nw.Expr]] = MappingProxyType({})

    def known(self, fact: str) -> Truth[nw.Expr]:
        """Say where a fact is known."""
        if fact in self.numbers:
            return True
        answer = self.answers.get(fact)
        if answer is None:
            return self.words.known(fact)
        return answer.is_crisp or either((answer.must, negate(answer.may)))

    def number(self, fact: str) -> nw.Expr:
        """Return a number."""
        number = self.numbers.get(fact)
        return self.words.number(fact) if number is None else number

    def is_slug(self, fact: str, slug: str) -> nw.Expr:
        """Say where a choice is this one."""
        return self.words.is_slug(fact, slug)

    def is_yes(self, fact: str) -> Truth[nw.Expr]:
        """Say where the answer is yes."""
        answer = self.answers.get(fact)
        return self.words.is_yes(fact) if answer is None else answer.must
