"""Every distinct case is judged once, and every row gets the answers to its own."""

from __future__ import annotations

import math
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import frames
from keyaccount.exceptions import InvalidValueError, Problems, UnknownFactError
from keyaccount.frames._cases import Answer, Case, Judge, by_case, whole
from keyaccount.frames._joins import Answered, distinct
from keyaccount.rules import Fact, FactKind, FactSchema
from keyaccount.tri import Tri
from tests.frames.cased import Native, answered, cells, few, on_every_engine
from tests.frames.engines import Engine, read


ABOUT = FactSchema(
    (
        Fact.choice("colour", ("red", "green")),
        Fact.number("weight"),
        Fact.yes_no("fresh"),
    )
)
KINDS = {fact.name: fact.kind for fact in ABOUT}
WORDS = ("none", "some", "all")


def judge(case: Case) -> Answer:
    """Count what is known, and say what it is."""
    known = [value for value in case.values() if value not in {None, Tri.UNKNOWN}]
    weight = case["weight"]
    return {
        "known": WORDS[min(len(known), 2)],
        "text": f"{case['colour']}/{case['fresh']}",
        "double": float(weight) * 2 if isinstance(weight, Decimal) else None,
        "heavy": weight > 1 if isinstance(weight, Decimal) else None,
    }


ANSWERS: Any = {"known": WORDS, "text": str, "double": float, "heavy": bool}


def ask(frame: Native, **more: Native) -> Native:
    told: dict[str, Any] = {
        "about": ABOUT,
        "asked": ABOUT.names,
        "names": {},
        "judge": judge,
        "answers": ANSWERS,
    }
    return by_case(frame, **(told | more))


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "colour": st.sampled_from(["red", "green", None]),
            "weight": st.sampled_from([0.3, 1.0, -0.0, 0.0, 2.5e-7, None, math.nan]),
            "fresh": st.sampled_from([True, False, None]),
        }
    ),
    max_size=8,
)


def known(row: dict[str, Any]) -> Case:
    weight, fresh = row["weight"], row["fresh"]
    is_gap = weight is None or math.isnan(weight)
    return {
        "colour": row["colour"],
        "weight": None if is_gap else Decimal(str(weight)),
        "fresh": Tri.UNKNOWN if fresh is None else Tri.of(fresh),
    }


@on_every_engine
def test_every_row_gets_the_answers_to_its_own_case(engine: Engine) -> None:
    @few(engine)
    @given(ROWS)
    def check(rows: list[dict[str, Any]]) -> None:
        assert answered(engine, cells(KINDS, rows), ask) == [
            judge(known(row)) for row in rows
        ]

    check()


@on_every_engine
def test_an_empty_frame_gets_empty_columns(engine: Engine) -> None:
    frame = engine.build(cells(KINDS, []))

    found = ask(frame)

    assert read(found) == []
    assert frames_of(found).collect_schema().names()[-4:] == list(ANSWERS)


@on_every_engine
def test_a_case_is_judged_once_however_many_rows_have_it(engine: Engine) -> None:
    seen: list[Case] = []

    def count(case: Case) -> Answer:
        seen.append(case)
        return judge(case)

    rows: list[dict[str, object]] = [{"colour": "red"}, {"weight": 1.0}] * 50
    answered(engine, cells(KINDS, rows), lambda frame: ask(frame, judge=count))

    assert len(seen) == 2


@on_every_engine
def test_a_column_of_nothing_but_gaps_leaves_one_case(engine: Engine) -> None:
    blank = {"weight": (FactKind.NUMBER, [None, None])}
    told = {**cells({}, [{}, {}]), **blank}

    found = answered(engine, told, ask)

    assert found == [judge(known(dict.fromkeys(KINDS)))] * 2


@on_every_engine
def test_rows_of_which_nothing_is_asked_are_one_case(engine: Engine) -> None:
    told = cells({}, [{}, {}, {}])
    cases = distinct(frames_of(engine.build(told)), [])

    answers: Answered = {
        "word": (WORDS, ["some"] * len(cases.rows)),
        "number": (float, [None] * len(cases.rows)),
        "text": (str, [""] * len(cases.rows)),
    }
    rows = read(cases.joined(answers).to_native())

    assert list(cases.rows) == [()]
    assert len(rows) == 3
    assert all([*row.values()][-3:] == ["some", None, ""] for row in rows)


