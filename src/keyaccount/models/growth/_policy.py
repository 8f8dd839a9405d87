"""The opinions that growth judges by: what lags, what warns, who is looked at."""

from __future__ import annotations

import enum
import functools

import attrs

from keyaccount import policies
from keyaccount.domain import GrowthQuadrant
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

from ._facts import FACTS, SCOPE_FACTS


__all__ = ["GrowthPolicy", "ScopeAnswer", "default_policy"]


class ScopeAnswer(enum.Enum):
    """Whether a customer's share and growth are worth reading (S3-33)."""

    IN_SCOPE = "in-scope"
    OUT_OF_SCOPE = "out-of-scope"


_QUADRANTS = tuple(quadrant.value for quadrant in reversed(GrowthQuadrant))
_SCOPES = tuple(answer.value for answer in reversed(ScopeAnswer))
_SHARE = "attainable_share"


@attrs.frozen(kw_only=True)
class GrowthPolicy(Policy):
    """What makes a quadrant, which rows warn, and which customers are looked at.

    Of `quadrant_rows` and `scope_rows` the first that fires answers, of `flag_rows`
    every one counts. `attainable_share` is how much of a wallet is planned for.
    """

    quadrant_rows: tuple[Row, ...]
    flag_rows: tuple[Row, ...]
    scope_rows: tuple[Row, ...]

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        share = {number.id: number.value for number in self.numbers}.get(_SHARE)
        if share is None:
            problems.add("numbers", "missing", expected=f"numbers.{_SHARE}")
        elif not 0 <= share <= 1:
            path = f"numbers.{_SHARE}.value"
            problems.add(path, "out-of-range", share, "0 to 1")
        checked_table(problems, "quadrant_rows", **self._quadrants())
        checked_table(problems, "flag_rows", **self._warnings())
        checked_table(problems, "scope_rows", **self._scope())
        problems.check(f"policy {self.name}")

    @functools.cached_property
    def quadrants(self) -> Compiled:
        """The table that tells the quadrant (S3-31, S3-32)."""
        return compile_table(DecisionTable(**self._quadrants()))

    @functools.cached_property
    def flags(self) -> Compiled:
        """The table of what to warn of (S3-34)."""
        return compile_table(DecisionTable(**self._warnings()))

    @functools.cached_property
    def each_flag(self) -> tuple[DecisionTable, ...]:
        """The same table row by row, to see what each of them asks for."""
        table = self.flags.table
        return tuple(attrs.evolve(table, rows=(row,)) for row in table.rows)

    @functools.cached_property
    def scope(self) -> Compiled:
        """The table that tells which customers to look at (S3-33)."""
        return compile_table(DecisionTable(**self._scope()))

    def _quadrants(self) -> TableParts:
        return {
            "name": "growth-place",
            "about": FACTS,
            "rows": self.quadrant_rows,
            "otherwise": None,
            "outcomes": _QUADRANTS,
            "answers": "growth-quadrant",
        }

    def _warnings(self) -> TableParts:
        return {
            "name": "growth-warning",
            "about": FACTS,
            "rows": self.flag_rows,
            "otherwise": None,
            "hit": HitPolicy.RULE_ORDER,
            "outcomes": tuple(dict.fromkeys(row.then for row in self.flag_rows)),
            "answers": "flag",
        }

    def _scope(self) -> TableParts:
        return {
            "name": "growth-scope",
            "about": SCOPE_FACTS,
            "rows": self.scope_rows,
            "otherwise": ScopeAnswer.OUT_OF_SCOPE.value,
            "outcomes": _SCOPES,
            "answers": "scope-answer",
        }


@functools.cache
def default_policy() -> GrowthPolicy:
    """Return the shipped policy."""
    return policies.read("growth", GrowthPolicy)
