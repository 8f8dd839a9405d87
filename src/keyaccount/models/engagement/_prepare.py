"""What must be known and done before a visit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from keyaccount.domain import CommChannel, Commitment, Executive, Issue, Touchpoint
from keyaccount.exceptions import Problems
from keyaccount.rules import Facts, Missing, asked_by, missing
from keyaccount.tri import Tri, all_of

from ._facts import VISIT_FACTS, check_records, issue_facts, known
from ._opinions import DueState
from ._policy import EngagementPolicy, default_policy
from ._promises import due_of
from ._visit_verdict import OpenIssue, VisitCheck, VisitEvidence, VisitVerdict


__all__ = ["prepare", "visit_facts"]


def visit_facts(  # noqa: PLR0913 - a visit and all that comes up at it
    touchpoint: Touchpoint,
    *,
    commitments: Iterable[Commitment] | None = None,
    issues: Iterable[Issue] | None = None,
    commitments_reviewed: Tri = Tri.UNKNOWN,
    issues_reviewed: Tri = Tri.UNKNOWN,
    sponsor: Executive | None = None,
    as_of: dt.date,
) -> Facts:
    """Bring a visit through the door; a list that is empty needs no review.

    Raises:
        InvalidValueError: a visit that is over, or records of another customer.
    """
    reviewed = commitments_reviewed, issues_reviewed
    promises, troubles = _checked(
        Problems(), touchpoint, commitments, issues, reviewed, sponsor, as_of
    )
    return _told(touchpoint, promises, troubles, reviewed, sponsor, as_of)


def prepare(  # noqa: PLR0913 - a visit and all that comes up at it
    touchpoint: Touchpoint,
    *,
    commitments: Iterable[Commitment] | None = None,
    issues: Iterable[Issue] | None = None,
    commitments_reviewed: Tri = Tri.UNKNOWN,
    issues_reviewed: Tri = Tri.UNKNOWN,
    sponsor: Executive | None = None,
    as_of: dt.date,
    policy: EngagementPolicy | None = None,
) -> VisitVerdict:
    """Say whether a visit that lies ahead is ready, and what to do first (6.1, S0-27).

    Args:
        touchpoint: the visit, on *as_of* or later.
        commitments: what was promised to the customer; None if nobody has looked.
        issues: what troubled it; None if nobody has looked.
        commitments_reviewed: whether somebody went through the open promises.
        issues_reviewed: whether somebody went through the open troubles.
        sponsor: the executive who goes; None if nobody is named.
        as_of: the day of the question.
        policy: your own; the shipped one otherwise.

    Raises:
        InvalidValueError: a visit that is over or not to the customer, or records of
            another customer.
    """
    rules = default_policy() if policy is None else policy
    problems = Problems()
    problems.is_a("policy", rules, EngagementPolicy, "an EngagementPolicy")
    reviewed = commitments_reviewed, issues_reviewed
    promises, troubles = _checked(
        problems, touchpoint, commitments, issues, reviewed, sponsor, as_of
    )
    told = _told(touchpoint, promises, troubles, reviewed, sponsor, as_of)
    checks = _checks(rules, told)
    answer = all_of(check.answer for check in checks)
    notice = rules.whole("review_days")
    due = tuple(
        one
        for one in due_of(promises or (), as_of)
        if one.due is None or (one.due - touchpoint.on).days <= notice
    )
    late = any(one.state is DueState.LATE for one in due)
    troubling = _open_issues(troubles or (), as_of)
    lacking = [check.action for check in checks if check.answer is Tri.NO]
    unsure = [check.action for check in checks if check.answer is Tri.UNKNOWN]
    flags = (("late-commitments", late),)
    is_open = answer is Tri.UNKNOWN
    return VisitVerdict(
        value=None if is_open else answer,
        possible=(Tri.NO, Tri.YES) if is_open else (answer,),
        missing=_missing(rules, told, checks),
        flags=tuple(flag for flag, is_raised in flags if is_raised),
        policy=rules.ref,
        as_of=as_of,
        customer_id=touchpoint.customer_id,
        on=touchpoint.on,
        days_left=(touchpoint.on - as_of).days,
        checks=checks,
        to_do=tuple(dict.fromkeys((*lacking, *unsure))),
        commitments=due,
        issues=troubling,
        evidence=VisitEvidence(rules, checks, touchpoint.on, due, troubling),
    )


def _checked(  # noqa: PLR0913, PLR0917 - everything that a caller may give
    problems: Problems,
    touchpoint: Touchpoint,
    commitments: Iterable[Commitment] | None,
    issues: Iterable[Issue] | None,
    reviewed: tuple[Tri, Tri],
    sponsor: Executive | None,
    as_of: dt.date,
) -> tuple[tuple[Commitment, ...] | None, tuple[Issue, ...] | None]:
    """Return the promises and the troubles, None where nobody has looked."""
    is_day = problems.is_day("as_of", as_of)
    problems.is_a("commitments_reviewed", reviewed[0], Tri, "a Tri")
    problems.is_a("issues_reviewed", reviewed[1], Tri, "a Tri")
    if sponsor is not None:
        problems.is_a("sponsor", sponsor, Executive, "an Executive")
    is_visit = problems.is_a("touchpoint", touchpoint, Touchpoint, "a Touchpoint")
    if not is_day or not is_visit:
        problems.check("visit")
    if touchpoint.channel is not CommChannel.CUSTOMER:
        wanted = f"a visit to the customer, CommChannel.{CommChannel.CUSTOMER.name}"
        problems.add("touchpoint.channel", "contradiction", touchpoint.channel, wanted)
    if touchpoint.on < as_of:
        wanted = f"a visit that is not over on {as_of}"
        problems.add("touchpoint.on", "contradiction", str(touchpoint.on), wanted)
    _, promises, troubles = check_records(
        problems,
        touchpoint.customer_id,
        (),
        () if commitments is None else commitments,
        () if issues is None else issues,
    )
    problems.check("visit")
    return (
        None if commitments is None else promises,
        None if issues is None else troubles,
    )


def _told(  # noqa: PLR0913, PLR0917 - everything that a visit rests on
    visit: Touchpoint,
    promises: Sequence[Commitment] | None,
    troubles: Sequence[Issue] | None,
    reviewed: tuple[Tri, Tri],
    sponsor: Executive | None,
    as_of: dt.date,
) -> Facts:
    """Return the facts of a visit; what is not there needs no review."""
    has_none = (
        promises is not None and not due_of(promises, as_of),
        troubles is not None and not _open_issues(troubles, as_of),
    )
    row = (
        visit.executive,
        visit.planned,
        visit.prepared,
        visit.sales_team_notified,
        visit.pre_brief,
        Tri.of(visit.purpose is not None),
        Tri.of(bool(visit.stakeholder_ids)),
        *(
            Tri.YES if nothing else answer
            for nothing, answer in zip(has_none, reviewed, strict=True)
        ),
        Tri.UNKNOWN if sponsor is None else sponsor.trained,
    )
    return Facts(VISIT_FACTS, tuple(known(answer) for answer in row))


def _open_issues(issues: Iterable[Issue], as_of: dt.date) -> tuple[OpenIssue, ...]:
    """Return what is not known to be resolved by a day, the oldest first."""
    found = []
    for one in issues:
        if one.opened_on > as_of:
            continue
        resolved = issue_facts(one, as_of=as_of)["issue_resolved"]
        if resolved is not Tri.YES:
            answer = Tri.UNKNOWN if resolved is None else Tri.NO
            found.append(OpenIssue(one.id, one.text, one.opened_on, answer, one.owner))
    return tuple(sorted(found, key=lambda one: (one.opened_on, one.id)))


def _checks(policy: EngagementPolicy, told: Facts) -> tuple[VisitCheck, ...]:
    hits = policy.visits.hits(told)
    return tuple(
        VisitCheck(
            rule.id, _answer(hits.must >> at & 1, hits.may >> at & 1), rule.action
        )
        for at, rule in enumerate(policy.visit_rules)
    )


def _answer(must: int, may: int) -> Tri:
    return Tri.YES if must else Tri.of(None if may else False)


def _missing(
    policy: EngagementPolicy, told: Facts, checks: Iterable[VisitCheck]
) -> tuple[Missing, ...]:
    """Return what to ask, in the order of the checklist."""
    names = dict.fromkeys(
        name
        for rule, check in zip(policy.visit_rules, checks, strict=True)
        if check.answer is Tri.UNKNOWN
        for name in asked_by(rule.when)
        if told[name] is None
    )
    return missing(VISIT_FACTS, names)
