"""How customers buy: scores by place, whatever is unknown, and the segments."""

from __future__ import annotations

import datetime as dt
import pickle
import random
from collections.abc import Mapping
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import policies, wire
from keyaccount.domain import Purchase
from keyaccount.exceptions import InvalidValueError
from keyaccount.models import segments
from keyaccount.models.segments import (
    Behaviour,
    RfmSegment,
    RfmVerdict,
    SegmentsPolicy,
)
from keyaccount.rules import Verdict
from keyaccount.tri import Tri
from tests.refusals import refused


TODAY = dt.date(2025, 12, 31)
NAMES = "abcdefghij"

CUTS: list[dict[str, object]] = [
    {"id": "recency", "edges": [365, 180, 90, 30]},
    {"id": "frequency", "edges": [2, 4, 6, 12]},
    {"id": "monetary", "edges": [1000, 5000, 20000, 100000]},
]
OWN = policies.read({"based_on": "segments", "cuts": CUTS}, SegmentsPolicy)

known = st.builds(
    Behaviour,
    recency_days=st.integers(0, 8),
    orders=st.integers(0, 5),
    spend=st.integers(-2, 9).map(Decimal),
)
never = st.just(Behaviour(has_bought=Tri.NO))
portfolios = st.dictionaries(
    st.sampled_from(NAMES), known | never, min_size=1, max_size=8
)


@st.composite
def purchases(draw: st.DrawFn) -> Purchase:
    """Purchases around the window's edges: some later, some returns, some unknown."""
    day = TODAY - dt.timedelta(days=draw(st.integers(-20, 400)))
    amount = draw(st.none() | st.integers(-50, 500).map(Decimal))
    return Purchase(draw(st.sampled_from("abc")), day, amount)


def by_name(portfolio: Mapping[str, Behaviour]) -> dict[str, RfmVerdict]:
    found = segments.rfm(portfolio, as_of=TODAY)
    return {str(one.customer_id): one for one in found}


def scores(verdict: RfmVerdict) -> tuple[float, float, float]:
    assert verdict.recency.is_exact
    assert verdict.frequency.is_exact
    assert verdict.monetary.is_exact
    return verdict.recency.low, verdict.frequency.low, verdict.monetary.low


# ── places among others (S2-6) ──────────────────────────────────────────────────


def test_without_ties_the_fifths_are_equally_large() -> None:
    portfolio = {
        f"c{day:03}": Behaviour(recency_days=day, orders=day, spend=Decimal(day))
        for day in range(100)
    }

    found = by_name(portfolio)

    for part in range(1, 6):
        assert sum(one.monetary.low == part for one in found.values()) == 20
        assert sum(one.recency.low == part for one in found.values()) == 20
    assert scores(found["c000"]) == (5, 1, 1)  # the most recent has the best score
    assert scores(found["c099"]) == (1, 5, 5)


def test_where_all_are_equal_all_stand_in_the_middle() -> None:
    same = Behaviour(recency_days=3, orders=1, spend=Decimal(1))

    assert {scores(one) for one in by_name(dict.fromkeys("abcd", same)).values()} == {
        (3, 3, 3)
    }


@given(portfolios)
def test_ties_are_equal(portfolio: dict[str, Behaviour]) -> None:
    found = by_name(portfolio)

    for one in found.values():
        for other in found.values():
            if one.behaviour.spend == other.behaviour.spend:
                assert one.monetary == other.monetary
            if one.behaviour == other.behaviour:
                assert one.value is other.value


@given(portfolios, st.randoms())
def test_the_order_of_customers_changes_nothing(
    portfolio: dict[str, Behaviour], chance: random.Random
) -> None:
    shuffled = list(portfolio.items())
    chance.shuffle(shuffled)

    assert segments.rfm(dict(shuffled), as_of=TODAY) == segments.rfm(
        portfolio, as_of=TODAY
    )


@given(st.lists(purchases(), max_size=12), st.randoms())
def test_the_order_of_purchases_changes_nothing(
    listed: list[Purchase], chance: random.Random
) -> None:
    shuffled = list(listed)
    chance.shuffle(shuffled)

    assert segments.rfm(iter(shuffled), as_of=TODAY) == segments.rfm(
        listed, as_of=TODAY
    )


