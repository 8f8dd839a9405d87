"""What a reader must know about the years behind a verdict."""

from __future__ import annotations

import datetime as dt

from keyaccount.domain import ValueTier
from keyaccount.rules import Facts

from ._facts import Years
from ._policy import TieringPolicy


__all__ = ["flags_of"]


def flags_of(
    years: Years, facts: Facts, policy: TieringPolicy, as_of: dt.date
) -> tuple[str, ...]:
    """Return the flags: what was left out, and why a figure cannot be worked out."""
    flags: list[str] = []
    if _leaves_a_part_year_out(years, policy, as_of):
        flags.append("part-year")
    if not years.in_row:
        return (*flags, "no-full-year")
    latest = years.in_row[0]
    if _is_provisional(facts, policy):
        flags.append("provisional")
    if as_of - latest.ends_on > policy.stale_after:
        flags.append("stale-figures")
    sales, profit = latest.sales, latest.gross_profit
    if sales is not None:
        if sales < 0:
            flags.append("negative-sales")
        elif profit is not None and profit > sales:
            flags.append("margin-above-sales")
        elif sales == 0:
            flags.append("no-sales")
    if _took_more_back_before(years):
        flags.append("negative-sales-before")
    return tuple(flags)


def _leaves_a_part_year_out(
    years: Years, policy: TieringPolicy, as_of: dt.date
) -> bool:
    """Whether a part year has ended lately, or stands where a full one is needed."""
    if years.later and any(year.ends_on <= as_of for year in years.later):
        return True
    wanted = max(policy.yardstick.years, 2)  # growth needs a year before
    return years.is_cut_by_part_year and len(years.in_row) < wanted


def _is_provisional(facts: Facts, policy: TieringPolicy) -> bool:
    """Whether only a year is wanting to what the contribution alone would reach."""
    row, contribution = facts["years_in_row"], facts["contribution"]
    return (
        isinstance(row, float)
        and row < policy.yardstick.years
        and isinstance(contribution, float)
        and contribution >= policy.amount(ValueTier.GOLD)
    )


def _took_more_back_before(years: Years) -> bool:
    before = years.in_row[1].sales if len(years.in_row) > 1 else None
    return before is not None and before < 0
