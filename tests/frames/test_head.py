"""The head of a portfolio in columns is the head that its customers make."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import frames
from keyaccount.domain import Customer, YearMetrics
from keyaccount.exceptions import InvalidValueError
from keyaccount.models import selection
from keyaccount.models.selection import ScaleBasis, SelectionPolicy, UnknownOthers
from keyaccount.rules import FactKind
from keyaccount.tri import Tri
from tests.frames.cased import answered, cells, few, on_every_engine
from tests.frames.engines import Engine
from tests.frames.portfolios import LAW_ENGINES
from tests.rule_strategies import pick
from tests.strategies import amounts


DAY = dt.date(2025, 12, 31)
SHIPPED = selection.default_policy()
KINDS = {"amount": FactKind.NUMBER, "region": FactKind.CHOICE}
Row = tuple[str | None, Decimal | None]

# few amounts, so that there are equals; 0.1 and 0.2 and 0.3 add up on paper alone
some = pick((Decimal("0.1"), Decimal("0.2"), Decimal("0.3"), Decimal(1), Decimal(-1)))
rows_of_all = st.lists(
    st.tuples(st.just(None), some | some | amounts(-(10**6), 10**9)),
    min_size=1,
    max_size=9,
)
rows_with_gaps = st.lists(
    st.tuples(pick((None, "a", "b")), st.none() | some), min_size=1, max_size=9
)


@st.composite
def opinions(draw: st.DrawFn) -> SelectionPolicy:
    share = draw(pick((Decimal("0.25"), Decimal("0.8"), Decimal(1))))
    numbers = tuple(
        attrs.evolve(one, value=share) if one.id == "head_share" else one
        for one in SHIPPED.numbers
    )
    return attrs.evolve(
        SHIPPED,
        numbers=numbers,
        unknown_others=draw(pick(tuple(UnknownOthers))),
        basis=draw(pick(tuple(ScaleBasis))),
    )


def expected(rows: Sequence[Row], policy: SelectionPolicy) -> list[bool | None]:
    """Say whom the object path puts into the head of its region."""
    found: dict[int, bool | None] = {}
    for region in {region for region, _ in rows}:
        own = {at: amount for at, (other, amount) in enumerate(rows) if other == region}
        found |= in_head(own, policy)
    return [found[at] for at in range(len(rows))]


def in_head(
    own: Mapping[int, Decimal | None], policy: SelectionPolicy
) -> dict[int, bool | None]:
    is_sales = policy.basis is ScaleBasis.SALES
    customers = [
        Customer(
            str(at),
            "C",
            "EUR",
            years=[
                YearMetrics(2025, sales=amount)
                if is_sales
                else YearMetrics(2025, gross_profit=amount)
            ],
        )
        for at, amount in own.items()
    ]
    answers = {Tri.YES: True, Tri.NO: False}
    try:
        scales = selection.scales(customers, as_of=DAY, policy=policy)
    except InvalidValueError:  # of nothing, no part is large
        return dict.fromkeys(own)
    return {at: answers.get(scales[str(at)].in_head) for at in own}


@on_every_engine
def test_the_head_is_that_of_the_customers(engine: Engine) -> None:
    @few(engine)
    @given(rows_of_all)
    def check(rows: list[Row]) -> None:
        told = cells(KINDS, [{"amount": amount} for _, amount in rows])

        found = answered(engine, told, lambda frame: frames.head(frame, "amount"))

        assert [row["in_head"] for row in found] == expected(rows, SHIPPED)

    check()


@on_every_engine
def test_every_region_has_a_head_of_its_own(engine: Engine) -> None:
    @few(engine)
    @given(rows_with_gaps)
    def check(rows: list[Row]) -> None:
        told = [{"region": region, "amount": amount} for region, amount in rows]

        found = answered(
            engine,
            cells(KINDS, told),
            lambda frame: frames.head(frame, "amount", by="region"),
        )

        assert [row["in_head"] for row in found] == expected(rows, SHIPPED)

    check()


@pytest.mark.parametrize("engine", LAW_ENGINES, ids=str)
def test_the_policy_says_how_much_a_head_is_and_what_others_may_add(
    engine: Engine,
) -> None:
    @few(engine)
    @given(rows_with_gaps, opinions())
    def check(rows: list[Row], policy: SelectionPolicy) -> None:
        told = [{"region": region, "amount": amount} for region, amount in rows]

        found = answered(
            engine,
            cells(KINDS, told),
            lambda frame: frames.head(frame, "amount", by=["region"], policy=policy),
        )

        assert [row["in_head"] for row in found] == expected(rows, policy)

    check()


def test_equals_are_in_or_out_together() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"amount": [10, 10, 10, 10, 1]})

    found = frames.head(frame, "amount", name="large")

    assert found["large"].to_list() == [True, True, True, True, False]


def test_where_floats_would_add_up_wrongly_the_head_is_right() -> None:
    """0.3 is half of 0.1 + 0.2 + 0.3: those above 0.2 make up half, no less."""
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"amount": [0.1, 0.2, 0.3]})

    assert frames.head(frame, "amount")["in_head"].to_list() == [False, False, True]


def test_of_nothing_and_of_less_there_is_no_head() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"amount": [5.0, -5.0]})

    assert frames.head(frame.lazy(), "amount").collect()["in_head"].to_list() == [
        None,
        None,
    ]


def test_selection_asks_on_for_share_and_head() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"sales": [100, 8, 4, 3]})

    ready = frames.head(frames.share_of_total(frame, "sales"), "sales")
    with pytest.warns(frames.MissingColumnWarning):
        found = frames.selection(ready, names={"share_of_total": "share"})

    assert found["selection_scale"].to_list() == [True, True, False, False]


def test_an_amount_without_end_is_refused() -> None:
    polars = pytest.importorskip("polars")

    with pytest.raises(InvalidValueError, match="amount"):
        frames.head(polars.DataFrame({"amount": [1.0, math.inf]}), "amount")


def test_all_that_is_wrong_with_the_columns_is_told_at_once() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"amount": ["1"], "in_head": [1]})

    with pytest.raises(InvalidValueError) as caught:
        frames.head(frame, "amount", by="land")

    assert [one.path for one in caught.value.problems] == [
        "$.by",
        "$.columns['amount']",
        "$.columns['in_head']",
    ]
