"""Totals of very many independent deals on an even grid, at the speed of C.

A row of chances is kept as one whole number, a slot for each cell of the grid: the
product of two such numbers is the convolution of the rows (Kronecker substitution),
and Python multiplies whole numbers fast. Each chance is kept to as many binary
places as half a slot has, rounded once a step; ends that are less likely than next
to nothing are moved to the edge of the row. Endianness plays no part.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import attrs

from ._sums import Bet, Spread


__all__ = ["Grain", "Row", "lay_out"]


@attrs.frozen
class Grain:
    """How finely chances are kept: so many bytes each, and what counts as nothing."""

    bytes: int
    negligible: float

    @functools.cached_property
    def one(self) -> int:
        """A chance of 1."""
        return int.from_bytes(b"\x80" + bytes(self.bytes - 1), "big")

    @functools.cached_property
    def slot(self) -> int:
        """How many bits a cell takes: room for the product of two chances."""
        return int.from_bytes(b"\xff" * (2 * self.bytes), "big").bit_length()

    def halves(self, size: int) -> int:
        """Return half of the last place in every cell, to round by."""
        half = bytes(self.bytes - 1) + b"\x80" + bytes(self.bytes)
        return int.from_bytes(half * size, "little")


@attrs.frozen
class Row:
    """A row of chances on the grid: *first* is the place of the first cell."""

    first: int
    size: int
    packed: int
    grain: Grain

    def joined(self, other: Row) -> Row:
        """Return the totals of both together."""
        size = self.size + other.size - 1
        doubled = (self.packed * other.packed) << 1
        return _trimmed(
            self.first + other.first, _rounded(doubled, size, self.grain), self.grain
        )

    def with_bet(self, bet: Bet) -> Row:
        """Return the totals with one more deal, its amount in whole steps."""
        return self.joined(_bundle((bet,), self.grain))

    def spread(self) -> Spread:
        """Return the cells that have a chance, in rising order."""
        cells = _cells(self.packed, self.size, self.grain)
        held = [(self.first + at, part) for at, part in enumerate(cells) if part]
        one = self.grain.one
        return Spread.of([at for at, _ in held], [part / one for _, part in held])


def lay_out(bets: Sequence[Bet], grain: Grain, bundle: int) -> Row:
    """Return the totals of deals whose amounts are whole steps of the grid.

    Bundles of deals are laid out one after the other, then joined in pairs, so that
    long rows meet long rows: there multiplication is at its best.
    """
    order = sorted(bets)
    rows = [
        _bundle(order[at : at + bundle], grain) for at in range(0, len(order), bundle)
    ]
    while len(rows) > 1:
        pairs = zip(rows[::2], rows[1::2], strict=False)
        last = rows[-1:] if len(rows) % 2 else []
        rows = [left.joined(right) for left, right in pairs] + last
    return rows[0] if rows else Row(0, 1, grain.one, grain)


def _bundle(bets: Sequence[Bet], grain: Grain) -> Row:
    """Lay deals out one after the other: each is a shift and a sum."""
    size, packed, one = 1, grain.one, grain.one
    for amount, chance in bets:
        won = round(chance * one)
        both = packed * (one - won) + ((packed * won) << (grain.slot * amount))
        size += amount
        packed = int.from_bytes(_rounded(both << 1, size, grain), "little")
    held = bytearray(packed.to_bytes(2 * grain.bytes * size, "little"))
    return _trimmed(0, held, grain)


def _rounded(packed: int, size: int, grain: Grain) -> bytearray:
    """Bring products back to the grain: the upper half of each slot, rounded."""
    half = grain.bytes
    width = 2 * half
    raw = (packed + grain.halves(size)).to_bytes(width * size, "little")
    held = bytearray(width * size)
    for place in range(half):
        held[place::width] = raw[half + place :: width]
    return held


def _trimmed(first: int, held: bytearray, grain: Grain) -> Row:
    """Move ends that are next to nothing to the edge; nothing is lost."""
    width = 2 * grain.bytes
    size = len(held) // width
    most = int(grain.negligible * grain.one)
    low, left = _idle(held, range(size), most, grain)
    high, right = _idle(held, range(size - 1, -1, -1), most, grain)
    packed = int.from_bytes(held[low * width : (size - high) * width], "little")
    kept = size - high - low
    packed += left + (right << (grain.slot * (kept - 1)))
    return Row(first + low, kept, packed, grain)


def _idle(held: bytearray, places: range, most: int, grain: Grain) -> tuple[int, int]:
    """Return how many cells from an end are next to nothing, and their sum."""
    width, total = 2 * grain.bytes, 0
    for count, place in enumerate(places):
        at = place * width
        part = int.from_bytes(held[at : at + grain.bytes], "little")
        if total + part > most:
            return count, total
        total += part
    return 0, 0  # pragma: no cover - a row's chances add up to 1


def _cells(packed: int, size: int, grain: Grain) -> list[int]:
    width = 2 * grain.bytes
    raw = packed.to_bytes(width * size, "little")
    return [
        int.from_bytes(raw[at : at + grain.bytes], "little")
        for at in range(0, width * size, width)
    ]
