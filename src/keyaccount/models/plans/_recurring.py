"""What is owed again and again: visits, technical exchanges, reviews (S3-18)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

import attrs

from keyaccount.domain import (
    CommChannel,
    ObligationKind,
    ServicePromise,
    Touchpoint,
    TouchpointKind,
    VisitLevel,
)
from keyaccount.rules import Missing, Reason
from keyaccount.tri import Tri, all_of

from ._obligation import Obligation
from ._policy import PlansPolicy
from ._rhythm import Rhythm


__all__ = ["Recurring", "rhythms", "who_owes"]


Datum: TypeAlias = tuple[str, float | str]

_BELOW_EXECUTIVE = frozenset(
    {VisitLevel.CREDIT_MANAGER, VisitLevel.MANAGER, VisitLevel.DIRECTOR}
)
_WHO = Missing("executive", "visit-by-whom")
_WHAT = Missing("kind", "contact-kind")


def rhythms(
    promise: ServicePromise, rules: PlansPolicy
) -> Mapping[ObligationKind, Rhythm]:
    """Return how often each kind of service is promised; only what is promised."""
    year = rules.whole("service_year")
    found = {
        kind: Rhythm(year, count)
        for kind, count in (
            (ObligationKind.EXECUTIVE_VISIT, promise.executive_visits_per_year),
            (ObligationKind.TECHNICAL_EXCHANGE, promise.technical_exchanges_per_year),
        )
        if count
    }
    if promise.weekly_receivables_review:
        weekly = Rhythm(rules.whole("receivables_review"))
        found[ObligationKind.RECEIVABLES_REVIEW] = weekly
    return found


def who_owes(promise: ServicePromise, kind: ObligationKind) -> str | None:
    """Return who must do it: the visitor visits, the owner does the rest."""
    is_visit = kind is ObligationKind.EXECUTIVE_VISIT
    return promise.visitor if is_visit else promise.owner


class _Judged(NamedTuple):
    """Whether a contact was what was promised, and what would tell."""

    on: dt.date
    answer: Tri
    asked: tuple[Missing, ...]


class _Record(NamedTuple):
    """When it was last done, and when it may have been done since."""

    last: dt.date | None
    maybe: tuple[dt.date, ...] = ()
    asked: tuple[Missing, ...] = ()


@attrs.frozen
class Recurring:
    """What a promise owes again and again, as of a day, up to a horizon."""

    promise: ServicePromise
    rules: PlansPolicy
    as_of: dt.date
    until: dt.date | None

    def visits(self, contacts: Iterable[Touchpoint]) -> Iterator[Obligation]:
        """Yield the visits that are owed."""
        record = self._record(self._visit(one) for one in contacts)
        return self._owed(ObligationKind.EXECUTIVE_VISIT, record)

    def exchanges(self, contacts: Iterable[Touchpoint]) -> Iterator[Obligation]:
        """Yield the technical exchanges that are owed."""
        kind = TouchpointKind.TECHNICAL_EXCHANGE
        record = self._record(
            _Judged(one.on, _is_kind(one, kind), (_WHAT,)) for one in contacts
        )
        return self._owed(ObligationKind.TECHNICAL_EXCHANGE, record)

    def reviews(self, last: dt.date | None) -> Iterator[Obligation]:
        """Yield the reviews of receivables that are owed."""
        is_past = last is not None and last <= self.as_of
        record = _Record(last if is_past else None)
        return self._owed(ObligationKind.RECEIVABLES_REVIEW, record)

    def _visit(self, one: Touchpoint) -> _Judged:
        """Say whether a contact was the visit that was promised."""
        came = self._came(one)
        is_visit = _is_kind(one, TouchpointKind.VISIT)
        asked = ((_WHO, came), (_WHAT, is_visit))
        gaps = tuple(gap for gap, answer in asked if answer is Tri.UNKNOWN)
        return _Judged(one.on, all_of((is_visit, came)), gaps)

    def _came(self, one: Touchpoint) -> Tri:
        """Say whether somebody came who will do.

        The person who is named will do, and so will an executive, at any level; but
        where the chief executive was promised, and the contact names others, it may
        have been another. Below an executive it may have been anybody, unless the
        contact names who came and the visitor is not among them.
        """
        visitor, level = self.promise.visitor, self.promise.visit_level
        if visitor is not None and visitor in one.our_people:
            return Tri.YES
        is_another = visitor is not None and bool(one.our_people)
        if one.executive is Tri.YES and level is VisitLevel.CHIEF_EXECUTIVE:
            return Tri.UNKNOWN if is_another else Tri.YES
        if one.executive is Tri.NO and level in _BELOW_EXECUTIVE:
            return Tri.NO if is_another else Tri.UNKNOWN
        return one.executive

    def _record(self, judged: Iterable[_Judged]) -> _Record:
        """Sum up what the contacts say; what lies ahead has not happened yet."""
        past = [one for one in judged if one.on <= self.as_of]
        sure = (one.on for one in past if one.answer is Tri.YES)
        last = max(sure, default=None)
        start = self._start(last)
        open_ones = [
            one
            for one in past
            if one.answer is Tri.UNKNOWN and (start is None or one.on > start)
        ]
        gaps = {gap for one in open_ones for gap in one.asked}
        asked = tuple(gap for gap in (_WHO, _WHAT) if gap in gaps)
        return _Record(last, tuple(sorted(one.on for one in open_ones)), asked)

    def _start(self, last: dt.date | None) -> dt.date | None:
        """Return the day that the next time counts from; None is not known.

        Nothing is owed before the promise holds.
        """
        told = [day for day in (last, self.promise.since) if day is not None]
        return max(told, default=None)

    def _owed(self, kind: ObligationKind, record: _Record) -> Iterator[Obligation]:
        """Yield the next time, and those that come after it up to the horizon."""
        rhythm = rhythms(self.promise, self.rules).get(kind)
        if rhythm is None:
            return
        start = self._start(record.last)
        because = tuple(self._because(kind, rhythm, record))
        owner = who_owes(self.promise, kind)
        flags = (("without-anchor", start is None), ("without-owner", owner is None))
        ways = (start, *record.maybe[:1], *record.maybe[-1:])
        for place, (due_on, latest) in enumerate(rhythm.between(ways, self.as_of)):
            if place and (self.until is None or due_on > self.until):
                return
            yield Obligation(
                kind,
                self.promise.customer_id,
                due_on,
                latest,
                self._why(kind, (_when(due_on, latest), *_again(place), *because)),
                record.last,
                owner,
                missing=record.asked,
                flags=tuple(flag for flag, is_raised in flags if is_raised),
                labels=self.rules.labels,
            )

    def _why(self, kind: ObligationKind, because: tuple[Reason, ...]) -> Reason:
        level = self.promise.visit_level
        if kind is ObligationKind.EXECUTIVE_VISIT and level is not VisitLevel.NONE:
            data = (("row", level.value), ("table", "visit-level"))
            return Reason("owed-visit", data, because)
        named = (("outcome", kind.value), ("answers", "obligation-kind"))
        return Reason("owed", named, because)

    def _because(
        self, kind: ObligationKind, rhythm: Rhythm, record: _Record
    ) -> Iterator[Reason]:
        """Say how often it is promised, and what is on record."""
        often = ("days", float(rhythm.step()))
        if kind is ObligationKind.RECEIVABLES_REVIEW:
            yield Reason("owed-every", (often,))
        else:
            yield Reason("owed-a-year", (("count", float(rhythm.count)), often))
        last, since = record.last, self.promise.since
        if last is not None:
            yield Reason("owed-last", (("day", last.isoformat()),))
        if since is not None and (last is None or last < since):
            yield Reason("owed-since", (("day", since.isoformat()),))
        if record.maybe:
            day = record.maybe[-1].isoformat()
            data = (("count", float(len(record.maybe))), ("day", day))
            yield Reason("owed-maybe", data)


def _is_kind(one: Touchpoint, kind: TouchpointKind) -> Tri:
    if one.channel is not CommChannel.CUSTOMER:
        return Tri.NO
    return Tri.UNKNOWN if one.kind is None else Tri.of(one.kind is kind)


def _when(due_on: dt.date, latest: dt.date) -> Reason:
    begin: Datum = ("day", due_on.isoformat())
    if due_on == latest:
        return Reason("owed-on", (begin,))
    return Reason("owed-between", (begin, ("end", latest.isoformat())))


def _again(place: int) -> tuple[Reason, ...]:
    return (Reason("owed-again", (("count", float(place)),)),) if place else ()
