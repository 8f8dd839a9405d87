"""The tables that a review reads, column by column."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import attrs

from keyaccount.domain import (
    CoverKind,
    CoverQuality,
    Relation,
    Timing,
    TitleControl,
)

from ._cells import (
    Reader,
    choice,
    read_day,
    read_number,
    read_text,
    read_whole,
    read_yes_no,
)


__all__ = ["TABLES", "Column", "Table"]


@attrs.frozen
class Column:
    """One column: its name, how a cell is read, whether a row may leave it blank."""

    name: str
    read: Reader
    is_required: bool = False


@attrs.frozen
class Table:
    """One table: its name, its columns, and those that no two rows may share."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def file(self) -> str:
        """The file that holds it, unless a mapping says otherwise."""
        return f"{self.name}.csv"

    @property
    def required(self) -> tuple[str, ...]:
        """The columns that must be there."""
        return tuple(column.name for column in self.columns if column.is_required)


def _needed(name: str, read: Reader = read_text) -> Column:
    return Column(name, read, is_required=True)


_CUSTOMERS = Table(
    "customers",
    (
        _needed("id"),
        Column("name", read_text),
        Column("industry", read_text),
        Column("relation", choice(Relation)),
        Column("currency", read_text),
        Column("parent", read_text),
        Column("owner", read_text),
        Column("influence", read_number),
        Column("closing_potential", read_number),
    ),
    ("id",),
)
_YEARS = Table(
    "years",
    (
        _needed("customer"),
        _needed("year", read_whole),
        Column("ends_on", read_day),
        Column("months", read_whole),
        Column("sales", read_number),
        Column("gross_profit", read_number),
        Column("due", read_number),
        Column("collected", read_number),
        Column("on_time", read_number),
    ),
    ("customer", "year"),
)
_RECEIVABLES = Table(
    "receivables",
    (
        _needed("customer"),
        _needed("as_of", read_day),
        _needed("total", read_number),
        Column("overdue_90", read_number),
    ),
    ("customer", "as_of"),
)
_STANDING = Table(
    "standing",
    (
        _needed("customer"),
        Column("reputation_harm", read_yes_no),
        Column("dispute", read_yes_no),
    ),
    ("customer",),
)
_TERMS = Table(
    "terms",
    (
        _needed("customer"),
        Column("term", read_text),
        Column("share", read_number),
        Column("timing", choice(Timing)),
        Column("tenor_days", read_whole),
        Column("title", choice(TitleControl)),
        Column("cover", choice(CoverKind)),
        Column("quality", choice(CoverQuality)),
        Column("ratio", read_number),
        Column("recourse", read_yes_no),
        Column("at_order", read_yes_no),
    ),
    (),
)
_DEALS = Table(
    "deals",
    (
        _needed("id"),
        _needed("customer"),
        Column("name", read_text),
        Column("value", read_number),
        Column("currency", read_text),
        Column("stage", read_text),
    ),
    ("id",),
)
_RATES = Table(
    "rates",
    (
        _needed("base"),
        _needed("quote"),
        _needed("on", read_day),
        _needed("rate", read_number),
    ),
    ("base", "quote", "on"),
)

TABLES: Mapping[str, Table] = MappingProxyType(
    {
        table.name: table
        for table in (
            _CUSTOMERS,
            _YEARS,
            _RECEIVABLES,
            _STANDING,
            _TERMS,
            _DEALS,
            _RATES,
        )
    }
)
