"""From contacts, promises and troubles to the facts that the rules ask about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TypeVar

from keyaccount.domain import (
    CommChannel,
    Commitment,
    ExecutiveResponse,
    Issue,
    RootCause,
    StrategicDesignation,
    Touchpoint,
    TouchpointKind,
)
from keyaccount.exceptions import Problems
from keyaccount.rules import Fact, Facts, FactSchema, FactValue
from keyaccount.tri import Tri

from ._opinions import Concern, Role


__all__ = [
    "COMMITMENT_FACTS",
    "CUSTOMER_FACTS",
    "FACTS",
    "ISSUE_FACTS",
    "PAIRING_FACTS",
    "PATTERNS",
    "TARGET_FACTS",
    "TOUCHPOINT_FACTS",
    "VISIT_FACTS",
    "check_records",
    "commitment_facts",
    "issue_facts",
    "known",
    "listed",
    "strategic_of",
    "touchpoint_facts",
    "with_customer",
]


T = TypeVar("T")

PATTERNS = ("whim", "over_promise", "blame", "hands_off")

TOUCHPOINT_FACTS = FactSchema(
    (
        Fact.yes_no("happened"),
        Fact.number("days_apart", unit="days", low=0),
        Fact.choice("touchpoint_kind", tuple(kind.value for kind in TouchpointKind)),
        Fact.yes_no("executive"),
        Fact.yes_no("planned"),
        Fact.yes_no("prepared"),
        Fact.yes_no("sales_team_notified"),
        Fact.yes_no("pre_brief"),
    )
)
"""One contact with the customer (S0-27, S0-32); the style is not asked for (S0-33).

