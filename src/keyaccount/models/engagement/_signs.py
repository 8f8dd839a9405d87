"""Where an anti-pattern shows: contact by contact, promise by promise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from keyaccount.domain import Commitment, ExecutiveAntiPattern, Issue, Touchpoint
from keyaccount.rules import Compiled, Facts, asked_by, missing
from keyaccount.tri import Tri

from ._facts import commitment_facts, issue_facts, touchpoint_facts
from ._opinions import Source
from ._policy import EngagementPolicy
from ._verdict import Finding


__all__ = ["in_order", "of_customer", "of_records", "risks_of"]


def of_records(
    touchpoints: Iterable[Touchpoint],
    commitments: Iterable[Commitment],
    issues: Iterable[Issue],
    as_of: dt.date,
    policy: EngagementPolicy,
) -> tuple[Finding, ...]:
    """Return every anti-pattern that shows, or may, in a record; in no order."""
    found: list[Finding] = []
    for talk in touchpoints:
        facts = touchpoint_facts(talk, as_of=as_of)
        found += _judged(policy.touchpoints, facts, Source.TOUCHPOINT, talk.on)
    for one in commitments:
        facts = commitment_facts(one, as_of=as_of)
        found += _judged(
            policy.commitments, facts, Source.COMMITMENT, one.due, one.id, one.text
        )
    for issue in issues:
        facts = issue_facts(issue, as_of=as_of)
        found += _judged(
            policy.issues,
            facts,
            Source.ISSUE,
            issue.opened_on,
            issue.id,
            issue.text,
        )
    return tuple(found)


def risks_of(
    touchpoints: Iterable[Touchpoint],
    commitments: Iterable[Commitment],
    as_of: dt.date,
    policy: EngagementPolicy,
) -> tuple[Finding, ...]:
    """Return what is no hit yet, and may become one."""
    found: list[Finding] = []
    for talk in touchpoints:
        facts = touchpoint_facts(talk, as_of=as_of)
        found += _judged(policy.coming, facts, Source.TOUCHPOINT, talk.on)
    for one in commitments:
        facts = commitment_facts(one, as_of=as_of)
        found += _judged(
            policy.promises, facts, Source.COMMITMENT, one.due, one.id, one.text
        )
    return in_order(found)


def of_customer(
    facts: Facts, last: dt.date | None, policy: EngagementPolicy
) -> tuple[Finding, ...]:
    """Return the anti-patterns that show, or may, in the customer as a whole."""
    return tuple(_judged(policy.customer, facts, Source.CUSTOMER, last))


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings pattern by pattern: what is sure first, then the oldest."""
    return tuple(sorted(findings, key=_place))


_PATTERNS = tuple(ExecutiveAntiPattern)
_SOURCES = tuple(Source)


def _place(one: Finding) -> tuple[object, ...]:
    return (
        _PATTERNS.index(one.pattern),
        one.fires is not Tri.YES,
        _SOURCES.index(one.source),
        one.day or dt.date.max,
        one.ref or "",
        one.faults,
        one.perhaps,
        [gap.fact for gap in one.missing],
    )


def _judged(  # noqa: PLR0913, PLR0917 - a finding and where it is from
    rules: Compiled,
    facts: Facts,
    source: Source,
    day: dt.date | None,
    ref: str | None = None,
    text: str | None = None,
) -> Iterator[Finding]:
    """Yield a finding for each pattern of which a row fires, or may."""
    hits = rules.hits(facts)
    firing = [
        (row, hits.must >> at & 1)
        for at, row in enumerate(rules.table.rows)
        if hits.may >> at & 1
    ]
    for pattern in dict.fromkeys(row.then for row, _ in firing):
        rows = [(row, sure) for row, sure in firing if row.then == pattern]
        undecided = [row for row, sure in rows if not sure]
        asked = {name for row in undecided for name in asked_by(row.when)}
        faults = tuple(row.id for row, sure in rows if sure)
        yield Finding(
            ExecutiveAntiPattern(pattern),
            Tri.YES if faults else Tri.UNKNOWN,
            source,
            day,
            ref,
            text,
            faults,
            tuple(row.id for row in undecided),
            missing(facts.schema, [name for name in facts.unknown if name in asked]),
        )
