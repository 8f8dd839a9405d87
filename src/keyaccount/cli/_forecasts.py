"""What `keyaccount review` says of what all deals add up to, in words and in data."""

from __future__ import annotations

from keyaccount import book
from keyaccount.models import forecast

from ._screen import Screen
from ._text import figure


__all__ = ["forecast_slugs", "show_forecast"]


_FEWEST_DEALS = 3  # a middle of fewer says nothing


def show_forecast(portfolio: book.Portfolio, screen: Screen) -> None:
    """Print what each currency adds up to, and how many deals were won."""
    screen.line()
    screen.line(screen.say("deals.forecast"), "bold")
    for found in portfolio.forecasts:
        screen.indented(_rolled(found.roll_up, screen))
        if found.advised_against is not None:
            screen.indented(_against(found.advised_against, screen))
        spread, rolled = found.distribution, found.roll_up
        is_told = rolled.weighted.low.amount and _open_count(rolled) >= _FEWEST_DEALS
        if spread is not None and is_told:
            screen.indented(_spread(spread, screen))
    if portfolio.conversion is not None and portfolio.conversion.win_rate.of:
        why = portfolio.conversion.explain(screen.locale)
        screen.indented(why[0])


def _rolled(found: forecast.RollUp, screen: Screen) -> str:
    return screen.say(
        "deals.rolled",
        currency=found.currency,
        open=_span(found.open, screen),
        weighted=_span(found.weighted, screen),
        closed=_span(found.closed, screen),
    )


def _against(found: forecast.RollUp, screen: Screen) -> str:
    return screen.say(
        "deals.against",
        count=_open_count(found),
        weighted=_span(found.weighted, screen),
    )


def _open_count(found: forecast.RollUp) -> int:
    return sum(line.is_open for line in found.lines)


def _spread(found: forecast.Distribution, screen: Screen) -> str:
    """Say the middle and the ends; "at least" once, where there is no upper bound."""
    low, middle, high = (found.quantile(part) for part in ("p10", "p50", "p90"))
    if None in {low.high, middle.high, high.high}:
        low, middle, high = (
            forecast.Span(part.low, part.low) for part in (low, middle, high)
        )
        code = "deals.spread-least"
    else:
        code = "deals.spread"
    return screen.say(
        code,
        low=_span(low, screen),
        middle=_span(middle, screen),
        high=_span(high, screen),
    )


def _span(span: forecast.Span, screen: Screen) -> str:
    low = figure(span.low.amount, screen.locale)
    if span.high is None:
        return f"≥ {low}"
    high = figure(span.high.amount, screen.locale)
    return low if high == low else f"{low}–{high}"


def forecast_slugs(portfolio: book.Portfolio) -> dict[str, object]:
    """Return what all deals add up to, and how many were won."""
    rates = portfolio.conversion
    return {
        "currencies": [_currency_slugs(found) for found in portfolio.forecasts],
        "won": None if rates is None else rates.won,
        "lost": None if rates is None else rates.lost,
        "abandoned": None if rates is None else rates.abandoned,
        "win_rate": None if rates is None else rates.win_rate.value,
        "win_rate_is_enough": None if rates is None else rates.win_rate.is_enough,
    }


def _currency_slugs(found: book.DealForecast) -> dict[str, object]:
    rolled, spread = found.roll_up, found.distribution
    against = found.advised_against
    quantiles = () if spread is None else spread.quantiles
    return {
        "currency": rolled.currency,
        "open": _ends(rolled.open),
        "weighted": _ends(rolled.weighted),
        "closed": _ends(rolled.closed),
        "omitted": _ends(rolled.omitted),
        "unvalued": len(rolled.unvalued),
        "undated": len(rolled.undated),
        "overdue": len(rolled.overdue),
        "advised_against": {
            "count": 0 if against is None else _open_count(against),
            "weighted": ["0", "0"] if against is None else _ends(against.weighted),
        },
        "quantiles": {part.id: _ends(part.amount) for part in quantiles},
    }


def _ends(span: forecast.Span) -> list[str | None]:
    high = None if span.high is None else str(span.high.amount)
    return [str(span.low.amount), high]
