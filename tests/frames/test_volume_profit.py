"""Volume and profit in columns make the type that each row is by itself."""

from __future__ import annotations

import math
from collections.abc import Sequence

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import frames
from keyaccount.domain import StrategicDesignation
from keyaccount.exceptions import InvalidValueError, UnknownFactError
from keyaccount.models import segments
from keyaccount.models.segments import SegmentsPolicy, VolumeProfitVerdict
from keyaccount.rules import All, Compare, Condition, FactKind, Op, Row, fact
from tests.frames.cased import answered, cells, few, on_every_engine
from tests.frames.engines import Engine
from tests.frames.portfolios import LAW_ENGINES
from tests.rule_strategies import pick


SHIPPED = segments.default_policy()
KINDS = {
    "volume": FactKind.NUMBER,
    "profit_margin": FactKind.NUMBER,
    "strategic": FactKind.CHOICE,
}
Told = dict[str, object]
ENDINGS = ("", "_low", "_high", "_possible", "_outside", "_missing")
Customer = tuple[float | None, float | None, StrategicDesignation | None]
NAMES = {"designation": "strategic"}


def beside(*anchors: float) -> tuple[float, ...]:
    return tuple(
        value
        for anchor in anchors
        for value in (math.nextafter(anchor, 0.0), anchor, math.nextafter(anchor, 1e9))
    )


LARGE, FLOOR = (float(SHIPPED.number(f"volume_{x}")) for x in ("large", "floor"))
VOLUMES = (0.0, *beside(LARGE, FLOOR))
MARGINS = (-0.5, *beside(float(SHIPPED.number("margin_good"))), 1.0)
customers = st.tuples(
    st.none() | pick(VOLUMES) | st.floats(0.0, 1e6),
    st.none() | pick(MARGINS) | st.floats(-1.0, 1.0),
    st.none() | pick(tuple(StrategicDesignation)),
)


@st.composite
def comparisons(draw: st.DrawFn) -> Condition:
    is_volume = draw(st.booleans())
    name = "volume" if is_volume else "profit_margin"
    edge = draw(st.sampled_from(VOLUMES if is_volume else MARGINS))
    return Compare(name, draw(pick(tuple(Op))), edge)


@st.composite
def opinions(draw: st.DrawFn) -> SegmentsPolicy:
    """Draw a policy with rows of its own over volume and margin."""
    kinds = ("outside", "volume-driver", "profit-driver", "dual-driver")
    rows = tuple(
        Row(
            f"r{at}",
            All(tuple(draw(st.lists(comparisons(), min_size=1, max_size=2)))),
            draw(pick(kinds)),
        )
        for at in range(draw(pick((1, 2, 3))))
    )
    try:
        return attrs.evolve(SHIPPED, type_rows=rows)
    except InvalidValueError:  # a row that never fires
        return SHIPPED


def verdict_of(one: Customer, policy: SegmentsPolicy) -> VolumeProfitVerdict:
    volume, margin, designation = one
    return segments.volume_profit(
        volume, margin, designation=designation, policy=policy
    )


def expected(one: Customer, policy: SegmentsPolicy) -> Told:
    """Say what the columns must hold of a customer."""
    verdict = verdict_of(one, policy)
    found: Told = {}
    found |= dict.fromkeys(f"volume_profit{ending}" for ending in ENDINGS)
    if not verdict.possible:
        return found
    asked = {gap.fact for gap in verdict.missing}
    return found | {
        "volume_profit": None if verdict.value is None else verdict.value.value,
        "volume_profit_low": verdict.possible[0].value,
        "volume_profit_high": verdict.possible[-1].value,
        "volume_profit_possible": ";".join(one.value for one in verdict.possible),
        "volume_profit_outside": ";".join(reason.value for reason in verdict.outside),
        "volume_profit_missing": ";".join(
            name for name in segments.FACTS.names if name in asked
        ),
    }


def ask(rows: Sequence[Customer], engine: Engine, policy: SegmentsPolicy) -> list[Told]:
    told = [
        {
            "volume": volume,
            "profit_margin": margin,
            "strategic": None if designation is None else designation.value,
        }
        for volume, margin, designation in rows
    ]
    return answered(
        engine,
        cells(KINDS, told),
        lambda frame: frames.volume_profit(frame, policy=policy, names=NAMES),
    )


@on_every_engine
def test_customers_are_of_the_type_that_they_are_by_themselves(engine: Engine) -> None:
    @few(engine)
    @given(st.lists(customers, min_size=1, max_size=12))
    def check(rows: list[Customer]) -> None:
        found = ask(rows, engine, SHIPPED)

        assert found == [expected(one, SHIPPED) for one in rows]

    check()


