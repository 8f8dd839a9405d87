"""What is known of each person on a day, without the names."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence

import attrs

from keyaccount.domain import (
    AdminLevel,
    Attitude,
    CommChannel,
    PurchasingRole,
    Stakeholder,
    Touchpoint,
)
from keyaccount.exceptions import Problems
from keyaccount.rules import Interval
from keyaccount.tri import Tri

from ._policy import StakeholderPolicy


__all__ = ["Person", "Survey", "survey"]


FUTURE_CONTACT = "future-contact"
UNLISTED_CONTACT = "unlisted-contact"


@attrs.frozen
class Person:
    """One of the people, as the map sees them.

    `roles` stand in the policy's order; `silent_days` runs from the last contact
    that anything tells of, None where nothing does. `is_met` says whether that was
    recent, `is_key` whether the person counts as key.
    """

    id: str
    level: AdminLevel | None
    roles: tuple[PurchasingRole, ...]
    attitude: Attitude
    has_scope: bool
    silent_days: int | None
    is_met: Tri
    is_key: Tri

    @property
    def decides(self) -> bool:
        """Whether the person is known to be a decision maker."""
        return PurchasingRole.DECISION_MAKER in self.roles


@attrs.frozen
class Survey:
    """The people, weightiest first, and what the contacts tell besides.

    `unlisted` holds the days since the last contact with each person whom a contact
    names and the list does not; `our_side` bounds how many of our people took part.
    """

    people: tuple[Person, ...]
    unlisted: tuple[int, ...]
    our_side: Interval
    flags: tuple[str, ...]
    policy: StakeholderPolicy
    as_of: dt.date

    def holders(self, role: PurchasingRole) -> tuple[Person, ...]:
        """Return those who are known to hold a role."""
        return tuple(person for person in self.people if role in person.roles)


def survey(
    people: Iterable[Stakeholder],
    touchpoints: Iterable[Touchpoint],
    as_of: dt.date,
    policy: StakeholderPolicy,
) -> Survey:
    """Look at everybody on a day.

    Raises:
        InvalidValueError: several customers, or one person twice.
    """
    _check_given(people, touchpoints, as_of, policy)
    listed, log = tuple(people), tuple(touchpoints)
    _check(listed, log)
    talks = [
        talk
        for talk in log
        if talk.channel is CommChannel.CUSTOMER and talk.on <= as_of
    ]
    logged: dict[str, dt.date] = {}
    for talk in talks:
        for name in talk.stakeholder_ids:
            logged[name] = max(talk.on, logged.get(name, talk.on))
    found = [_person(one, logged.get(one.id), as_of, policy) for one in listed]
    ids = {one.id for one in listed}
    unlisted = sorted(
        (as_of - day).days for name, day in logged.items() if name not in ids
    )
    late = any(one.last_contact and one.last_contact > as_of for one in listed)
    flags = ((FUTURE_CONTACT, late), (UNLISTED_CONTACT, bool(unlisted)))
    window = int(policy.number("our_side_days"))
    return Survey(
        tuple(sorted(found, key=lambda person: _place(person, policy))),
        tuple(unlisted),
        _our_side(listed, talks, logged, as_of, window),
        tuple(flag for flag, is_raised in flags if is_raised),
        policy,
        as_of,
    )


def _check_given(
    people: object, touchpoints: object, as_of: object, policy: object
) -> None:
    problems = Problems()
    problems.is_day("as_of", as_of)
    problems.is_a("policy", policy, StakeholderPolicy, "a StakeholderPolicy")
    problems.is_a("people", people, Iterable, "a list of Stakeholder")
    problems.is_a("touchpoints", touchpoints, Iterable, "a list of Touchpoint")
    problems.check("stakeholders")


def _check(people: Sequence[Stakeholder], touchpoints: Sequence[Touchpoint]) -> None:
    problems = Problems()
    for at, one in enumerate(people):
        problems.is_a(f"people[{at}]", one, Stakeholder, "a Stakeholder")
    for at, talk in enumerate(touchpoints):
        problems.is_a(f"touchpoints[{at}]", talk, Touchpoint, "a Touchpoint")
    problems.check("stakeholders")
    places = {f"people[{at}]": one.customer_id for at, one in enumerate(people)}
    for at, talk in enumerate(touchpoints):
        places[f"touchpoints[{at}]"] = talk.customer_id
    first = next(iter(places.values()), "")
    for path, customer in places.items():
        if customer != first:
            wanted = f"one customer at a time, and the first here is {first!r}"
            problems.add(f"{path}.customer_id", "contradiction", customer, wanted)
    seen = set[str]()
    for index, person in enumerate(people):
        if person.id in seen:
            problems.add(f"people[{index}].id", "duplicate", person.id)
        seen.add(person.id)
    problems.check("stakeholders")


def _person(
    one: Stakeholder, logged: dt.date | None, as_of: dt.date, policy: StakeholderPolicy
) -> Person:
    days = [day for day in (_told(one, as_of), logged) if day is not None]
    silent = (as_of - max(days)).days if days else None
    roles = tuple(role for role in policy.role_order if role in one.roles)
    level = one.admin_level
    key: Tri = Tri.of(level and level.level >= policy.number("key_level"))
    return Person(
        one.id,
        level,
        roles,
        one.attitude,
        one.scope is not None,
        silent,
        Tri.of(None if silent is None else silent <= policy.number("contact_days")),
        Tri.YES if policy.key_roles & one.roles else key,
    )


def _told(one: Stakeholder, as_of: dt.date) -> dt.date | None:
    """Return the last contact as the person's record tells it.

    A record that was made after the day does not tell when we had met by then.
    """
    day = one.last_contact
    return day if day is not None and day <= as_of else None


def _place(person: Person, policy: StakeholderPolicy) -> tuple[object, ...]:
    """Return what sorts people: who decides, then by level and by role."""
    order = policy.role_order
    level = person.level.level if person.level else 0
    role = order.index(person.roles[0]) if person.roles else len(order)
    return not person.decides, -level, role, person.id


def _our_side(
    people: Iterable[Stakeholder],
    talks: Iterable[Touchpoint],
    logged: Mapping[str, dt.date],
    as_of: dt.date,
    window: int,
) -> Interval:
    """Return how many of our people had a contact in the last days (S0-20e).

    A contact that only a person's record tells of was had by whoever owns that
    person on our side.
    """
    known, perhaps, nameless = set[str](), set[str](), 0
    is_blind = has_contact = False
    for talk in talks:
        if (as_of - talk.on).days <= window:
            has_contact = True
            known |= talk.our_people
            is_blind = is_blind or not talk.our_people
    for one in people:
        day, log = _told(one, as_of), logged.get(one.id)
        if day is None:
            owners = perhaps if log is None else None
        elif (log is None or day > log) and (as_of - day).days <= window:
            owners, has_contact = known, True
        else:
            owners = None
        if owners is not None and one.our_owner:
            owners.add(one.our_owner)
        elif owners is not None:
            nameless += 1
    high = math.inf if is_blind else float(len(known | perhaps) + nameless)
    return Interval(float(max(len(known), int(has_contact))), high)
