"""Which executive stands for which customer, and whom to name where nobody does."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress

from keyaccount.domain import Executive, Pairing, StrategicDesignation
from keyaccount.rules import Facts, Missing, asked_by, missing
from keyaccount.tri import Tri, all_of, any_of, negate

from ._desk import Desk
from ._facts import PAIRING_FACTS, known
from ._opinions import SponsorState
from ._pairing_verdict import (
    PairingEvidence,
    PairingVerdict,
    PairingWarning,
    Proposal,
    Sponsorship,
)
from ._policy import EngagementPolicy, default_policy


__all__ = ["pair"]


def pair(
    designations: Mapping[str, StrategicDesignation | None],
    executives: Iterable[Executive] | None,
    pairings: Iterable[Pairing],
    *,
    as_of: dt.date,
    policy: EngagementPolicy | None = None,
) -> PairingVerdict:
    """Say who stands for whom on a day, what is wrong, and whom to name (S0-23).

    Every customer that somebody is paired with counts as load, strategic or not. An
    executive has room for as many as he or she says, else for as many as the policy
    says: the chief executive for `ceo_capacity`, everybody else for `most_accounts`.
    Proposals take the trained before the others, then whoever has the fewest; the
    chief comes last once there are, or may be, more strategic customers than one can
    see to. As long as nobody has told who our executives are, whoever is named may
    be a stranger, and the answer stays open.

    Args:
        designations: the customers, and their designation; None while it is open.
        executives: our executives; None if nobody has told who they are.
        pairings: who stands for whom, and from when to when.
        as_of: the day of the judgement.
        policy: your own; the shipped one otherwise.

    Raises:
        InvalidValueError: an executive or a customer twice, or no plain day.
    """
    rules = default_policy() if policy is None else policy
    desk = Desk.of(designations, executives, pairings, as_of, rules)
    judged = [(one, _told(desk, one)) for one in desk.sponsorships]
    alone = tuple(_of_chief(desk))
    warnings = (
        *(part for one, told in judged for part in _of_customer(rules, one, told)),
        *_of_loads(desk),
        *alone,
    )
    proposals = _proposals(desk)
    strategic = [
        _stands(desk, one) for one in desk.sponsorships if one.strategic is Tri.YES
    ]
    value = all_of(
        any_of((negate(one.strategic), _stands(desk, one))) for one in desk.sponsorships
    )
    is_open = value is Tri.UNKNOWN
    flags = (("no-room", any(one.executive_id is None for one in proposals)),)
    return PairingVerdict(
        value=None if is_open else value,
        possible=(Tri.NO, Tri.YES) if is_open else (value,),
        missing=_missing(desk, judged, alone),
        flags=tuple(flag for flag, is_raised in flags if is_raised),
        policy=rules.ref,
        as_of=as_of,
        sponsorships=desk.sponsorships,
        loads=desk.loads,
        warnings=warnings,
        proposals=proposals,
        evidence=PairingEvidence(
            rules,
            value,
            len(strategic),
            strategic.count(Tri.YES),
            warnings,
            proposals,
            tuple((one.id, one.name) for one in desk.people),
        ),
    )


def _told(desk: Desk, one: Sponsorship) -> tuple[Facts, ...]:
    """Bring one customer through the door with each who stands for it, or nobody."""
    trained = {person.id: person.trained for person in desk.people}
    return tuple(
        Facts(
            PAIRING_FACTS,
            (
                known(one.strategic),
                float(len(one.executives)),
                None if name is None else known(desk.lists(name)),
                None if name is None else known(trained.get(name, Tri.UNKNOWN)),
            ),
        )
        for name in one.executives or (None,)
    )


def _stands(desk: Desk, one: Sponsorship) -> Tri:
    """Say whether exactly one of our executives stands for a customer."""
    if one.state is not SponsorState.ONE:
        return Tri.NO
    return desk.lists(one.executives[0])


def _of_customer(
    policy: EngagementPolicy, one: Sponsorship, told: Sequence[Facts]
) -> Iterator[PairingWarning]:
    """Yield what is wrong with a customer's sponsors, naming whom it is about."""
    hits = [policy.pairing.hits(facts) for facts in told]
    for at, row in enumerate(policy.pairing_rows):
        sure = [found.must >> at & 1 for found in hits]
        may = [(found.may & ~found.must) >> at & 1 for found in hits]
        for fires, about in ((Tri.YES, sure), (Tri.UNKNOWN, may)):
            if any(about):
                whom = tuple(compress(one.executives, about))
                yield PairingWarning(row.then, fires, one.customer_id, whom)


