"""Which numbers a tiering policy may hold, so that no review or search goes astray."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import pairwise

from keyaccount.domain import ValueTier
from keyaccount.exceptions import Problems
from keyaccount.rules import Number

from ._service import Entitlement


__all__ = ["AMOUNTS", "RUNGS", "check_entitlement", "check_numbers"]


RUNGS = tuple(tier for tier in ValueTier if tier.is_rung)
"""The rungs of the ladder, best first."""

AMOUNTS = ("diamond", "gold", "strategic", "potential")
"""The numbers that are amounts of money, and the rungs that they open."""

_COUNTS = ("years", "strikes", "clean_reviews")
_DAYS = ("stale_review", "stale_figures")
_NEEDED = (
    *AMOUNTS,
    *_COUNTS,
    *_DAYS,
    "keep_band",
    "leave_strategic",
    "leave_growth",
    "search_times",
    "fewest_for_proposal",
    "proposal_spread",
)
_LEAVING = (("leave_strategic", "enter_strategic"), ("leave_growth", "enter_growth"))


def check_numbers(numbers: Iterable[Number], problems: Problems) -> None:
    """Note every number that is missing, out of range or at odds with another."""
    given = {number.id: number.value for number in numbers}
    for name in _NEEDED:
        if name not in given:
            problems.add("numbers", "missing", expected=f"numbers.{name}")

    def wants(name: str, wanted: str, *, holds: bool) -> None:
        if not holds:
            problems.add(f"numbers.{name}", "out-of-range", given[name], wanted)

    for name in filter(given.__contains__, _COUNTS):
        is_whole = given[name] == given[name].to_integral_value()
        wants(name, "a whole number, 1 or more", holds=is_whole and given[name] >= 1)
    longest = dt.timedelta.max.days
    for name in filter(given.__contains__, _DAYS):
        is_span = 0 <= given[name] <= longest
        wants(name, f"0 or more days, at most {longest}", holds=is_span)
    for name, least in (("search_times", 1), ("fewest_for_proposal", 0)):
        if name in given:
            wants(name, f"{least} or more", holds=given[name] >= least)
    if "proposal_spread" in given:
        wants("proposal_spread", "above 1", holds=given["proposal_spread"] > 1)
    if "keep_band" in given:
        is_share = 0 < given["keep_band"] <= 1
        wants("keep_band", "a share above 0, at most 1", holds=is_share)
    for leave, enter in _LEAVING:
        if leave in given and enter in given:
            most = f"at most numbers.{enter}, {given[enter]}"
            wants(leave, most, holds=given[leave] <= given[enter])
    _check_amounts(given, problems)


def _check_amounts(given: Mapping[str, Decimal], problems: Problems) -> None:
    """The amounts fall from rung to rung, and the last is still above 0."""
    amounts = [name for name in AMOUNTS if name in given]
    for name, lower in pairwise(amounts):
        if given[lower] >= given[name]:
            less = f"below numbers.{name}, {given[name]}"
            problems.add(f"numbers.{lower}", "out-of-range", given[lower], less)
    for name in amounts[-1:]:
        if given[name] <= 0:
            problems.add(f"numbers.{name}", "out-of-range", given[name], "above 0")


def check_entitlement(path: str, given: Entitlement, problems: Problems) -> None:
    """Note what no customer can be served by."""
    last = len(RUNGS) + 1  # the rungs and the problem customers
    if not 1 <= given.capacity_priority <= last:
        where, place = f"{path}.capacity_priority", f"1 to {last}, 1 served first"
        problems.add(where, "out-of-range", given.capacity_priority, place)
    for name, count in (
        ("executive_visits_per_year", given.executive_visits_per_year),
        ("first_response_hours", given.first_response_hours),
        ("technical_exchanges_per_year", given.technical_exchanges_per_year),
    ):
        if count < 0:
            problems.add(f"{path}.{name}", "out-of-range", count, "0 or more")
