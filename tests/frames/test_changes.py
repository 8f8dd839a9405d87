"""What another policy changes, over columns: what `book.changes` says of customers."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from decimal import Decimal

import attrs
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyaccount import book, frames
from keyaccount.domain import Customer, YearMetrics
from keyaccount.exceptions import CurrencyMismatchError, InvalidValueError
from keyaccount.frames import Changes, Flow
from keyaccount.models import tiering
from keyaccount.models.tiering import TieringPolicy, ValueBasis
from keyaccount.rules import Facts
from keyaccount.tri import Tri
from tests.frames.drawn import AT, Raw, facts_of
from tests.frames.engines import Engine, read
from tests.frames.portfolios import (
    LAW_ENGINES,
    ROWS,
    built,
    ladders,
    on_every_engine,
    portfolios,
)


FEW = settings(max_examples=max(2, settings().max_examples // 12))
POLARS = LAW_ENGINES[0]
SHIPPED = tiering.default_policy()
OTHER = attrs.evolve(
    SHIPPED,
    use_gold=False,
    criteria=tuple(
        attrs.evolve(criterion, weight=weight)
        for criterion, weight in zip(
            SHIPPED.criteria, (20, 25, 20, 15, 10, 10), strict=True
        )
    ),
    triggers=SHIPPED.triggers[:1],
)


def seen(policy: TieringPolicy, row: Raw) -> tuple[str, str, str | None]:
    """Return the lowest and the highest rung of a row, and its effective tier."""
    verdict = tiering.judge(facts_of(tiering.FACTS, row), policy=policy)
    effective = verdict.effective.value if verdict.effective else None
    return verdict.possible[0].value, verdict.possible[-1].value, effective


def checked(
    found: Changes[object], rows: list[Raw], one: TieringPolicy, other: TieringPolicy
) -> None:
    """Judge every row twice on the object path, and compare."""
    pairs = [(seen(one, row), seen(other, row)) for row in rows]
    moved = {at: pair for at, pair in enumerate(pairs) if pair[0] != pair[1]}
    told = {
        int(str(row[AT]).removesuffix(".0")): tuple(
            tuple(
                row[f"tiering_{side}_{part}"] for part in ("low", "high", "effective")
            )
            for side in ("before", "after")
        )
        for row in read(found.frame)
    }
    assert told == moved
    assert (found.rows, found.changed) == (len(rows), len(moved))
    counts = Counter((was[2] or "open", now[2] or "open") for was, now in pairs)
    changed = Counter((w[2] or "open", n[2] or "open") for w, n in moved.values())
    assert {(flow.before, flow.after): flow.count for flow in found.flows} == counts
    assert {
        (flow.before, flow.after): flow.changed for flow in found.flows if flow.changed
    } == changed


@pytest.mark.parametrize("engine", LAW_ENGINES, ids=str)
def test_rows_change_as_judged_one_by_one(engine: Engine) -> None:
    @FEW
    @given(st.data())
    def check(data: st.DataObject) -> None:
        one, other = data.draw(ladders()), data.draw(ladders())
        rows = data.draw(portfolios(one))

        found = frames.changes(built(engine, rows), one, other)

        checked(found, rows, one, other)

    check()


@on_every_engine
def test_every_engine_sees_the_same_changes(engine: Engine) -> None:
    found = frames.changes(built(engine, ROWS), SHIPPED, OTHER)

    checked(found, list(ROWS), SHIPPED, OTHER)
    assert found.changed > 0


def account(slug: str, *sales: int, paid: int = 98) -> book.Account:
    years = tuple(
        YearMetrics(
            2025 - back,
            sales=Decimal(amount),
            gross_profit=Decimal(amount) * Decimal("0.3"),
            due=Decimal(100),
            collected=Decimal(paid),
            on_time=Decimal(min(paid, 60)),
        )
        for back, amount in enumerate(reversed(sales))
    )
    return book.Account(Customer(slug, slug, "USD", years=years, influence=Decimal(60)))


def row_of(facts: Facts) -> Raw:
    return {
        name: value is Tri.YES if isinstance(value, Tri) else value
        for name, value in zip(facts.schema.names, facts.row, strict=True)
    }


def test_the_book_sees_the_same_customers_move() -> None:
    day, million = dt.date(2025, 12, 31), 10**6
    sales = [(120, 130), (60, 70), (52, 55), (12, 15), (30, 28), (2, 3), (9,), ()]
    accounts = [
        account(f"{at:02}-{paid}", *(year * million for year in years), paid=paid)
        for at, years in enumerate(sales)
        for paid in (98, 75, 50)
    ]
    rows = [
        row_of(tiering.facts(one.customer, SHIPPED.yardstick, as_of=day))
        for one in accounts
    ]

    found = frames.changes(built(POLARS, rows), SHIPPED, OTHER)

    moves = book.changes(accounts, SHIPPED, OTHER, as_of=day)
    assert {
        (
            accounts[int(str(row[AT]).removesuffix(".0"))].customer.id,
            row["tiering_before_low"],
            row["tiering_after_low"],
            row["tiering_before_effective"],
            row["tiering_after_effective"],
        )
        for row in read(found.frame)
    } == {
        (
            move.customer.id,
            move.before.possible[0].value,
            move.after.possible[0].value,
            move.before.effective.value if move.before.effective else None,
            move.after.effective.value if move.after.effective else None,
        )
        for move in moves
    }
    assert len(moves) > 2


def test_the_same_policy_changes_nothing() -> None:
    found = frames.changes(built(POLARS, ROWS), SHIPPED, SHIPPED)

    assert found.changed == len(found.frame) == 0
    assert all(flow.before == flow.after for flow in found.flows)
    assert sum(flow.count for flow in found.flows) == len(ROWS)


def test_a_policy_that_knows_no_problem_is_compared_too() -> None:
    calm = attrs.evolve(SHIPPED, triggers=())

    for engine in LAW_ENGINES:
        found = frames.changes(built(engine, ROWS), SHIPPED, calm)

        checked(found, list(ROWS), SHIPPED, calm)
        assert not any(flow.after == "problem" for flow in found.flows)


def test_the_matrix_has_every_row_once() -> None:
    found = frames.changes(built(POLARS, ROWS), SHIPPED, OTHER)

    assert sum(sum(row.values()) for row in found.matrix.values()) == len(ROWS)
    flow = found.flows[0]
    assert isinstance(flow, Flow)
    assert found.matrix[flow.before][flow.after] == flow.count
    data = json.loads(json.dumps(found.to_dict()))
    assert data["changed"] == found.changed
    assert "frame" not in data


def test_a_lazy_frame_stays_lazy() -> None:
    frame = built(POLARS, ROWS)

    found = frames.changes(frame.lazy(), SHIPPED, OTHER)

    assert isinstance(found.frame, pl.LazyFrame)
    assert found.frame.collect().equals(frames.changes(frame, SHIPPED, OTHER).frame)


def test_two_currencies_do_not_meet_in_one_frame() -> None:
    yuan = attrs.evolve(SHIPPED, currency="CNY")

    with pytest.raises(CurrencyMismatchError, match="USD and CNY"):
        frames.changes(built(POLARS, ROWS), SHIPPED, yuan)


def test_a_policy_that_measures_otherwise_needs_columns_of_its_own() -> None:
    profit = attrs.evolve(OTHER, basis=ValueBasis.GROSS_PROFIT)
    frame = built(POLARS, ROWS)

    with pytest.raises(InvalidValueError, match=r"gross-profit.*names_after"):
        frames.changes(frame, SHIPPED, profit)

    halved = frame.with_columns(
        profit=pl.col("contribution") / 2, least=pl.col("lowest_contribution") / 2
    )
    names = {"contribution": "profit", "lowest_contribution": "least"}
    found = frames.changes(halved, SHIPPED, profit, names_after=names)
    half = [
        {
            name: value / 2 if name in names and isinstance(value, float) else value
            for name, value in row.items()
        }
        for row in ROWS
    ]
    expected = [
        seen(SHIPPED, row) != seen(profit, other)
        for row, other in zip(ROWS, half, strict=True)
    ]
    assert found.changed == sum(expected)


def test_what_is_no_policy_is_refused_by_its_name() -> None:
    with pytest.raises(InvalidValueError, match=r"after.*a tiering policy"):
        frames.changes(built(POLARS, ROWS), SHIPPED, "tiering")  # type: ignore[arg-type]  # that is the test
