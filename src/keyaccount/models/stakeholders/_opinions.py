"""What a stakeholder policy lists: roles, warnings, strategies, actions, words."""

from __future__ import annotations

import enum

import attrs

from keyaccount.domain import Attitude, PurchasingRole, Ranked


__all__ = [
    "ActionRule",
    "GapKind",
    "GapRule",
    "Group",
    "MapCoverage",
    "RequiredRole",
    "ScaleWord",
    "Strategy",
    "Urgency",
    "WarningRule",
]


class MapCoverage(Ranked):
    """How many of the roles that must be covered are."""

    COVERED = "covered"
    PARTLY = "partly"
    UNCOVERED = "uncovered"


class Urgency(Ranked):
    """How much a warning presses."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Group(enum.Enum):
    """Which people an action is about."""

    EVERYBODY = "everybody"
    DECISION_MAKERS = "decision-makers"
    KEY_PEOPLE = "key-people"
    SUPPORTERS = "supporters"
    NEUTRALS = "neutrals"
    OPPONENTS = "opponents"
    UNDECLARED = "undeclared"
    STALE = "stale"
    UNMET = "unmet"
    WITHOUT_ROLE = "without-role"


class GapKind(enum.Enum):
    """Why a role that must be covered is not, or perhaps not."""

    UNIDENTIFIED = "unidentified"
    UNMET = "unmet"
    UNCERTAIN = "uncertain"


@attrs.frozen
class RequiredRole:
    """A role that somebody known and recently met must hold (S1-6)."""

    id: PurchasingRole
    origin: str = "own"
    why: str = ""


@attrs.frozen
class GapRule:
    """What to do about a role that is not covered, by what is lacking (S1-4)."""

    id: GapKind
    action: str
    origin: str = "own"
    why: str = ""


@attrs.frozen
class WarningRule:
    """What a warning is answered with, for each person who is in all of *people*.

    Where *people* names no group, or nobody is in all of them, the action is about
    the map as a whole, or about *role* where it names one. Rows of the rule table
    say when the warning fires.
    """

    id: str
    action: str
    urgency: Urgency = Urgency.MEDIUM
    people: tuple[Group, ...] = ()
    role: PurchasingRole | None = None
    origin: str = "own"
    why: str = ""


@attrs.frozen
class Strategy:
    """What to do with a person of an attitude, step by step (S1-5).

    One without a role serves every role that has none of its own.
    """

    id: str
    attitude: Attitude
    actions: tuple[str, ...]
    role: PurchasingRole | None = None
    origin: str = "own"
    why: str = ""


@attrs.frozen
class ActionRule:
    """Something to do, and within how many days."""

    id: str
    within: int
    origin: str = "own"
    why: str = ""


@attrs.frozen
class ScaleWord:
    """A word of a finer scale, and the attitude that it folds to (S1-5)."""

    id: str
    attitude: Attitude
    origin: str = "own"
    why: str = ""
