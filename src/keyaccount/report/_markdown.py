"""The report as Markdown: the same document, every text escaped in one place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Unpack

from keyaccount.book import Portfolio

from ._case import Beside
from ._document import document
from ._parts import AccountSheet, Answer, Cell, Document, Owner, Table
from ._speech import Speech


__all__ = ["markdown"]


def markdown(
    portfolio: Portfolio,
    *,
    locale: str = "en",
    title: str | None = None,
    progress: Callable[[int], None] | None = None,
    **beside: Unpack[Beside],
) -> str:
    """Write a review as Markdown, in the order of `page`; the arguments are those.

    What people wrote stays what they wrote: no link, no markup and no HTML comes out
    of a name or a note.
    """
    told = document(portfolio, locale, title, progress, **beside)
    return "\n".join(_lines(told, Speech(locale))).rstrip("\n") + "\n"


def _lines(told: Document, speech: Speech) -> Iterator[str]:
    yield from (f"# {_safe(told.title)}", "", _safe(told.subtitle), "")
    yield from (f"## {_safe(speech.say('week'))}", "")
    yield from (f"**{_safe(told.week.headline)}**", "")
    for remark in told.week.remarks:
        yield from (f"> {_safe(remark)}", "")
    for owner in told.week.owners:
        yield from _owner(owner)
    for table in told.week.tables:
        yield from _table(table)
    yield from (f"## {_safe(speech.say('questions'))}", "")
    for answer in told.answers:
        yield from _answer(answer)
    yield from (f"## {_safe(speech.say('accounts'))}", "")
    yield from _table(told.index)
    for account in told.accounts:
        yield from _account(account, speech)
    for line in told.basis:
        yield from (_safe(line), "")


def _owner(owner: Owner) -> Iterator[str]:
    yield from (f"### {_safe(owner.name)}", "", _safe(owner.counts), "")
    yield from _table(owner.first)
    if owner.rest is not None:
        yield from _table(owner.rest)


def _answer(answer: Answer) -> Iterator[str]:
    yield from (f"### {answer.number}\\. {_safe(answer.question)}", "")
    yield from (f"**{_safe(answer.short)}**", "")
    yield from _listed(answer.lines)
    for table in answer.tables:
        yield from _table(table)


def _account(account: AccountSheet, speech: Speech) -> Iterator[str]:
    yield from (f"### {_safe(account.name)}", "")
    standing = f"**{_safe(account.standing)}**"
    if account.score:
        standing += f" · {_safe(speech.say('score-of', score=account.score))}"
    yield from (standing, "")
    facts = (*account.facts, (speech.say("fact-id"), account.slug))
    yield from _listed(f"{name}: {value}" for name, value in facts)
    yield from _listed(account.remarks)
    for code, lines in (
        ("lifts", account.lifts),
        ("open-questions", account.questions),
    ):
        if lines:
            yield from (f"#### {_safe(speech.say(code))}", "", *_listed(lines))
    for table in account.tables:
        yield from _table(table)
    if account.verdicts:
        yield from (f"#### {_safe(speech.say('verdicts'))}", "")
    for judged in account.verdicts:
        yield f"- **{_safe(judged.lens)}**: {_safe(judged.answer)}"
        for level, line in judged.reasons:
            yield f"{'  ' * level}- {_safe(line)}"
        for flag in judged.flags:
            yield f"  - *{_safe(flag)}*"
    if account.verdicts:
        yield ""


def _listed(lines: Iterator[str] | tuple[str, ...]) -> Iterator[str]:
    written = [f"- {_safe(line)}" for line in lines]
    if written:
        yield from (*written, "")


def _table(table: Table) -> Iterator[str]:
    yield from (f"*{_safe(table.caption)}*", "")
    yield _row(column.text for column in table.columns)
    yield (
        "|"
        + "|".join(" --: " if one.is_number else " --- " for one in table.columns)
        + "|"
    )
    for row in table.rows:
        yield _row(map(_cell, row))
    yield ""
    if table.more:
        yield from (_safe(table.more), "")


def _row(cells: Iterator[str]) -> str:
    return f"| {' | '.join(map(_safe, cells))} |"


def _cell(cell: Cell) -> str:
    return f"{cell.text} ({cell.note})" if cell.note else cell.text


def _safe(text: str) -> str:
    r"""Escape whatever Markdown, or HTML in it, would take for more than text.

    >>> print(_safe("[a](http://b) <b>"))
    \[a\](http\://b) &lt;b>
    """
    shown = text.replace("&", "&amp;").replace("<", "&lt;")
    shown = _MARKS.sub(r"\\\g<0>", shown)
    return _STARTS.sub(r"\\\g<0>", shown)


_MARKS = re.compile(r"[\\`*_\[\]|~$!]|(?<=[A-Za-z]):(?=//)|@|(?<=www)\.", re.IGNORECASE)
_STARTS = re.compile(r"^(?:[#>+=-]|(?<=\d)[.)])")
