"""What would have to move: the least change of one lever, or of a few together.

A lever is a figure that people can move; facts that hang together follow from the
levers, so the judge is asked anew for every figure. Whatever is reported was judged
exactly as reported. A set of several changes is a small one, not always the
smallest.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TypeAlias

import attrs

from keyaccount.exceptions import Problems


__all__ = ["Change", "Lever", "Lift", "reach"]


@attrs.frozen
class Lever:
    """A figure, where it stands, how far it can go, and in what steps.

    One that is not `movable` stays where it is and is never named in an answer.
    """

    name: str
    now: Decimal
    least: Decimal
    most: Decimal
    step: Decimal
    movable: bool = True
    unit: str = ""

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        for name in ("now", "least", "most", "step"):
            value = getattr(self, name)
            if not isinstance(value, Decimal):
                problems.add(name, "wrong-type", value, "a Decimal")
            elif not value.is_finite():
                problems.add(name, "not-finite", value)
        if not problems:
            if not self.least <= self.now <= self.most:
                span = f"from {self.least} to {self.most}"
                problems.add("now", "out-of-range", self.now, span)
            if self.step <= 0:
                problems.add("step", "out-of-range", self.step, "above 0")
            elif _is_endless(self.most, self.least, self.step):
                problems.add("step", "out-of-range", self.step, "coarser for this span")
        problems.check(f"lever {self.name}")


_MOST_STEPS = 10**15


def _is_endless(most: Decimal, least: Decimal, step: Decimal) -> bool:
    try:
        return (most - least) / step > _MOST_STEPS
    except ArithmeticError:  # beyond what Decimal can hold
        return True


@attrs.frozen
class Change:
    """One lever, moved."""

    lever: Lever
    now: Decimal
    to: Decimal


@attrs.frozen
class Lift:
    """The changes that together reach what was asked for."""

    changes: tuple[Change, ...]


Figures: TypeAlias = Mapping[str, Decimal]


def reach(
    levers: Iterable[Lever], judge: Callable[[Figures], bool]
) -> tuple[Lift, ...]:
    """Return what reaches the aim: each lever that does so alone, else a few together.

    Args:
        levers: What can move; names must differ.
        judge: Whether the aim is reached with these figures, one for every lever.

    Returns:
        For each lever that can do it alone its least change, to the step, in the
        order of the levers; if none can, one set of two or more. Nothing if the aim
        is reached already, or not to be reached.
    """
    asked = tuple(levers)
    names = [lever.name for lever in asked]
    problems = Problems()
    for name in sorted({name for name in names if names.count(name) > 1}):
        problems.add("levers", "duplicate", name)
    problems.check("levers")
    search = _Search({lever.name: lever.now for lever in asked}, judge)
    if search.reaches(()):
        return ()
    roads = [_roads(lever) for lever in asked if lever.movable]
    single = tuple(
        Lift((least.change,)) for pair in roads if (least := search.nearest(pair))
    )
    if single:
        return single
    together = search.together([pair for pair in roads if pair])
    return (Lift(tuple(road.change for road in together)),) if together else ()


@attrs.frozen
class _Road:
    """A lever's way to one of its ends, walked so many steps far."""

    lever: Lever
    is_up: bool
    steps: int

    @property
    def to(self) -> Decimal:
        """Where the lever then stands; the last step may be a short one."""
        if self.is_up:
            return min(self.lever.now + self.steps * self.lever.step, self.lever.most)
        return max(self.lever.now - self.steps * self.lever.step, self.lever.least)

    @property
    def change(self) -> Change:
        return Change(self.lever, self.lever.now, self.to)

    @property
    def far(self) -> Decimal:
        return abs(self.to - self.lever.now)

    def at(self, steps: int) -> _Road:
        """Return the same way, walked only so far."""
        return attrs.evolve(self, steps=steps)


