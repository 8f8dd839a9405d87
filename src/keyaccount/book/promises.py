"""What each customer may expect of us: as agreed with it, or as its class gets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import attrs

from keyaccount.domain import (
    Executive,
    ObligationKind,
    Pairing,
    ServiceCapacity,
    ServicePromise,
    VisitLevel,
)
from keyaccount.models import tiering

from .account import Account


__all__ = ["capacities_of", "promise_of", "sponsors_of"]


def promise_of(
    account: Account,
    tier: tiering.TierVerdict | None,
    *,
    as_of: dt.date,
    executives: Iterable[Executive] = (),
    policy: tiering.TieringPolicy | None = None,
) -> ServicePromise | None:
    """Return what we owe a customer in a year (S3-18).

    What was agreed with the customer goes before what its class gets, whole: it is
    not added up. The executive who stands for the customer visits it, its owner does
    the rest. None for whom there is neither.
    """
    sponsors = sponsors_of(account.ours.pairings, executives, as_of)
    sponsor = sponsors[0] if sponsors else None
    owner = account.customer.owner
    agreed = account.ours.promise
    if agreed is not None:
        return attrs.evolve(
            agreed,
            owner=agreed.owner or owner,
            visitor=agreed.visitor or _visitor(agreed.visit_level, sponsor, owner),
        )
    if tier is None:
        return None
    given = tiering.entitlements(tier, policy=policy)
    return ServicePromise(
        account.customer.id,
        tier.effective or tier.provisional,
        executive_visits_per_year=given.executive_visits_per_year,
        visit_level=given.visit_level,
        technical_exchanges_per_year=given.technical_exchanges_per_year,
        first_response_hours=given.first_response_hours,
        business_hours=given.business_hours,
        weekly_receivables_review=given.weekly_receivables_review,
        owner=owner,
        visitor=_visitor(given.visit_level, sponsor, owner),
    )


_OWN = frozenset({VisitLevel.MANAGER, VisitLevel.CREDIT_MANAGER})


def _visitor(level: VisitLevel, sponsor: str | None, owner: str | None) -> str | None:
    """Name who visits: the executive paired with it; a manager's visit, its owner."""
    return sponsor or (owner if level in _OWN else None)


def sponsors_of(
    pairings: Iterable[Pairing], executives: Iterable[Executive], as_of: dt.date
) -> tuple[str, ...]:
    """Return the names of those who stand for a customer on a day, by their ids."""
    names = {one.id: one.name for one in executives}
    ids = sorted({one.executive_id for one in pairings if one.holds_on(as_of)})
    return tuple(names.get(found, found) for found in ids)


def capacities_of(
    capacities: Iterable[ServiceCapacity] | None,
    executives: Iterable[Executive] | None,
) -> tuple[ServiceCapacity, ...]:
    """Return how much of what everybody can give, the executives' visits included.

    What the table of capacities says of an executive's visits goes first. A promise
    names who visits, so that two executives of one name have the room of both.
    """
    told = tuple(capacities or ())
    known = {(one.owner, one.kind) for one in told}
    visit = ObligationKind.EXECUTIVE_VISIT
    theirs: dict[str, int] = {}
    for one in executives or ():
        if one.visits_per_year is not None and (one.name, visit) not in known:
            theirs[one.name] = theirs.get(one.name, 0) + one.visits_per_year
    found = (ServiceCapacity(name, visit, count) for name, count in theirs.items())
    return (*told, *found)
