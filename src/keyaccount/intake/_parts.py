"""The parts of a workbook, read once before its reader: how much they hold, and what.

The reader lays a sheet out as a rectangle up to its last cell, and repeats
a text wherever it is named; so a few bytes may ask for very much memory. It also leaves
out errors and formulas that were never worked out. Both are found here.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Mapping
from typing import Final
from xml.parsers import expat

import attrs

from ._zip import DamagedError


__all__ = ["SheetPart", "Strings", "Tags", "look_through"]


_MOST_CELLS: Final = 5_000_000  # of the rectangle that a sheet fills
_MOST_TEXT: Final = 50_000_000  # characters, with every repetition
_MOST_COLUMNS: Final = 2_000
_MOST_ROWS: Final = 1_048_576
_PLACE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})", re.ASCII)
_ROWS: Final = "sheetData"
_A: Final = ord("A") - 1


class Tags:
    """Takes the elements of a part of XML, one after the other; keeps the first ones.

    What is kept is enough for the small parts that say what a workbook consists of.
    """

    most = 20_000

    def __init__(self) -> None:
        self.found: list[tuple[str, Mapping[str, str]]] = []

    def start(self, tag: str, given: Mapping[str, str]) -> None:
        """Take the beginning of an element."""
        if len(self.found) < self.most:
            self.found.append(
                (tag, {k.rpartition(":")[2]: v for k, v in given.items()})
            )

    def end(self, tag: str) -> None:
        """Take its end."""

    def text(self, text: str) -> None:
        """Take the text within."""


class Strings(Tags):
    """The texts that cells share, by their number: how long each of them is."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes = array("L")

    def start(self, tag: str, given: Mapping[str, str]) -> None:
        """Begin a text of its own."""
        del given
        if tag == "si":
            self.sizes.append(0)

    def text(self, text: str) -> None:
        """Count what belongs to it."""
        if self.sizes:
            self.sizes[-1] += len(text)


@attrs.define(slots=False)
class SheetPart(Tags):
    """A sheet: the rectangle that its cells fill, and what its reader leaves out."""

    sizes: array[int]
    faults: dict[tuple[int, int], str] = attrs.field(factory=dict)
    _row: int = -1
    _column: int = -1
    _last: tuple[int, int] = (0, 0)
    _characters: int = 0
    _kind: str = ""
    _value: str = ""
    _formula: str | None = None
    _is_blank: bool = True
    _within: str = ""
    _before: tuple[int, int] | None = None  # the cell before, within the rows

    def start(self, tag: str, given: Mapping[str, str]) -> None:
        """Begin a row, a cell, or what stands in it."""
        if tag == "c":
            self._begin_cell(given)
        elif tag == "row":
            number = given.get("r", "")
            self._row = int(number) - 1 if _is_number(number) else self._row + 1
            self._column = -1
            self._within = ""
        elif tag == _ROWS:
            self._before = (-1, -1)
        else:
            self._is_blank = False  # an empty one has a place for its reader as well
        if tag in {"v", "f", "t"}:
            self._within = tag
            if tag == "f":
                self._formula = ""

    def text(self, text: str) -> None:
        """Take the value of a cell, or count its text."""
        if self._within == "f":
            self._formula = f"{self._formula}{text}"[:200]
        elif self._within == "v" and self._kind != "str":
            self._value = (self._value + text)[:100]
        elif self._within:
            self._value = text[:100] or self._value
            self._count(len(text))

    def end(self, tag: str) -> None:
        """End a cell, and look at what it holds."""
        if tag != "c":
            if tag == self._within:
                self._within = ""
            elif tag == _ROWS:
                self._before = None
            return
        place = (self._row, self._column)
        if self._kind == "e":
            self.faults[place] = self._value
        elif self._formula is not None and not self._value and self._kind != "str":
            self.faults[place] = f"={self._formula}"
        if self._kind == "s" and self._value:
            if not _is_number(self._value) or int(self._value) >= len(self.sizes):
                raise DamagedError("a cell names a text that is not there")
            self._count(self.sizes[int(self._value)])
        if not self._is_blank:
            self._widen(place)

    def _begin_cell(self, given: Mapping[str, str]) -> None:
        place = given.get("r")
        if place is None:
            self._column += 1
        else:
            found = _PLACE.fullmatch(place)
            if found is None:
                raise DamagedError("a cell has no place")
            self._column = _column(found[1])
            self._row = int(found[2]) - 1
        if self._before is not None:
            if (self._row, self._column) <= self._before:
                raise DamagedError("a cell that stands there twice, or out of order")
            self._before = self._row, self._column
        self._kind = given.get("t", "")
        self._value = ""
        self._formula = None
        self._within = ""
        self._is_blank = True

    def _count(self, characters: int) -> None:
        self._characters += characters
        if self._characters > _MOST_TEXT:
            raise DamagedError(f"more than {_MOST_TEXT} characters in a sheet")

    def _widen(self, place: tuple[int, int]) -> None:
        self._last = max(self._last[0], place[0]), max(self._last[1], place[1])
        rows, columns = self._last[0] + 1, self._last[1] + 1
        if rows > _MOST_ROWS or columns > _MOST_COLUMNS:
            raise DamagedError(f"a cell in row {rows}, column {columns}")
        if rows * columns > _MOST_CELLS:
            raise DamagedError(f"cells that lie too far apart: {rows} x {columns}")


def look_through(pieces: Iterable[bytes], tags: Tags) -> None:
    """Read a part of XML, piece by piece.

    Raises:
        DamagedError: it is no XML, or has a document type, as no workbook has.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = lambda tag, given: tags.start(_local(tag), given)
    parser.EndElementHandler = lambda tag: tags.end(_local(tag))
    parser.CharacterDataHandler = tags.text
    try:
        for piece in pieces:
            parser.Parse(piece, False)  # noqa: FBT003 - it takes no keyword
        parser.Parse(b"", True)  # noqa: FBT003 - the same
    except expat.ExpatError as error:
        raise DamagedError("a part is no XML") from error


def _refuse(*given: object) -> None:
    del given
    raise DamagedError("a part with a document type")


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= len(str(_MOST_ROWS)) + 1


def _column(letters: str) -> int:
    at = 0
    for letter in letters.upper():
        at = at * 26 + ord(letter) - _A
    return at - 1
