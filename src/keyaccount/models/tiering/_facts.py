"""From a customer and what stands beside it to the facts that tiering judges."""

from __future__ import annotations

import calendar
import datetime as dt
from decimal import Decimal

import attrs

from keyaccount.domain import (
    Customer,
    FxTable,
    Money,
    Outlook,
    Receivables,
    Standing,
    YearMetrics,
)
from keyaccount.exceptions import CurrencyMismatchError, Problems
from keyaccount.rules import Fact, Facts, FactSchema
from keyaccount.tri import Tri


__all__ = [
    "FACTS",
    "LEVERS",
    "OUTLOOK_FACTS",
    "Yardstick",
    "Years",
    "amount_of",
    "check_day",
    "facts",
    "outlook_facts",
    "years_of",
]


FACTS = FactSchema(
    (
        Fact.number("contribution", unit="money", movable=True),
        Fact.number("years_in_row", unit="years", low=0),
        Fact.number("lowest_contribution", unit="money"),
        Fact.number("growth_ratio", unit="ratio", low=0, movable=True),
        Fact.number("gross_margin", unit="share", high=1, movable=True),
        Fact.number("collection_rate", unit="share", low=0, movable=True),
        Fact.number("timeliness", unit="share", low=0, movable=True),
        Fact.number("influence", unit="mark", low=0, high=100),
        Fact.number("overdue_share", unit="share", low=0, high=1),
        Fact.yes_no("reputation_harm"),
        Fact.yes_no("dispute"),
    )
)
"""S3-16's six metrics, the two-year rule's two, and S3-21's three.

The customer's own revenue is not among them (S3-5): a customer is classed by what
it contributes to us.
"""

OUTLOOK_FACTS = FactSchema(
    (
        Fact.number("industry_influence", unit="mark", low=0, high=100),
        Fact.number("closing_potential", unit="mark", low=0, high=100),
    )
)
"""What a prospect is classed by (S3-22)."""

LEVERS = ("sales", "gross_profit", "collected", "on_time", "influence")
"""The figures of the evaluated year that somebody could move."""


@attrs.frozen
class Yardstick:
    """What the facts depend on besides the customer: basis, currency, years, rates."""

    basis: str
    currency: str
    years: int
    fx: FxTable | None = None


@attrs.frozen
class Years:
    """The evaluated year, the full years in a row before it, and what was left out.

    `in_row` starts with the evaluated year and goes back; `later` are the years
    after it that are no full ones or have not ended; `is_cut_by_part_year` says that
    a part year ends the row.
    """

    in_row: tuple[YearMetrics, ...]
    later: tuple[YearMetrics, ...]
    is_cut_by_part_year: bool = False

    @property
    def latest(self) -> YearMetrics | None:
        """The evaluated year: the latest full one that has ended."""
        return self.in_row[0] if self.in_row else None


FULL_YEAR = len(calendar.month_name) - 1


def years_of(customer: Customer, as_of: dt.date) -> Years:
    """Find the evaluated year and the full years in a row up to it (DOMAIN 3.3).

    A part year is never annualised and never evaluated; a gap ends the row.

    Raises:
        InvalidValueError: *as_of* is not a plain date.
    """
    check_day(as_of)
    in_row: list[YearMetrics] = []
    later: list[YearMetrics] = []
    for year in reversed(customer.years):
        if year.ends_on > as_of or year.months < FULL_YEAR:
            if in_row:
                return Years(tuple(in_row), tuple(later), is_cut_by_part_year=True)
            later.append(year)
        elif not in_row or _is_a_year_before(year.ends_on, in_row[-1].ends_on):
            in_row.append(year)
        else:
            break
    return Years(tuple(in_row), tuple(later))


def check_day(as_of: dt.date) -> None:
    """Refuse what is no plain date; a datetime compares with no year's end."""
    problems = Problems()
    problems.is_day("as_of", as_of)
    problems.check("tiering")


_WEEK = dt.timedelta(weeks=1)


def _is_a_year_before(earlier: dt.date, later: dt.date) -> bool:
    """Whether twelve months lie between, to the days that 52 whole weeks differ."""
    day = min(earlier.day, calendar.monthrange(earlier.year + 1, earlier.month)[1])
    return abs(later - earlier.replace(year=earlier.year + 1, day=day)) < _WEEK