@given(portfolios, st.data())
def test_more_of_one_measure_never_lowers_its_score(
    portfolio: dict[str, Behaviour], data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(portfolio)))
    before = portfolio[name]
    if before.recency_days is None or before.orders is None or before.spend is None:
        return
    more = data.draw(st.integers(0, before.recency_days))
    better = attrs.evolve(
        before,
        recency_days=before.recency_days - more,
        orders=before.orders + data.draw(st.integers(0, 5)),
        spend=before.spend + data.draw(st.integers(0, 9)),
    )

    was = scores(by_name(portfolio)[name])
    now = scores(by_name({**portfolio, name: better})[name])

    assert all(after >= score for score, after in zip(was, now, strict=True))


@st.composite
def half_known(draw: st.DrawFn, whole: Behaviour) -> Behaviour:
    """Hide some of what is known of a customer."""
    if whole.has_bought is Tri.NO:
        return whole if draw(st.booleans()) else Behaviour()
    hidden = draw(st.sets(st.sampled_from(["recency_days", "orders", "spend"])))
    changes: dict[str, object] = {}
    changes.update((name, None) for name in hidden)
    if "spend" in hidden and whole.spend is not None and draw(st.booleans()):
        changes["least_spend"] = whole.spend - draw(st.integers(0, 3))
    return attrs.evolve(whole, has_bought=Tri.UNKNOWN, **changes)  # type: ignore[arg-type]  # fields from a table


@given(portfolios, st.data())
def test_whatever_the_unknown_figures_are_scores_and_segments_allow_for_it(
    portfolio: dict[str, Behaviour], data: st.DataObject
) -> None:
    hidden = {name: data.draw(half_known(one)) for name, one in portfolio.items()}

    told, open_ = by_name(portfolio), by_name(hidden)

    for name, truth in told.items():
        found = open_[name]
        assert truth.recency.low in found.recency
        assert truth.frequency.low in found.frequency
        assert truth.monetary.low in found.monetary
        assert truth.value in found.possible
        assert found.value is None or found.value is truth.value


@given(st.lists(purchases(), max_size=12))
def test_filling_in_unknown_amounts_stays_within_what_was_possible(
    listed: list[Purchase],
) -> None:
    filled = [
        one if one.amount is not None else attrs.evolve(one, amount=Decimal(7))
        for one in listed
    ]

    before = segments.rfm(listed, as_of=TODAY)
    after = segments.rfm(filled, as_of=TODAY)

    for one, other in zip(before, after, strict=True):
        assert set(other.possible) <= set(one.possible)
        assert other.monetary.low in one.monetary


def test_the_places_of_others_may_leave_a_customer_open() -> None:
    portfolio = {
        "a": Behaviour(recency_days=5, orders=5, spend=Decimal(5)),
        "b": Behaviour(),
    }

    found = by_name(portfolio)["a"]

    assert found.value is None
    assert found.missing == ()
    assert found.flags == ("few-customers", "others-unknown")


def test_where_an_own_figure_would_not_help_the_others_are_blamed() -> None:
    portfolio = {
        "a": Behaviour(recency_days=5, orders=5, least_spend=Decimal(9)),
        "b": Behaviour(orders=1, spend=Decimal(3)),
        "c": Behaviour(orders=1, spend=Decimal(3)),
    }

    found = by_name(portfolio)["a"]

    assert found.monetary.is_exact
    assert found.value is None
    assert found.missing == ()
    assert "others-unknown" in found.flags


def test_a_settled_segment_may_still_lack_a_figure() -> None:
    portfolio = {
        name: Behaviour(recency_days=9 - at, orders=at, spend=Decimal(at))
        for at, name in enumerate(NAMES)
    }
    quiet = attrs.evolve(portfolio["e"], recency_days=5, orders=None)
    lately = attrs.evolve(portfolio["a"], recency_days=90, orders=0, spend=None)

    found = by_name({**portfolio, "a": lately, "e": quiet})

    assert found["a"].possible == (RfmSegment.LOST, RfmSegment.AT_RISK)
    assert found["e"].value is None
    assert found["e"].missing[0].fact == "orders_a_year"
    loyal = attrs.evolve(portfolio["j"], spend=None, least_spend=Decimal(9))
    best = by_name({**portfolio, "j": loyal})["j"]
    assert best.value is RfmSegment.CHAMPIONS
    assert "incomplete" in best.flags


