"""A chart as SVG and as PNG: static, the same bytes each time, without a network."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Mapping
from typing import TypeAlias, cast
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

import altair as alt
import vl_convert

from keyaccount.exceptions import Problems

from ._theme import INK, PAPER, STACKS


__all__ = ["png", "svg"]


Drawing: TypeAlias = alt.Chart | alt.LayerChart | alt.HConcatChart | alt.VConcatChart
Spec: TypeAlias = dict[str, object]

_MOST_SCALE = 8
_HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
)
_ACTIVE = frozenset({"a", "animate", "foreignObject", "image", "script", "set", "use"})


def svg(chart: Drawing, *, on_page: bool = False) -> str:
    """Write a chart as SVG: text stays text, nothing in it runs or is fetched.

    The same chart gives the same bytes, whatever the language and the time zone of
    the machine. Where letters end is measured with the fonts that are installed, so
    another machine may place a label some pixels further.

    Args:
        chart: a chart of this package, or one of your own.
        on_page: leave the ground and the colour of the words to the page that the
            SVG stands in, so that they follow it into the dark. Otherwise the picture
            is black on white wherever it is shown.

    Raises:
        InvalidValueError: no chart, or one that links to something or loads it.
    """
    spec = _spec(chart, "svg")
    if on_page:
        spec = _on_page(spec)
    text = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    _check_still(text)
    label = _title(spec)
    told = f' role="img" aria-label={quoteattr(label)}' if label else ' role="img"'
    return text.replace(_HEAD, f'<svg xmlns="http://www.w3.org/2000/svg"{told}', 1)


def png(chart: Drawing, *, scale: float = 2.0) -> bytes:
    """Write a chart as PNG, with the fonts that are installed.

    Args:
        chart: a chart of this package, or one of your own.
        scale: how many pixels of the picture make one of the chart.

    Raises:
        InvalidValueError: no chart, one that links to something, an odd scale; a
            letter for which no font is installed, which would show as a box.
    """
    problems = Problems()
    given: object = scale
    if not isinstance(given, int | float) or isinstance(given, bool):
        problems.add("scale", "wrong-type", given, "a number such as 2")
    elif not 0 < given <= _MOST_SCALE:
        problems.add("scale", "out-of-range", scale, f"above 0, at most {_MOST_SCALE}")
    problems.check("png")
    spec = _spec(chart, "png")
    text = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    _check_letters(_check_still(text))
    return bytes(vl_convert.svg_to_png(text, scale=float(scale)))


def _spec(chart: object, where: str) -> Spec:
    problems = Problems()
    kinds = (alt.Chart, alt.LayerChart, alt.HConcatChart, alt.VConcatChart)
    if not isinstance(chart, kinds):
        problems.add("chart", "wrong-type", chart, "a chart, as share_growth gives it")
    problems.check(where)
    return cast("Spec", cast("Drawing", chart).to_dict())


def _on_page(spec: Spec) -> Spec:
    """Return it without a ground; its words in the colour of the page's own."""
    config = cast("Mapping[str, object]", spec.get("config", {}))
    inked = {key: _uninked(part) for key, part in config.items()}
    return {**spec, "background": "transparent", "config": inked}


def _uninked(part: object) -> object:
    if not isinstance(part, dict):
        return part
    return {key: "currentColor" if one == INK else one for key, one in part.items()}


def _title(spec: Spec) -> str:
    title = spec.get("title", "")
    if isinstance(title, Mapping):
        title = title.get("text", "")
    return title if isinstance(title, str) else ""


def _check_still(text: str) -> ET.Element:
    """Refuse what links, loads or runs: no chart of this package does."""
    root = ET.fromstring(text)  # noqa: S314 - made by vl-convert, has no entities
    problems = Problems()
    for element in root.iter():
        tag = element.tag.rpartition("}")[2]
        names = [name.rpartition("}")[2].lower() for name in element.attrib]
        if tag in _ACTIVE or any(n == "href" or n.startswith("on") for n in names):
            problems.add("chart", "contradiction", tag, "a picture must be still")
            break
    problems.check("svg")
    return root


# ── Letters that no font has ──


def _check_letters(root: ET.Element) -> None:
    """Refuse a picture in which a letter would be a box."""
    letters = {letter for text in root.itertext() for letter in text}
    missing = "".join(sorted(filter(_is_missing, letters)))
    if missing:
        problems = Problems()
        remedy = (
            "no font that is installed has these letters; install one that does, such "
            "as Debian's fonts-noto-cjk for Chinese, or use svg"
        )
        problems.add("chart", "contradiction", missing, remedy)
        problems.check("png")


@functools.lru_cache(maxsize=10_000)
def _is_missing(letter: str) -> bool:
    """Whether a letter is drawn as the box that stands for what is no letter."""
    kind = unicodedata.category(letter)
    if letter.isascii() or kind in _UNSEEN or kind[0] in _UNDRAWN:
        return False
    return _drawn(letter) == _box()


_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
_UNDRAWN = frozenset("MZ")  # marks on other letters, spaces
_NO_LETTER = "\U0010ffff"  # for ever


@functools.cache
def _box() -> bytes:
    return _drawn(_NO_LETTER)


def _drawn(letter: str) -> bytes:
    return bytes(
        vl_convert.svg_to_png(
            '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24">'
            f'<rect width="24" height="24" fill="{PAPER}"/><text x="2" y="18" '
            f"font-family={quoteattr(STACKS['en'])}>{escape(letter)}</text></svg>"
        )
    )
