"""Cells and policies for the tests of growth: short to write, and drawn at random."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import attrs
from hypothesis import strategies as st

from keyaccount import policies
from keyaccount.domain import RivalSales, ShareGrowthCell
from keyaccount.models import growth
from keyaccount.models.growth import GrowthPolicy, GrowthVerdict


YEAR = 2025


def cell(
    year: int = YEAR,
    ours: str | None = None,
    spend: str | None = None,
    rivals: dict[str, str] | None = None,
    *,
    customer_id: str = "c1",
    category: str | None = "parts",
    currency: str = "USD",
    business: str | None = None,
) -> ShareGrowthCell:
    """A cell of which this is known."""
    sold = None
    if rivals is not None:
        sold = [RivalSales(name, Decimal(amount)) for name, amount in rivals.items()]
    return ShareGrowthCell(
        customer_id,
        year,
        currency,
        category,
        None if ours is None else Decimal(ours),
        None if spend is None else Decimal(spend),
        sold,
        None if business is None else Decimal(business),
    )


def read_one(
    cells: Iterable[ShareGrowthCell], policy: GrowthPolicy | None = None
) -> GrowthVerdict:
    (verdict,) = growth.read(cells, year=YEAR, policy=policy)
    return verdict


def own(**changes: object) -> GrowthPolicy:
    return policies.read({"based_on": "growth", **changes}, GrowthPolicy)


small = st.integers(0, 6).map(Decimal)
wide = st.decimals(0, 10**12, places=2) | st.decimals(0, 100, places=12)
known = small | wide
amounts = st.none() | small


@st.composite
def rivals(draw: st.DrawFn) -> tuple[RivalSales, ...] | None:
    """Competitors by name, none of them, or nobody knows."""
    names = draw(st.none() | st.lists(st.sampled_from("AB"), unique=True, max_size=2))
    if names is None:
        return None
    return tuple(RivalSales(name, draw(small)) for name in names)


@st.composite
def boards(
    draw: st.DrawFn, accounts: str = "xyz", years: tuple[int, ...] = (YEAR - 1, YEAR)
) -> tuple[ShareGrowthCell, ...]:
    """Cells of a few accounts in two categories, many of them not there."""
    places = draw(
        st.lists(
            st.tuples(
                st.sampled_from(accounts),
                st.sampled_from(["parts", "service", None]),
                st.sampled_from(years),
            ),
            unique=True,
            max_size=8,
        )
    )
    return tuple(
        ShareGrowthCell(
            customer,
            year,
            "USD",
            category,
            draw(amounts),
            draw(amounts),
            draw(rivals()),
            draw(amounts),
        )
        for customer, category, year in places
    )


@st.composite
def found_out(draw: st.DrawFn, told: ShareGrowthCell) -> ShareGrowthCell:
    """The same cell, with some of what is not known of it found out."""
    found: dict[str, object] = {}
    for name in ("ours", "spend", "business"):
        if getattr(told, name) is None and draw(st.booleans()):
            found[name] = draw(small)
    if told.rivals is None and draw(st.booleans()):
        found["rivals"] = draw(rivals())
    return attrs.evolve(told, **found)  # type: ignore[arg-type]  # fields by name
