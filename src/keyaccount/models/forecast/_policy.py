"""The opinions that a forecast rests on: chances, categories, risks, the grid."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

import attrs

from keyaccount import policies
from keyaccount.domain import ForecastCategory
from keyaccount.exceptions import Problems
from keyaccount.rules import (
    Compiled,
    DecisionTable,
    HitPolicy,
    Policy,
    Row,
    TableParts,
    checked_table,
    compile_table,
)

from ._facts import FACTS
from ._risks import DealRisk


__all__ = ["ForecastPolicy", "QuantileRule", "default_policy", "rules_of"]


@attrs.frozen
class QuantileRule:
    """A quantile that a distribution tells, in whole per cents."""

    id: str
    percent: int
    origin: str = "own"
    why: str = ""


_SHARES = ("least_chance", "most_chance", "negligible")
_COUNTS = (
    "enough_closed",
    "largest",
    "sums",
    "cells",
    "precision",
    "bundle",
)
_POSITIVE = ("prior_strength", "spread", "enough_coverage", "reach")
# what a machine can hold: a number above that is a mistake, not an opinion
_MOST: Mapping[str, int] = MappingProxyType(
    {"precision": 2 * 2 * 2, "sums": 100**2 * 100, "cells": 100**2 * 100}
)
_OPEN = (ForecastCategory.PIPELINE, ForecastCategory.BEST_CASE, ForecastCategory.COMMIT)


@attrs.frozen(kw_only=True)
class ForecastPolicy(Policy):
    """What a chance is taken for, how deals are sorted, and how fine the grid is.

    The first of `categories` that fires answers for a deal whose category nobody
    stated; where none does, it is pipeline. All of `risks` are told.
    """

    categories: tuple[Row, ...]
    risks: tuple[Row, ...]
    quantiles: tuple[QuantileRule, ...]

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        self._check_numbers(problems)
        checked_table(problems, "categories", **self._categories())
        checked_table(problems, "risks", **self._risks())
        if not self.quantiles:
            problems.add("quantiles", "empty", expected="one quantile")
        before = 0
        for index, quantile in enumerate(self.quantiles):
            path = f"quantiles[{index}].percent"
            if not 0 < quantile.percent < 100:  # noqa: PLR2004 - per cents
                problems.add(path, "out-of-range", quantile.percent, "1 to 99")
            elif quantile.percent <= before:
                wanted = f"above {before}, the one before"
                problems.add(path, "not-sorted", quantile.percent, wanted)
            before = max(before, quantile.percent)
        problems.check(f"policy {self.name}")

    def _check_numbers(self, problems: Problems) -> None:
        given = {number.id: number.value for number in self.numbers}
        for name in (*_SHARES, *_COUNTS, *_POSITIVE):
            value, path = given.get(name), f"numbers.{name}.value"
            if value is None:
                problems.add("numbers", "missing", expected=f"numbers.{name}")
            elif not value.is_finite():
                problems.add(path, "not-finite", value)
            elif name in _SHARES:
                if not 0 < value < 1:
                    problems.add(path, "out-of-range", value, "above 0 and below 1")
            elif name in _COUNTS:
                most = _MOST.get(name)
                if value != int(value) or value < 1:
                    problems.add(path, "out-of-range", value, "a whole number above 0")
                elif most is not None and value > most:
                    problems.add(path, "out-of-range", value, f"at most {most}")
            elif value <= 0:
                problems.add(path, "out-of-range", value, "above 0")
        least, most_chance = given.get("least_chance"), given.get("most_chance")
        if least is not None and most_chance is not None and least > most_chance:
            wanted = f"at most {most_chance}, the greatest chance"
            problems.add("numbers.least_chance.value", "not-sorted", least, wanted)

    def _categories(self) -> TableParts:
        return {
            "name": "forecast-category",
            "about": FACTS,
            "rows": self.categories,
            "otherwise": ForecastCategory.PIPELINE.value,
            "outcomes": tuple(category.value for category in _OPEN),
            "answers": "forecast-category",
            "hit": HitPolicy.FIRST,
        }

    def _risks(self) -> TableParts:
        return {
            "name": "forecast-risk",
            "about": FACTS,
            "rows": self.risks,
            "otherwise": None,
            "outcomes": tuple(risk.value for risk in DealRisk),
            "answers": "deal-risk",
            "hit": HitPolicy.RULE_ORDER,
        }

    @functools.cached_property
    def category_table(self) -> Compiled:
        """The table that sorts a deal whose category nobody stated."""
        return compile_table(DecisionTable(**self._categories()))

    @functools.cached_property
    def risk_table(self) -> Compiled:
        """The table of what an open deal may suffer from."""
        return compile_table(DecisionTable(**self._risks()))

    @functools.cached_property
    def limits(self) -> tuple[Decimal, Decimal]:
        """The least and the greatest chance of an open deal."""
        return self.number("least_chance"), self.number("most_chance")

    def whole(self, name: str) -> int:
        """Return one of the policy's numbers that counts something."""
        return int(self.number(name))

    def real(self, name: str) -> float:
        """Return one of the policy's numbers as a float."""
        return float(self.number(name))


def rules_of(policy: ForecastPolicy | None) -> ForecastPolicy:
    """Return the policy to judge by: the one that is given, or the shipped one.

    Raises:
        InvalidValueError: the policy of another model.
    """
    if policy is None:
        return default_policy()
    problems = Problems()
    problems.is_a("policy", policy, ForecastPolicy, "a ForecastPolicy")
    problems.check("forecast")
    return policy


@functools.cache
def default_policy() -> ForecastPolicy:
    """Return the shipped policy."""
    return policies.read("forecast", ForecastPolicy)
