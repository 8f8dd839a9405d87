"""Where a customer stands, and what would keep it there or lift it, in a few words."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from keyaccount.book import Sheet
from keyaccount.domain import ValueTier
from keyaccount.rules import Lift

from ._parts import Cell
from ._speech import NOT_KNOWN, Speech


__all__ = ["lifts", "next_step", "question", "score", "standing", "tone"]


def standing(sheet: Sheet, speech: Speech) -> str:
    """Name the rung, or the two that it lies between; in brackets behind a problem."""
    verdict = sheet.verdict
    if verdict is None:
        return NOT_KNOWN
    rung = speech.either("tier-name", verdict.possible)
    if sheet.tier is None or not sheet.tier.is_supervised:
        return rung
    problem = speech.label("tier-name", ValueTier.PROBLEM.value)
    return speech.shared("review.problem-of", problem=problem, rung=rung)


def tone(sheet: Sheet) -> str:
    """Say how a standing is to look: a problem, still open, or neither."""
    if sheet.verdict is None:
        return "open"
    if sheet.tier is not None and sheet.tier.is_supervised:
        return "bad"
    return "" if sheet.verdict.is_settled else "open"


def score(sheet: Sheet, speech: Speech) -> Cell:
    """Write the score, or its bounds; a spreadsheet keeps one that is exact."""
    verdict = sheet.verdict
    if verdict is None or verdict.value is ValueTier.UNCLASSIFIED:
        return Cell()
    known = round(verdict.score.low, 1) if verdict.score.is_exact else None
    return Cell(speech.score(verdict.score), value=known)


def next_step(sheet: Sheet, speech: Speech) -> str:
    """Say the one thing to do: cure a problem, ask what is open, or lift."""
    verdict = sheet.verdict
    if sheet.tier is not None and sheet.tier.is_supervised:
        return next(lifts(sheet, speech), "")
    if verdict is not None and not verdict.is_settled and verdict.missing:
        fact = speech.label("fact", verdict.missing[0].fact)
        return speech.shared("review.ask-for", fact=fact)
    return next(lifts(sheet, speech), "")


def question(sheet: Sheet, speech: Speech) -> str:
    """Return the question whose answer settles most; nothing where none is open."""
    ask = sheet.ask_first
    return "" if ask is None else speech.label("question", ask.question)


def lifts(sheet: Sheet, speech: Speech) -> Iterator[str]:
    """Yield what would cure a problem or lift the customer, each way by itself."""
    if sheet.unconverted is not None:
        yield speech.say("not-converted")
        return
    tier, way = sheet.tier, sheet.way_up
    if tier is None or way is None:
        return
    if tier.is_supervised:
        causes = speech.listed(speech.label("problem", one) for one in tier.triggers)
        because = speech.shared("review.because", trigger=causes)
        cures = [_lift("review.cure", one, "", sheet, speech) for one in way.cure]
        yield speech.clauses([because, *cures[:1]])
        yield from cures[1:]
        return
    if tier.value is ValueTier.UNCLASSIFIED:
        return
    if way.target is None:
        if tier.value is ValueTier.DIAMOND:
            yield speech.shared("review.at-the-top")
        return
    target = speech.label("tier-name", way.target.value)
    for step in sheet.steps:
        reached = speech.label("tier-name", step.reaches.value)
        yield _lift("review.reach", step.lift, reached, sheet, speech)
    if sheet.steps:
        return
    if way.waits_for_a_second_year:
        if way.gap:
            nothing = Decimal(0)
            gap = speech.target(nothing, way.gap, sheet.customer.currency)[1]
            yield speech.shared("review.second-year-more", gap=gap, target=target)
        else:
            yield speech.shared("review.second-year", target=target)
    elif tier.is_settled:
        yield speech.shared("review.no-single-lift", target=target)


def _lift(code: str, lift: Lift, target: str, sheet: Sheet, speech: Speech) -> str:
    """Say the changes of one lift; what they reach is said once, at the beginning."""
    parts: list[str] = []
    for change in lift.changes:
        lever = change.lever.name
        currency = None if lever in _NO_MONEY else sheet.customer.currency
        now, to = speech.target(change.now, change.to, currency)
        data = {"lever": speech.label("lever", lever), "now": now, "to": to}
        said = "review.change" if parts else code
        parts.append(speech.shared(said, target=target, **data))
    return speech.shared("review.and").join(parts)


_NO_MONEY = frozenset({"influence"})
