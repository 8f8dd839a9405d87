"""Purchases in columns: how every customer buys, by its place among all (S2-6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TypeVar

import narwhals as nw

from keyaccount.models.segments import (
    Behaviour,
    RfmVerdict,
    SegmentsPolicy,
    default_policy,
)
from keyaccount.models.segments import rfm as judged
from keyaccount.rules import Interval
from keyaccount.tri import Tri

from ._engines import back, opened
from ._joins import Kind, distinct
from ._purchases import WHO, Purchases, Sums


__all__ = ["rfm"]


FrameT = TypeVar("FrameT")

_FACTS = ("has_bought", "days_since_purchase", "orders_a_year", "spend_a_year")
_SCORES = ("recency", "frequency", "monetary")


def rfm(  # noqa: PLR0913 - the columns of a table of purchases, all by name
    purchases: FrameT,
    *,
    as_of: dt.date,
    policy: SegmentsPolicy | None = None,
    name: str = "rfm",
    customer: str = "customer",
    on: str = "on",
    amount: str = "amount",
    places: int = 2,
) -> FrameT:
    """Tell how each customer buys: from a row a purchase to a row a customer (S2-6).

    A row says who bought, on what day, for how much; an unknown amount is an order
    all the same, a negative one a return. What is dated after *as_of* is left out.

    The answer has the customer and `has_bought`, `days_since_purchase`,
    `orders_a_year`, `spend_a_year`, which are facts of `segments.FACTS`; its place
    among all customers as bounds, `NAME_recency_low` and `_high`, and so for
    `frequency` and `monetary`, from 1 to 5, equal values always alike; the segment
    `NAME`, null while open, `NAME_low` and `NAME_high`, between which it lies in the
    policy's order, and `NAME_possible`, every segment that it may be. `NAME_flags`
    and `NAME_missing` are joined by `;`.

    Purchases are added up by customer where they are, exactly; then every customer is
    judged once, as an object, among all others: the engine is asked for one row a
    customer, which is a query. What comes back is lazy if it was lazy, and a customer
    who was not there when it was asked gets nulls.

    Args:
        purchases: of any engine; the same kind comes back. Frames whose rows are
            here come back sorted by customer.
        as_of: the day of the judgement.
        policy: your own; the shipped one otherwise.
        name: what the answers are called.
        customer: the column that tells customers apart.
        on: the column of dates.
        amount: the column of amounts, in one currency.
        places: how many decimals the amounts have, at most 6.

    Raises:
        InvalidValueError: no frame; an *as_of* that is no plain date; columns that
            are not there, or no dates or numbers; *places* out of range; purchases
            of nobody or on no day; amounts with more decimals, or too large to add.
    """
    rules = policy or default_policy()
    told = Purchases(opened(purchases), customer, on, amount, places)
    kinds = _answers(name, rules)
    told.check(as_of, kinds)
    summed = told.by_customer(as_of, float(rules.number("window_days")))
    cases = distinct(summed, [WHO])
    sums = told.collected(summed)
    known = [_behaviour(sums[row[0]], as_of, places) for row in cases.rows]
    # the numbers of the customers, of one width, sort as they stand
    by_number = {f"{at:012d}": one for at, one in enumerate(known)}
    found = [_told(name, one) for one in judged(by_number, as_of=as_of, policy=rules)]
    answers: dict[str, tuple[Kind, Sequence[object]]] = {
        title: (kind, [one[title] for one in found]) for title, kind in kinds.items()
    }
    shown = nw.col(WHO).alias(customer)
    return back(cases.joined(answers).select(shown, *answers), purchases)


def _behaviour(sums: Sums, as_of: dt.date, places: int) -> Behaviour:
    """Say what a customer's purchases come to, as `segments.behaviours` does."""
    spend = Decimal(sums.units).scaleb(-places)
    is_known = sums.gaps == 0
    return Behaviour(
        has_bought=Tri.of(sums.known > 0),
        recency_days=as_of.toordinal() - int(sums.latest) if sums.latest else None,
        orders=int(sums.orders),
        spend=spend if is_known else None,
        least_spend=None if is_known else spend,
        later=int(sums.later),
    )


def _told(name: str, verdict: RfmVerdict) -> dict[str, object]:
    own, possible = verdict.behaviour, [one.value for one in verdict.possible]
    values = (own.recency_days, own.orders, own.spend)
    numbers = (None if value is None else float(value) for value in values)
    facts = dict(zip(_FACTS, (own.has_bought is Tri.YES, *numbers), strict=True))
    return {
        **facts,
        **dict(_spans(name, verdict)),
        name: None if verdict.value is None else verdict.value.value,
        f"{name}_low": possible[0],
        f"{name}_high": possible[-1],
        f"{name}_possible": ";".join(possible),
        f"{name}_flags": ";".join(verdict.flags),
        f"{name}_missing": ";".join(gap.fact for gap in verdict.missing),
    }


def _spans(name: str, verdict: RfmVerdict) -> Iterator[tuple[str, float]]:
    for score in _SCORES:
        span: Interval = getattr(verdict, score)
        yield f"{name}_{score}_low", span.low
        yield f"{name}_{score}_high", span.high


def _answers(name: str, policy: SegmentsPolicy) -> dict[str, Kind]:
    segments = policy.segments.table.outcomes
    ends = (f"{name}_{score}_{end}" for score in _SCORES for end in ("low", "high"))
    return {
        **dict.fromkeys(_FACTS, float),
        "has_bought": bool,
        **dict.fromkeys(ends, float),
        **dict.fromkeys((name, f"{name}_low", f"{name}_high"), segments),
        f"{name}_possible": str,
        f"{name}_flags": str,
        f"{name}_missing": str,
    }
