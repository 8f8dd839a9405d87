"""The tables to fill in as one workbook: a sheet a table, and a guide before them."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING

from keyaccount import wording
from keyaccount.exceptions import MissingExtraError

from ._columns import Column
from ._tables import TABLES
from ._template import Told, explained
from ._ways import Form


if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet


__all__ = ["template_workbook"]


_NO_DAY = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook knows no time zone
_ROWS = 1_000  # that offer their choices
_LONGEST_LIST = 255  # letters that a list of choices may have in a cell's rule
_WIDTHS = (18, 24, 10, 52, 34, 52, 28)
_HEADINGS = ("sheet", "heading", "required", "meaning", "form", "choices", "example")
_LINES = ("line-1", "line-2", "line-3", "line-4")
_NUMERIC = frozenset({Form.WHOLE, Form.NUMBER, Form.AMOUNT, Form.RATE})


def template_workbook(locale: str = "en") -> bytes:
    """Return a workbook with a sheet for every table, to be filled in.

    Raises:
        MissingExtraError: what writes workbooks is not installed.
    """
    try:
        from xlsxwriter import Workbook  # noqa: PLC0415 - tables are read without it
    except ImportError as error:
        raise MissingExtraError("excel", "XlsxWriter") from error
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    book.set_properties({"title": "keyaccount", "created": _NO_DAY})
    pages = _Pages(book, locale)
    pages.guide()
    pages.columns()
    for name in TABLES:
        pages.table(name)
    book.close()
    return out.getvalue()


class _Pages:
    """Writes the sheets of one workbook, in one language."""

    def __init__(self, book: xlsxwriter.Workbook, locale: str) -> None:
        self._book = book
        self._locale = locale
        self._bold = book.add_format({"bold": True, "bottom": 1})
        self._wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self._text = book.add_format({"num_format": "@"})
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})

    def guide(self) -> None:
        """Say how the workbook is filled in."""
        sheet = self._book.add_worksheet(self._say("guide"))
        sheet.set_column(0, 0, 100)
        for at, line in enumerate(_LINES):
            sheet.write_string(at, 0, self._say(line), self._wrapped)
        for at, name in enumerate(TABLES, start=len(_LINES) + 1):
            told = wording.label("intake-table", name, self._locale)
            sheet.write_string(at, 0, f"{name}: {told}")

    def columns(self) -> None:
        """Say what every column means."""
        sheet = self._book.add_worksheet(self._say("columns"))
        for at, (key, width) in enumerate(zip(_HEADINGS, _WIDTHS, strict=True)):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, self._say(key), self._bold)
        rows = (told for table in TABLES.values() for told in self._told(table.name))
        for row, told in enumerate(rows, start=1):
            must = self._say("yes") if told.is_required else ""
            choices = "\n".join(told.choice_lines)
            cells = (told.table, told.heading, must, told.meaning, told.form, choices)
            for at, cell in enumerate((*cells, told.example)):
                sheet.write_string(row, at, cell, self._wrapped)
        sheet.freeze_panes(1, 2)

    def table(self, name: str) -> None:
        """Write the headings of a table, each with what it means beside it."""
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        pairs = zip(TABLES[name].columns, self._told(name), strict=True)
        for at, (column, told) in enumerate(pairs):
            width = max(len(column.name) + 2, 12)
            sheet.set_column(at, at, width, self._format_of(column))
            sheet.write_string(0, at, column.name, self._bold)
            sheet.write_comment(0, at, self._comment(told), {"x_scale": 2})
            if told.choices and told.form == self._say("form-choice"):
                self._offer(sheet, at, told)

    def _told(self, name: str) -> tuple[Told, ...]:
        return explained(TABLES[name], self._locale)

    def _comment(self, told: Told) -> str:
        must = f" ({self._say('required')})" if told.is_required else ""
        lines = (f"{told.meaning}{must}", told.form, *told.choice_lines)
        return "\n".join(lines)

    def _offer(self, sheet: Worksheet, at: int, told: Told) -> None:
        """Offer the choices of a column; another text is questioned, not refused."""
        slugs = [slug for slug, _ in told.choices]
        if len(",".join(slugs)) > _LONGEST_LIST:
            return  # the comment lists them
        sheet.data_validation(
            1,
            at,
            _ROWS,
            at,
            {
                "validate": "list",
                "source": slugs,
                "error_type": "warning",
                "error_title": self._say("drop-title"),
            },
        )

    def _format_of(self, column: Column) -> Format | None:
        if column.form is Form.DAY:
            return self._day
        return None if column.form in _NUMERIC else self._text

    def _say(self, key: str) -> str:
        return wording.label("workbook", key, self._locale)
