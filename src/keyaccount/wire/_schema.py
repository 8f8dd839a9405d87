"""JSON Schema of whatever the wire carries, drawn from the shapes that it reads by."""

from __future__ import annotations

import datetime as dt
import enum
import inspect
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeAlias, TypeVar, cast, get_args

from keyaccount.rules import Facts, FactSchema, Number, Seen

from ._context import known
from ._limits import LIMITS
from ._parts import is_list, is_mapping, is_pairs, is_record, is_set, pair_types
from ._rule_parts import OWN_WAY, SCORERS, is_condition, is_policy, is_scorer
from ._scalars import DAY_TEXT, MOMENT_TEXT, NUMBER_TEXT
from ._shapes import (
    REQUIRED,
    Annotation,
    Field,
    bare,
    is_optional,
    is_table,
    is_union,
    kind_of,
    shape_of,
    slug_of,
    strip_optional,
)
from ._unions import is_literal, split


__all__ = ["draw"]


Drawn: TypeAlias = dict[str, Any]
"""A JSON Schema, or a piece of one."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_LONGEST_CONDITION = 500
_NAME = "^[^\\W0-9]\\w*$"


def draw(type: object) -> Drawn:  # noqa: A002 - what it is called everywhere
    """Draw the schema of a class; the scorers are those that are known here."""
    draft = _Draft(names=is_policy(type))
    body = draft.piece(type)
    reference = body.get("$ref")
    if isinstance(reference, str):
        body = draft.taken(reference)
        header = {"keyaccount": {"const": 1}, "type": {"const": slug_of(_class(type))}}
        body = {**body, "properties": {**header, **body["properties"]}}
    return {"$schema": _DIALECT, **body, "$defs": draft.definitions()}


class _Draft:
    """One schema being drawn: its definitions, and whether numbers may have names."""

    def __init__(self, *, names: bool) -> None:
        self._names = names
        self._found: dict[str, Drawn] = {}
        self._called: dict[Annotation, str] = {}

    def taken(self, reference: str) -> Drawn:
        """Take a definition out, unless another one needs it."""
        name = reference.rpartition("/")[2]
        body = self._found[name]
        if json.dumps(reference) not in json.dumps(self._found):
            del self._found[name]
        return body

    def definitions(self) -> dict[str, Drawn]:
        return dict(sorted(self._found.items()))

    def piece(self, annotation: Annotation) -> Drawn:
        """Draw what the converter reads for this type; asked in the same order."""
        single = self._single(annotation)
        if single is not None:
            return single
        if annotation is Seen:
            known = {"type": ["number", "string", "boolean"]}
            return {"type": "object", "additionalProperties": known}
        for fits, draw in (
            (is_condition, self._condition),
            (is_scorer, self._scorer),
            (is_table, self._named),
            (is_union, self._union),
            (is_pairs, self._pairs),
            (is_list, self._list),
            (is_record, self._record),
            (is_set, self._set),
            (is_mapping, self._mapping),
            (is_literal, _literal),
            (_is_enum, _enum),
        ):
            if fits(annotation):
                return draw(annotation)
        if isinstance(annotation, TypeVar) or annotation is object:
            return {}
        message = f"the wire does not carry {annotation!r}"
        raise TypeError(message)

    def _single(self, annotation: Annotation) -> Drawn | None:
        if not isinstance(annotation, type) or annotation not in _SINGLE:
            return None
        drawn = _SINGLE[annotation]()
        if self._names and annotation in {int, float, Decimal}:
            name = {"type": "string", "pattern": _NAME}
            return {"anyOf": [*drawn.get("anyOf", [drawn]), name]}
        return drawn

    def _condition(self, _: Annotation) -> Drawn:
        return {"type": "string", "minLength": 1, "maxLength": _LONGEST_CONDITION}

    def _scorer(self, _: Annotation) -> Drawn:
        kinds = known().kinds
        options = [
            self._tagged(cls, kind)
            for kind, cls in {**SCORERS, **kinds}.items()
            if isinstance(cls, type)
        ]
        ready = [kind for kind, own in kinds.items() if not isinstance(own, type)]
        options.extend(_table({"kind": {"const": kind}}, ["kind"]) for kind in ready)
        if not kinds:
            other = {"type": "string", "not": {"enum": list(SCORERS)}}
            anything = _table({"kind": other}, ["kind"])
            options.append({**anything, "additionalProperties": True})
        return {"anyOf": options}

    def _tagged(self, annotation: Annotation, kind: str) -> Drawn:
        drawn = self._table_of(annotation)
        properties = {"kind": {"const": kind}, **drawn["properties"]}
        return {
            **drawn,
            "properties": properties,
            "required": ["kind", *drawn.get("required", [])],
        }

    def _named(self, annotation: Annotation) -> Drawn:
        if annotation not in self._called:
            cls = cast("type", bare(annotation))
            name = slug_of(cls)
            while name in self._found:
                name += "-2"
            self._called[annotation] = name
            self._found[name] = {}  # holds the place where the class contains itself
            self._found[name] = self._table_of(annotation)
        return {"$ref": f"#/$defs/{self._called[annotation]}"}

    def _table_of(self, annotation: Annotation) -> Drawn:
        if annotation is Facts:
            values = {"type": "object", "additionalProperties": _fact()}
            both = {"schema": self.piece(FactSchema), "values": values}
            return _table(both, list(both))
        shape = shape_of(annotation)
        own_way = is_policy(annotation)
        properties = {
            key: self._field(field)
            for key, field in shape.fields.items()
            if not (own_way and key in OWN_WAY)
        }
        if own_way:
            properties |= self._own_way()
        needed = [
            key for key, field in shape.fields.items() if field.default is REQUIRED
        ]
        drawn = _table(properties, needed)
        words = inspect.getdoc(shape.cls)
        return {"description": words.split("\n\n")[0], **drawn} if words else drawn

    def _own_way(self) -> Drawn:
        number = self._table_of(Number)
        properties = {k: v for k, v in number["properties"].items() if k != "id"}
        table = {**_table(properties, ["value"]), "description": number["description"]}
        either = {"anyOf": [table, properties["value"]]}
        return {
            "numbers": {
                "type": "object",
                "propertyNames": {"pattern": _NAME},
                "additionalProperties": either,
            },
            "labels": {"type": "object", "additionalProperties": {"type": "object"}},
        }

    def _field(self, field: Field) -> Drawn:
        drawn = self.piece(field.type)
        if field.says_unknown:
            return {"anyOf": [*drawn["anyOf"], {"const": "unknown"}]}
        return drawn

    def _union(self, annotation: Annotation) -> Drawn:
        if is_optional(annotation):
            inner = self.piece(strip_optional(annotation))
            options = inner["anyOf"] if set(inner) == {"anyOf"} else [inner]
            return {"anyOf": [*options, {"type": "null"}]}
        tables, others = split(annotation)
        if len(tables) > 1:
            drawn = [self._tagged(part, kind_of(_class(part))) for part in tables]
        else:
            drawn = [self.piece(part) for part in tables]
        return {"anyOf": [*drawn, *(self.piece(part) for part in others)]}

    def _pairs(self, annotation: Annotation) -> Drawn:
        key, value = pair_types(annotation)
        pair = get_args(annotation)[0]
        return {"anyOf": [self._keyed(key, value), _array(self.piece(pair))]}

    def _keyed(self, key: Annotation, value: Annotation) -> Drawn:
        table: Drawn = {"type": "object", "additionalProperties": self.piece(value)}
        return table if key is str else {**table, "propertyNames": self.piece(key)}

    def _list(self, annotation: Annotation) -> Drawn:
        return _array(self.piece(get_args(annotation)[0]))

    def _record(self, annotation: Annotation) -> Drawn:
        parts = [self.piece(part) for part in get_args(annotation)]
        exact = {"minItems": len(parts), "items": False}
        return {"type": "array", "prefixItems": parts, **exact}

    def _set(self, annotation: Annotation) -> Drawn:
        return {**_array(self.piece(get_args(annotation)[0])), "uniqueItems": True}

    def _mapping(self, annotation: Annotation) -> Drawn:
        key, value = get_args(annotation)
        return self._keyed(key, value)


def _class(annotation: Annotation) -> type:
    return cast("type", bare(annotation))


def _is_enum(annotation: Annotation) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, enum.Enum)


def _enum(annotation: Annotation) -> Drawn:
    members = cast("type[enum.Enum]", annotation)
    return {"enum": [str(member.value) for member in members]}


def _literal(annotation: Annotation) -> Drawn:
    return {"enum": list(get_args(annotation))}


def _table(properties: Mapping[str, object], needed: list[str]) -> Drawn:
    drawn: Drawn = {
        "type": "object",
        "properties": dict(properties),
        "additionalProperties": False,
    }
    return {**drawn, "required": needed} if needed else drawn


def _array(items: Drawn) -> Drawn:
    return {"type": "array", "items": items, "maxItems": LIMITS.items}


def _text() -> Drawn:
    return {"type": "string", "maxLength": LIMITS.text}


def _amount() -> Drawn:
    text = {"type": "string", "pattern": f"^{NUMBER_TEXT}$"}
    return {"anyOf": [text, {"type": "number"}]}


def _moment() -> Drawn:
    return {"type": "string", "format": "date-time", "pattern": f"^{MOMENT_TEXT}$"}


def _day() -> Drawn:
    return {"type": "string", "format": "date", "pattern": f"^{DAY_TEXT}$"}


def _fact() -> Drawn:
    return {"type": ["number", "string"]}


_SINGLE: Mapping[type, Callable[[], Drawn]] = MappingProxyType(
    {
        str: _text,
        bool: lambda: {"type": "boolean"},
        int: lambda: {"type": "integer"},
        float: lambda: {"type": "number"},
        Decimal: _amount,
        dt.datetime: _moment,
        dt.date: _day,
    }
)
