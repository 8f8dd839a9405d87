"""From the noun to the verdict: `payment.rate` and `tiering.classify`, facts included.

The functions written by hand read the same nouns, take the same numbers, and answer
with a small frozen object; they give up (None) where something is unknown, know no
flags, no policy, no reasons. They are checked to agree.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal

import attrs

import keyaccount as ka
from keyaccount.domain import CoverKind, CoverQuality, Timing, TitleControl

from .report import Held, Table, held, ways
from .timing import Figure, compare, way


__all__ = ["customers", "measure"]


AS_OF = dt.date(2026, 1, 31)


@attrs.frozen
class Rated:
    """A term's rating, by hand."""

    safety: str
    controllability: str
    prepaid: float
    unsafe: float
    uncontrolled: float
    weighted_days: float


_QUALITIES = {
    CoverKind(rule.id): rule.quality for rule in ka.payment.default_policy().covers
}
_BANKS = frozenset({CoverQuality.PRIME, CoverQuality.STRONG})
_OTHERS = frozenset({*_BANKS, CoverQuality.MODERATE, CoverQuality.WEAK})


def rate_by_hand(  # noqa: C901, PLR0912 - as one would write it
    term: ka.PaymentTerm,
) -> Rated | None:
    """Rate a term as DOMAIN 4.4 says, in plain code."""
    prepaid = Decimal(0)
    for tranche in term.tranches:
        if tranche.timing is Timing.PRE:
            prepaid += tranche.share
    unsafe = fairly = loose = held_back = days = Decimal(0)
    for tranche in term.tranches:
        if tranche.timing is Timing.PRE:
            continue
        cover, tenor, share = tranche.cover, tranche.tenor_days, tranche.share
        if tranche.timing is None or tranche.title is None or tenor is None:
            return None
        if cover is None or cover.ratio is None or cover.recourse is ka.Tri.UNKNOWN:
            return None
        days += share * tenor
        holds = tranche.timing is Timing.DOC and tranche.title is not TitleControl.NONE
        deposit = holds and prepaid >= Decimal("0.30")
        quality = cover.quality or _QUALITIES[cover.kind]
        ratio = cover.ratio
        if quality is CoverQuality.NONE or cover.recourse is ka.Tri.YES:
            ratio = Decimal(0)
        over, under = share * ratio, share * (1 - ratio)
        if over:
            prime = quality is CoverQuality.PRIME and tenor <= 180
            if not (prime or (quality is CoverQuality.STRONG and tenor == 0)):
                third = quality is CoverQuality.MODERATE and tenor <= 180
                if quality in _BANKS or third or deposit:
                    fairly += over
                else:
                    unsafe += over
            if quality in _OTHERS or holds:
                held_back += over
            else:
                loose += over
        if under:
            if deposit:
                fairly += under
            else:
                unsafe += under
            if holds:
                held_back += under
            else:
                loose += under
    most = Decimal("0.10")
    safety = "unsafe" if unsafe > most else "fairly-safe" if unsafe + fairly else "safe"
    control = "controllable"
    if loose > most:
        control = "uncontrollable"
    elif loose + held_back:
        control = "conditionally-controllable"
    return Rated(
        safety, control, float(prepaid), float(unsafe), float(loose), float(days)
    )


@attrs.frozen
class Placed:
    """A customer's place on the ladder, by hand."""

    rung: str
    effective: str
    score: float


def _mark(fact: float, low: float, slope: float) -> float:
    mark = (fact - low) * slope
    return 0.0 if mark <= 0.0 else 100.0 if mark >= 100.0 else mark


_BY_GOLD = 100.0 / 5e7
_BY_MARGIN = 100.0 / 0.4
_BY_GROWTH = 100.0 / (1.3 - 0.8)
_BY_COLLECTED = 100.0 / (1.0 - 0.8)


def classify_by_hand(
    customer: ka.Customer,
    as_of: dt.date,
    receivables: ka.Receivables,
    standing: ka.Standing,
) -> Placed | None:
    """Classify a customer as DOMAIN 3.4 and 3.5 say, in plain code."""
    full = [y for y in customer.years if y.ends_on <= as_of and y.months == 12]
    if len(full) < 2 or customer.influence is None:
        return None
    before, latest = full[-2], full[-1]
    if latest.ends_on.year - before.ends_on.year != 1:
        return None
    sales, profit, due = latest.sales, latest.gross_profit, latest.due
    if sales is None or profit is None or due is None or before.sales is None:
        return None
    if latest.collected is None or latest.on_time is None or receivables.total is None:
        return None
    if receivables.overdue_90 is None or sales <= 0 or before.sales <= 0 or due <= 0:
        return None
    if standing.reputation_harm is ka.Tri.UNKNOWN or standing.dispute is ka.Tri.UNKNOWN:
        return None
    amount, past = float(sales), float(before.sales)
    growth, margin = amount / past, float(profit) / amount
    collected = float(latest.collected) / float(due)
    on_time = float(latest.on_time) / float(due)
    overdue = float(receivables.overdue_90) / float(receivables.total)
    fold = 30.0 * _mark(amount, 0.0, _BY_GOLD)
    fold += 20.0 * _mark(margin, 0.0, _BY_MARGIN)
    fold += 15.0 * _mark(growth, 0.8, _BY_GROWTH)
    fold += 15.0 * _mark(float(customer.influence), 0.0, 1.0)
    fold += 10.0 * _mark(collected, 0.8, _BY_COLLECTED)
    fold += 10.0 * _mark(on_time, 0.5, 200.0)
    lowest = min(amount, past)
    if lowest >= 1e8:
        rung = "diamond"
    elif lowest >= 5e7:
        rung = "gold"
    elif amount >= 1e7 and fold >= 6000.0:
        rung = "strategic"
    elif amount >= 1e6 and growth >= 1.2:
        rung = "potential"
    else:
        rung = "general"
    is_problem = (
        collected < 0.8
        or on_time < 0.5
        or margin < 0
        or overdue > 0.2
        or standing.reputation_harm is ka.Tri.YES
        or standing.dispute is ka.Tri.YES
    )
    return Placed(rung, "problem" if is_problem else rung, fold * 0.01)


