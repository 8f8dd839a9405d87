"""The opinions on selling: who asks for which shift, and who looks after whom."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping
from types import MappingProxyType

import attrs

from keyaccount import policies
from keyaccount.domain import CoverageModel, StrategicDesignation, ValueTier
from keyaccount.exceptions import Problems
from keyaccount.rules import (
    Compiled,
    DecisionTable,
    Policy,
    Row,
    TableParts,
    check_ids,
    checked_table,
    compile_table,
)

from ._facts import DESIGNATION_FACTS, FACTS, of_designation
from ._judging import Demands, Judge, judging
from ._shifts import SalesShift, ShiftDemand


__all__ = ["MotionPolicy", "TierModel", "default_policy"]


_NO, _YES = "no", "yes"
_DEMANDS = tuple(demand.value for demand in ShiftDemand)
_ROWS = MappingProxyType(
    {
        SalesShift.TO_CONSULTATIVE: "offer",
        SalesShift.TO_TEAM: "coverage",
        SalesShift.TO_EXECUTIVE_SPONSORED: "sponsorship",
    }
)


@attrs.frozen
class TierModel:
    """By whom a customer of a tier is to be looked after (S2-20)."""

    id: ValueTier
    model: CoverageModel
    origin: str = "own"
    why: str = ""


@attrs.frozen(kw_only=True)
class MotionPolicy(Policy):
    """Which shifts a designation asks for, when we sell rightly, who looks after whom.

    Of each list of rows the first that fires answers. `offer_rows`, `coverage_rows`
    and `sponsorship_rows` say what a designation makes of a shift, not asked where
    none fires; `right_rows` say yes or no, and no where none fires. `models` has a
    line for every tier; a higher rung is never looked after from further away.
    """

    offer_rows: tuple[Row, ...]
    coverage_rows: tuple[Row, ...]
    sponsorship_rows: tuple[Row, ...]
    right_rows: tuple[Row, ...]
    models: tuple[TierModel, ...]

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        self._check_team(problems)
        for shift, name in _ROWS.items():
            checked_table(problems, f"{name}_rows", **self._shift(shift))
        checked_table(problems, "right_rows", **self._right())
        self._check_models(problems)
        problems.check(f"policy {self.name}")

    def _check_team(self, problems: Problems) -> None:
        given = [number.value for number in self.numbers if number.id == "team_from"]
        if not given:
            problems.add("numbers", "missing", expected="numbers.team_from")
        for value in given:
            is_whole = value.is_finite() and value == value.to_integral_value()
            if not (is_whole and value >= 1):
                path = "numbers.team_from.value"
                problems.add(path, "out-of-range", value, "1, 2, 3, …")

    def _check_models(self, problems: Problems) -> None:
        check_ids(problems, "models", (part.id for part in self.models))
        given = {part.id: part for part in self.models}
        for tier in ValueTier:
            if tier not in given:
                problems.add("models", "missing", expected=f'id = "{tier.value}"')
        rungs = [given[tier] for tier in ValueTier if tier.is_rung and tier in given]
        for higher, lower in itertools.pairwise(rungs):
            if higher.model.rank > lower.model.rank:
                wanted = (
                    f"{higher.id.value} is looked after as closely as {lower.id.value} "
                    "at least"
                )
                problems.add("models", "contradiction", higher.model.value, wanted)

    @functools.cached_property
    def shifts(self) -> Mapping[SalesShift, Compiled]:
        """The table of each shift: who asks for it (S0-15)."""
        return MappingProxyType(
            {
                shift: compile_table(DecisionTable(**self._shift(shift)))
                for shift in SalesShift
            }
        )

    @functools.cached_property
    def demands(self) -> Demands:
        """What each designation says of the three shifts, in their order."""
        return MappingProxyType(
            {
                one: tuple(
                    ShiftDemand(table.possible(of_designation(one))[0])
                    for table in self.shifts.values()
                )
                for one in StrategicDesignation
            }
        )

    @functools.cached_property
    def right(self) -> Compiled:
        """The table that says whether we sell in the right way."""
        return compile_table(DecisionTable(**self._right()))

    @functools.cached_property
    def judge(self) -> Judge:
        """Everything that follows from how we sell and what the customer may be."""
        return judging(self.demands, self.right)

    @functools.cached_property
    def by_tier(self) -> Mapping[ValueTier, CoverageModel]:
        """The model of each tier."""
        return MappingProxyType({part.id: part.model for part in self.models})

    @functools.cached_property
    def team_from(self) -> int:
        """From how many departments on it is a team (S0-13)."""
        return int(self.number("team_from"))

    def _shift(self, shift: SalesShift) -> TableParts:
        rows: tuple[Row, ...] = getattr(self, f"{_ROWS[shift]}_rows")
        return {
            "name": f"motion-{_ROWS[shift]}",
            "about": DESIGNATION_FACTS,
            "rows": rows,
            "otherwise": ShiftDemand.NOT_ASKED.value,
            "outcomes": _DEMANDS,
            "answers": "shift-demand",
        }

    def _right(self) -> TableParts:
        return {
            "name": "motion-right",
            "about": FACTS,
            "rows": self.right_rows,
            "otherwise": _NO,
            "outcomes": (_NO, _YES),
            "answers": "motion-answer",
        }


@functools.cache
def default_policy() -> MotionPolicy:
    """Return the shipped policy."""
    return policies.read("motion", MotionPolicy)
