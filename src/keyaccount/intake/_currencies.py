"""Signs of currency beside amounts, held against the currency of their row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from keyaccount.exceptions import Problem, Problems

from ._rows import Entry, Ledger
from ._ways import MONEY_SIGNS


__all__ = ["clashes", "currencies_of", "with_right_signs"]


_SHARED = ("customer", "category", "year")  # of a rival and of the share beside it


def clashes(
    signs: Iterable[tuple[str, str]], currency: str | None
) -> tuple[Problem, ...]:
    """Say which signs stand for another currency; where none is known, none does."""
    problems = Problems()
    for column, sign in signs:
        if currency is not None and currency not in MONEY_SIGNS.get(sign, {sign}):
            wanted = f"the amounts of this row are in {currency}"
            problems.add(column, "contradiction", sign, wanted)
    return problems.all()


def with_right_signs(
    entries: Mapping[str, Sequence[Entry]], ledger: Ledger
) -> dict[str, Sequence[Entry]]:
    """Leave out the rows whose amounts carry the sign of another currency."""
    of_customers = currencies_of(
        (str(row.values["id"]), row.text("currency"))
        for row in entries.get("customers", ())
    )
    of_shares = {
        _shared(row): row.text("currency")
        for row in entries.get("shares", ())
        if "currency" in row.values
    }
    kept: dict[str, Sequence[Entry]] = {}
    for name, rows in entries.items():
        kept[name] = [row for row in rows if not row.signs]
        if len(kept[name]) == len(rows):
            continue
        sound = []
        for row in rows:
            own = row.text("currency") or of_shares.get(_shared(row))
            wrong = clashes(row.signs, own or of_customers(row.text("customer")))
            if wrong:
                ledger.reject(row, wrong)
            else:
                sound.append(row)
        kept[name] = sound
    return kept


def currencies_of(
    rows: Iterable[tuple[str, str | None]],
) -> Callable[[str | None], str | None]:
    """Return what tells a customer's currency, None where rows disagree about it."""
    found: dict[str | None, str | None] = {}
    for customer, currency in rows:
        agrees = found.get(customer, currency) == currency
        found[customer] = currency if agrees else None
    return found.get


def _shared(row: Entry) -> tuple[object, ...]:
    return tuple(row.values.get(column) for column in _SHARED)
