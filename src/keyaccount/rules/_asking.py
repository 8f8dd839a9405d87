"""Asking a condition of facts: first whether it fits them, then whether it holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from keyaccount.exceptions import Problems, nearest
from keyaccount.tri import Tri

from ._checks import check_number
from ._conditions import (
    All,
    Any,
    Between,
    Compare,
    Condition,
    Known,
    Not,
    OneOf,
    Reading,
    Yes,
    kleene,
    rails,
    walk,
)
from ._facts import FactKind, Facts, FactSchema


__all__ = ["check_condition", "holds"]


def holds(
    condition: Condition,
    facts: Facts,
    folds: Mapping[str, tuple[float, float]] | None = None,
) -> Tri:
    """Answer YES if the condition must hold, NO if it cannot, else UNKNOWN.

    *folds* gives the scores that the condition names, as `Scorecard.fold` does.

    Raises:
        InvalidValueError: the condition does not fit the facts.
    """
    reading = Reading(facts, folds or {})
    problems = Problems()
    check_condition(condition, facts.schema, tuple(reading.folds), "", problems)
    problems.check("condition")
    return kleene(rails(condition, reading))


_MOST_LEVELS = 16
_CONDITIONS = (Compare, Between, OneOf, Known, Yes, All, Any, Not)


def check_condition(
    condition: Condition,
    schema: FactSchema,
    scores: tuple[str, ...],
    path: str,
    problems: Problems,
) -> int:
    """Note every fact that is not offered, or is of the wrong kind for its question.

    Returns:
        How many parts the condition has.
    """
    levels, parts = _extent(condition)
    if levels > _MOST_LEVELS:
        problems.add(path, "too-deep", expected=_MOST_LEVELS)
        return parts
    for part in walk(condition):
        if not _is_condition(part):
            wanted = "a condition such as fact(…) >= 3, or fact(…).equals(3)"
            problems.add(path, "wrong-type", part, wanted)
            continue
        match part:
            case All(terms=terms) | Any(terms=terms):
                if not terms:
                    problems.add(path, "empty", expected="one term")
            case Not():
                continue
            case Compare(fact=name, value=value):
                _check_fact(name, FactKind.NUMBER, schema, scores, path, problems)
                _check_constants((value,), path, problems)
            case Between(fact=name, low=low, high=high):
                _check_fact(name, FactKind.NUMBER, schema, scores, path, problems)
                if _check_constants((low, high), path, problems) and low > high:
                    problems.add(path, "out-of-range", low, f"at most {high:g}")
            case OneOf(fact=name, choices=choices):
                if _check_fact(name, FactKind.CHOICE, schema, (), path, problems):
                    _check_choices(choices, schema[name].choices, path, problems)
            case Yes(fact=name):
                _check_fact(name, FactKind.YES_NO, schema, (), path, problems)
            case Known(fact=name):
                _check_fact(name, None, schema, (), path, problems)
            case _:
                assert_never(part)
    return parts


def _check_fact(  # noqa: PLR0913, PLR0917 - the parts of one message
    name: str,
    kind: FactKind | None,
    schema: FactSchema,
    scores: tuple[str, ...],
    path: str,
    problems: Problems,
) -> bool:
    if name in scores:
        return True
    if name not in schema:
        offered = (*schema.names, *scores)
        problems.add(path, "unknown-fact", name, nearest(name, offered))
        return False
    if kind is not None and schema[name].kind is not kind:
        expected = f"a {kind.value} fact; it is a {schema[name].kind.value}"
        problems.add(path, "wrong-type", name, expected)
        return False
    return True


def _check_constants(values: tuple[float, ...], path: str, problems: Problems) -> bool:
    are_numbers = [check_number(path, value, problems) for value in values]
    return all(are_numbers)


def _is_condition(part: object) -> bool:
    return isinstance(part, _CONDITIONS)


def _check_choices(
    choices: tuple[str, ...], offered: tuple[str, ...], path: str, problems: Problems
) -> None:
    if not choices:
        problems.add(path, "empty", expected="one choice")
    for choice in choices:
        if choice not in offered:
            problems.add(path, "unknown-choice", choice, nearest(choice, offered))


def _extent(condition: Condition) -> tuple[int, int]:
    """Return how deep a condition goes, and how many parts it has."""
    deepest, parts, stack = 0, 0, [(condition, 1)]
    while stack:
        part, level = stack.pop()
        deepest, parts = max(deepest, level), parts + 1
        match part:
            case All(terms=terms) | Any(terms=terms):
                stack.extend((term, level + 1) for term in terms)
            case Not(term=term):
                stack.append((term, level + 1))
            case _:
                continue
    return deepest, parts
