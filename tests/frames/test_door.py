"""The door from columns to facts: what comes in, what is refused, in which words."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from keyaccount import frames
from keyaccount.exceptions import (
    InvalidValueError,
    UnknownFactError,
)
from keyaccount.rules import (
    Compare,
    DecisionTable,
    Fact,
    FactSchema,
    OneOf,
    Op,
    Row,
    Yes,
)
from tests.frames.engines import read


ABOUT = FactSchema(
    (
        Fact.number("sales", low=0),
        Fact.number("growth_ratio"),
        Fact.choice("segment", ("small", "large")),
        Fact.yes_no("dispute"),
    )
)
TABLE = DecisionTable(
    "rating",
    ABOUT,
    (
        Row("watched", Yes("dispute"), "watch"),
        Row(
            "big", Compare("sales", Op.GE, 10.0) & OneOf("segment", ("large",)), "good"
        ),
        Row("growing", Compare("growth_ratio", Op.GT, 1.2), "good"),
    ),
    otherwise="plain",
)
GOOD: dict[str, list[Any]] = {
    "sales": [12.0, 3.0],
    "growth_ratio": [1.0, 1.3],
    "segment": ["large", "small"],
    "dispute": [False, True],
}


def problems_of(frame: Any, **more: Any) -> list[tuple[str, str]]:
    """Return where and with which code a frame is refused."""
    with pytest.raises(InvalidValueError) as caught:
        frames.decide(frame, TABLE, **more)
    found = caught.value.problems
    return [(problem.path.removeprefix("$."), problem.code) for problem in found]


def text_of(frame: Any, **more: Any) -> str:
    with pytest.raises(InvalidValueError) as caught:
        frames.decide(frame, TABLE, **more)
    return str(caught.value)


def answers(frame: Any, **more: Any) -> list[object]:
    return [row["rating"] for row in read(frames.decide(frame, TABLE, **more))]


OF_POLARS: Mapping[str, Callable[[Any], Any]] = {
    "polars": lambda frame: frame,
    "polars-lazy": lambda frame: frame.lazy(),
    "pandas": lambda frame: frame.to_pandas(),
    "pyarrow": lambda frame: frame.to_arrow(),
    "duckdb": lambda frame: duckdb.from_arrow(frame.to_arrow()),
    "narwhals": nw.from_native,
    "narwhals-lazy": lambda frame: nw.from_native(frame.lazy()),
}
everywhere = pytest.mark.parametrize("engine", OF_POLARS)


def built(engine: str, **columns: Any) -> Any:
    frame = pl.DataFrame({**GOOD, **columns})
    return OF_POLARS[engine](frame)


# what comes back


@everywhere
def test_the_same_kind_of_frame_comes_back_with_its_columns_first(engine: str) -> None:
    given = built(engine)

    answer = frames.decide(given, TABLE)

    assert type(answer) is type(given)
    first = read(answer)[0]
    assert list(first)[:4] == list(GOOD)
    assert first["rating"] == "good"
    assert first["rating_missing"] == ""


def test_a_lazy_frame_is_not_run() -> None:
    runs = []

    def look(frame: pl.DataFrame) -> pl.DataFrame:
        runs.append(len(frame))
        return frame

    lazy = pl.DataFrame(GOOD).lazy().drop("segment").map_batches(look)
    table = DecisionTable("big", ABOUT, TABLE.rows[2:], otherwise="plain")

    answer = frames.decide(lazy, table)

    assert isinstance(answer, pl.LazyFrame)
    assert not runs
    assert answer.collect()["big"].to_list() == ["plain", "good"]
    assert runs


def test_the_index_of_pandas_is_kept() -> None:
    index = pd.MultiIndex.from_tuples([("b", 7), ("b", 7)], names=["firm", "no"])
    given = pd.DataFrame(GOOD, index=index)

    answer = frames.decide(given, TABLE, parts=("bounds", "score", "missing", "row"))

    assert answer.index.equals(index)
    assert answer.index.names == ["firm", "no"]
    assert answer["rating"].tolist() == ["good", "watch"]
    assert answer["rating_row"].tolist() == ["big", "watched"]


@everywhere
def test_a_frame_without_rows_gets_its_columns(engine: str) -> None:
    given = OF_POLARS[engine](pl.DataFrame(GOOD).clear())

    answer = frames.decide(given, TABLE)

    schema = nw.from_native(answer, pass_through=True).collect_schema()
    assert schema.names()[4:] == [
        "rating",
        "rating_low",
        "rating_high",
        "rating_missing",
    ]
    assert read(answer) == []


def test_a_frame_is_not_changed() -> None:
    given = pd.DataFrame(GOOD)

    frames.decide(given, TABLE)

    assert given.equals(pd.DataFrame(GOOD))


# which column


@everywhere
def test_a_column_may_be_called_otherwise(engine: str) -> None:
    names = {"sales": '销售 "额" 100%', "dispute": "in dispute?"}
    frame = pl.DataFrame(GOOD).rename(names)

    assert answers(OF_POLARS[engine](frame), names=names) == ["good", "watch"]


@everywhere
def test_a_column_called_like_a_hidden_one_is_kept(engine: str) -> None:
    given = built(engine, __keyaccount_0=["a", "b"], ___keyaccount_1=["c", "d"])

    rows = read(frames.decide(given, TABLE))

    assert [row["__keyaccount_0"] for row in rows] == ["a", "b"]
    assert [row["___keyaccount_1"] for row in rows] == ["c", "d"]
    assert [row["rating"] for row in rows] == ["good", "watch"]


@everywhere
def test_a_missing_column_is_unknown_everywhere_and_said_so(engine: str) -> None:
    given = OF_POLARS[engine](pl.DataFrame(GOOD).rename({"sales": "sale"}))

    with pytest.warns(frames.MissingColumnWarning) as caught:
        answer = frames.decide(given, TABLE)

    assert "sales (near: sale)" in str(caught[0].message)
    assert caught[0].filename == __file__
    first, second = read(answer)
    assert (first["rating_low"], first["rating_high"]) == ("plain", "good")
    assert first["rating"] is None
    assert first["rating_missing"] == second["rating_missing"] == "sales"


@everywhere
def test_a_blank_column_is_unknown_without_a_word(engine: str) -> None:
    given = built(engine, sales=pl.Series([None, None], dtype=pl.Null))
    if engine in {"duckdb", "polars-lazy", "narwhals-lazy"}:
        given = built(engine, sales=pl.Series([None, None], dtype=pl.Float64))

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rows = read(frames.decide(given, TABLE))

    assert [row["rating_missing"] for row in rows] == ["sales", "sales"]


def test_no_column_at_all_is_an_error() -> None:
    frame = pl.DataFrame({"id": ["a"]})

    assert problems_of(frame) == [("columns", "missing")]
    assert "sales" in text_of(frame)


def test_a_name_for_a_fact_that_nobody_declared_is_an_error() -> None:
    with pytest.raises(UnknownFactError, match="sales"):
        frames.decide(pl.DataFrame(GOOD), TABLE, names={"salez": "sales"})


def test_a_name_of_a_column_that_is_not_there_is_an_error() -> None:
    found = problems_of(pl.DataFrame(GOOD), names={"sales": "Umsatz"})

    assert found == [("names['sales']", "missing")]


# which type


@everywhere
def test_columns_of_the_wrong_type_are_refused_by_name_all_at_once(
    engine: str,
) -> None:
    given = built(engine, sales=["12", "3"], dispute=[0, 1], growth_ratio=[True, False])

    found = problems_of(given)

    assert sorted(found) == [
        ("columns['dispute']", "wrong-type"),
        ("columns['growth_ratio']", "wrong-type"),
        ("columns['sales']", "wrong-type"),
    ]
    assert "Answers(" in text_of(given)
    assert "cast text first" in text_of(given)


def test_text_is_no_yes_and_no() -> None:
    assert problems_of(pl.DataFrame({**GOOD, "dispute": ["yes", "no"]})) == [
        ("columns['dispute']", "wrong-type")
    ]


def test_days_are_no_numbers_and_numbers_no_choice() -> None:
    days = [dt.date(2025, 1, 1), dt.date(2025, 1, 2)]
    found = problems_of(pl.DataFrame({**GOOD, "sales": days, "segment": [1, 2]}))

    assert found == [
        ("columns['sales']", "wrong-type"),
        ("columns['segment']", "wrong-type"),
    ]


def test_objects_of_pandas_that_are_not_all_yes_or_no_are_refused() -> None:
    frame = pd.DataFrame(GOOD)
    frame["dispute"] = pd.Series([True, 1], dtype=object)

    assert problems_of(frame) == [("columns['dispute']", "wrong-type")]


def test_a_number_of_pandas_that_is_an_object_is_refused() -> None:
    frame = pd.DataFrame(GOOD)
    frame["sales"] = pd.Series([12.0, "3"], dtype=object)

    assert problems_of(frame) == [("columns['sales']", "wrong-type")]


@pytest.mark.parametrize(
    "dtype", [pl.Categorical, pl.Enum(["large", "small", "other"])]
)
def test_categories_are_choices(dtype: Any) -> None:
    frame = pl.DataFrame({**GOOD, "segment": pl.Series(GOOD["segment"], dtype=dtype)})

    assert answers(frame) == ["good", "watch"]
    assert answers(frame.lazy()) == ["good", "watch"]
    assert answers(frame.to_pandas()) == ["good", "watch"]


def test_dictionaries_of_arrow_are_choices() -> None:
    table = pa.table(GOOD)
    at = table.schema.get_field_index("segment")
    table = table.set_column(at, "segment", table["segment"].dictionary_encode())

    assert answers(table) == ["good", "watch"]


# which values


@everywhere
def test_a_slug_that_nobody_declared_is_refused_with_its_row(engine: str) -> None:
    given = built(engine, segment=["large", "huge"])

    with pytest.raises(InvalidValueError) as caught:
        frames.decide(given, TABLE)

    (problem,) = caught.value.problems
    assert problem.code == "unknown-choice"
    assert "huge" in str(caught.value)
    if "lazy" not in engine and engine != "duckdb":  # there rows have no order
        assert problem.path == "$.columns['segment'][1]"


ANSWERS = {
    "dispute": frames.Answers("blocked", {"Y": True, "N": False}),
    "segment": frames.Answers("size", {1: "small", 2: "large"}),
}


@everywhere
def test_values_may_mean_facts(engine: str) -> None:
    frame = pl.DataFrame(
        {
            "sales": [12.0, 12.0, 12.0],
            "growth_ratio": [1.0, 1.0, 1.0],
            "blocked": ["N", "Y", None],
            "size": [2, None, 1],
        }
    )

    rows = read(frames.decide(OF_POLARS[engine](frame), TABLE, names=ANSWERS))

    assert [row["rating"] for row in rows] == ["good", "watch", None]
    assert [row["rating_low"] for row in rows] == ["good", "watch", "plain"]
    missing = [row["rating_missing"] for row in rows]
    assert missing == ["", "segment", "dispute"]


@everywhere
def test_a_value_that_means_nothing_is_refused(engine: str) -> None:
    frame = pl.DataFrame(
        {"sales": [1.0], "growth_ratio": [1.0], "blocked": ["maybe"], "size": [3]}
    )

    found = problems_of(OF_POLARS[engine](frame), names=ANSWERS)

    paths = [path.partition("]")[0] for path, _ in found]
    assert sorted(paths) == ["columns['blocked'", "columns['size'"]
    assert {code for _, code in found} == {"unknown-choice"}


def test_meanings_must_be_answers_of_their_fact() -> None:
    names = {
        "dispute": frames.Answers("dispute", {"Y": "yes"}),
        "segment": frames.Answers("segment", {"S": "tiny"}),
        "sales": frames.Answers("sales", {"many": True}),
    }

    found = problems_of(pl.DataFrame(GOOD), names=names)

    assert sorted(found) == [
        ("names['dispute']['Y']", "wrong-type"),
        ("names['sales']", "wrong-type"),
        ("names['segment']['S']", "unknown-choice"),
    ]


# what is asked


def test_something_else_is_no_frame() -> None:
    for nothing in (None, [1, 2], {"sales": [1.0]}, "customers.csv", pl.Series([1.0])):
        assert problems_of(nothing) == [("frame", "wrong-type")]


def test_an_answer_does_not_overwrite_a_column() -> None:
    frame = pl.DataFrame({**GOOD, "rating": [1, 2], "rating_missing": ["", ""]})

    found = problems_of(frame)

    assert sorted(found) == [
        ("columns['rating']", "duplicate"),
        ("columns['rating_missing']", "duplicate"),
    ]
    assert answers(frame.drop("rating_missing").rename({"rating": "was"})) == [
        "good",
        "watch",
    ]
    renamed = frames.decide(frame, TABLE, name="now")
    assert renamed["now"].to_list() == ["good", "watch"]


def test_a_part_that_does_not_exist_is_refused() -> None:
    parts: Any = ("bounds", "wors")

    assert problems_of(pl.DataFrame(GOOD), parts=parts) == [("parts", "unknown-choice")]


def test_gaps_break_a_promise_where_rows_are_here() -> None:
    frame = pl.DataFrame({**GOOD, "sales": [None, 3.0]})

    assert problems_of(frame, complete=True) == [("columns['sales']", "missing")]


def test_gaps_give_nulls_where_the_promise_is_believed() -> None:
    frame = pl.DataFrame({**GOOD, "sales": [None, 3.0]}).lazy()

    rows = read(frames.decide(frame, TABLE, complete=True))

    assert [row["rating"] for row in rows] == [None, "watch"]
    assert rows[0]["rating_low"] is rows[0]["rating_high"] is None
