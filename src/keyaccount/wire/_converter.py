"""The one converter: which hook reads and writes which type; built on first use."""

from __future__ import annotations

import enum
import functools
from typing import NoReturn, TypeVar

import cattrs

from keyaccount.exceptions import KeyAccountError
from keyaccount.rules import Facts, Seen, Verdict

from . import _objects, _parts, _rule_parts, _unions
from ._scalars import READERS, WRITERS, read_enum, write_enum
from ._shapes import Annotation, bare, is_table, is_union


__all__ = ["read", "write"]


def read(data: object, annotation: Annotation) -> object:
    """Read plain data as a value of that type."""
    return _parts.reader_of(_converter(), annotation)(data, annotation)


def write(value: object, annotation: Annotation | None = None) -> object:
    """Write a value as plain data; as one of a union's, it says which."""
    kind = type(value) if annotation is None else annotation
    return _parts.writer_of(_converter(), kind)(value)


@functools.cache
def _converter() -> cattrs.Converter:
    made = cattrs.Converter(forbid_extra_keys=True)
    made.register_structure_hook_factory(_is_anything, _unreadable)
    made.register_unstructure_hook_factory(_is_anything, _unwritable)
    made.register_structure_hook(bytes, _bytes)
    made.register_unstructure_hook(bytes, _bytes)
    for cls, read in READERS.items():
        made.register_structure_hook(cls, read)
    for cls, write in WRITERS.items():
        made.register_unstructure_hook(cls, write)
    _register_parts(made)
    _register_classes(made)
    return made


def _register_parts(made: cattrs.Converter) -> None:
    """Register lists, sets, tables and unions; a later one is asked first."""
    both = (
        (_parts.is_mapping, _parts.read_mapping, _parts.write_mapping),
        (_parts.is_set, _parts.read_set, _parts.write_set),
        (_parts.is_record, _parts.read_record, _parts.write_record),
        (_parts.is_list, _parts.read_each, _parts.write_each),
        (_parts.is_pairs, _parts.read_pairs, _parts.write_pairs),
        (is_union, _unions.read_union, _unions.write_union),
    )
    for fits, read, write in both:
        made.register_structure_hook_factory(fits, read)
        made.register_unstructure_hook_factory(fits, write)
    made.register_structure_hook_factory(_unions.is_literal, _unions.read_literal)
    made.register_unstructure_hook_func(_unions.is_literal, str)
    made.register_structure_hook_factory(_is_enum, read_enum)
    made.register_unstructure_hook_func(_is_enum, write_enum)
    made.register_unstructure_hook_func(_is_error, KeyAccountError.to_dict)
    made.register_unstructure_hook_factory(_is_open, _by_class)
    made.register_unstructure_hook_factory(_is_plain_list, _each_by_class)


def _register_classes(made: cattrs.Converter) -> None:
    """Register what is built from tables, and rules with a form of their own."""
    both = (
        (is_table, _objects.read_object, _objects.write_object),
        (_is_verdict, _objects.read_object, _objects.write_verdict),
        (_is_facts, _objects.read_facts, _objects.write_facts),
        (_is_seen, _objects.read_seen, _objects.write_seen),
        (_rule_parts.is_policy, _rule_parts.read_policy, _rule_parts.write_policy),
        (_rule_parts.is_scorer, _rule_parts.read_scorer, _rule_parts.write_scorer),
        (
            _rule_parts.is_condition,
            _rule_parts.read_condition,
            _rule_parts.write_condition,
        ),
    )
    for fits, read, write in both:
        made.register_structure_hook_factory(fits, read)
        made.register_unstructure_hook_factory(fits, write)


def _is_enum(annotation: Annotation) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, enum.Enum)


def _is_verdict(annotation: Annotation) -> bool:
    cls = bare(annotation)
    return isinstance(cls, type) and issubclass(cls, Verdict)


def _is_facts(annotation: Annotation) -> bool:
    return annotation is Facts


def _is_seen(annotation: Annotation) -> bool:
    return annotation is Seen


def _is_error(annotation: Annotation) -> bool:
    """Whether it is what could not be read: written as any error, never read back."""
    return isinstance(annotation, type) and issubclass(annotation, KeyAccountError)


def _is_open(annotation: Annotation) -> bool:
    """Whether only the value itself tells what it is."""
    return isinstance(annotation, TypeVar) or annotation is object


def _by_class(_: Annotation, made: cattrs.Converter) -> _parts.Writer:
    def write(value: object) -> object:
        cls = type(value)
        if cls is object:
            _unwritable(cls)
        return _parts.writer_of(made, cls)(value)

    return write


def _is_plain_list(annotation: Annotation) -> bool:
    return annotation in {tuple, list}


def _each_by_class(_: Annotation, made: cattrs.Converter) -> _parts.Writer:
    return _parts.write_each(tuple[object, ...], made)


def _is_anything(_: Annotation) -> bool:
    """Shut cattrs' own ways: they coerce."""
    return True


def _bytes(*_: object) -> NoReturn:
    _unreadable(bytes)


def _unreadable(annotation: Annotation) -> NoReturn:
    message = f"the wire cannot read {annotation!r}"
    raise TypeError(message)


def _unwritable(annotation: Annotation) -> NoReturn:
    message = f"the wire cannot write {annotation!r}"
    raise TypeError(message)
