"""How every chart looks: its letters, its colours, its frame, and how it says nothing.

The colours are told apart by the colour-blind, on paper and on a dark page; what they
say is also said by a shape or in words. Data is only ever a value of a row or of a
scale: never a field's name, and never part of an expression.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal, TypeAlias

import altair as alt
import attrs

from keyaccount.exceptions import Problems

from ._words import Words, shortened, wrapped


__all__ = [
    "BAD",
    "CALM",
    "DARK",
    "FAINT",
    "FINE",
    "GRID",
    "INK",
    "LETTER",
    "MAIN",
    "ODD",
    "PALE",
    "PAPER",
    "ROW",
    "STACKS",
    "TEXT",
    "Page",
    "Row",
    "marked",
    "page_of",
    "rows_of",
    "said",
    "sided",
]


Row: TypeAlias = Mapping[str, str | float | None]

INK, PAPER = "#1a1a1a", "#ffffff"
"""Of words and of the page: `svg` may leave both to the page that it stands on."""

MAIN, BAD, FINE, ODD, CALM = "#0072b2", "#d55e00", "#00845f", "#aa4499", "#737373"
"""Blue, vermilion, green, purple and grey: apart for all kinds of colour-blindness."""

PALE, FAINT, GRID, DARK = "#dbe9f4", "#f2f2f2", "#9a9a9a", "#1b1b1b"
"""Light grounds that DARK letters stand on, whatever the page is like."""

TEXT, ROW, LETTER = 11, 20, 6.3
"""The size of letters, the height of a row, and how wide a letter is, in pixels."""

_STACK = 'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'
STACKS = MappingProxyType(
    {
        "en": _STACK,
        "zh-Hans": _STACK,
        "zh-Hant": 'system-ui, "PingFang TC", "Microsoft JhengHei", '
        '"Noto Sans CJK TC", sans-serif',
    }
)
"""The fonts of a language, the first that is there."""

_NARROWEST, _WIDEST = 240, 4_000


def rows_of(rows: Sequence[Row]) -> alt.Chart:
    """Return an empty chart over rows."""
    return alt.Chart(alt.InlineData(values=[dict(row) for row in rows]))


def said(
    rows: Sequence[Row],
    *,
    align: Literal["left", "center", "right"] = "left",
    dx: float = 0,
    ink: str = INK,
    size: int = TEXT,
) -> alt.Chart:
    """Return words over rows: the field `text`, to be bound to a place.

    Args:
        rows: the words and where they stand.
        align: which end of the words stands there.
        dx: how far beside it, in pixels.
        ink: DARK on a ground of our own; else what the page writes with.
        size: the size of the letters.
    """
    chart = rows_of(rows)
    if ink == INK:
        drawn = chart.mark_text(align=align, baseline="middle", fontSize=size, dx=dx)
    else:
        drawn = chart.mark_text(
            align=align, baseline="middle", fontSize=size, dx=dx, color=ink
        )
    found: alt.Chart = drawn.encode(text=alt.Text("text:N"))
    return found


def sided(rows: Sequence[Row], x: alt.X, y: alt.Y, *, dx: float = 0) -> list[alt.Chart]:
    """Return words beside marks, on the `side` of the mark that each row names."""
    right = [row for row in rows if row["side"] == "right"]
    left = [row for row in rows if row["side"] == "left"]
    layers = (said(right, align="left", dx=dx), said(left, align="right", dx=-dx))
    return [layer.encode(x=x, y=y) for layer in layers]


def marked(
    field: str,
    kinds: Mapping[str, tuple[str, str]],
    *,
    title: str | None = None,
    is_told: bool = True,
) -> tuple[alt.Color, alt.Shape]:
    """Return colour and shape of a field.

    Args:
        field: the field; its values are words for people.
        kinds: by the value the colour and the shape, in the legend's order.
        title: what the legend is called.
        is_told: whether there is a legend; not where words beside the marks tell it.
    """
    domain = list(kinds)
    colors, shapes = ([look[at] for look in kinds.values()] for at in (0, 1))
    legend = alt.Legend(title=title) if is_told else None
    scale = alt.Scale(domain=domain, range=colors)
    return (
        alt.Color(f"{field}:N", scale=scale, legend=legend),
        alt.Shape(
            f"{field}:N", scale=alt.Scale(domain=domain, range=shapes), legend=legend
        ),
    )


@attrs.frozen
class Page:
    """What all charts are asked for: the language, the title and the width."""

    words: Words
    title: str
    width: int

    def drawn(
        self, layers: Sequence[alt.Chart], *, height: float, notes: Sequence[str] = ()
    ) -> alt.LayerChart:
        """Return the layers as one chart, with its title, its notes and its look."""
        most = int(self.width / LETTER)
        heading = alt.TitleParams(
            text=_harmless(self.title),
            subtitle=[
                _harmless(line) for note in notes for line in wrapped(note, most)
            ],
            anchor="start",
            frame="bounds",
        )
        chart: alt.LayerChart = alt.LayerChart(layer=list(layers)).properties(
            width=self.width, height=round(height), title=heading, background=PAPER
        )
        font = STACKS[self.words.language]
        found: alt.LayerChart = chart.configure(
            aria=False,  # `svg` says what it is in the language
            font=font,
            padding=10,
            axis=_AXIS,
            legend=_legend(self.width),
            title=_TITLE,
            text=alt.MarkConfig(color=INK, font=font),
            view=alt.ViewConfig(stroke=None),
        )
        return found

    def empty(self, code: str) -> alt.LayerChart:
        """Return a chart that says that there is nothing to draw."""
        rows = [{"text": self.words.say(code)}]
        return self.drawn([said(rows, align="center")], height=3 * ROW)


_OF_EVERY_OBJECT = frozenset(
    {
        "__defineGetter__",
        "__defineSetter__",
        "__lookupGetter__",
        "__lookupSetter__",
        "__proto__",
        "constructor",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toLocaleString",
        "toString",
        "valueOf",
    }
)


def _harmless(line: str) -> str:
    """Return a title that Vega does not mistake for what every object has."""
    return f"{line}\N{NO-BREAK SPACE}" if line in _OF_EVERY_OBJECT else line


def page_of(code: str, locale: str, title: str | None, width: int, **data: str) -> Page:
    """Return what a chart is asked for, once it is known to be sound.

    Args:
        code: the chart, as its own sentence is called; it says the title.
        locale: the language.
        title: another title; an empty one is none.
        width: how wide the drawing is, in pixels, without what stands beside it.
        data: what the title's sentence tells.

    Raises:
        InvalidValueError: no whole number of pixels, or not between the two.
    """
    problems = Problems()
    wanted = f"whole pixels, {_NARROWEST} to {_WIDEST}"
    given: object = width
    if not isinstance(given, int) or isinstance(given, bool):
        problems.add("width", "wrong-type", given, wanted)
    elif not _NARROWEST <= given <= _WIDEST:
        problems.add("width", "out-of-range", width, wanted)
    problems.check(code.replace("-", "_"))
    words = Words(locale)
    most = int(width / LETTER)
    heading = words.say(code, **data) if title is None else title
    return Page(words, shortened(heading, most), width)


_AXIS = alt.AxisConfig(
    labelColor=INK,
    titleColor=INK,
    domainColor=GRID,
    tickColor=GRID,
    gridColor=GRID,
    gridOpacity=0.35,
    labelFontSize=TEXT,
    titleFontSize=TEXT,
    titleFontWeight="normal",
    labelLimit=260,
)

_TITLE = alt.TitleConfig(
    color=INK,
    subtitleColor=INK,
    fontSize=14,
    subtitleFontSize=TEXT,
    subtitlePadding=5,
    offset=12,
)


def _legend(width: int) -> alt.LegendConfig:
    return alt.LegendConfig(
        labelColor=INK,
        titleColor=INK,
        labelFontSize=TEXT,
        titleFontSize=TEXT,
        titleFontWeight="normal",
        orient="bottom",
        columns=max(width // 150, 1),
        labelLimit=240,
        symbolSize=80,
    )
