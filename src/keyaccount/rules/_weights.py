"""How far a weight may be wrong before the answer changes.

One criterion's weight is moved by whole per cents, the others keep their
proportions, and the table is judged again.
"""

from __future__ import annotations

import attrs

from keyaccount.exceptions import HitPolicyError, NoRowError, UnknownNameError

from ._conditions import Reading
from ._facts import Facts
from ._scorecard import WHOLE, Scorecard
from ._table import DecisionTable, fire, read, resolve


__all__ = ["WeightRange", "sensitivity", "weight_range"]


@attrs.frozen
class WeightRange:
    """The weights of one criterion for which the same outcomes stay possible."""

    card: str
    criterion: str
    weight: int
    lowest: int
    highest: int


def sensitivity(table: DecisionTable, facts: Facts) -> tuple[WeightRange, ...]:
    """Return the range of every weight of every scorecard, as declared in order."""
    return tuple(
        WeightRange(
            card.name,
            criterion.id,
            criterion.weight,
            *weight_range(table, card.name, criterion.id, facts),
        )
        for card in table.scorecards
        for criterion in card.criteria
    )


def weight_range(
    table: DecisionTable, card_name: str, criterion_id: str, facts: Facts
) -> tuple[int, int]:
    """Return the lowest and the highest weight that leaves the outcomes as they are.

    Whole per cents about the present one, which they contain; the other weights are
    scaled so that all add up to 100. A criterion that carries all of it stays at 100:
    there is nothing to give the rest to.

    Raises:
        UnknownNameError: no such scorecard, or no such criterion in it.
    """
    card = _named(table, card_name)
    index = _place(card, criterion_id)
    weight = card.criteria[index].weight
    if weight == WHOLE:
        return WHOLE, WHOLE
    reading = read(table, facts)
    parts = [(part.low, part.high) for part in card.contributions(facts)]
    marks = card.marks(facts)[index]

    def outcomes(tried: int) -> tuple[str, ...]:
        scale = (WHOLE - tried) / (WHOLE - weight)
        low = high = 0.0
        for at, part in enumerate(parts):
            own = (tried * marks[0], tried * marks[1])
            scaled = (part[0] * scale, part[1] * scale)
            low += own[0] if at == index else scaled[0]
            high += own[1] if at == index else scaled[1]
        moved = Reading(reading.facts, {**reading.folds, card.name: (low, high)})
        return _outcomes(table, moved)

    present = outcomes(weight)
    lowest = highest = weight
    while lowest > 0 and outcomes(lowest - 1) == present:
        lowest -= 1
    while highest < WHOLE and outcomes(highest + 1) == present:
        highest += 1
    return lowest, highest


def _named(table: DecisionTable, name: str) -> Scorecard:
    for card in table.scorecards:
        if card.name == name:
            return card
    offered = tuple(card.name for card in table.scorecards)
    raise UnknownNameError("scorecard", name, offered)


def _place(card: Scorecard, criterion_id: str) -> int:
    ids = tuple(criterion.id for criterion in card.criteria)
    if criterion_id not in ids:
        raise UnknownNameError("criterion", criterion_id, ids)
    return ids.index(criterion_id)


def _outcomes(table: DecisionTable, reading: Reading) -> tuple[str, ...]:
    """Return what is possible; a table that refuses to answer has one answer, that."""
    found = fire(table, reading)
    if not table.hit.is_single:
        return f"{found.must:x}", f"{found.may:x}"
    try:
        return resolve(table, found.must, found.may)
    except (HitPolicyError, NoRowError) as error:
        return (error.code,)
