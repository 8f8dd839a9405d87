"""Which shifts are missing, over everything that is not known, asked of many customers.

There are but so many ways of selling and sets of designations: what was asked before is
remembered, so that a portfolio takes no longer than its rows.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

import attrs

from keyaccount.domain import SalesMotion, StrategicDesignation
from keyaccount.rules import (
    Compiled,
    Facts,
    FactValue,
    Known,
    Missing,
    asked,
    missing,
    narrowing,
)
from keyaccount.tri import Tri

from ._facts import DESIGNATION, FACTS, MODES, Lacking, motion_facts
from ._shifts import Mode, SalesShift, ShiftDemand, made, motion_of
from ._verdict import RequiredMotion


__all__ = ["Demands", "Designations", "Judge", "Judged", "judging", "required_of"]


Designations: TypeAlias = tuple[StrategicDesignation, ...]
"""All that a customer may be, lowest first."""

Demands: TypeAlias = Mapping[StrategicDesignation, tuple[ShiftDemand, ...]]
"""What each designation says of the shifts, in their order."""


@attrs.frozen
class Judged:
    """What follows from how we sell and from all that the customer may be."""

    required: RequiredMotion
    lacking: Lacking
    answers: tuple[Tri, ...]
    more: tuple[SalesShift, ...]
    missing: tuple[Missing, ...]

    def shifts(self, wanted: Tri) -> tuple[SalesShift, ...]:
        """Return the shifts of which this is the answer to whether they are missing."""
        held = zip(SalesShift, self.lacking, strict=True)
        return tuple(shift for shift, answer in held if answer is wanted)


Judge: TypeAlias = Callable[[SalesMotion, Designations], Judged]


def judging(demands: Demands, right: Compiled) -> Judge:
    """Return the tables of this model as one question that remembers its answers."""
    by_known = {name for row in right.table.rows for name in asked(row.when, Known)}

    @functools.cache
    def judge(motion: SalesMotion, possible: Designations) -> Judged:
        return Judged(
            required_of(possible, demands),
            _lacking(motion, possible, demands),
            answers(motion, possible),
            tuple(_more(motion, possible, demands)),
            questions(motion, possible),
        )

    @functools.cache
    def answers(motion: SalesMotion, possible: Designations) -> tuple[Tri, ...]:
        """Return every answer that some way of filling in the unknown gives.

        Only where a row asks whether a fact is known is it left unknown: that is then
        its answer.
        """
        known = together(motion, possible)
        kept = {name: None for name in by_known if known[name] is None}
        found = {
            outcome
            for way in _ways(motion)
            for one in possible
            for outcome in right.possible(together(way, (one,)).with_(**kept))
        }
        return tuple(answer for answer in (Tri.NO, Tri.YES) if answer.value in found)

    def together(motion: SalesMotion, possible: Designations) -> Facts:
        """Return what is known, and what follows from it whatever is not."""
        one = possible[0] if len(possible) == 1 else None
        return motion_facts(one, motion, _lacking(motion, possible, demands))

    def questions(motion: SalesMotion, possible: Designations) -> tuple[Missing, ...]:
        """Return what is to be asked until no shift is open, the most telling first.

        That is whatever leaves the fewest answers on average, then the fewest shifts
        that may be missing. What changes nothing is not asked.
        """

        def found(told: Facts) -> tuple[tuple[Tri, ...], Lacking]:
            way, ones = _told(told), _left(told, possible)
            return answers(way, ones), _lacking(way, ones, demands)

        def left(told: Facts) -> float:
            outcomes, lacking = found(told)
            return len(outcomes) * 100 + lacking.count(Tri.UNKNOWN)

        values = _open(motion, possible)
        known = together(motion, possible)
        now = found(known)
        direct = right.table.asks if len(now[0]) > 1 else ()
        names = [
            name
            for name, ways in values.items()
            if name in direct
            or any(found(known.with_(**{name: w})) != now for w in ways)
        ]
        return missing(FACTS, narrowing(left, known, names, values))

    return judge


def required_of(possible: Designations, demands: Demands) -> RequiredMotion:
    """Put together what all of the designations ask for, and where they differ."""
    modes: dict[SalesShift, Mode] = {}
    optional, undecided = list[SalesShift](), list[SalesShift]()
    for shift, said in _said(possible, demands):
        if said == {ShiftDemand.ASKED}:
            modes[shift] = shift.to
        elif said == {ShiftDemand.NOT_ASKED}:
            modes[shift] = shift.now
        elif said == {ShiftDemand.OPTIONAL}:
            optional.append(shift)
        else:
            undecided.append(shift)
    motion = motion_of(modes)
    return RequiredMotion(possible, motion, tuple(optional), tuple(undecided))


def _said(
    possible: Designations, demands: Demands
) -> Iterator[tuple[SalesShift, set[ShiftDemand]]]:
    """Yield all that the designations say of each shift."""
    for at, shift in enumerate(SalesShift):
        yield shift, {demands[one][at] for one in possible}


def _lacking(motion: SalesMotion, possible: Designations, demands: Demands) -> Lacking:
    """Whether each shift is missing, whatever of the possible the customer is."""
    found = []
    for shift, said in _said(possible, demands):
        is_made = made(shift, motion)
        if is_made is Tri.YES or ShiftDemand.ASKED not in said:
            found.append(Tri.NO)
        elif is_made is Tri.NO and len(said) == 1:
            found.append(Tri.YES)
        else:
            found.append(Tri.UNKNOWN)
    return tuple(found)


def _more(
    motion: SalesMotion, possible: Designations, demands: Demands
) -> Iterator[SalesShift]:
    """Yield the shifts that are made although no designation asks for them."""
    for shift, said in _said(possible, demands):
        if made(shift, motion) is Tri.YES and said == {ShiftDemand.NOT_ASKED}:
            yield shift


def _ways(motion: SalesMotion) -> Iterator[SalesMotion]:
    """Yield every way in which we may sell, as far as anybody knows."""
    held: list[tuple[Mode, ...]] = []
    for shift in SalesShift:
        mode: Mode | None = getattr(motion, shift.part)
        held.append((shift.now, shift.to) if mode is None else (mode,))
    for way in itertools.product(*held):
        yield motion_of(dict(zip(SalesShift, way, strict=True)))


def _open(
    motion: SalesMotion, possible: Designations
) -> dict[str, tuple[FactValue, ...]]:
    """Return what nobody has told, and all that may be answered."""
    values: dict[str, tuple[FactValue, ...]] = {}
    if len(possible) > 1:
        values[DESIGNATION] = tuple(one.value for one in possible)
    for shift in SalesShift:
        if made(shift, motion) is Tri.UNKNOWN:
            values[MODES[shift]] = (shift.now.value, shift.to.value)
    return values


def _told(facts: Facts) -> SalesMotion:
    modes = {
        shift: mode
        for shift in SalesShift
        for mode in (shift.now, shift.to)
        if mode.value == facts[MODES[shift]]
    }
    return motion_of(modes)


def _left(facts: Facts, possible: Designations) -> Designations:
    slug = facts[DESIGNATION]
    return tuple(one for one in possible if slug in {None, one.value})
