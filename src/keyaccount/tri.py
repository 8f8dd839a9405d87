"""An answer that may be yes, no or not known, and Kleene's three ways to join such.

UNKNOWN never turns into NO or YES by itself: `if answer:` is refused, so that
nobody treats "nobody has asked" as "no".
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import NoReturn


__all__ = ["Tri", "all_of", "any_of", "negate"]


class Tri(enum.Enum):
    """Yes, no, or not known."""

    NO = "no"
    UNKNOWN = "unknown"
    YES = "yes"

    @classmethod
    def of(cls, answer: bool | None) -> Tri:  # noqa: FBT001 - the answer is the value
        """Turn a plain bool into its Tri; None is UNKNOWN.

        >>> Tri.of(True), Tri.of(None)
        (<Tri.YES: 'yes'>, <Tri.UNKNOWN: 'unknown'>)
        """
        if answer is None:
            return cls.UNKNOWN
        return cls.YES if answer else cls.NO

    def __bool__(self) -> NoReturn:
        message = (
            f"{self} is neither true nor false by itself; "
            "compare it: `answer is Tri.YES`"
        )
        raise TypeError(message)


def negate(answer: Tri) -> Tri:
    """Turn yes into no and no into yes; unknown stays unknown."""
    if answer is Tri.UNKNOWN:
        return answer
    return Tri.NO if answer is Tri.YES else Tri.YES


def all_of(answers: Iterable[Tri]) -> Tri:
    """Answer YES if all are, NO as soon as one is, else UNKNOWN; none given is YES.

    >>> all_of([Tri.UNKNOWN, Tri.NO])
    <Tri.NO: 'no'>
    """
    found = Tri.YES
    for answer in answers:
        if answer is Tri.NO:
            return Tri.NO
        if answer is Tri.UNKNOWN:
            found = Tri.UNKNOWN
    return found


def any_of(answers: Iterable[Tri]) -> Tri:
    """Answer YES as soon as one is, NO if all are, else UNKNOWN; none given is NO.

    >>> any_of([Tri.UNKNOWN, Tri.YES])
    <Tri.YES: 'yes'>
    """
    found = Tri.NO
    for answer in answers:
        if answer is Tri.YES:
            return Tri.YES
        if answer is Tri.UNKNOWN:
            found = Tri.UNKNOWN
    return found
