"""The words that the opinions on communication are written in."""

from __future__ import annotations

import attrs

from keyaccount.domain import CommPurpose, Ranked, ValueTier


__all__ = ["Cadence", "CommunicationState", "IssueAge", "TalkState"]


class CommunicationState(Ranked):
    """Whether a customer is talked to as it should be, best first (S2-15 to S2-17)."""

    IN_TOUCH = "in-touch"
    PATCHY = "patchy"
    NEGLECTED = "neglected"


class TalkState(Ranked):
    """How one of the six talks stands on a day, best first.

    OPEN: whether it is overdue hangs on a contact of which nobody has said what it
    was for. GAP and NEVER are overdue: there was one too long ago, or none at all.
    """

    FINE = "fine"
    DUE = "due"
    OPEN = "open"
    GAP = "gap"
    NEVER = "never"

    @property
    def is_gap(self) -> bool:
        """Whether the talk is overdue for sure."""
        return self in {TalkState.GAP, TalkState.NEVER}


class IssueAge(Ranked):
    """How long the oldest open issue has waited, best first (S2-17, S0-26)."""

    NONE_OPEN = "none-open"
    FRESH = "fresh"
    AGEING = "ageing"
    STALE = "stale"


@attrs.frozen
class Cadence:
    """Within how many days of the last talk the next one is due.

    Without a tier it holds for every customer of whose tier no line speaks.
    """

    id: str
    purpose: CommPurpose
    days: int
    tier: ValueTier | None = None
    origin: str = "own"
    why: str = ""
