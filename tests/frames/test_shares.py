"""Shares of a total: exact, whatever the engine and the order of rows."""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyaccount import frames
from keyaccount.exceptions import InvalidValueError
from keyaccount.rules import FactKind
from tests.frames.engines import PRESENT, Engine, read
from tests.frames.ran import Ran
from tests.strategies import amounts


on_every_engine = pytest.mark.parametrize("engine", PRESENT, ids=str)
EXAMPLES = settings().max_examples
SOME = settings(max_examples=max(2, EXAMPLES // 10))

Row = tuple[str | None, Decimal | None]

ROWS = st.lists(
    st.tuples(st.none() | st.sampled_from("ab"), st.none() | amounts(-(10**9), 10**9)),
    min_size=1,
    max_size=12,
)


def built(engine: Engine, rows: Sequence[tuple[str | None, float | None]]) -> Any:
    return engine.build(
        {
            "at": (FactKind.NUMBER, [float(at) for at in range(len(rows))]),
            "region": (FactKind.CHOICE, [region for region, _ in rows]),
            "amount": (FactKind.NUMBER, [amount for _, amount in rows]),
        }
    )


def shares(frame: Any) -> list[object]:
    rows = sorted(read(frame), key=lambda row: float(str(row["at"])))
    return [row["share"] for row in rows]


def bits(values: Sequence[object]) -> list[object]:
    return [struct.pack("d", v) if isinstance(v, float) else v for v in values]


def exactly(rows: Sequence[Row], *, within: Sequence[Row]) -> list[object]:
    """Return the share of each row in all of *within*, one exact division."""
    known = [amount for _, amount in within if amount is not None]
    total = sum(map(Fraction, known), Fraction())
    if len(known) < len(within) or total <= 0:
        return [None for _ in rows]
    return [None if a is None else float(Fraction(a) / total) for _, a in rows]


@on_every_engine
def test_a_share_is_one_division_of_exact_sums(engine: Engine, ran: Ran) -> None:
    @SOME
    @given(ROWS)
    def check(rows: list[Row]) -> None:
        told = [(region, None if a is None else float(a)) for region, a in rows]

        found = shares(frames.share_of_total(built(engine, told), "amount"))

        assert bits(found) == bits(exactly(rows, within=rows))
        ran.saw(engine, len(rows))

    check()


@on_every_engine
def test_a_group_has_a_total_of_its_own_and_null_is_a_group(
    engine: Engine, ran: Ran
) -> None:
    @SOME
    @given(ROWS)
    def check(rows: list[Row]) -> None:
        told = [(region, None if a is None else float(a)) for region, a in rows]

        asked = frames.share_of_total(built(engine, told), "amount", by="region")

        expected = []
        for row in rows:
            group = [other for other in rows if other[0] == row[0]]
            expected += exactly([row], within=group)
        assert bits(shares(asked)) == bits(expected)
        ran.saw(engine, len(rows))

    check()


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_show(rows: list[Row], chance: Any) -> None:
    shuffled = list(enumerate(rows))
    chance.shuffle(shuffled)

    def asked(told: Sequence[Row]) -> list[object]:
        amount = [None if a is None else float(a) for _, a in told]
        frame = pl.DataFrame({"amount": amount}, schema={"amount": pl.Float64})
        return frames.share_of_total(frame, "amount")["share"].to_list()

    found = asked([row for _, row in shuffled])
    back = dict(zip([at for at, _ in shuffled], found, strict=True))
    assert bits(asked(rows)) == bits([back[at] for at in range(len(rows))])


@pytest.mark.parametrize("by", [(), "region"])
def test_many_rows_have_exact_shares_too_lazy_or_not(by: str | tuple[()]) -> None:
    numbers = [float(7 * number % 9_973) / 100 for number in range(1, 2_000)]
    frame = pl.DataFrame({"amount": numbers}).with_columns(region=pl.lit("a"))
    total = sum(round(number * 100) for number in numbers)

    eager = frames.share_of_total(frame, "amount", by=by)
    lazy = frames.share_of_total(frame.lazy(), "amount", by=by).collect()

    exact = [round(number * 100) / total for number in numbers]
    assert eager["share"].to_list() == exact
    assert lazy["share"].to_list() == exact


@on_every_engine
def test_what_floats_would_add_up_wrongly_adds_up(engine: Engine) -> None:
    rows = [("a", 0.1), ("a", 0.2), ("a", 0.7)]

    found = shares(frames.share_of_total(built(engine, rows), "amount"))

    assert found == [0.1, 0.2, 0.7]


@on_every_engine
@pytest.mark.parametrize("unknown", [None, math.nan, math.inf])
def test_with_an_unknown_amount_no_share_of_the_total_is_known(
    engine: Engine, unknown: float | None
) -> None:
    rows = [("a", 1.0), ("a", unknown), ("b", 3.0), ("b", 1.0)]

    asked = frames.share_of_total(built(engine, rows), "amount", by=["region"])

    assert shares(asked) == [None, None, 0.75, 0.25]


@on_every_engine
def test_a_total_of_nothing_has_no_shares(engine: Engine) -> None:
    rows = [("a", 5.0), ("a", -5.0), ("b", -1.0), (None, 2.0)]

    asked = frames.share_of_total(built(engine, rows), "amount", by="region")

    assert shares(asked) == [None, None, None, 1.0]


@on_every_engine
def test_more_decimals_than_promised_are_refused_or_unknown(engine: Engine) -> None:
    frame = built(engine, [("a", 1.0), ("a", 0.125)])

    if engine.is_lazy:
        assert shares(frames.share_of_total(frame, "amount")) == [None, None]
    else:
        with pytest.raises(InvalidValueError, match=r"0\.125.*at most 2 decimals"):
            frames.share_of_total(frame, "amount")
    fine = frames.share_of_total(frame, "amount", places=3)
    assert shares(fine) == [1000 / 1125, 125 / 1125]


@pytest.mark.parametrize("kind", [pl.Int32, pl.UInt8, pl.Decimal(18, 2), pl.Float32])
def test_any_number_column_will_do(kind: Any) -> None:
    frame = pl.DataFrame({"amount": [3, 1]}, schema={"amount": kind})

    found = frames.share_of_total(frame, "amount", name="of_all")

    assert found["of_all"].to_list() == [0.75, 0.25]
    assert found.columns == ["amount", "of_all"]


def test_sums_that_do_not_fit_are_unknown_and_never_wrong() -> None:
    most = float(2**53 - 1)
    few = pl.DataFrame({"amount": [most] * 2})
    many = pl.DataFrame({"amount": [most] * 2_000})

    assert (
        frames.share_of_total(few, "amount", places=0)["share"].to_list() == [0.5] * 2
    )
    too_much = frames.share_of_total(many, "amount", places=0)["share"]
    assert too_much.null_count() == len(too_much)


def test_narwhals_frames_come_back_as_they_came() -> None:
    frame = nw.from_native(pl.DataFrame({"amount": [1, 3]}))

    found = frames.share_of_total(frame, "amount")

    assert isinstance(found, nw.DataFrame)
    assert found["share"].to_list() == [0.25, 0.75]


def test_all_that_is_wrong_is_told_at_once() -> None:
    frame = pl.DataFrame({"amount": ["1"], "share": [1]})

    with pytest.raises(InvalidValueError) as caught:
        frames.share_of_total(frame, "amount", by="land", places=7)

    assert [problem.path for problem in caught.value.problems] == [
        "$.by",
        "$.columns['amount']",
        "$.columns['share']",
        "$.places",
    ]


@pytest.mark.parametrize("places", [True, 2.0, -1])
def test_places_are_a_small_whole_number(places: Any) -> None:
    with pytest.raises(InvalidValueError, match="places"):
        frames.share_of_total(pl.DataFrame({"a": [1]}), "a", places=places)


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(InvalidValueError, match=r"amount.*a column of the frame: a"):
        frames.share_of_total(pl.DataFrame({"a": [1]}), "b")


def test_a_row_of_many_chunks_has_the_total_of_its_own_group() -> None:
    """PyArrow's own joins give rows back in the order in which its threads finish."""
    pa = pytest.importorskip("pyarrow")
    regions = [f"r{at % 97}" for at in range(50_000)]
    amounts = [float(at % 11 + 1) for at in range(50_000)]
    parts = [
        pa.table({"region": regions[at : at + 500], "amount": amounts[at : at + 500]})
        for at in range(0, 50_000, 500)
    ]
    totals: dict[str, float] = {}
    for region, amount in zip(regions, amounts, strict=True):
        totals[region] = totals.get(region, 0.0) + amount

    asked = frames.share_of_total(pa.concat_tables(parts), "amount", by="region")

    expected = [
        amount / totals[region] for region, amount in zip(regions, amounts, strict=True)
    ]
    assert asked["share"].to_pylist() == expected
