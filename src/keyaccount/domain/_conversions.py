"""What a constructor takes beside the very type it keeps, without losing anything.

A converter never raises: what it does not know it hands on, for the check to refuse
together with everything else that is wrong.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import enum
import itertools
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TypeVar, cast


__all__ = [
    "ID_LENGTH",
    "MAX_ITEMS",
    "decimal_of",
    "gathered",
    "identifier_of",
    "known_decimal_of",
    "known_identifier_of",
    "known_slug_of",
    "listed",
    "moment_of",
    "slug_of",
]


Item = TypeVar("Item")

ID_LENGTH = 200
MAX_ITEMS = 100_000


def decimal_of(value: Decimal | int | None) -> Decimal | None:
    """Turn a whole number into a Decimal; leave the rest for the check."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**30:
        return Decimal(value)
    return cast("Decimal | None", value)


def known_decimal_of(value: Decimal | int) -> Decimal:
    """Do the same for a number that must be given."""
    return cast("Decimal", decimal_of(value))


def identifier_of(value: str) -> str:
    """Compose letters that Unicode can spell in two ways, so that equal ids match."""
    given = cast("object", value)
    if isinstance(given, str) and not given.isascii() and len(given) <= ID_LENGTH:
        return unicodedata.normalize("NFC", given)
    return value


def known_identifier_of(value: str | None) -> str | None:
    """Do the same for an id that may be unknown."""
    return None if value is None else identifier_of(value)


def listed(values: Iterable[Item]) -> tuple[Item, ...]:
    """Turn any sequence into a tuple; leave what is none for the check."""
    given = cast("object", values)
    if isinstance(given, str | bytes | Mapping) or not isinstance(given, Iterable):
        return cast("tuple[Item, ...]", values)
    if isinstance(given, tuple):
        return cast("tuple[Item, ...]", given)
    return tuple(itertools.islice(values, MAX_ITEMS + 1))


def gathered(values: Iterable[Item]) -> frozenset[Item]:
    """Turn any collection into a frozenset; leave what is none for the check."""
    items = cast("object", listed(values))
    if isinstance(items, tuple):
        with contextlib.suppress(TypeError):  # something in it has no hash
            return frozenset(cast("tuple[Item, ...]", items))
    return cast("frozenset[Item]", values)


def moment_of(value: dt.datetime) -> dt.datetime:
    """Keep a moment's offset from UTC, and forget the rules of its zone.

    In the hour that a clock shows twice Python orders two times of one zone by the
    face of the clock, and finds no time of another zone equal to either. An offset
    with odd seconds has no form in writing: such a moment is told in UTC.
    """
    given = cast("object", value)
    if not isinstance(given, dt.datetime) or given.tzinfo is dt.UTC:
        return value
    offset = given.utcoffset()
    if offset is None:
        return value
    fixed = given.replace(tzinfo=dt.timezone(offset), fold=0)
    if offset % dt.timedelta(minutes=1):
        with contextlib.suppress(OverflowError):  # the first and the last day there is
            return fixed.astimezone(dt.UTC)
    return fixed


def slug_of(value: str | enum.Enum) -> str:
    """Take a member of a closed list for the word that it stands for."""
    return cast("str", value.value) if isinstance(value, enum.Enum) else value


def known_slug_of(value: str | enum.Enum | None) -> str | None:
    """Do the same for a word that may be unknown."""
    return None if value is None else slug_of(value)
