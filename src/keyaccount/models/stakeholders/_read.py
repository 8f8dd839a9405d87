"""Reads the map of the people at one customer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from keyaccount.domain import (
    AdminLevel,
    Attitude,
    PurchasingRole,
    Stakeholder,
    Touchpoint,
)
from keyaccount.exceptions import UnknownNameError
from keyaccount.rules import Compiled, Facts, Missing, missing
from keyaccount.tri import Tri, all_of, any_of

from ._actions import NextAction, actions_of
from ._facts import FACTS
from ._opinions import MapCoverage, Urgency
from ._policy import StakeholderPolicy, default_policy
from ._spans import (
    Spans,
    coverage_of,
    facts_of,
    fires,
    is_settled,
    leans,
    outcomes,
    spans_of,
    tell,
    values_of,
)
from ._survey import Person, Survey, survey
from ._verdict import MapCell, MapVerdict, MapWarning, OpenPerson, RoleCoverage
from ._why import MapEvidence


__all__ = ["facts", "fold", "next_actions", "read"]


def facts(
    people: Iterable[Stakeholder],
    *,
    as_of: dt.date,
    touchpoints: Iterable[Touchpoint] = (),
    policy: StakeholderPolicy | None = None,
) -> Facts:
    """Bring what is surely known of the people through the door.

    Raises:
        InvalidValueError: several customers, one person twice, or no plain day.
    """
    policy = default_policy() if policy is None else policy
    return facts_of(spans_of(survey(people, touchpoints, as_of, policy)))


def read(
    people: Iterable[Stakeholder],
    *,
    as_of: dt.date,
    touchpoints: Iterable[Touchpoint] = (),
    policy: StakeholderPolicy | None = None,
) -> MapVerdict:
    """Read the map of the people at one customer: coverage, support, warnings.

    The last contact with a person is the later one of the person's record and of
    the *touchpoints* with the customer that name the person. What is dated after
    *as_of* had not happened yet: such a touchpoint is passed over, such a record
    does not tell when we had met by then (flag `future-contact`). A set of roles
    that is not empty is taken for complete.

    Support index: Σ level · attitude ÷ Σ level, over known attitudes (S1-6).

    Args:
        people: those known at one customer, in any order; nobody is a fine answer.
        as_of: the day of the judgement.
        touchpoints: contacts with that customer, planned ones included.
        policy: whose opinion; left out, the shipped one.

    Raises:
        InvalidValueError: several customers, one person twice, or no plain day.
    """
    policy = default_policy() if policy is None else policy
    seen = survey(people, touchpoints, as_of, policy)
    spans = spans_of(seen)
    told = facts_of(spans)
    answers = [fires(rule, told, spans) for rule in policy.warning_rules]
    found = outcomes(policy.coverage, told, spans)
    index, bounds = leans(seen.people)
    roles = tuple(_coverage(seen, role) for role in PurchasingRole)
    warnings = _warnings(policy, answers)
    certain = [one.code for one in warnings if one.fires is Tri.YES]
    covered = {part.role: part.covered for part in roles}
    return MapVerdict(
        value=MapCoverage(found[0]) if len(found) == 1 else None,
        possible=tuple(map(MapCoverage, found)),
        missing=_missing(policy, told, spans, answers, found),
        flags=(*certain, *seen.flags),
        policy=policy.ref,
        as_of=as_of,
        role_coverage=coverage_of(seen),
        support_index=index,
        support_bounds=bounds,
        roles=roles,
        cells=_cells(seen.people),
        warnings=warnings,
        actions=actions_of(seen, covered, certain),
        open_people=_open_people(seen.people),
        decision_maker_covered=covered[PurchasingRole.DECISION_MAKER],
        contacted_business_or_technical=any_of(_met_user(one) for one in seen.people),
        evidence=MapEvidence(
            policy, told, spans, tuple(answers), found, roles, index, bounds
        ),
    )


def next_actions(
    people: Iterable[Stakeholder],
    *,
    as_of: dt.date,
    touchpoints: Iterable[Touchpoint] = (),
    policy: StakeholderPolicy | None = None,
) -> tuple[NextAction, ...]:
    """Say what to do next, the weightiest first: `read(…).actions` (S1-4, S1-5).

    At least one action for every required role that is not covered, the steps of
    the strategy for every person's attitude, and what each warning asks for.

    Raises:
        InvalidValueError: several customers, one person twice, or no plain day.
    """
    found = read(people, as_of=as_of, touchpoints=touchpoints, policy=policy)
    return found.actions


def fold(word: str, *, policy: StakeholderPolicy | None = None) -> Attitude:
    """Return the attitude that a word of a finer scale folds to (S1-5).

    >>> fold("champion"), fold("blocker")
    (<Attitude.SUPPORT: 'support'>, <Attitude.OPPOSE: 'oppose'>)

    Raises:
        UnknownNameError: no such word; says which is near.
    """
    policy = default_policy() if policy is None else policy
    for one in policy.scale:
        if one.id == word:
            return one.attitude
    raise UnknownNameError("attitude", word, tuple(one.id for one in policy.scale))


def _coverage(seen: Survey, role: PurchasingRole) -> RoleCoverage:
    holders = sorted(seen.holders(role), key=lambda person: person.id)
    return RoleCoverage(
        role,
        role in seen.policy.required_roles,
        tuple(person.id for person in holders),
        tuple(person.attitude for person in holders),
        any_of(person.is_met for person in holders),
    )


def _warnings(
    policy: StakeholderPolicy, answers: Sequence[Tri]
) -> tuple[MapWarning, ...]:
    """Return what warns, or may: of several rows for one warning any is enough."""
    found = []
    for rule in policy.warnings:
        rows = zip(policy.warning_rows, answers, strict=True)
        answer = any_of(one for row, one in rows if row.then == rule.id)
        if answer is not Tri.NO:
            found.append(MapWarning(rule.id, answer, rule.urgency))
    return tuple(found)


def _missing(
    policy: StakeholderPolicy,
    told: Facts,
    spans: Spans,
    answers: Sequence[Tri],
    found: Sequence[str],
) -> tuple[Missing, ...]:
    """Return what to ask: first what settles most of the rules that press most."""
    presses = {rule.id: 1 + rule.urgency.rank for rule in policy.warnings}
    rules = zip(policy.warning_rules, answers, strict=True)
    still_open = [
        (presses[rule.table.rows[0].then], rule)
        for rule, answer in rules
        if answer is Tri.UNKNOWN
    ]
    if len(found) > 1:
        still_open.append((0, policy.coverage))
    asked = {name for _, rule in still_open for name in rule.table.asks}
    names = [name for name in told.unknown if name in asked and name in spans]
    order = {name: _settles(name, still_open, told, spans) for name in names}
    return missing(FACTS, sorted(names, key=lambda name: order[name], reverse=True))


def _settles(
    name: str, rules: Sequence[tuple[int, Compiled]], told: Facts, spans: Spans
) -> tuple[float, ...]:
    """Return how many rules an answer settles on average, the most pressing first."""
    rest = {other: span for other, span in spans.items() if other != name}
    values = dict.fromkeys(
        value for _, rule in rules for value in values_of(rule.table, name, spans[name])
    )
    settled = [0] * (1 + len(Urgency))
    for facts_then in (tell(told, {name: value}) for value in values):
        for place, rule in rules:
            if name in rule.table.asks and is_settled(rule, facts_then, rest):
                settled[place] += 1
    return tuple(count / len(values) for count in settled)


def _cells(people: Iterable[Person]) -> tuple[MapCell, ...]:
    """Return the filled cells of the map, by level, role and attitude."""
    levels, roles = [*AdminLevel, None], [*PurchasingRole, None]
    attitudes = list(Attitude)
    found: dict[tuple[int, int, int], list[str]] = {}
    for person in people:
        level, attitude = levels.index(person.level), attitudes.index(person.attitude)
        for role in person.roles or (None,):
            place = level, roles.index(role), attitude
            found.setdefault(place, []).append(person.id)
    return tuple(
        MapCell(levels[level], roles[role], attitudes[attitude], tuple(sorted(ids)))
        for (level, role, attitude), ids in sorted(found.items())
    )


def _open_people(people: Iterable[Person]) -> tuple[OpenPerson, ...]:
    """Return whom to find out about, the weightiest first."""
    asked = ((person.id, tuple(_questions(person))) for person in people)
    return tuple(OpenPerson(slug, codes) for slug, codes in asked if codes)


def _questions(person: Person) -> Iterator[str]:
    if person.attitude is Attitude.UNKNOWN:
        yield "person-attitude"
    if not person.roles:
        yield "person-roles"
    if person.silent_days is None:
        yield "person-contact"
    if person.level is None:
        yield "person-level"
    if person.roles and not person.has_scope:
        yield "person-scope"


def _met_user(person: Person) -> Tri:
    """Tell whether the person was met and is of the business or technical side.

    Of whom no role is known, either may be.
    """
    wanted = {PurchasingRole.BUSINESS, PurchasingRole.TECHNICAL}
    role = Tri.of(not wanted.isdisjoint(person.roles) if person.roles else None)
    return all_of((person.is_met, role))
