"""Open invoices, sorted by how many days they are overdue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

import attrs

from keyaccount import wire
from keyaccount.domain import FxTable, Invoice, Money
from keyaccount.rules import Missing, Reason, Verdict, missing
from keyaccount.tri import Tri

from ._balances import Balance, Book, book_of, owed
from ._facts import INPUT_FACTS
from ._policy import (
    NO_DUE_DATE,
    NOTHING_OWED,
    ReceivablesPolicy,
    default_policy,
)
from ._why import Datum, written


__all__ = ["AgeingRow", "AgeingVerdict", "ageing"]


@attrs.frozen
class AgeingRow:
    """One bucket: how many invoices, how much, and which share of all that is owed.

    Shares are rounded to a hundredth of a per cent so that they add up to 1; where
    nothing is owed there is none.
    """

    bucket: str
    count: int
    amount: Money
    share: float | None


@attrs.frozen(repr=False)
class AgeingVerdict(wire.Plain, Verdict[str]):
    """What is owed on a day, by age; `value` is the bucket of the oldest amount.

    The rows add up to `total` exactly: not yet due, overdue by days, and without a
    due date. `credits` (below zero: credit notes, and what was paid too much) stand
    apart and are never set off; `net` is the total less these. `overdue` is what is
    overdue for sure, `perhaps_overdue` what may be, for want of a due date, and
    `disputed` what is known to be contested, whatever its age.
    """

    rows: tuple[AgeingRow, ...]
    total: Money
    credits: Money
    credit_count: int
    net: Money
    overdue: Money
    perhaps_overdue: Money
    disputed: Money

    def _extras(self) -> tuple[str, ...]:
        return f"{self.total} owed", f"{self.overdue} overdue"


def ageing(
    invoices: Iterable[Invoice],
    *,
    as_of: dt.date,
    currency: str | None = None,
    fx: FxTable | None = None,
    policy: ReceivablesPolicy | None = None,
) -> AgeingVerdict:
    """Sort what is open on a day by how long it has been overdue.

    What is due on the very day is not overdue. Parts that are paid are taken off;
    what was issued or paid after the day does not count, so an earlier day can be
    asked for again; whether something is disputed is taken as it is told. An invoice
    without a due date was due on the day of its issue at the earliest: how old the
    oldest amount is may therefore stay open.

    Args:
        invoices: all invoices and credit notes, in any order, paid ones too.
        as_of: the day.
        currency: in which to add up; the invoices' own unless given.
        fx: the rates to convert by, at those of the day, rounded invoice by invoice.
        policy: your own buckets; the shipped ones otherwise.

    Raises:
        InvalidValueError: not invoices, one that stands twice, no plain day.
        CurrencyMismatchError: several currencies, and not both of currency and fx.
        MissingRateError: no rate that is old enough.
    """
    rules = default_policy() if policy is None else policy
    book = book_of(invoices, currency, fx, as_of=as_of)
    return AgeingEvidence(book, as_of, rules).verdict()


@attrs.frozen
class AgeingEvidence:
    """What an ageing keeps to explain itself."""

    book: Book
    as_of: dt.date
    policy: ReceivablesPolicy

    def verdict(self) -> AgeingVerdict:
        """Put the answer together."""
        balances = self.book.open_on(self.as_of)
        open_ones = owed(balances)
        total = self.book.total(one.amount for one in open_ones)
        credited = [one.amount for one in balances if one.amount.amount < 0]
        credits_ = self.book.total(credited)
        undated = [one for one in open_ones if one.invoice.due_on is None]
        rows = self._rows(open_ones, total)
        possible = self._oldest(open_ones)
        return AgeingVerdict(
            value=possible[0] if len(possible) == 1 else None,
            possible=possible,
            missing=self._missing(undated),
            flags=self._flags(open_ones, credited, undated),
            policy=self.policy.ref,
            as_of=self.as_of,
            rows=rows,
            total=total,
            credits=credits_,
            credit_count=len(credited),
            net=total + credits_,
            overdue=self.book.total(row.amount for row in rows[1:-1]),
            perhaps_overdue=self.book.total(
                one.amount for one in undated if one.invoice.issued_on < self.as_of
            ),
            disputed=self.book.total(
                one.amount for one in open_ones if one.invoice.disputed is Tri.YES
            ),
            evidence=self,
        )

    def _rows(
        self, open_ones: tuple[Balance, ...], total: Money
    ) -> tuple[AgeingRow, ...]:
        sorted_in: dict[str, list[Money]] = {
            bucket: [] for bucket in (*self.policy.ages, NO_DUE_DATE)
        }
        for one in open_ones:
            sorted_in[self._bucket(one.invoice)].append(one.amount)
        amounts = {name: self.book.total(held) for name, held in sorted_in.items()}
        shares = _shares([money.amount for money in amounts.values()], total.amount)
        return tuple(
            AgeingRow(name, len(sorted_in[name]), money, share)
            for (name, money), share in zip(amounts.items(), shares, strict=True)
        )

    def _bucket(self, invoice: Invoice) -> str:
        if invoice.due_on is None:
            return NO_DUE_DATE
        return self.policy.ages[self._place(invoice.due_on)]

    def _place(self, due_on: dt.date) -> int:
        return self.policy.place((self.as_of - due_on).days)

    def _oldest(self, open_ones: tuple[Balance, ...]) -> tuple[str, ...]:
        """Return the buckets in which the oldest amount may be, the worst first."""
        if not open_ones:
            return (NOTHING_OWED,)
        dated = [one.invoice.due_on for one in open_ones if one.invoice.due_on]
        undated = [one.invoice for one in open_ones if one.invoice.due_on is None]
        low = max(map(self._place, dated), default=0)
        high = max((self._place(one.issued_on) for one in undated), default=0)
        return tuple(reversed(self.policy.ages[low : max(low, high) + 1]))

    def _missing(self, undated: list[Balance]) -> tuple[Missing, ...]:
        return missing(INPUT_FACTS, ["due_on"] if undated else [])

    def _flags(
        self,
        open_ones: tuple[Balance, ...],
        credited: list[Money],
        undated: list[Balance],
    ) -> tuple[str, ...]:
        flags = (
            ("no-due-date", bool(undated)),
            ("credits-apart", bool(credited)),
            ("disputed", any(one.invoice.disputed is Tri.YES for one in open_ones)),
            ("converted", self.book.is_converted),
        )
        return tuple(flag for flag, is_raised in flags if is_raised)

    def reason(self) -> Reason:
        """Say what is owed, then bucket by bucket, and what stands apart."""
        told = self.verdict()
        worst, best = told.possible[0], told.possible[-1]
        data: tuple[Datum, ...] = (
            ("day", self.as_of.isoformat()),
            *self._money(told.total),
            ("outcome", worst),
            ("answers", "ageing-bucket"),
        )
        parts = [self._row(row) for row in told.rows if row.count]
        for code, money in (
            ("aged-overdue", told.overdue),
            ("aged-perhaps-overdue", told.perhaps_overdue),
            ("aged-disputed", told.disputed),
            ("aged-credits", told.credits),
        ):
            if money.amount:
                parts.append(Reason(code, self._money(money)))
        if told.credits.amount:
            parts.append(Reason("aged-net", self._money(told.net)))
        if worst == best:
            code = "aged-nothing" if worst == NOTHING_OWED else "aged"
            return Reason(code, data, tuple(parts))
        return Reason("aged-open", (*data, ("best", best)), tuple(parts))

    def _row(self, row: AgeingRow) -> Reason:
        data: tuple[Datum, ...] = (
            ("row", row.bucket),
            ("table", "ageing-bucket"),
            ("count", str(row.count)),
            *self._money(row.amount),
            ("unit", "share"),
            ("share", row.share or 0),
        )
        return Reason("aged-row", data)

    @staticmethod
    def _money(money: Money) -> tuple[Datum, ...]:
        return ("amount", written(money.amount)), ("currency", money.currency)

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels


_WHOLE = 100 * 100  # basis points in one


def _shares(amounts: list[Decimal], total: Decimal) -> list[float | None]:
    """Divide one into whole basis points; the largest remainders get what is left."""
    if not total:
        return [None for _ in amounts]
    exact = [Fraction(amount) / Fraction(total) * _WHOLE for amount in amounts]
    points = [int(share) for share in exact]
    by_rest = sorted(range(len(exact)), key=lambda at: points[at] - exact[at])
    for at in by_rest[: _WHOLE - sum(points)]:
        points[at] += 1
    return [point / _WHOLE for point in points]
