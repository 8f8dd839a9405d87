"""How what meets here shows itself in a notebook: its words, and answers unfolded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Protocol, cast

import attrs

from keyaccount import wire, wording
from keyaccount.domain import ProspectClass, ValueTier
from keyaccount.models import tiering
from keyaccount.rules import Lift, Verdict, display


__all__ = [
    "Gathered",
    "Page",
    "Standing",
    "asked",
    "headings",
    "lifted",
    "name_of",
    "said",
    "scored",
    "standing",
    "unfolded",
]


Standing = tiering.TierVerdict | tiering.ProspectVerdict | None

_MOST_ANSWERS = 50
_DEEPEST = 3


class Page(wire.Plain, display.Tabled):
    """What many answers stand in: HTML, one short line, and plain data."""

    __slots__ = ()


class Gathered(Page):
    """Answers side by side, each of them to be unfolded."""

    __slots__ = ()

    def html(self, locale: str = "en") -> display.Html:
        """Write the answers as HTML in a language, each under its first line."""
        inside = unfolded(self, locale)
        nothing = display.headline(said("shown.nothing", locale))
        return display.block(locale, inside or nothing)


class _Answer(Protocol):
    """What says itself both ways."""

    def explain(self, locale: str = "en") -> tuple[str, ...]:
        """Say it line by line."""
        ...

    def html(self, locale: str = "en") -> display.Html:
        """Write it as HTML."""
        ...


def said(code: str, locale: str, **data: float | str) -> str:
    """Say one of the shared sentences in a language."""
    return wording.say(code, data, locale)


def headings(locale: str, *codes: str) -> tuple[str, ...]:
    """Return what the columns of a table are called."""
    return tuple(said(code, locale) for code in codes)


def name_of(name: str | None, slug: str | None) -> str:
    """Return a name; the id where nobody gave one."""
    return wording.plain(name or "") or wording.plain(slug or "")


def standing(verdict: Standing, locale: str) -> str:
    """Say the tier to act on, or the two that it lies between."""
    if verdict is None:
        return "?"
    ends = [_tier(one, verdict, locale) for one in verdict.possible]
    rung = ends[0]
    if len(ends) > 1:
        rung = said("review.either", locale, lowest=rung, highest=ends[-1])
    if not isinstance(verdict, tiering.TierVerdict) or not verdict.is_supervised:
        return rung
    problem = _tier(ValueTier.PROBLEM, verdict, locale)
    return said("review.problem-of", locale, problem=problem, rung=rung)


def _tier(
    one: ValueTier | ProspectClass,
    verdict: tiering.TierVerdict | tiering.ProspectVerdict,
    locale: str,
) -> str:
    """Return a short name; a policy's own word for it goes first."""
    kind = "value-tier" if isinstance(one, ValueTier) else "prospect-class"
    own = verdict.evidence.labels().get(wording.language(locale), {})
    short = wording.label("tier-name", one.value, locale)
    return own.get(f"{kind}.{one.value}", short)


def scored(verdict: Standing) -> str:
    """Write the score, or the two marks that it lies between."""
    if verdict is None or verdict.value is ValueTier.UNCLASSIFIED:
        return ""
    low, high = f"{verdict.score.low:.0f}", f"{verdict.score.high:.0f}"
    return low if verdict.score.is_exact else f"{low}–{high}"


def asked(verdict: Standing, locale: str) -> str:
    """Return the question whose answer settles most; nothing if all is known."""
    if verdict is None or not verdict.missing:
        return ""
    own = verdict.evidence.labels()
    return wording.label("question", verdict.missing[0].question, locale, own=own)


def lifted(lift: Lift, target: str, locale: str) -> str:
    """Say what must change to stand somewhere else, in whole figures."""
    parts = [
        said(
            "review.change" if at else "review.reach",
            locale,
            target=target,
            lever=wording.label("lever", change.lever.name, locale),
            now=f"{change.now:,f}",
            to=f"{change.to:,f}",
        )
        for at, change in enumerate(lift.changes)
    ]
    return said("review.and", locale).join(parts)


def unfolded(whole: object, locale: str) -> str:
    """Return every answer that a value holds, each under its first line."""
    found = islice(_answers(whole, _DEEPEST), _MOST_ANSWERS)
    return "".join(
        display.leaves(one.explain(locale)[0], one.html(locale)) for one in found
    )


def _answers(whole: object, deeper: int) -> Iterator[_Answer]:
    """Yield the answers in the fields of a value, and of the values within."""
    for field in attrs.fields(cast("type[attrs.AttrsInstance]", type(whole))):
        part = getattr(whole, field.name)
        parts = cast("Iterable[object]", part if isinstance(part, tuple) else (part,))
        for one in parts:
            if isinstance(one, Verdict | display.Explained):
                yield cast("_Answer", one)
            elif deeper and isinstance(one, Gathered):
                yield from _answers(one, deeper - 1)
