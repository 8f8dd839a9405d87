"""A person may be little known, but never wrongly described."""

from __future__ import annotations

import datetime as dt

from keyaccount.domain import AdminLevel, Attitude, PurchasingRole, Stakeholder
from tests.refusals import refused


def test_a_name_is_enough_for_a_stakeholder() -> None:
    person = Stakeholder("s1", "c1", "director")

    assert person.attitude is Attitude.UNKNOWN
    assert person.roles == frozenset()
    assert person.admin_level is None


def test_a_person_may_hold_several_roles() -> None:
    roles = [PurchasingRole.COACH, PurchasingRole.TECHNICAL, PurchasingRole.COACH]

    person = Stakeholder("s1", "c1", "director", AdminLevel.MANAGER, roles)

    assert person.roles == frozenset(roles)


def test_a_stakeholder_says_everything_that_is_wrong() -> None:
    assert refused(
        Stakeholder,
        "",
        None,
        "\0",
        5,
        ["coach", PurchasingRole.COACH],
        None,
        dt.datetime(2025, 1, 1, tzinfo=dt.UTC),
        "",
        7,
    ) == (
        ("$.id", "empty"),
        ("$.customer_id", "missing"),
        ("$.name", "not-text"),
        ("$.admin_level", "wrong-type"),
        ("$.roles", "wrong-type"),
        ("$.attitude", "missing"),
        ("$.last_contact", "wrong-type"),
        ("$.our_owner", "empty"),
        ("$.scope", "wrong-type"),
    )


def test_roles_are_a_collection() -> None:
    assert refused(Stakeholder, "s1", "c1", "director", roles=None) == (
        ("$.roles", "missing"),
    )
    assert refused(Stakeholder, "s1", "c1", "director", roles="coach") == (
        ("$.roles", "wrong-type"),
    )
