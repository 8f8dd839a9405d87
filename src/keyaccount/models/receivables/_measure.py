"""How long customers take to pay, and whether that is prompt, slow or late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import attrs

from keyaccount import wire
from keyaccount.domain import CollectionHealth, ReceivablesPeriod
from keyaccount.exceptions import Problems
from keyaccount.rules import Missing, Reason, Verdict, missing

from ._bounds import look_out
from ._facts import INPUT_FACTS, NEEDED
from ._figures import (
    Figure,
    Figures,
    current_of,
    figures_of,
    was_nothing_collectible,
)
from ._policy import ReceivablesPolicy, default_policy
from ._why import explain


__all__ = ["CollectionVerdict", "measure"]


@attrs.frozen
class MeasureEvidence:
    """What a verdict on a period keeps to explain itself."""

    period: ReceivablesPeriod
    policy: ReceivablesPolicy
    as_of: dt.date

    def reason(self) -> Reason:
        """Say the health, the four figures with their formulas, and the rows."""
        return explain(self.period, self.policy, self.as_of)

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels


@attrs.frozen(repr=False)
class CollectionVerdict(wire.Plain, Verdict[CollectionHealth]):
    """How well what is owed to us comes in, and the figures behind it (A-1, A-2).

    `dso`, `best_possible_dso` and `delinquent_days` (ADD) are days, `cei` is a share.
    A figure that is not fully known has bounds, as far as there are any.
    """

    period: ReceivablesPeriod
    dso: Figure
    best_possible_dso: Figure
    delinquent_days: Figure
    cei: Figure

    def _extras(self) -> tuple[str, ...]:
        named = ("DSO", self.dso), ("ADD", self.delinquent_days), ("CEI", self.cei)
        return tuple(
            f"{name} {figure.exact:g}"
            for name, figure in named
            if figure.exact is not None
        )


def measure(
    period: ReceivablesPeriod,
    *,
    as_of: dt.date,
    policy: ReceivablesPolicy | None = None,
) -> CollectionVerdict:
    """Say how late a period's receivables are, and how well they were collected.

    DSO = receivables ÷ credit sales × days; the best possible DSO takes only what is
    not yet overdue; average days delinquent (ADD) is the difference. Collection
    effectiveness (CEI) = (opening + credit sales ÷ months − closing) ÷ (opening +
    credit sales ÷ months − closing, not yet overdue). Where nothing was sold on
    credit, or more came back, there are no days of sales, and the verdict says so.

    Do not read it where sales swing with the season: DSO then tells of the season.

    Args:
        period: the totals, as far as they are known.
        as_of: the day of the judgement.
        policy: your own; the shipped one otherwise.

    Raises:
        InvalidValueError: no period, or no plain day.
    """
    rules = default_policy() if policy is None else policy
    problems = Problems()
    problems.is_day("as_of", as_of)
    given: object = period
    if not isinstance(given, ReceivablesPeriod):
        problems.add("period", "wrong-type", given, "a ReceivablesPeriod")
    problems.check("receivables")
    figures = figures_of(period)
    outlook = look_out(figures, rules)
    possible = tuple(CollectionHealth(slug) for slug in outlook.possible)
    value = possible[0] if len(possible) == 1 else None
    asked = _missing(period, figures, rules)
    return CollectionVerdict(
        value=value,
        possible=possible,
        missing=asked,
        flags=_flags(period, as_of, is_incomplete=bool(value and asked)),
        policy=rules.ref,
        as_of=as_of,
        period=period,
        dso=figures.dso,
        best_possible_dso=figures.best_possible_dso,
        delinquent_days=figures.delinquent_days,
        cei=figures.cei,
        evidence=MeasureEvidence(period, rules, as_of),
    )


def _missing(
    period: ReceivablesPeriod, figures: Figures, policy: ReceivablesPolicy
) -> tuple[Missing, ...]:
    """Ask for what figures lack; what most of the judged ones lack comes first."""
    asked = policy.health.table.asks
    lacking: dict[str, int] = {}
    for (name, inputs), figure in zip(NEEDED, figures, strict=True):
        if figure.exact is None:
            for needed in inputs:
                if _is_unknown(period, needed):
                    lacking[needed] = lacking.get(needed, 0) + (name in asked)
    order = [name for name in INPUT_FACTS.names if name in lacking]
    order.sort(key=lambda name: -lacking[name])
    return missing(INPUT_FACTS, order)


def _is_unknown(period: ReceivablesPeriod, name: str) -> bool:
    if name == "credit_sales":  # of a period without any, nothing can be told
        return period.credit_sales is None or period.credit_sales.amount <= 0
    if name == "closing_current":
        return current_of(period) is None
    return getattr(period, name) is None


def _flags(
    period: ReceivablesPeriod, as_of: dt.date, *, is_incomplete: bool
) -> tuple[str, ...]:
    sales = period.credit_sales
    flags = (
        ("incomplete", is_incomplete),
        ("no-credit-sales", sales is not None and sales.amount <= 0),
        ("nothing-collectible", was_nothing_collectible(period)),
        ("period-not-over", as_of < period.ends_on),
    )
    return tuple(flag for flag, is_raised in flags if is_raised)
