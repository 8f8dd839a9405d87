"""The three shifts in how we sell, and what a designation says of each."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

from keyaccount.domain import CoverageMode, OfferMode, SalesMotion, SponsorshipMode
from keyaccount.tri import Tri


__all__ = ["Mode", "SalesShift", "ShiftDemand", "made", "motion_of"]


Mode: TypeAlias = OfferMode | CoverageMode | SponsorshipMode


class SalesShift(enum.Enum):
    """A change in how we sell, from the old way to the new one (S0-12 to S0-14)."""

    TO_CONSULTATIVE = "to-consultative"
    TO_TEAM = "to-team"
    TO_EXECUTIVE_SPONSORED = "to-executive-sponsored"

    @property
    def part(self) -> str:
        """Which part of a `SalesMotion` changes."""
        return _PARTS[self][0]

    @property
    def now(self) -> Mode:
        """How it is before the shift."""
        return _PARTS[self][1]

    @property
    def to(self) -> Mode:
        """How it is once the shift is made."""
        return _PARTS[self][2]


_PARTS: Mapping[SalesShift, tuple[str, Mode, Mode]] = MappingProxyType(
    {
        SalesShift.TO_CONSULTATIVE: (
            "offer",
            OfferMode.STANDARD_PRODUCT,
            OfferMode.CONSULTATIVE,
        ),
        SalesShift.TO_TEAM: ("coverage", CoverageMode.SOLO, CoverageMode.TEAM),
        SalesShift.TO_EXECUTIVE_SPONSORED: (
            "sponsorship",
            SponsorshipMode.SALES_OWNED,
            SponsorshipMode.EXECUTIVE_SPONSORED,
        ),
    }
)


class ShiftDemand(enum.Enum):
    """What a designation says of a shift: leave it, as you like, or make it."""

    NOT_ASKED = "not-asked"
    OPTIONAL = "optional"
    ASKED = "asked"


def made(shift: SalesShift, motion: SalesMotion) -> Tri:
    """Whether we sell in the new way already.

    >>> made(SalesShift.TO_TEAM, SalesMotion(coverage=CoverageMode.TEAM))
    <Tri.YES: 'yes'>
    """
    mode: Mode | None = getattr(motion, shift.part)
    return Tri.UNKNOWN if mode is None else Tri.of(mode is shift.to)


def motion_of(modes: Mapping[SalesShift, Mode]) -> SalesMotion:
    """Put a motion together from the modes that are known."""
    offer, coverage, sponsorship = (modes.get(shift) for shift in SalesShift)
    return SalesMotion(
        offer if isinstance(offer, OfferMode) else None,
        coverage if isinstance(coverage, CoverageMode) else None,
        sponsorship if isinstance(sponsorship, SponsorshipMode) else None,
    )
