"""What `keyaccount review` says of the lenses beside the tiers, where one tells."""

from __future__ import annotations

from keyaccount import book
from keyaccount.cli._text import plain, shortened
from keyaccount.cli._words import Words
from keyaccount.domain import FxTable

from ._fit import fit_slugs, show_fit
from ._growth import board_slugs, growth_slugs, show_growth
from ._lifetime import lifetime_slugs, show_lifetime
from ._marks import MOST_ROWS, show_more
from ._segments import segment_slugs, show_segments
from ._selection import selection_slugs, show_selection
from ._whole import resource_slugs, show_whole


__all__ = ["lens_slugs", "portfolio_slugs", "show_lenses"]


def show_lenses(
    portfolio: book.Portfolio,
    policies: book.Policies,
    fx: FxTable | None,
    words: Words,
) -> None:
    """Print a section for every lens that says something of somebody."""
    show_selection(portfolio, policies, words)
    show_segments(portfolio, words)
    board = book.growth_board(portfolio, policies=policies, fx=fx)
    if board is not None:
        show_growth(board, words)
    show_fit(portfolio, words)
    show_lifetime(portfolio, words)
    found = book.resources(portfolio, policies=policies)
    if found is not None:
        show_whole(found, words)
    _unread(portfolio, words)


def _unread(portfolio: book.Portfolio, words: Words) -> None:
    """Say of whom a lens could not read what is told, and why."""
    screen = words.screen
    found = [
        (shortened(sheet.customer.name), plain(str(error)))
        for sheet in portfolio
        for error in sheet.lenses.unread
    ]
    if not found:
        return
    screen.line()
    screen.line(screen.say("lens.unread"), "bold")
    for name, why in found[:MOST_ROWS]:
        screen.indented(screen.say("deals.person", name=name, remark=why))
    show_more(len(found), screen)


def lens_slugs(sheet: book.Sheet, locale: str) -> dict[str, object]:
    """Return what a machine wants to know of one customer's lenses."""
    lenses = sheet.lenses
    return {
        "selection": selection_slugs(lenses, locale),
        "segment": segment_slugs(lenses.segment),
        "growth": [growth_slugs(one) for one in lenses.growth],
        "fit": fit_slugs(lenses.fit),
        "lifetime": lifetime_slugs(lenses.lifetime),
        "unread": [str(error) for error in lenses.unread],
    }


def portfolio_slugs(
    portfolio: book.Portfolio, policies: book.Policies, fx: FxTable | None
) -> dict[str, object]:
    """Return what the lenses say of all customers together."""
    board = book.growth_board(portfolio, policies=policies, fx=fx)
    return {
        "growth": None if board is None else board_slugs(board),
        "whole": resource_slugs(book.resources(portfolio, policies=policies)),
    }
