"""What counts as a sound id, text, choice, date or number, for every noun alike.

Nothing here computes with a number before its size is known: a Decimal of a
million digits is refused as quickly as a small one is accepted.
"""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import math
import unicodedata
from decimal import Decimal
from typing import cast

from keyaccount.exceptions import Problems, nearest
from keyaccount.tri import Tri

from ._conversions import ID_LENGTH, MAX_ITEMS
from ._currencies import CURRENCIES


__all__ = [
    "EXACT",
    "FIRST_YEAR",
    "LAST_YEAR",
    "Checks",
    "answer_by",
    "is_each",
]


FIRST_YEAR, LAST_YEAR = 1970, 2200
_TEXT_LENGTH = 10_000
# Unicode's categories: controls and lone surrogates nowhere; in ids nothing that
# cannot be seen either (bidi and zero-width marks, line and paragraph separators).
_CONTROLS = frozenset({"Cc", "Cs"})
_UNSEEN = _CONTROLS | {"Cf", "Zl", "Zp"}
_DIGITS, _DECIMALS, _LARGEST, _LARGEST_EXPONENT = 28, 12, Decimal(10**15), 18
_BASIS_POINT = Decimal("0.0001")
_SIZE = "within 10**15 either way, at most 28 digits, at most 12 decimals"

# Wide enough for every sum and product of sound numbers, whatever the ambient
# context says; `decimal.getcontext()` belongs to the caller.
EXACT = decimal.Context(
    prec=100,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=-9999,
    Emax=9999,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)


