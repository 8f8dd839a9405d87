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

import attrs

from keyaccount.exceptions import Problems, nearest
from keyaccount.tri import Tri


__all__ = [
    "Choice",
    "Reader",
    "Several",
    "SeveralOrNone",
    "choice",
    "folded",
    "listed",
    "listed_or_none",
    "read_amount",
    "read_day",
    "read_deal_id",
    "read_deal_value",
    "read_flag",
    "read_id",
    "read_number",
    "read_rate",
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
_TOTALS = frozenset(
    [
        *("合计", "合計", "总计", "總計", "小计", "小計", "累计", "累計"),
        *("total", "totals", "subtotal", "sub-total", "grandtotal", "sum"),
    ]
)
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


def read_deal_id(column: str, text: str, problems: Problems) -> str | None:
    """Take the id of a deal; a row of totals is no deal, or all would count twice."""
    if "".join(text.split()).casefold().rstrip(":：") in _TOTALS:
        problems.add(column, "bad-syntax", text, "a deal: this is a row of totals")
        return None
    return read_id(column, text, problems)


def read_number(column: str, text: str, problems: Problems) -> Decimal | None:
    """Read a plain decimal number, as tidying leaves it."""
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    problems.add(column, "bad-syntax", text, "write a plain number, as in 1200000.50")
    return None


def read_amount(column: str, text: str, problems: Problems) -> Decimal | None:
    """Read an amount of money: a plain number."""
    return read_number(column, text, problems)


def read_rate(column: str, text: str, problems: Problems) -> Decimal | None:
    """Read a fraction: a plain number, of which 1 is the whole."""
    return read_number(column, text, problems)


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


@attrs.frozen
class Choice:
    """Reads the slugs of a closed list."""

    kind: type[enum.Enum]

    def __call__(self, column: str, text: str, problems: Problems) -> object | None:
        """Return the member that the text names."""
        return _member(self.kind, column, text, problems)


@attrs.frozen
class Several:
    """Reads several values in a cell, with semicolons between them."""

    read: Reader

    def __call__(self, column: str, text: str, problems: Problems) -> object | None:
        """Return them; None where one of them will not do."""
        parts = [part.strip() for part in text.split(";")]
        found = [self.read(column, part, problems) for part in parts if part]
        return None if None in found else tuple(found)


@attrs.frozen
class SeveralOrNone:
    """Reads several values; the word `none` says that there are none.

    A cell of semicolons only says nothing: that is unknown.
    """

    read: Reader

    def __call__(self, column: str, text: str, problems: Problems) -> object | None:
        """Return them, none of them where the cell says so."""
        if text.casefold() == _NONE:
            return ()
        return Several(self.read)(column, text, problems) or None


def choice(kind: type[enum.Enum]) -> Reader:
    """Return a reader of the slugs of a closed list."""
    return Choice(kind)


def listed(read: Reader) -> Reader:
    """Return a reader of several values in a cell, with semicolons between them."""
    return Several(read)


def listed_or_none(read: Reader) -> Reader:
    """Return a reader of several values, or of the word `none`."""
    return SeveralOrNone(read)


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
