"""The tables that a review reads, column by column."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import attrs

from keyaccount.domain import (
    AdminLevel,
    Attitude,
    CommChannel,
    CoverKind,
    CoverQuality,
    ForecastCategory,
    LossReason,
    NeedCoverage,
    NeedKind,
    Outcome,
    PurchasingRole,
    Relation,
    StageAnswers,
    Timing,
    TitleControl,
    TouchpointKind,
)

from ._cells import (
    Reader,
    choice,
    listed,
    read_day,
    read_deal_value,
    read_number,
    read_score,
    read_text,
    read_whole,
    read_yes_no,
)


__all__ = [
    "GATE_COLUMNS",
    "MARK_COLUMNS",
    "MONEY_COLUMNS",
    "PROGRESS_COLUMNS",
    "RATE_COLUMNS",
    "TABLES",
    "Column",
    "Table",
]


GATE_COLUMNS = ("explicit_need", "empty_promise", "funded")
PROGRESS_COLUMNS = tuple(attribute.name for attribute in attrs.fields(StageAnswers))
MONEY_COLUMNS = ("gross_profit", "funds_tied", "exposure")
RATE_COLUMNS = ("annual_rate", "default_probability", "loss_given_default")
MARK_COLUMNS = ("days", "importance", "direction", "side_effects", "deviation")


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
        Column("customer", read_text),
        Column("name", read_text),
        Column("product", read_text),
        Column("value", read_deal_value),
        Column("currency", read_text),
        Column("stage", read_text),
        Column("entered_on", read_day),
        Column("outcome", choice(Outcome)),
        Column("loss_reason", choice(LossReason)),
        Column("forecast_category", choice(ForecastCategory)),
        Column("owner", read_text),
        Column("opened_on", read_day),
        Column("expected_close", read_day),
        Column("closed_on", read_day),
        Column("probability", read_number),
        Column("probability_by", read_text),
        Column("probability_on", read_day),
        Column("probability_until", read_day),
        Column("term", read_text),
        *(Column(name, read_yes_no) for name in GATE_COLUMNS),
        *(
            Column(name, read_whole if name == "open_concerns" else read_yes_no)
            for name in PROGRESS_COLUMNS
        ),
        *(Column(name, read_number) for name in (*MONEY_COLUMNS, *RATE_COLUMNS)),
        *(Column(name, read_whole) for name in MARK_COLUMNS),
    ),
    ("id",),
)
_NEEDS = Table(
    "needs",
    (
        _needed("deal"),
        _needed("kind", choice(NeedKind)),
        Column("mandatory", read_yes_no),
        Column("coverage", choice(NeedCoverage)),
        Column("text", read_text),
    ),
    (),
)
_FACTORS = Table(
    "factors",
    (_needed("deal"), _needed("factor"), Column("score", read_score)),
    ("deal", "factor"),
)
_HISTORY = Table(
    "history",
    (_needed("deal"), _needed("stage"), _needed("on", read_day)),
    ("deal", "stage", "on"),
)
_MILESTONES = Table(
    "milestones",
    (
        _needed("deal"),
        _needed("id"),
        _needed("planned_on", read_day),
        Column("reached_on", read_day),
        Column("moved_to", read_day),
        Column("text", read_text),
    ),
    ("deal", "id"),
)
_PEOPLE = Table(
    "people",
    (
        _needed("id"),
        _needed("customer"),
        Column("name", read_text),
        Column("admin_level", choice(AdminLevel)),
        Column("roles", listed(choice(PurchasingRole))),
        Column("attitude", choice(Attitude)),
        Column("last_contact", read_day),
        Column("our_owner", read_text),
        Column("scope", read_text),
    ),
    ("id",),
)
_CONTACTS = Table(
    "contacts",
    (
        _needed("customer"),
        _needed("on", read_day),
        Column("channel", choice(CommChannel)),
        Column("kind", choice(TouchpointKind)),
        Column("people", listed(read_text)),
        Column("our_people", listed(read_text)),
        Column("executive", read_yes_no),
    ),
    (),
)
_PRODUCTS = Table("products", (_needed("id"), Column("name", read_text)), ("id",))
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
            _PRODUCTS,
            _DEALS,
            _NEEDS,
            _FACTORS,
            _HISTORY,
            _MILESTONES,
            _PEOPLE,
            _CONTACTS,
            _RATES,
        )
    }
)
