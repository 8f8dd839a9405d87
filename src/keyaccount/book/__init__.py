"""Where the models meet: one customer through every lens, and many side by side."""

from __future__ import annotations

from .portfolio import Move, Portfolio, Tipped, changes, review
from .sheet import Account, Policies, RatedTerm, Sheet, Step, sheet


__all__ = [
    "Account",
    "Move",
    "Policies",
    "Portfolio",
    "RatedTerm",
    "Sheet",
    "Step",
    "Tipped",
    "changes",
    "review",
    "sheet",
]
