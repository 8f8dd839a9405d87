"""How a hook refuses a value: one coded problem, whose path the caller completes."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Mapping
from decimal import Decimal

from keyaccount.exceptions import (
    InvalidValueError,
    KeyAccountError,
    Problem,
    Problems,
    ReadError,
    shorten,
)


__all__ = ["NULL", "Found", "place", "problems_of", "refusal"]


class _Null:
    """JSON's nothing, quoted in a message as JSON writes it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "null"


NULL = _Null()


def refusal(code: str, got: object = NULL, expected: str | None = None) -> ReadError:
    """Build the error of one value; NULL or None shows as `null`."""
    return ReadError("value", (problem("$", code, got, expected),))


def problem(path: str, code: str, got: object, expected: str | None = None) -> Problem:
    """Build one problem; amounts are quoted as they were written."""
    data = [
        ("got", str(got)[:_MOST_LETTERS] if isinstance(got, Decimal) else _quoted(got))
    ]
    if expected is not None:
        data.append(("expected", expected))
    return Problem(path, code, tuple(data))


_MOST_LETTERS = 80


def _quoted(got: object) -> str:
    if isinstance(got, Mapping | list | tuple | set | frozenset):
        return reprlib.repr(got)[:_MOST_LETTERS]  # however large it is
    return shorten(NULL if got is None else got)


_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,79}")


def place(key: str) -> str:
    """Write a key as a step of a path: `.share`, or `["odd key"]`."""
    return f".{key}" if _PLAIN.fullmatch(key) else f"[{shorten(key)}]"


def problems_of(error: KeyAccountError) -> tuple[Problem, ...]:
    """Return what an error of ours says, as problems at the value itself."""
    if isinstance(error, InvalidValueError):
        return error.problems
    return (Problem("$", error.code, tuple(error.data.items())),)


class Found(Problems):
    """Collects the problems of the parts of a value."""

    __slots__ = ()

    def under(self, step: str, error: KeyAccountError) -> None:
        """Note what is wrong with the part at *step* (`.share`, `[2]`)."""
        self.extend(part.under(f"${step}") for part in problems_of(error))

    def note(self, step: str, code: str, got: object, expected: str) -> None:
        """Note one problem at *step*."""
        self.extend((problem(f"${step}", code, got, expected),))

    def stop(self) -> None:
        """Raise if anything was noted."""
        if self:
            raise ReadError("value", self.all())
