"""What a customer was promised by its class, turned into dates (S3-10, S3-18)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from keyaccount.domain import (
    Issue,
    ObligationKind,
    ServicePromise,
    Touchpoint,
    WorkCalendar,
)
from keyaccount.exceptions import Problems

from ._answers_owed import answers_owed
from ._given import each
from ._obligation import Obligation
from ._policy import PlansPolicy, default_policy
from ._recurring import Recurring


__all__ = ["obligations"]


def obligations(  # noqa: PLR0913 - what was done, for each kind of promise
    promise: ServicePromise,
    *,
    touchpoints: Iterable[Touchpoint] = (),
    issues: Iterable[Issue] = (),
    reviewed_on: dt.date | None = None,
    as_of: dt.date,
    until: dt.date | None = None,
    days: WorkCalendar | None = None,
    policy: PlansPolicy | None = None,
) -> tuple[Obligation, ...]:
    """Return what a customer is owed by its promise, the earliest day first (S3-18).

    Visits, technical exchanges and reviews of receivables are due a step after they
    were last done: a year ÷ n in whole days, or a week. Nothing is owed before the
    promise holds: without a later last time its `since` counts. With neither it is
    due on *as_of*, and says so. A first answer is due so many hours after each issue
    that may still want one; the hour of the day is not recorded, so that hours
    become whole days, rounded down.

    What happens after *as_of* has not happened yet. Touchpoints and issues of other
    customers, and issues that are surely internal, are passed over.

    Args:
        promise: what the customer may expect.
        touchpoints: the contacts on record, of all customers if you like.
        issues: the troubles on record, of all customers if you like.
        reviewed_on: when its receivables were last looked at; None if on no record.
        as_of: the day to ask for.
        until: also return what comes again up to this day; only the next otherwise.
        days: which days are worked, for answers promised in business hours; without
            it weekends are free and nothing else, and the answer says so.
        policy: your own; the shipped one otherwise.

    Raises:
        InvalidValueError: arguments of another kind.
    """
    rules = default_policy() if policy is None else policy
    problems = Problems()
    problems.is_a("promise", promise, ServicePromise, "a ServicePromise")
    contacts = each(problems, "touchpoints", touchpoints, Touchpoint)
    troubles = each(problems, "issues", issues, Issue)
    _check_days(problems, reviewed_on, as_of, until, days)
    problems.check("obligations")
    recurring = Recurring(promise, rules, as_of, until)
    ours = [one for _, one in contacts if one.customer_id == promise.customer_id]
    theirs = [one for _, one in troubles if one.customer_id == promise.customer_id]
    calendar = WorkCalendar() if days is None else days
    found = (
        *recurring.visits(ours),
        *recurring.exchanges(ours),
        *recurring.reviews(reviewed_on),
        *answers_owed(promise, theirs, calendar, rules, as_of),
    )
    return tuple(sorted(found, key=_place))


_KINDS = tuple(ObligationKind)


def _place(one: Obligation) -> tuple[dt.date, int, dt.date, str]:
    return one.due_on, _KINDS.index(one.kind), one.latest, one.issue_id or ""


def _check_days(
    problems: Problems,
    reviewed_on: dt.date | None,
    as_of: dt.date,
    until: dt.date | None,
    days: WorkCalendar | None,
) -> None:
    if reviewed_on is not None:
        problems.is_day("reviewed_on", reviewed_on)
    problems.is_day("as_of", as_of)
    if until is not None:
        problems.is_day("until", until)
    if days is not None:
        problems.is_a("days", days, WorkCalendar, "a WorkCalendar")
