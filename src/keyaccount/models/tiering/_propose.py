"""Amounts proposed from a firm's own customers, and from how many (S2-24)."""

from __future__ import annotations

import datetime as dt
import decimal
import math
from collections.abc import Iterable, Mapping
from decimal import Decimal

import attrs

from keyaccount.domain import Customer, FxTable, Relation, ValueTier
from keyaccount.exceptions import Problems

from ._bounds import AMOUNTS
from ._facts import Yardstick, facts
from ._policy import TieringPolicy, default_policy


__all__ = ["Proposal", "propose"]


TWO_YEAR = frozenset({ValueTier.DIAMOND, ValueTier.GOLD})


@attrs.frozen
class Proposal:
    """Amounts for the four upper rungs, and what they rest on.

    `customers` is how many had a contribution to count, `is_thin` whether these are
    too few to make a distribution.
    """

    currency: str
    amounts: tuple[tuple[ValueTier, Decimal], ...]
    customers: int
    as_of: dt.date
    is_thin: bool


def propose(
    customers: Iterable[Customer],
    *,
    currency: str,
    as_of: dt.date,
    fx: FxTable | None = None,
    policy: TieringPolicy | None = None,
) -> Proposal:
    """Propose amounts so that each rung lets in its share of the firm's customers.

    The shares stand in the policy (S2-24); the amounts, in *currency*, are rounded
    down to two figures, and each rung's amount stays well above the next one's (the
    policy's `proposal_spread`). Where two years in a row are asked for, the worse of
    the two counts. Prospects and customers without a contribution are left out.

    Raises:
        InvalidValueError: no customer has a contribution above 0.
        CurrencyMismatchError: a customer in another currency, and no `fx`.
    """
    rules = policy or default_policy()
    measure = Yardstick(rules.basis.value, currency, int(rules.number("years")), fx)
    found, lasting = [], []
    for customer in customers:
        if customer.relation is Relation.TRADING:
            told = facts(customer, measure, as_of=as_of)
            latest, lowest = told["contribution"], told["lowest_contribution"]
            if isinstance(latest, float) and latest > 0:
                found.append(latest)
                lasting.append(lowest if isinstance(lowest, float) else 0.0)
    if not found:
        problems = Problems()
        problems.add("customers", "empty", expected="one customer with a contribution")
        problems.check("proposal")
    found.sort(reverse=True)
    lasting.sort(reverse=True)
    shares = {share.id: share.share for share in rules.proposals}
    with decimal.localcontext(decimal.Context()):
        spread = rules.number("proposal_spread")
        amounts = _falling(found, lasting, shares, spread)
    is_thin = len(found) < rules.number("fewest_for_proposal")
    return Proposal(currency, amounts, len(found), as_of, is_thin)


def _falling(
    found: list[float],
    lasting: list[float],
    shares: Mapping[str, Decimal],
    spread: Decimal,
) -> tuple[tuple[ValueTier, Decimal], ...]:
    """Return what lets each rung's share in, each amount well below the one before."""
    amounts: list[tuple[ValueTier, Decimal]] = []
    ceiling: Decimal | None = None
    for slug in AMOUNTS:
        place = math.ceil(shares[slug] * len(found)) - 1
        # an amount that must be reached year after year is taken from the worse year
        of_rung = lasting if ValueTier(slug) in TWO_YEAR else found
        reached = of_rung[max(place, 0)]
        amount = _two_figures(Decimal(str(reached if reached > 0 else found[0])))
        if ceiling is not None:
            amount = min(amount, _two_figures(ceiling / spread))
        amounts.append((ValueTier(slug), amount))
        ceiling = amount
    return tuple(amounts)


def _two_figures(amount: Decimal) -> Decimal:
    """Round down to two significant figures, so that the customer still gets in."""
    step = Decimal(1).scaleb(amount.adjusted() - 1)
    rounded = amount // step * step
    return rounded.quantize(Decimal(1)) if step >= 1 else rounded
