"""Contacts, promises and troubles are dated in an order that can be."""

from __future__ import annotations

import datetime as dt

import pytest

from keyaccount import wording
from keyaccount.domain import (
    CommChannel,
    Commitment,
    CommPurpose,
    ExecutiveResponse,
    Issue,
    ProjectTask,
    RootCause,
    Touchpoint,
    TouchpointKind,
)
from keyaccount.tri import Tri
from tests.refusals import refused


DAY = dt.date(2025, 6, 1)
BEFORE = dt.date(2025, 5, 31)
LANGUAGES = ("en", "zh-Hans", "zh-Hant")


def test_a_touchpoint_is_with_the_customer_unless_told() -> None:
    touchpoint = Touchpoint("c1", DAY, our_people=["Li", "Zhao"])

    assert touchpoint.channel is CommChannel.CUSTOMER
    assert touchpoint.our_people == frozenset({"Li", "Zhao"})
    assert touchpoint.planned is Tri.UNKNOWN


@pytest.mark.parametrize("channel", CommChannel)
@pytest.mark.parametrize("purpose", CommPurpose)
def test_a_purpose_belongs_to_one_channel(
    channel: CommChannel, purpose: CommPurpose
) -> None:  # S2-15, S2-16, S2-17
    if purpose.channel is channel:
        assert Touchpoint("c1", DAY, channel, purpose).purpose is purpose
    else:
        assert refused(Touchpoint, "c1", DAY, channel, purpose) == (
            ("$.purpose", "contradiction"),
        )


def test_a_technical_exchange_is_a_kind_of_contact() -> None:  # S3-18
    touchpoint = Touchpoint("c1", DAY, kind=TouchpointKind.TECHNICAL_EXCHANGE)

    assert touchpoint.kind is TouchpointKind("technical-exchange")
    assert [
        wording.label("touchpoint-kind", "technical-exchange", at) for at in LANGUAGES
    ] == ["technical exchange", "技术交流", "技術交流"]


def test_every_channel_has_two_purposes() -> None:
    for channel in CommChannel:
        assert sum(purpose.channel is channel for purpose in CommPurpose) == 2


def test_a_touchpoint_says_everything_that_is_wrong() -> None:
    assert refused(
        Touchpoint,
        "",
        None,
        "customer",
        "trust",
        "visit",
        "Li",
        [7],
        True,
        False,
        None,
        "yes",
        1,
        "social",
        "",
    ) == (
        ("$.customer_id", "empty"),
        ("$.on", "missing"),
        ("$.channel", "wrong-type"),
        ("$.purpose", "wrong-type"),
        ("$.kind", "wrong-type"),
        ("$.our_people", "wrong-type"),
        ("$.stakeholder_ids", "wrong-type"),
        ("$.executive", "wrong-type"),
        ("$.planned", "wrong-type"),
        ("$.prepared", "missing"),
        ("$.sales_team_notified", "wrong-type"),
        ("$.pre_brief", "wrong-type"),
        ("$.style", "wrong-type"),
        ("$.note", "empty"),
    )


def test_a_commitment_may_be_due_on_the_very_day() -> None:
    commitment = Commitment("k1", "c1", "a sample", DAY, DAY)

    assert commitment.fulfilled is Tri.UNKNOWN
    assert (
        Commitment(
            "k1", "c1", "a sample", DAY, fulfilled=Tri.YES, fulfilled_on=DAY
        ).fulfilled_on
        == DAY
    )


def test_who_made_a_commitment_need_not_be_who_must_keep_it() -> None:  # S0-28
    commitment = Commitment("k1", "c1", "a sample", DAY, by="Chen", owner="Li")

    assert (commitment.by, commitment.owner) == ("Chen", "Li")
    assert Commitment("k1", "c1", "a sample", DAY, by="Chen").owner is None
    assert refused(Commitment, "k1", "c1", "a sample", DAY, owner=" ") == (
        ("$.owner", "empty"),
    )


