"""The answer on pairing: who stands for whom, what is wrong, whom to name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from keyaccount import wire, wording
from keyaccount.rules import Reason, Verdict
from keyaccount.tri import Tri

from ._opinions import SponsorState
from ._policy import EngagementPolicy


__all__ = [
    "ExecutiveLoad",
    "PairingEvidence",
    "PairingVerdict",
    "PairingWarning",
    "Proposal",
    "Sponsorship",
]


@attrs.frozen
class Sponsorship:
    """Who stands for one customer on the day."""

    customer_id: str
    strategic: Tri
    state: SponsorState
    executives: tuple[str, ...]


@attrs.frozen
class ExecutiveLoad:
    """How many customers one of our executives stands for, and has room for."""

    executive_id: str
    customers: tuple[str, ...]
    most: int

    @property
    def room(self) -> int:
        """For how many more there is room; 0 where it is too many already."""
        return max(self.most - len(self.customers), 0)


@attrs.frozen
class PairingWarning:
    """Something that is wrong with a pairing; UNKNOWN where it may be.

    `executives` are those whom it is about: of two sponsors the one without training.
    """

    code: str
    fires: Tri
    customer_id: str | None
    executives: tuple[str, ...]


@attrs.frozen
class Proposal:
    """Whom to name for a strategic customer; None where nobody has room."""

    customer_id: str
    executive_id: str | None
    trained: Tri


@attrs.frozen(repr=False)
class PairingVerdict(wire.Plain, Verdict[Tri]):
    """Whether every strategic customer has exactly one named executive (S0-23).

    `sponsorships` tells of every customer that is or may be strategic, or is paired;
    `loads` of every executive. `proposals` names an executive with room for every
    strategic customer without one: never more than there is room for.
    """

    sponsorships: tuple[Sponsorship, ...]
    loads: tuple[ExecutiveLoad, ...]
    warnings: tuple[PairingWarning, ...]
    proposals: tuple[Proposal, ...]

    def _extras(self) -> tuple[str, ...]:
        sure = (one.code for one in self.warnings if one.fires is Tri.YES)
        return tuple(dict.fromkeys(sure))


@attrs.frozen
class PairingEvidence:
    """What a verdict on pairing keeps to explain itself."""

    policy: EngagementPolicy
    value: Tri
    strategic: int
    paired: int
    warnings: tuple[PairingWarning, ...]
    proposals: tuple[Proposal, ...]
    called: tuple[tuple[str, str], ...]

    def reason(self) -> Reason:
        """Say how many are paired, what is wrong, and whom to name."""
        data = (("count", float(self.strategic)), ("part", float(self.paired)))
        codes = {Tri.YES: "pairing-complete", Tri.NO: "pairing-incomplete"}
        parts = (*self._warned(), *self._proposed())
        return Reason(codes.get(self.value, "pairing-open"), data, parts)

    def _warned(self) -> Iterator[Reason]:
        for one in self.warnings:
            data = (("outcome", one.code), ("answers", "pairing-warning"))
            names = ("names", ", ".join(map(self._name, one.executives)))
            sure = one.fires is Tri.YES
            if one.customer_id is None:
                code = "pairing-executive" if sure else "pairing-executive-open"
                yield Reason(code, (*data, names))
                continue
            customer = ("customer", wording.plain(one.customer_id))
            if one.executives:
                code = "pairing-both" if sure else "pairing-both-open"
                yield Reason(code, (*data, customer, names))
            else:
                code = "pairing-customer" if sure else "pairing-customer-open"
                yield Reason(code, (*data, customer))

    def _proposed(self) -> Iterator[Reason]:
        for one in self.proposals:
            customer = ("customer", wording.plain(one.customer_id))
            if one.executive_id is None:
                yield Reason("pairing-no-room", (customer,))
                continue
            names = ("names", self._name(one.executive_id))
            is_ready = one.trained is Tri.YES
            code = "pairing-proposed" if is_ready else "pairing-proposed-training"
            yield Reason(code, (customer, names))

    def _name(self, executive: str) -> str:
        """Return what an executive is called; a stranger goes by the id."""
        return wording.plain(dict(self.called).get(executive, executive))

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels
