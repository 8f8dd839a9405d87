"""Buying in columns: do we stress what every row's customer weighs?"""

from __future__ import annotations

import datetime as dt
import functools
from typing import TypeVar

from keyaccount.domain import AimMistake, BuyingFactor, FactorWeights, NeedType
from keyaccount.exceptions import InvalidValueError, Problem
from keyaccount.models.buying import (
    FACTS,
    BuyingPolicy,
    default_policy,
    match,
    need_type,
)

from ._cases import Answer, Case, by_case, whole
from ._facts import Names
from ._joins import Kind
from ._sheet import NO_NAMES


__all__ = ["buying"]


FrameT = TypeVar("FrameT")

_WEIGHTS = tuple(f"{factor.value}_weight" for factor in BuyingFactor)
_ANY_DAY = dt.date(1970, 1, 1)  # bare weights have no age


def buying(
    frame: FrameT,
    emphasis: FactorWeights,
    *,
    policy: BuyingPolicy | None = None,
    name: str = "buying",
    names: Names = NO_NAMES,
) -> FrameT:
    """Compare what we stress with what every row's customer weighs (S3-28).

    The columns `relationship_weight`, `price_weight` and `innovation_weight` hold
    whole per cents that add up to 100; null is unknown, and one that the other two
    leave no choice is reckoned. Every way of filling in what is unknown is tried.

    `NAME` is the aim, null while open, `NAME_low` and `NAME_high` the worst and the
    best that is possible. `NAME_mismatch_low` and `_high` bound ½Σ|e − f|, from 0 to
    1. `NAME_mistakes` are surely made, `NAME_possible_mistakes` perhaps, both joined
    by `;`. `NAME_missing` says what to ask about the aim. `NAME_need` is what kind of
    offer the weights ask for (S2-5), null while open, `NAME_need_possible` every
    kind that may be meant, joined by `;`.

    Args:
        frame: of any engine, a row a customer; the same kind comes back.
        emphasis: what we stress, every factor of it.
        policy: your own; the shipped one otherwise.
        name: what the answers are called.
        names: the column of a weight, where it is not called so.

    Raises:
        UnknownFactError: *names* speaks of something that is no weight.
        InvalidValueError: no frame, columns that cannot be used, an emphasis that is
            not fully known, weights that are no whole per cents or do not add up.
    """
    rules = policy or default_policy()
    match(emphasis, FactorWeights(), as_of=_ANY_DAY, policy=rules)  # checks emphasis
    return by_case(
        frame,
        about=FACTS,
        asked=_WEIGHTS,
        names=names,
        judge=functools.partial(_judge, name, emphasis, rules),
        answers=_answers(name, rules),
    )


def _judge(
    name: str, emphasis: FactorWeights, policy: BuyingPolicy, case: Case
) -> Answer:
    weights = _weights(case)
    verdict = match(emphasis, weights, as_of=_ANY_DAY, policy=policy)
    need = need_type(weights, policy=policy)
    low, high = verdict.possible[0], verdict.possible[-1]
    return {
        name: None if verdict.value is None else verdict.value.value,
        f"{name}_low": low.value,
        f"{name}_high": high.value,
        f"{name}_mismatch_low": verdict.mismatch.low,
        f"{name}_mismatch_high": verdict.mismatch.high,
        f"{name}_mistakes": _joined(verdict.mistakes),
        f"{name}_possible_mistakes": _joined(verdict.possible_mistakes),
        f"{name}_missing": ";".join(gap.fact for gap in verdict.missing),
        f"{name}_need": None if need.value is None else need.value.value,
        f"{name}_need_possible": _joined(need.possible),
    }


def _joined(words: tuple[AimMistake, ...] | tuple[NeedType, ...]) -> str:
    return ";".join(word.value for word in words)


def _weights(case: Case) -> FactorWeights:
    """Return the weights of a case.

    Raises:
        InvalidValueError: they are no whole per cents, or do not add up to 100.
    """
    told = {
        factor.value: whole(case[fact])
        for factor, fact in zip(BuyingFactor, _WEIGHTS, strict=True)
    }
    try:
        return FactorWeights(**told)
    except InvalidValueError as error:
        found = (
            Problem(_named(one.path), one.code, one.data) for one in error.problems
        )
        raise InvalidValueError(error.what, tuple(found)) from None


def _named(path: str) -> str:
    """Return the fact's path for a factor's; a sum is that of the row."""
    return path if path == "$" else f"{path}_weight"


def _answers(name: str, policy: BuyingPolicy) -> dict[str, Kind]:
    aims = policy.aims.table.outcomes
    return {
        name: aims,
        f"{name}_low": aims,
        f"{name}_high": aims,
        f"{name}_mismatch_low": float,
        f"{name}_mismatch_high": float,
        f"{name}_mistakes": str,
        f"{name}_possible_mistakes": str,
        f"{name}_missing": str,
        f"{name}_need": policy.by_weights.table.outcomes,
        f"{name}_need_possible": str,
    }
