"""Subsidiaries rolled up to their parent: sums that never make up what is unknown."""

from __future__ import annotations

import datetime as dt
import itertools
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.domain import FxTable, RivalSales, ShareGrowthCell
from keyaccount.exceptions import (
    CurrencyMismatchError,
    InvalidValueError,
    MissingRateError,
)
from keyaccount.models import growth
from tests.models.growth_cells import YEAR, boards, cell


EUR = FxTable.of(
    [
        ("EUR", "USD", dt.date(2024, 12, 31), Decimal(2)),
        ("EUR", "USD", dt.date(2025, 12, 31), Decimal(4)),
    ]
)


def plant(
    slug: str,
    year: int = YEAR,
    ours: str | None = None,
    *,
    rivals: dict[str, str] | None = None,
    currency: str = "USD",
) -> ShareGrowthCell:
    return cell(year, ours, None, rivals, customer_id=slug, currency=currency)


def ordered(cells: tuple[ShareGrowthCell, ...]) -> list[ShareGrowthCell]:
    places = {None: "", "parts": "parts", "service": "service"}
    return sorted(
        cells, key=lambda one: (one.customer_id, places[one.category], one.year)
    )


@given(boards())
def test_accounts_that_stand_alone_stay_as_they_are(
    cells: tuple[ShareGrowthCell, ...],
) -> None:
    assert list(growth.roll_up(cells, {})) == ordered(cells)
    assert list(growth.roll_up(cells, {"x": None, "other": "y"})) == ordered(cells)


@given(boards("vwxyz"))
def test_level_by_level_or_at_once_the_sums_are_the_same(
    cells: tuple[ShareGrowthCell, ...],
) -> None:
    plants = {"x": "north", "y": "north", "z": "south"}
    divisions = {"north": "group", "south": "group", "w": "group"}

    first = growth.roll_up(cells, plants)

    at_once = growth.roll_up(cells, {**plants, **divisions})
    assert growth.roll_up(first, divisions) == at_once
    assert growth.roll_up(at_once, {**plants, **divisions}) == at_once


@given(boards("xyz"))
def test_a_sum_is_known_only_where_every_part_is(
    cells: tuple[ShareGrowthCell, ...],
) -> None:
    rolled = growth.roll_up(cells, {"x": "group", "y": "group", "z": "group"})

    for whole in rolled:
        parts = [one for one in cells if one.category == whole.category]
        accounts = {one.customer_id for one in parts}
        of_year = [one for one in parts if one.year == whole.year]
        for name in ("ours", "spend", "business"):
            given_amounts = [getattr(one, name) for one in of_year]
            is_whole = len(of_year) == len(accounts) and None not in given_amounts
            assert getattr(whole, name) == (sum(given_amounts) if is_whole else None)


@given(boards("xyz"))
def test_reading_with_parents_is_reading_what_was_rolled_up(
    cells: tuple[ShareGrowthCell, ...],
) -> None:
    parents = {"x": "group", "y": "group"}

    at_once = growth.read(cells, year=YEAR, parents=parents)

    apart = growth.read(growth.roll_up(cells, parents), year=YEAR)
    assert [one.value for one in at_once] == [one.value for one in apart]
    assert [one.flags for one in at_once] == [one.flags for one in apart]
    assert [one.missing for one in at_once] == [one.missing for one in apart]


def test_competitors_are_merged_by_name() -> None:
    cells = [
        plant("a", rivals={"B": "2", "A": "1"}),
        plant("b", rivals={"A": "4"}),
        plant("c", rivals={}),
    ]

    (whole,) = growth.roll_up(cells, dict.fromkeys("abc", "group"))

    assert whole.rivals == (RivalSales("A", Decimal(5)), RivalSales("B", Decimal(2)))


def test_a_part_whose_competitors_nobody_knows_leaves_them_all_unknown() -> None:
    cells = [plant("a", rivals={"A": "1"}), plant("b")]

    (whole,) = growth.roll_up(cells, dict.fromkeys("ab", "group"))

    assert whole.rivals is None


def test_the_parents_own_cell_counts_too_and_the_accounts_are_named() -> None:
    cells = [plant("group", ours="1"), plant("b", ours="2"), plant("c", ours="9")]

    mine, other = growth.read(cells, year=2025, parents={"b": "group"})

    assert (mine.customer_id, mine.accounts) == ("c", ("c",))
    assert (other.customer_id, other.accounts) == ("group", ("b", "group"))
    assert "  rolled up from b, group" in other.explain()


