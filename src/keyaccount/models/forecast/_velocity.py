"""How much money a pipeline turns out a day, and how long a deal takes (S2-13)."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Iterable, Mapping, Sequence
from decimal import Context, Decimal, localcontext
from types import MappingProxyType
from typing import NamedTuple

import attrs

from keyaccount import wire
from keyaccount.domain import FxTable, Money, Opportunity, Outcome
from keyaccount.exceptions import Problems
from keyaccount.rules import Missing, Reason

from ._amounts import amount_text, converted, currency_of, rounded
from ._policy import ForecastPolicy, rules_of
from ._state import check_money, checked_deals, state_of
from ._telling import Datum, Telling


__all__ = ["CycleDays", "Velocity", "cycle_days", "velocity"]


@attrs.frozen
class CycleDays:
    """Days from opening to winning: mean, median, of how many deals; None of none.

    `undated` were won, but nobody noted when they began or ended.
    """

    mean: float | None
    median: float | None
    deals: int
    undated: tuple[str, ...] = ()


@attrs.frozen(repr=False)
class Velocity(wire.Plain, Telling):
    """Deals × win rate × deal size ÷ cycle days: money a day (2.3).

    `per_day` is None while one of the four is not known; `missing` asks for it.
    `measured` names those that were taken from the deals, `sample` says from how
    many that had ended.
    """

    per_day: Money | None
    deals: int | None
    win_rate: Decimal | None
    size: Money | None
    cycle_days: Decimal | None
    measured: tuple[str, ...] = ()
    sample: int | None = None
    flags: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    as_of: dt.date | None = None

    def reason(self) -> Reason:
        """Say the money a day, and what it is made of."""
        if (
            self.per_day is None
            or self.win_rate is None
            or self.size is None
            or self.cycle_days is None
        ):
            return Reason("velocity-open")
        data: tuple[Datum, ...] = (
            ("amount", amount_text(self.per_day)),
            ("deals", str(self.deals)),
            ("unit", "share"),
            ("rate", float(self.win_rate)),
            ("size", amount_text(self.size)),
            ("days", f"{self.cycle_days.normalize():f}"),
        )
        return Reason("velocity", data)

    def __repr__(self) -> str:
        per_day = "open" if self.per_day is None else amount_text(self.per_day)
        return f"<Velocity {per_day} a day>"


def cycle_days(deals: Iterable[Opportunity], *, as_of: dt.date) -> CycleDays:
    """Count the days from the opening of a deal to the day on which it was won.

    A deal begins on `opened_on`, or with its first event. Lost deals take no part:
    how fast one loses says nothing of how long winning takes.

    Raises:
        InvalidValueError: a deal twice, no plain day.
    """
    return _cycles(checked_deals(deals, as_of), as_of)


def _cycles(deals: Sequence[Opportunity], as_of: dt.date) -> CycleDays:
    lengths: list[int] = []
    undated: list[str] = []
    for deal in deals:
        if state_of(deal, as_of).outcome is not Outcome.WON:
            continue
        first = deal.opened_on
        if first is None and deal.history:
            first = deal.history[0].at
        if first is None or deal.closed_on is None or deal.closed_on < first:
            undated.append(deal.id)
        else:
            lengths.append((deal.closed_on - first).days)
    if not lengths:
        return CycleDays(None, None, 0, tuple(undated))
    mean, median = statistics.fmean(lengths), float(statistics.median(lengths))
    return CycleDays(mean, median, len(lengths), tuple(undated))


class _Measured(NamedTuple):
    """What the deals themselves say."""

    deals: int
    win_rate: Decimal | None
    size: Money | None
    cycle_days: Decimal | None
    sample: int


def velocity(  # noqa: PLR0913 - four figures and what else they may come from
    deals: Iterable[Opportunity] = (),
    *,
    as_of: dt.date,
    count: int | None = None,
    win_rate: Decimal | float | None = None,
    size: Money | None = None,
    cycle_days: Decimal | float | None = None,
    currency: str | None = None,
    fx: FxTable | None = None,
    policy: ForecastPolicy | None = None,
) -> Velocity:
    """Work the money out that the pipeline turns out a day (S2-13).

    What is not given is measured on the deals: the open ones are counted; the win
    rate is won ÷ (won + lost), the size the mean value of those won, the cycle the
    mean days to win. What cannot be measured stays open.

    Args:
        deals: open and ended ones; none are needed where all four are given.
        as_of: the day; what happened after it is not known yet.
        count: how many open deals.
        win_rate: the share that is won, a fraction.
        size: the mean value of a deal.
        cycle_days: the mean days from opening to winning.
        currency: what to add up in, where the deals are in several.
        fx: dated rates.
        policy: your own; the shipped one otherwise.

    Raises:
        InvalidValueError: a figure below 0, a rate above 1, no days at all.
        CurrencyMismatchError: several currencies and no rates.

    >>> found = velocity(
    ...     as_of=dt.date(2026, 3, 31), count=4, win_rate=Decimal("0.25"),
    ...     size=Money.of("550000 CNY"), cycle_days=90,
    ... )
    >>> str(found.per_day)
    '6111.11 CNY'
    """
    rules = rules_of(policy)
    _check_kinds(count, win_rate, size, cycle_days)
    rate, days = _number(win_rate), _number(cycle_days)
    _check(count, rate, size, days)
    given = checked_deals(deals, as_of)
    with localcontext(Context()):
        seen = _measure(given, as_of, size, currency, fx)
        found = {
            "count": seen.deals if count is None and given else count,
            "win_rate": seen.win_rate if rate is None else rate,
            "size": seen.size if size is None else size,
            "cycle_days": seen.cycle_days if days is None else days,
        }
        told = {"count": count, "win_rate": rate, "size": size, "cycle_days": days}
        measured = tuple(
            name
            for name, value in found.items()
            if value is not None and told[name] is None
        )
        return _worked_out(found, measured, seen.sample, as_of, rules)


def _worked_out(
    found: dict[str, int | Decimal | Money | None],
    measured: tuple[str, ...],
    sample: int,
    as_of: dt.date,
    rules: ForecastPolicy,
) -> Velocity:
    count, rate, size, days = found.values()
    per_day = None
    if (
        isinstance(count, int)
        and isinstance(rate, Decimal)
        and isinstance(size, Money)
        and isinstance(days, Decimal)
    ):
        per_day = rounded(count * rate * size.amount / days, size.currency)
    missing = [name for name, value in found.items() if value is None]
    rests_on_few = "win_rate" in measured and sample < rules.whole("enough_closed")
    return Velocity(
        per_day,
        count if isinstance(count, int) else None,
        rate if isinstance(rate, Decimal) else None,
        size if isinstance(size, Money) else None,
        days if isinstance(days, Decimal) else None,
        measured,
        sample if measured else None,
        ("not-enough-data",) if rests_on_few else (),
        tuple(
            Missing(_FACTS[name], _FACTS[name].replace("_", "-")) for name in missing
        ),
        as_of,
    )


def _measure(
    deals: Sequence[Opportunity],
    as_of: dt.date,
    size: Money | None,
    currency: str | None,
    fx: FxTable | None,
) -> _Measured:
    states = [state_of(deal, as_of) for deal in deals]
    won = [
        deal
        for deal, state in zip(deals, states, strict=True)
        if state.outcome is Outcome.WON
    ]
    lost = sum(state.outcome is Outcome.LOST for state in states)
    is_open = sum(state.is_open for state in states)
    closed = len(won) + lost
    rate = _short(Decimal(len(won)) / closed) if closed else None
    tender = currency_of(won, (size,), currency, fx)
    values = []
    if tender is not None:
        for deal in won:
            on = deal.closed_on or as_of
            value = deal.value and converted(deal.value, tender, on)
            values += [value] if value is not None else []
    mean = None
    if values and tender is not None:
        total = Money.total(values, tender.currency)
        mean = rounded(total.amount / len(values), total.currency)
    cycle = _cycles(deals, as_of).mean
    days = None if not cycle else _short(Decimal(cycle))
    return _Measured(is_open, rate, mean, days, closed)


_FACTS: Mapping[str, str] = MappingProxyType(
    {
        "count": "open_deals",
        "win_rate": "win_rate",
        "size": "deal_size",
        "cycle_days": "cycle_days",
    }
)


def _short(number: Decimal) -> Decimal:
    """Cut a measured figure to a basis point."""
    return number.quantize(Decimal(1) / 100 / 100)


def _number(number: Decimal | float | None) -> Decimal | None:
    return None if number is None else Decimal(str(number))


def _check_kinds(count: object, rate: object, size: object, days: object) -> None:
    problems = Problems()
    if count is not None and (isinstance(count, bool) or not isinstance(count, int)):
        problems.add("count", "wrong-type", count, "a whole number")
    for path, figure in (("win_rate", rate), ("cycle_days", days)):
        is_number = isinstance(figure, int | float | Decimal)
        if figure is not None and (isinstance(figure, bool) or not is_number):
            problems.add(path, "wrong-type", figure, "a number")
    check_money(problems, "size", size)
    problems.check("velocity")


def _check(
    count: int | None, rate: Decimal | None, size: Money | None, days: Decimal | None
) -> None:
    problems = Problems()
    if count is not None and count < 0:
        problems.add("count", "out-of-range", count, "0 or more")
    if rate is not None and not (rate.is_finite() and 0 <= rate <= 1):
        problems.add("win_rate", "out-of-range", rate, "between 0 and 1")
    if size is not None and size.amount < 0:
        problems.add("size", "out-of-range", size, "0 or more")
    if days is not None and not (days.is_finite() and days > 0):
        problems.add("cycle_days", "out-of-range", days, "above 0")
    problems.check("velocity")
