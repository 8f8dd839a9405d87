"""Whether a promise can be kept, said before it is made (S0-28, S3-18)."""

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


__all__ = ["Offer", "PromiseVerdict", "can_promise"]


@attrs.frozen
class Offer:
    """One kind of service that is about to be promised, and whether it fits (S0-28).

    `asked` is what is to be promised in a year, `others` what its owner owes to other
    customers, `room` what he or she can give in all. `shortfall` is how much would be
    promised too much, `fits` the most of what is asked that can be kept. All three
    are None where nobody has told the room, or where nobody is named.
    """

    owner: str | None
    kind: ObligationKind
    asked: int
    others: int
    room: int | None
    shortfall: int | None
    fits: int | None

    @property
    def is_kept(self) -> Tri:
        """Whether all of it can be given."""
        return Tri.of(None if self.fits is None else self.fits == self.asked)


@attrs.frozen(repr=False)
class PromiseVerdict(wire.Plain, Verdict[Tri]):
    """Whether a promise can be kept, kind by kind, and how much of it.

    `largest` is the promise cut down to what fits, None while not all of that is
    known. `replaces` says whether the customer has been promised something already,
    in whose place the new promise would stand.
    """

    customer_id: str
    offers: tuple[Offer, ...]
    largest: ServicePromise | None
    replaces: bool

    @property
    def short(self) -> tuple[Offer, ...]:
        """What could not be kept, the furthest over first."""
        found = [offer for offer in self.offers if offer.is_kept is Tri.NO]
        return tuple(sorted(found, key=lambda offer: -(offer.shortfall or 0)))

    def _extras(self) -> tuple[str, ...]:
        fits = (f"{one.fits} of {one.asked} {one.kind.value}" for one in self.short)
        return self.customer_id, *fits


@attrs.frozen
class PromiseEvidence:
    """What a verdict on a promise keeps to explain itself."""

    policy: PlansPolicy
    value: Tri | None
    customer_id: str
    offers: tuple[Offer, ...]
    replaces: bool

    def reason(self) -> Reason:
        """Say whether the promise can be kept, and each kind with its sums."""
        named = (("names", wording.plain(self.customer_id)),)
        before = (Reason("promise-replaces"),) if self.replaces else ()
        parts = (*before, *map(_told, self.offers))
        if not self.offers:
            return Reason("promise-nothing", named, parts)
        if self.value is None:
            return Reason("promise-open", named, parts)
        is_kept = self.value is Tri.YES
        return Reason("promise-kept" if is_kept else "promise-short", named, parts)

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels


def _told(offer: Offer) -> Reason:
    data = (*spoken(offer.owner, offer.kind), ("count", float(offer.asked)))
    if offer.owner is None:
        return Reason("offer-unowned", data)
    data = (*data, ("others", float(offer.others)))
    if offer.room is None or offer.shortfall is None or offer.fits is None:
        return Reason("offer-open", data)
    data = (*data, ("room", float(offer.room)))
    if offer.is_kept is Tri.YES:
        return Reason("offer-kept", data)
    ends = (("over", float(offer.shortfall)), ("fits", float(offer.fits)))
    return Reason("offer-short", (*data, *ends))


def can_promise(
    new: ServicePromise,
    promises: Iterable[ServicePromise],
    capacities: Iterable[ServiceCapacity],
    *,
    as_of: dt.date | None = None,
    policy: PlansPolicy | None = None,
) -> PromiseVerdict:
    """Say whether a promise can be kept before it is made, and how much of it (S0-28).

    It is added to what its owners owe to other customers; what this customer has been
    promised so far is replaced. Only what the new promise itself asks for is judged:
    where somebody has promised too much already, elsewhere, `capacity` tells. Of
    visits and exchanges as many fit as there is room left for; a weekly review is
    kept as a whole or not at all.

    Args:
        new: what is to be promised.
        promises: what has been promised so far, one a customer.
        capacities: one a person and kind.
        as_of: the day that the verdict bears.
        policy: your own; the shipped one otherwise.

    Raises:
        InvalidValueError: two promises to one customer, two capacities of one person
            for one kind, or arguments of another kind.
    """
    rules = default_policy() if policy is None else policy
    problems = Problems()
    problems.is_a("new", new, ServicePromise, "a ServicePromise")
    promised = checked_promises(problems, "promises", promises)
    rooms = checked_capacities(problems, capacities)
    if as_of is not None:
        problems.is_day("as_of", as_of)
    problems.check("can_promise")
    others = [one for one in promised if one.customer_id != new.customer_id]
    offers = _offers(new, others, rooms, rules)
    value, possible = settled(offer.is_kept for offer in offers)
    unowned = sum(offer.owner is None for offer in offers)
    open_rooms = sum(offer.room is None for offer in offers) - unowned
    replaces = len(others) < len(promised)
    return PromiseVerdict(
        value,
        possible,
        questions(open_rooms, unowned) if value is None else (),
        flags_of((new,), unowned),
        rules.ref,
        as_of,
        customer_id=new.customer_id,
        offers=offers,
        largest=_largest(new, offers),
        replaces=replaces,
        evidence=PromiseEvidence(rules, value, new.customer_id, offers, replaces),
    )


def _offers(
    new: ServicePromise,
    others: Iterable[ServicePromise],
    rooms: Mapping[Key, int | None],
    rules: PlansPolicy,
) -> tuple[Offer, ...]:
    asked = owed_by(new, rules)
    owed = dict.fromkeys(asked, 0)
    for other in others:
        for key, count in owed_by(other, rules).items():
            if key in owed:
                owed[key] += count
    return tuple(
        _offer(key, asked[key], owed[key], rooms.get(key))
        for key in sorted(asked, key=place_of)
    )


def _offer(key: Key, asked: int, others: int, room: int | None) -> Offer:
    owner, kind = key
    if room is None:
        return Offer(owner, kind, asked, others, None, None, None)
    fits = min(asked, max(room - others, 0))
    if kind is ObligationKind.RECEIVABLES_REVIEW and fits < asked:
        fits = 0
    shortfall = max(others + asked - room, 0)
    return Offer(owner, kind, asked, others, room, shortfall, fits)


def _largest(new: ServicePromise, offers: Iterable[Offer]) -> ServicePromise | None:
    """Return the promise cut down to what fits; None while not all of it is known."""
    by_kind = {offer.kind: offer for offer in offers}
    if any(offer.fits is None for offer in by_kind.values()):
        return None
    fits = {kind: offer.fits or 0 for kind, offer in by_kind.items()}
    review = by_kind.get(ObligationKind.RECEIVABLES_REVIEW)
    return attrs.evolve(
        new,
        executive_visits_per_year=fits.get(ObligationKind.EXECUTIVE_VISIT, 0),
        technical_exchanges_per_year=fits.get(ObligationKind.TECHNICAL_EXCHANGE, 0),
        weekly_receivables_review=review is not None and review.is_kept is Tri.YES,
    )
