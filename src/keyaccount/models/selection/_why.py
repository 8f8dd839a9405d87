"""Why a customer is designated as it is: each criterion, its evidence, the rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

import attrs

from keyaccount.domain import SelectionCriterion, StrategicDesignation
from keyaccount.rules import (
    Facts,
    Interval,
    Reason,
    explain_rows,
    holds,
)
from keyaccount.tri import Tri

from ._facts import Wanted
from ._judging import SHARE, ways
from ._opinions import SelectionAdvice
from ._policy import Answers, SelectionPolicy
from ._scale_value import Scale


__all__ = ["SelectionEvidence"]


Data = tuple[tuple[str, float | str], ...]
_ANSWERED = ("criterion-met", "criterion-unmet", "criterion-open")
_JUDGED = ("row-fires", "row-fails", "row-open")


@attrs.frozen
class SelectionEvidence:
    """What a designation keeps to explain itself."""

    policy: SelectionPolicy
    facts: Facts
    as_of: dt.date
    answers: Answers
    scale: Scale | None
    wanted: Wanted
    advice: SelectionAdvice | None

    @property
    def share(self) -> Interval | None:
        """The share of the total, between bounds."""
        return None if self.scale is None else self.scale.share

    @property
    def possible(self) -> tuple[StrategicDesignation, ...]:
        """What the designation may be, lowest first."""
        return self.policy.designations[self.answers]

    def reason(self) -> Reason:
        """Say the designation, what each criterion says and why, and the rule."""
        parts = (
            *(self._criterion(criterion) for criterion in SelectionCriterion),
            *self._designation(),
            *self._advice(),
        )
        table = self.policy.designation.table
        lowest, best = self.possible[0].value, self.possible[-1].value
        data: Data = (
            ("outcome", lowest),
            ("answers", table.answers),
            ("table", table.name),
        )
        if lowest == best:
            return Reason("decided", data, parts)
        count = float(len(self.possible))
        return Reason("undecided", (*data, ("best", best), ("count", count)), parts)

    def _criterion(self, criterion: SelectionCriterion) -> Reason:
        answers = dict(zip(SelectionCriterion, self.answers, strict=True))
        data: Data = (("row", criterion.value), ("table", "selection-criterion"))
        code = _in_words(answers[criterion], _ANSWERED)
        evidence = tuple(self._evidence(criterion))
        return Reason(code, data, (*evidence, *self._rows(criterion)))

    def _evidence(self, criterion: SelectionCriterion) -> Iterator[Reason]:
        """Say what stands behind the facts of a criterion."""
        if criterion is SelectionCriterion.SCALE:
            yield from self._amount()
        elif criterion is SelectionCriterion.STRATEGIC_FIT:
            yield from self._intents()

    def _amount(self) -> Iterator[Reason]:
        scale = self.scale
        basis: Data = (("outcome", self.policy.basis.value), ("answers", "scale-basis"))
        if scale and scale.amount is not None and scale.year_end is not None:
            amount: Data = (
                ("amount", f"{scale.amount.amount:,f}"),
                ("currency", scale.amount.currency),
                ("day", scale.year_end.isoformat()),
            )
            yield Reason("scale-amount", (*basis, *amount))
        if self.share is None:
            yield Reason("scale-unknown", basis)

    def _intents(self) -> Iterator[Reason]:
        day: Data = (("day", self.as_of.isoformat()),)
        if self.wanted is None:
            yield Reason("intents-undeclared", day)
        elif not self.wanted:
            yield Reason("intents-none", day)
        for intent in self.wanted or ():
            kind: Data = (("outcome", intent.kind.value), ("names", intent.id))
            data = (*kind, ("answers", "strategic-intent-kind"))
            yield Reason("intent-wanted", data)

    def _rows(self, criterion: SelectionCriterion) -> Iterator[Reason]:
        """Say what each row says, up to the first that surely applies."""
        table = self.policy.criteria[criterion].table
        told = list(ways(table, self.facts, self.share))
        parts = explain_rows(table, self.facts)
        for row, part in zip(table.rows, parts, strict=True):
            answer = _together({holds(row.when, way) for way in told})
            because = tuple(self._told(one) for one in part.because)
            yield attrs.evolve(part, code=_in_words(answer, _JUDGED), because=because)
            if answer is Tri.YES:
                return

    def _told(self, reason: Reason) -> Reason:
        """Say of an open comparison between which bounds the share lies."""
        share = self.share
        is_open = reason.code == "compare-open" and reason.get("fact") == SHARE
        if is_open and share is not None:
            bounds: Data = (("low", share.low), ("high", share.high))
            return Reason("compare-between", (*reason.data, *bounds))
        because = tuple(self._told(part) for part in reason.because)
        return attrs.evolve(reason, because=because)

    def _designation(self) -> Iterator[Reason]:
        table = self.policy.designation.table
        for part in explain_rows(table, self.policy.criteria_facts(self.answers)):
            yield part
            if part.code == "row-fires":
                return

    def _advice(self) -> Iterator[Reason]:
        if self.advice is not None:
            data = (("outcome", self.advice.value), ("answers", "selection-advice"))
            yield Reason("selection-advised", data)

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels


def _together(answers: set[Tri]) -> Tri:
    """Return the answer that all give, UNKNOWN where they differ."""
    return answers.pop() if len(answers) == 1 else Tri.UNKNOWN


def _in_words(answer: Tri, codes: tuple[str, str, str]) -> str:
    return dict(zip((Tri.YES, Tri.NO, Tri.UNKNOWN), codes, strict=True))[answer]
