"""Tables to fill in: each of ours with its headings, and what every column means.

Nothing in them is a row: an example stands beside each explanation, never in a table.
The same language gives the same bytes.
"""

from __future__ import annotations

import csv
import functools
import io
from collections.abc import Iterator, Mapping
from importlib import resources
from types import MappingProxyType

import attrs

from keyaccount import wording

from ._cells import read_id
from ._choices import choices_of, is_list, kind_of
from ._columns import Column, Table
from ._tables import TABLES
from ._ways import Form


__all__ = ["ONLY_IF_FILLED", "Told", "explained", "template_files"]


ONLY_IF_FILLED = "only-if-filled"
"""The folder of tables that say "we have none" where they stand without a row."""

_EMPTY_SAYS_NONE = frozenset(
    {"products", "intents", "executives", "readiness", "capacities", "rates"}
)
_GUIDE = "columns.txt"
_LONGEST = 40
_EXAMPLES: Mapping[Form, str] = MappingProxyType(
    {
        Form.WHOLE: "1",
        Form.NUMBER: "7.1",
        Form.AMOUNT: "1200000",
        Form.RATE: "0.25",
        Form.DAY: "2025-12-31",
        Form.TEXT: "A1",
    }
)


@attrs.frozen
class Told:
    """What is to be said of one column: meaning, form, choices, an example."""

    table: str
    heading: str
    meaning: str
    form: str
    choices: tuple[tuple[str, str], ...]
    is_required: bool
    example: str

    @property
    def choice_lines(self) -> tuple[str, ...]:
        """Each choice and what it is called."""
        return tuple(f"{slug}: {name}" for slug, name in self.choices)


def explained(table: Table, locale: str) -> tuple[Told, ...]:
    """Say of each column of a table what it means and how it is written."""
    examples = _examples(table.name)
    return tuple(
        Told(
            table.name,
            column.name,
            _meaning(table, column, locale),
            wording.label("workbook", f"form-{_form(column)}", locale),
            tuple(
                (slug, wording.label(kind_of(column), slug, locale))
                for slug in choices_of(column)
            ),
            column.is_required,
            examples.get(column.name) or _made_up(column),
        )
        for column in table.columns
    )


def template_files(locale: str = "en") -> Mapping[str, str]:
    """Return a CSV for every table, by its name in the folder, and a guide.

    A table that says "we have none" where it holds no row stands in a folder below:
    whoever fills it in moves it to the others.
    """
    files = {_GUIDE: "".join(f"{line}\n" for line in _guide(locale))}
    for table in TABLES.values():
        out = io.StringIO()
        names = [column.name for column in table.columns]
        csv.writer(out, lineterminator="\r\n").writerow(names)
        below = f"{ONLY_IF_FILLED}/" if table.name in _EMPTY_SAYS_NONE else ""
        files[f"{below}{table.file}"] = out.getvalue()
    return MappingProxyType(files)


def _guide(locale: str) -> Iterator[str]:
    required = wording.label("workbook", "required", locale)
    for table in TABLES.values():
        yield f"{table.file}: {wording.label('intake-table', table.name, locale)}"
        for told in explained(table, locale):
            must = f" ({required})" if told.is_required else ""
            yield f"    {told.heading}{must}: {told.meaning}; {told.form}"
            if told.choices:
                yield f"        {', '.join(told.choice_lines)}"
        yield ""


def _meaning(table: Table, column: Column, locale: str) -> str:
    own = f"{table.name}-{column.name}"
    found = wording.label("column", own, locale)
    return wording.label("column", column.name, locale) if found == own else found


def _form(column: Column) -> str:
    if is_list(column):
        return "several"
    if choices_of(column):
        return "choice"
    return "id" if column.read is read_id else column.form.value


def _made_up(column: Column) -> str:
    choices = choices_of(column)
    return choices[0] if choices else _EXAMPLES[column.form]


@functools.cache
def _examples(table: str) -> Mapping[str, str]:
    """Return what stands first in each column of the shipped, invented firm."""
    file = resources.files("keyaccount").joinpath(f"demo/{table}.csv")
    if not file.is_file():
        return MappingProxyType({})
    found: dict[str, str] = {}
    for row in csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))):
        for name, text in row.items():
            if text and len(text) <= _LONGEST:
                found.setdefault(name, text)
    return MappingProxyType(found)
