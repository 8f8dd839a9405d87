"""What is left of a deal's profit, exactly: after the cost of capital and of the risk.

net = gross profit − funds · rate · days / 365 − exposure · PD · LGD, and the return
is net / contract value (S1-12a to S1-12c). Nothing is divided on the way to a mark:
both sides of every comparison are multiplied by the days of a year.
"""

from __future__ import annotations

import decimal
import itertools
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from keyaccount.domain import MAX_TENOR_DAYS, Opportunity

from ._facts import AMOUNTS
from ._verdict import Bounds


__all__ = [
    "Amounts",
    "Span",
    "Steps",
    "amounts_of",
    "asked_amounts",
    "costs_of",
    "net_of",
    "return_of",
    "samples",
    "span",
]


_EXACT = decimal.Context(prec=100 * 100, Emin=-100 * 100, Emax=100 * 100)
_FINE = decimal.Context(prec=100)  # for what people read
_ROUGH = decimal.Context()  # for numbers that stand for a whole stretch

_ZERO, _ONE = Decimal(0), Decimal(1)
_HUNDREDTH = _ONE.scaleb(-2, context=_EXACT)
_FINEST = _FINE.power(_HUNDREDTH, 2 + 2 + 2)
_VAST = Decimal(100) ** (2 + 2 + 1)
_FUNDING = ("funds_tied", "annual_rate", "days_tied")
_CAPS = (  # the most that a factor of a cost can be; None is no bound
    ("funds_tied", None),
    ("annual_rate", _ONE),
    ("days_tied", Decimal(MAX_TENOR_DAYS)),
    ("exposure", None),
    ("default_probability", _ONE),
    ("loss_given_default", _ONE),
)


class Steps(NamedTuple):
    """The floors of the returns, rising, and their marks: one more, for below all."""

    floors: tuple[Decimal, ...]
    marks: tuple[int, ...]
    year: Decimal


class Amounts(NamedTuple):
    """What the return is made of; None is not known."""

    contract_value: Decimal | None
    gross_profit: Decimal | None
    funds_tied: Decimal | None
    annual_rate: Decimal | None
    days_tied: Decimal | None
    exposure: Decimal | None
    default_probability: Decimal | None
    loss_given_default: Decimal | None


class Span(NamedTuple):
    """The net, times the days of a year, and the steps that the return may stand on.

    None is no bound. *first* and *last* are both included.
    """

    low: Decimal | None
    high: Decimal | None
    first: int
    last: int


def amounts_of(opportunity: Opportunity) -> Amounts:
    """Take the amounts out of an opportunity; a value of nothing tells no return."""
    worth = opportunity.worth
    value = None if opportunity.value is None else opportunity.value.amount
    profit, funds, exposure = worth.gross_profit, worth.funds_tied, worth.exposure
    return Amounts(
        value if value is not None and value > 0 else None,
        None if profit is None else profit.amount,
        None if funds is None else funds.amount,
        worth.annual_rate,
        None if worth.days is None else Decimal(worth.days),
        None if exposure is None else exposure.amount,
        worth.default_probability,
        worth.loss_given_default,
    )


def span(amounts: Amounts, steps: Steps) -> Span:
    """Reckon what the known amounts leave open; costs are never below nothing."""
    low, high = _net(amounts, steps.year)
    value = amounts.contract_value
    if value is None:
        return Span(low, high, *_by_sign(low, high, steps))
    first = last = 0
    for floor in steps.floors:
        target = _times(_times(floor, steps.year), value)
        first += low is not None and low >= target
        last += high is None or high >= target
    return Span(low, high, first, last)


def _by_sign(
    low: Decimal | None, high: Decimal | None, steps: Steps
) -> tuple[int, int]:
    """Return the steps where the contract's value is only known to be above 0.

    Then a gain may be any return above 0, and a loss any below.
    """
    upto = sum(floor <= 0 for floor in steps.floors)
    below = sum(floor < 0 for floor in steps.floors)
    first = 0 if low is None or low < 0 else upto
    if high is None or high > 0:
        return first, len(steps.floors)
    return first, below if high < 0 else upto


