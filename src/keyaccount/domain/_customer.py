"""A customer and its years."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import cast

import attrs

from keyaccount.exceptions import InvalidValueError, Problem

from ._checks import FIRST_YEAR, LAST_YEAR, Checks, is_each
from ._conversions import decimal_of, identifier_of, known_identifier_of, listed
from ._records import read_records
from ._vocabulary import Relation


__all__ = ["Customer", "YearMetrics"]


def _year_end(metrics: YearMetrics) -> dt.date:
    year = cast("object", metrics.year)
    if isinstance(year, int) and FIRST_YEAR <= year <= LAST_YEAR:
        return dt.date(year, 12, 31)
    return dt.date(LAST_YEAR, 12, 31)  # the year itself is refused


@attrs.frozen
class YearMetrics:
    """What one fiscal year with a customer brought, in the customer's currency.

    `due` is what fell due in the year, `collected` what of it was paid, `on_time`
    what was paid by its due date. None means not known; sales may be negative
    (returns), a `due` of 0 leaves the rates unknown. A fiscal year ends in the
    calendar year that it is named after, or in the next.
    """

    year: int
    ends_on: dt.date = attrs.field(default=attrs.Factory(_year_end, takes_self=True))
    months: int = 12
    sales: Decimal | None = attrs.field(default=None, converter=decimal_of)
    gross_profit: Decimal | None = attrs.field(default=None, converter=decimal_of)
    due: Decimal | None = attrs.field(default=None, converter=decimal_of)
    collected: Decimal | None = attrs.field(default=None, converter=decimal_of)
    on_time: Decimal | None = attrs.field(default=None, converter=decimal_of)

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        named = checks.whole("year", self.year, FIRST_YEAR, LAST_YEAR)
        dated = checks.day("ends_on", self.ends_on)
        if named and dated and not 0 <= self.ends_on.year - self.year <= 1:
            wanted = f"a fiscal year {self.year} ends in {self.year} or the year after"
            checks.add("ends_on", "contradiction", self.ends_on.isoformat(), wanted)
        checks.whole("months", self.months, 1, 12)
        checks.number("sales", self.sales, optional=True)
        checks.number("gross_profit", self.gross_profit, optional=True)
        checks.number("due", self.due, 0, optional=True)
        collected = checks.number("collected", self.collected, 0, optional=True)
        on_time = checks.number("on_time", self.on_time, 0, optional=True)
        if collected and on_time and self._paid_more_in_time_than_at_all():
            wanted = f"at most what was collected, {self.collected}"
            checks.add("on_time", "contradiction", self.on_time, wanted)
        checks.check("YearMetrics")

    def _paid_more_in_time_than_at_all(self) -> bool:
        collected, on_time = self.collected, self.on_time
        return collected is not None and on_time is not None and on_time > collected


def _by_year(years: Iterable[YearMetrics]) -> tuple[YearMetrics, ...]:
    found = listed(years)
    if not is_each(found, YearMetrics):
        return found
    return tuple(sorted(found, key=lambda metrics: metrics.year))


@attrs.frozen
class Customer:
    """Somebody who buys from us, or may: who it is and what its years brought.

    The years may be given in any order and are kept sorted. All their amounts stand
    in `currency`. A prospect has no years. `influence` is a mark from 0 to 100.
    None means not known.
    """

    id: str = attrs.field(converter=identifier_of)
    name: str
    currency: str | None = None
    industry: str | None = None
    relation: Relation = Relation.TRADING
    parent_id: str | None = attrs.field(default=None, converter=known_identifier_of)
    owner: str | None = None
    years: tuple[YearMetrics, ...] = attrs.field(default=(), converter=_by_year)
    influence: Decimal | None = attrs.field(default=None, converter=decimal_of)

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.identifier("id", self.id)
        checks.text("name", self.name)
        checks.text("industry", self.industry, optional=True)
        checks.choice("relation", self.relation, Relation)
        if (
            checks.identifier("parent_id", self.parent_id, optional=True)
            and self.parent_id == self.id
        ):
            wanted = "a customer is not its own parent"
            checks.add("parent_id", "contradiction", self.parent_id, wanted)
        checks.text("owner", self.owner, optional=True)
        checks.number("influence", self.influence, 0, 100, optional=True)
        checks.currency("currency", self.currency, optional=self.years == ())
        if checks.each("years", self.years, YearMetrics) and self.years:
            checks.extend(_order_problems(self.years))
            if self.relation is Relation.PROSPECT:
                wanted = "a prospect has no years yet; make the relation TRADING"
                checks.add("years", "contradiction", len(self.years), wanted)
        checks.check("Customer")

    @classmethod
    def from_records(
        cls, rows: Iterable[Mapping[str, object]], *, currency: str | None
    ) -> tuple[Customer, ...]:
        """Read customers from rows, one per customer and year; the notebook's door.

        Keys are those of the tables that a review reads: `customer` (or `id`),
        `name`, `industry`, `relation`, `currency`, `parent`, `owner`, `influence`,
        `year`, `ends_on`, `months`, `sales`, `gross_profit`, `due`, `collected`,
        `on_time`. Numbers may be int, Decimal, text or float and are kept to twelve
        decimals; None, NaN and "" mean not known. Without a `name` the id is the
        name; a row without a year tells about the customer only.

        >>> rows = [{"customer": "Acme", "year": 2025, "sales": 1200000.5}]
        >>> Customer.from_records(rows, currency="CNY")[0].years[0].sales
        Decimal('1200000.5')

        Raises:
            InvalidValueError: With everything that is wrong, by row: `$[3].sales`.

        """
        checks = Checks()
        checks.currency("currency", currency, optional=True)
        checks.check("Customer.from_records")
        built: list[Customer] = []
        for record in read_records(rows, currency, checks):
            years: list[YearMetrics] = []
            for row, fields in record.years.values():
                try:
                    years.append(YearMetrics(**fields))
                except InvalidValueError as error:
                    checks.extend(part.under(f"$[{row}]") for part in error.problems)
            try:
                built.append(cls(years=years, **record.fields))
            except InvalidValueError as error:
                checks.extend(part.under(f"$[{record.row}]") for part in error.problems)
        checks.check("Customer.from_records")
        return tuple(built)


def _order_problems(years: tuple[YearMetrics, ...]) -> list[Problem]:
    checks = Checks()
    for index, metrics in enumerate(years[1:], start=1):
        before = years[index - 1]
        if metrics.year == before.year:
            checks.add(f"years[{index}].year", "duplicate", metrics.year)
        elif metrics.ends_on <= before.ends_on:
            wanted = f"later than {before.ends_on}, where {before.year} ends"
            got = metrics.ends_on.isoformat()
            checks.add(f"years[{index}].ends_on", "not-sorted", got, wanted)
    return list(checks.all())
