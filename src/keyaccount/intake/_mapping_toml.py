"""A mapping as the file that says it, so that a person may change it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ._mapping import Mapped, TableMapping
from ._suggested_toml import quoted


__all__ = ["mapping_toml"]


def mapping_toml(mapping: Mapped) -> str:
    """Write a mapping as a file that `read_mapping` takes."""
    lines = [
        line for name, table in mapping.tables.items() for line in _of(name, table)
    ]
    return "\n".join(lines).strip() + "\n"


def _of(name: str, table: TableMapping) -> Iterator[str]:
    yield ""
    yield f"[{name}]"
    if table.file is not None:
        yield f"file = {quoted(table.file)}"
    if table.sheet is not None:
        yield f"sheet = {quoted(table.sheet)}"
    if table.fixed:
        fixed = ", ".join(
            f"{one} = {quoted(text)}" for one, text in table.fixed.items()
        )
        yield f"fixed = {{ {fixed} }}"
    if table.percent:
        yield f"percent = [{', '.join(map(quoted, sorted(table.percent)))}]"
    yield f"[{name}.columns]"
    for heading, ours in table.columns.items():
        yield f"{quoted(heading)} = {_several(ours)}"
    for column, said in table.values.items():
        yield f"[{name}.values.{column}]"
        yield from _pairs(said)


def _several(names: tuple[str, ...]) -> str:
    told = [quoted(name) for name in names] or ['""']
    return told[0] if len(told) == 1 else f"[{', '.join(told)}]"


def _pairs(said: Mapping[str, str]) -> Iterator[str]:
    for theirs, ours in said.items():
        yield f"{quoted(theirs)} = {quoted(ours)}"
