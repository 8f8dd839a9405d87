"""What our organisation answers of itself, and how far it is in an industry."""

from __future__ import annotations

import datetime as dt

import attrs

from keyaccount.tri import Tri

from ._checks import Checks
from ._conversions import identifier_of


__all__ = ["ChecklistAnswer", "IndustryReach"]


_MOST_CUSTOMERS = 1_000_000


@attrs.frozen
class ChecklistAnswer:
    """What somebody answered to one line of a checklist, when (S0-16 to S0-26).

    `item` is the line's slug in the policy; an answer that nobody gave is unknown.
    """

    item: str = attrs.field(converter=identifier_of)
    answer: Tri = Tri.UNKNOWN
    answered_on: dt.date | None = None
    by: str | None = None
    note: str | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.slug("item", self.item)
        checks.tri("answer", self.answer)
        checks.day("answered_on", self.answered_on, optional=True)
        checks.text("by", self.by, optional=True)
        checks.text("note", self.note, optional=True)
        checks.check("ChecklistAnswer")


@attrs.frozen
class IndustryReach:
    """How many of an industry's customers that we want we served on a day (S0-22).

    `targets` counts those that we want, `served` those among them that buy from us.
    None where nobody has counted.
    """

    industry: str
    counted_on: dt.date
    targets: int | None = None
    served: int | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.text("industry", self.industry)
        checks.day("counted_on", self.counted_on)
        aimed = checks.whole("targets", self.targets, 0, _MOST_CUSTOMERS, optional=True)
        served = checks.whole("served", self.served, 0, _MOST_CUSTOMERS, optional=True)
        if (
            aimed
            and served
            and self.targets is not None
            and self.served is not None
            and self.served > self.targets
        ):
            wanted = f"at most the targets, {self.targets}"
            checks.add("served", "contradiction", self.served, wanted)
        checks.check("IndustryReach")
