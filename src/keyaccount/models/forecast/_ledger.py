"""Every deal as one line: what it is worth, how likely, and where it belongs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType

import attrs

from keyaccount.domain import ForecastCategory, FxTable, Money, Opportunity, Outcome
from keyaccount.exceptions import Problems

from ._amounts import Span, Tender, converted, currency_of, weighed
from ._chances import Chance, Predictor, chance_of, odds_of
from ._facts import facts
from ._policy import ForecastPolicy
from ._probabilities import Chances, Probabilities, probabilities_of
from ._state import DealState, check_money, checked_deals, state_of


__all__ = ["Ledger", "Line", "Period", "category_of", "ledger_of"]


@attrs.frozen
class Period:
    """The days that an answer is about, both included; None leaves an end open."""

    begins_on: dt.date | None = None
    ends_on: dt.date | None = None

    def __attrs_post_init__(self) -> None:
        first, last = self.begins_on, self.ends_on
        if first is not None and last is not None and last < first:
            problems = Problems()
            wanted = f"on or after {first}"
            problems.add("ends_on", "not-sorted", last.isoformat(), wanted)
            problems.check("forecast")

    @property
    def is_all(self) -> bool:
        """Whether every day belongs to it."""
        return self.begins_on is None and self.ends_on is None

    def holds(self, day: dt.date) -> bool:
        """Whether a day belongs to it."""
        begins, ends = self.begins_on, self.ends_on
        return (begins is None or begins <= day) and (ends is None or day <= ends)


@attrs.frozen
class Line:
    """One deal of a forecast.

    `value` is in the answer's currency, None where it is not known or has no rate;
    `stated` is what was said, where that is another currency. `is_certain` is False
    where nobody knows the day, so that the deal may lie outside the period: it then
    counts in the upper bounds alone. `closes_on` is the day on which it is expected
    to close, or did. `chance` is None once a deal has ended.
    """

    id: str
    category: ForecastCategory
    stage: str | None
    value: Money | None
    weighted: Span
    outcome: Outcome | None = None
    chance: Chance | None = None
    closes_on: dt.date | None = None
    owner: str | None = None
    stated: Money | None = None
    is_certain: bool = True
    is_overdue: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it counts in the open pipeline."""
        ended = self.outcome is not None
        return not ended and self.category is not ForecastCategory.OMITTED

    @property
    def month(self) -> str | None:
        """The month in which it closes, None if nobody has said."""
        return None if self.closes_on is None else self.closes_on.isoformat()[:-_DAY]

    @property
    def worth(self) -> Span:
        """Its whole value, as bounds."""
        return _span(self.value, self.weighted.low.currency, certain=self.is_certain)


_DAY = len("-01")


@attrs.frozen
class Ledger:
    """The deals of a forecast, those left out, and what they are added up in."""

    lines: tuple[Line, ...]
    currency: str
    outside: tuple[str, ...]
    not_yet: tuple[str, ...]


def ledger_of(  # noqa: PLR0913 - what surrounds a forecast, all by name
    deals: Iterable[Opportunity],
    *,
    as_of: dt.date,
    policy: ForecastPolicy,
    period: Period,
    quota: Money | None = None,
    currency: str | None = None,
    fx: FxTable | None = None,
    probabilities: Chances | Predictor | None = None,
) -> Ledger:
    """Turn deals into lines, by id.

    Raises:
        InvalidValueError: a deal twice, an amount below 0, no plain day; nothing says
            a currency.
        CurrencyMismatchError: several currencies and no rates.
    """
    problems = Problems()
    if check_money(problems, "quota", quota) and quota and quota.amount < 0:
        problems.add("quota", "out-of-range", quota, "0 or more")
    problems.check("forecast")
    given = checked_deals(deals, as_of)
    tender = currency_of(given, (quota,), currency, fx)
    if tender is None:
        problems.add("currency", "missing", expected='currency="CNY", or one amount')
        problems.check("forecast")
        raise AssertionError  # pragma: no cover - check() has raised
    told, nothing = odds_of(probabilities), Span.nothing(tender.currency)
    lines, outside, not_yet = [], [], []
    for deal in given:
        state = state_of(deal, as_of)
        if not state.exists:
            not_yet.append(deal.id)
            continue
        place = _place(deal, state, as_of, period)
        if place is False:
            outside.append(deal.id)
            continue
        lines.append(
            _line(
                deal,
                state,
                as_of,
                tender,
                nothing,
                told,
                policy,
                is_certain=place is not None,
            )
        )
    return Ledger(tuple(lines), tender.currency, tuple(outside), tuple(not_yet))


