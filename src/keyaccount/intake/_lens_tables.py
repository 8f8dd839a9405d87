"""The tables beside a customer that tell more than what it is worth."""

from __future__ import annotations

import attrs

from keyaccount.domain import (
    BackgroundAnalysis,
    BuyingFactor,
    ChannelPlans,
    ProductDemand,
    StrategicAttribute,
    StrategicIntentKind,
)

from ._cells import (
    choice,
    listed_or_none,
    read_amount,
    read_day,
    read_id,
    read_number,
    read_rate,
    read_text,
    read_whole,
    read_yes_no,
)
from ._columns import Column, Table, needed


__all__ = ["BESIDE", "LENS_TABLES"]


_COOPERATION = Table(
    "cooperation",
    (
        needed("customer", read_id),
        Column("service_lines", listed_or_none(read_id)),
        Column("customised", read_yes_no),
        Column("executives_meet_ours", read_yes_no),
        Column("commits_resources", read_yes_no),
        Column("intents_served", listed_or_none(choice(StrategicIntentKind))),
    ),
    ("customer",),
)
_INTENTS = Table(
    "intents",
    (
        needed("id", read_id),
        needed("kind", choice(StrategicIntentKind)),
        needed("valid_from", read_day),
        Column("valid_until", read_day),
        Column("text", read_text),
    ),
    ("id",),
)
_ATTRIBUTES = Table(
    "attributes",
    (
        needed("customer", read_id),
        *(Column(attribute.value, read_number) for attribute in StrategicAttribute),
    ),
    ("customer",),
)
_SHARES = Table(
    "shares",
    (
        needed("customer", read_id),
        Column("category", read_id),
        needed("year", read_whole),
        Column("currency", read_text),
        Column("ours", read_amount),
        Column("spend", read_amount),
        Column("business", read_amount),
    ),
    ("customer", "category", "year"),
)
_RIVALS = Table(
    "rivals",
    (
        needed("customer", read_id),
        Column("category", read_id),
        needed("year", read_whole),
        needed("name", read_id),
        Column("amount", read_amount),
    ),
    ("customer", "category", "year", "name"),
)
_BACKGROUND = Table(
    "background",
    (
        needed("customer", read_id),
        *(Column(field.name, read_text) for field in attrs.fields(BackgroundAnalysis)),
        Column("analysed_on", read_day),
    ),
    ("customer",),
)
_REQUIREMENTS = Table(
    "requirements",
    (
        needed("customer", read_id),
        needed("demand", choice(ProductDemand)),
        Column("required", read_whole),
        Column("ours", read_whole),
    ),
    ("customer", "demand"),
)
_CHANNELS = Table(
    "channels",
    (
        needed("customer", read_id),
        *(Column(field.name, read_yes_no) for field in attrs.fields(ChannelPlans)),
    ),
    ("customer",),
)
_PURCHASES = Table(
    "purchases",
    (
        needed("customer", read_id),
        needed("on", read_day),
        Column("amount", read_amount),
    ),
    (),
)
_PROFILES = Table(
    "profiles",
    (
        needed("customer", read_id),
        *(Column(factor.value, read_whole) for factor in BuyingFactor),
        needed("observed_on", read_day),
        Column("scenario", read_id),
        Column("source", read_text),
    ),
    (),
)
_CONTRACTS = Table(
    "contracts",
    (
        needed("customer", read_id),
        Column("margin", read_amount),
        Column("retention", read_rate),
        Column("currency", read_text),
    ),
    ("customer",),
)

LENS_TABLES = (
    _COOPERATION,
    _INTENTS,
    _ATTRIBUTES,
    _SHARES,
    _RIVALS,
    _BACKGROUND,
    _REQUIREMENTS,
    _CHANNELS,
    _PURCHASES,
    _PROFILES,
    _CONTRACTS,
)
BESIDE = tuple(table.name for table in LENS_TABLES if table is not _INTENTS)
"""Those of which a row is about one customer."""
