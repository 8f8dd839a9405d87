"""The targets of the months, added up against the target of their year (S4-1)."""

from __future__ import annotations

import calendar
import datetime as dt
import decimal
import functools
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

import attrs

from keyaccount.domain import AnnualTarget, TargetKind
from keyaccount.exceptions import CurrencyMismatchError
from keyaccount.tri import Tri


__all__ = ["KindAttainment", "accumulates", "key_of", "totals"]


_SUMS = frozenset({TargetKind.SALES_AMOUNT, TargetKind.SALES_VOLUME})
_MONTHS = dt.date.max.month
# whatever the ambient context says: `decimal.getcontext()` belongs to the caller
_EXACT = decimal.Context(prec=100, Emin=decimal.MIN_EMIN, Emax=decimal.MAX_EMAX)


@attrs.frozen
class KindAttainment:
    """The targets of one kind for one customer, or the firm, in one year.

    `months_target` adds the months up; `agrees` tells whether all twelve make the
    year's target: NO as soon as they are too many, UNKNOWN while some are missing.
    `to_date` is actual ÷ target over the months that are over, None while one of
    their actuals is not known. A market share and satisfaction do not add up: of
    them there are no sums.
    """

    kind: TargetKind
    year: int
    customer_id: str | None
    currency: str | None
    target: Decimal | None
    actual: Decimal | None
    months: tuple[int, ...]
    months_target: Decimal | None
    months_actual: Decimal | None
    agrees: Tri
    to_date: float | None
    untold: tuple[int, ...]


def accumulates(kind: TargetKind) -> bool:
    """Return whether a target of this kind is a sum over its time."""
    return kind in _SUMS


def key_of(target: AnnualTarget) -> tuple[str, int, int]:
    """Return what stands together: customer, year, kind; the firm's comes first."""
    kinds = list(TargetKind)
    return target.customer_id or "", target.year, kinds.index(target.kind)


def totals(
    targets: Iterable[AnnualTarget], as_of: dt.date
) -> tuple[KindAttainment, ...]:
    """Return a line for each customer, year and kind, in that order.

    Raises:
        CurrencyMismatchError: amounts of one line in two currencies.
    """
    ordered = sorted(targets, key=key_of)
    return tuple(
        _total(list(group), as_of) for _, group in groupby(ordered, key=key_of)
    )


def _total(group: Sequence[AnnualTarget], as_of: dt.date) -> KindAttainment:
    first = group[0]
    for other in group:
        if other.currency != first.currency:
            raise CurrencyMismatchError(str(first.currency), str(other.currency))
    year = next((one for one in group if one.month is None), None)
    months = {one.month: one for one in group if one.month is not None}
    over = [one for one in months.values() if _is_over(one, as_of)]
    untold = tuple(sorted(one.month or 0 for one in over if one.actual is None))
    adds_up = accumulates(first.kind) and bool(months)
    planned = _sum(one.target for one in months.values()) if adds_up else None
    return KindAttainment(
        kind=first.kind,
        year=first.year,
        customer_id=first.customer_id,
        currency=first.currency,
        target=None if year is None else year.target,
        actual=None if year is None else year.actual,
        months=tuple(sorted(months)),
        months_target=planned,
        months_actual=_known_sum(months.values()) if adds_up else None,
        agrees=_agrees(None if year is None else year.target, planned, len(months)),
        to_date=_to_date(over) if adds_up else None,
        untold=untold,
    )


def _is_over(target: AnnualTarget, as_of: dt.date) -> bool:
    month = target.month or _MONTHS
    _, days = calendar.monthrange(target.year, month)
    return as_of > dt.date(target.year, month, days)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return functools.reduce(_EXACT.add, amounts, Decimal())


def _known_sum(targets: Iterable[AnnualTarget]) -> Decimal | None:
    """Return what was reached in all of the months; None while one is not known."""
    actuals = [one.actual for one in targets]
    known = [actual for actual in actuals if actual is not None]
    return _sum(known) if len(known) == len(actuals) else None


def _agrees(target: Decimal | None, planned: Decimal | None, months: int) -> Tri:
    if target is None or planned is None:
        return Tri.UNKNOWN
    if months == _MONTHS:
        return Tri.of(planned == target)
    # every month that is missing adds something
    return Tri.NO if planned >= target else Tri.UNKNOWN


def _to_date(over: Sequence[AnnualTarget]) -> float | None:
    reached = _known_sum(over)
    if reached is None or not over:
        return None
    return float(Fraction(reached) / Fraction(_sum(one.target for one in over)))
