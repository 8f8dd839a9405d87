"""What the tests of portfolios share: one of them, and what the object path says."""

from __future__ import annotations

import itertools
import random
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import attrs
import pytest
from hypothesis import strategies as st

from keyaccount import frames
from keyaccount.exceptions import HitPolicyError, NoRowError
from keyaccount.models import tiering
from keyaccount.models.tiering import TieringPolicy
from keyaccount.rules import DecisionTable, Facts, FactSchema, HitPolicy, look_up
from tests.frames.drawn import AT, Raw, cells_of, facts_of, raw_rows
from tests.frames.engines import PRESENT, Engine, read
from tests.rule_strategies import anchors_of, pick


__all__ = [
    "LAW_ENGINES",
    "ROWS",
    "SINGLE",
    "built",
    "by_row",
    "ends",
    "ladders",
    "on_every_engine",
    "portfolios",
    "quiet",
    "reweighted",
    "rungs",
]


SINGLE = tuple(hit for hit in HitPolicy if hit.is_single)

on_every_engine = pytest.mark.parametrize("engine", PRESENT, ids=str)

_OF_LAWS = {"polars", "pandas", "duckdb"}
LAW_ENGINES = tuple(engine for engine in PRESENT if engine.name in _OF_LAWS)
"""One engine that plans, one that does not, one that has its rows elsewhere."""


def _portfolio(count: int = 120) -> tuple[Raw, ...]:
    """Return customers about the shipped amounts, a fact unknown now and then."""
    dice = random.Random(7)  # noqa: S311 - no secret, the same portfolio each time

    def perhaps(value: object) -> object:
        return None if dice.random() < 0.06 else value

    return tuple(
        {
            "contribution": perhaps(10 ** dice.uniform(5.5, 8.3)),
            "years_in_row": perhaps(float(dice.randint(0, 3))),
            "lowest_contribution": perhaps(10 ** dice.uniform(5.5, 8.3)),
            "growth_ratio": perhaps(dice.uniform(0.7, 1.5)),
            "gross_margin": perhaps(dice.uniform(0.0, 0.5)),
            "collection_rate": perhaps(dice.uniform(0.7, 1.0)),
            "timeliness": perhaps(dice.uniform(0.4, 1.0)),
            "influence": perhaps(dice.uniform(0.0, 100.0)),
            "overdue_share": perhaps(dice.uniform(0.0, 0.35)),
            "reputation_harm": perhaps(dice.random() < 0.02),
            "dispute": perhaps(dice.random() < 0.02),
        }
        for _ in range(count)
    )


ROWS = _portfolio()


@st.composite
def ladders(draw: st.DrawFn) -> TieringPolicy:
    """Draw a policy: other weights, amounts and triggers than the shipped one's."""
    shipped = tiering.default_policy()
    cuts = sorted(draw(pick(tuple(range(5, 96)))) for _ in shipped.criteria[1:])
    weights = [b - a for a, b in itertools.pairwise((0, *cuts, 100))]
    pairs = zip(shipped.criteria, weights, strict=True)
    count = draw(pick(tuple(range(len(shipped.triggers) + 1))))
    return attrs.evolve(
        shipped,
        caps=(),
        criteria=tuple(attrs.evolve(one, weight=weight) for one, weight in pairs),
        triggers=shipped.triggers[:count],
        use_gold=draw(pick((True, False))),
    )


@st.composite
def portfolios(draw: st.DrawFn, policy: TieringPolicy) -> list[Raw]:
    """Draw rows that meet the amounts of a policy; more of them are known than not."""
    anchors = anchors_of(policy.ladder.table)
    rows = draw(raw_rows(tiering.FACTS, anchors))
    likely = draw(st.lists(st.sampled_from(ROWS), max_size=4))
    return [*rows, *likely]


def built(
    engine: Engine, rows: Sequence[Raw], about: FactSchema = tiering.FACTS
) -> Any:
    """Return rows as an engine's frame, with their places beside them."""
    return engine.build(cells_of(about, rows))


@contextmanager
def quiet() -> Iterator[None]:
    """Let a column be missing: the random frames leave some away."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", frames.MissingColumnWarning)
        yield


def by_row(frame: Any, column: str) -> dict[int, Any]:
    """Return a column's values by the place of their row."""
    found: dict[int, Any] = {}
    for row in read(frame):
        place = row[AT]
        assert isinstance(place, float)
        found[int(place)] = row[column]
    return found


def ends(table: DecisionTable, facts: Facts) -> tuple[str, str]:
    """Return the lowest and the highest outcome, or the code of the error, twice."""
    try:
        possible = look_up(table, facts).possible
    except (HitPolicyError, NoRowError) as error:
        return error.code, error.code
    return possible[0], possible[-1]


def rungs(policy: TieringPolicy, row: Raw) -> tuple[str, str]:
    """Return the lowest and the highest rung of one row."""
    verdict = tiering.judge(facts_of(tiering.FACTS, row), policy=policy)
    return verdict.possible[0].value, verdict.possible[-1].value


def reweighted(table: DecisionTable, weights: Sequence[int]) -> DecisionTable:
    """Return a table whose criteria have other weights, card after card."""
    left = iter(weights)
    cards = tuple(
        attrs.evolve(
            card,
            criteria=tuple(
                attrs.evolve(criterion, weight=next(left))
                for criterion in card.criteria
            ),
        )
        for card in table.scorecards
    )
    return attrs.evolve(table, scorecards=cards)
