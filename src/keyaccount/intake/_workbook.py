"""A workbook: its sheets by name, opened when its zip file has been looked through.

python-calamine reads the values of cells, and what formulas came to. Whether it may is
decided here: the limits stand in `_zip` and `_parts`, and in `docs/how-to`.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import attrs

from keyaccount.exceptions import MissingExtraError, Problems

from ._files import MOST_FILE_BYTES, Line
from ._parquet import text_of
from ._parts import SheetPart, Strings, Tags, look_through
from ._zip import DamagedError, check_parts, pieces


if TYPE_CHECKING:
    from python_calamine import CalamineSheet


__all__ = ["BOOKS", "Book", "Grid", "Title"]


BOOKS = (".xlsx", ".xlsm")
_MOST_NAMED = 1_000_000  # bytes of the part that names the sheets
_WORKBOOK = "xl/workbook.xml"
_LINKS = "xl/_rels/workbook.xml.rels"
_STRINGS = "sharedstrings.xml"
_PANIC = "PanicException"  # of the reader, which is no Exception
_CELLS = b"sheetData"  # of a sheet that hides under another name

Span: TypeAlias = tuple[tuple[int, int], tuple[int, int]]


@attrs.frozen
class Title:
    """A sheet of a workbook: its name, the part that holds it, whether it is shown."""

    name: str
    part: str
    is_shown: bool


@attrs.frozen
class Grid:
    """The rows of a sheet that are not blank, and the cells that were made one."""

    lines: tuple[Line, ...]
    merged: tuple[Span, ...]


@attrs.define(eq=False)
class Book:
    """A workbook whose sheets are known; its cells are looked at when asked."""

    path: Path
    titles: tuple[Title, ...]
    serials: int
    _parts: dict[str, SheetPart] | None = None
    _problems: Problems = attrs.field(factory=Problems)

    @classmethod
    def open(cls, path: Path, problems: Problems) -> Book | None:
        """Read which sheets a workbook has; what is wrong goes into *problems*."""
        before = len(problems.all())
        told: list[Tags] = []
        try:
            with path.open("rb") as file, zipfile.ZipFile(file) as zipped:
                size = path.stat().st_size
                parts = zipped.infolist()
                if size > MOST_FILE_BYTES:
                    wanted = f"{MOST_FILE_BYTES} bytes"
                    problems.add(path.name, "too-large", size, wanted)
                if not check_parts(path.name, size, parts, problems):
                    return None
                told = [_tags(zipped, parts, at) for at in (_WORKBOOK, _LINKS)]
        except OSError as error:
            said = error.strerror or type(error).__name__
            problems.add(path.name, "bad-syntax", said, "name a file to be read")
        except (DamagedError, zipfile.BadZipFile, ValueError) as error:
            _refuse(path.name, error, problems)
        if len(problems.all()) > before:
            return None
        return cls(path, _titles(*told), _serials(told[0]))

    def grid(self, title: Title, problems: Problems) -> Grid | None:
        """Read a sheet; what makes it unreadable goes into *problems*, once.

        Raises:
            MissingExtraError: python-calamine is not installed.
        """
        try:
            from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415
        except ImportError as error:
            raise MissingExtraError("excel", "python-calamine") from error
        try:
            if self._parts is None:
                self._parts = self._looked_through()
            part = _sheet_part(self._parts, title)
            with CalamineWorkbook.from_path(self.path) as book:
                sheet = book.get_sheet_by_name(title.name)
                merged = tuple(sheet.merged_cell_ranges or ())
                return Grid(tuple(_lines(sheet, part)), merged)
        except (DamagedError, CalamineError, OSError, ValueError) as error:
            if not self._problems:
                _refuse(self.path.name, error, self._problems)
                problems.extend(self._problems.all())
            return None
        except BaseException as error:
            if type(error).__name__ != _PANIC:
                raise
            _refuse(self.path.name, ValueError(_PANIC), problems)
            return None

    def _looked_through(self) -> dict[str, SheetPart]:
        """Unpack every part once, and none of it further than declared."""
        found: dict[str, SheetPart] = {}
        with self.path.open("rb") as file, zipfile.ZipFile(file) as zipped:
            strings = Strings()
            parts = [part for part in zipped.infolist() if not part.is_dir()]
            for part in parts:
                if part.filename.casefold().endswith(_STRINGS):
                    look_through(pieces(file, part), strings)
            for part in parts:
                name = part.filename.casefold()
                if name.endswith(_STRINGS):
                    continue
                if name.endswith(".xml"):
                    found[name] = SheetPart(strings.sizes)
                    look_through(pieces(file, part), found[name])
                elif name.endswith(".rels"):
                    look_through(pieces(file, part), Tags())
                else:
                    _hides_no_sheet(pieces(file, part))
        return found


def _refuse(name: str, error: Exception, problems: Problems) -> None:
    """Say that a workbook cannot be read, and how it can be mended."""
    known = isinstance(error, DamagedError)
    said = str(error) if known else "no whole workbook"
    remedy = "save it again as .xlsx, or its tables as CSV"
    problems.add(name, "bad-syntax", said, remedy)


def _hides_no_sheet(given: Iterable[bytes]) -> None:
    tail = b""
    for piece in given:
        if _CELLS in tail + piece:
            raise DamagedError("a sheet under another name")
        tail = piece[-len(_CELLS) :]


def _tags(zipped: zipfile.ZipFile, parts: list[zipfile.ZipInfo], name: str) -> Tags:
    named = {part.filename.casefold(): part for part in parts}
    if len(named) != len(parts):
        raise DamagedError("two parts of one name")
    part, file, tags = named.get(name), zipped.fp, Tags()
    if part is None or file is None or part.file_size > _MOST_NAMED:
        raise DamagedError("no workbook")
    look_through(pieces(file, part), tags)
    return tags


def _sheet_part(parts: Mapping[str, SheetPart], title: Title) -> SheetPart:
    part = parts.get(title.part.casefold())
    if part is None:
        raise DamagedError(f"no sheet in {title.part}")
    return part


def _titles(workbook: Tags, links: Tags) -> tuple[Title, ...]:
    targets = {
        given.get("Id", ""): given.get("Target", "")
        for tag, given in links.found
        if tag == "Relationship"
    }
    return tuple(
        Title(
            given.get("name", ""),
            posixpath.normpath(posixpath.join("/xl", targets[given["id"]]))[1:],
            given.get("state", "visible") == "visible",
        )
        for tag, given in workbook.found
        if tag == "sheet" and given.get("id") in targets
    )


def _serials(workbook: Tags) -> int:
    told = (given for tag, given in workbook.found if tag == "workbookPr")
    return 1904 if next(told, {}).get("date1904") in {"1", "true"} else 1900


def _lines(sheet: CalamineSheet, part: SheetPart) -> list[Line]:
    found = []
    faults: dict[int, dict[int, str]] = {}
    for (row, column), text in part.faults.items():
        faults.setdefault(row, {})[column] = text
    at = -1
    rows = () if sheet.start is None else sheet.iter_rows()  # some panic at nothing
    for at, values in enumerate(rows):
        found.append(_line(at, values, faults.pop(at, {})))
    blank = [""] * sheet.total_width
    found.extend(_line(row, blank, wrong) for row, wrong in faults.items() if row > at)
    return [line for line in found if any(cell.strip() for cell in line.cells)]


def _line(at: int, values: Sequence[object], faults: dict[int, str]) -> Line:
    cells = [text_of(value) for value in values]
    cells += [""] * (max(faults, default=-1) + 1 - len(cells))
    typed = {place for place, one in enumerate(values) if not isinstance(one, str)}
    for place, text in faults.items():
        cells[place] = text or "#ERROR"
    return Line(at + 1, tuple(cells), frozenset(typed), frozenset(faults))
