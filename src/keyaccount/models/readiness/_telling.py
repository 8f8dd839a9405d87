"""How an answer that is no verdict explains itself: the same way as a verdict."""

from __future__ import annotations

from collections.abc import Mapping

from keyaccount import wording
from keyaccount.rules import Reason


__all__ = ["told"]


def told(
    reason: Reason, locale: str, own: Mapping[str, Mapping[str, str]] | None = None
) -> tuple[str, ...]:
    """Say reasons in a language, a line each, indented."""
    labels = {} if own is None else own
    return tuple(
        "  " * level + wording.say(part.code, dict(part.data), locale, own=labels)
        for level, part in reason.walk()
    )
