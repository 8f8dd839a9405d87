"""What a contract is worth over its life, in closed form (2.1, S3-1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import attrs

from keyaccount import wire
from keyaccount.domain import Contract, Money
from keyaccount.exceptions import CurrencyMismatchError, Problems
from keyaccount.rules import Missing, Reason, Verdict, missing

from ._amounts import AmountRange, bound_of, money_of
from ._facts import FACTS
from ._policy import (
    Assumption,
    FirstMargin,
    LifetimePolicy,
    check_share,
    check_years,
    default_policy,
)
from ._why import Datum, assumed, ranged, referred, written


__all__ = ["LifetimeVerdict", "value"]


@attrs.frozen(repr=False)
class LifetimeVerdict(wire.Plain, Verdict[Money]):
    """What a contract is worth; `own` is its own value, as far as it is known.

    `referral` is what the customer's influence brings: kept apart, never added.
    `assumptions` are what the figure takes for granted, `years` how far it looks;
    None is without end. While the value is open `own` says between what it lies;
    an end without a bound is None.
    """

    own: AmountRange
    referral: Money | None
    assumptions: tuple[Assumption, ...]
    first_margin: FirstMargin
    discount: Decimal
    years: int | None

    def _extras(self) -> tuple[str, ...]:
        return (str(self.own),) if self.value is None else ()


def value(  # noqa: PLR0913 - what the figure hangs on, each by name
    contract: Contract,
    *,
    as_of: dt.date,
    discount: Decimal | None = None,
    years: int | None = None,
    referral: Money | None = None,
    policy: LifetimePolicy | None = None,
) -> LifetimeVerdict:
    """Say what a contract's margins are worth today.

    With m the yearly margin, r the retention, d the discount rate and
    q = r ÷ (1 + d), the value is m·q ÷ (1 − q), which is m·r ÷ (1 + d − r), where
    the first margin comes in a year if the customer is kept until then; and
    m ÷ (1 − q), which is m·(1 + d) ÷ (1 + d − r), where it comes now. Over n years
    either is multiplied by 1 − qⁿ. Computed exactly, rounded once.

    A margin that is not known leaves the value unknown; a retention that is not
    known leaves it between that of leaving at once and that of staying for ever. A
    customer that never leaves, nothing being discounted, has no value without a
    horizon: the answer stays open and says so.

    Args:
        contract: the yearly margin and the retention, as far as they are known.
        as_of: the day of the judgement.
        discount: what money costs a year, as a fraction; the policy's otherwise.
        years: count so many years only; without end otherwise.
        referral: what its influence brings, in the contract's currency.
        policy: your own; the shipped one otherwise.

    Raises:
        InvalidValueError: arguments of another kind, or a value that is too large
            to be written.
        CurrencyMismatchError: the referral is in another currency.
    """
    rules = default_policy() if policy is None else policy
    problems = Problems()
    problems.is_day("as_of", as_of)
    problems.is_a("contract", contract, Contract, "a Contract")
    check_referral(problems, referral)
    if discount is not None:
        check_share(problems, "discount", discount)
    if years is not None:
        check_years(problems, "years", years)
    problems.check("lifetime")
    if referral is not None and referral.currency != contract.currency:
        raise CurrencyMismatchError(referral.currency, contract.currency)
    rate = rules.number("discount") if discount is None else discount
    terms = Terms(rate, None if years is None else int(years), rules.first_margin)
    return LifetimeEvidence(contract, terms, referral, rules, as_of).verdict()


def check_referral(problems: Problems, referral: object) -> None:
    """Check what is said of a customer's influence."""
    if referral is not None:
        problems.is_a("referral", referral, Money, 'Money, as Money.of("5 CNY")')


