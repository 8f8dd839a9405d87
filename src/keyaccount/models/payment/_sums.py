"""The parts of a price, judged one by one and added up to a rating.

Shares are whole basis points and so are cover ratios: a piece of a price is a whole
number of basis points of a basis point, and every sum is exact.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import attrs

from keyaccount.domain import MAX_TENOR_DAYS, Controllability, CoverQuality, Safety
from keyaccount.rules import Facts, FactValue, Interval
from keyaccount.tri import Tri

from ._facts import (
    FACTS,
    UNCOVERED,
    WHOLE,
    Slice,
    base_facts,
    covered_facts,
    deposit_cover,
    prepaid_of,
    prepaid_slice,
)
from ._policy import Bench


__all__ = [
    "RATINGS",
    "Case",
    "Exposure",
    "Rating",
    "Sums",
    "exposure",
    "interval",
    "judge",
]


@functools.total_ordering
@attrs.frozen
class Rating:
    """How safe and how controllable a term is: one of nine cells, never an average.

    Ratings are ordered by safety, then by controllability; the smaller is better.
    """

    safety: Safety
    controllability: Controllability

    @property
    def slug(self) -> str:
        """Both words as one slug, as labels are looked up."""
        return f"{self.safety.value}-{self.controllability.value}"

    def __str__(self) -> str:
        return f"{self.safety.value}, {self.controllability.value}"

    def __lt__(self, other: Rating) -> bool:
        if not isinstance(other, Rating):
            return NotImplemented
        return self._ranks < other._ranks

    @property
    def _ranks(self) -> tuple[int, int]:
        return self.safety.rank, self.controllability.rank


Levels = tuple[str, ...]

RATINGS: Mapping[tuple[str, str], Rating] = MappingProxyType(
    {
        (safety.value, controllability.value): Rating(safety, controllability)
        for safety in reversed(Safety)
        for controllability in reversed(Controllability)
    }
)
"""Every rating, the worst first."""

_SAFETY: Levels = tuple(level.value for level in reversed(Safety))
_CONTROL: Levels = tuple(level.value for level in reversed(Controllability))
_UNSAFE, _SAFE = _SAFETY[0], _SAFETY[-1]
_UNCONTROLLED, _CONTROLLED = _CONTROL[0], _CONTROL[-1]


class Case(NamedTuple):
    """A term as far as it is known, or one way of filling in what is not."""

    slices: tuple[Slice, ...]
    customised: Tri


class Sums(NamedTuple):
    """What a case comes to: possible levels, worst first, and shares as (low, high).

    Shares are in basis points of a basis point, except for `prepaid`.
    """

    safety: Levels
    controllability: Levels
    unsafe: tuple[int, int]
    uncontrolled: tuple[int, int]
    prepaid: tuple[int, int]

    @property
    def ratings(self) -> tuple[Rating, ...]:
        """The ratings that the levels combine to, the worst first."""
        return tuple(
            RATINGS[safety, control]
            for safety in self.safety
            for control in self.controllability
        )


def judge(case: Case, bench: Bench) -> Sums:
    """Judge every piece of the price by the policy's two tables, and add up.

    Whether the goods are customised is known here: where it is not, both are tried.
    """
    slices, customised = case
    prepaid = prepaid_of(slices)
    known: FactValue = customised
    loss = bench.loss_customised if customised is Tri.YES else bench.loss
    deposit = deposit_cover(prepaid, loss)
    safety_of, control_of = bench.safety, bench.controllability
    safety, control = _Total(_UNSAFE, _SAFE), _Total(_UNCONTROLLED, _CONTROLLED)
    for part in slices:
        share, timing, title, tenor, cover, low, high, _ = part
        if low != high or timing is None:
            _add_open(part, deposit, known, bench, safety, control)
            continue
        if high:
            facts = Facts(FACTS, (timing, title, cover, tenor, deposit, known))
            safety.add(share * high, safety_of(facts))
            control.add(share * high, control_of(facts))
        if high < WHOLE:
            facts = Facts(FACTS, (timing, title, UNCOVERED, tenor, deposit, known))
            safety.add(share * (WHOLE - high), safety_of(facts))
            control.add(share * (WHOLE - high), control_of(facts))
    return Sums(
        safety.levels(bench.most, _SAFETY),
        control.levels(bench.most, _CONTROL),
        (safety.low_worst, safety.high_worst),
        (control.low_worst, control.high_worst),
        prepaid,
    )


class _Total:
    """Adds up, on one axis, what is at the worst level and what is short of the best.

    Levels come worst first; the first says what may be, the last what must be.
    """

    __slots__ = ("best", "high_short", "high_worst", "low_short", "low_worst", "worst")

    def __init__(self, worst: str, best: str) -> None:
        self.worst, self.best = worst, best
        self.low_worst = self.high_worst = self.low_short = self.high_short = 0

    def add(self, units: int, levels: Levels) -> None:
        """Add a piece of which the size is known."""
        most, least = levels[0], levels[-1]
        if most != self.best:
            self.high_short += units
            if most == self.worst:
                self.high_worst += units
            if least != self.best:
                self.low_short += units
                if least == self.worst:
                    self.low_worst += units

    def add_between(self, part: Slice, covered: Levels, base: Levels) -> None:
        """Add a tranche of which *low* to *high* basis points are covered."""
        worst, best = self.worst, self.best
        sure, may = (covered[-1], base[-1]), (covered[0], base[0])
        self.low_worst += _least(part, *[level == worst for level in sure])
        self.high_worst += _most(part, *[level == worst for level in may])
        self.low_short += _least(part, *[level != best for level in sure])
        self.high_short += _most(part, *[level != best for level in may])

    def levels(self, most: int, levels: Levels) -> Levels:
        """Return the levels that the sums allow; *most* may be at the worst."""
        worst, middle, best = levels
        found: Levels = (worst,) if self.high_worst > most else ()
        if self.low_worst <= most and self.high_short:
            found = (*found, middle)
        return found if self.low_short else (*found, best)


def _least(part: Slice, covered: bool, base: bool) -> int:  # noqa: FBT001 - two marks
    return part.share * min(
        _mix(part.low, covered, base), _mix(part.high, covered, base)
    )


def _most(part: Slice, covered: bool, base: bool) -> int:  # noqa: FBT001 - two marks
    return part.share * max(
        _mix(part.low, covered, base), _mix(part.high, covered, base)
    )


def _mix(ratio: int, covered: bool, base: bool) -> int:  # noqa: FBT001 - two marks
    return ratio * covered + (WHOLE - ratio) * base


def _add_open(  # noqa: PLR0913, PLR0917 - a piece of `judge`, and what it works with
    part: Slice,
    deposit: float | None,
    known: FactValue,
    bench: Bench,
    safety: _Total,
    control: _Total,
) -> None:
    """Add a tranche that may be prepaid, or is covered for nobody knows which share."""
    early = base_facts(prepaid_slice(part.share), deposit, known)
    base = base_facts(part, deposit, known)
    covered = covered_facts(part, deposit, known) if part.high else base
    for total, judged, levels in (
        (safety, bench.safety, _SAFETY),
        (control, bench.controllability, _CONTROL),
    ):
        over, under = judged(covered), judged(base)
        if part.timing is None:
            first = judged(early)
            over, under = _either(over, first, levels), _either(under, first, levels)
        total.add_between(part, over, under)


def _either(one: Levels, other: Levels, levels: Levels) -> Levels:
    return tuple(level for level in levels if level in one or level in other)


class Exposure(NamedTuple):
    """Days of credit (times basis points), and what only the buyer stands behind."""

    days: tuple[int, int]
    uncovered: tuple[int, int]


_BUYERS_OWN = frozenset({CoverQuality.OWN_PAPER.value, CoverQuality.NONE.value})


def exposure(slices: tuple[Slice, ...]) -> Exposure:
    """Add up the days of credit, and what nobody but the buyer stands behind."""
    low_days = high_days = low_open = high_open = 0
    for part in slices:
        if part.timing == "pre":
            continue
        share = part.share
        days = MAX_TENOR_DAYS if part.tenor is None else int(part.tenor)
        is_own = part.cover in _BUYERS_OWN
        high_days += share * days
        high_open += share * (WHOLE if is_own or part.choices else WHOLE - part.low)
        if part.timing is not None:
            low_days += 0 if part.tenor is None else share * days
            low_open += share * (WHOLE if is_own else WHOLE - part.high)
    return Exposure((low_days, high_days), (low_open, high_open))


@functools.lru_cache(100 * 100)
def interval(bounds: tuple[int, int], whole: int) -> Interval:
    """Turn exact parts of a whole into shares, by one division each."""
    low, high = bounds
    return Interval(low / whole, high / whole)
