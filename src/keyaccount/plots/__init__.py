"""Charts of what the book and the models say: nine of them, and their way out.

A chart takes a portfolio or a verdict, draws what stands in it and judges nothing.
It comes as an Altair chart; `svg` and `png` write it down without a browser, a script
or a network.
"""

from __future__ import annotations

from keyaccount.exceptions import MissingExtraError


try:
    import altair as alt
except ImportError as _error:
    raise MissingExtraError("plots", "altair") from _error
try:
    import vl_convert as _vl_convert
except ImportError as _error:
    raise MissingExtraError("plots", "vl-convert-python") from _error

from ._agenda import calendar_load
from ._export import png, svg
from ._forecast import forecast_distribution
from ._growth import share_growth
from ._ladder import tier_ladder
from ._matrix import portfolio_matrix
from ._payment import payment_risk
from ._people import stakeholder_map
from ._pipeline import pipeline_funnel
from ._waterfall import score_waterfall


__all__ = [
    "calendar_load",
    "forecast_distribution",
    "payment_risk",
    "pipeline_funnel",
    "png",
    "portfolio_matrix",
    "score_waterfall",
    "share_growth",
    "stakeholder_map",
    "svg",
    "tier_ladder",
]


del alt, _vl_convert
