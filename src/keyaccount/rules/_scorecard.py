"""A weighted score from 0 to 100, with bounds while facts are missing.

`fold = Σ weight × mark`, left to right; weights are whole per cents that add up
to 100; bands compare the fold with `floor × 100`; `score = fold × 0.01`. The
contributions `weight × mark` add up to the fold exactly, bit for bit. A missing
fact counts as a mark of 0 on the low rail and of 100 on the high one.
"""

from __future__ import annotations

from typing import Literal

import attrs

from keyaccount.exceptions import Problems, nearest

from ._checks import check_number, repeated
from ._facts import FactKind, Facts, FactSchema
from ._scorers import AnyScorer, Lookup, mark_of
from ._verdict import Interval, Reason


__all__ = ["Contribution", "Criterion", "Scorecard"]


WHOLE = 100


@attrs.frozen
class Criterion:
    """One line of a scorecard: a fact, its weight in whole per cent, its scorer.

    `better` declares which way the mark must go as the fact rises; hygiene holds
    the scorer to it. `group` names facts that say nearly the same, capped together.
    """

    id: str
    fact: str
    weight: int
    scorer: AnyScorer
    better: Literal["higher", "lower", "either"] = "either"
    group: str | None = None
    origin: str = "own"
    why: str = ""


@attrs.frozen
class Contribution:
    """What one criterion adds to the fold: weight × mark, as bounds."""

    criterion: str
    fact: str
    weight: int
    low: float
    high: float
    is_known: bool


@attrs.frozen
class Scorecard:
    """Criteria whose weights add up to 100; `caps` limits the weight of a group."""

    name: str
    about: FactSchema
    criteria: tuple[Criterion, ...]
    caps: tuple[tuple[str, int], ...] = ()

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        for index, criterion in enumerate(self.criteria):
            self._check(criterion, f"criteria[{index}]", problems)
        for slug in repeated(criterion.id for criterion in self.criteria):
            problems.add("criteria", "duplicate", slug)
        total = sum(c.weight for c in self.criteria if _is_whole(c.weight))
        if total != WHOLE:
            problems.add("criteria", "sum", total, "100, the weights in whole per cent")
        for group, cap in self.caps:
            carried = sum(
                c.weight
                for c in self.criteria
                if c.group == group and _is_whole(c.weight)
            )
            if check_number("caps", cap, problems) and carried > cap:
                most = f"{cap} per cent for the group {group}"
                problems.add("criteria", "too-large", carried, most)
        problems.check(f"scorecard {self.name}")

    def _check(self, criterion: Criterion, path: str, problems: Problems) -> None:
        weight = criterion.weight
        if not _is_whole(weight) or not 0 <= weight <= WHOLE:
            problems.add(f"{path}.weight", "out-of-range", weight, "whole, 0 to 100")
        if criterion.better not in _BETTER:
            better = nearest(str(criterion.better), _BETTER)
            problems.add(f"{path}.better", "unknown-choice", criterion.better, better)
        if not _can_mark(criterion.scorer):
            wanted = "a scorer such as Linear(low, high)"
            problems.add(f"{path}.scorer", "wrong-type", criterion.scorer, wanted)
            return
        if criterion.fact not in self.about:
            offered = nearest(criterion.fact, self.about.names)
            problems.add(f"{path}.fact", "unknown-fact", criterion.fact, offered)
            return
        fact = self.about[criterion.fact]
        is_lookup = isinstance(criterion.scorer, Lookup)
        if is_lookup != (fact.kind is FactKind.CHOICE):
            wanted = "a lookup for a choice, any other scorer for a number"
            problems.add(f"{path}.scorer", "wrong-type", criterion.fact, wanted)
        elif fact.kind is FactKind.YES_NO:
            problems.add(f"{path}.fact", "wrong-type", criterion.fact, "no yes-no fact")
        elif isinstance(criterion.scorer, Lookup):
            marked = {slug for slug, _ in criterion.scorer.marks}
            if marked != set(fact.choices):
                exactly = f"mark exactly {', '.join(fact.choices)}"
                where = f"{path}.scorer.marks"
                problems.add(where, "contradiction", sorted(marked), exactly)

    def marks(self, facts: Facts) -> tuple[tuple[float, float], ...]:
        """Return the lowest and the highest mark of each criterion, in order."""
        found = []
        for criterion in self.criteria:
            value = facts[criterion.fact]
            if value is None:
                found.append((0.0, 100.0))
            else:
                mark = mark_of(criterion.scorer, value, criterion.id)  # type: ignore[arg-type]  # a number or a slug, by _check
                found.append((mark, mark))
        return tuple(found)

    def contributions(self, facts: Facts) -> tuple[Contribution, ...]:
        """Return what each criterion adds, in order; they add up to the fold."""
        return tuple(
            Contribution(
                criterion.id,
                criterion.fact,
                criterion.weight,
                criterion.weight * low,
                criterion.weight * high,
                facts[criterion.fact] is not None,
            )
            for criterion, (low, high) in zip(
                self.criteria, self.marks(facts), strict=True
            )
        )

    def fold(self, facts: Facts) -> tuple[float, float]:
        """Return the lowest and the highest Σ weight × mark."""
        low = high = 0.0
        pairs = zip(self.criteria, self.marks(facts), strict=True)
        for criterion, (least, most) in pairs:
            low += criterion.weight * least
            high += criterion.weight * most
        return low, high

    def score(self, facts: Facts) -> Interval:
        """Return the score from 0 to 100, as bounds."""
        low, high = self.fold(facts)
        return Interval(low * 0.01, high * 0.01)

    def why(self, facts: Facts) -> Reason:
        """Say what each criterion adds to the score."""
        low = high = 0.0
        parts = []
        for part in self.contributions(facts):
            low += part.low
            high += part.high
            data: tuple[tuple[str, float | str], ...] = (
                ("criterion", part.criterion),
                ("card", self.name),
                ("fact", part.fact),
                ("unit", "mark"),
                ("points", part.low * 0.01),
                ("most", float(part.weight)),
            )
            parts.append(Reason("points" if part.is_known else "points-open", data))
        score = Interval(low * 0.01, high * 0.01)
        code = "score" if score.is_exact else "score-open"
        bounds = (("low", score.low), ("high", score.high))
        data = (("card", self.name), ("unit", "mark"), *bounds)
        return Reason(code, data, tuple(parts))


_BETTER = ("higher", "lower", "either")


def _can_mark(scorer: object) -> bool:
    return callable(scorer)


def _is_whole(weight: object) -> bool:
    return isinstance(weight, int) and not isinstance(weight, bool)
