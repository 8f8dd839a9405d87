"""Lists, sets and tables both ways; each names the part that is wrong."""

from __future__ import annotations

import enum
import json
from collections.abc import Callable, Mapping
from typing import TypeAlias, cast, get_args, get_origin

import cattrs

from keyaccount.exceptions import KeyAccountError

from ._refusals import Found, place, refusal
from ._shapes import Annotation


__all__ = [
    "Reader",
    "Writer",
    "is_list",
    "is_mapping",
    "is_pairs",
    "is_record",
    "is_set",
    "pair_types",
    "read_each",
    "read_mapping",
    "read_pairs",
    "read_record",
    "read_set",
    "reader_of",
    "write_each",
    "write_mapping",
    "write_pairs",
    "write_record",
    "write_set",
    "writer_of",
]


Reader: TypeAlias = Callable[[object, object], object]
Writer: TypeAlias = Callable[..., object]

_LIST, _TABLE = "a list", "a table (a JSON object)"


def reader_of(converter: cattrs.Converter, annotation: Annotation) -> Reader:
    """Return the hook that reads such values."""
    return cast("Reader", converter.get_structure_hook(annotation))


def writer_of(converter: cattrs.Converter, annotation: Annotation) -> Writer:
    """Return the hook that writes such values."""
    return cast("Writer", converter.get_unstructure_hook(annotation))


def is_list(annotation: Annotation) -> bool:
    """Whether it is `tuple[X, ...]`."""
    arguments = get_args(annotation)
    return get_origin(annotation) is tuple and arguments[1:] == (...,)


def read_each(annotation: Annotation, converter: cattrs.Converter) -> Reader:
    """Read a list, every entry alike."""
    (part, _) = get_args(annotation)
    read = reader_of(converter, part)

    def each(value: object, _: object) -> tuple[object, ...]:
        return tuple(_entries(_listed(value), read, part))

    return each


def _listed(value: object) -> list[object] | tuple[object, ...]:
    if isinstance(value, list | tuple):
        return value
    raise refusal("wrong-type", value, _LIST)


def _entries(
    values: list[object] | tuple[object, ...], read: Reader, part: Annotation
) -> list[object]:
    found, problems = [], Found()
    for index, value in enumerate(values):
        try:
            found.append(read(value, part))
        except KeyAccountError as error:
            problems.under(f"[{index}]", error)
    problems.stop()
    return found


def write_each(annotation: Annotation, converter: cattrs.Converter) -> Writer:
    """Write a list, every entry alike."""
    write = writer_of(converter, get_args(annotation)[0])

    def each(value: tuple[object, ...]) -> list[object]:
        return _written(value, write)

    return each


def _written(values: tuple[object, ...], write: Writer) -> list[object]:
    found, problems = [], Found()
    for index, value in enumerate(values):
        try:
            found.append(write(value))
        except KeyAccountError as error:
            problems.under(f"[{index}]", error)
    problems.check("value")
    return found


def is_record(annotation: Annotation) -> bool:
    """Whether it is `tuple[X, Y]`: so many entries, each of its own type."""
    return get_origin(annotation) is tuple and not is_list(annotation)


def read_record(annotation: Annotation, converter: cattrs.Converter) -> Reader:
    """Read a list of a fixed length."""
    parts = get_args(annotation)
    hooks = [reader_of(converter, part) for part in parts]

    def record(value: object, _: object) -> tuple[object, ...]:
        values = _listed(value)
        if len(values) != len(parts):
            raise refusal("wrong-type", value, f"a list of {len(parts)}")
        found, problems = [], Found()
        for index, (entry, hook, part) in enumerate(
            zip(values, hooks, parts, strict=True)
        ):
            try:
                found.append(hook(entry, part))
            except KeyAccountError as error:
                problems.under(f"[{index}]", error)
        problems.stop()
        return tuple(found)

    return record


def write_record(annotation: Annotation, converter: cattrs.Converter) -> Writer:
    """Write a list of a fixed length."""
    hooks = [writer_of(converter, part) for part in get_args(annotation)]

    def record(value: tuple[object, ...]) -> list[object]:
        return [hook(part) for hook, part in zip(hooks, value, strict=True)]

    return record


