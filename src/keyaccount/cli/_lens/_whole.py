"""All customers together: on how few we rest, the tiers, where effort should go."""

from __future__ import annotations

from collections.abc import Iterator

from keyaccount import book
from keyaccount.cli._text import label, percent, plain
from keyaccount.cli._words import Words
from keyaccount.models import allocation
from keyaccount.rules import Interval


__all__ = ["resource_slugs", "show_whole"]


_FEWEST = 10  # of fewer customers everybody sees how they spread


def show_whole(found: book.Resources, words: Words) -> None:
    """Print a line for each, where there are customers enough to say anything."""
    screen, say = words.screen, words.screen.say
    customers = sum(count for _, count, _ in found.by_tier)
    if customers < _FEWEST or len(found.concentration.unknown) == customers:
        return  # few, or nobody of whom an amount is known
    screen.line()
    screen.line(say("lens-whole.title"), "bold")
    for line in _lines(found, words):
        screen.indented(line)


def _lines(found: book.Resources, words: Words) -> Iterator[str]:
    say, locale = words.screen.say, words.locale
    concentration = found.concentration
    semicolon = say("review.semicolon")
    yield say(
        "lens-whole.concentration",
        answer=plain(concentration.explain(locale)[0]),
        shares=semicolon.join(_tops(concentration, words)),
    )
    for flag in concentration.flags:
        yield label("flag", flag, locale)
    for flag in found.distribution.flags:
        yield say("lens-whole.tiers", remark=label("flag", flag, locale))
    units = " · ".join(
        f"{words.name(tier.value)} {amount:f}" for tier, _, amount in found.by_tier
    )
    yield say("lens-whole.effort", units=units)


def _tops(
    concentration: allocation.ConcentrationVerdict, words: Words
) -> Iterator[str]:
    """Yield what the largest make; with an open end where amounts are not known."""
    for top in concentration.tops:
        name = label("fact", top.id, words.locale)
        yield words.screen.say("deals.person", name=name, remark=_span(top.share))


def _span(share: Interval) -> str:
    if share.is_exact:
        return percent(share.low)
    if share.high >= 1:
        return f"≥ {percent(share.low)}"
    return f"{percent(share.low)}–{percent(share.high)}"


def resource_slugs(found: book.Resources | None) -> dict[str, object] | None:
    """Return what a machine wants to know of all customers together."""
    if found is None:
        return None
    concentration, distribution = found.concentration, found.distribution
    return {
        "concentration": {
            "possible": [one.value for one in concentration.possible],
            "tops": {
                top.id: [top.share.low, top.share.high] for top in concentration.tops
            },
            "hhi": [concentration.hhi.low, concentration.hhi.high],
            "effective": [concentration.effective.low, concentration.effective.high],
            "unknown": list(concentration.unknown),
            "flags": list(concentration.flags),
        },
        "tiers": {
            "possible": [one.value for one in distribution.possible],
            "flags": list(distribution.flags),
            "perhaps": list(distribution.perhaps),
        },
        "effort": {tier.value: f"{amount:f}" for tier, _, amount in found.by_tier},
    }
