"""The fused way: the whole rule in one loop over the columns' own memory.

It answers what the columns way answers, bit for bit, always with the bounds that
unknown facts leave open. Where it cannot (no numba, a lazy frame or another engine,
a scorer or a hit policy without a loop form, contributions that are asked for, a rule
so long that it would compile for many seconds) it says so by None, and the caller
goes the columns way, which also says what is wrong with a frame.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeVar, cast

import attrs
import narwhals as nw

from keyaccount.exceptions import Problems
from keyaccount.rules import Condition, DecisionTable, FactSchema, Scorecard

from ._engines import opened
from ._facts import Names, sources
from ._marks import score_word
from ._program import Plan, has_loop


__all__ = ["Asked", "answered"]


FrameT = TypeVar("FrameT")


@attrs.frozen
class Asked:
    """What a caller wants of a rule: *title* is what the answers are called.

    Where one of the *triggers* holds, *instead* counts and not the outcome.
    """

    title: str
    about: FactSchema
    cards: tuple[Scorecard, ...]
    names: Names
    parts: Collection[str]
    complete: bool | None
    threads: int
    table: DecisionTable | None = None
    triggers: tuple[Condition, ...] | None = None
    instead: str = ""

    @property
    def titles(self) -> dict[str, str]:
        """The columns that may be answered, and what the loop calls each."""
        title, table = self.title, self.table
        found: dict[str, str] = {}
        if table is not None:
            found = {title: "value", f"{title}_low": "low", f"{title}_high": "high"}
            found |= {f"{title}_error": "error", f"{title}_row": "row"}
        for at, card in enumerate(self.cards):
            own = score_word(self.cards, card.name)
            stem = title if table is None else f"{title}_{own}"
            found |= {f"{stem}_low": f"low{at}", f"{stem}_high": f"high{at}"}
        if self.triggers is not None:
            found |= {f"{title}_problem": "problem", f"{title}_effective": "effective"}
        return {**found, f"{title}_missing": "missing"}


def answered(frame: FrameT, asked: Asked) -> FrameT | None:
    """Return the frame with the answers beside it; None if there is no loop for it.

    Raises:
        UnknownFactError: *names* speaks of a fact that is not declared.
        InvalidValueError: columns that cannot be used, or that have gaps although
            *complete* says that there is none; fewer threads than one.
    """
    problems = Problems()
    if isinstance(asked.threads, bool) or asked.threads < 1:
        problems.add("threads", "out-of-range", asked.threads, "one thread or more")
    problems.check("frame")
    here, want = opened(frame), frozenset(asked.parts)
    if not isinstance(here, nw.DataFrame) or here.implementation not in _ENGINES:
        return None
    if asked.complete:
        want |= {"missing"}
    plan = Plan(asked.about, asked.cards, asked.table, asked.triggers, want)
    if not want <= _PARTS or set(asked.titles) & set(here.columns):
        return None
    if not has_loop(plan):
        return None
    try:
        from ._run import answer  # noqa: PLC0415 - numba is an extra of its own
    except ImportError:
        return None
    given = sources(here, asked.about, plan.asks, asked.names)
    native: Any = answer(here, given, plan, asked)
    is_ours = isinstance(frame, nw.DataFrame)
    return cast("FrameT", nw.from_native(native) if is_ours else native)


_ENGINES = frozenset(
    {
        nw.Implementation.PANDAS,
        nw.Implementation.POLARS,
        nw.Implementation.PYARROW,
    }
)
_PARTS = frozenset({"bounds", "score", "missing", "row"})
