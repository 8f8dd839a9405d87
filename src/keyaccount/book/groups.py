"""Subsidiaries rolled up into their parents, before anybody is judged (6.2, S3-30).

Whoever buys through five companies is one customer: neither splitting an account nor
merging two of them changes what it is worth to us.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import attrs

from keyaccount.domain import (
    Customer,
    Outlook,
    Receivables,
    Relation,
    Standing,
    YearMetrics,
)
from keyaccount.exceptions import Problems
from keyaccount.tri import any_of

from .account import Account
from .group_lenses import with_joined_lenses
from .our_side import merged


__all__ = ["Group", "KeptApart", "RolledUp", "roll_up"]


@attrs.frozen
class Group:
    """A parent, and the subsidiaries that were rolled up into it."""

    parent_id: str
    member_ids: tuple[str, ...]


@attrs.frozen
class KeptApart:
    """A subsidiary that stays a customer of its own, and why.

    `reason` is a slug: `no-parent` (nobody with the parent's id is among the
    customers), `currency` (it reports in another one), `fiscal-year` (its years end
    on other days), `part-year` (they have another number of months).
    """

    customer: Customer
    parent_id: str
    reason: str


@attrs.frozen
class RolledUp:
    """The accounts once groups are one customer each; nobody is lost.

    Every account that went in is an account that came out, a member of a group, or
    both.
    """

    accounts: tuple[Account, ...]
    groups: tuple[Group, ...] = ()
    kept_apart: tuple[KeptApart, ...] = ()

    @property
    def parent_of(self) -> dict[str, str]:
        """The parent that each rolled-up subsidiary went into, by its id."""
        return {
            member: group.parent_id
            for group in self.groups
            for member in group.member_ids
        }


def roll_up(accounts: Iterable[Account]) -> RolledUp:
    """Roll every subsidiary up into its topmost parent.

    The group keeps the parent's name, industry, owner and influence. Its years are
    summed fiscal year by fiscal year; a figure that one of them has not told is not
    known of the group. Before its first year a member was no customer; from then on a
    year that it lacks is not known; one without any year (a holding) adds nothing.
    Receivables are summed on each day on which all who trade have told of theirs; a
    standing harms the group if it harms one of them. Deals, people, contacts and terms
    come along, and so does our own side (`our_side.merged`). A group trades as soon as
    one of its members does.

    Currencies are not converted and years not cut: a subsidiary that reports in
    another currency, to other days or for part of a year stays apart, with the reason.

    Raises:
        InvalidValueError: a customer comes twice, or is its own parent's parent.
    """
    everybody = tuple(accounts)
    by_id = {account.customer.id: account for account in everybody}
    _check(everybody, by_id)
    apart: list[KeptApart] = []
    members: dict[str, list[Account]] = {}
    for account in everybody:
        customer = account.customer
        if customer.parent_id is None:
            continue
        top = _way_up(customer, by_id)[-1]
        if top == customer.id:
            apart.append(KeptApart(customer, customer.parent_id, "no-parent"))
        else:
            members.setdefault(top, []).append(account)
    taken: dict[str, list[Account]] = {}
    for top, subsidiaries in members.items():
        reported = _Reported()
        reported.take(by_id[top])
        for one in sorted(subsidiaries, key=lambda one: one.customer.id):
            reason = reported.differs(one)
            if reason:
                apart.append(KeptApart(one.customer, top, reason))
            else:
                reported.take(one)
                taken.setdefault(top, []).append(one)
    rolled = {one.customer.id for found in taken.values() for one in found}
    return RolledUp(
        tuple(
            _joined(account, taken.get(account.customer.id, ()))
            for account in everybody
            if account.customer.id not in rolled
        ),
        tuple(
            Group(top, tuple(one.customer.id for one in taken[top]))
            for top in sorted(taken)
        ),
        tuple(sorted(apart, key=lambda one: one.customer.id)),
    )


def _check(everybody: Sequence[Account], by_id: Mapping[str, Account]) -> None:
    problems = Problems()
    seen: set[str] = set()
    for account in everybody:
        slug = account.customer.id
        if slug in seen:
            problems.add("accounts", "duplicate", slug)
        seen.add(slug)
    for slug in sorted(by_id):
        if slug in _way_up(by_id[slug].customer, by_id)[1:]:
            wanted = "a customer is not its own parent, nor its parent's parent"
            problems.add("parent_id", "contradiction", slug, wanted)
    problems.check("roll_up")


def _way_up(customer: Customer, by_id: Mapping[str, Account]) -> tuple[str, ...]:
    """Return the ids from a customer upwards, as far as they are known.

    On a circle the walk ends where it meets an id for the second time.
    """
    way = {customer.id: None}
    above = customer.parent_id
    while above is not None and above in by_id:
        if above in way:
            return (*way, above)
        way[above] = None
        above = by_id[above].customer.parent_id
    return tuple(way)


@attrs.define
class _Reported:
    """How a group reports as far as it has been summed: in what, to which days."""

    currencies: set[str | None] = attrs.Factory(set)
    years: dict[int, YearMetrics] = attrs.Factory(dict)
    ends: set[tuple[int, int]] = attrs.Factory(set)

    def take(self, account: Account) -> None:
        """Note how one more of the group reports."""
        if _reports(account):
            self.currencies.add(account.customer.currency)
        for year in account.customer.years:
            self.years[year.year] = year
            self.ends.add(_end(year))

    def differs(self, account: Account) -> str | None:
        """Say why a subsidiary cannot be summed with the group; None if it can."""
        if not _reports(account):
            return None
        if self.currencies and account.customer.currency not in self.currencies:
            return "currency"
        for year in account.customer.years:
            known = self.years.get(year.year, year)
            is_other = self.ends and _end(year) not in self.ends
            if known.ends_on != year.ends_on or is_other:
                return "fiscal-year"
            if known.months != year.months:
                return "part-year"
        return None


def _reports(account: Account) -> bool:
    """Whether it has told amounts, which stand in its currency."""
    return bool(account.customer.years or account.receivables)


def _end(year: YearMetrics) -> tuple[int, int]:
    """Return the month in which a fiscal year ends, counted from its own name."""
    return year.ends_on.year - year.year, year.ends_on.month


def _joined(parent: Account, subsidiaries: Sequence[Account]) -> Account:
    if not subsidiaries:
        return parent
    group = (parent, *subsidiaries)
    told = [one.customer.currency for one in group if _reports(one)]
    customer = attrs.evolve(
        parent.customer,
        currency=told[0] if told else parent.customer.currency,
        relation=_relation(group),
        years=_years(group),
    )
    facts = {
        deal: known for account in group for deal, known in account.deal_facts.items()
    }
    joined = attrs.evolve(
        parent,
        customer=customer,
        receivables=_receivables(group),
        standing=_standing(group),
        outlook=_outlook(group),
        terms=tuple(dict.fromkeys(term for one in group for term in one.terms)),
        deals=tuple(deal for one in group for deal in one.deals),
        people=tuple(
            attrs.evolve(person, customer_id=customer.id)
            for one in group
            for person in one.people
        ),
        contacts=tuple(
            attrs.evolve(contact, customer_id=customer.id)
            for one in group
            for contact in one.contacts
        ),
        is_partly_read=any(one.is_partly_read for one in group),
        deal_facts=facts,
        ours=merged(customer.id, [one.ours for one in group]),
    )
    return with_joined_lenses(joined, group)


def _relation(group: Iterable[Account]) -> Relation:
    trading = any(one.customer.relation is Relation.TRADING for one in group)
    return Relation.TRADING if trading else Relation.PROSPECT


def _years(group: Iterable[Account]) -> tuple[YearMetrics, ...]:
    """Sum the years of all who were customers by then."""
    customers = [one.customer for one in group if one.customer.years]
    by_year: dict[int, list[YearMetrics]] = {}
    for customer in customers:
        for year in customer.years:
            by_year.setdefault(year.year, []).append(year)
    found = []
    for named, parts in sorted(by_year.items()):
        wanted = sum(customer.years[0].year <= named for customer in customers)
        found.append(_sum(parts, is_whole=len(parts) == wanted))
    return tuple(found)


def _sum(parts: Sequence[YearMetrics], *, is_whole: bool) -> YearMetrics:
    """Add the figures up; where somebody's year is lacking, none is known."""

    def total(name: str) -> Decimal | None:
        amounts = [getattr(part, name) for part in parts]
        return _total(amounts) if is_whole else None

    return attrs.evolve(
        parts[0],
        sales=total("sales"),
        gross_profit=total("gross_profit"),
        due=total("due"),
        collected=total("collected"),
        on_time=total("on_time"),
    )