def is_pairs(annotation: Annotation) -> bool:
    """Whether it is `tuple[tuple[str, X], ...]`: a table that keeps its order."""
    if not is_list(annotation):
        return False
    pair = get_args(annotation)[0]
    arguments = get_args(pair)
    if get_origin(pair) is not tuple or len(arguments) != 2 or arguments[1] is ...:  # noqa: PLR2004 - a pair
        return False
    return _is_key(arguments[0])


def _is_key(annotation: Annotation) -> bool:
    if not isinstance(annotation, type):
        return False
    return annotation is str or issubclass(annotation, enum.Enum)


def pair_types(annotation: Annotation) -> tuple[Annotation, Annotation]:
    """Return the types of key and value."""
    key, value = get_args(get_args(annotation)[0])
    return key, value


def read_pairs(annotation: Annotation, converter: cattrs.Converter) -> Reader:
    """Read a table, or a list of pairs, as pairs."""
    key_type, value_type = pair_types(annotation)
    table = _table_reader(key_type, value_type, converter)
    (pair, _) = get_args(annotation)
    one = reader_of(converter, pair)

    def pairs(value: object, _: object) -> tuple[object, ...]:
        if isinstance(value, Mapping):
            return tuple(table(value).items())
        if isinstance(value, list | tuple):
            return tuple(_entries(value, one, pair))
        raise refusal("wrong-type", value, _TABLE)

    return pairs


def _table_reader(
    key_type: Annotation, value_type: Annotation, converter: cattrs.Converter
) -> Callable[[Mapping[object, object]], dict[object, object]]:
    read_key = reader_of(converter, key_type)
    read_value = reader_of(converter, value_type)

    def table(value: Mapping[object, object]) -> dict[object, object]:
        found, problems = {}, Found()
        for key, entry in value.items():
            step = place(str(key))
            try:
                name = read_key(key, key_type)
                found[name] = read_value(entry, value_type)
            except KeyAccountError as error:
                problems.under(step, error)
        problems.stop()
        return found

    return table


def write_pairs(annotation: Annotation, converter: cattrs.Converter) -> Writer:
    """Write pairs as a table; as a list of pairs where a key stands twice."""
    key_type, value_type = pair_types(annotation)
    write_key = writer_of(converter, key_type)
    write_value = writer_of(converter, value_type)

    def pairs(value: tuple[tuple[object, object], ...]) -> object:
        written = [(write_key(key), write_value(entry)) for key, entry in value]
        table = dict(written)
        return table if len(table) == len(written) else [list(pair) for pair in written]

    return pairs


def is_mapping(annotation: Annotation) -> bool:
    """Whether it is `Mapping[X, Y]`."""
    origin = get_origin(annotation)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def read_mapping(annotation: Annotation, converter: cattrs.Converter) -> Reader:
    """Read a table."""
    key_type, value_type = get_args(annotation)
    table = _table_reader(key_type, value_type, converter)

    def mapping(value: object, _: object) -> dict[object, object]:
        if isinstance(value, Mapping):
            return table(value)
        raise refusal("wrong-type", value, _TABLE)

    return mapping


def write_mapping(annotation: Annotation, converter: cattrs.Converter) -> Writer:
    """Write a table."""
    key_type, value_type = get_args(annotation)
    write_key = writer_of(converter, key_type)
    write_value = writer_of(converter, value_type)

    def mapping(value: Mapping[object, object]) -> dict[object, object]:
        return {write_key(key): write_value(entry) for key, entry in value.items()}

    return mapping


def is_set(annotation: Annotation) -> bool:
    """Whether it is `frozenset[X]`."""
    return get_origin(annotation) is frozenset


def read_set(annotation: Annotation, converter: cattrs.Converter) -> Reader:
    """Read a list in which nothing stands twice."""
    (part,) = get_args(annotation)
    read = reader_of(converter, part)

    def gathered(value: object, _: object) -> frozenset[object]:
        found: set[object] = set()
        problems = Found()
        for index, entry in enumerate(_listed(value)):
            try:
                member = read(entry, part)
            except KeyAccountError as error:
                problems.under(f"[{index}]", error)
                continue
            if member in found:
                problems.under(f"[{index}]", refusal("duplicate", entry))
            found.add(member)
        problems.stop()
        return frozenset(found)

    return gathered


def write_set(annotation: Annotation, converter: cattrs.Converter) -> Writer:
    """Write a set as a list, sorted as text."""
    write = writer_of(converter, get_args(annotation)[0])

    def gathered(value: frozenset[object]) -> list[object]:
        return sorted((write(member) for member in value), key=json.dumps)

    return gathered
