"""How an answer shows itself in a notebook: HTML of few tags, every text escaped.

There is no style, no script, no address and no attribute that somebody's text could
reach: the reader's own light or dark page shows it. Text comes through `words` alone.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Protocol

from keyaccount import wording


__all__ = [
    "Explained",
    "Html",
    "Shown",
    "Tabled",
    "block",
    "folded",
    "headline",
    "leaves",
    "listed",
    "remarks",
    "table",
    "verdict_page",
    "words",
]


_MOST_ROWS = 50
_MOST_LINES = 200
_LONGEST = 400


class Html(str):
    """HTML that a notebook and a template show as such: every text in it is escaped."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(self)

    def __html__(self) -> str:
        return str(self)


class _Page(Protocol):
    """What can be written as HTML in a language."""

    def html(self, locale: str = "en") -> Html:
        """Write it as HTML."""
        ...


class _Telling(Protocol):
    """What explains itself, a line each, indented by level."""

    def explain(self, locale: str = "en") -> tuple[str, ...]:
        """Say it in a language."""
        ...


class Shown:
    """What shows itself in Jupyter and marimo, in English; `html` takes a language."""

    __slots__ = ()

    def _repr_html_(self: _Page) -> str:
        return str(self.html())

    def _repr_mimebundle_(
        self: _Page, include: object = None, exclude: object = None
    ) -> dict[str, str]:
        del include, exclude  # the notebook itself picks
        return {"text/plain": repr(self), "text/html": str(self.html())}


class Explained(Shown):
    """An answer that says itself line by line: shown as its first line, then why."""

    __slots__ = ()

    def html(self: _Telling, locale: str = "en") -> Html:
        """Write the answer as HTML in a language, its reasons to be unfolded."""
        first, *rest = self.explain(locale)
        pairs = [(_level(line), line) for line in rest]
        return block(locale, headline(first), folded("why", _raised(pairs), locale))


class Tabled(Shown):
    """Many answers: shown as a table of at most fifty rows, told in one short line."""

    __slots__ = ()

    def html(self, locale: str = "en") -> Html:
        """Write it as HTML in a language; where a class has no table, its one line."""
        return block(locale, headline(repr(self)))

    def _counts(self) -> tuple[str, ...]:
        """Return what stands in the one line: how many, as of when."""
        return ()

    def __repr__(self) -> str:
        return f"<{' · '.join((type(self).__name__, *self._counts()))}>"


def words(text: object) -> str:
    """Escape somebody's text: on one line, without hidden marks, not endless."""
    shown = str(text)[: _LONGEST * 2]  # what is cut off need not be cleaned first
    shown = wording.plain(shown)
    if len(shown) > _LONGEST:
        shown = f"{shown[: _LONGEST - 1]}…"
    return f"<bdi>{html.escape(shown)}</bdi>"


def block(locale: str, *parts: str) -> Html:
    """Put parts together, marked with the language that they are in."""
    return Html(f'<div lang="{wording.language(locale)}">{"".join(parts)}</div>')


def headline(text: str) -> str:
    """Return the answer, which stands first."""
    return f"<p><strong>{words(text)}</strong></p>"


def remarks(lines: Iterable[str]) -> str:
    """Return lines that are seen without unfolding; nothing if there is none."""
    return listed((0, line) for line in lines)


def folded(code: str, pairs: Iterable[tuple[int, str]], locale: str) -> str:
    """Return lines to be unfolded under one of the `[shown]` sentences."""
    inside = listed(pairs, locale)
    if not inside:
        return ""
    return leaves(wording.say(f"shown.{code}", {}, locale), inside)


def leaves(title: str, inside: str) -> str:
    """Return ready HTML to be unfolded under a title."""
    return f"<details><summary>{words(title)}</summary>{inside}</details>"


def listed(pairs: Iterable[tuple[int, str]], locale: str = "en") -> str:
    """Return lines with their levels as lists within lists; nothing for no line."""
    lines = iter(pairs)
    parts: list[str] = []
    depth = -1
    for wanted, line in islice(lines, _MOST_LINES):
        level = min(max(wanted, 0), depth + 1)
        if level > depth:
            parts.append("<ul><li>")
        else:
            parts.append(f"</li>{'</ul></li>' * (depth - level)}<li>")
        depth = level
        parts.append(words(line))
    parts.append("</li></ul>" * (depth + 1))
    return "".join((*parts, _more(sum(1 for _ in lines), locale)))


def table(
    caption: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    locale: str,
    *,
    count: int | None = None,
) -> str:
    """Return a table of the first fifty rows, each headed by its first cell.

    With *count* the rows may be worked out one by one: those that do not fit are not
    asked for. Without a row there is no table.
    """
    source = iter(rows)
    body = "".join(map(_row, islice(source, _MOST_ROWS)))
    if not body:
        return ""
    total = sum(1 for _ in source) if count is None else count - _MOST_ROWS
    heads = "".join(f'<th scope="col">{words(text)}</th>' for text in headings)
    return (
        f"<table><caption>{words(caption)}</caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{body}</tbody></table>{_more(total, locale)}"
    )


def verdict_page(  # noqa: PLR0913 - the parts of an answer, in their order
    answer: str,
    why: Iterable[tuple[int, str]],
    locale: str,
    *,
    possible: Sequence[str] = (),
    bounds: Iterable[str] = (),
    flags: Iterable[str] = (),
    questions: Sequence[str] = (),
) -> Html:
    """Write a verdict: the answer, its bounds, what to ask, then why."""
    told: list[str] = []
    if possible:
        joint = wording.say("shown.joint", {}, locale).join(possible)
        told.append(wording.say("shown.possible", {"answers": joint}, locale))
    told += bounds
    told += [wording.say("shown.ask", {"text": one}, locale) for one in questions[:1]]
    told += flags
    return block(
        locale,
        headline(answer),
        remarks(told),
        folded("why", why, locale),
        folded("also-open", ((0, one) for one in questions[1:]), locale),
    )


def _row(cells: Sequence[str]) -> str:
    first, *rest = map(words, cells)
    others = "".join(f"<td>{cell}</td>" for cell in rest)
    return f'<tr><th scope="row">{first}</th>{others}</tr>'


def _more(count: int, locale: str) -> str:
    if count <= 0:
        return ""
    said = wording.say("shown.more", {"count": count}, locale)
    return f"<p>{words(said)}</p>"


def _level(line: str) -> int:
    return (len(line) - len(line.lstrip(" "))) // 2


def _raised(pairs: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield the lines with the least level at the margin."""
    least = min((level for level, _ in pairs), default=0)
    for level, line in pairs:
        yield level - least, line
