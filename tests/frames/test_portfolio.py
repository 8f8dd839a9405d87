"""How a portfolio is spread: exact counts, the same on every engine."""

from __future__ import annotations

import json
import math
from collections import Counter
from fractions import Fraction

import attrs
import narwhals as nw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyaccount import frames
from keyaccount.exceptions import InvalidValueError
from keyaccount.frames import Distribution, OpenCount, OutcomeCount, ScoreSpread
from keyaccount.models import tiering
from keyaccount.rules import (
    Compare,
    DecisionTable,
    Facts,
    HitPolicy,
    Interval,
    Op,
    Row,
    Scorecard,
)
from keyaccount.tri import Tri
from tests.frames.drawn import Raw, decisions, facts_of
from tests.frames.engines import Engine
from tests.frames.portfolios import (
    LAW_ENGINES,
    ROWS,
    SINGLE,
    built,
    ends,
    ladders,
    on_every_engine,
    portfolios,
    quiet,
)


FEW = settings(max_examples=max(2, settings().max_examples // 12))


def least_of(points: list[int], share: Fraction) -> int:
    return sorted(points)[max(math.ceil(share * len(points)), 1) - 1]


def spread(card: Scorecard, those: list[Facts]) -> ScoreSpread:
    scores = [card.score(facts) for facts in those]
    low = [math.floor(score.low) for score in scores]
    high = [math.floor(score.high) for score in scores]
    shares = [Fraction(at, 4) for at in range(5)]
    least, lower, median, upper, most = (
        Interval(least_of(low, at), least_of(high, at)) for at in shares
    )
    tens = Counter(min(points // 10, 9) for points in low)
    return ScoreSpread(
        card.name,
        least,
        lower,
        median,
        upper,
        most,
        tuple(tens[at] for at in range(10)),
    )


def counted(table: DecisionTable, rows: list[Facts]) -> Distribution:
    """Count on the object path."""
    found = [(ends(table, facts), facts) for facts in rows]
    counts = Counter(pair for pair, _ in found)
    outcomes = []
    for slug in table.outcomes:
        those = [facts for pair, facts in found if pair == (slug, slug)]
        cards = table.scorecards if those else ()
        spreads = tuple(spread(card, those) for card in cards)
        outcomes.append(OutcomeCount(slug, len(those), spreads))
    pairs = [
        OpenCount(low, high, counts[low, high])
        for low in table.outcomes
        for high in table.outcomes
        if low != high and counts[low, high]
    ]
    codes = ("hit-policy", "no-row")
    errors = tuple((code, counts[code, code]) for code in codes if counts[code, code])
    return Distribution(table.name, len(rows), tuple(outcomes), tuple(pairs), errors)


@pytest.mark.parametrize("engine", LAW_ENGINES, ids=str)
def test_a_table_is_counted_as_row_by_row(engine: Engine) -> None:
    @FEW
    @given(decisions(hits=SINGLE))
    def check(case: tuple[DecisionTable, list[Raw]]) -> None:
        table, rows = case
        frame = built(engine, rows, table.about)

        with quiet():
            found = frames.distribution(frame, table)

        assert found == counted(table, [facts_of(table.about, row) for row in rows])

    check()


@pytest.mark.parametrize("engine", LAW_ENGINES, ids=str)
def test_tiers_and_problems_are_counted_as_row_by_row(engine: Engine) -> None:
    @FEW
    @given(st.data())
    def check(data: st.DataObject) -> None:
        policy = data.draw(ladders())
        rows = data.draw(portfolios(policy))
        those = [facts_of(tiering.FACTS, row) for row in rows]
        problems = Counter(
            tiering.judge(facts, policy=policy).is_problem for facts in those
        )

        with quiet():
            found = frames.distribution(built(engine, rows), policy)

        assert found == attrs.evolve(
            counted(policy.ladder.table, those),
            problems=problems[Tri.YES],
            maybe_problems=problems[Tri.UNKNOWN],
        )

    check()


@on_every_engine
def test_every_engine_counts_the_same(engine: Engine) -> None:
    found = frames.distribution(built(engine, ROWS))

    table = tiering.default_policy().ladder.table
    those = [facts_of(tiering.FACTS, row) for row in ROWS]
    expected = counted(table, those)
    assert found.outcomes == expected.outcomes
    assert found.open == expected.open
    assert found["strategic"].count > 0
    assert found.open_count > 0


def test_the_counts_add_up_to_the_rows() -> None:
    found = frames.distribution(built(LAW_ENGINES[0], ROWS))

    settled = sum(outcome.count for outcome in found.outcomes)
    assert settled + found.open_count == found.rows == len(ROWS)
    for outcome in found.outcomes:
        for one in outcome.scores:
            assert sum(one.histogram) == outcome.count


@pytest.mark.parametrize("engine", LAW_ENGINES, ids=str)
def test_a_frame_without_rows_has_nothing_to_count(engine: Engine) -> None:
    empty = nw.from_native(built(engine, ROWS[:1])).head(0)

    found = frames.distribution(empty)

    assert found.rows == found.open_count == found.problems == 0
    assert not any(outcome.count for outcome in found.outcomes)
    assert found["diamond"].scores == ()


def test_an_answer_is_plain_data_when_asked() -> None:
    found = frames.distribution(built(LAW_ENGINES[0], ROWS))

    data = json.loads(json.dumps(found.to_dict()))

    assert data["rows"] == len(ROWS)
    assert data["outcomes"][0]["outcome"] == "unclassified"


def test_an_outcome_that_the_table_does_not_have_is_asked_for_in_vain() -> None:
    found = frames.distribution(built(LAW_ENGINES[0], ROWS))

    with pytest.raises(KeyError, match="platinum"):
        found["platinum"]


def test_a_table_that_lists_all_that_fires_is_refused() -> None:
    row = Row("big", Compare("contribution", Op.GE, 1.0), "big")
    table = DecisionTable("many", tiering.FACTS, (row,), hit=HitPolicy.RULE_ORDER)

    with pytest.raises(InvalidValueError, match="gives one outcome"):
        frames.distribution(built(LAW_ENGINES[0], ROWS), table)


def test_what_is_no_rule_is_refused_by_its_type() -> None:
    with pytest.raises(InvalidValueError, match="got 'str'"):
        frames.distribution(built(LAW_ENGINES[0], ROWS), "tiering")  # type: ignore[arg-type]  # that is the test
