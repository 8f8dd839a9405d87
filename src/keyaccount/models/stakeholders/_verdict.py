"""The map of the people at a customer, and what it tells."""

from __future__ import annotations

import attrs

from keyaccount import wire
from keyaccount.domain import AdminLevel, Attitude, PurchasingRole
from keyaccount.rules import Interval, Verdict
from keyaccount.tri import Tri

from ._actions import NextAction
from ._opinions import MapCoverage, Urgency


__all__ = ["MapCell", "MapVerdict", "MapWarning", "OpenPerson", "RoleCoverage"]


@attrs.frozen
class MapCell:
    """Who stands at one level, in one role, with one attitude (S1-2, S1-3, S1-5).

    A person with several roles stands in several cells; None is a level or a role
    that is not known.
    """

    level: AdminLevel | None
    role: PurchasingRole | None
    attitude: Attitude
    people: tuple[str, ...]


@attrs.frozen
class RoleCoverage:
    """What is known of one role: who holds it, how they stand, whether we met (S1-6).

    `attitudes` stand in the order of `people`. A role that nobody is known to hold
    is not covered; one whose holders we met, we do not know when, perhaps.
    """

    role: PurchasingRole
    required: bool
    people: tuple[str, ...]
    attitudes: tuple[Attitude, ...]
    contacted: Tri

    @property
    def covered(self) -> Tri:
        """Whether somebody known holds the role and was met recently."""
        return self.contacted if self.people else Tri.NO


@attrs.frozen
class MapWarning:
    """A rule that warns; `fires` is UNKNOWN where it depends on what is not known."""

    code: str
    fires: Tri
    urgency: Urgency


@attrs.frozen
class OpenPerson:
    """A person of whom something is not known, and the codes of the questions."""

    person: str
    questions: tuple[str, ...]


@attrs.frozen(repr=False)
class MapVerdict(wire.Plain, Verdict[MapCoverage]):
    """Whether the roles that count are covered, and what the map warns of.

    `support_index` runs from −1 to +1 over those whose attitude is known, weighted
    by level; `support_bounds` is where it lies whatever the unknown attitudes are.
    `warnings` holds those that fire and those that may, the most pressing first;
    `flags` only the former. `actions` is what to do next, the weightiest first, and
    `open_people` whom to find out about.
    """

    role_coverage: Interval
    support_index: Interval
    support_bounds: Interval
    roles: tuple[RoleCoverage, ...]
    cells: tuple[MapCell, ...]
    warnings: tuple[MapWarning, ...]
    actions: tuple[NextAction, ...]
    open_people: tuple[OpenPerson, ...]
    decision_maker_covered: Tri
    contacted_business_or_technical: Tri

    def role(self, role: PurchasingRole) -> RoleCoverage:
        """Return what is known of one role."""
        return next(part for part in self.roles if part.role is role)

    def next_steps(self, locale: str = "en") -> tuple[str, ...]:
        """Say the next actions in a language, a line each."""
        own = self.evidence.labels()
        return tuple(action.say(locale, own=own) for action in self.actions)

    def _extras(self) -> tuple[str, ...]:
        share, index = self.role_coverage, self.support_bounds
        return f"roles {_span(share)}", f"support {_span(index)}"


def _span(bounds: Interval) -> str:
    low, high = f"{bounds.low:.2f}", f"{bounds.high:.2f}"
    return low if low == high else f"{low}…{high}"
