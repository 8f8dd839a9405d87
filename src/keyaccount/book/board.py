"""Where a whole portfolio grows and where it loses, customer by category (S3-30)."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from keyaccount.domain import Customer, FxTable, GrowthQuadrant, ValueTier
from keyaccount.exceptions import (
    CurrencyMismatchError,
    InvalidValueError,
    MissingRateError,
)
from keyaccount.models import growth
from keyaccount.tri import Tri

from .lenses import year_of
from .policies import SHIPPED, Policies
from .portfolio import Portfolio
from .sheet import Sheet


__all__ = ["GrowthBoard", "GrowthRow", "growth_board"]


@attrs.frozen
class GrowthRow:
    """A customer in a category, and what its share and growth say."""

    customer: Customer
    verdict: growth.GrowthVerdict


@attrs.frozen
class GrowthBoard:
    """The rows of those customers whose share and growth are to be read (S3-33).

    Whoever loses stands first, then the largest headroom. `scope` says who is read
    and who is not, `left_out` who would have a row; `space` what the customers read
    buy from others, None where their amounts stand in several currencies.
    """

    rows: tuple[GrowthRow, ...]
    scope: growth.AnalysisScope
    left_out: tuple[Customer, ...] = ()
    space: growth.WhiteSpaceBoard | None = None


def growth_board(
    portfolio: Portfolio, *, policies: Policies = SHIPPED, fx: FxTable | None = None
) -> GrowthBoard | None:
    """Gather what the sheets say of share and growth; None where none says anything.

    Args:
        portfolio: what `review` returned.
        policies: your own; growth says whom to read, and what of a wallet is within
            reach.
        fx: dated rates, to add up what stands in several currencies.
    """
    told = [one for one in portfolio if one.lenses.growth]
    if not told:
        return None
    scope = growth.analysis_scope(_tiers(portfolio), policy=policies.growth)
    is_read = {
        one.customer.id: scope.includes(one.customer.id) is not Tri.NO for one in told
    }
    read = [one for one in told if is_read[one.customer.id]]
    rows = [
        GrowthRow(one.customer, verdict)
        for one in read
        for verdict in one.lenses.growth
    ]
    return GrowthBoard(
        tuple(sorted(rows, key=_place)),
        scope,
        tuple(one.customer for one in told if not is_read[one.customer.id]),
        _space(read, portfolio, policies, fx),
    )


def _tiers(portfolio: Portfolio) -> dict[str, ValueTier | None]:
    """Return the tier of whoever trades, by id; an open one is not known."""
    return {
        one.customer.id: None if one.tier is None else one.tier.value
        for one in portfolio
        if one.prospect is None or one.lenses.growth
    }


def _place(row: GrowthRow) -> tuple[bool, bool, float, str, str]:
    verdict = row.verdict
    lowest = verdict.possible[-1] if verdict.possible else GrowthQuadrant.LAGGARD
    is_behind = lowest in _BEHIND and verdict.is_settled
    room = 0.0 if verdict.headroom is None else float(verdict.headroom.amount)
    is_losing = bool({*verdict.flags} & {*_LOSING})
    where = verdict.category or ""
    return not is_losing, not is_behind, -room, row.customer.id, where


_LOSING = ("surface-growth", "losing-to-competitor", "lagging-customer")
_BEHIND = (GrowthQuadrant.LAGGARD, GrowthQuadrant.ERODING)


def _space(
    read: Iterable[Sheet],
    portfolio: Portfolio,
    policies: Policies,
    fx: FxTable | None,
) -> growth.WhiteSpaceBoard | None:
    accounts = [one.account for one in read]
    years = [year_of(account, portfolio.as_of) for account in accounts]
    latest = max((year for year in years if year is not None), default=None)
    if latest is None:
        return None
    cells = [cell for account in accounts for cell in account.cells]
    currency = cells[0].currency if fx is not None else None
    try:
        return growth.white_space(
            cells, year=latest, fx=fx, currency=currency, policy=policies.growth
        )
    except (CurrencyMismatchError, MissingRateError, InvalidValueError):
        return None
