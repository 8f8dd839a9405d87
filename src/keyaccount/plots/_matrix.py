"""The portfolio matrix: where the customers stand, one beside the other.

A portfolio is drawn by rung and score. Marks of attractiveness and strength (2.1) are
drawn as what they are, two axes with four cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt

from keyaccount.book import Portfolio, Sheet
from keyaccount.domain import ProspectClass, ValueTier
from keyaccount.exceptions import Problems
from keyaccount.models import allocation

from ._cells import by_marks
from ._labels import lanes
from ._theme import (
    BAD,
    FINE,
    GRID,
    LETTER,
    MAIN,
    ODD,
    ROW,
    Page,
    Row,
    marked,
    page_of,
    rows_of,
    said,
    sided,
)
from ._words import Words, width_of


__all__ = ["portfolio_matrix"]


WHOLE = 100


def portfolio_matrix(
    of: Portfolio | Mapping[str, allocation.MatrixVerdict],
    *,
    policy: allocation.AllocationPolicy | None = None,
    locale: str = "en",
    title: str | None = None,
    width: int = 640,
) -> alt.LayerChart:
    """Draw where customers stand: by rung and score, or by attractiveness and strength.

    Of a portfolio every customer is a mark on its rung, the better the score the
    further to the right. Where the score is open, a line runs from its lowest to its
    highest, and the customer stands on the lowest rung that is possible. Whose
    amounts could not be converted is named under the title.

    Args:
        of: a portfolio; or what `allocation.matrix` says, by the customer's name.
        policy: the policy of those verdicts: its two cuts are drawn. Left out, the
            shipped one's are, where the verdicts come from it.
        locale: the language.
        title: another title; "" for none.
        width: how wide the drawing is, in pixels, without its labels.

    Raises:
        InvalidValueError: neither of the two, or an odd width.
    """
    if isinstance(of, Portfolio):
        return _by_rung(of, page_of("portfolio-matrix", locale, title, width))
    problems = Problems()
    if problems.is_a("of", of, Mapping, "a Portfolio, or verdicts by name"):
        for name, verdict in of.items():
            wanted = "what allocation.matrix returns"
            problems.is_a(f"of[{name!r}]", verdict, allocation.MatrixVerdict, wanted)
    problems.check("portfolio_matrix")
    page = page_of("matrix-marks", locale, title, width)
    return by_marks(of, policy, page)


def _by_rung(portfolio: Portfolio, page: Page) -> alt.LayerChart:
    words = page.words
    judged = [one for one in portfolio if one.verdict is not None]
    if not judged:
        return page.empty("no-customers")
    groups: dict[ValueTier | ProspectClass, list[Sheet]] = {}
    for kind in (*ValueTier, *ProspectClass):
        found = [one for one in judged if _lowest(one) is kind]
        if found:
            groups[kind] = found
    rows: list[Row] = []
    bands: list[Row] = []
    top = 0
    for kind, members in groups.items():
        placed = _placed(members, words, page.width)
        depth = 1 + max(lane for _, lane in placed)
        rows += [{**row, "y": top + lane + 0.5} for row, lane in placed]
        name = words.label("tier-name", kind.value)
        bands.append(
            {"top": top, "end": top + depth, "y": top + depth / 2, "text": name}
        )
        top += depth
    x = alt.X(
        "x:Q",
        scale=alt.Scale(domain=[0, WHOLE], nice=False),
        axis=alt.Axis(title=words.say("score"), tickCount=10),
    )
    y = alt.Y(
        "y:Q", scale=alt.Scale(domain=[0, top], nice=False, reverse=True), axis=None
    )
    color, shape = marked("kind", _kinds(words, {str(r["kind"]) for r in rows}))
    layers = [
        _bands(bands, page.width),
        said(bands, align="right").encode(x=alt.value(-8), y=y),
        rows_of(rows)
        .mark_rule(strokeWidth=2)
        .encode(x=x, x2="high:Q", y=y, color=color),
        rows_of(rows)
        .mark_point(filled=True, size=70, opacity=1)
        .encode(x=x, y=y, color=color, shape=shape),
        *sided(rows, alt.X("at:Q"), alt.Y("y:Q", axis=None), dx=8),
    ]
    notes = []
    lost = [
        words.named(one.customer.name, one.customer.id)
        for one in portfolio
        if one.verdict is None
    ]
    if lost:
        notes.append(words.say("unconverted", names=words.listed(lost, 6)))
    return page.drawn(layers, height=ROW * top, notes=notes)


def _lowest(one: Sheet) -> ValueTier | ProspectClass | None:
    return None if one.verdict is None else one.verdict.possible[0]


def _placed(
    members: Sequence[Sheet], words: Words, width: int
) -> list[tuple[Row, int]]:
    """Return a mark for each customer of a rung, and the lane that has room for it."""
    rows: list[Row] = []
    spans: list[tuple[float, float]] = []
    letter = LETTER * WHOLE / width
    gap = 12 * WHOLE / width
    for one in members:
        if one.verdict is None:
            continue
        name = words.named(one.customer.name, one.customer.id)
        score = one.verdict.score
        room = width_of(name) * letter + gap
        is_left = score.high + room > WHOLE + gap and score.low > room
        ends = (
            (score.low - room, score.high)
            if is_left
            else (score.low, score.high + room)
        )
        spans.append((ends[0] - gap, ends[1] + gap / 2))
        rows.append(
            {
                "x": score.low,
                "high": score.high,
                "at": score.low if is_left else score.high,
                "side": "left" if is_left else "right",
                "kind": _kind(one, words),
                "text": name,
                "id": Words.shown(one.customer.id),
            }
        )
    return list(zip(rows, lanes(spans), strict=True))


def _kind(one: Sheet, words: Words) -> str:
    if one.tier is not None and one.tier.is_supervised:
        return words.say("kind-problem")
    if one.verdict is not None and not one.verdict.is_settled:
        return words.say("kind-open")
    return words.say("kind-prospect" if one.tier is None else "kind-settled")


def _kinds(words: Words, found: set[str]) -> dict[str, tuple[str, str]]:
    every = {
        words.say("kind-settled"): (MAIN, "circle"),
        words.say("kind-open"): (ODD, "diamond"),
        words.say("kind-problem"): (BAD, "triangle-down"),
        words.say("kind-prospect"): (FINE, "square"),
    }
    return {name: look for name, look in every.items() if name in found}


def _bands(bands: Sequence[Row], width: int) -> alt.Chart:
    """Shade every other rung, lightly: the page may be dark."""
    shaded = [band for at, band in enumerate(bands) if not at % 2]
    found: alt.Chart = (
        rows_of(shaded)
        .mark_rect(color=GRID, opacity=0.13)
        .encode(
            y=alt.Y("top:Q", axis=None), y2="end:Q", x=alt.value(0), x2=alt.value(width)
        )
    )
    return found
