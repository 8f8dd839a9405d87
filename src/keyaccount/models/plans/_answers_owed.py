"""The first answers that customers wait for, each by the hours promised (S3-18)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from keyaccount import wording
from keyaccount.domain import Issue, ObligationKind, ServicePromise, WorkCalendar
from keyaccount.rules import Missing, Reason, days_later
from keyaccount.tri import Tri, all_of, negate

from ._obligation import Obligation
from ._policy import PlansPolicy
from ._recurring import who_owes


__all__ = ["answers_owed"]


def answers_owed(
    promise: ServicePromise,
    issues: Iterable[Issue],
    days: WorkCalendar,
    rules: PlansPolicy,
    as_of: dt.date,
) -> Iterator[Obligation]:
    """Yield a first answer for each issue that wants one, or may want one.

    What was answered or resolved on a day after *as_of* was not so by then. An issue
    that was resolved wants no first answer any more, an internal one never did.
    """
    hours = promise.first_response_hours
    if hours is None:
        return
    owner = who_owes(promise, ObligationKind.FIRST_RESPONSE)
    for issue in issues:
        gaps = _open_questions(issue, as_of)
        is_owed = all_of(gaps.values())
        if issue.opened_on > as_of or is_owed is Tri.NO:
            continue
        start = max(issue.opened_on, promise.since or issue.opened_on)
        due_on = _due_on(promise, hours, start, days, rules)
        is_sure = days.is_sure(start) and days.is_sure(due_on)
        flags = (
            ("work-days-unsure", promise.business_hours and not is_sure),
            ("without-owner", owner is None),
        )
        yield Obligation(
            ObligationKind.FIRST_RESPONSE,
            promise.customer_id,
            due_on,
            due_on,
            _why(promise, hours, issue, due_on, is_owed),
            owner=owner,
            issue_id=issue.id,
            is_owed=is_owed,
            missing=tuple(gap for gap, answer in gaps.items() if answer is Tri.UNKNOWN),
            flags=tuple(flag for flag, is_raised in flags if is_raised),
            labels=rules.labels,
        )


def _open_questions(issue: Issue, as_of: dt.date) -> dict[Missing, Tri]:
    """Say what must be so for an answer to be owed, under what asks for it."""
    return {
        Missing("responded", "answer-responded"): negate(issue.responded_by(as_of)),
        Missing("resolved", "answer-resolved"): negate(issue.resolved_by(as_of)),
        Missing("internal", "answer-internal"): negate(issue.internal),
    }


def _due_on(
    promise: ServicePromise,
    hours: int,
    start: dt.date,
    days: WorkCalendar,
    rules: PlansPolicy,
) -> dt.date:
    """Return the day on which so many hours after some time of a day may end."""
    if promise.business_hours:
        return days.later(start, hours // rules.whole("working_day"))
    return days_later(start, dt.timedelta(hours=hours).days)


def _why(
    promise: ServicePromise, hours: int, issue: Issue, due_on: dt.date, is_owed: Tri
) -> Reason:
    opened, since = issue.opened_on, promise.since
    within = "owed-business-hours" if promise.business_hours else "owed-hours"
    parts = [
        Reason("owed-on", (("day", due_on.isoformat()),)),
        Reason(within, (("hours", float(hours)), ("day", opened.isoformat()))),
    ]
    if since is not None and since > opened:
        parts.append(Reason("owed-promised", (("day", since.isoformat()),)))
    code = "owed-answer" if is_owed is Tri.YES else "owed-answer-open"
    return Reason(code, (("name", wording.plain(issue.text)),), tuple(parts))
