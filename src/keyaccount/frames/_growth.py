"""Growth in columns: where do we grow but lose, a row a customer and category?"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import TypeVar, cast

from keyaccount.domain import RivalSales, ShareGrowthCell
from keyaccount.exceptions import InvalidValueError, Problem, Problems
from keyaccount.models.growth import (
    FACTS,
    GrowthBasis,
    GrowthPolicy,
    GrowthVerdict,
    default_policy,
    read,
)
from keyaccount.rules import Fact, FactSchema
from keyaccount.tri import Tri

from ._cases import Answer, Case, by_case
from ._engines import opened
from ._facts import Names
from ._joins import Kind
from ._sheet import NO_NAMES


__all__ = ["growth"]


FrameT = TypeVar("FrameT")

_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "our_sales": "ours",
        "category_spend": "spend",
        "rival_sales": "rival",
        "customer_business": "business",
    }
)
"""What a cell calls the facts of a year."""

_BEFORE = "_before"
_RIVAL_CHANGED = "rival_changed"
_AMOUNTS = (*_FIELDS, *(f"{fact}{_BEFORE}" for fact in _FIELDS))
_ABOUT = FactSchema((*(FACTS[name] for name in _AMOUNTS), Fact.yes_no(_RIVAL_CHANGED)))
_NUMBERS = (
    "share",
    "share_before",
    "growth",
    "customer_growth",
    "rival_growth",
    "gap_to_customer",
    "gap_to_rival",
    "relative_share",
    "relative_share_before",
)
_WHO, _YEAR = "row", 2001  # no rule asks who, or which year
_ENDINGS: Mapping[int, str] = MappingProxyType({_YEAR: "", _YEAR - 1: _BEFORE})
_ONE_CURRENCY = "USD"  # no rule asks which; a row's amounts stand in the same


def growth(
    frame: FrameT,
    *,
    policy: GrowthPolicy | None = None,
    name: str = "growth",
    names: Names = NO_NAMES,
) -> FrameT:
    """Hold our growth against the customer's and the competitor's (S3-30 to S3-35).

    A row is a customer in a category, in a year and the year before. The columns are
    called like a cell's: `ours`, `spend`, `rival` (the largest competitor's sales, 0
    where there is none), `business`, and `ours_before`, `spend_before`,
    `rival_before`, `business_before`; or like the facts of `growth.FACTS`:
    `our_sales`, … A row's amounts are in one currency. Subsidiaries are to be added
    to their parent before; an unknown part leaves the sum unknown. Whether another
    competitor is the largest now, a Boolean column `rival_changed` may tell.

    `NAME` is the quadrant, null while open, `NAME_low` and `NAME_high` the worst and
    the best that is possible. `NAME_flags` surely hold, `NAME_open_flags` may, once
    more is known; both are joined by `;`. `NAME_share`, `NAME_growth`,
    `NAME_customer_growth`, `NAME_rival_growth`, `NAME_gap_to_customer`,
    `NAME_gap_to_rival`, `NAME_relative_share` are fractions, null where there is
    none; `NAME_share_before` and `NAME_relative_share_before` are of the year before.
    `NAME_basis` says which growth of the customer, `NAME_headroom` what it bought
    from others, `NAME_missing` what to ask, the most telling first.

    The comparisons multiply and divide amounts without loss ("equal growth is not
    lagging" hangs on that), which no engine does: every distinct case is judged once,
    as an object. For ready ratios ask `decide` with the policy's own table.

    Args:
        frame: of any engine; the same kind comes back.
        policy: your own; the shipped one otherwise.
        name: what the answers are called.
        names: the column of a fact, where it is not called so.

    Raises:
        UnknownFactError: *names* speaks of something that is not told of a year.
        InvalidValueError: no frame, columns that cannot be used, amounts below zero
            where nothing can be.
    """
    rules = policy or default_policy()
    titles = set(opened(frame).collect_schema().names())
    aliases = {
        fact: _field(fact)
        for fact in _AMOUNTS
        if _field(fact) in titles and fact not in titles
    }
    tells_rival = _RIVAL_CHANGED in titles or _RIVAL_CHANGED in names
    return by_case(
        frame,
        about=_ABOUT,
        asked=_ABOUT.names if tells_rival else _AMOUNTS,
        names={**aliases, **names},
        judge=functools.partial(_judge, name, rules),
        answers=_answers(name, rules),
    )


def _field(fact: str) -> str:
    """Return what a cell calls an amount."""
    stem = fact.removesuffix(_BEFORE)
    return _FIELDS[stem] + fact.removeprefix(stem)


def _judge(name: str, policy: GrowthPolicy, case: Case) -> Answer:
    (verdict,) = _read(_cells(case), policy)
    headroom = verdict.headroom
    possible = [quadrant.value for quadrant in verdict.possible]
    return {
        name: None if verdict.value is None else verdict.value.value,
        f"{name}_low": possible[0],
        f"{name}_high": possible[-1],
        f"{name}_flags": ";".join(verdict.flags),
        f"{name}_open_flags": ";".join(verdict.open_flags),
        **{f"{name}_{part}": getattr(verdict, part) for part in _NUMBERS},
        f"{name}_basis": None if verdict.basis is None else verdict.basis.value,
        f"{name}_headroom": None if headroom is None else float(headroom.amount),
        f"{name}_missing": ";".join(gap.fact for gap in verdict.missing),
    }


def _cells(case: Case) -> list[ShareGrowthCell]:
    """Build the two years of a case.

    Raises:
        InvalidValueError: with every amount that cannot be.
    """
    changed = case.get(_RIVAL_CHANGED) is Tri.YES
    problems, cells = Problems(), []
    for year, rival in ((_YEAR, "rival"), (_YEAR - 1, "other" if changed else "rival")):
        try:
            cells.append(_cell(case, year, rival))
        except InvalidValueError as error:
            problems.extend(_of_fact(one, year) for one in error.problems)
    problems.check("growth")
    return cells


def _cell(case: Case, year: int, rival: str) -> ShareGrowthCell:
    ours, spend, sold, business = (
        cast("Decimal | None", case[fact + _ENDINGS[year]]) for fact in _FIELDS
    )
    return ShareGrowthCell(
        _WHO,
        year,
        _ONE_CURRENCY,
        ours=ours,
        spend=spend,
        rivals=None if sold is None else (RivalSales(rival, sold),),
        business=business,
    )


def _read(
    cells: list[ShareGrowthCell], policy: GrowthPolicy
) -> tuple[GrowthVerdict, ...]:
    """Read the two years; what is wrong with one of them is told of its fact."""
    try:
        return read(cells, year=_YEAR, policy=policy)
    except InvalidValueError as error:
        # that is less than nothing, sold in the year before
        problems = tuple(_of_fact(one, _YEAR - 1) for one in error.problems)
        raise InvalidValueError(error.what, problems) from None


def _of_fact(problem: Problem, year: int) -> Problem:
    """Tell a problem of a cell's field as one of the fact."""
    field = problem.path.rpartition(".")[-1]
    facts = {told: fact for fact, told in _FIELDS.items()} | {"amount": "rival_sales"}
    return Problem(f"$.{facts[field]}{_ENDINGS[year]}", problem.code, problem.data)


def _answers(name: str, policy: GrowthPolicy) -> dict[str, Kind]:
    quadrants = policy.quadrants.table.outcomes
    return {
        name: quadrants,
        f"{name}_low": quadrants,
        f"{name}_high": quadrants,
        f"{name}_flags": str,
        f"{name}_open_flags": str,
        **{f"{name}_{part}": float for part in _NUMBERS},
        f"{name}_basis": tuple(basis.value for basis in GrowthBasis),
        f"{name}_headroom": float,
        f"{name}_missing": str,
    }
