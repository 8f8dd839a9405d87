"""Rows of a table, one per customer and year, gathered into customers.

The only place in the storey that is lenient on purpose: a notebook's numbers are
floats, its years are text, its gaps are NaN.
"""

from __future__ import annotations

import datetime as dt
import math
import numbers
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, SupportsFloat, cast

import attrs

from keyaccount.exceptions import nearest

from ._checks import Checks
from ._conversions import identifier_of
from ._money import to_twelve_decimals
from ._vocabulary import Relation


__all__ = ["Record", "read_records"]


Reader = Callable[[Checks, str, object], object]


@attrs.frozen(eq=False)
class Record:
    """What all the rows of one customer say, ready for the constructors."""

    row: int
    fields: dict[str, Any]
    years: dict[int, tuple[int, dict[str, Any]]]


def read_records(
    rows: Iterable[Mapping[str, object]], currency: str | None, checks: Checks
) -> tuple[Record, ...]:
    """Gather rows by customer, in the order of first appearance."""
    given = cast("object", rows)
    kind = type(given).__name__
    if isinstance(given, str | bytes | Mapping) or not isinstance(given, Iterable):
        checks.add("", "wrong-type", kind, "rows, one per customer and year")
        return ()
    found: dict[str, Record] = {}
    reported: set[str] = set()
    for row, cells in enumerate(cast("Iterable[object]", given)):
        path = f"$[{row}]"
        if isinstance(cells, Mapping):
            known = cast("Mapping[object, object]", cells)
            _report_strange_keys(known, path, reported, checks)
            _read_row(known, row, found, checks)
        else:
            wanted = 'a mapping of column to value, as in df.to_dict("records")'
            checks.add(path, "wrong-type", type(cells).__name__, wanted)
    for identifier, record in found.items():
        record.fields.setdefault("name", identifier)
        record.fields.setdefault("currency", currency)
    return tuple(found.values())


def _read_row(
    cells: Mapping[object, object], row: int, found: dict[str, Record], checks: Checks
) -> None:
    path = f"$[{row}]"
    problems_before = len(checks.all())
    who = _read_cells(cells, path, _WHO, checks)
    metrics = _read_cells(cells, path, _YEAR, checks)
    if "id" not in who:
        if len(checks.all()) == problems_before:
            checks.add(f"{path}.customer", "missing", None, "the customer's id")
        return
    identifier = who["id"] = identifier_of(cast("str", who["id"]))
    record = found.setdefault(identifier, Record(row, {}, {}))
    for field, value in who.items():
        stated = record.fields.setdefault(field, value)
        if stated != value:
            wanted = f"an earlier row of {identifier!r} says {stated!r}; keep one"
            checks.add(f"{path}.{field}", "contradiction", value, wanted)
    if "year" in metrics:
        year = cast("int", metrics["year"])
        if year in record.years:
            checks.add(f"{path}.year", "duplicate", f"{identifier!r} in {year}")
        record.years.setdefault(year, (row, metrics))
    elif metrics and len(checks.all()) == problems_before:
        checks.add(f"{path}.year", "missing", None, "the fiscal year")


def _report_strange_keys(
    cells: Mapping[object, object], path: str, reported: set[str], checks: Checks
) -> None:
    for key in cells:
        if key in _WHO or key in _YEAR:
            continue
        name = key if isinstance(key, str) else repr(key)
        if name not in reported:
            reported.add(name)
            checks.add(path, "unknown-key", name, nearest(name, [*_WHO, *_YEAR]))


def _read_cells(
    cells: Mapping[object, object],
    path: str,
    columns: Mapping[str, tuple[str, Reader]],
    checks: Checks,
) -> dict[str, object]:
    """Read the known cells; what is unknown is left out."""
    read: dict[str, object] = {}
    for column, (field, reader) in columns.items():
        cell = cells.get(column)
        if _is_unknown(cell):
            continue
        value = reader(checks, f"{path}.{column}", cell)
        if value is None:
            continue
        if read.setdefault(field, value) != value:
            wanted = f"another column says {read[field]!r}; keep one"
            checks.add(f"{path}.{column}", "contradiction", value, wanted)
    return read


