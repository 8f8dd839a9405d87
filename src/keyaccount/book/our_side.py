"""What we know of our own side: for one customer, and of our firm as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

import attrs

from keyaccount.domain import (
    AccountPlan,
    AccountProject,
    AccountTeam,
    AnnualTarget,
    BusinessPositioning,
    ChecklistAnswer,
    Commitment,
    CustomerAction,
    Executive,
    IndustryReach,
    Issue,
    KnowledgeItem,
    Pairing,
    SalesMotion,
    ServiceCapacity,
    ServicePromise,
    TeamMember,
    ValueProposition,
    VisitLevel,
)


__all__ = ["NOTHING_OF_OURS", "NO_FIRM", "Firm", "OurSide", "merged"]


Owned = TypeVar(
    "Owned",
    Commitment,
    Issue,
    Pairing,
    AccountPlan,
    AccountProject,
    CustomerAction,
    ValueProposition,
)
Named = TypeVar(
    "Named", Commitment, Issue, AccountProject, CustomerAction, ValueProposition
)
Said = TypeVar("Said")

_LEVELS = tuple(VisitLevel)
_MOST_A_YEAR = 1000  # no promise holds more
_LONGEST_ID = 200  # no noun takes a longer one


@attrs.frozen
class OurSide:
    """What we know of our own side of one customer.

    `motion` is how we sell to it as somebody told; who sells is seen from the `team`.
    `promise` is what was agreed with the customer where that is more, or less, than
    its class gets.
    """

    motion: SalesMotion | None = None
    team: AccountTeam | None = None
    commitments: tuple[Commitment, ...] = ()
    issues: tuple[Issue, ...] = ()
    pairings: tuple[Pairing, ...] = ()
    plans: tuple[AccountPlan, ...] = ()
    projects: tuple[AccountProject, ...] = ()
    positioning: BusinessPositioning | None = None
    actions: tuple[CustomerAction, ...] = ()
    propositions: tuple[ValueProposition, ...] = ()
    promise: ServicePromise | None = None
    targets: tuple[AnnualTarget, ...] = ()


NOTHING_OF_OURS = OurSide()


@attrs.frozen
class Firm:
    """What we know of our firm as a whole; None where no table tells of it."""

    executives: tuple[Executive, ...] | None = None
    answers: tuple[ChecklistAnswer, ...] | None = None
    reaches: tuple[IndustryReach, ...] = ()
    capacities: tuple[ServiceCapacity, ...] | None = None
    targets: tuple[AnnualTarget, ...] = ()
    knowledge: tuple[KnowledgeItem, ...] = ()


NO_FIRM = Firm()


def merged(customer_id: str, sides: Sequence[OurSide]) -> OurSide:
    """Return our side of a group that is rolled up into one customer.

    *sides* are the parent's, then those of its subsidiaries. Promises, troubles, plans
    and all else of which a customer may have several come along, as the group's own; so
    does everybody of ours who works for one of them. Where two of them use one id, each
    puts its company's before it. A target stays its company's: a share of two markets
    is no share of one. Of which there is but one, the parent's stands, or that of the
    first subsidiary where the parent has none. What was agreed in service is owed to
    each of them: visits and exchanges are added up, the quickest answer and the highest
    visitor hold for all.
    """
    if all(side == NOTHING_OF_OURS for side in sides):
        return NOTHING_OF_OURS

    def named(owned: Iterable[tuple[Named, ...]]) -> tuple[Named, ...]:
        return all_of([_told_apart([one for some in owned for one in some])])

    def all_of(owned: Iterable[tuple[Owned, ...]]) -> tuple[Owned, ...]:
        every = (one for some in owned for one in some)
        return tuple(attrs.evolve(one, customer_id=customer_id) for one in every)

    positioning = _first(side.positioning for side in sides)
    if positioning is not None:
        positioning = attrs.evolve(positioning, customer_id=customer_id)
    return OurSide(
        motion=_first(side.motion for side in sides),
        team=_team(customer_id, [one.team for one in sides if one.team is not None]),
        commitments=named(side.commitments for side in sides),
        issues=named(side.issues for side in sides),
        pairings=tuple(dict.fromkeys(all_of(side.pairings for side in sides))),
        plans=all_of(side.plans for side in sides),
        projects=named(side.projects for side in sides),
        positioning=positioning,
        actions=named(side.actions for side in sides),
        propositions=named(side.propositions for side in sides),
        promise=_promise(
            customer_id, [one.promise for one in sides if one.promise is not None]
        ),
        targets=tuple(target for side in sides for target in side.targets),
    )


def _told_apart(owned: Sequence[Named]) -> tuple[Named, ...]:
    """Put its company before an id that another company uses too, where it fits."""
    users: dict[str, set[str]] = {}
    for one in owned:
        users.setdefault(one.id, set()).add(one.customer_id)
    found: list[Named] = []
    for one in owned:
        longer = f"{one.customer_id}/{one.id}"
        is_taken = len(users[one.id]) > 1 and len(longer) <= _LONGEST_ID
        found.append(attrs.evolve(one, id=longer) if is_taken else one)
    return tuple(found)


def _first(said: Iterable[Said | None]) -> Said | None:
    return next((one for one in said if one is not None), None)


def _team(customer_id: str, teams: Sequence[AccountTeam]) -> AccountTeam | None:
    """Put the teams together; how near they sit is told as one of them told it."""
    if not teams:
        return None
    told = [team for team in teams if (team.proximity, team.model) != (None, None)]
    known = [team.members for team in teams if team.members is not None]
    return attrs.evolve(
        (*told, *teams)[0],
        customer_id=customer_id,
        members=_members(one for some in known for one in some) if known else None,
    )


def _members(everybody: Iterable[TeamMember]) -> tuple[TeamMember, ...]:
    """Name everybody once, with all that is told of him or her."""
    found: dict[str, TeamMember] = {}
    for member in everybody:
        known = found.setdefault(member.name, member)
        found[member.name] = TeamMember(
            member.name,
            known.department or member.department,
            known.strengths | member.strengths,
        )
    return tuple(found.values())


def _promise(
    customer_id: str, promises: Sequence[ServicePromise]
) -> ServicePromise | None:
    if not promises:
        return None
    answers = [
        (one.first_response_hours, one.business_hours)
        for one in promises
        if one.first_response_hours is not None
    ]
    hours, is_business = min(answers, default=(None, promises[0].business_hours))
    since = [one.since for one in promises if one.since is not None]
    return ServicePromise(
        customer_id,
        _first(one.tier for one in promises),
        executive_visits_per_year=_total(
            one.executive_visits_per_year for one in promises
        ),
        visit_level=max((one.visit_level for one in promises), key=_LEVELS.index),
        technical_exchanges_per_year=_total(
            one.technical_exchanges_per_year for one in promises
        ),
        first_response_hours=hours,
        business_hours=is_business,
        weekly_receivables_review=any(
            one.weekly_receivables_review for one in promises
        ),
        owner=_first(one.owner for one in promises),
        visitor=_first(one.visitor for one in promises),
        since=min(since, default=None),
    )


def _total(times_a_year: Iterable[int]) -> int:
    return min(sum(times_a_year), _MOST_A_YEAR)
