"""The opinions on selection: what each criterion means, and what follows from four."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import TypeAlias

import attrs

from keyaccount import policies
from keyaccount.domain import SelectionCriterion, StrategicDesignation
from keyaccount.exceptions import Problems
from keyaccount.rules import (
    Compiled,
    Criterion,
    DecisionTable,
    Facts,
    Linear,
    Policy,
    Row,
    Scorecard,
    TableParts,
    check_ids,
    checked_scorecard,
    checked_table,
    compile_table,
)
from keyaccount.tri import Tri, all_of

from ._facts import (
    CRITERIA_FACTS,
    FACTS,
    PROFILE_FACTS,
    attribute_fact,
    criterion_fact,
)
from ._opinions import AttributeWeight, RequiredCriterion, ScaleBasis, UnknownOthers


__all__ = ["MET", "UNMET", "Answers", "SelectionPolicy", "default_policy"]


MET, UNMET = "met", "not-met"

Answers: TypeAlias = tuple[Tri, ...]
"""What the four criteria say, in the order of `SelectionCriterion`."""

_SHARES = ("head_share", "anchor_share")
_DAYS = ("stale_after", "stale_figures")
_DESIGNATIONS = tuple(member.value for member in reversed(StrategicDesignation))
_ORDINARY = StrategicDesignation.ORDINARY


@attrs.frozen(kw_only=True)
class SelectionPolicy(Policy):
    """What meets each criterion, which are required, and what the four make together.

    A criterion is met where one of its rows says so (the first that fires answers);
    `designation_rows` then judge the four answers, of which `required_met` says that
    all `required_criteria` are met. One criterion more must never lower the
    designation: a policy in which it does is refused.
    """

    basis: ScaleBasis = ScaleBasis.SALES
    unknown_others: UnknownOthers = UnknownOthers.BOUNDED
    required_criteria: tuple[RequiredCriterion, ...]
    scale_rows: tuple[Row, ...]
    solution_need_rows: tuple[Row, ...]
    strategic_fit_rows: tuple[Row, ...]
    willingness_rows: tuple[Row, ...]
    designation_rows: tuple[Row, ...]
    attributes: tuple[AttributeWeight, ...]

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        self._check_numbers(problems)
        required = [part.id for part in self.required_criteria]
        if not required:
            problems.add("required_criteria", "empty", expected="one criterion")
        check_ids(problems, "required_criteria", required)
        check_ids(problems, "attributes", (part.id for part in self.attributes))
        for criterion in SelectionCriterion:
            parts = self._criterion(criterion)
            checked_table(problems, f"{criterion_fact(criterion)}_rows", **parts)
        found = checked_table(problems, "designation_rows", **self._designation())
        if found is not None and required:
            self._check_monotone(compile_table(found), problems)
        checked_scorecard(
            problems,
            "attributes",
            name="strategic-profile",
            about=PROFILE_FACTS,
            criteria=self._profile_criteria(),
        )
        problems.check(f"policy {self.name}")

    def _check_numbers(self, problems: Problems) -> None:
        given = {number.id: number.value for number in self.numbers}
        for name in (*_SHARES, *_DAYS):
            value = given.get(name)
            path = f"numbers.{name}.value"
            if value is None:
                problems.add("numbers", "missing", expected=f"numbers.{name}")
            elif name in _SHARES and not 0 < value <= 1:
                problems.add(path, "out-of-range", value, "above 0, at most 1")
            elif name in _DAYS and not (value.is_finite() and value >= 0):
                problems.add(path, "out-of-range", value, "0 or more")

    def _check_monotone(self, table: Compiled, problems: Problems) -> None:
        """Note each criterion that, once met, would lower a designation."""
        for index, criterion in enumerate(SelectionCriterion):
            for without in itertools.product((Tri.NO, Tri.YES), repeat=_FOUR):
                answers = (*without[:index], Tri.YES, *without[index + 1 :])
                before, after = (self._judged(table, a) for a in (without, answers))
                if after.rank > before.rank:
                    wanted = (
                        f"a customer that meets {criterion.value} as well must not "
                        f"fall from {before.value} to {after.value}"
                    )
                    path = "designation_rows"
                    problems.add(path, "contradiction", criterion.value, wanted)
                    break

    def _judged(self, table: Compiled, answers: Answers) -> StrategicDesignation:
        return StrategicDesignation(table.possible(self.criteria_facts(answers))[0])

    def criteria_facts(self, answers: Answers) -> Facts:
        """Bring the four answers through the door of the designation."""
        known = dict(zip(SelectionCriterion, answers, strict=True))
        required = all_of(known[part.id] for part in self.required_criteria)
        row = (*answers, required)
        told = (None if answer is Tri.UNKNOWN else answer for answer in row)
        return Facts(CRITERIA_FACTS, tuple(told))

    @functools.cached_property
    def criteria(self) -> Mapping[SelectionCriterion, Compiled]:
        """The table of each criterion (S0-4 to S0-7)."""
        return MappingProxyType(
            {
                criterion: compile_table(DecisionTable(**self._criterion(criterion)))
                for criterion in SelectionCriterion
            }
        )

    @functools.cached_property
    def tables(self) -> tuple[Compiled, ...]:
        """The tables of the four criteria, in their order."""
        return tuple(self.criteria.values())

    @functools.cached_property
    def designation(self) -> Compiled:
        """The table that turns four answers into a designation (S0-8 to S0-10)."""
        return compile_table(DecisionTable(**self._designation()))

    @functools.cached_property
    def designations(self) -> Mapping[Answers, tuple[StrategicDesignation, ...]]:
        """What each way of answering the four leaves open, lowest first (S0-11).

        Every unknown answer is taken as no and as yes, so it is as narrow as it can
        be.
        """
        found: dict[Answers, tuple[StrategicDesignation, ...]] = {}
        lowest_first = tuple(reversed(StrategicDesignation))
        for answers in itertools.product(Tri, repeat=_FOUR):
            both = [_NO_AND_YES if one is Tri.UNKNOWN else (one,) for one in answers]
            ways = itertools.product(*both)
            left = {self._judged(self.designation, way) for way in ways}
            found[answers] = tuple(one for one in lowest_first if one in left)
        return MappingProxyType(found)

    @functools.cached_property
    def profile(self) -> Scorecard:
        """What the five attributes weigh in a ranking of strategic customers (S0-2)."""
        return Scorecard("strategic-profile", PROFILE_FACTS, self._profile_criteria())

    @functools.cached_property
    def head_share(self) -> Decimal:
        """How much of the total the head makes up together."""
        return self.number("head_share")

    def _criterion(self, criterion: SelectionCriterion) -> TableParts:
        name = criterion_fact(criterion)
        rows: tuple[Row, ...] = getattr(self, f"{name}_rows")
        return {
            "name": f"selection-{criterion.value}",
            "about": FACTS,
            "rows": rows,
            "otherwise": UNMET,
            "outcomes": (UNMET, MET),
            "answers": "criterion-answer",
        }

    def _designation(self) -> TableParts:
        return {
            "name": "selection-designation",
            "about": CRITERIA_FACTS,
            "rows": self.designation_rows,
            "otherwise": _ORDINARY.value,
            "outcomes": _DESIGNATIONS,
            "answers": "strategic-designation",
        }

    def _profile_criteria(self) -> tuple[Criterion, ...]:
        return tuple(
            Criterion(
                part.id.value,
                attribute_fact(part.id),
                part.weight,
                Linear(0, 100),
                "higher",
                origin=part.origin,
                why=part.why,
            )
            for part in self.attributes
        )


_FOUR = len(SelectionCriterion)
_NO_AND_YES = Tri.NO, Tri.YES


@functools.cache
def default_policy() -> SelectionPolicy:
    """Return the shipped policy."""
    return policies.read("selection", SelectionPolicy)