def customers(count: int, *, years: int = 3) -> Iterator[ka.Customer]:
    """Draw customers with all five amounts in every year."""
    dice = random.Random(2026)
    for at in range(count):
        sales = 10 ** dice.uniform(5.5, 8.4)
        found = []
        for year in range(2026 - years, 2026):
            sales *= dice.uniform(0.8, 1.4)
            amount = Decimal(round(sales * 100)).scaleb(-2)
            due = _part(amount, dice.uniform(0.9, 1.0))
            collected = _part(due, dice.uniform(0.75, 1.0))
            found.append(
                ka.YearMetrics(
                    year,
                    sales=amount,
                    gross_profit=_part(amount, dice.uniform(0.02, 0.45)),
                    due=due,
                    collected=collected,
                    on_time=_part(collected, dice.uniform(0.6, 1.0)),
                )
            )
        yield ka.Customer(
            f"c{at}",
            f"Customer {at}",
            "USD",
            industry="logistics",
            years=found,
            influence=dice.randrange(101),
        )


def _part(amount: Decimal, share: float) -> Decimal:
    return (amount * Decimal(round(share * 1000))).scaleb(-3).quantize(Decimal("0.01"))


_RATE = {
    "hand": "a function written by hand: rating and sums, no flags, no reasons",
    "rate": "`payment.rate(term)`",
    "name": "`payment.rate(name)`",
    "why": "`payment.rate(term).why`",
}
_CLASSIFY = {
    "hand": "a function written by hand: rung, tier and score, no flags, no reasons",
    "classify": "`tiering.classify(customer, …)`, everything known",
    "open": "`tiering.classify(customer)`, three facts unknown: bounds, questions",
    "why": "`tiering.classify(customer, …).why`",
}


def measure(rounds: int) -> list[Table]:
    """Time both verbs against plain code."""
    rated, placed = _rate(rounds), _classify(rounds)
    found = [
        Held("", "`payment.rate`, × by hand", *_shown(rated["rate"]), None, 5.0),
        Held(
            "", "`tiering.classify`, × by hand", *_shown(placed["classify"]), None, 5.0
        ),
    ]
    return [
        held("The model call, from the noun to the verdict", found),
        ways("The 35 terms of the catalogue", _RATE, rated),
        ways("Customers with three years and all five amounts", _CLASSIFY, placed),
    ]


def _shown(figure: Figure) -> tuple[float, str]:
    return figure.ratio, figure.spread


def _rate(rounds: int) -> dict[str, Figure]:
    named = [one for one in ka.payment.catalogue() if one.customised is ka.Tri.NO]
    terms = [one.term for one in named]
    for term in terms:
        verdict, plain = ka.payment.rate(term), rate_by_hand(term)
        assert plain is not None
        assert verdict.value is not None
        assert verdict.value.safety.value == plain.safety
        assert verdict.value.controllability.value == plain.controllability
        assert verdict.unsafe.low == plain.unsafe
        assert verdict.weighted_days.low == plain.weighted_days
    return compare(
        {
            "hand": way(rate_by_hand, terms),
            "rate": way(ka.payment.rate, terms),
            "name": way(ka.payment.rate, [one.id for one in named]),
            "why": way(lambda term: ka.payment.rate(term).why, terms),
        },
        yardstick="hand",
        rounds=rounds,
    )


def _classify(rounds: int) -> dict[str, Figure]:
    drawn = list(customers(256))
    owing = ka.Receivables(AS_OF, Decimal(1000), Decimal(50))
    standing = ka.Standing(reputation_harm=ka.Tri.NO, dispute=ka.Tri.NO)

    def classify(customer: ka.Customer) -> ka.tiering.TierVerdict:
        return ka.tiering.classify(
            customer, as_of=AS_OF, receivables=owing, standing=standing
        )

    def by_hand(customer: ka.Customer) -> Placed | None:
        return classify_by_hand(customer, AS_OF, owing, standing)

    for customer in drawn:
        verdict, plain = classify(customer), by_hand(customer)
        assert plain is not None
        assert verdict.value is not None
        assert (verdict.value.value, verdict.effective.value, verdict.score.low) == (
            plain.rung,
            plain.effective,
            plain.score,
        )
    return compare(
        {
            "hand": way(by_hand, drawn),
            "classify": way(classify, drawn),
            "open": way(lambda one: ka.tiering.classify(one, as_of=AS_OF), drawn[:64]),
            "why": way(lambda one: classify(one).why, drawn[:32]),
        },
        yardstick="hand",
        rounds=rounds,
    )
