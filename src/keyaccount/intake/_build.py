"""From the rows of all tables to customers and what stands beside them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from keyaccount.book import Account, Firm
from keyaccount.book.our_side import NO_FIRM
from keyaccount.domain import (
    CommPurpose,
    Cover,
    Customer,
    FxRate,
    FxTable,
    Opportunity,
    Outlook,
    PaymentTerm,
    Receivables,
    Relation,
    Stakeholder,
    Standing,
    StrategicIntent,
    Touchpoint,
    Tranche,
    YearMetrics,
)
from keyaccount.exceptions import InvalidValueError, Problem, Problems, nearest
from keyaccount.tri import Tri

from ._deals import (
    by_deal,
    deal_of,
    tell_loose_deals,
    tell_odds_without_odds,
    tell_products,
)
from ._firm_rows import firm_of
from ._lens_rows import intents_of, parts_of
from ._lens_tables import BESIDE
from ._our_rows import by_project, ours_of
from ._our_tables import OF_CUSTOMERS, OF_PROJECTS
from ._rows import Entry, Ledger


__all__ = ["Built", "build"]


Entries = Mapping[str, Sequence[Entry]]
OwnFacts = Mapping[str, Mapping[str, object]]

_BESIDE = (
    "years",
    "receivables",
    "standing",
    "terms",
    "people",
    "contacts",
    *BESIDE,
    *OF_CUSTOMERS,
)

_WHOM = ("customer", "people")
_YEAR_PATH = re.compile(r"\$\.years\[(\d+)\]")
_YEAR_FIELDS = ("year", "ends_on", "months", "sales", "gross_profit", "due")
_PAID_FIELDS = ("collected", "on_time")


@attrs.frozen
class Built:
    """What the tables hold: accounts, loose deals, rates, our intents, our firm."""

    accounts: tuple[Account, ...]
    loose_deals: tuple[Opportunity, ...]
    loose_facts: OwnFacts
    fx: FxTable
    intents: tuple[StrategicIntent, ...] | None = None
    firm: Firm = NO_FIRM


def build(
    entries: Entries,
    terms: Mapping[str, PaymentTerm],
    ledger: Ledger,
    facts: OwnFacts,
) -> Built:
    """Join the tables; a row that fits nowhere is rejected with its reason.

    A deal is kept even where nobody knows whose it is. *terms* are those that a name
    may stand for, *facts* what is known of a pipeline's own, by the deal's id.
    """
    people = {str(entry.values["id"]): entry for entry in entries["customers"]}
    beside = {
        table: _by_customer(entries.get(table, ()), people, ledger) for table in _BESIDE
    }
    for table in OF_PROJECTS:
        beside[table] = by_project(table, entries, people, ledger)
    deals = _deals_by_customer(entries, people, ledger)
    of_deals = by_deal(entries, ledger)
    accounts = []
    for identifier, entry in people.items():
        rows = {table: found.get(identifier, []) for table, found in beside.items()}
        account = _account(entry, rows, terms, ledger)
        if account is None:
            deals.setdefault(None, []).extend(deals.pop(identifier, []))
            continue
        found = _deals(deals.get(identifier, []), account, of_deals, terms, ledger)
        accounts.append(
            attrs.evolve(account, deals=found, deal_facts=_facts_of(found, facts))
        )
    _tell_lost_parents(people, accounts, ledger)
    loose = _deals(deals.get(None, []), None, of_deals, terms, ledger)
    rates = _rates(entries.get("rates", ()), ledger)
    intents = intents_of(entries.get("intents"), ledger)
    firm = firm_of(entries, {account.customer.id for account in accounts}, ledger)
    return Built(tuple(accounts), loose, _facts_of(loose, facts), rates, intents, firm)


def _facts_of(deals: Sequence[Opportunity], facts: OwnFacts) -> OwnFacts:
    return {deal.id: facts[deal.id] for deal in deals if deal.id in facts}


def _deals_by_customer(
    entries: Entries, people: Mapping[str, Entry], ledger: Ledger
) -> dict[str | None, list[Entry]]:
    """Sort the deals by customer; one whose customer nobody knows is kept apart."""
    rows = entries.get("deals", ())
    found: dict[str | None, list[Entry]] = {}
    for row in rows:
        customer = row.text("customer")
        if customer is not None and customer not in people:
            problems = Problems()
            wanted = "no accepted row of the customers has this id; the deal is kept"
            problems.add("customer", "contradiction", customer, wanted)
            ledger.remark(row.file, row.line, problems.all())
            customer = None
        found.setdefault(customer, []).append(row)
    tell_loose_deals(rows, ledger)
    tell_odds_without_odds(rows, ledger)
    tell_products(rows, entries.get("products"), ledger)
    return found


def _deals(
    rows: list[Entry],
    account: Account | None,
    of_deals: Mapping[str, Mapping[str, list[Entry]]],
    terms: Mapping[str, PaymentTerm],
    ledger: Ledger,
) -> tuple[Opportunity, ...]:
    customer = None if account is None else account.customer
    found = (deal_of(row, customer, of_deals, terms, ledger) for row in rows)
    return tuple(deal for deal in found if deal is not None)


def _by_customer(
    entries: Sequence[Entry], people: Mapping[str, Entry], ledger: Ledger
) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        identifier = entry.text("customer")
        if identifier is None:
            continue  # our firm's own
        if identifier in people:
            found.setdefault(identifier, []).append(entry)
        else:
            problems = Problems()
            wanted = "no accepted row of the customers has this id"
            problems.add("customer", "contradiction", identifier, wanted)
            ledger.reject(entry, problems.all())
    return found


def _account(
    entry: Entry,
    rows: Mapping[str, list[Entry]],
    terms: Mapping[str, PaymentTerm],
    ledger: Ledger,
) -> Account | None:
    customer = _customer(entry, rows["years"], ledger)
    if customer is None:
        _reject_orphans(rows, ledger)
        return None
    standing = [_standing(row) for row in rows["standing"]]
    closing = entry.values.get("closing_potential")
    outlook = None
    if customer.relation is Relation.PROSPECT or closing is not None:
        try:
            outlook = Outlook(customer.influence, closing)  # type: ignore[arg-type]  # a Decimal or None, as its column reads
        except InvalidValueError as error:
            ledger.reject(entry, _in_column(error, "closing_potential"))
            _reject_orphans(rows, ledger)
            return None
    receivables = [r for row in rows["receivables"] if (r := _receivables(row, ledger))]
    return Account(
        customer,
        receivables=tuple(sorted(receivables, key=lambda owed: owed.as_of)),
        standing=standing[0] if standing else None,
        outlook=outlook,
        terms=_terms(rows["terms"], terms, ledger),
        people=_people(rows["people"], ledger),
        contacts=_contacts(rows["contacts"], ledger),
        **parts_of(customer, rows, ledger),
        ours=ours_of(customer, rows, ledger),
        is_partly_read=any(
            ledger.has_rejected(row.file, row.line)
            for found in rows.values()
            for row in found
        ),
    )


def _reject_orphans(rows: Mapping[str, list[Entry]], ledger: Ledger) -> None:
    problems = Problems()
    problems.add(
        "customer",
        "contradiction",
        "a customer whose own row is rejected",
        "mend that row first",
    )
    for found in rows.values():
        for row in found:
            ledger.reject(row, problems.all())


def _customer(entry: Entry, rows: list[Entry], ledger: Ledger) -> Customer | None:
    years = []
    for row in rows:
        try:
            years.append(
                (row, YearMetrics(**_picked(row, *_YEAR_FIELDS, *_PAID_FIELDS)))
            )
        except InvalidValueError as error:
            ledger.reject(row, error.problems)
    years.sort(key=lambda pair: pair[1].year)
    fields = _picked(entry, "id", "name", "industry", "relation", "currency", "owner")
    fields.setdefault("name", fields["id"])
    fields["parent_id"] = entry.values.get("parent")
    fields["influence"] = entry.values.get("influence")
    while True:
        try:
            return Customer(years=tuple(year for _, year in years), **fields)
        except InvalidValueError as error:
            own = [p for p in error.problems if not _YEAR_PATH.match(p.path)]
            if own:
                ledger.reject(entry, own)
                return None
            guilty = [(int(_YEAR_PATH.match(p.path)[1]), p) for p in error.problems]  # type: ignore[index]  # those that match
            for at, problem in guilty:
                ledger.reject(years[at][0], (_without_index(problem),))
            places = {at for at, _ in guilty}
            years = [pair for at, pair in enumerate(years) if at not in places]


def _picked(row: Entry, *columns: str) -> dict[str, Any]:
    """Return the known values by name, as the noun's constructor takes them."""
    return {name: row.values[name] for name in columns if name in row.values}


