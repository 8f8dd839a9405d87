"""Dated reviews of many customers: up at once, down only on a trend (S2-25, 3.6).

A review acts on where the last one left a customer; its records are what the next one
needs. Whatever bears a date counts from its day on; influence and standing bear none
and hold on every day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from types import MappingProxyType

import attrs

from keyaccount import wording
from keyaccount.domain import Customer, FxTable, Relation, TierRecord, ValueTier
from keyaccount.exceptions import CurrencyMismatchError, MissingRateError, Problems
from keyaccount.models import tiering
from keyaccount.rules import display

from .policies import SHIPPED, Policies
from .sheet import Account
from .shown import Page, headings, said, standing


__all__ = [
    "Reclassified",
    "Reviewed",
    "Steadiness",
    "reclassify",
    "reclassify_over",
    "steadiness",
]


@attrs.frozen
class Reviewed:
    """A customer, and where the review leaves it."""

    customer: Customer
    verdict: tiering.ReviewVerdict

    @property
    def has_moved(self) -> bool:
        """Whether it went from one rung to another; its first rung is no move."""
        return self.verdict.has_moved and self.verdict.before.is_rung


@attrs.frozen(repr=False)
class Reclassified(Page):
    """What a review of many customers made of them.

    `prospects` have no rung to review; the amounts of `unconverted` could not be
    brought into the policy's currency. `kept` are the records of whoever was not
    reviewed, as they were: so nobody loses a rung by not being there once.
    """

    as_of: dt.date
    reviews: tuple[Reviewed, ...]
    prospects: tuple[Customer, ...] = ()
    unconverted: tuple[Customer, ...] = ()
    kept: tuple[tuple[str, TierRecord], ...] = ()

    def __iter__(self) -> Iterator[Reviewed]:
        return iter(self.reviews)

    def __len__(self) -> int:
        return len(self.reviews)

    @property
    def records(self) -> Mapping[str, TierRecord]:
        """What the next review needs, by the customer's id."""
        reviewed = ((one.customer.id, one.verdict.record) for one in self.reviews)
        return MappingProxyType(dict((*self.kept, *reviewed)))

    @property
    def moved(self) -> tuple[Reviewed, ...]:
        """Who went from one rung to another."""
        return tuple(one for one in self.reviews if one.has_moved)

    @property
    def struck(self) -> tuple[Reviewed, ...]:
        """Who stands on a rung with weak reviews behind it: the next may lower it."""
        return tuple(one for one in self.reviews if one.verdict.record.strikes)

    def html(self, locale: str = "en") -> display.Html:
        """Write it as HTML in a language: who moved first, then who did not."""
        ordered = sorted(self.reviews, key=lambda one: not one.has_moved)
        rows = (
            (
                one.customer.name,
                wording.label("tier-name", one.verdict.before.value, locale),
                wording.label("tier-name", one.verdict.effective.value, locale),
                standing(one.verdict.verdict, locale),
                str(one.verdict.record.strikes or ""),
            )
            for one in ordered
        )
        columns = ("review.customer", "against.was", "against.is", "shown.figures")
        title = said(
            "shown.reviewed",
            locale,
            count=len(self),
            moved=len(self.moved),
            day=self.as_of.isoformat(),
        )
        return display.block(
            locale,
            display.headline(title),
            display.table(
                said("against.rungs", locale),
                headings(locale, *columns, "report.col-strikes"),
                rows,
                locale,
                count=len(self),
            ),
        )

    def _counts(self) -> tuple[str, ...]:
        told = f"{len(self)} reviewed", f"{len(self.moved)} moved"
        return *told, f"{len(self.struck)} struck", f"as of {self.as_of}"


_NO_RECORDS: Mapping[str, TierRecord] = MappingProxyType({})


