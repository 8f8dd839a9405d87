"""Not one number but a range: what independent deals may add up to, and how likely."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from decimal import Context, Decimal, localcontext
from typing import NamedTuple

from keyaccount.domain import FxTable, Money, Opportunity, Outcome
from keyaccount.rules import Interval

from ._amounts import Span, rounded
from ._asking import has_no_rate, has_no_value, has_unknown_stage, questions
from ._chances import Predictor
from ._ledger import Ledger, Line, Period, ledger_of
from ._policy import ForecastPolicy, rules_of
from ._probabilities import Chances
from ._range import Distribution, Quantile, Reliance
from ._steps import Stake, Steps, arranged
from ._sums import Spread


__all__ = ["distribution"]


def distribution(  # noqa: PLR0913 - what surrounds a forecast, all by name
    deals: Iterable[Opportunity],
    *,
    as_of: dt.date,
    quota: Money | None = None,
    currency: str | None = None,
    fx: FxTable | None = None,
    probabilities: Chances | Predictor | None = None,
    policy: ForecastPolicy | None = None,
    begins_on: dt.date | None = None,
    ends_on: dt.date | None = None,
) -> Distribution:
    """Tell what independent deals may add up to: P10, P50, P90, the quota's chance.

    Exact where the totals are few or the amounts share a coarse step (thousands,
    say); for very many deals of any amount, exact for amounts rounded to a step that
    keeps the mean and the standard deviation of the sum, and `error` tells how far
    that may move it. Chances are kept to one in 10^9 or better.

    Deals are taken for independent. Where one decision moves several of them (one
    buyer, one budget), the range is wider than this says.

    The arguments are those of `roll_up`.

    Raises:
        InvalidValueError: a deal twice, an amount below 0; no deal has a value and
            nobody says a currency.
        CurrencyMismatchError: several currencies and no rates: they never add.
    """
    rules = rules_of(policy)
    ledger = ledger_of(
        deals,
        as_of=as_of,
        policy=rules,
        period=Period(begins_on, ends_on),
        quota=quota,
        currency=currency,
        fx=fx,
        probabilities=probabilities,
    )
    with localcontext(Context()):
        return _spread_out(ledger, as_of, quota, rules)


class _Side(NamedTuple):
    """All that is asked of one way of filling in what is not known."""

    quantiles: tuple[Decimal, ...]
    reaches: float | None
    without: tuple[float, ...]
    won: tuple[float, ...]
    steps: Steps


def _spread_out(
    ledger: Ledger, as_of: dt.date, quota: Money | None, rules: ForecastPolicy
) -> Distribution:
    unit = ledger.currency
    is_open = [line for line in ledger.lines if line.is_open]
    won = [line for line in ledger.lines if line.outcome is Outcome.WON]
    closed = Span.total((line.worth for line in won), unit)
    valued = [line for line in is_open if line.value is not None]
    top = _largest(valued, rules)
    low = _side(valued, top, closed.low, quota, rules, is_low=True)
    high = low
    if not all(_is_settled(line) for line in valued) or closed.high != closed.low:
        highest = closed.low if closed.high is None else closed.high
        high = _side(valued, top, highest, quota, rules, is_low=False)
    bare = [line for line in is_open if line.value is None]
    is_bounded = closed.high is not None and not bare
    spare = 0.0 if closed.high is None else _none_of(bare)
    quantiles = tuple(
        Quantile(rule.id, rule.percent, _ends(least, most, unit, is_bounded=is_bounded))
        for rule, least, most in zip(
            rules.quantiles, low.quantiles, high.quantiles, strict=True
        )
    )
    mean = Span.total((closed, *(line.weighted for line in is_open)), unit)
    weights = [
        float(line.weighted.high.amount) for line in valued if line.weighted.high
    ]
    whole = math.fsum(weights)
    squares = math.fsum(weight**2 for weight in weights)
    told = {
        "unvalued": [line.id for line in bare + won if has_no_value(line)],
        "unconverted": [line.id for line in bare + won if has_no_rate(line)],
        "unknown_stage": [line.id for line in is_open if has_unknown_stage(line)],
        "undated": [line.id for line in is_open + won if not line.is_certain],
    }
    reaches = None
    if low.reaches is not None and high.reaches is not None:
        reaches = _bounds(low.reaches, high.reaches, spare)
    return Distribution(
        as_of=as_of,
        currency=unit,
        deals=len(valued),
        closed=closed,
        mean=mean,
        deviation=_deviation(valued, unit, is_bounded=is_bounded),
        quantiles=quantiles,
        quota=quota,
        reaches=reaches,
        largest=tuple(
            _reliance(line, at, whole, (low, high), spare)
            for at, line in enumerate(top)
        ),
        equal_deals=whole**2 / squares if squares else None,
        step=Money(high.steps.step, unit),
        error=Money(_up(max(low.steps.error, high.steps.error)), unit),
        unvalued=tuple(sorted(told["unvalued"])),
        unconverted=tuple(sorted(told["unconverted"])),
        unknown_stage=tuple(told["unknown_stage"]),
        undated=tuple(sorted(told["undated"])),
        outside=ledger.outside,
        not_yet=ledger.not_yet,
        flags=("independent-deals",) if len(valued) > 1 else (),
        missing=questions(told, quota),
        policy=rules.ref,
    )


def _is_settled(line: Line) -> bool:
    return line.weighted.is_exact


def _up(error: float) -> Decimal:
    """Write an error as an amount, a cent above rather than below."""
    return Decimal(math.ceil(error * 100)) / 100


def _ends(least: Decimal, most: Decimal, unit: str, *, is_bounded: bool) -> Span:
    most = max(least, most)  # two grids may disagree by a step
    return Span(Money(least, unit), Money(most, unit) if is_bounded else None)


def _largest(valued: list[Line], rules: ForecastPolicy) -> list[Line]:
    """Return the deals that weigh most, the heaviest first."""

    def weight(line: Line) -> tuple[Decimal, str]:
        most = line.weighted.high
        return (-most.amount if most is not None else Decimal(0)), line.id

    return sorted(valued, key=weight)[: rules.whole("largest")]


def _side(  # noqa: PLR0913 - all that one side depends on
    valued: list[Line],
    top: list[Line],
    closed: Money,
    quota: Money | None,
    rules: ForecastPolicy,
    *,
    is_low: bool,
) -> _Side:
    apart = {line.id for line in top}
    steps = arranged(
        [_stake(line, is_low=is_low) for line in valued if line.id not in apart],
        [_stake(line, is_low=is_low) for line in top],
        rules,
    )
    totals = steps.totals
    for bet in steps.apart:
        totals = totals.with_bet(bet)
    spread = totals.spread()
    slack = rules.real("negligible")
    quantiles = tuple(
        closed.amount + spread.quantile(rule.percent / 100, slack) * steps.step
        for rule in rules.quantiles
    )
    if quota is None:
        return _Side(quantiles, None, (), (), steps)
    needed = steps.needed((quota - closed).amount)
    without, won = [], []
    for place in range(len(top)):
        rest = _but(steps, place)
        without.append(rest.at_least(needed))
        won.append(rest.at_least(needed - steps.apart[place][0]))
    return _Side(quantiles, spread.at_least(needed), tuple(without), tuple(won), steps)


def _but(steps: Steps, place: int) -> Spread:
    """Return the totals of all deals but one of those apart."""
    totals = steps.totals
    for at, bet in enumerate(steps.apart):
        if at != place:
            totals = totals.with_bet(bet)
    return totals.spread()


def _stake(line: Line, *, is_low: bool) -> Stake:
    """Return what a deal brings, at its least or at its greatest chance."""
    chance = 0.0
    if line.chance is not None and (line.is_certain or not is_low):
        bound = line.chance.low if is_low else line.chance.high
        chance = float(line.chance.value if line.chance.value is not None else bound)
    amount = line.value.amount if line.value is not None else Decimal(0)
    return Stake(amount, chance, line.id)


def _none_of(bare: list[Line]) -> float:
    """Return the chance that none of the deals of unknown value is won."""
    return math.prod(
        1 - float(line.chance.high) for line in bare if line.chance is not None
    )


def _perhaps(reached: float, none: float) -> float:
    """Return the chance that a total, or a deal of unknown value, reaches it."""
    if none == 1:
        return reached
    return min(1 - (1 - reached) * none, 1.0)


def _bounds(low: float, high: float, none: float) -> Interval:
    """Return the chance as bounds; two grids may disagree in the last places."""
    return Interval(low, max(low, _perhaps(high, none)))


def _reliance(
    line: Line, at: int, whole: float, sides: tuple[_Side, _Side], spare: float
) -> Reliance:
    low, high = sides
    value = line.value or line.weighted.low
    most = line.weighted.high or line.weighted.low
    share = float(most.amount) / whole if whole else 0.0
    if low.reaches is None:
        return Reliance(line.id, value, share)
    without = _bounds(low.without[at], high.without[at], spare)
    won = _bounds(low.won[at], high.won[at], spare)
    return Reliance(line.id, value, share, without, won)


def _deviation(valued: list[Line], unit: str, *, is_bounded: bool) -> Span:
    """Return the standard deviation of the sum, exact for the amounts as they are."""
    least, most = [], []
    for line in valued:
        low = _stake(line, is_low=True)
        high = _stake(line, is_low=False)
        ends = [low.variance, high.variance]
        least.append(min(ends))
        is_between = low.chance <= 1 / 2 <= high.chance
        ends += [(float(low.amount) / 2) ** 2] if is_between else []
        most.append(max(ends))
    lowest, highest = (rounded(_root(part), unit) for part in (least, most))
    return Span(lowest, highest if is_bounded else None)


def _root(variances: list[float]) -> Decimal:
    return Decimal(math.isqrt(round(math.fsum(variances) * 100**2))) / 100
