"""The ways in which people write numbers and dates, and what is plain in each.

A cell is tidied before its column reads it: `1,234.5万`, `(¥1.234,50)`, `95 %` and
`31.12.2025` become the plain text that our readers take. What may mean two things is
refused, unless the other cells of its column or the mapping file say which.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType

import attrs

from keyaccount.exceptions import Problems

from ._days import PLAIN_DAY, DayOrder, tidy_day


__all__ = [
    "MONEY_SIGNS",
    "Form",
    "Tidied",
    "Way",
    "decimal_sign",
    "tidy",
    "unit_of",
]


class Form(enum.Enum):
    """What stands in a column, as far as its writing goes."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    AMOUNT = "amount"
    RATE = "rate"
    DAY = "day"


def _nothing_seen() -> frozenset[str]:
    return frozenset()


@attrs.frozen
class Way:
    """How a column writes: what the mapping, the workbook and its other cells say.

    `decimal` and `dates` are the mapping's word; `serials` is 1900 or 1904 where a day
    may be a serial number; `unit` is the power of ten that the heading names; `seen`
    tells the decimal signs that other cells of the column show. Where nothing does, a
    lone point is a decimal sign, unless the file `is_doubtful` about that. Where the
    mapping has not told so, a share below a heading of % may still be a part of 1.
    `money` is the currency, or the sign of one, that the heading names.
    """

    form: Form = Form.TEXT
    decimal: str | None = None
    dates: DayOrder | None = None
    serials: int | None = None
    unit: int = 0
    is_doubtful: bool = False
    is_percent_told: bool = False
    money: str = ""
    seen: Callable[[], frozenset[str]] = _nothing_seen


@attrs.frozen
class Tidied:
    """A cell in plain text, and the sign of currency that stood beside it."""

    text: str
    sign: str = ""


MONEY_SIGNS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "¥": frozenset({"CNY", "JPY"}),
        "元": frozenset({"CNY", "HKD", "MOP", "TWD"}),
        "€": frozenset({"EUR"}),
        "$": frozenset(
            [
                *("ARS", "AUD", "BBD", "BMD", "BND", "BSD", "BZD", "CAD", "CLP", "COP"),
                *("DOP", "FJD", "GYD", "HKD", "JMD", "KYD", "LRD", "MOP", "MXN", "NAD"),
                *("NZD", "SBD", "SGD", "SRD", "TTD", "TWD", "USD", "UYU", "XCD"),
            ]
        ),
    }
)
"""The currencies that a sign may stand for."""

_NARROW: Mapping[int, int] = MappingProxyType(
    str.maketrans(
        "０１２３４５６７８９．，－−＋％（）￥＄／：　", "0123456789.,--+%()¥$/: "
    )
)
_LONGEST = 100  # of what may be a number
_PLAIN = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?", re.ASCII)
_SURE = re.compile(r"[+-]?[0-9]{1,40}(?:\.(?:[0-9]{1,2}|[0-9]{4,40}))?", re.ASCII)
_WHOLE = re.compile(r"[+-]?[0-9]{1,9}", re.ASCII)
_MYRIADS: Mapping[str, int] = MappingProxyType({"万": 4, "萬": 4, "亿": 8, "億": 8})
_WRITTEN = re.compile(
    r"(?P<first>[+-]?) ?(?P<before>[¥$€]?) ?(?P<then>[+-]?)"
    r"(?P<body>[0-9][0-9.,]{0,80}) ?"
    r"(?P<unit>[万萬亿億]?) ?(?P<after>[¥$€元]?)(?P<percent>%?)",
    re.ASCII,
)
_IN_BRACKETS = re.compile(r"(?P<before>[¥$€]?) ?\((?P<within>[^()+-]+)\)")
_POINT = re.compile(r"(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.[0-9]+)?", re.ASCII)
_COMMA = re.compile(r"(?:[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,[0-9]+)?", re.ASCII)
_TENS: Mapping[str, int] = MappingProxyType({"": 0, "十": 1, "百": 2, "千": 3})
_UNITS: Mapping[str, int] = MappingProxyType(
    {f"{ten}{name}": _TENS[ten] + by for ten in _TENS for name, by in _MYRIADS.items()}
    | {"千": 3, "%": -2, "％": -2}
)
_UNIT = re.compile(
    r"(?:(?P<money>[十百千]?[万萬亿億]|千)[元圆圓]|(?P<cent>[%％])"
    r"|[（(\[［](?:(?:单位|單位)[:：]?)?(?P<bare>[十百千]?[万萬亿億]|千))[)）\]］]?\Z"
)


@attrs.frozen
class _Number:
    """A number as it is written, taken apart."""

    minus: bool
    body: str
    unit: int
    sign: str
    is_bare: bool


def tidy(
    column: str, text: str, way: Way, problems: Problems, *, typed: bool
) -> Tidied | None:
    """Return a cell in plain text; None, and the problem, where it means two things.

    What is not understood stays as it is: the column's reader will refuse it. A *typed*
    cell is a number itself, and not the text of one.
    """
    form = way.form
    if form is Form.TEXT:
        return Tidied(text)
    if form is Form.DAY:
        plain = PLAIN_DAY.fullmatch(text)
        told = (column, way.dates, way.serials, problems)
        day = text if plain else tidy_day(text.translate(_NARROW), *told)
        return None if day is None else Tidied(day)
    if form is Form.WHOLE:
        narrow = text.translate(_NARROW) if len(text) <= _LONGEST else text
        return Tidied(narrow if _WHOLE.fullmatch(narrow) else text)
    return _tidy_number(column, text, way, problems, typed=typed)


