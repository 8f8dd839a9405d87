"""How we sell to a customer: what somebody told, and what the account team shows."""

from __future__ import annotations

import datetime as dt
import unicodedata

from keyaccount.domain import (
    AccountTeam,
    CoverageMode,
    OfferMode,
    SalesMotion,
    SponsorshipMode,
)
from keyaccount.exceptions import Problems

from ._policy import MotionPolicy, default_policy


__all__ = ["actual", "check_team", "departments_of", "is_here", "shown_by"]


def actual(  # noqa: PLR0913 - the three parts, and what may show one of them
    *,
    offer: OfferMode | None = None,
    coverage: CoverageMode | None = None,
    sponsorship: SponsorshipMode | None = None,
    team: AccountTeam | None = None,
    as_of: dt.date | None = None,
    policy: MotionPolicy | None = None,
) -> SalesMotion:
    """Say how we sell to a customer, as far as anybody knows (S0-12 to S0-14).

    Who sells is seen from the account team: a team from two departments on, one
    salesperson alone below that (S0-13). What the team shows beats what was told; where
    it shows nothing, because departments are not known, *coverage* as told stands.

    Args:
        offer: what we sell.
        coverage: who sells, as somebody told.
        sponsorship: who answers for it.
        team: who of us works for the customer.
        as_of: a team that begins later than this day shows nothing yet; left out, it
            counts whenever it begins.
        policy: your own; left out, the shipped one.

    Raises:
        InvalidValueError: a mode or a team that is none, or an *as_of* that is no
            plain date.

    >>> actual(team=AccountTeam("c1", members=[])).coverage
    <CoverageMode.SOLO: 'solo'>
    """
    rules = default_policy() if policy is None else policy
    check_team(team, as_of)
    told = SalesMotion(offer, coverage, sponsorship)
    seen = shown_by(team, as_of, rules)
    return told if seen is None else SalesMotion(offer, seen, sponsorship)


def check_team(team: AccountTeam | None, as_of: dt.date | None) -> None:
    """Refuse what is no team, and a day that is none."""
    problems = Problems()
    if team is not None:
        problems.is_a("team", team, AccountTeam, "an AccountTeam")
    if as_of is not None:
        problems.is_day("as_of", as_of)
    problems.check("motion")


def is_here(team: AccountTeam, as_of: dt.date | None) -> bool:
    """Whether the team is at work on the day; on its first day it is."""
    return as_of is None or team.since is None or team.since <= as_of


def departments_of(
    team: AccountTeam | None, as_of: dt.date | None
) -> tuple[int, int] | None:
    """Return how many departments the team has, at least and at most (S0-13).

    Somebody whose department nobody told belongs to one that is counted already, or
    to one more.
    """
    if team is None or team.members is None or not is_here(team, as_of):
        return None
    told = [one.department for one in team.members]
    known = {_plain(name) for name in told if name is not None}
    least = max(len(known), 1 if told else 0)
    return least, len(known) + told.count(None)


def shown_by(
    team: AccountTeam | None, as_of: dt.date | None, policy: MotionPolicy
) -> CoverageMode | None:
    """Return who sells as the team shows it, None where it does not."""
    counted = departments_of(team, as_of)
    if counted is None:
        return None
    least, most = counted
    if least >= policy.team_from:
        return CoverageMode.TEAM
    return CoverageMode.SOLO if most < policy.team_from else None


def _plain(name: str) -> str:
    """Return a department's name without what does not tell it from another."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
