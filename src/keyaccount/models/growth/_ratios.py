"""Ratios of exact amounts: on paper equal is here equal, on paper less is less."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction


__all__ = ["MOST", "against", "change", "is_above", "product", "ratio"]


MOST = 100
"""A comparison counts up to this many times, and so many where a side is nothing."""


def product(one: Decimal | None, other: Decimal | None) -> Fraction | None:
    """Multiply two amounts without loss; unknown if one of them is."""
    if one is None or other is None:
        return None
    return Fraction(one) * Fraction(other)


def ratio(part: Decimal | None, whole: Decimal | None) -> float | None:
    """Divide once and round once; None if either is unknown or the whole is nothing.

    What is not 1 on paper is not 1 here, however close: "equal growth is not lagging"
    (S3-35) and "more than the whole" hang on that.
    """
    if part is None or whole is None or whole == 0:
        return None
    return _rounded(Fraction(part) / Fraction(whole))


def change(now: Decimal | None, before: Decimal | None) -> Fraction | None:
    """Return the growth from one year to the next; nothing grows from nothing."""
    if now is None or before is None or before == 0:
        return None
    return Fraction(now) / Fraction(before) - 1


def against(left: Fraction | None, right: Fraction | None) -> float | None:
    """Return how many times the right the left is, at most MOST either way.

    Where both are nothing they are level.
    """
    if left is None or right is None:
        return None
    if right == 0:
        return 1.0 if left == 0 else math.copysign(MOST, left)
    return min(max(_rounded(left / right), -MOST), float(MOST))


def is_above(part: Decimal | None, whole: Decimal | None) -> bool:
    """Tell whether a part is surely more than its whole."""
    return part is not None and whole is not None and part > whole


def _rounded(exactly: Fraction) -> float:
    found = float(exactly)
    if found == 1 and exactly != 1:
        return math.nextafter(found, 2 if exactly > 1 else 0)
    return found
