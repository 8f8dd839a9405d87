"""How long open issues have waited, those among ourselves apart (S2-17, S0-26)."""

from __future__ import annotations

import datetime as dt
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import attrs

from keyaccount.domain import Issue
from keyaccount.exceptions import Problems
from keyaccount.rules import Facts, Interval, Missing, missing
from keyaccount.tri import Tri, negate

from ._facts import ISSUE_FACTS
from ._issue_verdict import CauseCount, IssueFigures, IssueVerdict, OpenIssue
from ._issue_why import IssueEvidence
from ._opinions import IssueAge
from ._policy import CommunicationPolicy, default_policy


__all__ = ["issue_ageing", "issue_facts"]


def issue_facts(issue: Issue, *, as_of: dt.date) -> Facts:
    """Bring an issue through the door: how old it is on a day, and what it is.

    Raises:
        InvalidValueError: no issue, no plain day, or a day before it was opened.
    """
    problems = Problems()
    is_day = problems.is_day("as_of", as_of)
    is_one = problems.is_a("issue", issue, Issue, "an Issue")
    if is_day and is_one and issue.opened_on > as_of:
        wanted = f"on or after {issue.opened_on}"
        problems.add("as_of", "out-of-range", str(as_of), wanted)
    problems.check("issue")
    return _facts(issue, as_of)


def issue_ageing(
    issues: Iterable[Issue],
    *,
    as_of: dt.date,
    policy: CommunicationPolicy | None = None,
) -> IssueVerdict:
    """Say how long open issues have waited, those among ourselves apart.

    What is resolved on the very day is not open. One that was resolved after it was
    open on that day; one that is resolved, nobody knows when, is not. Of one of which
    nobody has said whether it is resolved nobody knows whether it counts. Issues
    that were opened after the day are left out.

    Args:
        issues: issues of one customer or of many, in any order, resolved ones too.
        as_of: the day.
        policy: your own; left out, the shipped one.

    Raises:
        InvalidValueError: what is no issue, one that stands twice, no plain day.
    """
    policy = default_policy() if policy is None else policy
    opened = tuple(_open_ones(_checked(issues, as_of), as_of, policy))
    found = tuple(sorted(opened, key=lambda one: (-one.days, one.customer_id, one.id)))
    possible = _worst(found)
    unowned = tuple(one.id for one in found if one.owner is None)
    counts = Counter(one.root_cause for one in found).most_common()
    causes = tuple(CauseCount(cause, count) for cause, count in counts)
    inside = [one for one in found if one.internal is not Tri.NO]
    internal = _figures(
        inside, [Tri.YES is one.is_open is one.internal for one in inside]
    )
    return IssueVerdict(
        value=possible[0] if len(possible) == 1 else None,
        possible=possible,
        missing=_missing(found),
        flags=_flags(found),
        policy=policy.ref,
        as_of=as_of,
        issues=found,
        total=_figures(found, [one.is_open is Tri.YES for one in found]),
        internal=internal,
        unowned=unowned,
        causes=causes,
        evidence=IssueEvidence(policy, found, possible, internal, causes, as_of),
    )


def _checked(issues: Iterable[Issue], as_of: dt.date) -> tuple[Issue, ...]:
    problems = Problems()
    problems.is_day("as_of", as_of)
    listed, seen = tuple(issues), set[tuple[str, str]]()
    for index, one in enumerate(listed):
        if problems.is_a(f"issues[{index}]", one, Issue, "an Issue"):
            key = one.customer_id, one.id
            if key in seen:
                problems.add(f"issues[{index}].id", "duplicate", one.id)
            seen.add(key)
    problems.check("issue_ageing")
    return listed


def _open_ones(
    issues: Iterable[Issue], as_of: dt.date, policy: CommunicationPolicy
) -> Iterator[OpenIssue]:
    """Yield the issues that are open on the day or may be."""
    for issue in issues:
        is_open = _is_open(issue, as_of)
        if is_open is Tri.NO:
            continue
        outcomes = policy.ages.possible(_facts(issue, as_of))
        possible = tuple(IssueAge(outcome) for outcome in outcomes)
        yield OpenIssue(
            id=issue.id,
            customer_id=issue.customer_id,
            opened_on=issue.opened_on,
            days=(as_of - issue.opened_on).days,
            is_open=is_open,
            internal=issue.internal,
            age=possible[0] if len(possible) == 1 else None,
            possible=possible,
            owner=issue.owner,
            root_cause=issue.root_cause,
        )


def _is_open(issue: Issue, as_of: dt.date) -> Tri:
    if issue.opened_on > as_of:
        return Tri.NO
    return negate(issue.resolved_by(as_of))


def _facts(issue: Issue, as_of: dt.date) -> Facts:
    return ISSUE_FACTS.read(
        {
            "issue_age_days": (as_of - issue.opened_on).days,
            "issue_resolved": negate(_is_open(issue, as_of)),
            "issue_internal": issue.internal,
        }
    )


def _worst(issues: Iterable[OpenIssue]) -> tuple[IssueAge, ...]:
    """Return what the age of the oldest may be, whatever is not known, worst first.

    At least that of the one that is sure to be the oldest; beyond that whatever any
    of them may be.
    """
    least, reached = IssueAge.NONE_OPEN.rank, {IssueAge.NONE_OPEN.rank}
    for one in issues:
        ranks = {age.rank for age in one.possible}
        reached |= ranks
        if one.is_open is Tri.YES:
            least = max(least, min(ranks))
    ranks = {rank for rank in reached if rank >= least}
    return tuple(age for age in reversed(IssueAge) if age.rank in ranks)


def _missing(issues: Sequence[OpenIssue]) -> tuple[Missing, ...]:
    """Ask whether they are resolved, or internal; first what settles more."""
    is_asked = {
        "issue_resolved": any(one.is_open is Tri.UNKNOWN for one in issues),
        "issue_internal": any(one.internal is Tri.UNKNOWN for one in issues),
    }
    left = {
        "issue_resolved": (
            [one for one in issues if one.is_open is Tri.YES],
            [attrs.evolve(one, is_open=Tri.YES) for one in issues],
        ),
        "issue_internal": (
            [attrs.evolve(one, possible=one.possible[:1]) for one in issues],
            [attrs.evolve(one, possible=one.possible[-1:]) for one in issues],
        ),
    }
    asked = [name for name in left if is_asked[name]]
    asked.sort(key=lambda name: sum(len(_worst(way)) for way in left[name]))
    return missing(ISSUE_FACTS, asked)


def _figures(issues: Sequence[OpenIssue], sure: Sequence[bool]) -> IssueFigures:
    days = [one.days for one, is_sure in zip(issues, sure, strict=True) if is_sure]
    return IssueFigures(
        Interval(float(len(days)), float(len(issues))),
        max(days, default=None),
        float(statistics.median(days)) if days else None,
        max((one.days for one in issues), default=None),
    )


def _flags(issues: Sequence[OpenIssue]) -> tuple[str, ...]:
    """Warn of what is surely open; of the rest nobody knows whether it still is."""
    sure = [one for one in issues if one.is_open is Tri.YES]
    old = {IssueAge.AGEING, IssueAge.STALE}
    flags = (
        ("issue-without-owner", any(one.owner is None for one in sure)),
        (
            "internal-issue-ageing",
            any(one.internal is Tri.YES and one.age in old for one in sure),
        ),
    )
    return tuple(flag for flag, is_raised in flags if is_raised)
