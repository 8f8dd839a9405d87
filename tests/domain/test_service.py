"""What is promised, who has room for it, and whether an issue was answered."""

from __future__ import annotations

import datetime as dt

import pytest

from keyaccount.domain import (
    Issue,
    ObligationKind,
    ServiceCapacity,
    ServicePromise,
    ValueTier,
    VisitLevel,
)
from keyaccount.tri import Tri
from tests.refusals import refused


DAY = dt.date(2025, 6, 2)
BEFORE = dt.date(2025, 6, 1)


def test_a_promise_promises_nothing_by_itself() -> None:
    promise = ServicePromise("c1")

    assert promise.executive_visits_per_year == promise.technical_exchanges_per_year
    assert promise.executive_visits_per_year == 0
    assert promise.first_response_hours is None
    assert not promise.weekly_receivables_review
    assert (promise.owner, promise.visitor, promise.since) == (None, None, None)


def test_a_promise_says_everything_that_is_wrong() -> None:  # S3-18
    assert refused(
        ServicePromise,
        "",
        "gold",
        executive_visits_per_year=-1,
        visit_level="director",
        technical_exchanges_per_year=1001,
        first_response_hours=0,
        business_hours="yes",
        weekly_receivables_review=1,
        owner="",
        visitor=5,
        since="2025-06-02",
    ) == (
        ("$.customer_id", "empty"),
        ("$.tier", "wrong-type"),
        ("$.executive_visits_per_year", "out-of-range"),
        ("$.technical_exchanges_per_year", "out-of-range"),
        ("$.visit_level", "wrong-type"),
        ("$.first_response_hours", "out-of-range"),
        ("$.business_hours", "wrong-type"),
        ("$.weekly_receivables_review", "wrong-type"),
        ("$.owner", "empty"),
        ("$.visitor", "wrong-type"),
        ("$.since", "wrong-type"),
    )


def test_a_promise_takes_what_a_class_of_customers_gets() -> None:
    promise = ServicePromise(
        "c1",
        ValueTier.PROBLEM,
        visit_level=VisitLevel.CREDIT_MANAGER,
        first_response_hours=16,
        business_hours=True,
        weekly_receivables_review=True,
    )

    assert promise.tier is ValueTier.PROBLEM
    assert promise.visit_level is VisitLevel.CREDIT_MANAGER


def test_a_capacity_that_nobody_told_is_not_none_at_all() -> None:
    kind = ObligationKind.EXECUTIVE_VISIT

    assert ServiceCapacity("Li", kind).per_year is None
    assert ServiceCapacity("Li", kind) != ServiceCapacity("Li", kind, 0)


def test_a_capacity_says_everything_that_is_wrong() -> None:
    assert refused(ServiceCapacity, "", "executive-visit", -1) == (
        ("$.owner", "empty"),
        ("$.kind", "wrong-type"),
        ("$.per_year", "out-of-range"),
    )


def test_an_issue_is_answered_on_the_day_it_is_raised_at_the_earliest() -> None:
    answered = Issue("i1", "c1", "x", DAY, responded=Tri.YES, responded_on=DAY)

    assert answered.responded_on == DAY
    assert refused(
        Issue, "i1", "c1", "x", DAY, responded=Tri.YES, responded_on=BEFORE
    ) == (("$.responded_on", "not-sorted"),)


@pytest.mark.parametrize("answer", [Tri.NO, Tri.UNKNOWN])
def test_a_day_of_the_answer_means_that_there_was_one(answer: Tri) -> None:
    assert refused(Issue, "i1", "c1", "x", DAY, responded=answer, responded_on=DAY) == (
        ("$.responded", "contradiction"),
    )


def test_what_is_no_answer_at_all_is_refused_once() -> None:
    assert refused(Issue, "i1", "c1", "x", None, responded="yes", responded_on=DAY) == (
        ("$.opened_on", "missing"),
        ("$.responded", "wrong-type"),
    )
    assert refused(Issue, "i1", "c1", "x", DAY, responded_on="today") == (
        ("$.responded_on", "wrong-type"),
    )
