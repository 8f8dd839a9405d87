"""Every combination of representative values at once, one bit for each.

A set of combinations is one long whole number, so that `and`, `or` and `not` of
conditions over two hundred thousand combinations take microseconds. Where there
are more, a seeded sample stands for them.
"""

from __future__ import annotations

import bisect
import functools
import hashlib
import itertools
import math
import operator
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

import attrs

from ._cells import Axis, say_value
from ._conditions import All, Any, Condition, Not, Reading, constants, rails
from ._facts import Facts, FactSchema


__all__ = ["MOST_CELLS", "Grid", "size_of"]


Sets: TypeAlias = tuple[int, int]
Box: TypeAlias = tuple[tuple[int, ...], ...]


MOST_CELLS = 200_000
_SAMPLE = 20_000


def size_of(axes: Sequence[Axis]) -> int:
    """Return how many combinations there are."""
    return math.prod(len(axis.values) for axis in axes)


@attrs.frozen(eq=False)
class Grid:
    """Combinations of values; `masks` has, per axis and value, the bits that have it.

    Bits that differ only on one axis, by one value, lie `strides[axis]` apart.
    """

    about: FactSchema
    axes: tuple[Axis, ...]
    count: int
    masks: dict[str, tuple[int, ...]]
    strides: dict[str, int]
    is_sampled: bool = False

    @classmethod
    def of(cls, about: FactSchema, axes: tuple[Axis, ...]) -> Grid:
        """Lay out every combination, or a sample where there are too many."""
        if size_of(axes) > MOST_CELLS:
            return cls.sample(about, axes)
        masks, strides, stride = {}, {}, 1
        count = size_of(axes)
        for axis in axes:
            period = stride * len(axis.values)
            masks[axis.name] = tuple(
                _repeat(_ones(stride) << at * stride, period, count // period)
                for at in range(len(axis.values))
            )
            strides[axis.name] = stride
            stride = period
        return cls(about, axes, count, masks, strides)

    @classmethod
    def sample(cls, about: FactSchema, axes: tuple[Axis, ...], along: str = "") -> Grid:
        """Draw combinations, always the same ones; *along* an axis, all its values."""
        size = next((len(axis.values) for axis in axes if axis.name == along), 1)
        draws = max(_SAMPLE // size, 2)
        masks = {}
        for axis in axes:
            if axis.name == along:
                row = tuple(_ones(draws) << at * draws for at in range(size))
            else:
                drawn = _drawn(axis, draws)
                row = tuple(_repeat(mask, draws, size) for mask in drawn)
            masks[axis.name] = row
        return cls(about, axes, draws * size, masks, {along: draws}, is_sampled=True)

    @property
    def full(self) -> int:
        """All combinations."""
        return _ones(self.count)

    def rails(self, condition: Condition) -> Sets:
        """Return the combinations where it must hold, and where it may."""
        match condition:
            case All(terms=terms):
                must = may = self.full
                for term in terms:
                    surely, perhaps = self.rails(term)
                    must, may = must & surely, may & perhaps
                return must, may
            case Any(terms=terms):
                must = may = 0
                for term in terms:
                    surely, perhaps = self.rails(term)
                    must, may = must | surely, may | perhaps
                return must, may
            case Not(term=term):
                must, may = self.rails(term)
                return self.full & ~may, self.full & ~must
            case _:
                return self._ask(condition, condition.fact)

    def _ask(self, condition: Condition, name: str) -> Sets:
        """Ask once for every stretch of values that must answer alike."""
        must = may = 0
        readings, below = self._readings[name], self._below[name]
        for first, end in pairwise(self._cuts(condition, name)):
            stretch = below[end] & ~below[first]
            surely, perhaps = rails(condition, readings[first])
            must |= stretch if surely else 0
            may |= stretch if perhaps else 0
        return must, may

    def _cuts(self, condition: Condition, name: str) -> list[int]:
        axis = self._axis[name]
        count = len(axis.values)
        if not axis.is_ordered:
            return list(range(count + 1))
        known = count - (axis.values[-1] is None)
        numbers: tuple[float, ...] = axis.values[:known]  # type: ignore[assignment]  # an ordered axis has numbers
        cuts = {0, known, count}
        for _, constant in constants(condition):
            value = constant * (100.0 if axis.is_score else 1.0)
            cuts.add(bisect.bisect_left(numbers, value))
            cuts.add(bisect.bisect_right(numbers, value))
        return sorted(cuts)

    @functools.cached_property
    def _axis(self) -> dict[str, Axis]:
        return {axis.name: axis for axis in self.axes}

    @functools.cached_property
    def _below(self) -> dict[str, tuple[int, ...]]:
        """For each axis, the bits of all values before a place."""
        return {
            name: tuple(itertools.accumulate(masks, operator.or_, initial=0))
            for name, masks in self.masks.items()
        }

    @functools.cached_property
    def _readings(self) -> dict[str, tuple[Reading, ...]]:
        """For each axis, what its values look like to a condition."""
        return {axis.name: tuple(self._read(axis)) for axis in self.axes}

    def _read(self, axis: Axis) -> Iterator[Reading]:
        nothing = (None,) * len(self.about.facts)
        if axis.is_score:
            for fold in axis.values:
                yield Reading(Facts(self.about, nothing), {axis.name: (fold, fold)})  # type: ignore[dict-item]  # the values of a score are folds
            return
        at = self.about.positions[axis.name]
        for value in axis.values:
            row = (*nothing[:at], value, *nothing[at + 1 :])
            yield Reading(Facts(self.about, row))

    def varies(self, cells: int, along: str) -> int:
        """Return the combinations whose next value on an axis is in another set."""
        has_next = self.full & ~self.masks[along][-1]
        return (cells ^ cells >> self.strides[along]) & has_next

    def cell(self, cells: int) -> tuple[int, ...]:
        """Return the first combination of a set: a place on every axis."""
        first = (cells & -cells).bit_length() - 1
        return tuple(
            next(
                at for at, mask in enumerate(self.masks[axis.name]) if mask >> first & 1
            )
            for axis in self.axes
        )

    def boxes(self, cells: int, most: int) -> Iterator[Box]:
        """Yield the set piece by piece, each as wide as it goes, at most so many."""
        for _ in range(most):
            if not cells:
                return
            box = self._widest(cells)
            yield box
            cells &= ~self._inside(box)

    def _widest(self, cells: int) -> Box:
        box: list[tuple[int, ...]] = [(at,) for at in self.cell(cells)]
        if self.is_sampled:  # a wider claim than the one combination would be a guess
            return tuple(box)
        for place, axis in enumerate(self.axes):
            fits = [
                at
                for at in range(len(axis.values))
                if not self._inside((*box[:place], (at,), *box[place + 1 :])) & ~cells
            ]
            box[place] = _run(fits, box[place][0]) if axis.is_ordered else tuple(fits)
        return tuple(box)

    def _inside(self, box: Box) -> int:
        cells = self.full
        for axis, places in zip(self.axes, box, strict=True):
            within = 0
            for at in places:
                within |= self.masks[axis.name][at]
            cells &= within
        return cells

    def say(self, box: Box) -> str:
        """Write a piece for a message; what may be anything is left out."""
        parts = []
        for axis, places in zip(self.axes, box, strict=True):
            if len(places) == len(axis.values) > 1 and not self.is_sampled:
                continue
            shown = [axis.values[at] for at in places]
            values = [say_value(value, is_score=axis.is_score) for value in shown]
            known = [
                text for text, v in zip(values, shown, strict=True) if v is not None
            ]
            if axis.is_ordered and len(known) > 1:
                unknown = [text for text in values if text not in known]
                values = [*unknown, f"{known[0]}…{known[-1]}"]
            parts.append(f"{axis.name}={'|'.join(values)}")
        return ", ".join(parts) or "*"


def _run(places: list[int], first: int) -> tuple[int, ...]:
    """Return the unbroken stretch of places from the first one on."""
    last = first
    while last + 1 in places:
        last += 1
    return tuple(range(first, last + 1))


def _ones(count: int) -> int:
    return (1 << count) - 1


def _repeat(pattern: int, period: int, times: int) -> int:
    """Write a pattern so many times, one after the other."""
    found, have = pattern, 1
    while have < times:
        more = min(have, times - have)
        found |= (found & _ones(more * period)) << have * period
        have += more
    return found


def _drawn(axis: Axis, draws: int) -> Iterator[int]:
    """Draw so many places on an axis, always the same; yield the bits of each place.

    The first two draws are the two far corners.
    """
    size = len(axis.values)
    seed = f"{axis.name} {draws}".encode()
    drawn = bytes((0, 255)) + hashlib.shake_256(seed).digest(draws - 2)
    for at in range(size):
        first, end = -(-at * 256 // size), -(-(at + 1) * 256 // size)
        ours = b"0" * first + b"1" * (end - first) + b"0" * (256 - end)
        yield int(drawn.translate(ours), 2)
