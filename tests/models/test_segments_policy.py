"""The opinions on segments: what a policy file may say and may not."""

from __future__ import annotations

from decimal import Decimal

import attrs
import pytest

from keyaccount import policies, wire
from keyaccount.domain import (
    AccountPhase,
    StrategicDesignation,
    ValueTier,
    VolumeProfitType,
)
from keyaccount.exceptions import InvalidValueError, PolicyError
from keyaccount.models import segments
from keyaccount.models.segments import (
    ClassRule,
    CutPoints,
    GoalRule,
    OutsideReason,
    RfmMeasure,
    SegmentsPolicy,
    ValueWord,
)
from keyaccount.rules import Number
from keyaccount.tri import Tri


SHIPPED = segments.default_policy()


def own(**changes: object) -> SegmentsPolicy:
    return policies.read({"based_on": "segments", **changes}, SegmentsPolicy)


def problems_of(**changes: object) -> list[str]:
    with pytest.raises(InvalidValueError) as caught:
        attrs.evolve(SHIPPED, **changes)  # type: ignore[arg-type]  # fields from a table
    return [f"{problem.path} {problem.code}" for problem in caught.value.problems]


def refused(**changes: object) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        own(**changes)
    return [f"{problem.path} {problem.code}" for problem in caught.value.problems]


def test_the_shipped_policy_says_why_of_everything() -> None:
    assert policies.lint(SHIPPED) == ()
    assert SHIPPED.digest


def test_the_policy_is_written_and_read_back() -> None:
    back = wire.structure(wire.unstructure(SHIPPED), SegmentsPolicy)

    assert back == SHIPPED
    assert policies.digest(back) == SHIPPED.digest


def test_every_class_needs_a_policy_and_the_upper_ones_plans() -> None:
    assert set(SHIPPED.with_policy) == set(ValueTier) - {ValueTier.UNCLASSIFIED}
    assert set(SHIPPED.with_plan) == {
        ValueTier.DIAMOND,
        ValueTier.GOLD,
        ValueTier.STRATEGIC,
        ValueTier.POTENTIAL,
    }


@pytest.mark.parametrize("name", ["groups", "window_days", "few_customers"])
@pytest.mark.parametrize("value", ["0", "2.5", "NaN"])
def test_a_number_that_counts_is_whole_and_from_one_up(name: str, value: str) -> None:
    numbers = tuple(
        Number(one.id, Decimal(value)) if one.id == name else one
        for one in SHIPPED.numbers
    )

    assert problems_of(numbers=numbers) == [f"$.numbers.{name}.value out-of-range"]


def test_the_numbers_that_the_code_needs_must_be_there() -> None:
    cut = CutPoints(RfmMeasure.MONETARY, (Decimal(1),))

    assert problems_of(numbers=(), cuts=(cut,)) == ["$.numbers missing"] * 4


def test_nothing_stands_twice() -> None:
    retain, deepen = (
        GoalRule(slug, VolumeProfitType.DUAL_DRIVER, phase)
        for slug, phase in zip(("retain", "deepen"), AccountPhase, strict=True)
    )
    rule = ClassRule(ValueTier.GOLD, needs_policy=True, needs_plan=True)

    assert problems_of(goals=(retain, retain, deepen), classes=(rule, rule)) == [
        "$.goals[1].id duplicate",
        "$.classes[1].id duplicate",
    ]


def test_outside_has_no_goals() -> None:
    goals = tuple(
        GoalRule(f"in-{phase.value}", VolumeProfitType.OUTSIDE, phase)
        for phase in AccountPhase
    )

    assert problems_of(goals=goals) == [
        "$.goals[0].type contradiction",
        "$.goals[1].type contradiction",
    ]


def test_a_type_that_has_goals_has_them_in_both_phases() -> None:  # S4-9
    goal = GoalRule("retain", VolumeProfitType.DUAL_DRIVER, AccountPhase.MAINTENANCE)

    assert problems_of(goals=(goal,)) == ["$.goals missing"]


def test_a_word_of_value_is_a_word() -> None:
    words = (
        ValueWord("a", ()),
        ValueWord("b", ("x", " ")),
        ValueWord("c", ("x",), ("",)),
    )

    assert problems_of(value_words=()) == ["$.value_words empty"]
    assert problems_of(value_words=words) == [
        "$.value_words[0].words empty",
        "$.value_words[1].words empty",
        "$.value_words[2].unless empty",
    ]


def test_cut_points_run_from_the_worst_to_the_best() -> None:
    cuts = [
        {"id": "recency", "edges": [30, 90, 180, 365]},
        {"id": "frequency", "edges": [1, 2, 3]},
        {"id": "monetary", "edges": [1, 1, 2, 3]},
    ]
    endless = CutPoints(RfmMeasure.MONETARY, (Decimal("NaN"),) * 4)

    assert refused(cuts=cuts) == [
        "$.cuts[recency].edges not-sorted",
        "$.cuts[frequency].edges contradiction",
        "$.cuts[monetary].edges not-sorted",
    ]
    assert problems_of(cuts=(endless,)) == ["$.cuts[0].edges not-finite"]


def test_a_row_that_asks_for_what_is_no_fact_is_refused() -> None:
    row = {"id": "best", "when": "recency_skore >= high", "then": "champions"}

    assert refused(segment_rows=[row])[0] == "$.segment_rows[best].when unknown-fact"


def test_own_numbers_are_no_examples() -> None:
    mine = own(numbers={"volume_large": 9, "volume_floor": 2, "margin_good": 0})

    assert SHIPPED.has_example_volumes
    assert not mine.has_example_volumes
    assert own(numbers={"volume_large": 20000}).has_example_volumes


def test_terciles_are_a_matter_of_policy() -> None:
    numbers = {"groups": 3, "high": 3, "middle": 2, "low": 1}
    mine = own(numbers=numbers)
    one = segments.Behaviour(has_bought=Tri.YES)

    assert segments.behaviour_facts(one, policy=mine)["recency_score"] is None
    assert mine.groups == 3


def test_rows_that_ask_for_the_volume_only_leave_the_margin_alone() -> None:
    types = tuple(row for row in SHIPPED.type_rows if row.id == "large")
    mine = attrs.evolve(SHIPPED, type_rows=types)

    found = segments.volume_profit(
        3, None, designation=StrategicDesignation.STRATEGIC, policy=mine
    )

    assert found.value is VolumeProfitType.OUTSIDE
    assert found.outside == (OutsideReason.BELOW_FLOOR,)
    assert found.flags == ("incomplete", "example-volumes")


def test_a_house_without_plans_asks_for_none() -> None:
    rules = tuple(attrs.evolve(rule, needs_plan=False) for rule in SHIPPED.classes)
    mine = attrs.evolve(SHIPPED, classes=rules)

    found = segments.coverage(
        {"a": None, "b": ValueTier.GOLD}, class_policies=list(ValueTier), policy=mine
    )

    assert found.value is Tri.YES


def test_a_house_without_classes_needs_no_policies() -> None:
    mine = attrs.evolve(SHIPPED, classes=())

    assert segments.coverage({}, policy=mine).value is Tri.YES
