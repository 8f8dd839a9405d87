"""The opinions on stakeholders: what a policy file may say and may not."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import attrs
import pytest

from keyaccount import policies, wire
from keyaccount.domain import Attitude, PurchasingRole
from keyaccount.exceptions import InvalidValueError, PolicyError
from keyaccount.models import stakeholders, tiering
from keyaccount.models.stakeholders import (
    ActionRule,
    GapKind,
    GapRule,
    RequiredRole,
    StakeholderPolicy,
    Strategy,
    WarningRule,
)
from keyaccount.rules import Number
from tests.refusals import refused as mistakes


SHIPPED = stakeholders.default_policy()


def problems_of(**changes: object) -> list[str]:
    with pytest.raises(InvalidValueError) as caught:
        attrs.evolve(SHIPPED, **changes)  # type: ignore[arg-type]  # fields from a table
    return [f"{problem.path} {problem.code}" for problem in caught.value.problems]


def refused(**changes: object) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        policies.read({"based_on": "stakeholders", **changes}, StakeholderPolicy)
    return [f"{problem.path} {problem.code}" for problem in caught.value.problems]


def test_the_shipped_policy_says_why_of_everything() -> None:
    assert policies.lint(SHIPPED) == ()
    assert SHIPPED.digest


def test_the_policy_is_written_and_read_back() -> None:
    back = wire.structure(wire.unstructure(SHIPPED), StakeholderPolicy)

    assert back == SHIPPED
    assert policies.digest(back) == SHIPPED.digest


@pytest.mark.parametrize(
    "name,value",
    [
        ("contact_days", "-1"),
        ("our_side_days", "NaN"),
        ("key_level", "0"),
        ("key_level", "6"),
    ],
)
def test_a_number_out_of_range_is_refused(name: str, value: str) -> None:
    numbers = tuple(
        Number(one.id, Decimal(value)) if one.id == name else one
        for one in SHIPPED.numbers
    )

    assert problems_of(numbers=numbers) == [f"$.numbers.{name}.value out-of-range"]


def test_the_numbers_that_the_code_needs_must_be_there() -> None:
    kept = tuple(one for one in SHIPPED.numbers if one.id in {"threads", "even"})

    assert problems_of(numbers=kept) == ["$.numbers missing"] * 3


def test_some_role_must_be_covered() -> None:
    assert problems_of(required=()) == ["$.required empty"]


def test_a_role_that_does_not_exist_is_refused() -> None:
    found = refused(required=[{"id": "financal"}])

    assert found == ["$.required[financal].id unknown-choice"]


def test_nothing_stands_twice() -> None:
    technical = RequiredRole(PurchasingRole.TECHNICAL)
    more = Strategy("again", Attitude.SUPPORT, ("arm",))

    assert problems_of(required=(technical, technical)) == [
        "$.required[1].id duplicate"
    ]
    at = len(SHIPPED.strategies)
    assert problems_of(strategies=(*SHIPPED.strategies, more)) == [
        f"$.strategies[{at}] duplicate"
    ]


def test_every_attitude_and_every_gap_is_answered() -> None:
    assert problems_of(strategies=(), gaps=()) == [
        *["$.gaps missing"] * 3,
        *["$.strategies missing"] * 4,
    ]


def test_an_action_must_be_listed_and_a_strategy_have_one() -> None:
    gaps = tuple(GapRule(kind, "go") for kind in GapKind)
    strategies = (
        *SHIPPED.strategies,
        Strategy("none", Attitude.OPPOSE, (), PurchasingRole.LEGAL),
        Strategy("odd", Attitude.OPPOSE, ("arm", "jump"), PurchasingRole.COACH),
    )
    warnings = (*SHIPPED.warnings, WarningRule("own", "shout"))
    at, last = len(SHIPPED.strategies), len(SHIPPED.warnings)

    assert problems_of(gaps=gaps, strategies=strategies, warnings=warnings) == [
        f"$.strategies[{at}].actions empty",
        "$.gaps[0].action unknown-choice",
        "$.gaps[1].action unknown-choice",
        "$.gaps[2].action unknown-choice",
        f"$.warnings[{last}].action unknown-choice",
        f"$.strategies[{at + 1}].actions[1] unknown-choice",
    ]


def test_nothing_is_due_before_it_is_said() -> None:
    actions = (*SHIPPED.actions, ActionRule("hurry", -1))

    found = problems_of(actions=actions)

    assert found == [f"$.actions[{len(SHIPPED.actions)}].within out-of-range"]


def test_a_row_may_only_warn_of_what_is_listed_and_ask_for_what_is_known() -> None:
    found = refused(
        warning_rows=[
            {"id": "typo", "when": "oponents > 3", "then": "outnumbered"},
            {"id": "own", "when": "opponents > 3", "then": "too-many"},
        ]
    )

    assert found == [
        "$.warning_rows[typo].when unknown-fact",
        "$.warning_rows[own].then unknown-choice",
    ]


def test_coverage_rows_that_can_never_fire_are_found() -> None:
    row = {"id": "late", "when": "role_coverage >= 0.5", "then": "covered"}

    assert refused(coverage_rows=[row]) == ["$.coverage_rows[late] unreachable-row"]


def test_whoever_is_required_and_whoever_decides_is_key() -> None:
    policy = attrs.evolve(SHIPPED, required=(RequiredRole(PurchasingRole.LEGAL),))

    assert policy.key_roles == {PurchasingRole.DECISION_MAKER, PurchasingRole.LEGAL}
    assert policy.role_order[:3] == (
        PurchasingRole.DECISION_MAKER,
        PurchasingRole.LEGAL,
        PurchasingRole.TECHNICAL,
    )


def test_what_is_none_of_what_is_asked_for_is_told_by_name() -> None:
    day = dt.date(2026, 3, 31)
    foreign = tiering.default_policy()

    assert mistakes(stakeholders.read, [], as_of="x") == (("$.as_of", "wrong-type"),)
    assert mistakes(stakeholders.read, None, as_of=day) == (("$.people", "wrong-type"),)
    assert mistakes(stakeholders.read, [{"id": "p1"}], as_of=day) == (
        ("$.people[0]", "wrong-type"),
    )
    assert mistakes(stakeholders.read, [], as_of=day, touchpoints=[5]) == (
        ("$.touchpoints[0]", "wrong-type"),
    )
    assert mistakes(stakeholders.read, [], as_of=day, policy=foreign) == (
        ("$.policy", "wrong-type"),
    )
