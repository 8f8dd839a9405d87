"""Where the models meet: a customer through every lens, many of them, what is due."""

from __future__ import annotations

from .agenda import Agenda, Item, agenda, deal_items, item_of
from .deals import DealSheet, deal_facts, deal_sheet
from .forecasts import DealForecast, forecast_deals
from .notices import Channel, Notification, Payload, notice
from .policies import Policies
from .portfolio import Move, Portfolio, Tipped, changes, review
from .sheet import Account, RatedTerm, Sheet, Step, sheet


__all__ = [
    "Account",
    "Agenda",
    "Channel",
    "DealForecast",
    "DealSheet",
    "Item",
    "Move",
    "Notification",
    "Payload",
    "Policies",
    "Portfolio",
    "RatedTerm",
    "Sheet",
    "Step",
    "Tipped",
    "agenda",
    "changes",
    "deal_facts",
    "deal_items",
    "deal_sheet",
    "forecast_deals",
    "item_of",
    "notice",
    "review",
    "sheet",
]
