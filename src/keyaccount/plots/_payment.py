"""The payment-risk grid: nine fields, safety by controllability, and who is in each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import altair as alt
import attrs

from keyaccount.book import Portfolio
from keyaccount.domain import Controllability, Safety
from keyaccount.exceptions import Problems
from keyaccount.models import payment

from ._theme import DARK, LETTER, PAPER, ROW, Page, Row, page_of, rows_of
from ._words import Words


__all__ = ["payment_risk"]


def payment_risk(
    of: Portfolio | Iterable[payment.TermVerdict],
    *,
    locale: str = "en",
    title: str | None = None,
    width: int = 720,
) -> alt.LayerChart:
    """Draw how safe and how controllable the terms are, in nine fields.

    Every term stands in one field, and where its rating is open, in that of its worst
    case, marked with a question mark. Of a portfolio the customers are named, of
    verdicts the terms.

    Args:
        of: a portfolio, or what `payment.rate` says.
        locale: the language.
        title: another title; "" for none.
        width: how wide the drawing is, in pixels, without its labels.

    Raises:
        InvalidValueError: neither of the two, or an odd width.
    """
    page = page_of("payment-risk", locale, title, width)
    words = page.words
    notes = []
    if isinstance(of, Portfolio):
        found = [
            _Term(words.named(one.customer.name, one.customer.id), term.verdict)
            for one in of
            for term in one.terms
        ]
        bare = [
            words.named(one.customer.name, one.customer.id)
            for one in of
            if not one.terms
        ]
        if bare:
            notes.append(words.say("no-term", names=words.listed(bare, 6)))
    else:
        verdicts = tuple(of)
        problems = Problems()
        for at, verdict in enumerate(verdicts):
            wanted = "what payment.rate returns"
            problems.is_a(f"of[{at}]", verdict, payment.TermVerdict, wanted)
        problems.check("payment_risk")
        found = [_Term(_name(verdict, words), verdict) for verdict in verdicts]
    if not found:
        return page.empty("no-terms")
    return _drawn(found, notes, page)


@attrs.frozen
class _Term:
    """A term, and what stands for it in the picture."""

    name: str
    verdict: payment.TermVerdict


def _name(verdict: payment.TermVerdict, words: Words) -> str:
    name = verdict.term.name
    if name is None:
        return words.say("unnamed-term")
    return words.named(words.label("payment-term", name, verdict.evidence.labels()), "")


def _drawn(found: Sequence[_Term], notes: Sequence[str], page: Page) -> alt.LayerChart:
    words = page.words
    across = {one: words.label("controllability", one.value) for one in Controllability}
    down = {one: words.label("safety", one.value) for one in Safety}
    most = int((page.width / len(across) - 16) / LETTER)
    fields: list[Row] = []
    lines: list[Row] = []
    for safety in Safety:
        for control in Controllability:
            rating = payment.Rating(safety, control)
            here = [one for one in found if one.verdict.worst == rating]
            field = {"safety": down[safety], "control": across[control]}
            counted = words.say("terms", count=len(here)) if here else "–"
            level = str(safety.rank + control.rank)
            fields.append(
                {**field, "count": len(here), "level": level, "text": counted}
            )
            names = [_shown(one, words, most) for one in here]
            lines += [
                {**field, "at": at, "text": name}
                for at, name in enumerate(_fitted(names, words))
            ]
    y = alt.Y(
        "safety:N",
        scale=alt.Scale(domain=list(down.values()), paddingInner=0.03),
        sort=None,
        axis=alt.Axis(title=words.say("safety"), ticks=False, domain=False),
    )
    x = alt.X(
        "control:N",
        scale=alt.Scale(domain=list(across.values()), paddingInner=0.02),
        sort=None,
        axis=alt.Axis(
            title=words.say("controllability"),
            ticks=False,
            domain=False,
            labelAngle=0,
            orient="top",
        ),
    )
    levels = [str(level) for level in range(len(_GROUNDS))]
    ground = alt.Color(
        "level:N",
        scale=alt.Scale(domain=levels, range=list(_GROUNDS)),
        legend=None,
    )
    left, high = -page.width / len(across) / 2 + 8, -_HEIGHT / 2 + 14
    heads = (
        rows_of(fields)
        .mark_text(
            align="left",
            baseline="middle",
            dx=left,
            dy=high,
            fontSize=13,
            fontWeight="bold",
            color=DARK,
        )
        .encode(x=x, y=y, text="text:N")
    )
    named = [
        rows_of([row for row in lines if row["at"] == at])
        .mark_text(
            align="left",
            baseline="middle",
            dx=left,
            dy=high + 16 + at * 14,
            color=DARK,
        )
        .encode(x=x, y=y, text="text:N")
        for at in sorted({int(row["at"] or 0) for row in lines})
    ]
    field_marks = rows_of(fields).mark_rect(stroke=PAPER).encode(x=x, y=y, color=ground)
    height = _HEIGHT * len(down)
    return page.drawn([field_marks, heads, *named], height=height, notes=notes)


_HEIGHT = 7 * ROW
_LINES = 7
_GROUNDS = ("#e3f1ea", "#eaf1dd", "#fbf3d4", "#fbe3c8", "#f7cfbb")
"""Of the fields, from the best corner to the worst; the words say the same."""


def _shown(one: _Term, words: Words, most: int) -> str:
    name = words.named(one.name, None, most - 2)
    return name if one.verdict.is_settled else f"{name} ?"


def _fitted(names: Sequence[str], words: Words) -> list[str]:
    """Return the names that a field has room for, and how many more there are."""
    if len(names) <= _LINES:
        return list(names)
    more = words.say("more", count=len(names) - _LINES + 1)
    return [*names[: _LINES - 1], more]
