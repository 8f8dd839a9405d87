"""What people call what our own lenses have found: a policy's own words first."""

from __future__ import annotations

import datetime as dt
from typing import TypeAlias

from keyaccount import wording
from keyaccount.cli._text import plain
from keyaccount.cli._words import Words
from keyaccount.models import (
    communication,
    engagement,
    motion,
    plans,
    readiness,
)


__all__ = ["Judged", "days_late", "named", "since"]


Judged: TypeAlias = (
    communication.CommunicationVerdict
    | engagement.EngagementVerdict
    | engagement.PairingVerdict
    | motion.MotionVerdict
    | plans.PlanVerdict
    | plans.ProjectVerdict
    | readiness.ReadinessVerdict
)
"""Whatever was judged by a policy that may bring labels of its own."""


def named(verdict: Judged, kind: str, slug: str, words: Words) -> str:
    """Return what people call a slug; the policy of the verdict goes first."""
    own = verdict.evidence.labels()
    return plain(wording.label(kind, slug, words.locale, own=own))


def days_late(days: int, words: Words) -> str:
    """Say how late it is: a day, or so many."""
    return words.screen.say("due.late-one" if days == 1 else "due.late", days=days)


def since(as_of: dt.date, days: int) -> str:
    """Return the day on which something began that has lasted so many days."""
    return (as_of - dt.timedelta(days)).isoformat()
