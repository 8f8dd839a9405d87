"""Our firm as a whole: is it ready, who stands for whom, can its promises be kept?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TypeVar

import attrs

from keyaccount.domain import (
    Customer,
    ServiceCapacity,
    ServicePromise,
    StrategicDesignation,
    ValueTier,
)
from keyaccount.exceptions import InvalidValueError
from keyaccount.models import engagement, motion, plans, readiness, segments

from .our_side import NO_FIRM, Firm
from .policies import Policies
from .promises import capacities_of
from .sheet import Sheet
from .shown import Gathered


__all__ = ["FirmView", "firm_view"]


Found = TypeVar("Found")


@attrs.frozen(repr=False)
class FirmView(Gathered):
    """What the lenses on our own firm say; None where nothing is told for them.

    `silent` are the customers of whom no contact is on record though there is one of
    others, the best first: nobody can say when they were last met. `planned` tells
    which customers that need a plan have none. `promises` are what every customer may
    expect in a year, `room` what everybody can give, our executives' visits included:
    `plans.can_promise` holds the next promise against both. `executives` are our
    executives' names by their ids. `unread` tells what could not be read, and why.
    """

    penetration: tuple[readiness.IndustryPenetration, ...] = ()
    readiness: readiness.ReadinessVerdict | None = None
    pairing: engagement.PairingVerdict | None = None
    capacity: plans.CapacityVerdict | None = None
    promises: tuple[ServicePromise, ...] = ()
    room: tuple[ServiceCapacity, ...] = ()
    targets: plans.Attainment | None = None
    coverage: motion.CoverageRatio | None = None
    planned: segments.CoverageVerdict | None = None
    silent: tuple[Customer, ...] = ()
    executives: Mapping[str, str] = attrs.field(
        default=MappingProxyType({}), hash=False
    )
    unread: tuple[InvalidValueError, ...] = ()


def firm_view(
    sheets: Sequence[Sheet],
    *,
    as_of: dt.date,
    policies: Policies,
    firm: Firm = NO_FIRM,
) -> FirmView | None:
    """Look at our firm as a whole; None where nothing at all is told of it."""
    promises = tuple(one.ours.promise for one in sheets if one.ours.promise is not None)
    room = capacities_of(firm.capacities, firm.executives)
    unread: list[InvalidValueError] = []

    def look(lens: Callable[[], Found]) -> Found | None:
        """Look through one lens; what it cannot read hides nothing else."""
        try:
            return lens()
        except InvalidValueError as error:  # something that stands twice
            unread.append(error)
            return None

    found = FirmView(
        readiness=look(lambda: _readiness(firm, as_of, policies)),
        penetration=look(lambda: _penetration(firm, as_of)) or (),
        pairing=look(lambda: _pairing(sheets, firm, as_of, policies)),
        capacity=look(lambda: _capacity(promises, room, as_of, policies)),
        promises=promises,
        room=room,
        targets=look(lambda: _targets(firm, as_of, policies)),
        coverage=look(lambda: _coverage(sheets, as_of, policies)),
        planned=_planned(sheets, policies),
        silent=_silent(sheets),
        executives=MappingProxyType(
            {one.id: one.name for one in firm.executives or ()}
        ),
    )
    if unread:
        found = attrs.evolve(found, unread=tuple(unread))
    return None if found == FirmView() else found


def _readiness(
    firm: Firm, as_of: dt.date, policies: Policies
) -> readiness.ReadinessVerdict | None:
    if firm.answers is None:
        return None
    return readiness.assess(firm.answers, as_of=as_of, policy=policies.readiness)


def _penetration(
    firm: Firm, as_of: dt.date
) -> tuple[readiness.IndustryPenetration, ...]:
    """Compare the last two counts of every industry, as of the day."""
    found = []
    for industry in sorted({one.industry for one in firm.reaches}):
        by_day = {
            one.counted_on: one
            for one in sorted(firm.reaches, key=repr)
            if one.industry == industry and one.counted_on <= as_of
        }
        counts = [by_day[day] for day in sorted(by_day)]
        if len(counts) > 1:
            found.append(readiness.industry_penetration(counts[-2], counts[-1]))
    return tuple(found)


def _pairing(
    sheets: Sequence[Sheet], firm: Firm, as_of: dt.date, policies: Policies
) -> engagement.PairingVerdict | None:
    """See who stands for whom, once our executives are told."""
    if firm.executives is None:
        return None
    pairs = [pair for one in sheets for pair in one.account.ours.pairings]
    asked = [
        one
        for one in sheets
        if one.lenses.designation is not None or one.account.ours.pairings
    ]
    return engagement.pair(
        {one.customer.id: _designation(one) for one in asked},
        firm.executives,
        pairs,
        as_of=as_of,
        policy=policies.engagement,
    )


def _designation(sheet: Sheet) -> StrategicDesignation | None:
    found = sheet.lenses.designation
    return None if found is None else found.value


def _capacity(
    promises: Sequence[ServicePromise],
    room: Sequence[ServiceCapacity],
    as_of: dt.date,
    policies: Policies,
) -> plans.CapacityVerdict | None:
    if not room:
        return None
    return plans.capacity(promises, room, as_of=as_of, policy=policies.plans)


def _targets(firm: Firm, as_of: dt.date, policies: Policies) -> plans.Attainment | None:
    if not firm.targets:
        return None
    return plans.attainment(firm.targets, as_of=as_of, policy=policies.plans)


def _rung(sheet: Sheet) -> ValueTier | None:
    return None if sheet.tier is None else sheet.tier.value


def _coverage(
    sheets: Sequence[Sheet], as_of: dt.date, policies: Policies
) -> motion.CoverageRatio | None:
    """Count who is looked after as closely as its tier asks, where a team is told."""
    told = [one for one in sheets if one.account.ours.team is not None]
    teams = [one.account.ours.team for one in told if one.account.ours.team is not None]
    if not teams:
        return None
    tiers = {one.customer.id: _rung(one) for one in told}
    return motion.coverage_ratio(teams, tiers, as_of=as_of, policy=policies.motion)


def _planned(
    sheets: Sequence[Sheet], policies: Policies
) -> segments.CoverageVerdict | None:
    """See who that needs a plan has none, once the first plan is told (S3-4)."""
    plans_told = [one.customer.id for one in sheets if one.account.ours.plans]
    if not plans_told:
        return None
    tiers = {one.customer.id: _rung(one) for one in sheets if one.tier is not None}
    return segments.coverage(tiers, plans=plans_told, policy=policies.segments)


def _silent(sheets: Sequence[Sheet]) -> tuple[Customer, ...]:
    if not any(one.account.contacts for one in sheets):
        return ()
    return tuple(one.customer for one in sheets if not one.account.contacts)
