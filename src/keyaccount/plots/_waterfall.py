"""The score waterfall: what each criterion adds to a score, known or not."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from keyaccount.exceptions import Problems
from keyaccount.models import tiering
from keyaccount.rules import Reason

from ._theme import (
    FINE,
    MAIN,
    ODD,
    ROW,
    Page,
    Row,
    page_of,
    rows_of,
    said,
)
from ._words import distinct


__all__ = ["score_waterfall"]


def score_waterfall(
    verdict: tiering.TierVerdict | tiering.ProspectVerdict,
    *,
    name: str = "",
    locale: str = "en",
    title: str | None = None,
    width: int = 640,
) -> alt.LayerChart:
    """Draw what each criterion adds to a customer's score, from 0 to 100.

    What is known stands first, the most points first; they add up to the lowest score
    that is possible. What nobody knows follows with a dashed frame, from nothing to
    all that it may add; these lead on to the highest score. The last bar is the score.

    Args:
        verdict: a tier, or a prospect's class; one that was read back, too.
        name: the customer's, for the title.
        locale: the language.
        title: another title; "" for none.
        width: how wide the drawing is, in pixels, without its labels.

    Raises:
        InvalidValueError: no such verdict, or an odd width.
    """
    problems = Problems()
    given: object = verdict
    if not isinstance(given, tiering.TierVerdict | tiering.ProspectVerdict):
        problems.add("verdict", "wrong-type", given, "a tier or a prospect's verdict")
    problems.check("score_waterfall")
    code = "score-waterfall-of" if name else "score-waterfall"
    page = page_of(code, locale, title, width, name=name)
    card = next((part for _, part in verdict.why.walk() if part.code in _SCORES), None)
    if card is None:
        return page.empty("no-score")
    return _drawn(card, verdict, page)


_SCORES = ("score", "score-open")
_KNOWN = "points"


def _drawn(
    card: Reason, verdict: tiering.TierVerdict | tiering.ProspectVerdict, page: Page
) -> alt.LayerChart:
    words = page.words
    own = verdict.evidence.labels()
    named = str(card.get("card"))
    known = [part for part in card.because if part.code == _KNOWN]
    unknown = [part for part in card.because if part.code != _KNOWN]
    known.sort(key=lambda part: -_number(part, "points"))
    unknown.sort(key=lambda part: -_number(part, "most"))
    parts = [*known, *unknown]
    labels = [words.label(named, str(part.get("criterion")), own) for part in parts]
    names = distinct([*labels, words.say("score")])
    rows: list[Row] = []
    at = 0.0
    for name, part in zip(names, parts, strict=False):
        most, points = _number(part, "most"), _number(part, "points")
        is_known = part.code == _KNOWN
        adds = points if is_known else most
        told = {"points": words.number(points), "most": words.number(most)}
        rows.append(
            {
                "name": name,
                "start": at,
                "end": at + adds,
                "kind": words.say("kind-points" if is_known else "kind-unknown"),
                "text": words.say("points" if is_known else "points-unknown", **told),
            }
        )
        at += adds
    rows += _total(card, names[-1], page)
    return page.drawn(_layers(rows, names, page), height=1.3 * ROW * len(names))


def _number(part: Reason, key: str) -> float:
    found = part.get(key)
    return float(found) if isinstance(found, int | float) else 0.0


def _total(card: Reason, name: str, page: Page) -> list[Row]:
    """Return the bar of the score, and what it may still gain."""
    words = page.words
    low, high = _number(card, "low"), _number(card, "high")
    rows: list[Row] = []
    shown = words.number(low)
    if high != low:
        shown = f"{shown}–{words.number(high)}"
        kind = words.say("kind-unknown")
        rows.append(
            {"name": name, "start": low, "end": high, "kind": kind, "text": shown}
        )
        shown = ""
    kind = words.say("kind-score")
    return [
        {"name": name, "start": 0.0, "end": low, "kind": kind, "text": shown},
        *rows,
    ]


def _layers(rows: Sequence[Row], names: Sequence[str], page: Page) -> list[alt.Chart]:
    words = page.words
    y = alt.Y(
        "name:N",
        scale=alt.Scale(domain=list(names)),
        sort=None,
        axis=alt.Axis(title=None, ticks=False, domain=False, labelPadding=8),
    )
    x = alt.X(
        "start:Q",
        scale=alt.Scale(domain=[0, 100], nice=False),
        axis=alt.Axis(title=words.say("points-axis"), tickCount=10),
    )
    look = {
        words.say("kind-points"): FINE,
        words.say("kind-unknown"): ODD,
        words.say("kind-score"): MAIN,
    }
    found = {str(row["kind"]) for row in rows}
    kinds = {name: color for name, color in look.items() if name in found}
    scale = alt.Scale(domain=list(kinds), range=list(kinds.values()))
    unknown = words.say("kind-unknown")
    solid = [row for row in rows if row["kind"] != unknown]
    dashed = [row for row in rows if row["kind"] == unknown]
    right = [row for row in rows if float(row["end"] or 0) <= _ROOM]
    left = [row for row in rows if float(row["end"] or 0) > _ROOM]
    color = alt.Color("kind:N", scale=scale, legend=alt.Legend(title=None))
    return [
        rows_of(solid)
        .mark_bar(height={"band": 0.6})
        .encode(y=y, x=x, x2="end:Q", color=color),
        rows_of(dashed)
        .mark_bar(height={"band": 0.6}, fillOpacity=0.18, strokeDash=[4, 3])
        .encode(
            y=y,
            x=x,
            x2="end:Q",
            color=color,
            stroke=alt.Stroke("kind:N", scale=scale, legend=None),
        ),
        said(right, dx=6).encode(y=y, x="end:Q"),
        said(left, align="right", dx=-6).encode(y=y, x="start:Q"),
    ]


_ROOM = 78  # behind a bar that ends later there is no room for words