def _without_index(problem: Problem) -> Problem:
    path = "$" + _YEAR_PATH.sub("", problem.path)
    return Problem(path, problem.code, problem.data)


def _in_column(error: InvalidValueError, column: str) -> tuple[Problem, ...]:
    return tuple(Problem(f"$.{column}", p.code, p.data) for p in error.problems)


def _standing(row: Entry) -> Standing:
    return Standing(**_picked(row, "reputation_harm", "dispute"))


def _receivables(row: Entry, ledger: Ledger) -> Receivables | None:
    try:
        return Receivables(**_picked(row, "as_of", "total", "overdue_90"))
    except InvalidValueError as error:
        ledger.reject(row, error.problems)
        return None


def _people(rows: list[Entry], ledger: Ledger) -> tuple[Stakeholder, ...]:
    found = []
    for row in rows:
        fields = _picked(row, "id", "name", "admin_level", "attitude", "last_contact")
        fields |= _picked(row, "roles", "our_owner", "scope")
        fields.setdefault("name", fields["id"])
        try:
            customer = str(row.values["customer"])
            found.append(Stakeholder(customer_id=customer, **fields))
        except InvalidValueError as error:
            ledger.reject(row, error.problems)
    return tuple(found)


def _contacts(rows: list[Entry], ledger: Ledger) -> tuple[Touchpoint, ...]:
    found = []
    for row in rows:
        fields = {name: row.values[name] for name in row.values if name not in _WHOM}
        purpose = fields.get("purpose")
        if isinstance(purpose, CommPurpose):
            fields.setdefault("channel", purpose.channel)
        try:
            customer, people = str(row.values["customer"]), row.values.get("people", ())
            found.append(Touchpoint(customer, stakeholder_ids=people, **fields))  # type: ignore[arg-type]  # as the columns read
        except InvalidValueError as error:
            ledger.reject(row, error.problems)
    return tuple(found)


