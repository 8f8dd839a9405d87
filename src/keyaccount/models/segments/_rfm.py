"""Which segment each customer belongs to by what it buys, how often and when last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

import attrs

from keyaccount import wire, wording
from keyaccount.domain import Purchase
from keyaccount.exceptions import Problems
from keyaccount.rules import (
    Facts,
    Interval,
    Missing,
    Reason,
    Verdict,
    explain_table,
    missing,
)
from keyaccount.tri import Tri

from ._answers import near, pinned, thresholds
from ._asking import SCORES
from ._behaviour import Behaviour, behaviours, bounds_of, scored
from ._facts import FACTS
from ._opinions import RfmSegment
from ._policy import SegmentsPolicy, default_policy
from ._quintiles import Scores, cut, ranked


__all__ = ["RfmVerdict", "rfm", "segment"]


_BEHIND = ("days_since_purchase", "orders_a_year", "spend_a_year")
_MEASURED = tuple(zip(SCORES, _BEHIND, strict=True))


@attrs.frozen(repr=False)
class RfmVerdict(wire.Plain, Verdict[RfmSegment]):
    """How one customer buys (S2-6): the segment, and the three scores behind it.

    Scores run from 1 to as many groups as the policy makes, the highest the best;
    each lies where the unknown figures, its own and those of others, allow. It was
    ranked among `customers`, itself included; None where it was scored alone, by
    the policy's cut points.
    """

    customer_id: str | None
    behaviour: Behaviour
    recency: Interval
    frequency: Interval
    monetary: Interval
    customers: int | None

    def _extras(self) -> tuple[str, ...]:
        scores = self.recency, self.frequency, self.monetary
        found = "R{} F{} M{}".format(*map(_span, scores))
        return (found,) if self.customer_id is None else (self.customer_id, found)


def _span(score: Interval) -> str:
    low, high = f"{score.low:g}", f"{score.high:g}"
    return low if low == high else f"{low}…{high}"


def rfm(
    purchases: Iterable[Purchase] | Mapping[str, Behaviour],
    *,
    as_of: dt.date,
    policy: SegmentsPolicy | None = None,
) -> tuple[RfmVerdict, ...]:
    """Tell how each customer buys, by its place among all of them (S2-6).

    Recency is the days since the last order, frequency the orders and monetary the
    spend of the last twelve months. By each, customers are sorted into five groups;
    equal values always get the same score (the midrank: the share of customers
    below, those equal counting half). A customer without orders in the year has 0
    orders and spends 0: that is known. Rows of the policy make segments of scores.

    A place is relative: when others buy more, a score falls without the customer
    having changed. To score a customer alone, see `segment`. Amounts without a
    currency are taken to stand in one: rank customers who pay in another apart.

    Args:
        purchases: single purchases, or what is known of each customer by its id.
        as_of: the day of the judgement; what is dated later is left out and flagged.
        policy: your own; the shipped one otherwise.

    Returns:
        A verdict for each customer, by id.

    Raises:
        InvalidValueError: something else than purchases, or no plain day.
        CurrencyMismatchError: amounts in two currencies do not compare.
    """
    rules = default_policy() if policy is None else policy
    known = _known(purchases, as_of, rules)
    names = sorted(known)
    scores = ranked([bounds_of(known[name]) for name in names], rules.groups)
    return tuple(
        RfmEvidence(rules, as_of, name, known[name], score, len(names)).verdict()
        for name, score in zip(names, scores, strict=True)
    )


def _known(
    purchases: Iterable[Purchase] | Mapping[str, Behaviour],
    as_of: dt.date,
    policy: SegmentsPolicy,
) -> Mapping[str, Behaviour]:
    if not isinstance(purchases, Mapping):
        return behaviours(purchases, as_of=as_of, policy=policy)
    problems = Problems()
    problems.is_day("as_of", as_of)
    for name, one in purchases.items():
        problems.is_a("purchases", name, str, "ids of customers")
        problems.is_a(f"purchases[{name!r}]", one, Behaviour, "a Behaviour")
    problems.check("segments")
    return cast("Mapping[str, Behaviour]", purchases)


def segment(
    behaviour: Behaviour, *, as_of: dt.date, policy: SegmentsPolicy | None = None
) -> RfmVerdict:
    """Tell how one customer buys, scored by the policy's own cut points.

    The shipped policy has none, for what is much or often differs from firm to
    firm: write yours into `cuts`. Without them the answer stays open.

    Raises:
        InvalidValueError: no behaviour, or no plain day.
    """
    rules = default_policy() if policy is None else policy
    problems = Problems()
    problems.is_day("as_of", as_of)
    problems.is_a("behaviour", behaviour, Behaviour, "a Behaviour")
    problems.check("segments")
    scores = cut(bounds_of(behaviour), rules)
    return RfmEvidence(rules, as_of, None, behaviour, scores, None).verdict()


@attrs.frozen
class RfmEvidence:
    """What a segment's verdict keeps to explain itself."""

    policy: SegmentsPolicy
    as_of: dt.date
    customer_id: str | None
    behaviour: Behaviour
    scores: Scores
    customers: int | None

    @property
    def facts(self) -> Facts:
        """What is known of the customer, and its scores as far as they are."""
        return scored(self.behaviour, self.scores)

    def verdict(self) -> RfmVerdict:
        """Put the answer together."""
        told = self.facts
        possible = tuple(map(RfmSegment, self._possible(told)))
        value = possible[0] if len(possible) == 1 else None
        few = self.policy.number("few_customers")
        asked = self._missing(told) if value is None else ()
        is_ranked = self.customers is not None
        flags = (
            ("incomplete", value is not None and bool(_gaps(told))),
            ("later-purchase", self.behaviour.later > 0),
            ("few-customers", self.customers is not None and self.customers < few),
            ("others-unknown", value is None and not asked and is_ranked),
        )
        return RfmVerdict(
            value=value,
            possible=possible,
            missing=asked,
            flags=tuple(flag for flag, is_raised in flags if is_raised),
            policy=self.policy.ref,
            as_of=self.as_of,
            customer_id=self.customer_id,
            behaviour=self.behaviour,
            recency=self.scores.recency,
            frequency=self.scores.frequency,
            monetary=self.scores.monetary,
            customers=self.customers,
            evidence=self,
        )

    def _possible(self, told: Facts) -> tuple[str, ...]:
        """Return every outcome that some of the scores still possible gives."""
        return self.policy.asking.possible(told, _spans(self.scores))

    def _missing(self, told: Facts) -> tuple[Missing, ...]:
        """Ask for the customer's own figures, those behind what decides first."""
        own = _gaps(told)
        if not own:
            return ()
        behind: dict[str, str] = dict(_MEASURED)
        order = (behind.get(name, name) for name in self.policy.asking.first(told))
        return missing(FACTS, [name for name in dict.fromkeys(order) if name in own])

    def reason(self) -> Reason:
        """Say the segment, the scores, what they rest on, and what each row says."""
        told = self.facts
        table = self.policy.segments.table
        why = explain_table(table, self._pinned(told), self._possible(told))
        parts = [*_scores(told, self.scores), *why.because]
        data = (("day", self.as_of.isoformat()),)
        ranks = Reason("rfm-alone", data)
        if self.customers is not None:
            count = ("count", float(self.customers))
            name = ("customer", wording.plain(self.customer_id))
            ranks = Reason("rfm-ranked", (*data, count, name))
        return attrs.evolve(why, because=(ranks, *parts))

    def _pinned(self, told: Facts) -> Facts:
        """Return the facts with the open scores that no row minds at their low end."""
        table = self.policy.segments.table
        for name, span in zip(SCORES, _spans(self.scores), strict=True):
            if not span.is_exact:
                ends = int(span.low), int(span.high)
                marks = near(thresholds(table, name), *ends)
                told = pinned(table, told, name, marks)
        return told

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels


def _gaps(told: Facts) -> Sequence[str]:
    """Return which of the customer's own figures nobody has told us."""
    own = ("has_bought", *(name for _, name in _MEASURED))
    if told["has_bought"] is Tri.NO:
        return ()
    return [name for name in own if told[name] is None]


def _spans(scores: Scores) -> tuple[Interval, ...]:
    return scores.recency, scores.frequency, scores.monetary


def _scores(told: Facts, scores: Scores) -> tuple[Reason, ...]:
    found: list[Reason] = []
    for (name, behind), span in zip(_MEASURED, _spans(scores), strict=True):
        got = told[behind]
        rests: tuple[Reason, ...] = ()
        if isinstance(got, float):
            data = (("fact", behind), ("unit", FACTS[behind].unit), ("low", got))
            rests = (Reason("sum-known", data),)
        if span.is_exact:
            found.append(
                Reason("sum-known", (("fact", name), ("low", span.low)), rests)
            )
            continue
        ends = (("low", span.low), ("high", span.high))
        found.append(Reason("sum-open", (("fact", name), *ends), rests))
    return tuple(found)
