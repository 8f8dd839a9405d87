"""The tier ladder: who stands on which rung, and who went from where to where."""

from __future__ import annotations

from collections import Counter

import altair as alt

from keyaccount.book import Comparison, Flow, Migration, Portfolio, Reclassified, Sheet
from keyaccount.domain import ProspectClass, ValueTier
from keyaccount.exceptions import Problems

from ._theme import (
    BAD,
    CALM,
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
)
from ._words import Words, width_of


__all__ = ["tier_ladder"]


def tier_ladder(
    of: Portfolio | Comparison | Migration | Reclassified,
    *,
    locale: str = "en",
    title: str | None = None,
    width: int = 640,
) -> alt.LayerChart:
    """Draw how many customers stand on each rung, or who moved between two reviews.

    Of a portfolio every rung is a bar, its problem customers told apart. Of two
    reviews (`book.compare`, `book.reclassify`) every step from one standing to
    another is a field with its number; who stays stands on the diagonal.

    Args:
        of: a portfolio, a comparison or its matrix, or what a dated review did.
        locale: the language.
        title: another title; "" for none.
        width: how wide the drawing is, in pixels, without its labels.

    Raises:
        InvalidValueError: none of these, or an odd width.
    """
    if isinstance(of, Portfolio):
        return _ladder(of, page_of("tier-ladder", locale, title, width))
    page = page_of("tier-moves", locale, title, width)
    if isinstance(of, Comparison):
        return _moves(of.matrix, page)
    if isinstance(of, Reclassified):
        return _moves(_reviewed(of), page)
    problems = Problems()
    wanted = "a Portfolio, a Comparison, a Migration or a Reclassified"
    problems.is_a("of", of, Migration, wanted)
    problems.check("tier_ladder")
    return _moves(of, page)


def _ladder(portfolio: Portfolio, page: Page) -> alt.LayerChart:
    words = page.words
    if not len(portfolio):
        return page.empty("no-customers")
    counts: Counter[tuple[str, bool]] = Counter()
    for one in portfolio:
        is_problem = one.tier is not None and one.tier.is_supervised
        counts[_standing(one), is_problem] += 1
    places = [tier.value for tier in ValueTier if tier.is_rung]
    places += [place for place in _REST if counts[place, True] + counts[place, False]]
    names = {place: _name_of(place, words) for place in places}
    rows: list[Row] = []
    for place in places:
        start = 0
        for is_problem, code in ((False, "kind-other"), (True, "kind-problem")):
            count = counts[place, is_problem]
            if count:
                end = start + count
                row = {"start": start, "end": end, "count": count}
                rows.append({**row, "rung": names[place], "kind": words.say(code)})
                start = end
    totals: list[Row] = [
        {
            "rung": names[place],
            "end": counts[place, True] + counts[place, False],
            "text": _total(counts[place, False], counts[place, True], words),
        }
        for place in places
    ]
    longest = max(counts[place, True] + counts[place, False] for place in places)
    y = alt.Y(
        "rung:N",
        scale=alt.Scale(domain=[names[place] for place in places]),
        sort=None,
        axis=alt.Axis(title=None, ticks=False, domain=False, labelPadding=8),
    )
    x = alt.X(
        "start:Q",
        axis=None,
        scale=alt.Scale(domain=[0, 1.4 * longest], nice=False),
    )
    look = {words.say("kind-other"): MAIN, words.say("kind-problem"): BAD}
    found = {str(row["kind"]) for row in rows}
    kinds = {name: color for name, color in look.items() if name in found}
    color = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=list(kinds), range=list(kinds.values())),
        legend=alt.Legend(title=None),
    )
    layers = [
        rows_of(rows)
        .mark_bar(height={"band": 0.62})
        .encode(y=y, x=x, x2="end:Q", color=color),
        said(totals, dx=6).encode(y=y, x=alt.X("end:Q")),
    ]
    return page.drawn(layers, height=1.4 * ROW * len(places))


