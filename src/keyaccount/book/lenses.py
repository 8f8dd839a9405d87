"""One customer through the lenses beside its tier, as far as anybody has told of it.

A lens for which nothing is told says nothing: no wall of unknowns. Where something is
told, the verdict comes with its questions.
"""

from __future__ import annotations

import datetime as dt
from typing import TypeAlias

import attrs

from keyaccount.domain import (
    SelectionCriterion,
    ShareGrowthCell,
    StrategicDesignation,
    ValueTier,
)
from keyaccount.exceptions import CurrencyMismatchError, InvalidValueError
from keyaccount.models import (
    buying,
    fit,
    growth,
    lifetime,
    payment,
    segments,
    selection,
    tiering,
)
from keyaccount.tri import Tri

from .account import Account
from .beside_others import Whole
from .policies import Policies
from .shown import Gathered
from .standings import ground_of


__all__ = ["NO_LENSES", "Lenses", "Segment", "Unread", "lenses", "year_of"]


Unread: TypeAlias = InvalidValueError | CurrencyMismatchError
"""Why a lens could not look at what is told."""


@attrs.frozen(repr=False)
class Segment(Gathered):
    """How a customer buys and behaves: three axes, and what they come from.

    `need` rests on the profile of its purchases, `buying` on its place among all
    customers; `type` is that of a strategic customer, to set goals by (S4-7).
    """

    axes: segments.Classification
    need: buying.NeedVerdict | None = None
    buying: segments.RfmVerdict | None = None
    type: segments.VolumeProfitVerdict | None = None


@attrs.frozen(repr=False)
class Lenses(Gathered):
    """What the lenses beside the tier say of one customer; None, where they cannot.

    `loss` is what the loss of a strategic customer would cost: `review` works it out,
    for it takes all customers. `unread` tells which lens could not read what is told
    of the customer, and why: an analysis of a later day, more returned than sold in
    the year before.
    """

    designation: selection.DesignationVerdict | None = None
    loss: selection.LossImpact | None = None
    segment: Segment | None = None
    growth: tuple[growth.GrowthVerdict, ...] = ()
    fit: fit.FitVerdict | None = None
    lifetime: lifetime.LifetimeVerdict | None = None
    unread: tuple[Unread, ...] = ()


NO_LENSES = Lenses()


def lenses(
    account: Account,
    tier: tiering.TierVerdict | None,
    *,
    as_of: dt.date,
    policies: Policies,
    whole: Whole,
) -> Lenses:
    """Look at one customer through every lens that something is told for."""
    unread: list[Unread] = []
    designation = _designation(account, as_of, policies, whole)
    return Lenses(
        designation,
        segment=_segment(account, tier, designation, as_of, policies, whole),
        growth=_growth(account, as_of, policies, unread),
        fit=_fit(account, tier, designation, as_of, policies, unread),
        lifetime=_lifetime(account, as_of, policies, unread),
        unread=tuple(unread),
    )


def _designation(
    account: Account, as_of: dt.date, policies: Policies, whole: Whole
) -> selection.DesignationVerdict | None:
    if account.cooperation is None:
        return None
    return selection.designate(
        account.customer,
        as_of=as_of,
        scale=whole.scales.get(account.customer.id),
        cooperation=account.cooperation,
        intents=whole.intents,
        policy=policies.selection,
    )


def _segment(  # noqa: PLR0913, PLR0917 - each axis looks at something else
    account: Account,
    tier: tiering.TierVerdict | None,
    designation: selection.DesignationVerdict | None,
    as_of: dt.date,
    policies: Policies,
    whole: Whole,
) -> Segment | None:
    ranked = whole.buying.get(account.customer.id)
    if not account.profiles and ranked is None:
        return None
    need = None
    if account.profiles:
        known = buying.profile(
            account.profiles,
            customer_id=account.customer.id,
            as_of=as_of,
            tier=None if tier is None else tier.value,
            policy=policies.buying,
        )
        asked = None
        if designation is not None:
            asked = designation.answer(SelectionCriterion.SOLUTION_NEED)
        need = buying.need_type(known, solution_need=asked, policy=policies.buying)
    axes = segments.classify(
        value=None if tier is None else tier.grade,
        need=None if need is None else need.value,
        behaviour=ranked,
        under_supervision=Tri.UNKNOWN if tier is None else tier.is_problem,
    )
    kind = None
    if ranked is not None and designation is not None:
        kind = _type(tier, ranked, designation, policies)
    return Segment(axes, need, ranked, kind)


