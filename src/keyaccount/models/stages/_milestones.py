"""Milestones of one deal: planned against actual, and by how much they slip (S2-19)."""

from __future__ import annotations

import datetime as dt

import attrs

from keyaccount import wire
from keyaccount.domain import Milestone, Opportunity
from keyaccount.rules import Reason, display

from ._given import check_given
from ._task import check_day, told


__all__ = ["MilestoneStatus", "milestones"]


@attrs.frozen
class MilestoneStatus(wire.Plain, display.Explained):
    """How a milestone stands on a day.

    `due_on` is its latest plan; `expected_on` is the day on which it was reached, or
    the earliest on which it still can be. One that was reached after `as_of` is not
    reached on that day.
    """

    milestone: Milestone
    as_of: dt.date

    @property
    def due_on(self) -> dt.date:
        """The latest plan: where it was moved to, or the first plan."""
        return self.milestone.due_on

    @property
    def reached_on(self) -> dt.date | None:
        """When it was reached, None if it is not by that day."""
        return self.milestone.reached_by(self.as_of)

    @property
    def is_reached(self) -> bool:
        """Whether it was reached by that day."""
        return self.reached_on is not None

    @property
    def is_overdue(self) -> bool:
        """Whether its latest plan has passed and it is not reached."""
        return not self.is_reached and self.due_on < self.as_of

    @property
    def expected_on(self) -> dt.date:
        """When it was reached; until then its latest plan, and not before today."""
        return self.reached_on or max(self.due_on, self.as_of)

    @property
    def slip_days(self) -> int:
        """Days late against the first plan, below 0 if early.

        Not reached, it is a forecast: the slip is at least that. Moving the plan
        makes nothing any earlier.
        """
        return self.milestone.slip_days(self.as_of)

    @property
    def why(self) -> Reason:
        """Which milestone it is, and how far it is from its first plan."""
        name = self.milestone.text or self.milestone.id
        planned = self.milestone.planned_on.isoformat()
        data = (("planned", planned), ("days", abs(self.slip_days)))
        days = Reason(self._code(), (*data, ("day", self.expected_on.isoformat())))
        return Reason("landmark", (("name", name),), (days,))

    def _code(self) -> str:
        side = (self.slip_days > 0) - (self.slip_days < 0)
        end = "late" if side > 0 else "early" if side < 0 else "on-time"
        return f"landmark-{'reached' if self.is_reached else 'expected'}-{end}"

    def explain(self, locale: str = "en") -> tuple[str, ...]:
        """Say in a language how it stands, a line each, indented."""
        return told(self.why, (), locale)


def milestones(
    opportunity: Opportunity, *, as_of: dt.date
) -> tuple[MilestoneStatus, ...]:
    """Return how an opportunity's milestones stand, the earliest plan first.

    Raises:
        InvalidValueError: no plain day, or no opportunity.
    """
    check_day(as_of, "milestones")
    check_given("milestones", opportunity=opportunity)
    found = (MilestoneStatus(one, as_of) for one in opportunity.milestones)
    return tuple(sorted(found, key=_place))


def _place(status: MilestoneStatus) -> tuple[dt.date, str]:
    return status.due_on, status.milestone.id
