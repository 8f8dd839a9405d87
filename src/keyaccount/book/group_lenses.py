"""What the lenses look at, of a group that is rolled up into one customer.

What can be added up is added up; what somebody has said of one company is the
parent's word, or that of the first subsidiary where the parent is silent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TypeVar

import attrs

from keyaccount.domain import Contract, Purchase, ShareGrowthCell
from keyaccount.exceptions import CurrencyMismatchError
from keyaccount.models import growth

from .account import Account


__all__ = ["with_joined_lenses"]


Said = TypeVar("Said")


def with_joined_lenses(joined: Account, group: Sequence[Account]) -> Account:
    """Return the group's account with what its members hold for the lenses.

    *group* is the parent, then its subsidiaries. Sales by category are added year by
    year, as `growth.roll_up` does, and unknown as soon as one part is; purchases are
    the purchases of all; margins of contracts are added, and a retention is kept only
    if it is the same for all. Cells in several currencies stay side by side, for
    `growth.read` to refuse; of contracts in several the margin is not known.
    """
    slug = joined.customer.id
    analysis = _first(one.analysis for one in group)
    profiles = next((one.profiles for one in group if one.profiles), ())
    return attrs.evolve(
        joined,
        cooperation=_first(one.cooperation for one in group),
        attributes=_first(one.attributes for one in group),
        cells=_cells(slug, group),
        analysis=None if analysis is None else attrs.evolve(analysis, customer_id=slug),
        purchases=_purchases(slug, group),
        profiles=tuple(attrs.evolve(one, customer_id=slug) for one in profiles),
        contract=_contract(slug, group),
    )


def _first(said: Iterable[Said | None]) -> Said | None:
    return next((one for one in said if one is not None), None)


def _cells(slug: str, group: Sequence[Account]) -> tuple[ShareGrowthCell, ...]:
    cells = [cell for one in group for cell in one.cells]
    parents = {one.customer.id: slug for one in group if one.customer.id != slug}
    try:
        return growth.roll_up(cells, parents)
    except CurrencyMismatchError:
        return tuple(attrs.evolve(cell, customer_id=slug) for cell in cells)


def _purchases(slug: str, group: Sequence[Account]) -> tuple[Purchase, ...]:
    told = (purchase for one in group for purchase in one.purchases)
    own = (attrs.evolve(purchase, customer_id=slug) for purchase in told)
    return tuple(sorted(own, key=lambda purchase: purchase.on))


def _contract(slug: str, group: Sequence[Account]) -> Contract | None:
    told = [one.contract for one in group if one.contract is not None]
    if not told:
        return None
    can_be_added = len({contract.currency for contract in told}) == 1
    margins = [contract.margin for contract in told]
    known = [margin for margin in margins if margin is not None]
    retentions = {contract.retention for contract in told}
    return Contract(
        slug,
        told[0].currency,
        sum(known, Decimal(0)) if can_be_added and len(known) == len(margins) else None,
        retentions.pop() if len(retentions) == 1 else None,
    )
