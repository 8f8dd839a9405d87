"""What it is worth that a team sits near its customer (S0-24)."""

from __future__ import annotations

import attrs

from keyaccount import wire
from keyaccount.domain import TeamProximity
from keyaccount.exceptions import Problems
from keyaccount.rules import Interval, Reason, display

from ._policy import ReadinessPolicy, default_policy
from ._telling import told


__all__ = ["ProximityScore", "proximity"]


@attrs.frozen
class ProximityScore(wire.Plain, display.Explained):
    """How many points a team has for where it sits, of how many; bounds if unknown."""

    place: TeamProximity | None
    points: Interval
    most: int

    @property
    def why(self) -> Reason:
        """The reason, as a code and data."""
        most = ("most", float(self.most))
        if self.place is None:
            low, high = ("low", self.points.low), ("high", self.points.high)
            return Reason("proximity-open", (low, high, most))
        named = ("outcome", self.place.value), ("answers", "team-proximity")
        return Reason("proximity-points", (*named, ("got", self.points.low), most))

    def explain(self, locale: str = "en") -> tuple[str, ...]:
        """Say it in a language."""
        return told(self.why, locale)


def proximity(
    place: TeamProximity | None = None, *, policy: ReadinessPolicy | None = None
) -> ProximityScore:
    """Score how near a team sits to its customer (S0-24).

    >>> proximity(TeamProximity.SAME_CITY).points
    Interval(low=1.0, high=1.0)

    Raises:
        InvalidValueError: no TeamProximity.
    """
    policy = default_policy() if policy is None else policy
    problems = Problems()
    if place is not None:
        problems.is_a("place", place, TeamProximity, "a TeamProximity, or None")
    problems.check("proximity")
    points = {one.id: one.points for one in policy.proximities}
    found = points.values() if place is None else (points[place],)
    span = Interval(float(min(found)), float(max(found)))
    return ProximityScore(place, span, max(points.values()))
