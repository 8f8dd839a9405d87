"""The tables that a review reads, column by column."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import attrs

from keyaccount.domain import (
    AdminLevel,
    Attitude,
    CommChannel,
    CommPurpose,
    CoverKind,
    CoverQuality,
    ExecutiveStyle,
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
    choice,
    listed,
    read_amount,
    read_day,
    read_deal_value,
    read_id,
    read_number,
    read_rate,
    read_score,
    read_text,
    read_whole,
    read_yes_no,
)
from ._columns import Column, Table, needed
from ._firm_tables import FIRM_TABLES
from ._lens_tables import LENS_TABLES
from ._our_tables import OUR_TABLES


__all__ = [
    "GATE_COLUMNS",
    "MARK_COLUMNS",
    "MONEY_COLUMNS",
    "PROGRESS_COLUMNS",
    "RATE_COLUMNS",
    "TABLES",
]


GATE_COLUMNS = ("explicit_need", "empty_promise", "funded")
PROGRESS_COLUMNS = tuple(attribute.name for attribute in attrs.fields(StageAnswers))
MONEY_COLUMNS = ("gross_profit", "funds_tied", "exposure")
RATE_COLUMNS = ("annual_rate", "default_probability", "loss_given_default")
MARK_COLUMNS = ("days", "importance", "direction", "side_effects", "deviation")


_CUSTOMERS = Table(
    "customers",
    (
        needed("id", read_id),
        Column("name", read_text),
        Column("industry", read_text),
        Column("relation", choice(Relation)),
        Column("currency", read_text),
        Column("parent", read_id),
        Column("owner", read_text),
        Column("influence", read_number),
        Column("closing_potential", read_number),
    ),
    ("id",),
)
_YEARS = Table(
    "years",
    (
        needed("customer", read_id),
        needed("year", read_whole),
        Column("ends_on", read_day),
        Column("months", read_whole),
        Column("sales", read_amount),
        Column("gross_profit", read_amount),
        Column("due", read_amount),
        Column("collected", read_amount),
        Column("on_time", read_amount),
    ),
    ("customer", "year"),
)
_RECEIVABLES = Table(
    "receivables",
    (
        needed("customer", read_id),
        needed("as_of", read_day),
        needed("total", read_amount),
        Column("overdue_90", read_amount),
    ),
    ("customer", "as_of"),
)
_STANDING = Table(
    "standing",
    (
        needed("customer", read_id),
        Column("reputation_harm", read_yes_no),
        Column("dispute", read_yes_no),
    ),
    ("customer",),
)
_TERMS = Table(
    "terms",
    (
        needed("customer", read_id),
        Column("term", read_text),
        Column("share", read_rate),
        Column("timing", choice(Timing)),
        Column("tenor_days", read_whole),
        Column("title", choice(TitleControl)),
        Column("cover", choice(CoverKind)),
        Column("quality", choice(CoverQuality)),
        Column("ratio", read_rate),
        Column("recourse", read_yes_no),
        Column("at_order", read_yes_no),
    ),
    (),
)
_DEALS = Table(
    "deals",
    (
        needed("id", read_id),
        Column("customer", read_id),
        Column("name", read_text),
        Column("product", read_id),
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
        Column("probability", read_rate),
        Column("probability_by", read_text),
        Column("probability_on", read_day),
        Column("probability_until", read_day),
        Column("term", read_text),
        *(Column(name, read_yes_no) for name in GATE_COLUMNS),
        *(
            Column(name, read_whole if name == "open_concerns" else read_yes_no)
            for name in PROGRESS_COLUMNS
        ),
        *(Column(name, read_amount) for name in MONEY_COLUMNS),
        *(Column(name, read_rate) for name in RATE_COLUMNS),
        *(Column(name, read_whole) for name in MARK_COLUMNS),
    ),
    ("id",),
)
_NEEDS = Table(
    "needs",
    (
        needed("deal", read_id),
        needed("kind", choice(NeedKind)),
        Column("mandatory", read_yes_no),
        Column("coverage", choice(NeedCoverage)),
        Column("text", read_text),
    ),
    (),
)
_FACTORS = Table(
    "factors",
    (needed("deal", read_id), needed("factor"), Column("score", read_score)),
    ("deal", "factor"),
)
_HISTORY = Table(
    "history",
    (needed("deal", read_id), needed("stage"), needed("on", read_day)),
    ("deal", "stage", "on"),
)
_MILESTONES = Table(
    "milestones",
    (
        needed("deal", read_id),
        needed("id", read_id),
        needed("planned_on", read_day),
        Column("reached_on", read_day),
        Column("moved_to", read_day),
        Column("text", read_text),
    ),
    ("deal", "id"),
)
_PEOPLE = Table(
    "people",
    (
        needed("id", read_id),
        needed("customer", read_id),
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
        needed("customer", read_id),
        needed("on", read_day),
        Column("channel", choice(CommChannel)),
        Column("kind", choice(TouchpointKind)),
        Column("people", listed(read_id)),
        Column("our_people", listed(read_text)),
        Column("executive", read_yes_no),
        Column("purpose", choice(CommPurpose)),
        Column("planned", read_yes_no),
        Column("prepared", read_yes_no),
        Column("sales_team_notified", read_yes_no),
        Column("pre_brief", read_yes_no),
        Column("style", choice(ExecutiveStyle)),
        Column("note", read_text),
    ),
    (),
)
_PRODUCTS = Table(
    "products", (needed("id", read_id), Column("name", read_text)), ("id",)
)
_RATES = Table(
    "rates",
    (
        needed("base"),
        needed("quote"),
        needed("on", read_day),
        needed("rate", read_number),
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
            *LENS_TABLES,
            *OUR_TABLES,
            *FIRM_TABLES,
        )
    }
)
