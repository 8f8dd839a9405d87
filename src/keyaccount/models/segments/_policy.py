"""The opinions on segments: rows, goals, words of value, classes that need a plan."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

import attrs

from keyaccount import policies
from keyaccount.domain import AccountPhase, ValueTier, VolumeProfitType
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

from ._asking import Asking, asking
from ._facts import FACTS
from ._opinions import (
    ClassRule,
    CutPoints,
    GoalRule,
    Ladder,
    OutsideReason,
    RfmMeasure,
    RfmSegment,
    TargetReach,
    ValueWord,
)


__all__ = ["SegmentsPolicy", "default_policy"]


_WHOLE = ("groups", "window_days", "few_customers", "top_customers")
_EXAMPLES = ("volume_large", "volume_floor", "margin_good")
# Lowest first: the order of `possible`. Types and segments have no rank; the order is
# that in which a salesman would rather have them.
_SEGMENTS = tuple(segment.value for segment in reversed(RfmSegment))
_TYPES = ("outside", "volume-driver", "profit-driver", "dual-driver")
_REASONS = tuple(reason.value for reason in OutsideReason)
_REACHES = tuple(reach.value for reach in TargetReach)
_LADDERS = tuple(ladder.value for ladder in Ladder)


@attrs.frozen(kw_only=True)
class SegmentsPolicy(Policy):
    """What makes a segment, a type, a goal; and which classes need a plan.

    Of every list of rows the first that fires answers. `cuts` are optional: without
    them a customer is scored among others only.
    """

    segment_rows: tuple[Row, ...]
    type_rows: tuple[Row, ...]
    outside_rows: tuple[Row, ...]
    reach_rows: tuple[Row, ...]
    ladder_rows: tuple[Row, ...]
    goals: tuple[GoalRule, ...]
    value_words: tuple[ValueWord, ...]
    classes: tuple[ClassRule, ...]
    cuts: tuple[CutPoints, ...] = ()

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        self._check_numbers(problems)
        for name in ("goals", "value_words", "classes", "cuts"):
            check_ids(problems, name, (part.id for part in getattr(self, name)))
        for index, goal in enumerate(self.goals):
            if goal.type is VolumeProfitType.OUTSIDE:
                path, wanted = f"goals[{index}].type", "one of the three types"
                problems.add(path, "contradiction", goal.type.value, wanted)
        self._check_phases(problems)
        self._check_words(problems)
        self._check_cuts(problems)
        for path, parts in self._tables.items():
            checked_table(problems, path, **parts)
        problems.check(f"policy {self.name}")

    def _check_numbers(self, problems: Problems) -> None:
        given = {number.id: number.value for number in self.numbers}
        for name in _WHOLE:
            value = given.get(name)
            if value is None:
                problems.add("numbers", "missing", expected=f"numbers.{name}")
            elif not value.is_finite() or value < 1 or value != int(value):
                path = f"numbers.{name}.value"
                problems.add(path, "out-of-range", value, "a whole number from 1 up")

    def _check_phases(self, problems: Problems) -> None:
        """Note a type that is served in one phase and forgotten in the other (S4-9)."""
        for kind in dict.fromkeys(goal.type for goal in self.goals):
            phases = {goal.phase for goal in self.goals if goal.type is kind}
            for phase in AccountPhase:
                if phase not in phases:
                    wanted = f"one for {kind.value} in the phase of {phase.value}"
                    problems.add("goals", "missing", expected=wanted)

    def _check_words(self, problems: Problems) -> None:
        if not self.value_words:
            problems.add("value_words", "empty", expected="one word of value")
        for index, word in enumerate(self.value_words):
            if not word.words or not all(part.strip() for part in word.words):
                path = f"value_words[{index}].words"
                problems.add(path, "empty", expected="one word, none of them blank")
            if not all(part.strip() for part in word.unless):
                path = f"value_words[{index}].unless"
                problems.add(path, "empty", expected="one letter in each phrase")

    def _check_cuts(self, problems: Problems) -> None:
        wanted = {number.id: number.value for number in self.numbers}.get("groups")
        for index, cut in enumerate(self.cuts):
            path = f"cuts[{index}].edges"
            if wanted is not None and len(cut.edges) + 1 != wanted:
                count = f"one edge less than groups ({wanted})"
                problems.add(path, "contradiction", len(cut.edges), count)
            rising = _rising(cut)
            if not all(edge.is_finite() for edge in cut.edges):
                problems.add(path, "not-finite", cut.edges)
            elif sorted(set(rising)) != list(rising):
                problems.add(
                    path, "not-sorted", cut.edges, "from the worst to the best"
                )

    @property
    def _tables(self) -> Mapping[str, TableParts]:
        rows = self
        found: dict[str, TableParts] = {
            "segment_rows": _parts(
                "rfm", rows.segment_rows, "hibernating", _SEGMENTS, "rfm-segment"
            ),
            "type_rows": _parts(
                "volume-profit", rows.type_rows, "outside", _TYPES, "volume-profit-type"
            ),
            "outside_rows": _parts(
                "volume-profit-outside",
                rows.outside_rows,
                OutsideReason.LOW_VOLUME_LOW_MARGIN.value,
                _REASONS,
                "outside-reason",
            ),
            "reach_rows": _parts(
                "target-reach",
                rows.reach_rows,
                TargetReach.WITHIN_REACH.value,
                _REACHES,
                "target-reach",
            ),
            "ladder_rows": _parts(
                "ladder", rows.ladder_rows, Ladder.CLIMBING.value, _LADDERS, "ladder"
            ),
        }
        return MappingProxyType(found)

    def _compiled(self, path: str) -> Compiled:
        return compile_table(DecisionTable(**self._tables[path]))

    @functools.cached_property
    def segments(self) -> Compiled:
        """The table of the segments by behaviour (S2-6)."""
        return self._compiled("segment_rows")

    @functools.cached_property
    def asking(self) -> Asking:
        """The table of the segments, set up to be asked of many customers."""
        return asking(self.segments)

    @functools.cached_property
    def types(self) -> Compiled:
        """The table of the types by volume and profit (S4-7)."""
        return self._compiled("type_rows")

    @functools.cached_property
    def outsides(self) -> Compiled:
        """The table that says why a customer is none of the three types (S4-7)."""
        return self._compiled("outside_rows")

    @functools.cached_property
    def reaches(self) -> Compiled:
        """The table that tells a target within reach from one that is not (S4-8)."""
        return self._compiled("reach_rows")

    @functools.cached_property
    def ladders(self) -> Compiled:
        """The table that tells whether the climb has stalled (S3-3)."""
        return self._compiled("ladder_rows")

    @functools.cached_property
    def has_example_volumes(self) -> bool:
        """Whether a threshold of volume or margin is still the shipped example."""
        return any(
            number.id in _EXAMPLES and number.origin != "own" for number in self.numbers
        )

    @functools.cached_property
    def edges(self) -> Mapping[RfmMeasure, tuple[float, ...]]:
        """The cut points by measure, rising; the more, the better."""
        return MappingProxyType(
            {cut.id: tuple(map(float, _rising(cut))) for cut in self.cuts}
        )

    @functools.cached_property
    def groups(self) -> int:
        """How many groups customers are sorted into by each measure."""
        return int(self.number("groups"))

    @functools.cached_property
    def with_policy(self) -> tuple[ValueTier, ...]:
        """The classes that must have a policy of their own, as listed."""
        return tuple(rule.id for rule in self.classes if rule.needs_policy)

    @functools.cached_property
    def with_plan(self) -> frozenset[ValueTier]:
        """The classes whose customers must have a plan each."""
        return frozenset(rule.id for rule in self.classes if rule.needs_plan)


def _rising(cut: CutPoints) -> tuple[Decimal, ...]:
    """Return the edges of "the more, the better": days turned round."""
    if cut.id is RfmMeasure.RECENCY:
        return tuple(edge.copy_negate() for edge in cut.edges)
    return cut.edges


def _parts(
    name: str,
    rows: tuple[Row, ...],
    otherwise: str,
    outcomes: tuple[str, ...],
    answers: str,
) -> TableParts:
    return {
        "name": name,
        "about": FACTS,
        "rows": rows,
        "otherwise": otherwise,
        "outcomes": outcomes,
        "answers": answers,
    }


@functools.cache
def default_policy() -> SegmentsPolicy:
    """Return the shipped policy; its thresholds of volume and margin are examples."""
    return policies.read("segments", SegmentsPolicy)
