"""Whether better stays better on a portfolio: seen as one row at a time would be."""

from __future__ import annotations

import functools
import json
import math
from typing import Literal

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyaccount import frames
from keyaccount.exceptions import InvalidValueError, UnknownFactError
from keyaccount.frames import Drop, Fall, Monotonicity
from keyaccount.models import tiering
from keyaccount.rules import (
    Compare,
    Criterion,
    DecisionTable,
    Fact,
    FactSchema,
    Known,
    Linear,
    Op,
    Row,
    Scorecard,
    Steps,
)
from tests.frames.drawn import AT, Raw, decisions, facts_of, raw_rows
from tests.frames.engines import Engine
from tests.frames.portfolios import (
    LAW_ENGINES,
    ROWS,
    SINGLE,
    built,
    ends,
    on_every_engine,
    quiet,
)
from tests.rule_strategies import Plateau, anchors_of


FEW = settings(max_examples=max(2, settings().max_examples // 12))
POLARS = LAW_ENGINES[0]
SHIPPED = tiering.default_policy()

# a margin that is worth less from 30 % on, which a policy would refuse to hold
HUMPED = attrs.evolve(
    SHIPPED.composite,
    criteria=tuple(
        attrs.evolve(one, scorer=Steps(((0.2, 80.0), (0.3, 40.0)), 0.0))
        if one.id == "margin"
        else one
        for one in SHIPPED.composite.criteria
    ),
)
WRONG = attrs.evolve(SHIPPED.ladder.table, scorecards=(HUMPED,))


def step_on(
    table: DecisionTable, fact: Fact, value: float, share: float, own: float | None
) -> float:
    """Make a fact a step better, as the page says."""
    declared = {
        one.better
        for card in table.scorecards
        for one in card.criteria
        if one.fact == fact.name
    }
    if math.isinf(value):
        return value
    size = abs(value) * share if own is None else own
    if declared == {"lower"}:
        least = -math.inf if fact.low is None else fact.low
        return max(value - size, min(value, least))
    most = math.inf if fact.high is None else fact.high
    return min(value + size, max(value, most))


def fallen(table: DecisionTable, fact: str, rows: list[Raw], share: float) -> list[int]:
    """Return the rows whose outcome falls, judged one by one."""
    found = []
    places = {slug: at for at, slug in enumerate(table.outcomes)}
    for at, row in enumerate(rows):
        facts = facts_of(table.about, row)
        value = facts[fact]
        if not isinstance(value, float):
            continue
        better = step_on(table, table.about[fact], value, share, None)
        moved = facts_of(table.about, {**row, fact: better})
        was, now = ends(table, facts), ends(table, moved)
        if was[0] in places and now[0] in places:
            pairs = zip(was, now, strict=True)
            if any(places[after] < places[before] for before, after in pairs):
                found.append(at)
    return found


@pytest.mark.parametrize("engine", LAW_ENGINES, ids=str)
def test_rows_fall_as_judged_one_by_one(engine: Engine) -> None:
    @FEW
    @given(decisions(hits=SINGLE), st.sampled_from([0.01, 0.5, 3.0]))
    def check(case: tuple[DecisionTable, list[Raw]], step: float) -> None:
        table, rows = case
        frame = built(engine, rows, table.about)

        with quiet():
            found = frames.monotonicity(frame, table, step=step, first=99, key=AT)

        asked = [one.fact for one in found.facts]
        assert set(asked) <= {fact.name for fact in table.about if fact.movable}
        for one in found.facts:
            expected = fallen(table, one.fact, rows, step)
            assert one.fell == len(expected)
            assert sorted(float(str(fall.key)) for fall in one.first) == expected

    check()


@pytest.mark.parametrize("engine", LAW_ENGINES, ids=str)
def test_a_fact_without_end_takes_no_step(engine: Engine) -> None:
    about = FactSchema((Fact("growth_ratio", movable=True),))
    rows = (Row("known", Known("growth_ratio"), "high"),)
    table = DecisionTable("known", about, rows, "low", outcomes=("low", "high"))
    given: list[Raw] = [{"growth_ratio": one} for one in (-math.inf, math.inf, 1.0)]

    with quiet():
        found = frames.monotonicity(built(engine, given, about), table, step=0.5)

    assert [(one.moved, one.fell) for one in found.facts] == [(1, 0)]


@pytest.mark.parametrize("engine", LAW_ENGINES, ids=str)
def test_marks_are_compared_with_those_of_the_facts_beside_them(engine: Engine) -> None:
    @FEW
    @given(st.data(), st.sampled_from(["higher", "lower"]))
    def check(data: st.DataObject, better: Literal["higher", "lower"]) -> None:
        criterion = attrs.evolve(_named(HUMPED, "margin"), better=better)
        card = Scorecard("one", tiering.FACTS, (attrs.evolve(criterion, weight=100),))
        only = (Row("any", Compare("one", Op.GE, 50.0), "any"),)
        table = DecisionTable("one", tiering.FACTS, only, scorecards=(card,))
        rows = data.draw(raw_rows(tiering.FACTS, anchors_of(table)))

        found = frames.monotonicity(built(engine, rows), card, first=99).marks[0]

        facts = sorted(_margins(rows))
        assert isinstance(criterion.scorer, Steps)
        marks = [criterion.scorer(fact) for fact in facts]
        pairs = [
            Drop(facts[at], marks[at], facts[at + 1], marks[at + 1])
            for at in range(len(facts) - 1)
            if (marks[at] - marks[at + 1]) * (1 if better == "higher" else -1) > 0
        ]
        assert (found.known, found.wrong) == (len(facts), len(pairs))
        assert found.first == tuple(pairs)

    check()


def _named(card: Scorecard, slug: str) -> Criterion:
    return next(one for one in card.criteria if one.id == slug)


def _margins(rows: list[Raw]) -> list[float]:
    found = (facts_of(tiering.FACTS, row)["gross_margin"] for row in rows)
    return [value for value in found if isinstance(value, float)]


@functools.cache
def by_polars(*, is_shipped: bool) -> Monotonicity:
    return asked(POLARS, is_shipped=is_shipped)


def asked(engine: Engine, *, is_shipped: bool) -> Monotonicity:
    if is_shipped:
        return frames.monotonicity(built(engine, ROWS))
    steps = {"gross_margin": 0.1}
    return frames.monotonicity(built(engine, ROWS), WRONG, steps=steps, key=AT)


@on_every_engine
def test_every_engine_sees_the_same(engine: Engine) -> None:
    if engine.name == "dask":  # its marks are looked at, its outcomes take a minute
        found = frames.monotonicity(built(engine, ROWS), SHIPPED.composite)
        assert found.marks == by_polars(is_shipped=True).marks
        return
    found = asked(engine, is_shipped=True)

    assert found == by_polars(is_shipped=True)
    assert found.holds


@on_every_engine
def test_every_engine_sees_what_goes_wrong(engine: Engine) -> None:
    if engine.name == "dask":  # works the whole plan out again for every check
        pytest.skip("a minute on Dask, for the same expressions")
    found = asked(engine, is_shipped=False)

    assert found == by_polars(is_shipped=False)
    assert not found.holds


def test_a_row_that_falls_is_shown_before_and_after() -> None:
    found = frames.monotonicity(
        built(POLARS, ROWS), WRONG, steps={"gross_margin": 0.1}, first=1, key=AT
    )

    check = next(one for one in found.facts if one.fact == "gross_margin")
    (fall,) = check.first
    assert check.fell > 1
    assert isinstance(fall, Fall)
    assert isinstance(fall.key, float)
    row = facts_of(tiering.FACTS, ROWS[int(fall.key)])
    assert fall.fact == row["gross_margin"]
    assert fall.better == fall.fact + 0.1
    assert fall.before == ends(WRONG, row)
    assert fall.after == ends(WRONG, row.with_(gross_margin=fall.better))


def test_a_share_is_not_raised_above_one() -> None:
    rows = [{**ROWS[0], "gross_margin": margin} for margin in (0.5, 0.999, 1.0)]

    found = frames.monotonicity(built(POLARS, rows), step=0.01)

    check = next(one for one in found.facts if one.fact == "gross_margin")
    assert (check.way, check.moved) == ("up", 2)


SPEED = FactSchema((Fact.number("days", low=0, movable=True), Fact.number("other")))


def _fast(scorer: object, better: str = "lower") -> DecisionTable:
    criterion = Criterion("days", "days", 100, scorer, better)  # type: ignore[arg-type]  # of the tests
    card = Scorecard("speed", SPEED, (criterion,))
    row = Row("fast", Compare("speed", Op.GE, 60.0), "fast")
    return DecisionTable(
        "delivery", SPEED, (row,), otherwise="slow", scorecards=(card,)
    )


def _days(*values: float | None) -> list[Raw]:
    return [{"days": value, "other": 1.0} for value in values]


def test_where_less_is_better_the_fact_is_lowered() -> None:
    table = _fast(Linear(100.0, 0.0))
    frame = built(POLARS, _days(0.0, 20.0, 41.0, None), SPEED)

    found = frames.monotonicity(frame, table)

    assert found.holds
    (check,) = found.facts
    assert (check.way, check.moved, check.fell) == ("down", 2, 0)
    assert found.marks[0].known == 3


@pytest.mark.parametrize("engine", LAW_ENGINES, ids=str)
def test_a_scorer_without_a_column_form_is_asked_row_by_row(engine: Engine) -> None:
    if engine.is_lazy:
        return
    table = _fast(Plateau(30.0))  # 90 from 30 days on: declared the other way round
    frame = built(engine, _days(10.0, 30.0, 30.2, None, 50.0), SPEED)

    found = frames.monotonicity(frame, table, rowwise=True, step=0.01)

    assert found.marks[0].first == (Drop(10.0, 40.0, 30.0, 90.0),)
    (check,) = found.facts
    assert [fall.fact for fall in check.first] == [30.0, 30.2]


def test_an_answer_is_plain_data_when_asked() -> None:
    found = frames.monotonicity(built(POLARS, ROWS), WRONG)

    data = json.loads(json.dumps(found.to_dict()))

    assert data["holds"] is found.holds is False
    assert data["rows"] == len(ROWS)


def test_a_fact_that_has_no_column_is_not_looked_at() -> None:
    frame = built(POLARS, ROWS).drop("gross_margin")

    with pytest.warns(frames.MissingColumnWarning, match="gross_margin"):
        found = frames.monotonicity(frame)

    margin = next(one for one in found.marks if one.fact == "gross_margin")
    assert (margin.known, margin.wrong) == (0, 0)
    assert "gross_margin" not in {one.fact for one in found.facts}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"step": 0.0}, "above 0"),
        ({"step": math.inf}, "above 0"),
        ({"step": True}, "above 0"),
        ({"steps": {"gross_margin": -0.1}}, "above 0"),
        ({"first": -1}, "0 or more"),
        ({"key": "customer"}, "a column of the frame"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(
    more: dict[str, object], said: str
) -> None:
    with pytest.raises(InvalidValueError, match=said):
        frames.monotonicity(built(POLARS, ROWS), **more)  # type: ignore[arg-type]  # that is the test


def test_a_step_of_a_fact_that_nobody_declared_is_refused() -> None:
    with pytest.raises(UnknownFactError, match="gross_margin"):
        frames.monotonicity(built(POLARS, ROWS), steps={"gros_margin": 0.1})
