"""What a policy on readiness may say, and what it is refused for."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import wire
from keyaccount.exceptions import PolicyError, UnknownNameError
from keyaccount.models import readiness
from keyaccount.models.readiness import Readiness, ReadinessPolicy
from keyaccount.rules import lint_table
from keyaccount.tri import Tri
from tests.models.readiness_policies import own
from tests.refusals import refused


TODAY = dt.date(2025, 12, 31)


def wrong(**changes: object) -> set[tuple[str, str]]:
    with pytest.raises(PolicyError) as caught:
        own(**changes)
    assert str(caught.value)
    return {(problem.path, problem.code) for problem in caught.value.problems}


def test_the_shipped_table_has_nothing_to_mend() -> None:
    assert lint_table(readiness.default_policy().stands.table) == ()


def test_a_policy_survives_the_wire() -> None:
    shipped = readiness.default_policy()

    assert wire.loads(wire.dumps(shipped), ReadinessPolicy) == shipped


def test_a_house_adds_a_line_with_words_of_its_own_and_rules_on_it() -> None:
    policy = own(
        items=[
            {"id": "tools-crm", "checklist": "tools", "before": "tools-scripts"},
        ],
        rows=[
            {
                "id": "no-crm",
                "when": "not tools_crm",
                "then": "not-ready",
                "before": "all-in-place",
            }
        ],
        labels={
            "en": {
                "fact.tools_crm": "a CRM that people use",
                "question.tools-crm": "Is there a CRM that people use?",
                "readiness-stand.no-crm": "no CRM",
            }
        },
    )
    answers = {item.id: Tri.YES for item in policy.items}
    verdict = readiness.assess(
        {**answers, "tools-crm": Tri.NO}, as_of=TODAY, policy=policy
    )

    assert [item.id for item in policy.of("tools")][3:5] == [
        "tools-crm",
        "tools-scripts",
    ]
    assert verdict.value is Readiness.NOT_READY
    assert verdict.explain()[1] == "  rule “no CRM” applies"
    assert "    not in place: a CRM that people use" in verdict.explain()
    del answers["tools-crm"]
    asked = readiness.assess(answers, as_of=TODAY, policy=policy)
    assert asked.possible == (Readiness.NOT_READY, Readiness.READY)
    assert asked.explain()[-1] == "Is there a CRM that people use?"


def test_a_house_drops_a_checklist_and_its_lines() -> None:
    policy = own(drop=["joint-force", "joint-force-top-down"])

    assert [one.id for one in policy.checklists][-1] == "sales-culture"
    assert "joint_force_share" not in policy.about
    assert len(policy.lines) == len(readiness.default_policy().lines) - 1


def test_a_house_moves_a_line_to_another_checklist() -> None:
    policy = own(items=[{"id": "culture-incentives", "checklist": "mechanism"}])
    moved = next(item for item in policy.items if item.id == "culture-incentives")

    assert policy.of("mechanism")[-1] is moved
    assert moved.origin == "own"
    assert policy.lines.index(moved) < len(policy.lines) - 4


@pytest.mark.parametrize("fact", ["tools_scripts", "tools_share"])
def test_a_row_may_ask_whether_something_is_known(fact: str) -> None:
    row = {"id": "unasked", "when": f"not known({fact})", "then": "not-ready"}
    policy = own(rows=[{**row, "before": "all-in-place"}])
    answers = {item.id: Tri.YES for item in policy.items}
    known = readiness.assess(answers, as_of=TODAY, policy=policy)
    del answers["tools-scripts"]
    verdict = readiness.assess(answers, as_of=TODAY, policy=policy)

    assert known.value is Readiness.READY
    assert verdict.value is Readiness.NOT_READY
    assert verdict.explain()[1] == "  rule “unasked” applies"


def test_a_house_has_points_of_its_own_for_nearness() -> None:
    policy = own(proximities=[{"id": "joint-team", "points": 5}])  # S0-24

    found = readiness.proximity(policy=policy)

    assert (found.points.low, found.points.high, found.most) == (0, 5, 5)


def test_a_checklist_that_a_policy_has_not_is_told_its_near_match() -> None:
    with pytest.raises(UnknownNameError, match="'goals'"):
        readiness.default_policy().of("goal")


def test_a_house_without_elements_cannot_ask_how_they_stand() -> None:
    shipped = readiness.default_policy()
    elements = [one.id for one in shipped.checklists if one.kind.value == "element"]
    lines = [item.id for item in shipped.items if item.checklist in elements]
    only = {
        "drop": [*elements, *lines],
        "items": [{"id": "stand-high-leader", "after": []}],
    }

    assert wrong(**only) == {("$.rows[all-in-place].when", "unknown-fact")}
    row = {"id": "all-in-place", "when": "readiness_share >= ready_from"}
    policy = own(**only, rows=[row])
    assert policy.about.names[:3] == (
        "readiness_share",
        "requirements_share",
        "weakest_requirement",
    )
    answers = {item.id: Tri.YES for item in policy.items}
    verdict = readiness.assess(answers, as_of=TODAY, policy=policy)
    assert verdict.value is Readiness.READY


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"numbers": {"stale_after": -1}},
            {("$.numbers.stale_after.value", "out-of-range")},
        ),
        ({"drop": ["stale_after"]}, {("$.numbers", "missing")}),
        (
            {"checklists": [{"id": "Goals 2", "kind": "element"}]},
            {
                ("$.checklists[Goals 2]", "empty"),
                ("$.checklists[Goals 2].id", "bad-syntax"),
            },
        ),
        (
            {"items": [{"id": "a_b", "checklist": "tools"}]},
            {("$.items[a_b].id", "bad-syntax")},
        ),
        (
            {"items": [{"id": "class", "checklist": "tools"}]},
            {("$.items[class].id", "bad-syntax")},
        ),
        (
            {"items": [{"id": "crm", "checklist": "tool"}]},
            {("$.items[crm].checklist", "unknown-choice")},
        ),
        (
            {"items": [{"id": "crm", "checklist": "tools", "after": ["tools-demo"]}]},
            {("$.items[crm].after[0]", "unknown-choice")},
        ),
        (
            {"items": [{"id": "goals-share", "checklist": "tools"}]},
            {("$.items[goals-share].id", "duplicate")},
        ),
        (
            {"items": [{"id": "weakest-element", "checklist": "tools"}]},
            {("$.items[weakest-element].id", "duplicate")},
        ),
        (
            {
                "checklists": [{"id": "elements", "kind": "culture"}],
                "items": [{"id": "crm", "checklist": "elements"}],
            },
            {("$.checklists[elements].id", "duplicate")},
        ),
        (
            {"drop": ["tools-standardised"]},
            {("$.items[replication-tools].after[1]", "unknown-choice")},
        ),
        (
            {"drop": ["joint-force-top-down"]},
            {("$.checklists[joint-force]", "empty")},
        ),
        ({"drop": ["same-city"]}, {("$.proximities", "missing")}),
        (
            {"proximities": [{"id": "none", "points": 3}]},
            {("$.proximities", "not-sorted")},
        ),
        (
            {"proximities": [{"id": "none", "points": -1}]},
            {("$.proximities", "not-sorted")},
        ),
        (
            {"rows": [{"id": "all-in-place", "when": "tools_share >= 2"}]},
            {("$.rows[all-in-place]", "impossible-row")},
        ),
    ],
)
def test_what_a_policy_is_refused_for(
    changes: dict[str, object], expected: set[tuple[str, str]]
) -> None:
    assert wrong(**changes) == expected


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
def test_days_are_a_number(value: str) -> None:
    shipped = readiness.default_policy()
    numbers = [
        attrs.evolve(one, value=Decimal(value)) if one.id == "stale_after" else one
        for one in shipped.numbers
    ]

    assert refused(attrs.evolve, shipped, numbers=tuple(numbers)) == (
        ("$.numbers.stale_after.value", "out-of-range"),
    )


def test_a_policy_needs_a_checklist() -> None:
    with pytest.raises(PolicyError) as caught:
        own(checklists=[], items=[])

    found = {(problem.path, problem.code) for problem in caught.value.problems}
    assert ("$.checklists", "empty") in found


def test_no_line_waits_for_itself() -> None:
    ring = [
        {"id": "tools-scripts", "after": ["tools-company-deck"]},
        {"id": "tools-company-deck", "after": ["tools-scripts"]},
        {"id": "joint-force-top-down", "after": ["tools-scripts"]},
        {"id": "culture-teamwork", "after": ["culture-teamwork"]},
    ]

    assert wrong(items=ring) == {
        ("$.items[tools-scripts].after", "contradiction"),
        ("$.items[tools-company-deck].after", "contradiction"),
        ("$.items[culture-teamwork].after", "contradiction"),
    }


def test_a_line_between_two_rings_is_in_neither() -> None:
    rings = [
        {"id": "tools-scripts", "after": ["tools-company-deck"]},
        {"id": "tools-company-deck", "after": ["tools-scripts"]},
        {"id": "tools-solution-demo", "after": ["tools-scripts"]},
        {
            "id": "culture-teamwork",
            "after": ["culture-training", "tools-solution-demo"],
        },
        {"id": "culture-training", "after": ["culture-teamwork"]},
    ]

    assert wrong(items=rings) == {
        (f"$.items[{slug}].after", "contradiction")
        for slug in (
            "tools-scripts",
            "tools-company-deck",
            "culture-teamwork",
            "culture-training",
        )
    }


def test_thousands_of_lines_that_wait_for_a_ring_are_read() -> None:
    count = 3000
    lines = [
        {"id": f"x{at}", "checklist": "tools", "after": [f"x{min(at + 1, count - 1)}"]}
        for at in range(count)
    ]

    assert wrong(items=lines) == {(f"$.items[x{count - 1}].after", "contradiction")}


@given(st.permutations([item.id for item in readiness.default_policy().items]))
def test_the_order_of_lines_changes_no_score(order: list[str]) -> None:
    shipped = readiness.default_policy()
    by_id = {item.id: item for item in shipped.items}
    plain = wire.unstructure(shipped)
    plain["items"] = [wire.unstructure(by_id[slug]) for slug in order]
    moved = wire.structure(plain, ReadinessPolicy)
    answers = {slug: Tri.of(at % 3 > 0) for at, slug in enumerate(sorted(by_id)[::2])}

    one, other = (
        readiness.assess(answers, as_of=TODAY, policy=policy)
        for policy in (shipped, moved)
    )

    assert one.possible == other.possible
    assert [part.score for part in one.checklists] == [
        part.score for part in other.checklists
    ]
    assert set(one.missing) == set(other.missing)
