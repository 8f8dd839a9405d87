"""What a payment policy lists: covers, named terms, appetites, remedies."""

from __future__ import annotations

import enum
import functools
from decimal import Decimal
from types import NoneType

import attrs

from keyaccount.domain import (
    Controllability,
    CoverKind,
    CoverQuality,
    Money,
    PaymentTerm,
    Safety,
    Tranche,
)
from keyaccount.exceptions import Problems
from keyaccount.tri import Tri


__all__ = [
    "Appetite",
    "CoverRule",
    "NamedTerm",
    "Remedy",
    "RemedyKind",
    "is_a",
]


@attrs.frozen
class CoverRule:
    """What an instrument of one kind is usually worth, until somebody assesses it.

    `id` is the kind; `assess` says that somebody should: the verdict then carries
    the flag `guarantor-unassessed`.
    """

    id: str
    quality: CoverQuality
    assess: bool = False
    origin: str = "own"
    why: str = ""


@attrs.frozen
class NamedTerm:
    """A term that has a name; `customised` says that it is meant for such goods."""

    id: str
    tranches: tuple[Tranche, ...]
    customised: Tri = Tri.NO
    origin: str = "own"
    why: str = ""

    @functools.cached_property
    def term(self) -> PaymentTerm:
        """The term itself."""
        return PaymentTerm(self.tranches, self.id)


def is_a(value: object, *kinds: type) -> bool:
    """Tell whether a value that came from a caller is what its annotation says."""
    return isinstance(value, kinds)


def _decimal(value: Decimal | int | None) -> Decimal | None:
    return Decimal(value) if type(value) is int else value  # type: ignore[return-value]  # mypy does not narrow by type()


@attrs.frozen
class Appetite:
    """The least safe term that we accept (S4-13f); None sets no limit.

    `max_uncovered` limits the amount that is paid after shipment and that nobody
    but the buyer stands behind.
    """

    min_safety: Safety
    min_controllability: Controllability
    max_weighted_days: Decimal | None = attrs.field(default=None, converter=_decimal)
    max_uncovered: Money | None = None
    id: str = "own"
    origin: str = "own"
    why: str = ""

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        for name, kind in (
            ("min_safety", Safety),
            ("min_controllability", Controllability),
        ):
            value = getattr(self, name)
            if not isinstance(value, kind):
                problems.add(name, "wrong-type", value, f"a {kind.__name__}")
        days, most = self.max_weighted_days, self.max_uncovered
        if not is_a(days, Decimal, NoneType):
            problems.add("max_weighted_days", "wrong-type", days, "a Decimal or an int")
        elif days is not None and not (days.is_finite() and days >= 0):
            problems.add("max_weighted_days", "out-of-range", days, "0 or more")
        if not is_a(most, Money, NoneType):
            problems.add("max_uncovered", "wrong-type", most, "a Money")
        elif most is not None and most.amount < 0:
            problems.add("max_uncovered", "out-of-range", most, "0 or more")
        problems.check("Appetite")


class RemedyKind(enum.Enum):
    """A way to make a term acceptable."""

    KEEP_ORIGINALS = "keep-originals"
    CUT_TENOR = "cut-tenor"
    RAISE_DEPOSIT = "raise-deposit"
    ADD_COVER = "add-cover"
    PREPAY = "prepay"


@attrs.frozen
class Remedy:
    """A remedy that we may ask for; a policy lists them, the cheapest first."""

    id: str
    kind: RemedyKind
    cover: CoverKind | None = None
    origin: str = "own"
    why: str = ""
