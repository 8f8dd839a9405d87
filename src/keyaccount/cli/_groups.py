"""What `keyaccount review --groups` says: which subsidiaries went into whom."""

from __future__ import annotations

from collections.abc import Sequence

from keyaccount import book

from ._text import label, shortened
from ._words import Words


__all__ = ["group_slugs", "show_groups"]


_MOST = 20
_MOST_MEMBERS = 12


def show_groups(rolled: book.RolledUp, words: Words) -> None:
    """Print the groups, and the subsidiaries that stay customers of their own."""
    screen, say = words.screen, words.screen.say
    if not rolled.groups and not rolled.kept_apart:
        return
    names = {
        account.customer.id: shortened(account.customer.name)
        for account in rolled.accounts
    }
    screen.line()
    screen.line(say("groups.title"), "bold")
    for group in rolled.groups[:_MOST]:
        screen.indented(
            say(
                "groups.group",
                name=names[group.parent_id],
                members=_members(group.member_ids, words),
            )
        )
    for one in rolled.kept_apart[:_MOST]:
        why = label("kept-apart", one.reason, screen.locale)
        name = shortened(one.customer.name)
        said = say("groups.apart", name=name, why=why, parent=one.parent_id)
        screen.indented(said)
    more = max(len(rolled.groups) - _MOST, 0) + max(len(rolled.kept_apart) - _MOST, 0)
    if more:
        screen.indented(f"{say('review.more', count=more)} (--format json)")


def _members(ids: Sequence[str], words: Words) -> str:
    """List the subsidiaries, of many the first."""
    listed = words.listed(ids[:_MOST_MEMBERS])
    more = len(ids) - _MOST_MEMBERS
    if more <= 0:
        return listed
    return f"{listed} {words.screen.say('review.more', count=more)}"


def group_slugs(rolled: book.RolledUp) -> dict[str, object]:
    """Return which subsidiaries went into whom, and which stay apart and why."""
    return {
        "groups": [
            {"parent": group.parent_id, "members": list(group.member_ids)}
            for group in rolled.groups
        ],
        "kept_apart": [
            {
                "customer": one.customer.id,
                "parent": one.parent_id,
                "reason": one.reason,
            }
            for one in rolled.kept_apart
        ],
    }
