"""The answer: how ready we are, list by list, and what to do first."""

from __future__ import annotations

import attrs

from keyaccount import wire
from keyaccount.domain import OrgElement, Ranked, TeamRequirement
from keyaccount.exceptions import UnknownNameError
from keyaccount.rules import Interval, Missing, Verdict
from keyaccount.tri import Tri

from ._checklists import ChecklistKind


__all__ = ["ChecklistScore", "FirstStep", "Readiness", "ReadinessVerdict"]


class Readiness(Ranked):
    """How ready our organisation is, the best first."""

    READY = "ready"
    PARTLY_READY = "partly-ready"
    NOT_READY = "not-ready"


@attrs.frozen
class ChecklistScore:
    """How far we are with one checklist (S0-16 to S0-26, S2-21, S3-36).

    `score` bounds the share of lines that are in place: at least those that are
    yes, at most those that nobody has answered as well. `completeness` is the share
    of lines that are answered. `met`, `gaps` (what is no) and `questions` together
    are all lines.
    """

    id: str
    kind: ChecklistKind
    score: Interval
    completeness: float
    met: tuple[str, ...]
    gaps: tuple[str, ...]
    questions: tuple[Missing, ...]

    @property
    def size(self) -> int:
        """How many lines there are."""
        return len(self.met) + len(self.gaps) + len(self.questions)

    @property
    def complete(self) -> Tri:
        """Whether every line is in place."""
        if self.gaps:
            return Tri.NO
        return Tri.UNKNOWN if self.questions else Tri.YES


@attrs.frozen
class FirstStep:
    """What to do first, and what to ask first.

    `do` is the first line that is not in place though everything that it rests on
    is; None where nothing is lacking, or all that is lacking rests on something that
    nobody has answered. That is then what to `ask`; else the question that narrows
    the answer most, or the first line that nobody has answered; None where all are.
    `waiting` names the lines that are not in place and that something else must come
    before.
    """

    do: str | None = None
    ask: Missing | None = None
    waiting: tuple[str, ...] = ()


@attrs.frozen(repr=False)
class ReadinessVerdict(wire.Plain, Verdict[Readiness]):
    """How ready we are on the whole, by checklist, and what to do first.

    `score` and `completeness` are those of all lines together. `stale` names the
    lines that count though their answer is old, `undated` those without a day.
    """

    score: Interval
    completeness: float
    checklists: tuple[ChecklistScore, ...]
    first: FirstStep
    stale: tuple[str, ...]
    undated: tuple[str, ...]

    def of(self, checklist: str | OrgElement | TeamRequirement) -> ChecklistScore:
        """Return how far we are with one checklist.

        Raises:
            UnknownNameError: the policy has no such checklist.
        """
        slug = checklist if isinstance(checklist, str) else checklist.value
        for one in self.checklists:
            if one.id == slug:
                return one
        offered = tuple(one.id for one in self.checklists)
        raise UnknownNameError("checklist", slug, offered)

    def of_kind(self, kind: ChecklistKind) -> tuple[ChecklistScore, ...]:
        """Return the checklists of a kind, in their order."""
        return tuple(one for one in self.checklists if one.kind is kind)

    @property
    def gaps(self) -> tuple[str, ...]:
        """Every line that is not in place, in order."""
        return tuple(slug for one in self.checklists for slug in one.gaps)

    @property
    def questions(self) -> tuple[Missing, ...]:
        """Every line that nobody has answered, in order."""
        return tuple(gap for one in self.checklists for gap in one.questions)

    def _extras(self) -> tuple[str, ...]:
        low, high = (round(end * 100) for end in (self.score.low, self.score.high))
        span = f"{low}" if self.score.is_exact else f"{low}…{high}"
        first = () if self.first.do is None else (f"first {self.first.do}",)
        return f"{span}% in place", *first
