"""A policy of one's own for the four gates: read whole, or refused with reasons."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import attrs
import pytest

from keyaccount import policies
from keyaccount.domain import Decision, FactorScore, Opportunity
from keyaccount.exceptions import InvalidValueError, PolicyError
from keyaccount.models import qualification, tiering
from keyaccount.models.qualification import QualificationPolicy, qualify
from tests.models.deal_strategies import good_deal, good_worth, money
from tests.refusals import refused as mistakes


TODAY = dt.date(2025, 12, 31)


def own(**changes: object) -> QualificationPolicy:
    return policies.read({"based_on": "qualification", **changes}, QualificationPolicy)


def refused(**changes: object) -> list[tuple[str, str]]:
    with pytest.raises(PolicyError) as caught:
        own(**changes)
    return [(problem.path, problem.code) for problem in caught.value.problems]


def test_a_file_may_say_only_what_differs() -> None:
    policy = own(
        numbers={"limited_below": "0.8"},
        releases=[{"id": "limited", "share": "0.5"}, {"id": "hold", "share": "0.1"}],
        emphases=[{"id": "gold", "stress": ["our_relationship", "need_coverage"]}],
    )

    verdict = qualification.qualify(good_deal(), as_of=TODAY, policy=policy)

    assert verdict.value is Decision.LIMITED
    assert verdict.release.low == 0.5
    assert policy.digest != qualification.default_policy().digest


def test_factors_may_be_added_and_dropped() -> None:
    policy = own(
        factors=[{"id": "local-support"}],
        drop=["differentiation", "competitor-relationship"],
    )
    deal = good_deal(
        win_factors=[
            FactorScore("competitive-position", 2),
            FactorScore("our-relationship", 2),
            FactorScore("price-competitiveness", 2),
            FactorScore("local-support", -2),
        ]
    )

    verdict = qualification.qualify(deal, as_of=TODAY, policy=policy)

    assert verdict.win_index.low == 0.75
    assert verdict.flags == ()


def test_a_year_may_have_360_days() -> None:
    worth = good_worth(funds_tied=money(1000), days=180)

    verdict = qualification.qualify(
        good_deal(worth=worth), as_of=TODAY, policy=own(numbers={"days_in_year": 360})
    )

    assert str(verdict.net.low) == "120.00"


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (
            {"factors": [{"id": "worth"}]},
            [("$.factors[worth].id", "contradiction")],
        ),
        (
            {"factors": [{"id": "2nd-place"}]},
            [("$.factors[2nd-place].id", "bad-syntax")],
        ),
        (
            {"releases": [{"id": "persue", "share": 2}]},
            [
                ("$.releases[persue].id", "unknown-choice"),
                ("$.releases[persue].share", "out-of-range"),
            ],
        ),
        (
            {"emphases": [{"id": "platinum", "stress": ["is-reel"]}]},
            [
                ("$.emphases[platinum].id", "unknown-choice"),
                ("$.emphases[platinum].stress[0]", "unknown-choice"),
            ],
        ),
        (
            {"return_marks": [{"id": "good", "mark": 0}]},
            [("$.return_marks[good].mark", "contradiction")],
        ),
        (
            {"return_marks": [{"id": "fair", "at_least": "0.1"}]},
            [("$.return_marks[good].at_least", "duplicate")],
        ),
        (
            {"return_marks": [{"id": "best", "mark": 3}]},
            [("$.return_marks", "contradiction")],
        ),
        (
            {"return_marks": [{"id": "fair", "at_least": "1e-999"}]},
            [("$.return_marks[fair].at_least", "out-of-range")],
        ),
        (
            {"numbers": {"days_in_year": 0}},
            [("$.numbers.days_in_year.value", "out-of-range")],
        ),
        (
            {"drop": ["days_in_year"]},
            [("$.numbers", "missing")],
        ),
        (
            {
                "drop": [
                    "competitive-position",
                    "our-relationship",
                    "competitor-relationship",
                    "differentiation",
                    "price-competitiveness",
                ],
                "emphases": [],
            },
            [("$.factors", "empty")],
        ),
    ],
)
def test_what_is_wrong_with_a_policy_is_said_with_its_place(
    changes: dict[str, object], found: list[tuple[str, str]]
) -> None:
    assert refused(**changes) == found


def test_a_row_that_asks_another_gates_fact_is_refused() -> None:
    row = {"id": "cheap", "when": "worth < 1", "then": "fail", "origin": "own"}

    assert ("$.win_rows[cheap].when", "unknown-fact") in refused(win_rows=[row])


def test_an_id_that_stands_twice_is_refused() -> None:
    whole = policies.defaults("qualification")
    whole["factors"] = [*whole["factors"], whole["factors"][0]]

    with pytest.raises(PolicyError, match="stands twice"):
        policies.read(whole, QualificationPolicy)


@pytest.mark.parametrize("floor", ["NaN", "Infinity", "1e-999"])
def test_a_number_without_end_is_no_floor(floor: str) -> None:
    policy = qualification.default_policy()
    steps = [
        attrs.evolve(step, at_least=Decimal(floor)) if step.id == "fair" else step
        for step in policy.return_marks
    ]

    with pytest.raises(InvalidValueError) as caught:
        attrs.evolve(policy, return_marks=tuple(steps))

    [problem] = caught.value.problems
    assert (problem.path, problem.code) == (
        "$.return_marks[2].at_least",
        "out-of-range",
    )


@pytest.mark.parametrize(
    "wrong", ["yesterday", None, dt.datetime(2026, 3, 31, tzinfo=dt.UTC)]
)
def test_the_day_is_a_plain_one_and_the_policy_the_models_own(wrong: object) -> None:
    deal, day = Opportunity("o1", "c1", None), dt.date(2026, 3, 31)
    foreign = tiering.default_policy()

    assert mistakes(qualify, deal, as_of=wrong) == (("$.as_of", "wrong-type"),)
    assert mistakes(qualify, deal, as_of=day, policy=foreign) == (
        ("$.policy", "wrong-type"),
    )
