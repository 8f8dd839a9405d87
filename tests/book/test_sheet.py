"""One customer through every lens, and what the lenses take from its account."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from keyaccount.book import Account, sheet
from keyaccount.domain import (
    Customer,
    FxTable,
    Outlook,
    ProspectClass,
    Receivables,
    Relation,
    Safety,
    Standing,
    ValueTier,
    YearMetrics,
)
from keyaccount.models import tiering
from keyaccount.tri import Tri
from tests.book.firm import DAY, OWN, POLICIES


def customer(*sales: int, currency: str = "CNY") -> Customer:
    """Return a customer that pays well and has sold so much in the latest years."""
    years = tuple(
        YearMetrics(
            2025 - back,
            sales=Decimal(amount),
            gross_profit=Decimal(amount) * Decimal("0.2"),
            due=Decimal(100),
            collected=Decimal(98),
            on_time=Decimal(90),
        )
        for back, amount in enumerate(reversed(sales))
    )
    return Customer("c1", "Acme", currency, years=years, influence=Decimal(50))


def test_a_customer_that_trades_has_a_tier_and_no_prospect_class() -> None:
    found = sheet(Account(customer(120, 130)), as_of=DAY, policies=POLICIES)

    assert found.tier is not None
    assert found.tier.value is ValueTier.DIAMOND
    assert found.prospect is None
    assert found.verdict is found.tier


def test_a_prospect_has_a_class_and_no_tier() -> None:
    prospect = Customer("p1", "Soon", relation=Relation.PROSPECT)
    outlook = Outlook(Decimal(60), Decimal(60))
    found = sheet(Account(prospect, outlook=outlook), as_of=DAY, policies=POLICIES)

    assert found.tier is None
    assert found.prospect is not None
    assert found.prospect.value is ProspectClass.KEY_OPPORTUNITY


def test_a_prospect_without_an_outlook_is_open_and_asks() -> None:
    prospect = Customer("p1", "Soon", relation=Relation.PROSPECT)
    found = sheet(Account(prospect), as_of=DAY, policies=POLICIES)

    assert found.verdict is not None
    assert not found.verdict.is_settled
    assert found.ask_first is not None


def test_every_step_really_reaches_what_it_says() -> None:
    account = Account(customer(8, 9))
    found = sheet(account, as_of=DAY, policies=POLICIES)

    assert found.steps
    for step in found.steps:
        figures = {change.lever.name: change.to for change in step.lift.changes}
        moved = tiering.what_if(account.customer, figures, as_of=DAY)
        verdict = tiering.classify(moved, as_of=DAY, policy=OWN)
        assert verdict.possible[0] is step.reaches


def test_the_worst_term_stands_first() -> None:
    terms = ("payment-before-shipment", "open-account", "letter-of-credit-sight")
    found = sheet(Account(customer(5), terms=terms), as_of=DAY, policies=POLICIES)

    assert [one.name for one in found.terms] == [terms[1], terms[2], terms[0]]
    assert found.worst_term is not None
    assert found.worst_term.verdict.worst.safety is Safety.UNSAFE


def test_the_receivables_of_the_day_count_and_later_ones_do_not() -> None:
    early = Receivables(dt.date(2025, 6, 30), Decimal(100), Decimal(50))
    late = Receivables(dt.date(2026, 3, 31), Decimal(100), Decimal(0))
    account = Account(customer(5), receivables=(early, late))
    found = sheet(account, as_of=DAY, policies=POLICIES)

    assert account.owed(dt.date(2025, 1, 1)) is None
    assert found.tier is not None
    assert found.tier.triggers == ("overdue",)


def test_a_dispute_makes_a_problem_and_keeps_the_rung() -> None:
    account = Account(customer(120, 130), standing=Standing(dispute=Tri.YES))
    found = sheet(account, as_of=DAY, policies=POLICIES)

    assert found.tier is not None
    assert found.tier.effective is ValueTier.PROBLEM
    assert found.tier.value is ValueTier.DIAMOND


@pytest.mark.parametrize("fx", [None, FxTable()])
def test_amounts_that_cannot_be_converted_are_told_and_never_zero(
    fx: FxTable | None,
) -> None:
    account = Account(customer(5, currency="EUR"))
    found = sheet(account, as_of=DAY, policies=POLICIES, fx=fx)

    assert found.unconverted is not None
    assert found.verdict is None
    assert found.ask_first is None


def test_a_rate_of_the_day_converts() -> None:
    rates = FxTable.of([("EUR", "CNY", dt.date(2024, 12, 31), Decimal(8))])
    account = Account(customer(15, 15, currency="EUR"))
    found = sheet(account, as_of=DAY, policies=POLICIES, fx=rates)

    assert found.tier is not None
    assert found.tier.value is ValueTier.DIAMOND
