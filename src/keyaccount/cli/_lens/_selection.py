"""Is it strategic, or merely large: a row a customer, an answer a criterion."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from keyaccount import book
from keyaccount.cli._screen import Heading, Screen
from keyaccount.cli._text import label, percent, shortened
from keyaccount.cli._words import Words
from keyaccount.domain import SelectionCriterion
from keyaccount.models import selection
from keyaccount.rules import Interval
from keyaccount.tri import Tri

from ._marks import MOST_ROWS, legend, mark, show_table


__all__ = ["selection_slugs", "show_selection"]


_SAID_ONCE = ("partial-total", "stale-total", "no-valid-intents")
_SAID_OF_ONE = ("one-sided", "merely-large", "stale-figures", "no-full-year")


def show_selection(
    portfolio: book.Portfolio, policies: book.Policies, words: Words
) -> None:
    """Print who is strategic and who is merely large, criterion by criterion."""
    screen, say = words.screen, words.screen.say
    sheets = [one for one in portfolio if one.lenses.designation is not None]
    if not sheets:
        return
    headings = (
        Heading(say("review.customer"), wraps=True, most=32),
        Heading(say("lens-selection.designation"), wraps=True, most=16),
        *(Heading(say(f"lens-selection.{one.value}")) for one in SelectionCriterion),
    )
    shown = sheets[:MOST_ROWS]
    rows = (_row(one, words) for one in shown)
    if screen.is_wide:
        headings = (*headings, Heading(say("lens-selection.note"), wraps=True))
        rows = ((*_row(one, words), _note(one, words)) for one in shown)
    show_table("lens-selection", headings, rows, len(sheets), screen)
    screen.line(legend(screen))
    for one in () if screen.is_wide else shown:
        remark = _note(one, words)
        if remark:
            name = shortened(one.customer.name)
            screen.indented(say("deals.person", name=name, remark=remark))
    verdicts = [_verdict(one) for one in sheets]
    flags = {flag for verdict in verdicts for flag in verdict.flags}
    for flag in _SAID_ONCE:
        if flag in flags:
            screen.line(label("flag", flag, screen.locale))
    _ranks(sheets, policies, screen)


def _verdict(sheet: book.Sheet) -> selection.DesignationVerdict:
    verdict = sheet.lenses.designation
    if verdict is None:  # nobody asks of others
        raise LookupError(sheet.customer.id)
    return verdict


def _row(sheet: book.Sheet, words: Words) -> tuple[str, ...]:
    verdict = _verdict(sheet)
    return (
        shortened(sheet.customer.name),
        words.either_of("lens-selection", verdict.possible),
        *(mark(part.answer) for part in verdict.criteria),
    )


def _note(sheet: book.Sheet, words: Words) -> str:
    return words.screen.say("review.semicolon").join(_notes(sheet, words))


def _notes(sheet: book.Sheet, words: Words) -> Iterator[str]:
    """Yield the question to ask first, what is to be borne in mind, the loss."""
    verdict, locale = _verdict(sheet), words.locale
    if verdict.missing and not verdict.is_settled:
        yield label("question", verdict.missing[0].question, locale)
    for flag in _SAID_OF_ONE:
        if flag in verdict.flags:
            yield label("flag", flag, locale)
    loss = sheet.lenses.loss
    if loss is not None and loss.revenue is not None:
        share = _share(loss.revenue)
        yield words.screen.say("lens-selection.loss", share=share)
        for industry in sorted(loss.anchors):
            yield words.screen.say(
                "lens-selection.anchor", industry=shortened(industry)
            )


def _share(share: Interval) -> str:
    low, high = percent(share.low), percent(share.high)
    return low if low == high else f"{low}–{high}"


def _ranks(sheets: list[book.Sheet], policies: book.Policies, screen: Screen) -> None:
    """Print how the strategic ones rank among themselves by the five attributes."""
    profiles = {
        one.customer.id: one.account.attributes
        for one in sheets
        if one.account.attributes is not None
    }
    strategic = [_verdict(one) for one in sheets]
    strategic = [one for one in strategic if one.is_strategic is Tri.YES]
    told = [one for one in strategic if one.customer_id in profiles]
    if not told:
        return
    names = {one.customer.id: shortened(one.customer.name) for one in sheets}
    ranked = selection.rank(told, profiles, policy=policies.selection)
    parts = (
        screen.say(
            "lens-selection.rank",
            place=str(one.best) if one.best == one.worst else f"{one.best}–{one.worst}",
            name=names[one.customer_id],
            score=_score(one.score),
        )
        for one in ranked
    )
    listed = screen.say("review.semicolon").join(itertools.islice(parts, MOST_ROWS))
    screen.line(screen.say("lens-selection.ranks", names=listed))


def _score(score: Interval) -> str:
    low, high = f"{score.low:.0f}", f"{score.high:.0f}"
    return low if low == high else f"{low}–{high}"


def selection_slugs(lenses: book.Lenses, locale: str) -> dict[str, object] | None:
    """Return what a machine wants to know of a designation."""
    verdict, loss = lenses.designation, lenses.loss
    if verdict is None:
        return None
    return {
        "designation": None if verdict.value is None else verdict.value.value,
        "possible": [one.value for one in verdict.possible],
        "is_strategic": verdict.is_strategic.value,
        "criteria": {
            part.criterion.value: part.answer.value for part in verdict.criteria
        },
        "share": _ends(verdict.share),
        "in_head": verdict.in_head.value,
        "matched": [kind.value for kind in verdict.matched],
        "advice": None if verdict.advice is None else verdict.advice.value,
        "missing": [gap.fact for gap in verdict.missing],
        "flags": list(verdict.flags),
        "loss": None
        if loss is None
        else {
            "revenue": _ends(loss.revenue),
            "gross_profit": _ends(loss.gross_profit),
            "industries": sorted(loss.industries),
            "anchors": sorted(loss.anchors),
        },
        "reasons": list(verdict.explain(locale)),
    }


def _ends(span: Interval | None) -> list[float] | None:
    return None if span is None else [span.low, span.high]
