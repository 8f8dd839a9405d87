"""The answer on engagement: which anti-patterns, where they show, what to do."""

from __future__ import annotations

import datetime as dt

import attrs

from keyaccount import wire, wording
from keyaccount.domain import ExecutiveAntiPattern
from keyaccount.rules import Interval, Missing, Verdict
from keyaccount.tri import Tri

from ._opinions import Engagement, Source


__all__ = ["EngagementVerdict", "Finding"]


@attrs.frozen
class Finding:
    """Where an anti-pattern shows, or may show, and in what.

    `day` is that of the contact, the day a promise falls due, the day on which a
    trouble was opened, or the last day on which an executive was there. `faults` are
    the rules that surely apply, `perhaps` those that may; only the former are a hit.
    """

    pattern: ExecutiveAntiPattern
    fires: Tri
    source: Source
    day: dt.date | None
    ref: str | None
    text: str | None
    faults: tuple[str, ...]
    perhaps: tuple[str, ...]
    missing: tuple[Missing, ...]


@attrs.frozen(repr=False)
class EngagementVerdict(wire.Plain, Verdict[Engagement]):
    """Whether our executives are engaged with a customer in the right way (S0-35).

    `patterns` are the anti-patterns that surely show, `possible_patterns` those that
    may because something is not known. `findings` is the evidence of both; `risks`
    warn of one: a promise that nobody checked, a visit that nobody has planned.
    `actions` is what to do instead of the patterns that show, and where executives
    see a strategic customer too seldom.
    `pre_brief_share` bounds the share of planned contacts that were talked through
    with the sales team; None where no contact can have been planned.
    """

    customer_id: str
    patterns: tuple[ExecutiveAntiPattern, ...]
    possible_patterns: tuple[ExecutiveAntiPattern, ...]
    findings: tuple[Finding, ...]
    risks: tuple[Finding, ...]
    actions: tuple[str, ...]
    last_contact: dt.date | None
    next_contact: dt.date | None
    pre_brief_share: Interval | None
    kept_late: tuple[str, ...]

    def next_steps(self, locale: str = "en") -> tuple[str, ...]:
        """Say in a language what to do instead, a line each."""
        own = self.evidence.labels()
        return tuple(
            wording.label("engagement-action", action, locale, own=own)
            for action in self.actions
        )

    def _extras(self) -> tuple[str, ...]:
        sure = ",".join(pattern.value for pattern in self.patterns)
        may = ",".join(pattern.value for pattern in self.possible_patterns)
        return *((sure,) if sure else ()), *((f"perhaps {may}",) if may else ())
