"""From a contract or a purchase history to the facts that its value hangs on."""

from __future__ import annotations

from decimal import Decimal

from keyaccount.domain import Contract, PurchaseHistory
from keyaccount.rules import Fact, Facts, FactSchema


__all__ = ["FACTS", "PURCHASE_FACTS", "facts", "purchase_facts"]


FACTS = FactSchema(
    (
        Fact.number("yearly_margin", unit="money", movable=True),
        Fact.number("retention", unit="share", low=0, high=1, movable=True),
    )
)
"""What a contract's value hangs on (2.1)."""

PURCHASE_FACTS = FactSchema(
    (
        Fact.number("average_amount", unit="money", low=0, movable=True),
        Fact.number("margin_share", unit="share", high=1, movable=True),
    )
)
"""What may be unknown of a customer whose purchases are counted."""


def facts(contract: Contract) -> Facts:
    """Return what is known of a contract; the rest is unknown."""
    given = {"yearly_margin": contract.margin, "retention": contract.retention}
    return FACTS.read(given)


def purchase_facts(history: PurchaseHistory, margin: Decimal | None = None) -> Facts:
    """Return what is known of a customer's purchases, and of what we earn by them.

    Args:
        history: its purchases.
        margin: the share of its purchases that is gross profit.
    """
    given = {"average_amount": history.average_amount, "margin_share": margin}
    return PURCHASE_FACTS.read(given)
