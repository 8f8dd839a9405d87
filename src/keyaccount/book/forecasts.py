"""What all the deals together will bring, currency by currency."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

import attrs

from keyaccount.domain import FxTable, Opportunity
from keyaccount.models import forecast, stages, tiering

from .policies import SHIPPED, Policies
from .shown import Gathered


__all__ = ["DealForecast", "forecast_deals"]


@attrs.frozen(repr=False)
class DealForecast(Gathered):
    """The deals of one currency: what they add up to, and how far that may go.

    `distribution` is None where nothing is open. `advised_against` is what those open
    deals add up to that the gates advise against, None where there are none.
    """

    roll_up: forecast.RollUp
    distribution: forecast.Distribution | None
    advised_against: forecast.RollUp | None = None

    @property
    def currency(self) -> str:
        """What its amounts are in."""
        return self.roll_up.currency


def forecast_deals(
    deals: Iterable[Opportunity],
    *,
    as_of: dt.date,
    policies: Policies = SHIPPED,
    fx: FxTable | None = None,
    advised_against: Collection[str] = (),
) -> tuple[DealForecast, ...]:
    """Forecast deals of any currency: with rates in one, without rates each by itself.

    A deal without an amount counts with the others where there is one currency; where
    there are several and no rates, nobody can say where it belongs, and it is left to
    the list of deals.

    Args:
        deals: open and ended ones.
        as_of: the day of the forecast.
        policies: your own; the tiering policy's currency is the one that rates lead to.
        fx: dated rates.
        advised_against: the ids of the open deals that the gates advise against.
    """
    given = tuple(deals)
    found = sorted({deal.value.currency for deal in given if deal.value is not None})
    if fx is not None and len(found) > 1:
        target = (policies.tiering or tiering.default_policy()).currency
        whole = _forecast(given, target, as_of, policies, fx, advised_against)
        return (whole,)
    return tuple(
        _forecast(
            _of(given, currency, found),
            currency,
            as_of,
            policies,
            None,
            advised_against,
        )
        for currency in found
    )


def _of(
    deals: Sequence[Opportunity], currency: str, found: Sequence[str]
) -> tuple[Opportunity, ...]:
    is_only = len(found) == 1
    return tuple(
        deal
        for deal in deals
        if (is_only if deal.value is None else deal.value.currency == currency)
    )


def _forecast(  # noqa: PLR0913, PLR0917 - one currency's deals, and how to judge them
    deals: tuple[Opportunity, ...],
    currency: str,
    as_of: dt.date,
    policies: Policies,
    fx: FxTable | None,
    against: Collection[str],
) -> DealForecast:
    odds = (policies.pipeline or stages.default_policy()).probabilities
    rules = policies.forecast

    def rolled(part: Sequence[Opportunity]) -> forecast.RollUp:
        return forecast.roll_up(
            part,
            as_of=as_of,
            currency=currency,
            fx=fx,
            probabilities=odds,
            policy=rules,
        )

    left = [deal for deal in deals if deal.outcome is None and deal.id in against]
    spread = None
    if any(deal.outcome is None for deal in deals):
        spread = forecast.distribution(
            deals,
            as_of=as_of,
            currency=currency,
            fx=fx,
            probabilities=odds,
            policy=rules,
        )
    return DealForecast(rolled(deals), spread, rolled(left) if left else None)
