"""The tables that tell of our firm as a whole."""

from __future__ import annotations

from keyaccount.domain import KnowledgeKind, ObligationKind

from ._cells import (
    choice,
    listed,
    read_day,
    read_flag,
    read_id,
    read_text,
    read_whole,
    read_yes_no,
)
from ._columns import Column, Table, needed


__all__ = ["FIRM_TABLES"]


_EXECUTIVES = Table(
    "executives",
    (
        needed("id", read_id),
        needed("name"),
        Column("chief", read_flag),
        Column("trained", read_yes_no),
        Column("most_accounts", read_whole),
        Column("visits_per_year", read_whole),
    ),
    ("id",),
)
_READINESS = Table(
    "readiness",
    (
        needed("item", read_id),
        Column("answer", read_yes_no),
        Column("answered_on", read_day),
        Column("by", read_text),
        Column("note", read_text),
    ),
    ("answered_on", "item"),
)
_INDUSTRIES = Table(
    "industries",
    (
        needed("industry"),
        needed("counted_on", read_day),
        Column("targets", read_whole),
        Column("served", read_whole),
    ),
    ("industry", "counted_on"),
)
_CAPACITIES = Table(
    "capacities",
    (
        needed("owner"),
        needed("kind", choice(ObligationKind)),
        Column("per_year", read_whole),
    ),
    ("owner", "kind"),
)
_KNOWLEDGE = Table(
    "knowledge",
    (
        needed("id", read_id),
        needed("kind", choice(KnowledgeKind)),
        needed("text"),
        Column("industry", read_text),
        Column("needs", listed(read_id)),
        Column("customer", read_id),
        Column("recorded_on", read_day),
    ),
    ("id",),
)

FIRM_TABLES = (_EXECUTIVES, _READINESS, _INDUSTRIES, _CAPACITIES, _KNOWLEDGE)
