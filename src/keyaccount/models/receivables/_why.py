"""Why collection is prompt, slow or late: the figures, each with its formula."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import cast

import attrs

from keyaccount.domain import Money, ReceivablesPeriod
from keyaccount.rules import Reason, explain_rows

from ._bounds import Outlook, look_out
from ._facts import facts_of
from ._figures import (
    Figure,
    Figures,
    current_of,
    figures_of,
    was_nothing_collectible,
)
from ._policy import ReceivablesPolicy


__all__ = ["Datum", "explain", "written"]


Datum = tuple[str, float | str]


def explain(
    period: ReceivablesPeriod, policy: ReceivablesPolicy, as_of: dt.date
) -> Reason:
    """Say the health, the period, the four figures and the rows that decide."""
    figures = figures_of(period)
    outlook = look_out(figures, policy)
    parts = (
        Reason("measured-period", _period(period, as_of)),
        *(_figure(figure, figures, period) for figure in figures),
        *_rows(figures, outlook, policy),
    )
    data = _answer(outlook.possible[0])
    if len(outlook.possible) == 1:
        return Reason("collection-judged", data, parts)
    return Reason("collection-open", (*data, ("best", outlook.possible[-1])), parts)


def _answer(outcome: str) -> tuple[Datum, ...]:
    return ("outcome", outcome), ("answers", "collection-health")


def _period(period: ReceivablesPeriod, as_of: dt.date) -> tuple[Datum, ...]:
    return (
        ("begin", period.begins_on.isoformat()),
        ("end", period.ends_on.isoformat()),
        ("days", str(period.days)),
        ("currency", period.currency or "?"),
        ("day", as_of.isoformat()),
    )


def _figure(figure: Figure, figures: Figures, period: ReceivablesPeriod) -> Reason:
    """Say a figure: its value, its bounds, or why there is none."""
    formula: tuple[Datum, ...] = (
        ("row", figure.id),
        ("table", "measure"),
        ("criterion", figure.id),
        ("card", "measure-formula"),
        ("unit", figure.unit),
    )
    if figure.exact is not None:
        value: tuple[Datum, ...] = (("value", _plain(figure, figure.exact)),)
        inputs = _inputs(figures, period)
        return Reason(f"measured-{figure.id}", (*formula, *value, *inputs))
    if figure.is_bounded:
        return _bounded(figure, formula)
    sales = period.credit_sales
    if figure.unit == "days" and sales is not None and sales.amount <= 0:
        return Reason("measure-no-sales", (*formula, *_money("sales", sales)))
    if figure.unit == "share" and was_nothing_collectible(period):
        return Reason("measure-not-formed", formula)
    return Reason("measure-unknown", formula)


def _bounded(figure: Figure, formula: tuple[Datum, ...]) -> Reason:
    """Say between what a figure lies; days have a least, shares always a most."""
    ends = tuple(
        (key, _plain(figure, end))
        for key, end in (("low", figure.low), ("high", figure.high))
        if end is not None
    )
    data = (*formula, *ends)
    if figure.low is None:
        return Reason("measure-at-most", data)
    if figure.high is None:
        return Reason("measure-at-least", data)
    return Reason(f"measure-between-{figure.unit}", data)


def _inputs(figures: Figures, period: ReceivablesPeriod) -> tuple[Datum, ...]:
    """What a formula may name, as far as it is known."""
    months = "?" if period.months is None else str(period.months)
    known: list[Datum] = [("days", str(period.days)), ("months", months)]
    for key, money in (
        ("opening", period.opening),
        ("sales", period.credit_sales),
        ("closing", period.closing),
        ("current", current_of(period)),
    ):
        known.extend(() if money is None else _money(key, money))
    for key, figure in (("dso", figures.dso), ("best_dso", figures.best_possible_dso)):
        if figure.exact is not None:
            known.append((key, _plain(figure, figure.exact)))
    return tuple(known)


def _money(key: str, money: Money) -> tuple[Datum, ...]:
    return ((key, written(money.amount)),)


def written(amount: Decimal) -> str:
    """Write an amount with all that it has, not rounded to whole units of money."""
    text = f"{amount:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _plain(figure: Figure, value: float) -> float | str:
    """Write days to the hundredth that they are rounded to; a share is per cent."""
    if figure.unit == "share":
        return value
    return written(Decimal(str(value)))


def _rows(
    figures: Figures, outlook: Outlook, policy: ReceivablesPolicy
) -> tuple[Reason, ...]:
    """Say what every row says, up to the first that fires for sure."""
    table = policy.health.table
    found: list[Reason] = []
    is_open = False
    for at, told in enumerate(explain_rows(table, facts_of(figures))):
        if outlook.must >> at & 1:
            code = "row-fires"
        elif outlook.may >> at & 1:
            code, is_open = "row-open", True
        else:
            code = "row-fails"
        # bounds may tell more than the bare facts do; the conditions then say less
        because = told.because if told.code == code else ()
        found.append(attrs.evolve(told, code=code, because=because))
        if code == "row-fires":
            return tuple(found)
    otherwise = _answer(cast("str", table.otherwise))
    found.append(Reason("otherwise-open" if is_open else "otherwise", otherwise))
    return tuple(found)
