"""The mappings that ship with the library, fitted to the files that stand in a folder.

A layout of another system names, for each column of ours, the headings that its
exports may have, the first choice first; only those that are there are mapped.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from pathlib import Path
from types import MappingProxyType

import attrs

from keyaccount.exceptions import Problems, UnknownNameError

from ._aliases import parts_of, told
from ._layout import folded
from ._mapping import NO_MAPPING, Mapped, TableMapping, read_mapping
from ._seen import Seen, seen_in
from ._tables import TABLES


__all__ = ["SHIPPED", "mapping_for", "shipped_mapping"]


SHIPPED = ("frappe", "hubspot", "odoo", "salesforce")
"""The systems whose exports a shipped mapping reads."""

_FEWEST = 3  # headings by which a file is known that is called otherwise

Headings = Mapping[str, tuple[str, ...]]
Values = Mapping[str, Mapping[str, str]]


@attrs.frozen
class _Layout:
    """How one of their tables may look: its files, its headings, its values."""

    table: str
    files: frozenset[str]
    columns: Headings
    values: Values
    drop: frozenset[str]


@attrs.frozen
class _System:
    """The tables of another system; `keys` say how they call a customer."""

    layouts: tuple[_Layout, ...]
    keys: tuple[Headings, ...]


def mapping_for(
    folder: Path, said: Path | None, *, own_facts: Sequence[str] = ()
) -> Mapped:
    """Return the mapping that a file holds or that ships under a name.

    Raises:
        ReadError: the file cannot be read; every mistake in it is listed.
    """
    if said is None:
        return NO_MAPPING
    if not said.exists() and str(said) in SHIPPED:
        return shipped_mapping(str(said), folder)
    return read_mapping(said, own_facts=own_facts)


def shipped_mapping(name: str, folder: Path) -> Mapped:
    """Fit a shipped mapping to the files of a folder.

    Raises:
        UnknownNameError: no mapping of that name ships.
    """
    if name not in SHIPPED:
        raise UnknownNameError("mapping", name, SHIPPED)
    system = _system(name)
    found = _files(system, tuple(seen_in(folder, Problems())))
    keys = _keys(system, found)
    tables = {
        layout.table: _fitted(layout, found[layout.table], keys)
        for layout in system.layouts
        if layout.table in found
    }
    return Mapped(tables=MappingProxyType(tables))


@functools.cache
def _system(name: str) -> _System:
    folder = resources.files("keyaccount").joinpath("intake/mappings")
    text = folder.joinpath(f"{name}.toml").read_bytes().decode()
    document = tomllib.loads(text)
    keys = tuple(_headings(kind) for kind in document.pop("keys"))
    layouts = (
        _Layout(
            table,
            frozenset(map(told, given["files"])),
            _headings(given["columns"]),
            MappingProxyType(given.get("values", {})),
            frozenset(map(told, given.get("drop", ()))),
        )
        for table, given in document.items()
    )
    return _System(tuple(layouts), keys)


def _headings(given: Mapping[str, Iterable[str]]) -> Headings:
    return MappingProxyType(
        {name: tuple(map(told, words)) for name, words in given.items()}
    )


def _files(system: _System, seen: Sequence[Seen]) -> dict[str, Seen]:
    """Say which file is which table: by its name, else by the headings it has."""
    found: dict[str, Seen] = {}
    free = list(seen)
    for layout in system.layouts:
        named = [one for one in free if told(one.stem) in layout.files]
        named += [one for one in free if parts_of(one.stem) & layout.files]
        if named:
            found[layout.table] = named[0]
            free.remove(named[0])
    for layout in system.layouts:
        ranked = sorted(free, key=lambda one: -_count(layout, one))
        if layout.table not in found and ranked:
            best = ranked[0]
            if _count(layout, best) >= _FEWEST:
                found[layout.table] = best
                free.remove(best)
    return found


def _count(layout: _Layout, seen: Seen) -> int:
    names = {told(heading) for heading in seen.headings}
    return sum(bool(names & {*words}) for words in layout.columns.values())


def _keys(system: _System, found: Mapping[str, Seen]) -> Headings:
    """Choose how customers are called: as all tables do, else as their own does."""
    names = {
        table: {told(heading) for heading in one.headings}
        for table, one in found.items()
    }
    serving = [
        kind
        for kind in system.keys
        if all(names[table] & {*kind[table]} for table in names if table in kind)
    ]
    own = [
        kind
        for kind in system.keys
        if names.get("customers", set()) & {*kind["customers"]}
    ]
    return (*serving, *own, system.keys[0])[0]


def _fitted(layout: _Layout, seen: Seen, keys: Headings) -> TableMapping:
    """Map the headings that are there; none is taken for what it is not."""
    by_name = {told(heading): heading for heading in reversed(seen.headings)}
    key = "id" if layout.table == "customers" else "customer"
    wanted = {**layout.columns, key: keys.get(layout.table, ())}
    columns: dict[str, tuple[str, ...]] = {}
    taken: set[str] = set()
    for name, words in wanted.items():
        heading = next((by_name[word] for word in words if word in by_name), None)
        if heading is not None:
            columns[heading] = (*columns.get(heading, ()), name)
            taken.add(name)
    ours = {column.name for column in TABLES[layout.table].columns}
    for heading in seen.headings:
        name = folded(heading)
        is_other = name in taken or told(heading) in layout.drop
        if heading not in columns and name in ours and is_other:
            columns[heading] = ()
    values = {name: said for name, said in layout.values.items() if name in taken}
    return TableMapping(
        seen.file,
        MappingProxyType(columns),
        MappingProxyType(values),
        sheet=seen.sheet,
    )
