"""What a cell of a column may say: the choices, and what people call each of them."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from types import MappingProxyType

from keyaccount import wording
from keyaccount.tri import Tri

from ._cells import (
    Choice,
    Reader,
    Several,
    SeveralOrNone,
    read_flag,
    read_yes_no,
)
from ._columns import Column


__all__ = ["choices_of", "is_list", "kind_of", "names_of"]


_YES_NO = "yes-no"
_FLAGS = ("yes", "no")


def choices_of(column: Column) -> tuple[str, ...]:
    """Return the slugs that a column takes, none where any text will do."""
    read = _single(column.read)
    if read is read_flag:
        return _FLAGS
    if read is read_yes_no:
        return (Tri.YES.value, Tri.NO.value, Tri.UNKNOWN.value)
    if isinstance(read, Choice):
        return tuple(str(member.value) for member in read.kind)
    return ()


def is_list(column: Column) -> bool:
    """Whether a cell may hold several values, with semicolons between them."""
    return isinstance(column.read, Several | SeveralOrNone)


def kind_of(column: Column) -> str:
    """Return the table of labels that names the choices; "" where there are none."""
    read = _single(column.read)
    if read in {read_flag, read_yes_no}:
        return _YES_NO
    return _kebab(read.kind) if isinstance(read, Choice) else ""


def names_of(column: Column) -> Mapping[str, tuple[str, ...]]:
    """Return each choice and what it is called in every shipped language."""
    kind = kind_of(column)
    return MappingProxyType(
        {
            slug: tuple(wording.label(kind, slug, locale) for locale in wording.LOCALES)
            for slug in choices_of(column)
        }
    )


def _single(read: Reader) -> Reader:
    return read.read if isinstance(read, Several | SeveralOrNone) else read


def _kebab(kind: type[enum.Enum]) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kind.__name__).lower()
