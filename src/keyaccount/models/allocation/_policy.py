"""The opinions on allocation: weights of the classes, limits, cells, sanity rows."""

from __future__ import annotations

import functools
from itertools import pairwise

import attrs

from keyaccount import policies
from keyaccount.domain import ValueTier
from keyaccount.exceptions import Problems, nearest
from keyaccount.rules import (
    Compiled,
    Criterion,
    DecisionTable,
    HitPolicy,
    Policy,
    Row,
    Scorecard,
    TableParts,
    checked_scorecard,
    checked_table,
    compile_table,
)

from ._facts import (
    CONCENTRATION_FACTS,
    DISTRIBUTION_FACTS,
    MATRIX_FACTS,
    TOPS,
    Dependence,
    MatrixCell,
)


__all__ = ["AllocationPolicy", "TierWeight", "Top", "default_policy"]


@attrs.frozen
class TierWeight:
    """What one customer of a class weighs when effort is shared out (S2-1)."""

    id: str
    weight: int
    origin: str = "own"
    why: str = ""


@attrs.frozen
class Top:
    """How many of the largest customers a share counts."""

    id: str
    count: int
    origin: str = "own"
    why: str = ""


_CARDS = ("attractiveness", "strength")


@attrs.frozen(kw_only=True)
class AllocationPolicy(Policy):
    """What a class weighs, what is too concentrated, what makes a cell, what is odd.

    The first of `concentration_rows` and of `matrix_rows` that fires answers; of
    `distribution_rows` every one counts. `attractiveness` and `strength` are the two
    axes of the matrix.
    """

    tiers: tuple[TierWeight, ...]
    tops: tuple[Top, ...]
    concentration_rows: tuple[Row, ...]
    matrix_rows: tuple[Row, ...]
    attractiveness: tuple[Criterion, ...]
    strength: tuple[Criterion, ...]
    distribution_rows: tuple[Row, ...]

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        self._check_tiers(problems)
        self._check_tops(problems)
        checked_table(problems, "concentration_rows", **self._concentration())
        cards = tuple(
            checked_scorecard(
                problems, name, name=name, about=MATRIX_FACTS, criteria=criteria
            )
            for name, criteria in zip(_CARDS, self._axes, strict=True)
        )
        found = tuple(card for card in cards if card is not None)
        checked_table(problems, "matrix_rows", scores=_CARDS, **self._matrix(found))
        if self.distribution_rows:
            checked_table(problems, "distribution_rows", **self._distribution())
        problems.check(f"policy {self.name}")

    def _check_tiers(self, problems: Problems) -> None:
        given: dict[str, int] = {}
        slugs = [tier.value for tier in ValueTier]
        for index, tier in enumerate(self.tiers):
            path = f"tiers[{index}]"
            if tier.id not in slugs:
                hint = nearest(tier.id, slugs)
                problems.add(f"{path}.id", "unknown-choice", tier.id, hint)
            elif tier.id in given:
                problems.add(f"{path}.id", "duplicate", tier.id)
            if tier.weight < 0:
                wanted = "0 or more"
                problems.add(f"{path}.weight", "out-of-range", tier.weight, wanted)
            given.setdefault(tier.id, tier.weight)
        for slug in slugs:
            if slug not in given:
                problems.add("tiers", "missing", expected=f"a weight for {slug}")
        rungs = [
            tier.value for tier in ValueTier if tier.is_rung and tier.value in given
        ]
        for better, worse in pairwise(rungs):
            if given[better] < given[worse]:
                least = f"at least what {worse} weighs, {given[worse]} (S2-1)"
                problems.add(
                    "tiers", "contradiction", f"{better} {given[better]}", least
                )
        potential, general = ValueTier.POTENTIAL.value, ValueTier.GENERAL.value
        if potential in given and given[potential] == given.get(general):
            above = f"above what general weighs, {given[general]} (S2-1)"
            problems.add(
                "tiers", "contradiction", f"{potential} {given[potential]}", above
            )

    def _check_tops(self, problems: Problems) -> None:
        given = [top.id for top in self.tops]
        for index, top in enumerate(self.tops):
            if top.id not in TOPS:
                hint = nearest(top.id, TOPS)
                problems.add(f"tops[{index}].id", "unknown-choice", top.id, hint)
            if top.count < 1:
                path = f"tops[{index}].count"
                problems.add(path, "out-of-range", top.count, "1 or more")
        for name in TOPS:
            if name not in given:
                problems.add("tops", "missing", expected=f"a count for {name}")

    @property
    def _axes(self) -> tuple[tuple[Criterion, ...], tuple[Criterion, ...]]:
        return self.attractiveness, self.strength

    @functools.cached_property
    def weights(self) -> dict[ValueTier, int]:
        """What one customer of each class weighs."""
        return {ValueTier(tier.id): tier.weight for tier in self.tiers}

    @functools.cached_property
    def dependence(self) -> DecisionTable:
        """The table that says on how few we rest."""
        return DecisionTable(**self._concentration())

    @functools.cached_property
    def cells(self) -> Compiled:
        """The table that names the cell of the matrix."""
        cards = tuple(
            Scorecard(name, MATRIX_FACTS, criteria)
            for name, criteria in zip(_CARDS, self._axes, strict=True)
        )
        return compile_table(DecisionTable(**self._matrix(cards)))

    @functools.cached_property
    def sanity(self) -> DecisionTable | None:
        """The table of what is odd about a distribution; None: nothing is."""
        if not self.distribution_rows:
            return None
        return DecisionTable(**self._distribution())

    def _concentration(self) -> TableParts:
        return {
            "name": "allocation-concentration",
            "about": CONCENTRATION_FACTS,
            "rows": self.concentration_rows,
            "otherwise": Dependence.SPREAD.value,
            "outcomes": tuple(one.value for one in reversed(Dependence)),
            "answers": "dependence",
        }

    def _matrix(self, cards: tuple[Scorecard, ...]) -> TableParts:
        return {
            "name": "allocation-matrix",
            "about": MATRIX_FACTS,
            "rows": self.matrix_rows,
            "otherwise": None,
            "outcomes": tuple(cell.value for cell in reversed(MatrixCell)),
            "answers": "matrix-cell",
            "scorecards": cards,
        }

    def _distribution(self) -> TableParts:
        return {
            "name": "allocation-distribution",
            "about": DISTRIBUTION_FACTS,
            "rows": self.distribution_rows,
            "otherwise": None,
            "outcomes": tuple(
                dict.fromkeys(row.then for row in self.distribution_rows)
            ),
            "answers": "flag",
            "hit": HitPolicy.RULE_ORDER,
        }


@functools.cache
def default_policy() -> AllocationPolicy:
    """Return the shipped policy."""
    return policies.read("allocation", AllocationPolicy)