def _terms(
    rows: list[Entry], names: Mapping[str, PaymentTerm], ledger: Ledger
) -> tuple[PaymentTerm | str, ...]:
    """Read a term a row where a name stands, a tranche a row where a share stands."""
    found: list[PaymentTerm | str] = []
    tranches: dict[str | None, list[Entry]] = {}
    for row in rows:
        name = row.text("term")
        if "share" in row.values:
            tranches.setdefault(name, []).append(row)
        elif name in names:
            found.append(str(name))
        else:
            problems = Problems()
            if name is None:
                wanted = "the name of a term, or the share of a tranche"
                problems.add("term", "missing", None, wanted)
            else:
                problems.add("term", "unknown-choice", name, nearest(name, names))
            ledger.reject(row, problems.all())
    for name, group in tranches.items():
        try:
            parts = tuple(_tranche(row, ledger) for row in group)
            found.append(PaymentTerm(parts, name))
        except InvalidValueError as error:
            for row in group:
                if not ledger.has_rejected(row.file, row.line):
                    ledger.reject(row, _in_column(error, "share"))
    return tuple(found)


def _tranche(row: Entry, ledger: Ledger) -> Tranche:
    values = row.values
    try:
        kind = values.get("cover")
        cover = None
        if kind is not None:
            ratio = {"ratio": values.get("ratio")}
            recourse = {"recourse": values.get("recourse", Tri.UNKNOWN)}
            cover = Cover(kind, values.get("quality"), **ratio, **recourse)  # type: ignore[arg-type]  # as the columns read
        fields = _picked(row, "share", "title", "at_order")
        timing, days = values.get("timing"), values.get("tenor_days")
        return Tranche(timing=timing, tenor_days=days, cover=cover, **fields)  # type: ignore[arg-type]  # the same
    except InvalidValueError as error:
        ledger.reject(row, error.problems)
        raise


def _tell_lost_parents(
    people: Mapping[str, Entry], accounts: Sequence[Account], ledger: Ledger
) -> None:
    known = {account.customer.id for account in accounts}
    for account in accounts:
        parent = account.customer.parent_id
        if parent is not None and parent not in known:
            entry = people[account.customer.id]
            problems = Problems()
            wanted = "no accepted row of the customers has this id"
            problems.add("parent", "contradiction", parent, wanted)
            ledger.remark(entry.file, entry.line, problems.all())


def _rates(rows: Sequence[Entry], ledger: Ledger) -> FxTable:
    rates = []
    for row in rows:
        try:
            rates.append(FxRate(**_picked(row, "base", "quote", "on", "rate")))
        except InvalidValueError as error:
            ledger.reject(row, error.problems)
    return FxTable(tuple(rates))
