"""What to do next, about whom, and by when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import assert_never

import attrs

from keyaccount import wording
from keyaccount.domain import Attitude, PurchasingRole
from keyaccount.rules import days_later
from keyaccount.tri import Tri

from ._opinions import GapKind, Group
from ._survey import Person, Survey


__all__ = ["NextAction", "actions_of"]


_NO_LABELS: wording.Labels = MappingProxyType({})


@attrs.frozen
class NextAction:
    """Something to do: with a person, about a role, or about the map as a whole.

    `roles` are the person's, or the one that nobody is known to hold; `warnings`
    those that the action answers, none where it follows from a gap or an attitude.
    """

    code: str
    due: dt.date
    person: str | None = None
    roles: tuple[PurchasingRole, ...] = ()
    warnings: tuple[str, ...] = ()

    def say(
        self,
        locale: str = "en",
        *,
        own: Mapping[str, Mapping[str, str]] = _NO_LABELS,
    ) -> str:
        """Say it in a language; *own* are a policy's own labels."""
        data = {
            "outcome": self.code,
            "answers": "stakeholder-action",
            "due": self.due.isoformat(),
        }
        code = "next-step"
        if self.person is not None:
            data, code = {**data, "person": self.person}, "next-step-with"
        if self.roles:
            role = {"row": self.roles[0].value, "table": "purchasing-role"}
            data, code = {**data, **role}, f"{code}-role"
        return wording.say(code, data, locale, own=own)


def actions_of(
    survey: Survey, covered: Mapping[PurchasingRole, Tri], warnings: Sequence[str]
) -> tuple[NextAction, ...]:
    """Return what follows from gaps, attitudes and warnings, each thing once.

    Whoever has waited too long comes first, then what is about nobody in
    particular, then the people: who decides, then by level and by role.
    """
    merged: dict[object, NextAction] = {}
    for action in _each(survey, covered, warnings):
        key = (action.code, action.person or action.roles)
        first = merged.setdefault(key, action)
        answered = dict.fromkeys((*first.warnings, *action.warnings))
        merged[key] = attrs.evolve(first, warnings=tuple(answered))
    places = {person.id: place for place, person in enumerate(survey.people)}
    waiting = {one.id for one in survey.people if one.is_met is Tri.NO}

    def place(action: NextAction) -> tuple[object, ...]:
        roles = survey.policy.role_order
        role = roles.index(action.roles[0]) if action.roles else len(roles)
        at = places.get(action.person or "", -1)
        return action.person not in waiting, at, action.due, role, action.code

    return tuple(sorted(merged.values(), key=place))


def _each(
    survey: Survey, covered: Mapping[PurchasingRole, Tri], warnings: Sequence[str]
) -> Iterator[NextAction]:
    yield from _about_gaps(survey, covered)
    yield from _about_warnings(survey, warnings)
    for person in survey.people:
        for code in _strategy(person, survey):
            yield _action(survey, code, person)


def _action(
    survey: Survey,
    code: str,
    person: Person | None = None,
    role: PurchasingRole | None = None,
    warning: str | None = None,
) -> NextAction:
    within = survey.policy.days_by_action[code]
    roles = person.roles if person else (role,) if role else ()
    return NextAction(
        code,
        days_later(survey.as_of, within),
        person.id if person else None,
        roles,
        (warning,) if warning else (),
    )


def _about_gaps(
    survey: Survey, covered: Mapping[PurchasingRole, Tri]
) -> Iterator[NextAction]:
    """Yield one for every role that must be covered and is not, or perhaps not."""
    codes = survey.policy.action_by_gap
    for role in survey.policy.required_roles:
        holders = survey.holders(role)
        if covered[role] is Tri.YES:
            continue
        if not holders:
            yield _action(survey, codes[GapKind.UNIDENTIFIED], role=role)
        elif covered[role] is Tri.NO:
            yield _action(survey, codes[GapKind.UNMET], holders[0])
        else:
            unsure = [one for one in holders if one.is_met is Tri.UNKNOWN]
            yield _action(survey, codes[GapKind.UNCERTAIN], unsure[0])


def _about_warnings(survey: Survey, warnings: Sequence[str]) -> Iterator[NextAction]:
    """Yield one for each person whom a warning is about, or one for the map."""
    for rule in survey.policy.warnings:
        if rule.id not in warnings:
            continue
        about = [
            person
            for person in survey.people
            if rule.people and all(_is_in(person, group) for group in rule.people)
        ]
        for person in about:
            yield _action(survey, rule.action, person, warning=rule.id)
        if not about:
            yield _action(survey, rule.action, role=rule.role, warning=rule.id)


def _is_in(person: Person, group: Group) -> bool:
    """Tell whether a person surely belongs to a group."""
    match group:
        case Group.EVERYBODY:
            return True
        case Group.DECISION_MAKERS:
            return person.decides
        case Group.KEY_PEOPLE:
            return person.is_key is Tri.YES
        case Group.SUPPORTERS:
            return person.attitude is Attitude.SUPPORT
        case Group.NEUTRALS:
            return person.attitude is Attitude.NEUTRAL
        case Group.OPPONENTS:
            return person.attitude is Attitude.OPPOSE
        case Group.UNDECLARED:
            return person.attitude is Attitude.UNKNOWN
        case Group.STALE:
            return person.is_met is Tri.NO
        case Group.UNMET:
            return person.is_met is not Tri.YES
        case Group.WITHOUT_ROLE:
            return not person.roles
        case _:
            assert_never(group)


def _strategy(person: Person, survey: Survey) -> tuple[str, ...]:
    """Return the steps for a person's attitude, those for the weightiest role first."""
    steps = survey.policy.strategy_by_person
    for role in person.roles:
        if (person.attitude, role) in steps:
            return steps[person.attitude, role]
    return steps[person.attitude, None]
