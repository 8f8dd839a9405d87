"""Columns say what the object path says, on every engine that is here, bit for bit."""

from __future__ import annotations

import functools
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from keyaccount import frames
from keyaccount.models import tiering
from keyaccount.models.tiering import TieringPolicy
from keyaccount.rules import DecisionTable, Gates, Scorecard
from tests.frames.drawn import Raw, decisions, gateways, scorings, tierings
from tests.frames.engines import PRESENT, Engine
from tests.frames.ran import Ran
from tests.frames.same import (
    EVERY_PART,
    by_decide,
    by_gates,
    by_score,
    by_tiering,
    differences,
)


HERE = [engine for engine in PRESENT if not engine.opt_in]
on_every_engine = pytest.mark.parametrize("engine", HERE, ids=str)

QUICK = tuple(phase for phase in Phase if phase is not Phase.explain)
EXAMPLES = settings().max_examples
MANY = settings(phases=QUICK, max_examples=max(2, EXAMPLES * 3 // 5))
SOME = settings(phases=QUICK, max_examples=max(2, EXAMPLES // 5))
FEW = settings(phases=QUICK, max_examples=max(2, EXAMPLES // 10))


def patience(engine: Engine, how: settings) -> settings:
    """Draw less for an engine that needs a second a frame."""
    most = how.max_examples // 20 if engine.name == "dask" else how.max_examples
    return settings(how, max_examples=max(2, most))


@on_every_engine
def test_a_table_decides_alike(engine: Engine, ran: Ran) -> None:
    @patience(engine, MANY)
    @given(decisions())
    def check(case: tuple[DecisionTable, list[Raw]]) -> None:
        table, rows = case

        def ask(frame: Any) -> Any:
            return frames.decide(frame, table, parts=EVERY_PART)

        expected = functools.partial(by_decide, table)
        assert not differences(engine, table.about, rows, ask, expected)
        ran.saw(engine, len(rows))

    check()


@on_every_engine
def test_a_table_of_which_all_is_known_decides_alike(engine: Engine, ran: Ran) -> None:
    @patience(engine, FEW)
    @given(decisions(unknown=False), st.booleans())
    def check(case: tuple[DecisionTable, list[Raw]], is_promised: bool) -> None:
        table, rows = case
        promise = True if is_promised else None

        def ask(frame: Any) -> Any:
            return frames.decide(frame, table, parts=EVERY_PART, complete=promise)

        expected = functools.partial(by_decide, table)
        assert not differences(engine, table.about, rows, ask, expected)
        ran.saw(engine, len(rows))

    check()


@on_every_engine
def test_a_scorecard_scores_alike(engine: Engine, ran: Ran) -> None:
    @patience(engine, SOME)
    @given(scorings())
    def check(case: tuple[Scorecard, list[Raw]]) -> None:
        card, rows = case

        def ask(frame: Any) -> Any:
            return frames.score(frame, card, parts=EVERY_PART)

        expected = functools.partial(by_score, card)
        assert not differences(engine, card.about, rows, ask, expected)
        ran.saw(engine, len(rows))

    check()


@pytest.mark.parametrize(
    "engine", [one for one in HERE if not one.is_lazy or "polars" in one.name], ids=str
)
def test_scorers_without_a_column_form_score_alike_row_by_row(
    engine: Engine, ran: Ran
) -> None:
    @patience(engine, SOME)
    @given(scorings(columnar=False))
    def check(case: tuple[Scorecard, list[Raw]]) -> None:
        card, rows = case

        def ask(frame: Any) -> Any:
            return frames.score(frame, card, parts=EVERY_PART, rowwise=True)

        expected = functools.partial(by_score, card)
        assert not differences(engine, card.about, rows, ask, expected)
        ran.saw(engine, len(rows))

    check()


@on_every_engine
def test_gates_are_passed_alike(engine: Engine, ran: Ran) -> None:
    @patience(engine, SOME)
    @given(gateways())
    def check(case: tuple[Gates, list[Raw]]) -> None:
        gates, rows = case

        def ask(frame: Any) -> Any:
            return frames.gates(frame, gates)

        expected = functools.partial(by_gates, gates)
        assert not differences(engine, gates.about, rows, ask, expected)
        ran.saw(engine, len(rows))

    check()


@on_every_engine
def test_customers_are_tiered_alike(engine: Engine, ran: Ran) -> None:
    @patience(engine, FEW)
    @given(tierings())
    def check(case: tuple[TieringPolicy, list[Raw]]) -> None:
        policy, rows = case

        def ask(frame: Any) -> Any:
            return frames.tiering(frame, policy=policy, parts=EVERY_PART)

        expected = functools.partial(by_tiering, policy)
        assert not differences(engine, tiering.FACTS, rows, ask, expected)
        ran.saw(engine, len(rows))

    check()
