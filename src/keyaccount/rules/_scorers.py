"""Ways to turn one fact into a mark from 0 to 100.

Anything callable that does so is a scorer; these are the ones that a policy file
can name, and that have a column form (`Decay` has none).
"""

from __future__ import annotations

import bisect
import math
from itertools import pairwise
from typing import ClassVar, Protocol, TypeAlias

import attrs

from keyaccount.exceptions import Problems, ScorerError, UnknownNameError

from ._checks import check_mark, check_number


__all__ = ["Decay", "Linear", "Lookup", "Scorer", "Steps", "mark_of"]


class Scorer(Protocol):
    """Anything that turns one number into a mark from 0 to 100."""

    def __call__(self, fact: float, /) -> float: ...


def _slope(low: float, high: float) -> float:
    """Return marks per unit of the fact, infinite where the anchors coincide."""
    try:
        return 100.0 / (high - low)
    except ZeroDivisionError:
        return math.inf


@attrs.frozen
class Linear:
    """Mark 0 at *low*, 100 at *high*, straight between, held at both ends.

    `low` above `high` makes the mark fall as the fact rises.
    """

    kind: ClassVar[str] = "linear"

    low: float
    high: float
    slope: float = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        check_number("low", self.low, problems)
        check_number("high", self.high, problems)
        problems.check("linear")
        slope = _slope(float(self.low), float(self.high))
        if not _is_usable(float(self.low), float(self.high), slope):
            apart = "low and high are too close, or too far apart; move them"
            problems.add("", "bad-scorer", f"{self.low!r} to {self.high!r}", apart)
        problems.check("linear")
        object.__setattr__(self, "slope", slope)

    def __call__(self, fact: float, /) -> float:
        mark = (fact - float(self.low)) * self.slope
        if mark <= 0.0:
            return 0.0
        return 100.0 if mark >= 100.0 else mark  # noqa: PLR2004 - a mark's range


_GRID = 1e-9


def _is_usable(low: float, high: float, slope: float) -> bool:
    apart = abs(high - low)
    has_slope = 0.0 < abs(slope) < math.inf
    return has_slope and apart > _GRID * max(abs(low), abs(high), _GRID)


@attrs.frozen
class Steps:
    """Mark by bands: *below* until the first floor, then each floor's mark.

    `at` holds (floor, mark), floors rising; a fact on a floor has its mark.
    """

    kind: ClassVar[str] = "steps"

    at: tuple[tuple[float, float], ...]
    below: float = 0.0

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        if not self.at:
            problems.add("at", "empty", expected="one (floor, mark)")
        for index, (floor, mark) in enumerate(self.at):
            check_number(f"at[{index}]", floor, problems)
            check_mark(f"at[{index}]", mark, problems)
        check_mark("below", self.below, problems)
        problems.check("steps")
        floors = [floor for floor, _ in self.at]
        if any(left >= right for left, right in pairwise(floors)):
            problems.add("at", "not-sorted", floors, "rising")
        problems.check("steps")

    def __call__(self, fact: float, /) -> float:
        index = bisect.bisect_right(self.at, fact, key=lambda step: step[0])
        return float(self.at[index - 1][1]) if index else float(self.below)


@attrs.frozen
class Lookup:
    """Mark a choice by a list of (slug, mark); for a choice fact, not a number."""

    kind: ClassVar[str] = "lookup"

    marks: tuple[tuple[str, float], ...]

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        if not self.marks:
            problems.add("marks", "empty", expected="one (slug, mark)")
        slugs = [slug for slug, _ in self.marks]
        if len(set(slugs)) != len(slugs):
            problems.add("marks", "duplicate", slugs)
        for index, (_, mark) in enumerate(self.marks):
            check_mark(f"marks[{index}]", mark, problems)
        problems.check("lookup")

    def __call__(self, fact: str, /) -> float:
        for slug, mark in self.marks:
            if slug == fact:
                return float(mark)
        raise UnknownNameError("slug", fact, tuple(slug for slug, _ in self.marks))


@attrs.frozen
class Decay:
    """Halve the mark for every *half_life* of the fact: 100 at 0, 50 at one."""

    kind: ClassVar[str] = "decay"

    half_life: float

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        if check_number("half_life", self.half_life, problems) and self.half_life <= 0:
            problems.add("half_life", "out-of-range", self.half_life, "above 0")
        problems.check("decay")

    def __call__(self, fact: float, /) -> float:
        if fact <= 0.0:
            return 100.0
        return 100.0 * math.exp2(-fact / self.half_life)


AnyScorer: TypeAlias = Scorer | Lookup


def mark_of(scorer: AnyScorer, value: float | str, name: str) -> float:
    """Ask a scorer for its mark, and blame it by *name* if that is no mark.

    Raises:
        ScorerError: not a number from 0 to 100.
    """
    mark = scorer(value)  # type: ignore[arg-type]  # number or slug, by Scorecard
    if isinstance(mark, bool) or not isinstance(mark, int | float):
        raise ScorerError(name, value, mark)
    if not 0 <= mark <= 100:  # noqa: PLR2004 - a mark's range
        raise ScorerError(name, value, mark)
    return mark + 0.0