def _total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """Add up; one part that nobody knows leaves the sum unknown."""
    total = Decimal(0)
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total


def _receivables(group: Iterable[Account]) -> tuple[Receivables, ...]:
    """Sum what is owed on each day by which all who trade have told of theirs."""
    owing = [account.receivables for account in group if _reports(account)]
    if not owing or not all(owing):
        return ()  # somebody has told of none
    first = max(told[0].as_of for told in owing)
    days = sorted({owed.as_of for told in owing for owed in told})
    found = []
    for day in days[days.index(first) :]:
        latest = [[owed for owed in told if owed.as_of <= day][-1] for told in owing]
        found.append(_owed(day, latest))
    return tuple(found)


def _owed(day: dt.date, parts: Sequence[Receivables]) -> Receivables:
    total = sum((part.total for part in parts), Decimal(0))
    return Receivables(day, total, _total([part.overdue_90 for part in parts]))


def _standing(group: Iterable[Account]) -> Standing | None:
    """One that harms is enough; one of whom nobody knows leaves it open."""
    found = [account.standing for account in group]
    if all(one is None for one in found):
        return None
    told = [Standing() if one is None else one for one in found]
    return Standing(
        reputation_harm=any_of(one.reputation_harm for one in told),
        dispute=any_of(one.dispute for one in told),
    )


def _outlook(group: Sequence[Account]) -> Outlook | None:
    """The parent's own outlook, or that of the first subsidiary that has one."""
    return next((one.outlook for one in group if one.outlook is not None), None)
