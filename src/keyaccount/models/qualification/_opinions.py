"""What a qualification policy lists beside its rows: factors, marks, releases."""

from __future__ import annotations

from decimal import Decimal

import attrs


__all__ = ["Emphasis", "FactorRule", "Release", "ReturnMark"]


@attrs.frozen
class FactorRule:
    """One thing that decides who wins, scored from -2 to +2 (S1-11)."""

    id: str
    origin: str = "own"
    why: str = ""


@attrs.frozen
class ReturnMark:
    """What a return is worth from *at_least* on; the lowest names no floor (S1-12b).

    The return is what is left of the gross profit after the cost of capital and of
    the risk, divided by the contract's value.
    """

    id: str
    mark: int
    at_least: Decimal | None = None
    origin: str = "own"
    why: str = ""


@attrs.frozen
class Release:
    """Which share of the resources a decision sets free; none that is not listed."""

    id: str
    share: Decimal
    origin: str = "own"
    why: str = ""


@attrs.frozen
class Emphasis:
    """Which gates and facts are asked about first in a class of customers (S1-7).

    It orders questions that settle equally much; it never changes an answer.
    """

    id: str
    stress: tuple[str, ...]
    origin: str = "own"
    why: str = ""
