"""What selection makes of a customer, with the evidence for each criterion."""

from __future__ import annotations

import attrs

from keyaccount import wire
from keyaccount.domain import (
    SelectionCriterion,
    StrategicDesignation,
    StrategicIntentKind,
)
from keyaccount.rules import Interval, Verdict
from keyaccount.tri import Tri

from ._opinions import SelectionAdvice


__all__ = ["CriterionAnswer", "DesignationVerdict", "IntentRef"]


@attrs.frozen
class CriterionAnswer:
    """What one criterion says, what that rests on, and what nobody has told us (S0-3).

    `because` holds the facts that were seen, `unknown` those that were asked for in
    vain. Without either kind of evidence the answer is UNKNOWN.
    """

    criterion: SelectionCriterion
    answer: Tri
    because: tuple[tuple[str, float | str], ...] = ()
    unknown: tuple[str, ...] = ()


@attrs.frozen
class IntentRef:
    """Which intent of ours a verdict rested on."""

    id: str
    kind: StrategicIntentKind


@attrs.frozen(repr=False)
class DesignationVerdict(wire.Plain, Verdict[StrategicDesignation]):
    """Whether a customer is strategic to us now, or what else it is.

    `criteria` are the four answers with their evidence. `intents` are those of ours
    that held on the day, None where none was declared; `served` are the kinds that
    the customer serves, None where nobody knows, and `matched` those of them that we
    want. A change of strategy is held against these: `selection.invalidated_by`.
    """

    customer_id: str
    is_strategic: Tri
    criteria: tuple[CriterionAnswer, ...]
    intents: tuple[IntentRef, ...] | None = None
    served: frozenset[StrategicIntentKind] | None = None
    matched: tuple[StrategicIntentKind, ...] = ()
    share: Interval | None = None
    in_head: Tri = Tri.UNKNOWN
    advice: SelectionAdvice | None = None

    def answer(self, criterion: SelectionCriterion) -> Tri:
        """Return what one criterion says."""
        found = {part.criterion: part.answer for part in self.criteria}
        return found[criterion]

    def _extras(self) -> tuple[str, ...]:
        answers = "/".join(part.answer.value for part in self.criteria)
        advice = () if self.advice is None else (self.advice.value,)
        return answers, *advice
