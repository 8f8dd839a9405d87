"""The account of the rows: read, accepted, rejected, and why."""

from __future__ import annotations

from collections.abc import Iterator

from keyaccount.intake import ImportReport, TableReport

from ._screen import Heading, Screen


__all__ = ["show_account", "show_import"]


_MOST_NOTES = 50
_MOST_CHANGES = 10


def show_import(report: ImportReport, screen: Screen) -> None:
    """Print the account of the rows: read, accepted, rejected, and why."""
    say = screen.say
    headings = (
        Heading(say("import.file"), wraps=True),
        *(
            Heading(say(f"import.{name}"), is_number=True)
            for name in ("read", "accepted", "rejected")
        ),
        Heading(say("import.form")),
    )
    screen.table(headings, _counts(report, screen))
    for line in _notes(report, screen):
        screen.indented(line, by=0)


def show_account(report: ImportReport, screen: Screen) -> None:
    """Say the same on stderr, where stdout is for machines."""
    for file, read, accepted, rejected, form in _counts(report, screen):
        counts = ", ".join(
            f"{screen.say(f'import.{name}')} {count}"
            for name, count in zip(
                ("read", "accepted", "rejected"),
                (read, accepted, rejected),
                strict=True,
            )
        )
        screen.aside(f"{file}: {counts} ({form})")
    for line in _notes(report, screen):
        screen.aside(line)


def _counts(report: ImportReport, screen: Screen) -> Iterator[tuple[str, ...]]:
    for table in report:
        delimiter = screen.say(f"import.{table.delimiter}")
        counts = (f"{n:,}" for n in (table.read, table.accepted, table.rejected))
        yield table.file, *counts, f"{table.encoding}, {delimiter}"


def _notes(report: ImportReport, screen: Screen) -> Iterator[str]:
    unlisted = report.unlisted
    for heading, notes in (
        ("import.left-out", report.rejections),
        ("import.noticed", report.remarks),
    ):
        if notes:
            yield screen.say(heading)
        for note in notes[:_MOST_NOTES]:
            yield f"  {note.say(screen.locale)}"
        more = max(len(notes) - _MOST_NOTES, 0)
        if notes:
            more, unlisted = more + unlisted, 0
        if more:
            yield f"  {screen.say('review.more', count=more)} (--format json)"
    for table in report:
        if table.unprefixed:
            count = table.unprefixed
            yield screen.say("import.unprefixed", file=table.file, count=count)
        if table.changed:
            yield from _changes(table, report, screen)


def _changes(table: TableReport, report: ImportReport, screen: Screen) -> Iterator[str]:
    """Show how the first cells that were not plain have been read."""
    yield screen.say("import.changed", file=table.file, count=f"{table.changed:,}")
    shown = [one for one in report.changes if one.file == table.file][:_MOST_CHANGES]
    for change in shown:
        yield f"  {change.say(screen.locale)}"
    more = table.changed - len(shown)
    if more:
        yield f"  {screen.say('review.more', count=more)} (--format json)"
