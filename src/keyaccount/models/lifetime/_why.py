"""How a value says itself: the amount or its bounds, assumptions, the referral."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeAlias

from keyaccount.domain import Money
from keyaccount.rules import Reason

from ._amounts import AmountRange, amount_text
from ._policy import Assumption


__all__ = ["Datum", "assumed", "ranged", "referred", "written"]


Datum: TypeAlias = tuple[str, float | str]


def ranged(own: AmountRange, parts: tuple[Reason, ...]) -> Reason:
    """Say what it is worth, or between what that lies."""
    ends = (("low", own.low), ("high", own.high))
    data = tuple((key, amount_text(end)) for key, end in ends if end is not None)
    if own.exact is not None:
        return Reason("lifetime-worth", data, parts)
    if own.low is not None and own.high is not None:
        return Reason("lifetime-between", data, parts)
    if own.low is not None:
        return Reason("lifetime-at-least", data, parts)
    if own.high is not None:
        return Reason("lifetime-at-most", data, parts)
    return Reason("lifetime-unknown", data, parts)


def assumed(assumption: Assumption) -> Reason:
    """Say what is taken for granted."""
    data = (("row", assumption.value), ("table", "assumption"))
    return Reason("lifetime-assumed", data)


def referred(referral: Money | None) -> tuple[Reason, ...]:
    """Say what its influence brings, apart from its own value."""
    if referral is None:
        return ()
    return (Reason("lifetime-referral", (("amount", amount_text(referral)),)),)


def written(amount: Decimal) -> str:
    """Write a figure with all that it has."""
    text = f"{amount:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
