"""A policy on selection is checked whole, and changes what it should."""

from __future__ import annotations

import pytest

from keyaccount import policies
from keyaccount.domain import (
    Cooperation,
    Customer,
    SelectionCriterion,
    StrategicDesignation,
)
from keyaccount.exceptions import PolicyError
from keyaccount.models import selection
from keyaccount.models.selection import Scale, SelectionPolicy
from keyaccount.rules import Interval
from keyaccount.tri import Tri
from tests.models.selection_customers import TODAY, own


def wrong(**changes: object) -> set[tuple[str, str]]:
    with pytest.raises(PolicyError) as caught:
        own(**changes)
    return {(problem.path, problem.code) for problem in caught.value.problems}


def test_the_shipped_policy_is_clean() -> None:
    policy = selection.default_policy()

    assert policies.lint(policy) == ()
    assert policies.digest(policy) == policy.digest


def test_every_part_of_the_shipped_policy_has_an_origin_and_a_source() -> None:
    policy = selection.default_policy()
    rows = (
        *policy.scale_rows,
        *policy.solution_need_rows,
        *policy.strategic_fit_rows,
        *policy.willingness_rows,
        *policy.designation_rows,
    )
    told = [
        *((number.origin, number.why) for number in policy.numbers),
        *((part.origin, part.why) for part in policy.required_criteria),
        *((row.origin, row.why) for row in rows),
        *((part.origin, part.why) for part in policy.attributes),
    ]

    assert {origin for origin, _ in told} == {"seed", "prop"}
    assert all(why.startswith(("S0-", "S4-")) for _, why in told)


@pytest.mark.parametrize(
    "changes, problem",
    [
        (
            {"numbers": {"head_share": 0}},
            ("$.numbers.head_share.value", "out-of-range"),
        ),
        (
            {"numbers": {"anchor_share": 2}},
            ("$.numbers.anchor_share.value", "out-of-range"),
        ),
        (
            {"numbers": {"stale_after": -1}},
            ("$.numbers.stale_after.value", "out-of-range"),
        ),
        ({"drop": ["numbers.stale_figures"]}, ("$.numbers", "missing")),
        (
            {"drop": [f"required_criteria.{one.value}" for one in SelectionCriterion]},
            ("$.required_criteria", "empty"),
        ),
        ({"basis": "volume"}, ("$.basis", "unknown-choice")),
        ({"unknown_others": "zero"}, ("$.unknown_others", "unknown-choice")),
        ({"drop": ["attributes.value"]}, ("$.attributes", "sum")),
        (
            {"drop": ["strategic_fit_rows.serves-intent"]},
            ("$.strategic_fit_rows", "empty"),
        ),
    ],
)
def test_what_is_wrong_with_a_policy_is_said(
    changes: dict[str, object], problem: tuple[str, str]
) -> None:
    assert problem in wrong(**changes)


def test_a_criterion_is_required_once_and_an_attribute_weighed_once() -> None:
    whole = policies.defaults("selection")
    whole["required_criteria"] += whole["required_criteria"][:1]
    whole["attributes"] += whole["attributes"][:1]
    with pytest.raises(PolicyError) as caught:
        policies.read(whole, SelectionPolicy)

    assert [
        (problem.path, problem.code)
        for problem in caught.value.problems
        if problem.code == "duplicate"
    ] == [
        ("$.required_criteria[4].id", "duplicate"),
        ("$.attributes[5].id", "duplicate"),
        ("$.attributes", "duplicate"),
    ]


def test_a_row_of_a_criterion_answers_met_or_not_met() -> None:
    row = {"id": "large-share", "when": "share_of_total >= 0.1", "then": "large"}

    assert ("$.scale_rows[large-share].then", "unknown-choice") in wrong(
        scale_rows=[row]
    )


def test_a_criterion_more_must_not_lower_a_designation() -> None:
    """The designation is monotone in the number of YES, in any policy."""
    row = {"id": "large", "when": "scale and not willingness"}

    assert ("$.designation_rows", "contradiction") in wrong(designation_rows=[row])


def test_a_row_may_rule_somebody_out() -> None:
    """Whatever its share: who commits nothing is not a head customer of theirs."""
    policy = own(
        scale_rows=[
            {
                "id": "idle",
                "when": "not commits_resources",
                "then": "not-met",
                "before": "large-share",
            }
        ]
    )
    found = selection.designate(
        Customer("c1", "c1"),
        as_of=TODAY,
        scale=Scale("c1", Interval(0.4, 0.4)),
        cooperation=Cooperation(commits_resources=Tri.NO),
        policy=policy,
    )

    assert found.answer(SelectionCriterion.SCALE) is Tri.NO


def test_a_rule_that_asks_only_whether_a_fact_is_known_is_asked_for_too() -> None:
    policy = own(
        scale_rows=[{"id": "large-share", "when": "known(share_of_total) and in_head"}],
        drop=["scale_rows.head"],
    )
    found = selection.designate(
        Customer("c1", "c1"),
        as_of=TODAY,
        scale=Scale("c1", None, Tri.UNKNOWN),
        policy=policy,
    )

    assert found.answer(SelectionCriterion.SCALE) is Tri.NO


def test_a_house_may_require_scale_alone() -> None:
    others = [one.value for one in SelectionCriterion if one.value != "scale"]
    policy = own(drop=[f"required_criteria.{slug}" for slug in others])
    found = selection.designate(
        Customer("c1", "c1"),
        as_of=TODAY,
        scale=Scale("c1", Interval(0.4, 0.4)),
        policy=policy,
    )

    assert found.value is StrategicDesignation.STRATEGIC
