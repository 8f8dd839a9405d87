"""From a term to the parts that are judged: whose share, paid when, secured how."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from keyaccount.domain import (
    MAX_TENOR_DAYS,
    Cover,
    CoverKind,
    CoverQuality,
    PaymentTerm,
    Timing,
    TitleControl,
    Tranche,
)
from keyaccount.rules import Fact, Facts, FactSchema, FactValue
from keyaccount.tri import Tri


__all__ = [
    "FACTS",
    "SQUARE",
    "TERM_FACTS",
    "UNCOVERED",
    "WHOLE",
    "Slice",
    "base_facts",
    "basis_points",
    "covered_facts",
    "deposit_cover",
    "exact_basis_points",
    "facts_of",
    "is_unknown",
    "prepaid_of",
    "prepaid_slice",
    "slice_of",
    "slices_of",
]


WHOLE = 100 * 100
"""Basis points in one. Shares and ratios enter as whole basis points, hence exact."""

SQUARE = WHOLE * WHOLE
"""Basis points of basis points in one: the pieces of a price are counted in these."""

QUALITIES = tuple(quality.value for quality in CoverQuality)
UNCOVERED = CoverQuality.NONE.value

_ABSURD = 100  # digits

FACTS = FactSchema(
    (
        Fact.choice("timing", tuple(timing.value for timing in Timing)),
        Fact.choice("title", tuple(title.value for title in TitleControl)),
        Fact.choice("cover", QUALITIES),
        Fact.number(
            "tenor_days", unit="days", low=0, high=MAX_TENOR_DAYS, movable=True
        ),
        Fact.number("deposit_cover", unit="share", low=0, movable=True),
        Fact.yes_no("customised"),
    )
)
"""What is known of one part of the price.

`cover` is the quality of what stands behind the part; `deposit_cover` what is paid
in advance, divided by what a refusal of the goods would cost us.
"""

TERM_FACTS = FactSchema(
    (
        Fact.number("cover_ratio", unit="share", low=0, high=1, movable=True),
        Fact.yes_no("recourse"),
        Fact.yes_no("at_order"),
        Fact.yes_no("small_seller"),
        Fact.choice("buyer", ("public", "large", "other")),
        Fact.yes_no("back_to_back"),
        Fact.number("price", unit="money", low=0),
    )
)
"""What is asked of a term besides: it decides shares, flags and amounts, no row."""


class Slice(NamedTuple):
    """One tranche, as far as it is known: None is unknown.

    `low` to `high` is the covered share of it in basis points; `cover` is the
    quality of that cover, one of `choices` where it is not known.
    """

    share: int
    timing: str | None
    title: str | None
    tenor: float | None
    cover: str | None
    low: int
    high: int
    choices: tuple[str, ...]


def basis_points(value: Decimal) -> int | None:
    """Return the number in whole basis points; None if it is none, or absurd."""
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or max(len(digits), abs(exponent)) > _ABSURD:
        return None
    over, under = value.as_integer_ratio()
    whole, rest = divmod(over * WHOLE, under)
    return None if rest else whole


def exact_basis_points(share: Decimal) -> int:
    """Return a share that its noun has checked in whole basis points."""
    over, under = share.as_integer_ratio()
    return over * WHOLE // under


def prepaid_slice(share: int) -> Slice:
    """Return the slice of a prepaid tranche: nothing else about it matters."""
    return Slice(share, "pre", "none", 0.0, UNCOVERED, 0, 0, ())


def slice_of(tranche: Tranche, qualities: Mapping[CoverKind, str]) -> Slice:
    """Read one tranche; *qualities* says what an unassessed cover is worth."""
    share = exact_basis_points(tranche.share)
    timing, title, tenor = tranche.timing, tranche.title, tranche.tenor_days
    if timing is Timing.PRE:
        return prepaid_slice(share)
    cover = tranche.cover
    low = high = 0
    quality: str | None = UNCOVERED
    choices: tuple[str, ...] = ()
    if cover is None:
        quality, low, high, choices = None, 1, WHOLE, QUALITIES
    elif cover.recourse is not Tri.YES and _covers(cover):
        quality = (
            qualities[cover.kind] if cover.quality is None else cover.quality.value
        )
        low = high = WHOLE
        if cover.ratio is None:
            low = 1
        elif cover.ratio != 1:
            low = high = exact_basis_points(cover.ratio)
        if cover.recourse is Tri.UNKNOWN:
            choices, quality = (quality, UNCOVERED), None
    return Slice(
        share,
        _TIMINGS[timing is Timing.POST] if timing is not None else None,
        None if title is None else _TITLES[title.rank],
        None if tenor is None else float(tenor),
        quality,
        low,
        high,
        choices,
    )


_TIMINGS = (Timing.DOC.value, Timing.POST.value)
_TITLES = tuple(title.value for title in TitleControl)


def _covers(cover: Cover) -> bool:
    if cover.quality is None:
        return cover.kind is not CoverKind.UNCOVERED
    return cover.quality is not CoverQuality.NONE


def is_unknown(part: Slice) -> bool:
    """Tell whether nobody knows what covers the tranche, if anything does."""
    return part.choices == QUALITIES


def slices_of(
    term: PaymentTerm, qualities: Mapping[CoverKind, str]
) -> tuple[Slice, ...]:
    """Read every tranche of a term."""
    return tuple([slice_of(tranche, qualities) for tranche in term.tranches])


def prepaid_of(slices: tuple[Slice, ...]) -> tuple[int, int]:
    """Return the least and the most that is paid in advance, in basis points."""
    low = high = 0
    for part in slices:
        if part.timing == "pre":
            low += part.share
            high += part.share
        elif part.timing is None:
            high += part.share
    return low, high


def deposit_cover(prepaid: tuple[int, int], loss: int | None) -> float | None:
    """Divide what is paid in advance by what a refusal costs; None if not known."""
    low, high = prepaid
    return low / loss if low == high and loss is not None else None


def covered_facts(part: Slice, deposit: float | None, customised: FactValue) -> Facts:
    """Return the facts of the covered piece of a slice."""
    return Facts(
        FACTS,
        (part.timing, part.title, part.cover, part.tenor, deposit, customised),
    )


def base_facts(part: Slice, deposit: float | None, customised: FactValue) -> Facts:
    """Return the facts of the piece of a slice that nothing covers."""
    return Facts(
        FACTS,
        (part.timing, part.title, UNCOVERED, part.tenor, deposit, customised),
    )


def facts_of(
    slices: tuple[Slice, ...], customised: Tri, loss: int | None
) -> Iterator[Facts]:
    """Yield the facts of every piece, the covered one of a tranche first."""
    deposit = deposit_cover(prepaid_of(slices), loss)
    known = None if customised is Tri.UNKNOWN else customised
    for part in slices:
        if part.high:
            yield covered_facts(part, deposit, known)
        if part.low < WHOLE:
            yield base_facts(part, deposit, known)
