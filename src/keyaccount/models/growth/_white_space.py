"""Where customers still buy from others, or buy we know not what: the white space."""

from __future__ import annotations

import enum
import functools
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TypeAlias

import attrs

from keyaccount import wire
from keyaccount.domain import FxTable, Money, ShareGrowthCell
from keyaccount.rules import Missing, PolicyRef, Reason, display, missing

from ._facts import FACTS
from ._pairs import Key, Pair, one_currency
from ._policy import GrowthPolicy, default_policy
from ._roll_up import Parents, pairs_of
from ._room import Room, headroom, room
from ._telling import told


__all__ = ["Room", "SpaceKind", "WhiteSpace", "WhiteSpaceBoard", "white_space"]


Data: TypeAlias = tuple[tuple[str, float | str], ...]


class SpaceKind(enum.Enum):
    """How much of what a customer buys in a category is ours."""

    UNTOUCHED = "untouched"
    PARTLY_OURS = "partly-ours"
    ALL_OURS = "all-ours"
    NOTHING_BOUGHT = "nothing-bought"
    CONTRADICTORY = "contradictory"
    UNKNOWN = "unknown"


@attrs.frozen
class WhiteSpace:
    """A customer in a category: what it buys, what of us, and what from others.

    `headroom` is what it buys from others, `attainable` what of it lies below the
    policy's share of the wallet. Both are None where the wallet is not known or the
    sources contradict each other, and bounds where only our part is not known.
    """

    customer_id: str
    category: str | None
    accounts: tuple[str, ...]
    kind: SpaceKind
    ours: Money | None
    spend: Money | None
    headroom: Room | None
    attainable: Room | None
    missing: tuple[Missing, ...]


@attrs.frozen
class WhiteSpaceBoard(wire.Plain, display.Explained):
    """Every customer in every category, the largest known headroom first.

    `total` and `attainable` add what is known up, None where nothing is; of whoever
    tells all that it buys that counts, and no category of it once more. `unknown`
    counts the rows that tell no headroom, and stand at the end.
    """

    year: int
    rows: tuple[WhiteSpace, ...]
    total: Room | None
    attainable: Room | None
    unknown: int
    attainable_share: Decimal
    policy: PolicyRef

    @property
    def why(self) -> Reason:
        """The reasons, as a tree of codes and data: the sums, and row by row."""
        data: Data = (
            ("year", str(self.year)),
            ("count", float(len(self.rows))),
            ("may", float(self.unknown)),
            ("unit", "customers"),
        )
        sums = tuple(_sums(self))
        return Reason("white-space", data, (*sums, *map(_row, self.rows)))

    def explain(self, locale: str = "en") -> tuple[str, ...]:
        """Say the answer and its reasons in a language, a line each, indented."""
        asked = dict.fromkeys(gap.question for row in self.rows for gap in row.missing)
        return told(self.why, locale, {}, questions=asked)


def white_space(  # noqa: PLR0913 - the year's cells, and what turns them into sums
    cells: Iterable[ShareGrowthCell],
    *,
    year: int,
    parents: Parents | None = None,
    fx: FxTable | None = None,
    currency: str | None = None,
    policy: GrowthPolicy | None = None,
) -> WhiteSpaceBoard:
    """List what customers buy from others, account by category, the most first.

    Headroom is the wallet less ours, exactly, in money. A wallet that is not known has
    none: not 0, and nothing guessed. Every customer of whom a category is told stands
    with every category that is told of anybody, for what we know nothing of may be the
    largest space. Where more was sold than bought the sources contradict each other:
    there is no headroom then, and no clipping.

    Args:
        cells: at most one an account, category and year, in any order.
        year: the fiscal year to be looked at.
        parents: who belongs to whom, see `roll_up`.
        fx: rates; those of a year's last day count.
        currency: what all amounts are turned into; left out, they stay as they are.
        policy: whose opinion on the attainable share; left out, the shipped one.

    Raises:
        InvalidValueError: a cell twice, or somebody who belongs to itself.
        CurrencyMismatchError: two currencies on one board, or no rates.
        MissingRateError: no rate that is old enough.
    """
    policy = default_policy() if policy is None else policy
    pairs = pairs_of(cells, year, parents, fx, currency)
    one_currency(pair.currency for pair in pairs)
    share = policy.number("attainable_share")
    found = {(pair.customer_id, pair.category): _space(pair, share) for pair in pairs}
    rows = [found.get(key) or _blank(*key) for key in _grid(found)]
    known = [(row.headroom, row) for row in rows if row.headroom is not None]
    known.sort(key=lambda pair: (pair[0].low, pair[0].high), reverse=True)
    unknown = [row for row in rows if row.headroom is None]
    counted = _counted(row for _, row in known)
    return WhiteSpaceBoard(
        year=year,
        rows=(*(row for _, row in known), *unknown),
        total=_total(row.headroom for row in counted),
        attainable=_total(row.attainable for row in counted),
        unknown=len(unknown),
        attainable_share=share,
        policy=policy.ref,
    )


