"""Conditions, scorers and policies both ways: where a number may have a name."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import cast, get_args

import attrs
import cattrs

from keyaccount.exceptions import InvalidValueError, KeyAccountError, nearest
from keyaccount.rules import (
    Condition,
    Decay,
    Label,
    Linear,
    Lookup,
    Number,
    Policy,
    Scorer,
    Steps,
)

from ._condition_text import condition
from ._condition_writing import condition_text
from ._context import knowing, known
from ._digest import digest_of
from ._objects import build, read_fields, table_of, write_fields
from ._parts import Reader, Writer, reader_of, writer_of
from ._refusals import Found, place, problem, refusal
from ._shapes import Annotation, is_optional, is_union, kind_of, members, shape_of


__all__ = [
    "OWN_WAY",
    "SCORERS",
    "fingerprint",
    "is_condition",
    "is_policy",
    "is_scorer",
    "read_condition",
    "read_policy",
    "read_scorer",
    "write_condition",
    "write_policy",
    "write_scorer",
]


_CONDITIONS = frozenset(get_args(Condition))


def is_condition(annotation: Annotation) -> bool:
    """Whether it is `Condition`, or one of the classes that it joins."""
    if is_union(annotation):
        return frozenset(get_args(annotation)) == _CONDITIONS
    return isinstance(annotation, type) and annotation in _CONDITIONS


def read_condition(annotation: Annotation, _: cattrs.Converter) -> Reader:
    """Read a condition from its text."""
    wanted = annotation if isinstance(annotation, type) else object

    def read(value: object, _: object) -> Condition:
        found = condition(cast("str", value), known().numbers)
        if isinstance(found, wanted):
            return found
        raise refusal("wrong-type", value, f"a condition of the kind {wanted.__name__}")

    return read


def write_condition(_: Annotation, __: cattrs.Converter) -> Writer:
    """Write a condition as its text."""
    return condition_text


SCORERS: Mapping[str, type] = MappingProxyType(
    {kind.kind: kind for kind in (Linear, Steps, Lookup, Decay)}
)
"""The scorers that every policy file can name."""


def is_scorer(annotation: Annotation) -> bool:
    """Whether it is a scorer of any kind: `Scorer`, alone or joined with others."""
    if annotation is Scorer:
        return True
    return (
        is_union(annotation)
        and not is_optional(annotation)
        and Scorer in members(annotation)
    )


def read_scorer(_: Annotation, converter: cattrs.Converter) -> Reader:
    """Read a scorer by its `kind`: one of ours, or one that the program passed."""

    def read(value: object, _: object) -> object:
        table = table_of(value)
        kind, rest = table.get("kind"), {**table}
        rest.pop("kind", None)
        kinds: dict[str, object] = {**SCORERS, **known().kinds}
        if not isinstance(kind, str) or kind not in kinds:
            raise _no_kind(table, kind, kinds)
        found = kinds[kind]
        if isinstance(found, type) and attrs.has(found):
            return reader_of(converter, found)(rest, found)
        if isinstance(found, type):
            hint = "pass an attrs class, or a scorer that is ready to be called"
            raise refusal("bad-scorer", found.__name__, hint)
        problems = Found()
        for key in rest:
            name, hint = str(key), "nothing: this scorer is ready as it is"
            problems.note(place(name), "unknown-key", name, hint)
        problems.stop()
        return found

    return read


def _no_kind(
    table: Mapping[object, object], kind: object, kinds: Mapping[str, object]
) -> InvalidValueError:
    problems = Found()
    if isinstance(kind, str):
        problems.note(".kind", "unknown-choice", kind, nearest(kind[:200], kinds))
    elif "kind" in table:
        problems.note(".kind", "wrong-type", kind, nearest("", kinds))
    else:
        problems.add("kind", "missing", expected=f"kind, {nearest('', kinds)},")
    return InvalidValueError("scorer", problems.all())


def write_scorer(_: Annotation, converter: cattrs.Converter) -> Writer:
    """Write a scorer with its `kind`."""

    def write(value: object) -> object:
        for kind, own in known().kinds.items():
            if own is value:
                return {"kind": kind}
        cls = type(value)
        own_kinds = [kind for kind, own in known().kinds.items() if own is cls]
        kind = own_kinds[0] if own_kinds else kind_of(cls)
        if not attrs.has(cls) or not (own_kinds or isinstance(_stated(cls), str)):
            hint = 'pass it under its name: kinds={"my-curve": …}'
            data = problem("$", "bad-scorer", value, hint)
            raise InvalidValueError("scorer", (data,))
        return {"kind": kind, **write_fields(value, shape_of(cls).fields, converter)}

    return write


def _stated(cls: type) -> object:
    return vars(cls).get("kind")


def is_policy(annotation: Annotation) -> bool:
    """Whether it is a policy class."""
    return isinstance(annotation, type) and issubclass(annotation, Policy)


OWN_WAY = ("numbers", "labels")
"""The keys of a policy that are written as tables by name."""


def read_policy(annotation: Annotation, converter: cattrs.Converter) -> Reader:
    """Read a policy: its numbers first, for the rest may name them."""
    shape = shape_of(annotation)
    fields = {key: field for key, field in shape.fields.items() if key not in OWN_WAY}

    def read(value: object, _: object) -> object:
        table, found = table_of(value), Found()
        numbers, by_name = _read_numbers(table, converter, found)
        labels = _read_labels(table, found)
        rest = {key: part for key, part in table.items() if key not in OWN_WAY}
        with knowing(numbers=by_name):
            given = read_fields(rest, fields, converter, found)
        if given is not None:
            is_whole = len(numbers) == len(by_name) and labels is not None
            given |= {"numbers": numbers, "labels": labels}
            given = given if is_whole else None
        policy = build(shape, given, found)
        # The value is new and nobody else has it; the digest takes no part in
        # equality, and building the policy twice would check it twice.
        object.__setattr__(policy, "digest", fingerprint(policy, converter))
        return policy

    return read


def _read_numbers(
    policy: Mapping[object, object], converter: cattrs.Converter, found: Found
) -> tuple[tuple[Number, ...], dict[str, Decimal]]:
    """Return the sound numbers, and a value for each that may be named."""
    read, numbers, by_name = reader_of(converter, Number), list[Number](), {}
    for key, part in _table_at(policy, "numbers", found).items():
        name = str(key)
        by_name[name] = Decimal(1)  # of a broken one: its problem is noted here
        try:
            if not name.isidentifier():
                raise refusal("bad-syntax", name, "use a plain snake_case name")
            table = part if isinstance(part, Mapping) else {"value": part}
            if "id" in table:
                raise refusal("unknown-key", "id", "the name of the table instead")
            number = cast("Number", read({"id": name, **table}, Number))
        except KeyAccountError as error:
            found.under(f".numbers{place(name)}", error)
            continue
        numbers.append(number)
        by_name[name] = number.value
    return tuple(numbers), by_name


def _table_at(
    policy: Mapping[object, object], key: str, found: Found
) -> Mapping[object, object]:
    try:
        return table_of(policy.get(key, {}))
    except KeyAccountError as error:
        found.under(f".{key}", error)
        return {}


def _read_labels(
    policy: Mapping[object, object], found: Found
) -> tuple[Label, ...] | None:
    labels, before = list[Label](), len(found.all())
    for locale, table in _table_at(policy, "labels", found).items():
        try:
            for address, text in _addresses(table, "", 1):
                labels.append(Label(str(locale), address, text))
        except KeyAccountError as error:
            found.under(f".labels{place(str(locale))}", error)
    return tuple(labels) if len(found.all()) == before else None


_MOST_STEPS = 4


def _addresses(value: object, prefix: str, level: int) -> list[tuple[str, str]]:
    if level > _MOST_STEPS:
        raise refusal("too-deep", "the labels", str(_MOST_STEPS))
    pairs, found = [], Found()
    for key, part in table_of(value).items():
        address = f"{prefix}{key}"
        try:
            if isinstance(part, str):
                pairs.append((address, part))
            else:
                pairs.extend(_addresses(part, f"{address}.", level + 1))
        except KeyAccountError as error:
            found.under(place(str(key)), error)
    found.stop()
    return pairs


def write_policy(annotation: Annotation, converter: cattrs.Converter) -> Writer:
    """Write a policy as its file says it; the digest follows from the rest."""
    shape = shape_of(annotation)
    fields = {key: field for key, field in shape.fields.items() if key not in OWN_WAY}

    def write(value: Policy) -> dict[str, object]:
        number = writer_of(converter, Number)
        table = write_fields(value, fields, converter)
        table["numbers"] = {
            part.id: {k: v for k, v in number(part).items() if k != "id"}  # type: ignore[attr-defined]  # a table
            for part in value.numbers
        }
        labels: dict[str, dict[str, str]] = {}
        for label in value.labels:
            labels.setdefault(label.locale, {})[label.address] = label.text
        return {**table, "labels": labels} if labels else table

    return write


def fingerprint(policy: object, converter: cattrs.Converter) -> str:
    """Return the digest of a policy: of what it decides, not of what it says of it."""
    return digest_of(writer_of(converter, type(policy))(policy))
