"""How an answer that is no verdict explains itself: the same way as a verdict."""

from __future__ import annotations

from typing import Protocol

from keyaccount import wording
from keyaccount.rules import Missing, Reason, display


__all__ = ["Datum", "Telling", "told"]


Datum = tuple[str, float | str]


class _Answer(Protocol):
    """What has reasons, and perhaps flags and questions."""

    def reason(self) -> Reason:
        """Work the reasons out."""
        ...


class Telling(display.Explained):
    """What every answer of this model can do; its figures are its evidence."""

    __slots__ = ()

    @property
    def why(self: _Answer) -> Reason:
        """The reasons, as a tree of codes and data."""
        return self.reason()

    def explain(self: _Answer, locale: str = "en") -> tuple[str, ...]:
        """Say the answer and its reasons in a language, a line each, indented."""
        flags: tuple[str, ...] = getattr(self, "flags", ())
        missing: tuple[Missing, ...] = getattr(self, "missing", ())
        return told(self.reason(), flags, missing, locale)


def told(
    reason: Reason,
    flags: tuple[str, ...],
    missing: tuple[Missing, ...],
    locale: str,
) -> tuple[str, ...]:
    """Say reasons, flags and questions in a language."""
    lines = [
        "  " * level + wording.say(part.code, dict(part.data), locale)
        for level, part in reason.walk()
    ]
    codes = [f"flag.{flag}" for flag in flags]
    codes += [f"question.{gap.question}" for gap in missing]
    return (*lines, *(wording.say(code, {}, locale) for code in codes))
