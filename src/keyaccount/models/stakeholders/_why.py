"""Why the map reads as it does: the roles, the weight of support, the warnings."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import attrs

from keyaccount.rules import (
    Facts,
    Interval,
    Reason,
    explain_rows,
)
from keyaccount.tri import Tri

from ._policy import StakeholderPolicy
from ._spans import Span, Spans, fires
from ._verdict import RoleCoverage


__all__ = ["MapEvidence"]


Data = tuple[tuple[str, float | str], ...]


@attrs.frozen
class MapEvidence:
    """What a map keeps to explain itself; the people it keeps by id at most."""

    policy: StakeholderPolicy
    facts: Facts
    spans: Spans
    answers: tuple[Tri, ...]
    possible: tuple[str, ...]
    roles: tuple[RoleCoverage, ...]
    index: Interval
    bounds: Interval

    def reason(self) -> Reason:
        """Say how much is covered, role by role, how support leans, what warns."""
        required = [part for part in self.roles if part.required]
        data: Data = (
            ("covered", float(_count(required, Tri.YES))),
            ("count", float(len(required))),
        )
        may = _count(required, Tri.UNKNOWN)
        code = "roles-covered"
        if may:
            data, code = (*data, ("may", float(may))), "roles-covered-open"
        parts = (
            *(self._role(part) for part in required),
            self._conclusion(),
            *self._support(),
            *self._warnings(),
        )
        return Reason(code, data, parts)

    def _role(self, part: RoleCoverage) -> Reason:
        limit = float(self.policy.number("contact_days"))
        role = (("row", part.role.value), ("table", "purchasing-role"))
        data: Data = (*role, ("unit", "days"), ("limit", limit))
        if not part.people:
            return Reason("role-unidentified", data)
        if part.covered is Tri.UNKNOWN:
            return Reason("role-uncertain", data)
        return Reason("role-met" if part.covered is Tri.YES else "role-unmet", data)

    def _conclusion(self) -> Reason:
        """Say whether the map is covered, and which rows say so."""
        table = self.policy.coverage.table
        parts = tuple(self._coverage_rows())
        data: Data = (("outcome", self.possible[0]), ("answers", table.answers))
        if len(self.possible) == 1:
            return Reason("decided", data, parts)
        best: Data = (("best", self.possible[-1]), ("count", float(len(self.possible))))
        return Reason("undecided", (*data, *best), parts)

    def _coverage_rows(self) -> Iterator[Reason]:
        table = self.policy.coverage.table
        is_open = False
        rows = explain_rows(table, self.facts)
        for part, rule in zip(rows, self.policy.coverage_rules, strict=True):
            answer = fires(rule, self.facts, self.spans)
            yield self._row(part, answer)
            if answer is Tri.YES:
                return
            is_open = is_open or answer is Tri.UNKNOWN
        data: Data = (
            ("outcome", str(table.otherwise)),
            ("answers", table.answers),
        )
        yield Reason("otherwise-open" if is_open else "otherwise", data)

    def _support(self) -> Iterator[Reason]:
        known, people = self.facts["attitudes_known"], self.facts["people"]
        if known == 0:
            yield Reason("support-unknown")
        elif self.index.is_exact:
            yield Reason("support-index", (("got", self.index.low),))
        else:
            ends = (("low", self.index.low), ("high", self.index.high))
            yield Reason("support-index-open", ends)
        if known not in {0, people}:
            ends = (("low", self.bounds.low), ("high", self.bounds.high))
            yield Reason("support-bounds", ends)

    def _warnings(self) -> Iterator[Reason]:
        """Say of every rule that fires, or may, what it found."""
        rows = explain_rows(self.policy.warning_table, self.facts)
        for part, answer in zip(rows, self.answers, strict=True):
            if answer is not Tri.NO:
                yield self._row(part, answer)

    def _row(self, part: Reason, answer: Tri) -> Reason:
        """Say what a row answers within the bounds, and what it found."""
        codes = {Tri.YES: "row-fires", Tri.UNKNOWN: "row-open", Tri.NO: "row-fails"}
        because = tuple(self._told(one) for one in part.because)
        return attrs.evolve(part, code=codes[answer], because=because)

    def _told(self, reason: Reason) -> Reason:
        """Say of a comparison that is open between which bounds its fact lies."""
        name = str(reason.get("fact"))
        span = self.spans.get(name)
        if reason.code == "compare-open" and isinstance(span, Span):
            data = (*reason.data, ("low", span.low))
            if math.isinf(span.high):
                return Reason("compare-at-least", data)
            return Reason("compare-between", (*data, ("high", span.high)))
        because = tuple(self._told(part) for part in reason.because)
        return attrs.evolve(reason, because=because)

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels


def _count(parts: list[RoleCoverage], answer: Tri) -> int:
    return sum(part.covered is answer for part in parts)
