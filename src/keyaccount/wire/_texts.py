"""From JSON or TOML text to plain data and back, with nothing lost on the way.

Numbers with a point are read as Decimal. What Python's own readers let pass is
refused: a key that stands twice, NaN, Infinity, 1e999, endless numbers.
"""

from __future__ import annotations

import collections
import json
import re
import tomllib
from decimal import Decimal
from typing import NoReturn

from keyaccount.exceptions import InvalidValueError, Problem, ReadError

from ._limits import LIMITS, Limits, check_limits
from ._refusals import problem, refusal


__all__ = ["read_json", "read_toml", "to_json"]


def read_json(text: str | bytes, *, limits: Limits = LIMITS) -> object:
    """Read one JSON text into plain data; numbers with a point become Decimal.

    Raises:
        ReadError: not JSON, or larger than *limits* allow.
    """
    plain = _decoded(text, limits.document)
    try:
        data: object = json.loads(
            plain,
            object_pairs_hook=_table,
            parse_constant=_no_constant,
            parse_float=_decimal,
            parse_int=_whole,
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}: {error.msg}"
        raise _broken("JSON", where) from None
    except RecursionError:
        raise _too_deep(limits) from None
    check_limits(data, limits)
    return data


def _table(pairs: list[tuple[str, object]]) -> dict[str, object]:
    table = dict(pairs)
    if len(table) < len(pairs):
        counted = collections.Counter(key for key, _ in pairs)
        ((key, _),) = counted.most_common(1)
        raise refusal("duplicate", key)
    return table


def _no_constant(name: str) -> NoReturn:
    raise ReadError("document", (problem("$", "not-finite", name),))


_MOST_LETTERS = 60  # of one number in a text; its digits are counted later


def _decimal(text: str) -> Decimal:
    if len(text) > _MOST_LETTERS:
        raise refusal("too-long", text, f"{LIMITS.digits} digits")
    return Decimal(text)


def _whole(text: str) -> int:
    if len(text) > _MOST_LETTERS:
        raise refusal("too-long", text, f"{LIMITS.digits} digits")
    return int(text)


# A key of very many parts: the standard library's reader needs the square of them.
_LONG_KEY = re.compile(r"(?<![\w\"'-])(?:[\w\"'-]{1,200}[ \t]*\.[ \t]*){65}")


def read_toml(text: str | bytes, *, limits: Limits = LIMITS) -> dict[str, object]:
    """Read one TOML text into plain data; numbers with a point become Decimal.

    Raises:
        ReadError: not TOML, or larger than *limits* allow.
    """
    plain = _decoded(text, limits.policy).replace("\r\n", "\n")
    if _LONG_KEY.search(plain):
        raise _too_deep(limits)
    try:
        data = tomllib.loads(plain, parse_float=_toml_decimal)
    except tomllib.TOMLDecodeError as error:
        raise _broken("TOML", str(error)) from None
    except RecursionError:
        raise _too_deep(limits) from None
    except InvalidValueError:
        raise  # ours: a number that is too long, or not finite
    except ValueError:  # a whole number of thousands of digits, a 30 February
        raise _broken("TOML", "a number or a date is impossible") from None
    check_limits(data, limits)
    return data


def _toml_decimal(text: str) -> Decimal:
    plain = text.replace("_", "")
    if plain.lstrip("+-") in {"inf", "nan"}:
        raise refusal("not-finite", plain)
    return _decimal(plain)


def to_json(data: object, *, indent: int | None = 2) -> bytes:
    """Write plain data as JSON, the same bytes every time.

    Raises:
        InvalidValueError: something in it that JSON cannot say.
    """
    try:
        text = json.dumps(
            data, ensure_ascii=False, allow_nan=False, indent=indent, default=_unknown
        )
        return text.encode() + b"\n"
    except InvalidValueError:
        raise  # ours: something that is no plain data
    except UnicodeEncodeError:
        raise _unwritable("not-text", "half a character (a lone surrogate)") from None
    except ValueError:
        raise _unwritable("not-finite", "NaN or infinity") from None
    except RecursionError:
        raise _too_deep(LIMITS) from None


def _unknown(value: object) -> NoReturn:
    data = problem("$", "wrong-type", value, "plain data: unstructure the value first")
    raise InvalidValueError("document", (data,))


def _unwritable(code: str, got: str) -> InvalidValueError:
    return InvalidValueError("document", (problem("$", code, got),))


def _decoded(text: str | bytes, most: int) -> str:
    if len(text) > most:
        raise refusal("too-large", len(text), f"{most} bytes")
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return bytes(text).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = f"byte {error.start} is not UTF-8: save the file as UTF-8"
        raise _broken("text", where) from None


def _broken(kind: str, where: str) -> ReadError:
    data = (("got", f"broken {kind}"), ("expected", where))
    return ReadError("document", (Problem("$", "bad-syntax", data),))


def _too_deep(limits: Limits) -> ReadError:
    data = (("expected", str(limits.depth)),)
    return ReadError("document", (Problem("$", "too-deep", data),))
