"""Whose rung a review changes, and whose patience keeps: beside what figures say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from keyaccount import book, wording
from keyaccount.models import tiering
from keyaccount.tri import Tri

from ._screen import Screen
from ._text import shortened
from ._words import Words


__all__ = [
    "changed_rungs",
    "changed_slugs",
    "held_rungs",
    "held_slugs",
    "show_changed",
    "show_held",
    "show_rest",
]


_MOST = 60
_STILL_PROBLEM = "review-problem"


def changed_rungs(
    found: book.Reclassified, moves: Iterable[book.Move]
) -> tuple[book.Reviewed, ...]:
    """Return those whose rung a review changes, but for whom the moves tell it."""
    told = {move.customer.id: move for move in moves}
    return tuple(
        one
        for one in found.moved
        if not _is_told(one.verdict, told.get(one.customer.id))
    )


def _is_told(verdict: tiering.ReviewVerdict, move: book.Move | None) -> bool:
    """Whether the figures moved from the old rung to the new one."""
    if move is None or move.after.value is not verdict.value:
        return False
    return verdict.before in move.before.possible


def held_rungs(found: book.Reclassified) -> tuple[book.Reviewed, ...]:
    """Return those whose rung the anti-flap rule keeps, or who are still supervised."""
    return tuple(one for one in found if _is_held(one.verdict))


def _is_held(verdict: tiering.ReviewVerdict) -> bool:
    """Whether the review leaves a customer elsewhere than its figures do."""
    raw = verdict.verdict
    was_rung = verdict.before.is_rung
    is_kept = raw.value is not None and raw.value.is_rung and verdict.value != raw.value
    is_watched = verdict.record.problem and raw.is_problem is not Tri.YES
    return was_rung and (is_kept or bool(verdict.record.strikes) or is_watched)


def show_changed(rungs: Sequence[book.Reviewed], words: Words) -> None:
    """Say whose rung this review changes, and why, beside what the figures say."""
    screen = words.screen
    if not rungs:
        return
    screen.line(screen.say("against.rungs"), "bold")
    for one in rungs[:_MOST]:
        why = one.verdict.why
        labels = one.verdict.evidence.labels()
        said = wording.say(why.code, dict(why.data), words.locale, own=labels)
        name = shortened(one.customer.name)
        screen.indented(screen.say("deals.person", name=name, remark=said))
    show_rest(len(rungs) - _MOST, screen)


def show_held(held: Sequence[book.Reviewed], most_strikes: int, words: Words) -> None:
    """Say whose rung is kept although its figures say another one, and why."""
    screen = words.screen
    lines = [_kept(one, most_strikes, words) for one in held]
    if not lines:
        return
    screen.line(screen.say("against.held"), "bold")
    for line in lines[:_MOST]:
        screen.indented(line)
    show_rest(len(lines) - _MOST, screen)


def _kept(one: book.Reviewed, most: int, words: Words) -> str:
    """Say what the review does to the rung, how many strikes, what the figures say."""
    verdict, say = one.verdict, words.screen.say
    labels = verdict.evidence.labels()
    why = verdict.why
    codes = [why, *(part for part in why.because if part.code == _STILL_PROBLEM)]
    if verdict.value == verdict.verdict.value and not verdict.record.strikes:
        codes = codes[1:]  # only the problem is kept
    told = [
        wording.say(part.code, dict(part.data), words.locale, own=labels)
        for part in codes
    ]
    if verdict.record.strikes:
        told.append(say("against.strike", count=verdict.record.strikes, most=most))
    if verdict.value != verdict.verdict.value:
        raw = tuple(tier.value for tier in verdict.verdict.possible)
        told.append(say("against.raw", tier=words.either(raw)))
    name = shortened(one.customer.name)
    return say("deals.person", name=name, remark=say("review.semicolon").join(told))


def show_rest(count: int, screen: Screen) -> None:
    """Say how many more there are, and where they stand."""
    if count > 0:
        said = screen.say("review.more", count=count)
        screen.line(f"{said} (--format json)")


def changed_slugs(rungs: Iterable[book.Reviewed]) -> list[dict[str, object]]:
    """Return whose rung is another one now, for machines."""
    return [
        {
            "customer": one.customer.id,
            "before": one.verdict.before.value,
            "after": one.verdict.record.rung.value,
            "reason": one.verdict.why.code,
        }
        for one in rungs
    ]


def held_slugs(held: Iterable[book.Reviewed]) -> list[dict[str, object]]:
    """Return whose rung is kept, for machines."""
    return [
        {
            "customer": one.customer.id,
            "rung": one.verdict.record.rung.value,
            "by_figures": [tier.value for tier in one.verdict.verdict.possible],
            "strikes": one.verdict.record.strikes,
            "is_problem": one.verdict.record.problem,
            "reason": one.verdict.why.code,
        }
        for one in held
    ]
