"""What the plans of one customer lack, and which are to be looked at again (S4-9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import attrs

from keyaccount import wire, wording
from keyaccount.domain import AccountPhase, AccountPlan
from keyaccount.exceptions import Problems
from keyaccount.rules import Facts, Reason, Verdict, explain_rows, missing
from keyaccount.tri import Tri

from ._facts import PLAN_FACTS
from ._given import each, texts
from ._opinions import PlanGapKind
from ._policy import PlansPolicy, default_policy
from ._review_days import PlanReview, reviews_of


__all__ = ["PlanVerdict", "plan_facts", "review"]


@attrs.frozen(repr=False)
class PlanVerdict(wire.Plain, Verdict[Tri]):
    """Whether the plans of a customer are in order, and what they lack (S3-4, S4-9).

    `covered` are the phases for which there is a plan: in force, or to come; that of
    development also where it has ended and one for maintenance is in force. `gaps`
    are sure, `perhaps` hangs on what nobody told. `ended` are the phases of plans
    that are over, each with its last day.
    """

    customer_id: str
    in_force: tuple[AccountPhase, ...]
    covered: tuple[AccountPhase, ...]
    gaps: tuple[PlanGapKind, ...]
    perhaps: tuple[PlanGapKind, ...]
    reviews: tuple[PlanReview, ...]
    ended: tuple[tuple[AccountPhase, dt.date], ...]
    strange_goals: tuple[str, ...]

    def _extras(self) -> tuple[str, ...]:
        return tuple(gap.value for gap in self.gaps)


def plan_facts(
    plans: Iterable[AccountPlan] | None,
    *,
    as_of: dt.date,
    customer_id: str,
    offered: Iterable[str] | None = None,
    policy: PlansPolicy | None = None,
) -> Facts:
    """Bring the plans of a customer through the door; None where nobody told of any.

    Raises:
        InvalidValueError: something is of another kind.
    """
    policy = default_policy() if policy is None else policy
    return _survey("plan_facts", plans, as_of, customer_id, offered, policy).facts


def review(
    plans: Iterable[AccountPlan] | None,
    *,
    as_of: dt.date,
    customer_id: str,
    offered: Iterable[str] | None = None,
    policy: PlansPolicy | None = None,
) -> PlanVerdict:
    """Tell whether there is a plan in force, for both phases, with an owner (S4-9).

    Both the first and the last day of a plan belong to it, and on the day of its
    review the review is not late.

    Args:
        plans: The plans; those of other customers are left out. None if nobody told,
            which is not the same as none.
        as_of: The day of the question.
        customer_id: Whose plans.
        offered: Ids of the goals that the house offers for this customer, as from
            `segments.goals` (S4-8); without it no goal is strange.
        policy: The rows to judge by.

    Raises:
        InvalidValueError: something is of another kind.
    """
    policy = default_policy() if policy is None else policy
    seen = _survey("review", plans, as_of, customer_id, offered, policy)
    found = policy.plan.collect(seen.facts)
    gaps = _gaps(found.certain)
    perhaps = tuple(gap for gap in _gaps(found.possible) if gap not in gaps)
    possible = (Tri.NO,) if gaps else (Tri.NO, Tri.YES) if perhaps else (Tri.YES,)
    is_open = len(possible) > 1
    return PlanVerdict(
        value=None if is_open else possible[0],
        possible=possible,
        missing=missing(PLAN_FACTS, ("plan_in_force",)) if is_open else (),
        flags=_flags(seen),
        policy=policy.ref,
        as_of=as_of,
        customer_id=customer_id,
        in_force=_phases(seen.in_force),
        covered=seen.covered,
        gaps=gaps,
        perhaps=perhaps,
        reviews=seen.reviews,
        ended=seen.ended,
        strange_goals=seen.strange,
        evidence=PlanEvidence(policy, seen.facts, possible, seen.strange, seen.reviews),
    )


def _gaps(slugs: Iterable[str]) -> tuple[PlanGapKind, ...]:
    found = set(slugs)
    return tuple(gap for gap in PlanGapKind if gap.value in found)


def _phases(plans: Iterable[AccountPlan]) -> tuple[AccountPhase, ...]:
    found = {plan.phase for plan in plans}
    return tuple(phase for phase in AccountPhase if phase in found)


def _flags(seen: _Survey) -> tuple[str, ...]:
    doubled = len(seen.in_force) > len(_phases(seen.in_force))
    return ("two-plans-in-force",) if doubled else ()


@attrs.frozen
class _Survey:
    """The plans of one customer, seen on one day."""

    facts: Facts
    in_force: tuple[AccountPlan, ...] = ()
    covered: tuple[AccountPhase, ...] = ()
    reviews: tuple[PlanReview, ...] = ()
    ended: tuple[tuple[AccountPhase, dt.date], ...] = ()
    strange: tuple[str, ...] = ()


def _survey(  # noqa: PLR0913, PLR0917 - what the verbs were given
    what: str,
    plans: Iterable[AccountPlan] | None,
    as_of: dt.date,
    customer_id: str,
    offered: Iterable[str] | None,
    policy: PlansPolicy,
) -> _Survey:
    own, goals = _checked(what, plans, as_of, customer_id, offered)
    if own is None:
        return _Survey(PLAN_FACTS.read({}))
    in_force = tuple(plan for plan in own if plan.holds_on(as_of))
    alive = [plan for plan in own if not _has_ended(plan, as_of)]
    covered = set(_phases(alive))
    if AccountPhase.MAINTENANCE in _phases(in_force):
        covered.update(_phases(own))
    reviews = reviews_of(in_force, as_of, policy)
    strange = (
        ()
        if goals is None
        else tuple(sorted({goal for plan in alive for goal in plan.goals} - goals))
    )
    facts = {
        "plan_in_force": bool(in_force),
        "development_planned": AccountPhase.DEVELOPMENT in covered,
        "maintenance_planned": AccountPhase.MAINTENANCE in covered,
        "plan_unowned": any(plan.owner is None for plan in in_force),
        "plan_empty": any(plan.text is None and not plan.goals for plan in in_force),
        "plan_review_late": any(one.days_late for one in reviews),
        "plan_goal_unknown": bool(strange),
    }
    return _Survey(
        facts=PLAN_FACTS.read(facts),
        in_force=in_force,
        covered=tuple(phase for phase in AccountPhase if phase in covered),
        reviews=reviews,
        ended=_ended(own, as_of),
        strange=strange,
    )


def _checked(
    what: str,
    plans: Iterable[AccountPlan] | None,
    as_of: dt.date,
    customer_id: str,
    offered: Iterable[str] | None,
) -> tuple[list[AccountPlan] | None, frozenset[str] | None]:
    problems = Problems()
    problems.is_day("as_of", as_of)
    problems.is_a("customer_id", customer_id, str, "the id of a customer")
    listed, goals = None, None
    if plans is not None:
        listed = each(problems, "plans", plans, AccountPlan)
    if offered is not None:
        goals = texts(problems, "offered", offered, "ids of goals")
    problems.check(what)
    if listed is None:
        return None, goals
    return [plan for _, plan in listed if plan.customer_id == customer_id], goals


def _has_ended(plan: AccountPlan, as_of: dt.date) -> bool:
    return plan.valid_until is not None and plan.valid_until < as_of


def _ended(
    plans: Iterable[AccountPlan], as_of: dt.date
) -> tuple[tuple[AccountPhase, dt.date], ...]:
    order = list(AccountPhase)
    found = {
        (plan.phase, plan.valid_until)
        for plan in plans
        if plan.valid_until is not None and plan.valid_until < as_of
    }
    return tuple(sorted(found, key=lambda one: (one[1], order.index(one[0]))))


@attrs.frozen
class PlanEvidence:
    """What a verdict on plans keeps to explain itself."""

    policy: PlansPolicy
    facts: Facts
    possible: tuple[Tri, ...]
    strange: tuple[str, ...]
    reviews: tuple[PlanReview, ...]

    def reason(self) -> Reason:
        """Say what is lacking, or may be, and when the plans are looked at again."""
        rows = explain_rows(self.policy.plan.table, self.facts)
        telling = [row for row in rows if row.code != "row-fails"]
        if len(self.possible) > 1:
            code = "plans-open"
        else:
            code = "plans-lacking" if Tri.NO in self.possible else "plans-sound"
        strange = (
            Reason("plan-goal-strange", (("name", wording.plain(goal)),))
            for goal in self.strange
        )
        return Reason(code, (), (*telling, *strange, *map(_review, self.reviews)))

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels


def _review(one: PlanReview) -> Reason:
    named = (("outcome", one.phase.value), ("answers", "account-phase"))
    if not one.is_anchored:
        return Reason("plan-review-open", named)
    data = (*named, ("due", one.due_on.isoformat()))
    if one.days_late:
        late = ("count", float(one.days_late))
        return Reason("plan-review-late", (*data, late))
    return Reason("plan-review-due", data)