def test_a_score_that_is_open_but_high_enough_makes_the_row_apply() -> None:
    portfolio = {
        name: Behaviour(recency_days=9 - at, orders=at, spend=Decimal(at))
        for at, name in enumerate(NAMES)
    }
    best = Behaviour(recency_days=0, orders=9, least_spend=Decimal(9))
    others = {
        name: attrs.evolve(portfolio[name], has_bought=Tri.YES, spend=None)
        for name in "hi"
    }
    bounded = {**portfolio, **others, "j": best}

    verdict = by_name(bounded)["j"]

    assert (verdict.monetary.low, verdict.monetary.high) == (4, 5)
    lines = [line.strip() for line in verdict.explain()]
    assert lines[0] == "champions: lately, often, much"
    assert "score for spend: between 4 and 5" in lines
    assert "rule “lately, often and much” applies" in lines
    assert not [line for line in lines if "may apply" in line]


@pytest.mark.parametrize(
    "recency,frequency,monetary,wanted",
    [
        (5, 5, 5, RfmSegment.CHAMPIONS),
        (4, 4, 4, RfmSegment.CHAMPIONS),
        (2, 4, 4, RfmSegment.CANNOT_LOSE),
        (3, 4, 1, RfmSegment.LOYAL),
        (5, 5, 3, RfmSegment.LOYAL),
        (2, 4, 3, RfmSegment.AT_RISK),
        (1, 1, 4, RfmSegment.AT_RISK),
        (5, 2, 5, RfmSegment.NEW),
        (4, 3, 1, RfmSegment.POTENTIAL_LOYALIST),
        (3, 3, 1, RfmSegment.NEEDS_ATTENTION),
        (3, 1, 3, RfmSegment.NEEDS_ATTENTION),
        (3, 2, 2, RfmSegment.ABOUT_TO_SLEEP),
        (2, 2, 3, RfmSegment.HIBERNATING),
        (1, 2, 3, RfmSegment.LOST),
    ],
)
def test_the_rows_make_segments_of_scores(
    recency: int, frequency: int, monetary: int, wanted: RfmSegment
) -> None:
    told = segments.facts(
        has_bought=Tri.YES,
        orders_a_year=9,
        recency_score=recency,
        frequency_score=frequency,
        monetary_score=monetary,
    )

    assert segments.default_policy().segments.answer(told) == wanted.value


def test_one_order_in_a_year_is_a_beginning_wherever_it_stands_among_others() -> None:
    portfolio = {
        name: Behaviour(recency_days=at, orders=1, spend=Decimal(10))
        for at, name in enumerate(NAMES)
    }

    assert by_name(portfolio)["a"].value is RfmSegment.NEW
    assert by_name(portfolio)["a"].frequency.low == 3


def test_a_hundred_groups_leave_open_what_trying_every_score_leaves_open() -> None:
    numbers = {"groups": 100, "high": 61, "middle": 41, "low": 40, "lowest": 20}
    fine = policies.read({"based_on": "segments", "numbers": numbers}, SegmentsPolicy)
    one = Behaviour(orders=9, least_spend=Decimal(1))
    truth = {
        fine.segments.answer(
            segments.facts(
                has_bought=Tri.YES,
                orders_a_year=9,
                recency_score=recency,
                frequency_score=frequency,
                monetary_score=monetary,
            )
        )
        for recency in range(1, 101)
        for frequency in range(1, 101)
        for monetary in (1, 41, 61)
    }

    found = segments.segment(one, as_of=TODAY, policy=fine)

    assert found.monetary.high == 100
    assert {segment.value for segment in found.possible} == truth


# ── one customer alone ──────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "days,score", [(366, 1), (365, 2), (181, 2), (180, 3), (90, 4), (31, 4), (30, 5)]
)
def test_cut_points_of_recency_count_days_downwards(days: int, score: int) -> None:
    one = Behaviour(recency_days=days)

    found = segments.behaviour_facts(one, policy=OWN)

    assert found["recency_score"] == score