@pytest.mark.parametrize("engine", LAW_ENGINES, ids=str)
def test_rows_of_your_own_make_types_alike(engine: Engine) -> None:
    @few(engine)
    @given(st.lists(customers, min_size=1, max_size=6), opinions())
    def check(rows: list[Customer], policy: SegmentsPolicy) -> None:
        found = ask(rows, engine, policy)

        assert found == [expected(one, policy) for one in rows]

    check()


@on_every_engine
def test_a_figure_without_a_column_may_be_anything(engine: Engine) -> None:
    told = cells({"volume": FactKind.NUMBER}, [{"volume": 12_000.0}, {"volume": 1.0}])

    found = answered(engine, told, frames.volume_profit)

    unknown: list[Customer] = [(12_000.0, None, None), (1.0, None, None)]
    assert found == [expected(one, SHIPPED) for one in unknown]
    assert [row["volume_profit_missing"] for row in found] == ["profit_margin", ""]


def test_a_margin_that_nobody_knows_is_not_both_good_and_bad() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"volume": [12_000, 500], "profit_margin": [None, None]})

    found = frames.volume_profit(frame)

    assert found["volume_profit_low"].to_list() == ["volume-driver", "outside"]
    assert found["volume_profit_outside"].to_list() == ["", "below-floor"]


def test_where_all_is_known_one_look_is_enough() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"volume": [12_000, 500], "profit_margin": [0.15, 0.2]})

    found = frames.volume_profit(frame.lazy(), complete=True).collect()

    assert found["volume_profit"].to_list() == ["dual-driver", "outside"]
    assert found["volume_profit_high"].to_list() == ["dual-driver", "outside"]
    assert found["volume_profit_outside"].to_list() == ["", "below-floor"]


def test_what_is_not_wanted_is_left_out() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"volume": [12_000], "profit_margin": [0.15]})

    found = frames.volume_profit(frame, parts=(), name="vp")

    assert found.columns[2:] == ["vp", "vp_possible", "vp_outside"]


def test_only_strategic_customers_are_asked() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(
        {
            "volume": 12_000,
            "profit_margin": 0.15,
            "selection": ["strategic", "key-account", None],
        }
    )

    found = frames.volume_profit(frame, names={"designation": "selection"})

    assert found["volume_profit"].to_list() == ["dual-driver", None, "dual-driver"]
    assert found["volume_profit_missing"].to_list() == ["", None, ""]


def test_the_answers_of_selection_can_be_asked_on() -> None:
    polars = pytest.importorskip("polars")
    ready: Told = {"share_of_total": 0.1, "in_head": True, "service_lines": 2}
    ready |= {"customised_service": True, "intents_matched": 1}
    ready |= {"executives_meet_ours": [True, False, None], "commits_resources": True}
    frame = polars.DataFrame({"volume": 12_000, "profit_margin": 0.1} | ready)

    found = frames.volume_profit(
        frames.selection(frame), names={"designation": "selection"}
    )

    assert found["selection"].to_list() == ["strategic", "key-account", None]
    assert found["volume_profit"].to_list() == ["volume-driver", None, "volume-driver"]


def test_a_column_of_no_designation_at_all_asks_of_everybody() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"volume": 12_000, "profit_margin": 0.15, "is": [None]})

    found = frames.volume_profit(frame, names={"designation": "is"})

    assert found["volume_profit"].to_list() == ["dual-driver"]


def test_a_policy_that_never_asks_for_margin_needs_no_margin() -> None:
    polars = pytest.importorskip("polars")
    row = Row("large", fact("volume") >= 100, "dual-driver")
    own = attrs.evolve(SHIPPED, type_rows=(row,))

    with pytest.warns(frames.MissingColumnWarning, match="profit_margin"):
        found = frames.volume_profit(polars.DataFrame({"volume": [150]}), policy=own)

    assert found["volume_profit"].to_list() == ["dual-driver"]


def test_another_fact_that_a_row_asks_for_is_a_column_too() -> None:
    polars = pytest.importorskip("polars")
    rows = (Row("often", fact("orders_a_year") >= 10, "dual-driver"),)
    own = attrs.evolve(SHIPPED, type_rows=rows)
    frame = polars.DataFrame({"orders_a_year": [12, 3, None], "volume": 1})

    with pytest.warns(frames.MissingColumnWarning, match="profit_margin"):
        found = frames.volume_profit(frame, policy=own)

    assert found["volume_profit"].to_list() == ["dual-driver", "outside", None]
    assert found["volume_profit_missing"].to_list() == ["", "", "orders_a_year"]
    unknown = verdict_of((1, None, None), own)
    assert found["volume_profit_high"][2] == unknown.possible[-1].value


def test_names_speak_of_volume_and_profit_alone() -> None:
    polars = pytest.importorskip("polars")

    with pytest.raises(UnknownFactError, match="profit_margin"):
        frames.volume_profit(polars.DataFrame({"m": [0.1]}), names={"margin": "m"})
