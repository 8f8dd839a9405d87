"""Should we follow this deal, and what must we find out first?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias, overload

from keyaccount.domain import (
    GateId,
    NeedCoverage,
    Opportunity,
    ProspectClass,
    StrategicDesignation,
    ValueTier,
)
from keyaccount.exceptions import Problems
from keyaccount.rules import Facts, Interval, Reason
from keyaccount.tri import Tri

from ._facts import AMOUNTS, FACTS, MARK_NAMES, MARKS, REAL_FACTS, fact_of
from ._policy import QualificationPolicy, default_policy
from ._questions import questions
from ._reading import Reading, read
from ._results import FAIL, GATES, HOLD, PASS, RESULTS, reach
from ._verdict import DealVerdict, GateVerdict
from ._why import currency_of, explain, win_index, worth_of
from ._worth import net_of, return_of


__all__ = ["CustomerClass", "class_of", "facts", "qualify", "qualify_one"]


CustomerClass: TypeAlias = ValueTier | ProspectClass | StrategicDesignation | str | None
"""What another model says of the customer; it orders the questions, nothing else."""


class DealEvidence(NamedTuple):
    """What a deal's verdict keeps to explain itself."""

    opportunity: Opportunity
    policy: QualificationPolicy

    def reason(self) -> Reason:
        """Say the decision, then what every gate makes of the deal."""
        reading = read(self.opportunity, self.policy)
        return explain(self.opportunity, reading, self.policy)

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels


def facts(
    opportunity: Opportunity, *, policy: QualificationPolicy | None = None
) -> Facts:
    """Bring what is known of an opportunity through the door.

    Sums that something unknown leaves open are unknown; a policy's own win factors
    stand in the win index, not among the facts.
    """
    policy = policy or default_policy()
    reading = read(opportunity, policy)
    given: dict[str, object] = dict(zip(REAL_FACTS.names, reading.real, strict=True))
    met = reading.gates[1]
    if PASS not in met or len(met) == 1:
        given["needs_met"] = Tri.of(PASS in met)
    for scored in opportunity.win_factors:
        if fact_of(scored.factor) in FACTS and scored.factor in policy.factor_ids:
            given[fact_of(scored.factor)] = scored.score
    given |= zip(AMOUNTS, reading.amounts, strict=True)
    given |= zip(MARK_NAMES, reading.marks, strict=True)
    ram = return_of(reading.span, reading.amounts, policy.steps)
    if ram.is_exact:
        given["ram"] = ram.low
    if reading.span.first == reading.span.last:
        given["return_mark"] = policy.steps.marks[reading.span.first]
    for name, bounds in (
        ("win_index", win_index(reading, policy)),
        ("worth", worth_of(reading, policy)),
    ):
        given[name] = bounds.low if bounds.is_exact else None
    return FACTS.read(given)


@overload
def qualify(
    opportunity: Opportunity,
    *,
    as_of: dt.date,
    customer_class: CustomerClass = None,
    policy: QualificationPolicy | None = None,
) -> DealVerdict: ...


@overload
def qualify(
    opportunity: Iterable[Opportunity],
    *,
    as_of: dt.date,
    customer_class: CustomerClass = None,
    policy: QualificationPolicy | None = None,
) -> tuple[DealVerdict, ...]: ...


def qualify(
    opportunity: Opportunity | Iterable[Opportunity],
    *,
    as_of: dt.date,
    customer_class: CustomerClass = None,
    policy: QualificationPolicy | None = None,
) -> DealVerdict | tuple[DealVerdict, ...]:
    """Ask the four gates of a deal, or of each of several (S1-9 to S1-13).

    The decision is the worst of what the gates say: what must not be done
    (not an opportunity, no bid, not worth it) before hold, before review, before
    limited, before pursue; of gates that fail the earliest names the decision. A
    later gate never rescues an earlier one.

    Args:
        opportunity: a deal as far as it is known, or several.
        as_of: the day of the judgement, noted in the verdict.
        customer_class: a tier, a prospect class, a designation or its slug. It
            decides which questions are asked first where several settle equally
            much (S1-7); it never changes a decision.
        policy: your own; the shipped one otherwise.

    Raises:
        UnknownNameError: no class of customers is called that.
        InvalidValueError: no opportunity, or something among several that is none;
            no plain day; another model's policy.

    >>> from keyaccount.domain import GateAnswers
    >>> nothing_there = GateAnswers(explicit_need=Tri.NO)
    >>> deal = Opportunity("o1", "c1", None, answers=nothing_there)
    >>> qualify(deal, as_of=dt.date(2025, 12, 31)).value
    <Decision.NOT_AN_OPPORTUNITY: 'not-an-opportunity'>
    """
    rules = policy or default_policy()
    problems = Problems()
    problems.is_day("as_of", as_of)
    problems.is_a("policy", rules, QualificationPolicy, "a QualificationPolicy")
    problems.check("qualify")
    stress = class_of(customer_class, rules)
    if isinstance(opportunity, Opportunity):
        return qualify_one(opportunity, stress, rules, as_of)
    return tuple(qualify_one(one, stress, rules, as_of) for one in _each(opportunity))