def test_a_frame_in_which_nobody_has_told_a_single_value_has_one_case() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"colour": [None, None]})

    more = {"asked": ["colour"], "judge": _only(judge)}
    for found in (ask(frame, **more), ask(frame.lazy(), **more).collect()):
        assert found["known"].to_list() == ["none", "none"]


def test_pandas_keeps_its_index() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(
        {"colour": ["red", None, "red"], "weight": [1.0, 2.0, 1.0], "fresh": True},
        index=["b", "a", "b"],
    )

    found = ask(frame)

    assert found.index.tolist() == ["b", "a", "b"]
    assert found["double"].tolist() == [2.0, 4.0, 2.0]
    assert list(found["known"].cat.categories) == list(WORDS)


def test_words_are_ordered_as_the_model_orders_them() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"colour": ["red"], "weight": [1.0], "fresh": [None]})

    assert ask(frame).schema["known"] == polars.Enum(WORDS)


def test_decimals_and_whole_numbers_come_through_unchanged() -> None:
    polars = pytest.importorskip("polars")
    exact = Decimal("12345678901234567.89")
    seen = []

    def keep(case: Case) -> Answer:
        seen.append(case["weight"])
        return judge(case)

    for dtype, value in ((polars.Decimal(38, 2), exact), (polars.Int64, 2**60)):
        weight = polars.Series("weight", [value], dtype)
        ask(polars.DataFrame([weight]), asked=["weight"], judge=_only(keep))

    assert seen == [exact, Decimal(2**60)]


def _only(keep: Judge) -> Judge:
    """Fill in what is not asked."""
    blank: Case = {"colour": None, "weight": None, "fresh": Tri.UNKNOWN}
    return lambda case: keep({**blank, **case})


def test_many_columns_are_numbered_without_a_collision() -> None:
    pandas = pytest.importorskip("pandas")
    arrow = pytest.importorskip("pyarrow")
    count = 3_000
    columns = {
        f"k{at}": [(row * 7**at) % count for row in range(count)] for at in range(4)
    }

    for frame in (pandas.DataFrame(columns), arrow.table(columns)):
        cases = distinct(frames_of(frame), list(columns))

        assert cases.first == list(range(count))
        assert cases.rows == list(zip(*columns.values(), strict=True))


def frames_of(native: Native) -> Native:
    narwhals = pytest.importorskip("narwhals")
    return narwhals.from_native(native)


def test_duckdb_answers_in_the_connection_that_the_relation_belongs_to() -> None:
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as connection:
        connection.sql("CREATE TYPE colours AS ENUM ('red', 'green')")
        connection.sql('CREATE TABLE heaps (id INT, colour colours, "a ""w" DECIMAL)')
        connection.sql("INSERT INTO heaps VALUES (1, 'red', 0.3), (2, NULL, NULL)")
        connection.sql("INSERT INTO heaps VALUES (3, 'red', NULL)")
        names = {"weight": 'a "w'}

        found = ask(
            connection.table("heaps"),
            asked=["colour", "weight"],
            names=names,
            judge=_only(judge),
        )

        assert found.order("id").project("known, text, double").fetchall() == [
            ("all", "red/Tri.UNKNOWN", 0.6),
            ("none", "None/Tri.UNKNOWN", None),
            ("some", "red/Tri.UNKNOWN", None),
        ]


def test_categories_are_read_as_their_words() -> None:
    polars = pytest.importorskip("polars")
    pandas = pytest.importorskip("pandas")
    arrow = pytest.importorskip("pyarrow")
    values = ["red", None, "green", "red"]
    column = arrow.array(values).dictionary_encode()
    chunks = arrow.chunked_array([column, arrow.array(["green"]).dictionary_encode()])
    for frame in (
        polars.DataFrame({"colour": values}, {"colour": polars.Categorical}),
        polars.DataFrame({"colour": values}, {"colour": polars.Enum(["green", "red"])}),
        pandas.DataFrame({"colour": pandas.Categorical(values)}),
        arrow.table({"colour": chunks}),
    ):
        found = ask(frame, asked=["colour"], judge=_only(judge))

        texts = [row["text"].partition("/")[0] for row in _texts(found)]
        assert texts[:4] == ["red", "None", "green", "red"]
        assert texts[4:] in ([], ["green"])


