"""Numbers of every type come in as the nearest float, once, as `float` takes them."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyaccount import frames
from keyaccount.frames import _facts
from keyaccount.rules import Criterion, Fact, FactSchema, Linear, Scorecard
from tests.frames.engines import read


ABOUT = FactSchema((Fact.number("sales"),))
CARD = Scorecard("score", ABOUT, (Criterion("all", "sales", 100, Linear(-1e19, 1e19)),))
NEAR = Scorecard("score", ABOUT, (Criterion("all", "sales", 100, Linear(0.0, 100.0)),))
SOME = settings(max_examples=max(2, settings().max_examples // 4))

OF_ARROW: Mapping[str, Callable[[pa.Table], Any]] = {
    "polars": pl.from_arrow,
    "polars-lazy": lambda table: pl.DataFrame(table).lazy(),
    "pandas-arrow": lambda table: table.to_pandas(types_mapper=pd.ArrowDtype),
    "pyarrow": lambda table: table,
    "duckdb": duckdb.from_arrow,
}
PARTS: tuple[frames.Wanted, ...] = ("contributions",)
everywhere = pytest.mark.parametrize("engine", OF_ARROW)


def alike(engine: str, numbers: Sequence[object], kind: Any, card: Scorecard) -> bool:
    """Whether a column of numbers is worth what each number is by itself."""
    frame = OF_ARROW[engine](pa.table({"sales": pa.array(numbers, kind)}))
    rows = read(frames.score(frame, card, parts=PARTS))
    got = [(row["score_all_low"], row["score_all_high"]) for row in rows]
    parts = [card.contributions(ABOUT.read({"sales": one}))[0] for one in numbers]
    return bits(got) == bits([(part.low, part.high) for part in parts])


def bits(ends: Sequence[tuple[Any, Any]]) -> list[bytes]:
    return [struct.pack("2d", *pair) for pair in ends]


AMOUNTS = st.lists(
    st.none() | st.decimals(0, 100, places=12, allow_nan=False), min_size=1, max_size=30
)


@everywhere
@SOME
@given(AMOUNTS)
def test_decimals_are_rounded_once(engine: str, amounts: list[Decimal | None]) -> None:
    assert alike(engine, amounts, pa.decimal128(15, 12), NEAR)


@everywhere
@SOME
@given(
    st.integers(0, 12).flatmap(
        lambda places: st.tuples(
            st.just(places),
            st.lists(st.decimals(-(10**15), 10**15, places=places), min_size=1),
        )
    )
)
def test_large_decimals_with_many_places_are_rounded_once(
    engine: str, case: tuple[int, list[Decimal]]
) -> None:
    places, amounts = case

    assert alike(engine, amounts, pa.decimal128(28, places), CARD)


def test_the_check_notices_decimals_that_are_rounded_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    amounts = [Decimal(number).scaleb(-2) for number in range(1, 400)]

    assert alike("pyarrow", amounts, pa.decimal128(15, 2), NEAR)
    monkeypatch.setattr(_facts, "_is_wide", lambda *_: False)
    assert not alike("pyarrow", amounts, pa.decimal128(15, 2), NEAR)


@everywhere
@SOME
@given(st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), min_size=1))
def test_whole_numbers_beyond_the_grid_of_floats_are_rounded_once(
    engine: str, numbers: list[int | None]
) -> None:
    assert alike(engine, numbers, pa.int64(), CARD)


@everywhere
def test_unsigned_numbers_come_in(engine: str) -> None:
    assert alike(engine, [0, 7, None, 2**64 - 1, 2**53 + 1], pa.uint64(), CARD)
    assert alike(engine, [0, 7, None, 100], pa.uint8(), NEAR)
    assert alike(engine, [0, 7, None, 100], pa.int16(), NEAR)


@everywhere
def test_small_floats_come_in_as_they_are(engine: str) -> None:
    numbers = [float(np.float32(0.1)), None, 33.5]

    assert alike(engine, numbers, pa.float32(), NEAR)


def test_a_sum_of_whole_numbers_in_duckdb_is_rounded_once() -> None:
    odd = [(2**53 + 1) * 2**at + 1 for at in range(8, 60)]  # between two floats
    listed = ", ".join(f"({number}::hugeint)" for number in odd)
    frame = duckdb.sql(f"select * from (values {listed}) as t(sales)")  # noqa: S608 - numbers
    wide = Scorecard(
        "score", ABOUT, (Criterion("all", "sales", 100, Linear(0.0, 1e40)),)
    )

    rows = read(frames.score(frame, wide))

    scores = [wide.score(ABOUT.read({"sales": number})) for number in odd]
    assert [row["score_low"] for row in rows] == [score.low for score in scores]


def test_a_chunked_column_comes_in() -> None:
    table = pa.table({"sales": pa.chunked_array([[1.0], [], [None, 3.0]])})

    answer = frames.score(table, NEAR)

    assert answer["score_low"].to_pylist() == [1.0, 0.0, 3.0]
    assert answer["score_high"].to_pylist() == [1.0, 100.0, 3.0]


@pytest.mark.parametrize("dtype", ["int64", "Int64", "float32", "uint8", "Float64"])
def test_numbers_of_pandas_come_in(dtype: str) -> None:
    frame = pd.DataFrame({"sales": pd.Series([0, 7, 100], dtype=dtype)})

    assert frames.score(frame, NEAR)["score_low"].tolist() == [0.0, 7.0, 100.0]


def test_numbers_of_nullable_pandas_may_be_missing() -> None:
    frame = pd.DataFrame({"sales": [7, None, 100]}).convert_dtypes()

    answer = frames.score(frame, NEAR)

    assert str(frame["sales"].dtype) == "Int64"
    assert answer["score_low"].tolist() == [7.0, 0.0, 100.0]
    assert answer["score_missing"].tolist() == ["", "sales", ""]
