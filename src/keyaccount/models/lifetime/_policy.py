"""The opinions on lifetime values: what money costs, how far ahead one looks."""

from __future__ import annotations

import enum
import functools
from decimal import Context, Decimal

import attrs

from keyaccount import policies
from keyaccount.exceptions import Problems
from keyaccount.rules import Policy


__all__ = [
    "MOST_YEARS",
    "Assumption",
    "FirstMargin",
    "LifetimePolicy",
    "check_share",
    "check_years",
    "default_policy",
]


MOST_YEARS = 100
_MOST_RATE = 100


class FirstMargin(enum.Enum):
    """When the first margin of a contract counts."""

    IN_A_YEAR = "in-a-year"
    NOW = "now"


class Assumption(enum.Enum):
    """What an answer takes for granted; none of it is known."""

    CONSTANT_MARGIN = "constant-margin"
    CONSTANT_RETENTION = "constant-retention"
    YEARLY = "yearly"
    FIRST_IN_A_YEAR = "first-in-a-year"
    FIRST_NOW = "first-now"
    WITHOUT_END = "without-end"
    TO_HORIZON = "to-horizon"
    STEADY_BUYING = "steady-buying"
    LEAVES_FOR_GOOD = "leaves-for-good"
    SPEND_APART = "spend-apart"
    END_OF_PERIOD = "end-of-period"
    CONSTANT_SHARE = "constant-share"


_WHOLE = ("purchase_years", "periods_a_year", "fewest_customers", "fewest_repeating")
_SHARES = ("discount", "most_correlation")


@attrs.frozen(kw_only=True)
class LifetimePolicy(Policy):
    """What money costs, when a margin counts, and when a fit is an accident."""

    first_margin: FirstMargin

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        given = {number.id: number.value for number in self.numbers}
        for name in (*_SHARES, *_WHOLE):
            if name not in given:
                problems.add("numbers", "missing", expected=f"numbers.{name}")
        for name, value in given.items():
            path = f"numbers.{name}.value"
            if name in _SHARES:
                check_share(problems, path, value)
            elif name == "purchase_years":
                check_years(problems, path, value)
            elif name in _WHOLE and not _is_whole(value):
                problems.add(path, "out-of-range", value, "a whole number, 1 or more")
        problems.check(f"policy {self.name}")

    def whole(self, name: str) -> int:
        """Return one of the policy's whole numbers."""
        return int(self.number(name))


def check_share(problems: Problems, path: str, value: object) -> bool:
    """Check a rate: 0.1 is ten per cent; at most 100, at most four decimals."""
    if not isinstance(value, Decimal):
        wanted = 'a Decimal, such as Decimal("0.10")'
        problems.add(path, "wrong-type", value, wanted)
    elif not (value.is_finite() and 0 <= value <= _MOST_RATE and _is_short(value)):
        wanted = f"between 0 and {_MOST_RATE}, with at most four decimals"
        problems.add(path, "out-of-range", value, wanted)
    else:
        return True
    return False


def check_years(problems: Problems, path: str, value: object) -> bool:
    """Check a horizon: a whole number of years."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        problems.add(path, "wrong-type", value, "a whole number of years")
    elif not _is_whole(value, MOST_YEARS):
        wanted = f"a whole number of years, 1 to {MOST_YEARS}"
        problems.add(path, "out-of-range", value, wanted)
    else:
        return True
    return False


_BASIS_POINT = Decimal(1) / 100 / 100
_MOST_WHOLE = 100**2


def _is_short(value: Decimal) -> bool:
    return value == value.quantize(_BASIS_POINT, context=Context())


def _is_whole(value: int | Decimal, most: int = _MOST_WHOLE) -> bool:
    if isinstance(value, Decimal) and not value.is_finite():
        return False
    return 1 <= value <= most and value == int(value)


@functools.cache
def default_policy() -> LifetimePolicy:
    """Return the shipped policy."""
    return policies.read("lifetime", LifetimePolicy)