def _texts(frame: Native) -> list[dict[str, str]]:
    return cast("list[dict[str, str]]", read(frame))


def test_an_impossible_case_is_told_with_its_first_row() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"colour": ["red", "blue", "gren", "blue"]})

    with pytest.raises(InvalidValueError) as caught:
        ask(frame, asked=["colour"], judge=_only(judge))

    found = [(one.path, dict(one.data)["got"]) for one in caught.value.problems]
    assert found == [
        ("$.columns['colour'][1]", "'blue'"),
        ("$.columns['colour'][2]", "'gren'"),
    ]
    assert "green" in str(caught.value)
    with pytest.raises(InvalidValueError, match=r"columns\['colour'\]: got 'blue'"):
        ask(frame.head(2).lazy(), asked=["colour"], judge=_only(judge))


def test_what_is_wrong_with_a_whole_row_names_the_row() -> None:
    polars = pytest.importorskip("polars")

    def refuse(case: Case) -> Answer:
        problems = Problems()
        if case["weight"] == 2:
            problems.add("", "sum", 3, 4)
            problems.add("weight.part", "out-of-range", 2, "less")
        problems.check("case")
        return judge(case)

    with pytest.raises(InvalidValueError) as caught:
        ask(
            polars.DataFrame({"w": [1.0, 2.0, 2.0]}),
            asked=["weight"],
            names={"weight": "w"},
            judge=_only(refuse),
        )

    paths = [one.path for one in caught.value.problems]
    assert paths == ["$.rows[1]", "$.columns['w'][1].part"]


def test_of_very_many_impossible_cases_the_first_twenty_are_told() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"colour": [f"c{at}" for at in range(1_000)]})

    with pytest.raises(InvalidValueError) as caught:
        ask(frame, asked=["colour"])

    assert len(caught.value.problems) == 20
    assert caught.value.problems[-1].path == "$.columns['colour'][19]"


def test_answers_translate_and_refuse_what_is_not_listed() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"f": ["Y", "N", None]})
    names = {"fresh": frames.Answers("f", {"Y": True, "N": False})}
    seen = []

    def keep(case: Case) -> Answer:
        seen.append(case["fresh"])
        return judge(case)

    ask(frame, asked=["fresh"], names=names, judge=_only(keep))

    assert seen == [Tri.YES, Tri.NO, Tri.UNKNOWN]
    with pytest.raises(InvalidValueError, match=r"columns\['f'\]\[0\].*one of Y, N"):
        ask(frame.with_columns(f=polars.lit("X")), asked=["fresh"], names=names)


def test_a_column_of_an_answers_name_is_refused() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"colour": ["red"], "known": [1]})

    with pytest.raises(InvalidValueError, match="stands twice"):
        ask(frame, asked=["colour"])


def test_names_must_speak_of_declared_facts() -> None:
    polars = pytest.importorskip("polars")

    with pytest.raises(UnknownFactError, match="colour"):
        ask(polars.DataFrame({"c": ["red"]}), names={"color": "c"})


def test_the_warning_of_a_missing_column_points_at_the_caller() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"term": ["letter-of-credit-90"]})

    with pytest.warns(frames.MissingColumnWarning, match="timing_1") as told:
        frames.payment(frame.with_columns(share_1=1.0))

    assert told[0].filename == __file__


def test_an_engine_without_a_null_safe_join_is_refused_by_name() -> None:
    narwhals = pytest.importorskip("narwhals")
    frame = SimpleNamespace(implementation=narwhals.Implementation.MODIN)

    with pytest.raises(InvalidValueError, match=r"modin.*polars, pandas"):
        distinct(cast("Any", frame), ["colour"])


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (Decimal("3.0"), 3),
        (Decimal("3.5"), Decimal("3.5")),
        (Decimal("Infinity"), Decimal("Infinity")),
        (None, None),
    ],
)
def test_a_whole_number_becomes_one_and_nothing_else_does(
    value: Decimal | None, found: object
) -> None:
    assert whole(value) == found
