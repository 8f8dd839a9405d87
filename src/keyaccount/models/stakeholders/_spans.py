"""Between which bounds every fact of the people lies, whatever is not known."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, product
from typing import TypeAlias

import attrs

from keyaccount.domain import Attitude
from keyaccount.rules import (
    Compiled,
    DecisionTable,
    Facts,
    FactValue,
    Interval,
    constants,
)
from keyaccount.tri import Tri, any_of

from ._facts import FACTS, LEAST_LEVEL, MOST_LEVEL, mark_of
from ._survey import Person, Survey


__all__ = [
    "Span",
    "Spans",
    "coverage_of",
    "facts_of",
    "fires",
    "is_settled",
    "leans",
    "outcomes",
    "spans_of",
    "tell",
    "values_of",
]


@attrs.frozen
class Span:
    """Where a number lies; `is_void` says that it may have no value at all."""

    low: float = attrs.field(converter=float)
    high: float = attrs.field(converter=float)
    is_void: bool = False


Spans: TypeAlias = Mapping[str, Span | Tri]
"""What is known of each fact; one that has no value is left out."""

Marks: TypeAlias = Sequence[tuple[int | None, int]]
"""Administrative level, where known, and +1, 0 or −1 for the attitude."""


def spans_of(survey: Survey) -> Spans:
    """Return the bounds of every fact."""
    people = survey.people
    deciding = [person for person in people if person.decides]
    covered = coverage_of(survey)
    found: dict[str, Span | Tri | None] = {
        "people": _exact(len(people)),
        "levels_known": _exact(sum(one.level is not None for one in people)),
        "roles_known": _exact(sum(bool(one.roles) for one in people)),
        "attitudes_known": _exact(len(people) - _holding(people, Attitude.UNKNOWN)),
        "decision_makers": _exact(len(deciding)),
        "decision_maker_contacted": any_of(one.is_met for one in deciding),
        "decision_maker_opposed": any_of(_opposes(one) for one in deciding),
        "role_coverage": Span(covered.low, covered.high),
        "key_people": _count(one.is_key for one in people),
        "key_supporters_share": _key_share(people),
        "our_people_in_contact": Span(survey.our_side.low, survey.our_side.high),
        **_sides(people),
        **_contacts(survey),
    }
    leaning = leans(people)[1]
    if people:
        found["support_index"] = Span(leaning.low, leaning.high)
    return {name: span for name, span in found.items() if span is not None}


def facts_of(spans: Spans) -> Facts:
    """Bring what is known for sure through the door."""
    told: dict[str, object] = {}
    for name, span in spans.items():
        if isinstance(span, Tri):
            told[name] = span
        elif span.low == span.high and not span.is_void:
            told[name] = span.low
    return FACTS.read(told)


def _exact(count: int) -> Span:
    return Span(count, count)


def _count(answers: Iterable[Tri]) -> Span:
    given = list(answers)
    sure = given.count(Tri.YES)
    return Span(sure, sure + given.count(Tri.UNKNOWN))


def _holding(people: Iterable[Person], attitude: Attitude) -> int:
    return sum(person.attitude is attitude for person in people)


def _opposes(person: Person) -> Tri:
    if person.attitude is Attitude.UNKNOWN:
        return Tri.UNKNOWN
    return Tri.of(person.attitude is Attitude.OPPOSE)


def coverage_of(survey: Survey) -> Interval:
    """Return the share of the required roles that are covered (S1-6)."""
    roles = survey.policy.required_roles
    met = _count(any_of(one.is_met for one in survey.holders(role)) for role in roles)
    return Interval(met.low / len(roles), met.high / len(roles))


def _sides(people: Sequence[Person]) -> dict[str, Span | None]:
    """Count who is for us and who against, and weigh the two."""
    support, oppose = (
        _holding(people, side) for side in (Attitude.SUPPORT, Attitude.OPPOSE)
    )
    unknown = _holding(people, Attitude.UNKNOWN)
    most = support + oppose + unknown
    share = None
    if most:
        is_void = not support + oppose
        share = Span(support / most, (support + unknown) / most, is_void)
    return {
        "opponents": Span(oppose, oppose + unknown),
        "supporters": Span(support, support + unknown),
        "supporters_share": share,
    }


def _key_share(people: Sequence[Person]) -> Span | None:
    """Bound the share of key people who support us.

    Who may be key for all we know is left out or let in as it makes the share
    smallest or largest.
    """
    sure = [person for person in people if person.is_key is Tri.YES]
    maybe = [person for person in people if person.is_key is Tri.UNKNOWN]
    if not sure and not maybe:
        return None
    for_us = _holding(sure, Attitude.SUPPORT)
    low = _share(for_us, len(sure) + len(maybe) - _holding(maybe, Attitude.SUPPORT), 1)
    let_in = sum(_holding(maybe, one) for one in (Attitude.SUPPORT, Attitude.UNKNOWN))
    perhaps = for_us + _holding(sure, Attitude.UNKNOWN) + let_in
    high = _share(perhaps, len(sure) + let_in, 0)
    return Span(low, high, is_void=not sure)


def _share(part: int, whole: int, of_nothing: int) -> float:
    return part / whole if whole else float(of_nothing)


def _contacts(survey: Survey) -> dict[str, Span | None]:
    """Count the people met, and the days of silence."""
    told = [one.silent_days for one in survey.people if one.silent_days is not None]
    is_open = len(told) < len(survey.people)
    recent = sum(
        days <= survey.policy.number("contact_days") for days in survey.unlisted
    )
    met = _count(one.is_met for one in survey.people)
    latest = min((*told, *survey.unlisted), default=math.inf)
    longest = max(told, default=0)
    anybody = survey.people or survey.unlisted
    return {
        "people_contacted": Span(met.low + recent, met.high + recent),
        "days_since_contact": Span(0 if is_open else latest, latest)
        if anybody
        else None,
        "longest_silence": Span(longest, math.inf if is_open else longest)
        if survey.people
        else None,
    }


def leans(people: Iterable[Person]) -> tuple[Interval, Interval]:
    """Return the support index over known attitudes, and its bounds over everybody.

    Σ level · attitude ÷ Σ level (S1-6). In the bounds every unknown attitude may be
    anything from −1 to +1. A level that is not known may be any, in both; where
    there is nobody to ask, the index may be anything.
    """
    told: list[tuple[int | None, int]] = []
    blank: list[int | None] = []
    for person in people:
        level = person.level.level if person.level else None
        mark = mark_of(person.attitude)
        if mark is None:
            blank.append(level)
        else:
            told.append((level, mark))
    worst = [*told, *((level, -1) for level in blank)]
    best = [*told, *((level, 1) for level in blank)]
    return Interval(_least(told), _most(told)), Interval(_least(worst), _most(best))


def _least(marks: Marks) -> float:
    return 0.0 - _most([(level, -mark) for level, mark in marks])


def _most(marks: Marks) -> float:
    """Return the largest index that any filling in of the levels gives.

    Those for us weigh most then, those against us least; the neutral all weigh
    alike, much if the index is below zero, else little.
    """
    if not marks:
        return 1.0
    return max(_index(marks, neutral) for neutral in (LEAST_LEVEL, MOST_LEVEL))


def _index(marks: Marks, neutral: int) -> float:
    free = {1: MOST_LEVEL, 0: neutral, -1: LEAST_LEVEL}
    weighed = [(free[mark] if level is None else level, mark) for level, mark in marks]
    whole = sum(level for level, _ in weighed)
    return sum(level * mark for level, mark in weighed) / whole


def fires(rule: Compiled, facts: Facts, spans: Spans) -> Tri:
    """Tell whether a one-row table fires, for every way of filling in the facts."""
    found = [rule.hits(way) for way in _ways(rule.table, facts, spans)]
    if all(hits.must for hits in found):
        return Tri.YES
    return Tri.UNKNOWN if any(hits.may for hits in found) else Tri.NO


def outcomes(rule: Compiled, facts: Facts, spans: Spans) -> tuple[str, ...]:
    """Return what a table may answer, for every way of filling in the facts."""
    ways = _ways(rule.table, facts, spans)
    found = {outcome for way in ways for outcome in rule.possible(way)}
    return tuple(outcome for outcome in rule.table.outcomes if outcome in found)


def is_settled(rule: Compiled, facts: Facts, spans: Spans) -> bool:
    """Tell whether nothing that is still unknown could change a table's answer."""
    if rule.table.hit.is_single:
        return len(outcomes(rule, facts, spans)) == 1
    return fires(rule, facts, spans) is not Tri.UNKNOWN


