"""The report as one page: no script, no request, every text escaped by the template."""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Callable, Mapping
from importlib import resources
from typing import Unpack

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from keyaccount.book import Portfolio

from ._case import Beside
from ._charts import NO_CHARTS, pictures
from ._document import document
from ._speech import Speech


__all__ = ["page"]


def page(
    portfolio: Portfolio,
    *,
    locale: str = "en",
    title: str | None = None,
    charts: Mapping[str, str] = NO_CHARTS,
    progress: Callable[[int], None] | None = None,
    **beside: Unpack[Beside],
) -> str:
    """Write a review as one HTML page that stands by itself.

    The first page says what to do this week, then come the ten questions, then a
    sheet for every account. The same review gives the same page, wherever it is made.

    Args:
        portfolio: what `book.review` returned.
        locale: the language of the page.
        title: stands on top; left out, the page is called what it is.
        charts: ready SVG drawings by where they belong: `week`, the name of a
            question (`classes`, `strategic`, `bids`, `people`, `selling`, `terms`,
            `growth`, `pipeline`, `executives`, `readiness`), or `account/` and an id.
        progress: told after each account's sheet how many are done.
        beside: what stands beside the review; see `Beside`.

    Raises:
        InvalidValueError: no review, an agenda of another day, a chart that is more
            than a drawing.
    """
    shown = pictures(charts)
    told = document(portfolio, locale, title, progress, **beside)
    speech = Speech(locale)
    css = _css()
    template = _environment().get_template("page.html.j2")
    return template.render(
        doc=told,
        say=speech.say,
        colon=": " if speech.locale == "en" else "：",
        made=speech.say("made", day=speech.day(portfolio.as_of)),
        css=Markup(css),  # noqa: S704 - our own file, held by the hash in the policy
        policy=_policy(css),
        charts=shown,
    )


@functools.cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("keyaccount.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@functools.cache
def _css() -> str:
    file = resources.files("keyaccount.report").joinpath("style.css")
    return file.read_text(encoding="utf-8")


def _policy(css: str) -> str:
    """Allow our own style and pictures within the page, and nothing else at all."""
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode("ascii")
    parts = (
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return "; ".join(parts)
