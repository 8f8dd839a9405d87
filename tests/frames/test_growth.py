"""Share and growth in columns are read as each customer and category is by itself."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import frames, policies
from keyaccount.domain import RivalSales, ShareGrowthCell
from keyaccount.exceptions import InvalidValueError, UnknownFactError
from keyaccount.models import growth
from keyaccount.models.growth import GrowthPolicy, GrowthVerdict
from keyaccount.rules import FactKind, FactValue
from keyaccount.tri import Tri
from tests.frames.cased import answered, cells, few, on_every_engine
from tests.frames.engines import Engine
from tests.frames.portfolios import LAW_ENGINES
from tests.strategies import amounts


YEAR = 2025
FIELDS = ("ours", "spend", "rival", "business")
KINDS = {
    **{
        f"{field}{ending}": FactKind.NUMBER
        for field in FIELDS
        for ending in ("", "_before")
    },
    "rival_changed": FactKind.YES_NO,
}
NUMBERS = (
    "share",
    "share_before",
    "growth",
    "customer_growth",
    "rival_growth",
    "gap_to_customer",
    "gap_to_rival",
    "relative_share",
    "relative_share_before",
)
Told = dict[str, object]
Years = tuple[ShareGrowthCell, ShareGrowthCell]

# small numbers make equals: a share that stays, a rival that is as large
known = st.none() | st.integers(0, 12).map(Decimal) | amounts(0, 10**9)


@st.composite
def cells_of(draw: st.DrawFn, year: int, rival: str) -> ShareGrowthCell:
    sold = draw(known)
    ours = draw(known)
    if year == YEAR and ours and draw(st.sampled_from([False, False, True])):
        ours = -ours
    return ShareGrowthCell(
        "c1",
        year,
        "CNY",
        "sea freight",
        ours=ours,
        spend=draw(known),
        rivals=None if sold is None else (RivalSales(rival, sold),),
        business=draw(known),
    )


years = st.tuples(
    cells_of(YEAR, "Borealis"),
    st.sampled_from(["Borealis", "Tern"]).flatmap(
        lambda rival: cells_of(YEAR - 1, rival)
    ),
)


def read_one(pair: Years, policy: GrowthPolicy | None = None) -> GrowthVerdict:
    (verdict,) = growth.read(pair, year=YEAR, policy=policy)
    return verdict


def told(pair: Years) -> Told:
    """Write two years side by side."""
    row: Told = {}
    for cell, ending in zip(pair, ("", "_before"), strict=True):
        rival = cell.largest_rival
        row |= {
            f"ours{ending}": cell.ours,
            f"spend{ending}": cell.spend,
            f"rival{ending}": None if rival is None else rival.amount,
            f"business{ending}": cell.business,
        }
    now, before = (cell.largest_rival for cell in pair)
    if now and before:
        row["rival_changed"] = now.name != before.name
    return row


def expected(verdict: GrowthVerdict) -> Told:
    """Say what the columns must hold of a customer in a category."""
    headroom = verdict.headroom
    return {
        "growth": None if verdict.value is None else verdict.value.value,
        "growth_low": verdict.possible[0].value,
        "growth_high": verdict.possible[-1].value,
        "growth_flags": ";".join(verdict.flags),
        "growth_open_flags": ";".join(verdict.open_flags),
        **{f"growth_{name}": getattr(verdict, name) for name in NUMBERS},
        "growth_basis": None if verdict.basis is None else verdict.basis.value,
        "growth_headroom": None if headroom is None else float(headroom.amount),
        "growth_missing": ";".join(gap.fact for gap in verdict.missing),
    }


@on_every_engine
def test_two_years_are_read_as_by_themselves(engine: Engine) -> None:
    @few(engine)
    @given(st.lists(years, min_size=1, max_size=8))
    def check(pairs: list[Years]) -> None:
        found = answered(engine, cells(KINDS, list(map(told, pairs))), frames.growth)

        assert found == [expected(read_one(pair)) for pair in pairs]

    check()


@pytest.mark.parametrize("engine", LAW_ENGINES, ids=str)
def test_ready_ratios_are_decided_by_the_policy_s_own_table(engine: Engine) -> None:
    """The facts of a pair as columns; what the table says is the verdict's quadrant."""
    kinds = {fact.name: fact.kind for fact in growth.FACTS}
    quadrants = growth.default_policy().quadrants.table

    @few(engine)
    @given(st.lists(years, min_size=1, max_size=8))
    def check(pairs: list[Years]) -> None:
        facts = [growth.facts(*pair) for pair in pairs]
        rows: list[Told] = [
            {name: cell(one[name]) for name in growth.FACTS.names} for one in facts
        ]

        found = answered(
            engine,
            cells(kinds, rows),
            lambda frame: frames.decide(frame, quadrants, name="growth"),
        )

        verdicts = [expected(read_one(pair)) for pair in pairs]
        for column in ("growth", "growth_low", "growth_high"):
            assert [row[column] for row in found] == [row[column] for row in verdicts]
        assert {row["growth_error"] for row in found} <= {None}

    check()