class Checks(Problems):
    """Collects what is wrong with a noun's fields.

    Every check answers whether there is a sound value to go on with. With
    `optional=True` None passes as "not known", but is still nothing to go on with.
    """

    __slots__ = ()

    def identifier(self, path: str, value: object, *, optional: bool = False) -> bool:
        """Check a name for machines: short, and nothing in it that cannot be seen."""
        if not self._letters(path, value, ID_LENGTH, optional=optional):
            return False
        return self._without(path, cast("str", value), _UNSEEN, kept="")

    def text(self, path: str, value: object, *, optional: bool = False) -> bool:
        """Check text for people: any script, line breaks and tabs allowed."""
        if not self._letters(path, value, _TEXT_LENGTH, optional=optional):
            return False
        return self._without(path, cast("str", value), _CONTROLS, kept="\n\t")

    def slug(self, path: str, value: object) -> bool:
        """Check a word in kebab-case, as stages and factors are named."""
        if not self._letters(path, value, ID_LENGTH, optional=False):
            return False
        text = cast("str", value)
        words = text.split("-")
        plain = text.isascii() and text == text.lower()
        if plain and all(word.isalnum() for word in words):
            return True
        return self._refuse(path, "bad-syntax", text, "write kebab-case, as in no-bid")

    def choice(
        self,
        path: str,
        value: object,
        kind: type[enum.Enum],
        *,
        optional: bool = False,
    ) -> bool:
        """Check a member of a closed list."""
        if isinstance(value, kind):
            return True
        members = ", ".join(member.name for member in kind)
        wanted = f"a {kind.__name__}: {members}"
        if isinstance(value, str) and value in {member.value for member in kind}:
            wanted = f"{kind.__name__}({value!r})"
        return self._absent_or_wrong(path, value, wanted, optional=optional)

    def tri(self, path: str, value: object) -> bool:
        """Check a yes-no answer that may be unknown."""
        return self.choice(path, value, Tri)

    def flag(self, path: str, value: object) -> bool:
        """Check a plain bool."""
        return isinstance(value, bool) or self._absent_or_wrong(
            path, value, "True or False", optional=False
        )

    def instance(
        self, path: str, value: object, kind: type, *, optional: bool = False
    ) -> bool:
        """Check a part of this noun that is a noun itself."""
        return isinstance(value, kind) or self._absent_or_wrong(
            path, value, f"a {kind.__name__}", optional=optional
        )

    def each(
        self, path: str, values: object, kind: type, *, at_most: int = MAX_ITEMS
    ) -> bool:
        """Check a tuple of parts, one by one."""
        wanted = f"a sequence of {kind.__name__}"
        if not isinstance(values, tuple):
            return self._absent_or_wrong(path, values, wanted, optional=False)
        found = cast("tuple[object, ...]", values)
        if len(found) > at_most:
            return self._refuse(path, "too-large", len(found), f"{at_most} items")
        sound = [
            self.instance(f"{path}[{index}]", value, kind)
            for index, value in enumerate(found)
        ]
        return all(sound)

    def members(
        self,
        path: str,
        values: object,
        kind: type[enum.Enum],
        *,
        optional: bool = False,
    ) -> bool:
        """Check a set of members of a closed list."""
        if not isinstance(values, frozenset):
            wanted = f"a set of {kind.__name__}"
            return self._absent_or_wrong(path, values, wanted, optional=optional)
        found = cast("frozenset[object]", values)
        if len(found) > len(kind):
            return self._refuse(path, "too-large", len(found), f"{len(kind)} members")
        sound = [self.choice(path, value, kind) for value in found]
        return all(sound)

    def identifiers(self, path: str, values: object, *, optional: bool = False) -> bool:
        """Check a set of names for machines."""
        if not isinstance(values, frozenset):
            return self._absent_or_wrong(
                path, values, "a set of texts", optional=optional
            )
        found = cast("frozenset[object]", values)
        if len(found) > MAX_ITEMS:
            return self._refuse(path, "too-large", len(found), f"{MAX_ITEMS} items")
        sound = [self.identifier(path, value) for value in found]
        return all(sound)

    def days(self, path: str, values: object) -> bool:
        """Check a set of dates."""
        if not isinstance(values, frozenset):
            return self._absent_or_wrong(path, values, "a set of dates", optional=False)
        found = cast("frozenset[object]", values)
        if len(found) > MAX_ITEMS:
            return self._refuse(path, "too-large", len(found), f"{MAX_ITEMS} items")
        sound = [self.day(path, value) for value in found]
        return all(sound)

    def day(self, path: str, value: object, *, optional: bool = False) -> bool:
        """Check a date between 1970 and 2200."""
        if isinstance(value, dt.datetime):
            wanted = "a date without a time: use .date()"
            return self._refuse(path, "wrong-type", value, wanted)
        if not isinstance(value, dt.date):
            wanted = "a datetime.date"
            return self._absent_or_wrong(path, value, wanted, optional=optional)
        if FIRST_YEAR <= value.year <= LAST_YEAR:
            return True
        return self._refuse(path, "bad-date", value.isoformat())

    def moment(self, path: str, value: object) -> bool:
        """Check a date and time between 1970 and 2200 that says its time zone."""
        if not isinstance(value, dt.datetime):
            return self._absent_or_wrong(
                path, value, "a datetime with a time zone", optional=False
            )
        if value.utcoffset() is None:
            wanted = "a datetime with a time zone: tzinfo=datetime.UTC"
            return self._refuse(path, "wrong-type", value.isoformat(), wanted)
        if FIRST_YEAR <= value.year <= LAST_YEAR:
            return True
        return self._refuse(path, "bad-date", value.isoformat())

    def whole(
        self, path: str, value: object, low: int, high: int, *, optional: bool = False
    ) -> bool:
        """Check a whole number between *low* and *high*."""
        if isinstance(value, bool) or not isinstance(value, int):
            wanted = "a whole number (int)"
            return self._absent_or_wrong(path, value, wanted, optional=optional)
        if low <= value <= high:
            return True
        return self._refuse(path, "out-of-range", value, f"between {low} and {high}")

    def number(
        self,
        path: str,
        value: object,
        low: int | None = None,
        high: int | None = None,
        *,
        optional: bool = False,
    ) -> bool:
        """Check a Decimal of bounded size, between *low* and *high* if given."""
        if isinstance(value, float) and not math.isfinite(value):
            return self._refuse(path, "not-finite", value)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            wanted = _remedy(value)
            return self._absent_or_wrong(path, value, wanted, optional=optional)
        if isinstance(value, int):  # too many digits to be converted
            return self._refuse(path, "out-of-range", value, _SIZE)
        if not value.is_finite():
            return self._refuse(path, "not-finite", value)
        if not _is_small(value):
            return self._refuse(path, "out-of-range", value, _SIZE)
        if (low is None or value >= low) and (high is None or value <= high):
            return True
        wanted = f"{low} or more" if high is None else f"between {low} and {high}"
        return self._refuse(path, "out-of-range", value, wanted)

    def part(self, path: str, value: object, *, optional: bool = False) -> bool:
        """Check a share of a whole: above 0, at most 1, in whole basis points."""
        if not self.number(path, value, optional=optional):
            return False
        share = cast("Decimal", value)
        if 0 < share <= 1 and share == share.quantize(_BASIS_POINT, context=EXACT):
            return True
        wanted = "above 0, at most 1, with at most four decimals"
        return self._refuse(path, "out-of-range", share, wanted)

    def currency(self, path: str, value: object, *, optional: bool = False) -> bool:
        """Check a currency code of ISO 4217."""
        if not isinstance(value, str):
            wanted = 'an ISO 4217 code such as "CNY"'
            return self._absent_or_wrong(path, value, wanted, optional=optional)
        if value in CURRENCIES:
            return True
        near = value[:ID_LENGTH].strip().upper()
        wanted = repr(near) if near in CURRENCIES else nearest(near, CURRENCIES)
        return self._refuse(path, "unknown-choice", value, wanted)

    def _without(
        self, path: str, text: str, refused: frozenset[str], *, kept: str
    ) -> bool:
        if text.isprintable() or not any(
            unicodedata.category(letter) in refused and letter not in kept
            for letter in text
        ):
            return True
        return self._refuse(path, "not-text", text)

    def _letters(
        self, path: str, value: object, longest: int, *, optional: bool
    ) -> bool:
        if not isinstance(value, str):
            return self._absent_or_wrong(path, value, "text", optional=optional)
        if len(value) > longest:
            return self._refuse(path, "too-long", value, f"{longest} characters")
        if not value or value.isspace():
            return self._refuse(path, "empty", None, "one character")
        return True

    def _absent_or_wrong(
        self, path: str, value: object, wanted: str, *, optional: bool
    ) -> bool:
        if value is not None:
            self.add(path, "wrong-type", value, wanted)
        elif not optional:
            self.add(path, "missing", None, wanted)
        return False

    def _refuse(
        self, path: str, code: str, got: object, expected: object = None
    ) -> bool:
        self.add(path, code, got, expected)
        return False


def is_each(values: object, kind: type) -> bool:
    """Tell whether this is a tuple of nothing but *kind*, so that it can be sorted."""
    if not isinstance(values, tuple):
        return False
    found = cast("tuple[object, ...]", values)
    return all(isinstance(value, kind) for value in found)


def _is_small(value: Decimal) -> bool:
    """Tell whether a finite number is within bounds, the cheap questions first."""
    if not -_DECIMALS <= value.adjusted() <= _LARGEST_EXPONENT:
        return False
    if not -_LARGEST <= value <= _LARGEST:
        return False
    parts = value.as_tuple()
    exponent = cast("int", parts.exponent)
    return len(parts.digits) <= _DIGITS and exponent >= -_DECIMALS


def _remedy(value: object) -> str:
    if isinstance(value, float | str):
        return f"a Decimal: Decimal({str(value)[:40]!r})"
    return 'a Decimal, such as Decimal("0.30")'


def answer_by(day: dt.date, answer: Tri, on: dt.date | None) -> Tri:
    """Return what was so by a day: what happened later had not happened yet."""
    return Tri.NO if on is not None and on > day else answer
