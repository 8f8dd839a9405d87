"""What a value must be before a rule may be made of it."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable

from keyaccount.exceptions import Problems


__all__ = ["check_mark", "check_number", "repeated"]


_LARGEST = sys.float_info.max


def check_number(path: str, value: object, problems: Problems) -> bool:
    """Note what is no finite float; return whether it is one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        problems.add(path, "wrong-type", value, "a number")
    elif not -_LARGEST <= value <= _LARGEST:  # NaN, infinity, a whole number too large
        problems.add(path, "not-finite", value)
    else:
        return True
    return False


def check_mark(path: str, value: object, problems: Problems) -> None:
    """Note what is no mark from 0 to 100."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        problems.add(path, "wrong-type", value, "a number")
    elif not 0 <= value <= 100:  # noqa: PLR2004 - a mark's range
        problems.add(path, "out-of-range", value, "0 to 100")


def repeated(slugs: Iterable[str]) -> tuple[str, ...]:
    """Return the slugs that stand more than once, sorted."""
    counts = Counter(slugs)
    return tuple(sorted(slug for slug, count in counts.items() if count > 1))
