"""The opinions that buying judges by: prior, ties, rows for need, aim and trust."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import attrs

from keyaccount import policies
from keyaccount.domain import Aim, AimMistake, BuyingFactor, FactorWeights, Trust
from keyaccount.exceptions import InvalidValueError, Problems, nearest
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


__all__ = ["BuyingPolicy", "PriorWeight", "Tie", "default_policy"]


@attrs.frozen
class PriorWeight:
    """What one factor weighs in the market at large, in whole per cents (S3-24)."""

    id: str
    weight: int
    origin: str = "own"
    why: str = ""


@attrs.frozen
class Tie:
    """A factor, in the order in which equals count as the one on top."""

    id: str
    origin: str = "own"
    why: str = ""


# Lowest first: the order of `possible`. Need types have no rank; the order is that
# of the rows, the last to be looked at first.
_NEEDS = (
    "balanced",
    "innovation-seeking",
    "service-demanding",
    "price-sensitive",
    "solution-seeking",
)
_AIMS = tuple(aim.value for aim in reversed(Aim))
_TRUSTS = tuple(trust.value for trust in reversed(Trust))
_MISTAKES = tuple(mistake.value for mistake in AimMistake)


@attrs.frozen(kw_only=True)
class BuyingPolicy(Policy):
    """What the market weighs, and what makes a need type, a mis-aim, a stale profile.

    `need_rows` decide the need type by the weights; `solution_rows` come before them
    where somebody says whether the customer needs a solution. Of `mistake_rows`
    every one counts that fires, of the others the first.
    """

    prior: tuple[PriorWeight, ...]
    ties: tuple[Tie, ...]
    need_rows: tuple[Row, ...]
    solution_rows: tuple[Row, ...]
    aim_rows: tuple[Row, ...]
    mistake_rows: tuple[Row, ...]
    trust_rows: tuple[Row, ...]

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        if all(number.id != "stale_after" for number in self.numbers):
            problems.add("numbers", "missing", expected="numbers.stale_after")
        _check_factors("ties", [tie.id for tie in self.ties], problems)
        self._check_prior(problems)
        checked_table(problems, "need_rows", **self._needs(self.need_rows))
        checked_table(problems, "solution_rows", **self._needs(self.solution_rows))
        checked_table(problems, "aim_rows", **self._aims())
        checked_table(problems, "mistake_rows", **self._mistakes())
        checked_table(problems, "trust_rows", **self._trusts())
        problems.check(f"policy {self.name}")

    def _check_prior(self, problems: Problems) -> None:
        if _check_factors("prior", [part.id for part in self.prior], problems):
            try:
                _ = self.prior_weights
            except InvalidValueError as error:
                problems.take("prior", error)

    @functools.cached_property
    def prior_weights(self) -> FactorWeights:
        """What the factors weigh in the market at large (S3-24)."""
        weights = {part.id: part.weight for part in self.prior}
        return FactorWeights(**weights)

    @functools.cached_property
    def tie_order(self) -> tuple[BuyingFactor, ...]:
        """The factors, in the order in which equals count as the one on top."""
        return tuple(BuyingFactor(tie.id) for tie in self.ties)

    @functools.cached_property
    def by_weights(self) -> Compiled:
        """The table of need types that asks for the weights alone (S2-5)."""
        return compile_table(DecisionTable(**self._needs(self.need_rows)))

    @functools.cached_property
    def needs(self) -> Compiled:
        """The table of need types that asks for a solution need first (S0-5)."""
        rows = (*self.solution_rows, *self.need_rows)
        return compile_table(DecisionTable(**self._needs(rows)))

    @functools.cached_property
    def aims(self) -> Compiled:
        """The table that tells a good aim from a bad one (S3-28)."""
        return compile_table(DecisionTable(**self._aims()))

    @functools.cached_property
    def mistakes(self) -> Compiled:
        """The table of the mistakes that have a name (S3-26, S3-27)."""
        return compile_table(DecisionTable(**self._mistakes()))

    @functools.cached_property
    def trusts(self) -> Compiled:
        """The table that says how far to trust a profile."""
        return compile_table(DecisionTable(**self._trusts()))

    def _needs(self, rows: tuple[Row, ...]) -> TableParts:
        return _parts("buying-need", rows, "balanced", _NEEDS, "need-type")

    def _aims(self) -> TableParts:
        return _parts("buying-aim", self.aim_rows, Aim.ALIGNED.value, _AIMS, "aim")

    def _mistakes(self) -> TableParts:
        rows, name = self.mistake_rows, "buying-mistake"
        return _parts(name, rows, None, _MISTAKES, "aim-mistake", HitPolicy.RULE_ORDER)

    def _trusts(self) -> TableParts:
        best = Trust.HIGH.value
        return _parts("buying-trust", self.trust_rows, best, _TRUSTS, "trust")


def _parts(  # noqa: PLR0913, PLR0917 - the parts of one table
    name: str,
    rows: tuple[Row, ...],
    otherwise: str | None,
    outcomes: tuple[str, ...],
    answers: str,
    hit: HitPolicy = HitPolicy.FIRST,
) -> TableParts:
    return {
        "name": name,
        "about": FACTS,
        "rows": rows,
        "otherwise": otherwise,
        "hit": hit,
        "outcomes": outcomes,
        "answers": answers,
    }


def _check_factors(path: str, given: Sequence[str], problems: Problems) -> bool:
    """Note what keeps a list from naming each of the three factors once."""
    wanted = [factor.value for factor in BuyingFactor]
    for index, slug in enumerate(given):
        if slug not in wanted:
            hint = nearest(slug, wanted)
            problems.add(f"{path}[{index}].id", "unknown-choice", slug, hint)
        elif slug in given[:index]:
            problems.add(f"{path}[{index}].id", "duplicate", slug)
    for slug in wanted:
        if slug not in given:
            problems.add(path, "missing", expected=f"one for {slug}")
    return sorted(given) == sorted(wanted)


@functools.cache
def default_policy() -> BuyingPolicy:
    """Return the shipped policy."""
    return policies.read("buying", BuyingPolicy)
