"""Why we sell to a customer in the right way, or not: shift by shift."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from keyaccount.domain import SalesMotion, StrategicDesignation
from keyaccount.rules import Reason, explain_table
from keyaccount.tri import Tri

from ._facts import Lacking, motion_facts, of_designation
from ._policy import MotionPolicy
from ._shifts import SalesShift, ShiftDemand, made


__all__ = ["MotionEvidence"]


@attrs.frozen
class MotionEvidence:
    """What a verdict on how we sell keeps to explain itself."""

    policy: MotionPolicy
    motion: SalesMotion
    possible: tuple[StrategicDesignation, ...]
    lacking: Lacking
    answers: tuple[Tri, ...]
    departments: tuple[int, int] | None

    def reason(self) -> Reason:
        """Say whether we sell rightly, what of each shift, and who asks for it."""
        one = self.possible[0] if len(self.possible) == 1 else None
        told = motion_facts(one, self.motion, self.lacking)
        table = self.policy.right.table
        found = explain_table(table, told, [answer.value for answer in self.answers])
        shifts = (self._shift(at, shift) for at, shift in enumerate(SalesShift))
        return attrs.evolve(found, because=(*found.because, *shifts))

    def _shift(self, at: int, shift: SalesShift) -> Reason:
        said = {self.policy.demands[one][at] for one in self.possible}
        code = self._code(shift, self.lacking[at], said)
        parts = [self._asked(at, shift, one) for one in self.possible]
        if shift is SalesShift.TO_TEAM:
            parts += self._departments()
        data = (("row", shift.value), ("table", "sales-shift"))
        return Reason(f"shift-{code}", data, tuple(parts))

    def _code(self, shift: SalesShift, lacking: Tri, said: set[ShiftDemand]) -> str:
        if lacking is Tri.YES:
            return "missing"
        if lacking is Tri.UNKNOWN:
            return "open"
        is_unasked = said == {ShiftDemand.NOT_ASKED}
        if made(shift, self.motion) is Tri.YES:
            return "more" if is_unasked else "made"
        return "unasked" if is_unasked else "optional"

    def _asked(self, at: int, shift: SalesShift, one: StrategicDesignation) -> Reason:
        """Say what a designation makes of a shift, and by which row."""
        table = self.policy.shifts[shift].table
        rows = explain_table(table, of_designation(one)).because[-1:]
        demand = self.policy.demands[one][at]
        data = (
            ("criterion", one.value),
            ("card", "strategic-designation"),
            ("outcome", demand.value),
            ("answers", "shift-demand"),
        )
        because = tuple(attrs.evolve(row, because=()) for row in rows)
        return Reason("shift-demanded", data, because)

    def _departments(self) -> list[Reason]:
        if self.departments is None:
            return []
        least, most = (float(count) for count in self.departments)
        limit = ("limit", float(self.policy.team_from))
        if least == most:
            return [Reason("team-counted", (("count", least), limit))]
        return [Reason("team-between", (("low", least), ("high", most), limit))]

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels
