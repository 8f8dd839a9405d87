"""What a type checker sees of the communication model; checked, never run.

A line with `type: ignore` must be an error: both checkers complain where it is none.
"""
# pyright: reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

import datetime as dt
from typing import assert_type

import keyaccount as ka
from keyaccount.models.communication import (
    CommunicationPolicy,
    CommunicationState,
    CommunicationVerdict,
    IssueAge,
    IssueVerdict,
    OpenIssue,
    Talk,
)
from keyaccount.rules import Facts


def communication(
    contacts: list[ka.Touchpoint], issues: list[ka.Issue], day: dt.date
) -> None:
    verdict = ka.communication.gaps("c1", contacts, as_of=day, tier=ka.ValueTier.GOLD)
    assert_type(verdict, CommunicationVerdict)
    assert_type(verdict.value, CommunicationState | None)
    assert_type(verdict.talks, tuple[Talk, ...])
    assert_type(verdict.gaps, tuple[ka.CommPurpose, ...])
    assert_type(verdict.talk(ka.CommPurpose.TRUST).anchor, dt.date | None)
    assert_type(verdict.in_time, ka.Tri)
    due = ka.communication.next_due("c1", contacts, as_of=day, since=day)
    assert_type(due, tuple[Talk, ...])
    assert_type(ka.communication.facts("c1", contacts, as_of=day), Facts)
    aged = ka.communication.issue_ageing(issues, as_of=day)
    assert_type(aged, IssueVerdict)
    assert_type(aged.value, IssueAge | None)
    assert_type(aged.issues, tuple[OpenIssue, ...])
    assert_type(aged.internal.count, ka.Interval)
    assert_type(ka.communication.default_policy(), CommunicationPolicy)
    ka.communication.gaps("c1", contacts)  # type: ignore[call-arg]  # the day is asked for
