"""What the tables of this model ask: the designation, how we sell, what is missing."""

from __future__ import annotations

import enum
from types import MappingProxyType
from typing import TypeAlias

from keyaccount.domain import (
    CoverageMode,
    CoverageModel,
    OfferMode,
    SalesMotion,
    SponsorshipMode,
    StrategicDesignation,
    ValueTier,
)
from keyaccount.rules import Fact, Facts, FactSchema
from keyaccount.tri import Tri

from ._shifts import Mode, SalesShift


__all__ = [
    "COVERAGE_FACTS",
    "DESIGNATION",
    "DESIGNATION_FACTS",
    "FACTS",
    "MISSING",
    "MODES",
    "Lacking",
    "motion_facts",
    "of_designation",
]


Lacking: TypeAlias = tuple[Tri, ...]
"""Whether each shift is missing, in the order of `SalesShift`."""

DESIGNATION = "strategic_designation"
MODES = MappingProxyType(
    {
        SalesShift.TO_CONSULTATIVE: "offer_mode",
        SalesShift.TO_TEAM: "coverage_mode",
        SalesShift.TO_EXECUTIVE_SPONSORED: "sponsorship_mode",
    }
)
MISSING = MappingProxyType(
    {
        SalesShift.TO_CONSULTATIVE: "consultative_shift_missing",
        SalesShift.TO_TEAM: "team_shift_missing",
        SalesShift.TO_EXECUTIVE_SPONSORED: "sponsorship_shift_missing",
    }
)


def _slugs(kind: type[enum.Enum]) -> tuple[str, ...]:
    return tuple(str(member.value) for member in kind)


_ASKED = Fact.choice(DESIGNATION, _slugs(StrategicDesignation))

DESIGNATION_FACTS = FactSchema((_ASKED,))
"""What a shift is asked for by: the designation alone (S0-15)."""

FACTS = FactSchema(
    (
        _ASKED,
        Fact.choice("offer_mode", _slugs(OfferMode)),
        Fact.choice("coverage_mode", _slugs(CoverageMode)),
        Fact.choice("sponsorship_mode", _slugs(SponsorshipMode)),
        *(Fact.yes_no(name) for name in MISSING.values()),
    )
)
"""What the way of selling is judged by.

A shift is missing where the designation asks for it and we still sell in the old way.
"""

COVERAGE_FACTS = FactSchema(
    (
        Fact.choice("coverage_model", _slugs(CoverageModel)),
        Fact.choice("value_tier", _slugs(ValueTier)),
    )
)
"""What is asked of a customer whose coverage is not known (S2-20)."""


def of_designation(designation: StrategicDesignation) -> Facts:
    """Return the one fact that a shift is asked for by."""
    return Facts(DESIGNATION_FACTS, (designation.value,))


def motion_facts(
    designation: StrategicDesignation | None, motion: SalesMotion, lacking: Lacking
) -> Facts:
    """Put together what is known, and what follows from it."""
    modes: list[Mode | None] = [getattr(motion, shift.part) for shift in SalesShift]
    return Facts(
        FACTS,
        (
            None if designation is None else designation.value,
            *(None if mode is None else mode.value for mode in modes),
            *(None if answer is Tri.UNKNOWN else answer for answer in lacking),
        ),
    )
