"""A machine of stages: which ways lead on, and what must hold to take them.

It is data, and it judges facts, never events: what may happen, and who may make it
happen, is for a model to say. Ways on are guarded by the exits of the stage that is
left; ways back are not guarded by facts. What is wrong with a machine is found when
it is built: a stage that nothing leads to, one from which no end can be reached, an
exit that no facts can meet.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations
from types import MappingProxyType

import attrs

from keyaccount.exceptions import Problems, UnknownNameError, nearest
from keyaccount.tri import Tri

from ._asking import check_condition
from ._cells import axes
from ._checks import repeated
from ._compile import Compiled, compile_table
from ._conditions import All, Condition, Reading, kleene, rails, walk
from ._explain import explain_condition
from ._facts import Facts, FactSchema
from ._gates import Gate
from ._grid import Grid, size_of
from ._table import DecisionTable, HitPolicy, Row
from ._verdict import Reason


__all__ = ["Guard", "Machine", "Station", "asked_by", "checked_machine"]


@attrs.frozen
class Station:
    """One stage: the ways on and back, what must hold to go on, whether it may end.

    `ends` says that the machine's good end lies directly behind this stage, behind
    the same exits.
    """

    id: str
    to: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    exits: tuple[Gate, ...] = ()
    ends: bool = False


@attrs.frozen
class Machine:
    """Stages over declared facts; the first one is where everything begins."""

    name: str
    about: FactSchema
    stations: tuple[Station, ...]

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        _check(problems, "stations", self.about, self.stations)
        problems.check(f"machine {self.name}")

    @property
    def start(self) -> str:
        """The stage where everything begins."""
        return self.stations[0].id

    @functools.cached_property
    def by_id(self) -> Mapping[str, Station]:
        """The stages by name."""
        return MappingProxyType({station.id: station for station in self.stations})

    def __getitem__(self, stage: str) -> Station:
        try:
            return self.by_id[stage]
        except KeyError:
            raise UnknownNameError("stage", stage, tuple(self.by_id)) from None

    @functools.cached_property
    def guards(self) -> Mapping[str, Guard]:
        """What guards each stage's ways on, ready for speed."""
        return MappingProxyType(
            {
                station.id: Guard.of(f"{self.name}-{station.id}", self.about, station)
                for station in self.stations
            }
        )

    def way(self, start: str, end: str) -> tuple[str, ...]:
        """Return the stages to be left on the shortest way on; none if there is none.

        >>> first, last = Station("a", to=("b",)), Station("b", ends=True)
        >>> Machine("short", FactSchema(()), (first, last)).way("a", "b")
        ('a',)
        """
        ways: dict[str, tuple[str, ...]] = {start: ()}
        waiting = [start]
        for stage in waiting:
            for onward in self[stage].to:
                if onward not in ways:
                    ways[onward] = (*ways[stage], stage)
                    waiting.append(onward)
        return ways.get(end, ()) if end != start else ()


