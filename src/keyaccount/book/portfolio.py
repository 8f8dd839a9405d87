"""Many customers side by side: sorted, counted, and compared between two policies."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

import attrs

from keyaccount.domain import (
    Customer,
    FxTable,
    ProspectClass,
    Relation,
    ValueTier,
)
from keyaccount.models import tiering
from keyaccount.rules import Reason

from .sheet import Account, Policies, Sheet, sheet


__all__ = ["Move", "Portfolio", "Tipped", "changes", "review"]


_SHIPPED = Policies()


@attrs.frozen
class Portfolio:
    """The sheets of many customers, the best rung first, then the best score."""

    sheets: tuple[Sheet, ...]
    as_of: dt.date

    def __iter__(self) -> Iterator[Sheet]:
        return iter(self.sheets)

    def __len__(self) -> int:
        return len(self.sheets)

    @property
    def judged(self) -> tuple[tiering.TierVerdict, ...]:
        """The tier verdicts of the customers that trade."""
        return tuple(one.tier for one in self.sheets if one.tier is not None)

    @property
    def open_count(self) -> int:
        """How many customers that trade have a tier that is still open."""
        return sum(not verdict.is_settled for verdict in self.judged)

    @property
    def unknown_of_all(self) -> tuple[str, ...]:
        """The facts that nobody has told of any customer that trades."""
        missing = [{gap.fact for gap in verdict.missing} for verdict in self.judged]
        everywhere = set[str].intersection(*missing) if missing else set()
        return tuple(fact for fact in tiering.FACTS.names if fact in everywhere)

    @property
    def problem_count(self) -> int:
        """How many customers that trade are problems."""
        return sum(verdict.is_supervised for verdict in self.judged)

    @property
    def distribution(self) -> tuple[tuple[ValueTier, int], ...]:
        """How many customers stand on each rung, whether problems or not (S3-19)."""
        counts = Counter(verdict.value for verdict in self.judged)
        return tuple((tier, counts[tier]) for tier in ValueTier if counts[tier])

    @property
    def prospects(self) -> tuple[tuple[ProspectClass, int], ...]:
        """How many prospects there are of each class."""
        counts = Counter(one.prospect.value for one in self.sheets if one.prospect)
        return tuple((kind, counts[kind]) for kind in ProspectClass if counts[kind])


def review(
    accounts: Iterable[Account],
    *,
    as_of: dt.date,
    policies: Policies = _SHIPPED,
    fx: FxTable | None = None,
    progress: Callable[[int], None] | None = None,
) -> Portfolio:
    """Judge many customers, each by itself; their order changes no verdict.

    Args:
        accounts: the customers and what stands beside them.
        as_of: the day of the review.
        policies: your own; the shipped ones have example amounts in USD.
        fx: dated rates, where a customer's currency is not the policy's.
        progress: told after each customer how many are done.
    """
    sheets = []
    for done, account in enumerate(accounts, start=1):
        sheets.append(sheet(account, as_of=as_of, policies=policies, fx=fx))
        if progress is not None:
            progress(done)
    return Portfolio(tuple(sorted(sheets, key=_place)), as_of)


def _place(one: Sheet) -> tuple[int, int, float, str]:
    """Trading customers by their lowest possible rung and score, then prospects."""
    if one.tier is not None:
        lowest = one.tier.possible[0]
        return 0, lowest.rank, -one.tier.score.low, one.customer.id
    if one.prospect is not None:
        return (
            1,
            one.prospect.possible[0].rank,
            -one.prospect.score.low,
            one.customer.id,
        )
    return 2, 0, 0.0, one.customer.id


@attrs.frozen
class Tipped:
    """A rule that two policies answer differently, and what decides the second."""

    row: str
    because: tuple[Reason, ...]


@attrs.frozen
class Move:
    """A customer whose tier two policies see differently, and what tips it.

    `triggers` are the problem triggers that only one of the two policies sees fire.
    """

    customer: Customer
    before: tiering.TierVerdict
    after: tiering.TierVerdict
    tipped: tuple[Tipped, ...]
    triggers: tuple[str, ...]


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
        if (old.possible, old.effective) != (new.possible, new.effective):
            moves.append(_move(account.customer, old, new))
    moves.sort(key=lambda move: (move.before.possible[-1].rank, move.customer.id))
    return tuple(moves)


def _move(
    customer: Customer, old: tiering.TierVerdict, new: tiering.TierVerdict
) -> Move:
    was, now = _rows(old.why), _rows(new.why)
    tipped = tuple(
        Tipped(row, _deciding(now[row], was[row]))
        for row in was
        if row in now and was[row].code != now[row].code
    )
    triggers = tuple(sorted({*old.triggers} ^ {*new.triggers}))
    return Move(customer, old, new, tipped, triggers)


def _rows(why: Reason) -> dict[str, Reason]:
    """Return what every rule on the way said, by its name."""
    return {str(row): part for part in why.because if (row := part.get("row"))}


def _deciding(row: Reason, before: Reason) -> tuple[Reason, ...]:
    """Return the conditions that the second policy saw and the first did not."""
    seen = {reason for _, reason in before.walk()}
    found = (reason for _, reason in row.walk())
    return tuple(one for one in found if not one.because and one not in seen)