def cell(value: FactValue) -> object:
    if isinstance(value, Tri):
        return None if value is Tri.UNKNOWN else value is Tri.YES
    return value


def test_equal_growth_is_not_lagging_whatever_floats_make_of_it() -> None:
    """3.3 ÷ 3 and 1.1 ÷ 1 are two floats, and one growth (S3-35)."""
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(
        {
            "ours": [3.3, 3.3],
            "ours_before": [3.0, 3.0],
            "spend": [1100.0, 1100.01],
            "spend_before": [1000.0, 1000.0],
            "rival": 3.3,
            "rival_before": 3.0,
            "business": 1.0,
            "business_before": 1.0,
        }
    )

    found = frames.growth(frame)

    assert found["growth"].to_list() == ["leader", "eroding"]
    assert found["growth_flags"].to_list() == ["", "lagging-customer;surface-growth"]
    assert found["growth_headroom"].to_list() == [1096.7, 1096.71]


def test_a_share_of_more_than_the_whole_is_told_and_not_clipped() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"ours": [120], "spend": [100]})

    with pytest.warns(frames.MissingColumnWarning, match="rival_sales"):
        found = frames.growth(frame).row(0, named=True)

    assert found["growth_share"] == 1.2
    assert found["growth_flags"] == "share-above-one"
    assert found["growth_headroom"] is None


def test_columns_may_be_called_like_the_facts() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"our_sales": [30], "category_spend": [100], "ours": "?"})

    with pytest.warns(frames.MissingColumnWarning):
        found = frames.growth(frame)

    assert found["growth_share"].to_list() == [0.3]


def test_columns_may_be_called_otherwise() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"sold": [30], "wallet": [120], "ours": 1})
    names = {"our_sales": "sold", "category_spend": "wallet"}

    with pytest.warns(frames.MissingColumnWarning):
        found = frames.growth(frame, names=names, name="g")

    assert found["g_share"].to_list() == [0.25]


def test_a_policy_of_your_own_is_asked() -> None:
    polars = pytest.importorskip("polars")
    numbers = {"par": {"value": 2}}
    own = policies.read({"based_on": "growth", "numbers": numbers}, GrowthPolicy)
    row: Told = {"ours": 30, "rival": 20, "ours_before": 10, "rival_before": 10}
    row |= {"spend": 90, "spend_before": 90, "business": 1, "business_before": 1}

    shipped = frames.growth(polars.DataFrame(row))
    mine = frames.growth(polars.DataFrame(row), policy=own)

    assert shipped["growth"].to_list() == ["leader"]
    assert mine["growth"].to_list() == ["challenger"]


def test_amounts_that_cannot_be_are_refused_by_their_column_all_at_once() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(
        {
            "ours": 1,
            "ours_before": [1, 1],
            "spend": [1, -2],
            "spend_before": 1,
            "rival": 1,
            "rival_before": [1, -3],
            "business": 1,
            "business_before": 1,
        }
    )

    with pytest.raises(InvalidValueError) as caught:
        frames.growth(frame)

    assert [(one.path, one.code) for one in caught.value.problems] == [
        ("$.columns['spend'][1]", "out-of-range"),
        ("$.columns['rival_before'][1]", "out-of-range"),
    ]


def test_nothing_grows_from_less_than_nothing() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"ours": [1, 2], "ours_before": [1, -1]})

    with (
        pytest.warns(frames.MissingColumnWarning),
        pytest.raises(InvalidValueError, match=r"'ours_before'\]\[1\]: got -1"),
    ):
        frames.growth(frame)


def test_names_speak_of_what_is_told_of_a_year() -> None:
    polars = pytest.importorskip("polars")

    with pytest.raises(UnknownFactError, match="our_sales"):
        frames.growth(polars.DataFrame({"o": [1]}), names={"ours": "o"})
