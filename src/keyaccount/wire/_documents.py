"""The public verbs of the wire, and the header that a document starts with."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeVar, cast, overload

import attrs

from keyaccount import domain, rules
from keyaccount.exceptions import InvalidValueError, ReadError, nearest

from ._context import Kinds, Numbers, knowing
from ._limits import LIMITS, Limits, check_limits
from ._refusals import Found, refusal
from ._shapes import bare, is_table, is_union, members, slug_of
from ._texts import read_json, to_json


__all__ = ["dumps", "loads", "schema", "structure", "unstructure"]


T = TypeVar("T")

_VERSION = 1
_HEADER = ("keyaccount", "type")


def structure(
    data: object,
    type: type[T],  # noqa: A002 - what it is called everywhere
    *,
    kinds: Kinds | None = None,
    numbers: Numbers | None = None,
    limits: Limits = LIMITS,
) -> T:
    """Read plain data as a value of *type*.

    Args:
        data: what a JSON or TOML reader returns, numbers with a point as Decimal.
        type: a class, or `tuple[Customer, ...]`, or `Verdict[ValueTier]`.
        kinds: the program's own scorers by name.
        numbers: what a condition or a scorer outside a policy may name.
        limits: how large the data may be.

    Raises:
        ReadError: with every problem and its path.
    """
    from ._converter import read  # noqa: PLC0415 - cattrs is loaded on first use

    check_limits(data, limits)
    with knowing(numbers=numbers, kinds=kinds):
        try:
            return cast("T", read(data, type))
        except InvalidValueError as error:
            raise ReadError(_name(type), error.problems) from None


def unstructure(
    value: object,
    type: object = None,  # noqa: A002 - what it is called everywhere
    *,
    kinds: Kinds | None = None,
) -> Any:  # noqa: ANN401 - plain data: what it is depends on the value
    """Write a value as plain data: tables, lists, text, numbers, true and false.

    Args:
        value: a noun, a rule, a policy, an answer, or a tuple of such.
        type: what it is written as, its own class if left out; one of several, such
            as `stages.Ruling`, then says in `kind` which of them it is.
        kinds: the program's own scorers by name.

    Raises:
        InvalidValueError: a number that is not finite, a scorer without a name.
    """
    from ._converter import write  # noqa: PLC0415 - cattrs is loaded on first use

    with knowing(kinds=kinds):
        return write(value, type)


@overload
def loads(
    text: str | bytes,
    type: type[T],
    *,
    kinds: Kinds | None = None,
    limits: Limits = LIMITS,
) -> T: ...


@overload
def loads(
    text: str | bytes,
    type: None = None,
    *,
    kinds: Kinds | None = None,
    limits: Limits = LIMITS,
) -> object: ...


def loads(
    text: str | bytes,
    type: type[Any] | None = None,  # noqa: A002 - what it is called everywhere
    *,
    kinds: Kinds | None = None,
    limits: Limits = LIMITS,
) -> Any:
    """Read a JSON document: `{"keyaccount": 1, "type": "customer", …}`.

    With a *type* the header may be left out; if it is there it must agree. Without
    one the header says which noun or rule it is.

    Raises:
        ReadError: broken JSON, another header, or problems with what it holds.
    """
    data = read_json(text, limits=limits)
    if not isinstance(data, Mapping):
        if type is not None:
            return structure(data, type, kinds=kinds, limits=limits)
        raise refusal("wrong-type", data, "a table (a JSON object) with a header")
    wanted = _announced(data, type)
    body = {key: part for key, part in data.items() if key not in _HEADER}
    return structure(body, wanted, kinds=kinds, limits=limits)


def _announced(data: Mapping[str, object], asked: type[Any] | None) -> type[Any]:
    found = Found()
    version = data.get("keyaccount")
    if "keyaccount" not in data:
        if asked is None:
            found.add("keyaccount", "missing", expected='"keyaccount": 1')
    elif version is True or version != _VERSION:
        found.note(".keyaccount", "unknown-choice", version, str(_VERSION))
    name = data.get("type")
    wanted = asked
    if is_union(asked) and name is not None:
        wanted = _one_of(asked, name, found)
    elif asked is not None:
        own = _name(asked)
        if name not in {None, own} and "keyaccount" in data:
            found.note(".type", "unknown-choice", name, repr(own))
    elif not isinstance(name, str):
        found.add("type", "missing", expected="the type of the document")
    else:
        wanted = _types().get(name)
        if wanted is None:
            near = nearest(name[:200], _types())
            wanted_name = f"{near}; of a verdict or policy, pass its class as type="
            found.note(".type", "unknown-choice", name, wanted_name)
    found.stop()
    return cast("type[Any]", wanted)


def _one_of(asked: object, name: object, found: Found) -> type[Any] | None:
    """Return the one of several classes that a document says it is."""
    offered = {_name(part): part for part in members(asked)}
    if not isinstance(name, str) or name not in offered:
        found.note(".type", "unknown-choice", name, nearest(str(name)[:200], offered))
        return None
    return cast("type[Any]", offered[name])


@functools.cache
def _types() -> Mapping[str, type]:
    """Return every noun and rule that a document can hold, by name."""
    found = {}
    for room in (domain, rules):
        for name in room.__all__:
            cls = getattr(room, name)
            if isinstance(cls, type) and attrs.has(cls):
                found[slug_of(cls)] = cls
    return MappingProxyType(found)


def dumps(value: object, *, kinds: Kinds | None = None) -> bytes:
    """Write a value as a JSON document with its header; the same bytes every time.

    Raises:
        InvalidValueError: something in it that a document cannot say.
    """
    body = unstructure(value, kinds=kinds)
    if not isinstance(body, dict):
        raise refusal("wrong-type", value, "a noun, a rule, a policy or a verdict")
    return to_json({"keyaccount": _VERSION, "type": slug_of(type(value)), **body})


def _name(type_: object) -> str:
    cls = bare(type_)
    return slug_of(cls) if isinstance(cls, type) and is_table(cls) else "document"


def schema(type: object, *, kinds: Kinds | None = None) -> dict[str, Any]:  # noqa: A002 - what it is called everywhere
    """Return the JSON Schema (2020-12) of a class as the wire writes it.

    It allows the header of a document but does not ask for it. A schema cannot say
    everything: sums, orders and days that do not exist are found on reading.

    Args:
        type: a noun, a rule, a policy class, or a verdict such as `TierVerdict`.
        kinds: the program's own scorers; left out, any other `kind` may stand there.
    """
    from ._schema import draw  # noqa: PLC0415 - cattrs is loaded on first use

    with knowing(kinds=kinds):
        return draw(type)