def _type(
    tier: tiering.TierVerdict | None,
    ranked: segments.RfmVerdict,
    designation: selection.DesignationVerdict,
    policies: Policies,
) -> segments.VolumeProfitVerdict | None:
    """Say what a strategic customer brings: orders, profit, both (S4-7, C-6)."""
    if designation.value is not StrategicDesignation.STRATEGIC:
        return None
    ground = None if tier is None else ground_of(tier.evidence)
    margin = None if ground is None else ground.facts["gross_margin"]
    return segments.volume_profit(
        ranked.behaviour.orders,
        margin if isinstance(margin, float) else None,
        designation=designation.value,
        policy=policies.segments,
    )


def year_of(account: Account, as_of: dt.date) -> int | None:
    """Return the latest fiscal year with a cell that had ended by a day."""
    ends = {year.year: year.ends_on for year in account.customer.years}
    years = {cell.year for cell in account.cells}
    over = [year for year in years if ends.get(year, dt.date(year, 12, 31)) <= as_of]
    return max(over, default=None)


def _growth(
    account: Account, as_of: dt.date, policies: Policies, unread: list[Unread]
) -> tuple[growth.GrowthVerdict, ...]:
    """Read category by category, so that one that cannot be read hides no other."""
    year = year_of(account, as_of)
    if year is None:
        return ()
    by_category: dict[str | None, list[ShareGrowthCell]] = {}
    for cell in account.cells:
        by_category.setdefault(cell.category, []).append(cell)
    found: list[growth.GrowthVerdict] = []
    for cells in by_category.values():
        try:
            found += growth.read(cells, year=year, policy=policies.growth)
        except (InvalidValueError, CurrencyMismatchError) as error:
            unread.append(error)
    return tuple(found)


def _fit(  # noqa: PLR0913, PLR0917 - the four analyses stand in different places
    account: Account,
    tier: tiering.TierVerdict | None,
    designation: selection.DesignationVerdict | None,
    as_of: dt.date,
    policies: Policies,
    unread: list[Unread],
) -> fit.FitVerdict | None:
    if account.analysis is None:
        return None
    kind: ValueTier | StrategicDesignation | None = None
    if tier is not None and tier.effective is not None:
        kind = tier.effective
    elif designation is not None:
        kind = designation.value
    within = _within_appetite(account, kind, as_of, policies)
    try:
        return fit.assess(
            account.analysis,
            as_of=as_of,
            term_within_appetite=within,
            policy=policies.fit,
        )
    except InvalidValueError as error:
        unread.append(error)
        return None


def _lifetime(
    account: Account, as_of: dt.date, policies: Policies, unread: list[Unread]
) -> lifetime.LifetimeVerdict | None:
    if account.contract is None:
        return None
    try:
        return lifetime.value(account.contract, as_of=as_of, policy=policies.lifetime)
    except InvalidValueError as error:  # a value that is too large to be written
        unread.append(error)
        return None


def _within_appetite(
    account: Account,
    customer_class: ValueTier | StrategicDesignation | None,
    as_of: dt.date,
    policies: Policies,
) -> Tri:
    """Say whether we accept every term of the customer's, by what it is to us."""
    if customer_class is None or not account.terms:
        return Tri.UNKNOWN
    found = payment.choose(
        account.terms, customer_class, policy=policies.payment, as_of=as_of
    )
    if found.refused:
        return Tri.NO
    return Tri.UNKNOWN if found.undecided else Tri.YES
