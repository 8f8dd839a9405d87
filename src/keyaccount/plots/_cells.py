"""The matrix of attractiveness and strength: two axes, two cuts, four cells."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt

from keyaccount.models import allocation
from keyaccount.rules import Interval

from ._labels import named
from ._theme import (
    BAD,
    CALM,
    FINE,
    GRID,
    MAIN,
    ODD,
    Page,
    Row,
    marked,
    rows_of,
    sided,
)
from ._words import Words


__all__ = ["by_marks"]


WHOLE = 100
LOOKS = ((MAIN, "circle"), (FINE, "triangle-up"), (ODD, "square"), (BAD, "diamond"))


def by_marks(
    placed: Mapping[str, allocation.MatrixVerdict],
    policy: allocation.AllocationPolicy | None,
    page: Page,
) -> alt.LayerChart:
    """Draw accounts between how attractive they are and how strong we are with them."""
    words = page.words
    if not placed:
        return page.empty("no-customers")
    height = page.width * 3 // 4
    rows: list[Row] = [
        {
            "x": verdict.strength.low,
            "x_high": verdict.strength.high,
            "y": verdict.attractiveness.low,
            "y_high": verdict.attractiveness.high,
            "x_mark": _middle(verdict.strength),
            "y_mark": _middle(verdict.attractiveness),
            "kind": _kind(verdict, words),
            "text": words.named(name, None),
        }
        for name, verdict in placed.items()
    ]
    color, shape = marked("kind", _kinds(words, {str(r["kind"]) for r in rows}))
    whole = (0.0, float(WHOLE))
    names = named(rows, ("x_mark", "y_mark"), (whole, whole), (page.width, height))
    across = alt.X(
        "x:Q",
        scale=alt.Scale(domain=[0, WHOLE], nice=False),
        axis=alt.Axis(title=words.say("strength"), grid=False, tickCount=10),
    )
    up = alt.Y(
        "y:Q",
        scale=alt.Scale(domain=[0, WHOLE], nice=False),
        axis=alt.Axis(title=words.say("attractiveness"), grid=False, tickCount=10),
    )
    layers = [
        *_cuts(placed, policy),
        rows_of(rows)
        .mark_rect(fill=GRID, fillOpacity=0.08, stroke=GRID, strokeDash=[3, 3])
        .encode(
            x=across,
            x2="x_high:Q",
            y=up,
            y2="y_high:Q",
        ),
        rows_of(rows)
        .mark_point(filled=True, size=80, opacity=1)
        .encode(x="x_mark:Q", y="y_mark:Q", color=color, shape=shape),
        rows_of(names.leads)
        .mark_rule(color=GRID)
        .encode(x="x_mark:Q", y="y_mark:Q", x2="x_end:Q", y2="y_end:Q"),
        *sided(names.words, alt.X("x_mark:Q"), alt.Y("y_mark:Q")),
    ]
    notes = []
    if names.missing:
        notes.append(words.say("no-room", names=words.listed(names.missing, 8)))
    return page.drawn(layers, height=height, notes=notes)


def _middle(bounds: Interval) -> float:
    return (bounds.low + bounds.high) / 2


def _kind(verdict: allocation.MatrixVerdict, words: Words) -> str:
    if verdict.value is None:
        return words.say("kind-open")
    return words.label("matrix-cell", verdict.value.value)


def _kinds(words: Words, found: set[str]) -> dict[str, tuple[str, str]]:
    every = {
        words.label("matrix-cell", cell.value): look
        for cell, look in zip(allocation.MatrixCell, LOOKS, strict=True)
    }
    every[words.say("kind-open")] = CALM, "cross"
    return {name: look for name, look in every.items() if name in found}


def _cuts(
    placed: Mapping[str, allocation.MatrixVerdict],
    policy: allocation.AllocationPolicy | None,
) -> list[alt.Chart]:
    """Draw the two cuts, where all verdicts come from the policy that we know."""
    rules = policy or allocation.default_policy()
    if any(verdict.policy != rules.ref for verdict in placed.values()):
        return []
    up, across = (float(rules.number(name)) for name in ("attractive", "strong"))
    look = rows_of([{"up": up, "across": across}])
    return [
        look.mark_rule(color=GRID, strokeWidth=1.5).encode(y="up:Q"),
        look.mark_rule(color=GRID, strokeWidth=1.5).encode(x="across:Q"),
    ]
