"""Many customers side by side: no customer's tier depends on another's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

import attrs
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import policies
from keyaccount.book import Account, Policies, changes, review
from keyaccount.domain import (
    Customer,
    Outlook,
    Relation,
    ShareGrowthCell,
    ValueTier,
    YearMetrics,
)
from keyaccount.models import tiering


DAY = dt.date(2025, 12, 31)
AMOUNTS = {"diamond": 100, "gold": 50, "strategic": 10, "potential": 1}


def policy(
    numbers: Mapping[str, int] = AMOUNTS, **more: object
) -> tiering.TieringPolicy:
    data = {"based_on": "tiering", "currency": "CNY", "numbers": numbers, **more}
    return policies.read(data, tiering.TieringPolicy)


OWN = policy()


def account(slug: str, *sales: int, paid: int = 98) -> Account:
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
    return Account(Customer(slug, slug, "CNY", years=years, influence=Decimal(60)))


PROSPECT = Account(
    Customer("p1", "p1", relation=Relation.PROSPECT),
    outlook=Outlook(Decimal(70), Decimal(70)),
)
FIRM = (
    account("small", 2, 2),
    account("top", 120, 130),
    account("second", 60, 70),
    account("late", 110, 120, paid=50),
    PROSPECT,
    account("unknown"),
)


def test_the_best_rung_stands_first_and_prospects_after_those_who_trade() -> None:
    portfolio = review(FIRM, as_of=DAY, policies=Policies(tiering=OWN))

    order = [one.customer.id for one in portfolio]
    assert order == ["top", "late", "second", "small", "unknown", "p1"]
    assert len(portfolio) == len(FIRM)


def test_the_counts_add_up() -> None:
    portfolio = review(FIRM, as_of=DAY, policies=Policies(tiering=OWN))

    assert dict(portfolio.distribution) == {
        ValueTier.DIAMOND: 2,
        ValueTier.GOLD: 1,
        ValueTier.GENERAL: 1,
        ValueTier.UNCLASSIFIED: 1,
    }
    assert portfolio.problem_count == 1
    assert portfolio.open_count == 0
    assert sum(count for _, count in portfolio.prospects) == 1


def test_progress_counts_the_customers() -> None:
    told: list[int] = []
    review(FIRM, as_of=DAY, policies=Policies(tiering=OWN), progress=told.append)

    assert told == [1, 2, 3, 4, 5, 6]


@given(st.permutations(FIRM))
def test_the_order_of_the_customers_changes_no_verdict(order: list[Account]) -> None:
    portfolio = review(order, as_of=DAY, policies=Policies(tiering=OWN))

    assert portfolio == review(FIRM, as_of=DAY, policies=Policies(tiering=OWN))


SIZES = st.none() | st.decimals(0, 10**12, places=2)


@given(SIZES, SIZES, SIZES)
def test_a_tier_never_depends_on_the_customers_own_size(
    ours: Decimal | None, spend: Decimal | None, business: Decimal | None
) -> None:
    """S3-5: what a customer turns over and spends elsewhere moves no tier."""
    cell = ShareGrowthCell(
        "top", 2025, "CNY", "steel", ours=ours, spend=spend, business=business
    )
    plain = account("top", 120, 130)
    sized = attrs.evolve(plain, cells=(cell,))
    before, after = (
        review([one], as_of=DAY, policies=Policies(tiering=OWN))
        for one in (plain, sized)
    )

    assert before.judged == after.judged


def test_a_policy_compared_with_itself_moves_nobody() -> None:
    assert changes(FIRM, OWN, OWN, as_of=DAY) == ()


def test_a_dearer_diamond_moves_those_between_and_says_what_tips_it() -> None:
    (move,) = changes(FIRM, OWN, policy({**AMOUNTS, "diamond": 115}), as_of=DAY)

    assert move.customer.id == "late"
    assert (move.before.value, move.after.value) == (ValueTier.DIAMOND, ValueTier.GOLD)
    (tipped,) = move.tipped
    assert tipped.row == "diamond"
    (reason,) = tipped.because
    assert reason.code == "compare-fails"
    assert reason.get("needed") == 115.0


def test_a_trigger_that_only_one_policy_sees_is_named() -> None:
    lenient = policy(triggers=[{"id": "collection", "when": "collection_rate < 0.5"}])
    (move,) = changes(FIRM, OWN, lenient, as_of=DAY)

    assert move.customer.id == "late"
    assert move.triggers == ("collection",)
    assert move.tipped == ()
