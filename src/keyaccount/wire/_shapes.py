"""What a class looks like on the wire: its keys, their types, what may be left out.

The converter and the JSON Schema both read shapes, so that they cannot disagree.
"""

from __future__ import annotations

import enum
import functools
import re
import types
import typing
from collections.abc import Mapping
from types import MappingProxyType
from typing import Generic, TypeAlias, TypeGuard, TypeVar, get_args, get_origin

import attrs

from keyaccount.rules import Policy, Reason, Verdict


__all__ = [
    "REQUIRED",
    "Field",
    "Shape",
    "bare",
    "is_optional",
    "is_table",
    "is_union",
    "kind_of",
    "members",
    "shape_of",
    "slug_of",
    "strip_optional",
]


Annotation: TypeAlias = object
"""A type, an alias, or a union: whatever may stand behind a field's colon."""


class _Required(enum.Enum):
    REQUIRED = "required"


REQUIRED = _Required.REQUIRED


@attrs.frozen
class Field:
    """One key: its type, its default, and what the class calls it.

    `name` is the argument that builds it, `source` the attribute that holds it.
    `says_unknown` marks a field that may be unknown but is taken for known when it
    is left out: there, `unknown` is written (a TOML file has no null).
    """

    key: str
    name: str
    source: str
    type: Annotation
    default: object = REQUIRED
    says_unknown: bool = False


@attrs.frozen
class Shape:
    """A class as a table of keys."""

    cls: type
    fields: Mapping[str, Field]


def is_union(annotation: Annotation) -> bool:
    """Whether it is `X | Y`."""
    return get_origin(annotation) in {typing.Union, types.UnionType}


def members(annotation: Annotation) -> tuple[Annotation, ...]:
    """Return what a union joins, without None."""
    return tuple(part for part in get_args(annotation) if part is not types.NoneType)


def is_optional(annotation: Annotation) -> bool:
    """Whether None is among what a union joins."""
    return is_union(annotation) and types.NoneType in get_args(annotation)


def strip_optional(annotation: Annotation) -> Annotation:
    """Return the type without its None."""
    parts = members(annotation)
    joined: Annotation = functools.reduce(_join, parts)
    return joined


def _join(left: Annotation, right: Annotation) -> Annotation:
    return typing.Union[left, right]  # noqa: UP007 - the parts are not known here


def bare(annotation: Annotation) -> Annotation:
    """Return the class behind `Verdict[ValueTier]`, or what is given."""
    origin = get_origin(annotation)
    return origin if isinstance(origin, type) else annotation


_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def slug_of(cls: type) -> str:
    """Name a class on the wire.

    >>> slug_of(Reason)
    'reason'
    """
    return _HUMP.sub("-", cls.__name__.lstrip("_")).lower()


def kind_of(cls: type) -> str:
    """Name a member of a union on the wire: its own `kind`, or its class's name."""
    own = vars(cls).get("kind")
    return own if isinstance(own, str) else slug_of(cls)


@functools.cache
def shape_of(annotation: Annotation) -> Shape:
    """Return the keys of an attrs class, or of one filled in: `Verdict[ValueTier]`.

    Raises:
        TypeError: not an attrs class.
    """
    cls = bare(annotation)
    if _is_told(cls):
        return _told_shape(cls)
    if not (isinstance(cls, type) and attrs.has(cls)):
        message = f"{annotation!r} is no attrs class: the wire cannot carry it"
        raise TypeError(message)
    filled = _filled_in(annotation)
    hints = typing.get_type_hints(cls)
    owners = {name: base for base in reversed(cls.__mro__) for name in _annotated(base)}
    fields = {}
    for attribute in attrs.fields(cls):
        if not attribute.init or _is_derived(cls, attribute.name):
            continue
        if issubclass(cls, Verdict) and attribute.name == "evidence":
            fields["why"] = Field("why", "evidence", "why", Reason)
            continue
        kind = _replaced(hints[attribute.name], filled.get(owners[attribute.name], {}))
        name = attribute.alias or attribute.name
        default = _default(attribute, kind)
        fields[name.rstrip("_")] = Field(
            name.rstrip("_"), name, attribute.name, kind, default, _says(kind, default)
        )
    return Shape(cls, MappingProxyType(fields))


def is_table(annotation: Annotation) -> bool:
    """Whether it is written as a table: an attrs class, or one that says how."""
    cls = bare(annotation)
    return isinstance(cls, type) and (attrs.has(cls) or _is_told(cls))


def _is_told(cls: Annotation) -> TypeGuard[type]:
    """Whether a class itself says, in `wire_fields`, how it looks on the wire."""
    return isinstance(cls, type) and "wire_fields" in vars(cls)


def _told_shape(cls: type) -> Shape:
    fields = {}
    for name in vars(cls)["wire_fields"]:
        hints = typing.get_type_hints(vars(cls)[name].fget)
        fields[name] = Field(name, name, name, hints["return"])
    return Shape(cls, MappingProxyType(fields))


def _is_derived(cls: type, name: str) -> bool:
    return issubclass(cls, Policy) and name == "digest"


def _default(attribute: attrs.Attribute[object], kind: Annotation) -> object:
    if attribute.default is not attrs.NOTHING:
        return attribute.default
    return None if is_optional(kind) else REQUIRED


def _says(kind: Annotation, default: object) -> bool:
    if not is_optional(kind) or default is None or default is REQUIRED:
        return False
    inner = strip_optional(kind)
    if isinstance(inner, type) and issubclass(inner, enum.Enum):
        return "unknown" not in {member.value for member in inner}
    return inner is not str and not is_union(inner)


def _annotated(cls: type) -> Mapping[str, object]:
    return typing.cast("Mapping[str, object]", vars(cls).get("__annotations__", {}))


def _filled_in(
    annotation: Annotation,
) -> Mapping[Annotation, Mapping[TypeVar, Annotation]]:
    """Return what stands for each type variable, for the class and for its bases."""
    found: dict[Annotation, Mapping[TypeVar, Annotation]] = {}
    waiting: list[tuple[Annotation, tuple[Annotation, ...]]] = [
        (bare(annotation), get_args(annotation))
    ]
    while waiting:
        cls, given = waiting.pop()
        variables: tuple[TypeVar, ...] = getattr(cls, "__parameters__", ())
        found[cls] = dict(zip(variables, given or variables, strict=True))
        for base in getattr(cls, "__orig_bases__", ()):
            if bare(base) is not Generic and isinstance(bare(base), type):
                arguments = get_args(base)
                passed = tuple(_replaced(part, found[cls]) for part in arguments)
                waiting.append((bare(base), passed))
        plain = {bare(base) for base in getattr(cls, "__orig_bases__", ())}
        waiting.extend((base, ()) for base in cls.__bases__ if base not in plain)  # type: ignore[attr-defined]  # a class
    return found


def _replaced(
    annotation: Annotation, filled: Mapping[TypeVar, Annotation]
) -> Annotation:
    if isinstance(annotation, TypeVar):
        return filled.get(annotation, annotation)
    parameters = getattr(annotation, "__parameters__", ())
    if isinstance(annotation, type) or not parameters:
        return annotation
    values = tuple(filled.get(variable, variable) for variable in parameters)
    return annotation[values]  # type: ignore[index]  # an alias with variables in it
