"""One of several types: tables by their `kind`, single values by trying."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Literal, cast, get_args, get_origin

import cattrs

from keyaccount.exceptions import InvalidValueError, nearest

from ._parts import Reader, Writer, reader_of, writer_of
from ._refusals import Found, refusal
from ._shapes import (
    Annotation,
    bare,
    is_optional,
    is_table,
    kind_of,
    members,
    strip_optional,
)


__all__ = ["is_literal", "read_literal", "read_union", "split", "write_union"]


_TABLE = "a table (a JSON object)"


def is_literal(annotation: Annotation) -> bool:
    """Whether it is `Literal["a", "b"]`."""
    return get_origin(annotation) is Literal


def read_literal(annotation: Annotation) -> Reader:
    """Read one of a few texts."""
    offered = get_args(annotation)

    def literal(value: object, _: object) -> object:
        if isinstance(value, str) and value in offered:
            return value
        if isinstance(value, str):
            raise refusal("unknown-choice", value, nearest(value[:200], offered))
        raise refusal("wrong-type", value, nearest("", offered))

    return literal


def read_union(annotation: Annotation, converter: cattrs.Converter) -> Reader:
    """Read one of several types: tables by their `kind`, the rest by trying."""
    if is_optional(annotation):
        inner = strip_optional(annotation)
        read = reader_of(converter, inner)

        def optional(value: object, _: object) -> object:
            return None if value is None else read(value, inner)

        return optional
    tables, others = split(annotation)
    kinds = {kind_of(cast("type", bare(part))): part for part in tables}
    hooks = [(reader_of(converter, part), part) for part in others]

    def union(value: object, _: object) -> object:
        if isinstance(value, Mapping) and kinds:
            part, rest = _by_kind(value, kinds)
            return reader_of(converter, part)(rest, part)
        for hook, part in hooks:
            with contextlib.suppress(InvalidValueError):
                return hook(value, part)
        wanted = [*(_TABLE for _ in kinds), *(str(_word(part)) for part in others)]
        raise refusal("wrong-type", value, " or ".join(dict.fromkeys(wanted)))

    return union


def split(
    annotation: Annotation,
) -> tuple[list[Annotation], list[Annotation]]:
    """Return the classes that a union joins, and what else it joins."""
    tables = [part for part in members(annotation) if is_table(part)]
    others = [part for part in members(annotation) if part not in tables]
    return tables, others


def _by_kind(
    value: Mapping[object, object], kinds: Mapping[str, Annotation]
) -> tuple[Annotation, Mapping[object, object]]:
    if len(kinds) == 1:
        return next(iter(kinds.values())), value
    problems = Found()
    kind = value.get("kind")
    if isinstance(kind, str) and kind in kinds:
        rest = {key: part for key, part in value.items() if key != "kind"}
        return kinds[kind], rest
    if "kind" not in value:
        problems.note(".kind", "missing", None, nearest("", kinds))
    elif isinstance(kind, str):
        problems.note(".kind", "unknown-choice", kind, nearest(kind[:200], kinds))
    else:
        problems.note(".kind", "wrong-type", kind, nearest("", kinds))
    problems.stop()
    raise AssertionError  # pragma: no cover - stop() has raised


def _word(annotation: Annotation) -> str:
    names = {
        "str": "text",
        "float": "a number",
        "Decimal": "a number",
        "int": "a number",
    }
    name = getattr(annotation, "__name__", str(annotation))
    return names.get(name, name)


def write_union(annotation: Annotation, converter: cattrs.Converter) -> Writer:
    """Write one of several types; tables say their `kind` where there are several."""
    if is_optional(annotation):
        inner = writer_of(converter, strip_optional(annotation))

        def optional(value: object) -> object:
            return None if value is None else inner(value)

        return optional
    tables, _ = split(annotation)

    def union(value: object) -> object:
        written = writer_of(converter, type(value))(value)
        if len(tables) > 1 and isinstance(written, dict) and is_table(type(value)):
            return {"kind": kind_of(type(value)), **written}
        return written

    return union
