"""What the health of collection is judged by, and what is asked for to know it."""

from __future__ import annotations

from keyaccount.domain import ReceivablesPeriod
from keyaccount.rules import Fact, Facts, FactSchema

from ._figures import Figures, figures_of


__all__ = ["FACTS", "INPUT_FACTS", "NEEDED", "facts", "facts_of"]


FACTS = FactSchema(
    (
        Fact.number("dso", unit="days", low=0),
        Fact.number("best_possible_dso", unit="days", low=0),
        Fact.number("delinquent_days", unit="days", low=0, movable=True),
        Fact.number("cei", unit="share", high=1, movable=True),
    )
)
"""The four figures of a period."""

INPUT_FACTS = FactSchema(
    (
        Fact.number("credit_sales", unit="money"),
        Fact.number("closing", unit="money", low=0),
        Fact.number("closing_current", unit="money", low=0),
        Fact.number("opening", unit="money", low=0),
        Fact.number("months", unit="months", low=1),
        Fact.number("due_on", unit="day"),
    )
)
"""What somebody has to tell: a period's totals, and when an invoice is due."""

_LATE = ("credit_sales", "closing", "closing_current")

NEEDED = (
    ("dso", ("credit_sales", "closing")),
    ("best_possible_dso", ("credit_sales", "closing_current")),
    ("delinquent_days", _LATE),
    ("cei", (*_LATE, "opening", "months")),
)
"""The totals that each figure is made of."""


def facts(period: ReceivablesPeriod) -> Facts:
    """Return the figures of a period; one that is not fully known is unknown.

    Args:
        period: what was owed and sold, as far as it is known.
    """
    return facts_of(figures_of(period))


def facts_of(figures: Figures) -> Facts:
    """Return figures that are worked out already."""
    return Facts(FACTS, tuple(figure.exact for figure in figures))
