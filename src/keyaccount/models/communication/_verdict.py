"""Whether a customer is talked to, on every channel and for every purpose."""

from __future__ import annotations

import datetime as dt

import attrs

from keyaccount import wire
from keyaccount.domain import CommPurpose, ValueTier
from keyaccount.rules import Verdict
from keyaccount.tri import Tri

from ._opinions import CommunicationState
from ._talk import Talk


__all__ = ["CommunicationVerdict"]


@attrs.frozen(repr=False)
class CommunicationVerdict(wire.Plain, Verdict[CommunicationState]):
    """Whether a customer is talked to as it should be, and which talks are missing.

    `talks` are the six in the order of channels and purposes; `gaps` are those that
    are overdue for sure, `maybe_gaps` those that hang on what a contact was for.
    `in_time` says whether none is overdue: NO too where one of two must be, whichever
    that is. `last_contact` is the last one with the customer, whatever it was for.
    """

    customer_id: str
    tier: ValueTier | None
    talks: tuple[Talk, ...]
    gaps: tuple[CommPurpose, ...]
    maybe_gaps: tuple[CommPurpose, ...]
    in_time: Tri
    last_contact: dt.date | None

    def talk(self, purpose: CommPurpose) -> Talk:
        """Return how the talk for one purpose stands."""
        return next(talk for talk in self.talks if talk.purpose is purpose)

    def _extras(self) -> tuple[str, ...]:
        gaps = ",".join(one.value for one in self.gaps) or "none"
        maybe = ",".join(one.value for one in self.maybe_gaps)
        return f"gaps {gaps}", *((f"perhaps {maybe}",) if maybe else ())
