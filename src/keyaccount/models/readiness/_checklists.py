"""What a checklist is made of: its lines, their order, and what must come before."""

from __future__ import annotations

import enum

import attrs

from keyaccount.domain import TeamProximity


__all__ = ["Checklist", "ChecklistItem", "ChecklistKind", "ProximityMark"]


class ChecklistKind(enum.Enum):
    """What a checklist is about."""

    ELEMENT = "element"
    REQUIREMENT = "requirement"
    SUPPORTING = "supporting"
    CULTURE = "culture"

    @property
    def words(self) -> str:
        """The table of labels in which checklists of this kind have their names."""
        if self is ChecklistKind.ELEMENT:
            return "org-element"
        if self is ChecklistKind.REQUIREMENT:
            return "team-requirement"
        return "checklist"


@attrs.frozen
class Checklist:
    """One list of lines: an element, a requirement, the changes, the culture."""

    id: str
    kind: ChecklistKind
    origin: str = "own"
    why: str = ""


@attrs.frozen
class ChecklistItem:
    """One line of a checklist, and the lines that must be in place before it.

    Its id is its fact (in snake_case) and its question.
    """

    id: str
    checklist: str
    after: tuple[str, ...] = ()
    origin: str = "own"
    why: str = ""


@attrs.frozen
class ProximityMark:
    """How many points a team gets for where it sits (S0-24)."""

    id: TeamProximity
    points: int
    origin: str = "own"
    why: str = ""
