"""Who owes how much of which service in a year, and who has room for how much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from keyaccount import wording
from keyaccount.domain import ObligationKind, ServiceCapacity, ServicePromise
from keyaccount.exceptions import Problems
from keyaccount.rules import Missing
from keyaccount.tri import Tri, all_of

from ._given import each
from ._policy import PlansPolicy
from ._recurring import rhythms, who_owes


__all__ = [
    "Key",
    "checked_capacities",
    "checked_promises",
    "flags_of",
    "owed_by",
    "place_of",
    "questions",
    "settled",
    "spoken",
]


Key: TypeAlias = tuple[str | None, ObligationKind]
"""Who owes it, None where nobody is named, and what."""

_ROOM = Missing("room", "service-room")
_OWNER = Missing("owner", "service-owner")
_KINDS = tuple(ObligationKind)


def owed_by(promise: ServicePromise, rules: PlansPolicy) -> Mapping[Key, int]:
    """Return how often a year a promise owes what, and who owes it.

    What comes every so many days comes as often as that fits into a year. First
    answers are promised in hours, not in number: they are not among it.
    """
    year = rules.whole("service_year")
    return {
        (who_owes(promise, kind), kind): year * rhythm.count // rhythm.days
        for kind, rhythm in rhythms(promise, rules).items()
    }


def checked_promises(
    problems: Problems, path: str, promises: Iterable[ServicePromise]
) -> tuple[ServicePromise, ...]:
    """Return the promises, one a customer; note what is none, and what stands twice."""
    found: dict[str, ServicePromise] = {}
    for where, one in each(problems, path, promises, ServicePromise):
        if one.customer_id in found:
            problems.add(f"{where}.customer_id", "duplicate", one.customer_id)
        found[one.customer_id] = one
    return tuple(found.values())


def checked_capacities(
    problems: Problems, capacities: Iterable[ServiceCapacity]
) -> Mapping[Key, int | None]:
    """Return who has room for how much; note what is none, and what stands twice."""
    found: dict[Key, int | None] = {}
    for where, one in each(problems, "capacities", capacities, ServiceCapacity):
        if (one.owner, one.kind) in found:
            name = f"{one.owner}, {one.kind.value}"
            problems.add(where, "duplicate", name)
        found[one.owner, one.kind] = one.per_year
    return found


def settled(answers: Iterable[Tri]) -> tuple[Tri | None, tuple[Tri, ...]]:
    """Return whether everything can be given, and what that may become."""
    value = all_of(answers)
    if value is Tri.UNKNOWN:
        return None, (Tri.NO, Tri.YES)
    return value, (value,)


def questions(rooms_unknown: int, unowned: int) -> tuple[Missing, ...]:
    """Return what to ask, that first which settles more."""
    counted = ((rooms_unknown, _ROOM), (unowned, _OWNER))
    in_order = sorted(counted, key=lambda pair: -pair[0])
    return tuple(gap for count, gap in in_order if count)


def flags_of(promises: Iterable[ServicePromise], unowned: int) -> tuple[str, ...]:
    """Return what a reader must know beside the sums."""
    answers = any(one.first_response_hours is not None for one in promises)
    flags = (("owners-missing", bool(unowned)), ("answers-uncounted", answers))
    return tuple(flag for flag, is_raised in flags if is_raised)


def place_of(key: Key) -> tuple[bool, str, int]:
    """Return where somebody's load stands in a list: by name, nobody's last."""
    owner, kind = key
    return owner is None, owner or "", _KINDS.index(kind)


def spoken(
    owner: str | None, kind: ObligationKind
) -> tuple[tuple[str, float | str], ...]:
    """Return how a reason names who owes what."""
    named = (("outcome", kind.value), ("answers", "obligation-kind"))
    return named if owner is None else (("name", wording.plain(owner)), *named)
