"""The facts that segments are judged by, and the one door to them."""

from __future__ import annotations

from decimal import Decimal

from keyaccount.rules import Fact, Facts, FactSchema
from keyaccount.tri import Tri


__all__ = ["FACTS", "facts"]


FACTS = FactSchema(
    (
        Fact.yes_no("has_bought"),
        Fact.number("days_since_purchase", unit="days", low=0),
        Fact.number("orders_a_year", low=0),
        Fact.number("spend_a_year", unit="money", movable=True),
        Fact.number("recency_score", low=1),
        Fact.number("frequency_score", low=1),
        Fact.number("monetary_score", low=1),
        Fact.number("volume", low=0, movable=True),
        Fact.number("profit_margin", unit="share", high=1, movable=True),
        Fact.number("goal_target"),
        Fact.number("run_rate"),
        Fact.number("target_ratio"),
        Fact.number("penetration", unit="share", low=0, high=1),
        Fact.yes_no("concentration_rising"),
        Fact.yes_no("value_dimension"),
        Fact.yes_no("class_policies"),
        Fact.yes_no("account_plans"),
        Fact.yes_no("customer_tiers"),
        Fact.yes_no("our_customers"),
        Fact.yes_no("value_level"),
        Fact.yes_no("need_answer"),
        Fact.yes_no("behaviour_segment"),
    )
)
"""How a customer buys, in what volume, at what margin; and what we know of all.

The three scores run from 1, the lowest, to as many groups as the policy makes.
"""


def facts(  # noqa: PLR0913 - each is one thing that may be known
    *,
    has_bought: Tri = Tri.UNKNOWN,
    days_since_purchase: float | None = None,
    orders_a_year: float | None = None,
    spend_a_year: Decimal | float | None = None,
    recency_score: float | None = None,
    frequency_score: float | None = None,
    monetary_score: float | None = None,
    volume: Decimal | float | None = None,
    profit_margin: Decimal | float | None = None,
    goal_target: Decimal | float | None = None,
    run_rate: Decimal | float | None = None,
    target_ratio: float | None = None,
    penetration: float | None = None,
    concentration_rising: Tri = Tri.UNKNOWN,
) -> Facts:
    """Bring what is known through the door; what is left out is unknown.

    Raises:
        InvalidValueError: a value of the wrong kind, or out of range; all at once.
    """
    return FACTS.read(
        {
            "has_bought": has_bought,
            "days_since_purchase": days_since_purchase,
            "orders_a_year": orders_a_year,
            "spend_a_year": spend_a_year,
            "recency_score": recency_score,
            "frequency_score": frequency_score,
            "monetary_score": monetary_score,
            "volume": volume,
            "profit_margin": profit_margin,
            "goal_target": goal_target,
            "run_rate": run_rate,
            "target_ratio": target_ratio,
            "penetration": penetration,
            "concentration_rising": concentration_rising,
        }
    )
