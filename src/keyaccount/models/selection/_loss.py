"""What it would cost to lose a customer (S0-1)."""

from __future__ import annotations

import datetime as dt
import functools
import unicodedata
from collections.abc import Callable, Iterable, Mapping

import attrs

from keyaccount import wire
from keyaccount.domain import Customer, FxTable
from keyaccount.exceptions import UnknownNameError
from keyaccount.rules import Interval, PolicyRef, Reason, display
from keyaccount.tri import Tri

from ._amounts import Book, Whole, book_of, whole_of
from ._exposure import (
    ANCHOR,
    CustomerShare,
    Data,
    bounded_share,
    exposures_of,
    flags_of,
    may_be_of,
    share_reason,
    told,
    trading_in,
)
from ._opinions import ScaleBasis
from ._policy import SelectionPolicy, default_policy
from ._scale import STALE_TOTAL, is_total_stale, stale_in


__all__ = ["LossImpact", "loss_impact", "loss_impacts"]


@attrs.frozen
class LossImpact(wire.Plain, display.Explained):
    """What we would lose with a customer (S0-1, S0-36).

    `revenue` and `gross_profit` are shares of ours, between bounds where figures are
    not known, None where they cannot be bounded. Below 0 the loss would be a gain,
    above 1 others cost us money: nothing is clipped. `industries` would surely fall
    to no revenue at all, `industries_at_risk` may; `anchors` are those in which the
    customer surely makes up the policy's `anchor_share` or more.
    """

    customer_id: str
    revenue: Interval | None
    gross_profit: Interval | None
    industries: frozenset[str]
    industries_at_risk: frozenset[str]
    anchors: frozenset[str]
    flags: tuple[str, ...]
    policy: PolicyRef
    as_of: dt.date

    @property
    def why(self) -> Reason:
        """The shares and the industries as codes and data."""
        parts = [
            share_reason(share, _basis(basis), "loss")
            for basis, share in (
                (ScaleBasis.SALES, self.revenue),
                (ScaleBasis.GROSS_PROFIT, self.gross_profit),
            )
        ]
        for code, names in (
            ("loss-industry", self.industries),
            ("loss-industry-open", self.industries_at_risk),
            ("loss-anchor", self.anchors),
        ):
            parts.extend(Reason(code, (("names", name),)) for name in sorted(names))
        data: Data = (("names", self.customer_id), ("day", self.as_of.isoformat()))
        return Reason("loss", data, tuple(parts))

    def explain(self, locale: str = "en") -> tuple[str, ...]:
        """Say the shares and the industries in a language, a line each, indented."""
        return told(self.why, self.flags, locale)


def loss_impact(  # noqa: PLR0913 - how to add up, and by whose opinion
    customer_id: str,
    customers: Iterable[Customer],
    *,
    as_of: dt.date,
    fx: FxTable | None = None,
    currency: str | None = None,
    policy: SelectionPolicy | None = None,
) -> LossImpact:
    """Say what we would lose with a customer, of revenue, profit and industries.

    Amounts are those of the latest full year that had ended, as in `scales`; one
    whose figure nobody knows may bring what `unknown_others` allows, also where it
    is the one we would lose. Roll a group up to its parent first, if it would leave
    as one.

    Raises:
        UnknownNameError: nobody among the customers has that id.
        InvalidValueError: one customer twice, or no plain day.
        CurrencyMismatchError: several currencies, and no rates.
        MissingRateError: no rate that is old enough.
    """
    (found,) = loss_impacts(
        [customer_id],
        customers,
        as_of=as_of,
        fx=fx,
        currency=currency,
        policy=policy,
    )
    return found


def loss_impacts(  # noqa: PLR0913 - as above
    customer_ids: Iterable[str],
    customers: Iterable[Customer],
    *,
    as_of: dt.date,
    fx: FxTable | None = None,
    currency: str | None = None,
    policy: SelectionPolicy | None = None,
) -> tuple[LossImpact, ...]:
    """Say the same of several customers, each lost by itself, in the order given.

    Raises:
        UnknownNameError: and what else `loss_impact` raises.
    """
    policy = default_policy() if policy is None else policy
    book = book_of(customers, as_of=as_of, fx=fx, currency=currency)
    wholes = {
        basis: whole_of(book.amounts(basis), policy.unknown_others)
        for basis in ScaleBasis
    }
    industries = functools.cache(lambda name: _industry(name, book, policy))
    stale = stale_in(book, as_of, policy)
    return tuple(
        _impact(slug, book, wholes, industries, stale, as_of, policy)
        for slug in customer_ids
    )


@attrs.frozen
class _Industry:
    """Who surely brings revenue in an industry, who may, and each one's share."""

    bring: frozenset[str]
    may_bring: frozenset[str]
    shares: Mapping[str, CustomerShare]

    def falls_without(self, slug: str) -> Tri:
        """Tell whether one brings revenue here, and nobody else does."""
        if slug not in self.may_bring or not self.bring <= {slug}:
            return Tri.NO
        return Tri.YES if self.bring == self.may_bring else Tri.UNKNOWN


def _industry(name: str, book: Book, policy: SelectionPolicy) -> _Industry:
    inside = [one for one in trading_in(book) if may_be_of(one, name)]
    sure = (one for one in inside if one.customer.industry == name)
    return _Industry(
        frozenset(one.customer.id for one in sure if one.sales and one.sales > 0),
        frozenset(
            one.customer.id for one in inside if one.sales is None or one.sales > 0
        ),
        exposures_of(name, book, policy),
    )


def _impact(  # noqa: PLR0913, PLR0917 - what is the same for each of several
    slug: str,
    book: Book,
    wholes: Mapping[ScaleBasis, Whole],
    industries: Callable[[str], _Industry],
    stale: frozenset[str],
    as_of: dt.date,
    policy: SelectionPolicy,
) -> LossImpact:
    slug = unicodedata.normalize("NFC", slug)
    if slug not in book.by_id:
        raise UnknownNameError("customer", slug, tuple(book.by_id))
    lost = book.by_id[slug]
    revenue, gross_profit = (
        bounded_share(lost.amount(basis), wholes[basis], trades=lost.trades)
        for basis in ScaleBasis
    )
    falls, is_anchor = Tri.NO, Tri.NO
    industry = lost.customer.industry
    here, nowhere = frozenset[str](), frozenset[str]()
    if industry is not None and lost.trades:
        here = frozenset({industry})
        told_of = industries(industry)
        falls, is_anchor = told_of.falls_without(slug), told_of.shares[slug].is_anchor
    flags = flags_of(wholes.values(), [lost], as_of, policy)
    if is_total_stale(stale, lost):
        flags.append(STALE_TOTAL)
    if industry is None:
        flags.append("no-industry")
    if is_anchor is Tri.YES:
        flags.append(ANCHOR)
    return LossImpact(
        slug,
        revenue,
        gross_profit,
        here if falls is Tri.YES else nowhere,
        here if falls is Tri.UNKNOWN else nowhere,
        here if is_anchor is Tri.YES else nowhere,
        tuple(flags),
        policy.ref,
        as_of,
    )


def _basis(basis: ScaleBasis) -> Data:
    return ("outcome", basis.value), ("answers", "scale-basis")
