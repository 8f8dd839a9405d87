"""Whether a designation still stands: its age, our strategy, our criteria."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable
from typing import TypeAlias

import attrs

from keyaccount import wire, wording
from keyaccount.domain import StrategicIntent, StrategicIntentKind
from keyaccount.exceptions import Problems
from keyaccount.rules import Reason, display
from keyaccount.tri import Tri

from ._facts import valid_intents
from ._policy import SelectionPolicy, default_policy
from ._verdict import DesignationVerdict, IntentRef


__all__ = ["DriftReason", "Invalidated", "invalidated_by", "is_stale"]


def is_stale(
    verdict: DesignationVerdict,
    as_of: dt.date,
    *,
    intents_changed_on: dt.date | None = None,
    policy: SelectionPolicy | None = None,
) -> Tri:
    """Say whether a designation must be looked at anew (S0-38, S4-5).

    It is stale if it is more than `stale_after` days old, if our intents have
    changed since it was given, or if it was given by other criteria than those of
    *policy*. Of one without a date nobody knows.

    Args:
        verdict: what `designate` said.
        as_of: the day of asking.
        intents_changed_on: when our intents last changed; a change after *as_of* has
            not happened yet. To learn whom a change touches ask `invalidated_by`.
        policy: the criteria by which it should have been given; left out, any.

    Raises:
        InvalidValueError: a day that is no plain date.
    """
    problems = Problems()
    problems.is_day("as_of", as_of)
    if intents_changed_on is not None:
        problems.is_day("intents_changed_on", intents_changed_on)
    problems.check("selection")
    if policy is not None and policy.ref != verdict.policy:
        return Tri.YES
    if verdict.as_of is None:
        return Tri.UNKNOWN
    changed = intents_changed_on
    if changed is not None and verdict.as_of < changed <= as_of:
        return Tri.YES
    limit = (default_policy() if policy is None else policy).number("stale_after")
    return Tri.of((as_of - verdict.as_of).days > limit)


class DriftReason(enum.Enum):
    """Why a designation no longer stands."""

    INTENT_BEGAN = "intent-began"
    INTENT_ENDED = "intent-ended"
    INTENTS_DECLARED = "intents-declared"
    INTENTS_GONE = "intents-gone"
    CRITERIA_CHANGED = "criteria-changed"


@attrs.frozen
class Invalidated(wire.Plain, display.Explained):
    """A customer that must be judged anew, and why (S4-5).

    `began` and `ended` are the intents of ours that it serves and that came or went
    since.
    """

    customer_id: str
    reasons: tuple[DriftReason, ...]
    began: tuple[IntentRef, ...] = ()
    ended: tuple[IntentRef, ...] = ()

    @property
    def why(self) -> Reason:
        """The customer and the reasons as codes and data."""
        parts = [
            Reason(f"drift-{reason.value}", data)
            for reason in self.reasons
            for data in self._told(reason)
        ]
        return Reason("drift", (("names", self.customer_id),), tuple(parts))

    def explain(self, locale: str = "en") -> tuple[str, ...]:
        """Say why in a language, a line each, indented."""
        return tuple(
            "  " * level + wording.say(part.code, dict(part.data), locale)
            for level, part in self.why.walk()
        )

    def _told(self, reason: DriftReason) -> tuple[Data, ...]:
        """Return what each sentence on a reason is filled with."""
        about = {
            DriftReason.INTENT_BEGAN: self.began,
            DriftReason.INTENT_ENDED: self.ended,
        }
        if reason not in about:
            return ((),)
        return tuple(
            (
                ("outcome", intent.kind.value),
                ("answers", "strategic-intent-kind"),
                ("names", intent.id),
            )
            for intent in about[reason]
        )


def invalidated_by(
    verdicts: Iterable[DesignationVerdict],
    intents: Iterable[StrategicIntent] | None,
    *,
    as_of: dt.date,
    policy: SelectionPolicy | None = None,
) -> tuple[Invalidated, ...]:
    """Say which customers a change of strategy touches, and why (S4-3, S4-5).

    A verdict remembers which intents of ours held and which of them the customer
    serves. It must be given anew where one of those it serves has ended or a new one
    that it serves has begun, where there are intents for the first time, where none
    is left, and, if *policy* is given, where it was given by other criteria. All
    other verdicts rest on what still holds: judged anew with the new intents and all
    else the same, they come out the same. Of a customer of which nobody knows what
    it serves, a change of intents settles nothing.

    Args:
        verdicts: what `designate` said, on any days.
        intents: what our firm wants now.
        as_of: the intents that hold on this day count; one may have run out, or
            begun, without anybody changing anything.
        policy: the criteria by which they should have been given; left out, any.

    Raises:
        InvalidValueError: two intents of one id, or no plain day.
    """
    wanted = valid_intents(intents, as_of) or ()
    now = tuple(IntentRef(intent.id, intent.kind) for intent in wanted)
    found = (_held_against(verdict, now, policy) for verdict in verdicts)
    return tuple(one for one in found if one.reasons)


Data: TypeAlias = tuple[tuple[str, float | str], ...]


def _held_against(
    verdict: DesignationVerdict,
    now: tuple[IntentRef, ...],
    policy: SelectionPolicy | None,
) -> Invalidated:
    then = verdict.intents or ()
    served = verdict.served
    began = _served(now, then, served)
    ended = _served(then, now, served)
    reasons = (
        (DriftReason.INTENT_BEGAN, bool(began)),
        (DriftReason.INTENT_ENDED, bool(ended)),
        (DriftReason.INTENTS_DECLARED, served is not None and not then and now),
        (DriftReason.INTENTS_GONE, served is not None and then and not now),
        (
            DriftReason.CRITERIA_CHANGED,
            policy is not None and policy.ref != verdict.policy,
        ),
    )
    held = tuple(reason for reason, is_one in reasons if is_one)
    return Invalidated(verdict.customer_id, held, began, ended)


def _served(
    ours: tuple[IntentRef, ...],
    others: tuple[IntentRef, ...],
    served: frozenset[StrategicIntentKind] | None,
) -> tuple[IntentRef, ...]:
    """Return those of the one list, and not of the other, that a customer serves."""
    kinds = served or frozenset()
    return tuple(one for one in ours if one not in others and one.kind in kinds)
