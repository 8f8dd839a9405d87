"""The opinions on stakeholders: who counts, what warns, what to do about it."""

from __future__ import annotations

import functools

import attrs

from keyaccount import policies
from keyaccount.domain import Attitude, PurchasingRole
from keyaccount.exceptions import Problems, nearest
from keyaccount.rules import (
    Compiled,
    DecisionTable,
    HitPolicy,
    Policy,
    Row,
    TableParts,
    check_ids,
    checked_table,
    compile_table,
)

from ._facts import FACTS, LEAST_LEVEL, MOST_LEVEL
from ._opinions import (
    ActionRule,
    GapKind,
    GapRule,
    MapCoverage,
    RequiredRole,
    ScaleWord,
    Strategy,
    WarningRule,
)


__all__ = ["StakeholderPolicy", "default_policy"]


_DAYS = ("contact_days", "our_side_days")
_COVERAGES = tuple(member.value for member in reversed(MapCoverage))


@attrs.frozen(kw_only=True)
class StakeholderPolicy(Policy):
    """Which roles must be covered, which rules warn, and what is done about it.

    Of `warning_rows` every one counts that fires; `warnings` lists what they may say,
    the most pressing first. Of `coverage_rows` the first that fires answers.
    """

    required: tuple[RequiredRole, ...]
    coverage_rows: tuple[Row, ...]
    warning_rows: tuple[Row, ...]
    warnings: tuple[WarningRule, ...]
    gaps: tuple[GapRule, ...]
    strategies: tuple[Strategy, ...]
    actions: tuple[ActionRule, ...]
    scale: tuple[ScaleWord, ...] = ()

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        self._check_numbers(problems)
        if not self.required:
            problems.add("required", "empty", expected="one role")
        for name in ("required", "warnings", "gaps", "strategies", "actions", "scale"):
            check_ids(problems, name, (part.id for part in getattr(self, name)))
        for kind in GapKind:
            if all(gap.id is not kind for gap in self.gaps):
                problems.add("gaps", "missing", expected=f"one for {kind.value}")
        self._check_strategies(problems)
        self._check_actions(problems)
        checked_table(problems, "coverage_rows", **self._coverage(self.coverage_rows))
        checked_table(problems, "warning_rows", **self._warnings(self.warning_rows))
        problems.check(f"policy {self.name}")

    def _check_numbers(self, problems: Problems) -> None:
        given = {number.id: number.value for number in self.numbers}
        for name in (*_DAYS, "key_level"):
            if name not in given:
                problems.add("numbers", "missing", expected=f"numbers.{name}")
                continue
            path, value = f"numbers.{name}.value", given[name]
            if name in _DAYS and not (value.is_finite() and value >= 0):
                problems.add(path, "out-of-range", value, "0 or more")
            elif name not in _DAYS and not LEAST_LEVEL <= value <= MOST_LEVEL:
                wanted = f"{LEAST_LEVEL} to {MOST_LEVEL}"
                problems.add(path, "out-of-range", value, wanted)

    def _check_strategies(self, problems: Problems) -> None:
        seen = set[tuple[Attitude, PurchasingRole | None]]()
        for index, strategy in enumerate(self.strategies):
            path, key = f"strategies[{index}]", (strategy.attitude, strategy.role)
            if key in seen:
                problems.add(path, "duplicate", strategy.id)
            if not strategy.actions:
                problems.add(f"{path}.actions", "empty", expected="one action")
            seen.add(key)
        for attitude in Attitude:
            if (attitude, None) not in seen:
                wanted = f"one for {attitude.value} without a role"
                problems.add("strategies", "missing", expected=wanted)

    def _check_actions(self, problems: Problems) -> None:
        offered = [action.id for action in self.actions]
        for index, action in enumerate(self.actions):
            if action.within < 0:
                path = f"actions[{index}].within"
                problems.add(path, "out-of-range", action.within, "0 or more")
        asked = [
            *((f"gaps[{at}].action", gap.action) for at, gap in enumerate(self.gaps)),
            *(
                (f"warnings[{at}].action", warning.action)
                for at, warning in enumerate(self.warnings)
            ),
            *(
                (f"strategies[{at}].actions[{step}]", action)
                for at, strategy in enumerate(self.strategies)
                for step, action in enumerate(strategy.actions)
            ),
        ]
        for path, slug in asked:
            if slug not in offered:
                problems.add(path, "unknown-choice", slug, nearest(slug, offered))

    @functools.cached_property
    def required_roles(self) -> tuple[PurchasingRole, ...]:
        """The roles that must be covered, as listed."""
        return tuple(role.id for role in self.required)

    @functools.cached_property
    def role_order(self) -> tuple[PurchasingRole, ...]:
        """All roles, the weightiest first: who decides, those required, the rest."""
        first = (PurchasingRole.DECISION_MAKER, *self.required_roles)
        return tuple(dict.fromkeys((*first, *PurchasingRole)))

    @functools.cached_property
    def key_roles(self) -> frozenset[PurchasingRole]:
        """The roles that make a person key, whatever the level."""
        return frozenset((PurchasingRole.DECISION_MAKER, *self.required_roles))

    @functools.cached_property
    def days_by_action(self) -> dict[str, int]:
        """Within how many days each action is due."""
        return {action.id: action.within for action in self.actions}

    @functools.cached_property
    def action_by_gap(self) -> dict[GapKind, str]:
        """What to do about each kind of gap."""
        return {gap.id: gap.action for gap in self.gaps}

    @functools.cached_property
    def strategy_by_person(
        self,
    ) -> dict[tuple[Attitude, PurchasingRole | None], tuple[str, ...]]:
        """What to do, by attitude and role."""
        return {(part.attitude, part.role): part.actions for part in self.strategies}

    @functools.cached_property
    def coverage(self) -> Compiled:
        """The table that says whether the map is covered (S1-6)."""
        return compile_table(DecisionTable(**self._coverage(self.coverage_rows)))

    @functools.cached_property
    def coverage_rules(self) -> tuple[Compiled, ...]:
        """The same table row by row."""
        return tuple(
            compile_table(DecisionTable(**self._coverage((row,))))
            for row in self.coverage_rows
        )

    @functools.cached_property
    def warning_table(self) -> DecisionTable:
        """The table of all warnings (S1-1, S1-6, S0-20e)."""
        return DecisionTable(**self._warnings(self.warning_rows))

    @functools.cached_property
    def warning_rules(self) -> tuple[Compiled, ...]:
        """The same table row by row: each is judged on the facts that it asks for."""
        return tuple(
            compile_table(DecisionTable(**self._warnings((row,))))
            for row in self.warning_rows
        )

    def _coverage(self, rows: tuple[Row, ...]) -> TableParts:
        return {
            "name": "stakeholder-coverage",
            "about": FACTS,
            "rows": rows,
            "otherwise": MapCoverage.UNCOVERED.value,
            "hit": HitPolicy.FIRST,
            "outcomes": _COVERAGES,
            "answers": "map-coverage",
        }

    def _warnings(self, rows: tuple[Row, ...]) -> TableParts:
        return {
            "name": "stakeholder-warnings",
            "about": FACTS,
            "rows": rows,
            "otherwise": None,
            "hit": HitPolicy.OUTPUT_ORDER,
            "outcomes": tuple(warning.id for warning in reversed(self.warnings)),
            "answers": "flag",
        }


@functools.cache
def default_policy() -> StakeholderPolicy:
    """Return the shipped policy."""
    return policies.read("stakeholders", StakeholderPolicy)
