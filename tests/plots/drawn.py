"""What the tests of the charts share: the demo firm, and how to look into a chart."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Mapping
from importlib import resources
from types import MappingProxyType
from typing import TypeAlias, cast
from xml.etree import ElementTree as ET

import altair as alt

from keyaccount import book, intake, plots, policies
from keyaccount.domain import Stakeholder
from keyaccount.models import allocation, stakeholders, tiering


__all__ = [
    "CHARTS",
    "MARKS",
    "YEAR_BEFORE",
    "board",
    "compared",
    "has_active",
    "layers",
    "notes",
    "of_mark",
    "parsed",
    "people",
    "placed",
    "portfolio",
    "texts",
    "tier_of",
    "values",
]


YEAR_END, YEAR_BEFORE = dt.date(2025, 12, 31), dt.date(2024, 12, 31)

Rows: TypeAlias = list[dict[str, object]]


@functools.cache
def _firm() -> tuple[intake.Company, book.Policies]:
    demo = resources.files("keyaccount").joinpath("demo")
    with resources.as_file(demo) as folder:
        rules = policies.read(folder / "policy.toml", tiering.TieringPolicy)
        return intake.read_folder(folder), book.Policies(tiering=rules)


@functools.cache
def portfolio(day: dt.date = YEAR_END) -> book.Portfolio:
    """Return the review of the shipped firm on a day."""
    company, rules = _firm()
    return book.review(
        company.accounts,
        as_of=day,
        policies=rules,
        intents=company.intents,
        firm=company.firm,
    )


def compared() -> book.Comparison:
    """Return what changed in the shipped firm in a year."""
    return book.compare(portfolio(YEAR_BEFORE), portfolio())


def board() -> book.GrowthBoard:
    """Return where the shipped firm grows and where it loses."""
    found = book.growth_board(portfolio(), policies=_firm()[1])
    assert found is not None
    return found


def people() -> tuple[stakeholders.MapVerdict, tuple[Stakeholder, ...]]:
    """Return the map of the people at a customer, and who they are."""
    for one in portfolio():
        for deal in one.deals:
            if deal.people is not None and deal.people.cells:
                return deal.people, one.account.people
    raise AssertionError


def tier_of(customer: str) -> tiering.TierVerdict:
    """Return the tier of one of the shipped firm's customers."""
    found = next(one.tier for one in portfolio() if one.customer.id == customer)
    assert found is not None
    return found


MARKS = MappingProxyType(
    {"Acme": (80, 70), "Bolt": (20, 90), "Cog": (60, None), "Dyn": (10, 15)}
)


def placed() -> Mapping[str, allocation.MatrixVerdict]:
    """Return places in the matrix, one of them open."""
    return {name: allocation.matrix(*pair) for name, pair in MARKS.items()}


CHARTS: Mapping[str, Callable[[str], alt.LayerChart]] = MappingProxyType(
    {
        "portfolio": lambda to: plots.portfolio_matrix(portfolio(), locale=to),
        "matrix": lambda to: plots.portfolio_matrix(placed(), locale=to),
        "ladder": lambda to: plots.tier_ladder(portfolio(), locale=to),
        "moves": lambda to: plots.tier_ladder(compared(), locale=to),
        "waterfall": lambda to: plots.score_waterfall(tier_of("C24"), locale=to),
        "people": lambda to: plots.stakeholder_map(*people(), locale=to),
        "growth": lambda to: plots.share_growth(board(), locale=to),
        "funnel": lambda to: plots.pipeline_funnel(portfolio(), locale=to),
        "forecast": lambda to: plots.forecast_distribution(
            portfolio().forecasts[0], locale=to
        ),
        "payment": lambda to: plots.payment_risk(portfolio(), locale=to),
        "agenda": lambda to: plots.calendar_load(portfolio(), locale=to),
    }
)
"""Every chart of the shipped firm, in a language."""


def layers(chart: alt.LayerChart) -> list[tuple[str, Rows]]:
    """Return kind of mark and rows of every layer."""
    spec = chart.to_dict()
    found = []
    for layer in spec["layer"]:
        data = layer.get("data", spec.get("data"))  # what all share stands on top
        values = spec["datasets"][data["name"]] if "name" in data else data["values"]
        found.append((str(layer["mark"]["type"]), cast("Rows", values)))
    return found


def of_mark(chart: alt.LayerChart, kind: str) -> Rows:
    """Return the rows of all layers of one kind of mark."""
    return [row for mark, rows in layers(chart) if mark == kind for row in rows]


def values(chart: alt.LayerChart, kind: str, field: str) -> list[object]:
    """Return one field of the rows of one kind of mark, where they have it."""
    return [row[field] for row in of_mark(chart, kind) if field in row]


def notes(chart: alt.LayerChart) -> str:
    """Return what stands under the title, on one line."""
    return " ".join(chart.to_dict()["title"]["subtitle"])


def texts(drawn: str) -> list[str]:
    """Return every piece of text in an SVG."""
    return [text for text in parsed(drawn).itertext() if text.strip()]


def parsed(drawn: str) -> ET.Element:
    """Return an SVG as the tree that it is."""
    return ET.fromstring(drawn)  # noqa: S314 - drawn a moment ago


_STILL = {"svg", "g", "path", "rect", "line", "text", "tspan", "defs", "clipPath"}


def has_active(drawn: str) -> list[str]:
    """Return whatever in an SVG could run, link or load."""
    found = []
    for element in parsed(drawn).iter():
        tag = element.tag.rpartition("}")[2]
        if tag not in _STILL:
            found.append(tag)
        for name, value in element.attrib.items():
            bare = name.rpartition("}")[2].lower()
            is_called = bare.startswith("on") or bare in {"href", "src", "style"}
            is_loaded = "url(" in value.lower() and bare != "aria-label"
            if is_called or is_loaded:
                found.append(f"{tag}.{bare}={value}")
    return found
