"""Customers, intents and cooperations that the tests of selection draw from."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import strategies as st

from keyaccount import policies
from keyaccount.domain import (
    Cooperation,
    Customer,
    Relation,
    StrategicIntent,
    StrategicIntentKind,
    YearMetrics,
)
from keyaccount.models.selection import Scale, SelectionPolicy
from keyaccount.rules import Interval
from tests.strategies import tris


__all__ = [
    "BEGIN",
    "TODAY",
    "books",
    "brought",
    "cooperations",
    "intents",
    "own",
    "scales_of",
]


TODAY = dt.date(2025, 12, 31)
BEGIN = dt.date(2025, 1, 1)
KINDS = list(StrategicIntentKind)[:3]
LINES = ("express", "warehouse", "customs")


def own(**changes: object) -> SelectionPolicy:
    """Return the shipped policy with changes of one's own."""
    return policies.read({"based_on": "selection", **changes}, SelectionPolicy)


def brought(
    slug: str,
    sales: int | str | None,
    *,
    profit: int | str | None = None,
    industry: str | None = "food",
    currency: str = "CNY",
) -> Customer:
    """Return a customer with one full year."""
    year = YearMetrics(
        2025,
        sales=None if sales is None else Decimal(sales),
        gross_profit=None if profit is None else Decimal(profit),
    )
    return Customer(slug, slug, currency, industry=industry, years=[year])


cooperations = st.builds(
    Cooperation,
    service_lines=st.none() | st.frozensets(st.sampled_from(LINES)),
    customised=tris,
    executives_meet_ours=tris,
    commits_resources=tris,
    intents_served=st.none() | st.frozensets(st.sampled_from(KINDS)),
)


@st.composite
def intents(draw: st.DrawFn) -> tuple[StrategicIntent, ...] | None:
    """Intents that hold today, or do not; or none declared."""
    if draw(st.booleans()) and draw(st.booleans()):
        return None
    count = draw(st.integers(0, 3))
    return tuple(
        StrategicIntent(
            f"n{index}",
            draw(st.sampled_from(KINDS)),
            BEGIN,
            draw(st.sampled_from([None, TODAY, TODAY - dt.timedelta(days=1)])),
        )
        for index in range(count)
    )


@st.composite
def scales_of(draw: st.DrawFn, slug: str = "c1") -> Scale | None:
    """Scales that are exact, bounded or not known."""
    shares = st.sampled_from([0.0, 0.02, 0.0499, 0.05, 0.051, 0.3])
    low, high = sorted((draw(shares), draw(shares)))
    share = draw(st.sampled_from([None, Interval(low, low), Interval(low, high)]))
    return draw(st.sampled_from([None, Scale(slug, share, draw(tris))]))


@st.composite
def books(
    draw: st.DrawFn, *, least: int = 0, is_whole: bool = False
) -> tuple[Customer, ...]:
    """Some customers, of whom a few have no figures or do not trade yet."""
    known = st.integers(least, 40)
    amounts = known if is_whole else st.none() | known
    industries = st.none() | st.sampled_from(["food", "cars"])
    count = draw(st.integers(1, 6))
    found = [
        brought(
            f"c{at}", draw(amounts), profit=draw(amounts), industry=draw(industries)
        )
        for at in range(count)
    ]
    if draw(st.booleans()):
        found.append(Customer("p1", "p1", relation=Relation.PROSPECT))
    return (*found, brought("c9", draw(st.integers(1, 40)), profit=1))
