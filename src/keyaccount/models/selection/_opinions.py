"""The words that the opinions on selection are written in."""

from __future__ import annotations

import enum

import attrs

from keyaccount.domain import SelectionCriterion, StrategicAttribute


__all__ = [
    "AttributeWeight",
    "RequiredCriterion",
    "ScaleBasis",
    "SelectionAdvice",
    "UnknownOthers",
]


class ScaleBasis(enum.Enum):
    """What "scale" is a share of: revenue, or profit (S0-2, S0-4)."""

    SALES = "sales"
    GROSS_PROFIT = "gross-profit"


class UnknownOthers(enum.Enum):
    """What a customer whose figure nobody knows may add to the total.

    Anything from nothing up (`open`); at most as much as the largest customer whose
    figure is known (`bounded`); nothing (`negligible`). Every share is bounded by it.
    """

    OPEN = "open"
    BOUNDED = "bounded"
    NEGLIGIBLE = "negligible"


class SelectionAdvice(enum.Enum):
    """What to bear in mind beyond the designation (S0-7a)."""

    CAUTION = "caution"


@attrs.frozen
class RequiredCriterion:
    """A criterion that a strategic customer must meet (S0-8, C-2)."""

    id: SelectionCriterion
    origin: str = "own"
    why: str = ""


@attrs.frozen
class AttributeWeight:
    """What one of the five strategic attributes weighs in a ranking, in per cent."""

    id: StrategicAttribute
    weight: int
    origin: str = "own"
    why: str = ""
