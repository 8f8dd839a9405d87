"""Which talks about a customer are overdue, and when the next ones are due."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping

from keyaccount.domain import CommChannel, CommPurpose, Touchpoint, ValueTier
from keyaccount.rules import Facts, Known, Missing, asked, missing
from keyaccount.tri import Tri

from ._facts import ASKED_BY, COUNTED_BY, FACTS, INPUT_FACTS
from ._held import Held, held
from ._opinions import CommunicationState, TalkState
from ._policy import CommunicationPolicy, default_policy
from ._talk import Talk
from ._verdict import CommunicationVerdict
from ._why import CommunicationEvidence


__all__ = ["facts", "gaps", "next_due"]


def facts(  # noqa: PLR0913 - what `gaps` is asked
    customer_id: str,
    touchpoints: Iterable[Touchpoint],
    *,
    as_of: dt.date,
    tier: ValueTier | None = None,
    since: dt.date | None = None,
    policy: CommunicationPolicy | None = None,
) -> Facts:
    """Count the talks that are overdue, unknown where an unsaid purpose decides.

    Raises:
        InvalidValueError: what `gaps` refuses.
    """
    policy = default_policy() if policy is None else policy
    found = held(
        customer_id, touchpoints, as_of=as_of, tier=tier, since=since, policy=policy
    )
    return _facts(_counts(found))


def gaps(  # noqa: PLR0913 - the customer, its contacts and what the cadence hangs on
    customer_id: str,
    touchpoints: Iterable[Touchpoint],
    *,
    as_of: dt.date,
    tier: ValueTier | None = None,
    since: dt.date | None = None,
    policy: CommunicationPolicy | None = None,
) -> CommunicationVerdict:
    """Say which of the six talks about a customer are missing (S2-15 to S2-17).

    A talk is due its cadence after the last one; on the very day it is not late. What
    nobody has recorded did not happen; a contact on a later day is scheduled. One of
    which nobody has said what it was for closes no gap, and is no reason to claim
    one: both talks of its channel may be open until somebody says.

    Args:
        customer_id: whom it is about.
        touchpoints: all contacts about it, in any order, planned ones too.
        as_of: the day.
        tier: its value class; None, or one without a line of its own, takes the
            default cadence.
        since: from when on talks are owed where there was none yet, such as the
            beginning of the relation; without it they are missing from the outset.
            A contact before that day shows that the relation is older, and counts.
        policy: your own; left out, the shipped one.

    Raises:
        InvalidValueError: what is no contact, or one of another customer; no tier;
            no plain day.
    """
    policy = default_policy() if policy is None else policy
    found = held(
        customer_id, touchpoints, as_of=as_of, tier=tier, since=since, policy=policy
    )
    counts = _counts(found)
    outcomes = _outcomes(policy, counts)
    possible = tuple(CommunicationState(outcome) for outcome in outcomes)
    talks = found.talks
    return CommunicationVerdict(
        value=possible[0] if len(possible) == 1 else None,
        possible=possible,
        missing=_missing(policy, talks, counts),
        flags=_flags(found),
        policy=policy.ref,
        as_of=as_of,
        customer_id=found.customer_id,
        tier=tier,
        talks=talks,
        gaps=tuple(one.purpose for one in talks if one.is_overdue is Tri.YES),
        maybe_gaps=tuple(one.purpose for one in talks if one.is_overdue is Tri.UNKNOWN),
        in_time=_in_time(counts),
        last_contact=found.last_contact,
        evidence=CommunicationEvidence(policy, talks, _facts(counts), outcomes),
    )


def next_due(  # noqa: PLR0913 - what `gaps` is asked
    customer_id: str,
    touchpoints: Iterable[Touchpoint],
    *,
    as_of: dt.date,
    tier: ValueTier | None = None,
    since: dt.date | None = None,
    policy: CommunicationPolicy | None = None,
) -> tuple[Talk, ...]:
    """Return when each of the six talks is due next, the earliest first.

    The dates hang on the last real contact, or on *since* where there was none: what
    is overdue stays so until somebody talks. Where nothing is recorded the talk is
    due on the day itself, and its `anchor` is None. A talk that a contact for nobody
    knows what may have been is due as if it was not that.

    Raises:
        InvalidValueError: what `gaps` refuses.
    """
    policy = default_policy() if policy is None else policy
    found = held(
        customer_id, touchpoints, as_of=as_of, tier=tier, since=since, policy=policy
    )
    return tuple(sorted(found.talks, key=lambda talk: talk.due_on))


_Counts = Mapping[CommChannel, tuple[int, ...]]


def _counts(found: Held) -> _Counts:
    """Return how many talks of each channel may be overdue, the fewest first."""
    return {
        channel: tuple(sorted({sum(one.is_gap for one in way) for way in ways}))
        for channel, ways in found.ways.items()
    }


def _in_time(counts: _Counts) -> Tri:
    """Say whether no talk is overdue, of the fewest and the most that may be."""
    if any(numbers[0] for numbers in counts.values()):
        return Tri.NO
    return Tri.UNKNOWN if any(map(any, counts.values())) else Tri.YES


def _facts(counts: _Counts) -> Facts:
    """Return what is counted as facts; a count that is open is unknown.

    The latest contact for nobody knows what was for one of two, so that the counts of
    different channels never make up for one another: the sum is as open as they are.
    """
    known = {
        COUNTED_BY[channel]: float(numbers[0]) if len(numbers) == 1 else None
        for channel, numbers in counts.items()
    }
    is_open = None in known.values()
    total = None if is_open else float(sum(numbers[0] for numbers in counts.values()))
    return FACTS.read({"talks_overdue": total, **known})


def _outcomes(policy: CommunicationPolicy, counts: _Counts) -> tuple[str, ...]:
    """Return every state that some answer to what is open would lead to.

    Where a row asks whether a count is known, what is open is its answer.
    """
    table = policy.states.table
    if any(fact for row in table.rows for fact in asked(row.when, Known)):
        return policy.states.possible(_facts(counts))
    found: set[str] = set()
    for numbers in itertools.product(*counts.values()):
        way = {
            channel: (count,) for channel, count in zip(counts, numbers, strict=True)
        }
        found.update(policy.states.possible(_facts(way)))
    return tuple(one for one in table.outcomes if one in found)


def _missing(
    policy: CommunicationPolicy, talks: tuple[Talk, ...], counts: _Counts
) -> tuple[Missing, ...]:
    """Ask what the contacts were for, first where the answer settles most."""
    is_open = {talk.channel for talk in talks if talk.state is TalkState.OPEN}

    def left(channel: CommChannel) -> float:
        numbers = counts[channel]
        told = ({**counts, channel: (number,)} for number in numbers)
        return sum(len(_outcomes(policy, one)) for one in told) / len(numbers)

    channels = sorted((one for one in CommChannel if one in is_open), key=left)
    return missing(INPUT_FACTS, (ASKED_BY[channel] for channel in channels))


def _flags(found: Held) -> tuple[str, ...]:
    late = [talk for talk in found.talks if talk.is_overdue is Tri.YES]
    is_planned = [talk.scheduled or talk.scheduled_unsaid for talk in late]
    flags = (
        ("no-customer-contact", found.last_contact is None),
        (
            "information-island",
            any(talk.purpose is CommPurpose.INFO_SHARING for talk in late),
        ),
        (
            "purpose-unsaid",
            any(talk.state is TalkState.OPEN for talk in found.talks),
        ),
        ("nothing-scheduled", bool(late) and not any(is_planned)),
    )
    return tuple(flag for flag, is_raised in flags if is_raised)
