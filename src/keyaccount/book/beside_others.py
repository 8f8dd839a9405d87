"""What is seen of one customer only beside all others: its share, its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

import attrs

from keyaccount.domain import (
    Customer,
    FxTable,
    Purchase,
    StrategicIntent,
    WorkCalendar,
)
from keyaccount.exceptions import (
    CurrencyMismatchError,
    InvalidValueError,
    MissingRateError,
)
from keyaccount.models import segments, selection

from .account import Account
from .our_side import NO_FIRM, Firm
from .policies import SHIPPED, Policies


__all__ = ["NO_WHOLE", "Whole", "whole"]


@attrs.frozen
class Whole:
    """A firm's whole portfolio, as far as one customer's sheet needs it.

    `scales` tells who is how much of it, `buying` how each buys beside the others,
    both by the customer's id; `intents` what our strategy wants, None where nobody
    has declared it. `customers` are all of them, for what a loss would cost. `firm` is
    what is told of ourselves, `days` which days are worked. `records_promises` and
    `records_issues` say whether anybody of ours writes these down: who has none on
    record is then known to have none.
    """

    customers: tuple[Customer, ...] = ()
    scales: Mapping[str, selection.Scale] = MappingProxyType({})
    buying: Mapping[str, segments.RfmVerdict] = MappingProxyType({})
    intents: tuple[StrategicIntent, ...] | None = None
    fx: FxTable | None = None
    firm: Firm = NO_FIRM
    days: WorkCalendar | None = None
    records_promises: bool = False
    records_issues: bool = False


NO_WHOLE = Whole()


def whole(  # noqa: PLR0913 - what all of a firm is seen by, by name
    accounts: Iterable[Account],
    *,
    as_of: dt.date,
    policies: Policies = SHIPPED,
    fx: FxTable | None = None,
    intents: Iterable[StrategicIntent] | None = None,
    firm: Firm = NO_FIRM,
    days: WorkCalendar | None = None,
) -> Whole:
    """Look at all customers at once, for what a sheet cannot see by itself.

    Shares are worked out only if somebody's cooperation is told, for nobody is
    designated without. Where amounts cannot be brought into one currency, nobody has
    a share; how customers buy is ranked among those of one currency.
    """
    everybody = tuple(accounts)
    customers = tuple(account.customer for account in everybody)
    is_asked = any(account.cooperation is not None for account in everybody)
    return Whole(
        customers,
        _scales(customers, as_of, policies, fx) if is_asked else MappingProxyType({}),
        _buying(everybody, as_of, policies),
        None if intents is None else tuple(intents),
        fx,
        firm,
        days,
        any(account.ours.commitments for account in everybody),
        any(account.ours.issues for account in everybody),
    )


def _scales(
    customers: Sequence[Customer],
    as_of: dt.date,
    policies: Policies,
    fx: FxTable | None,
) -> Mapping[str, selection.Scale]:
    rules = policies.selection
    try:
        return selection.scales(customers, as_of=as_of, fx=fx, policy=rules)
    except (CurrencyMismatchError, MissingRateError, InvalidValueError):
        return MappingProxyType({})  # several currencies, or nothing sold at all


def _buying(
    accounts: Sequence[Account], as_of: dt.date, policies: Policies
) -> Mapping[str, segments.RfmVerdict]:
    by_currency: dict[str | None, list[Purchase]] = {}
    for account in accounts:
        if account.purchases:
            listed = by_currency.setdefault(account.customer.currency, [])
            listed.extend(account.purchases)
    found: dict[str, segments.RfmVerdict] = {}
    for purchases in by_currency.values():
        try:
            ranked = segments.rfm(purchases, as_of=as_of, policy=policies.segments)
        except CurrencyMismatchError:
            continue  # one customer's purchases in several currencies
        found |= {str(one.customer_id): one for one in ranked}
    return MappingProxyType(found)
