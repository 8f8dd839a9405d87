"""Amounts as whole numbers of their last decimal place: these add up exactly.

A float64 adds up differently in every order; whole numbers do not, so that neither
the order of rows nor the engine can show.
"""

from __future__ import annotations

import attrs
import narwhals as nw

from keyaccount.exceptions import Problems


__all__ = ["MOST_PLACES", "ROOM", "Units", "check_places", "units_of"]


MOST_PLACES = 6
ROOM = float(1 << 62)  # sums up to here fit in 64 bits, with as much to spare
_EXACT = float(1 << 53)  # whole numbers up to here are floats, every one
_LAST_BITS = 2.0**-51  # how far a number of few decimals is off when multiplied


@attrs.frozen
class Units:
    """An amount in units of its last place.

    `known` is a whole float, 0 where the amount is unknown or is no whole number of
    units; `is_whole` says where it is one, `is_finer` where it has more decimals.
    """

    known: nw.Expr
    is_whole: nw.Expr
    is_finer: nw.Expr


def units_of(amount: str, places: int) -> Units:
    """Return a column of amounts in units of a decimal place."""
    raw = nw.col(amount).cast(nw.Float64) * 10.0**places
    is_sound = raw.abs() < _EXACT
    scaled = nw.when(is_sound).then(raw).otherwise(0.0)  # some engines floor to ints
    whole = (scaled + 0.5).floor()
    is_near = (scaled - whole).abs() <= whole.abs() * _LAST_BITS
    is_whole = is_sound & is_near
    known = nw.when(is_whole).then(whole).otherwise(0.0)
    return Units(known, is_whole, is_sound & ~is_near)


def check_places(places: int, problems: Problems) -> None:
    """Note where it is no number of decimals that amounts may have."""
    if isinstance(places, bool) or not isinstance(places, int):
        problems.add("places", "wrong-type", places, "a whole number")
    elif not 0 <= places <= MOST_PLACES:
        problems.add("places", "out-of-range", places, f"0 to {MOST_PLACES}")
