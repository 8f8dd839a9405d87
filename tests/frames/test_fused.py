"""One compiled loop says what the columns say and the object path, on every engine."""

from __future__ import annotations

import functools
import importlib.util
import math
import sys
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from keyaccount import frames
from keyaccount.exceptions import InvalidValueError
from keyaccount.models import tiering
from keyaccount.rules import (
    Criterion,
    Decay,
    DecisionTable,
    Fact,
    FactSchema,
    HitPolicy,
    Linear,
    Row,
    Scorecard,
    Steps,
    fact,
)
from tests.frames.drawn import Raw, cells_of, raw_rows
from tests.frames.engines import PRESENT, Engine
from tests.frames.engines import read as read_rows
from tests.frames.same import by_decide, by_score, by_tiering, differences
from tests.rule_strategies import anchors_of, tables


needs_numba = pytest.mark.skipif(
    importlib.util.find_spec("numba") is None,
    reason="numba is not installed (the extra `fused`)",
)
LOOPING = [
    engine for engine in PRESENT if not engine.is_lazy and not engine.opt_in
]  # the others have no rows here
FEW = settings(  # each compiles twice, and would again and again for a smaller one
    max_examples=max(2, settings().max_examples // 20),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
SINGLE = tuple(hit for hit in HitPolicy if hit.is_single)
PARTS: tuple[frames.Wanted, ...] = (*frames.PARTS, "row")

ABOUT = FactSchema(
    (
        Fact.number("sales"),
        Fact.number("margin"),
        Fact.choice("terms", ("pre", "doc", "post")),
        Fact.yes_no("late"),
    )
)
CARD = Scorecard(
    "score",
    ABOUT,
    (
        Criterion("size", "sales", 70, Linear(1e6, 1e8)),
        Criterion("margin", "margin", 30, Steps(((0.1, 50.0), (0.3, 90.0)))),
    ),
)
TABLE = DecisionTable(
    "grade",
    ABOUT,
    (
        Row("late", fact("late").is_yes() & ~fact("terms").one_of("pre"), "watch"),
        Row("big", (fact("sales") >= 1e8) & (fact("score") >= 60), "gold"),
        Row("fine", fact("margin") > 0.1, "silver"),
    ),
    otherwise="none",
    outcomes=("watch", "none", "silver", "gold"),
    scorecards=(CARD,),
)
ROWS: list[Raw] = [
    {"sales": sales, "margin": margin, "terms": terms, "late": late}
    for sales in (None, math.nan, math.inf, -0.0, 1e8, math.nextafter(1e8, 0.0), 3e7)
    for margin in (None, 0.1, math.nextafter(0.1, 1.0), -math.inf, 0.3)
    for terms in ("pre", "post", None)
    for late in (True, False, None)
]


def read(frame: Any) -> list[str]:
    """Return a frame as rows that can be compared: NaN is NaN, and 0.0 is not −0.0."""
    return [repr(row) for row in read_rows(frame)]


def decided(frame: Any, table: DecisionTable = TABLE, **more: Any) -> Any:
    return frames.decide(frame, table, parts=PARTS, fused=True, **more)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Count how often a loop answers."""
    run = pytest.importorskip("keyaccount.frames._run", exc_type=ImportError)
    answer = run.answer
    seen: list[object] = []

    def counted(*given: object) -> object:
        seen.append(given)
        return answer(*given)

    monkeypatch.setattr(run, "answer", counted)
    return seen


# the same answers


@needs_numba
@FEW
@given(tables(columnar=True, hits=SINGLE, cards=2), st.data())
def test_a_loop_decides_alike(table: DecisionTable, data: st.DataObject) -> None:
    rows = data.draw(many_rows(table))
    expected = functools.partial(without_contributions, by_decide, table)

    for engine in LOOPING:
        ask = functools.partial(decided, table=table)
        assert not differences(engine, table.about, rows, ask, expected)


@st.composite
def many_rows(draw: st.DrawFn, table: DecisionTable) -> list[Raw]:
    """Draw rows, and put their values together anew: many for little drawing."""
    drawn = draw(st.lists(raw_rows(table.about, anchors_of(table)), min_size=3))
    rows = [row for some in drawn for row in some]
    turn = draw(st.integers(1, len(rows)))
    return rows + [
        {
            name: rows[(at * place + turn) % len(rows)][name]
            for place, name in enumerate(row)
        }
        for at, row in enumerate(rows)
    ]


def without_contributions(
    ask: Callable[[Any, Any], dict[str, object]], rule: Any, facts: Any
) -> dict[str, object]:
    """Return what the object path says, but for what no loop tells."""
    told = ask(rule, facts)
    titles = {
        f"_{criterion.id}_" for card in _cards(rule) for criterion in card.criteria
    }
    return {
        title: value
        for title, value in told.items()
        if not any(one in title for one in titles)
    }


def _cards(rule: Any) -> tuple[Scorecard, ...]:
    if isinstance(rule, Scorecard):
        return (rule,)
    if isinstance(rule, DecisionTable):
        return rule.scorecards
    return (rule.composite,)


@needs_numba
@pytest.mark.parametrize("engine", LOOPING, ids=str)
def test_every_corner_of_a_small_table_is_told_alike(
    engine: Engine, runs: list[object]
) -> None:
    expected = functools.partial(without_contributions, by_decide, TABLE)

    assert not differences(engine, ABOUT, ROWS, decided, expected)
    assert runs


@needs_numba
@pytest.mark.parametrize("engine", LOOPING, ids=str)
def test_the_columns_are_those_of_the_columns_way(engine: Engine) -> None:
    frame = engine.build(cells_of(ABOUT, ROWS))

    fused, plain = decided(frame), frames.decide(frame, TABLE, parts=PARTS)

    assert type(fused) is type(plain)
    assert _columns(fused) == _columns(plain)
    assert read(fused) == read(plain)


def _columns(frame: Any) -> list[tuple[str, str]]:
    """Return names and types; a number is a number, however pandas keeps it."""
    schema = getattr(frame, "schema", None)
    if schema is None:
        kinds = dict(frame.dtypes)
    else:
        kinds = (
            {name: schema.field(name).type for name in schema.names}
            if hasattr(schema, "field")
            else dict(schema)
        )
    plain = {"double[pyarrow]": "float64", "Float64": "float64"}
    return [(name, plain.get(str(kind), str(kind))) for name, kind in kinds.items()]


@needs_numba
@pytest.mark.parametrize("engine", LOOPING, ids=str)
def test_a_card_is_scored_alike(engine: Engine, runs: list[object]) -> None:
    ask = functools.partial(frames.score, card=CARD, fused=True)
    expected = functools.partial(without_contributions, by_score, CARD)

    assert not differences(engine, ABOUT, ROWS, ask, expected)
    assert runs


@needs_numba
@pytest.mark.parametrize("engine", LOOPING, ids=str)
def test_customers_are_tiered_alike(engine: Engine, runs: list[object]) -> None:
    policy, about = tiering.default_policy(), tiering.FACTS
    table = policy.ladder.table
    pools = {
        fact.name: (None, True, False)
        if fact.name in {"dispute", "reputation_harm"}
        else (None, math.nan, 0.3, 2.0, *anchors_of(table).get(fact.name, ()))
        for fact in about
    }
    rows: list[Raw] = [
        {
            name: pool[at * (3 + place) // 2 % len(pool)]
            for place, (name, pool) in enumerate(pools.items())
        }
        for at in range(150)
    ]
    ask = functools.partial(frames.tiering, parts=PARTS, fused=True)
    expected = functools.partial(without_contributions, by_tiering, policy)

    assert not differences(engine, about, rows, ask, expected)
    assert runs


@needs_numba
@pytest.mark.parametrize(("criteria", "count"), [(50, 2), (5, 40)])
def test_rules_with_many_parts_are_compiled_and_told_alike(
    criteria: int, count: int, runs: list[object]
) -> None:
    about = FactSchema(tuple(Fact.number(f"n{at}") for at in range(criteria)))
    marks = (Linear(0.1 * at, 0.1 * at + 7.0) for at in range(criteria))
    lines = (
        Criterion(f"c{at}", f"n{at}", 100 // criteria, mark)
        for at, mark in enumerate(marks)
    )
    card = Scorecard("wide", about, tuple(lines))
    table = DecisionTable(
        "long",
        about,
        tuple(
            Row(
                f"r{at}",
                (fact(f"n{at % criteria}") > 9.5) & (fact("wide") >= 30 + at / 2),
                f"o{at}",
            )
            for at in range(count)
        ),
        otherwise="none",
        scorecards=(card,),
    )
    rows: list[Raw] = [
        {
            f"n{at}": None if (at * row) % 37 == 5 else (at * 7 + row * 3) % 11 * 0.97
            for at in range(criteria)
        }
        for row in range(40)
    ]
    expected = functools.partial(without_contributions, by_decide, table)
    ask = functools.partial(decided, table=table)

    assert not differences(LOOPING[0], about, rows, ask, expected)
    assert runs


# the ways of a loop


@needs_numba
@pytest.mark.parametrize("engine", LOOPING, ids=str)
@pytest.mark.parametrize("threads", [2, 3, 400])
def test_threads_split_the_rows_and_nothing_else(engine: Engine, threads: int) -> None:
    frame = engine.build(cells_of(ABOUT, ROWS))

    assert read(decided(frame, threads=threads)) == read(decided(frame))


@needs_numba
@pytest.mark.parametrize("engine", LOOPING, ids=str)
def test_a_frame_without_rows_is_answered(engine: Engine, runs: list[object]) -> None:
    columns = {name: (kind, ()) for name, (kind, _) in cells_of(ABOUT, ROWS).items()}

    assert read(decided(engine.build(columns))) == []
    assert runs


@needs_numba
def test_a_loop_is_compiled_once() -> None:
    run = pytest.importorskip("keyaccount.frames._run")
    frame = LOOPING[0].build(cells_of(ABOUT, ROWS))
    decided(frame)
    before = run.compiled.cache_info()

    decided(frame)

    after = run.compiled.cache_info()
    assert (after.misses, after.hits) == (before.misses, before.hits + 1)


@needs_numba
def test_numbers_are_read_where_they_stand() -> None:
    polars, numpy = pytest.importorskip("polars"), pytest.importorskip("numpy")
    buffers = pytest.importorskip("keyaccount.frames._buffers")
    facts = pytest.importorskip("keyaccount.frames._facts")
    engines = pytest.importorskip("keyaccount.frames._engines")
    frame = polars.DataFrame({"sales": [1.0, 2.0, 3.0]})
    here = engines.opened(frame)
    found = facts.sources(here, ABOUT, ["sales"], {})

    given = buffers.taken(here, found)["sales"]

    assert numpy.shares_memory(given.array, frame["sales"].to_numpy())
    assert not given.array.flags.writeable


@needs_numba
def test_narwhals_frames_come_back_as_such(runs: list[object]) -> None:
    nw = pytest.importorskip("narwhals")
    frame = nw.from_native(LOOPING[0].build(cells_of(ABOUT, ROWS)))

    answered = decided(frame)

    assert isinstance(answered, nw.DataFrame)
    assert runs


@needs_numba
def test_an_answer_that_is_changed_leaves_the_others_as_they_are() -> None:
    pytest.importorskip("pandas")
    known = (row for row in ROWS if None not in row.values())
    full = [row for row in known if row["sales"] == row["sales"]]
    (build,) = [engine.build for engine in LOOPING if engine.name == "pandas"]
    answered = decided(build(cells_of(ABOUT, full)))
    before = answered["grade_low"].tolist()

    answered.loc[:, "grade"] = "watch"

    assert set(answered["grade"]) == {"watch"}
    assert answered["grade_low"].tolist() == answered["grade_high"].tolist() == before


@needs_numba
def test_other_names_and_other_words_are_read(runs: list[object]) -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(
        {
            "turnover": [2 * 10**8, None, 5],
            "margin": [0.3, 0.3, 0.05],
            "terms": ["pre", "post", None],
            "behind": ["Y", "Y", None],
        }
    )
    late = frames.Answers("behind", {"Y": True, "N": False})
    ask = functools.partial(
        frames.decide, frame, TABLE, names={"sales": "turnover", "late": late}
    )

    assert ask(fused=True).equals(ask())
    assert runs


# refusals


@needs_numba
def test_a_promise_that_nothing_is_unknown_is_held_to() -> None:
    gaps = LOOPING[0].build(cells_of(ABOUT, ROWS))
    full = LOOPING[0].build(cells_of(ABOUT, [ROWS[-5]]))

    with pytest.raises(InvalidValueError, match="sales") as fused:
        decided(gaps, complete=True)
    with pytest.raises(InvalidValueError, match="sales") as plain:
        frames.decide(gaps, TABLE, complete=True)

    assert str(fused.value) == str(plain.value)
    assert read(decided(full, complete=True))
    assert (
        "grade_missing"
        not in read(frames.decide(full, TABLE, parts=(), complete=True, fused=True))[0]
    )


@needs_numba
def test_a_column_that_is_not_there_is_warned_of_once_where_it_is_asked() -> None:
    cells = cells_of(ABOUT, ROWS)
    frame = LOOPING[0].build({name: cells[name] for name in cells if name != "sales"})

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        frames.decide(frame, TABLE, fused=True)

    assert [warning.category for warning in caught] == [frames.MissingColumnWarning]
    assert caught[0].filename == __file__


@pytest.mark.parametrize("threads", [0, -1, True])
def test_there_is_no_less_than_one_thread(threads: int) -> None:
    frame = LOOPING[0].build(cells_of(ABOUT, ROWS))

    with pytest.raises(InvalidValueError, match="threads"):
        decided(frame, threads=threads)


@pytest.mark.parametrize("column", ["grade", "grade_missing", "grade_score_low"])
def test_a_column_of_an_answer_s_name_is_refused(column: str) -> None:
    cells = cells_of(ABOUT, ROWS)
    frame = LOOPING[0].build({**cells, column: cells["sales"]})

    with pytest.raises(InvalidValueError, match="stands twice"):
        decided(frame)


# the columns way instead


def _is_not_run(*given: object) -> object:
    raise AssertionError(given)


class Curve:
    """A scorer of somebody's own."""

    def __call__(self, fact: float, /) -> float:
        return 40.0 if fact < 0.2 else 90.0


OWN = Scorecard("own", ABOUT, (Criterion("c", "margin", 100, Curve()),))
COUNT = DecisionTable(
    "count", ABOUT, TABLE.rows, hit=HitPolicy.COUNT, scorecards=(CARD,)
)
INSTEAD: Mapping[str, Callable[[Any], tuple[Any, dict[str, Any]]]] = {
    "lazy": lambda frame: (frame.lazy(), {"table": TABLE}),
    "contributions": lambda frame: (
        frame,
        {"table": TABLE, "parts": ("contributions",)},
    ),
    "a table that counts": lambda frame: (frame, {"table": COUNT}),
    "a column form": lambda frame: (
        frame,
        {"table": TABLE, "columns": {Decay: lambda _, fact: fact}},
    ),
}


@pytest.mark.parametrize("why", INSTEAD)
def test_what_has_no_loop_is_answered_by_columns(
    why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if importlib.util.find_spec("numba") is not None:
        monkeypatch.setattr("keyaccount.frames._run.answer", _is_not_run)
    polars = pytest.importorskip("polars")
    frame = LOOPING[0].build(cells_of(ABOUT, ROWS))
    assert isinstance(frame, polars.DataFrame)
    frame, more = INSTEAD[why](frame)

    assert read(frames.decide(frame, fused=True, **more)) == read(
        frames.decide(frame, **more)
    )


def test_a_scorer_of_one_s_own_is_asked_row_by_row_all_the_same() -> None:
    frame = LOOPING[0].build(cells_of(ABOUT, ROWS))
    ask = functools.partial(frames.score, frame, OWN, rowwise=True)

    assert read(ask(fused=True)) == read(ask())


@pytest.mark.parametrize("engine", LOOPING, ids=str)
def test_without_numba_the_answers_are_the_same(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    for module in ("_run", "_words", "_buffers"):
        monkeypatch.delitem(sys.modules, f"keyaccount.frames.{module}", raising=False)
    frame = engine.build(cells_of(ABOUT, ROWS))

    assert read(decided(frame)) == read(frames.decide(frame, TABLE, parts=PARTS))
    assert "keyaccount.frames._run" not in sys.modules
