"""Decision tables: rows of condition and outcome, read by a hit policy.

Every row answers on two rails. A single-hit table's possible outcomes are those of
the rows that may fire, up to the first that must; it is settled only if they all
agree. That is sound for every way of filling in unknown facts, not always tight.
The policies are those of DMN: first, unique, any, priority give one outcome; rule
order, output order and the collects give all that fire.
"""

from __future__ import annotations

import enum
import functools
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TypeAlias

import attrs

from keyaccount.exceptions import HitPolicyError, NoRowError, Problems, nearest

from ._asking import check_condition
from ._checks import check_number, repeated
from ._conditions import Condition, Reading, rails, walk
from ._facts import Facts, FactSchema
from ._scorecard import Scorecard
from ._verdict import Interval


__all__ = [
    "DecisionTable",
    "Found",
    "HitPolicy",
    "Hits",
    "Row",
    "collect",
    "hits",
    "judge",
    "resolve",
]


class HitPolicy(enum.Enum):
    """How the rows that fire become the answer."""

    FIRST = "first"
    UNIQUE = "unique"
    ANY = "any"
    PRIORITY = "priority"
    RULE_ORDER = "rule-order"
    OUTPUT_ORDER = "output-order"
    SUM = "collect-sum"
    MIN = "collect-min"
    MAX = "collect-max"
    COUNT = "collect-count"

    @property
    def is_single(self) -> bool:
        """Whether the answer is one outcome."""
        return self in _SINGLE


_SINGLE = frozenset(
    {HitPolicy.FIRST, HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.PRIORITY}
)


@attrs.frozen
class Row:
    """If *when* holds, the answer is *then*; `adds` is what a collect adds up."""

    id: str
    when: Condition
    then: str
    adds: float = 0.0
    origin: str = "own"
    why: str = ""


@attrs.frozen
class DecisionTable:
    """Rows over declared facts and, by name, over scorecards.

    `otherwise` answers where no row fires. `outcomes` lists what can be answered,
    lowest first: the order of `possible`, and of priority (the last wins). Left
    out, it is `otherwise` and then the rows' outcomes, the last row lowest.
    `answers` names the enumeration of the outcomes, for their labels.
    """

    name: str
    about: FactSchema
    rows: tuple[Row, ...]
    otherwise: str | None = None
    hit: HitPolicy = HitPolicy.FIRST
    outcomes: tuple[str, ...] = attrs.field(
        default=attrs.Factory(lambda self: _outcomes(self), takes_self=True)  # noqa: PLW0108 - defined below
    )
    scorecards: tuple[Scorecard, ...] = ()
    answers: str = ""

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        if not _is_policy(self.hit):
            hint = nearest(str(self.hit), [hit.value for hit in HitPolicy])
            problems.add("hit", "unknown-choice", self.hit, f"HitPolicy({hint})")
        if not self.rows:
            problems.add("rows", "empty", expected="one row")
        if len(self.rows) > _MOST_ROWS:
            problems.add("rows", "too-large", len(self.rows), f"{_MOST_ROWS} rows")
            problems.check(f"table {self.name}")
        for slug in repeated(row.id for row in self.rows):
            problems.add("rows", "duplicate", slug)
        for slug in repeated(self.outcomes):
            problems.add("outcomes", "duplicate", slug)
        self._check_cards(problems)
        self._check_rows(problems)
        if self.otherwise is not None and self.otherwise not in self.outcomes:
            offered = f"one of {', '.join(self.outcomes)}"
            problems.add("otherwise", "unknown-choice", self.otherwise, offered)
        problems.check(f"table {self.name}")

    def _check_cards(self, problems: Problems) -> None:
        scores = [card.name for card in self.scorecards]
        for index, card in enumerate(self.scorecards):
            if card.name in self.about or scores.index(card.name) != index:
                problems.add(f"scorecards[{index}].name", "duplicate", card.name)
            if card.about != self.about:
                where = f"scorecards[{index}].about"
                same = "a table and its scorecards are about the same facts"
                problems.add(where, "contradiction", card.name, same)

    def _check_rows(self, problems: Problems) -> None:
        scores = tuple(card.name for card in self.scorecards)
        offered, parts = f"one of {', '.join(self.outcomes)}", 0
        for index, row in enumerate(self.rows):
            path = f"rows[{index}]"
            where = f"{path}.when"
            parts += check_condition(row.when, self.about, scores, where, problems)
            check_number(f"{path}.adds", row.adds, problems)
            if row.then not in self.outcomes:
                problems.add(f"{path}.then", "unknown-choice", row.then, offered)
        if parts > _MOST_PARTS:
            problems.add("rows", "too-large", parts, f"{_MOST_PARTS} conditions")

    @functools.cached_property
    def asks(self) -> tuple[str, ...]:
        """The facts that the rows or the scorecards ask for, as declared in order."""
        found = {c.fact for card in self.scorecards for c in card.criteria}
        for row in self.rows:
            found.update(getattr(part, "fact", "") for part in walk(row.when))
        return tuple(name for name in self.about.names if name in found)

    @property
    def in_order(self) -> tuple[int, ...]:
        """The rows' places in the order in which a single hit is looked for."""
        return in_order(self.rows, self.hit, self.outcomes)


