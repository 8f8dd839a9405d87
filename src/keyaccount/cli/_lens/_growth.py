"""Where we grow and where we lose: share and growth, customer by category."""

from __future__ import annotations

from collections.abc import Iterator

from keyaccount import book
from keyaccount.cli._screen import Heading
from keyaccount.cli._text import figure, label, percent, plain, shortened
from keyaccount.cli._words import Words
from keyaccount.models import growth

from ._marks import MOST_ROWS, show_more


__all__ = ["board_slugs", "growth_slugs", "show_growth"]


_MOST_NAMES = 6
_SHORT = (
    "surface-growth",
    "losing-to-competitor",
    "lagging-customer",
    "share-above-one",
    "net-returns",
    "new-business",
    "business-basis",
    "rival-changed",
)


def show_growth(board: book.GrowthBoard, words: Words) -> None:
    """Print a row a customer and category, those who lose first."""
    screen, say = words.screen, words.screen.say
    screen.line()
    screen.line(say("lens-growth.title"), "bold")
    is_wide = screen.is_wide
    growths = (
        tuple(Heading(say(f"lens-growth.{who}"), is_number=True) for who in _WHO)
        if is_wide
        else (Heading(say("lens-growth.growth"), is_number=True),)
    )
    headings = (
        Heading(say("lens-growth.where"), wraps=True, most=36 if is_wide else 20),
        Heading(say("lens-growth.share"), is_number=True),
        *growths,
        Heading(say("lens-growth.headroom"), is_number=True),
        Heading(say("lens-growth.seen"), wraps=True),
    )
    shown = board.rows[:MOST_ROWS]
    screen.table(headings, (_row(row, words) for row in shown))
    if not is_wide:
        screen.line(say("lens-growth.legend"))
    show_more(len(board.rows), screen)
    for line in _below(board, words):
        screen.line(line)


_WHO = ("ours", "customers", "rivals")


def _row(row: book.GrowthRow, words: Words) -> tuple[str, ...]:
    verdict, locale = row.verdict, words.locale
    where = shortened(row.customer.name)
    if verdict.category is not None:
        where = f"{where}\n{plain(verdict.category)}"
    shares = (verdict.share_before, verdict.share)
    told = [_signed(one) for one in _growths(verdict)]
    room = verdict.headroom
    return (
        where,
        "\n→ ".join("?" if one is None else percent(one) for one in shares),
        *(told if words.screen.is_wide else ("\n".join(told),)),
        "?" if room is None else figure(room.amount, locale),
        words.screen.say("review.semicolon").join(_seen(verdict, words)),
    )


def _growths(verdict: growth.GrowthVerdict) -> tuple[float | None, ...]:
    return verdict.growth, verdict.customer_growth, verdict.rival_growth


def _signed(value: float | None) -> str:
    if value is None:
        return "?"
    return f"+{percent(value)}" if value > 0 else percent(value)


def _seen(verdict: growth.GrowthVerdict, words: Words) -> Iterator[str]:
    """Yield our place, what is to be seen, and what to ask first."""
    yield words.either_of("growth-quadrant", verdict.possible)
    for flag in verdict.flags:
        known = flag in _SHORT
        if known:
            yield words.screen.say(f"lens-growth.{flag}")
        else:
            yield label("flag", flag, words.locale)
    if verdict.missing and not verdict.is_settled:
        fact = label("fact", verdict.missing[0].fact, words.locale)
        yield words.screen.say("review.ask-for", fact=fact)


def _below(board: book.GrowthBoard, words: Words) -> Iterator[str]:
    """Yield what is bought from others in all, and whom the table leaves out."""
    say, space = words.screen.say, board.space
    if space is not None and space.total is not None:
        yield say(
            "lens-growth.space",
            total=_room(space.total, words.locale),
            currency=space.total.low.currency,
            attainable="0"
            if space.attainable is None
            else _room(space.attainable, words.locale),
            share=percent(float(space.attainable_share)),
        )
    if board.left_out:
        names = [shortened(one.name) for one in board.left_out]
        listed = words.listed(names[:_MOST_NAMES])
        if len(names) > _MOST_NAMES:
            listed = f"{listed} {say('review.more', count=len(names) - _MOST_NAMES)}"
        yield say("lens-growth.left-out", names=listed)


def _room(room: growth.Room, locale: str) -> str:
    low, high = (figure(end.amount, locale) for end in (room.low, room.high))
    return low if low == high else f"{low}–{high}"


def growth_slugs(verdict: growth.GrowthVerdict) -> dict[str, object]:
    """Return what a machine wants to know of a customer in a category."""
    room = verdict.headroom
    return {
        "category": verdict.category,
        "year": verdict.year,
        "quadrant": None if verdict.value is None else verdict.value.value,
        "possible": [one.value for one in verdict.possible],
        "share": verdict.share,
        "share_before": verdict.share_before,
        "growth": verdict.growth,
        "customer_growth": verdict.customer_growth,
        "rival_growth": verdict.rival_growth,
        "gap_to_customer": verdict.gap_to_customer,
        "gap_to_rival": verdict.gap_to_rival,
        "rival": verdict.rival,
        "relative_share": verdict.relative_share,
        "headroom": None if room is None else str(room.amount),
        "currency": None if room is None else room.currency,
        "flags": list(verdict.flags),
        "open_flags": list(verdict.open_flags),
        "missing": [gap.fact for gap in verdict.missing],
    }


def board_slugs(board: book.GrowthBoard) -> dict[str, object]:
    """Return who is read, and what all of them buy from others."""
    space = board.space
    return {
        "rows": [
            {"customer": row.customer.id, "category": row.verdict.category}
            for row in board.rows
        ],
        "left_out": [customer.id for customer in board.left_out],
        "headroom": None if space is None else _ends(space.total),
        "attainable": None if space is None else _ends(space.attainable),
        "year": None if space is None else space.year,
    }


def _ends(room: growth.Room | None) -> dict[str, object] | None:
    if room is None:
        return None
    low, high = str(room.low.amount), str(room.high.amount)
    return {"low": low, "high": high, "currency": room.low.currency}
