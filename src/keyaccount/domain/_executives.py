"""Our executives, and which customer each of them is paired with (S0-23)."""

from __future__ import annotations

import datetime as dt

import attrs

from keyaccount.tri import Tri

from ._checks import Checks
from ._conversions import identifier_of


__all__ = ["Executive", "Pairing"]


_MOST = 1000


@attrs.frozen
class Executive:
    """One of our executives, who may be paired with customers (S0-23).

    `trained` says whether he or she has had the sales training that it takes,
    `is_chief` whether this is the chief executive. `most_accounts` is how many
    customers, `visits_per_year` how many visits he or she has room for; None where
    nobody has told: the policy's number counts then.
    """

    id: str = attrs.field(converter=identifier_of)
    name: str
    is_chief: bool = attrs.field(default=False, kw_only=True)
    trained: Tri = attrs.field(default=Tri.UNKNOWN, kw_only=True)
    most_accounts: int | None = attrs.field(default=None, kw_only=True)
    visits_per_year: int | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.identifier("id", self.id)
        checks.text("name", self.name)
        checks.flag("is_chief", self.is_chief)
        checks.tri("trained", self.trained)
        for name in ("most_accounts", "visits_per_year"):
            checks.whole(name, getattr(self, name), 0, _MOST, optional=True)
        checks.check("Executive")


@attrs.frozen
class Pairing:
    """A customer and the executive who stands for it (结对子, S0-23).

    It holds from `since` to `until`, both days included; None means that it always
    did, or that no end has been set.
    """

    customer_id: str = attrs.field(converter=identifier_of)
    executive_id: str = attrs.field(converter=identifier_of)
    since: dt.date | None = None
    until: dt.date | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.identifier("customer_id", self.customer_id)
        checks.identifier("executive_id", self.executive_id)
        begins = checks.day("since", self.since, optional=True)
        ends = checks.day("until", self.until, optional=True)
        since, until = self.since, self.until
        if begins and ends and since and until and until < since:
            wanted = f"not before it begins, {since}"
            checks.add("until", "contradiction", until.isoformat(), wanted)
        checks.check("Pairing")

    def holds_on(self, day: dt.date) -> bool:
        """Whether the executive stands for the customer on a day."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )
