"""A customer and all that we hold about it beside its years."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import attrs

from keyaccount.domain import (
    AccountAnalysis,
    BuyingFactorProfile,
    Contract,
    Cooperation,
    Customer,
    Opportunity,
    Outlook,
    PaymentTerm,
    Purchase,
    Receivables,
    ShareGrowthCell,
    Stakeholder,
    Standing,
    StrategicProfile,
    Touchpoint,
)

from .facts import NO_FACTS, frozen_facts
from .our_side import NOTHING_OF_OURS, OurSide


__all__ = ["Account"]


@attrs.frozen
class Account:
    """A customer and all that we hold about it beside its years.

    `receivables` are sorted by day; a term may be a name of the catalogue.
    `is_partly_read` says that some of its rows were rejected on the way in, so that
    it stands on less than its tables hold. `attributes` are the marks on the five
    strategic ones, `cells` what it buys in a category and year, `profiles` what was
    seen to weigh in its purchases, `ours` our own side of it. `deal_facts` holds what
    is known of a pipeline's own facts, by the deal's id.
    """

    customer: Customer
    receivables: tuple[Receivables, ...] = ()
    standing: Standing | None = None
    outlook: Outlook | None = None
    terms: tuple[PaymentTerm | str, ...] = ()
    deals: tuple[Opportunity, ...] = ()
    people: tuple[Stakeholder, ...] = ()
    contacts: tuple[Touchpoint, ...] = ()
    is_partly_read: bool = False
    deal_facts: Mapping[str, Mapping[str, object]] = attrs.field(
        default=NO_FACTS, converter=frozen_facts, hash=False
    )
    cooperation: Cooperation | None = None
    attributes: StrategicProfile | None = None
    cells: tuple[ShareGrowthCell, ...] = ()
    analysis: AccountAnalysis | None = None
    purchases: tuple[Purchase, ...] = ()
    profiles: tuple[BuyingFactorProfile, ...] = ()
    contract: Contract | None = None
    ours: OurSide = NOTHING_OF_OURS

    def owed(self, as_of: dt.date) -> Receivables | None:
        """Return the latest receivables on or before a day, None if there are none."""
        known = [owed for owed in self.receivables if owed.as_of <= as_of]
        return known[-1] if known else None
