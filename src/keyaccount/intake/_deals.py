"""From the rows of deals, needs, rivals and dates to opportunities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from keyaccount.domain import (
    Customer,
    FactorScore,
    GateAnswers,
    Milestone,
    Money,
    Need,
    Opportunity,
    PaymentTerm,
    ProbabilityOverride,
    StageAnswers,
    StageEvent,
    WorthInputs,
)
from keyaccount.exceptions import InvalidValueError, Problem, Problems, nearest

from ._rows import Entry, Ledger, each_of
from ._tables import (
    GATE_COLUMNS,
    MARK_COLUMNS,
    MONEY_COLUMNS,
    PROGRESS_COLUMNS,
    RATE_COLUMNS,
)


__all__ = [
    "by_deal",
    "deal_of",
    "tell_loose_deals",
    "tell_odds_without_odds",
    "tell_products",
]


Rows = Mapping[str, Sequence[Entry]]

_BESIDE = ("needs", "factors", "history", "milestones")


def by_deal(entries: Rows, ledger: Ledger) -> dict[str, dict[str, list[Entry]]]:
    """Sort the rows that belong to a deal; one of no deal is rejected.

    Returns:
        For every table beside the deals, its rows by the deal's id.
    """
    known = {str(entry.values["id"]) for entry in entries.get("deals", ())}
    found: dict[str, dict[str, list[Entry]]] = {}
    for table in _BESIDE:
        sorted_rows = found.setdefault(table, {})
        for entry in entries.get(table, ()):
            deal = str(entry.values["deal"])
            if deal in known:
                sorted_rows.setdefault(deal, []).append(entry)
                continue
            problems = Problems()
            wanted = "no accepted row of the deals has this id"
            problems.add("deal", "contradiction", deal, wanted)
            ledger.reject(entry, problems.all())
    return found


def deal_of(
    row: Entry,
    customer: Customer | None,
    beside: Mapping[str, Mapping[str, list[Entry]]],
    terms: Mapping[str, PaymentTerm],
    ledger: Ledger,
) -> Opportunity | None:
    """Build an opportunity; None, with the reasons told, if its row will not do."""
    deal = str(row.values["id"])
    parts = {table: beside[table].get(deal, []) for table in _BESIDE}
    try:
        currency = row.text("currency") or (customer.currency if customer else None)
        fields: dict[str, Any] = {
            name: row.values[name] for name in _PLAIN if name in row.values
        }
        return Opportunity(
            customer_id=None if customer is None else customer.id,
            value=_money(row, "value", currency),
            stage=row.text("stage"),
            needs=each_of(parts["needs"], _need, ledger),
            answers=GateAnswers(**_picked(row, GATE_COLUMNS)),
            win_factors=each_of(parts["factors"], _factor, ledger),
            worth=_worth(row, currency),
            payment_term=_term(row, terms),
            history=_history(row, parts["history"], ledger),
            probability=_probability(row),
            progress=StageAnswers(**_picked(row, PROGRESS_COLUMNS)),
            milestones=each_of(parts["milestones"], _milestone, ledger),
            **fields,
        )
    except InvalidValueError as error:
        ledger.reject(row, error.problems)
        return None


_PLAIN = (
    "id",
    "name",
    "product",
    "outcome",
    "loss_reason",
    "forecast_category",
    "owner",
    "opened_on",
    "expected_close",
    "closed_on",
)


def _picked(row: Entry, columns: Sequence[str]) -> dict[str, Any]:
    return {name: row.values[name] for name in columns if name in row.values}


def _money(row: Entry, column: str, currency: str | None) -> Money | None:
    amount = row.values.get(column)
    if not isinstance(amount, Decimal):
        return None
    if currency is None:
        problems = Problems()
        wanted = "a currency, of the deal or of its customer"
        problems.add("currency", "missing", None, wanted)
        problems.check("deal")
    return Money(amount, str(currency))


def _worth(row: Entry, currency: str | None) -> WorthInputs:
    fields = _picked(row, (*RATE_COLUMNS, *MARK_COLUMNS))
    fields |= {name: _money(row, name, currency) for name in MONEY_COLUMNS}
    return WorthInputs(**fields)


def _term(row: Entry, terms: Mapping[str, PaymentTerm]) -> PaymentTerm | None:
    name = row.text("term")
    if name is None or name in terms:
        return None if name is None else terms[name]
    problems = Problems()
    problems.add("term", "unknown-choice", name, nearest(name, terms))
    raise InvalidValueError("deal", problems.all())


def _history(row: Entry, rows: list[Entry], ledger: Ledger) -> tuple[StageEvent, ...]:
    """Read the way of a deal, or the one day on which it came to its stage."""
    stage, entered = row.text("stage"), row.values.get("entered_on")
    if rows:
        events = each_of(rows, _event, ledger)
        return tuple(sorted(events, key=lambda event: event.at))
    if stage is None or entered is None:
        return ()
    return (StageEvent(stage, entered),)  # type: ignore[arg-type]  # a date, as its column reads


def _probability(row: Entry) -> ProbabilityOverride | None:
    if "probability" not in row.values:
        return None
    fields = {
        "value": row.values["probability"],
        "by": row.values.get("probability_by", row.values.get("owner")),
        "on": row.values.get("probability_on"),
        "until": row.values.get("probability_until"),
    }
    try:
        return ProbabilityOverride(**fields)  # type: ignore[arg-type]  # as the columns read
    except InvalidValueError as error:
        found = tuple(
            Problem(_PROBABILITY.get(p.path, p.path), p.code, p.data)
            for p in error.problems
        )
        raise InvalidValueError("deal", found) from None


_PROBABILITY = MappingProxyType(
    {
        "$.value": "$.probability",
        "$.by": "$.probability_by",
        "$.on": "$.probability_on",
        "$.until": "$.probability_until",
    }
)


def _need(row: Entry) -> Need:
    return Need(**_picked(row, ("kind", "mandatory", "coverage", "text")))


def _factor(row: Entry) -> FactorScore:
    return FactorScore(**_picked(row, ("factor", "score")))


def _event(row: Entry) -> StageEvent:
    return StageEvent(row.values["stage"], row.values["on"])  # type: ignore[arg-type]  # as the columns read


def _milestone(row: Entry) -> Milestone:
    names = ("id", "planned_on", "reached_on", "moved_to", "text")
    return Milestone(**_picked(row, names))


def tell_loose_deals(entries: Sequence[Entry], ledger: Ledger) -> None:
    """Remark how many deals say no customer; they are kept."""
    loose = [entry for entry in entries if "customer" not in entry.values]
    if loose:
        problems = Problems()
        problems.add("customer", "not-linked", len(loose), "customer")
        ledger.remark(loose[0].file, 0, problems.all())


def tell_odds_without_odds(entries: Sequence[Entry], ledger: Ledger) -> None:
    """Remark where somebody or a day stands beside a probability that is not there."""
    for entry in entries:
        if "probability" in entry.values:
            continue
        problems = Problems()
        for column in ("probability_by", "probability_on", "probability_until"):
            if column in entry.values:
                got = str(entry.values[column])
                wanted = "no probability stands beside it"
                problems.add(column, "contradiction", got, wanted)
        ledger.remark(entry.file, entry.line, problems.all())


def tell_products(
    deals: Sequence[Entry], products: Sequence[Entry] | None, ledger: Ledger
) -> None:
    """Remark which products no table of products knows, and how many deals say so."""
    if products is None:
        return
    known = [str(entry.values["id"]) for entry in products]
    named = Counter(
        name for entry in deals if (name := entry.text("product")) is not None
    )
    for name, count in sorted(named.items()):
        if name not in known:
            problems = Problems()
            got = f"{name!r} × {count:,}"
            problems.add("product", "unlisted", got, nearest(name, known))
            ledger.remark(deals[0].file, 0, problems.all())
