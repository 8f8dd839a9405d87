"""The pipeline funnel: how many open deals stand at each stage, and for how long."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import altair as alt

from keyaccount.book import Portfolio
from keyaccount.exceptions import Problems
from keyaccount.models import stages

from ._theme import BAD, MAIN, ROW, Page, Row, page_of, rows_of, said
from ._words import distinct, own_labels


__all__ = ["pipeline_funnel"]


def pipeline_funnel(
    of: Portfolio | Iterable[stages.StageAge],
    *,
    pipeline: stages.Pipeline | None = None,
    locale: str = "en",
    title: str | None = None,
    width: int = 640,
) -> alt.LayerChart:
    """Draw how many open deals stand at each stage, and which have stood too long.

    The first stage is on top. Deals that have been at their stage for longer than it
    allows are told apart; beside each bar stand the median and the longest stay. Deals
    whose stage is not known are named under the title.

    Args:
        of: a portfolio, or what `stages.ageing` says.
        pipeline: the policy that a portfolio's deals were judged by.
        locale: the language.
        title: another title; "" for none.
        width: how wide the drawing is, in pixels, without its labels.

    Raises:
        InvalidValueError: neither of the two, deals of another pipeline, an odd width.
    """
    page = page_of("pipeline-funnel", locale, title, width)
    words = page.words
    notes = []
    if isinstance(of, Portfolio):
        deals = [one.deal for one in of.deals if one.deal is not None]
        ages = stages.ageing(deals, as_of=of.as_of, pipeline=pipeline)
        lost = [
            words.named(one.opportunity.name, one.opportunity.id)
            for one in of.deals
            if one.deal is None
        ]
        if lost:
            notes.append(words.say("no-stage", names=words.listed(lost, 6)))
    else:
        ages = tuple(of)
    problems = Problems()
    for at, age in enumerate(ages):
        problems.is_a(f"of[{at}]", age, stages.StageAge, "a StageAge")
    problems.check("pipeline_funnel")
    if not any(age.deals for age in ages) and not notes:
        return page.empty("no-deals")
    return _drawn(ages, notes, page)


def _drawn(
    ages: Sequence[stages.StageAge], notes: Sequence[str], page: Page
) -> alt.LayerChart:
    words = page.words
    names = distinct(
        words.label("stage", age.stage, own_labels(age.labels)) for age in ages
    )
    rows: list[Row] = []
    texts: list[Row] = []
    for name, age in zip(names, ages, strict=True):
        over = len(age.over)
        start = -age.deals / 2
        for count, code in ((age.deals - over, "kind-in-time"), (over, "kind-over")):
            if count:
                end = start + count
                row = {"start": start, "end": end, "count": count}
                rows.append({**row, "stage": name, "kind": words.say(code)})
                start = end
        texts.append({"stage": name, "text": _told(age, page)})
    widest = max((age.deals for age in ages), default=0) or 1
    counts: list[Row] = [
        {
            "stage": row["stage"],
            "x": (float(row["start"] or 0) + float(row["end"] or 0)) / 2,
            "text": words.number(float(row["count"] or 0)),
        }
        for row in rows
    ]
    y = alt.Y(
        "stage:N",
        scale=alt.Scale(domain=list(names)),
        sort=None,
        axis=alt.Axis(title=None, ticks=False, domain=False, labelPadding=8),
    )
    # the right half of the drawing is for the words
    x = alt.X(
        "start:Q",
        scale=alt.Scale(domain=[-widest / 2, widest * 1.5], nice=False),
        axis=None,
    )
    look = {words.say("kind-in-time"): MAIN, words.say("kind-over"): BAD}
    found = {str(row["kind"]) for row in rows}
    kinds = {name: color for name, color in look.items() if name in found}
    color = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=list(kinds), range=list(kinds.values())),
        legend=alt.Legend(title=None) if kinds else None,
    )
    layers = [
        rows_of(rows)
        .mark_bar(height={"band": 0.7})
        .encode(y=y, x=x, x2="end:Q", color=color),
        said(counts, align="center", ink="#ffffff", size=12).encode(y=y, x="x:Q"),
        said(texts).encode(y=y, x=alt.value(page.width / 2 + 12)),
    ]
    return page.drawn(layers, height=1.5 * ROW * len(ages), notes=notes)


def _told(age: stages.StageAge, page: Page) -> str:
    words = page.words
    if age.median_days is None or age.longest_days is None:
        return words.say("stage-empty")
    median = words.number(age.median_days, "days")
    parts = [words.say("stage-days", median=median, longest=age.longest_days)]
    if age.max_days is not None:
        parts.append(words.say("stage-limit", days=age.max_days))
    if age.on_hold:
        parts.append(words.say("stage-on-hold", count=age.on_hold))
    return " · ".join(parts)
