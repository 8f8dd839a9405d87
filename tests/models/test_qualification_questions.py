"""What to ask first: the answer after which the fewest decisions are left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyaccount import policies
from keyaccount.domain import (
    Decision,
    FactorScore,
    GateAnswers,
    Need,
    NeedCoverage,
    NeedKind,
    Opportunity,
    WinFactor,
    WorthInputs,
)
from keyaccount.models import qualification
from keyaccount.models.qualification import DealVerdict, QualificationPolicy
from keyaccount.models.qualification._reading import read
from keyaccount.models.qualification._worth import samples
from keyaccount.tri import Tri
from tests.models.deal_strategies import (
    COVERAGES,
    MARKS,
    deals,
    evolved,
    filled,
    good_deal,
    good_worth,
    money,
    opened,
    worth_inputs,
)


TODAY = dt.date(2025, 12, 31)
POLICY = qualification.default_policy()
AMOUNTS = {
    "gross_profit": "gross_profit",
    "funds_tied": "funds_tied",
    "annual_rate": "annual_rate",
    "days_tied": "days",
    "exposure": "exposure",
    "default_probability": "default_probability",
    "loss_given_default": "loss_given_default",
}
MONEY = {"gross_profit", "funds_tied", "exposure"}


def judged(deal: Opportunity, **more: object) -> DealVerdict:
    return qualification.qualify(deal, as_of=TODAY, **more)  # type: ignore[call-overload, no-any-return]  # keywords pass through


def asked(deal: Opportunity, **more: object) -> list[str]:
    return [gap.fact for gap in judged(deal, **more).missing]


def answers(deal: Opportunity, fact: str) -> Iterator[list[Opportunity]]:
    """Yield, for every place that a fact may be told at, the deal with each answer."""
    if fact in {"explicit_need", "funded", "empty_promise"}:
        yield [
            attrs.evolve(deal, answers=evolved(deal.answers, **{fact: answer}))
            for answer in (Tri.YES, Tri.NO)
        ]
    elif fact == "needs_met":
        needs = [Need(NeedKind.PRODUCT, Tri.YES, one) for one in COVERAGES[::2]]
        yield [attrs.evolve(deal, needs=[need]) for need in needs]
    elif fact in {"need_coverage", "need_mandatory"}:
        yield from need_answers(deal, fact)
    elif fact.replace("_", "-") in {factor.value for factor in WinFactor}:
        rest = [one for one in deal.win_factors if one.score is not None]
        yield [
            attrs.evolve(
                deal, win_factors=[*rest, FactorScore(fact.replace("_", "-"), score)]
            )
            for score in range(-2, 3)
        ]
    elif fact in MARKS:
        yield [
            attrs.evolve(deal, worth=evolved(deal.worth, **{fact: mark}))
            for mark in range(4)
        ]
    else:
        yield amount_answers(deal, fact)


def need_answers(deal: Opportunity, fact: str) -> Iterator[list[Opportunity]]:
    for at, need in enumerate(deal.needs):
        if fact == "need_coverage" and need.coverage is NeedCoverage.UNKNOWN:
            told = [attrs.evolve(need, coverage=one) for one in COVERAGES]
        elif fact == "need_mandatory" and need.mandatory is Tri.UNKNOWN:
            told = [attrs.evolve(need, mandatory=one) for one in (Tri.YES, Tri.NO)]
        else:
            continue
        yield [
            attrs.evolve(deal, needs=[*deal.needs[:at], one, *deal.needs[at + 1 :]])
            for one in told
        ]


def amount_answers(deal: Opportunity, fact: str) -> list[Opportunity]:
    found = []
    for sample in samples(fact, read(deal, POLICY).amounts, POLICY.steps):
        amount = round(sample, 12)
        if fact == "contract_value":
            found.append(attrs.evolve(deal, value=money(amount)))
            continue
        value: object = money(amount) if fact in MONEY else amount
        value = int(amount) if fact == "days_tied" else value
        worth = evolved(deal.worth, **{AMOUNTS[fact]: value})
        found.append(attrs.evolve(deal, worth=worth))
    return found


def left(deal: Opportunity, fact: str) -> float:
    """Return how many decisions are left on average once the fact is told."""
    return min(
        sum(len(judged(one).reachable) for one in told) / len(told)
        for told in answers(deal, fact)
    )


@settings(max_examples=120)
@given(opened(deals()))
def test_the_first_question_leaves_the_fewest_decisions_of_all(
    deal: Opportunity,
) -> None:
    names = asked(deal)

    counts = [left(deal, name) for name in names]

    assert counts == sorted(counts)


@given(opened(deals()))
def test_only_what_is_not_known_is_asked_and_once(deal: Opportunity) -> None:
    verdict = judged(deal)
    names = [gap.fact for gap in verdict.missing]

    unknown = set(qualification.facts(deal).unknown)
    assert set(names) <= unknown | {"need_coverage", "need_mandatory"}
    assert len(set(names)) == len(names)
    assert bool(names) is not verdict.is_settled


@given(st.data())
def test_what_is_not_asked_changes_nothing(data: st.DataObject) -> None:
    deal = data.draw(opened(deals()))
    verdict = judged(deal)
    told = data.draw(filled(deal))

    names = {gap.fact for gap in verdict.missing}
    kept = {
        own: getattr(deal.worth if name not in names else told.worth, own)
        for name, own in {**AMOUNTS, **dict(zip(MARKS, MARKS, strict=True))}.items()
    }
    facts = {
        name: getattr((told if name in names else deal).answers, name)
        for name in ("explicit_need", "empty_promise", "funded")
    }
    needs_told = names & {"needs_met", "need_coverage", "need_mandatory"}
    factors_told = names & {factor.value.replace("-", "_") for factor in WinFactor}
    asked_only = attrs.evolve(
        deal,
        value=told.value if "contract_value" in names else deal.value,
        answers=GateAnswers(**facts),
        needs=told.needs if needs_told else deal.needs,
        win_factors=told.win_factors if factors_told else deal.win_factors,
        worth=worth_inputs(**kept),
    )

    assert judged(asked_only).value is judged(told).value


def test_a_no_that_ends_it_is_asked_before_anything_else() -> None:
    names = asked(Opportunity("o1", "c1", None))

    assert names[:3] == ["explicit_need", "funded", "empty_promise"]


def test_nothing_is_asked_that_could_change_nothing() -> None:
    nothing_there = GateAnswers(explicit_need=Tri.NO)

    assert asked(good_deal(answers=nothing_there, needs=[], win_factors=[])) == []


def test_what_is_multiplied_by_nothing_is_not_asked() -> None:
    worth = good_worth(
        gross_profit=money(20),
        importance=0,
        direction=1,
        annual_rate=None,
        days=None,
        exposure=money(900),
        default_probability=None,
    )

    assert asked(good_deal(worth=worth)) == ["default_probability"]


def test_a_contract_value_is_not_asked_of_a_loss() -> None:
    worth = good_worth(gross_profit=money(-5), importance=3, side_effects=None)

    assert asked(good_deal(value=None, worth=worth)) == ["side_effects"]


def test_a_value_asked_only_where_a_floor_lies_below_nothing() -> None:
    marks = [{"id": "awful", "mark": -3}, {"id": "loss", "mark": -2, "at_least": -1}]
    policy = own(return_marks=marks, drop=["thin", "fair", "good"])
    worth = good_worth(gross_profit=money(-5), importance=3, direction=1, deviation=0)

    names = asked(good_deal(value=None, worth=worth), policy=policy)

    assert names == ["contract_value"]


def test_without_floors_no_amount_is_asked() -> None:
    policy = own(drop=["thin", "fair", "good"])
    worth = WorthInputs(importance=3, direction=3, side_effects=0, deviation=0)

    verdict = judged(good_deal(value=None, worth=worth), policy=policy)

    assert verdict.value is Decision.PURSUE
    assert verdict.missing == ()


def own(**changes: object) -> QualificationPolicy:
    return policies.read({"based_on": "qualification", **changes}, QualificationPolicy)


@pytest.mark.parametrize(
    ("customer_class", "first"),
    [
        ("problem", "funds_tied"),
        ("general", "contract_value"),
        ("diamond", "importance"),
        (None, "contract_value"),
    ],
)
def test_of_questions_that_settle_equally_much_the_class_says_which_is_first(
    customer_class: str | None, first: str
) -> None:
    deal = good_deal(value=None, worth=WorthInputs())

    names = asked(deal, customer_class=customer_class)

    assert names[:2] == ["side_effects", "deviation"]
    assert names[2] == first


def test_a_factor_of_ones_own_has_the_question_of_all_such() -> None:
    policy = own(factors=[{"id": "local-support"}])
    scores = zip(WinFactor, (-1, -1, -1, 0, 0), strict=True)
    factors = [FactorScore(factor.value, score) for factor, score in scores]

    verdict = judged(good_deal(win_factors=factors), policy=policy)

    [gap] = verdict.missing
    assert (gap.fact, gap.question) == ("local_support", "win-factor")
    assert (
        "How do we stand against the strongest rival on this factor"
        in (verdict.explain()[-1])
    )


def test_a_row_that_no_longer_asks_is_no_question() -> None:
    policy = own(drop=["real_rows.empty-promise"])

    verdict = judged(good_deal(answers=GateAnswers(Tri.YES)), policy=policy)

    assert [gap.fact for gap in verdict.missing] == ["funded"]


def test_a_policy_may_let_an_unknown_promise_wait() -> None:
    row = {
        "id": "unasked",
        "when": "not known(empty_promise)",
        "then": "hold",
        "origin": "own",
        "why": "we have been had before",
    }
    deal = good_deal(answers=GateAnswers(Tri.YES, Tri.UNKNOWN, Tri.YES))

    verdict = judged(deal, policy=own(real_rows=[row]))

    assert verdict.value is Decision.HOLD
    assert verdict.reachable == (Decision.NOT_AN_OPPORTUNITY, Decision.PURSUE)
    assert [gap.fact for gap in verdict.missing] == ["empty_promise"]
