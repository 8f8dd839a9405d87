"""Templates to fill in for a customer, and what we have learned from others (S2-22)."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable

import attrs

from keyaccount.tri import Tri

from ._checks import Checks
from ._conversions import gathered, identifier_of, known_identifier_of
from ._money import Money


__all__ = [
    "BusinessPositioning",
    "CustomerAction",
    "KnowledgeItem",
    "KnowledgeKind",
    "ValueProposition",
]


@attrs.frozen
class BusinessPositioning:
    """Where the customer wants to go, where we stand in that, who else does (S2-22).

    None where nobody has written it down.
    """

    customer_id: str = attrs.field(converter=identifier_of)
    customer_strategy: str | None = None
    our_position: str | None = None
    competitor: str | None = None
    written_on: dt.date | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.identifier("customer_id", self.customer_id)
        for name in ("customer_strategy", "our_position", "competitor"):
            checks.text(name, getattr(self, name), optional=True)
        checks.day("written_on", self.written_on, optional=True)
        checks.check("BusinessPositioning")


@attrs.frozen
class CustomerAction:
    """A line of the customer action map: for whom, what, who, by when (S2-22)."""

    id: str = attrs.field(converter=identifier_of)
    customer_id: str = attrs.field(converter=identifier_of)
    stakeholder_id: str | None = attrs.field(
        default=None, converter=known_identifier_of
    )
    action: str | None = None
    owner: str | None = None
    due: dt.date | None = None
    done: Tri = Tri.UNKNOWN

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.identifier("id", self.id)
        checks.identifier("customer_id", self.customer_id)
        checks.identifier("stakeholder_id", self.stakeholder_id, optional=True)
        checks.text("action", self.action, optional=True)
        checks.text("owner", self.owner, optional=True)
        checks.day("due", self.due, optional=True)
        checks.tri("done", self.done)
        checks.check("CustomerAction")


@attrs.frozen
class ValueProposition:
    """A need, what of ours answers it, what that brings, and the proof (S2-22).

    `benefit` says it in words, `amount` is the benefit as counted, per year.
    """

    id: str = attrs.field(converter=identifier_of)
    customer_id: str = attrs.field(converter=identifier_of)
    need: str | None = None
    capability: str | None = None
    benefit: str | None = None
    amount: Money | None = None
    proof: str | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.identifier("id", self.id)
        checks.identifier("customer_id", self.customer_id)
        for name in ("need", "capability", "benefit", "proof"):
            checks.text(name, getattr(self, name), optional=True)
        checks.instance("amount", self.amount, Money, optional=True)
        checks.check("ValueProposition")


class KnowledgeKind(enum.Enum):
    """What a piece of knowledge is about (S2-29)."""

    CUSTOMER = "customer"
    EXPERIENCE = "experience"
    SOLUTION = "solution"


def _tags(tags: Iterable[str]) -> frozenset[str]:
    return gathered(tags)


@attrs.frozen
class KnowledgeItem:
    """Something that we learned and others may use again (S2-29).

    `industry` and `needs` are the tags by which a similar case is found.
    """

    id: str = attrs.field(converter=identifier_of)
    kind: KnowledgeKind
    text: str
    industry: str | None = None
    needs: frozenset[str] = attrs.field(default=frozenset(), converter=_tags)
    customer_id: str | None = attrs.field(default=None, converter=known_identifier_of)
    recorded_on: dt.date | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.identifier("id", self.id)
        checks.choice("kind", self.kind, KnowledgeKind)
        checks.text("text", self.text)
        checks.text("industry", self.industry, optional=True)
        checks.identifiers("needs", self.needs)
        checks.identifier("customer_id", self.customer_id, optional=True)
        checks.day("recorded_on", self.recorded_on, optional=True)
        checks.check("KnowledgeItem")
