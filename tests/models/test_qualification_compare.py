"""The same four gates from each party's point of view: who stands better where."""

from __future__ import annotations

import datetime as dt
import pickle

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyaccount import wire
from keyaccount.domain import Decision, FactorScore, Opportunity, WinFactor
from keyaccount.exceptions import InvalidValueError
from keyaccount.models import qualification
from keyaccount.models.qualification import Comparison, Standing
from keyaccount.rules import Interval
from tests.models.deal_strategies import (
    deals,
    filled,
    good_deal,
    good_worth,
    money,
    opened,
)


TODAY = dt.date(2025, 12, 31)


def compared(**views: Opportunity) -> Comparison:
    return qualification.compare(views, as_of=TODAY)


def scored(*scores: int) -> list[FactorScore]:
    pairs = zip(WinFactor, scores, strict=False)
    return [FactorScore(factor.value, score) for factor, score in pairs]


def test_each_view_is_qualified_by_the_very_same_function() -> None:
    us, rival = good_deal(), good_deal(win_factors=[])

    found = compared(us=us, rival=rival)

    assert found.side("us") == qualification.qualify(us, as_of=TODAY)
    assert found.side("rival") == qualification.qualify(rival, as_of=TODAY)
    with pytest.raises(KeyError):
        found.side("nobody")


def test_whoever_may_pursue_what_the_other_must_leave_leads() -> None:
    lost = good_deal(worth=good_worth(gross_profit=money(-90), importance=0))

    found = compared(us=good_deal(), rival=lost)

    assert found.value == "us"
    assert found.possible == ("us",)
    assert found.overall.leader == "us"
    assert found.is_settled
    assert found.missing == ()
    assert [one.leader for one in found.gates] == [None, None, None, "us"]
    assert [one.is_open for one in found.gates] == [False] * 4


def test_the_leader_is_named_first() -> None:
    found = compared(us=good_deal(), rival=good_deal(win_factors=scored(0, 0, 0, 0, 0)))

    assert found.explain()[0] == "us leads"


def test_of_two_that_may_pursue_the_win_index_tells_who_leads() -> None:
    found = compared(us=good_deal(), rival=good_deal(win_factors=scored(1, 1, 1, 1, 2)))

    assert found.value == "rival"
    assert [one.leader for one in found.factors] == [None] * 4 + ["rival"]
    assert found.sums[0] == Standing(
        "win_index", ("rival",), False, (Interval(0.75, 0.75), Interval(0.8, 0.8))
    )


def test_equals_are_level_and_that_is_an_answer() -> None:
    found = compared(us=good_deal(), rival=good_deal())

    assert found.value is None
    assert found.possible == ("us", "rival")
    assert found.is_settled
    assert found.missing == ()
    assert found.explain()[0] == "level: us / rival"


def test_what_nobody_knows_of_a_competitor_stays_open() -> None:
    found = compared(us=good_deal(), rival=Opportunity("o1", "c1", None))

    assert found.value is None
    assert not found.is_settled
    assert found.overall.is_open
    assert found.missing[0].fact == "explicit_need"
    assert all(one.is_open for one in (*found.gates, *found.factors))


def test_of_several_parties_only_those_who_may_lead_are_named() -> None:
    weak = good_deal(win_factors=scored(-2, -2, -2, -2, -2))
    perhaps = good_deal(win_factors=scored(1, 1, 1, 1))

    found = compared(us=good_deal(), weak=weak, perhaps=perhaps)

    assert found.possible == ("us", "perhaps")
    assert [gap.fact for gap in found.missing] == ["price_competitiveness"]
    assert found.side("weak").value is Decision.NO_BID


@settings(max_examples=60)
@given(st.data())
def test_whatever_the_unknown_turns_out_to_be_the_comparison_allowed_for_it(
    data: st.DataObject,
) -> None:
    one, other = data.draw(opened(deals())), data.draw(opened(deals()))
    before = compared(a=one, b=other)

    after = compared(a=data.draw(filled(one)), b=data.draw(filled(other)))

    assert set(after.possible) <= set(before.possible)
    assert after.is_settled
    assert not before.is_settled or before.value == after.value
    for was, is_now in zip(
        (*before.gates, *before.factors, *before.sums),
        (*after.gates, *after.factors, *after.sums),
        strict=True,
    ):
        assert set(is_now.leaders) <= set(was.leaders)


@given(opened(deals()), opened(deals()))
@settings(max_examples=60)
def test_it_makes_no_difference_who_is_named_first(
    one: Opportunity, other: Opportunity
) -> None:
    forth, back = compared(a=one, b=other), compared(b=other, a=one)

    assert forth.value == back.value
    assert set(forth.possible) == set(back.possible)


def test_a_comparison_survives_a_journey() -> None:
    found = compared(us=good_deal(), rival=Opportunity("o1", "c1", None))

    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - our own bytes
    again = wire.loads(wire.dumps(found), Comparison)
    assert again == found
    assert again.explain("zh-Hant") == found.explain("zh-Hant")


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
def test_a_comparison_explains_itself_in_every_language(locale: str) -> None:
    rival = good_deal(win_factors=scored(2, 2, -1))

    lines = compared(us=good_deal(), rival=rival).explain(locale)

    assert not [line for line in lines if "contest" in line or "standing" in line]
    assert sum("rival" in line for line in lines) > 3


def test_a_comparison_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="one view"):
        compared()


def test_a_view_that_is_no_opportunity_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="an Opportunity") as caught:
        compared(us=good_deal(), rival="strong")  # type: ignore[arg-type]  # the mistake

    assert [problem.path for problem in caught.value.problems] == ["$.views['rival']"]


def test_a_single_view_leads_alone() -> None:
    found = compared(us=attrs.evolve(good_deal(), win_factors=[]))

    assert found.value == "us"