def test_an_account_without_a_cell_in_one_of_the_years_is_unknown_and_not_nothing() -> (
    None
):
    cells = [plant("a", 2024, "5"), plant("a", 2025, "6"), plant("b", 2025, "7")]
    long_gone = plant("c", 2019, "8")

    (verdict,) = growth.read(
        [*cells, long_gone], year=2025, parents=dict.fromkeys("abc", "group")
    )

    assert verdict.growth is None
    assert verdict.missing[0].fact == "our_sales_before"
    assert verdict.accounts == ("a", "b")


def test_every_circle_is_named_once() -> None:
    parents = {"a": "b", "b": "c", "c": "a", "d": "a", "e": "e", "f": "g"}

    with pytest.raises(InvalidValueError) as refused:
        growth.roll_up([], parents)

    assert [(one.path, dict(one.data)["got"]) for one in refused.value.problems] == [
        ("$.parents['a']", "'a → b → c → a'"),
        ("$.parents['e']", "'e → e'"),
    ]


def test_a_circle_is_named_from_its_first_whoever_leads_into_it() -> None:
    parents = {"a": "z", "z": "y", "y": "z", "b": "x", "x": "c", "c": "x"}

    with pytest.raises(InvalidValueError) as refused:
        growth.roll_up([], parents)

    assert {(one.path, dict(one.data)["got"]) for one in refused.value.problems} == {
        ("$.parents['c']", "'c → x → c'"),
        ("$.parents['y']", "'y → z → y'"),
    }


def test_a_line_of_thousands_is_followed_once() -> None:
    """One step at a time for each of them would take hours."""
    line = [f"c{at}" for at in range(20_000)]

    (whole,) = growth.roll_up([plant("c0")], dict(itertools.pairwise(line)))

    assert whole.customer_id == line[-1]


def test_an_account_is_found_however_its_letters_are_composed() -> None:
    decomposed = unicodedata.normalize("NFD", "café")

    (whole,) = growth.roll_up([plant("café", ours="1")], {decomposed: "group"})

    assert whole.customer_id == "group"


@given(st.permutations("abcdefgh"))
def test_a_long_line_ends_at_its_head(line: list[str]) -> None:
    parents = dict(itertools.pairwise(line))
    cells = [plant(slug, ours="1") for slug in line]

    (whole,) = growth.roll_up(cells, parents)

    assert (whole.customer_id, whole.ours) == (line[-1], Decimal(8))


def test_rates_are_those_of_the_years_last_day() -> None:
    cells = [plant("a", 2024, "8"), plant("a", 2025, "8", rivals={"A": "2"})]

    old, new = growth.roll_up(cells, {}, fx=EUR, currency="EUR")

    assert (old.ours, new.ours) == (Decimal(4), Decimal(2))
    assert (old.currency, old.spend, old.rivals) == ("EUR", None, None)
    assert new.rivals == (RivalSales("A", Decimal("0.5")),)


def test_a_currency_without_rates_or_without_one_so_old_is_refused() -> None:
    with pytest.raises(CurrencyMismatchError):
        growth.roll_up([plant("a", ours="8")], {}, currency="EUR")
    with pytest.raises(MissingRateError):
        growth.roll_up([plant("a", 2023, "8")], {}, fx=EUR, currency="EUR")


def test_two_currencies_under_one_parent_meet_only_in_a_named_currency() -> None:
    cells = [plant("a", ours="8"), plant("b", ours="1", currency="EUR")]
    parents = dict.fromkeys("ab", "group")

    with pytest.raises(CurrencyMismatchError, match='currency="EUR"'):
        growth.roll_up(cells, parents)
    (whole,) = growth.roll_up(cells, parents, fx=EUR, currency="EUR")
    assert whole.ours == 3


def test_a_sum_too_large_for_money_is_refused_and_not_wrapped() -> None:
    cells = [plant("a", ours=str(10**15)), plant("b", ours=str(10**15))]

    with pytest.raises(InvalidValueError):
        growth.roll_up(cells, dict.fromkeys("ab", "group"))
