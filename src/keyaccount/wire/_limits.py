"""How large a document may be; asked before anything is built from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import TypeAlias, cast

import attrs

from keyaccount.exceptions import Problem, ReadError

from ._refusals import place, problem


__all__ = ["LIMITS", "Limits", "check_limits"]


@attrs.frozen
class Limits:
    """What a document may hold at most.

    `depth` counts levels of nesting, `text` the characters of one text, `items` the
    entries of one list or table, `nodes` the values in all, `digits` those of one
    number, `document` the bytes of a JSON text and `policy` those of a TOML text.
    """

    depth: int = 64
    text: int = 10_000
    items: int = 100_000
    nodes: int = 2_000_000
    digits: int = 30
    document: int = 20_000_000
    policy: int = 1_000_000


LIMITS = Limits()

# A place in a document: the place that holds it, and the key or index below that.
# It is written out only where something is wrong.
_Place: TypeAlias = "tuple[_Place, object] | None"

_HOLDERS = (Mapping, list, tuple)


def check_limits(data: object, limits: Limits = LIMITS) -> None:
    """Refuse plain data that is too deep, too long or too large anywhere.

    Raises:
        ReadError: with every text and number that is too long; at once, without
            looking further, where there is too much of everything.
    """
    found: list[Problem] = []
    waiting: list[tuple[object, int, _Place]] = [(data, 1, None)]
    nodes = 1
    if not isinstance(data, _HOLDERS):
        found.extend(_leaf(data, None, limits))
        waiting.clear()
    while waiting:
        value, depth, where = waiting.pop()
        parts = _parts(value, depth, where, limits, found)
        nodes += len(parts)
        if nodes > limits.nodes:
            most = f"{limits.nodes} values in one document"
            raise ReadError("document", (problem("$", "too-large", "more", most),))
        for key, part in parts:
            if isinstance(part, _HOLDERS):
                waiting.append((part, depth + 1, (where, key)))
            elif isinstance(part, str):
                if len(part) > limits.text:
                    found.extend(_leaf(part, (where, key), limits))
            elif part is not None:
                found.extend(_leaf(part, (where, key), limits))
    if found:
        raise ReadError("document", tuple(found))


def _parts(
    value: object, depth: int, where: _Place, limits: Limits, found: list[Problem]
) -> Collection[tuple[object, object]]:
    """Return what a list or a table holds, by index or key, if that is not too much."""
    holder = cast("Mapping[object, object] | list[object]", value)
    too_large = None
    if depth > limits.depth:
        data = (("expected", str(limits.depth)),)
        too_large = Problem(_path(where), "too-deep", data)
    elif len(holder) > limits.items:
        most = f"{limits.items} entries"
        too_large = problem(_path(where), "too-large", len(holder), most)
    if too_large is not None:
        raise ReadError("document", (*found, too_large))
    if isinstance(holder, Mapping):
        return holder.items()
    return list(enumerate(holder))


def _leaf(value: object, where: _Place, limits: Limits) -> tuple[Problem, ...]:
    """Return what is too long about a text or a number."""
    if isinstance(value, str) and len(value) > limits.text:
        most = f"{limits.text} characters"
        return (problem(_path(where), "too-long", value, most),)
    is_long = (isinstance(value, int) and abs(value) >= 10**limits.digits) or (
        isinstance(value, Decimal) and len(value.as_tuple().digits) > limits.digits
    )
    if is_long:
        most = f"{limits.digits} digits"
        return (problem(_path(where), "too-long", "a longer number", most),)
    return ()


def _path(where: _Place) -> str:
    steps: list[str] = []
    while where is not None:
        where, key = where
        steps.append(f"[{key}]" if isinstance(key, int) else place(str(key)))
    return "$" + "".join(reversed(steps))
