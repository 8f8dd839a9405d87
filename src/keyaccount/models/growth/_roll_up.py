"""Rolls subsidiaries up to their parent, before anything is judged."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import attrs

from keyaccount.domain import FxTable, Money, RivalSales, ShareGrowthCell
from keyaccount.exceptions import CurrencyMismatchError, Problems

from ._pairs import Key, Pair, check_cells, key_of, one_currency, order_of, pair_of


__all__ = ["Parents", "heads_of", "pairs_of", "roll_up", "rolled_up"]


Parents = Mapping[str, str | None]
"""Who belongs to whom: a subsidiary's id → its parent's; None belongs to nobody."""


def roll_up(
    cells: Iterable[ShareGrowthCell],
    parents: Parents,
    *,
    fx: FxTable | None = None,
    currency: str | None = None,
) -> tuple[ShareGrowthCell, ...]:
    """Add the cells of subsidiaries to those of the parent at the top, year by year.

    Amounts are each account's own, never a group's consolidated ones. A sum of which
    a part is unknown is unknown, never less; an account that has a cell of a category
    in one of the years and none in another is such a part. Competitors are merged by
    name. Several levels are one: who belongs to the parent's parent is added there.

    Args:
        cells: at most one an account, category and year.
        parents: who belongs to whom; an account that is not named stands alone.
        fx: rates; those of a year's last day count.
        currency: what all amounts are turned into; left out, they stay as they are.

    Returns:
        A cell for each parent, category and year, in that order.

    Raises:
        InvalidValueError: a cell twice, or somebody who belongs to itself.
        CurrencyMismatchError: two currencies under one parent, or no rates.
        MissingRateError: no rate that is old enough.
    """
    return rolled_up(check_cells(cells), heads_of(parents), fx, currency)


def rolled_up(
    cells: Sequence[ShareGrowthCell],
    heads: Mapping[str, str],
    fx: FxTable | None,
    currency: str | None,
) -> tuple[ShareGrowthCell, ...]:
    """Roll up cells that are checked already."""
    groups: dict[Key, list[ShareGrowthCell]] = {}
    for cell in (_converted(cell, fx, currency) for cell in cells):
        head = heads.get(cell.customer_id, cell.customer_id)
        groups.setdefault((head, cell.category), []).append(cell)
    found = (
        cell for (head, _), parts in groups.items() for cell in _by_year(head, parts)
    )
    return tuple(sorted(found, key=order_of))


def pairs_of(
    cells: Iterable[ShareGrowthCell],
    year: int,
    parents: Parents | None,
    fx: FxTable | None,
    currency: str | None,
) -> tuple[Pair, ...]:
    """Roll two years up, and put them side by side: by customer, then category.

    Raises:
        InvalidValueError: no plain year, a cell twice, or somebody who belongs to
            itself.
        CurrencyMismatchError: two currencies in one pair, or no rates.
        MissingRateError: no rate that is old enough.
    """
    problems = Problems()
    problems.is_a("year", year, int, "a year")
    problems.check("growth")
    heads = heads_of(parents or {})
    told = [cell for cell in check_cells(cells) if year - 1 <= cell.year <= year]
    groups: dict[Key, list[ShareGrowthCell]] = {}
    for cell in rolled_up(told, heads, fx, currency):
        groups.setdefault(key_of(cell), []).append(cell)
    accounts = _accounts_of(told, heads)
    return tuple(
        pair_of(key, year, parts, accounts[key]) for key, parts in groups.items()
    )


def _accounts_of(
    cells: Iterable[ShareGrowthCell], heads: Mapping[str, str]
) -> dict[Key, tuple[str, ...]]:
    """Return whose amounts stand in each rolled-up cell."""
    found: dict[Key, set[str]] = {}
    for cell in cells:
        head = heads.get(cell.customer_id, cell.customer_id)
        found.setdefault((head, cell.category), set()).add(cell.customer_id)
    return {key: tuple(sorted(ids)) for key, ids in found.items()}


def heads_of(parents: Parents) -> dict[str, str]:
    """Return the parent at the top of every account that belongs to somebody.

    Raises:
        InvalidValueError: accounts that belong to themselves, each circle once.
    """
    above = {
        _composed(child): _composed(parent)
        for child, parent in parents.items()
        if parent is not None
    }
    problems, found = Problems(), dict[str, str]()
    for child in sorted(above):
        way, last = dict[str, None](), child
        while last in above and last not in found and last not in way:
            way[last] = None
            last = above[last]
        if last in way:
            _note_circle(problems, list(way), last)
        found |= dict.fromkeys(way, found.get(last, last))
    problems.check("growth")
    return found


def _composed(slug: str) -> str:
    """Compose the letters of an id, as the ids of cells are."""
    return unicodedata.normalize("NFC", slug)


def _note_circle(problems: Problems, way: list[str], closes: str) -> None:
    """Note who belong to themselves, from the first of them by id."""
    circle = way[way.index(closes) :]
    at = circle.index(min(circle))
    first = circle[at]
    shown = " → ".join((*circle[at:], *circle[:at], first))
    wanted = "nobody belongs to itself: take one of these links away"
    problems.add(f"parents[{first!r}]", "contradiction", shown, wanted)


def _by_year(head: str, parts: Sequence[ShareGrowthCell]) -> Iterable[ShareGrowthCell]:
    accounts = {part.customer_id for part in parts}
    for year in sorted({part.year for part in parts}):
        cells = [part for part in parts if part.year == year]
        whole = _sum(head, cells)
        if len(cells) < len(accounts):  # somebody's year is not known, nor is the sum
            whole = attrs.evolve(
                whole, ours=None, spend=None, rivals=None, business=None
            )
        yield whole


def _sum(head: str, cells: Sequence[ShareGrowthCell]) -> ShareGrowthCell:
    first = cells[0]
    if len(cells) == 1:
        return attrs.evolve(first, customer_id=head)
    currency = one_currency(cell.currency for cell in cells)
    return attrs.evolve(
        first,
        customer_id=head,
        ours=_total((cell.ours for cell in cells), currency),
        spend=_total((cell.spend for cell in cells), currency),
        rivals=_merged(cells),
        business=_total((cell.business for cell in cells), currency),
    )


def _total(amounts: Iterable[Decimal | None], currency: str) -> Decimal | None:
    given = list(amounts)
    known = [amount for amount in given if amount is not None]
    return None if len(known) < len(given) else _added(known, currency)


def _added(amounts: Iterable[Decimal], currency: str) -> Decimal:
    return Money.total((Money(one, currency) for one in amounts), currency).amount


def _merged(cells: Sequence[ShareGrowthCell]) -> tuple[RivalSales, ...] | None:
    """Add what each competitor sells, by name; None as soon as one list is unknown."""
    amounts: dict[str, list[Decimal]] = {}
    for cell in cells:
        if cell.rivals is None:
            return None
        for rival in cell.rivals:
            amounts.setdefault(rival.name, []).append(rival.amount)
    currency = cells[0].currency
    return tuple(
        RivalSales(name, _added(sold, currency))
        for name, sold in sorted(amounts.items())
    )


def _converted(
    cell: ShareGrowthCell, fx: FxTable | None, currency: str | None
) -> ShareGrowthCell:
    """Turn a cell's amounts into a currency, at the rate of the year's last day."""
    if currency is None or cell.currency == currency:
        return cell
    if fx is None:
        raise CurrencyMismatchError(cell.currency, currency, "pass fx=FxTable.of(…)")
    rates, on = fx, dt.date(cell.year + 1, 1, 1) - dt.timedelta(days=1)

    def turned(amount: Decimal) -> Decimal:
        return rates.convert(Money(amount, cell.currency), currency, on).amount

    rivals = cell.rivals
    if rivals is not None:
        rivals = tuple(RivalSales(one.name, turned(one.amount)) for one in rivals)
    return attrs.evolve(
        cell,
        currency=currency,
        ours=None if cell.ours is None else turned(cell.ours),
        spend=None if cell.spend is None else turned(cell.spend),
        rivals=rivals,
        business=None if cell.business is None else turned(cell.business),
    )