def _place(
    deal: Opportunity, state: DealState, as_of: dt.date, period: Period
) -> bool | None:
    """Whether a deal belongs to the period; None where nobody knows its day."""
    if period.is_all:
        return True
    day = deal.expected_close if state.is_open else deal.closed_on
    if day is None:
        return None
    if state.is_open and day < as_of:  # its day has passed: it closes from now on
        return period.ends_on is None or as_of <= period.ends_on
    return period.holds(day)


def _line(  # noqa: PLR0913, PLR0917 - a deal and all that a line depends on
    deal: Opportunity,
    state: DealState,
    as_of: dt.date,
    tender: Tender,
    nothing: Span,
    told: Probabilities | Predictor,
    policy: ForecastPolicy,
    *,
    is_certain: bool,
) -> Line:
    closes = deal.expected_close if state.is_open else deal.closed_on
    on = as_of if state.is_open or deal.closed_on is None else deal.closed_on
    value = None if deal.value is None else converted(deal.value, tender, on)
    is_foreign = deal.value is not None and deal.value.currency != tender.currency
    chance = None
    weighted = nothing
    category = category_of(deal, state, as_of, told, policy)
    if state.is_open:
        chance = chance_of(deal, state.stage, as_of, told, policy)
        if category is not ForecastCategory.OMITTED:
            weighted = _weighted(value, chance, nothing.low, certain=is_certain)
    return Line(
        deal.id,
        category,
        state.stage,
        value,
        weighted,
        state.outcome,
        chance,
        closes,
        deal.owner,
        deal.value if is_foreign else None,
        is_certain,
        state.is_open and closes is not None and closes < as_of,
    )


def _span(value: Money | None, currency: str, *, certain: bool) -> Span:
    nothing = Money(Decimal(0), currency)
    if value is None:
        return Span(nothing, None)
    return Span(value if certain else nothing, value)


def _weighted(
    value: Money | None, chance: Chance, nothing: Money, *, certain: bool
) -> Span:
    if value is None:
        return Span(nothing, None)
    if chance.value is not None:
        most = weighed(value, chance.value)
        return Span(most if certain else nothing, most)
    least = weighed(value, chance.low) if certain else nothing
    return Span(least, weighed(value, chance.high))


_ENDED: Mapping[Outcome, ForecastCategory] = MappingProxyType(
    {
        Outcome.WON: ForecastCategory.CLOSED,
        Outcome.LOST: ForecastCategory.OMITTED,
        Outcome.ABANDONED: ForecastCategory.OMITTED,
    }
)


def category_of(
    deal: Opportunity,
    state: DealState,
    as_of: dt.date,
    told: Probabilities | Predictor,
    policy: ForecastPolicy,
) -> ForecastCategory:
    """Return where a deal is sorted: by how it ended, as stated, or by its stage.

    An open deal that is stated as closed is not: it is sorted by its stage.
    """
    if state.outcome is not None:
        return _ENDED[state.outcome]
    stated = deal.forecast_category
    if stated is not None and stated is not ForecastCategory.CLOSED:
        return stated
    stages = told if isinstance(told, Probabilities) else probabilities_of(None)
    stage = stages.at(state.stage)
    if stage is not None and stage.category is not None:
        return stage.category
    number = None if stage is None else stage.start
    found = facts(deal, as_of=as_of, probability=number)
    return ForecastCategory(policy.category_table.possible(found)[0])
