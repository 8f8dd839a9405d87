"""Who is how much of the whole, and who is among the head."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from types import MappingProxyType

import attrs

from keyaccount.domain import Customer, FxTable, Money, YearMetrics
from keyaccount.exceptions import Problems
from keyaccount.tri import Tri

from ._amounts import Book, Brought, Whole, book_of, share_of, whole_of
from ._policy import SelectionPolicy, default_policy
from ._scale_value import Scale


__all__ = [
    "PARTIAL",
    "STALE_TOTAL",
    "is_stale_year",
    "is_total_stale",
    "scales",
    "stale_in",
]


PARTIAL, STALE_TOTAL = "partial-total", "stale-total"


def scales(
    customers: Iterable[Customer],
    *,
    as_of: dt.date,
    fx: FxTable | None = None,
    currency: str | None = None,
    policy: SelectionPolicy | None = None,
) -> Mapping[str, Scale]:
    """Work out how much of the whole each customer is, and who is among the head.

    The amount is that of the latest full year that had ended: sales, or gross profit
    where the policy's `basis` says so. The head are the largest customers that make
    up `head_share` of the total together: a customer is among them if all larger
    ones together make up less. Equals are in or out together, so the order in which
    customers are given changes nothing, and the head may be a little longer.

    A prospect has no amount and adds none. A customer whose figure nobody knows adds
    what the policy's `unknown_others` allows, from nothing up: all shares are then
    between bounds, and flagged `partial-total`. Old figures of others count, and are
    flagged `stale-total`. Give a firm's whole book, one entry a
    customer: a subsidiary that has its own years counts on its own.

    Args:
        customers: everybody whom we count; the total is theirs.
        as_of: the latest full year that had ended by then counts.
        fx: dated rates, where there are several currencies.
        currency: what to add up in; left out, what most of them count in.
        policy: your own; left out, the shipped one.

    Returns:
        A scale for every id, in the order given.

    Raises:
        InvalidValueError: the total is not above 0; or one customer twice.
        CurrencyMismatchError: several currencies, and no rates.
        MissingRateError: no rate that is old enough.
    """
    policy = default_policy() if policy is None else policy
    book = book_of(customers, as_of=as_of, fx=fx, currency=currency)
    known = [one for one in book.amounts(policy.basis) if one is not None]
    whole = whole_of(book.amounts(policy.basis), policy.unknown_others)
    if known and whole.high is not None and whole.high <= 0:
        problems = Problems()
        problems.add("total", "out-of-range", float(whole.low), "above 0")
        problems.check("selection")
    old = stale_in(book, as_of, policy)
    measure = _Measure(policy, as_of, book, whole, _larger(map(Fraction, known)), old)
    return MappingProxyType(
        {slug: measure.scale(one) for slug, one in book.by_id.items()}
    )


def stale_in(book: Book, as_of: dt.date, policy: SelectionPolicy) -> frozenset[str]:
    """Return whose figures are old, and count in the total all the same."""
    return frozenset(
        slug
        for slug, one in book.by_id.items()
        if one.year is not None and is_stale_year(one.year, as_of, policy)
    )


def is_total_stale(stale: Collection[str], one: Brought) -> bool:
    """Whether old figures of others than this one count in the total."""
    return len(stale) > (one.customer.id in stale)


def is_stale_year(year: YearMetrics, as_of: dt.date, policy: SelectionPolicy) -> bool:
    """Whether a later full year should be there by now."""
    return (as_of - year.ends_on).days > policy.number("stale_figures")


@attrs.frozen
class _Measure:
    """What one customer is measured against."""

    policy: SelectionPolicy
    as_of: dt.date
    book: Book
    whole: Whole
    larger: Mapping[Fraction, Fraction]
    stale: frozenset[str]

    def scale(self, one: Brought) -> Scale:
        amount, basis = one.amount(self.policy.basis), self.policy.basis
        year_end = None if one.year is None else one.year.ends_on
        flags = tuple(self._flags(one))
        if amount is None:
            slug = one.customer.id
            return Scale(slug, basis=basis, year_end=year_end, flags=flags)
        return Scale(
            one.customer.id,
            share_of(amount, self.whole.low, self.whole.high),
            self._in_head(amount),
            basis,
            Money(amount, str(self.book.currency)),
            year_end,
            flags,
        )

    def _flags(self, one: Brought) -> list[str]:
        flags = []
        if self.whole.is_partial:
            flags.append(PARTIAL)
        if one.year is not None:
            if one.customer.id in self.stale:
                flags.append("stale-figures")
        elif one.trades:
            flags.append("no-full-year")
        if is_total_stale(self.stale, one):
            flags.append(STALE_TOTAL)
        return flags

    def _in_head(self, amount: Decimal) -> Tri:
        """Tell whether the larger ones together make up less than the head's share.

        That is head · total − larger > 0, to which an unknown amount may add head
        times itself, if it is no larger than this one; a larger one takes 1 − head
        times itself away.
        """
        whole = self.whole
        if whole.low <= 0:
            return Tri.UNKNOWN
        head, own = Fraction(self.policy.head_share), Fraction(amount)
        known = head * whole.low - self.larger[own]
        here = own if whole.largest is None else min(own, whole.largest)
        if known + whole.unknown * head * max(here, Fraction()) <= 0:
            return Tri.NO
        is_least = whole.unknown == 0 or head == 1
        if whole.largest is None and not is_least:
            return Tri.UNKNOWN
        larger = max(whole.largest or Fraction(), own)
        away = Fraction() if larger == own else (1 - head) * larger
        return Tri.YES if known > whole.unknown * away else Tri.UNKNOWN


def _larger(known: Iterable[Fraction]) -> Mapping[Fraction, Fraction]:
    """Return for each amount what all larger ones add up to."""
    falling = sorted(known, reverse=True)
    before = accumulate(falling, initial=Fraction())
    found: dict[Fraction, Fraction] = {}
    for amount, larger in zip(falling, before, strict=False):
        found.setdefault(amount, larger)
    return found
