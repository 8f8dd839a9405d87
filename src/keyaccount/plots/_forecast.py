"""The forecast distribution: not one number but a range, and what it rests on."""

from __future__ import annotations

from types import MappingProxyType

import altair as alt

from keyaccount.book import DealForecast
from keyaccount.exceptions import Problems
from keyaccount.models import forecast

from ._theme import (
    BAD,
    CALM,
    FINE,
    MAIN,
    ODD,
    ROW,
    Page,
    Row,
    marked,
    page_of,
    rows_of,
    said,
)


__all__ = ["forecast_distribution"]


def forecast_distribution(
    of: forecast.Distribution | DealForecast,
    *,
    locale: str = "en",
    title: str | None = None,
    width: int = 640,
) -> alt.LayerChart:
    """Draw what will have been won in the end: closed, the quantiles, mean and quota.

    A line leads from an amount's lower bound to its upper one; where it has none, for
    a deal's value is not known, an arrow says so. Under the title stand the chance of
    the quota and the deals that are not in it.

    Args:
        of: what `forecast.distribution` or `book.forecast_deals` says.
        locale: the language.
        title: another title; "" for none.
        width: how wide the drawing is, in pixels, without its labels.

    Raises:
        InvalidValueError: neither of the two, or an odd width.
    """
    found = of.distribution if isinstance(of, DealForecast) else of
    currency = of.currency if isinstance(of, DealForecast) else None
    problems = Problems()
    if found is not None:
        problems.is_a("of", found, forecast.Distribution, "a forecast's Distribution")
    problems.check("forecast_distribution")
    unit = currency or ("" if found is None else found.currency)
    page = page_of("forecast-distribution", locale, title, width, currency=unit)
    if found is None:
        return page.empty("no-deals")
    return _drawn(found, page)


def _drawn(found: forecast.Distribution, page: Page) -> alt.LayerChart:
    words = page.words
    kinds = {
        "closed": (FINE, "square"),
        "quantile": (MAIN, "circle"),
        "mean": (ODD, "diamond"),
        "quota": (BAD, "triangle-up"),
    }
    closed, quantile, mean, quota = kinds
    rows = [_row(words.say("row-closed"), found.closed, closed)]
    for part in found.quantiles:
        name = words.say("row-quantile", percent=100 - part.percent)
        rows.append(_row(name, part.amount, quantile))
    rows.append(_row(words.say("row-mean"), found.mean, mean))
    if found.quota is not None:
        span = forecast.Span.exactly(found.quota)
        rows.append(_row(words.say("row-quota"), span, quota))
    bounds = [float(row[key] or 0) for row in rows for key in ("low", "high")]
    lowest, highest = min(0.0, *bounds), max(1.0, *bounds)
    names = [str(row["name"]) for row in rows]
    color, shape = marked("kind", kinds, is_told=False)
    y = alt.Y(
        "name:N",
        scale=alt.Scale(domain=names),
        sort=None,
        axis=alt.Axis(title=None, ticks=False, domain=False, grid=True, labelPadding=8),
    )
    x = alt.X(
        "low:Q",
        scale=alt.Scale(domain=[lowest, lowest + (highest - lowest) * 1.4], nice=False),
        axis=alt.Axis(
            title=words.say("amount", currency=found.currency),
            labelExpr=_AMOUNTS[words.language],
            labelOverlap=True,
            tickCount=6,
        ),
    )
    whole = [row for row in rows if row["high"] is not None]
    bare = [row for row in rows if row["high"] is None]
    layers = [
        rows_of(whole)
        .mark_rule(strokeWidth=3)
        .encode(x=x, x2="high:Q", y=y, color=color),
        rows_of(bare)
        .mark_point(
            filled=True, shape="triangle-right", size=60, color=CALM, xOffset=12
        )
        .encode(x=x, y=y),
        rows_of(rows)
        .mark_point(filled=True, size=110, opacity=1)
        .encode(x=x, y=y, color=color, shape=shape),
        said(bare, dx=24).encode(x=alt.X("end:Q"), y=y),
        said(whole, dx=11).encode(x=alt.X("end:Q"), y=y),
    ]
    return page.drawn(layers, height=1.4 * ROW * len(rows), notes=_notes(found, page))


# constant: nothing of the data stands in an expression
_WAN = (
    "abs(datum.value) >= 1e8 ? format(datum.value / 1e8, ',~f') + '{yi}' : "
    "abs(datum.value) >= 1e4 ? format(datum.value / 1e4, ',~f') + '{wan}' : "
    "format(datum.value, ',~f')"
)
_AMOUNTS = MappingProxyType(
    {
        "en": "replace(format(datum.value, '~s'), 'G', 'B')",
        "zh-Hans": _WAN.format(yi="亿", wan="万"),
        "zh-Hant": _WAN.format(yi="億", wan="萬"),
    }
)


def _row(name: str, span: forecast.Span, kind: str) -> Row:
    high = None if span.high is None else float(span.high.amount)
    low = float(span.low.amount)
    end = low if high is None else high
    return {
        "name": name,
        "low": low,
        "high": high,
        "end": end,
        "kind": kind,
        "text": str(span),
    }


def _notes(found: forecast.Distribution, page: Page) -> list[str]:
    words = page.words
    notes = []
    if found.reaches is not None:
        low, high = (
            words.number(share, "share")
            for share in (found.reaches.low, found.reaches.high)
        )
        chance = low if low == high else f"{low}–{high}"
        notes.append(words.say("quota-chance", chance=chance))
    notes.append(words.say("deals-in-it", count=found.deals))
    for code, ids in (
        ("unvalued", found.unvalued),
        ("unconverted-deals", found.unconverted),
    ):
        if ids:
            shown = [words.named(one, None) for one in ids]
            notes.append(words.say(code, names=words.listed(shown, 6)))
    return notes
