"""Analyses in columns say whether they and we match as each of them does by itself."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import frames
from keyaccount.domain import (
    AccountAnalysis,
    BackgroundTopic,
    ChannelPlans,
    ProductDemand,
)
from keyaccount.exceptions import InvalidValueError, UnknownFactError
from keyaccount.models import fit
from keyaccount.models.fit import FitPolicy, FitVerdict
from keyaccount.rules import FactKind, Row, Verdict, fact
from keyaccount.tri import Tri
from tests.frames.cased import Native, answered, cells, few, on_every_engine
from tests.frames.engines import Engine
from tests.frames.portfolios import LAW_ENGINES
from tests.strategies import account_analyses, channel_plans, tris


DAY = dt.date(2200, 12, 31)
TOPICS = [topic.value.replace("-", "_") for topic in BackgroundTopic]
DEMANDS = [demand.value.replace("-", "_") for demand in ProductDemand]
PLANS = [field.name for field in attrs.fields(ChannelPlans)]
KINDS = {
    **{f"background_{topic}": FactKind.YES_NO for topic in TOPICS},
    **{f"required_{demand}": FactKind.NUMBER for demand in DEMANDS},
    **{f"our_{demand}": FactKind.NUMBER for demand in DEMANDS},
    **dict.fromkeys([*PLANS, "term_within_appetite"], FactKind.YES_NO),
}
Told = dict[str, object]
Case = tuple[AccountAnalysis, Tri]


def cell(answer: Tri | None) -> bool | None:
    return None if answer in {None, Tri.UNKNOWN} else answer is Tri.YES


def told(analysis: AccountAnalysis, term: Tri) -> Told:
    """Write an analysis as one row."""
    row: Told = {"term_within_appetite": cell(term)}
    for topic, name in zip(BackgroundTopic, TOPICS, strict=True):
        row[f"background_{name}"] = analysis.background.on(topic) is not None
    for one in analysis.requirements:
        name = one.demand.value.replace("-", "_")
        row |= {f"required_{name}": one.required, f"our_{name}": one.ours}
    return row | {plan: cell(getattr(analysis.channel, plan)) for plan in PLANS}


def expected(verdict: FitVerdict) -> Told:
    """Say what the columns must hold of a customer."""
    channel = verdict.channel
    return {
        "fit": answer(verdict),
        "fit_background": answer(verdict.background),
        "fit_completeness": verdict.background.completeness,
        "fit_product": answer(verdict.product),
        "fit_short": ";".join(gap.demand.value for gap in verdict.product.gaps),
        "fit_channel": None if channel.value is None else channel.value.value,
        "fit_channel_low": channel.possible[0].value,
        "fit_channel_high": channel.possible[-1].value,
        "fit_gaps": ";".join(
            "payment-term" if gap.demand is None else f"{gap.demand.value}:{gap.to}"
            for gap in verdict.gaps
        ),
        "fit_missing": ";".join(gap.fact for gap in verdict.missing),
    }


def answer(verdict: Verdict[Tri]) -> bool | None:
    return cell(verdict.value)


def check_alike(engine: Engine, cases: list[Case], policy: FitPolicy) -> None:
    found = answered(
        engine,
        cells(KINDS, [told(*case) for case in cases]),
        lambda frame: frames.fit(frame, policy=policy),
    )

    assert found == [
        expected(
            fit.assess(analysis, as_of=DAY, term_within_appetite=term, policy=policy)
        )
        for analysis, term in cases
    ]


@on_every_engine
def test_analyses_are_assessed_as_by_themselves(engine: Engine) -> None:
    @few(engine)
    @given(st.lists(st.tuples(account_analyses(), tris), min_size=1, max_size=3))
    def check(cases: list[Case]) -> None:
        check_alike(engine, cases, fit.default_policy())

    check()


LENIENT = attrs.evolve(
    fit.default_policy(),
    product_rows=(
        Row("nearly", (fact("gaps") <= 1) & (fact("largest_gap") <= 1), "yes"),
    ),
)


@pytest.mark.parametrize("engine", LAW_ENGINES, ids=str)
def test_a_policy_that_lets_something_pass_is_asked_alike(engine: Engine) -> None:
    @few(engine)
    @given(st.lists(st.tuples(account_analyses(), tris), min_size=1, max_size=2))
    def check(cases: list[Case]) -> None:
        check_alike(engine, cases, LENIENT)

    check()


@pytest.mark.parametrize("engine", LAW_ENGINES, ids=str)
def test_where_the_channel_is_heading_is_a_table_that_columns_can_ask(
    engine: Engine,
) -> None:
    table = fit.default_policy().channel.table

    @few(engine)
    @given(st.lists(channel_plans, min_size=1, max_size=8))
    def check(plans: list[ChannelPlans]) -> None:
        rows: list[Told] = [
            {plan: cell(getattr(one, plan)) for plan in PLANS} for one in plans
        ]

        found = answered(
            engine,
            cells(dict.fromkeys(PLANS, FactKind.YES_NO), rows),
            lambda frame: frames.decide(frame, table, name="channel"),
        )

        for one, row in zip(plans, found, strict=True):
            possible = fit.channel_outlook(one).possible
            assert row["channel_low"] == possible[0].value
            assert row["channel_high"] == possible[-1].value

    check()


def frame_of(**more: object) -> Native:
    polars = pytest.importorskip("polars")
    row: Told = {
        name: 3 if kind is FactKind.NUMBER else True for name, kind in KINDS.items()
    }
    return polars.DataFrame(row | more)


def test_what_it_would_take_is_told_with_the_level() -> None:
    found = frames.fit(
        frame_of(required_price=[4, 3], term_within_appetite=[False, True])
    )

    assert found["fit"].to_list() == [False, True]
    assert found["fit_short"].to_list() == ["price", ""]
    assert found["fit_gaps"].to_list() == ["price:4;payment-term", ""]


def test_a_topic_that_nobody_has_found_out_is_no_no() -> None:
    found = frames.fit(frame_of(background_reputation=[False, None]))

    assert found["fit"].to_list() == [None, None]
    assert found["fit_background"].to_list() == [None, None]
    assert found["fit_missing"].to_list() == ["background_reputation"] * 2


def test_levels_that_there_are_not_are_refused_by_their_columns() -> None:
    frame = frame_of(required_price=[6, 3], our_quality=[2.5, 3.0])

    with pytest.raises(InvalidValueError) as caught:
        frames.fit(frame)

    assert [(one.path, one.code) for one in caught.value.problems] == [
        ("$.columns['our_quality'][0]", "wrong-type"),
        ("$.columns['required_price'][0]", "out-of-range"),
    ]


def test_what_has_no_column_is_unknown_and_said_so() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"ours": [2], "theirs": [4]})
    names = {"our_price": "ours", "required_price": "theirs"}

    with pytest.warns(frames.MissingColumnWarning, match="term_within_appetite"):
        found = frames.fit(frame, names=names, name="match")

    assert found["match"].to_list() == [False]
    assert found["match_gaps"].to_list() == ["price:4"]


def test_names_speak_of_what_somebody_can_be_asked() -> None:
    polars = pytest.importorskip("polars")

    with pytest.raises(UnknownFactError, match="our_price"):
        frames.fit(polars.DataFrame({"g": [1]}), names={"gap_price": "g"})
