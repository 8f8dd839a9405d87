"""Pipelines: stages, their exits, tasks and odds, all of it data."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

import attrs

from keyaccount import policies, wire
from keyaccount.domain import MAX_TENOR_DAYS, ForecastCategory, Outcome, Stage
from keyaccount.exceptions import InvalidValueError, Problem, Problems
from keyaccount.rules import (
    Condition,
    Fact,
    FactKind,
    Facts,
    FactSchema,
    Gate,
    Machine,
    Policy,
    PolicyRef,
    Station,
    asked_by,
    check_ids,
    checked_machine,
)
from keyaccount.rules import holds as _holds

from ._facts import FACTS


__all__ = [
    "KEBAB_CASE",
    "SLUG",
    "AskedFact",
    "MethodStep",
    "Pipeline",
    "StagePlan",
    "TaskPlan",
    "default_policy",
]


SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")  # what an event's `to` can name
KEBAB_CASE = "write kebab-case, as in pilot-2"


class Bench(NamedTuple):
    """What a decision needs of a pipeline.

    `doors` has, for every stage: the only way on (empty where there is none, or a
    choice), whether a deal can be won there, and what says "met" of its exits.
    """

    start: str
    about: FactSchema
    doors: dict[str, tuple[str, bool, Callable[[Facts], str | None]]]
    ref: PolicyRef


@attrs.frozen
class AskedFact:
    """A fact that a pipeline asks for beside those that every deal has."""

    id: str
    kind: FactKind = FactKind.YES_NO
    unit: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    choices: tuple[str, ...] = ()
    origin: str = "own"
    why: str = ""

    def declared(self) -> Fact:
        """Return the fact as rules know it.

        Raises:
            InvalidValueError: the name, range or choices make no sense.
        """
        low, high = (
            None if end is None else float(end) for end in (self.low, self.high)
        )
        return Fact(self.id, self.kind, self.unit, low, high, self.choices)


@attrs.frozen
class TaskPlan:
    """Something to be done at a stage: by when, how often, until what holds.

    `after_days` counts from the day on which the deal came to the stage, time on
    hold left out. With `every_days` it comes back; without `until` the host says
    what is done.
    """

    id: str
    after_days: int
    every_days: int | None = None
    until: Condition | None = None
    origin: str = "own"
    why: str = ""


@attrs.frozen
class StagePlan:
    """One stage of a pipeline.

    `to` lists the ways on (the next stage of the list unless it says otherwise),
    `back` the ways back (all earlier stages); `wins` says that a deal can be won
    from here. `probability` is the chance of winning that one assumes at this stage;
    `max_days` how long a deal may stay before it is called ageing; `stands_for` which
    of the five shipped stages it corresponds to. Activities and monitoring items are
    slugs, for people to read.
    """

    id: str
    probability: Decimal
    to: tuple[str, ...] | None = None
    back: tuple[str, ...] | None = None
    wins: bool = False
    max_days: int | None = None
    stands_for: Stage | None = None
    category: ForecastCategory | None = None
    activities: tuple[str, ...] = ()
    monitors: tuple[str, ...] = ()
    exits: tuple[Gate, ...] = ()
    tasks: tuple[TaskPlan, ...] = ()
    origin: str = "own"
    why: str = ""


@attrs.frozen
class MethodStep:
    """A step of a selling method: what the buyer does, what shows that it is done."""

    id: str
    buying: str
    outcome: str
    stage: Stage | None = None
    origin: str = "own"
    why: str = ""


@attrs.frozen(kw_only=True)
class Pipeline(Policy):
    """The stages that deals go through; the first of the list is where they begin.

    `facts` declares what it asks for beyond `FACTS`; `steps` is for reading: a
    selling method told step by step.
    """

    stages: tuple[StagePlan, ...]
    facts: tuple[AskedFact, ...] = ()
    steps: tuple[MethodStep, ...] = ()

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        about = self._declared(problems)
        self._check_stages(problems, about)
        check_ids(problems, "steps", (step.id for step in self.steps))
        self._check_days(problems)
        checked_machine(
            problems,
            "stages",
            name=self.name,
            about=about,
            stations=self._stations(),
        )
        problems.check(f"pipeline {self.name}")

    def _declared(self, problems: Problems) -> FactSchema:
        """Return what the pipeline may ask for; what is wrong goes into *problems*."""
        own: dict[str, Fact] = {}
        for index, asked in enumerate(self.facts):
            path = f"facts[{index}]"
            if asked.id in FACTS or asked.id in own:
                problems.add(f"{path}.id", "duplicate", asked.id)
                continue
            try:
                own[asked.id] = asked.declared()
            except InvalidValueError as error:
                problems.extend(_where_asked(path, error))
        return FactSchema((*FACTS, *own.values()))

    def _check_stages(self, problems: Problems, about: FactSchema) -> None:
        for index, plan in enumerate(self.stages):
            path = f"stages[{index}]"
            if not SLUG.fullmatch(plan.id):
                problems.add(f"{path}.id", "bad-syntax", plan.id, KEBAB_CASE)
            if plan.id in _ENDS:
                wanted = "that is how a deal ends; give the stage another name"
                problems.add(f"{path}.id", "contradiction", plan.id, wanted)
            if not (plan.probability.is_finite() and 0 < plan.probability < 1):
                wanted = "above 0 and below 1: an open deal is never sure"
                got = plan.probability
                problems.add(f"{path}.probability", "out-of-range", got, wanted)
            for at, task in enumerate(plan.tasks):
                where = f"{path}.tasks[{at}]"
                if task.id in [other.id for other in plan.tasks[:at]]:
                    problems.add(f"{where}.id", "duplicate", task.id)
                _check_until(problems, f"{where}.until", task.until, about)

    def _check_days(self, problems: Problems) -> None:
        for index, plan in enumerate(self.stages):
            path = f"stages[{index}]"
            spans = [(f"{path}.max_days", plan.max_days, 1)]
            for at, task in enumerate(plan.tasks):
                where = f"{path}.tasks[{at}]"
                spans.append((f"{where}.after_days", task.after_days, 0))
                spans.append((f"{where}.every_days", task.every_days, 1))
            for where, days, least in spans:
                if days is not None and not least <= days <= MAX_TENOR_DAYS:
                    wanted = f"{least} to {MAX_TENOR_DAYS}"
                    problems.add(where, "out-of-range", days, wanted)
        given = {number.id: number.value for number in self.numbers}
        for name in _NOTICES:
            value = given.get(name)
            if value is not None and not 0 <= value <= MAX_TENOR_DAYS:
                wanted = f"0 to {MAX_TENOR_DAYS}"
                problems.add(f"numbers.{name}.value", "out-of-range", value, wanted)

    def _stations(self) -> tuple[Station, ...]:
        ids = [plan.id for plan in self.stages]
        return tuple(
            Station(
                plan.id,
                tuple(ids[index + 1 : index + 2]) if plan.to is None else plan.to,
                tuple(ids[:index]) if plan.back is None else plan.back,
                plan.exits,
                plan.wins,
            )
            for index, plan in enumerate(self.stages)
        )

    # What follows is built once, on first use.

    @functools.cached_property
    def about(self) -> FactSchema:
        """Every fact that may be asked for: those of every deal, then its own."""
        return self._declared(Problems())

    @functools.cached_property
    def machine(self) -> Machine:
        """The ways between the stages, and what guards them."""
        return Machine(self.name, self.about, self._stations())

    @functools.cached_property
    def bench(self) -> Bench:
        """What every decision needs, ready to use."""
        guards = self.machine.guards
        doors = {
            one.id: (
                one.to[0] if len(one.to) == 1 else "",
                one.ends,
                guards[one.id].passes,
            )
            for one in self.machine.stations
        }
        return Bench(self.machine.start, self.about, doors, self.ref)

    @functools.cached_property
    def needs(self) -> Mapping[tuple[str, str], tuple[str, tuple[str, ...]]]:
        """What every exit needs, as text, and the facts it asks for."""
        return {
            (one.id, gate.id): (
                wire.condition_text(gate.when),
                tuple(dict.fromkeys(asked_by(gate.when))),
            )
            for one in self.machine.stations
            for gate in one.exits
        }

    @functools.cached_property
    def by_id(self) -> Mapping[str, StagePlan]:
        """The stages by name."""
        return MappingProxyType({plan.id: plan for plan in self.stages})

    @functools.cached_property
    def probabilities(self) -> Mapping[str, Decimal]:
        """The chance of winning that is assumed at each stage, as fractions."""
        return MappingProxyType({plan.id: plan.probability for plan in self.stages})

    def read(self, facts: Mapping[str, object] | None) -> Facts:
        """Bring what is known of a deal through the door; absent is unknown.

        Raises:
            UnknownFactError: a fact that the pipeline does not know.
            InvalidValueError: values of the wrong kind or out of range, all at once.
        """
        if not isinstance(facts, Facts):
            return self._told({} if facts is None else facts)
        # Those that are kept with an event name what was known, and no more.
        return facts if facts.schema is self.about else self.about.read(dict(facts))

    def _told(self, facts: Mapping[str, object]) -> Facts:
        """Read what is known; what is no mapping breaks that, and is told by name."""
        try:
            return self.about.read(facts)
        except (AttributeError, LookupError, TypeError):
            problems = Problems()
            problems.is_a("facts", facts, Mapping, "a mapping of facts and values")
            problems.check(f"pipeline {self.name}")
            raise

    def form(self, stage: str) -> tuple[Fact, ...]:
        """Return the facts that the exits of a stage ask for: what a form shows.

        An import and an API that check the same facts ask the same questions.

        Raises:
            UnknownNameError: the pipeline has no such stage.
        """
        station = self.machine[stage]
        return tuple(self.about[name] for name in self.machine.guards[station.id].asks)

    def step_of(self, stage: Stage | str) -> tuple[MethodStep, ...]:
        """Return the steps of the selling method that a stage corresponds to."""
        slug = stage.value if isinstance(stage, Stage) else stage
        return tuple(
            step for step in self.steps if step.stage and step.stage.value == slug
        )

    def days(self, name: str) -> int:
        """Return how many days ahead something is told, 0 if the policy is silent."""
        found = (number.value for number in self.numbers if number.id == name)
        return int(next(found, Decimal(0)))


def _where_asked(path: str, error: InvalidValueError) -> Iterator[Problem]:
    """Yield what is wrong with a fact under the keys of its entry in the file."""
    for problem in error.problems:
        key = problem.path.replace("$.name", "$.id")
        yield attrs.evolve(problem, path=key).under(f"$.{path}")


_ENDS = frozenset(outcome.value for outcome in Outcome)
_NOTICES = ("resume_notice", "milestone_notice", "close_notice")


def _check_until(
    problems: Problems, path: str, until: Condition | None, about: FactSchema
) -> None:
    if until is None:
        return
    try:
        _holds(until, about.read({}))
    except InvalidValueError as error:
        problems.take(path, error)


@functools.cache
def default_policy() -> Pipeline:
    """Return the shipped pipeline of five stages."""
    return policies.read("stages", Pipeline)
