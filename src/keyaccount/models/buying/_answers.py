"""From weights that may be open, or contradict, to outcomes, questions and reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keyaccount.domain import BuyingFactor, FactorWeights
from keyaccount.rules import (
    DecisionTable,
    Facts,
    Missing,
    ask_first,
    missing,
)

from ._facts import FACTS, each_way, weight_fact


__all__ = ["agreed", "factor_data", "questions", "ways"]


def ways(rivals: Sequence[FactorWeights]) -> Iterator[FactorWeights]:
    """Yield what the weights may be, whichever of the contradicting ones is right."""
    for weights in rivals:
        yield from each_way(weights)


def agreed(rivals: Sequence[FactorWeights]) -> FactorWeights:
    """Return the weights that all agree on; where they differ, nobody knows."""
    first = rivals[0]
    kept = {
        factor.value: weight
        for factor, weight in first.items()
        if all(one.of(factor) == weight for one in rivals)
    }
    return FactorWeights(**kept)


def questions(tables: Sequence[DecisionTable], told: Facts) -> tuple[Missing, ...]:
    """Return what to ask, the most telling first.

    Nobody can be asked which factor is on top or how large the mismatch is: the
    question is what the factors weigh.
    """
    weights = [weight_fact(factor) for factor in BuyingFactor]
    names: list[str] = []
    for gap in ask_first(tables, told):
        if gap.fact == "mismatch":
            names.extend(weights)
        elif gap.fact.endswith("_on_top"):
            names.append(gap.fact.removesuffix("_on_top") + "_weight")
        else:
            names.append(gap.fact)
    open_names = (name for name in dict.fromkeys(names) if told[name] is None)
    return missing(FACTS, open_names)


def factor_data(factor: BuyingFactor) -> tuple[tuple[str, float | str], ...]:
    """Return what a sentence needs to name a factor."""
    return ("outcome", factor.value), ("answers", "buying-factor")