def _is_unknown(cell: object) -> bool:
    if isinstance(cell, Decimal):
        return cell.is_nan()
    if isinstance(cell, str):
        return not cell.strip()
    if _is_floating(cell):
        return math.isnan(cast("SupportsFloat", cell))
    return cell is None or type(cell).__name__ in {"NAType", "NaTType"}  # pandas


def _is_floating(cell: object) -> bool:
    """Tell whether this is a binary fraction, of numpy's kind too."""
    real = isinstance(cell, numbers.Real)
    return real and not isinstance(cell, numbers.Rational)


def _text(checks: Checks, path: str, cell: object) -> str | None:
    if isinstance(cell, str):
        return cell.strip()
    checks.add(path, "wrong-type", cell, "text")
    return None


def _identifier(checks: Checks, path: str, cell: object) -> str | None:
    if isinstance(cell, bool) or not isinstance(cell, numbers.Integral):
        return _text(checks, path, cell)
    number = int(cell)
    if 0 <= number < _LARGEST_WHOLE:
        return str(number)
    checks.add(path, "out-of-range", number, "0 or more, at most 18 digits")
    return None


def _relation(checks: Checks, path: str, cell: object) -> Relation | None:
    for relation in Relation:
        if cell is relation or cell == relation.value:
            return relation
    checks.add(path, "unknown-choice", cell, "trading or prospect")
    return None


def _number(checks: Checks, path: str, cell: object) -> Decimal | None:
    if isinstance(cell, numbers.Integral) and abs(int(cell)) >= _LARGEST_WHOLE:
        checks.add(path, "out-of-range", int(cell), "within 10**15 either way")
        return None
    found = _read_number(cell)
    if found is None:
        checks.add(path, "bad-syntax", cell, "write a plain number, as in 1200000.50")
        return None
    if found.is_finite() and found.adjusted() < len(str(_LARGEST_WHOLE)):
        return to_twelve_decimals(found)
    return found  # refused by the constructor, which names the bounds


def _read_number(cell: object) -> Decimal | None:
    if isinstance(cell, Decimal):
        return cell
    if isinstance(cell, bool):
        return None
    if isinstance(cell, numbers.Integral):
        return Decimal(int(cell))
    if isinstance(cell, str):
        text = cell.strip()
        return Decimal(text) if _PLAIN_NUMBER.fullmatch(text) else None
    return Decimal(str(cell)) if _is_floating(cell) else None


def _whole(checks: Checks, path: str, cell: object) -> int | None:
    number = _number(checks, path, cell)
    if number is None:
        return None
    if number.is_finite() and abs(number) < _LARGEST_WHOLE and number == int(number):
        return int(number)
    checks.add(path, "wrong-type", cell, "a whole number")
    return None


def _day(checks: Checks, path: str, cell: object) -> dt.date | None:
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date()
    if isinstance(cell, dt.date) and not isinstance(cell, dt.datetime):
        return cell
    if isinstance(cell, str) and _PLAIN_DAY.fullmatch(cell.strip()):
        try:
            return dt.date.fromisoformat(cell.strip())
        except ValueError:
            pass
    checks.add(path, "bad-date", cell)
    return None


_LARGEST_WHOLE = 10**18
_PLAIN_NUMBER = re.compile(
    r"[+-]?[0-9]{1,40}(?:\.[0-9]{0,40})?(?:[eE][+-]?[0-9]{1,3})?"
)
_PLAIN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# column -> the field that it fills, and how it is read
_WHO: Mapping[str, tuple[str, Reader]] = MappingProxyType(
    {
        "customer": ("id", _identifier),
        "id": ("id", _identifier),
        "name": ("name", _text),
        "industry": ("industry", _text),
        "relation": ("relation", _relation),
        "currency": ("currency", _text),
        "parent": ("parent_id", _identifier),
        "parent_id": ("parent_id", _identifier),
        "owner": ("owner", _text),
        "influence": ("influence", _number),
    }
)
_YEAR: Mapping[str, tuple[str, Reader]] = MappingProxyType(
    {
        "year": ("year", _whole),
        "ends_on": ("ends_on", _day),
        "months": ("months", _whole),
        "sales": ("sales", _number),
        "gross_profit": ("gross_profit", _number),
        "due": ("due", _number),
        "collected": ("collected", _number),
        "on_time": ("on_time", _number),
    }
)