def tell(facts: Facts, values: Mapping[str, FactValue]) -> Facts:
    """Return the facts with some of them filled in."""
    row = list(facts.row)
    for name, value in values.items():
        row[FACTS.positions[name]] = value
    return Facts(FACTS, tuple(row))


_MOST_WAYS = 100  # of filling in; beyond that the kernel's two rails answer


def _ways(table: DecisionTable, facts: Facts, spans: Spans) -> Iterator[Facts]:
    """Yield the facts, with each value that the table could tell apart filled in."""
    names = [name for name in table.asks if facts[name] is None and name in spans]
    choices = [values_of(table, name, spans[name]) for name in names]
    if math.prod(map(len, choices)) > _MOST_WAYS:
        yield facts
        return
    for way in product(*choices):
        yield tell(facts, dict(zip(names, way, strict=True)))


def values_of(
    table: DecisionTable, name: str, span: Span | Tri
) -> tuple[FactValue, ...]:
    """Return values that stand for all that a fact may have: ends, thresholds, between.

    An answer is the same all the way between two thresholds.
    """
    if isinstance(span, Tri):
        return Tri.YES, Tri.NO
    marks = [
        float(value)
        for row in table.rows
        for fact, value in constants(row.when)
        if fact == name
    ]
    high = span.high
    if math.isinf(high):
        high = max((span.low, *marks)) + 1
    ends = {span.low, high, *(mark for mark in marks if span.low < mark < high)}
    points = sorted(ends)
    between = ((left + right) / 2 for left, right in pairwise(points))
    values = (*points, *between)
    return (*values, None) if span.is_void else values
