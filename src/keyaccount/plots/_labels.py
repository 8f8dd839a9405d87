"""Where a name has room beside its mark, so that no two stand on each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from ._theme import LETTER, TEXT, Row
from ._words import width_of


__all__ = ["Ends", "Named", "lanes", "named"]


Ends: TypeAlias = tuple[float, float]
"""The lowest and the highest of an axis."""

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom, in pixels."""


class Named(NamedTuple):
    """Names that have room, the lines that lead to them, and names that have none.

    `words` bear in the fields of the axes where they begin, or end if they stand to
    the `side` that is left; `leads` begin at the mark, end at `x_end` and `y_end`.
    """

    words: list[Row]
    leads: list[Row]
    missing: list[str]


class _Spot(NamedTuple):
    """Where a name stands: left end, middle line, side, end of the line to it."""

    x: float
    y: float
    side: str
    lead: tuple[float, float] | None


def lanes(spans: Sequence[tuple[float, float]]) -> list[int]:
    """Return for each span the first lane in which it touches no other.

    >>> lanes([(0, 4), (3, 6), (5, 8)])
    [0, 1, 0]
    """
    taken: list[list[tuple[float, float]]] = []
    found = []
    for low, high in spans:
        open_lanes = (
            at
            for at, lane in enumerate(taken)
            if all(high <= left or low >= right for left, right in lane)
        )
        at = next(open_lanes, len(taken))
        if at == len(taken):
            taken.append([])
        taken[at].append((low, high))
        found.append(at)
    return found


def named(
    rows: Sequence[Row],
    fields: tuple[str, str],
    axes: tuple[Ends, Ends],
    size: tuple[int, int],
) -> Named:
    """Find room for the field `text` of each row near its mark, in their order.

    Args:
        rows: the marks.
        fields: where each is on the two axes.
        axes: the ends of the two axes.
        size: width and height of the drawing, in pixels.
    """
    (left, right), (low, high) = axes
    wide, tall = size[0] / (right - left), size[1] / (high - low)
    x, y = fields
    marks = [
        ((float(row[x] or 0) - left) * wide, (high - float(row[y] or 0)) * tall)
        for row in rows
    ]
    taken: list[Box] = [
        (across - _HALF, down - _HALF, across + _HALF, down + _HALF)
        for across, down in marks
    ]
    found = Named([], [], [])
    for row, mark in zip(rows, marks, strict=True):
        text = str(row["text"])
        length = width_of(text) * LETTER
        spot = _free(mark, length, taken, size)
        if spot is None:
            found.missing.append(text)
            continue
        taken.append((spot.x, spot.y - _HALF, spot.x + length, spot.y + _HALF))
        end = spot.x if spot.side == "right" else spot.x + length
        place = {x: left + end / wide, y: high - spot.y / tall}
        found.words.append({**place, "text": text, "side": spot.side})
        if spot.lead is not None:
            lead = {
                "x_end": left + spot.lead[0] / wide,
                "y_end": high - spot.lead[1] / tall,
            }
            found.leads.append({x: row[x], y: row[y], **lead})
    return found


_HALF = (TEXT + 3) / 2  # of a line of letters, and of a mark
_FARTHEST = 9  # half lines above or below the mark


def _free(
    mark: tuple[float, float],
    length: float,
    taken: Sequence[Box],
    size: tuple[int, int],
) -> _Spot | None:
    """Return the nearest free place: to the right, to the left, above and below."""
    x, y = mark
    starts = (x + _HALF + 2, x - _HALF - 2 - length, x - length / 2)
    for step in range(_FARTHEST):
        for middle in (y - step * _HALF, y + step * _HALF):
            for start in starts:
                box = start, middle - _HALF, start + length, middle + _HALF
                if _is_inside(box, size) and not any(_meet(box, one) for one in taken):
                    is_near = step <= 1 and start != starts[-1]
                    lead = None if is_near else _nearest(mark, box)
                    side = "left" if start == starts[1] else "right"
                    return _Spot(start, middle, side, lead)
    return None


def _nearest(mark: tuple[float, float], box: Box) -> tuple[float, float]:
    """Return the place on the edge of a box that is nearest to a mark."""
    x, y = mark
    return min(max(x, box[0]), box[2]), min(max(y, box[1]), box[3])


def _is_inside(box: Box, size: tuple[int, int]) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= size[0] and box[3] <= size[1]


def _meet(one: Box, other: Box) -> bool:
    return (
        one[0] < other[2]
        and other[0] < one[2]
        and one[1] < other[3]
        and other[1] < one[3]
    )
