"""What the pipeline in use says of the deals' rows: its stages, its own facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import attrs

from keyaccount import wording
from keyaccount.exceptions import Problems, nearest
from keyaccount.models.stages import AskedFact, Pipeline
from keyaccount.rules import Fact, FactKind

from ._cells import Reader, folded, read_deal_id, read_number, read_text, read_yes_no
from ._columns import Column, Table
from ._rows import Entry, Ledger
from ._tables import TABLES
from ._ways import Form


__all__ = ["facts_by_deal", "with_known_stages", "with_own_facts"]


Rows = Mapping[str, Sequence[Entry]]
OwnFacts = Mapping[str, Mapping[str, object]]

_READERS: Mapping[FactKind, Reader] = MappingProxyType(
    {
        FactKind.YES_NO: read_yes_no,
        FactKind.NUMBER: read_number,
        FactKind.CHOICE: read_text,
    }
)


_FORMS: Mapping[FactKind, Form] = MappingProxyType({FactKind.NUMBER: Form.NUMBER})


def with_own_facts(table: Table, pipeline: Pipeline) -> Table:
    """Return the table of deals with a column for each of the pipeline's own facts.

    A row of totals is none of its rows.
    """
    declared = (asked.declared() for asked in _own_facts(pipeline))
    own = (
        Column(fact.name, _reader(fact), form=_FORMS.get(fact.kind, Form.TEXT))
        for fact in declared
    )
    ours = (
        attrs.evolve(column, read=read_deal_id) if column.name == "id" else column
        for column in table.columns
    )
    return attrs.evolve(table, columns=(*ours, *own))


def _own_facts(pipeline: Pipeline) -> list[AskedFact]:
    """Return those that are not called as a column of ours is."""
    ours = {column.name for column in TABLES["deals"].columns}
    return [asked for asked in pipeline.facts if asked.id not in ours]


def _reader(fact: Fact) -> Reader:
    read_cell = _READERS[fact.kind]

    def read(column: str, text: str, problems: Problems) -> object | None:
        value = read_cell(column, text, problems)
        return None if value is None else fact.read(value, problems)

    return read


def facts_by_deal(deals: Sequence[Entry], pipeline: Pipeline) -> OwnFacts:
    """Return what is known of the pipeline's own facts, by the deal's id."""
    names = [asked.id for asked in _own_facts(pipeline)]
    found = {}
    for row in deals:
        known = {name: row.values[name] for name in names if name in row.values}
        if known:
            found[str(row.values["id"])] = MappingProxyType(known)
    return found


def with_known_stages(
    entries: Rows, pipeline: Pipeline, ledger: Ledger
) -> dict[str, Sequence[Entry]]:
    """Read the stages by their slugs or by what people call them.

    A deal at a stage that the pipeline does not have is kept, its stage not known;
    the way that led there tells nothing then.
    """
    names = _names(pipeline)
    deals, lost = [], set()
    for row in entries.get("deals", ()):
        text = row.text("stage")
        slug = None if text is None else names.get(folded(text))
        if text is not None and slug is None:
            problems = Problems()
            wanted = nearest(folded(text), pipeline.by_id)
            problems.add("stage", "unknown-choice", text, wanted)
            ledger.remark(row.file, row.line, problems.all())
            lost.add(str(row.values["id"]))
        deals.append(_at(row, slug))
    history = [
        _at(row, names.get(folded(str(row.values["stage"])), row.text("stage")))
        for row in entries.get("history", ())
        if row.text("deal") not in lost
    ]
    return {**entries, "deals": deals, "history": history}


def _names(pipeline: Pipeline) -> dict[str, str]:
    """Return every stage by its slug, and by its label in each language."""
    own = pipeline.own_labels
    found: dict[str, set[str]] = {}
    for slug in pipeline.by_id:
        for locale in wording.LOCALES:
            label = wording.label("stage", slug, locale, own=own)
            found.setdefault(folded(label), set()).add(slug)
    told = {name: slugs.pop() for name, slugs in found.items() if len(slugs) == 1}
    return {**told, **{folded(slug): slug for slug in pipeline.by_id}}


def _at(row: Entry, stage: str | None) -> Entry:
    values = {name: value for name, value in row.values.items() if name != "stage"}
    if stage is not None:
        values["stage"] = stage
    return attrs.evolve(row, values=values)
