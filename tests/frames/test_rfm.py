"""Purchases in columns make of each customer what they make of it by themselves."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import attrs
import narwhals as nw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import frames
from keyaccount.domain import Purchase
from keyaccount.exceptions import InvalidValueError
from keyaccount.models import segments
from keyaccount.models.segments import RfmVerdict
from keyaccount.rules import FactKind, Row, fact
from keyaccount.tri import Tri
from tests.frames.cased import Native, few, on_every_engine
from tests.frames.engines import PRESENT, Engine, read
from tests.strategies import amounts


DAY = dt.date(2024, 12, 31)
WINDOW = int(segments.default_policy().number("window_days"))
SCORES = ("recency", "frequency", "monetary")
POLARS = next(engine for engine in PRESENT if engine.name == "polars")
Told = dict[str, object]

days = st.integers(-2, 2 * WINDOW).map(lambda ago: DAY - dt.timedelta(days=ago))
edges = st.sampled_from([-1, 0, 1, WINDOW - 1, WINDOW, WINDOW + 1]).map(
    lambda ago: DAY - dt.timedelta(days=ago)
)
paid = st.sampled_from([None, Decimal(0), Decimal("0.1"), Decimal("0.2"), Decimal(-1)])
purchases = st.lists(
    st.builds(
        Purchase,
        st.sampled_from(["a", "b", "c", "d", "é", "10", "9"]),
        edges | days,
        paid | amounts(-(10**6), 10**9),
    ),
    max_size=20,
)


def built(engine: Engine, listed: Sequence[Purchase], nothing: object = None) -> Native:
    """Lay purchases out as a table, with dates as the engine has them."""
    amounts_ = [nothing if one.amount is None else float(one.amount) for one in listed]
    frame = engine.build(
        {
            "customer": (FactKind.CHOICE, [one.customer_id for one in listed]),
            "on": (FactKind.CHOICE, [one.on.isoformat() for one in listed]),
            "amount": (FactKind.NUMBER, amounts_),
        }
    )
    text = nw.col("on").str
    if "pandas" in engine.packages and engine.name != "pandas-arrow":
        date = text.to_datetime(format="%Y-%m-%d")  # it has no dates
    else:
        date = text.to_date(format="%Y-%m-%d")
    return nw.from_native(frame).with_columns(date).to_native()


def number(value: Decimal | float | None) -> float | None:
    return None if value is None else float(value)


def expected(verdict: RfmVerdict) -> Told:
    """Say what the columns must hold of a customer."""
    own = verdict.behaviour
    return {
        "customer": verdict.customer_id,
        "has_bought": own.has_bought is Tri.YES,
        "days_since_purchase": number(own.recency_days),
        "orders_a_year": number(own.orders),
        "spend_a_year": number(own.spend),
        **{
            f"rfm_{score}_{end}": getattr(getattr(verdict, score), end)
            for score in SCORES
            for end in ("low", "high")
        },
        "rfm": None if verdict.value is None else verdict.value.value,
        "rfm_low": verdict.possible[0].value,
        "rfm_high": verdict.possible[-1].value,
        "rfm_possible": ";".join(one.value for one in verdict.possible),
        "rfm_flags": ";".join(verdict.flags),
        "rfm_missing": ";".join(gap.fact for gap in verdict.missing),
    }


def answered(frame: Native, **more: Any) -> list[Told]:
    found = frames.rfm(frame, as_of=DAY, **more)
    assert type(found) is type(frame), (type(found), type(frame))
    return read(found)


@on_every_engine
def test_customers_buy_as_they_do_by_themselves(engine: Engine) -> None:
    @few(engine)
    @given(purchases, st.sampled_from([None, math.nan]))
    def check(listed: list[Purchase], nothing: float | None) -> None:
        found = answered(built(engine, listed, nothing))

        wanted = [expected(one) for one in segments.rfm(listed, as_of=DAY)]
        if engine.is_lazy:
            found.sort(key=lambda row: str(row["customer"]))
        assert found == wanted

    check()


@on_every_engine
def test_a_year_without_purchases_is_a_table_without_customers(engine: Engine) -> None:
    found = frames.rfm(built(engine, []), as_of=DAY)

    assert read(found) == []
    assert nw.from_native(found).collect_schema().names()[0] == "customer"


@on_every_engine
def test_amounts_add_up_exactly_whatever_the_engine(engine: Engine) -> None:
    """Ten times 0.1 is 1, as spent at once: they are equals, and have one score."""
    tenth, whole = Decimal("0.1"), Decimal(1)
    listed = [Purchase("a", DAY, tenth) for _ in range(10)]
    listed.append(Purchase("b", DAY, whole))

    found = answered(built(engine, listed))

    assert [row["spend_a_year"] for row in found] == [1.0, 1.0]
    assert {row["rfm_monetary_low"] for row in found} == {3.0}


@given(purchases.filter(bool), st.randoms(use_true_random=False))
def test_the_order_of_purchases_does_not_show(
    listed: list[Purchase], chance: Any
) -> None:
    shuffled = list(listed)
    chance.shuffle(shuffled)

    found = [answered(built(POLARS, one)) for one in (listed, shuffled)]

    assert found[0] == found[1]


def test_the_facts_can_be_asked_on_by_any_rule() -> None:
    listed = [Purchase("a", DAY, Decimal(5)), Purchase("b", DAY, Decimal(500))]
    row = Row("much", fact("spend_a_year") >= 100, "large")
    table = attrs.evolve(
        segments.default_policy().segments.table,
        rows=(row,),
        outcomes=("small", "large"),
        otherwise="small",
    )

    found = frames.decide(
        frames.rfm(built(POLARS, listed), as_of=DAY), table, name="size"
    )

    assert found["size"].to_list() == ["small", "large"]


def test_a_policy_of_your_own_says_into_how_many_groups() -> None:
    shipped = segments.default_policy()
    numbers = tuple(
        attrs.evolve(one, value=Decimal(2)) if one.id == "groups" else one
        for one in shipped.numbers
    )
    own = attrs.evolve(shipped, numbers=numbers)
    listed = [Purchase(who, DAY, Decimal(at)) for at, who in enumerate("abcd")]

    found = answered(built(POLARS, listed), policy=own, name="s")

    assert [row["s_monetary_high"] for row in found] == [1.0, 1.0, 2.0, 2.0]


def test_columns_may_be_called_otherwise_and_customers_be_numbers() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"id": [10, 9, 10], "day": DAY, "paid": [1, 2, 3]})

    found = frames.rfm(frame, as_of=DAY, customer="id", on="day", amount="paid")

    assert found["id"].to_list() == [9, 10]
    assert found["spend_a_year"].to_list() == [2.0, 4.0]


def test_a_moment_of_the_day_counts_as_the_day() -> None:
    polars = pytest.importorskip("polars")
    late = dt.datetime(2024, 12, 31, 23, 59)  # noqa: DTZ001 - as a table has it
    frame = polars.DataFrame({"customer": ["a"], "on": [late], "amount": [1.0]})

    found = frames.rfm(frame, as_of=DAY)

    assert found["days_since_purchase"].to_list() == [0.0]


@on_every_engine
def test_what_is_no_purchase_is_refused_all_at_once(engine: Engine) -> None:
    listed = [
        Purchase("a", DAY, Decimal("0.125")),
        Purchase("a", DAY, Decimal("-7.0625")),
        Purchase("b", DAY, Decimal(1)),
    ]
    whole = nw.from_native(built(engine, listed))
    is_b = nw.col("customer") == "b"
    nobody = nw.when(~is_b).then(nw.col("customer"))
    someday = nw.when(~is_b).then(nw.col("on"))
    frame = whole.with_columns(customer=nobody, on=someday).to_native()

    with pytest.raises(InvalidValueError) as caught:
        frames.rfm(frame, as_of=DAY)

    assert [(one.path, one.code) for one in caught.value.problems] == [
        ("$.columns['customer']", "missing"),
        ("$.columns['on']", "missing"),
        ("$.columns['amount']", "out-of-range"),
    ]
    assert "got 7.0625" in str(caught.value)
    assert "at most 2 decimals" in str(caught.value)


def test_more_places_are_taken_where_they_are_said() -> None:
    listed = [Purchase("a", DAY, Decimal("0.125")), Purchase("a", DAY, Decimal("0.25"))]

    (found,) = answered(built(POLARS, listed), places=3)

    assert found["spend_a_year"] == 0.375


def test_amounts_too_large_to_be_added_are_refused() -> None:
    polars = pytest.importorskip("polars")
    most = [float(2**53 - 1)] * 600
    frame = polars.DataFrame({"customer": "a", "on": DAY, "amount": most})

    with pytest.raises(InvalidValueError, match="less in a year"):
        frames.rfm(frame, as_of=DAY, places=0)
    with pytest.raises(InvalidValueError, match=r"amount.*got 1e\+17"):
        frames.rfm(frame.head(1).with_columns(amount=1e17), as_of=DAY, places=0)


def test_all_that_is_wrong_with_the_columns_is_told_at_once() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"rfm": ["a"], "on": ["2024-12-31"], "amount": ["1"]})

    with pytest.raises(InvalidValueError) as caught:
        frames.rfm(frame, as_of=DAY, customer="rfm", places=7)

    assert [one.path for one in caught.value.problems] == [
        "$.columns['on']",
        "$.columns['amount']",
        "$.customer",
        "$.places",
    ]


def test_columns_that_are_not_there_are_named() -> None:
    polars = pytest.importorskip("polars")

    with pytest.raises(InvalidValueError, match=r"on: .*a column of the frame: cust"):
        frames.rfm(polars.DataFrame({"customer": ["a"], "amount": [1]}), as_of=DAY)
