"""From the text of one cell to a value; strict, and blank means not known."""

from __future__ import annotations

import datetime as dt
import enum
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from types import MappingProxyType
from typing import TypeAlias, TypeVar

from keyaccount.exceptions import Problems, nearest
from keyaccount.tri import Tri


__all__ = [
    "Reader",
    "choice",
    "folded",
    "listed",
    "listed_or_none",
    "read_day",
    "read_deal_value",
    "read_flag",
    "read_id",
    "read_number",
    "read_score",
    "read_text",
    "read_whole",
    "read_yes_no",
    "unprefixed",
]


Reader: TypeAlias = Callable[[str, str, Problems], object | None]
"""Takes the column, the text and the problems; None where the text will not do."""

Member = TypeVar("Member", bound=enum.Enum)

_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?", re.ASCII)
_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
_SCORE = re.compile(r"[+-]?[0-9]{1,9}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_PREFIXED = re.compile(r"'[=+\-@\t\r]")
_LONGEST_ID = 200  # a longer one is refused by the nouns, as it stands
_NONE = "none"
_FLAGS = MappingProxyType({"no": False, "yes": True})


def folded(text: str) -> str:
    """Return the slug that is written with capitals, blanks or underscores."""
    return "-".join(text.casefold().replace("_", " ").split())


def unprefixed(text: str) -> str:
    """Take off the quote that a formula-safe CSV puts before = + - @."""
    return text[1:] if _PREFIXED.match(text) else text


def read_text(column: str, text: str, problems: Problems) -> str:
    """Take the text as it is."""
    del column, problems
    return text


def read_id(column: str, text: str, problems: Problems) -> str:
    """Take an id; letters that Unicode spells in two ways are composed."""
    del column, problems
    if text.isascii() or len(text) > _LONGEST_ID:
        return text
    return unicodedata.normalize("NFC", text)


def read_number(column: str, text: str, problems: Problems) -> Decimal | None:
    """Read a plain decimal number: no separators, no signs of currency, no per cent."""
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    problems.add(column, "bad-syntax", text, "write a plain number, as in 1200000.50")
    return None


def read_deal_value(column: str, text: str, problems: Problems) -> Decimal | None:
    """Read what a deal is worth: a number that is not below zero."""
    value = read_number(column, text, problems)
    if value is None or value >= 0:
        return value
    problems.add(column, "out-of-range", text, "0 or more, as a deal's value is")
    return None


def read_whole(column: str, text: str, problems: Problems) -> int | None:
    """Read a whole number."""
    if _WHOLE.fullmatch(text):
        return int(text)
    problems.add(column, "bad-syntax", text, "write a whole number, as in 2025")
    return None


def read_score(column: str, text: str, problems: Problems) -> int | None:
    """Read a whole number that may be below zero."""
    if _SCORE.fullmatch(text):
        return int(text)
    problems.add(column, "bad-syntax", text, "write a whole number, as in -1")
    return None


def read_day(column: str, text: str, problems: Problems) -> dt.date | None:
    """Read a date as YYYY-MM-DD."""
    if _DAY.fullmatch(text):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            pass  # the 30th of February
    problems.add(column, "bad-date", text)
    return None


def read_yes_no(column: str, text: str, problems: Problems) -> Tri | None:
    """Read yes, no or unknown."""
    return _member(Tri, column, text, problems)


def read_flag(column: str, text: str, problems: Problems) -> bool | None:
    """Read yes or no where there is nothing between them."""
    answer = text.casefold()
    if answer in _FLAGS:
        return _FLAGS[answer]
    problems.add(column, "unknown-choice", text, nearest(text, _FLAGS))
    return None


def choice(kind: type[enum.Enum]) -> Reader:
    """Return a reader of the slugs of a closed list."""

    def read(column: str, text: str, problems: Problems) -> enum.Enum | None:
        return _member(kind, column, text, problems)

    return read


def listed(read: Reader) -> Reader:
    """Return a reader of several values in a cell, with semicolons between them."""

    def read_list(
        column: str, text: str, problems: Problems
    ) -> tuple[object, ...] | None:
        parts = [part.strip() for part in text.split(";")]
        found = [read(column, part, problems) for part in parts if part]
        return None if None in found else tuple(found)

    return read_list


def listed_or_none(read: Reader) -> Reader:
    """Return a reader of several values; the word `none` says that there are none.

    A cell of semicolons only says nothing: that is unknown.
    """
    read_several = listed(read)

    def read_list(column: str, text: str, problems: Problems) -> object | None:
        if text.casefold() == _NONE:
            return ()
        return read_several(column, text, problems) or None

    return read_list


def _member(
    kind: type[Member], column: str, text: str, problems: Problems
) -> Member | None:
    slug = folded(text)
    for member in kind:
        if member.value == slug:
            return member
    slugs = [str(member.value) for member in kind]
    problems.add(column, "unknown-choice", text, nearest(text, slugs))
    return None
