"""Which columns an answer has, of which type, and which of them were asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from keyaccount import frames
from keyaccount.rules import (
    Compare,
    Criterion,
    DecisionTable,
    Fact,
    FactSchema,
    Gate,
    Gates,
    HitPolicy,
    Linear,
    Op,
    Row,
    Scorecard,
    Yes,
)
from tests.frames.engines import read


ABOUT = FactSchema(
    (Fact.number("sales"), Fact.number("margin"), Fact.yes_no("dispute"))
)
CARD = Scorecard(
    "composite",
    ABOUT,
    (
        Criterion("size", "sales", 70, Linear(0.0, 10.0)),
        Criterion("worth", "margin", 30, Linear(0.0, 0.4)),
    ),
)
OTHER = Scorecard("other", ABOUT, (Criterion("all", "margin", 100, Linear(0.0, 1.0)),))
ROWS = (
    Row("gold", Compare("composite", Op.GE, 60.0), "high", 2.0),
    Row("silver", Compare("sales", Op.GE, 3.0), "middle", 1.0),
)
TABLE = DecisionTable("tier", ABOUT, ROWS, otherwise="low", scorecards=(CARD,))
COLUMNS: Mapping[str, Any] = {
    "sales": [9.0, 4.0, None],
    "margin": [0.4, 0.0, 0.1],
    "dispute": [False, True, None],
}
FRAME = pl.DataFrame(COLUMNS)
BOUNDS = ["tier", "tier_low", "tier_high"]
SCORE = ["tier_score_low", "tier_score_high"]


def added(table: DecisionTable, parts: Any, frame: pl.DataFrame = FRAME) -> list[str]:
    """Return the columns that an answer has, in any order."""
    answer = frames.decide(frame, table, parts=parts)
    return sorted(set(answer.columns) - set(frame.columns))


@pytest.mark.parametrize(
    "parts,wanted",
    [
        ((), ["tier"]),
        (("bounds",), BOUNDS),
        (("score",), ["tier", *SCORE]),
        (("missing",), ["tier", "tier_missing"]),
        (("row",), ["tier", "tier_row"]),
        (frames.PARTS, [*BOUNDS, *SCORE, "tier_missing"]),
        (
            ("contributions",),
            [
                "tier",
                "tier_score_size_high",
                "tier_score_size_low",
                "tier_score_worth_high",
                "tier_score_worth_low",
            ],
        ),
    ],
)
def test_an_answer_has_what_was_asked_for(parts: Any, wanted: list[str]) -> None:
    assert added(TABLE, parts) == sorted(wanted)
    assert added(TABLE, parts, FRAME.fill_null(1.0).fill_null(False)) == sorted(wanted)


def test_the_answers_stand_in_the_order_of_the_house() -> None:
    answer = frames.decide(FRAME, TABLE, parts=("bounds", "score", "missing", "row"))

    names = answer.columns
    assert names[:4] == [*COLUMNS, "tier"]
    assert set(names[4:]) == {*BOUNDS[1:], *SCORE, "tier_missing", "tier_row"}


def test_several_scorecards_are_told_apart_by_name() -> None:
    table = DecisionTable(
        "tier", ABOUT, ROWS, otherwise="low", scorecards=(CARD, OTHER)
    )

    assert added(table, ("score",)) == [
        "tier",
        "tier_composite_high",
        "tier_composite_low",
        "tier_other_high",
        "tier_other_low",
    ]


def test_a_table_has_errors_only_where_it_can_err() -> None:
    def has_errors(hit: HitPolicy, otherwise: str | None) -> bool:
        table = DecisionTable(
            "tier", ABOUT, ROWS, otherwise=otherwise, hit=hit, scorecards=(CARD,)
        )
        return "tier_error" in added(table, ())

    assert not has_errors(HitPolicy.FIRST, "low")
    assert not has_errors(HitPolicy.PRIORITY, "low")
    assert has_errors(HitPolicy.UNIQUE, "low")
    assert has_errors(HitPolicy.ANY, "low")
    assert has_errors(HitPolicy.FIRST, None)


def test_errors_are_told_by_their_codes() -> None:
    rows = (
        Row("rich", Compare("sales", Op.GE, 3.0), "rich"),
        Row("large", Compare("sales", Op.GE, 5.0), "large"),
    )
    table = DecisionTable("tier", ABOUT, rows, hit=HitPolicy.UNIQUE)
    frame = pl.DataFrame({"sales": [1.0, 4.0, 9.0, None]})

    for build in (pl.DataFrame.to_pandas, pl.DataFrame.to_arrow, pl.DataFrame.lazy):
        found = read(frames.decide(build(frame), table))
        assert [row["tier_error"] for row in found] == [
            "no-row",
            None,
            "hit-policy",
            None,
        ]
        assert [row["tier"] for row in found] == [None, "rich", None, None]


def test_outcomes_of_polars_are_an_enum_the_lowest_first() -> None:
    answer = frames.decide(FRAME, TABLE, parts=(*frames.PARTS, "row"))

    for name in BOUNDS:
        assert answer.schema[name] == pl.Enum(["low", "middle", "high"])
    assert answer.schema["tier_row"] == pl.Enum(["gold", "silver", "otherwise"])
    assert answer.schema["tier_missing"] == pl.String
    assert answer.schema["tier_score_low"] == pl.Float64
    assert answer.sort("tier_low")["tier_low"].to_list() == ["low", "middle", "high"]


def test_a_lazy_frame_of_polars_knows_its_types_beforehand() -> None:
    answer = frames.decide(FRAME.lazy(), TABLE)

    assert answer.collect_schema() == answer.collect().schema
    assert answer.collect_schema()["tier"] == pl.Enum(["low", "middle", "high"])


def test_outcomes_of_pandas_are_ordered_categories() -> None:
    answer = frames.decide(FRAME.to_pandas(), TABLE)

    for name in BOUNDS:
        assert answer[name].dtype == pd.CategoricalDtype(
            ["low", "middle", "high"], ordered=True
        )
    assert answer["tier_low"].tolist() == ["high", "middle", "low"]
    assert (answer["tier_low"] >= "middle").tolist() == [True, True, False]
    assert answer["tier_missing"].tolist() == ["", "", "sales"]


OTHERS: Mapping[str, Callable[[pl.DataFrame], Any]] = {
    "pyarrow": pl.DataFrame.to_arrow,
    "duckdb": lambda frame: duckdb.from_arrow(frame.to_arrow()),
}


@pytest.mark.parametrize("engine", OTHERS)
def test_outcomes_are_plain_text_elsewhere(engine: str) -> None:
    answer = frames.decide(OTHERS[engine](FRAME), TABLE)

    schema = nw.from_native(answer).collect_schema()
    for name in (*BOUNDS, "tier_missing"):
        assert schema[name] == nw.String
    for name in SCORE:
        assert schema[name] == nw.Float64


@pytest.mark.parametrize("build", [pl.DataFrame.clone, *OTHERS.values()])
def test_gates_answer_yes_no_or_nothing(build: Callable[[Any], Any]) -> None:
    gates = Gates(
        "entry",
        ABOUT,
        (
            Gate("sells", Compare("sales", Op.GE, 5.0)),
            Gate("sued", Yes("dispute")),
        ),
    )

    answer = frames.gates(build(FRAME), gates)

    assert nw.from_native(answer).collect_schema()["entry"] == nw.Boolean
    found = read(answer)
    assert [row["entry"] for row in found] == [False, False, None]
    assert [row["entry_first_failing"] for row in found] == ["sued", "sells", None]
    assert [row["entry_first_open"] for row in found] == [None, None, "sells"]
    assert [row["entry_missing"] for row in found] == ["", "", "sales;dispute"]


def test_the_columns_of_tiering_are_those_of_the_house() -> None:
    frame = pl.DataFrame({"contribution": [2e8, None], "dispute": [False, None]})

    with pytest.warns(frames.MissingColumnWarning):
        answer = frames.tiering(frame)

    assert set(answer.columns) - set(frame.columns) == {
        "tiering",
        "tiering_low",
        "tiering_high",
        "tiering_score_low",
        "tiering_score_high",
        "tiering_problem",
        "tiering_effective",
        "tiering_missing",
    }
    assert answer.schema["tiering_problem"] == pl.Boolean
    assert answer["tiering"].to_list() == [None, "unclassified"]


def test_a_table_that_lists_what_fires_joins_it() -> None:
    table = DecisionTable(
        "tier", ABOUT, ROWS, hit=HitPolicy.RULE_ORDER, scorecards=(CARD,)
    )

    found = read(frames.decide(FRAME, table))

    assert [row["tier"] for row in found] == ["high;middle", "middle", ""]
    assert [row["tier_possible"] for row in found] == [
        "high;middle",
        "middle",
        "high;middle",
    ]


def test_many_facts_may_be_missing() -> None:
    about = FactSchema(tuple(Fact.number(f"x{at}") for at in range(14)))
    rows = tuple(
        Row(f"r{at}", Compare(f"x{at}", Op.GE, 1.0), "yes") for at in range(14)
    )
    table = DecisionTable("t", about, rows, otherwise="no")
    frame = pl.DataFrame({f"x{at}": [None, 0.0, float("nan")] for at in range(14)})
    everything = ";".join(about.names)

    for given in (frame, frame.to_pandas(), frame.to_arrow(), frame.lazy()):
        found = read(frames.decide(given, table))
        assert [row["t_missing"] for row in found] == [everything, "", everything]


def test_an_arrow_table_keeps_its_metadata_and_order() -> None:
    table = FRAME.to_arrow().replace_schema_metadata({b"source": b"crm"})

    answer = frames.decide(table, TABLE)

    assert isinstance(answer, pa.Table)
    assert answer.column_names[:3] == list(COLUMNS)
    assert answer.select(list(COLUMNS)).equals(table)


def test_a_row_called_otherwise_is_told_from_no_row() -> None:
    about = FactSchema((Fact.number("x"),))
    row = Row("otherwise", Compare("x", Op.GE, 1.0), "yes")
    table = DecisionTable("t", about, (row,), otherwise="no")
    frame = pl.DataFrame({"x": [2.0, 0.0]})

    for given in (frame, frame.to_pandas(), frame.to_arrow(), frame.lazy()):
        found = read(frames.decide(given, table, parts=(*frames.PARTS, "row")))
        assert [row["t_row"] for row in found] == ["otherwise", "otherwise-"]
