"""Do they and we match: background, product, channel, term, a row a customer."""

from __future__ import annotations

from collections.abc import Iterator

from keyaccount import book
from keyaccount.cli._screen import Heading
from keyaccount.cli._text import label, shortened
from keyaccount.cli._words import Words
from keyaccount.models import fit

from ._marks import MOST_ROWS, answered, legend, mark, show_table


__all__ = ["fit_slugs", "show_fit"]


def show_fit(portfolio: book.Portfolio, words: Words) -> None:
    """Print whether they and we match, and what it takes where we do not."""
    screen, say = words.screen, words.screen.say
    found = [
        (shortened(sheet.customer.name), sheet.lenses.fit)
        for sheet in portfolio
        if sheet.lenses.fit is not None
    ]
    if not found:
        return
    headings = (
        Heading(say("review.customer"), wraps=True, most=24),
        *(Heading(say(f"lens-fit.{name}")) for name in _COLUMNS),
        Heading(say("lens-fit.note"), wraps=True),
    )
    rows = (_row(name, one, words) for name, one in found[:MOST_ROWS])
    show_table("lens-fit", headings, rows, len(found), screen)
    screen.line(legend(screen))


_COLUMNS = ("fit", "background", "product", "channel", "term")


def _row(name: str, verdict: fit.FitVerdict, words: Words) -> tuple[str, ...]:
    known = len(verdict.background.known)
    topics = known + len(verdict.background.unknown)
    return (
        name,
        mark(answered(verdict.value)),
        f"{known}/{topics}",
        mark(answered(verdict.product.value)),
        _outlook(verdict, words),
        mark(verdict.term_within_appetite),
        words.screen.say("review.semicolon").join(_notes(verdict, words)),
    )


def _outlook(verdict: fit.FitVerdict, words: Words) -> str:
    outlook = verdict.channel.value
    return "?" if outlook is None else words.screen.say(f"lens-fit.{outlook.value}")


def _notes(verdict: fit.FitVerdict, words: Words) -> Iterator[str]:
    """Yield what it takes, or the question to ask first, and how old it all is."""
    say, locale = words.screen.say, words.locale
    for gap in verdict.gaps:
        if gap.demand is None:
            yield say("lens-fit.move-term")
        else:
            demand = label("product-demand", gap.demand.value, locale)
            yield say("lens-fit.raise", demand=demand, now=str(gap.now), to=str(gap.to))
    if verdict.missing and not verdict.is_settled:
        yield label("question", verdict.missing[0].question, locale)
    for flag in verdict.flags:
        yield label("flag", flag, locale)


def fit_slugs(verdict: fit.FitVerdict | None) -> dict[str, object] | None:
    """Return what a machine wants to know of a fit."""
    if verdict is None:
        return None
    outlook = verdict.channel.value
    return {
        "fit": answered(verdict.value).value,
        "background": verdict.background.completeness,
        "product": answered(verdict.product.value).value,
        "product_gaps": [
            {"demand": gap.demand.value, "required": gap.required, "ours": gap.ours}
            for gap in verdict.product.gaps
        ],
        "channel": None if outlook is None else outlook.value,
        "term_within_appetite": verdict.term_within_appetite.value,
        "takes": [
            {
                "part": gap.part.value,
                "demand": None if gap.demand is None else gap.demand.value,
                "now": gap.now,
                "to": gap.to,
            }
            for gap in verdict.gaps
        ],
        "missing": [gap.fact for gap in verdict.missing],
        "flags": list(verdict.flags),
    }