def _of_loads(desk: Desk) -> Iterator[PairingWarning]:
    """Yield every executive who stands for more customers than there is room for."""
    for load in desk.loads:
        if len(load.customers) > load.most:
            names = (load.executive_id,)
            yield PairingWarning("overloaded", Tri.YES, None, names)


def _of_chief(desk: Desk) -> Iterator[PairingWarning]:
    """Yield that the chief executive alone stands for more than one can see to."""
    chiefs = {one.id for one in (desk.executives or {}).values() if one.is_chief}
    standing = {
        answer: {
            name
            for one in desk.sponsorships
            if one.strategic is answer
            for name in one.executives
        }
        for answer in (Tri.YES, Tri.UNKNOWN)
    }
    surely, perhaps = standing[Tri.YES], standing[Tri.UNKNOWN]
    if not (surely | perhaps) & chiefs or not surely <= chiefs:
        return
    most = desk.policy.whole("ceo_capacity")
    if desk.count(Tri.YES, Tri.UNKNOWN) <= most:
        return
    is_sure = surely and perhaps <= chiefs and desk.count(Tri.YES) > most
    fires = Tri.YES if is_sure else Tri.UNKNOWN
    names = tuple(sorted((surely | perhaps) & chiefs))
    yield PairingWarning("chief-alone", fires, None, names)


_TRAINED = (Tri.YES, Tri.UNKNOWN, Tri.NO)


def _proposals(desk: Desk) -> tuple[Proposal, ...]:
    """Return whom to name for every strategic customer without a sponsor."""
    if desk.executives is None:
        return ()
    people = desk.executives
    carried = {load.executive_id: len(load.customers) for load in desk.loads}
    most = {load.executive_id: load.most for load in desk.loads}
    many = desk.count(Tri.YES, Tri.UNKNOWN) > desk.policy.whole("ceo_capacity")

    def place(name: str) -> tuple[object, ...]:
        one = people[name]
        trained = _TRAINED.index(one.trained)
        return many and one.is_chief, trained, carried[name], name

    found = []
    for one in desk.sponsorships:
        if one.strategic is not Tri.YES or one.state is not SponsorState.NONE:
            continue
        free = [name for name in people if carried[name] < most[name]]
        if not free:
            found.append(Proposal(one.customer_id, None, Tri.UNKNOWN))
            continue
        name = min(free, key=place)
        carried[name] += 1
        found.append(Proposal(one.customer_id, name, people[name].trained))
    return tuple(found)


def _missing(
    desk: Desk,
    judged: Sequence[tuple[Sponsorship, Sequence[Facts]]],
    alone: Sequence[PairingWarning],
) -> tuple[Missing, ...]:
    """Return what to ask: first what settles most warnings."""
    asked = Counter[str]()
    for one, told in judged:
        if one.strategic is Tri.UNKNOWN and _stands(desk, one) is not Tri.YES:
            asked["strategic"] += 1
        for facts in told:
            hits = desk.policy.pairing.hits(facts)
            for at, row in enumerate(desk.policy.pairing_rows):
                if (hits.may & ~hits.must) >> at & 1:
                    asked.update(
                        name for name in set(asked_by(row.when)) if facts[name] is None
                    )
    if any(one.fires is Tri.UNKNOWN for one in alone):
        asked["strategic"] += 1
    names = sorted(asked, key=lambda name: (-asked[name], name))
    return missing(PAIRING_FACTS, names)
