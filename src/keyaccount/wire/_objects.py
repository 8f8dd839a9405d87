"""Classes both ways: every key is read, and all that is wrong is said at once."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import cast

import cattrs

from keyaccount.exceptions import KeyAccountError, Problem, Problems, nearest
from keyaccount.rules import (
    Fact,
    FactKind,
    Facts,
    FactSchema,
    FactValue,
    Reason,
    Told,
    Verdict,
)
from keyaccount.tri import Tri

from ._context import knowing
from ._parts import Reader, Writer, reader_of, writer_of
from ._refusals import Found, place, refusal
from ._shapes import REQUIRED, Annotation, Field, Shape, shape_of


__all__ = [
    "build",
    "read_facts",
    "read_fields",
    "read_object",
    "read_seen",
    "table_of",
    "write_facts",
    "write_fields",
    "write_object",
    "write_seen",
    "write_verdict",
]


_UNKNOWN = "unknown"


def table_of(value: object) -> Mapping[object, object]:
    """Take a table, refuse the rest."""
    if isinstance(value, Mapping):
        return value
    raise refusal("wrong-type", value, "a table (a JSON object)")


def read_object(annotation: Annotation, converter: cattrs.Converter) -> Reader:
    """Read an attrs class from a table."""
    shape = shape_of(annotation)

    def read(value: object, _: object) -> object:
        found = Found()
        given = read_fields(table_of(value), shape.fields, converter, found)
        return build(shape, given, found)

    return read


def read_fields(
    table: Mapping[object, object],
    fields: Mapping[str, Field],
    converter: cattrs.Converter,
    found: Found,
) -> dict[str, object] | None:
    """Read a table's keys into arguments; None if one of them cannot be had."""
    given: dict[str, object] = {}
    is_whole = True
    for key, value in table.items():
        field = fields.get(key) if isinstance(key, str) else None
        if field is None:
            name = str(key)
            expected = nearest(name[:200], fields)
            found.note(place(name), "unknown-key", name, expected)
            continue
        try:
            given[field.name] = _read_field(field, value, converter)
        except KeyAccountError as error:
            found.under(place(field.key), error)
            is_whole = False
    for field in fields.values():
        if field.key in table:
            continue
        if field.default is REQUIRED:
            data = (("expected", field.key),)
            found.extend((Problem(f"${place(field.key)}", "missing", data),))
            is_whole = False
        elif field.default is None:
            given[field.name] = None
    return given if is_whole else None


def _read_field(field: Field, value: object, converter: cattrs.Converter) -> object:
    if field.says_unknown and value == _UNKNOWN:
        return None
    return reader_of(converter, field.type)(value, field.type)


def build(shape: Shape, given: dict[str, object] | None, found: Found) -> object:
    """Build the value and add what its class finds wrong; raise if anything is."""
    built: object = None
    if given is not None:
        try:
            built = _told(shape, given)
        except KeyAccountError as error:
            found.under("", error)
    found.stop()
    return built


def _told(shape: Shape, given: dict[str, object]) -> object:
    make = cast("Callable[..., object]", shape.cls)
    if issubclass(shape.cls, Verdict):
        reason = cast("Reason", given.pop("evidence"))
        return make(**given, evidence=Told(reason))
    return make(**given)


def write_object(annotation: Annotation, converter: cattrs.Converter) -> Writer:
    """Write an attrs class as a table; what is unknown is left out."""
    shape = shape_of(annotation)

    def write(value: object) -> object:
        if type(value) is not shape.cls:
            return writer_of(converter, type(value))(value)
        return write_fields(value, shape.fields, converter)

    return write


def write_fields(
    value: object, fields: Mapping[str, Field], converter: cattrs.Converter
) -> dict[str, object]:
    """Write the fields of a value, in the order of the class."""
    table: dict[str, object] = {}
    found = Found()
    for field in fields.values():
        part = getattr(value, field.source)
        if part is None:
            if field.default is not None and field.default is not REQUIRED:
                table[field.key] = _UNKNOWN if field.says_unknown else None
            continue
        try:
            table[field.key] = writer_of(converter, field.type)(part)
        except KeyAccountError as error:
            found.under(place(field.key), error)
    found.check(type(value).__name__)
    return table


def write_verdict(annotation: Annotation, converter: cattrs.Converter) -> Writer:
    """Write a verdict with its reasons; its numbers stand on their own."""
    write = write_object(annotation, converter)

    def verdict(value: object) -> object:
        with knowing(names=False):
            return write(value)

    return verdict


def read_facts(_: Annotation, converter: cattrs.Converter) -> Reader:
    """Read facts together with what declares them."""

    def read(value: object, _: object) -> Facts:
        table = table_of(value)
        found = Found()
        given = read_fields(table, _facts_fields(), converter, found)
        found.stop()
        schema = cast("FactSchema", cast("dict[str, object]", given)["schema"])
        values = table_of(table["values"])
        try:
            return schema.read(
                {
                    str(name): _told_fact(schema, name, part)
                    for name, part in values.items()
                }
            )
        except KeyAccountError as error:
            found.under(".values", error)
        found.stop()
        raise AssertionError  # pragma: no cover - stop() has raised

    return read


@functools.cache
def _facts_fields() -> Mapping[str, Field]:
    return {
        "schema": Field("schema", "schema", "schema", FactSchema),
        "values": Field("values", "values", "values", Mapping[str, float | str]),
    }


def _told_fact(schema: FactSchema, name: object, value: object) -> object:
    if name in schema and schema[str(name)].kind is FactKind.YES_NO:
        return {"yes": Tri.YES, "no": Tri.NO}.get(str(value), value)
    return value


def write_facts(_: Annotation, converter: cattrs.Converter) -> Writer:
    """Write facts together with what declares them; unknown ones are left out."""
    write = writer_of(converter, FactSchema)

    def facts(value: Facts) -> dict[str, object]:
        values = {
            name: _plain(part) for name, part in value.items() if part is not None
        }
        return {"schema": write(value.schema), "values": values}

    return facts


def read_seen(_: Annotation, __: cattrs.Converter) -> Reader:
    """Read the values that a judgement once saw; what they are, they say themselves."""

    def read(value: object, _: object) -> Facts:
        table, found, unread = table_of(value), Found(), Problems()
        facts: list[Fact] = []
        values: dict[str, FactValue] = {}
        for name, part in table.items():
            try:
                fact, known = _once_known(str(name), part)
            except KeyAccountError as error:
                found.under(place(str(name)), error)
                continue
            values[fact.name] = fact.read(known, unread)
            facts.append(fact)
        found.extend(unread.all())
        found.stop()
        return Facts(FactSchema(tuple(facts)), tuple(values.values()))

    return read


def _once_known(name: str, value: object) -> tuple[Fact, object]:
    if isinstance(value, bool):
        return Fact.yes_no(name), value
    if isinstance(value, str):
        return Fact.choice(name, (value,)), value
    return Fact.number(name), value


def write_seen(_: Annotation, __: cattrs.Converter) -> Writer:
    """Write the known values by name: numbers, slugs, true or false for yes or no."""

    def write(value: Facts) -> dict[str, object]:
        return {
            name: part is Tri.YES if isinstance(part, Tri) else part
            for name, part in sorted(value.items())
            if part is not None
        }

    return write


def _plain(value: FactValue) -> object:
    return value.value if isinstance(value, Tri) else value
