"""The account of an import laid out for people: every row and every changed cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from keyaccount import wording

from ._account_pages import Section, csv_text, html_page


if TYPE_CHECKING:
    from ._report import Change, ImportReport, Note


__all__ = ["as_csv", "as_html"]


_COUNTS = ("read", "accepted", "rejected")


def as_csv(report: ImportReport, locale: str) -> str:
    """Write the account as CSV: a row a table, a note and a changed cell.

    The headings are English, for machines; the kinds and the sentences speak the
    reader's language.
    """
    headings = ("kind", "file", "line", "column", "what", "was", "became", *_COUNTS)
    return csv_text(headings, _csv_rows(report, locale))


def _csv_rows(report: ImportReport, locale: str) -> Iterator[tuple[str, ...]]:
    for table in report.tables:
        counts = (str(n) for n in (table.read, table.accepted, table.rejected))
        kind = _say("kind-table", locale)
        yield kind, table.file, "", "", table.table, "", "", *counts
    for kind, notes in (
        ("kind-left-out", report.rejections),
        ("kind-noticed", report.remarks),
    ):
        for note in notes:
            said = _said(note, locale)
            line = str(note.line or "")
            yield _say(kind, locale), note.file, line, note.column, said, *[""] * 5
    for change in report.changes:
        place = (change.file, str(change.line), change.column)
        cells = ("", change.was, change.became)
        yield _say("kind-change", locale), *place, *cells, *[""] * 3


def as_html(report: ImportReport, locale: str) -> str:
    """Write the account as one page that stands by itself, without a script."""
    changed = sum(table.changed for table in report.tables)
    read = sum(table.read for table in report.tables)
    data = {
        "read": read,
        "accepted": read - report.rejected,
        "rejected": report.rejected,
        "changed": changed,
    }
    lead = [wording.say("account.lead", data, locale)]
    if not report.rejected and not changed:
        lead.append(_say("nothing", locale))
    if report.unlisted:
        count = {"count": report.unlisted}
        lead.append(wording.say("account.unlisted", count, locale))
    sections = [section for section in _sections(report, locale) if section.rows]
    return html_page(_say("title", locale), lead, sections, locale)


def _sections(report: ImportReport, locale: str) -> Iterator[Section]:
    counted = (wording.label("import", name, locale) for name in _COUNTS)
    form = wording.label("import", "form", locale)
    file = wording.label("import", "file", locale)
    yield Section(
        _say("tables", locale),
        (_say("table", locale), file, *counted, _say("changed", locale), form),
        [
            (
                table.table,
                table.file,
                *(f"{n:,}" for n in (table.read, table.accepted, table.rejected)),
                f"{table.changed:,}",
                f"{table.encoding}, {wording.label('import', table.delimiter, locale)}",
            )
            for table in report.tables
        ],
        frozenset({2, 3, 4, 5}),
    )
    place = (file, _say("line", locale), _say("column", locale))
    told = (*place, _say("what", locale))
    for name, notes in (("left-out", report.rejections), ("noticed", report.remarks)):
        yield Section(_say(name, locale), told, _notes(notes, locale), frozenset({1}))
    uncounted = sum(table.changed for table in report.tables) - len(report.changes)
    count = {"count": uncounted}
    yield Section(
        _say("changes", locale),
        (*place, _say("was", locale), _say("became", locale)),
        _changes(report.changes),
        frozenset({1}),
        wording.say("account.uncounted", count, locale) if uncounted > 0 else "",
    )


def _notes(notes: Iterable[Note], locale: str) -> list[tuple[str, ...]]:
    return [
        (note.file, str(note.line or ""), note.column, _said(note, locale))
        for note in notes
    ]


def _changes(changes: Iterable[Change]) -> list[tuple[str, ...]]:
    return [
        (one.file, str(one.line), one.column, one.was, one.became) for one in changes
    ]


def _said(note: Note, locale: str) -> str:
    """Say what there is to say of a place, without the place."""
    data = dict(note.problem.data)
    return wording.say(f"error.{note.problem.code}", data, locale)


def _say(key: str, locale: str) -> str:
    return wording.label("account", key, locale)