@attrs.frozen(eq=False)
class Guard:
    """What must hold before a stage is left forward.

    `passes(facts)` is "met" where all of it surely holds: the fast way to know.
    `codes(facts)` gives the ids of the exits that do not surely hold.
    """

    exits: tuple[Gate, ...]
    tables: tuple[Compiled, ...]
    passes: Callable[[Facts], str | None]
    codes: Callable[[Facts], tuple[str, ...]]

    @classmethod
    def of(cls, name: str, about: FactSchema, station: Station) -> Guard:
        """Compile a stage's exits."""
        if not station.exits:
            return cls((), (), _met, _none)
        rows = tuple(Row(gate.id, gate.when, gate.id) for gate in station.exits)
        every = Row("all", All(tuple(gate.when for gate in station.exits)), "met")
        passes = compile_table(DecisionTable(name, about, (every,), "unmet")).answer
        table = DecisionTable(name, about, rows, hit=HitPolicy.RULE_ORDER)
        compiled = compile_table(table)
        must = compiled.must
        named = functools.lru_cache(_MOST_PATTERNS)(
            functools.partial(_unmet_ids, station.exits)
        )

        def codes(facts: Facts) -> tuple[str, ...]:
            return named(must(facts))

        return cls(station.exits, (compiled,), passes, codes)

    @functools.cached_property
    def asks(self) -> tuple[str, ...]:
        """The facts that the exits ask for, in the order of asking."""
        return tuple(
            dict.fromkeys(name for gate in self.exits for name in asked_by(gate.when))
        )

    def unmet(self, facts: Facts) -> tuple[tuple[Gate, Tri], ...]:
        """Return every exit that does not surely hold: NO, or UNKNOWN."""
        return tuple(
            (gate, Tri.UNKNOWN if found.may >> at & 1 else Tri.NO)
            for table in self.tables
            for found in (table.hits(facts),)
            for at, gate in enumerate(self.exits)
            if not found.must >> at & 1
        )

    def why(self, facts: Facts) -> tuple[Reason, ...]:
        """Say of every exit whether it holds, and what was found."""
        reading = Reading(facts)
        return tuple(_why(gate, reading) for gate in self.exits)


def asked_by(condition: Condition) -> Iterator[str]:
    """Yield the facts that a condition asks for."""
    for part in walk(condition):
        name = getattr(part, "fact", None)
        if name is not None:
            yield name


def _why(gate: Gate, reading: Reading) -> Reason:
    answer = kleene(rails(gate.when, reading))
    codes = {Tri.YES: "exit-met", Tri.NO: "exit-unmet"}
    code = codes.get(answer, "exit-open")
    return Reason(code, (("exit", gate.id),), (explain_condition(gate.when, reading),))


def _met(_: Facts) -> str:
    return "met"


def _none(_: Facts) -> tuple[str, ...]:
    return ()


_MOST_PATTERNS = 1024  # of exits that hold together, remembered by a guard


def _unmet_ids(exits: tuple[Gate, ...], must: int) -> tuple[str, ...]:
    return tuple(gate.id for at, gate in enumerate(exits) if not must >> at & 1)


def checked_machine(
    problems: Problems,
    path: str = "stages",
    *,
    name: str,
    about: FactSchema,
    stations: tuple[Station, ...],
) -> Machine | None:
    """Build a machine and note everything that is wrong with it.

    Args:
        problems: Where the findings go.
        path: The place of the stages in the document.
        name: The machine's name.
        about: The declared facts.
        stations: The stages.

    Returns:
        The machine; None if it cannot be built.
    """
    found = Problems()
    _check(found, path, about, stations)
    problems.extend(found.all())
    return None if found else Machine(name, about, stations)


def _check(
    problems: Problems, path: str, about: FactSchema, stations: tuple[Station, ...]
) -> None:
    if not stations:
        problems.add(path, "empty", expected="one stage")
        return
    if len(stations) > _MOST_STATIONS:
        problems.add(path, "too-large", len(stations), f"{_MOST_STATIONS} stages")
        return
    for slug in repeated(station.id for station in stations):
        problems.add(path, "duplicate", slug)
    if sum(len(station.exits) for station in stations) > _MOST_EXITS:
        problems.add(path, "too-large", expected=f"{_MOST_EXITS} exits in all")
        return
    ids, trials = [station.id for station in stations], _Trials(about)
    for index, station in enumerate(stations):
        where = f"{path}[{index}]"
        for name in ("to", "back"):
            _check_ways(
                problems, f"{where}.{name}", station, getattr(station, name), ids
            )
        _check_exits(problems, f"{where}.exits", about, station, trials)
    _check_reach(problems, path, stations)


_MOST_STATIONS = 100
_MOST_EXITS = 500
_MOST_TRIALS = 10**7  # combinations of facts that are tried, times their values
_SAMPLE = 20_000  # of combinations, where there are too many to try all


