"""Which shifts are missing in how we sell, and what is to be asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import attrs

from keyaccount.domain import AccountTeam, SalesMotion, StrategicDesignation
from keyaccount.exceptions import Problems
from keyaccount.rules import Facts
from keyaccount.tri import Tri

from ._actual import check_team, departments_of, is_here, shown_by
from ._facts import motion_facts
from ._judging import Designations
from ._policy import MotionPolicy, default_policy
from ._required import designations_of
from ._shifts import SalesShift
from ._verdict import MotionVerdict
from ._why import MotionEvidence


__all__ = ["facts", "gaps"]


def facts(
    actual: SalesMotion | None,
    designation: StrategicDesignation | Iterable[StrategicDesignation] | None,
    *,
    team: AccountTeam | None = None,
    as_of: dt.date | None = None,
    policy: MotionPolicy | None = None,
) -> Facts:
    """Bring what is known of how we sell through the door.

    Raises:
        InvalidValueError: what `gaps` refuses.
    """
    rules = default_policy() if policy is None else policy
    motion, possible = _checked(actual, designation, team, as_of, rules)
    one = possible[0] if len(possible) == 1 else None
    return motion_facts(one, motion, rules.judge(motion, possible).lacking)


def gaps(
    actual: SalesMotion | None,
    designation: StrategicDesignation | Iterable[StrategicDesignation] | None,
    *,
    team: AccountTeam | None = None,
    as_of: dt.date | None = None,
    policy: MotionPolicy | None = None,
) -> MotionVerdict:
    """Say whether we sell to a customer in the right way (S0-15).

    A shift is missing where every designation that the customer may have asks for it,
    and we surely still sell in the old way. Doing more than is asked is no gap; it is
    told by the flag `more-than-asked`. An ordinary customer asks for nothing that
    could be missing, so we sell to it rightly whatever is not known.

    Args:
        actual: how we sell; None is not known.
        designation: what selection makes of the customer; where that is still open,
            all that it may be (a verdict's `possible`); None is not known at all.
        team: who of us works for the customer; what it shows beats *actual*.
        as_of: a team that begins later than this day shows nothing yet; left out, it
            counts whenever it begins.
        policy: your own; left out, the shipped one.

    Raises:
        InvalidValueError: a motion, a designation or a team that is none, or an
            *as_of* that is no plain date.

    >>> gaps(SalesMotion(), StrategicDesignation.ORDINARY).value
    <Tri.YES: 'yes'>
    """
    rules = default_policy() if policy is None else policy
    motion, possible = _checked(actual, designation, team, as_of, rules)
    judged = rules.judge(motion, possible)
    counted = departments_of(team, as_of)
    answers = judged.answers
    return MotionVerdict(
        value=answers[0] if len(answers) == 1 else None,
        possible=answers,
        missing=judged.missing,
        flags=_flags(actual, motion, team, as_of, judged.more),
        policy=rules.ref,
        as_of=as_of,
        customer_id=None if team is None else team.customer_id,
        required=judged.required,
        actual=motion,
        shifts=judged.shifts(Tri.YES),
        undecided=judged.shifts(Tri.UNKNOWN),
        more=judged.more,
        departments=counted,
        evidence=MotionEvidence(
            rules, motion, possible, judged.lacking, answers, counted
        ),
    )


def _checked(
    actual: SalesMotion | None,
    designation: StrategicDesignation | Iterable[StrategicDesignation] | None,
    team: AccountTeam | None,
    as_of: dt.date | None,
    policy: MotionPolicy,
) -> tuple[SalesMotion, Designations]:
    """Return how we sell, as the team shows it too, and what the customer may be."""
    problems = Problems()
    if actual is not None:
        problems.is_a("actual", actual, SalesMotion, "a SalesMotion")
    problems.check("motion")
    check_team(team, as_of)
    told = SalesMotion() if actual is None else actual
    seen = shown_by(team, as_of, policy)
    motion = told if seen is None else attrs.evolve(told, coverage=seen)
    return motion, designations_of(designation)


def _flags(
    told: SalesMotion | None,
    motion: SalesMotion,
    team: AccountTeam | None,
    as_of: dt.date | None,
    more: tuple[SalesShift, ...],
) -> tuple[str, ...]:
    is_late = team is not None and not is_here(team, as_of)
    is_empty = team is not None and not is_late and team.members == ()
    coverage = None if told is None else told.coverage
    is_other = coverage is not None and coverage is not motion.coverage
    flags = (
        ("team-contradicts", is_other),
        ("team-empty", is_empty),
        ("team-not-yet", is_late),
        ("more-than-asked", bool(more)),
    )
    return tuple(flag for flag, is_raised in flags if is_raised)
