"""From single purchases to the histories that models of purchase histories count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Context, Decimal
from fractions import Fraction

import attrs

from keyaccount.domain import CURRENCIES, Purchase, PurchaseHistory, TimeUnit
from keyaccount.exceptions import Problems, nearest


__all__ = ["Histories", "histories"]


@attrs.frozen
class Histories:
    """The histories of many customers, and what was left out of them.

    `later` purchases lie after the day; on `returned` days a customer gave back more
    than it bought; of customers in `without` nothing else is left.
    """

    histories: tuple[PurchaseHistory, ...]
    later: int
    returned: int
    without: tuple[str, ...]

    def __iter__(self) -> Iterator[PurchaseHistory]:
        return iter(self.histories)

    def __len__(self) -> int:
        return len(self.histories)


def histories(
    purchases: Iterable[Purchase],
    *,
    as_of: dt.date,
    unit: TimeUnit = TimeUnit.DAYS,
    currency: str | None = None,
) -> Histories:
    """Count what every customer bought until a day, in the order of their ids.

    Several purchases on one day are one, of all that was paid on it. A day on which
    more came back than was bought is no purchase; nobody can know which purchase came
    back, so it is set off against none. A day that is free of charge counts. If the
    amount of one repeat is not known, the average is not known. The first purchase
    makes the customer and is no repeat; its amount does not count in the average.

    Args:
        purchases: in any order.
        as_of: how far we look; what was bought later does not count.
        unit: in which the times are told; a day is a seventh of a week.
        currency: of the amounts, all of them.

    Raises:
        InvalidValueError: no purchases, no plain day, no unit, no currency.
    """
    problems = Problems()
    problems.is_day("as_of", as_of)
    problems.is_a("unit", unit, TimeUnit, "a TimeUnit")
    if currency is not None and currency not in CURRENCIES:
        wanted = nearest(currency, CURRENCIES)
        problems.add("currency", "unknown-choice", currency, wanted)
    found = tuple(purchases)
    for index, purchase in enumerate(found):
        problems.is_a(f"purchases[{index}]", purchase, Purchase, "a Purchase")
    problems.check("histories")
    return _counted(found, as_of, unit, currency)


def _counted(
    purchases: tuple[Purchase, ...],
    as_of: dt.date,
    unit: TimeUnit,
    currency: str | None,
) -> Histories:
    by_customer: dict[str, dict[dt.date, list[Decimal | None]]] = {}
    later = 0
    for purchase in purchases:
        if purchase.on > as_of:
            later += 1
            continue
        days = by_customer.setdefault(purchase.customer_id, {})
        days.setdefault(purchase.on, []).append(purchase.amount)
    made: list[PurchaseHistory] = []
    without: list[str] = []
    returned = 0
    for customer in sorted(by_customer):
        days = by_customer[customer]
        sums = {day: _total(amounts) for day, amounts in sorted(days.items())}
        bought = {
            day: total for day, total in sums.items() if total is None or total >= 0
        }
        returned += len(sums) - len(bought)
        if bought:
            made.append(_history(customer, bought, as_of, unit, currency))
        else:
            without.append(customer)
    return Histories(tuple(made), later, returned, tuple(without))


def _total(amounts: list[Decimal | None]) -> Fraction | None:
    """Add a day up; one amount that is not known makes the day unknown."""
    known = [Fraction(amount) for amount in amounts if amount is not None]
    return sum(known, Fraction(0)) if len(known) == len(amounts) else None


def _history(
    customer: str,
    bought: dict[dt.date, Fraction | None],
    as_of: dt.date,
    unit: TimeUnit,
    currency: str | None,
) -> PurchaseHistory:
    first, *repeats = bought
    last = repeats[-1] if repeats else first
    amounts = [bought[day] for day in repeats]
    known = [amount for amount in amounts if amount is not None]
    average = None
    if known and len(known) == len(amounts):
        average = _decimal(sum(known, Fraction(0)) / len(known))
    return PurchaseHistory(
        customer,
        len(repeats),
        _decimal(Fraction((last - first).days, unit.days)),
        _decimal(Fraction((as_of - first).days, unit.days)),
        average,
        unit,
        currency,
    )


_UNITS = 100**2 * 100**2 * 100**2  # the finest number that a history may hold
_EXACT = Context(prec=100)


def _decimal(number: Fraction) -> Decimal:
    """Round half to even to the finest number that a history may hold."""
    return _EXACT.divide(Decimal(round(number * _UNITS)), Decimal(_UNITS))
