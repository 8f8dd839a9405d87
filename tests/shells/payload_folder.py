"""A small folder of tables in which every text column holds a payload."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path

from keyaccount.intake import TABLES
from keyaccount.intake._cells import Several, SeveralOrNone, read_id, read_text
from keyaccount.intake._columns import Column, Table


__all__ = ["TEXTS", "cells", "write_folder"]


DEMO = Path(str(resources.files("keyaccount") / "demo"))
_CLEAN, _DIRTY = "C01", "C02"
_LISTS = (Several, SeveralOrNone)
# What must be one of the names that others chose: it is only ever put in alone.
_CHOSEN = frozenset({"currency", "stage", "term", "factor", "base", "quote"})
# What the shipped firm leaves out.
_MORE: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "rates": ({"base": "EUR", "quote": "CNY", "on": "2025-12-31", "rate": "7.8"},),
    "history": ({"deal": "D01", "stage": "proposal-negotiation", "on": "2025-12-03"},),
    "products": ({"id": "P1", "name": "line haul"}, {"id": "P2", "name": "storage"}),
}


def _holds_text(column: Column) -> bool:
    read = column.read.read if isinstance(column.read, _LISTS) else column.read
    return read in {read_text, read_id}


TEXTS: Mapping[str, tuple[str, ...]] = {
    table.name: tuple(one.name for one in table.columns if _holds_text(one))
    for table in TABLES.values()
}


def write_folder(folder: Path, payload: str) -> None:
    """Write clean rows, rows full of a payload, and one row a column that holds it."""
    (folder / "policy.toml").write_bytes((DEMO / "policy.toml").read_bytes())
    for table in TABLES.values():
        names = [column.name for column in table.columns]
        with (folder / table.file).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names, restval="")
            writer.writeheader()
            writer.writerows(_rows(table, payload))


def cells(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Yield the table, the column and the text of every cell of a folder."""
    for table in TABLES.values():
        text = (folder / table.file).read_bytes().decode()
        for row in csv.DictReader(text.splitlines(keepends=True)):
            yield from ((table.name, name, cell) for name, cell in row.items())


def _rows(table: Table, payload: str) -> Iterator[dict[str, str]]:
    clean, *others = _sound(table)
    yield clean
    texts = [
        column.name
        for column in table.columns
        if column.read is read_text and column.name not in _CHOSEN
    ]
    for other in others:
        yield other | {name: f"{payload}{other.get(name, '')}" for name in texts}
    for name in TEXTS[table.name]:
        fresh = {} if table.key != ("id",) else {"id": f"{table.name}-{name}"}
        yield clean | fresh | {name: payload}


def _sound(table: Table) -> list[dict[str, str]]:
    """Return rows of the shipped firm: one of a customer, and all of another."""
    more = [dict(row) for row in _MORE.get(table.name, ())]
    if more:
        return more
    text = (DEMO / table.file).read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    whose = "id" if table.name == "customers" else "customer"
    ours = [row for row in rows if row.get(whose) in {_CLEAN, _DIRTY}]
    return [*ours[:1], *ours[1:4]] if ours else rows[:3]