_OPEN, _PROSPECT_OPEN, _UNCONVERTED = "open", "prospect-open", "unconverted"
_REST = (
    ValueTier.UNCLASSIFIED.value,
    _OPEN,
    _UNCONVERTED,
    *(kind.value for kind in ProspectClass),
    _PROSPECT_OPEN,
)


def _standing(one: Sheet) -> str:
    """Return the rung, whether it is a problem or not; as `Migration` names others."""
    if one.tier is not None:
        return _OPEN if one.tier.value is None else one.tier.value.value
    if one.prospect is None:
        return _UNCONVERTED
    kind = one.prospect.value
    return _PROSPECT_OPEN if kind is None else kind.value


def _total(others: int, problems: int, words: Words) -> str:
    if not problems:
        return words.number(others)
    return words.say("of-them-problems", count=others + problems, part=problems)


def _reviewed(done: Reclassified) -> Migration:
    counts = Counter(
        (one.verdict.before.value, (one.verdict.value or one.verdict.before).value)
        for one in done
    )
    order = [tier.value for tier in ValueTier]
    ends = sorted(counts, key=lambda pair: tuple(map(order.index, pair)))
    return Migration(tuple(Flow(*pair, counts[pair]) for pair in ends))


def _moves(matrix: Migration, page: Page) -> alt.LayerChart:
    words = page.words
    if not matrix.flows:
        return page.empty("no-customers")
    befores = {slug: _name_of(slug, words) for slug in matrix.befores}
    afters = {slug: _name_of(slug, words) for slug in matrix.afters}
    rows: list[Row] = [
        {
            "before": befores[flow.before],
            "after": afters[flow.after],
            "kind": words.say(_kind(flow)),
            "count": flow.count,
            "text": words.number(flow.count),
        }
        for flow in matrix.flows
    ]
    every = {
        words.say("kind-up"): (FINE, "triangle-up"),
        words.say("kind-stays"): (CALM, "circle"),
        words.say("kind-down"): (BAD, "triangle-down"),
        words.say("kind-elsewhere"): (ODD, "diamond"),
    }
    found = {str(row["kind"]) for row in rows}
    kinds = {name: look for name, look in every.items() if name in found}
    color, shape = marked("kind", kinds)
    y = alt.Y(
        "before:N",
        scale=alt.Scale(domain=list(befores.values())),
        sort=None,
        axis=alt.Axis(title=words.say("before"), ticks=False, domain=False, grid=True),
    )
    room = page.width / len(afters)
    is_tight = any(width_of(name) * LETTER > room for name in afters.values())
    angle = -30 if is_tight else 0
    x = alt.X(
        "after:N",
        scale=alt.Scale(domain=list(afters.values())),
        sort=None,
        axis=alt.Axis(
            title=words.say("after"),
            ticks=False,
            domain=False,
            orient="top",
            labelAngle=angle,
            grid=True,
            gridColor=GRID,
        ),
    )
    layers = [
        rows_of(rows)
        .mark_point(filled=True, size=130, opacity=1, xOffset=-9)
        .encode(x=x, y=y, color=color, shape=shape),
        said(rows, dx=4, size=13).encode(x=x, y=y),
    ]
    return page.drawn(layers, height=1.7 * ROW * len(befores))


def _name_of(slug: str, words: Words) -> str:
    named = slug in {kind.value for kind in (*ValueTier, *ProspectClass)}
    return words.label("tier-name" if named else "migration", slug)


def _kind(flow: Flow) -> str:
    if flow.before == flow.after:
        return "kind-stays"
    rungs = {tier.value: tier for tier in ValueTier if tier.is_rung}
    before, after = rungs.get(flow.before), rungs.get(flow.after)
    if before is None or after is None:
        return "kind-elsewhere"
    return "kind-up" if after.rank < before.rank else "kind-down"
