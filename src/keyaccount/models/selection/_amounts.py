"""What each customer brought in its latest full year, in one currency."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

import attrs

from keyaccount.domain import Customer, FxTable, Money, Relation, YearMetrics
from keyaccount.exceptions import CurrencyMismatchError, Problems
from keyaccount.rules import Interval

from ._opinions import ScaleBasis, UnknownOthers


__all__ = ["Book", "Brought", "Whole", "book_of", "share_of", "whole_of"]


@attrs.frozen
class Brought:
    """What one customer brought in the latest full year that had ended."""

    customer: Customer
    year: YearMetrics | None
    sales: Decimal | None
    gross_profit: Decimal | None

    @property
    def trades(self) -> bool:
        """Whether it trades with us; who does not has no amount."""
        return self.customer.relation is Relation.TRADING

    def amount(self, basis: ScaleBasis) -> Decimal | None:
        """Return the amount that scale is measured by, None if not known."""
        return self.sales if basis is ScaleBasis.SALES else self.gross_profit


@attrs.frozen
class Book:
    """What all customers brought, in one currency; by id, in the order given."""

    by_id: Mapping[str, Brought]
    currency: str | None

    def amounts(self, basis: ScaleBasis) -> Iterator[Decimal | None]:
        """Yield the amount of each that trades with us."""
        return (one.amount(basis) for one in self.by_id.values() if one.trades)


@attrs.frozen
class Whole:
    """What some amounts add up to: at least `low`, at most `high` (None: no end).

    `unknown` counts the amounts that nobody knows, `largest` bounds each of them.
    """

    low: Fraction
    high: Fraction | None
    unknown: int
    largest: Fraction | None

    @property
    def is_partial(self) -> bool:
        """Whether the figure of somebody is missing."""
        return self.unknown > 0


def whole_of(amounts: Iterable[Decimal | None], others: UnknownOthers) -> Whole:
    """Add up what is known, and bound what the unknown amounts may add.

    An amount that nobody knows is taken to be 0 or more.
    """
    listed = tuple(amounts)
    known = [Fraction(amount) for amount in listed if amount is not None]
    total, unknown = sum(known, Fraction()), len(listed) - len(known)
    largest: Fraction | None = None
    if others is UnknownOthers.NEGLIGIBLE:
        largest = Fraction()
    elif others is UnknownOthers.BOUNDED and known:
        largest = max(*known, Fraction())
    more = Fraction() if not unknown else largest
    high = None if more is None else total + unknown * more
    return Whole(total, high, unknown, largest)


def share_of(amount: Decimal, low: Fraction, high: Fraction | None) -> Interval | None:
    """Return one amount to a whole between two bounds, each end one division.

    It is the exact quotient, rounded once: a twentieth to the cent is 0.05, which two
    floats miss for two amounts in five. None where the whole may be 0 or less: a share
    of that has no meaning.
    """
    if low <= 0:
        return None
    own = Fraction(amount)
    ends = float(own / low), 0.0 if high is None else float(own / high)
    return Interval(min(ends), max(ends))


def book_of(
    customers: Iterable[Customer],
    *,
    as_of: dt.date,
    fx: FxTable | None,
    currency: str | None,
) -> Book:
    """Find what each brought in its latest full year, at the rate of the year's end.

    Raises:
        InvalidValueError: one customer twice, or an *as_of* that is no plain date.
        CurrencyMismatchError: several currencies, and no rates.
        MissingRateError: no rate that is old enough.
    """
    problems = Problems()
    problems.is_day("as_of", as_of)
    listed, seen = tuple(customers), set[str]()
    for index, customer in enumerate(listed):
        if problems.is_a(f"customers[{index}]", customer, Customer, "a Customer"):
            if customer.id in seen:
                problems.add(f"customers[{index}].id", "duplicate", customer.id)
            seen.add(customer.id)
    problems.check("selection")
    years = {customer.id: _latest(customer, as_of) for customer in listed}
    counted = [customer for customer in listed if years[customer.id] is not None]
    to = currency or _currency(counted, has_rates=fx is not None)
    found: dict[str, Brought] = {}
    for customer in listed:
        year = years[customer.id]
        sales = None if year is None else year.sales
        profit = None if year is None else year.gross_profit
        found[customer.id] = Brought(
            customer,
            year,
            _in_currency(sales, customer, year, to, fx),
            _in_currency(profit, customer, year, to, fx),
        )
    return Book(found, to)


_FULL_YEAR = len(calendar.month_name) - 1


def _latest(customer: Customer, as_of: dt.date) -> YearMetrics | None:
    """Return the latest full year that had ended, as tiering does (DOMAIN 3.3)."""
    for year in reversed(customer.years):
        if year.ends_on <= as_of and year.months == _FULL_YEAR:
            return year
    return None


def _currency(customers: Iterable[Customer], *, has_rates: bool) -> str | None:
    """Return the currency that most count in, whatever their order."""
    counts = Counter(str(customer.currency) for customer in customers)
    ranked = sorted(counts, key=lambda code: (-counts[code], code))
    if len(ranked) > 1 and not has_rates:
        remedy = "pass fx=FxTable.of(…), and currency=… to say what to add up in"
        raise CurrencyMismatchError(ranked[0], ranked[1], remedy)
    return ranked[0] if ranked else None


def _in_currency(
    amount: Decimal | None,
    customer: Customer,
    year: YearMetrics | None,
    to: str | None,
    fx: FxTable | None,
) -> Decimal | None:
    if amount is None or year is None or to is None:
        return None
    own = str(customer.currency)
    if own == to:
        return amount
    if fx is None:
        raise CurrencyMismatchError(own, to, "pass fx=FxTable.of(…)")
    return fx.convert(Money(amount, own), to, year.ends_on).amount
