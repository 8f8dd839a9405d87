"""The opinions on plans: what is at risk, what is missing, what is behind."""

from __future__ import annotations

import functools

import attrs

from keyaccount import policies
from keyaccount.exceptions import Problems
from keyaccount.rules import (
    Compiled,
    DecisionTable,
    HitPolicy,
    Policy,
    Row,
    TableParts,
    checked_table,
    compile_table,
)

from ._facts import CAREER_FACTS, PLAN_FACTS, PROJECT_FACTS, TARGET_FACTS, TOOL_FACTS
from ._opinions import PlanGapKind, ProjectStatus, TargetStanding


__all__ = ["NO_TITLE", "PlansPolicy", "default_policy"]


NO_TITLE = "no-title"

_NO, _YES = "no", "yes"
_WHOLE = (
    "review_every",
    "industry_weight",
    "need_weight",
    "most_hits",
    "service_year",
    "receivables_review",
    "working_day",
)


@attrs.frozen(kw_only=True)
class PlansPolicy(Policy):
    """When a project is at risk, what a plan lacks, what is complete, what is behind.

    Of `project_rows`, `tool_rows`, `target_rows` and `career_rows` the first that
    fires answers; of `plan_rows` every one that fires is a gap.
    """

    project_rows: tuple[Row, ...]
    plan_rows: tuple[Row, ...]
    tool_rows: tuple[Row, ...]
    target_rows: tuple[Row, ...]
    career_rows: tuple[Row, ...]

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        self._check_numbers(problems)
        for path, parts in (
            ("project_rows", self._project()),
            ("plan_rows", self._plan()),
            ("tool_rows", self._tool()),
            ("target_rows", self._target()),
            ("career_rows", self._career()),
        ):
            checked_table(problems, path, **parts)
        problems.check(f"policy {self.name}")

    def _check_numbers(self, problems: Problems) -> None:
        given = {number.id: number.value for number in self.numbers}
        for name in _WHOLE:
            if name not in given:
                problems.add("numbers", "missing", expected=f"numbers.{name}")
                continue
            path, value = f"numbers.{name}.value", given[name]
            if not (value.is_finite() and value == value.to_integral_value()):
                problems.add(path, "out-of-range", value, "a whole number")
            elif value < 1:
                problems.add(path, "out-of-range", value, "1 or more")

    @functools.cached_property
    def project(self) -> Compiled:
        """The table that says where a project stands (S4-15)."""
        return compile_table(DecisionTable(**self._project()))

    @functools.cached_property
    def plan(self) -> Compiled:
        """The table of what the plans of a customer lack (S3-4, S4-9)."""
        return compile_table(DecisionTable(**self._plan()))

    @functools.cached_property
    def tool(self) -> Compiled:
        """The table that says whether a template is filled in (S2-22)."""
        return compile_table(DecisionTable(**self._tool()))

    @functools.cached_property
    def target(self) -> Compiled:
        """The table that says where a target stands (S4-1)."""
        return compile_table(DecisionTable(**self._target()))

    @functools.cached_property
    def career(self) -> Compiled:
        """The table of titles by class of customer (S3-15)."""
        return compile_table(DecisionTable(**self._career()))

    def whole(self, name: str) -> int:
        """Return one of the whole numbers."""
        return int(self.number(name))

    def _project(self) -> TableParts:
        return {
            "name": "plans-project",
            "about": PROJECT_FACTS,
            "rows": self.project_rows,
            "otherwise": ProjectStatus.ON_TRACK.value,
            "outcomes": tuple(one.value for one in reversed(ProjectStatus)),
            "answers": "project-status",
        }

    def _plan(self) -> TableParts:
        return {
            "name": "plans-plan",
            "about": PLAN_FACTS,
            "rows": self.plan_rows,
            "otherwise": None,
            "hit": HitPolicy.OUTPUT_ORDER,
            "outcomes": tuple(gap.value for gap in reversed(PlanGapKind)),
            "answers": "plan-gap-kind",
        }

    def _tool(self) -> TableParts:
        return {
            "name": "plans-tool",
            "about": TOOL_FACTS,
            "rows": self.tool_rows,
            "otherwise": _NO,
            "outcomes": (_NO, _YES),
            "answers": "template",
        }

    def _target(self) -> TableParts:
        return {
            "name": "plans-target",
            "about": TARGET_FACTS,
            "rows": self.target_rows,
            "otherwise": TargetStanding.BEHIND.value,
            "outcomes": tuple(one.value for one in reversed(TargetStanding)),
            "answers": "target-standing",
        }

    def _career(self) -> TableParts:
        titles = (row.then for row in reversed(self.career_rows))
        return {
            "name": "plans-career",
            "about": CAREER_FACTS,
            "rows": self.career_rows,
            "otherwise": NO_TITLE,
            "outcomes": tuple(dict.fromkeys((NO_TITLE, *titles))),
            "answers": "career-title",
        }


@functools.cache
def default_policy() -> PlansPolicy:
    """Return the shipped policy."""
    return policies.read("plans", PlansPolicy)