def reclassify(
    accounts: Iterable[Account],
    records: Mapping[str, TierRecord] = _NO_RECORDS,
    *,
    as_of: dt.date,
    policies: Policies = SHIPPED,
    fx: FxTable | None = None,
) -> Reclassified:
    """Review many customers, each from where the last review left it (S2-25).

    Args:
        accounts: the customers and what stands beside them.
        records: `Reclassified.records` of the last review; whoever has none is
            reviewed for the first time.
        as_of: the day of the review.
        policies: your own; the shipped ones have example amounts in USD.
        fx: dated rates, where a customer's currency is not the policy's.

    Raises:
        InvalidValueError: a customer comes twice, or was reviewed after that day.
    """
    reviews: list[Reviewed] = []
    prospects: list[Customer] = []
    unconverted: list[Customer] = []
    problems = Problems()
    seen: set[str] = set()
    for account in accounts:
        customer = account.customer
        if customer.id in seen:
            problems.add("accounts", "duplicate", customer.id)
            continue
        seen.add(customer.id)
        if customer.relation is Relation.PROSPECT:
            prospects.append(customer)
            continue
        first = TierRecord(ValueTier.UNCLASSIFIED, as_of)
        try:
            verdict = tiering.review(
                records.get(customer.id, first),
                customer,
                as_of=as_of,
                receivables=account.owed(as_of),
                standing=account.standing,
                fx=fx,
                policy=policies.tiering,
            )
        except (CurrencyMismatchError, MissingRateError):
            unconverted.append(customer)
        else:
            reviews.append(Reviewed(customer, verdict))
    problems.check("reclassify")
    reviewed = {one.customer.id for one in reviews}
    kept = [(slug, one) for slug, one in records.items() if slug not in reviewed]
    return Reclassified(
        as_of,
        tuple(sorted(reviews, key=_place)),
        tuple(sorted(prospects, key=_slug)),
        tuple(sorted(unconverted, key=_slug)),
        tuple(sorted(kept, key=lambda pair: pair[0])),
    )


def reclassify_over(
    accounts: Iterable[Account],
    days: Iterable[dt.date],
    records: Mapping[str, TierRecord] = _NO_RECORDS,
    *,
    policies: Policies = SHIPPED,
    fx: FxTable | None = None,
) -> tuple[Reclassified, ...]:
    """Hold dated reviews in a row, each from what was known on its day.

    A review sees the years that had ended by then and the receivables of then or
    before, and starts where the one before left everybody.

    Raises:
        InvalidValueError: a day is not after the one before it.
    """
    in_order = tuple(days)
    problems = Problems()
    for at, (day, later) in enumerate(pairwise(in_order), start=1):
        if later <= day:
            wanted = f"later than {day}"
            problems.add(f"days[{at}]", "not-sorted", later.isoformat(), wanted)
    problems.check("reclassify_over")
    everybody = tuple(accounts)
    history: list[Reclassified] = []
    for day in in_order:
        known = (_known_on(account, day) for account in everybody)
        found = reclassify(known, records, as_of=day, policies=policies, fx=fx)
        history.append(found)
        records = found.records
    return tuple(history)


def _known_on(account: Account, day: dt.date) -> Account:
    """Return the account without what was not known yet."""
    customer = account.customer
    years = tuple(year for year in customer.years if year.ends_on <= day)
    return attrs.evolve(
        account,
        customer=attrs.evolve(customer, years=years),
        receivables=tuple(owed for owed in account.receivables if owed.as_of <= day),
    )


def _place(one: Reviewed) -> tuple[int, str]:
    return one.verdict.record.rung.rank, one.customer.id


def _slug(customer: Customer) -> str:
    return customer.id


@attrs.frozen
class Steadiness:
    """How often customers moved over reviews in a row, and how often they would have.

    `moves` counts what the reviews did, `raw_moves` what they would have done if each
    customer simply stood where its figures put it. A flap is a move against the
    direction of the move before it, of the same customer.
    """

    reviews: int
    moves: int
    raw_moves: int
    flaps: int
    raw_flaps: int


def steadiness(history: Iterable[Reclassified]) -> Steadiness:
    """Count moves and flaps over reviews in a row, with and without patience.

    Without patience a customer stands on the lowest rung that its figures allow;
    where they allow none, because the sales are not known, it stays where it was.
    """
    reviews = tuple(history)
    kept: dict[str, list[int]] = {}
    raw: dict[str, list[int]] = {}
    for one in (one for review in reviews for one in review):
        _step(kept, one.customer.id, one.verdict.record.rung)
        _step(raw, one.customer.id, one.verdict.verdict.possible[0])
    return Steadiness(len(reviews), *_counted(kept, raw))


def _step(paths: dict[str, list[int]], slug: str, rung: ValueTier) -> None:
    """Note where a customer stands now, if that is another rung than before."""
    path = paths.setdefault(slug, [])
    if rung.is_rung and (not path or path[-1] != rung.rank):
        path.append(rung.rank)


def _counted(*paths: Mapping[str, list[int]]) -> tuple[int, ...]:
    moves = (sum(max(len(path) - 1, 0) for path in found.values()) for found in paths)
    flaps = (
        sum(
            (second - first) * (third - second) < 0
            for path in found.values()
            for first, second, third in zip(path, path[1:], path[2:], strict=False)
        )
        for found in paths
    )
    return (*moves, *flaps)