def class_of(given: CustomerClass, policy: QualificationPolicy) -> tuple[str, ...]:
    """Return what the policy stresses in a class of customers.

    Raises:
        UnknownNameError: no class of customers is called that.
    """
    if given is None:
        return ()
    return policy.stressed(given if isinstance(given, str) else given.value)


def qualify_one(
    opportunity: Opportunity,
    stress: tuple[str, ...],
    policy: QualificationPolicy,
    as_of: dt.date,
) -> DealVerdict:
    """Ask the four gates of one deal."""
    reading = read(opportunity, policy)
    reached = reach(reading.gates).decisions
    decision, at = reading.decided()
    gate = None if at is None else GATES[at]
    share = policy.shares[decision]
    open_today = reading.open_today
    failing = [PASS not in ranks for ranks in open_today]
    waiting = [said == HOLD for said in reading.today]
    return DealVerdict(
        value=decision,
        possible=(decision,),
        missing=questions(reading, stress, policy) if len(reached) > 1 else (),
        flags=_flags(opportunity, reading, gate, policy),
        policy=policy.ref,
        as_of=as_of,
        opportunity_id=opportunity.id,
        outcome=opportunity.outcome,
        gates=_gates(reading, stress),
        reachable=reached,
        first_failing=GATES[failing.index(True)] if True in failing else None,
        first_open=GATES[waiting.index(True)] if True in waiting else None,
        decided_by=gate,
        release=Interval(share, share),
        win_index=win_index(reading, policy),
        worth=worth_of(reading, policy),
        net=net_of(reading.span, policy.steps),
        ram=return_of(reading.span, reading.amounts, policy.steps),
        currency=currency_of(opportunity),
        dependencies=tuple(
            need
            for need in opportunity.needs
            if need.coverage is NeedCoverage.OBTAINABLE and need.mandatory is not Tri.NO
        ),
        emphasis=stress,
        evidence=DealEvidence(opportunity, policy),
    )


def _gates(reading: Reading, stress: tuple[str, ...]) -> tuple[GateVerdict, ...]:
    found = []
    is_behind = False
    for gate, said, ranks in zip(GATES, reading.today, reading.gates, strict=True):
        possible = tuple(RESULTS[rank] for rank in ranks)
        is_stressed = gate.value in stress
        found.append(GateVerdict(gate, RESULTS[said], possible, is_behind, is_stressed))
        is_behind = is_behind or said == FAIL
    return tuple(found)


def _flags(
    opportunity: Opportunity,
    reading: Reading,
    gate: GateId | None,
    policy: QualificationPolicy,
) -> tuple[str, ...]:
    """Name why a deal is dropped, and what its numbers alone would not tell."""
    flags: list[str] = []
    _, competes, wins, _ = reading.today
    if gate is GateId.CAN_COMPETE and competes == FAIL:
        flags.append("cannot-compete")
    if gate is GateId.CAN_WIN and wins == FAIL:
        flags.append("must-lose")
    if gate is GateId.WORTH_WINNING and _is_vetoed(reading, policy):
        flags.append("vetoed")
    low, high = reading.span[:2]
    last_gate = reading.gates[-1]
    if last_gate == (FAIL,) and low is not None and low > 0:
        flags.append("profitable-not-worth")
    if FAIL not in last_gate and high is not None and high < 0:
        flags.append("worth-at-a-loss")
    own = policy.factor_ids
    if any(scored.factor not in own for scored in opportunity.win_factors):
        flags.append("unused-factors")
    value = opportunity.value
    if value is not None and value.amount <= 0:
        flags.append("no-contract-value")
    return tuple(flags)


def _is_vetoed(reading: Reading, policy: QualificationPolicy) -> bool:
    """Whether one judgement alone fails the deal, whatever the others are."""
    last = len(policy.steps.floors)
    for at, mark in enumerate(reading.marks):
        alone = tuple(mark if at == place else None for place in range(len(MARKS)))
        if mark is not None and policy.bench.worth(0, last, alone) == (FAIL,):
            return True
    return False


def _each(given: Iterable[Opportunity]) -> list[Opportunity]:
    """Return opportunities, and refuse what is none.

    Raises:
        InvalidValueError: no sequence, or something in it that is no opportunity.
    """
    problems = Problems()
    found: list[Opportunity] = []
    if not _is_a(given, Iterable) or _is_a(given, str, bytes, Mapping):
        problems.add("opportunity", "wrong-type", repr(given), "an Opportunity")
        problems.check("qualify")
    for index, one in enumerate(given):
        found.append(one)
        if not _is_a(one, Opportunity):
            path = f"opportunity[{index}]"
            problems.add(path, "wrong-type", repr(one), "an Opportunity")
    problems.check("qualify")
    return found


def _is_a(value: object, *kinds: type) -> bool:
    return isinstance(value, kinds)
