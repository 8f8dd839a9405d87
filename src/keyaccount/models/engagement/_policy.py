"""The opinions on engagement: what is an anti-pattern, who is paired, who prepares."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import MappingProxyType

import attrs

from keyaccount import policies
from keyaccount.domain import ExecutiveAntiPattern
from keyaccount.exceptions import Problems
from keyaccount.rules import (
    Compiled,
    DecisionTable,
    FactSchema,
    HitPolicy,
    Policy,
    Row,
    TableParts,
    check_ids,
    checked_table,
    compile_table,
)

from ._facts import (
    COMMITMENT_FACTS,
    CUSTOMER_FACTS,
    FACTS,
    ISSUE_FACTS,
    PAIRING_FACTS,
    TARGET_FACTS,
    TOUCHPOINT_FACTS,
    VISIT_FACTS,
)
from ._opinions import Concern, CounterBehaviour, Engagement, Responsibility, VisitRule


__all__ = ["EngagementPolicy", "default_policy"]


_DAYS = ("look_back_days", "notice_days", "silence_days", "ahead_days", "review_days")
_WHOLE = ("quarter_days", "quarters", "per_quarter", "most_accounts", "ceo_capacity")
_ANSWERS = tuple(answer.value for answer in reversed(Engagement))
_PATTERNS = tuple(pattern.value for pattern in reversed(ExecutiveAntiPattern))


@attrs.frozen(kw_only=True)
class EngagementPolicy(Policy):
    """What is an anti-pattern and what to do instead, what a visit and a pairing need.

    Of `answer_rows` the first that fires answers; of all other rows every one counts
    that fires. `coming_rows` and `promise_rows` warn of what may still be mended.
    """

    touchpoint_rows: tuple[Row, ...]
    coming_rows: tuple[Row, ...]
    commitment_rows: tuple[Row, ...]
    promise_rows: tuple[Row, ...]
    issue_rows: tuple[Row, ...]
    customer_rows: tuple[Row, ...]
    answer_rows: tuple[Row, ...]
    counters: tuple[CounterBehaviour, ...]
    visit_rules: tuple[VisitRule, ...]
    pairing_rows: tuple[Row, ...]
    responsibilities: tuple[Responsibility, ...]
    target_rows: tuple[Row, ...]

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        self._check_numbers(problems)
        for name in ("counters", "visit_rules", "responsibilities"):
            check_ids(problems, name, (part.id for part in getattr(self, name)))
        self._check_complete(problems)
        for path, parts in self._tables().items():
            checked_table(problems, path, **parts)
        if self.visit_rules:
            checked_table(problems, "visit_rules", **self._visit())
        problems.check(f"policy {self.name}")

    def _check_numbers(self, problems: Problems) -> None:
        given = {number.id: number.value for number in self.numbers}
        for name in (*_DAYS, *_WHOLE, "pre_brief_share"):
            path, value = f"numbers.{name}.value", given.get(name)
            if value is None:
                problems.add("numbers", "missing", expected=f"numbers.{name}")
            elif name == "pre_brief_share":
                if not 0 <= value <= 1:
                    problems.add(path, "out-of-range", value, "0 to 1")
            elif not value.is_finite() or value < (name in _WHOLE) or value % 1:
                least = 1 if name in _WHOLE else 0
                wanted = f"a whole number from {least} up"
                problems.add(path, "out-of-range", value, wanted)

    def _check_complete(self, problems: Problems) -> None:
        countered = {counter.id for counter in self.counters}
        for pattern in ExecutiveAntiPattern:
            if pattern not in countered:
                problems.add("counters", "missing", expected=f"one for {pattern.value}")
        for index, counter in enumerate(self.counters):
            path = f"counters[{index}].actions"
            if not counter.actions:
                problems.add(path, "empty", expected="one action")
            for at, action in enumerate(counter.actions):
                if not action.strip():
                    problems.add(f"{path}[{at}]", "empty", expected="a word")
                elif action in counter.actions[:at]:
                    problems.add(f"{path}[{at}]", "duplicate", action)
        if not self.visit_rules:
            problems.add("visit_rules", "empty", expected="one rule")
        for index, rule in enumerate(self.visit_rules):
            if not rule.action.strip():
                path = f"visit_rules[{index}].action"
                problems.add(path, "empty", expected="a word")
        taken = {part.id for part in self.responsibilities}
        for concern in Concern:
            if concern not in taken:
                wanted = f"one for {concern.value}"
                problems.add("responsibilities", "missing", expected=wanted)

    @functools.cached_property
    def touchpoints(self) -> Compiled:
        """The table of what is wrong with a contact that was (S0-27)."""
        return self._compiled("touchpoint_rows")

    @functools.cached_property
    def coming(self) -> Compiled:
        """The table of what is wrong with a contact that lies ahead (S0-27)."""
        return self._compiled("coming_rows")

    @functools.cached_property
    def commitments(self) -> Compiled:
        """The table of promises that were not kept (S0-28)."""
        return self._compiled("commitment_rows")

    @functools.cached_property
    def promises(self) -> Compiled:
        """The table of promises that may not be kept (S0-28)."""
        return self._compiled("promise_rows")

    @functools.cached_property
    def issues(self) -> Compiled:
        """The table of what is wrong with how a trouble was met (S0-29)."""
        return self._compiled("issue_rows")

    @functools.cached_property
    def customer(self) -> Compiled:
        """The table of what is wrong with the customer as a whole (S0-30)."""
        return self._compiled("customer_rows")

    @functools.cached_property
    def answer(self) -> Compiled:
        """The table of the answer (S0-35)."""
        return self._compiled("answer_rows")

    @functools.cached_property
    def pairing(self) -> Compiled:
        """The table of what is wrong with who stands for a customer (S0-23)."""
        return self._compiled("pairing_rows")

    @functools.cached_property
    def targets(self) -> Compiled:
        """The table of targets that somebody else should carry (S0-34)."""
        return self._compiled("target_rows")

    @functools.cached_property
    def visits(self) -> Compiled:
        """The checklist before a visit, as a table: each row that fires is settled."""
        return compile_table(DecisionTable(**self._visit()))

    @functools.cached_property
    def actions(self) -> Mapping[ExecutiveAntiPattern, tuple[str, ...]]:
        """What to do instead of each anti-pattern."""
        return MappingProxyType({part.id: part.actions for part in self.counters})

    def whole(self, name: str) -> int:
        """Return a number of the policy that is a whole one."""
        return int(self.number(name))

    def _compiled(self, path: str) -> Compiled:
        return compile_table(DecisionTable(**self._tables()[path]))

    def _tables(self) -> dict[str, TableParts]:
        patterns = {
            "touchpoint_rows": ("engagement-touchpoint", TOUCHPOINT_FACTS),
            "coming_rows": ("engagement-coming", TOUCHPOINT_FACTS),
            "commitment_rows": ("engagement-commitment", COMMITMENT_FACTS),
            "promise_rows": ("engagement-promise", COMMITMENT_FACTS),
            "issue_rows": ("engagement-issue", ISSUE_FACTS),
            "customer_rows": ("engagement-customer", CUSTOMER_FACTS),
        }
        tables: dict[str, TableParts] = {
            path: self._all(path, name, about, _PATTERNS, "executive-anti-pattern")
            for path, (name, about) in patterns.items()
        }
        tables["answer_rows"] = {
            "name": "engagement-answer",
            "about": FACTS,
            "rows": self.answer_rows,
            "otherwise": Engagement.NOT_OWED.value,
            "outcomes": _ANSWERS,
            "answers": "engagement",
        }
        for path, name, about, answers in (
            ("pairing_rows", "engagement-pairing", PAIRING_FACTS, "pairing-warning"),
            ("target_rows", "engagement-target", TARGET_FACTS, "target-advice"),
        ):
            outcomes = tuple(dict.fromkeys(row.then for row in getattr(self, path)))
            tables[path] = self._all(path, name, about, outcomes[::-1], answers)
        return tables

    def _all(
        self,
        path: str,
        name: str,
        about: FactSchema,
        outcomes: tuple[str, ...],
        answers: str,
    ) -> TableParts:
        """Return the parts of a table of which every row counts that fires."""
        return {
            "name": name,
            "about": about,
            "rows": getattr(self, path),
            "otherwise": None,
            "hit": HitPolicy.RULE_ORDER,
            "outcomes": outcomes,
            "answers": answers,
        }

    def _visit(self) -> TableParts:
        rules = self.visit_rules
        rows = tuple(
            Row(rule.id, rule.when, rule.action, origin=rule.origin, why=rule.why)
            for rule in rules
        )
        actions = tuple(dict.fromkeys(rule.action for rule in rules))
        return {
            "name": "visit-check",
            "about": VISIT_FACTS,
            "rows": rows,
            "otherwise": None,
            "hit": HitPolicy.RULE_ORDER,
            "outcomes": actions[::-1],
            "answers": "engagement-action",
        }


@functools.cache
def default_policy() -> EngagementPolicy:
    """Return the shipped policy."""
    return policies.read("engagement", EngagementPolicy)
