"""Single values both ways: text, numbers, dates, choices; nothing is coerced."""

from __future__ import annotations

import datetime as dt
import enum
import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType

from keyaccount.exceptions import InvalidValueError, nearest
from keyaccount.rules import Named

from ._context import known
from ._refusals import problem, refusal


__all__ = [
    "DAY_TEXT",
    "MOMENT_TEXT",
    "NUMBER_TEXT",
    "READERS",
    "WRITERS",
    "read_enum",
    "write_enum",
]


_FIRST_YEAR, _LAST_YEAR = 1970, 2200
NUMBER_TEXT = r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,4})?"
_NUMBER = re.compile(NUMBER_TEXT)
_DIGITS, _LEAST, _LARGEST = 28, -12, 18
_SIZE = "at most 28 digits, between 1e-12 and 1e18 in size"
_MOST_LETTERS = 60
_LARGEST_FLOAT = 400  # decimal places from the point; beyond lies no float
_WHOLE_DIGITS = 30
DAY_TEXT = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DAY = re.compile(DAY_TEXT)


def _text(value: object, _: object) -> str:
    if not isinstance(value, str):
        raise refusal("wrong-type", value, "text")
    if value.isprintable():
        return value
    for letter in value:
        if unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\n\t":
            raise refusal("not-text", value)
    return value


def _flag(value: object, _: object) -> bool:
    if isinstance(value, bool):
        return value
    raise refusal("wrong-type", value, "true or false")


def _whole(value: object, _: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        if abs(value) >= 10**_WHOLE_DIGITS:
            raise refusal("too-long", value, f"{_WHOLE_DIGITS} digits")
        return value
    number = _named(value)
    if number is None:
        raise refusal("wrong-type", value, "a whole number")
    if number != int(number):
        raise refusal("wrong-type", value, "a number that is whole")
    return int(number)


def _amount(value: object, _: object) -> Decimal:
    if isinstance(value, bool) or value is None:
        raise refusal("wrong-type", value, "a number")
    if isinstance(value, float):
        if not math.isfinite(value):
            raise refusal("not-finite", value)
        remedy = (
            f'a decimal: write it as text ("{value!r}"), or read the file with '
            "parse_float=Decimal"
        )
        raise refusal("wrong-type", value, remedy)
    if isinstance(value, str):
        if _NUMBER.fullmatch(value) and len(value) <= _MOST_LETTERS:
            return _bounded(Decimal(value))
        named = _named(value)
        if named is not None:
            return _bounded(Decimal(str(named)))
        plain = "a number in plain digits, such as 1200000.50"
        raise refusal("wrong-type", value, plain)
    if isinstance(value, int) and abs(value) < 10**_WHOLE_DIGITS:
        return _bounded(Decimal(value))
    if isinstance(value, Decimal):
        return _bounded(value)
    if isinstance(value, int):
        raise refusal("out-of-range", value, _SIZE)
    raise refusal("wrong-type", value, "a number")


def _bounded(value: Decimal) -> Decimal:
    """Refuse a Decimal before anything costly is done with it."""
    if not value.is_finite():
        raise refusal("not-finite", value)
    small = _LEAST <= value.adjusted() <= _LARGEST
    if small and len(value.as_tuple().digits) <= _DIGITS:
        return value
    shown = value if small else "a number of extreme size"
    raise refusal("out-of-range", shown, _SIZE)


def _number(value: object, _: object) -> float:
    if isinstance(value, str):
        named = _named(value)
        if named is None:
            raise refusal("wrong-type", value, "a number")
        return Named(_finite(named), value)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise refusal("wrong-type", value, "a number")
    return _finite(value)


def _finite(value: float | Decimal) -> float:
    if isinstance(value, Decimal) and value.is_finite() and not _fits_float(value):
        raise refusal("out-of-range", "a number of extreme size", "a common number")
    try:
        number = float(value)
    except (OverflowError, ValueError):  # a huge int, a signalling NaN
        number = math.inf
    if not math.isfinite(number):
        raise refusal("not-finite", value)
    return number


def _fits_float(value: Decimal) -> bool:
    return abs(value.adjusted()) <= _LARGEST_FLOAT


def _named(value: object) -> Decimal | float | int | None:
    """Return the policy's number of that name; None if the value is no name."""
    numbers = known().numbers
    if not isinstance(value, str) or not numbers:
        return None
    if value in numbers:
        return numbers[value]
    if value.isidentifier():
        raise refusal("unknown-number", value, nearest(value, numbers))
    return None


def _day(value: object, _: object) -> dt.date:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        day = value
    else:
        if not (isinstance(value, str) and _DAY.fullmatch(value)):
            raise refusal("bad-date", value)
        try:
            day = dt.date.fromisoformat(value)
        except ValueError:
            raise refusal("bad-date", value) from None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise refusal("bad-date", day.isoformat())
    return day


MOMENT_TEXT = (
    f"{DAY_TEXT}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}"
    r"(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_MOMENT = re.compile(MOMENT_TEXT)
_MOMENT_FORM = "a time with its offset, as in 2026-03-31T09:30:00+00:00"


def _moment(value: object, _: object) -> dt.datetime:
    moment = value
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        try:
            moment = dt.datetime.fromisoformat(value)
        except ValueError:
            raise refusal("wrong-type", value, _MOMENT_FORM) from None
    if not isinstance(moment, dt.datetime) or moment.utcoffset() is None:
        raise refusal("wrong-type", value, _MOMENT_FORM)
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise refusal("bad-date", moment.isoformat())
    return moment


def read_enum(kind: type[enum.Enum]) -> Callable[[object, object], enum.Enum]:
    """Return the hook that reads a member by its slug."""
    members: Mapping[str, enum.Enum] = MappingProxyType(
        {str(member.value): member for member in kind}
    )

    def read(value: object, _: object) -> enum.Enum:
        if isinstance(value, str) and value in members:
            return members[value]
        if isinstance(value, str):
            raise refusal("unknown-choice", value, nearest(value[:200], members))
        raise refusal("wrong-type", value, nearest("", members))

    return read


def write_enum(value: enum.Enum) -> str:
    """Write a member as its slug."""
    return str(value.value)


def _write_whole(value: int) -> int:
    return int(value)


def _write_amount(value: Decimal) -> str:
    return format(_bounded(value), "f")


def _write_number(value: float) -> float | str:
    if isinstance(value, Named) and known().names:
        return value.name
    if not math.isfinite(value):
        data = problem("$", "not-finite", value)
        raise InvalidValueError("value", (data,))
    return int(value) if isinstance(value, int) else float(value)


def _write_day(value: dt.date) -> str:
    return value.isoformat()


def _as_it_is(value: object) -> object:
    return value


Reader = Callable[[object, object], object]

READERS: Mapping[type, Reader] = MappingProxyType(
    {
        bool: _flag,
        str: _text,
        int: _whole,
        float: _number,
        Decimal: _amount,
        dt.datetime: _moment,
        dt.date: _day,
    }
)
"""How each plain class is read."""

WRITERS: Mapping[type, Callable[..., object]] = MappingProxyType(
    {
        bool: _as_it_is,
        str: _as_it_is,
        int: _write_whole,
        float: _write_number,
        Decimal: _write_amount,
        dt.datetime: _write_day,
        dt.date: _write_day,
    }
)
"""How each plain class is written."""
