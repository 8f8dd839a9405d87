"""The words of engagement, and what a policy says about each of them."""

from __future__ import annotations

import enum

import attrs

from keyaccount.domain import ExecutiveAntiPattern
from keyaccount.rules import Condition


__all__ = [
    "Concern",
    "CounterBehaviour",
    "DueState",
    "Engagement",
    "Responsibility",
    "Role",
    "Source",
    "SponsorState",
    "VisitRule",
]


class Engagement(enum.Enum):
    """How our executives are engaged with a customer (S0-35), the best first.

    `NOT_OWED` is a customer that is not strategic, whom no executive harms and none
    has to see; `RARE` one that is, and sees them too seldom.
    """

    HEALTHY = "healthy"
    NOT_OWED = "not-owed"
    RARE = "rare"
    HARMFUL = "harmful"


class Source(enum.Enum):
    """In what record an anti-pattern shows."""

    TOUCHPOINT = "touchpoint"
    COMMITMENT = "commitment"
    ISSUE = "issue"
    CUSTOMER = "customer"


class DueState(enum.Enum):
    """How a promise stands on a day: what is due on the day itself is not late."""

    LATE = "late"
    TODAY = "today"
    COMING = "coming"
    UNDATED = "undated"


class SponsorState(enum.Enum):
    """How many named executives stand for a customer (S0-23)."""

    ONE = "one"
    NONE = "none"
    SEVERAL = "several"


class Concern(enum.Enum):
    """What somebody is held responsible for with a customer (S0-34)."""

    WALLET_SHARE = "wallet-share"
    TRUST = "trust"


class Role(enum.Enum):
    """Who of us is held responsible (S0-34, S0-40)."""

    ACCOUNT_MANAGER = "account-manager"
    CEO = "ceo"


@attrs.frozen
class CounterBehaviour:
    """What to do instead of an anti-pattern: the actions, the first one first."""

    id: ExecutiveAntiPattern
    actions: tuple[str, ...]
    origin: str = "own"
    why: str = ""


@attrs.frozen
class VisitRule:
    """What must be known or done before a visit, and what to do where it is not."""

    id: str
    when: Condition
    action: str
    origin: str = "own"
    why: str = ""


@attrs.frozen
class Responsibility:
    """Who is responsible for what: wallet share the one, trust the other (S0-34)."""

    id: Concern
    role: Role
    origin: str = "own"
    why: str = ""