def _net(amounts: Amounts, year: Decimal) -> tuple[Decimal | None, Decimal | None]:
    profit = amounts.gross_profit
    if profit is None:
        return None, None
    (least, most) = _costs(amounts, year)
    gross = _times(profit, year)
    low = None if most is None else _EXACT.subtract(gross, most)
    return low, _EXACT.subtract(gross, least)


def _costs(amounts: Amounts, year: Decimal) -> tuple[Decimal, Decimal | None]:
    """Return the least and the most that capital and risk may cost, times a year."""
    least, most = _capital(amounts)
    risk_least, risk_most = _risk(amounts)
    least = _EXACT.add(least, _times(risk_least, year))
    if most is None or risk_most is None:
        return least, None
    return least, _EXACT.add(most, _times(risk_most, year))


_Factors: TypeAlias = tuple[Decimal | None, ...]
_Bounded: TypeAlias = tuple[Decimal, Decimal | None]

_CAPITAL_CAPS = tuple(cap for name, cap in _CAPS if name in _FUNDING)
_RISK_CAPS = tuple(cap for name, cap in _CAPS if name not in _FUNDING)


def _capital(amounts: Amounts) -> _Bounded:
    """Bound what the funds cost, times the days of a year."""
    factors = amounts.funds_tied, amounts.annual_rate, amounts.days_tied
    return _product(factors, _CAPITAL_CAPS)


def _risk(amounts: Amounts) -> _Bounded:
    """Bound what is lost, on average, if the customer does not pay."""
    shares = amounts.default_probability, amounts.loss_given_default
    return _product((amounts.exposure, *shares), _RISK_CAPS)


def _product(factors: _Factors, caps: _Factors) -> _Bounded:
    """Bound a product of factors from 0 up, some of which may be unknown."""
    product, is_known, is_bounded = _ONE, True, True
    for factor, cap in zip(factors, caps, strict=True):
        if factor is None:
            is_known = False
            is_bounded = is_bounded and cap is not None
            product = _times(product, cap or _ONE)
        elif not factor:
            return _ZERO, _ZERO
        else:
            product = _times(product, factor)
    if is_known:
        return product, product
    return _ZERO, product if is_bounded else None


def _times(left: Decimal, right: Decimal) -> Decimal:
    return _EXACT.multiply(left, right)


def net_of(span: Span, steps: Steps) -> Bounds:
    """Return the bounds of the net in whole hundredths, for people to read."""
    return Bounds(*(_hundredths(end, steps.year) for end in span[:2]))


def _hundredths(end: Decimal | None, year: Decimal) -> Decimal | None:
    if end is None:
        return None
    return _FINE.divide(end, year).quantize(_HUNDREDTH, context=_FINE)


def costs_of(amounts: Amounts, steps: Steps) -> tuple[Decimal, ...] | None:
    """Return profit, cost of capital and expected loss; None unless all are known."""
    (capital, most), (risk, risk_most) = _capital(amounts), _risk(amounts)
    if amounts.gross_profit is None or capital != most or risk != risk_most:
        return None
    return amounts.gross_profit, _ROUGH.divide(capital, steps.year), risk


def return_of(span: Span, amounts: Amounts, steps: Steps) -> Bounds:
    """Return the bounds of the return; of a gain or a loss at least the sign."""
    value = amounts.contract_value
    if value is None:
        is_gain = span.low is not None and span.low >= 0
        is_loss = span.high is not None and span.high <= 0
        return Bounds(_ZERO if is_gain else None, _ZERO if is_loss else None)
    whole = _times(value, steps.year)
    low, high = span[:2]
    down, up = decimal.ROUND_FLOOR, decimal.ROUND_CEILING
    if low == high:
        down = up = decimal.ROUND_HALF_EVEN
    return Bounds(_ratio(low, whole, down), _ratio(high, whole, up))