_MOST_ROWS = 500
_MOST_PARTS = 5_000  # of all conditions together, for hygiene to be done in time


def _is_policy(hit: object) -> bool:
    return isinstance(hit, HitPolicy)


def in_order(
    rows: tuple[Row, ...], hit: HitPolicy, outcomes: tuple[str, ...]
) -> tuple[int, ...]:
    """Return the rows' places: as written, or under priority the best first."""
    places = range(len(rows))
    if hit is not HitPolicy.PRIORITY:
        return tuple(places)
    rank = {outcome: at for at, outcome in enumerate(outcomes)}
    return tuple(sorted(places, key=lambda at: -rank[rows[at].then]))


def _outcomes(table: DecisionTable) -> tuple[str, ...]:
    lowest = () if table.otherwise is None else (table.otherwise,)
    rising = (*lowest, *(row.then for row in reversed(table.rows)))
    return tuple(dict.fromkeys(rising))


@attrs.frozen
class Hits:
    """Which rows must fire and which may, as bits by row, and the scores' folds."""

    must: int
    may: int
    folds: tuple[tuple[float, float], ...] = ()


def hits(table: DecisionTable, facts: Facts) -> Hits:
    """Judge every row on two rails: the reference that the fast path is held to."""
    return fire(table, read(table, facts))


def fire(table: DecisionTable, reading: Reading) -> Hits:
    """Judge every row on facts and scores that are read already."""
    must = may = 0
    for at, row in enumerate(table.rows):
        surely, perhaps = rails(row.when, reading)
        must |= surely << at
        may |= perhaps << at
    return Hits(must, may, tuple(reading.folds.values()))


def read(table: DecisionTable, facts: Facts) -> Reading:
    """Score the table's cards, so that its conditions can be judged."""
    return Reading(facts, {card.name: card.fold(facts) for card in table.scorecards})


def resolve(table: DecisionTable, must: int, may: int) -> tuple[str, ...]:
    """Return the possible outcomes of a single-hit table, lowest first.

    Raises:
        HitPolicyError: rows fire together that unique or any keeps apart.
        NoRowError: no row can fire and the table has no `otherwise`.
        InvalidValueError: the table's hit policy gives many outcomes.
    """
    _check_hit(table, "every row that fires; ask collect", is_single=True)
    if table.hit in {HitPolicy.UNIQUE, HitPolicy.ANY}:
        found = _exclusive(table, must, may)
    else:
        found = _ordered(table, must, may)
    if not found:
        raise NoRowError(table.name)
    return tuple(outcome for outcome in table.outcomes if outcome in found)


def _ordered(table: DecisionTable, must: int, may: int) -> set[str]:
    found = set()
    for at in table.in_order:
        if may >> at & 1:
            found.add(table.rows[at].then)
        if must >> at & 1:
            return found
    return found if table.otherwise is None else {*found, table.otherwise}


