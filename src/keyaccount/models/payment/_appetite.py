"""Whether a term is within what we accept, and where it falls short."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from types import NoneType

from keyaccount.domain import Money, StrategicDesignation, ValueTier
from keyaccount.exceptions import CurrencyMismatchError, Problems
from keyaccount.rules import Missing, Reason
from keyaccount.tri import Tri, all_of

from ._facts import SQUARE, TERM_FACTS
from ._opinions import Appetite, is_a
from ._policy import PaymentPolicy, default_policy
from ._rate import TermVerdict
from ._sums import Rating


__all__ = ["accepts", "appetite", "checked", "price_asked", "shortfalls"]


def appetite(
    customer_class: ValueTier | StrategicDesignation | str,
    *,
    policy: PaymentPolicy | None = None,
) -> Appetite:
    """Return what we accept from a class of customers, by tier or designation.

    >>> appetite("problem").min_safety
    <Safety.SAFE: 'safe'>

    Raises:
        UnknownNameError: the policy has no appetite for that class.
    """
    slug = customer_class if isinstance(customer_class, str) else customer_class.value
    return (policy or default_policy()).appetite(slug)


def checked(
    given: Appetite | ValueTier | StrategicDesignation | str,
    price: Money | None,
    policy: PaymentPolicy,
) -> Appetite:
    """Return the appetite that is meant, once it and the price are known to fit.

    Raises:
        InvalidValueError: no appetite, or a price that is none.
        CurrencyMismatchError: the price and the limit are in two currencies.
    """
    problems = Problems()
    if not is_a(given, Appetite, ValueTier, StrategicDesignation, str):
        wanted = "an Appetite, a tier or a designation"
        problems.add("appetite", "wrong-type", repr(given), wanted)
    if not is_a(price, Money, NoneType):
        wanted = 'a Money: Money.of("1200000 CNY")'
        problems.add("price", "wrong-type", repr(price), wanted)
    elif price is not None and price.amount <= 0:
        problems.add("price", "out-of-range", price, "above 0")
    problems.check("payment choice")
    wanted_at_least = (
        given if isinstance(given, Appetite) else appetite(given, policy=policy)
    )
    most = wanted_at_least.max_uncovered
    if most is not None and price is not None and most.currency != price.currency:
        remedy = "convert the limit or the price with a dated FxTable first"
        raise CurrencyMismatchError(price.currency, most.currency, remedy)
    return wanted_at_least


def accepts(verdict: TermVerdict, appetite: Appetite, price: Money | None) -> Tri:
    """Say whether a term is surely, perhaps or surely not acceptable."""
    fitting = [_fits(rating, appetite) for rating in verdict.possible]
    rating = Tri.UNKNOWN
    if all(fitting) or not any(fitting):
        rating = Tri.of(fitting[0])
    return all_of(
        (
            rating,
            _within_days(verdict, appetite),
            _within_amount(verdict, appetite, price),
        )
    )


def _fits(rating: Rating, appetite: Appetite) -> bool:
    return (
        rating.safety.rank <= appetite.min_safety.rank
        and rating.controllability.rank <= appetite.min_controllability.rank
    )


def _within_days(verdict: TermVerdict, appetite: Appetite) -> Tri:
    if appetite.max_weighted_days is None:
        return Tri.YES
    most, days = float(appetite.max_weighted_days), verdict.weighted_days
    if days.high <= most:
        return Tri.YES
    return Tri.NO if days.low > most else Tri.UNKNOWN


def _within_amount(
    verdict: TermVerdict, appetite: Appetite, price: Money | None
) -> Tri:
    most = appetite.max_uncovered
    low, high = verdict.uncovered.low, verdict.uncovered.high
    if most is None or high == 0:
        return Tri.YES
    if price is None:
        return Tri.UNKNOWN

    def is_within(share: float) -> bool:
        parts = Fraction(round(share * SQUARE), SQUARE)
        return Fraction(price.amount) * parts <= Fraction(most.amount)

    if is_within(high):
        return Tri.YES
    return Tri.UNKNOWN if is_within(low) else Tri.NO


def price_asked(
    verdict: TermVerdict, appetite: Appetite, price: Money | None
) -> tuple[Missing, ...]:
    """Ask for the price where only its lack leaves open whether a term will do."""
    if price is None and _within_amount(verdict, appetite, price) is Tri.UNKNOWN:
        return (Missing("price", TERM_FACTS["price"].question),)
    return ()


def shortfalls(
    verdict: TermVerdict, appetite: Appetite, price: Money | None
) -> Iterator[Reason]:
    """Yield a reason for everything in which a term is not surely acceptable."""
    worst = max(rating.safety.rank for rating in verdict.possible)
    if worst > appetite.min_safety.rank:
        data = (("outcome", appetite.min_safety.value), ("answers", "safety"))
        yield Reason("wanted-safety", data)
    worst = max(rating.controllability.rank for rating in verdict.possible)
    if worst > appetite.min_controllability.rank:
        slug = appetite.min_controllability.value
        yield Reason(
            "wanted-controllability",
            (("outcome", slug), ("answers", "controllability")),
        )
    days = appetite.max_weighted_days
    if days is not None and _within_days(verdict, appetite) is not Tri.YES:
        got = verdict.weighted_days.high
        yield Reason(
            "wanted-days", (("unit", "days"), ("got", got), ("needed", float(days)))
        )
    most = appetite.max_uncovered
    if most is not None and _within_amount(verdict, appetite, price) is not Tri.YES:
        share = (("unit", "share"), ("share", verdict.uncovered.high))
        yield Reason("wanted-cover", (*share, ("needed", str(most))))
