"""How an answer that is no verdict explains itself: the same way as a verdict."""

from __future__ import annotations

from collections.abc import Iterable

from keyaccount import wording
from keyaccount.rules import Reason


__all__ = ["told"]


def told(
    reason: Reason,
    locale: str,
    own: wording.Labels,
    *,
    flags: Iterable[str] = (),
    questions: Iterable[str] = (),
) -> tuple[str, ...]:
    """Say reasons, flags and questions in a language, a line each, indented."""
    lines = [
        "  " * level + wording.say(part.code, dict(part.data), locale, own=own)
        for level, part in reason.walk()
    ]
    codes = [f"flag.{flag}" for flag in flags]
    codes += [f"question.{question}" for question in questions]
    return (*lines, *(wording.say(code, {}, locale, own=own) for code in codes))
