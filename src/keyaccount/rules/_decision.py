"""What a table look-up returns: the possible outcomes, the scores, and why.

`look_up` is the reference; a compiled table gives an equal `Decision`, faster.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

import attrs

from ._conditions import Reading
from ._explain import explain_outcomes
from ._facts import Facts
from ._table import DecisionTable, hits, resolve
from ._verdict import Interval, Reason


__all__ = ["Answer", "Decision", "Finding", "decide", "look_up", "set_found"]


@attrs.frozen
class Answer:
    """What a table may answer; all decisions that came out alike share one."""

    table: DecisionTable = attrs.field(hash=False, repr=False)
    possible: tuple[str, ...]


Finding: TypeAlias = tuple[Facts, Answer, *tuple[float, ...]]
"""Facts, what is answered, and each scorecard's lowest and highest fold."""


@attrs.frozen(repr=False, init=False, weakref_slot=False)
class Decision:
    """One table's answer on one customer's facts; it explains itself when asked.

    Ask `look_up` for one, or a compiled table. It holds a single tuple and has no
    `__init__`, because building it costs more than finding the answer.
    """

    found: Finding

    @property
    def facts(self) -> Facts:
        """The facts that were judged."""
        return self.found[0]

    @property
    def table(self) -> DecisionTable:
        """The table that was asked."""
        return self.found[1].table

    @property
    def possible(self) -> tuple[str, ...]:
        """What the answer may be, lowest first; one outcome once it is settled."""
        return self.found[1].possible

    @property
    def value(self) -> str | None:
        """The answer, None while it is open."""
        possible = self.found[1].possible
        return possible[0] if len(possible) == 1 else None

    @property
    def is_settled(self) -> bool:
        """Whether no unknown fact could change the answer."""
        return len(self.found[1].possible) == 1

    @property
    def scores(self) -> Mapping[str, Interval]:
        """Every scorecard's score from 0 to 100, as bounds, by its name."""
        return MappingProxyType(
            {
                name: Interval(low * 0.01, high * 0.01)
                for name, (low, high) in self._folds().items()
            }
        )

    @property
    def score(self) -> Interval:
        """The score of the first scorecard, for a table that has one."""
        _, _, *ends = self.found
        return Interval(ends[0] * 0.01, ends[1] * 0.01)

    @property
    def why(self) -> Reason:
        """The reasons, as a tree of codes and data."""
        reading = Reading(self.facts, self._folds())
        return explain_outcomes(self.table, reading, self.possible)

    def _folds(self) -> dict[str, tuple[float, float]]:
        _, answer, *ends = self.found
        names = (card.name for card in answer.table.scorecards)
        pairs = zip(ends[::2], ends[1::2], strict=True)
        return dict(zip(names, pairs, strict=True))

    def __repr__(self) -> str:
        return f"<Decision {self.table.name}: {' or '.join(self.possible)}>"


def look_up(table: DecisionTable, facts: Facts) -> Decision:
    """Ask a single-hit table by the reference evaluation.

    Raises:
        HitPolicyError: rows fire together that unique or any keeps apart.
        NoRowError: no row can fire and the table has no `otherwise`.
        InvalidValueError: the table's hit policy gives many outcomes.
    """
    found = hits(table, facts)
    answer = Answer(table, resolve(table, found.must, found.may))
    return decide((facts, answer, *(end for fold in found.folds for end in fold)))


set_found = Decision.__dict__["found"].__set__
"""Fills a new decision; generated code does what `decide` does, in line."""


def decide(found: Finding) -> Decision:
    """Build a decision."""
    decision = Decision()
    set_found(decision, found)
    return decision
