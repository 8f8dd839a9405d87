"""Whether the reference and the compiled path say the same: rows, folds, errors."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import TypeVar

from keyaccount.exceptions import KeyAccountError
from keyaccount.rules import (
    Compiled,
    DecisionTable,
    Facts,
    collect,
    judge,
    look_up,
)
from keyaccount.rules._table import Hits, hits


__all__ = ["agree", "answer_or_error", "bits"]


T = TypeVar("T")


def agree(table: DecisionTable, compiled: Compiled, facts: Facts) -> bool:
    """Whether both paths give the same rows, folds, outcomes, decisions and errors."""
    both: tuple[tuple[Callable[[], object], Callable[[], object]], ...] = (
        (lambda: bits(hits(table, facts)), lambda: bits(compiled.hits(facts))),
        (lambda: judge(table, facts), lambda: compiled.possible(facts)),
        (lambda: look_up(table, facts).value, lambda: compiled.answer(facts)),
        (lambda: look_up(table, facts), lambda: compiled.look_up(facts)),
        (lambda: collect(table, facts), lambda: compiled.collect(facts)),
    )
    return all(answer_or_error(one) == answer_or_error(two) for one, two in both)


def bits(found: Hits) -> tuple[int, int, bytes]:
    """Return what was found with its floats as bytes: 0.0 is not -0.0 here."""
    ends = [end for fold in found.folds for end in fold]
    return found.must, found.may, struct.pack(f"{len(ends)}d", *ends)


def answer_or_error(function: Callable[[], T]) -> T | tuple[type[Exception], object]:
    """Return what a function answers, or which error it raises, with all its fields."""
    try:
        return function()
    except KeyAccountError as error:
        return type(error), error.args
