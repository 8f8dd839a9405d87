"""What follows from what we were told, and which question to ask first."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from keyaccount.domain import AccountAnalysis, BackgroundAnalysis, ChannelPlans
from keyaccount.exceptions import Problems
from keyaccount.rules import (
    Compiled,
    Facts,
    FactValue,
    Missing,
    missing,
    narrowing,
)
from keyaccount.tri import Tri

from ._facts import (
    DEMANDS,
    FACTS,
    LEVELS,
    PLANS,
    TOPICS,
    gap_fact,
    levels_of,
    our_fact,
    required_fact,
    told,
    with_,
)
from ._policy import FitPolicy, default_policy
from ._ways import counts, gap_span, shares


__all__ = ["Judged", "base", "check", "facts", "judge", "questions"]


@attrs.frozen
class Judged:
    """All the facts, and what each of the four tables may still answer."""

    facts: Facts
    background: tuple[str, ...]
    product: tuple[str, ...]
    channel: tuple[str, ...]
    account: tuple[str, ...]


def facts(
    analysis: AccountAnalysis | None = None,
    *,
    term_within_appetite: Tri = Tri.UNKNOWN,
    policy: FitPolicy | None = None,
) -> Facts:
    """Bring the analyses of a customer through the door, with what follows from them.

    The policy says when the background is complete and what a full match is.

    Raises:
        InvalidValueError: no analysis, or no yes-no answer on the term.
    """
    policy = default_policy() if policy is None else policy
    problems = Problems()
    check(problems, analysis, term_within_appetite)
    problems.check("facts")
    return judge(base(analysis, term_within_appetite), policy).facts


def check(problems: Problems, analysis: AccountAnalysis | None, term: Tri) -> None:
    """Note what is no analysis, or no answer on the term."""
    if analysis is not None:
        problems.is_a("analysis", analysis, AccountAnalysis, "an AccountAnalysis")
    problems.is_a("term_within_appetite", term, Tri, "a Tri")


def base(analysis: AccountAnalysis | None, term: Tri) -> Facts:
    """Return what was told of a customer and of the term; nothing without analyses."""
    if analysis is None:
        return told(BackgroundAnalysis(), (), ChannelPlans(), term)
    return told(analysis.background, analysis.requirements, analysis.channel, term)


def judge(given: Facts, policy: FitPolicy) -> Judged:
    """Work out what follows from the facts that were told; anew if it was before."""
    ask, topics = policy.asking, shares(given)
    spans = tuple(gap_span(*levels_of(given, demand)) for demand in DEMANDS)
    gaps = counts(spans)
    known = {
        "background_completeness": _settled([share for ((_, share),) in topics]),
        "gaps": _settled([count for (_, count), _ in gaps]),
        "largest_gap": _settled([most for _, (_, most) in gaps]),
        "product_analysed": _known_all(given, _ALL_LEVELS),
        "channel_analysed": _known_all(given, PLANS),
    }
    for demand, (least, most) in zip(DEMANDS, spans, strict=True):
        known[gap_fact(demand)] = float(least) if least == most else None
    seen = with_(given, **known)
    background = ask["background"](seen, (topics,))
    product = ask["product"](seen, (gaps,))
    channel = ask["channel"](seen, ())
    seen = with_(
        seen,
        background_complete=_answer(background),
        product_match=_answer(product),
        channel_outlook=_settled(channel),
    )
    outlooks = tuple((("channel_outlook", one),) for one in channel)
    account = ask["account"](seen, (topics, gaps, outlooks))
    return Judged(seen, background, product, channel, account)


def questions(judged: Judged, policy: FitPolicy, part: str) -> tuple[Missing, ...]:
    """Return what to ask for one of the four tables, the most telling first.

    Nobody can be asked how large a gap is: the question is which level is required
    and which is ours. Every answer that there may be is tried.
    """
    seen = judged.facts
    table: Compiled = getattr(policy, part)
    feeding = _feeding(policy)
    open_names = {
        source
        for asked in table.table.asks
        if seen[asked] is None
        for source in feeding.get(asked, (asked,))
        if seen[source] is None
    }
    names = [name for name in FACTS.names if name in open_names]

    def count(answered: Facts) -> float:
        return float(len(getattr(judge(answered, policy), part)))

    answers = {name: _answers(name) for name in names}
    return missing(FACTS, narrowing(count, seen, names, answers))


_LEVEL_NAMES = (required_fact, our_fact)
_ALL_LEVELS = tuple(name(demand) for demand in DEMANDS for name in _LEVEL_NAMES)


def _answers(name: str) -> tuple[FactValue, ...]:
    """Return every answer to a question; a topic can only become known."""
    if name in TOPICS:
        return (Tri.YES,)
    if name in _ALL_LEVELS:
        return tuple(float(level) for level in LEVELS)
    return Tri.YES, Tri.NO


def _feeding(policy: FitPolicy) -> dict[str, tuple[str, ...]]:
    """Return which facts that people can tell stand behind each that follows."""
    found: dict[str, tuple[str, ...]] = {
        "background_completeness": TOPICS,
        "gaps": _ALL_LEVELS,
        "largest_gap": _ALL_LEVELS,
        "product_analysed": _ALL_LEVELS,
        "channel_analysed": PLANS,
    }
    for demand in DEMANDS:
        found[gap_fact(demand)] = required_fact(demand), our_fact(demand)
    for name, compiled in (
        ("background_complete", policy.background),
        ("product_match", policy.product),
        ("channel_outlook", policy.channel),
    ):
        asks = compiled.table.asks
        behind = (source for asked in asks for source in found.get(asked, (asked,)))
        found[name] = tuple(dict.fromkeys(behind))
    return found


def _settled(values: Sequence[FactValue]) -> FactValue:
    return values[0] if len(set(values)) == 1 else None


def _answer(possible: tuple[str, ...]) -> Tri | None:
    return Tri(possible[0]) if len(possible) == 1 else None


def _known_all(given: Facts, names: tuple[str, ...]) -> Tri | None:
    return None if any(given[name] is None for name in names) else Tri.YES
