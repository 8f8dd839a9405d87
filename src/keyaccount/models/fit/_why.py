"""Why the fit is what it is: topic by topic, demand by demand, plan by plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import attrs

from keyaccount.domain import ProductDemand
from keyaccount.rules import Facts, Reason, explain_table
from keyaccount.tri import Tri

from ._facts import DEMANDS, PLANS, TOPICS, levels_of, part_of
from ._judge import judge
from ._policy import FitPolicy
from ._verdict import FitGap
from ._ways import gap_span


__all__ = [
    "AccountEvidence",
    "PartEvidence",
    "background_reason",
    "channel_reason",
    "product_reason",
]


Data = tuple[tuple[str, float | str], ...]


@attrs.frozen
class PartEvidence:
    """What the verdict on one analysis keeps: the facts, and how to tell them."""

    policy: FitPolicy
    given: Facts
    tell: Callable[[Facts, FitPolicy], Reason]

    def reason(self) -> Reason:
        """Say what was found."""
        return self.tell(self.given, self.policy)

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels


@attrs.frozen
class AccountEvidence:
    """What the verdict on a customer keeps to explain itself."""

    policy: FitPolicy
    given: Facts
    gaps: tuple[FitGap, ...]
    analysed_on: dt.date | None
    as_of: dt.date

    def reason(self) -> Reason:
        """Say whether they and we match, why, and what would close the gap."""
        judged = judge(self.given, self.policy)
        found = explain_table(self.policy.account.table, judged.facts, judged.account)
        parts = [
            *found.because,
            background_reason(self.given, self.policy),
            product_reason(self.given, self.policy),
            channel_reason(self.given, self.policy),
            *self._age(),
            *self._closing(),
        ]
        return attrs.evolve(found, because=tuple(parts))

    def _age(self) -> tuple[Reason, ...]:
        if self.analysed_on is None:
            return ()
        age = float((self.as_of - self.analysed_on).days)
        limit = float(self.policy.number("stale_after"))
        day = self.analysed_on.isoformat()
        code = "analysis-stale" if age > limit else "analysis-age"
        data = (("observed", day), ("age", age), ("limit", limit))
        return (Reason(code, data),)

    def _closing(self) -> tuple[Reason, ...]:
        if not self.gaps:
            return ()
        return (Reason("fit-close", (), tuple(map(_change, self.gaps))),)

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels


def background_reason(given: Facts, policy: FitPolicy) -> Reason:
    """Say how many topics are known, and whether each is."""
    del policy  # the number of topics is what it is
    parts = [
        Reason(
            "known-holds" if given[name] is Tri.YES else "known-fails",
            (("fact", name),),
        )
        for name in TOPICS
    ]
    known = sum(part.code == "known-holds" for part in parts)
    data = (("count", float(known)), ("most", float(len(TOPICS))))
    return Reason("background-known", data, tuple(parts))


def product_reason(given: Facts, policy: FitPolicy) -> Reason:
    """Say whether the product matches, and what is required and ours for each."""
    judged = judge(given, policy)
    table = policy.product.table
    found = explain_table(table, part_of(judged.facts, table.about), judged.product)
    parts = [_demand(demand, *levels_of(given, demand)) for demand in DEMANDS]
    return attrs.evolve(found, because=(*found.because, *parts))


def channel_reason(given: Facts, policy: FitPolicy) -> Reason:
    """Say where the channel is heading, and which plans there are."""
    judged = judge(given, policy)
    table = policy.channel.table
    found = explain_table(table, part_of(judged.facts, table.about), judged.channel)
    rows = (attrs.evolve(part, because=()) for part in found.because)
    plans = (_plan(given, name) for name in PLANS)
    return attrs.evolve(found, because=(*rows, *plans))


def _demand(demand: ProductDemand, required: int | None, ours: int | None) -> Reason:
    data: Data = (("outcome", demand.value), ("answers", "product-demand"))
    if required is not None:
        data = (*data, ("wanted", float(required)))
    if ours is not None:
        data = (*data, ("level", float(ours)))
    least, most = gap_span(required, ours)
    if least:
        return Reason("demand-short", (*data, ("count", float(least))))
    is_told = required is not None and ours is not None
    if not most:
        return Reason("demand-met" if is_told else "demand-met-anyway", data)
    if required is None:
        code = "demand-unknown" if ours is None else "demand-open-required"
        return Reason(code, data)
    return Reason("demand-open-ours", data)


def _plan(given: Facts, name: str) -> Reason:
    match given[name]:
        case Tri.YES:
            return Reason("yes-holds", (("fact", name),))
        case Tri.NO:
            return Reason("yes-fails", (("fact", name),))
        case _:
            return Reason("yes-open", (("fact", name),))


def _change(gap: FitGap) -> Reason:
    if gap.demand is None or gap.now is None or gap.to is None:
        return Reason("fit-move-term")
    return Reason(
        "fit-raise",
        (
            ("outcome", gap.demand.value),
            ("answers", "product-demand"),
            ("now", float(gap.now)),
            ("to", float(gap.to)),
        ),
    )
