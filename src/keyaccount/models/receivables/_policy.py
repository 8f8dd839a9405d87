"""The opinions on receivables: what is slow, what is late, how ages are sorted."""

from __future__ import annotations

import functools

import attrs

from keyaccount import policies
from keyaccount.domain import CollectionHealth
from keyaccount.exceptions import Problems
from keyaccount.rules import (
    Compiled,
    DecisionTable,
    Policy,
    Row,
    TableParts,
    checked_table,
    compile_table,
)

from ._facts import FACTS


__all__ = [
    "NOTHING_OWED",
    "NOT_DUE",
    "NO_DUE_DATE",
    "AgeBucket",
    "ReceivablesPolicy",
    "default_policy",
]


NOT_DUE, NO_DUE_DATE, NOTHING_OWED = "not-due", "no-due-date", "nothing-owed"
"""What every ageing has, whatever its buckets: these are facts, not opinions."""


@attrs.frozen
class AgeBucket:
    """Invoices up to so many days overdue, from where the bucket before ends.

    The last bucket has no end.
    """

    id: str
    up_to: int | None = None
    origin: str = "own"
    why: str = ""


@attrs.frozen(kw_only=True)
class ReceivablesPolicy(Policy):
    """What makes collection slow or late, and the buckets of an ageing.

    The first of `rows` that fires answers; where none does, collection is prompt.
    """

    rows: tuple[Row, ...]
    buckets: tuple[AgeBucket, ...]

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        checked_table(problems, "rows", **self._parts())
        self._check_buckets(problems)
        problems.check(f"policy {self.name}")

    def _check_buckets(self, problems: Problems) -> None:
        if not self.buckets:
            problems.add("buckets", "empty", expected="one bucket")
        seen = {NOT_DUE, NO_DUE_DATE, NOTHING_OWED}
        before = 0
        for index, bucket in enumerate(self.buckets):
            path, is_last = f"buckets[{index}]", index == len(self.buckets) - 1
            if bucket.id in seen:
                problems.add(f"{path}.id", "duplicate", bucket.id)
            seen.add(bucket.id)
            if (bucket.up_to is None) != is_last:
                wanted = "no up_to for the last bucket, one for every other"
                problems.add(f"{path}.up_to", "contradiction", bucket.up_to, wanted)
            elif bucket.up_to is not None:
                if bucket.up_to <= before:
                    wanted = f"above {before} days"
                    problems.add(f"{path}.up_to", "not-sorted", bucket.up_to, wanted)
                before = bucket.up_to

    def _parts(self) -> TableParts:
        return {
            "name": "receivables-health",
            "about": FACTS,
            "rows": self.rows,
            "otherwise": CollectionHealth.PROMPT.value,
            "outcomes": tuple(health.value for health in reversed(CollectionHealth)),
            "answers": "collection-health",
        }

    @functools.cached_property
    def health(self) -> Compiled:
        """The table that says how well what is owed comes in."""
        return compile_table(DecisionTable(**self._parts()))

    @functools.cached_property
    def ages(self) -> tuple[str, ...]:
        """Where dated invoices are sorted to, the earliest first."""
        return NOT_DUE, *(bucket.id for bucket in self.buckets)

    def place(self, days: int) -> int:
        """Return the place in `ages` of an amount so many days overdue."""
        if days <= 0:  # due today is not overdue
            return 0
        ends = (bucket.up_to for bucket in self.buckets)
        return 1 + sum(end is not None and days > end for end in ends)


@functools.cache
def default_policy() -> ReceivablesPolicy:
    """Return the shipped policy."""
    return policies.read("receivables", ReceivablesPolicy)
