"""Dated reviews in a row: up at once, down only on a trend, each from its own day."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.book import (
    Account,
    Reclassified,
    Steadiness,
    reclassify,
    reclassify_over,
    steadiness,
)
from keyaccount.domain import (
    Customer,
    Receivables,
    Relation,
    TierRecord,
    ValueTier,
    YearMetrics,
)
from keyaccount.exceptions import InvalidValueError
from tests.book.firm import POLICIES


FIRST = 2016


def account(
    slug: str, *sales: int, currency: str = "CNY", owed: tuple[Receivables, ...] = ()
) -> Account:
    years = tuple(
        YearMetrics(
            FIRST + at,
            sales=Decimal(amount),
            gross_profit=Decimal(amount) * Decimal("0.3"),
            due=Decimal(100),
            collected=Decimal(98),
            on_time=Decimal(90),
        )
        for at, amount in enumerate(sales)
    )
    customer = Customer(slug, slug, currency, years=years, influence=Decimal(60))
    return Account(customer, owed)


def ends(count: int) -> tuple[dt.date, ...]:
    return tuple(dt.date(FIRST + at, 12, 31) for at in range(count))


def path(history: tuple[Reclassified, ...], slug: str = "a") -> list[str]:
    return [
        one.verdict.record.rung.value
        for review in history
        for one in review
        if one.customer.id == slug
    ]


# ── DOMAIN 3.6, T-15 ────────────────────────────────────────────────────────────


def test_a_diamond_falls_after_two_weak_years_and_not_after_one() -> None:
    """T-15: 95M keeps, 89M is the first strike, 89M again the second."""
    firm = [account("a", 120, 120, 95, 89, 89)]
    history = reclassify_over(firm, ends(5), policies=POLICIES)

    assert path(history)[1:] == ["diamond", "diamond", "diamond", "gold"]
    assert [len(review.struck) for review in history] == [0, 0, 0, 1, 0]
    assert [len(review.moved) for review in history][2:] == [0, 0, 1]


def test_an_account_that_swings_moves_less_with_patience_than_without() -> None:
    swings = [account("a", 120, 120, 95, 120, 120, 95, 120, 120)]
    history = reclassify_over(swings, ends(8), policies=POLICIES)

    found = steadiness(history)
    assert found == Steadiness(8, moves=1, raw_moves=5, flaps=0, raw_flaps=4)
    assert found.reviews == len(history)


def test_a_review_starts_where_the_last_one_left_everybody() -> None:
    firm = [account("a", 120, 120, 89, 89), account("b", 60, 60, 60, 60)]
    days = ends(4)
    whole = reclassify_over(firm, days, policies=POLICIES)

    first = reclassify_over(firm, days[:2], policies=POLICIES)
    rest = reclassify_over(firm, days[2:], first[-1].records, policies=POLICIES)
    assert first + rest == whole


def test_a_review_sees_only_what_was_known_on_its_day() -> None:
    later = Receivables(dt.date(FIRST + 2, 6, 30), Decimal(100), Decimal(50))
    firm = [account("a", 60, 60, 60, 200, owed=(later,))]
    history = reclassify_over(firm, ends(4), policies=POLICIES)

    problems = [review.reviews[0].verdict.record.problem for review in history]
    assert problems == [False, False, True, True]
    alone = reclassify_over([account("a", 60, 60, 60)], ends(3), policies=POLICIES)
    assert path(history)[:2] == path(alone)[:2]


def test_whoever_is_not_there_once_loses_no_rung() -> None:
    day, later = ends(2)
    first = reclassify([account("a", 120, 120)], as_of=later, policies=POLICIES)
    gone = reclassify(
        [account("b", 5)], first.records, as_of=dt.date(2020, 1, 1), policies=POLICIES
    )

    assert {*gone.records} == {"a", "b"}
    assert gone.records["a"] == first.records["a"]
    assert gone.records["a"].reviewed_on > day


def test_prospects_and_other_currencies_are_told_apart() -> None:
    asked = Account(Customer("p", "p", relation=Relation.PROSPECT))
    record = TierRecord(ValueTier.GOLD, dt.date(2015, 12, 31))
    found = reclassify(
        [account("z", 5, 5), account("d", 5, currency="USD"), asked],
        {"d": record},
        as_of=dt.date(2017, 12, 31),
        policies=POLICIES,
    )

    assert [one.customer.id for one in found] == ["z"]
    assert [one.id for one in found.prospects] == ["p"]
    assert [one.id for one in found.unconverted] == ["d"]
    assert found.records["d"] == record
    assert len(found) == 1


def test_a_first_rung_is_no_move() -> None:
    found = reclassify(
        [account("a", 120, 120)], as_of=dt.date(2017, 12, 31), policies=POLICIES
    )

    assert found.moved == ()
    assert found.records["a"].rung is ValueTier.DIAMOND


@pytest.mark.parametrize(
    "days", [(dt.date(2017, 1, 1), dt.date(2016, 1, 1)), (dt.date(2017, 1, 1),) * 2]
)
def test_days_that_do_not_rise_are_refused(days: tuple[dt.date, ...]) -> None:
    with pytest.raises(InvalidValueError, match="later than"):
        reclassify_over([account("a", 5)], days, policies=POLICIES)


def test_a_customer_that_comes_twice_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="'a'"):
        reclassify([account("a", 5)] * 2, as_of=dt.date(2017, 1, 1), policies=POLICIES)


# ── laws ────────────────────────────────────────────────────────────────────────

SALES = st.lists(st.integers(0, 150), min_size=1, max_size=8)
RECORDS = st.builds(
    TierRecord,
    st.sampled_from([tier for tier in ValueTier if tier is not ValueTier.PROBLEM]),
    st.just(dt.date(FIRST - 1, 12, 31)),
    strikes=st.integers(0, 2),
    struck_in=st.just(FIRST - 1),
    problem=st.booleans(),
)


@given(st.integers(0, 150), st.integers(3, 9))
def test_whose_figures_never_change_never_moves_once_it_has_two_years(
    amount: int, count: int
) -> None:
    firm = [account("a", *[amount] * count)]
    history = reclassify_over(firm, ends(count), policies=POLICIES)

    assert len({*path(history)[1:]}) == 1


@given(SALES, RECORDS, st.integers(0, 364), st.integers(1, 364))
def test_a_second_review_of_the_same_year_moves_nobody(
    sales: list[int], record: TierRecord, first: int, more: int
) -> None:
    last = dt.date(FIRST + len(sales) - 1, 12, 31)
    day = last + dt.timedelta(first)
    days = (day, day + dt.timedelta(min(more, 364 - first) or 1))
    history = reclassify_over(
        [account("a", *sales)], days, {"a": record}, policies=POLICIES
    )

    assert history[1].moved == ()


@given(SALES)
def test_patience_never_makes_anybody_flap_more(sales: list[int]) -> None:
    found = steadiness(
        reclassify_over([account("a", *sales)], ends(len(sales)), policies=POLICIES)
    )

    assert found.moves <= found.raw_moves
    assert found.flaps <= found.raw_flaps


@given(st.lists(SALES, max_size=5))
def test_the_order_of_the_customers_changes_no_review(
    firm: list[list[int]],
) -> None:
    accounts = [account(f"c{at}", *sales) for at, sales in enumerate(firm)]
    days = ends(5)

    assert reclassify_over(accounts, days, policies=POLICIES) == reclassify_over(
        accounts[::-1], days, policies=POLICIES
    )