def _roads(lever: Lever) -> tuple[_Road, ...]:
    """Return the ways to the ends where there is one, up first."""
    up, down = lever.most - lever.now, lever.now - lever.least
    ways = ((True, up), (False, down))
    return tuple(
        _Road(lever, is_up, _steps(room, lever.step)) for is_up, room in ways if room
    )


def _steps(room: Decimal, step: Decimal) -> int:
    whole, rest = divmod(room, step)
    return int(whole) + bool(rest)


_PARTS = 8  # of the way to an end: a judge that is not monotone is looked at there


@attrs.frozen
class _Search:
    """The figures as they are, and the judge of any others."""

    now: dict[str, Decimal]
    judge: Callable[[Figures], bool]

    def reaches(self, roads: Iterable[_Road]) -> bool:
        """Return whether the aim is reached with these levers moved."""
        return self.judge({**self.now, **{road.lever.name: road.to for road in roads}})

    def nearest(self, pair: tuple[_Road, ...]) -> _Road | None:
        """Return the smaller of the least moves up and down that reach alone."""
        found = [least for road in pair if (least := self._least(road)) is not None]
        return min(found, key=lambda road: road.far, default=None)

    def _least(self, road: _Road) -> _Road | None:
        before = 0
        for steps in _marks(road.steps):
            if self.reaches((road.at(steps),)):
                return self._shrunk(road.at(steps), (), before)
            before = steps
        return None

    def _shrunk(self, road: _Road, others: tuple[_Road, ...], before: int = 0) -> _Road:
        """Walk back while it still reaches; *before* is known not to, or is nothing."""
        low, high = before, road.steps
        while high - low > 1:
            middle = (low + high) // 2
            if self.reaches((*others, road.at(middle))):
                high = middle
            else:
                low = middle
        return road.at(high)

    def together(self, roads: list[tuple[_Road, ...]]) -> tuple[_Road, ...]:
        """Return a small set of moves that reaches; nothing if none is found."""
        for moved in _sets(roads):
            if self.reaches(moved):
                return self._trimmed(moved)
        return ()

    def _trimmed(self, moved: tuple[_Road, ...]) -> tuple[_Road, ...]:
        """Leave out what is not needed, come back together, then one by one."""
        kept = moved
        for road in moved:
            fewer = tuple(other for other in kept if other is not road)
            if len(fewer) > 1 and self.reaches(fewer):
                kept = fewer
        moved = self._come_back(kept)
        for at, road in enumerate(moved):
            others = (*moved[:at], *moved[at + 1 :])
            moved = (*moved[:at], self._shrunk(road, others), *moved[at + 1 :])
        return moved

    def _come_back(self, moved: tuple[_Road, ...]) -> tuple[_Road, ...]:
        """Walk all of them back by the same part of their way while it reaches."""
        low, high = 0, _FINE
        while high - low > 1:
            middle = (low + high) // 2
            if self.reaches(_part(moved, middle)):
                high = middle
            else:
                low = middle
        return _part(moved, high)


_FINE = 1024


def _part(moved: tuple[_Road, ...], part: int) -> tuple[_Road, ...]:
    """Return each way walked by a part of it, at least one step."""
    return tuple(road.at(-(-road.steps * part // _FINE)) for road in moved)


def _marks(steps: int) -> list[int]:
    """Return how far along a way to look: at every eighth, and at the end."""
    return sorted({-(-steps * part // _PARTS) for part in range(1, _PARTS + 1)})


_MOST_SETS = 1024


def _sets(roads: list[tuple[_Road, ...]]) -> Iterator[tuple[_Road, ...]]:
    """Yield sets of levers at their ends: every two, then all of them."""
    pairs = (
        ends
        for left, right in itertools.combinations(roads, 2)
        for ends in itertools.product(left, right)
    )
    yield from pairs
    if len(roads) > 2:  # noqa: PLR2004 - two were looked at
        yield from itertools.islice(itertools.product(*roads), _MOST_SETS)
