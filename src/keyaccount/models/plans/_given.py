"""What a verb was given: a list of one kind, or a list of ids; all else is noted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from keyaccount.exceptions import Problems


__all__ = ["each", "texts"]


Given = TypeVar("Given")


def each(
    problems: Problems, path: str, given: Iterable[Given], kind: type[Given]
) -> list[tuple[str, Given]]:
    """Return what is of its kind, each with its path; note the rest."""
    name = kind.__name__
    if isinstance(given, str) or not isinstance(given, Iterable):
        problems.add(path, "wrong-type", given, f"a list of {name}")
        return []
    wanted = f"an {name}" if name[0] in "AEIOU" else f"a {name}"
    paths = ((f"{path}[{at}]", one) for at, one in enumerate(given))
    return [
        (where, one) for where, one in paths if problems.is_a(where, one, kind, wanted)
    ]


def texts(
    problems: Problems, path: str, given: Iterable[str], wanted: str
) -> frozenset[str]:
    """Return a list of texts as a set; note what is none."""
    if isinstance(given, str) or not isinstance(given, Iterable):
        problems.add(path, "wrong-type", given, f"a list of {wanted}")
        return frozenset()
    return frozenset(one for _, one in each(problems, path, given, str))
