"""How far a portfolio's outcomes hang on the weights: drawn, re-judged, counted."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Generic, TypeVar

import attrs

from keyaccount.exceptions import Problems
from keyaccount.rules import DecisionTable

from ._columns import ColumnForm
from ._draws import Weights, drawn, shifted
from ._facts import Names
from ._portfolio import Rule, table_of
from ._sheet import NO_COLUMNS, NO_NAMES, Sheet
from ._trials import Trials


__all__ = ["Draw", "Sensitivity", "WeightShift", "sensitivity"]


FrameT = TypeVar("FrameT")


@attrs.frozen
class Draw:
    """One draw: weights in the order of the criteria, and how many rows changed.

    `is_capped` where a cap of the policy held a group of weights down.
    """

    weights: tuple[int, ...]
    changed: int
    is_capped: bool = False


@attrs.frozen
class WeightShift:
    """One weight moved down and up by the share, the others keeping pace."""

    card: str
    criterion: str
    weight: int
    lower: Draw
    upper: Draw

    @property
    def changed(self) -> int:
        """How many rows change on the worse of the two sides."""
        return max(self.lower.changed, self.upper.changed)


@attrs.frozen
class Sensitivity(Generic[FrameT]):
    """How far a portfolio's outcomes hang on the weights.

    `frame` is the frame that was given, with a column `NAME_changed`: the share of
    draws in which the row's outcome changed. `on_edge` counts the rows that changed in
    any draw, `in_reach` those that some weights at all, from 0 to 100, could change.
    `criteria` moves every weight by itself.
    """

    name: str
    rows: int
    within: float
    seed: int
    draws: tuple[Draw, ...]
    criteria: tuple[WeightShift, ...]
    in_reach: int
    on_edge: int
    frame: FrameT = attrs.field(eq=False, repr=False)

    @property
    def shares(self) -> tuple[float, ...]:
        """The share of rows that changed, draw by draw, the least first."""
        rows = max(self.rows, 1)
        return tuple(sorted(draw.changed / rows for draw in self.draws))

    @property
    def least(self) -> float:
        """The share of rows that changed in the mildest draw."""
        return self.shares[0]

    @property
    def median(self) -> float:
        """The share of rows that half of the draws do not exceed."""
        return self.quantile(0.5)

    @property
    def most(self) -> float:
        """The share of rows that changed in the worst draw."""
        return self.shares[-1]

    @property
    def mean(self) -> float:
        """The share of rows that changed, over all draws."""
        changed = sum(draw.changed for draw in self.draws)
        return changed / (len(self.draws) * max(self.rows, 1))

    @property
    def capped(self) -> int:
        """In how many draws a cap of the policy held weights down."""
        return sum(draw.is_capped for draw in self.draws)

    @property
    def moves_most(self) -> WeightShift:
        """The criterion whose weight, moved by itself, changes most rows."""
        return max(self.criteria, key=lambda shift: shift.changed)

    def quantile(self, share: float) -> float:
        """Return the share of rows that this share of the draws do not exceed."""
        problems = Problems()
        if not 0 <= share <= 1:
            problems.add("share", "out-of-range", share, "from 0 to 1")
        problems.check("quantile")
        place = -(-Fraction(share) * len(self.draws) // 1)
        return self.shares[max(int(place), 1) - 1]

    def to_dict(self) -> dict[str, object]:
        """Return plain data, without the frame."""
        told = attrs.asdict(self, filter=lambda field, _: field.name != "frame")
        shares = {
            name: getattr(self, name) for name in ("least", "median", "mean", "most")
        }
        return {**told, **shares, "capped": self.capped}


def sensitivity(  # noqa: PLR0913 - what a caller can say, all by name
    frame: FrameT,
    policy: Rule = None,
    *,
    draws: int = 100,
    within: float = 0.2,
    seed: int = 1,
    name: str | None = None,
    names: Names = NO_NAMES,
    columns: Mapping[type, ColumnForm] = NO_COLUMNS,
    rowwise: bool = False,
) -> Sensitivity[FrameT]:
    """Say how many rows would change their outcome if the weights were a little wrong.

    In each draw every weight is taken evenly from *within* of itself on either side,
    all are brought to whole per cents that add up to 100 (largest remainder), and the
    whole portfolio is judged again. A row has changed if the lowest or the highest
    outcome that is possible for it is another one. Problems do not hang on weights.

    A group of criteria that a draw would lift above its cap is held at the cap, and the
    rest goes to the others; the draw says so. Beside the draws each weight is moved
    down and up by itself: which one moves most?

    Marks are worked out once. Rows that no weights at all could change are left out;
    the marks of the others are held in memory, whatever the engine. A lazy frame stays
    lazy, and works its column out when it is collected.

    Args:
        frame: of any engine, with ready facts, a row a customer.
        policy: a tiering policy, the shipped one if left out, or any table that gives
            one outcome and has a scorecard.
        draws: how many.
        within: how wrong a weight may be, as a share of itself, above 0 and below 1.
        seed: the same seed gives the same draws, on every engine and every Python.
        name: what the column is called; the table's name if left out.
        names: as for `score`, as are the others.
        columns: column forms of your own scorers, by type.
        rowwise: whether scorers without one are asked row by row.

    Raises:
        InvalidValueError: a table without a scorecard, or one that lists or adds up all
            that fires; *draws* or *within* out of range; no frame, or columns that
            cannot be used.
        UnknownFactError: *names* speaks of a fact that is not declared.
    """
    table = table_of(policy)
    _check(table, draws, within)
    sheet = Sheet(
        frame,
        table.about,
        table.asks,
        cards=table.scorecards,
        names=names,
        columns=columns,
        rowwise=rowwise,
    )
    title = f"{name or table.name}_changed"
    if title in sheet.titles:
        problems = Problems()
        wanted = "another name=, or drop the column first"
        problems.add(f"columns[{title!r}]", "duplicate", title, wanted)
        problems.check("frame")
    trials = Trials(table, sheet)
    dice = random.Random(seed)  # noqa: S311 - same seed, same draws; no secret
    tried = [
        tuple(drawn(card, dice, within) for card in table.scorecards)
        for _ in range(draws)
    ]
    counts, often = trials.run(tried)
    return Sensitivity(
        table.name,
        trials.rows,
        within,
        seed,
        tuple(map(_draw, tried, counts)),
        _shifts(table, trials, within),
        trials.in_reach,
        int((often > 0).sum()),
        trials.answer(title, tried, often),
    )


def _draw(weights: Sequence[Weights], changed: int) -> Draw:
    whole = tuple(weight for own in weights for weight in own.of)
    return Draw(whole, changed, any(own.is_capped for own in weights))


def _shifts(
    table: DecisionTable, trials: Trials[FrameT], within: float
) -> tuple[WeightShift, ...]:
    """Move every weight of every card by itself, down and up."""
    present = {
        card.name: Weights(tuple(criterion.weight for criterion in card.criteria))
        for card in table.scorecards
    }
    sides = [
        tuple({**present, card.name: shifted(card, at, share)}.values())
        for card in table.scorecards
        for at in range(len(card.criteria))
        for share in (-within, within)
    ]
    counts, _ = trials.run(sides)
    draws = map(_draw, sides, counts)
    return tuple(
        WeightShift(card.name, criterion.id, criterion.weight, next(draws), next(draws))
        for card in table.scorecards
        for criterion in card.criteria
    )


def _check(table: DecisionTable, draws: object, within: object) -> None:
    problems = Problems()
    if not table.scorecards:
        problems.add("policy", "missing", expected="a scorecard, whose weights to move")
    if not isinstance(draws, int) or isinstance(draws, bool) or draws < 1:
        problems.add("draws", "out-of-range", draws, "a whole number, 1 or more")
    is_number = isinstance(within, int | float) and not isinstance(within, bool)
    if not (is_number and 0 < within < 1):  # type: ignore[operator]  # a number, as said
        problems.add("within", "out-of-range", within, "above 0 and below 1")
    problems.check("sensitivity")
