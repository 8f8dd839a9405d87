"""What is proposed of one file: its table, its headings, its values, and the notes."""

from __future__ import annotations

import attrs

from ._aliases import Likeness


__all__ = ["NO_NOTE", "FileGuess", "HeadingGuess", "Note", "ValueGuess"]


@attrs.frozen
class Note:
    """What there is to say of a heading: a code, and the place that it names."""

    code: str = ""
    place: str = ""


NO_NOTE = Note()


@attrs.frozen
class HeadingGuess:
    """What a heading may be: columns of ours, how sure that is, and what else.

    A heading without columns is not read; the note says why. It may say two things.
    """

    heading: str
    columns: tuple[str, ...]
    score: float
    others: tuple[Likeness, ...] = ()
    is_sure: bool = False
    note: Note = NO_NOTE


@attrs.frozen
class ValueGuess:
    """What a value of theirs may be among the choices of a column; "" is not known."""

    column: str
    value: str
    choice: str
    score: float
    others: tuple[Likeness, ...] = ()
    is_sure: bool = False


@attrs.frozen
class FileGuess:
    """What a file may be: one of our tables, or none that we can tell.

    `missing` are columns that the table must have and no heading surely is.
    """

    file: str
    sheet: str | None
    table: str | None
    score: float
    is_sure: bool = False
    others: tuple[Likeness, ...] = ()
    headings: tuple[HeadingGuess, ...] = ()
    values: tuple[ValueGuess, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def lacks_currency(self) -> bool:
        """Whether amounts of these customers stand in no currency."""
        named = {name for one in self.headings for name in one.columns if one.is_sure}
        return self.table == "customers" and "currency" not in named

    @property
    def label(self) -> str:
        """The file, and its sheet if it has several."""
        return self.file if self.sheet is None else f"{self.file}!{self.sheet}"
