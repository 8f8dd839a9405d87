"""A table of years tells tiering the facts that `tiering.facts` tells of a customer."""

from __future__ import annotations

import datetime as dt
import math
import struct
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import attrs
import narwhals as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyaccount import frames, policies
from keyaccount.domain import Customer, YearMetrics
from keyaccount.exceptions import InvalidValueError, UnknownFactError
from keyaccount.frames import _rows
from keyaccount.models import tiering
from keyaccount.models.tiering import TieringPolicy
from keyaccount.rules import FactKind
from tests.frames.engines import PRESENT, Cells, Engine, read
from tests.frames.ran import Ran
from tests.strategies import customers, year_metrics


on_every_engine = pytest.mark.parametrize("engine", PRESENT, ids=str)
EXAMPLES = settings().max_examples
FEW = settings(max_examples=max(2, EXAMPLES // 20))
POLARS = next(engine for engine in PRESENT if engine.name == "polars")

TOLD = (
    "contribution",
    "years_in_row",
    "lowest_contribution",
    "growth_ratio",
    "gross_margin",
    "collection_rate",
    "timeliness",
)
DAY = dt.date(2025, 12, 31)
AMOUNTS = ("sales", "gross_profit", "due", "collected", "on_time")
FISCAL_ENDS = ((12, 31), (3, 31), (2, 28), (2, 29), (3, 1), (1, 2), (11, 30))


def policy(**changes: object) -> TieringPolicy:
    return policies.read({"based_on": "tiering", **changes}, TieringPolicy)


POLICIES = (
    tiering.default_policy(),
    policy(basis="gross-profit"),
    policy(basis="lifetime"),
    policy(numbers={"years": 1}),
    policy(numbers={"years": 3}),
)


@st.composite
def traders(draw: st.DrawFn) -> Customer:
    """Customers with years in a row, gaps, part years and years of 52 weeks."""
    if draw(st.integers(0, 9)) == 0:
        return attrs.evolve(draw(customers()), currency="USD")
    month, day = draw(st.sampled_from(FISCAL_ENDS))
    years = draw(st.lists(st.integers(2018, 2027), min_size=1, max_size=6, unique=True))
    told: list[YearMetrics] = []
    for year in sorted(years):
        drifts = draw(st.sampled_from([0, 0, 0, -3, 3, -6, 6, -7, 7, -8, 8]))
        last = min(day, 28) if not _is_leap(year + 1) else day
        ends_on = dt.date(year + 1, month, last) if month < 12 else None
        ends_on = (ends_on or dt.date(year, 12, 31)) + dt.timedelta(days=drifts)
        if not 0 <= ends_on.year - year <= 1:
            ends_on = dt.date(year, 12, 31)
        if told and ends_on <= told[-1].ends_on:
            continue
        metrics = draw(year_metrics(year))
        months = draw(st.sampled_from([12, 12, 12, 12, 12, metrics.months]))
        told.append(attrs.evolve(metrics, ends_on=ends_on, months=months))
    return Customer("somebody", "Somebody", "USD", years=told)


def _is_leap(year: int) -> bool:
    return year % 4 == 0


FIRMS = st.lists(traders(), min_size=1, max_size=9)
AS_OF = st.dates(dt.date(2018, 1, 1), dt.date(2029, 1, 1)) | st.sampled_from(
    [
        dt.date(year, month, day)
        for year in (2023, 2024)
        for month, day in ((2, 28), (12, 31))
    ]
)


def built(engine: Engine, firms: Sequence[Customer], *, but: Sequence[str] = ()) -> Any:
    """Lay customers out as a table of years, in no order; some rows have no year."""
    told = [(f"c{at}", year) for at, firm in enumerate(firms) for year in firm.years]
    empty = [(f"c{at}", None) for at, firm in enumerate(firms) if not firm.years]
    rows = [*reversed(told[::2]), *empty, *told[1::2]]

    def numbers(name: str) -> tuple[FactKind, list[float | None]]:
        values = [getattr(year, name, None) for _, year in rows]
        return FactKind.NUMBER, [None if one is None else float(one) for one in values]

    ends = [year.ends_on.isoformat() if year else None for _, year in rows]
    cells: Cells = {
        "customer": (FactKind.CHOICE, [name for name, _ in rows]),
        "ends_on": (FactKind.CHOICE, ends),
        **{name: numbers(name) for name in ("year", "months", *AMOUNTS)},
    }
    return dated(engine, engine.build({n: c for n, c in cells.items() if n not in but}))


def dated(engine: Engine, frame: Any) -> Any:
    """Make dates of the text in `ends_on`, in the engine's own way."""
    here = nw.from_native(frame)
    if "ends_on" not in here.collect_schema():
        return frame
    text = nw.col("ends_on").str
    if "pandas" in engine.packages and engine.name != "pandas-arrow":
        date = text.to_datetime(format="%Y-%m-%d")  # it has no dates
    else:
        date = text.to_date(format="%Y-%m-%d")
    return here.with_columns(date).to_native()


def by_customer(frame: Any) -> dict[object, list[object]]:
    rows = read(frame)
    assert all(list(row) == ["customer", *TOLD] for row in rows)
    found = {row["customer"]: [row[name] for name in TOLD] for row in rows}
    assert len(found) == len(rows)
    return found


def expected(firms: Sequence[Customer], rules: TieringPolicy, on: dt.date) -> Any:
    found = {}
    for at, firm in enumerate(firms):
        facts = tiering.facts(firm, rules.yardstick, as_of=on)
        found[f"c{at}"] = [facts[name] for name in TOLD]
    return found


def bits(found: dict[object, list[object]]) -> dict[object, list[object]]:
    def packed(value: object) -> object:
        return struct.pack("d", value) if isinstance(value, float) else value

    return {name: [packed(value) for value in row] for name, row in found.items()}


@on_every_engine
def test_a_table_of_years_tells_what_the_customers_tell(
    engine: Engine, ran: Ran
) -> None:
    @FEW
    @given(FIRMS, st.sampled_from(POLICIES), AS_OF)
    def check(firms: list[Customer], rules: TieringPolicy, on: dt.date) -> None:
        years = built(engine, firms)

        found = frames.tiering_facts(years, as_of=on, policy=rules)

        assert type(found) is type(years)
        assert bits(by_customer(found)) == bits(expected(firms, rules, on))
        ran.saw(engine, len(firms))

    check()


@given(FIRMS, st.sampled_from(POLICIES), AS_OF)
def test_more_customers_tell_the_same_on_polars(
    firms: list[Customer], rules: TieringPolicy, on: dt.date
) -> None:
    found = frames.tiering_facts(built(POLARS, firms), as_of=on, policy=rules)

    assert bits(by_customer(found)) == bits(expected(firms, rules, on))


@on_every_engine
def test_without_ends_and_months_a_year_is_a_whole_calendar_year(
    engine: Engine, ran: Ran
) -> None:
    years = [
        YearMetrics(year, sales=Decimal(year)) for year in (2022, 2023, 2024, 2026)
    ]
    firms = [Customer("c", "C", "USD", years=years)]
    frame = built(engine, firms, but=("ends_on", "months"))

    found = by_customer(frames.tiering_facts(frame, as_of=DAY))

    assert found == {"c0": [2024.0, 3.0, 2023.0, 2024 / 2023, None, None, None]}
    assert bits(found) == bits(expected(firms, tiering.default_policy(), DAY))
    ran.saw(engine, 1)


@on_every_engine
def test_a_year_of_52_weeks_follows_and_a_shifted_one_does_not(engine: Engine) -> None:
    def firm(*ends: str) -> Customer:
        days = [dt.date.fromisoformat(end) for end in ends]
        years = [YearMetrics(day.year, day, sales=Decimal(1)) for day in days]
        return Customer("c", "C", "USD", years=years)

    firms = [
        firm("2023-12-30", "2024-12-28"),  # 52 weeks
        firm("2023-12-31", "2024-12-25"),  # six days
        firm("2023-12-31", "2024-12-24"),  # seven
        firm("2023-02-22", "2024-02-29"),  # seven
        firm("2023-02-23", "2024-02-29"),  # six
        firm("2024-02-29", "2025-03-06"),  # six from the 28th
        firm("2024-02-29", "2025-03-07"),
        firm("2024-03-01", "2025-02-23"),
        firm("2024-03-01", "2025-02-22"),
    ]

    found = by_customer(frames.tiering_facts(built(engine, firms), as_of=DAY))

    rows = [found[f"c{at}"][1] for at in range(len(firms))]
    assert rows == [2.0, 2.0, 1.0, 1.0, 2.0, 2.0, 1.0, 2.0, 1.0]
    assert bits(found) == bits(expected(firms, tiering.default_policy(), DAY))


@given(st.dates(dt.date(1970, 1, 1), dt.date(2201, 1, 1)))
def test_days_are_counted_as_the_calendar_counts_them(day: dt.date) -> None:
    year, in_year = float(day.year), float(day.timetuple().tm_yday)
    frame = nw.from_native(pl.DataFrame({"year": [year], "day": [in_year]}))
    last = min(day.day, 28) if day.month == 2 else day.day
    anniversary = day.replace(year=day.year + 1, day=last)

    found = frame.select(
        day=_rows.day_of(nw.col("year"), nw.col("day")),
        away=_rows.days_to_anniversary(nw.col("year"), nw.col("day")),
    )

    assert found.row(0)[0] == day.toordinal()
    assert found.row(0)[1] == (anniversary - day).days


@on_every_engine
def test_every_customer_gets_a_row_and_nobody_gets_one_too(engine: Engine) -> None:
    frame = engine.build(
        {
            "who": (FactKind.CHOICE, ["b", None, "a", None, "c", None]),
            "year": (FactKind.NUMBER, [2025.0, 2025.0, None, 2025.0, 2026.0, 2024.0]),
            "worth": (FactKind.NUMBER, [7.0, 1.0, 2.0, 3.0, 4.0, 5.0]),
        }
    )
    names = {"sales": "worth"}

    with pytest.warns(frames.MissingColumnWarning, match="gross_profit, due"):
        answer = frames.tiering_facts(frame, as_of=DAY, customer="who", names=names)

    rows = {row["who"]: [row[name] for name in TOLD] for row in read(answer)}
    unknown = [None] * 5
    assert rows == {
        "a": [None, 0.0, *unknown],
        "b": [7.0, 1.0, *unknown],
        "c": [None, 0.0, *unknown],
        None: [None, None, *unknown],
    }
    assert len(read(answer)) == 4


@on_every_engine
def test_what_is_divided_by_nothing_is_unknown(engine: Engine) -> None:
    cells: Cells = {
        "customer": (FactKind.CHOICE, ["a", "a", "b"]),
        "year": (FactKind.NUMBER, [2024.0, 2025.0, 2025.0]),
        "sales": (FactKind.NUMBER, [0.0, 5.0, 0.0]),
        "gross_profit": (FactKind.NUMBER, [-1.0, 1.0, -1.0]),
        "due": (FactKind.NUMBER, [1.0, 0.0, 0.0]),
        "collected": (FactKind.NUMBER, [1.0, 1.0, 0.0]),
        "on_time": (FactKind.NUMBER, [1.0, 1.0, 0.0]),
    }

    found = by_customer(frames.tiering_facts(engine.build(cells), as_of=DAY))

    assert found == {
        "a": [5.0, 2.0, 0.0, None, 0.2, None, None],
        "b": [0.0, 1.0, None, None, None, None, None],
    }


@on_every_engine
def test_blank_months_are_twelve_and_a_blank_end_is_december(engine: Engine) -> None:
    cells: Cells = {
        "customer": (FactKind.CHOICE, ["a", "a", "a"]),
        "year": (FactKind.NUMBER, [2023.0, 2024.0, 2025.0]),
        "months": (FactKind.NUMBER, [None, 12.0, None]),
        "ends_on": (FactKind.CHOICE, ["2023-12-30", None, "2026-01-01"]),
        **{name: (FactKind.NUMBER, [1.0, 2.0, 4.0]) for name in AMOUNTS},
    }

    frame = dated(engine, engine.build(cells))

    assert by_customer(frames.tiering_facts(frame, as_of=DAY)) == {
        "a": [2.0, 2.0, 1.0, 2.0, 1.0, 1.0, 1.0]
    }


@on_every_engine
def test_a_minus_zero_never_comes_out(engine: Engine) -> None:
    cells: Cells = {
        "customer": (FactKind.CHOICE, ["a", "a", "b"]),
        "year": (FactKind.NUMBER, [2024.0, 2025.0, 2025.0]),
        "sales": (FactKind.NUMBER, [5.0, -0.0, 5.0]),
        "gross_profit": (FactKind.NUMBER, [-0.0, -0.0, -0.0]),
        "due": (FactKind.NUMBER, [5.0, 5.0, -0.0]),
        "collected": (FactKind.NUMBER, [-0.0, -0.0, -0.0]),
        "on_time": (FactKind.NUMBER, [0.0, -0.0, -0.0]),
    }

    answer = frames.tiering_facts(engine.build(cells), as_of=DAY)

    told = [value for row in by_customer(answer).values() for value in row]
    zeros = [value for value in told if value == 0.0]
    assert len(zeros) == 6
    assert {math.copysign(1.0, float(str(zero))) for zero in zeros} == {1.0}


@pytest.mark.parametrize("whole", [pl.lit(49.0), pl.Series([49.0] * 99), "places"])
@pytest.mark.parametrize("is_lazy", [True, False])
def test_a_column_of_one_number_divides_like_any_other(
    whole: Any, is_lazy: bool
) -> None:
    numbers = [float(number) for number in range(1, 100)]
    frame = pl.DataFrame(
        {"customer": numbers, "places": 49.0, "year": 2025, "collected": numbers}
    ).with_columns(due=whole, on_time=None, sales=None, gross_profit=None)

    answer = frames.tiering_facts(frame.lazy() if is_lazy else frame, as_of=DAY)

    found = answer.lazy().collect().sort("customer")["collection_rate"].to_list()
    assert found == [number / 49.0 for number in numbers]


WRONG = (
    ("year", [(2024, 12, None), (2024, 12, None)], "rows['a', 2024].year", "duplicate"),
    ("year", [(2024, 12, None), (2024.5, 12, None)], "2024.5].year", "out-of-range"),
    ("months", [(2024, 13, None)], "rows['a', 2024].months", "out-of-range"),
    ("months", [(2024, 0, None)], "rows['a', 2024].months", "out-of-range"),
    ("ends_on", [(2024, 12, "2026-01-01")], "rows['a', 2024].ends_on", "contradiction"),
    ("ends_on", [(2024, 12, "2023-12-31")], "rows['a', 2024].ends_on", "contradiction"),
    (
        "ends_on",
        [(2023, 12, "2024-06-30"), (2024, 12, "2024-06-30")],
        "rows['a', 2024].ends_on",
        "not-sorted",
    ),
)


@on_every_engine
@pytest.mark.parametrize(("column", "told", "path", "code"), WRONG)
def test_rows_that_contradict_each_other_are_refused_or_unknown(
    engine: Engine,
    column: str,
    told: list[tuple[float, float, str | None]],
    path: str,
    code: str,
) -> None:
    del column
    sound = [(2024, 12, "2024-12-31"), (2025, 12, "2025-12-31")]
    rows = [*(("a", *row) for row in told), *(("b", *row) for row in sound)]
    cells: Cells = {
        "customer": (FactKind.CHOICE, [row[0] for row in rows]),
        "year": (FactKind.NUMBER, [float(row[1]) for row in rows]),
        "months": (FactKind.NUMBER, [float(row[2]) for row in rows]),
        "ends_on": (FactKind.CHOICE, [row[3] for row in rows]),
        **{name: (FactKind.NUMBER, [1.0 for _ in rows]) for name in AMOUNTS},
    }
    frame = dated(engine, engine.build(cells))

    if engine.is_lazy and engine.name != "dask":
        found = by_customer(frames.tiering_facts(frame, as_of=DAY))
        assert found["a"] == [None] * len(TOLD)
        assert found["b"] == [1.0, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    else:
        with pytest.raises(InvalidValueError) as caught:
            read(frames.tiering_facts(frame, as_of=DAY))
        (problem,) = caught.value.problems
        assert problem.path.endswith(path)
        assert problem.code == code


def test_all_that_is_wrong_with_the_columns_is_told_at_once() -> None:
    frame = pl.DataFrame(
        {"customer": ["a"], "sales": ["1"], "ends_on": ["2024-12-31"], "due": [1]}
    )

    with pytest.raises(InvalidValueError) as caught:
        frames.tiering_facts(
            frame,
            as_of=dt.datetime(2025, 1, 1),  # noqa: DTZ001 - no plain date, the point
            customer="who",
            names={"months": "Monate"},
        )

    assert {problem.path for problem in caught.value.problems} == {
        "$.as_of",
        "$.customer",
        "$.columns['year']",
        "$.columns['ends_on']",
        "$.columns['sales']",
        "$.names['months']",
    }


def test_a_mapped_end_that_is_not_there_and_a_customer_called_like_a_fact() -> None:
    frame = pl.DataFrame({"gross_margin": ["a"], "year": [2024]})

    with pytest.raises(InvalidValueError) as caught:
        frames.tiering_facts(
            frame, as_of=DAY, customer="gross_margin", names={"ends_on": "Ende"}
        )

    paths = [problem.path for problem in caught.value.problems]
    assert paths == ["$.customer", "$.names['ends_on']"]


def test_a_missing_column_is_told_with_the_one_that_may_be_meant() -> None:
    frame = pl.DataFrame({"customer": ["a"], "year": [2024], "gros_profit": [1]})
    ready = pl.DataFrame({"contribution": [1.0]})

    with pytest.warns(frames.MissingColumnWarning) as of_years:
        frames.tiering_facts(frame, as_of=DAY)
    with pytest.warns(frames.MissingColumnWarning) as of_facts:
        frames.tiering(ready)

    assert "sales, gross_profit (near: gros_profit), due" in str(of_years[0].message)
    assert "lowest_contribution, growth_ratio" in str(of_facts[0].message)
    assert of_years[0].filename == of_facts[0].filename == __file__


def test_a_figure_that_no_year_has_is_named() -> None:
    frame = pl.DataFrame({"customer": ["a"], "year": [2024]})

    with pytest.raises(UnknownFactError, match=r"sale.*sales"):
        frames.tiering_facts(frame, as_of=DAY, names={"sale": "year"})


@pytest.mark.parametrize("kind", [pl.Decimal(18, 2), pl.Int64, pl.Float32])
def test_amounts_may_be_any_numbers_and_blank_columns_tell_nothing(kind: Any) -> None:
    frame = pl.DataFrame(
        {
            "customer": ["a", "a"],
            "year": [2024, 2025],
            "ends_on": [dt.date(2024, 12, 31), None],
            **{name: pl.Series([2, 3], dtype=kind) for name in AMOUNTS[:2]},
            **{name: pl.Series([None, None]) for name in AMOUNTS[2:]},
        }
    )

    found = by_customer(frames.tiering_facts(frame, as_of=DAY))

    assert found == {"a": [3.0, 2.0, 2.0, 1.5, 1.0, None, None]}


def test_pandas_answers_with_an_index_of_its_own_and_in_order() -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(
        {"customer": ["b", "a"], "year": [2025, 2025], "sales": [1, 2]}, index=[7, 7]
    ).astype({"customer": "category"})

    with pytest.warns(frames.MissingColumnWarning):
        found = frames.tiering_facts(frame, as_of=DAY)

    assert list(found.index) == [0, 1]
    assert list(found["customer"]) == ["a", "b"]
    assert list(found["contribution"]) == [2.0, 1.0]


def test_a_gap_that_nobody_knows_of_is_not_filled_by_a_later_part_year() -> None:
    years = [
        YearMetrics(2023, sales=Decimal(1)),
        YearMetrics(2024, months=6, sales=Decimal(1)),
        YearMetrics(2025, sales=Decimal(1)),
    ]
    firms = [Customer("c", "C", "USD", years=years)]

    found = by_customer(frames.tiering_facts(built(POLARS, firms), as_of=DAY))

    assert found["c0"][:4] == [1.0, 1.0, None, None]


def test_facts_of_years_and_joined_columns_make_tiers() -> None:
    years = pl.LazyFrame(
        {"customer": ["远洋集团"] * 2, "year": [2024, 2025]}
    ).with_columns(*(pl.lit(200_000_000).alias(name) for name in AMOUNTS))
    beside = pl.LazyFrame({"customer": ["远洋集团"], "influence": [90.0]}).with_columns(
        overdue_share=0.0, reputation_harm=False, dispute=False
    )

    facts = frames.tiering_facts(years, as_of=DAY).join(beside, on="customer")
    answer = frames.tiering(facts).collect()

    assert answer["tiering_effective"].to_list() == ["diamond"]