def facts(  # noqa: PLR0913 - the nouns that stand beside a customer
    customer: Customer,
    yardstick: Yardstick,
    *,
    as_of: dt.date,
    receivables: Receivables | None = None,
    standing: Standing | None = None,
    lifetime: Money | None = None,
    years: Years | None = None,
) -> Facts:
    """Work the facts of a customer out; what nobody has told us stays unknown.

    Amounts are turned into the yardstick's currency at the rate of the year's end
    (a lifetime value at that of *as_of*); ratios are taken in the customer's own
    (S3-16): growth is this year's sales to last year's, the margin gross profit to
    sales, collection rate and timeliness what was collected, or collected in time,
    to what was due. Where sales are not above 0, a ratio to them is unknown.

    Args:
        customer: who trades with us.
        yardstick: `yardstick(policy, fx)`.
        as_of: the evaluated year is the latest full one that had ended by then.
        receivables: for the share that is more than 90 days overdue.
        standing: harm to our reputation, legal dispute.
        lifetime: the contribution where the yardstick's basis is `lifetime`.
        years: `years_of(customer, as_of)`, for those who have it already.

    Raises:
        CurrencyMismatchError: another currency than the policy's, and no rates.
        MissingRateError: no rate that is old enough.
    """
    in_row = (years or years_of(customer, as_of)).in_row
    latest = in_row[0] if in_row else None
    before = in_row[1] if len(in_row) > 1 else None
    if yardstick.basis == "lifetime":
        count, contribution, lowest = _lifetime(lifetime, yardstick, as_of)
    else:
        count = len(in_row)
        amounts = [amount_of(y, customer, yardstick) for y in in_row[: yardstick.years]]
        contribution = amounts[0] if amounts else None
        known = [amount for amount in amounts if amount is not None]
        is_whole = len(known) == len(amounts) == yardstick.years
        lowest = min(known) if is_whole else None
    row = (
        _float(contribution),
        float(count),
        _float(lowest),
        _growth(latest, before),
        _margin(latest),
        _ratio(latest.collected, latest.due) if latest else None,
        _ratio(latest.on_time, latest.due) if latest else None,
        _float(customer.influence),
        _overdue(receivables),
        _answer(standing.reputation_harm) if standing else None,
        _answer(standing.dispute) if standing else None,
    )
    return Facts(FACTS, row)


def outlook_facts(outlook: Outlook) -> Facts:
    """Return the facts of a prospect."""
    row = _float(outlook.industry_influence), _float(outlook.closing_potential)
    return Facts(OUTLOOK_FACTS, row)


def _lifetime(
    lifetime: Money | None, yardstick: Yardstick, as_of: dt.date
) -> tuple[int, Decimal | None, Decimal | None]:
    """A given lifetime value stands for every year that the two-year rule asks."""
    if lifetime is None:
        return yardstick.years, None, None
    amount = _convert(lifetime.amount, lifetime.currency, yardstick, as_of)
    return yardstick.years, amount, amount


def amount_of(
    year: YearMetrics, customer: Customer, yardstick: Yardstick
) -> Decimal | None:
    """Return a year's contribution in the yardstick's currency (S3-6)."""
    amount = year.gross_profit if yardstick.basis == "gross-profit" else year.sales
    if amount is None or customer.currency == yardstick.currency:
        return amount
    return _convert(amount, str(customer.currency), yardstick, year.ends_on)


def _convert(
    amount: Decimal, currency: str, yardstick: Yardstick, on: dt.date
) -> Decimal:
    if currency == yardstick.currency:
        return amount
    if yardstick.fx is None:
        remedy = (
            "pass fx=FxTable.of(…), or set your own amounts in a policy file: "
            f'based_on = "tiering", currency = "{currency}" and numbers = '
            "{ diamond = …, gold = …, strategic = …, potential = … }; "
            "`keyaccount policy init FOLDER` proposes them from your own customers"
        )
        raise CurrencyMismatchError(currency, yardstick.currency, remedy)
    return yardstick.fx.convert(Money(amount, currency), yardstick.currency, on).amount


def _growth(latest: YearMetrics | None, before: YearMetrics | None) -> float | None:
    """This year's sales to last year's, one division (S3-16, S3-30)."""
    if latest is None or before is None:
        return None
    if latest.sales is None or before.sales is None:
        return None
    if latest.sales < 0 or before.sales <= 0:
        return None
    return float(latest.sales) / float(before.sales)


def _margin(latest: YearMetrics | None) -> float | None:
    if latest is None or latest.sales is None or latest.gross_profit is None:
        return None
    if latest.sales <= 0 or latest.gross_profit > latest.sales:
        return None
    return float(latest.gross_profit) / float(latest.sales) + 0.0


def _ratio(part: Decimal | None, whole: Decimal | None) -> float | None:
    if part is None or whole is None or whole <= 0:
        return None
    return float(part) / float(whole)


def _overdue(receivables: Receivables | None) -> float | None:
    if receivables is None:
        return None
    if receivables.total == 0:  # owing nothing, it is late with nothing
        return 0.0
    return _ratio(receivables.overdue_90, receivables.total)


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value) + 0.0


def _answer(value: Tri) -> Tri | None:
    return None if value is Tri.UNKNOWN else value
