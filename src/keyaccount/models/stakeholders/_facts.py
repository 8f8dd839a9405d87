"""What the rules may ask about the people at a customer."""

from __future__ import annotations

from typing import assert_never

from keyaccount.domain import AdminLevel, Attitude
from keyaccount.rules import Fact, FactSchema


__all__ = ["FACTS", "LEAST_LEVEL", "MOST_LEVEL", "mark_of"]


LEAST_LEVEL = min(level.level for level in AdminLevel)
MOST_LEVEL = max(level.level for level in AdminLevel)


def _count(name: str) -> Fact:
    return Fact.number(name, unit="people", low=0)


def _share(name: str) -> Fact:
    return Fact.number(name, unit="share", low=0, high=1)


def _days(name: str) -> Fact:
    return Fact.number(name, unit="days", low=0)


FACTS = FactSchema(
    (
        _count("people"),
        _count("levels_known"),
        _count("roles_known"),
        _count("attitudes_known"),
        _count("decision_makers"),
        Fact.yes_no("decision_maker_contacted"),
        Fact.yes_no("decision_maker_opposed"),
        _share("role_coverage"),
        _count("key_people"),
        _share("key_supporters_share"),
        _count("opponents"),
        _count("supporters"),
        _share("supporters_share"),
        _count("people_contacted"),
        _count("our_people_in_contact"),
        _days("days_since_contact"),
        _days("longest_silence"),
        Fact.number("support_index", low=-1, high=1),
    )
)
"""Counts, shares and days over the people of one customer.

`decision_makers` counts those known to be one; `key_supporters_share` is the share
of the key people who support us; `supporters_share` that among those who take sides
at all; `support_index` is known once every attitude is. `days_since_contact` runs
from the latest contact with anybody, `longest_silence` from the last contact with
whoever has waited longest. A share of nothing has no value.
"""


def mark_of(attitude: Attitude) -> int | None:
    """Return +1 for support, 0 for neutral, −1 for opposition, None for not known."""
    match attitude:
        case Attitude.SUPPORT:
            return 1
        case Attitude.NEUTRAL:
            return 0
        case Attitude.OPPOSE:
            return -1
        case Attitude.UNKNOWN:
            return None
        case _:
            assert_never(attitude)
