"""What lies on the table when executives are paired: who there is, who stands."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Mapping

import attrs

from keyaccount.domain import Executive, Pairing, StrategicDesignation
from keyaccount.exceptions import Problems
from keyaccount.tri import Tri

from ._facts import listed, strategic_of
from ._opinions import SponsorState
from ._pairing_verdict import ExecutiveLoad, Sponsorship
from ._policy import EngagementPolicy


__all__ = ["Desk"]


@attrs.frozen
class Desk:
    """What lies on the table: the customers, the executives, what they carry."""

    sponsorships: tuple[Sponsorship, ...]
    executives: Mapping[str, Executive] | None
    loads: tuple[ExecutiveLoad, ...]
    policy: EngagementPolicy

    @classmethod
    def of(
        cls,
        designations: Mapping[str, StrategicDesignation | None],
        executives: Iterable[Executive] | None,
        pairings: Iterable[Pairing],
        as_of: dt.date,
        policy: EngagementPolicy,
    ) -> Desk:
        """Check what was given, and keep the pairings that hold on the day."""
        problems = Problems()
        problems.is_day("as_of", as_of)
        problems.is_a("policy", policy, EngagementPolicy, "an EngagementPolicy")
        kinds = _designated(problems, designations)
        given = () if executives is None else executives
        people = listed(problems, "executives", given, Executive)
        pairs = listed(problems, "pairings", pairings, Pairing)
        ids = [one.id for one in people]
        for index, slug in enumerate(ids):
            if slug in ids[:index]:
                problems.add(f"executives[{index}].id", "duplicate", slug)
        problems.check("pairing")
        by_customer: dict[str, set[str]] = {}
        carried: dict[str, set[str]] = {slug: set() for slug in ids}
        for one in pairs:
            if one.holds_on(as_of):
                by_customer.setdefault(one.customer_id, set()).add(one.executive_id)
                carried.setdefault(one.executive_id, set()).add(one.customer_id)
        sponsorships = tuple(
            _sponsorship(name, kinds.get(name), by_customer.get(name, set()))
            for name in sorted({*kinds, *by_customer})
            if name in by_customer or strategic_of(kinds[name]) is not Tri.NO
        )
        by_id = {one.id: one for one in people}
        loads = tuple(
            ExecutiveLoad(
                slug, tuple(sorted(carried[slug])), _most(by_id[slug], policy)
            )
            for slug in sorted(by_id)
        )
        return cls(sponsorships, None if executives is None else by_id, loads, policy)

    @property
    def people(self) -> tuple[Executive, ...]:
        """Our executives in the order of their ids, none where nobody has told."""
        found = self.executives or {}
        return tuple(found[name] for name in sorted(found))

    def lists(self, name: str) -> Tri:
        """Say whether somebody is one of our executives."""
        return Tri.of(None if self.executives is None else name in self.executives)

    def count(self, *answers: Tri) -> int:
        """Return how many customers are strategic, or may be, by these answers."""
        return sum(one.strategic in answers for one in self.sponsorships)


def _designated(
    problems: Problems, designations: Mapping[str, StrategicDesignation | None]
) -> dict[str, StrategicDesignation | None]:
    """Return the designations by the ids as the nouns spell them."""
    kinds: dict[str, StrategicDesignation | None] = {}
    wanted = "a table of designations by customer"
    if not problems.is_a("designations", designations, Mapping, wanted):
        return kinds
    for given, found in designations.items():
        path = f"designations[{given!r}]"
        if not problems.is_a(path, given, str, "a text"):
            continue
        if found is not None:
            kind = "a StrategicDesignation"
            problems.is_a(path, found, StrategicDesignation, kind)
        name = unicodedata.normalize("NFC", given)
        if name in kinds:
            problems.add(path, "duplicate", name)
        kinds[name] = found
    return kinds


def _most(one: Executive, policy: EngagementPolicy) -> int:
    if one.most_accounts is not None:
        return one.most_accounts
    return policy.whole("ceo_capacity" if one.is_chief else "most_accounts")


def _sponsorship(
    name: str, designation: StrategicDesignation | None, found: Iterable[str]
) -> Sponsorship:
    names = tuple(sorted(found))
    if len(names) > 1:
        state = SponsorState.SEVERAL
    else:
        state = SponsorState.ONE if names else SponsorState.NONE
    return Sponsorship(name, strategic_of(designation), state, names)
