"""The opinions that deals are qualified by: rows of four gates, marks, releases."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable
from decimal import Decimal

import attrs

from keyaccount import policies
from keyaccount.domain import (
    Decision,
    GateId,
    GateResult,
    ProspectClass,
    StrategicDesignation,
    ValueTier,
    WinFactor,
)
from keyaccount.exceptions import Problems, UnknownNameError, nearest
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

from ._bench import Bench, Tables, bench_of
from ._facts import FACTS, NEED_FACTS, REAL_FACTS, WIN_FACTS, WORTH_FACTS, fact_of
from ._opinions import Emphasis, FactorRule, Release, ReturnMark
from ._results import RESULTS
from ._worth import Steps


__all__ = ["CLASSES", "QualificationPolicy", "default_policy"]


CLASSES = tuple(
    dict.fromkeys(
        member.value
        for kind in (ValueTier, ProspectClass, StrategicDesignation)
        for member in kind
    )
)
"""The classes of customers that a policy may stress something for."""

_OUTCOMES = tuple(result.value for result in RESULTS)
_YEAR = "days_in_year"
_NEED_QUESTIONS = ("need_coverage", "need_mandatory")


@attrs.frozen(kw_only=True)
class QualificationPolicy(Policy):
    """What each of the four gates asks, and what its answers mean.

    Each list of rows is read from the top, the first row that fires answers, and
    where none does the gate is passed: `real_rows` gate 1, `need_rows` gate 2 for
    every need, `win_rows` gate 3, `worth_rows` gate 4. `factors` are what decides
    who wins, `return_marks` turn a return into a mark, `releases` a decision into a
    share of the resources, `emphases` order the questions.
    """

    real_rows: tuple[Row, ...]
    need_rows: tuple[Row, ...]
    win_rows: tuple[Row, ...]
    worth_rows: tuple[Row, ...]
    factors: tuple[FactorRule, ...]
    return_marks: tuple[ReturnMark, ...]
    releases: tuple[Release, ...] = ()
    emphases: tuple[Emphasis, ...] = ()

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        for gate in ("real", "need", "win", "worth"):
            checked_table(problems, f"{gate}_rows", **self._table(gate))
        self._check_year(problems)
        self._check_factors(problems)
        self._check_returns(problems)
        self._check_releases(problems)
        self._check_emphases(problems)
        problems.check(f"policy {self.name}")

    def _check_year(self, problems: Problems) -> None:
        given = [number.value for number in self.numbers if number.id == _YEAR]
        if not given:
            problems.add("numbers", "missing", expected=f"numbers.{_YEAR}")
        for value in given:
            if not (_is_plain(value) and value > 0):
                path = f"numbers.{_YEAR}.value"
                problems.add(path, "out-of-range", value, "above 0")

    def _check_factors(self, problems: Problems) -> None:
        if not self.factors:
            problems.add("factors", "empty", expected="one factor")
        check_ids(problems, "factors", [factor.id for factor in self.factors])
        own = {factor.value for factor in WinFactor}
        for index, factor in enumerate(self.factors):
            name, path = fact_of(factor.id), f"factors[{index}].id"
            if not name.isidentifier():
                wanted = "write kebab-case, as in local-support"
                problems.add(path, "bad-syntax", factor.id, wanted)
            elif factor.id not in own and name in {*FACTS.names, *_NEED_QUESTIONS}:
                wanted = "another fact has that name; choose a name of its own"
                problems.add(path, "contradiction", factor.id, wanted)

    def _check_returns(self, problems: Problems) -> None:
        ids = [step.id for step in self.return_marks]
        check_ids(problems, "return_marks", ids)
        lowest = [step for step in self.return_marks if step.at_least is None]
        if len(lowest) != 1:
            wanted = "one without at_least, for a return below all the others"
            problems.add("return_marks", "contradiction", len(lowest), wanted)
            return
        floors: list[Decimal] = []
        for index, step in enumerate(self.return_marks):
            if step.at_least is None:
                continue
            path = f"return_marks[{index}].at_least"
            if not _is_plain(step.at_least):
                problems.add(path, "out-of-range", step.at_least, "a plain share")
                return
            if step.at_least in floors:
                problems.add(path, "duplicate", step.at_least)
            floors.append(step.at_least)
        rising = _rising(self.return_marks)
        for step, above in itertools.pairwise(rising):
            if above.mark < step.mark:
                path = f"return_marks[{self.return_marks.index(above)}].mark"
                wanted = f"a higher return must not get less than {step.mark}"
                problems.add(path, "contradiction", above.mark, wanted)

    def _check_releases(self, problems: Problems) -> None:
        offered = tuple(decision.value for decision in Decision)
        ids = [release.id for release in self.releases]
        check_ids(problems, "releases", ids, offered)
        for index, release in enumerate(self.releases):
            if not 0 <= release.share <= 1:
                path = f"releases[{index}].share"
                problems.add(path, "out-of-range", release.share, "0 to 1")

    def _check_emphases(self, problems: Problems) -> None:
        ids = [emphasis.id for emphasis in self.emphases]
        check_ids(problems, "emphases", ids, CLASSES)
        gates = tuple(gate.value for gate in GateId)
        own = tuple(fact_of(factor.id) for factor in self.factors)
        offered = (*gates, *FACTS.names, *_NEED_QUESTIONS, *own)
        for index, emphasis in enumerate(self.emphases):
            for at, name in enumerate(emphasis.stress):
                if name not in offered:
                    path = f"emphases[{index}].stress[{at}]"
                    problems.add(path, "unknown-choice", name, nearest(name, offered))

    def _table(self, gate: str) -> TableParts:
        about = {
            "real": REAL_FACTS,
            "need": NEED_FACTS,
            "win": WIN_FACTS,
            "worth": WORTH_FACTS,
        }
        return {
            "name": f"qualification-{gate}",
            "about": about[gate],
            "rows": getattr(self, f"{gate}_rows"),
            "otherwise": GateResult.PASS.value,
            "outcomes": _OUTCOMES,
            "answers": "gate-result",
        }

    # What follows is built once, on first use.

    @functools.cached_property
    def real(self) -> Compiled:
        """The table of gate 1."""
        return compile_table(DecisionTable(**self._table("real")))

    @functools.cached_property
    def need(self) -> Compiled:
        """The table of gate 2, asked of every need."""
        return compile_table(DecisionTable(**self._table("need")))

    @functools.cached_property
    def win(self) -> Compiled:
        """The table of gate 3."""
        return compile_table(DecisionTable(**self._table("win")))

    @functools.cached_property
    def worth(self) -> Compiled:
        """The table of gate 4."""
        return compile_table(DecisionTable(**self._table("worth")))

    @functools.cached_property
    def steps(self) -> Steps:
        """The return marks, the lowest first, ready to be reckoned with."""
        rising = _rising(self.return_marks)
        floors = tuple(step.at_least for step in rising if step.at_least is not None)
        marks = tuple(step.mark for step in rising)
        return Steps(floors, marks, self.number(_YEAR))

    @functools.cached_property
    def bench(self) -> Bench:
        """The gates, set up to be asked often."""
        tables = Tables(self.real, self.need, self.win, self.worth)
        return bench_of(tables, self.steps.marks, len(self.factors))

    @functools.cached_property
    def factor_ids(self) -> frozenset[str]:
        """The slugs of the win factors."""
        return frozenset(factor.id for factor in self.factors)

    @functools.cached_property
    def shares(self) -> dict[Decision, float]:
        """What each decision releases (S1-8)."""
        listed = {release.id: float(release.share) for release in self.releases}
        return {decision: listed.get(decision.value, 0.0) for decision in Decision}

    def stressed(self, customer_class: str) -> tuple[str, ...]:
        """Return what to ask first in a class; nothing if the policy leaves it out.

        Raises:
            UnknownNameError: no class of customers is called that.
        """
        for emphasis in self.emphases:
            if emphasis.id == customer_class:
                return emphasis.stress
        if customer_class in CLASSES:
            return ()
        raise UnknownNameError("customer class", customer_class, CLASSES)


def _rising(steps: Iterable[ReturnMark]) -> list[ReturnMark]:
    """Sort marks by their floor; the one without a floor stands first."""
    return sorted(
        steps, key=lambda step: (step.at_least is not None, step.at_least or 0)
    )


_ABSURD = 100  # digits


def _is_plain(value: Decimal) -> bool:
    """Whether a number is finite and short enough to be reckoned with exactly."""
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        return False
    return max(len(digits), abs(exponent)) <= _ABSURD


@functools.cache
def default_policy() -> QualificationPolicy:
    """Return the shipped policy."""
    return policies.read("qualification", QualificationPolicy)