class Terms(NamedTuple):
    """What money costs, how far one looks, when the first margin comes."""

    discount: Decimal
    years: int | None
    first: FirstMargin

    def factor(self, retention: Fraction) -> Fraction | None:
        """Return what a yearly margin of 1 is worth; None is without bound."""
        kept = retention / (1 + Fraction(self.discount))
        if kept == 1:  # nobody leaves, and nothing is discounted
            return None if self.years is None else Fraction(self.years)
        first = Fraction(1) if self.first is FirstMargin.NOW else kept
        end = Fraction(0) if self.years is None else kept**self.years
        return first * (1 - end) / (1 - kept)

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What is taken for granted."""
        is_now = self.first is FirstMargin.NOW
        return (
            Assumption.CONSTANT_MARGIN,
            Assumption.CONSTANT_RETENTION,
            Assumption.YEARLY,
            Assumption.FIRST_NOW if is_now else Assumption.FIRST_IN_A_YEAR,
            Assumption.WITHOUT_END if self.years is None else Assumption.TO_HORIZON,
        )


@attrs.frozen
class LifetimeEvidence:
    """What a contract's verdict keeps to explain itself."""

    contract: Contract
    terms: Terms
    referral: Money | None
    policy: LifetimePolicy
    as_of: dt.date

    def verdict(self) -> LifetimeVerdict:
        """Put the answer together."""
        own = self._own()
        exact = own.exact
        return LifetimeVerdict(
            value=exact,
            possible=() if exact is None else (exact,),
            missing=() if exact is not None else self._missing(),
            flags=self._flags(),
            policy=self.policy.ref,
            as_of=self.as_of,
            own=own,
            referral=self.referral,
            assumptions=self.terms.assumptions,
            first_margin=self.terms.first,
            discount=self.terms.discount,
            years=self.terms.years,
            evidence=self,
        )

    def _factors(self) -> tuple[Fraction | None, Fraction | None]:
        """Return what a margin of 1 is worth, at the least and at the most."""
        if self.contract.retention is None:
            return self.terms.factor(Fraction(0)), self.terms.factor(Fraction(1))
        exactly = self.terms.factor(Fraction(self.contract.retention))
        return exactly, exactly

    def _own(self) -> AmountRange:
        low, high = self._factors()
        currency = self.contract.currency
        if self.contract.margin is None:
            if low == high == 0:  # nobody stays, whatever it would bring
                nothing = money_of(Fraction(0), currency)
                return AmountRange(nothing, nothing)
            return AmountRange()
        margin = Fraction(self.contract.margin)
        ends = [
            Fraction(0) if margin == 0 else None if factor is None else factor * margin
            for factor in (low, high)
        ]
        if margin < 0:
            ends.reverse()
        if ends[0] is not None and ends[0] == ends[1]:
            exactly = money_of(ends[0], currency)
            return AmountRange(exactly, exactly)
        return AmountRange(bound_of(ends[0], currency), bound_of(ends[1], currency))

    def _missing(self) -> tuple[Missing, ...]:
        given = (self.contract.margin, self.contract.retention)
        names = zip(FACTS.names, given, strict=True)
        return missing(FACTS, [name for name, known in names if known is None])

    def _is_endless(self) -> bool:
        return self._factors() == (None, None) and self.contract.margin != 0

    def _flags(self) -> tuple[str, ...]:
        margin = self.contract.margin
        flags = (
            ("never-ends", self._is_endless()),
            ("negative-margin", margin is not None and margin < 0),
        )
        return tuple(flag for flag, is_raised in flags if is_raised)

    def reason(self) -> Reason:
        """Say the value, its formula with the figures, and all that it assumes."""
        parts = (
            self._formula(),
            *(assumed(assumption) for assumption in self.terms.assumptions),
            *referred(self.referral),
        )
        if self._is_endless():
            return Reason("lifetime-endless", (), parts[1:])
        return ranged(self._own(), parts)

    def _formula(self) -> Reason:
        contract, terms = self.contract, self.terms
        data: list[Datum] = [("unit", "share"), ("discount", float(terms.discount))]
        if contract.margin is not None:
            data.append(("margin", written(contract.margin)))
        if contract.retention is not None:
            data.append(("retention", float(contract.retention)))
        shape = terms.first.value
        if terms.years is not None:
            data.append(("years", str(terms.years)))
            if contract.retention == 1 and terms.discount == 0:
                return Reason("lifetime-formula-every-year", tuple(data))
            return Reason(f"lifetime-formula-{shape}-for-years", tuple(data))
        return Reason(f"lifetime-formula-{shape}", tuple(data))

    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the policy's own labels."""
        return self.policy.own_labels
