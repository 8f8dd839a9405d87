"""Templates to fill in for a customer, and what we have learned from others."""

from __future__ import annotations

import datetime as dt

import pytest

from keyaccount.domain import (
    BusinessPositioning,
    CustomerAction,
    KnowledgeItem,
    KnowledgeKind,
    Money,
    ValueProposition,
)
from keyaccount.tri import Tri
from tests.refusals import refused


def test_a_template_may_be_empty_but_for_its_customer() -> None:  # S2-22
    one = BusinessPositioning("c1")
    action = CustomerAction("a1", "c1")
    value = ValueProposition("v1", "c1")

    assert (one.customer_strategy, one.our_position, one.competitor) == (None,) * 3
    assert (action.stakeholder_id, action.owner, action.due) == (None,) * 3
    assert action.done is Tri.UNKNOWN
    assert (value.need, value.capability, value.benefit) == (None,) * 3
    assert (value.amount, value.proof) == (None, None)


def test_an_empty_text_is_not_a_text() -> None:
    assert refused(BusinessPositioning, "c1", "", " ", 5, "then") == (
        ("$.customer_strategy", "empty"),
        ("$.our_position", "empty"),
        ("$.competitor", "wrong-type"),
        ("$.written_on", "wrong-type"),
    )


def test_everything_wrong_with_an_action_is_told_at_once() -> None:
    assert refused(CustomerAction, "", "", "", "", "", "soon", False) == (
        ("$.id", "empty"),
        ("$.customer_id", "empty"),
        ("$.stakeholder_id", "empty"),
        ("$.action", "empty"),
        ("$.owner", "empty"),
        ("$.due", "wrong-type"),
        ("$.done", "wrong-type"),
    )


def test_a_benefit_that_is_counted_is_money() -> None:
    value = ValueProposition("v1", "c1", amount=Money.of("5 CNY"))

    assert value.amount == Money.of("5 CNY")
    assert refused(ValueProposition, "v1", "c1", "", "", "", 5, "") == (
        ("$.need", "empty"),
        ("$.capability", "empty"),
        ("$.benefit", "empty"),
        ("$.proof", "empty"),
        ("$.amount", "wrong-type"),
    )


@pytest.mark.parametrize("kind", KnowledgeKind)
def test_knowledge_is_of_a_kind_and_has_tags(kind: KnowledgeKind) -> None:  # S2-29
    item = KnowledgeItem("k1", kind, "milk run", "automotive", ["vmi", "jit", "vmi"])

    assert item.needs == {"vmi", "jit"}
    assert item.kind is kind


def test_everything_wrong_with_knowledge_is_told_at_once() -> None:
    assert refused(
        KnowledgeItem,
        "k1",
        "rumour",
        "",
        "",
        "vmi",
        "",
        dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    ) == (
        ("$.kind", "wrong-type"),
        ("$.text", "empty"),
        ("$.industry", "empty"),
        ("$.needs", "wrong-type"),
        ("$.customer_id", "empty"),
        ("$.recorded_on", "wrong-type"),
    )
