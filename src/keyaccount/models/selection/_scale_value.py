"""How much of the whole one customer is."""

from __future__ import annotations

import datetime as dt

import attrs

from keyaccount.domain import Money
from keyaccount.exceptions import Problems
from keyaccount.rules import Interval
from keyaccount.tri import Tri

from ._opinions import ScaleBasis


__all__ = ["Scale"]


@attrs.frozen
class Scale:
    """How much of the whole a customer is, and whether it is among the head (S0-4).

    `share` is its amount to that of all customers, between bounds where the figures
    of others are not known; None where its own is not, or the total has no lower
    bound above 0. `amount` is that of the fiscal year that ended on `year_end`.
    """

    customer_id: str
    share: Interval | None = None
    in_head: Tri = Tri.UNKNOWN
    basis: ScaleBasis = ScaleBasis.SALES
    amount: Money | None = None
    year_end: dt.date | None = None
    flags: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        problems.is_a("customer_id", self.customer_id, str, "an id")
        problems.is_a("in_head", self.in_head, Tri, "a Tri")
        problems.is_a("basis", self.basis, ScaleBasis, "a ScaleBasis")
        share = self.share
        if (
            share is not None
            and problems.is_a("share", share, Interval, "an Interval")
            and not share.low <= share.high
        ):
            problems.add(
                "share.low", "out-of-range", share.low, f"at most {share.high}"
            )
        problems.check("Scale")
