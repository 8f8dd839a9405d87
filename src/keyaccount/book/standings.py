"""What a verdict stood on, and where it left the customer, so that two compare."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import attrs

from keyaccount.domain import ProspectClass, ValueTier
from keyaccount.models import tiering
from keyaccount.rules import (
    Compiled,
    Evidence,
    Facts,
    Reason,
    Scorecard,
    explain_rows,
)


__all__ = ["ClassJudge", "Judge", "Standing", "TierJudge", "ground_of"]


@runtime_checkable
class Ground(Protocol):
    """What a verdict was given on; the evidence of a verdict that was not read back."""

    @property
    def facts(self) -> Facts:
        """The facts that were judged."""
        ...

    @property
    def policy(self) -> tiering.TieringPolicy:
        """The policy that judged them."""
        ...


def ground_of(evidence: Evidence) -> Ground | None:
    """Return the facts and the policy behind a verdict; None if it was read back."""
    return evidence if isinstance(evidence, Ground) else None


@attrs.frozen
class Standing:
    """Where a judgement leaves a customer: what is possible, whether it is a problem.

    `outcomes` are places counted from the best, the lowest outcome first.
    """

    outcomes: tuple[int, ...]
    is_problem: bool = False

    def to(self, other: Standing) -> tuple[int, int]:
        """Return how far it is to another standing: whether a problem counts first."""
        apart = len({*self.outcomes} ^ {*other.outcomes})
        for end in (0, -1):
            apart += abs(self.outcomes[end] - other.outcomes[end])
        return int(self.is_problem != other.is_problem), apart


class Judge(Protocol):
    """A policy's rules for one question: how they judge, and what each of them says."""

    @property
    def card(self) -> Scorecard:
        """The score that the rules ask for."""
        ...

    def judge(self, facts: Facts) -> Standing:
        """Say where the facts leave the customer."""
        ...

    def rows(self, facts: Facts, *, of_problem: bool) -> tuple[Reason, ...]:
        """Say what every rule says, one by one."""
        ...


@attrs.frozen
class TierJudge:
    """What decides the rung of a customer that trades, and whether it is a problem."""

    policy: tiering.TieringPolicy

    @property
    def card(self) -> Scorecard:
        """The composite."""
        return self.policy.composite

    def judge(self, facts: Facts) -> Standing:
        """Say which rungs are possible, and whether it is surely a problem."""
        places = tuple(
            ValueTier(slug).rank for slug in self.policy.ladder.possible(facts)
        )
        problem = self.policy.problem
        return Standing(
            places, problem is not None and problem.possible(facts) == ("yes",)
        )

    def rows(self, facts: Facts, *, of_problem: bool) -> tuple[Reason, ...]:
        """Say what the rows of the ladder say, or the triggers."""
        if not of_problem:
            return explain_rows(self.policy.ladder.table, facts)
        problem = self.policy.problem
        return () if problem is None else explain_rows(problem.table, facts)


@attrs.frozen
class ClassJudge:
    """What decides the class of a prospect."""

    policy: tiering.TieringPolicy

    @property
    def card(self) -> Scorecard:
        """The score of influence and potential."""
        (card,) = self._table.table.scorecards
        return card

    @property
    def _table(self) -> Compiled:
        return self.policy.outlook

    def judge(self, facts: Facts) -> Standing:
        """Say which classes are possible."""
        slugs = self._table.possible(facts)
        return Standing(tuple(ProspectClass(slug).rank for slug in slugs))

    def rows(self, facts: Facts, *, of_problem: bool) -> tuple[Reason, ...]:
        """Say what the rows say; a prospect is no problem."""
        del of_problem
        return explain_rows(self._table.table, facts)
