"""The head of a portfolio: the few largest that make up much of it together (S0-4)."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar, cast

import narwhals as nw

from keyaccount.domain import Customer, YearMetrics
from keyaccount.exceptions import Problems
from keyaccount.models.selection import (
    ScaleBasis,
    SelectionPolicy,
    default_policy,
    scales,
)
from keyaccount.tri import Tri

from ._engines import back, opened
from ._facts import Frame
from ._groups import beside
from ._joins import distinct


__all__ = ["head"]


FrameT = TypeVar("FrameT")

_VALUE, _GAP, _COUNT, _ONE = (
    f"__keyaccount_{name}" for name in ("value", "gap", "count", "one")
)
_DAY = dt.date(2000, 12, 31)  # any: on which the year of the amounts has ended
_ONE_CURRENCY = "USD"  # in which all amounts stand alike


def head(
    frame: FrameT,
    amount: str,
    *,
    by: str | Sequence[str] = (),
    name: str = "in_head",
    policy: SelectionPolicy | None = None,
) -> FrameT:
    """Add the column *name*: whether a row is among the largest that make up the head.

    A row is in it if all larger ones together make up less than the policy's
    `head_share` of the total; equals are in or out together. The answers are those of
    `selection.scales`, Boolean; null where it is not known, because an amount is null
    or NaN or the total is not above 0. What a row of which the amount is not known
    may add to the total, the policy says. Leave prospects out: they have no amount.

    It takes all amounts to say it of one, and to add them up exactly: they are asked
    for, which is a query. What comes back is lazy if it was lazy, and an amount that
    was not there when it was asked gets null.

    Args:
        frame: of any engine, a row a customer; the same kind comes back.
        amount: the column of amounts, in one currency; negative ones are returns.
        by: the columns that tell portfolios apart; null is one of its own. Left out,
            all rows are one.
        name: what the answer is called.
        policy: your own; the shipped one otherwise.

    Raises:
        InvalidValueError: no frame; columns that are not there, no number, or there
            already; an amount without end.
    """
    rules = policy or default_policy()
    groups = (by,) if isinstance(by, str) else tuple(by)
    given = opened(frame)
    _check(given, amount, groups, name)
    titles = given.collect_schema().names()
    value = nw.col(amount).cast(nw.Float64)
    is_known = ~(value.is_null() | value.is_nan())
    told = given.with_columns(
        **{
            _VALUE: nw.when(is_known).then(value).otherwise(0.0),
            _GAP: nw.when(is_known).then(0.0).otherwise(1.0),
            _ONE: nw.lit(1.0),
        }
    )
    keys = [_VALUE, _GAP, *groups]
    counted = beside(told, keys, {_COUNT: (_ONE, "sum")})
    cases = distinct(counted, [*keys, _COUNT])
    answers = _answers(cases.rows, rules)
    return back(cases.joined({name: (bool, answers)}).select(*titles, name), frame)


def _check(frame: Frame, amount: str, groups: tuple[str, ...], name: str) -> None:
    schema, problems = frame.collect_schema(), Problems()
    wanted = f"a column of the frame: {', '.join(schema.names())}"
    for path, column in (("amount", amount), *(("by", group) for group in groups)):
        if column not in schema:
            problems.add(path, "missing", column, wanted)
    if amount in schema and not schema[amount].is_numeric():
        wanted = "a number column; cast text first"
        path = f"columns[{amount!r}]"
        problems.add(path, "wrong-type", str(schema[amount]), wanted)
    if name in schema:
        another = "another name=, or drop the column first"
        problems.add(f"columns[{name!r}]", "duplicate", name, another)
    problems.check("head")


def _answers(
    rows: Sequence[tuple[object, ...]], policy: SelectionPolicy
) -> list[bool | None]:
    """Measure every distinct amount of a portfolio among all that there are."""
    problems = Problems()
    portfolios: dict[tuple[object, ...], list[int]] = {}
    for at, (value, _, *group) in enumerate(rows):
        if not math.isfinite(cast("float", value)):
            problems.add("amount", "not-finite", value)
        portfolios.setdefault(tuple(group[:-1]), []).append(at)
    problems.check("head")
    answers: list[bool | None] = [None] * len(rows)
    for places in portfolios.values():
        told = {
            at: (_amount(rows[at]), int(cast("float", rows[at][-1]))) for at in places
        }
        total = sum(Fraction(one or 0) * count for one, count in told.values())
        if total > 0:  # a part of nothing is none
            for at, is_in in _measured(told, policy):
                answers[at] = is_in
    return answers


def _amount(row: tuple[object, ...]) -> Decimal | None:
    """Return the shortest decimal that is this float: 0.3 is 0.3."""
    value, gap, *_ = row
    return None if gap else Decimal(repr(float(cast("float", value))))


def _measured(
    told: Mapping[int, tuple[Decimal | None, int]], policy: SelectionPolicy
) -> Iterator[tuple[int, bool | None]]:
    """Yield for each amount whether customers of that amount are in the head."""
    is_sales = policy.basis is ScaleBasis.SALES
    customers = []
    for at, (amount, count) in told.items():
        year = YearMetrics(
            _DAY.year,
            sales=amount if is_sales else None,
            gross_profit=None if is_sales else amount,
        )
        customers += [
            Customer(f"{at}:{twin}", "row", _ONE_CURRENCY, years=(year,))
            for twin in range(count)
        ]
    found = scales(customers, as_of=_DAY, policy=policy)
    for at in told:
        is_in = found[f"{at}:0"].in_head
        yield at, None if is_in is Tri.UNKNOWN else is_in is Tri.YES
