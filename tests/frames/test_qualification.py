"""Deals in columns are qualified as each of them is by itself."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import frames
from keyaccount.domain import NeedCoverage, Opportunity, ValueTier, WinFactor
from keyaccount.exceptions import (
    InvalidValueError,
    UnknownFactError,
    UnknownNameError,
)
from keyaccount.models import qualification
from keyaccount.models.qualification import DealVerdict, FactorRule
from keyaccount.rules import FactKind
from keyaccount.tri import Tri
from tests.frames.cased import Native, answered, cells, few, on_every_engine
from tests.frames.engines import Engine
from tests.models.deal_strategies import MARKS, deals, good_deal, opened


DAY = dt.date(2025, 12, 31)
MONEY = ("gross_profit", "funds_tied", "exposure")
RATES = ("annual_rate", "default_probability", "loss_given_default")
FACTORS = tuple(factor.value.replace("-", "_") for factor in WinFactor)
ANSWERS = ("explicit_need", "funded", "empty_promise")
NEEDS = 3
KINDS = {
    **dict.fromkeys(ANSWERS, FactKind.YES_NO),
    **{
        f"need_{part}_{at}": FactKind.YES_NO if part == "mandatory" else FactKind.CHOICE
        for at in range(1, NEEDS + 1)
        for part in ("kind", "mandatory", "coverage")
    },
    **dict.fromkeys(
        (*FACTORS, "contract_value", *MONEY, *RATES, "days_tied", *MARKS),
        FactKind.NUMBER,
    ),
}
Row = dict[str, object]


def cell(tri: Tri) -> bool | None:
    return None if tri is Tri.UNKNOWN else tri is Tri.YES


def told(deal: Opportunity) -> Row:
    """Write a deal as a row."""
    worth = deal.worth
    row: Row = {name: cell(getattr(deal.answers, name)) for name in ANSWERS}
    for at, need in enumerate(deal.needs, start=1):
        is_known = need.coverage is not NeedCoverage.UNKNOWN
        row |= {
            f"need_kind_{at}": need.kind.value,
            f"need_mandatory_{at}": cell(need.mandatory),
            f"need_coverage_{at}": need.coverage.value if is_known else None,
        }
    row |= {one.factor.replace("-", "_"): one.score for one in deal.win_factors}
    row["contract_value"] = None if deal.value is None else deal.value.amount
    for name in MONEY:
        money = getattr(worth, name)
        row[name] = None if money is None else money.amount
    row |= {name: getattr(worth, name) for name in (*RATES, *MARKS)}
    return row | {"days_tied": worth.days}


def expected(verdict: DealVerdict, name: str = "qualification") -> Row:
    """Say what the columns must hold of a verdict."""
    assert verdict.value is not None
    reachable = [decision.value for decision in verdict.reachable]
    found: Row = {
        "": verdict.value.value,
        "_low": reachable[0],
        "_high": reachable[-1],
        "_reachable": ";".join(reachable),
        **{
            f"_{gate.gate.value.replace('-', '_')}": gate.result.value
            for gate in verdict.gates
        },
        "_win_index_low": verdict.win_index.low,
        "_win_index_high": verdict.win_index.high,
        "_worth_low": verdict.worth.low,
        "_worth_high": verdict.worth.high,
        "_release": verdict.release.low,
        "_flags": ";".join(verdict.flags),
        "_missing": ";".join(gap.fact for gap in verdict.missing),
    }
    for place in ("first_failing", "first_open", "decided_by"):
        gate = getattr(verdict, place)
        found[f"_{place}"] = None if gate is None else gate.value
    return {name + ending: value for ending, value in found.items()}


@on_every_engine
def test_deals_are_qualified_as_by_themselves(engine: Engine) -> None:
    @few(engine)
    @given(st.lists(opened(deals()) | deals(), min_size=1, max_size=4))
    def check(several: list[Opportunity]) -> None:
        rows = [told(deal) for deal in several]

        found = answered(engine, cells(KINDS, rows), frames.qualification)

        assert found == [
            expected(qualification.qualify(deal, as_of=DAY)) for deal in several
        ]

    check()


def frame_of(*several: Opportunity, without: tuple[str, ...] = ()) -> Native:
    polars = pytest.importorskip("polars")
    kinds = {
        FactKind.NUMBER: polars.Float64,
        FactKind.CHOICE: polars.String,
        FactKind.YES_NO: polars.Boolean,
    }
    schema = {name: kinds[kind] for name, kind in KINDS.items() if name not in without}
    rows = [told(deal) for deal in several]
    told_ = cells(KINDS, rows)
    return polars.DataFrame({name: told_[name][1] for name in schema}, schema=schema)


def test_a_class_of_customers_orders_the_questions() -> None:
    deal = good_deal(value=None, needs=[], win_factors=[])
    frame = frame_of(deal)

    for tier in (ValueTier.DIAMOND, "general", None):
        found = frames.qualification(frame, customer_class=tier)

        verdict = qualification.qualify(deal, as_of=DAY, customer_class=tier)
        assert found.drop(frame.columns).to_dicts() == [expected(verdict)]
    with pytest.raises(UnknownNameError, match="customer class"):
        frames.qualification(frame, customer_class="platinum")


def test_a_table_of_deals_is_read_by_its_own_names() -> None:
    deal = good_deal()
    frame = frame_of(deal).rename({"contract_value": "value", "days_tied": "days"})

    found = frames.qualification(frame)

    verdict = qualification.qualify(deal, as_of=DAY)
    assert found.drop(frame.columns).to_dicts() == [expected(verdict)]


def test_a_column_called_like_the_fact_goes_before_the_deals_own_name() -> None:
    polars = pytest.importorskip("polars")
    frame = frame_of(good_deal())

    found = frames.qualification(frame.with_columns(value=polars.lit("a lot")))

    assert found["qualification"].to_list() == ["pursue"]


def test_a_deal_of_which_no_need_is_told_has_needs_that_nobody_knows() -> None:
    frame = frame_of(good_deal(needs=[]))

    found = frames.qualification(frame)

    assert found["qualification_can_compete"].to_list() == ["hold"]
    assert found["qualification_missing"].to_list() == ["needs_met"]


def test_needs_without_a_column_are_unknown_and_said_so() -> None:
    needs = tuple(name for name in KINDS if name.startswith("need_"))
    frame = frame_of(good_deal(), without=needs)

    with pytest.warns(frames.MissingColumnWarning, match="need_kind_1"):
        found = frames.qualification(frame)

    assert found["qualification_missing"].to_list() == ["needs_met"]


def test_a_factor_of_your_own_is_a_column_of_its_own() -> None:
    polars = pytest.importorskip("polars")
    policy = qualification.default_policy()
    own = attrs.evolve(policy, factors=(*policy.factors, FactorRule("local-support")))
    frame = frame_of(good_deal()).with_columns(
        local_support=polars.Series([-2], dtype=polars.Int8)
    )

    found = frames.qualification(frame, policy=own)

    assert found["qualification_win_index_low"].to_list() == [(5 - 2 + 12) / 24]


def test_values_that_no_deal_can_have_are_refused_all_at_once() -> None:
    polars = pytest.importorskip("polars")
    frame = frame_of(good_deal(), good_deal()).with_columns(
        our_relationship=polars.Series([1.0, 3.0]),
        exposure=polars.Series([0.0, -1.0]),
        days_tied=polars.Series([0.0, 1.5]),
        gross_profit=polars.Series([0.0, float("inf")]),
        need_kind_2=polars.Series([None, "wish"]),
    )

    with pytest.raises(InvalidValueError) as caught:
        frames.qualification(frame)

    assert [one.path for one in caught.value.problems] == [
        "$.columns['need_kind_2'][1]"
    ]
    with pytest.raises(InvalidValueError) as caught:
        frames.qualification(frame.with_columns(need_kind_2=None))
    assert [(one.path, one.code) for one in caught.value.problems] == [
        ("$.columns['gross_profit'][1]", "not-finite"),
        ("$.columns['exposure'][1]", "out-of-range"),
        ("$.columns['days_tied'][1]", "wrong-type"),
        ("$.columns['our_relationship'][1]", "out-of-range"),
    ]


def test_a_need_of_no_kind_is_refused() -> None:
    polars = pytest.importorskip("polars")
    frame = frame_of(good_deal()).with_columns(need_coverage_2=polars.lit("own"))

    with pytest.raises(InvalidValueError, match=r"need_kind_2'\]\[0\]: nothing given"):
        frames.qualification(frame)


def test_what_follows_from_other_facts_cannot_be_told() -> None:
    polars = pytest.importorskip("polars")
    frame = frame_of(good_deal()).with_columns(w=polars.lit(0.5))

    with pytest.raises(UnknownFactError):
        frames.qualification(frame, names={"win_index": "w"})
