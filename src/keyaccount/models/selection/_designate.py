"""Which designation a customer gets, and what is to be asked before it is settled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from keyaccount.domain import (
    Cooperation,
    Customer,
    FxTable,
    SelectionCriterion,
    StrategicDesignation,
    StrategicIntent,
)
from keyaccount.exceptions import Problems
from keyaccount.rules import Facts, Missing
from keyaccount.tri import Tri

from ._facts import Wanted, composed, facts, matched, valid_intents
from ._judging import SHARE, answers_of, asked
from ._opinions import SelectionAdvice
from ._policy import Answers, SelectionPolicy, default_policy
from ._scale import PARTIAL, scales
from ._scale_value import Scale
from ._verdict import CriterionAnswer, DesignationVerdict, IntentRef
from ._why import SelectionEvidence


__all__ = ["designate", "pool"]


_NOBODY: Mapping[str, Cooperation] = MappingProxyType({})


def designate(  # noqa: PLR0913 - the nouns that stand beside a customer
    customer: Customer,
    *,
    as_of: dt.date,
    scale: Scale | None = None,
    cooperation: Cooperation | None = None,
    intents: Iterable[StrategicIntent] | None = None,
    policy: SelectionPolicy | None = None,
) -> DesignationVerdict:
    """Say whether a customer is strategic to us now, or merely large (S0-4 to S0-11).

    Strategic is who meets all required criteria at once; of the others who is large
    is a key account, who meets any other criterion is of high potential, and who
    meets none is ordinary. What nobody knows leaves open just those designations
    that some answer would lead to. The value of a customer to us, its tier, is
    another axis and changes nothing here (C-1).

    Args:
        customer: whom we speak of; its own figures come in by *scale*.
        as_of: the intents that hold on this day count (S4-3).
        scale: its entry in `scales(…)` over all our customers; without it nobody
            knows whether it is large.
        cooperation: what it needs and serves, and whether it works with us.
        intents: what our firm wants; None is not declared, and leaves the fit open.
        policy: your own; left out, the shipped one.

    Raises:
        InvalidValueError: a scale of another customer or on another basis, two
            intents of one id, a cooperation that is none, or an *as_of* that is no
            plain date.
    """
    policy = default_policy() if policy is None else policy
    wanted = valid_intents(intents, as_of)
    told = Cooperation() if cooperation is None else cooperation
    _check(customer, scale, told, policy)
    found = facts(told, as_of=as_of, scale=scale, intents=wanted)
    share = None if scale is None else scale.share
    answers = answers_of(policy, found, share)
    possible = policy.designations[answers]
    is_one_sided = answers[_PLACES[SelectionCriterion.WILLINGNESS]] is Tri.NO
    advice = SelectionAdvice.CAUTION if is_one_sided else None
    return DesignationVerdict(
        value=possible[0] if len(possible) == 1 else None,
        possible=possible,
        missing=_missing(asked(policy, found, share, answers), scale, wanted),
        flags=_flags(answers, possible, scale, wanted),
        policy=policy.ref,
        as_of=as_of,
        customer_id=customer.id,
        is_strategic=_is_strategic(possible),
        criteria=_criteria(policy, found, answers),
        intents=_refs(wanted),
        served=told.intents_served,
        matched=matched(told, wanted) or (),
        share=share,
        in_head=Tri.UNKNOWN if scale is None else scale.in_head,
        advice=advice,
        evidence=SelectionEvidence(
            policy, found, as_of, answers, scale, wanted, advice
        ),
    )


def pool(  # noqa: PLR0913 - the nouns that stand beside the customers
    customers: Iterable[Customer],
    *,
    as_of: dt.date,
    cooperation: Mapping[str, Cooperation] = _NOBODY,
    intents: Iterable[StrategicIntent] | None = None,
    fx: FxTable | None = None,
    currency: str | None = None,
    policy: SelectionPolicy | None = None,
) -> tuple[DesignationVerdict, ...]:
    """Designate all our customers, each by its share of them all (S0-38).

    Args:
        customers: everybody whom we count; the verdicts stand in the same order.
        as_of: the day of the judgement.
        cooperation: what each needs, serves and is willing to, by customer id.
        intents: what our firm wants.
        fx: dated rates, where there are several currencies.
        currency: what to add up in; left out, what most of them count in.
        policy: your own; left out, the shipped one.

    Raises:
        InvalidValueError: what `scales` and `designate` refuse.
        CurrencyMismatchError: several currencies, and no rates.
        MissingRateError: no rate that is old enough.
    """
    listed = tuple(customers)
    told = composed(cooperation)
    wanted = valid_intents(intents, as_of)
    found = scales(listed, as_of=as_of, fx=fx, currency=currency, policy=policy)
    return tuple(
        designate(
            customer,
            as_of=as_of,
            scale=found[customer.id],
            cooperation=told.get(customer.id),
            intents=wanted,
            policy=policy,
        )
        for customer in listed
    )


_PLACES = MappingProxyType(
    {criterion: at for at, criterion in enumerate(SelectionCriterion)}
)


def _check(
    customer: Customer,
    scale: Scale | None,
    cooperation: Cooperation,
    policy: SelectionPolicy,
) -> None:
    problems = Problems()
    problems.is_a("customer", customer, Customer, "a Customer")
    problems.is_a("cooperation", cooperation, Cooperation, "a Cooperation")
    if scale is not None and problems.is_a("scale", scale, Scale, "a Scale"):
        if scale.customer_id != customer.id:
            wanted = f"the scale of {customer.id}"
            problems.add(
                "scale.customer_id", "contradiction", scale.customer_id, wanted
            )
        if scale.basis is not policy.basis:
            wanted = f"the policy asks for a share of {policy.basis.value}"
            problems.add("scale.basis", "contradiction", scale.basis.value, wanted)
    problems.check("selection")


def _is_strategic(possible: tuple[StrategicDesignation, ...]) -> Tri:
    if StrategicDesignation.STRATEGIC not in possible:
        return Tri.NO
    return Tri.YES if len(possible) == 1 else Tri.UNKNOWN


def _refs(wanted: Wanted) -> tuple[IntentRef, ...] | None:
    if wanted is None:
        return None
    return tuple(IntentRef(intent.id, intent.kind) for intent in wanted)


def _criteria(
    policy: SelectionPolicy, found: Facts, answers: Answers
) -> tuple[CriterionAnswer, ...]:
    """Return the four answers, each with what was seen and what was not (S0-3)."""
    parts = []
    for criterion, answer in zip(SelectionCriterion, answers, strict=True):
        seen = [(name, found[name]) for name in policy.criteria[criterion].table.asks]
        because = tuple(
            (name, value.value if isinstance(value, Tri) else value)
            for name, value in seen
            if value is not None
        )
        unknown = tuple(name for name, value in seen if value is None)
        parts.append(CriterionAnswer(criterion, answer, because, unknown))
    return tuple(parts)


def _flags(
    answers: Answers,
    possible: tuple[StrategicDesignation, ...],
    scale: Scale | None,
    wanted: Wanted,
) -> tuple[str, ...]:
    """Return the flags: what the answers mean together, and what they rest on.

    Nobody is merely large who may be strategic, as in a house that goes by size.
    """
    flags: list[str] = []
    said = dict(zip(SelectionCriterion, answers, strict=True))
    if said[SelectionCriterion.WILLINGNESS] is Tri.NO:
        flags.append("one-sided")
    is_large = said[SelectionCriterion.SCALE] is Tri.YES
    is_misfit = said[SelectionCriterion.STRATEGIC_FIT] is Tri.NO
    if is_large and is_misfit and StrategicDesignation.STRATEGIC not in possible:
        flags.append("merely-large")
    if not wanted:
        flags.append("no-valid-intents")
    return (*flags, *(() if scale is None else scale.flags))


def _missing(
    gaps: tuple[Missing, ...], scale: Scale | None, wanted: Wanted
) -> tuple[Missing, ...]:
    """Ask of each gap what somebody can answer: the amounts, our own strategy.

    Whether a customer is among the head follows from the amounts.
    """
    is_partial = scale is not None and PARTIAL in scale.flags
    is_own_known = scale is not None and (scale.share or scale.amount) is not None
    names = [gap.fact for gap in gaps]
    found = []
    for gap in gaps:
        question = gap.question
        if gap.fact == "in_head" and SHARE in names:
            continue
        if gap.fact in {SHARE, "in_head"} and is_partial and is_own_known:
            question = "amounts-of-others"
        elif gap.fact == "intents_matched" and not wanted:
            question = "strategic-intents"
        found.append(Missing(gap.fact, question))
    return tuple(found)
