"""Who decides, who is for us, whom have we not met?

S1-1 to S1-6, S0-20e, DOMAIN 2.2. The people at one customer by administrative level,
purchasing role and attitude; which roles are covered; how the weight of the hierarchy
leans; warnings as open rules, and a next action for each. Whether somebody is known
to hold a role is a matter of our map; how that person stands towards us, and when we
last met, are facts that may be unknown: they widen the answer and never settle it.
Attitudes towards named people are personal data: names stay in the nouns, the
answers hold ids, and how long to keep them is the host's decision.
"""

from __future__ import annotations

from ._actions import NextAction
from ._facts import FACTS
from ._opinions import (
    ActionRule,
    GapKind,
    GapRule,
    Group,
    MapCoverage,
    RequiredRole,
    ScaleWord,
    Strategy,
    Urgency,
    WarningRule,
)
from ._policy import StakeholderPolicy, default_policy
from ._read import facts, fold, next_actions, read
from ._verdict import MapCell, MapVerdict, MapWarning, OpenPerson, RoleCoverage


__all__ = [
    "FACTS",
    "ActionRule",
    "GapKind",
    "GapRule",
    "Group",
    "MapCell",
    "MapCoverage",
    "MapVerdict",
    "MapWarning",
    "NextAction",
    "OpenPerson",
    "RequiredRole",
    "RoleCoverage",
    "ScaleWord",
    "StakeholderPolicy",
    "Strategy",
    "Urgency",
    "WarningRule",
    "default_policy",
    "facts",
    "fold",
    "next_actions",
    "read",
]
