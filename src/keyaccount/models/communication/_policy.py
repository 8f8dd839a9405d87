"""The opinions on communication: how often to talk, what is neglect, what is old."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import MappingProxyType

import attrs

from keyaccount import policies
from keyaccount.domain import CommPurpose, ValueTier
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

from ._facts import FACTS, ISSUE_FACTS
from ._opinions import Cadence, CommunicationState, IssueAge


__all__ = ["CommunicationPolicy", "default_policy"]


_STATES = tuple(state.value for state in reversed(CommunicationState))
_AGES = tuple(age.value for age in reversed(IssueAge) if age is not IssueAge.NONE_OPEN)


@attrs.frozen(kw_only=True)
class CommunicationPolicy(Policy):
    """How often to talk about what, by tier, and which rows call a customer neglected.

    Of `state_rows` and of `issue_rows` the first that fires answers; where none
    does, a customer is in touch and an issue is fresh.
    """

    cadences: tuple[Cadence, ...]
    state_rows: tuple[Row, ...]
    issue_rows: tuple[Row, ...]

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        self._check_cadences(problems)
        checked_table(problems, "state_rows", **self._states())
        checked_table(problems, "issue_rows", **self._ages())
        problems.check(f"policy {self.name}")

    def _check_cadences(self, problems: Problems) -> None:
        check_ids(problems, "cadences", (line.id for line in self.cadences))
        seen = set[tuple[CommPurpose, ValueTier | None]]()
        for index, line in enumerate(self.cadences):
            path, key = f"cadences[{index}]", (line.purpose, line.tier)
            if key in seen:
                problems.add(path, "duplicate", line.id)
            if line.days < 1:
                problems.add(f"{path}.days", "out-of-range", line.days, "1 or more")
            seen.add(key)
        for purpose in CommPurpose:
            if (purpose, None) not in seen:
                wanted = f"one for {purpose.value} without a tier"
                problems.add("cadences", "missing", expected=wanted)

    def cadence(self, purpose: CommPurpose, tier: ValueTier | None = None) -> int:
        """Return within how many days of the last talk the next one is due."""
        days = self._days
        return days.get((purpose, tier), days[purpose, None])

    @functools.cached_property
    def _days(self) -> Mapping[tuple[CommPurpose, ValueTier | None], int]:
        lines = {(line.purpose, line.tier): line.days for line in self.cadences}
        return MappingProxyType(lines)

    @functools.cached_property
    def states(self) -> Compiled:
        """The table that says whether a customer is talked to."""
        return compile_table(DecisionTable(**self._states()))

    @functools.cached_property
    def ages(self) -> Compiled:
        """The table that says how old an open issue is (S2-17)."""
        return compile_table(DecisionTable(**self._ages()))

    def _states(self) -> TableParts:
        return {
            "name": "communication",
            "about": FACTS,
            "rows": self.state_rows,
            "otherwise": CommunicationState.IN_TOUCH.value,
            "outcomes": _STATES,
            "answers": "communication-state",
        }

    def _ages(self) -> TableParts:
        return {
            "name": "issue-ageing",
            "about": ISSUE_FACTS,
            "rows": self.issue_rows,
            "otherwise": IssueAge.FRESH.value,
            "outcomes": _AGES,
            "answers": "issue-age",
        }


@functools.cache
def default_policy() -> CommunicationPolicy:
    """Return the shipped policy."""
    return policies.read("communication", CommunicationPolicy)
