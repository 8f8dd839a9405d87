"""Conditions written as text, so that reading gives the same ones back."""

from __future__ import annotations

import keyword
from typing import assert_never

from keyaccount.exceptions import InvalidValueError
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
    Yes,
)

from ._condition_text import DEEPEST, LONGEST, finite
from ._refusals import problem


__all__ = ["condition_text"]


def condition_text(condition: Condition) -> str:
    """Write a condition so that `condition` reads the same one back.

    All or any of a single term is written as that term.

    >>> condition_text(Between("growth_ratio", 0.1, 0.3, high_included=False))
    '0.1 <= growth_ratio < 0.3'

    Raises:
        InvalidValueError: what the text cannot say: no terms, an odd name, more than
            500 characters or 16 levels.
    """
    _check_levels(condition, 1)
    text = _write(condition)
    if len(text) > LONGEST:
        raise _unwritable("too-long", text, f"{LONGEST} characters")
    return text


def _check_levels(part: Condition, level: int) -> None:
    if level > DEEPEST:
        raise _unwritable("too-deep", "the condition", str(DEEPEST))
    match part:
        case All(terms=terms) | Any(terms=terms):
            for term in terms:
                _check_levels(term, level + 1)
        case Not(term=term):
            _check_levels(term, level + 1)
        case _:
            return


def _write(part: Condition) -> str:
    match part:
        case Compare(fact=name, op=op, value=value):
            return f"{_name(name)} {op.value} {_literal(value)}"
        case Between(fact=name, low=low, high=high):
            first = "<=" if part.low_included else "<"
            last = "<=" if part.high_included else "<"
            return f"{_literal(low)} {first} {_name(name)} {last} {_literal(high)}"
        case OneOf(fact=name, choices=(choice,)):
            return f"{_name(name)} == {_quoted(choice)}"
        case OneOf(fact=name, choices=choices):
            return f"{_name(name)} in {_listed(choices)}"
        case Known(fact=name):
            return f"known({_name(name)})"
        case Yes(fact=name):
            return _name(name)
        case All(terms=terms):
            return _joined("and", terms, within=(Any, All))
        case Any(terms=terms):
            return _joined("or", terms, within=(Any,))
        case Not(term=term):
            return _negated(_unwrapped(term))
        case _:
            assert_never(part)


def _negated(term: Condition) -> str:
    match term:
        case OneOf(fact=name, choices=(choice,)):
            return f"{_name(name)} != {_quoted(choice)}"
        case OneOf(fact=name, choices=choices):
            return f"{_name(name)} not in {_listed(choices)}"
        case All() | Any():
            return f"not ({_write(term)})"
        case _:
            return f"not {_write(term)}"


def _joined(word: str, terms: tuple[Condition, ...], within: tuple[type, ...]) -> str:
    if not terms:
        raise _unwritable("empty", "", "one term")
    if len(terms) == 1:
        return _write(terms[0])
    written = []
    for term in terms:
        text = _write(term)
        inner = _unwrapped(term)
        written.append(f"({text})" if isinstance(inner, within) else text)
    return f" {word} ".join(written)


def _unwrapped(term: Condition) -> Condition:
    while isinstance(term, All | Any) and len(term.terms) == 1:
        term = term.terms[0]
    return term


def _name(name: str) -> str:
    if not name.isidentifier() or keyword.iskeyword(name):
        raise _unwritable("bad-syntax", name, "use a plain snake_case name")
    return name


def _literal(value: float) -> str:
    if isinstance(value, Named):
        return _name(value.name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _unwritable("wrong-type", value, "a number")
    return repr(finite(value))


def _quoted(choice: str) -> str:
    if not choice.isprintable():
        raise _unwritable("not-text", choice)
    return repr(choice)


def _listed(choices: tuple[str, ...]) -> str:
    if not choices:
        raise _unwritable("empty", "", "one choice")
    return f"({', '.join(map(_quoted, choices))})"


def _unwritable(
    code: str, got: object, expected: str | None = None
) -> InvalidValueError:
    what = "condition"
    return InvalidValueError(what, (problem("$", code, got, expected),))
