"""Judges how our executives are engaged with one customer."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from keyaccount.domain import (
    Commitment,
    ExecutiveAntiPattern,
    Issue,
    StrategicDesignation,
    Touchpoint,
)
from keyaccount.exceptions import Problems
from keyaccount.rules import Facts, Interval, Missing, missing
from keyaccount.tri import Tri, any_of

from ._facts import CUSTOMER_FACTS, FACTS, TOUCHPOINT_FACTS, known, strategic_of
from ._given import Given, brief_asked, each_quarter, pre_brief_share
from ._opinions import Engagement, Source
from ._policy import EngagementPolicy, default_policy
from ._signs import in_order, of_customer, of_records, risks_of
from ._verdict import EngagementVerdict, Finding
from ._why import EngagementEvidence


__all__ = ["assess", "facts"]


def facts(  # noqa: PLR0913 - a customer's designation and its records
    customer_id: str,
    *,
    designation: StrategicDesignation | None = None,
    touchpoints: Iterable[Touchpoint],
    commitments: Iterable[Commitment] = (),
    issues: Iterable[Issue] = (),
    since: dt.date | None = None,
    as_of: dt.date,
    policy: EngagementPolicy | None = None,
) -> Facts:
    """Bring what is surely known of one customer through the door.

    Raises:
        InvalidValueError: records of another customer, one twice, or no plain day.
    """
    rules = default_policy() if policy is None else policy
    given = Given.of(
        customer_id, designation, touchpoints, commitments, issues, since, as_of, rules
    )
    told, findings = _judged(given)
    return _with_patterns(told, findings)


def assess(  # noqa: PLR0913 - a customer's designation and its records
    customer_id: str,
    *,
    designation: StrategicDesignation | None = None,
    touchpoints: Iterable[Touchpoint],
    commitments: Iterable[Commitment] = (),
    issues: Iterable[Issue] = (),
    single_threaded: Tri = Tri.UNKNOWN,
    since: dt.date | None = None,
    as_of: dt.date,
    policy: EngagementPolicy | None = None,
) -> EngagementVerdict:
    """Say whether our executives are engaged with a customer in the right way (S0-35).

    Only contacts with the customer itself count, of whatever kind (S0-31). What is
    dated after *as_of* has not happened: a later contact is a scheduled one, a
    promise made later does not exist, one kept later was not kept yet. UNKNOWN is
    never a hit; it makes a pattern possible, and asks.

    Args:
        customer_id: the customer; all records are of this one.
        designation: as `selection` found it; None while that is open.
        touchpoints: contacts that were, and that are scheduled.
        commitments: what was promised.
        issues: troubles, and how an executive met them.
        single_threaded: whether only one of us talks to the customer (S0-20e), as
            `stakeholders` found it; it raises a flag and no more.
        since: from when the customer counts; no quarter before it is asked for.
        as_of: the day of the judgement.
        policy: your own; the shipped one otherwise.

    Raises:
        InvalidValueError: records of another customer, one twice, or no plain day.
    """
    rules = default_policy() if policy is None else policy
    problems = Problems()
    problems.is_a("single_threaded", single_threaded, Tri, "a Tri")
    problems.check("engagement")
    given = Given.of(
        customer_id, designation, touchpoints, commitments, issues, since, as_of, rules
    )
    told, findings = _judged(given)
    risks = risks_of(given.touchpoints, given.commitments, as_of, rules)
    share = pre_brief_share(given)
    unbriefed = () if share is None or share.is_exact else brief_asked(given)
    patterns = _answers(findings)
    sure = tuple(one for one, answer in patterns.items() if answer is Tri.YES)
    possible = _possible(told, findings, rules)
    asked = _asked(told, findings, rules)
    told = _with_patterns(told, findings)
    return EngagementVerdict(
        value=Engagement(possible[0]) if len(possible) == 1 else None,
        possible=tuple(map(Engagement, possible)),
        missing=_missing(asked, findings, risks, unbriefed),
        flags=tuple(_flags(risks, share, single_threaded, rules)),
        policy=rules.ref,
        as_of=as_of,
        customer_id=given.customer_id,
        patterns=sure,
        possible_patterns=tuple(
            one for one, answer in patterns.items() if answer is Tri.UNKNOWN
        ),
        findings=findings,
        risks=risks,
        actions=_actions(sure, possible, rules),
        last_contact=given.last,
        next_contact=given.following,
        pre_brief_share=share,
        kept_late=given.kept_late,
        evidence=EngagementEvidence(rules, told, possible, findings, risks, share),
    )


def _judged(given: Given) -> tuple[Facts, tuple[Finding, ...]]:
    """Return the facts of the customer but for the patterns, and all findings."""
    policy = given.policy
    back, ahead = policy.whole("silence_days"), policy.whole("ahead_days")
    told = CUSTOMER_FACTS.read(
        {
            "strategic": strategic_of(given.designation),
            "executive_lately": any_of(
                talk.executive
                for talk in given.touchpoints
                if 0 <= given.ago(talk) <= back
            ),
            "executive_scheduled": any_of(
                talk.executive
                for talk in given.touchpoints
                if 0 < -given.ago(talk) <= ahead
            ),
            "executive_each_quarter": each_quarter(given),
        }
    )
    records = of_records(
        given.touchpoints, given.commitments, given.issues, given.as_of, policy
    )
    return told, in_order((*records, *of_customer(told, given.last, policy)))


def _answers(findings: Sequence[Finding]) -> dict[ExecutiveAntiPattern, Tri]:
    return {
        pattern: any_of(one.fires for one in findings if one.pattern is pattern)
        for pattern in ExecutiveAntiPattern
    }


def _with_patterns(told: Facts, findings: Sequence[Finding]) -> Facts:
    found = {
        pattern.value.replace("-", "_"): known(answer)
        for pattern, answer in _answers(findings).items()
    }
    return FACTS.read({**told, **found})


def _actions(
    sure: Sequence[ExecutiveAntiPattern],
    possible: Sequence[str],
    policy: EngagementPolicy,
) -> tuple[str, ...]:
    """Return what to do instead; one seen too seldom needs what an absent one does."""
    against = list(sure)
    if possible == (Engagement.RARE.value,):
        against.append(ExecutiveAntiPattern.HANDS_OFF)
    return tuple(
        dict.fromkeys(action for one in against for action in policy.actions[one])
    )


def _possible(
    told: Facts, findings: Sequence[Finding], policy: EngagementPolicy
) -> tuple[str, ...]:
    """Return what the answer may be, lowest first.

    Where nobody knows whether the customer is strategic, both ways are gone: all
    that follows from it must follow from one and the same answer.
    """
    records = [one for one in findings if one.source is not Source.CUSTOMER]
    ways = (Tri.YES, Tri.NO) if told["strategic"] is None else (told["strategic"],)
    found = set[str]()
    for way in ways:
        facts_then = told.with_(strategic=way)
        shown = (*records, *of_customer(facts_then, None, policy))
        found.update(policy.answer.possible(_with_patterns(facts_then, shown)))
    return tuple(name for name in policy.answer.table.outcomes if name in found)


def _asked(
    told: Facts, findings: Sequence[Finding], policy: EngagementPolicy
) -> tuple[Missing, ...]:
    """Return what no record tells and the answer hangs on."""
    names = [
        name
        for name in told.unknown
        if _possible(told.with_(**{name: Tri.YES}), findings, policy)
        != _possible(told.with_(**{name: Tri.NO}), findings, policy)
    ]
    return missing(CUSTOMER_FACTS, names)


def _flags(
    risks: Sequence[Finding],
    share: Interval | None,
    single_threaded: Tri,
    policy: EngagementPolicy,
) -> Iterator[str]:
    """Yield what else is worth a warning, each thing once."""
    sure = (one.pattern for one in risks if one.fires is Tri.YES)
    yield from (f"{pattern.value}-risk" for pattern in dict.fromkeys(sure))
    if share is not None and share.high < policy.number("pre_brief_share"):
        yield "brief-missing"
    if single_threaded is Tri.YES:
        yield "single-threaded-our-side"


def _missing(
    asked: Sequence[Missing],
    findings: Sequence[Finding],
    risks: Sequence[Finding],
    unbriefed: Sequence[str],
) -> tuple[Missing, ...]:
    """Return what to ask: first what settles most patterns, then most records.

    What would only add to a pattern that shows anyway is not asked for.
    """
    patterns = _answers(findings)
    undecided = [one for one in findings if patterns[one.pattern] is Tri.UNKNOWN]
    settles = Counter(
        gap
        for pattern in patterns
        for gap in {
            gap for one in undecided if one.pattern is pattern for gap in one.missing
        }
    )
    records = Counter(gap for one in undecided for gap in one.missing)
    first = [*records, *asked]
    first.sort(key=lambda gap: (-settles[gap], -records[gap], gap.fact))
    first += missing(TOUCHPOINT_FACTS, unbriefed)
    first += [gap for one in risks if one.fires is Tri.UNKNOWN for gap in one.missing]
    return tuple(dict.fromkeys(first))
