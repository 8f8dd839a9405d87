"""Customers in columns are designated as each of them is by itself."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import frames
from keyaccount.domain import (
    Cooperation,
    Customer,
    SelectionCriterion,
    StrategicIntent,
    StrategicIntentKind,
)
from keyaccount.exceptions import InvalidValueError, UnknownFactError
from keyaccount.models import selection
from keyaccount.models.selection import (
    DesignationVerdict,
    RequiredCriterion,
    Scale,
    SelectionPolicy,
)
from keyaccount.rules import FactKind, Interval, Row, explain_table
from keyaccount.tri import Tri
from tests.frames.cased import answered, cells, few, on_every_engine
from tests.frames.engines import Engine
from tests.frames.portfolios import LAW_ENGINES
from tests.frames.same import deciding
from tests.rule_strategies import conditions, pick
from tests.strategies import tris


DAY = dt.date(2025, 12, 31)
WHO = Customer("c1", "Moonrabbit Batteries")
KINDS = {one.name: one.kind for one in selection.FACTS}
LARGE = float(selection.default_policy().number("scale_share"))
SHARES = (0.0, math.nextafter(LARGE, 0.0), LARGE, math.nextafter(LARGE, 1.0), 1.0)
LINES = ("air freight", "warehousing", "customs")
Told = dict[str, object]


@attrs.frozen
class Known:
    """What is known of one customer, as the nouns say it."""

    scale: Scale | None
    cooperation: Cooperation
    intents: tuple[StrategicIntent, ...] | None

    def verdict(self, policy: SelectionPolicy) -> DesignationVerdict:
        return selection.designate(
            WHO,
            as_of=DAY,
            scale=self.scale,
            cooperation=self.cooperation,
            intents=self.intents,
            policy=policy,
        )

    def row(self) -> Told:
        """Return the same as ready facts."""
        facts = selection.facts(
            self.cooperation, as_of=DAY, scale=self.scale, intents=self.intents
        )
        return {name: cell(facts[name]) for name in facts.schema.names}


@st.composite
def customers(draw: st.DrawFn) -> Known:
    share = draw(st.none() | pick(SHARES))
    bounds = None if share is None else Interval(share, share)
    kinds = st.none() | st.frozensets(st.sampled_from(StrategicIntentKind), max_size=2)
    wanted = draw(kinds)
    return Known(
        draw(st.none() | st.builds(Scale, st.just("c1"), st.just(bounds), tris)),
        Cooperation(
            draw(st.none() | st.frozensets(pick(LINES))),
            draw(tris),
            draw(tris),
            draw(tris),
            draw(kinds),
        ),
        None
        if wanted is None
        else tuple(
            StrategicIntent(kind.value, kind, DAY)
            for kind in sorted(wanted, key=lambda kind: kind.value)
        ),
    )


@st.composite
def opinions(draw: st.DrawFn) -> SelectionPolicy:
    """Draw a policy: other criteria required, other rows than the shipped ones."""
    shipped = selection.default_policy()
    required = draw(st.sets(pick(tuple(SelectionCriterion)), min_size=1))
    own = attrs.evolve(
        shipped,
        required_criteria=tuple(
            RequiredCriterion(one) for one in SelectionCriterion if one in required
        ),
    )
    rows = tuple(
        Row(f"r{at}", draw(conditions(selection.FACTS)), draw(pick(("met", "not-met"))))
        for at in range(draw(pick((1, 2))))
    )
    which = draw(pick(("scale", "solution-need", "willingness", "none")))
    try:
        if which == "scale":
            return attrs.evolve(own, scale_rows=rows)
        if which == "solution-need":
            return attrs.evolve(own, solution_need_rows=rows)
        return attrs.evolve(own, willingness_rows=rows) if which != "none" else own
    except InvalidValueError:  # a row that never fires
        return own


def cell(value: object) -> object:
    if isinstance(value, Tri):
        return None if value is Tri.UNKNOWN else value is Tri.YES
    return value


def expected(known: Known, policy: SelectionPolicy) -> Told:
    """Say what the columns must hold of a customer."""
    verdict = known.verdict(policy)
    said = [part.answer for part in verdict.criteria]
    asked = {gap.fact for gap in verdict.missing}
    table = policy.designation.table
    one_sided = {Tri.YES: False, Tri.NO: True}
    return {
        "selection": None if verdict.value is None else verdict.value.value,
        "selection_low": verdict.possible[0].value,
        "selection_high": verdict.possible[-1].value,
        "selection_row": deciding(
            explain_table(table, policy.criteria_facts(tuple(said)))
        ),
        **{
            f"selection_{one.value.replace('-', '_')}": cell(answer)
            for one, answer in zip(SelectionCriterion, said, strict=True)
        },
        "selection_one_sided": one_sided.get(
            verdict.answer(SelectionCriterion.WILLINGNESS)
        ),
        "selection_missing": ";".join(
            name for name in selection.FACTS.names if name in asked
        ),
    }


def ask(rows: Sequence[Known], engine: Engine, policy: SelectionPolicy) -> list[Told]:
    return answered(
        engine,
        cells(KINDS, [one.row() for one in rows]),
        lambda frame: frames.selection(
            frame, policy=policy, parts=("bounds", "missing", "row")
        ),
    )


@on_every_engine
def test_customers_are_designated_as_by_themselves(engine: Engine) -> None:
    @few(engine)
    @given(st.lists(customers(), min_size=1, max_size=12))
    def check(rows: list[Known]) -> None:
        policy = selection.default_policy()

        found = ask(rows, engine, policy)

        assert found == [expected(one, policy) for one in rows]

    check()


@pytest.mark.parametrize("engine", LAW_ENGINES, ids=str)
def test_a_policy_of_your_own_designates_alike(engine: Engine) -> None:
    @few(engine)
    @given(st.lists(customers(), min_size=1, max_size=8), opinions())
    def check(rows: list[Known], policy: SelectionPolicy) -> None:
        found = ask(rows, engine, policy)

        assert found == [expected(one, policy) for one in rows]

    check()


@on_every_engine
def test_where_all_is_known_nothing_is_open(engine: Engine) -> None:
    row: Told = {name: 0.0 for name, kind in KINDS.items() if kind is FactKind.NUMBER}
    row |= {name: True for name, kind in KINDS.items() if kind is FactKind.YES_NO}
    more = row | {"intents_matched": 1.0}

    found = answered(
        engine,
        cells(KINDS, [row, more]),
        lambda frame: frames.selection(frame, complete=True),
    )

    assert [one["selection"] for one in found] == ["key-account", "strategic"]
    assert [one["selection_strategic_fit"] for one in found] == [False, True]
    assert {one["selection_missing"] for one in found} == {""}


def test_big_orders_alone_make_no_strategic_customer() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"share_of_total": [0.2], "intents_matched": [0]})

    with pytest.warns(frames.MissingColumnWarning, match="commits_resources"):
        found = frames.selection(frame, name="is").row(0, named=True)

    assert (found["is"], found["is_scale"]) == ("key-account", True)
    assert found["is_one_sided"] is None


def test_what_is_not_wanted_is_left_out() -> None:
    polars = pytest.importorskip("polars")

    with pytest.warns(frames.MissingColumnWarning):
        found = frames.selection(polars.DataFrame({"in_head": [True]}), parts=())

    assert [name for name in found.columns if name != "in_head"] == [
        "selection",
        "selection_scale",
        "selection_solution_need",
        "selection_strategic_fit",
        "selection_willingness",
        "selection_one_sided",
    ]


def test_outcomes_sort_as_they_rank() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"share_of_total": [0.2, 0.0], "in_head": False})
    frame = frame.with_columns(
        service_lines=0, customised_service=False, intents_matched=0,
        executives_meet_ours=False, commits_resources=False,
    )  # fmt: skip

    found = frames.selection(frame.lazy()).sort("selection").collect()

    assert found["selection"].to_list() == ["ordinary", "key-account"]


def test_a_house_that_goes_by_strategic_fit_alone_is_asked_so() -> None:
    polars = pytest.importorskip("polars")
    fit = RequiredCriterion(SelectionCriterion.STRATEGIC_FIT)
    own = attrs.evolve(selection.default_policy(), required_criteria=(fit,))
    frame = polars.DataFrame({"intents_matched": [1]})

    with pytest.warns(frames.MissingColumnWarning):
        found = frames.selection(frame, policy=own)

    assert found["selection"].to_list() == ["strategic"]


def test_of_two_questions_about_one_amount_one_is_asked() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"share_of_total": [None, 0.01], "intents_matched": 1})

    with pytest.warns(frames.MissingColumnWarning):
        found = frames.selection(frame)

    asked = [text.split(";")[0] for text in found["selection_missing"]]
    assert asked == ["share_of_total", "in_head"]
    assert "in_head" not in found["selection_missing"][0]


def test_names_speak_of_facts_of_selection_alone() -> None:
    polars = pytest.importorskip("polars")

    with pytest.raises(UnknownFactError, match="share_of_total"):
        frames.selection(polars.DataFrame({"s": [0.1]}), names={"share": "s"})


def test_an_answer_that_is_there_already_is_refused() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"in_head": [True], "selection_scale": [1]})

    with (
        pytest.warns(frames.MissingColumnWarning),
        pytest.raises(InvalidValueError, match="selection_scale"),
    ):
        frames.selection(frame)
