"""What contracts are worth over their life, and what that takes for granted."""

from __future__ import annotations

from collections.abc import Iterator

from keyaccount import book
from keyaccount.cli._screen import Heading
from keyaccount.cli._text import figure, label, percent, shortened
from keyaccount.cli._words import Words
from keyaccount.domain import Contract, Money
from keyaccount.models import lifetime

from ._marks import MOST_ROWS, show_table


__all__ = ["lifetime_slugs", "show_lifetime"]


def show_lifetime(portfolio: book.Portfolio, words: Words) -> None:
    """Print a row a contract, and the assumptions once for all of them."""
    screen, say = words.screen, words.screen.say
    told = [
        (shortened(sheet.customer.name), contract, verdict)
        for sheet in portfolio
        if (contract := sheet.account.contract) is not None
        and (verdict := sheet.lenses.lifetime) is not None
    ]
    if not told:
        return
    headings = (
        Heading(say("review.customer"), wraps=True, most=32),
        Heading(say("lens-lifetime.margin"), is_number=True),
        Heading(say("lens-lifetime.retention"), is_number=True),
        Heading(say("lens-lifetime.value"), is_number=True),
        Heading(say("lens-lifetime.note"), wraps=True),
    )
    rows = (_row(*one, words) for one in told[:MOST_ROWS])
    show_table("lens-lifetime", headings, rows, len(told), screen)
    _assumed(told[0][2], words)


def _row(
    name: str, contract: Contract, verdict: lifetime.LifetimeVerdict, words: Words
) -> tuple[str, ...]:
    margin, retention = contract.margin, contract.retention
    return (
        name,
        "?" if margin is None else figure(margin, words.locale),
        "?" if retention is None else percent(float(retention)),
        f"{_range(verdict, words.locale)} {contract.currency}",
        words.screen.say("review.semicolon").join(_notes(verdict, words)),
    )


def _range(verdict: lifetime.LifetimeVerdict, locale: str) -> str:
    own = verdict.own
    if own.low is None and own.high is None:
        return "?"
    low, high = (_amount(end, locale) for end in (own.low, own.high))
    return low if low == high else f"{low}–{high}"


def _amount(amount: Money | None, locale: str) -> str:
    return "∞" if amount is None else figure(amount.amount, locale)


def _notes(verdict: lifetime.LifetimeVerdict, words: Words) -> Iterator[str]:
    if verdict.missing:
        yield label("question", verdict.missing[0].question, words.locale)
    for flag in verdict.flags:
        yield label("flag", flag, words.locale)


def _assumed(verdict: lifetime.LifetimeVerdict, words: Words) -> None:
    parts = (
        label("assumption", one.value, words.locale) for one in verdict.assumptions
    )
    listed = words.screen.say("review.semicolon").join(parts)
    rate = percent(float(verdict.discount))
    said = words.screen.say("lens-lifetime.assumed", assumptions=listed, rate=rate)
    words.screen.line(said)


def lifetime_slugs(
    verdict: lifetime.LifetimeVerdict | None,
) -> dict[str, object] | None:
    """Return what a machine wants to know of a contract's value."""
    if verdict is None:
        return None
    low, high = verdict.own.low, verdict.own.high
    known = low or high
    return {
        "low": None if low is None else str(low.amount),
        "high": None if high is None else str(high.amount),
        "currency": None if known is None else known.currency,
        "discount": str(verdict.discount),
        "years": verdict.years,
        "assumptions": [one.value for one in verdict.assumptions],
        "missing": [gap.fact for gap in verdict.missing],
        "flags": list(verdict.flags),
    }
