"""An opportunity as the four gates see it: what is known, and what each may say."""

from __future__ import annotations

from typing import NamedTuple

from keyaccount.domain import Decision, Need, Opportunity

from ._bench import Marks, Tris, fold
from ._policy import QualificationPolicy
from ._results import HOLD, PASS, Ranks, decide, decide_alone, reach
from ._worth import Amounts, Span, amounts_of, span


__all__ = ["Reading", "Scored", "read", "scores_of"]


class Scored(NamedTuple):
    """What the known win factors add up to, and which are not known."""

    total: int
    unknown: tuple[str, ...]


class Reading(NamedTuple):
    """What is known, gate by gate, and what follows from it.

    *today* is what each gate says now, *gates* what it may say once everything is
    known. An empty promise that nobody has looked into stops nobody today, but may
    turn out.
    """

    real: Tris
    needs: tuple[Need, ...]
    scored: Scored
    amounts: Amounts
    span: Span
    marks: Marks
    today: Ranks
    gates: tuple[Ranks, ...]

    @property
    def open_today(self) -> tuple[Ranks, ...]:
        """What each gate may say, where it waits; what it says, where it does not."""
        return tuple(
            ranks if said == HOLD else (said,)
            for said, ranks in zip(self.today, self.gates, strict=True)
        )

    def decided(self) -> tuple[Decision, int | None]:
        """Return today's decision, and the place of the gate that makes it."""
        (decision, *others), telling = reach(self.open_today)
        if others:
            decision = decide(self.today)
            if decision is Decision.HOLD:
                return decision, telling.index(True)
        for at, said in enumerate(self.today):
            if said != PASS and decide_alone(at, said) is decision:
                return decision, at
        return decision, None


def read(opportunity: Opportunity, policy: QualificationPolicy) -> Reading:
    """Ask the four gates of one opportunity."""
    bench, steps = policy.bench, policy.steps
    answers, worth = opportunity.answers, opportunity.worth
    real = answers.explicit_need, answers.funded, answers.empty_promise
    needs = opportunity.needs
    scored = scores_of(opportunity, policy)
    amounts = amounts_of(opportunity)
    found = span(amounts, steps)
    marks = (worth.importance, worth.direction, worth.side_effects, worth.deviation)
    said = bench.real(real)
    gates = (
        said.ranks,
        fold(bench.need(need.kind, need.mandatory, need.coverage) for need in needs)
        if needs
        else bench.any_need,
        bench.win(scored.total, len(scored.unknown)),
        bench.worth(found.first, found.last, marks),
    )
    today = (
        said.today,
        *(ranks[0] if len(ranks) == 1 else HOLD for ranks in gates[1:]),
    )
    return Reading(real, needs, scored, amounts, found, marks, today, gates)


def scores_of(opportunity: Opportunity, policy: QualificationPolicy) -> Scored:
    """Add up the scores of the factors that the policy asks for."""
    known = {
        given.factor: given.score
        for given in opportunity.win_factors
        if given.score is not None
    }
    total, unknown = 0, []
    for factor in policy.factors:
        score = known.get(factor.id)
        if score is None:
            unknown.append(factor.id)
        else:
            total += score
    return Scored(total, tuple(unknown))
