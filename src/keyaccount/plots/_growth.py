"""The share-growth chart: how much of a customer we have, and whether we keep up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import altair as alt

from keyaccount.book import GrowthBoard, GrowthRow, Portfolio
from keyaccount.domain import GrowthQuadrant
from keyaccount.exceptions import Problems

from ._labels import Ends, named
from ._theme import (
    BAD,
    CALM,
    FINE,
    GRID,
    MAIN,
    ODD,
    TEXT,
    Page,
    Row,
    marked,
    page_of,
    rows_of,
    said,
    sided,
)
from ._words import Words


__all__ = ["share_growth"]


def share_growth(
    of: GrowthBoard | Portfolio | Iterable[GrowthRow],
    *,
    locale: str = "en",
    title: str | None = None,
    width: int = 640,
) -> alt.LayerChart:
    """Draw our share of what customers buy against how fast our sales to them grow.

    A mark is a customer in a category; a thin line leads from it to how fast the
    customer's own purchases (or business) grow: where the mark stands below the end of
    its line, our share falls. Shape and colour tell the quadrant. Where the share or
    the growth is not known nothing is guessed: those are named under the title.

    Args:
        of: `book.growth_board`, a portfolio, or rows of a board.
        locale: the language.
        title: another title; "" for none.
        width: how wide the drawing is, in pixels, without its labels.

    Raises:
        InvalidValueError: none of these, or an odd width.
    """
    page = page_of("share-growth", locale, title, width)
    rows = _rows(of)
    problems = Problems()
    for at, row in enumerate(rows):
        problems.is_a(f"of[{at}]", row, GrowthRow, "a GrowthRow")
    problems.check("share_growth")
    if not rows:
        return page.empty("no-shares")
    drawn = [row for row in rows if _is_known(row)]
    lost = [_name(row, page.words) for row in rows if not _is_known(row)]
    notes = []
    if lost:
        notes.append(page.words.say("not-drawn", names=page.words.listed(lost, 6)))
    if not drawn:
        return page.drawn(
            [said([{"text": page.words.say("no-shares")}], align="center")],
            height=3 * TEXT,
            notes=notes,
        )
    return _drawn(drawn, notes, page)


def _rows(of: GrowthBoard | Portfolio | Iterable[GrowthRow]) -> tuple[GrowthRow, ...]:
    if isinstance(of, GrowthBoard):
        return of.rows
    if isinstance(of, Portfolio):
        return tuple(
            GrowthRow(one.customer, verdict)
            for one in of
            for verdict in one.lenses.growth
        )
    return tuple(of)


def _is_known(row: GrowthRow) -> bool:
    return row.verdict.share is not None and row.verdict.growth is not None


def _name(row: GrowthRow, words: Words) -> str:
    name = words.named(row.customer.name, row.customer.id)
    category = words.shown(row.verdict.category or "")
    return f"{name} · {words.named(category, None, 16)}" if category else name


def _drawn(found: Sequence[GrowthRow], notes: list[str], page: Page) -> alt.LayerChart:
    words = page.words
    height = page.width * 3 // 4
    rows: list[Row] = [
        {
            "share": row.verdict.share,
            "growth": row.verdict.growth,
            "theirs": row.verdict.customer_growth,
            "kind": _kind(row, words),
            "text": _name(row, words),
        }
        for row in found
    ]
    shares = [row.verdict.share or 0.0 for row in found]
    growths = [row.verdict.growth or 0.0 for row in found]
    theirs = [
        row.verdict.customer_growth
        for row in found
        if row.verdict.customer_growth is not None
    ]
    across = (min(0.0, *shares), max(1.0, *shares))
    up = _padded((min(0.0, *growths, *theirs), max(0.0, *growths, *theirs)))
    names = named(rows, ("share", "growth"), (across, up), (page.width, height))
    if names.missing:
        missing = words.listed(names.missing, 8)
        notes = [*notes, words.say("no-room", names=missing)]
    color, shape = marked("kind", _kinds(words, {str(row["kind"]) for row in rows}))
    x = alt.X(
        "share:Q",
        scale=alt.Scale(domain=list(across), nice=False),
        axis=alt.Axis(
            title=words.say("our-share"), format="%", grid=False, tickCount=10
        ),
    )
    y = alt.Y(
        "growth:Q",
        scale=alt.Scale(domain=list(up), nice=False),
        axis=alt.Axis(title=words.say("our-growth"), format="+.3~%", tickCount=8),
    )
    told = [row for row in rows if row["theirs"] is not None]
    layers = [
        rows_of([{"zero": 0}])
        .mark_rule(color=GRID, strokeWidth=1.5)
        .encode(y=alt.Y("zero:Q")),
        rows_of(told).mark_rule(color=GRID).encode(x=x, y=y, y2="theirs:Q"),
        rows_of(told)
        .mark_tick(color=GRID, thickness=2, size=12, orient="horizontal")
        .encode(x=x, y="theirs:Q"),
        rows_of(rows)
        .mark_point(filled=True, size=90, opacity=1)
        .encode(x=x, y=y, color=color, shape=shape),
        rows_of(names.leads)
        .mark_rule(color=GRID, strokeDash=[2, 2])
        .encode(x=x, y=y, x2="x_end:Q", y2="y_end:Q"),
        *sided(names.words, x, y),
    ]
    if told:
        notes = [words.say("their-growth"), *notes]
    return page.drawn(layers, height=height, notes=notes)


def _padded(ends: Ends) -> Ends:
    """Leave some room above and below, and never none at all."""
    room = max((ends[1] - ends[0]) * _PAD, _LEAST)
    return ends[0] - room, ends[1] + room


_PAD, _LEAST = 0.08, 0.02


def _kind(row: GrowthRow, words: Words) -> str:
    value = row.verdict.value
    if value is None:
        return words.say("kind-open")
    return words.label("growth-quadrant", value.value)


def _kinds(words: Words, found: set[str]) -> dict[str, tuple[str, str]]:
    looks = (
        (FINE, "circle"),
        (ODD, "square"),
        (MAIN, "triangle-up"),
        (BAD, "triangle-down"),
    )
    every = {
        words.label("growth-quadrant", quadrant.value): look
        for quadrant, look in zip(GrowthQuadrant, looks, strict=True)
    }
    every[words.say("kind-open")] = CALM, "diamond"
    return {name: look for name, look in every.items() if name in found}
