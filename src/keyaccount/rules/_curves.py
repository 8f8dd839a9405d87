"""What is wrong with a scorecard's curves: one runs the wrong way, one marks all alike.

Every curve is looked at where it bends, in between, and on a fine grid.
"""

from __future__ import annotations

from itertools import pairwise

from keyaccount.exceptions import Problem, Problems, ScorerError

from ._cells import anchors, pieces, say_value
from ._facts import Fact, FactKind
from ._scorecard import Criterion, Scorecard
from ._scorers import mark_of


__all__ = ["lint_criterion", "lint_scorecard"]


def lint_scorecard(card: Scorecard) -> tuple[Problem, ...]:
    """Return every scorer that runs the wrong way, or gives one mark whatever comes."""
    problems = Problems()
    for index, criterion in enumerate(card.criteria):
        fact = card.about[criterion.fact]
        lint_criterion(criterion, fact, f"criteria[{index}]", problems)
    return problems.all()


def lint_criterion(
    criterion: Criterion, fact: Fact, path: str, problems: Problems
) -> None:
    """Note what is wrong with one line of a scorecard."""
    is_number = fact.kind is FactKind.NUMBER
    values = _looked_at(criterion, fact) if is_number else fact.choices
    try:
        marks = [mark_of(criterion.scorer, value, criterion.id) for value in values]
    except ScorerError as error:
        problems.add(f"{path}.scorer", "bad-scorer", error.mark, str(error))
        return
    if criterion.weight and len(set(marks)) == 1 and len(values) > 1:
        problems.add(path, "dead-column", criterion.fact)
    if is_number and criterion.better != "either":
        _wrong_way(criterion, list(zip(values, marks, strict=True)), path, problems)


def _wrong_way(
    criterion: Criterion,
    points: list[tuple[float | str, float]],
    path: str,
    problems: Problems,
) -> None:
    sign = 1.0 if criterion.better == "higher" else -1.0
    for (left, before), (right, after) in pairwise(points):
        if (after - before) * sign < 0:
            marks = ", ".join(
                f"{say_value(fact)} → {say_value(mark)}"
                for fact, mark in ((left, before), (right, after))
            )
            problems.add(f"{path}.scorer", "not-monotone", criterion.id, marks)
            return


_FINE = 200


def _looked_at(criterion: Criterion, fact: Fact) -> tuple[float, ...]:
    """Return where a curve is looked at: bends, middles, and a fine grid."""
    coarse = pieces(anchors(criterion.scorer), fact.low, fact.high)
    low, high = coarse[0], coarse[-1]
    if low == high:  # nothing says where the curve bends
        low, high = min(low, -_WIDE), max(high, _WIDE)
        low = low if fact.low is None else max(low, fact.low)
        high = high if fact.high is None else min(high, fact.high)
    parts = [at / _FINE for at in range(_FINE + 1)]
    fine = (low * (1.0 - part) + high * part for part in parts)
    return pieces((*coarse, *fine), fact.low, fact.high)


_WIDE = 1000.0