def test_without_cut_points_a_customer_alone_has_no_scores() -> None:
    one = Behaviour(recency_days=3, orders=4, spend=Decimal(5))

    told = segments.behaviour_facts(one)
    verdict = segments.segment(one, as_of=TODAY)

    assert told["orders_a_year"] == 4
    assert told["recency_score"] is None
    assert verdict.value is None
    assert verdict.recency.low == 1
    assert verdict.recency.high == 5
    assert verdict.customers is None
    assert verdict.flags == ()


@given(st.builds(Behaviour, recency_days=st.none() | st.integers(0, 400)))
def test_a_customer_alone_is_open_only_as_far_as_its_figures(one: Behaviour) -> None:
    verdict = segments.segment(one, as_of=TODAY, policy=OWN)

    assert verdict.recency.is_exact is (one.recency_days is not None)
    assert set(verdict.possible) >= {
        segments.segment(
            attrs.evolve(one, recency_days=9, orders=n, spend=n * 900),
            as_of=TODAY,
            policy=OWN,
        ).value
        for n in range(14)
        if one.recency_days in {None, 9}
    }


def test_facts_are_asked_of_a_behaviour_only() -> None:
    assert refused(segments.behaviour_facts, "a") == (("$.behaviour", "wrong-type"),)


def test_who_has_never_bought_is_no_customer_gone_quiet() -> None:
    verdict = segments.segment(Behaviour(has_bought=Tri.NO), as_of=TODAY)

    assert verdict.value is RfmSegment.NO_PURCHASES
    assert verdict.missing == ()


# ── what a verdict is ───────────────────────────────────────────────────────────


@given(st.lists(purchases(), max_size=8))
def test_a_verdict_survives_the_wire_and_pickling(listed: list[Purchase]) -> None:
    found = segments.rfm(listed, as_of=TODAY)

    for verdict in found:
        back = wire.structure(wire.unstructure(verdict), RfmVerdict)
        assert back == verdict
        assert back.explain("zh-Hans") == verdict.explain("zh-Hans")
        assert pickle.loads(pickle.dumps(verdict)) == verdict  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    "locale,told",
    [
        ("en", "a, as of 2025-12-31: scored by its place among 2 customers"),
        ("zh-Hans", "a，截至 2025-12-31：按其在 2 家客户中的位次打分"),
        ("zh-Hant", "a，截至 2025-12-31：按其在 2 家客戶中的位次評分"),
    ],
)
def test_a_segment_says_among_how_many_and_as_of_when(locale: str, told: str) -> None:
    portfolio = {
        "a": Behaviour(recency_days=5, orders=5, least_spend=Decimal(5)),
        "b": Behaviour(recency_days=9, orders=1, spend=Decimal(3)),
    }
    verdict = by_name(portfolio)["a"]

    lines = verdict.explain(locale)

    assert told in [line.strip() for line in lines]
    assert verdict.customers == 2
    assert not any("{" in line or "?" in line.removesuffix("?") for line in lines)


def test_a_customer_alone_is_told_in_words_too() -> None:
    one = Behaviour(recency_days=9)

    lines = segments.segment(one, as_of=TODAY, policy=OWN).explain()

    assert lines[0].startswith("still open between")
    assert lines[1] == ("  as of 2025-12-31: scored by the policy's own cut points")
    assert "  score for recency: 5" in lines
    assert "    days since the last order: 9" in lines
    assert "  score for spend: between 1 and 5" in lines


def test_the_repr_tells_scores_and_customer() -> None:
    portfolio = {"a": Behaviour(recency_days=5, orders=5)}
    verdict = by_name(portfolio)["a"]
    alone = segments.segment(portfolio["a"], as_of=TODAY, policy=OWN)

    assert isinstance(verdict, Verdict)
    assert "· a · R3 F3 M3 ·" in repr(verdict)
    assert "<RfmVerdict potential-loyalist · R5 F3 M1…5 ·" in repr(alone)


def test_the_door_refuses_what_makes_no_sense() -> None:
    with pytest.raises(InvalidValueError, match="orders_a_year"):
        segments.facts(orders_a_year=-1)