def unit_of(heading: str) -> int:
    """Return the power of ten that a heading names: 4 of 万元, -2 of %, else 0."""
    found = _UNIT.search(heading)
    if found is None:
        return 0
    return _UNITS[found["money"] or found["cent"] or found["bare"]]


def decimal_sign(text: str) -> str:
    """Return the decimal sign that a number shows beyond doubt, "" if it shows none."""
    number = _taken_apart(text)
    if number is None:
        return ""
    point, comma = _POINT.fullmatch(number.body), _COMMA.fullmatch(number.body)
    if point and not comma:
        return "."
    return "," if comma and not point else ""


def _tidy_number(
    column: str, text: str, way: Way, problems: Problems, *, typed: bool
) -> Tidied | None:
    if _SURE.fullmatch(text) and not way.unit and way.decimal != ",":
        return Tidied(text)  # most are, and this is quick
    number = _taken_apart(text)
    if number is None or not _fits(number, way):
        return Tidied(text)
    if typed:
        plain: str | None = number.body
        if _may_be_part(number, way):
            wanted = f'{text} % or a part of 1? if %, say percent = ["{column}"]'
            problems.add(column, "bad-syntax", text, wanted)
            return None
    else:
        plain = _plain_body(number.body, column, text, way, problems)
    if plain is None:
        return None
    shift = number.unit or way.unit
    if number.is_bare and not shift and plain == number.body and _PLAIN.fullmatch(text):
        return Tidied(text)
    if not _PLAIN.fullmatch(plain):
        return Tidied(text)
    return Tidied(_shifted(plain, shift, minus=number.minus), number.sign)


def _may_be_part(number: _Number, way: Way) -> bool:
    """Whether a cell may be formatted as per cent, below a heading that says %."""
    is_in_doubt = way.unit == _UNITS["%"] and not way.is_percent_told
    return (
        is_in_doubt
        and bool(_PLAIN.fullmatch(number.body))
        and (0 < Decimal(number.body) <= 1)
    )


def _fits(number: _Number, way: Way) -> bool:
    """Whether a column takes a number that is written so."""
    if number.unit == _UNITS["%"]:
        return way.form is Form.RATE
    if number.unit and (way.unit or way.form is Form.RATE):
        return False  # 5万 under a heading of 万元, 1万 as a share
    return not number.sign or way.form is Form.AMOUNT


def _taken_apart(text: str) -> _Number | None:
    if len(text) > _LONGEST:
        return None
    narrow = text.translate(_NARROW).strip()
    bracketed = _IN_BRACKETS.fullmatch(narrow)
    if bracketed is not None:
        narrow = f"{bracketed['before']}{bracketed['within'].strip()}"
    found = _WRITTEN.fullmatch(narrow)
    if found is None or (found["first"] and found["then"]):
        return None
    sign = found["before"] or found["after"]
    if found["percent"] and (sign or found["unit"]):
        return None
    if found["before"] and found["after"]:
        return None
    unit = _UNITS["%"] if found["percent"] else _MYRIADS.get(found["unit"], 0)
    minus = bracketed is not None or "-" in (found["first"], found["then"])
    is_bare = bracketed is None and not sign and not unit
    return _Number(minus, found["body"], unit, sign, is_bare)


def _plain_body(
    body: str, column: str, text: str, way: Way, problems: Problems
) -> str | None:
    """Return digits with a point; None where a point or comma may be either thing."""
    point, comma = _POINT.fullmatch(body), _COMMA.fullmatch(body)
    if way.decimal is not None:
        if point if way.decimal == "." else comma:
            return _read_by(way.decimal, body)
        wanted = f'the mapping file says decimal = "{way.decimal}"'
        problems.add(column, "bad-syntax", text, wanted)
        return None
    if not point and not comma:
        return body
    if "," not in body and "." not in body:
        return body
    many = sum(map(body.count, ".,")) > 1
    if point and not comma and (many or "," not in body):
        return _read_by(".", body)
    if comma and not point and many:
        return _read_by(",", body)
    seen = way.seen()
    if comma and not point and "." not in seen:
        return _read_by(",", body)
    if point and comma and len(seen) == 1:
        return _read_by(min(seen), body)
    if point and comma and not seen and "." in body and not way.is_doubtful:
        return body  # as our own tables write it
    if point:
        readings = " or ".join(_read_by(sign, body) for sign in ".,")
    else:
        readings = f"{_read_by(',', body)}, where other cells have a decimal point"
    problems.add(column, "ambiguous-number", text, readings)
    return None


def _read_by(decimal: str, body: str) -> str:
    """Take out the marks of the thousands, and write the decimal sign as a point."""
    thousands = "," if decimal == "." else "."
    return body.replace(thousands, "").replace(decimal, ".")


def _shifted(plain: str, by: int, *, minus: bool) -> str:
    """Write a number times a power of ten, digit by digit: nothing is rounded."""
    digits = Decimal(plain).as_tuple()
    exponent = int(digits.exponent) + by
    return f"{Decimal((int(minus), digits.digits, exponent)):f}"
