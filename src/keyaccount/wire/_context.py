"""What a reader knows while it reads: a policy's numbers, the program's scorers.

It lives in a context variable, so that threads and tasks never see each other's.
"""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import TypeAlias

import attrs

from keyaccount.rules import Scorer


__all__ = ["Kinds", "Knowledge", "Numbers", "knowing", "known"]


Numbers: TypeAlias = Mapping[str, Decimal | float | int]
"""A policy's numbers by name."""

Kinds: TypeAlias = Mapping[str, Scorer | Callable[..., Scorer]]
"""A program's own scorers by `kind`: an attrs class, or a scorer that is ready."""

_NO_NUMBERS: Numbers = MappingProxyType({})
_NO_KINDS: Kinds = MappingProxyType({})


@attrs.frozen(eq=False)
class Knowledge:
    """What the surroundings of a value say about it.

    `numbers` may stand by name for a number; `kinds` are the caller's scorers;
    `names` tells a writer whether to write such names, or the plain number.
    """

    numbers: Numbers = _NO_NUMBERS
    kinds: Kinds = _NO_KINDS
    names: bool = True


_knowledge: contextvars.ContextVar[Knowledge] = contextvars.ContextVar(
    "keyaccount-wire",
    default=Knowledge(),  # noqa: B039 - frozen
)


def known() -> Knowledge:
    """Return what is known here."""
    return _knowledge.get()


@contextlib.contextmanager
def knowing(
    *,
    numbers: Numbers | None = None,
    kinds: Kinds | None = None,
    names: bool | None = None,
) -> Iterator[None]:
    """Know more within the block; what is None stays as it was."""
    before = _knowledge.get()
    token = _knowledge.set(
        Knowledge(
            before.numbers if numbers is None else numbers,
            before.kinds if kinds is None else kinds,
            before.names if names is None else names,
        )
    )
    try:
        yield
    finally:
        _knowledge.reset(token)