def test_a_commitment_is_not_due_or_kept_before_it_is_made() -> None:
    assert refused(
        Commitment,
        "k1",
        "c1",
        "a sample",
        DAY,
        BEFORE,
        fulfilled=Tri.YES,
        fulfilled_on=BEFORE,
    ) == (("$.due", "not-sorted"), ("$.fulfilled_on", "not-sorted"))


@pytest.mark.parametrize("answer", [Tri.NO, Tri.UNKNOWN])
def test_a_day_of_fulfilment_makes_a_commitment_kept(answer: Tri) -> None:
    assert refused(
        Commitment, "k1", "c1", "text", DAY, fulfilled=answer, fulfilled_on=DAY
    ) == (("$.fulfilled", "contradiction"),)


def test_a_commitment_says_everything_that_is_wrong() -> None:
    assert refused(Commitment, "", None, " ", "today", 5, "", True, "no", DAY) == (
        ("$.id", "empty"),
        ("$.customer_id", "missing"),
        ("$.text", "empty"),
        ("$.made_on", "wrong-type"),
        ("$.due", "wrong-type"),
        ("$.by", "empty"),
        ("$.feasibility_confirmed", "wrong-type"),
        ("$.fulfilled", "wrong-type"),
    )


def test_an_issue_may_be_open_without_a_cause() -> None:
    issue = Issue("i1", "c1", "late truck", DAY)

    assert (issue.root_cause, issue.resolved) == (None, Tri.UNKNOWN)


def test_an_issue_is_resolved_after_it_was_opened() -> None:
    issue = Issue(
        "i1",
        "c1",
        "late truck",
        DAY,
        root_cause=RootCause.INTERNAL_COORDINATION,
        executive_response=ExecutiveResponse.COORDINATE,
        resolved=Tri.YES,
        resolved_on=DAY,
    )

    assert issue.resolved_on == DAY
    assert refused(
        Issue, "i1", "c1", "text", DAY, resolved=Tri.NO, resolved_on=BEFORE
    ) == (("$.resolved_on", "not-sorted"), ("$.resolved", "contradiction"))


def test_an_issue_says_everything_that_is_wrong() -> None:
    assert refused(
        Issue, "", "", None, None, "", True, "sales", "blame", 0, "no", DAY
    ) == (
        ("$.id", "empty"),
        ("$.customer_id", "empty"),
        ("$.text", "missing"),
        ("$.opened_on", "missing"),
        ("$.owner", "empty"),
        ("$.internal", "wrong-type"),
        ("$.root_cause", "wrong-type"),
        ("$.executive_response", "wrong-type"),
        ("$.cross_department_action", "wrong-type"),
        ("$.resolved", "wrong-type"),
    )


# What was so by a day.


@pytest.mark.parametrize(
    ("on", "wanted"),
    [(None, Tri.YES), (-1, Tri.YES), (0, Tri.YES), (1, Tri.NO)],
)
def test_what_happens_later_has_not_happened_by_the_day(
    on: int | None, wanted: Tri
) -> None:
    today = dt.date(2025, 12, 31)
    made = today - dt.timedelta(9)
    when = None if on is None else today + dt.timedelta(on)
    promise = Commitment(
        "k1", "c1", "a sample", made, fulfilled=Tri.YES, fulfilled_on=when
    )
    issue = Issue(
        "i1",
        "c1",
        "late truck",
        made,
        resolved=Tri.YES,
        resolved_on=when,
        responded=Tri.YES,
        responded_on=when,
    )
    task = ProjectTask("t1", "rent", done=Tri.YES, done_on=when)

    assert promise.fulfilled_by(today) is wanted
    assert issue.resolved_by(today) is wanted
    assert issue.responded_by(today) is wanted
    assert task.done_by(today) is wanted


def test_what_nobody_told_is_not_known_by_any_day() -> None:
    today = dt.date(2025, 12, 31)

    assert Commitment("k1", "c1", "a sample", today).fulfilled_by(today) is Tri.UNKNOWN
    assert Issue("i1", "c1", "late truck", today).resolved_by(today) is Tri.UNKNOWN
