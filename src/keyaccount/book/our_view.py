"""Our own side of one customer, through every lens that something is told for.

How we sell to it, how our executives meet it, whether anybody talks to it, what is
planned, and what it has been promised. A lens for which nothing is told says nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TypeVar

import attrs

from keyaccount.domain import (
    CommChannel,
    Executive,
    ServicePromise,
    StrategicDesignation,
    Touchpoint,
    ValueTier,
    VolumeProfitType,
)
from keyaccount.exceptions import InvalidValueError
from keyaccount.models import (
    communication,
    engagement,
    fit,
    motion,
    plans,
    segments,
    selection,
    stakeholders,
    tiering,
)
from keyaccount.tri import Tri

from .account import Account
from .beside_others import Whole
from .policies import Policies
from .promises import promise_of
from .shown import Gathered


__all__ = ["NO_VIEW", "OurView", "our_view"]


Found = TypeVar("Found")


@attrs.frozen(repr=False)
class OurView(Gathered):
    """What the lenses on our own side say of one customer; None, where they cannot.

    `visits` are those of our executives that lie ahead; `obligations` what it is owed
    next, by its class or as agreed. `due_commitments` are the promises that are not
    known to be kept, `similar` what we learned elsewhere that may help where a deal or
    a project is under way. `unread` tells what could not be read, and why.
    """

    motion: motion.MotionVerdict | None = None
    visits: tuple[engagement.VisitVerdict, ...] = ()
    due_commitments: tuple[engagement.DueCommitment, ...] = ()
    engagement: engagement.EngagementVerdict | None = None
    issues: communication.IssueVerdict | None = None
    communication: communication.CommunicationVerdict | None = None
    plan: plans.PlanVerdict | None = None
    projects: tuple[plans.ProjectVerdict, ...] = ()
    positioning: plans.TemplateVerdict | None = None
    propositions: plans.TemplateVerdict | None = None
    action_map: plans.ActionMapVerdict | None = None
    targets: plans.Attainment | None = None
    promise: ServicePromise | None = None
    obligations: tuple[plans.Obligation, ...] = ()
    similar: tuple[plans.KnowledgeHit, ...] = ()
    unread: tuple[InvalidValueError, ...] = ()


NO_VIEW = OurView()


@attrs.frozen
class _Seen:
    """What the other lenses have found, and what all of these look at."""

    account: Account
    tier: tiering.TierVerdict | None
    designation: selection.DesignationVerdict | None
    fit: fit.FitVerdict | None
    people: stakeholders.MapVerdict | None
    type: VolumeProfitType | None
    as_of: dt.date
    policies: Policies
    whole: Whole

    @property
    def value(self) -> ValueTier | None:
        """What the customer is served as."""
        return None if self.tier is None else self.tier.effective

    @property
    def executives(self) -> tuple[Executive, ...]:
        """Those of ours who may stand for a customer, as far as told."""
        return self.whole.firm.executives or ()

    @property
    def promise(self) -> ServicePromise | None:
        """What the customer may expect of us in a year."""
        return promise_of(
            self.account,
            self.tier,
            as_of=self.as_of,
            executives=self.executives,
            policy=self.policies.tiering,
        )


def our_view(  # noqa: PLR0913 - what the other lenses have found
    account: Account,
    *,
    tier: tiering.TierVerdict | None,
    designation: selection.DesignationVerdict | None,
    match: fit.FitVerdict | None,
    people: stakeholders.MapVerdict | None,
    type: VolumeProfitType | None,  # noqa: A002 - the word of the domain
    as_of: dt.date,
    policies: Policies,
    whole: Whole,
) -> OurView:
    """Look at our own side of one customer through every lens there is."""
    seen = _Seen(
        account, tier, designation, match, people, type, as_of, policies, whole
    )
    unread: list[InvalidValueError] = []

    def look(lens: Callable[[_Seen], Found]) -> Found | None:
        """Look through one lens; what it cannot read hides nothing else."""
        try:
            return lens(seen)
        except InvalidValueError as error:  # something that stands twice
            unread.append(error)
            return None

    found = OurView(
        motion=look(_motion),
        visits=look(_visits) or (),
        due_commitments=look(_commitments) or (),
        engagement=look(_engagement),
        issues=look(_issues),
        communication=look(_communication),
        plan=look(_plan),
        projects=look(_projects) or (),
        positioning=look(_positioning),
        propositions=look(_propositions),
        action_map=look(_action_map),
        targets=look(_targets),
        obligations=look(_obligations) or (),
        similar=look(_similar) or (),
    )
    if unread:
        found = attrs.evolve(found, unread=tuple(unread))
    return found if found == NO_VIEW else attrs.evolve(found, promise=seen.promise)


def _motion(seen: _Seen) -> motion.MotionVerdict | None:
    ours, found = seen.account.ours, seen.designation
    if ours.motion is None and ours.team is None:
        return None
    return motion.gaps(
        ours.motion,
        None if found is None else found.possible,
        team=ours.team,
        as_of=seen.as_of,
        policy=seen.policies.motion,
    )


def _commitments(seen: _Seen) -> tuple[engagement.DueCommitment, ...]:
    ours = seen.account.ours
    return engagement.commitments_due(ours.commitments, as_of=seen.as_of)


def _engagement(seen: _Seen) -> engagement.EngagementVerdict | None:
    """Look at our executives once something is told of them, or of what they said."""
    account = seen.account
    ours = account.ours
    met = any(one.executive is not Tri.UNKNOWN for one in account.contacts)
    if not (met or ours.commitments or ours.issues or ours.pairings):
        return None
    kind: StrategicDesignation | None = None
    if seen.designation is not None:
        kind = seen.designation.value
    return engagement.assess(
        account.customer.id,
        designation=kind,
        touchpoints=account.contacts,
        commitments=ours.commitments,
        issues=ours.issues,
        single_threaded=_single_thread(seen.people),
        since=min((one.since for one in ours.pairings if one.since), default=None),
        as_of=seen.as_of,
        policy=seen.policies.engagement,
    )


def _single_thread(people: stakeholders.MapVerdict | None) -> Tri:
    """Say whether only one of us talks to the customer, as the map found (S0-20e)."""
    if people is None:
        return Tri.UNKNOWN
    fires = [one.fires for one in people.warnings if one.code == _ONE_OF_US]
    return fires[0] if fires else Tri.NO


_ONE_OF_US = "single-threaded-our-side"


def _visits(seen: _Seen) -> tuple[engagement.VisitVerdict, ...]:
    """Check the visits of our executives that lie ahead, the next one first."""
    ours = seen.account.ours
    ahead = [
        one
        for one in seen.account.contacts
        if one.on >= seen.as_of
        and one.executive is Tri.YES
        and one.channel is CommChannel.CUSTOMER
    ]
    return tuple(
        engagement.prepare(
            one,
            commitments=ours.commitments if seen.whole.records_promises else None,
            issues=ours.issues if seen.whole.records_issues else None,
            sponsor=_sponsor(seen, one),
            as_of=seen.as_of,
            policy=seen.policies.engagement,
        )
        for one in sorted(ahead, key=lambda one: (one.on, repr(one)))
    )


def _sponsor(seen: _Seen, visit: Touchpoint) -> Executive | None:
    """Find the executive who goes, by name or id; else the one paired with it."""
    paired = {
        one.executive_id
        for one in seen.account.ours.pairings
        if one.holds_on(seen.as_of)
    }
    goes = [
        one for one in seen.executives if {one.id, one.name} & set(visit.our_people)
    ]
    stands = [one for one in seen.executives if one.id in paired]
    return next(iter((*goes, *stands)), None)


def _communication(seen: _Seen) -> communication.CommunicationVerdict | None:
    if not seen.account.contacts:
        return None
    return communication.gaps(
        seen.account.customer.id,
        seen.account.contacts,
        as_of=seen.as_of,
        tier=seen.value,
        policy=seen.policies.communication,
    )


def _issues(seen: _Seen) -> communication.IssueVerdict | None:
    if not seen.account.ours.issues:
        return None
    return communication.issue_ageing(
        seen.account.ours.issues,
        as_of=seen.as_of,
        policy=seen.policies.communication,
    )


def _plan(seen: _Seen) -> plans.PlanVerdict | None:
    if not seen.account.ours.plans:
        return None
    return plans.review(
        seen.account.ours.plans,
        as_of=seen.as_of,
        customer_id=seen.account.customer.id,
        offered=_offered(seen),
        policy=seen.policies.plans,
    )


def _offered(seen: _Seen) -> tuple[str, ...] | None:
    """Return the goals for customers of its type (S4-8); None where that is open."""
    if seen.type is None:
        return None
    offered = segments.goals(seen.type, policy=seen.policies.segments)
    return tuple(goal.id for goal in offered)


def _projects(seen: _Seen) -> tuple[plans.ProjectVerdict, ...]:
    team = seen.account.ours.team
    return tuple(
        plans.status(
            project,
            as_of=seen.as_of,
            analysed=_analysed(seen.fit),
            members=None if team is None else team.members,
            policy=seen.policies.plans,
        )
        for project in seen.account.ours.projects
    )


def _analysed(match: fit.FitVerdict | None) -> Tri:
    """Say whether the four analyses are complete (S4-16); nobody told is not a no."""
    if match is None:
        return Tri.UNKNOWN
    return Tri.of(set(match.analysed) == set(fit.FitPart))


def _positioning(seen: _Seen) -> plans.TemplateVerdict | None:
    written = seen.account.ours.positioning
    if written is None:
        return None
    return plans.positioning(written, policy=seen.policies.plans)


def _propositions(seen: _Seen) -> plans.TemplateVerdict | None:
    written = seen.account.ours.propositions
    return plans.propositions(written, policy=seen.policies.plans) if written else None


def _action_map(seen: _Seen) -> plans.ActionMapVerdict | None:
    account = seen.account
    if not account.ours.actions:
        return None
    return plans.action_map(
        account.ours.actions,
        as_of=seen.as_of,
        people=[one.id for one in account.people] if account.people else None,
        policy=seen.policies.plans,
    )


def _targets(seen: _Seen) -> plans.Attainment | None:
    targets, policy = seen.account.ours.targets, seen.policies.plans
    if not targets:
        return None
    return plans.attainment(targets, as_of=seen.as_of, policy=policy)


def _obligations(seen: _Seen) -> tuple[plans.Obligation, ...]:
    """List what is owed next, once a contact is on record or something was agreed.

    Of a customer whose contacts nobody writes down it cannot be said when the last
    visit was.
    """
    account, promise = seen.account, seen.promise
    is_told = account.contacts or account.ours.issues or account.ours.promise
    if promise is None or not is_told:
        return ()
    owed = account.owed(seen.as_of)
    return plans.obligations(
        promise,
        touchpoints=account.contacts,
        issues=account.ours.issues,
        reviewed_on=None if owed is None else owed.as_of,
        as_of=seen.as_of,
        days=seen.whole.days,
        policy=seen.policies.plans,
    )


def _similar(seen: _Seen) -> tuple[plans.KnowledgeHit, ...]:
    """Look for what we learned elsewhere, where we are at work for the customer."""
    account = seen.account
    at_work = account.ours.projects or any(one.outcome is None for one in account.deals)
    known = [
        one
        for one in seen.whole.firm.knowledge
        if one.recorded_on is None or one.recorded_on <= seen.as_of
    ]
    if not at_work or not known:
        return ()
    wanted = None if account.cooperation is None else account.cooperation.service_lines
    return plans.find_similar(
        known,
        industry=account.customer.industry,
        needs=wanted or (),
        excluding=account.customer.id,
        policy=seen.policies.plans,
    )
