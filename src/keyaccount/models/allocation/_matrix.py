"""Where an account stands between its attractiveness and our strength (2.1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import TypeAlias

import attrs

from keyaccount import wire
from keyaccount.exceptions import UnknownFactError
from keyaccount.rules import (
    Facts,
    Interval,
    Reason,
    Verdict,
    ask_first,
    explain_table,
)

from ._facts import ATTRACTIVENESS, MATRIX_FACTS, STRENGTH, MatrixCell
from ._policy import AllocationPolicy, default_policy


__all__ = ["Mark", "Marks", "MatrixVerdict", "matrix", "matrix_facts"]


Mark: TypeAlias = Decimal | float | None
"""A mark from 0 to 100; None is not known."""

Marks: TypeAlias = Mapping[str, Mark]
"""The marks of one axis by criterion; a criterion that is not there is not known."""


@attrs.frozen
class MatrixEvidence:
    """What a place in the matrix keeps to explain itself."""

    policy: AllocationPolicy
    facts: Facts

    def reason(self) -> Reason:
        """Say which row decides, and what each mark adds to its axis."""
        return explain_table(self.policy.cells.table, self.facts)

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels


@attrs.frozen(repr=False)
class MatrixVerdict(wire.Plain, Verdict[MatrixCell]):
    """The cell of an account, and how far it is along each axis, from 0 to 100."""

    attractiveness: Interval
    strength: Interval

    def _extras(self) -> tuple[str, ...]:
        return (f"attractiveness {self.attractiveness}", f"strength {self.strength}")


def matrix(
    attractiveness: Marks | Mark,
    strength: Marks | Mark,
    *,
    as_of: dt.date | None = None,
    policy: AllocationPolicy | None = None,
) -> MatrixVerdict:
    """Place an account between how attractive it is and how strong we are with it.

    Our strength is what the customer sees, not what we think of ourselves: ask it.
    The cells go back to McDonald and Woodburn; a cell named `strategic` is no tier and
    no designation (C-1). An unknown mark leaves every cell possible that it may give.

    Args:
        attractiveness: marks by criterion, or one mark for the whole axis.
        strength: marks by criterion, or one mark for the whole axis.
        as_of: the day that the verdict bears.
        policy: your own weights and cuts.

    Raises:
        UnknownFactError: a criterion that the axis does not have.
        InvalidValueError: a mark below 0 or above 100.
    """
    rules = policy or default_policy()
    facts = matrix_facts(attractiveness, strength)
    decision = rules.cells.look_up(facts)
    possible = tuple(map(MatrixCell, decision.possible))
    return MatrixVerdict(
        possible[0] if len(possible) == 1 else None,
        possible,
        ask_first((rules.cells.table,), facts) if len(possible) > 1 else (),
        (),
        rules.ref,
        as_of,
        attractiveness=decision.scores["attractiveness"],
        strength=decision.scores["strength"],
        evidence=MatrixEvidence(rules, facts),
    )


def matrix_facts(attractiveness: Marks | Mark, strength: Marks | Mark) -> Facts:
    """Bring the marks of both axes through the door; one mark stands for a whole axis.

    Raises:
        UnknownFactError: a criterion that the axis does not have.
        InvalidValueError: a mark below 0 or above 100.
    """
    return MATRIX_FACTS.read(
        {**_axis(attractiveness, ATTRACTIVENESS), **_axis(strength, STRENGTH)}
    )


def _axis(given: Marks | Mark, names: tuple[str, ...]) -> dict[str, Mark]:
    if not isinstance(given, Mapping):
        return dict.fromkeys(names, given)
    for name in given:
        if name not in names:
            raise UnknownFactError(name, names)
    return {name: given.get(name) for name in names}
