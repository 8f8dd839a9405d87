"""How an answer is put together: its question by number, its chart by name."""

from __future__ import annotations

from collections.abc import Iterable

from keyaccount.report._case import Case
from keyaccount.report._parts import Answer, Table


__all__ = ["answer"]


def answer(  # noqa: PLR0913, PLR0917 - what an answer consists of
    case: Case,
    number: int,
    code: str,
    short: str,
    lines: Iterable[str] = (),
    tables: Iterable[Table] = (),
    tone: str = "",
) -> Answer:
    """Put an answer together."""
    question = case.speech.say(f"q-{code}")
    told = tuple(line for line in lines if line)
    return Answer(
        f"q{number}", number, question, short, told, tuple(tables), code, tone
    )
