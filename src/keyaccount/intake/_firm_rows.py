"""From the rows that tell of our firm as a whole to what we know of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeVar

from keyaccount.book.our_side import Firm
from keyaccount.domain import (
    ChecklistAnswer,
    Executive,
    IndustryReach,
    KnowledgeItem,
    ServiceCapacity,
)
from keyaccount.exceptions import nearest
from keyaccount.models import readiness

from ._our_rows import renamed, targets_of
from ._rows import Entry, Ledger, each_of, one_problem


__all__ = ["firm_of", "with_known_lines"]


Noun = TypeVar("Noun")
Entries = Mapping[str, Sequence[Entry]]


def with_known_lines(
    entries: Entries, policy: readiness.ReadinessPolicy | None, ledger: Ledger
) -> dict[str, Sequence[Entry]]:
    """Leave out the answers to lines that no checklist of the policy has."""
    answers = entries.get("readiness")
    if answers is None:
        return dict(entries)
    lines = [line.id for line in (policy or readiness.default_policy()).lines]
    known = []
    for row in answers:
        item = str(row.values["item"])
        if item in lines:
            known.append(row)
        else:
            told = one_problem("item", "unknown-choice", item, nearest(item, lines))
            ledger.reject(row, told)
    return {**entries, "readiness": known}


def firm_of(entries: Entries, customers: Collection[str], ledger: Ledger) -> Firm:
    """Build what we know of our firm; None of what no table tells.

    *customers* are the ids of those that were accepted: what was learned from another
    one is kept, and told.
    """
    executive = renamed(Executive, chief="is_chief")
    executives = _told(executive, entries.get("executives"), ledger)
    _tell_strangers(entries.get("pairings", ()), executives, ledger)
    learned = entries.get("knowledge", ())
    _tell_lost(learned, "customer", customers, ledger)
    aims = [row for row in entries.get("targets", ()) if "customer" not in row.values]
    return Firm(
        executives=executives,
        answers=_told(renamed(ChecklistAnswer), entries.get("readiness"), ledger),
        reaches=each_of(entries.get("industries", ()), renamed(IndustryReach), ledger),
        capacities=_told(renamed(ServiceCapacity), entries.get("capacities"), ledger),
        targets=targets_of(aims, None, ledger),
        knowledge=each_of(learned, renamed(KnowledgeItem), ledger),
    )


def _told(
    build: Callable[[Entry], Noun], rows: Sequence[Entry] | None, ledger: Ledger
) -> tuple[Noun, ...] | None:
    return None if rows is None else each_of(rows, build, ledger)


def _tell_strangers(
    pairings: Sequence[Entry], executives: tuple[Executive, ...] | None, ledger: Ledger
) -> None:
    """Remark which executives no table knows; without a table nobody can say."""
    if executives is not None:
        known = {executive.id for executive in executives}
        _tell_lost(pairings, "executive", known, ledger)


def _tell_lost(
    rows: Sequence[Entry], column: str, known: Collection[str], ledger: Ledger
) -> None:
    for row in rows:
        named = row.text(column)
        if named is None or named in known or ledger.has_rejected(row.file, row.line):
            continue
        wanted = f"no accepted row of the {column}s has this id; the row is kept"
        told = one_problem(column, "contradiction", named, wanted)
        ledger.remark(row.file, row.line, told)
