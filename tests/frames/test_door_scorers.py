"""Scorers that are not ours, and rules with more rows than a byte counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import duckdb
import narwhals as nw
import polars as pl
import pytest

from keyaccount import frames
from keyaccount.exceptions import NotColumnarError, ScorerError
from keyaccount.rules import (
    Compare,
    Criterion,
    Decay,
    DecisionTable,
    Fact,
    FactSchema,
    Gate,
    Gates,
    Linear,
    Lookup,
    Op,
    Row,
    Scorecard,
)
from tests.frames.engines import read
from tests.rule_strategies import Plateau


ABOUT = FactSchema(
    (Fact.number("sales", low=0), Fact.choice("segment", ("small", "large")))
)
SALES = [12.0, 3.0]
OF_POLARS: Mapping[str, Callable[[pl.DataFrame], Any]] = {
    "polars": lambda frame: frame,
    "polars-lazy": lambda frame: frame.lazy(),
    "pandas": lambda frame: frame.to_pandas(),
    "pyarrow": lambda frame: frame.to_arrow(),
    "duckdb": lambda frame: duckdb.from_arrow(frame.to_arrow()),
    "narwhals": nw.from_native,
}
everywhere = pytest.mark.parametrize("engine", OF_POLARS)


def built(engine: str, sales: list[float | None] | list[float] = SALES) -> Any:
    frame = pl.DataFrame({"sales": sales, "segment": ["large", "small"]})
    return OF_POLARS[engine](frame)


def card(scorer: Any) -> Scorecard:
    other = Lookup((("small", 0.0), ("large", 100.0)))
    return Scorecard(
        "score",
        ABOUT,
        (
            Criterion("age", "sales", 60, scorer),
            Criterion("size", "segment", 40, other),
        ),
    )


def plateau(scorer: Plateau, fact: nw.Expr) -> nw.Expr:
    return nw.when(fact >= scorer.edge).then(90.0).otherwise(40.0)


def test_a_scorer_without_a_column_form_is_named() -> None:
    with pytest.raises(NotColumnarError) as caught:
        frames.score(built("polars"), card(Decay(5.0)))

    assert caught.value.criterion == "age"
    assert caught.value.scorer == "Decay"
    assert "rowwise=True" in str(caught.value)


def test_a_lazy_frame_of_another_engine_cannot_ask_row_by_row() -> None:
    with pytest.raises(NotColumnarError, match="collect the frame first"):
        frames.score(built("duckdb"), card(Decay(5.0)), rowwise=True)


def asked_of(frame: Any, scorer: Any, **more: Any) -> list[tuple[object, object]]:
    found = read(frames.score(frame, card(scorer), **more))
    return [(row["score_low"], row["score_high"]) for row in found]


ROW: tuple[frames.Wanted, ...] = ("row",)
ROWS = ["polars", "polars-lazy", "pandas", "pyarrow", "narwhals"]


@pytest.mark.parametrize("engine", ROWS)
def test_row_by_row_an_unknown_fact_is_not_asked(engine: str) -> None:
    given = built(engine, [None, 2.0])

    def inverse(fact: float) -> float:
        assert fact
        return 10.0 / fact

    found = asked_of(given, inverse, rowwise=True)

    size = 40.0 * 100.0
    assert found == [(size * 0.01, (size + 6000.0) * 0.01), (3.0, 3.0)]


@pytest.mark.parametrize("engine", ROWS)
def test_row_by_row_a_scorer_is_told_plain_numbers(engine: str) -> None:
    seen = []

    def remember(fact: float) -> float:
        seen.append((type(fact), fact))
        return 50.0

    frame = built(engine, [-0.0, 2.0])
    if engine == "pandas":
        frame = frame.convert_dtypes()
    read(frames.score(frame, card(remember), rowwise=True))

    assert set(map(repr, seen)) == {"(<class 'float'>, 0.0)", "(<class 'float'>, 2.0)"}


@everywhere
def test_a_column_form_may_be_passed(engine: str) -> None:
    found = asked_of(built(engine), Plateau(5.0), columns={Plateau: plateau})

    assert found == [(94.0, 94.0), (24.0, 24.0)]


def test_a_column_form_may_be_registered() -> None:
    class Flat:
        def __call__(self, fact: float, /) -> float:
            return 50.0 + fact * 0.0

    @frames.column.register(Flat)
    def _(_: object, fact: nw.Expr) -> nw.Expr:
        return fact * 0.0 + 50.0

    assert asked_of(built("polars"), Flat()) == [(70.0, 70.0), (30.0, 30.0)]
    assert asked_of(built("duckdb"), Flat()) == [(70.0, 70.0), (30.0, 30.0)]


def test_a_column_form_of_our_own_may_be_replaced() -> None:
    def half(_: Linear, fact: nw.Expr) -> nw.Expr:
        return fact * 0.0 + 50.0

    found = asked_of(built("polars"), Linear(0.0, 1.0), columns={Linear: half})

    assert found == [(70.0, 70.0), (30.0, 30.0)]


@pytest.mark.parametrize("engine", ["polars", "pandas", "pyarrow"])
@pytest.mark.parametrize("mark", [100.5, -1.0, float("nan")])
def test_a_column_form_that_gives_no_mark_is_blamed(engine: str, mark: float) -> None:
    def wrong(_: Plateau, fact: nw.Expr) -> nw.Expr:
        return nw.when(fact > 5.0).then(mark).otherwise(1.0)

    with pytest.raises(ScorerError, match="age"):
        asked_of(built(engine), Plateau(5.0), columns={Plateau: wrong})


@pytest.mark.parametrize("engine", ["polars", "pandas", "pyarrow"])
@pytest.mark.parametrize("mark", [100.5, -1.0, float("nan"), None, True, "5"])
def test_a_scorer_that_gives_no_mark_row_by_row_is_blamed(
    engine: str, mark: object
) -> None:
    with pytest.raises(ScorerError, match="age"):
        asked_of(built(engine), lambda _: mark, rowwise=True)


# many rows and outcomes


def test_more_rows_than_a_byte_counts_are_told_apart() -> None:
    about = FactSchema((Fact.number("x"),))
    rows = tuple(
        Row(f"r{at}", Compare("x", Op.GE, float(at)), f"o{at}")
        for at in range(400, 0, -1)
    )
    table = DecisionTable("t", about, rows, otherwise="none")
    gates = Gates("g", about, tuple(Gate(row.id, row.when) for row in rows[::-1]))
    frame = pl.DataFrame({"x": [0.0, 1.0, 255.0, 256.0, 257.5, 400.0]})
    wanted = ["none", "o1", "o255", "o256", "o257", "o400"]
    fired = ["otherwise", "r1", "r255", "r256", "r257", "r400"]
    failing = ["r1", "r2", "r256", "r257", "r258", None]

    for engine in ("polars", "pandas", "pyarrow", "duckdb"):
        given = OF_POLARS[engine](frame)
        found = read(frames.decide(given, table, parts=ROW))
        assert [row["t"] for row in found] == wanted, engine
        assert [row["t_row"] for row in found] == fired, engine
        passed = read(frames.gates(given, gates))
        assert [row["g_first_failing"] for row in passed] == failing, engine
