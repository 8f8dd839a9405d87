"""DSO, best possible DSO, average days delinquent, collection effectiveness.

Everything is computed in fractions and rounded once, half to even: days to a
hundredth, shares to a hundredth of a per cent. Average days delinquent is the
difference of the two rounded figures, so that what is shown adds up. Where a total is
not known, a figure keeps the bounds that hold whatever the total turns out to be.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple, TypeAlias

import attrs

from keyaccount import wording
from keyaccount.domain import Money, ReceivablesPeriod
from keyaccount.rules import Interval


__all__ = ["Figure", "Figures", "current_of", "figures_of", "was_nothing_collectible"]


@attrs.frozen
class Figure:
    """A measured number with its unit: exact, or between bounds; None is no bound."""

    id: str
    unit: str
    low: float | None = None
    high: float | None = None

    @property
    def exact(self) -> float | None:
        """The number, None while it is not fully known."""
        return self.low if self.low == self.high else None

    @property
    def is_bounded(self) -> bool:
        """Whether anything at all is known of it."""
        return self.low is not None or self.high is not None

    @property
    def interval(self) -> Interval | None:
        """Both bounds, None where one is missing."""
        if self.low is None or self.high is None:
            return None
        return Interval(self.low, self.high)

    def formula(self, locale: str = "en") -> str:
        """Say how it is computed, in a language."""
        return wording.label("measure-formula", self.id, locale)


class Figures(NamedTuple):
    """The four figures of a period."""

    dso: Figure
    best_possible_dso: Figure
    delinquent_days: Figure
    cei: Figure


Ends: TypeAlias = tuple[Fraction | None, Fraction | None]

_NOTHING: Ends = (None, None)


def figures_of(period: ReceivablesPeriod) -> Figures:
    """Work the four figures of a period out (DOMAIN 2.5)."""
    dso, best, late = _days(period)
    cei = _effectiveness(period)
    return Figures(
        Figure("dso", "days", *_floats(dso)),
        Figure("best-possible-dso", "days", *_floats(best)),
        Figure("delinquent-days", "days", *_floats(late)),
        Figure("cei", "share", *_floats((_share(cei[0]), _share(cei[1])))),
    )


def _days(period: ReceivablesPeriod) -> tuple[Ends, Ends, Ends]:
    """Days of sales in what is owed, in what is not yet due, and the difference."""
    sales = _exact(period.credit_sales)
    if sales is None or sales <= 0:
        return _NOTHING, _NOTHING, _NOTHING
    closing, current = _exact(period.closing), _exact(current_of(period))
    a_day = period.days / sales  # days of sales in one unit of money

    def days(amount: Fraction | None) -> Fraction | None:
        return None if amount is None else round(amount * a_day, 2)

    # what is not yet due is a part of what is owed, and neither is below nothing
    lowest = closing if closing is not None else current or Fraction(0)
    highest = current if current is not None else closing
    dso = days(lowest), days(closing)
    best = days(current or Fraction(0)), days(highest)
    if dso[1] is None:
        return dso, best, (Fraction(0), None)
    if current is None:
        return dso, best, (Fraction(0), dso[1])
    late = dso[1] - (best[0] or 0)
    return dso, best, (late, late)


def _effectiveness(period: ReceivablesPeriod) -> Ends:
    """What was collected of what could have been: 1 − overdue ÷ collectible.

    It rises with the collectible total. Bounds are only given where something was
    collectible for sure, whatever the unknown totals are.
    """
    collectible = _collectible(period)
    closing, current = _exact(period.closing), _exact(current_of(period))
    not_due = current if current is not None else closing
    if collectible is None or not_due is None or collectible[0] <= not_due:
        return _NOTHING
    if closing is None:
        return None, Fraction(1)
    low, high = collectible
    least = current or Fraction(0)
    worst = 1 - (closing - least) / (low - least)
    if current is None or high is None:
        return worst, Fraction(1)
    return worst, 1 - (closing - current) / (high - current)


def _collectible(period: ReceivablesPeriod) -> tuple[Fraction, Fraction | None] | None:
    """Opening receivables plus a month's credit sales, as bounds."""
    sales, opening = _exact(period.credit_sales), _exact(period.opening)
    if sales is None:
        return None
    if period.months is None:
        low, high = min(Fraction(0), sales), max(Fraction(0), sales)
    else:
        low = high = sales / period.months
    if opening is None:
        return low, None
    return opening + low, opening + high


def current_of(period: ReceivablesPeriod) -> Money | None:
    """Return what is not overdue; where nothing is owed, that is nothing."""
    closing, current = period.closing, period.closing_current
    is_nothing = closing is not None and not closing.amount
    return closing if current is None and is_nothing else current


def was_nothing_collectible(period: ReceivablesPeriod) -> bool:
    """Whether everything is known, and nothing but what is not overdue could come."""
    totals = (
        period.opening,
        period.credit_sales,
        period.closing,
        current_of(period),
        period.months,
    )
    return None not in totals and _effectiveness(period) == _NOTHING


def _exact(money: Money | None) -> Fraction | None:
    return None if money is None else Fraction(money.amount)


def _share(share: Fraction | None) -> Fraction | None:
    return None if share is None else round(share * 100, 2) / 100


def _floats(ends: Ends) -> tuple[float | None, float | None]:
    low, high = ends
    return None if low is None else float(low), None if high is None else float(high)
