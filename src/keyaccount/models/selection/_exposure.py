"""Whom our revenue in an industry comes from, and whether it hangs on one (S0-36)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

import attrs

from keyaccount import wire, wording
from keyaccount.domain import Customer, FxTable
from keyaccount.exceptions import UnknownNameError
from keyaccount.rules import Interval, PolicyRef, Reason, display
from keyaccount.tri import Tri

from ._amounts import Book, Brought, Whole, book_of, share_of, whole_of
from ._opinions import ScaleBasis
from ._policy import SelectionPolicy, default_policy
from ._scale import PARTIAL, is_stale_year


__all__ = [
    "ANCHOR",
    "CustomerShare",
    "Data",
    "IndustryExposure",
    "bounded_share",
    "exposures_of",
    "flags_of",
    "industry_exposure",
    "may_be_of",
    "share_reason",
    "told",
    "trading_in",
]


Data: TypeAlias = tuple[tuple[str, float | str], ...]
ANCHOR = "industry-anchor"


@attrs.frozen
class CustomerShare:
    """How much of our revenue in an industry one customer makes up (S0-36).

    `share` is None where it cannot be bounded; `is_anchor` says whether the industry
    would go with the customer.
    """

    customer_id: str
    share: Interval | None
    is_anchor: Tri


@attrs.frozen
class IndustryExposure(wire.Plain, display.Explained):
    """Whom our revenue in an industry comes from, the largest share first (S0-36).

    `anchors` are the customers that surely make up the policy's `anchor_share` of it
    or more. A customer whose industry nobody knows may belong to it.
    """

    industry: str
    shares: tuple[CustomerShare, ...]
    flags: tuple[str, ...]
    policy: PolicyRef
    as_of: dt.date

    @property
    def anchors(self) -> tuple[str, ...]:
        """The customers that the industry surely hangs on."""
        return tuple(s.customer_id for s in self.shares if s.is_anchor is Tri.YES)

    @property
    def why(self) -> Reason:
        """The shares as codes and data."""
        parts = tuple(
            share_reason(one.share, (("names", one.customer_id),), "exposure")
            for one in self.shares
        )
        data: Data = (("names", self.industry), ("day", self.as_of.isoformat()))
        return Reason("exposure", data, parts)

    def explain(self, locale: str = "en") -> tuple[str, ...]:
        """Say the shares in a language, a line each, indented."""
        return told(self.why, self.flags, locale)


def industry_exposure(  # noqa: PLR0913 - how to add up, and by whose opinion
    industry: str,
    customers: Iterable[Customer],
    *,
    as_of: dt.date,
    fx: FxTable | None = None,
    currency: str | None = None,
    policy: SelectionPolicy | None = None,
) -> IndustryExposure:
    """Say whom our revenue in an industry comes from, and whether it hangs on one.

    Raises:
        UnknownNameError: no customer is of that industry.
        InvalidValueError: one customer twice, or no plain day.
        CurrencyMismatchError: several currencies, and no rates.
        MissingRateError: no rate that is old enough.
    """
    policy = default_policy() if policy is None else policy
    book = book_of(customers, as_of=as_of, fx=fx, currency=currency)
    named = {one.customer.industry for one in book.by_id.values()}
    if industry not in named:
        offered = tuple(sorted(name for name in named if name is not None))
        raise UnknownNameError("industry", industry, offered)
    found = exposures_of(industry, book, policy)
    shares = sorted(found.values(), key=_largest_first)
    inside = [one for one in trading_in(book) if may_be_of(one, industry)]
    whole = whole_of((one.sales for one in inside), policy.unknown_others)
    flags = flags_of([whole], inside, as_of, policy)
    if any(one.customer.industry is None for one in inside):
        flags.append("industries-unknown")
    if any(one.is_anchor is Tri.YES for one in shares):
        flags.append(ANCHOR)
    return IndustryExposure(industry, tuple(shares), tuple(flags), policy.ref, as_of)


def exposures_of(
    industry: str, book: Book, policy: SelectionPolicy
) -> Mapping[str, CustomerShare]:
    """Return each share of our revenue in an industry.

    A customer whose industry nobody knows may add its amount to the whole, or not.
    """
    sure = [one for one in trading_in(book) if one.customer.industry == industry]
    maybe = [one for one in trading_in(book) if one.customer.industry is None]
    everybody = whole_of(book.amounts(ScaleBasis.SALES), policy.unknown_others)
    drift = [one.sales for one in maybe if one.sales is not None]
    low = sum((Fraction(sales) for sales in drift if sales < 0), Fraction())
    high = sum((Fraction(sales) for sales in drift if sales > 0), Fraction())
    unknown = sum(one.sales is None for one in (*sure, *maybe))
    known = sum((Fraction(one.sales) for one in sure if one.sales), Fraction())
    largest = everybody.largest if unknown else Fraction()
    top = None if largest is None else known + high + unknown * largest
    whole = Whole(known + low, top, unknown, everybody.largest)
    limit = float(policy.number("anchor_share"))
    found = {}
    for one in sure:
        share = bounded_share(one.sales, whole, trades=True)
        found[one.customer.id] = CustomerShare(
            one.customer.id, share, _reaches(share, limit)
        )
    return found


def _reaches(share: Interval | None, limit: float) -> Tri:
    if share is None:
        return Tri.UNKNOWN
    if share.low >= limit:
        return Tri.YES
    return Tri.NO if share.high < limit else Tri.UNKNOWN


def _largest_first(one: CustomerShare) -> tuple[bool, float, float, str]:
    share = one.share
    if share is None:
        return True, 0.0, 0.0, one.customer_id
    return False, -share.low, -share.high, one.customer_id


def bounded_share(
    amount: Decimal | None, whole: Whole, *, trades: bool
) -> Interval | None:
    """Return the share that goes with one amount; who does not trade takes nothing."""
    if not trades:
        return Interval(0.0, 0.0)
    if amount is not None:
        return share_of(amount, whole.low, whole.high)
    if whole.low < 0:
        return None
    if not whole.largest:
        return Interval(0.0, 1.0)
    most = float(whole.largest / (whole.low + whole.largest))
    return Interval(0.0, most)


def trading_in(book: Book) -> Iterator[Brought]:
    """Yield those who trade with us."""
    return (one for one in book.by_id.values() if one.trades)


def may_be_of(one: Brought, industry: str) -> bool:
    """Whether it is of an industry, or may be: nobody knows of which it is."""
    return one.customer.industry in {None, industry}


def flags_of(
    wholes: Iterable[Whole],
    counted: Iterable[Brought],
    as_of: dt.date,
    policy: SelectionPolicy,
) -> list[str]:
    """Return what a reader must know about the figures."""
    flags = []
    if any(whole.is_partial for whole in wholes):
        flags.append(PARTIAL)
    years = [one.year for one in counted if one.year is not None]
    if any(is_stale_year(year, as_of, policy) for year in years):
        flags.append("stale-figures")
    return flags


def share_reason(share: Interval | None, data: Data, kind: str) -> Reason:
    """Say a share, its bounds, or that it is not known."""
    unit: Data = (*data, ("unit", "share"))
    if share is None:
        return Reason(f"{kind}-share-unknown", unit)
    if share.is_exact:
        return Reason(f"{kind}-share", (*unit, ("got", share.low)))
    bounds: Data = (("low", share.low), ("high", share.high))
    return Reason(f"{kind}-share-open", (*unit, *bounds))


def told(why: Reason, flags: tuple[str, ...], locale: str) -> tuple[str, ...]:
    """Say reasons and flags in a language."""
    lines = [
        "  " * level + wording.say(part.code, dict(part.data), locale)
        for level, part in why.walk()
    ]
    return (*lines, *(wording.say(f"flag.{flag}", {}, locale) for flag in flags))
