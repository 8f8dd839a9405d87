"""From single purchases to what is known of how each customer buys."""

from __future__ import annotations

import datetime as dt
import decimal
import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

import attrs

from keyaccount.domain import Purchase
from keyaccount.exceptions import CurrencyMismatchError, Problems
from keyaccount.rules import Facts, Interval
from keyaccount.tri import Tri

from ._answers import is_finite
from ._facts import facts
from ._opinions import RfmMeasure
from ._policy import SegmentsPolicy, default_policy
from ._quintiles import Bounds, Scores, cut


__all__ = ["Behaviour", "behaviour_facts", "behaviours", "bounds_of", "scored"]


_EXACT = decimal.Context(prec=100)


def _decimal(value: Decimal | int | None) -> Decimal | None:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return Decimal(value) if is_whole else value  # type: ignore[arg-type,return-value]  # an int; the rest is for the check


@attrs.frozen(kw_only=True)
class Behaviour:
    """What a customer bought lately; None is what nobody has told us.

    `orders` and `spend` are of the last twelve months. Where the amounts of some
    orders are not known, `spend` is None and `least_spend` the sum of the others.
    `later` counts the purchases dated after the day of the judgement: left out.
    """

    has_bought: Tri = Tri.UNKNOWN
    recency_days: int | None = None
    orders: int | None = None
    spend: Decimal | None = attrs.field(default=None, converter=_decimal)
    least_spend: Decimal | None = attrs.field(default=None, converter=_decimal)
    later: int = 0

    def __attrs_post_init__(self) -> None:
        problems = Problems()
        problems.is_a("has_bought", self.has_bought, Tri, "a Tri")
        for name in ("recency_days", "orders", "later"):
            value: object = getattr(self, name)
            if value is None and name != "later":
                continue
            if isinstance(value, bool) or not isinstance(value, int):
                problems.add(name, "wrong-type", value, "a whole number (int)")
            elif value < 0:
                problems.add(name, "out-of-range", value, "0 or more")
            elif not is_finite(value):
                problems.add(name, "not-finite", value)
        for name in ("spend", "least_spend"):
            amount: object = getattr(self, name)
            if amount is not None and not isinstance(amount, Decimal):
                problems.add(name, "wrong-type", amount, "a Decimal")
            elif amount is not None and not is_finite(amount):
                problems.add(name, "not-finite", amount)
        problems.check("Behaviour")
        if self._is_seen and self.has_bought is Tri.NO:
            wanted = "YES, as a purchase is known"
            problems.add("has_bought", "contradiction", "NO", wanted)
        if (
            None not in {self.spend, self.least_spend}
            and self.spend != self.least_spend
        ):
            wanted = "leave it out where the spend is known"
            problems.add("least_spend", "contradiction", self.least_spend, wanted)
        problems.check("Behaviour")

    @property
    def bought(self) -> Tri:
        """Whether the customer has ever bought; a known purchase or amount tells."""
        return Tri.YES if self._is_seen else self.has_bought

    @property
    def _is_seen(self) -> bool:
        """Whether there is a purchase behind what is known; a return has one too."""
        is_paid = bool(self.spend) or (self.least_spend or 0) > 0
        return self.recency_days is not None or bool(self.orders) or is_paid


def behaviours(
    purchases: Iterable[Purchase],
    *,
    as_of: dt.date,
    policy: SegmentsPolicy | None = None,
) -> Mapping[str, Behaviour]:
    """Count what each customer has bought up to a day, by its id, in their order.

    The list is taken as whole. An order is a purchase whose amount is not negative,
    or not known; a negative amount is a return: it lowers the spend, and says that
    the customer has bought before, nobody knows when. Amounts without a currency are
    taken to stand in one: customers who pay in another belong into another list.

    Raises:
        InvalidValueError: no list of purchases, or no plain day.
        CurrencyMismatchError: amounts in two currencies do not add up or compare.
    """
    rules = default_policy() if policy is None else policy
    listed = _checked(purchases, as_of)
    by_customer: dict[str, list[Purchase]] = {}
    for one in listed:
        by_customer.setdefault(one.customer_id, []).append(one)
    days = int(rules.number("window_days"))
    return MappingProxyType(
        {
            customer: _counted(by_customer[customer], as_of, days)
            for customer in sorted(by_customer)
        }
    )