`days_apart` is how many days ago it was, or how many days ahead it lies.
"""

COMMITMENT_FACTS = FactSchema(
    (
        Fact.yes_no("commitment_past_due"),
        Fact.yes_no("commitment_fulfilled"),
        Fact.yes_no("commitment_feasible"),
        Fact.yes_no("commitment_kept_late"),
    )
)
"""One promise (S0-28), as it stands on the day; due on the day itself is not late."""

ISSUE_FACTS = FactSchema(
    (
        Fact.choice("root_cause", tuple(cause.value for cause in RootCause)),
        Fact.choice(
            "executive_response", tuple(found.value for found in ExecutiveResponse)
        ),
        Fact.yes_no("cross_department_action"),
        Fact.yes_no("issue_resolved"),
        Fact.number("issue_days", unit="days", low=0),
    )
)
"""One trouble (S0-29); `issue_days` runs from the day on which it was opened."""

CUSTOMER_FACTS = FactSchema(
    (
        Fact.yes_no("strategic"),
        Fact.yes_no("executive_lately"),
        Fact.yes_no("executive_scheduled"),
        Fact.yes_no("executive_each_quarter"),
    )
)
"""One customer (S0-30): whether it is strategic, who was there, who will be."""

FACTS = FactSchema(
    (*CUSTOMER_FACTS, *(Fact.yes_no(name) for name in PATTERNS)),
)
"""One customer (S0-35), and which of the four patterns show."""

VISIT_FACTS = FactSchema(
    (
        Fact.yes_no("executive"),
        Fact.yes_no("planned"),
        Fact.yes_no("prepared"),
        Fact.yes_no("sales_team_notified"),
        Fact.yes_no("pre_brief"),
        Fact.yes_no("purpose_named"),
        Fact.yes_no("whom_named"),
        Fact.yes_no("commitments_reviewed"),
        Fact.yes_no("issues_reviewed"),
        Fact.yes_no("sponsor_trained"),
    )
)
"""One visit that lies ahead; a purpose that nobody has noted is not named."""

PAIRING_FACTS = FactSchema(
    (
        Fact.yes_no("strategic"),
        Fact.number("sponsors", unit="people", low=0),
        Fact.yes_no("sponsor_listed"),
        Fact.yes_no("sponsor_trained"),
    )
)
"""One customer and one of those who stand for it (S0-23); `sponsors` counts them."""

TARGET_FACTS = FactSchema(
    (
        Fact.choice("target_concern", tuple(concern.value for concern in Concern)),
        Fact.choice("target_role", tuple(role.value for role in Role)),
    )
)
"""One target that somebody is measured by (S0-34)."""


def touchpoint_facts(touchpoint: Touchpoint, *, as_of: dt.date) -> Facts:
    """Bring one contact through the door; a later day has not happened yet."""
    days = (as_of - touchpoint.on).days
    kind = touchpoint.kind
    row: tuple[FactValue, ...] = (
        Tri.of(days >= 0),
        float(abs(days)),
        None if kind is None else kind.value,
        *(
            known(answer)
            for answer in (
                touchpoint.executive,
                touchpoint.planned,
                touchpoint.prepared,
                touchpoint.sales_team_notified,
                touchpoint.pre_brief,
            )
        ),
    )
    return Facts(TOUCHPOINT_FACTS, row)


def commitment_facts(commitment: Commitment, *, as_of: dt.date) -> Facts:
    """Bring one promise through the door, as it stands on a day."""
    due, kept_on = commitment.due, commitment.fulfilled_on
    fulfilled = commitment.fulfilled_by(as_of)
    kept_late = None
    if fulfilled is Tri.NO:
        kept_late = False
    elif fulfilled is Tri.YES and due is not None and kept_on is not None:
        kept_late = kept_on > due
    row: tuple[FactValue, ...] = (
        None if due is None else Tri.of(due < as_of),
        known(fulfilled),
        known(commitment.feasibility_confirmed),
        known(Tri.of(kept_late)),
    )
    return Facts(COMMITMENT_FACTS, row)


def issue_facts(issue: Issue, *, as_of: dt.date) -> Facts:
    """Bring one trouble through the door, as it stands on a day."""
    cause, response = issue.root_cause, issue.executive_response
    row: tuple[FactValue, ...] = (
        None if cause is None else cause.value,
        None if response is None else response.value,
        known(issue.cross_department_action),
        known(issue.resolved_by(as_of)),
        float((as_of - issue.opened_on).days),
    )
    return Facts(ISSUE_FACTS, row)


def strategic_of(designation: StrategicDesignation | None) -> Tri:
    """Say whether a customer is strategic; UNKNOWN where its designation is open."""
    if designation is None:
        return Tri.UNKNOWN
    return Tri.of(designation is StrategicDesignation.STRATEGIC)


def check_records(
    problems: Problems,
    customer_id: str,
    touchpoints: Iterable[Touchpoint],
    commitments: Iterable[Commitment],
    issues: Iterable[Issue],
) -> tuple[tuple[Touchpoint, ...], tuple[Commitment, ...], tuple[Issue, ...]]:
    """Return the records of one customer; note what is wrong with them."""
    talks = listed(problems, "touchpoints", touchpoints, Touchpoint)
    promises = listed(problems, "commitments", commitments, Commitment)
    troubles = listed(problems, "issues", issues, Issue)
    every: dict[str, tuple[Touchpoint | Commitment | Issue, ...]] = {
        "touchpoints": talks,
        "commitments": promises,
        "issues": troubles,
    }
    for name, records in every.items():
        for index, record in enumerate(records):
            if record.customer_id != customer_id:
                path = f"{name}[{index}].customer_id"
                wanted = f"one customer at a time, and this is {customer_id!r}"
                problems.add(path, "contradiction", record.customer_id, wanted)
    for name, ids in (
        ("commitments", [one.id for one in promises]),
        ("issues", [one.id for one in troubles]),
    ):
        for index, slug in enumerate(ids):
            if slug in ids[:index]:
                problems.add(f"{name}[{index}].id", "duplicate", slug)
    return talks, promises, troubles


def with_customer(touchpoints: Iterable[Touchpoint]) -> tuple[Touchpoint, ...]:
    """Return the contacts with the customer itself."""
    talks = (one for one in touchpoints if one.channel is CommChannel.CUSTOMER)
    return tuple(talks)


def listed(
    problems: Problems, path: str, given: Iterable[T], kind: type[T]
) -> tuple[T, ...]:
    """Return what was given if all of it is of its kind; note what is not."""
    wanted = f"a list of {kind.__name__}"
    if not problems.is_a(path, given, Iterable, wanted):
        return ()
    records = tuple(given)
    sound = [
        problems.is_a(f"{path}[{at}]", one, kind, f"a {kind.__name__}")
        for at, one in enumerate(records)
    ]
    return records if all(sound) else ()


def known(answer: Tri) -> Tri | None:
    """Return an answer as a fact: what is not known has no value."""
    return None if answer is Tri.UNKNOWN else answer
