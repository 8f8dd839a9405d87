"""Which fact decides where two sets of rules see the same customer differently.

Of two policies the first rule that answers otherwise makes the difference, for the
first rule that applies decides. Of its conditions those count that keep it from
applying; among several the one on the fact that weighs most in the score, then the
first in the order of the facts. A condition on the score stands for the criterion
that moved the score most; where only the limit moved, for the score itself. Where no
rule answers otherwise but one gives another outcome, its heaviest fact is named.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping

import attrs

from keyaccount.rules import Compare, Facts, FactValue, Op, Reason, holds
from keyaccount.tri import Tri

from .standings import Judge, Standing


__all__ = ["Side", "Tip", "tip"]


@attrs.frozen
class Side:
    """A customer's facts, and the rules that judge them."""

    judge: Judge
    facts: Facts

    @functools.cached_property
    def standing(self) -> Standing:
        """Where the rules leave the customer."""
        return self.judge.judge(self.facts)

    @functools.cached_property
    def fold(self) -> float:
        """The score, both bounds together, for a look at what moves it."""
        return sum(self.judge.card.fold(self.facts))

    def with_(self, others: Facts, names: Iterable[str]) -> Side:
        """Return the same rules on facts of which some are somebody else's."""
        taken = {*names}
        row: tuple[FactValue, ...] = tuple(
            others[name] if name in taken else value
            for name, value in self.facts.items()
        )
        return Side(self.judge, Facts(self.facts.schema, row))


@attrs.frozen
class Tip:
    """The fact that decides, whether by itself, and what it takes besides."""

    fact: str
    alone: bool
    together: tuple[str, ...] = ()


def tip(was: Side, now: Side) -> Tip:
    """Say which fact decides between two sets of rules; see the top of this file."""
    of_problem = was.standing.is_problem != now.standing.is_problem
    first = was.judge.rows(was.facts, of_problem=of_problem)
    second = now.judge.rows(now.facts, of_problem=of_problem)
    before, after = _answers(first), _answers(second)
    for row in _in_order(first, second):
        one, other = _answer(before.get(row)), _answer(after.get(row))
        if one < other:
            return _of_row(before.get(row), after.get(row), was, now, is_lifted=True)
        if one > other:
            return _of_row(after.get(row), before.get(row), now, was, is_lifted=False)
    return _of_outcome(first, second, now)


_RISING = ("fails", "open", "fires")


def _answers(rows: Iterable[Reason]) -> dict[str, Reason]:
    return {str(row.get("row")): row for row in rows}


def _answer(row: Reason | None) -> int:
    """How far a rule is from applying; one that is not there does not apply."""
    return 0 if row is None else _RISING.index(row.code.removeprefix("row-"))


def _in_order(first: tuple[Reason, ...], second: tuple[Reason, ...]) -> Iterator[str]:
    """Yield the rules in the order in which they count, as far as they do."""
    places: dict[str, int] = {}
    for rows in (first, second):
        for place, (name, row) in enumerate(_answers(rows).items()):
            places[name] = min(place, places.get(name, place))
            if row.code == "row-fires":
                break
    yield from sorted(places, key=places.__getitem__)


def _of_row(
    low: Reason | None, high: Reason | None, under: Side, over: Side, *, is_lifted: bool
) -> Tip:
    """Name the fact that keeps a rule from applying on the one side.

    Lifting a rule takes all that kept it down; each of them alone brings it down.
    """
    asked = _leaves(low) or _leaves(high)
    found = _leaves(high)
    flipped = [
        name
        for name, leaf in asked.items()
        if name in found and _said(found[name]) != _said(leaf)
    ]
    first, *others = _by_weight(flipped or asked or under.facts, under)
    if low is None or not is_lifted:
        others = []
    tipped = Tip(first, alone=not others, together=_in_fact_order(others, under))
    return (
        tipped if first in under.facts.schema else _of_score(tipped, asked, under, over)
    )


def _leaves(row: Reason | None) -> dict[str, Reason]:
    """Return what the rule says of each fact or score that it asks for."""
    if row is None:
        return {}
    leaves = (leaf for _, leaf in row.walk() if not leaf.because)
    return {str(leaf.get("fact")): leaf for leaf in leaves if leaf.get("fact")}


def _said(leaf: Reason) -> str:
    """Return whether a condition holds, fails or is open."""
    return leaf.code.rpartition("-")[2]


def _by_weight(names: Iterable[str], side: Side) -> list[str]:
    """Sort by the weight in the score, then as declared; a score stands last."""
    weights: dict[str, int] = {}
    for criterion in side.judge.card.criteria:
        weights[criterion.fact] = weights.get(criterion.fact, 0) + criterion.weight
    in_order = [*_in_fact_order(names, side), *sorted({*names} - {*side.facts})]
    return sorted(in_order, key=lambda name: -weights.get(name, 0))


def _in_fact_order(names: Iterable[str], side: Side) -> tuple[str, ...]:
    wanted = {*names}
    return tuple(name for name in side.facts if name in wanted)


def _of_score(tipped: Tip, asked: Mapping[str, Reason], under: Side, over: Side) -> Tip:
    """Name the criterion that moved the score most, unless only the limit moved."""
    leaf = asked[tipped.fact]
    limit = leaf.get("needed")
    if not isinstance(limit, float):
        return tipped
    asks = Compare(tipped.fact, Op(leaf.get("op")), limit)
    below, above = under.judge.card.fold(under.facts), over.judge.card.fold(over.facts)

    def answer(fold: tuple[float, float]) -> Tri:
        return holds(asks, under.facts, {tipped.fact: fold})

    if answer(above) is answer(below):
        return tipped
    way = sum(above) - sum(below)
    pulls = {name: _pull(name, under, over) for name in under.facts}
    first = max(pulls, key=lambda name: sum(pulls[name]) * way)
    low, high = pulls[first]
    is_enough = answer((below[0] + low, below[1] + high)) is not answer(below)
    return attrs.evolve(tipped, fact=first, alone=tipped.alone and is_enough)


def _pull(name: str, under: Side, over: Side) -> tuple[float, float]:
    """Return by how much more a fact adds to the one score than to the other."""
    low = high = 0.0
    for side, sign in ((over, 1), (under, -1)):
        for part in side.judge.card.contributions(side.facts):
            if part.fact == name:
                low, high = low + sign * part.low, high + sign * part.high
    return low, high


def _of_outcome(
    first: tuple[Reason, ...], second: tuple[Reason, ...], side: Side
) -> Tip:
    """Name the heaviest fact of the rule that applies, of all rules if none does."""
    fired = [row for row in (*second, *first) if row.code == "row-fires"]
    rows = fired[:1] or [*second, *first]
    asked = {name: None for row in rows for name in _leaves(row)}
    return Tip(_by_weight(asked or side.facts, side)[0], alone=True)