def _checked(purchases: Iterable[Purchase], as_of: dt.date) -> tuple[Purchase, ...]:
    problems = Problems()
    problems.is_day("as_of", as_of)
    wanted = "a list of Purchase"
    is_list = problems.is_a("purchases", purchases, Iterable, wanted)
    listed = tuple(purchases) if is_list else ()
    for at, one in enumerate(listed):
        problems.is_a(f"purchases[{at}]", one, Purchase, "a Purchase")
    problems.check("segments")
    named = [one.currency for one in listed if one.currency is not None]
    for currency in named:
        if currency != named[0]:
            raise CurrencyMismatchError(named[0], currency)
    return listed


def _counted(listed: Sequence[Purchase], as_of: dt.date, days: int) -> Behaviour:
    known = [one for one in listed if one.on <= as_of]
    orders = [one for one in known if one.amount is None or one.amount >= 0]
    recent = [one for one in known if (as_of - one.on).days < days]
    total = Decimal(0)
    for one in recent:
        total = _EXACT.add(total, Decimal(0) if one.amount is None else one.amount)
    is_known = all(one.amount is not None for one in recent)
    latest = max((one.on for one in orders), default=None)
    return Behaviour(
        has_bought=Tri.of(bool(known)),
        recency_days=None if latest is None else (as_of - latest).days,
        orders=sum((as_of - one.on).days < days for one in orders),
        spend=total if is_known else None,
        least_spend=None if is_known else total,
        later=len(listed) - len(known),
    )


def bounds_of(behaviour: Behaviour) -> Bounds:
    """Return between which values each measure lies; the more, the better.

    Days since the last purchase count downwards; who has never bought did so an
    endless time ago, and ordered and spent nothing.
    """
    if behaviour.bought is Tri.NO:
        ago, orders, spend = (-math.inf, -math.inf), (0.0, 0.0), (0.0, 0.0)
    else:
        days, count = behaviour.recency_days, behaviour.orders
        least = behaviour.least_spend
        ago = (-math.inf, 0.0) if days is None else (-float(days), -float(days))
        orders = (0.0, math.inf) if count is None else (float(count), float(count))
        spend = (-math.inf if least is None else float(least), math.inf)
        if behaviour.spend is not None:
            spend = float(behaviour.spend), float(behaviour.spend)
    return MappingProxyType(
        {
            RfmMeasure.RECENCY: ago,
            RfmMeasure.FREQUENCY: orders,
            RfmMeasure.MONETARY: spend,
        }
    )


def scored(behaviour: Behaviour, scores: Scores) -> Facts:
    """Bring what a customer bought and how it is scored through the door."""
    return facts(
        has_bought=behaviour.bought,
        days_since_purchase=behaviour.recency_days,
        orders_a_year=behaviour.orders,
        spend_a_year=behaviour.spend,
        recency_score=_exactly(scores.recency),
        frequency_score=_exactly(scores.frequency),
        monetary_score=_exactly(scores.monetary),
    )


def _exactly(score: Interval) -> float | None:
    return score.low if score.is_exact else None


def behaviour_facts(
    behaviour: Behaviour, *, policy: SegmentsPolicy | None = None
) -> Facts:
    """Return the facts of one customer without any other to rank it among.

    It is scored by the policy's own cut points; without them the scores are unknown.

    Raises:
        InvalidValueError: no behaviour.
    """
    rules = default_policy() if policy is None else policy
    problems = Problems()
    problems.is_a("behaviour", behaviour, Behaviour, "a Behaviour")
    problems.check("segments")
    return scored(behaviour, cut(bounds_of(behaviour), rules))
