"""Whom to look at: problems first, then whom one answer or one step may lift."""

from __future__ import annotations

from ._case import MOST_ROWS, Case
from ._parts import Cell, Table
from ._standing import next_step, score, standing, tone


__all__ = ["watch"]


def watch(case: Case, most: int = MOST_ROWS) -> tuple[Table, ...]:
    """List problems, and whom one answer or one step may lift, the best first."""
    found = [
        one
        for one in case.portfolio
        if one.tier is not None
        and (one.tier.is_supervised or one.steps or not one.tier.is_settled)
    ]
    found.sort(key=lambda one: not (one.tier is not None and one.tier.is_supervised))
    rows = (
        (
            case.who(one),
            Cell(standing(one, case.speech), tone=tone(one)),
            score(one, case.speech),
            Cell(next_step(one, case.speech)),
        )
        for one in found
    )
    columns = case.columns("account", "class", "#score", "next")
    return case.table("caption-watch", columns, rows, most)
