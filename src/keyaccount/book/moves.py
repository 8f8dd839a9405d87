"""A customer whose tier moves: from what to what, and the one fact that moved it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import attrs

from keyaccount.domain import Customer, FxTable, Relation
from keyaccount.models import tiering
from keyaccount.rules import Reason

from .movers import Mover, tier_mover
from .sheet import Account


__all__ = ["Move", "Tipped", "changes", "move_of", "sorted_moves"]


@attrs.frozen
class Tipped:
    """A rule that two judgements answer differently, and what decides the second."""

    row: str
    because: tuple[Reason, ...]


@attrs.frozen
class Move:
    """A customer whose tier two judgements see differently, and what tips it.

    `triggers` are the problem triggers that only one of the two sees fire; `mover` is
    the one fact that moved it most, None where a verdict was read back from a file.
    """

    customer: Customer
    before: tiering.TierVerdict
    after: tiering.TierVerdict
    tipped: tuple[Tipped, ...]
    triggers: tuple[str, ...]
    mover: Mover | None = None

    @property
    def fact(self) -> str | None:
        """The name of the one fact that moved it most."""
        return None if self.mover is None else self.mover.fact


def changes(
    accounts: Iterable[Account],
    before: tiering.TieringPolicy,
    after: tiering.TieringPolicy,
    *,
    as_of: dt.date,
    fx: FxTable | None = None,
) -> tuple[Move, ...]:
    """Say which customers change their tier between two policies, and why.

    Raises:
        CurrencyMismatchError: a customer's currency is not both policies', and no `fx`.
    """
    moves = []
    for account in accounts:
        if account.customer.relation is Relation.PROSPECT:
            continue
        old, new = (
            tiering.classify(
                account.customer,
                as_of=as_of,
                receivables=account.owed(as_of),
                standing=account.standing,
                fx=fx,
                policy=policy,
            )
            for policy in (before, after)
        )
        move = move_of(account.customer, old, new)
        if move is not None:
            moves.append(move)
    return sorted_moves(moves)


def sorted_moves(moves: Iterable[Move]) -> tuple[Move, ...]:
    """Put those first that might have stood highest."""

    def place(move: Move) -> tuple[int, str]:
        return move.before.possible[-1].rank, move.customer.id

    return tuple(sorted(moves, key=place))


def move_of(
    customer: Customer, old: tiering.TierVerdict, new: tiering.TierVerdict
) -> Move | None:
    """Say how a customer moves between two verdicts; None if it stands still."""
    if (old.possible, old.effective) == (new.possible, new.effective):
        return None
    was, now = _rows(old.why), _rows(new.why)
    tipped = tuple(
        Tipped(row, _deciding(now[row], was[row]))
        for row in was
        if row in now and was[row].code != now[row].code
    )
    triggers = tuple(sorted({*old.triggers} ^ {*new.triggers}))
    mover = tier_mover(old.evidence, new.evidence)
    return Move(customer, old, new, tipped, triggers, mover)


def _rows(why: Reason) -> dict[str, Reason]:
    """Return what every rule on the way said, by its name."""
    return {str(row): part for part in why.because if (row := part.get("row"))}


def _deciding(row: Reason, before: Reason) -> tuple[Reason, ...]:
    """Return the conditions that the second policy saw and the first did not."""
    seen = {reason for _, reason in before.walk()}
    found = (reason for _, reason in row.walk())
    return tuple(one for one in found if not one.because and one not in seen)
