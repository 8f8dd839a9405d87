"""What the tables of the lenses share: a title, the first rows, marks for answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from keyaccount.cli._screen import Heading, Screen
from keyaccount.tri import Tri


__all__ = ["MOST_ROWS", "answered", "legend", "mark", "show_more", "show_table"]


MOST_ROWS = 40
"""A table shows so many customers; a machine's answer holds them all."""


def show_table(
    lens: str,
    headings: Sequence[Heading],
    rows: Iterable[tuple[str, ...]],
    count: int,
    screen: Screen,
) -> None:
    """Print a lens's title and table; *count* says how many rows there are in all."""
    screen.line()
    screen.line(screen.say(f"{lens}.title"), "bold")
    screen.table(headings, rows)
    show_more(count, screen)


def show_more(count: int, screen: Screen) -> None:
    """Say how many rows there are beyond those that a table shows."""
    if count > MOST_ROWS:
        more = screen.say("review.more", count=count - MOST_ROWS)
        screen.line(f"{more} (--format json)")


def mark(answer: Tri) -> str:
    """Return a mark for a cell of a table."""
    if answer is Tri.UNKNOWN:
        return "?"
    return "✓" if answer is Tri.YES else "✗"


def answered(answer: Tri | None) -> Tri:
    """Return an answer of yes or no; one that is still open is unknown."""
    return Tri.UNKNOWN if answer is None else answer


def legend(screen: Screen) -> str:
    """Say what the marks mean."""
    yes, no, unknown = (mark(one) for one in (Tri.YES, Tri.NO, Tri.UNKNOWN))
    return screen.say("lens.legend", yes=yes, no=no, unknown=unknown)