def _check_ways(
    problems: Problems,
    path: str,
    station: Station,
    ways: tuple[str, ...],
    ids: list[str],
) -> None:
    for index, stage in enumerate(ways):
        if stage not in ids:
            hint = nearest(stage, ids)
            problems.add(f"{path}[{index}]", "unknown-choice", stage, hint)
        elif stage == station.id:
            wanted = "another stage than this one"
            problems.add(f"{path}[{index}]", "contradiction", stage, wanted)
        elif stage in ways[:index]:
            problems.add(f"{path}[{index}]", "duplicate", stage)


def _check_exits(
    problems: Problems,
    path: str,
    about: FactSchema,
    station: Station,
    trials: _Trials,
) -> None:
    for slug in repeated(gate.id for gate in station.exits):
        problems.add(path, "duplicate", slug)
    sound, before = [], len(problems.all())
    for index, gate in enumerate(station.exits):
        check_condition(gate.when, about, (), f"{path}[{index}].when", problems)
        if len(problems.all()) == before:
            sound.append((index, gate))
        before = len(problems.all())
    possible = []
    for index, gate in sound:
        if trials.can_hold((gate,)) is Tri.NO:
            problems.add(f"{path}[{index}]", "impossible-exit", gate.id, station.id)
        else:
            possible.append(gate)
    _check_together(problems, path, station, possible, trials)


def _check_together(
    problems: Problems,
    path: str,
    station: Station,
    gates: list[Gate],
    trials: _Trials,
) -> None:
    """Note exits that can each be met, but not all of them by the same facts."""
    together = trials.can_hold(gates)
    if together is Tri.YES:
        return
    pairs = combinations(gates, 2)
    clashing = [pair for pair in pairs if trials.can_hold(pair) is Tri.NO]
    for one, other in clashing:
        both = f"{one.id} and {other.id} together"
        problems.add(path, "impossible-exit", both, station.id)
    if not clashing and together is Tri.NO:
        every = " and ".join(gate.id for gate in gates)
        problems.add(path, "impossible-exit", f"{every} together", station.id)


@attrs.define
class _Trials:
    """Trying exits on facts, until it has taken long enough.

    How long a file takes to be read is not for its author to say.
    """

    about: FactSchema
    left: int = _MOST_TRIALS

    def can_hold(self, gates: Iterable[Gate]) -> Tri:
        """Tell whether some facts meet all the exits; UNKNOWN if not all were tried."""
        whens = tuple(gate.when for gate in gates)
        found = axes(whens, self.about, ())
        values = sum(len(axis.values) for axis in found)
        self.left -= min(size_of(found), _SAMPLE) * values
        if self.left < 0:
            return Tri.UNKNOWN
        grid = Grid.of(self.about, found)
        if grid.rails(All(whens))[1]:
            return Tri.YES
        return Tri.UNKNOWN if grid.is_sampled else Tri.NO


def _check_reach(problems: Problems, path: str, stations: tuple[Station, ...]) -> None:
    """Note what nothing leads to, and what leads to no end."""
    onward = {station.id: station.to for station in stations}
    reached = _spread([stations[0].id], onward)
    against: dict[str, list[str]] = {station.id: [] for station in stations}
    for station in stations:
        for stage in station.to:
            against.get(stage, []).append(station.id)
    leading = _spread([one.id for one in stations if one.ends], against)
    for index, station in enumerate(stations):
        if station.id not in reached:
            first = stations[0].id
            problems.add(f"{path}[{index}]", "unreachable-stage", station.id, first)
        if station.id not in leading:
            problems.add(f"{path}[{index}]", "dead-end", station.id)


def _spread(starts: list[str], ways: Mapping[str, Iterable[str]]) -> set[str]:
    found, waiting = set(starts), list(starts)
    for stage in waiting:
        for onward in ways.get(stage, ()):
            if onward not in found:
                found.add(onward)
                waiting.append(onward)
    return found
