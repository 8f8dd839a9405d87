"""Gates in a row: all are judged, the first that is not passed decides.

What lies behind the first closed gate is informative only: it cannot rescue it.
"""

from __future__ import annotations

import attrs

from keyaccount.exceptions import Problems
from keyaccount.tri import Tri, all_of

from ._asking import check_condition
from ._checks import repeated
from ._conditions import Condition, Reading, kleene, rails
from ._facts import Facts, FactSchema


__all__ = ["Gate", "GateAnswer", "Gates", "Passage", "pass_through"]


@attrs.frozen
class Gate:
    """One gate: it is passed where *when* holds."""

    id: str
    when: Condition
    origin: str = "own"
    why: str = ""


@attrs.frozen
class Gates:
    """Gates over declared facts, in the order in which they are passed."""

    name: str
    about: FactSchema
    gates: tuple[Gate, ...]

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        if not self.gates:
            problems.add("gates", "empty", expected="one gate")
        for slug in repeated(gate.id for gate in self.gates):
            problems.add("gates", "duplicate", slug)
        for index, gate in enumerate(self.gates):
            path = f"gates[{index}].when"
            check_condition(gate.when, self.about, (), path, problems)
        problems.check(f"gates {self.name}")


@attrs.frozen
class GateAnswer:
    """What one gate says; `is_informative` where an earlier one is not passed."""

    gate: str
    passed: Tri
    is_informative: bool


@attrs.frozen
class Passage:
    """What every gate says, and which one stops the way first."""

    answers: tuple[GateAnswer, ...]

    @property
    def passed(self) -> Tri:
        """YES if all are passed, NO as soon as one is not, else UNKNOWN."""
        return all_of(answer.passed for answer in self.answers)

    @property
    def first_failing(self) -> str | None:
        """The first gate that is surely not passed."""
        return self._first(Tri.NO)

    @property
    def first_open(self) -> str | None:
        """The first gate that some unknown fact leaves open."""
        return self._first(Tri.UNKNOWN)

    def _first(self, wanted: Tri) -> str | None:
        for answer in self.answers:
            if answer.passed is wanted:
                return answer.gate
        return None


def pass_through(gates: Gates, facts: Facts) -> Passage:
    """Judge every gate, and mark those behind the first closed one as informative."""
    answers, is_behind, reading = [], False, Reading(facts)
    for gate in gates.gates:
        passed = kleene(rails(gate.when, reading))
        answers.append(GateAnswer(gate.id, passed, is_behind))
        is_behind = is_behind or passed is not Tri.YES
    return Passage(tuple(answers))
