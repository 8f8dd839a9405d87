"""The report as a workbook: numbers as numbers, text as nothing but text."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Iterator
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Unpack

from keyaccount.book import Portfolio
from keyaccount.exceptions import MissingExtraError
from keyaccount.wording import plain

from ._case import Beside, Case
from ._document import case_of
from ._parts import Cell, Table
from ._questions import answers
from ._standing import next_step, question, score, standing
from ._week import DAYS_AHEAD


if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet


__all__ = ["workbook"]


def workbook(
    portfolio: Portfolio,
    *,
    locale: str = "en",
    title: str | None = None,
    **beside: Unpack[Beside],
) -> bytes:
    """Write a review as an Excel workbook; the arguments are those of `page`.

    Its sheets are what to do, the customers, the deals, and the ten questions with
    their tables. No cell holds a formula or a link, whatever a name looks like.

    Raises:
        MissingExtraError: XlsxWriter, of the extra `excel`, is not installed.
    """
    try:
        import xlsxwriter  # noqa: PLC0415 - only a workbook needs it
    except ImportError as error:
        raise MissingExtraError("excel", "XlsxWriter") from error
    case = case_of(portfolio, locale, **beside)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {**_SAFE})
    name = plain(title or "") or case.speech.say("title")
    created = dt.datetime.combine(case.as_of, dt.time())
    book.set_properties({"title": name, "created": created})
    writer = _Writer(book)
    for code, table in (
        ("nav-week", _week(case)),
        ("sheet-customers", _customers(case)),
        ("sheet-deals", _deals(case)),
    ):
        writer.sheet(case.speech.say(code), (table,))
    for answer in answers(case):
        told = f"{answer.number}. {answer.question}"
        lines = (told, answer.short, *answer.lines)
        writer.sheet(f"{answer.number}", answer.tables, lines)
    book.close()
    return out.getvalue()


_SAFE = MappingProxyType(
    {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
)
_WIDEST, _NARROWEST = 60, 8
_MOST_LETTERS = 32_000  # a cell of Excel holds 32,767


class _Writer:
    """Writes tables onto sheets: headings first, columns as wide as they need."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._text = book.add_format({"text_wrap": True, "valign": "top"})
        self._number = book.add_format({"num_format": "#,##0.##", "valign": "top"})
        self._day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})

    def sheet(
        self, name: str, tables: tuple[Table, ...], lines: tuple[str, ...] = ()
    ) -> None:
        """Add a sheet with lines of text, then tables, one below the other."""
        sheet = self._book.add_worksheet(name)
        at = 0
        for line in lines:
            sheet.write_string(at, 0, line[:_MOST_LETTERS])
            at += 1
        at += bool(lines)
        for table in tables:
            if lines:
                sheet.write_string(at, 0, table.caption, self._bold)
                at += 1
            for column, heading in enumerate(table.columns):
                sheet.write_string(at, column, heading.text, self._bold)
            if not lines:
                sheet.freeze_panes(at + 1, 1)
                last = at + len(table.rows), len(table.columns) - 1
                sheet.autofilter(at, 0, last[0], last[1])
            for row in table.rows:
                at += 1
                for column, cell in enumerate(row):
                    self._cell(sheet, at, column, cell)
            at += 2
        self._widths(sheet, tables)

    def _cell(self, sheet: Worksheet, row: int, column: int, cell: Cell) -> None:
        value = cell.value
        if isinstance(value, dt.date):
            day = dt.datetime.combine(value, dt.time())
            sheet.write_datetime(row, column, day, self._day)
        elif isinstance(value, int | float | Decimal) and math.isfinite(value):
            sheet.write_number(row, column, float(value), self._number)
        elif cell.text or cell.note:
            note = f" ({cell.note})" if cell.note else ""
            text = f"{cell.text}{note}"[:_MOST_LETTERS]
            sheet.write_string(row, column, text, self._text)

    @staticmethod
    def _widths(sheet: Worksheet, tables: tuple[Table, ...]) -> None:
        for column in range(max((len(one.columns) for one in tables), default=0)):
            longest = _NARROWEST
            for table in tables:
                for row in table.rows:
                    if column < len(row):
                        longest = max(longest, _width(row[column].text))
            sheet.set_column(column, column, min(longest + 2, _WIDEST))


_WIDE_FROM = "⺀"  # a Chinese letter is as wide as two others


def _width(text: str) -> int:
    return sum(1 + (letter >= _WIDE_FROM) for letter in text[: _WIDEST * 2])


def _week(case: Case) -> Table:
    columns = case.columns("when", "late", "what", "account", "deal", "owner")
    return Table("", columns, tuple(_due(case)))


def _due(case: Case) -> Iterator[tuple[Cell, ...]]:
    speech = case.speech
    for item in case.agenda.within(DAYS_AHEAD):
        days = item.days_late(case.as_of)
        yield (
            Cell(value=item.due_on),
            Cell(value=days),
            Cell(plain(item.says(speech.locale))),
            case.customer(item.customer_id, item.customer),
            Cell(speech.name(item.deal, item.deal_id)),
            Cell(speech.name(item.owner)),
        )


def _customers(case: Case) -> Table:
    columns = case.columns(
        "id", "account", "owner", "class", "#low", "#high", "sales", "currency",
        "next", "ask-first",
    )  # fmt: skip
    speech = case.speech
    rows = []
    for sheet in case.portfolio:
        customer, verdict = sheet.customer, sheet.verdict
        ends = () if verdict is None else (verdict.score.low, verdict.score.high)
        is_scored = bool(score(sheet, speech).text)
        low, high = ends if is_scored and ends else (None, None)
        years = [one for one in customer.years if one.ends_on <= case.as_of]
        rows.append(
            (
                Cell(speech.name(customer.id)),
                case.who(sheet),
                Cell(speech.name(customer.owner)),
                Cell(standing(sheet, speech)),
                Cell(value=low),
                Cell(value=high),
                Cell(value=years[-1].sales if years else None),
                Cell(customer.currency or ""),
                Cell(next_step(sheet, speech)),
                Cell(question(sheet, speech)),
            )
        )
    return Table("", columns, tuple(rows))


def _deals(case: Case) -> Table:
    columns = case.columns(
        "id", "deal", "account", "owner", "#value", "currency", "decision", "stage",
        "#days", "close",
    )  # fmt: skip
    speech, rules = case.speech, case.policies.pipeline
    own = None if rules is None else rules.own_labels
    rows = []
    for deal in case.portfolio.deals:
        found, decision = deal.opportunity, deal.gates.value
        who = deal.customer
        name = Cell() if who is None else case.customer(who.id, who.name)
        value = found.value
        rows.append(
            (
                Cell(speech.name(found.id)),
                Cell(speech.name(found.name, found.id)),
                name,
                Cell(speech.name(found.owner)),
                Cell(value=None if value is None else value.amount),
                Cell("" if value is None else value.currency),
                Cell(
                    "" if decision is None else speech.label("decision", decision.value)
                ),
                Cell(
                    ""
                    if found.stage is None
                    else speech.label("stage", found.stage, own)
                ),
                Cell(value=deal.days_in_stage),
                Cell(value=found.expected_close),
            )
        )
    return Table("", columns, tuple(rows))