def _ratio(end: Decimal | None, whole: Decimal, rounding: str) -> Decimal | None:
    """Divide, as finely as a document can say; what no document can is no bound."""
    if end is None:
        return None
    found = _FINE.divide(end, whole)
    if abs(found) >= _VAST:
        return None
    rounded = found.quantize(_FINEST, rounding, _FINE)
    return found if found == rounded else rounded


def asked_amounts(amounts: Amounts, steps: Steps) -> Iterator[str]:
    """Yield the unknown amounts that may make a difference to the return."""
    low, high = _net(amounts, steps.year)
    for name, known in zip(AMOUNTS, amounts, strict=True):
        if known is not None:
            continue
        if name == "contract_value":
            gain = (high is None or high > 0) and any(f > 0 for f in steps.floors)
            loss = (low is None or low < 0) and any(f < 0 for f in steps.floors)
            if gain or loss:
                yield name
        elif name == "gross_profit" or _bound_of(name)(amounts) != (_ZERO, _ZERO):
            yield name


def _bound_of(name: str) -> Callable[[Amounts], _Bounded]:
    return _capital if name in _FUNDING else _risk


def samples(name: str, amounts: Amounts, steps: Steps) -> tuple[Decimal, ...]:
    """Return an answer for each stretch of an amount within which nothing changes.

    They lie between the points at which the best or the worst return that is still
    possible crosses a floor.
    """
    points = set(_crossings(name, amounts, steps))
    if name == "gross_profit":
        return _between(points, None, None)
    if name == "contract_value":
        return _between(points, _ZERO, None)
    found = _between(points, _ZERO, dict(_CAPS)[name])
    if name == "days_tied":
        found = tuple(dict.fromkeys(days.to_integral_value() for days in found))
    return found


def _crossings(name: str, amounts: Amounts, steps: Steps) -> Iterator[Decimal]:
    value, year = amounts.contract_value, steps.year
    if name == "contract_value":
        known = [end for end in _net(amounts, year) if end is not None]
        floors = [floor for floor in steps.floors if floor]
        for net, floor in itertools.product(known, floors):
            yield _ROUGH.divide(net, _times(floor, year))
        return
    targets = [_ZERO]
    if value is not None:
        targets = [_times(_times(floor, year), value) for floor in steps.floors]
    if name == "gross_profit":
        for cost, target in itertools.product(_costs(amounts, year), targets):
            if cost is not None:
                yield _ROUGH.divide(_EXACT.add(target, cost), year)
        return
    scale = _ONE if name in _FUNDING else year
    least, most = _bound_of(name)(amounts._replace(**{name: _ONE}))
    low, high = _net(amounts._replace(**{name: _ZERO}), year)
    for rate, end in ((least, high), (most, low)):
        if rate and end is not None:
            for target in targets:
                room = _EXACT.subtract(end, target)
                yield _ROUGH.divide(room, _times(rate, scale))


def _between(
    points: set[Decimal], low: Decimal | None, high: Decimal | None
) -> tuple[Decimal, ...]:
    """Return a number from each stretch that the points cut the range into."""
    inside = sorted(
        point
        for point in points
        if (low is None or point > low) and (high is None or point < high)
    )
    if not inside:
        if high is None:
            return (_ONE,)
        return (_ROUGH.divide(high, Decimal(2)),)
    first, last = inside[0], inside[-1]
    start = _ROUGH.subtract(first, max(abs(first), _ONE)) if low is None else low
    end = _ROUGH.add(last, max(abs(last), _ONE)) if high is None else high
    edges = (start, *inside, end)
    return tuple(
        _ROUGH.divide(_ROUGH.add(left, right), Decimal(2))
        for left, right in itertools.pairwise(edges)
    )
