"""Where the models meet: a customer through every lens, many of them, what is due."""

from __future__ import annotations

from .account import Account
from .agenda import Agenda, agenda, due
from .beside_others import Whole, whole
from .board import GrowthBoard, GrowthRow, growth_board
from .comparison import (
    ClassMove,
    Comparison,
    Flow,
    Migration,
    Turn,
    class_changes,
    compare,
)
from .deals import DealSheet, deal_facts, deal_sheet
from .firm_view import FirmView
from .forecasts import DealForecast, forecast_deals
from .groups import Group, KeptApart, RolledUp, roll_up
from .items import Item, deal_items, item_of
from .lenses import Lenses, Segment, Unread
from .movers import Mover
from .moves import Move, Tipped, changes
from .notices import Channel, Notification, Payload, notice
from .our_side import Firm, OurSide
from .our_view import OurView
from .policies import Policies
from .portfolio import Portfolio, review
from .resources import Resources, resources
from .reviews import (
    Reclassified,
    Reviewed,
    Steadiness,
    reclassify,
    reclassify_over,
    steadiness,
)
from .sheet import RatedTerm, Sheet, Step, sheet


__all__ = [
    "Account",
    "Agenda",
    "Channel",
    "ClassMove",
    "Comparison",
    "DealForecast",
    "DealSheet",
    "Firm",
    "FirmView",
    "Flow",
    "Group",
    "GrowthBoard",
    "GrowthRow",
    "Item",
    "KeptApart",
    "Lenses",
    "Migration",
    "Move",
    "Mover",
    "Notification",
    "OurSide",
    "OurView",
    "Payload",
    "Policies",
    "Portfolio",
    "RatedTerm",
    "Reclassified",
    "Resources",
    "Reviewed",
    "RolledUp",
    "Segment",
    "Sheet",
    "Steadiness",
    "Step",
    "Tipped",
    "Turn",
    "Unread",
    "Whole",
    "agenda",
    "changes",
    "class_changes",
    "compare",
    "deal_facts",
    "deal_items",
    "deal_sheet",
    "due",
    "forecast_deals",
    "growth_board",
    "item_of",
    "notice",
    "reclassify",
    "reclassify_over",
    "resources",
    "review",
    "roll_up",
    "sheet",
    "steadiness",
    "whole",
]
