"""From the rows of the lenses' tables to the nouns that stand beside a customer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from keyaccount.domain import (
    AccountAnalysis,
    BackgroundAnalysis,
    BuyingFactor,
    BuyingFactorProfile,
    ChannelPlans,
    Contract,
    Cooperation,
    Customer,
    FactorWeights,
    ProductRequirement,
    Purchase,
    RivalSales,
    ShareGrowthCell,
    StrategicIntent,
    StrategicProfile,
)
from keyaccount.exceptions import InvalidValueError, Problem

from ._rows import Entry, Ledger, one_problem


__all__ = ["intents_of", "parts_of"]


Rows: TypeAlias = Mapping[str, list[Entry]]
Place: TypeAlias = tuple[object, object]
"""Which category, in which year."""

Noun = TypeVar("Noun")

_NOBODY = "none"


def intents_of(
    rows: Sequence[Entry] | None, ledger: Ledger
) -> tuple[StrategicIntent, ...] | None:
    """Build what our firm wants; None where there is no table of it."""
    if rows is None:
        return None
    found = []
    for row in rows:
        try:
            found.append(StrategicIntent(**row.values))  # type: ignore[arg-type]  # its columns are its fields
        except InvalidValueError as error:
            ledger.reject(row, error.problems)
    return tuple(found)


def parts_of(customer: Customer, rows: Rows, ledger: Ledger) -> dict[str, Any]:
    """Build what stands beside a customer for the lenses, by the account's fields."""
    return {
        "cooperation": _one(Cooperation, rows["cooperation"], ledger),
        "attributes": _one(StrategicProfile, rows["attributes"], ledger),
        "cells": _cells(customer, rows, ledger),
        "analysis": _analysis(customer, rows, ledger),
        "purchases": _purchases(customer, rows["purchases"], ledger),
        "profiles": _profiles(rows["profiles"], ledger),
        "contract": _contract(customer, rows["contracts"], ledger),
    }


def _without(row: Entry, *columns: str) -> dict[str, Any]:
    """Return the known values by name, but for some columns."""
    return {name: value for name, value in row.values.items() if name not in columns}


def _one(kind: Callable[..., Noun], rows: list[Entry], ledger: Ledger) -> Noun | None:
    """Build what a table says once of a customer; None where it says nothing."""
    for row in rows:
        try:
            return kind(**_without(row, "customer"))
        except InvalidValueError as error:
            ledger.reject(row, error.problems)
    return None


def _cells(
    customer: Customer, rows: Rows, ledger: Ledger
) -> tuple[ShareGrowthCell, ...]:
    """Build the cells; what rivals sold belongs to the cell of the same place."""
    rivals: dict[Place, list[Entry]] = {}
    for row in rows["rivals"]:
        rivals.setdefault(_place(row), []).append(row)
    found = []
    for row in rows["shares"]:
        theirs = rivals.pop(_place(row), [])
        fields = _without(row, "customer")
        fields.setdefault("currency", customer.currency)
        sold = _sold(theirs, ledger)
        try:
            found.append(ShareGrowthCell(customer.id, rivals=sold, **fields))
        except InvalidValueError as error:
            ledger.reject(row, error.problems)
            rivals[_place(row)] = theirs
    for row in (row for theirs in rivals.values() for row in theirs):
        if not ledger.has_rejected(row.file, row.line):
            wanted = "no accepted row of the shares has this category and year"
            got = row.text("category") or "no category"
            ledger.reject(row, one_problem("category", "contradiction", got, wanted))
    found.sort(key=lambda cell: (cell.category or "", cell.year))
    return tuple(found)


def _place(row: Entry) -> Place:
    return row.values.get("category"), row.values.get("year")


def _sold(rows: list[Entry], ledger: Ledger) -> tuple[RivalSales, ...] | None:
    """Say what rivals sold; None where that is not known of each of them."""
    found = []
    for row in rows:
        name, amount = str(row.values["name"]), row.values.get("amount")
        if name.casefold() == _NOBODY:
            if amount:
                wanted = "nobody sells nothing: leave the amount blank"
                got = str(amount)
                ledger.reject(row, one_problem("amount", "contradiction", got, wanted))
            elif len(rows) == 1:
                return ()
            else:
                wanted = "no other rival in the same year"
                ledger.reject(row, one_problem("name", "contradiction", name, wanted))
        elif amount is None:
            wanted = "what it sold in the year"
            ledger.reject(row, one_problem("amount", "missing", None, wanted))
        else:
            try:
                found.append(RivalSales(name, amount))  # type: ignore[arg-type]  # a Decimal, as its column reads
            except InvalidValueError as error:
                ledger.reject(row, error.problems)
    return tuple(found) if found and len(found) == len(rows) else None


def _analysis(customer: Customer, rows: Rows, ledger: Ledger) -> AccountAnalysis | None:
    """Build the analyses; None where no table says anything."""
    background, analysed_on = BackgroundAnalysis(), None
    for row in rows["background"]:
        try:
            texts = _without(row, "customer", "analysed_on")
            background = BackgroundAnalysis(**texts)
            analysed_on = row.values.get("analysed_on")
        except InvalidValueError as error:
            ledger.reject(row, error.problems)
    requirements = []
    for row in rows["requirements"]:
        try:
            requirements.append(ProductRequirement(**_without(row, "customer")))
        except InvalidValueError as error:
            ledger.reject(row, error.problems)
    channel = _one(ChannelPlans, rows["channels"], ledger)
    found = AccountAnalysis(
        customer.id,
        background,
        tuple(requirements),
        channel or ChannelPlans(),
        analysed_on,  # type: ignore[arg-type]  # a date or None, as its column reads
    )
    return None if found == AccountAnalysis(customer.id) else found


def _purchases(
    customer: Customer, rows: list[Entry], ledger: Ledger
) -> tuple[Purchase, ...]:
    found = []
    for row in rows:
        fields = _without(row, "customer")
        try:
            found.append(Purchase(customer.id, currency=customer.currency, **fields))
        except InvalidValueError as error:
            ledger.reject(row, error.problems)
    found.sort(key=lambda purchase: purchase.on)
    return tuple(found)


def _profiles(rows: list[Entry], ledger: Ledger) -> tuple[BuyingFactorProfile, ...]:
    factors = tuple(factor.value for factor in BuyingFactor)
    found = []
    for row in rows:
        told = {name: row.values[name] for name in factors if name in row.values}
        try:
            weights = FactorWeights(**told)  # type: ignore[arg-type]  # whole, as its columns read
            customer = str(row.values["customer"])
            fields = _without(row, "customer", *factors)
            found.append(BuyingFactorProfile(customer, weights, **fields))
        except InvalidValueError as error:
            ledger.reject(row, _in_column(error, factors[0]))
    return tuple(found)


def _contract(customer: Customer, rows: list[Entry], ledger: Ledger) -> Contract | None:
    for row in rows:
        fields = _without(row, "customer")
        fields.setdefault("currency", customer.currency)
        try:
            return Contract(customer.id, **fields)
        except InvalidValueError as error:
            ledger.reject(row, error.problems)
    return None


def _in_column(error: InvalidValueError, column: str) -> tuple[Problem, ...]:
    """Name a column of the table where the noun means its weights as a whole."""
    return tuple(
        Problem(f"$.{column}", p.code, p.data) if p.path in {"$", "$.weights"} else p
        for p in error.problems
    )