def _grid(found: Iterable[Key]) -> tuple[Key, ...]:
    """Return every customer with every category, and what is told as a whole."""
    told_of = [key for key in found if key[1] is not None]
    customers = sorted({customer for customer, _ in told_of})
    categories = sorted({str(category) for _, category in told_of})
    whole = [key for key in found if key[1] is None]
    grid = ((customer, category) for customer in customers for category in categories)
    return (*whole, *grid)


def _space(pair: Pair, share: Decimal) -> WhiteSpace:
    amounts = pair.amounts
    ours = pair.money(amounts["our_sales"])
    spend = pair.money(amounts["category_spend"])
    found = room(ours, spend)
    within = None
    if spend is not None and found is not None:
        within = _within(ours, spend * share)
    return WhiteSpace(
        customer_id=pair.customer_id,
        category=pair.category,
        accounts=pair.accounts,
        kind=_kind(ours, spend),
        ours=ours,
        spend=spend,
        headroom=found,
        attainable=within,
        missing=_missing(ours, spend),
    )


def _blank(customer_id: str, category: str | None) -> WhiteSpace:
    """Return a row of which nothing is told."""
    return WhiteSpace(
        customer_id,
        category,
        (customer_id,),
        SpaceKind.UNKNOWN,
        ours=None,
        spend=None,
        headroom=None,
        attainable=None,
        missing=_missing(None, None),
    )


def _kind(ours: Money | None, spend: Money | None) -> SpaceKind:
    if ours is None or spend is None:
        return SpaceKind.UNKNOWN
    if ours > spend:
        return SpaceKind.CONTRADICTORY
    if spend.amount == 0:
        return SpaceKind.NOTHING_BOUGHT
    if ours.amount <= 0:
        return SpaceKind.UNTOUCHED
    return SpaceKind.ALL_OURS if ours == spend else SpaceKind.PARTLY_OURS


def _within(ours: Money | None, target: Money) -> Room:
    """Bound what lies between ours and the target; above it nothing does."""
    nothing = Money(Decimal(0), target.currency)
    if ours is None:
        return Room(nothing, target)
    exactly = headroom(ours, target) or nothing
    return Room(exactly, exactly)


def _missing(ours: Money | None, spend: Money | None) -> tuple[Missing, ...]:
    asked = (("category_spend", spend), ("our_sales", ours))
    return missing(FACTS, (name for name, known in asked if known is None))


def _counted(known: Iterable[WhiteSpace]) -> tuple[WhiteSpace, ...]:
    """Leave the categories out of whoever tells all that it buys: they stand in it."""
    rows = tuple(known)
    whole = {row.customer_id for row in rows if row.category is None}
    return tuple(
        row for row in rows if row.category is None or row.customer_id not in whole
    )


def _total(rooms: Iterable[Room | None]) -> Room | None:
    known = [room for room in rooms if room is not None]
    return functools.reduce(Room.__add__, known) if known else None


def _sums(board: WhiteSpaceBoard) -> Iterator[Reason]:
    if board.total is not None:
        yield Reason("white-space-total", (("amount", str(board.total)),))
    if board.attainable is not None:
        data: Data = (("amount", str(board.attainable)),)
        share: Data = (("unit", "share"), ("got", float(board.attainable_share)))
        yield Reason("white-space-attainable", (*data, *share))


def _row(row: WhiteSpace) -> Reason:
    data: Data = (
        ("customer", row.customer_id),
        ("category", row.category or ""),
        ("outcome", row.kind.value),
        ("answers", "space-kind"),
    )
    ending = "" if row.category is not None else "-all"
    if row.headroom is None:
        return Reason(f"white-space-unknown{ending}", data)
    data = (*data, ("amount", str(row.headroom)))
    return Reason(f"white-space-row{ending}", data)
