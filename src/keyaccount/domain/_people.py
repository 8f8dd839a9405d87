"""The people at a customer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import attrs

from ._checks import Checks
from ._conversions import gathered, identifier_of
from ._vocabulary import AdminLevel, Attitude, PurchasingRole


__all__ = ["Stakeholder"]


def _roles(roles: Iterable[PurchasingRole]) -> frozenset[PurchasingRole]:
    return gathered(roles)


@attrs.frozen
class Stakeholder:
    """Somebody who has a say in what the customer buys (S1-2 to S1-5).

    `roles` holds those that are known, none if nobody has asked; `scope` says in
    words what the roles cover. None means not known.
    """

    id: str = attrs.field(converter=identifier_of)
    customer_id: str = attrs.field(converter=identifier_of)
    name: str
    admin_level: AdminLevel | None = None
    roles: frozenset[PurchasingRole] = attrs.field(
        default=frozenset(), converter=_roles
    )
    attitude: Attitude = Attitude.UNKNOWN
    last_contact: dt.date | None = None
    our_owner: str | None = None
    scope: str | None = None

    def __attrs_post_init__(self) -> None:
        checks = Checks()
        checks.identifier("id", self.id)
        checks.identifier("customer_id", self.customer_id)
        checks.text("name", self.name)
        checks.choice("admin_level", self.admin_level, AdminLevel, optional=True)
        checks.members("roles", self.roles, PurchasingRole)
        checks.choice("attitude", self.attitude, Attitude)
        checks.day("last_contact", self.last_contact, optional=True)
        checks.text("our_owner", self.our_owner, optional=True)
        checks.text("scope", self.scope, optional=True)
        checks.check("Stakeholder")
