"""Two years of a customer in a category, side by side, and their amounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TypeAlias

import attrs

from keyaccount.domain import Money, RivalSales, ShareGrowthCell
from keyaccount.exceptions import CurrencyMismatchError, Problems


__all__ = [
    "Amounts",
    "Key",
    "Pair",
    "check_cells",
    "is_by_category",
    "key_of",
    "one_currency",
    "order_of",
    "pair_of",
    "place_of",
]


Key: TypeAlias = tuple[str, str | None]
"""A customer and a category; None for all that the customer buys."""

Amounts: TypeAlias = Mapping[str, Decimal | None]
"""Every amount of two years by the name of its fact."""


@attrs.frozen
class Pair:
    """A year of a customer in a category and the year before, as far as known.

    `accounts` are those whose amounts these are: itself, or its subsidiaries too.
    """

    customer_id: str
    category: str | None
    year: int
    currency: str
    now: ShareGrowthCell | None
    before: ShareGrowthCell | None
    accounts: tuple[str, ...]

    @property
    def amounts(self) -> Amounts:
        """The amounts of both years."""
        return {**_amounts(self.now, ""), **_amounts(self.before, "_before")}

    @property
    def rivals(self) -> tuple[RivalSales | None, RivalSales | None]:
        """The largest competitor of the year, and that of the year before."""
        now = self.now.largest_rival if self.now else None
        return now, self.before.largest_rival if self.before else None

    def money(self, amount: Decimal | None) -> Money | None:
        """Return one of the amounts with its currency."""
        return None if amount is None else Money(amount, self.currency)


def is_by_category(told: Amounts) -> bool | None:
    """Tell whether growth is held against the wallet, or against the whole business.

    What the customer buys in the category is the better yardstick (S3-32); None
    where neither is known of both years.
    """
    if None not in {told["category_spend"], told["category_spend_before"]}:
        return True
    if None in {told["customer_business"], told["customer_business_before"]}:
        return None
    return False


def pair_of(
    key: Key,
    year: int,
    cells: Iterable[ShareGrowthCell],
    accounts: tuple[str, ...],
) -> Pair:
    """Put the cells of a customer in a category side by side.

    Raises:
        CurrencyMismatchError: the two years stand in two currencies.
    """
    found = {cell.year: cell for cell in cells}
    now, before = found.get(year), found.get(year - 1)
    currency = one_currency(cell.currency for cell in found.values())
    return Pair(*key, year, currency, now, before, accounts)


def one_currency(currencies: Iterable[str]) -> str:
    """Return the one currency that all amounts stand in; empty where there are none.

    Raises:
        CurrencyMismatchError: there are several.
    """
    found = sorted(set(currencies))
    if len(found) > 1:
        raise CurrencyMismatchError(found[0], found[-1], _REMEDY)
    return found[0] if found else ""


_REMEDY = 'pass fx=FxTable.of(…) and a currency, as in currency="EUR"'


def key_of(cell: ShareGrowthCell) -> Key:
    """Return whose cell it is, and of which category."""
    return cell.customer_id, cell.category


def order_of(cell: ShareGrowthCell) -> tuple[str, bool, str, int]:
    """Return what cells are sorted by: customer, category, year."""
    return cell.customer_id, cell.category is not None, cell.category or "", cell.year


def place_of(cell: ShareGrowthCell) -> str:
    """Say of which cell a problem is, whatever came in before it."""
    return f"cells[{cell.customer_id!r}, {cell.category!r}, {cell.year}]"


def check_cells(cells: Iterable[ShareGrowthCell]) -> tuple[ShareGrowthCell, ...]:
    """Return the cells in order, once no two of them are about the same thing.

    Raises:
        InvalidValueError: something else than a cell, or one of them twice.
    """
    found, problems = tuple(cells), Problems()
    seen = set[tuple[Key, int]]()
    for index, cell in enumerate(found):
        if not problems.is_a(f"cells[{index}]", cell, ShareGrowthCell, _CELL):
            continue
        place = key_of(cell), cell.year
        if place in seen:
            told = f"{cell.customer_id}, {cell.category}, {cell.year}"
            problems.add(f"cells[{index}]", "duplicate", told)
        seen.add(place)
    problems.check("growth")
    return tuple(sorted(found, key=order_of))


_CELL = "a ShareGrowthCell"


def _amounts(cell: ShareGrowthCell | None, ending: str) -> Amounts:
    return {
        f"our_sales{ending}": cell.ours if cell else None,
        f"category_spend{ending}": cell.spend if cell else None,
        f"customer_business{ending}": cell.business if cell else None,
        f"rival_sales{ending}": _largest(cell) if cell else None,
    }


def _largest(cell: ShareGrowthCell) -> Decimal | None:
    """Return what the largest competitor sells; where there is none, nothing."""
    if cell.rivals is None:
        return None
    rival = cell.largest_rival
    return Decimal(0) if rival is None else rival.amount
