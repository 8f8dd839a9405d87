"""What `keyaccount review` says of our own side: by customer, and of our firm."""

from __future__ import annotations

from keyaccount import book
from keyaccount.cli._words import Words

from ._accounts import show_accounts
from ._firm import show_firm
from ._firm_machine import firm_slugs
from ._machine import ours_slugs


__all__ = ["firm_slugs", "ours_slugs", "show_ours"]


def show_ours(portfolio: book.Portfolio, words: Words) -> None:
    """Print what the lenses on our own side say, where anything is told of it."""
    show_accounts(portfolio, words)
    if portfolio.firm is not None:
        show_firm(portfolio, portfolio.firm, words)
