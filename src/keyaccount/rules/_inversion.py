"""All the values of one fact for which a table surely gives what was asked for.

The answer is constant between the thresholds of the fact and the points where a
score that it feeds crosses one of its own. The crossings are found to the last bit
by halving the float grid, and every piece is judged again.
"""

from __future__ import annotations

import functools
import itertools
import math
import operator
import struct
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from keyaccount.exceptions import HitPolicyError, NoRowError, Problems, ScorerError

from ._cells import anchors
from ._conditions import constants
from ._facts import FactKind, Facts
from ._scorecard import Scorecard
from ._table import DecisionTable, judge
from ._verdict import Interval


__all__ = ["reaching"]


def reaching(
    table: DecisionTable, facts: Facts, name: str, outcomes: Iterable[str]
) -> tuple[Interval, ...]:
    """Return where a number must lie for the answer to be surely one of *outcomes*.

    All other facts stay as they are, known or not. Exact to the last bit for curves
    that rise or fall between their anchors; a stranger's curve is looked at in 128
    places, and between two that differ.

    Args:
        table: A table of a single-hit policy.
        facts: The other facts; the value of *name* in them does not matter.
        name: The number to be found.
        outcomes: What shall be answered.

    Returns:
        Closed intervals, rising; infinite ends where there is no limit.

    Raises:
        UnknownFactError: the fact is not declared.
        InvalidValueError: the fact is not a number.
    """
    fact = table.about[name]
    problems = Problems()
    if fact.kind is not FactKind.NUMBER:
        problems.add(name, "wrong-type", name, f"a number; it is a {fact.kind.value}")
    problems.check("reaching")
    least = -_LARGEST if fact.low is None else float(fact.low)
    most = _LARGEST if fact.high is None else float(fact.high)
    wanted = frozenset(outcomes)
    place = facts.schema.positions[name]

    def told(value: float) -> Facts:
        row = (*facts.row[:place], value + 0.0, *facts.row[place + 1 :])
        return Facts(facts.schema, row)

    def answers(value: float) -> bool:
        return _possible(table, told(value)) <= wanted

    stops = _stops(table, name, least, most)
    edges = {*stops}
    for left, right in pairwise(stops):
        first, last = math.nextafter(left, right), math.nextafter(right, left)
        edges.update((first, last))
        for is_over in _watches(table, name, told):
            if first < last and is_over(first) is not is_over(last):
                edges.update(_halved(is_over, first, last))
    judged = {edge: answers(edge) for edge in sorted(edges)}
    for left, right in pairwise(list(judged)):  # where a stranger's curve crosses
        if judged[left] is not judged[right]:
            edges.update(_halved(answers, left, right))
    found = _joined(sorted(edges), answers)
    if found and fact.low is None and found[0].low == least:
        found[0] = Interval(-math.inf, found[0].high)
    if found and fact.high is None and found[-1].high == most:
        found[-1] = Interval(found[-1].low, math.inf)
    return tuple(found)


_LARGEST = math.nextafter(math.inf, 0.0)


def _possible(table: DecisionTable, facts: Facts) -> frozenset[str | None]:
    try:
        return frozenset(judge(table, facts))
    except (HitPolicyError, NoRowError, ScorerError):
        return frozenset((None,))


def _stops(table: DecisionTable, name: str, least: float, most: float) -> list[float]:
    """Return thresholds and anchors, the ends of the range, and a look at strangers."""
    found = {least, most}
    for row in table.rows:
        found.update(
            float(value) for asked, value in constants(row.when) if asked == name
        )
    is_strange = False
    for card in table.scorecards:
        for criterion in card.criteria:
            if criterion.fact == name:
                bends = anchors(criterion.scorer)
                found.update(bends)
                is_strange = is_strange or not bends
    if is_strange:
        found.update(_spread(found))
    return sorted(stop for stop in found if least <= stop <= most)


_PLACES = 64


def _spread(found: set[float]) -> Iterator[float]:
    """Yield places about what is known of the curve, near and far."""
    known = [stop for stop in found if abs(stop) < _LARGEST] or [0.0]
    low, high = min(known), max(known)
    low, high = (low, high) if low < high else (low - 1.0, high + 1.0)
    for at in range(-_PLACES // 2, _PLACES // 2 * 3 + 1):
        part = at / _PLACES
        yield low * (1.0 - part) + high * part


def _watches(
    table: DecisionTable, name: str, told: Callable[[float], Facts]
) -> Iterator[Callable[[float], bool]]:
    """Yield, for each score that the fact feeds, whether a rail is over a floor."""
    for card in table.scorecards:
        if all(criterion.fact != name for criterion in card.criteria):
            continue
        floors = {
            float(value) * 100.0
            for row in table.rows
            for asked, value in constants(row.when)
            if asked == card.name
        }
        for floor in sorted(floors):
            for rail, is_over in itertools.product((0, 1), (operator.ge, operator.gt)):
                yield functools.partial(_compared, card, told, rail, is_over, floor)


def _compared(  # noqa: PLR0913, PLR0917 - bound by `_watches`
    card: Scorecard,
    told: Callable[[float], Facts],
    rail: int,
    is_over: Callable[[float, float], bool],
    floor: float,
    value: float,
) -> bool:
    return is_over(card.fold(told(value))[rail], floor)


def _halved(
    is_over: Callable[[float], bool], left: float, right: float
) -> tuple[float, float]:
    """Return the two neighbouring floats between which the answer changes."""
    low, high = _rank(left), _rank(right)
    at_left = is_over(left)
    while high - low > 1:
        middle = (low + high) // 2
        if is_over(_float(middle)) is at_left:
            low = middle
        else:
            high = middle
    return _float(low), _float(high)


def _rank(value: float) -> int:
    """Return the place of a float in the order of all floats."""
    bits = int.from_bytes(struct.pack(">d", abs(value)), "big")
    return bits if value >= 0.0 else -bits


def _float(rank: int) -> float:
    packed = abs(rank).to_bytes(8, "big")
    value: float = struct.unpack(">d", packed)[0]
    return -value if rank < 0 else value


def _joined(edges: list[float], answers: Callable[[float], bool]) -> list[Interval]:
    """Judge every edge and the middle of every piece; join what answers."""
    found: list[Interval] = []
    last: float | None = None
    for edge in edges:
        if not answers(edge):
            last = None
        elif last is not None and answers(last / 2 + edge / 2):
            found[-1] = Interval(found[-1].low, edge)
            last = edge
        else:
            found.append(Interval(edge, edge))
            last = edge
    return found
