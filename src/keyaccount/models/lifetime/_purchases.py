"""What a customer is worth whose purchases are counted, but who has no contract."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

import attrs

from keyaccount import wire
from keyaccount.domain import Money, PurchaseHistory
from keyaccount.exceptions import CurrencyMismatchError, Problems
from keyaccount.rules import Missing, Reason, Verdict, missing

from ._amounts import AmountRange, bound_of, money_of
from ._facts import PURCHASE_FACTS
from ._fits import PurchaseFit, SpendFit
from ._policy import (
    Assumption,
    LifetimePolicy,
    check_share,
    check_years,
    default_policy,
)
from ._value import check_referral
from ._why import Datum, assumed, ranged, referred


__all__ = ["PurchaseVerdict", "purchase_value"]


Ends: TypeAlias = tuple[Fraction | None, Fraction | None]

_ASSUMPTIONS = (
    Assumption.STEADY_BUYING,
    Assumption.LEAVES_FOR_GOOD,
    Assumption.SPEND_APART,
    Assumption.CONSTANT_SHARE,
    Assumption.END_OF_PERIOD,
    Assumption.TO_HORIZON,
)


@attrs.frozen(repr=False)
class PurchaseVerdict(wire.Plain, Verdict[Money]):
    """What a customer is worth by its purchases; `own` is its own value.

    `alive` is the chance that it is still a customer, `expected` how many purchases
    it is expected to make over `years`, `average` what it is expected to pay for one.
    `referral` is what its influence brings: kept apart, never added.
    """

    own: AmountRange
    referral: Money | None
    alive: float
    expected: float
    average: AmountRange
    assumptions: tuple[Assumption, ...]
    discount: Decimal
    years: int

    def _extras(self) -> tuple[str, ...]:
        shown = () if self.value is not None else (str(self.own),)
        return (*shown, f"alive {self.alive:.0%}", f"{self.expected:.2f} purchases")


def purchase_value(  # noqa: PLR0913 - what the figure hangs on, each by name
    history: PurchaseHistory,
    fit: PurchaseFit,
    spend: SpendFit,
    *,
    as_of: dt.date,
    margin: Decimal | None = None,
    discount: Decimal | None = None,
    years: int | None = None,
    referral: Money | None = None,
    policy: LifetimePolicy | None = None,
) -> PurchaseVerdict:
    """Say what a customer's purchases to come are worth today, in gross profit.

    The purchases expected in every period, times what it is expected to pay for one,
    times the share that is gross profit, discounted from the period's end. It is an
    expectation over many customers alike: few will bring just that.

    Where the share is not known, the value is at most what is bought; where the
    average of its repeats is not known, it is at least what a customer brings who
    paid nothing so far.

    Args:
        history: its purchases until the day, as `histories` counts them.
        fit: how often customers like it buy, from `keyaccount.predict`.
        spend: what they pay, from `keyaccount.predict`.
        as_of: the day of the judgement: the last of the history.
        margin: the share of its purchases that is gross profit; at most 1.
        discount: what money costs a year, as a fraction; the policy's otherwise.
        years: how far ahead; the policy's otherwise.
        referral: what its influence brings, in the same currency.
        policy: your own; the shipped one otherwise.

    Raises:
        InvalidValueError: arguments of another kind, or no currency anywhere.
        CurrencyMismatchError: two currencies meet.
    """
    rules = default_policy() if policy is None else policy
    problems = Problems()
    problems.is_day("as_of", as_of)
    problems.is_a("history", history, PurchaseHistory, "a PurchaseHistory")
    problems.is_a("fit", fit, PurchaseFit, "a PurchaseFit")
    problems.is_a("spend", spend, SpendFit, "a SpendFit")
    check_referral(problems, referral)
    if discount is not None:
        check_share(problems, "discount", discount)
    if years is not None:
        check_years(problems, "years", years)
    if margin is not None:
        _check_margin(problems, margin)
    problems.check("lifetime")
    ahead = rules.whole("purchase_years") if years is None else int(years)
    rate = rules.number("discount") if discount is None else discount
    currency = _currency(history, spend, referral)
    horizon = Horizon(rate, ahead, rules.whole("periods_a_year"))
    outlook = horizon.outlook(history, fit)
    return PurchaseEvidence(
        history, fit, spend, margin, currency, outlook, referral, rules, as_of
    ).verdict()


def _check_margin(problems: Problems, margin: object) -> None:
    """Check the share that is gross profit; it may be negative, never above 1."""
    if not isinstance(margin, Decimal):
        wanted = 'a Decimal, such as Decimal("0.30")'
        problems.add("margin", "wrong-type", margin, wanted)
    elif margin.is_finite() and margin > 1:
        problems.add("margin", "out-of-range", margin, "at most 1")
    else:
        check_share(problems, "margin", margin.copy_abs())


def _currency(history: PurchaseHistory, spend: SpendFit, referral: Money | None) -> str:
    """Return the one currency of an answer."""
    told = None if referral is None else referral.currency
    stated = (spend.currency, history.currency, told)
    found = [currency for currency in stated if currency is not None]
    for other in found:
        if other != found[0]:
            raise CurrencyMismatchError(found[0], other)
    problems = Problems()
    if not found:
        wanted = "a currency of the history or of the spend"
        problems.add("currency", "missing", expected=wanted)
    problems.check("lifetime")
    return found[0]


@attrs.frozen
class Outlook:
    """What to expect of a customer: in units of purchases, and how far ahead."""

    discount: Decimal
    years: int
    furthest: float
    alive: float
    expected: float
    discounted: float


@attrs.frozen
class Horizon:
    """What money costs, how many years one looks ahead, and in how many steps."""

    discount: Decimal
    years: int
    periods_a_year: int

    def outlook(self, history: PurchaseHistory, fit: PurchaseFit) -> Outlook:
        """Return how many purchases a customer makes, and what they count for now."""
        ends = self._ends(fit.unit.in_a_year)
        expected = fit.expected_by(history, ends)
        return Outlook(
            self.discount,
            self.years,
            ends[-1],
            fit.alive(history),
            expected[-1],
            self._discounted(expected),
        )

    def _ends(self, in_a_year: Fraction) -> tuple[float, ...]:
        """Return where every period ends, in units of which a year has so many."""
        count = self.years * self.periods_a_year
        period = in_a_year / self.periods_a_year
        return tuple(float(at * period) for at in range(1, count + 1))

    def _discounted(self, expected: tuple[float, ...]) -> float:
        """Add up what every period brings, discounted from its end."""
        yearly = math.log1p(float(self.discount))
        made = (
            later - sooner for sooner, later in itertools.pairwise((0.0, *expected))
        )
        return math.fsum(
            part * math.exp(-yearly * at / self.periods_a_year)
            for at, part in enumerate(made, 1)
        )


@attrs.frozen
class PurchaseEvidence:
    """What a verdict on purchases keeps to explain itself."""

    history: PurchaseHistory
    fit: PurchaseFit
    spend: SpendFit
    margin: Decimal | None
    currency: str
    outlook: Outlook
    referral: Money | None
    policy: LifetimePolicy
    as_of: dt.date

    def verdict(self) -> PurchaseVerdict:
        """Put the answer together."""
        outlook, average = self.outlook, self._average()
        own = self._own(Fraction(outlook.discounted), average)
        exact = own.exact
        return PurchaseVerdict(
            value=exact,
            possible=() if exact is None else (exact,),
            missing=() if exact is not None else self._missing(),
            flags=self._flags(),
            policy=self.policy.ref,
            as_of=self.as_of,
            own=own,
            referral=self.referral,
            alive=outlook.alive,
            expected=outlook.expected,
            average=self._ranged(average),
            assumptions=_ASSUMPTIONS,
            discount=outlook.discount,
            years=outlook.years,
            evidence=self,
        )

    def _average(self) -> Ends:
        """Return what one purchase is expected to bring, at least and at most."""
        paid, repeats = self.history.average_amount, self.history.repeats
        low = Fraction(self.spend.mean(repeats, float(paid or 0)))
        return low, None if self._lacks_average() else low

    def _lacks_average(self) -> bool:
        return self.history.repeats > 0 and self.history.average_amount is None

    def _own(self, purchases: Fraction, average: Ends) -> AmountRange:
        bought = tuple(None if end is None else purchases * end for end in average)
        if self.margin is None:
            return self._ranged((None, bought[1]))
        share = Fraction(self.margin)
        ends = [
            Fraction(0) if share == 0 else None if end is None else end * share
            for end in bought
        ]
        if share < 0:
            ends.reverse()
        return self._ranged((ends[0], ends[1]))

    def _ranged(self, ends: Ends) -> AmountRange:
        low, high = ends
        if low is not None and low == high:
            exactly = money_of(low, self.currency)
            return AmountRange(exactly, exactly)
        return AmountRange(bound_of(low, self.currency), bound_of(high, self.currency))

    def _missing(self) -> tuple[Missing, ...]:
        names = ["average_amount"] if self._lacks_average() else []
        names += ["margin_share"] if self.margin is None else []
        return missing(PURCHASE_FACTS, names)

    def _flags(self) -> tuple[str, ...]:
        found = self.spend.correlation
        most = float(self.policy.number("most_correlation"))
        flags = (
            ("spend-follows-frequency", found is not None and abs(found) > most),
            ("beyond-observation", self.outlook.furthest > self.fit.longest),
            ("negative-margin", self.margin is not None and self.margin < 0),
        )
        return tuple(flag for flag, is_raised in flags if is_raised)

    def reason(self) -> Reason:
        """Say the value, how often and how much it will buy, and what is assumed."""
        told = self.verdict()
        ahead: tuple[Datum, ...] = (
            ("expected", told.expected),
            ("years", str(told.years)),
        )
        share: tuple[Datum, ...] = (("unit", "share"),)
        return ranged(
            told.own,
            (
                Reason("lifetime-alive", (*share, ("chance", told.alive))),
                Reason("lifetime-expected", ahead),
                Reason("lifetime-average", (("average", str(told.average)),)),
                self._margin(),
                Reason("lifetime-discount", (*share, ("rate", float(told.discount)))),
                *(assumed(assumption) for assumption in told.assumptions),
                *referred(self.referral),
            ),
        )

    def _margin(self) -> Reason:
        if self.margin is None:
            return Reason("lifetime-margin-open")
        data = (("unit", "share"), ("margin", float(self.margin)))
        return Reason("lifetime-margin", data)

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels
