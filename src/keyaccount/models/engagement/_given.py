"""The records of one customer as they count on a day, and how they add up."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

import attrs

from keyaccount.domain import Commitment, Issue, StrategicDesignation, Touchpoint
from keyaccount.exceptions import Problems
from keyaccount.rules import Interval
from keyaccount.tri import Tri, all_of

from ._facts import check_records, commitment_facts, with_customer
from ._policy import EngagementPolicy


__all__ = ["Given", "brief_asked", "each_quarter", "pre_brief_share"]


@attrs.frozen
class Given:
    """The records of one customer, as far as they count on the day."""

    customer_id: str
    designation: StrategicDesignation | None
    touchpoints: tuple[Touchpoint, ...]
    commitments: tuple[Commitment, ...]
    issues: tuple[Issue, ...]
    since: dt.date | None
    as_of: dt.date
    policy: EngagementPolicy

    @classmethod
    def of(  # noqa: PLR0913, PLR0917 - everything that a caller may give
        cls,
        customer_id: str,
        designation: StrategicDesignation | None,
        touchpoints: Iterable[Touchpoint],
        commitments: Iterable[Commitment],
        issues: Iterable[Issue],
        since: dt.date | None,
        as_of: dt.date,
        policy: EngagementPolicy,
    ) -> Given:
        """Check what was given, all at once, and leave out what is still to come."""
        problems = Problems()
        problems.is_day("as_of", as_of)
        if since is not None:
            problems.is_day("since", since)
        name = ""
        if problems.is_a("customer_id", customer_id, str, "a text"):
            name = unicodedata.normalize("NFC", customer_id)
            if not name.strip():
                problems.add("customer_id", "empty", expected="an id")
        problems.is_a("policy", policy, EngagementPolicy, "an EngagementPolicy")
        if designation is not None:
            wanted = "a StrategicDesignation"
            problems.is_a("designation", designation, StrategicDesignation, wanted)
        talks, promises, troubles = check_records(
            problems, name, touchpoints, commitments, issues
        )
        problems.check("engagement")
        return cls(
            name,
            designation,
            with_customer(talks),
            tuple(one for one in promises if one.made_on <= as_of),
            tuple(one for one in troubles if one.opened_on <= as_of),
            since,
            as_of,
            policy,
        )

    def ago(self, talk: Touchpoint) -> int:
        """Return how many days ago a contact was; below 0 it is still to come."""
        return (self.as_of - talk.on).days

    @property
    def last(self) -> dt.date | None:
        """The last day on which an executive surely was there."""
        days = (t.on for t in self.touchpoints if t.executive is Tri.YES)
        return max((day for day in days if day <= self.as_of), default=None)

    @property
    def following(self) -> dt.date | None:
        """The next day on which an executive surely will be there."""
        days = (t.on for t in self.touchpoints if t.executive is Tri.YES)
        return min((day for day in days if day > self.as_of), default=None)

    @property
    def kept_late(self) -> tuple[str, ...]:
        """The promises that were kept, and kept late."""
        found = (
            one.id
            for one in self.commitments
            if commitment_facts(one, as_of=self.as_of)["commitment_kept_late"]
            is Tri.YES
        )
        return tuple(sorted(found))


def each_quarter(given: Given) -> Tri:
    """Say whether there were executive contacts in each of the last quarters (S0-35).

    A quarter that began before `since` is not asked for, the latest always is.
    """
    policy = given.policy
    length, needed = policy.whole("quarter_days"), policy.whole("per_quarter")
    found = Tri.YES
    for number in range(policy.whole("quarters")):
        oldest = (number + 1) * length - 1
        is_before = given.since is not None and (
            oldest > (given.as_of - given.since).days
        )
        if number and is_before:
            break
        talks = [
            talk.executive
            for talk in given.touchpoints
            if oldest - length < given.ago(talk) <= oldest
        ]
        if len(talks) - talks.count(Tri.NO) < needed:
            return Tri.NO
        if talks.count(Tri.YES) < needed:
            found = Tri.UNKNOWN
    return found


def pre_brief_share(given: Given) -> Interval | None:
    """Bound the share of planned executive contacts that were talked through (S0-32).

    A contact counts if an executive took part and it was planned; where that is not
    known it may count, and then with whatever makes the share lower, or higher.
    Where it may be that none counts, it may be that none was missed.
    """
    sure, may = Counter[Tri](), Counter[Tri]()
    for talk, counts in _briefed(given):
        (sure if counts is Tri.YES else may)[talk.pre_brief] += 1
    if not sure and not may:
        return None
    missed = sure[Tri.NO]
    held = sure[Tri.YES]
    most_held = held + sure[Tri.UNKNOWN] + may[Tri.YES] + may[Tri.UNKNOWN]
    most_missed = missed + sure[Tri.UNKNOWN] + may[Tri.NO] + may[Tri.UNKNOWN]
    low = held / (held + most_missed) if most_missed else 1.0
    high = most_held / (most_held + missed) if missed else 1.0
    return Interval(low, high)


def brief_asked(given: Given) -> tuple[str, ...]:
    """Return what is not known of the contacts that may count into the share."""
    names = ("executive", "planned", "pre_brief")
    return tuple(
        name
        for name in names
        if any(getattr(talk, name) is Tri.UNKNOWN for talk, _ in _briefed(given))
    )


def _briefed(given: Given) -> Iterator[tuple[Touchpoint, Tri]]:
    """Yield the late contacts that count as planned, or may, and whether they do."""
    window = given.policy.whole("look_back_days")
    for talk in given.touchpoints:
        counts = all_of((talk.executive, talk.planned))
        if 0 <= given.ago(talk) <= window and counts is not Tri.NO:
            yield talk, counts
