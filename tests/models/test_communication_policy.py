"""The opinions on communication: what a policy file may say and may not."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest

from keyaccount import policies, wire
from keyaccount.domain import CommPurpose, Issue, ValueTier
from keyaccount.exceptions import PolicyError
from keyaccount.models import communication
from keyaccount.models.communication import (
    CommunicationPolicy,
    CommunicationState,
    IssueAge,
)
from keyaccount.tri import Tri
from tests.models.communication_contacts import TODAY, contact
from tests.refusals import refused


SHIPPED = communication.default_policy()


def own(**changes: object) -> CommunicationPolicy:
    return policies.read({"based_on": "communication", **changes}, CommunicationPolicy)


def problems_of(**changes: object) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        own(**changes)
    return [f"{problem.path} {problem.code}" for problem in caught.value.problems]


def test_the_shipped_policy_says_why_of_everything() -> None:
    assert policies.lint(SHIPPED) == ()
    assert SHIPPED.digest


def test_the_policy_is_written_and_read_back() -> None:
    back = wire.structure(wire.unstructure(SHIPPED), CommunicationPolicy)

    assert back == SHIPPED
    assert policies.digest(back) == SHIPPED.digest


def test_a_cadence_of_a_tier_goes_before_the_default() -> None:
    gold = {"id": "trust-gold", "purpose": "trust", "tier": "gold", "days": 10}

    policy = own(cadences=[gold])

    trust = CommPurpose.TRUST
    assert policy.cadence(trust, ValueTier.GOLD) == 10
    assert policy.cadence(trust, ValueTier.STRATEGIC) == policy.cadence(trust) == 14


def test_every_purpose_needs_a_cadence_for_those_of_no_tier() -> None:
    lines = tuple(line for line in SHIPPED.cadences if line.id != "resource")

    assert refused(attrs.evolve, SHIPPED, cadences=lines) == (
        ("$.cadences", "missing"),
    )


def test_a_cadence_is_a_day_at_least_and_stands_once() -> None:
    again = {"id": "again", "purpose": "trust", "days": 0}

    assert problems_of(cadences=[again]) == [
        "$.cadences[again] duplicate",
        "$.cadences[again].days out-of-range",
    ]


def test_two_cadences_have_two_ids() -> None:
    gold, strategic = (
        attrs.evolve(SHIPPED.cadences[0], tier=tier)
        for tier in (ValueTier.GOLD, ValueTier.STRATEGIC)
    )
    lines = (*SHIPPED.cadences, gold, strategic)

    found = refused(attrs.evolve, SHIPPED, cadences=lines)

    assert {code for _, code in found} == {"duplicate"}
    assert len(found) == 2


def test_a_row_that_can_never_fire_is_refused() -> None:
    assert problems_of(
        state_rows=[
            {"id": "late", "when": "talks_overdue >= 2", "then": "patchy"},
        ],
        issue_rows=[
            {"id": "old", "when": "issue_age_days > 90", "then": "stale"},
        ],
    ) == [
        "$.state_rows[late] unreachable-row",
        "$.issue_rows[old] unreachable-row",
    ]


def test_a_house_may_be_stricter_about_neglect_and_age() -> None:
    policy = own(
        state_rows=[
            {
                "id": "most-overdue",
                "when": "talks_overdue >= 5",
                "then": "neglected",
                "before": "some-overdue",
            }
        ],
        numbers={"ageing_after": 10},
    )
    touchpoints = [contact(1, CommPurpose.TRUST)]
    issue = Issue("i1", "c1", "x", TODAY - dt.timedelta(11), resolved=Tri.NO)

    verdict = communication.gaps("c1", touchpoints, as_of=TODAY, policy=policy)
    aged = communication.issue_ageing([issue], as_of=TODAY, policy=policy)

    assert verdict.value is CommunicationState.NEGLECTED
    assert verdict.policy.digest != SHIPPED.digest
    assert aged.value is IssueAge.AGEING
    facts = communication.facts("c1", touchpoints, as_of=TODAY, policy=policy)
    assert facts["talks_overdue"] == 5


def test_a_policy_brings_its_own_words() -> None:
    policy = own(labels={"en": {"communication-state.neglected": "left alone"}})

    verdict = communication.gaps("c1", [], as_of=TODAY, policy=policy)
    aged = communication.issue_ageing([], as_of=TODAY, policy=policy)

    assert verdict.explain()[0] == "left alone"
    assert aged.explain() == ("no issue is open on 2025-12-31",)


def test_a_row_may_ask_whether_a_count_is_known() -> None:
    row = {"id": "unsaid", "when": "not known(talks_overdue)", "then": "neglected"}
    first = SHIPPED.states.table.rows[0].id
    policy = own(state_rows=[{**row, "before": first}])
    others = [one for one in CommPurpose if one is not CommPurpose.FEEDBACK]
    told = [contact(1, purpose) for purpose in others]
    old = contact(40, CommPurpose.FEEDBACK)

    known = communication.gaps("c1", [*told, old], as_of=TODAY, policy=policy)
    unsaid = [*told, old, contact(1)]
    is_open = communication.gaps("c1", unsaid, as_of=TODAY, policy=policy)

    assert known.value is CommunicationState.PATCHY
    assert is_open.value is CommunicationState.NEGLECTED
    shipped = communication.gaps("c1", unsaid, as_of=TODAY)
    assert shipped.possible == (CommunicationState.PATCHY, CommunicationState.IN_TOUCH)