def _exclusive(table: DecisionTable, must: int, may: int) -> set[str]:
    sure = [row for at, row in enumerate(table.rows) if must >> at & 1]
    outcomes = {row.then for row in sure}
    clash = len(sure) if table.hit is HitPolicy.UNIQUE else len(outcomes)
    if clash > 1:
        rows = tuple(row.id for row in sure)
        raise HitPolicyError(table.name, rows, table.hit.value)
    if outcomes:
        return outcomes
    found = {row.then for at, row in enumerate(table.rows) if may >> at & 1}
    return found if table.otherwise is None else {*found, table.otherwise}


def judge(table: DecisionTable, facts: Facts) -> tuple[str, ...]:
    """Return the possible outcomes by the reference evaluation, lowest first."""
    found = hits(table, facts)
    return resolve(table, found.must, found.may)


@attrs.frozen
class Found:
    """All that fires in a multi-hit table: what surely does and what perhaps does.

    For a collect, `total` bounds the sum, count, least or greatest of `adds`; it
    is None where no row fires and there is nothing to take the least of.
    """

    certain: tuple[str, ...]
    possible: tuple[str, ...]
    total: Interval | None = None


def collect(table: DecisionTable, facts: Facts) -> Found:
    """Return every outcome that fires, in rule order or output order.

    Raises:
        InvalidValueError: the table's hit policy gives one outcome.
    """
    _check_hit(table, "one outcome; ask judge or look_up", is_single=False)
    found = hits(table, facts)
    return gather(table, found.must, found.may)


def _check_hit(table: DecisionTable, answer: str, *, is_single: bool) -> None:
    problems = Problems()
    if table.hit.is_single is not is_single:
        problems.add("hit", "contradiction", table.hit.value, f"it gives {answer}")
    problems.check(f"table {table.name}")


def gather(table: DecisionTable, must: int, may: int) -> Found:
    """Turn the rows that fire into the answer of a multi-hit table."""
    places = list(range(len(table.rows)))
    if table.hit is HitPolicy.OUTPUT_ORDER:
        rank = {outcome: at for at, outcome in enumerate(table.outcomes)}
        places.sort(key=lambda at: -rank[table.rows[at].then])
    rows = [(at, table.rows[at]) for at in places]
    certain = tuple(row.then for at, row in rows if must >> at & 1)
    possible = tuple(row.then for at, row in rows if may >> at & 1)
    adds = {at: table.rows[at].adds for at in places}
    total = _TOTALS.get(table.hit, _no_total)(adds, must, may)
    return Found(certain, possible, total)


Adds: TypeAlias = dict[int, float]


def _no_total(adds: Adds, must: int, may: int) -> None:
    del adds, must, may


def _sum(adds: Adds, must: int, may: int) -> Interval:
    low = high = 0.0
    for at, add in _firing(adds, may):
        sure = must >> at & 1
        low += add if sure or add < 0 else 0.0
        high += add if sure or add > 0 else 0.0
    return Interval(low, high)


def _count(adds: Adds, must: int, may: int) -> Interval:
    del adds
    return Interval(float(must.bit_count()), float(may.bit_count()))


def _extreme(
    pick: Callable[[list[float]], float], adds: Adds, must: int, may: int
) -> Interval | None:
    perhaps = [add for _, add in _firing(adds, may)]
    if not perhaps:
        return None
    sure = [add for _, add in _firing(adds, must)]
    one_end = pick(perhaps)
    other = pick(sure) if sure else (max if pick is min else min)(perhaps)
    return Interval(min(one_end, other), max(one_end, other))


def _firing(adds: Adds, mask: int) -> Iterator[tuple[int, float]]:
    return ((at, add) for at, add in adds.items() if mask >> at & 1)


_TOTALS: Mapping[HitPolicy, Callable[[Adds, int, int], Interval | None]] = (
    MappingProxyType(
        {
            HitPolicy.SUM: _sum,
            HitPolicy.COUNT: _count,
            HitPolicy.MIN: functools.partial(_extreme, min),
            HitPolicy.MAX: functools.partial(_extreme, max),
        }
    )
)
