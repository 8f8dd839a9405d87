"""How we sell to a customer, who of us does, and how near we sit."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable

import attrs

from ._checks import Checks
from ._conversions import gathered, identifier_of, listed
from ._vocabulary import Ranked


__all__ = [
    "AccountTeam",
    "CoverageMode",
    "CoverageModel",
    "OfferMode",
    "SalesMotion",
    "SponsorshipMode",
    "TeamMember",
    "TeamProximity",
]


class OfferMode(enum.Enum):
    """What we sell: a product off the shelf, or advice and a solution (S0-12)."""

    STANDARD_PRODUCT = "standard-product"
    CONSULTATIVE = "consultative"


class CoverageMode(enum.Enum):
    """Who sells: one salesperson alone, or a team of departments (S0-13)."""

    SOLO = "solo"
    TEAM = "team"


class SponsorshipMode(enum.Enum):
    """Who answers for it: sales, or the number-one leader himself (S0-14)."""

    SALES_OWNED = "sales-owned"
    EXECUTIVE_SPONSORED = "executive-sponsored"


class CoverageModel(Ranked):
    """By whom a customer is looked after, the closest first (S2-20)."""

    DEDICATED = "dedicated"
    NAMED = "named"
    POOLED = "pooled"
    PARTNER = "partner"


class TeamProximity(Ranked):
    """How near our team sits to the customer, the nearest first (S0-24)."""

    JOINT_TEAM = "joint-team"
    SAME_CITY = "same-city"
    NONE = "none"


@attrs.frozen
class SalesMotion:
    """How we sell to a customer: what, by whom, who answers for it (S0-12 to S0-14).

    None where nobody has told.
    """

    offer: OfferMode | None = None
    coverage: CoverageMode | None = None
    sponsorship: SponsorshipMode | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.choice("offer", self.offer, OfferMode, optional=True)
        checks.choice("coverage", self.coverage, CoverageMode, optional=True)
        checks.choice("sponsorship", self.sponsorship, SponsorshipMode, optional=True)
        checks.check("SalesMotion")


def _strengths(strengths: Iterable[str]) -> frozenset[str]:
    return gathered(strengths)


@attrs.frozen
class TeamMember:
    """One of ours on an account's team: the department, and what he or she is good at.

    A department that is None is not known.
    """

    name: str
    department: str | None = None
    strengths: frozenset[str] = attrs.field(default=frozenset(), converter=_strengths)

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.text("name", self.name)
        checks.text("department", self.department, optional=True)
        checks.identifiers("strengths", self.strengths)
        checks.check("TeamMember")


def _members(members: Iterable[TeamMember] | None) -> tuple[TeamMember, ...] | None:
    return None if members is None else listed(members)


@attrs.frozen
class AccountTeam:
    """Who of us works for one customer (S0-13), how near (S0-24), and in which way.

    `members` that are None are not known; an empty team is known to be empty.
    """

    customer_id: str = attrs.field(converter=identifier_of)
    members: tuple[TeamMember, ...] | None = attrs.field(
        default=None, converter=_members
    )
    proximity: TeamProximity | None = None
    model: CoverageModel | None = None
    since: dt.date | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.identifier("customer_id", self.customer_id)
        if self.members is not None and checks.each(
            "members", self.members, TeamMember
        ):
            seen = set[str]()
            for index, member in enumerate(self.members):
                if member.name in seen:
                    checks.add(f"members[{index}].name", "duplicate", member.name)
                seen.add(member.name)
        checks.choice("proximity", self.proximity, TeamProximity, optional=True)
        checks.choice("model", self.model, CoverageModel, optional=True)
        checks.day("since", self.since, optional=True)
        checks.check("AccountTeam")
