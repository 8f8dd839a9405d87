"""Whether we can give all that we have promised, person by person (S3-10, S3-18)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import attrs

from keyaccount import wire, wording
from keyaccount.domain import ObligationKind, ServiceCapacity, ServicePromise
from keyaccount.exceptions import Problems
from keyaccount.rules import Reason, Verdict
from keyaccount.tri import Tri

from ._loads import (
    Key,
    checked_capacities,
    checked_promises,
    flags_of,
    owed_by,
    place_of,
    questions,
    settled,
    spoken,
)
from ._policy import PlansPolicy, default_policy


__all__ = ["CapacityVerdict", "Load", "capacity"]


@attrs.frozen
class Load:
    """What one of us owes of one kind of service in a year, and to whom (S3-18).

    `room` is how much of it he or she can give, None where nobody has told; so then
    is `shortfall`, how much of it cannot be given. Where nobody is named, `owner` is
    None, and there is neither.
    """

    owner: str | None
    kind: ObligationKind
    owed: int
    room: int | None
    shortfall: int | None
    customers: tuple[str, ...]

    @property
    def is_kept(self) -> Tri:
        """Whether all of it can be given."""
        return Tri.of(None if self.shortfall is None else self.shortfall == 0)


@attrs.frozen(repr=False)
class CapacityVerdict(wire.Plain, Verdict[Tri]):
    """Whether everything that was promised can be given, and what cannot.

    `loads` are by person and kind, `unowned` what nobody is named for: as long as
    that is so nobody gives it, and whether somebody can is open.
    """

    loads: tuple[Load, ...]
    unowned: tuple[Load, ...]

    @property
    def short(self) -> tuple[Load, ...]:
        """Those who have promised more than they can give, the furthest over first."""
        found = [load for load in self.loads if load.shortfall]
        return tuple(sorted(found, key=lambda load: -(load.shortfall or 0)))

    def _extras(self) -> tuple[str, ...]:
        return tuple(
            f"{wording.plain(load.owner)} {load.shortfall} {load.kind.value} short"
            for load in self.short
        )


@attrs.frozen
class CapacityEvidence:
    """What a capacity verdict keeps to explain itself."""

    policy: PlansPolicy
    value: Tri | None
    loads: tuple[Load, ...]
    unowned: tuple[Load, ...]

    def reason(self) -> Reason:
        """Say whether all can be given, and each load with what there is room for."""
        parts = tuple(_told(load) for load in (*self.loads, *self.unowned))
        if not parts:
            return Reason("capacity-nothing")
        if self.value is None:
            return Reason("capacity-open", (), parts)
        is_kept = self.value is Tri.YES
        return Reason("capacity-kept" if is_kept else "capacity-short", (), parts)

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels


def _told(load: Load) -> Reason:
    """Say one load, and whose promises it is made of where they cannot all be kept."""
    names = ("names", ", ".join(map(wording.plain, load.customers)))
    data = (*spoken(load.owner, load.kind), ("count", float(load.owed)))
    if load.owner is None:
        return Reason("load-unowned", (*data, names))
    if load.room is None or load.shortfall is None:
        return Reason("load-open", (*data, names))
    data = (*data, ("room", float(load.room)))
    if not load.shortfall:
        return Reason("load-kept", data)
    because = (Reason("load-promised", (names,)),)
    return Reason("load-short", (*data, ("over", float(load.shortfall))), because)


def capacity(
    promises: Iterable[ServicePromise],
    capacities: Iterable[ServiceCapacity],
    *,
    as_of: dt.date | None = None,
    policy: PlansPolicy | None = None,
) -> CapacityVerdict:
    """Say whether everything that was promised for a year can be given, and by whom.

    For each person and kind of service, what is owed in a year is added up over all
    customers and held against what the person can give. Somebody without a capacity
    on record may have room or not: that stays open. First answers are promised in
    hours, not in number, so that no sum of them can be held against a capacity.

    It counts a full year of every promise, whenever in it that begins, and takes the
    year as one: that all four visits fall into one week is not seen here, but in the
    dates of `obligations`.

    Args:
        promises: one a customer.
        capacities: one a person and kind.
        as_of: the day that the verdict bears.
        policy: your own; the shipped one otherwise.

    Raises:
        InvalidValueError: two promises to one customer, two capacities of one person
            for one kind, or arguments of another kind.
    """
    rules = default_policy() if policy is None else policy
    problems = Problems()
    promised = checked_promises(problems, "promises", promises)
    rooms = checked_capacities(problems, capacities)
    if as_of is not None:
        problems.is_day("as_of", as_of)
    problems.check("capacity")
    found = _loads(promised, rooms, rules)
    loads = tuple(load for load in found if load.owner is not None)
    unowned = tuple(load for load in found if load.owner is None)
    value, possible = settled(load.is_kept for load in found)
    open_rooms = sum(load.room is None for load in loads)
    return CapacityVerdict(
        value,
        possible,
        questions(open_rooms, len(unowned)) if value is None else (),
        flags_of(promised, len(unowned)),
        rules.ref,
        as_of,
        loads=loads,
        unowned=unowned,
        evidence=CapacityEvidence(rules, value, loads, unowned),
    )


def _loads(
    promises: Iterable[ServicePromise],
    rooms: Mapping[Key, int | None],
    rules: PlansPolicy,
) -> tuple[Load, ...]:
    owed: dict[Key, dict[str, int]] = {}
    for promise in promises:
        for key, count in owed_by(promise, rules).items():
            owed.setdefault(key, {})[promise.customer_id] = count
    return tuple(
        _load(key, owed[key], rooms.get(key)) for key in sorted(owed, key=place_of)
    )


def _load(key: Key, owed: Mapping[str, int], room: int | None) -> Load:
    owner, kind = key
    total = sum(owed.values())
    shortfall = None if room is None else max(total - room, 0)
    return Load(owner, kind, total, room, shortfall, tuple(sorted(owed)))
