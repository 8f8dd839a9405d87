"""Which talks were held on each channel, and every way in which they may have been.

A contact of which nobody has said what it was for was for one of the two purposes of
its channel. Every way to fill that in is looked at, so that what is possible is just
what some answer would lead to.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

import attrs

from keyaccount.domain import CommChannel, CommPurpose, Touchpoint, ValueTier
from keyaccount.exceptions import Problems
from keyaccount.rules import days_later

from ._facts import PURPOSES
from ._opinions import TalkState
from ._policy import CommunicationPolicy
from ._talk import Talk, state_of


__all__ = ["Held", "Way", "held"]


Way = tuple[TalkState, ...]
"""How the talks of one channel stand, in the order of their purposes."""


@attrs.frozen
class Held:
    """The six talks, and for each channel every way in which they may stand."""

    customer_id: str
    talks: tuple[Talk, ...]
    ways: Mapping[CommChannel, frozenset[Way]]
    last_contact: dt.date | None


def held(  # noqa: PLR0913 - what `gaps` is asked
    customer_id: str,
    touchpoints: Iterable[Touchpoint],
    *,
    as_of: dt.date,
    tier: ValueTier | None,
    since: dt.date | None,
    policy: CommunicationPolicy,
) -> Held:
    """Sort the contacts of a customer by what they were for.

    Raises:
        InvalidValueError: what is no contact, or one of another customer; no tier;
            no plain day.
    """
    customer_id, listed = _checked(customer_id, touchpoints, as_of, tier, since)
    talks: list[Talk] = []
    ways: dict[CommChannel, frozenset[Way]] = {}
    for channel, purposes in PURPOSES.items():
        days = _Days.of([one for one in listed if one.channel is channel], as_of)
        cadences = tuple(policy.cadence(purpose, tier) for purpose in purposes)
        found = frozenset(
            tuple(
                state_of(last, since, cadence, as_of)
                for last, cadence in zip(lasts, cadences, strict=True)
            )
            for lasts in days.fillings(purposes)
        )
        ways[channel] = found
        for place, (purpose, cadence) in enumerate(
            zip(purposes, cadences, strict=True)
        ):
            states = {way[place] for way in found}
            talk = days.talk(customer_id, purpose, states, cadence, since)
            talks.append(talk)
    with_customer = (one.on for one in listed if one.channel is CommChannel.CUSTOMER)
    happened = (day for day in with_customer if day <= as_of)
    return Held(customer_id, tuple(talks), ways, max(happened, default=None))


def _checked(
    customer_id: str,
    touchpoints: Iterable[Touchpoint],
    as_of: dt.date,
    tier: ValueTier | None,
    since: dt.date | None,
) -> tuple[str, tuple[Touchpoint, ...]]:
    problems = Problems()
    problems.is_day("as_of", as_of)
    if since is not None:
        problems.is_day("since", since)
    if tier is not None:
        problems.is_a("tier", tier, ValueTier, "a ValueTier")
    meant = ""
    if problems.is_a("customer_id", customer_id, str, "an id"):
        meant = unicodedata.normalize("NFC", customer_id)
        if not meant:
            problems.add("customer_id", "empty", expected="an id")
    listed = tuple(touchpoints)
    for index, one in enumerate(listed):
        path = f"touchpoints[{index}]"
        is_one = problems.is_a(path, one, Touchpoint, "a Touchpoint")
        if is_one and meant and one.customer_id != meant:
            wanted = f"only contacts about {meant}"
            problems.add(
                f"{path}.customer_id", "contradiction", one.customer_id, wanted
            )
    problems.check("communication")
    return meant, listed


@attrs.frozen
class _Days:
    """The days of the contacts on one channel: those that were, those that will be.

    `unsaid` are those of which nobody has said what they were for, the latest first.
    """

    as_of: dt.date
    last: Mapping[CommPurpose, dt.date]
    unsaid: tuple[dt.date, ...]
    planned: Mapping[CommPurpose | None, dt.date]

    @classmethod
    def of(cls, touchpoints: Iterable[Touchpoint], as_of: dt.date) -> _Days:
        last: dict[CommPurpose, dt.date] = {}
        planned: dict[CommPurpose | None, dt.date] = {}
        unsaid: list[dt.date] = []
        for one in sorted(touchpoints, key=lambda one: one.on):
            if one.on > as_of:
                planned.setdefault(one.purpose, one.on)
            elif one.purpose is None:
                unsaid.append(one.on)
            else:
                last[one.purpose] = one.on
        return cls(as_of, last, tuple(reversed(unsaid)), planned)

    def fillings(
        self, purposes: Sequence[CommPurpose]
    ) -> Iterable[tuple[dt.date | None, ...]]:
        """Yield what the last days may be, whatever the unsaid contacts were for.

        The latest of them was for one of the two; the other may have had any of the
        rest, or none.
        """
        one, other = (self.last.get(purpose) for purpose in purposes)
        if not self.unsaid:
            yield one, other
            return
        latest, *rest = self.unsaid
        for day in {None, *rest}:
            yield _latest(one, latest), _latest(other, day)
            yield _latest(one, day), _latest(other, latest)

    def talk(
        self,
        customer_id: str,
        purpose: CommPurpose,
        states: set[TalkState],
        cadence: int,
        since: dt.date | None,
    ) -> Talk:
        """Put together how the talk for one purpose stands."""
        last = self.last.get(purpose)
        anchor = last or since
        unsaid = self.unsaid[0] if self.unsaid else None
        if unsaid is not None and last is not None and unsaid <= last:
            unsaid = None
        possible = tuple(state for state in reversed(TalkState) if state in states)
        overdue = {state.is_gap for state in possible}
        return Talk(
            customer_id=customer_id,
            purpose=purpose,
            state=possible[0] if len(overdue) == 1 else TalkState.OPEN,
            possible=possible,
            due_on=self.as_of if anchor is None else days_later(anchor, cadence),
            cadence=cadence,
            as_of=self.as_of,
            last=last,
            unsaid=unsaid,
            since=since,
            scheduled=self.planned.get(purpose),
            scheduled_unsaid=self.planned.get(None),
        )


def _latest(one: dt.date | None, other: dt.date | None) -> dt.date | None:
    """Return the later of two days; None is no day."""
    return max((day for day in (one, other) if day is not None), default=None)
