"""Random rules and random facts: schemas, facts, conditions, cards, tables.

Names, thresholds and marks come from small pools, so that rules and facts meet on
the same numbers; facts also lie one step of the float grid beside a threshold.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import attrs
from hypothesis import strategies as st

from keyaccount.rules import (
    All,
    Any,
    Between,
    Compare,
    Condition,
    Criterion,
    Decay,
    DecisionTable,
    Fact,
    FactKind,
    Facts,
    FactSchema,
    FactValue,
    HitPolicy,
    Known,
    Linear,
    Lookup,
    Named,
    Not,
    OneOf,
    Op,
    Row,
    Scorecard,
    Steps,
    Yes,
)
from keyaccount.rules._conditions import constants
from keyaccount.rules._scorers import AnyScorer
from keyaccount.tri import Tri


__all__ = [
    "Anchors",
    "Plateau",
    "anchors_of",
    "cases",
    "completions",
    "conditions",
    "facts_for",
    "schemas",
    "scorecards",
    "scorers",
    "tables",
]


Anchors = Mapping[str, Sequence[float]]
T = TypeVar("T")


# `s`, `row`, `facts` and the like once overwrote a local of generated code.
NAMES = ("s", "row", "facts", "fold", "x", "margin", "growth_ratio", "must", "_", "客")
CHOICES = ("pre", "doc", "post", "none", "o'clock", 'a"b\\c')
POOL = (
    -1e15,
    -3.0,
    -1.0,
    0.0,
    0.1,
    0.2,
    0.3,
    0.1 + 0.2,
    0.5,
    0.8,
    1.0,
    1.2,
    3.0,
    10.0,
    60.0,
    100.0,
    1e6,
    123456789.12,
    1e15,
)
ANSWERS = ("bronze", "silver", "gold", "diamond")


@attrs.frozen
class Plateau:
    """A scorer that no file knows: 40 below its edge, 90 from there on."""

    edge: float

    def __call__(self, fact: float, /) -> float:
        """Return the mark."""
        return 90.0 if fact >= self.edge else 40.0


@functools.cache
def pick(values: tuple[T, ...]) -> st.SearchStrategy[T]:
    """Return the one strategy that picks among these values: strategies are dear."""
    return st.sampled_from(values)


BOOLEANS = st.booleans()
MARKS = st.sampled_from([0.0, 20.0, 33.3, 50.0, 62.5, 100.0]) | st.floats(0.0, 100.0)
ANYTHING = st.floats(allow_nan=False, allow_infinity=False)
RANGES = ((None, None), (0.0, None), (0.0, 1.0), (0.0, 100.0))


@functools.cache
def numbers(
    low: float | None = None, high: float | None = None
) -> st.SearchStrategy[float]:
    """Draw a number from the pool, or any finite one, within a range."""
    least = -math.inf if low is None else low
    most = math.inf if high is None else high
    pool = tuple(value for value in POOL if least <= value <= most)
    anything = st.floats(low, high, allow_nan=False, allow_infinity=False)
    return pick(pool) | anything if pool else anything


@st.composite
def schemas(draw: st.DrawFn, *, most: int = 5) -> FactSchema:
    """Draw one to *most* declared facts; the first is always a number."""
    count = draw(pick(tuple(range(1, most + 1))))
    first = draw(pick(tuple(range(len(NAMES)))))
    names = [NAMES[(first + at) % len(NAMES)] for at in range(count)]
    kinds = [FactKind.NUMBER, *(draw(pick(tuple(FactKind))) for _ in names[1:])]
    pairs = zip(names, kinds, strict=True)
    return FactSchema(tuple(_declare(draw, name, kind) for name, kind in pairs))


def _declare(draw: st.DrawFn, name: str, kind: FactKind) -> Fact:
    if kind is FactKind.YES_NO:
        return Fact.yes_no(name)
    if kind is FactKind.CHOICE:
        first, count = draw(pick((0, 1, 2))), draw(pick((1, 2, 3, 4)))
        return Fact.choice(name, CHOICES[first : first + count])
    low, high = draw(pick(RANGES))
    return Fact.number(name, low=low, high=high, movable=draw(BOOLEANS))


@st.composite
def facts_for(
    draw: st.DrawFn,
    schema: FactSchema,
    anchors: Anchors | None = None,
    *,
    unknown: bool = True,
) -> Facts:
    """Draw facts: unknown, on an anchor, one step beside it, or anything."""
    known = anchors or {}
    return schema.read(
        {
            fact.name: _draw_value(draw, fact, known.get(fact.name, ()))
            for fact in schema
            if not unknown or draw(pick((True, True, False)))
        }
    )


@st.composite
def completions(draw: st.DrawFn, facts: Facts, anchors: Anchors | None = None) -> Facts:
    """Draw one way of filling in everything that is unknown."""
    known = anchors or {}
    told = {
        name: _draw_value(draw, facts.schema[name], known.get(name, ()))
        for name in facts.unknown
    }
    return facts.with_(**told)


def _draw_value(draw: st.DrawFn, fact: Fact, anchors: Sequence[float]) -> FactValue:
    if fact.kind is FactKind.YES_NO:
        answer: Tri = draw(pick((Tri.YES, Tri.NO)))
        return answer
    if fact.kind is FactKind.CHOICE:
        slug: str = draw(pick(fact.choices))
        return slug
    beside = [x for anchor in anchors for x in _beside(anchor) if _fits(fact, x)]
    is_beside: bool = draw(BOOLEANS)
    if beside and is_beside:
        return beside[draw(st.integers(0, len(beside) - 1))]
    return draw(numbers(fact.low, fact.high))


def _beside(anchor: float) -> tuple[float, float, float]:
    return math.nextafter(anchor, -math.inf), anchor, math.nextafter(anchor, math.inf)


def _fits(fact: Fact, value: float) -> bool:
    least = -math.inf if fact.low is None else fact.low
    most = math.inf if fact.high is None else fact.high
    return math.isfinite(value) and least <= value <= most


@st.composite
def conditions(
    draw: st.DrawFn, schema: FactSchema, scores: Iterable[str] = ()
) -> Condition:
    """Draw a condition of any kind, at most four levels deep."""
    return _condition(draw, schema, tuple(scores), 1)


_KINDS = ("ask", "ask", "ask", "all", "any", "not")
_MOST_LEVELS = 4


def _condition(
    draw: st.DrawFn, schema: FactSchema, scores: tuple[str, ...], level: int
) -> Condition:
    kind = "ask" if level == _MOST_LEVELS else draw(pick(_KINDS))
    if kind == "ask":
        return _ask(draw, schema, scores)
    if kind == "not":
        return Not(_condition(draw, schema, scores, level + 1))
    count = draw(pick((1, 2, 2, 3)))
    terms = tuple(_condition(draw, schema, scores, level + 1) for _ in range(count))
    return All(terms) if kind == "all" else Any(terms)


def _ask(draw: st.DrawFn, schema: FactSchema, scores: tuple[str, ...]) -> Condition:
    name = draw(pick((*schema.names, *scores)))
    if name in scores:
        return _ask_number(draw, name, numbers(0.0, 100.0))
    fact = schema[name]
    if draw(pick((True, False, False, False, False))):
        return Known(name)
    if fact.kind is FactKind.YES_NO:
        return Yes(name)
    if fact.kind is FactKind.CHOICE:
        first = draw(pick(tuple(range(len(fact.choices)))))
        return OneOf(name, fact.choices[first : first + draw(pick((1, 2)))])
    return _ask_number(draw, name, numbers(fact.low, fact.high))


def _ask_number(
    draw: st.DrawFn, name: str, value: st.SearchStrategy[float]
) -> Condition:
    number = draw(value)
    if draw(BOOLEANS):
        named = Named(number, "a_number") if draw(BOOLEANS) else number
        return Compare(name, draw(pick(tuple(Op))), named)
    low, high = sorted((number, draw(value)))
    return Between(name, low, high, draw(BOOLEANS), draw(BOOLEANS))


@st.composite
def scorers(draw: st.DrawFn, fact: Fact, *, columnar: bool = False) -> AnyScorer:
    """Draw a scorer that fits the fact; *columnar* ones have a column form."""
    if fact.kind is FactKind.CHOICE:
        return Lookup(tuple((slug, draw(MARKS)) for slug in fact.choices))
    kinds = ("linear", "linear", "steps") if columnar else _CURVES
    kind = draw(pick(kinds))
    if kind == "linear":
        low = draw(pick(POOL))
        return Linear(low, draw(pick(tuple(x for x in POOL if _apart(x, low)))))
    if kind == "steps":
        count = draw(pick((1, 2, 3, 4)))
        floors = sorted({draw(numbers()) for _ in range(count)})
        return Steps(tuple((floor, draw(MARKS)) for floor in floors), draw(MARKS))
    if kind == "decay":
        return Decay(draw(pick((0.5, 1.0, 30.0))))
    return Plateau(draw(pick(POOL)))


_CURVES = ("linear", "linear", "steps", "decay", "plateau")


def _apart(low: float, high: float) -> bool:
    return abs(high - low) > 1e-9 * max(abs(low), abs(high))


@st.composite
def scorecards(
    draw: st.DrawFn,
    schema: FactSchema,
    name: str = "composite",
    *,
    columnar: bool = False,
) -> Scorecard:
    """Draw up to four criteria over numbers and choices, weights adding up to 100."""
    markable = tuple(fact for fact in schema if fact.kind is not FactKind.YES_NO)
    count = draw(pick((1, 2, 3, 4)))
    about = [draw(pick(markable)) for _ in range(count)]
    edges = [0, *sorted(draw(_CUTS) for _ in about[1:]), 100]
    weights = [right - left for left, right in itertools.pairwise(edges)]
    criteria = tuple(
        Criterion(f"c{at}", fact.name, weight, draw(scorers(fact, columnar=columnar)))
        for at, (fact, weight) in enumerate(zip(about, weights, strict=True))
    )
    return Scorecard(name, schema, criteria)


_CUTS = st.integers(0, 100)


@st.composite
def tables(
    draw: st.DrawFn,
    schema: FactSchema | None = None,
    *,
    hits: Sequence[HitPolicy] = tuple(HitPolicy),
    cards: int = 2,
    rows: int = 5,
    columnar: bool = False,
) -> DecisionTable:
    """Draw a table of one of the hit policies, with up to *cards* scorecards."""
    about = draw(schemas()) if schema is None else schema
    names = ("composite", "other_score")[: draw(pick(tuple(range(cards + 1))))]
    drawn = tuple(draw(scorecards(about, name, columnar=columnar)) for name in names)
    count = draw(pick(tuple(range(1, rows + 1))))
    turn = draw(pick((0, 1, 2, 3)))
    return DecisionTable(
        "random",
        about,
        tuple(
            Row(
                f"r{at}",
                draw(conditions(about, names)),
                draw(pick(ANSWERS)),
                draw(pick((-2.5, 0.0, 0.1, 1.0, 40.0))),
            )
            for at in range(count)
        ),
        otherwise=draw(pick((None, "ordinary"))),
        hit=draw(pick(tuple(hits))),
        outcomes=("ordinary", *ANSWERS[turn:], *ANSWERS[:turn]),
        scorecards=drawn,
    )


@st.composite
def cases(
    draw: st.DrawFn,
    *,
    hits: Sequence[HitPolicy] = tuple(HitPolicy),
    columnar: bool = False,
    unknown: bool = True,
) -> tuple[DecisionTable, Facts]:
    """Draw a table, and facts that meet its thresholds and anchors."""
    table = draw(tables(hits=hits, columnar=columnar))
    facts = draw(facts_for(table.about, anchors_of(table), unknown=unknown))
    return table, facts


def anchors_of(table: DecisionTable) -> dict[str, tuple[float, ...]]:
    """Return every number that a table or its scorers compare a fact with."""
    found: dict[str, set[float]] = {}
    for row in table.rows:
        for name, value in constants(row.when):
            found.setdefault(name, set()).add(float(value))
    for card in table.scorecards:
        for criterion in card.criteria:
            anchors = found.setdefault(criterion.fact, set())
            anchors.update(_anchors(criterion.scorer))
    return {name: tuple(sorted(values)) for name, values in found.items()}


def _anchors(scorer: AnyScorer) -> tuple[float, ...]:
    match scorer:
        case Linear(low=low, high=high):
            return float(low), float(high)
        case Steps(at=at):
            return tuple(float(floor) for floor, _ in at)
        case Decay(half_life=half_life):
            return 0.0, float(half_life)
        case Plateau(edge=edge):
            return (edge,)
        case _:
            return ()
